"""One build: every file of data/raw through recognise, reshape, correct, contract and reconcile, and published once.

`build` is the whole way; it goes on with the other files after a bad one. The clock, the key for pupils'
identifiers and the version of the code come in as values; what it did comes out as a `Report`.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pandas

from etl.correct import Correction, all_corrections, corrected
from etl.derive import derived
from etl.judgement import judgements
from etl.layout import Layout
from etl.layout_language import all_layouts
from etl.magnitude import MONEY_TABLES, Sizes, between_reports, rows_since_last_load, since_last_load, sizes
from etl.recognise import Fit, Recognition, recognised
from etl.reconcile import accounted, gaps, printed_totals, repeated_rows, sums_across
from etl.reshape import Surroundings, reshaped
from etl.staging import BROUGHT
from etl.workbooks import ENDINGS, Sheet, read_file
from hnb.configuration import Configuration
from hnb.contract import Problem
from hnb.errors import HnbError
from hnb.store import Snapshot, current_id, publish
from hnb.tables import TABLES

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class SheetAccount:
    """What became of the rows of one sheet. `reasons` says why rows, or the whole sheet, were ignored."""

    file: str
    sheet: str
    layout: str = ""
    tables: str = ""
    reader: str = ""
    rows_read: int = 0
    rows_loaded: int = 0
    rows_corrected: int = 0
    rows_refused: int = 0
    rows_ignored: int = 0
    totals_printed: int = 0
    totals_met: int = 0
    reasons: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class FileRead:
    """One file as it was read: its bytes and how many of its sheets are known."""

    name: str
    sha256: str
    bytes: int
    rows: int


@dataclass(frozen=True)
class Report:
    """What a build found and did. `snapshot` is None where nothing was published."""

    files: tuple[FileRead, ...]
    sheets: tuple[SheetAccount, ...]
    problems: tuple[Problem, ...]
    tables: Mapping[str, pandas.DataFrame]
    snapshot: Snapshot | None = None

    @property
    def refusals(self) -> tuple[Problem, ...]:
        """The problems that hold publication up."""
        return tuple(problem for problem in self.problems if problem.severity == "refusal")

    @property
    def exit_code(self) -> int:
        """1 if anything was refused, published or not; otherwise 0."""
        return 1 if self.refusals else 0


@dataclass
class _SheetInWork:
    """One recognised sheet between reshaping and the contract: its frames and counts, its cells let go."""

    layout: Layout
    frames: dict[str, pandas.DataFrame]
    members: dict[str, tuple[int, ...]]
    produced: frozenset[int]
    corrected_rows: frozenset[int]
    refused: set[int]
    account: SheetAccount


def build(
    raw: Path,
    processed: Path,
    configuration: Configuration,
    *,
    pupil_key: bytes,
    now: datetime.datetime,
    code_version: str,
    progress: Progress = lambda _what, _done, _of: None,
    accept_problems: bool = False,
    publishing: bool = True,
    layouts: Sequence[Layout] | None = None,
    corrections: Sequence[Correction] | None = None,
) -> Report:
    """Read every workbook of a folder and publish the tables together, or say why not.

    Parameters
    ----------
    raw: folder of workbooks, looked through with its subfolders.
    processed: folder of snapshots.
    pupil_key: 32 bytes that turn a child's identifier into `pupil_id`.
    now: when, with a time zone.
    accept_problems: publish the sound rows although others were refused.
    publishing: False only checks.
    layouts, corrections: those of the package unless others are given.

    Nothing is published when anything was refused, unless accepted, nor when no row is sound; notes hold
    nothing up. Raises HnbError when there is no workbook to read or the folder of snapshots refuses.
    """
    paths = workbook_paths(raw)
    reading = _Build(configuration, Surroundings(configuration.authority, pupil_key),
                     all_layouts() if layouts is None else layouts, all_corrections() if corrections is None else corrections)  # fmt: skip
    for number, path in enumerate(paths):
        progress(path.relative_to(raw).as_posix(), number, len(paths))
        reading.read(path, path.relative_to(raw).as_posix())
    progress("contract", len(paths), len(paths))
    report = reading.report(_last_load(processed))
    nothing_sound = set(report.tables) <= {"files", "problems"}
    if not publishing or nothing_sound or (report.refusals and not accept_problems):
        return report
    progress("publication", len(paths), len(paths))
    snapshot = publish(report.tables, processed, files=[vars(file) for file in report.files], problems=report.problems,
                       keep=configuration.snapshots_kept, now=now, code_version=code_version)  # fmt: skip
    return replace(report, snapshot=snapshot)


def workbook_paths(raw: Path) -> list[Path]:
    """Every file of the folder and its subfolders, in order of name; not READMEs, hidden files or Excel's lock files."""
    if not raw.is_dir():
        raise HnbError(
            f"There is no folder {raw}. Make it and put the workbooks there, or give another with --raw."
        )
    paths = [
        path for path in raw.rglob("*")
        if path.is_file() and not any(part.startswith((".", "~$")) for part in path.relative_to(raw).parts)
        and not path.name.lower().startswith("readme")
    ]  # fmt: skip
    if not paths:
        raise HnbError(
            f"There is no workbook in {raw}. Put some there, or run `python -m etl sample` for generated ones."
        )
    return sorted(paths, key=lambda path: path.relative_to(raw).as_posix())


def recognitions(
    sheets: Sequence[Sheet], layouts: Sequence[Layout]
) -> Iterator[tuple[Sheet, Recognition, str]]:
    """Each sheet of one file with its layout; the third is the reason where the file's layouts ignore it by name."""
    found = [(sheet, recognised(sheet, layouts)) for sheet in sheets]
    known = {
        recognition.fit.layout.name: recognition.fit.layout for _, recognition in found if recognition.fit
    }
    for sheet, recognition in found:
        reason = "" if recognition.fit else _ignored(sheet, known.values())
        yield sheet, recognition, reason


def _ignored(sheet: Sheet, layouts: Iterable[Layout]) -> str:
    for layout in layouts:
        for ignored in layout.ignored_sheets:
            if ignored.spelling.pattern and ignored.spelling.pattern.fullmatch(sheet.name):
                return ignored.reason
    return ""


class _Build:
    """Gathers sheets, problems and accounts file by file, and makes the tables of them at the end."""

    def __init__(
        self,
        configuration: Configuration,
        surroundings: Surroundings,
        layouts: Sequence[Layout],
        corrections: Sequence[Correction],
    ) -> None:
        self.configuration, self.surroundings = configuration, surroundings
        self.layouts, self.corrections = layouts, corrections
        self.files: list[FileRead] = []
        self.problems: list[Problem] = []
        self.others: list[SheetAccount] = []
        self.work: list[_SheetInWork] = []

    def read(self, path: Path, name: str) -> None:
        """One file: read, recognised, corrected, reshaped, and its totals checked."""
        if path.suffix.lower() not in ENDINGS:
            self.problems.append(Problem(name, "unknown_kind", f"files that end in {path.suffix or 'nothing'} are not read", f"one of {', '.join(ENDINGS)}",
                                         "Take it out of the folder, or save it as .xlsx"))  # fmt: skip
            return
        reading = read_file(path, name=name)
        self.problems += reading.problems
        copied = next((file.name for file in self.files if file.sha256 == reading.sha256), None)
        self.files.append(
            FileRead(name, reading.sha256, reading.bytes, sum(len(sheet.rows) for sheet in reading.sheets))
        )
        if copied:
            self.problems.append(Problem(name, "same_file_twice", f"it is the same file as {copied}, byte for byte, and was not counted again", "each file once",
                                         "Take one of the two out of the folder", "note"))  # fmt: skip
            self.others += [_ignored_sheet(sheet, f"A copy of {copied}") for sheet in reading.sheets]
            return
        for sheet, recognition, reason in recognitions(reading.sheets, self.layouts):
            if recognition.fit:
                self._take(recognition.fit)
            elif reason:
                self.others.append(_ignored_sheet(sheet, reason))
            elif recognition.problem:
                self.problems.append(replace(recognition.problem, rows=len(sheet.rows)))
                self.others.append(
                    SheetAccount(
                        sheet.file,
                        sheet.name,
                        reader=sheet.reader,
                        rows_read=len(sheet.rows),
                        rows_refused=len(sheet.rows),
                    )
                )

    def _take(self, fit: Fit) -> None:
        right = corrected(fit, self.corrections)
        result = reshaped(right.fit, self.surroundings)
        control = printed_totals(result.rows, self.configuration.total_tolerance)
        sheet, layout = right.fit.sheet, right.fit.layout
        self.problems += [*right.problems, *result.problems, *control.problems, *_hidden(sheet)]
        if any(not BROUGHT[name].key for name in layout.tables):
            self.problems += repeated_rows(result.rows)
        account = SheetAccount(sheet.file, sheet.name, layout.name, ", ".join(layout.tables), sheet.reader, rows_read=result.rows.count,
                               rows_ignored=result.rows.count - len(result.rows.data), totals_printed=control.printed,
                               totals_met=control.met, reasons=dict(result.rows.reasons))  # fmt: skip
        self.work.append(
            _SheetInWork(
                layout,
                result.frames,
                result.members,
                result.produced,
                right.rows,
                set(result.refused),
                account,
            )
        )

    def report(self, last_load: _LastLoad) -> Report:
        """The tables, checked, with everything that was found on the way."""
        tables = {name: self._table(name) for name in BROUGHT}
        tables = {name: frame for name, frame in tables.items() if len(frame)}
        for across in dict.fromkeys(across for work in self.work for across in work.layout.across):
            if across.table in tables:
                self.problems += sums_across(tables[across.table], across, self.configuration.total_tolerance)
        for layout in dict.fromkeys(work.layout.name for work in self.work if work.layout.run):
            of_layout = [work for work in self.work if work.layout.name == layout]
            self.problems += gaps(
                of_layout[0].layout,
                [(work.account.file, work.frames[work.layout.tables[0]]) for work in of_layout],
            )
        tables = {name: TABLES[name].conform(frame) for name, frame in tables.items() if name in TABLES}
        tables |= derived(tables)
        self.problems += judgements(tables)
        rows_now = {name: len(frame) for name, frame in tables.items()}
        most = self.configuration.magnitude_change_share
        self.problems += rows_since_last_load(rows_now, last_load.rows, most)
        self.problems += since_last_load(sizes(tables), last_load.sizes, most)
        self.problems += between_reports(tables["budget"]) if "budget" in tables else []
        accounts = sorted(
            [self._account(work) for work in self.work] + self.others,
            key=lambda account: (account.file, account.sheet),
        )
        problems = tuple(sorted(self.problems, key=lambda problem: (problem.severity != "refusal", problem)))
        tables["files"] = TABLES["files"].conform(_files_frame(accounts))
        tables["problems"] = TABLES["problems"].conform(_problems_frame(problems))
        return Report(tuple(self.files), tuple(accounts), problems, tables)

    def _table(self, name: str) -> pandas.DataFrame:
        """All sound rows of a table, from all sheets; the contract's refusals taken out, with their problems."""
        frames = [
            work.frames[name].assign(_sheet=number)
            for number, work in enumerate(self.work)
            if name in work.frames and len(work.frames[name])
        ]
        if not frames:
            return pandas.DataFrame()
        table = BROUGHT[name]
        frame = pandas.concat(frames, ignore_index=True)
        unsaid = {
            column.name: None
            for column in table.columns
            if not column.required and column.name not in frame.columns
        }
        rows = frame.drop(columns=["_row", "_sheet"]).assign(**unsaid)
        found = table.check(rows)
        self.problems += found
        refused = {problem.where for problem in found if problem.severity == "refusal"}
        if any(problem.what == "missing_column" for problem in found):
            refused = set(frame["source"])
        if not refused:
            return rows
        is_refused = frame["source"].isin(refused)
        for number, row, source in frame.loc[is_refused, ["_sheet", "_row", "source"]].itertuples(
            index=False, name=None
        ):
            self.work[number].refused.update(self.work[number].members.get(source, (int(row),)))
        return rows[~is_refused].reset_index(drop=True)

    def _account(self, work: _SheetInWork) -> SheetAccount:
        """The account of a sheet with what the contract refused; every row must be somewhere."""
        sound = work.produced - work.refused
        right = len(sound & work.corrected_rows)
        account = replace(
            work.account, rows_loaded=len(sound) - right, rows_corrected=right, rows_refused=len(work.refused)
        )
        accounted(
            account.rows_read,
            account.rows_loaded,
            right,
            account.rows_refused,
            account.rows_ignored,
            f"{account.file}!{account.sheet}",
        )
        return account


def _ignored_sheet(sheet: Sheet, reason: str) -> SheetAccount:
    """The account of a sheet that is ignored as a whole, by name."""
    rows = len(sheet.rows)
    return SheetAccount(
        sheet.file, sheet.name, reader=sheet.reader, reasons={reason: rows}, rows_read=rows, rows_ignored=rows
    )


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
        notes.append(Problem(where, "hidden_rows", f"{len(sheet.hidden_rows)} hidden rows were read, the first is row {min(sheet.hidden_rows)}", "",
                             "Unhide them or take them out, so that all see what is counted", "note"))  # fmt: skip
    return notes


def _files_frame(accounts: Sequence[SheetAccount]) -> pandas.DataFrame:
    rows: list[dict[str, Any]] = [{**vars(account)} for account in accounts]
    return pandas.DataFrame(
        [{name: value for name, value in row.items() if name in TABLES["files"].names} for row in rows],
        columns=TABLES["files"].names,
    )


def _problems_frame(problems: Sequence[Problem]) -> pandas.DataFrame:
    return pandas.DataFrame(
        [{"file": problem.where.split("!")[0], **vars(problem)} for problem in problems],
        columns=TABLES["problems"].names,
    )


@dataclass(frozen=True)
class _LastLoad:
    """How many rows each table had at the last load, and how large its figures were; nothing where there was none."""

    rows: Mapping[str, int] = field(default_factory=dict)
    sizes: Sizes = field(default_factory=dict)


def _last_load(processed: Path) -> _LastLoad:
    try:
        if not current_id(processed):
            return _LastLoad()
        snapshot = Snapshot.open(processed)
        tables = {name: snapshot.frame(name) for name in MONEY_TABLES if snapshot.has(name)}
    except HnbError:
        # A damaged snapshot must not keep the build from publishing a sound one.
        return _LastLoad()
    entries = snapshot.manifest["tables"].items()
    rows = {name: entry["rows"] for name, entry in entries if name not in ("files", "problems")}
    return _LastLoad(rows, sizes(tables))
