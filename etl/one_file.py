"""One file on its way: read, each sheet recognised, corrected, reshaped, and its printed totals checked.

What comes out is all that later steps need of the file, its cells let go. Nothing here looks at another file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas

from etl.account import SheetAccount, ignored_sheet
from etl.correct import Correction, corrected
from etl.layout import Layout
from etl.money import SheetMoney, sheet_money
from etl.printed import is_figure
from etl.recognise import Fit, Recognition, recognised
from etl.reconcile import printed_totals, repeated_rows
from etl.reshape import Surroundings, reshaped
from etl.sen2_template import parts
from etl.staging import BROUGHT
from etl.workbooks import ENDINGS, Sheet, read_file
from hnb.contract import Problem
from hnb.load_findings import plural

_NO_FIGURES = "No figures, in a file of which no sheet is known"


@dataclass(frozen=True)
class FileRead:
    """One file as it was read: its bytes and how many of its sheets are known."""

    name: str
    sha256: str
    bytes: int
    rows: int


@dataclass(frozen=True)
class SheetRead:
    """One recognised sheet between reshaping and the contract: its frames and counts.

    `frames` by table, each with `source` and `_row`; `members`, `produced`, `refused` as `Reshaped` has them,
    `corrected_rows` the indices of rows that a correction touched; `account` lacks what the contract refuses,
    `money` is None where the sheet has none that is carried over as it stands.
    """

    layout: str
    frames: dict[str, pandas.DataFrame]
    members: dict[str, tuple[int, ...]]
    produced: frozenset[int]
    corrected_rows: frozenset[int]
    refused: frozenset[int]
    account: SheetAccount
    money: SheetMoney | None = None


@dataclass(frozen=True)
class OneFile:
    """What one file gave. `file` is None where nothing of it was read; `others` are the accounts of sheets that gave nothing."""

    file: FileRead | None
    problems: tuple[Problem, ...]
    sheets: tuple[SheetRead, ...] = ()
    others: tuple[SheetAccount, ...] = ()


@dataclass(frozen=True)
class Reading:
    """All that decides what a file gives, beside its bytes and its name."""

    layouts: Sequence[Layout]
    corrections: Sequence[Correction]
    surroundings: Surroundings
    total_tolerance: float


def one_file(path: Path, name: str, reading: Reading) -> OneFile:
    """The file at `path`, which addresses call `name`, as far as it can be told without the other files."""
    if path.suffix.lower() not in ENDINGS:
        problem = Problem(name, "unknown_kind", f"files that end in {path.suffix or 'nothing'} are not read", f"one of {', '.join(ENDINGS)}",
                          "Take it out of the folder, or save it as .xlsx")  # fmt: skip
        return OneFile(None, (problem,))
    found = read_file(path, name=name)
    file = FileRead(name, found.sha256, found.bytes, sum(len(sheet.rows) for sheet in found.sheets))
    problems, sheets, others = list(found.problems), [], []
    for sheet, recognition, reason in recognitions(found.sheets, reading.layouts):
        if recognition.fit:
            read, told = _sheet_read(recognition.fit, reading)
            sheets.append(read)
            problems += told
        elif reason:
            others.append(ignored_sheet(sheet, reason))
        elif recognition.problem:
            rows = len(sheet.rows)
            problems.append(replace(recognition.problem, rows=rows))
            others.append(
                SheetAccount(sheet.file, sheet.name, reader=sheet.reader, rows_read=rows, rows_refused=rows)
            )
    return OneFile(file, tuple(problems), tuple(sheets), tuple(others))


def _sheet_read(fit: Fit, reading: Reading) -> tuple[SheetRead, list[Problem]]:
    right = corrected(fit, reading.corrections)
    result = reshaped(right.fit, reading.surroundings)
    control = printed_totals(result.rows, reading.total_tolerance)
    sheet, layout = right.fit.sheet, right.fit.layout
    problems = [*right.problems, *result.problems, *control.problems, *_hidden(sheet)]
    if any(not BROUGHT[name].key for name in layout.tables):
        problems += repeated_rows(result.rows)
    account = SheetAccount(sheet.file, sheet.name, layout.name, ", ".join(layout.tables), sheet.reader, rows_read=result.rows.count,
                           rows_ignored=result.rows.count - len(result.rows.data), totals_printed=control.printed,
                           totals_met=control.met, reasons=dict(result.rows.reasons))  # fmt: skip
    read = SheetRead(
        layout.name,
        result.frames,
        result.members,
        result.produced,
        right.rows,
        frozenset(result.refused),
        account,
        sheet_money(result),
    )
    return read, problems


def recognitions(
    sheets: Sequence[Sheet], layouts: Sequence[Layout]
) -> Iterator[tuple[Sheet, Recognition, str]]:
    """Each sheet of one file with its layout; the third is the reason where the file's layouts ignore it by name."""
    found = [(part, recognised(part, layouts)) for sheet in sheets for part in parts(sheet)]
    known = {
        recognition.fit.layout.name: recognition.fit.layout for _, recognition in found if recognition.fit
    }
    # A file that nobody knows is refused for its figures, not once more for its cover and its notes.
    words = [
        not known and not any(is_figure(cell) for row in sheet.rows for cell in row) for sheet, _ in found
    ]
    for (sheet, recognition), is_words in zip(found, words, strict=True):
        reason = "" if recognition.fit else _ignored(sheet, known.values())
        yield sheet, recognition, _NO_FIGURES if is_words and not all(words) else reason


def _ignored(sheet: Sheet, layouts: Iterable[Layout]) -> str:
    for layout in layouts:
        for ignored in layout.ignored_sheets:
            if ignored.spelling.pattern and ignored.spelling.pattern.fullmatch(sheet.name):
                return ignored.reason
    return ""


def _hidden(sheet: Sheet) -> list[Problem]:
    """Notes on what a person who opens the workbook would not see, and the build reads."""
    where, notes = f"{sheet.file}!{sheet.name}", []
    if sheet.hidden:
        notes.append(
            Problem(
                where,
                "hidden_sheet",
                "the sheet is hidden and was read",
                "",
                "Unhide it or take it out, so that all see what is counted",
                "note",
            )
        )
    if sheet.hidden_rows:
        notes.append(Problem(where, "hidden_rows", f"{plural(len(sheet.hidden_rows), 'hidden row')} {'was' if len(sheet.hidden_rows) == 1 else 'were'} read, the first is row {min(sheet.hidden_rows)}", "",
                             "Unhide them or take them out, so that all see what is counted", "note"))  # fmt: skip
    return notes
