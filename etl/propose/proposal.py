"""A layout for a sheet that nobody has seen: the table by evidence, the draft, and a trial of it on the sheet itself.

`proposal` is the whole way from a file to the text of a layout; `answered` fills in what a person said.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

import tomlkit

from etl.cells import Sheet
from etl.layout import Layout
from etl.layout_language import all_layouts
from etl.propose import vocabulary
from etl.propose.anatomy import number_of
from etl.propose.children import holds_birthdays_or_upns
from etl.propose.crosstab import Crosstab
from etl.propose.draft import Draft, escaped
from etl.propose.payments import payments
from etl.propose.placements import placements
from etl.propose.records import records
from etl.propose.shapes import SHAPES
from etl.propose.study import Study
from etl.recognise import Recognition, recognised
from etl.values import Refused, date
from etl.workbooks import read_file
from hnb.codelists import folded
from hnb.errors import HnbError

_LEAST = 0.3  # a table that suits a sheet less than this is a guess and no proposal


@dataclass(frozen=True)
class Asked:
    """A question of a proposed layout: its name, the words, why it is asked, the answers allowed, what it sets."""

    name: str
    ask: str
    because: str = ""
    choices: tuple[str, ...] = ()
    sets: tuple[str, ...] = ()


@dataclass(frozen=True)
class Proposal:
    """A layout proposed for one sheet.

    `toml` is the whole file, `questions` what only a person can answer, `score` how well the table suits (0 to 1).
    `known` names the layout that fits the sheet already ("" where none does); `alias` says how a known layout
    could be made to fit by a spelling or two.
    """

    name: str
    table: str
    sheet: str
    toml: str
    questions: tuple[Asked, ...] = ()
    score: float = 0.0
    known: str = ""
    alias: str = ""
    others: Mapping[str, float] = field(default_factory=dict)


def proposal(
    path: Path,
    sheet_name: str | None = None,
    *,
    table: str | None = None,
    layouts: Sequence[Layout] | None = None,
) -> Proposal:
    """A layout for one sheet of a file: the one of this name, or the one that looks most like a table of ours.

    Raises HnbError where there is no such file or sheet, or nothing in it looks like a table.
    """
    sheet, others = chosen_sheet(path, sheet_name)
    return proposal_for(sheet, others, table=table, layouts=all_layouts() if layouts is None else layouts)


def chosen_sheet(path: Path, sheet_name: str | None = None) -> tuple[Sheet, tuple[Sheet, ...]]:
    """The sheet meant, by name or as the visible one most like a table, and the file's other sheets. HnbError where there is none."""
    if not path.is_file():
        raise HnbError(f"There is no file {path}. Give the path of a workbook.")
    reading = read_file(path)
    if not reading.sheets:
        said = " ".join(problem.sentence() for problem in reading.problems) or "No sheet in it holds a value."
        raise HnbError(f"{path.name} cannot be read. {said}")
    if sheet_name is not None:
        named = [sheet for sheet in reading.sheets if folded(sheet.name) == folded(sheet_name)]
        if not named:
            raise HnbError(
                f"{path.name} has no sheet “{sheet_name}”. It has {', '.join(sheet.name for sheet in reading.sheets)}."
            )
        best = named[0]
    else:
        best = max(reading.sheets, key=_weight)
    return best, tuple(sheet for sheet in reading.sheets if sheet is not best)


def _weight(sheet: Sheet) -> tuple[bool, float]:
    filled = sum(1 for row in sheet.rows[:400] for cell in row if cell is not None)
    known = sum(
        2
        for row in sheet.rows[:30]
        for cell in row
        if isinstance(cell, str) and len(cell) < 60 and vocabulary.is_known(cell)
    )
    spread = sum(1 for row in sheet.rows[:60] if sum(cell is not None for cell in row) >= 3)
    return not sheet.hidden, min(filled, 2000) / 20 + 4 * known + 3 * spread


def proposal_for(
    sheet: Sheet,
    others: Sequence[Sheet] = (),
    *,
    table: str | None = None,
    layouts: Sequence[Layout] = (),
) -> Proposal:
    """A layout for a sheet that is read already."""
    study = Study.of(sheet)
    if not study.anatomy.data or len([column for column in study.columns if column.values]) < 2:
        raise HnbError(
            f"{sheet.file}!{sheet.name}: nothing in this sheet looks like a table with a header. Name it under [[ignored_sheets]] if it holds no figures."
        )
    drafts = {name: _draft(study, name) for name in ([table] if table else _candidates(study))}
    best = max(drafts, key=lambda name: drafts[name][1])
    draft, score = drafts[best]
    if score < _LEAST and table is None:
        raise HnbError(
            f"{sheet.file}!{sheet.name}: nothing in this sheet looks like a table of ours; {best} comes nearest. Name it under [[ignored_sheets]], or say what it is with --table."
        )
    _other_sheets(draft, sheet, others)
    recognition = recognised(sheet, layouts) if layouts else None
    known, alias = _known(recognition)
    draft.intro = _intro(study, draft, score, known, alias)
    toml = draft.toml()
    asked = tuple(
        Asked(name, entry["ask"], entry["because"], tuple(entry.get("choices", ())), tuple(entry["sets"]))
        for name, entry in draft.questions.items()
    )
    return Proposal(
        draft.name,
        draft.table,
        sheet.name,
        toml,
        asked,
        score,
        known,
        alias,
        {name: found[1] for name, found in drafts.items()},
    )


def _other_sheets(draft: Draft, sheet: Sheet, others: Sequence[Sheet]) -> None:
    """Sheets of the same file with no table in them, ignored by name; others may have layouts of their own."""
    for other in others:
        if other.file != sheet.file:
            continue  # another member of a zip is a file of its own
        figures = sum(number_of(cell) is not None for row in other.rows[:200] for cell in row)
        wide = max((sum(cell is not None for cell in row) for row in other.rows[:200]), default=0)
        if wide <= 2 or not figures:
            reason = "A hidden list of words: no figures" if other.hidden else "No figures"
            draft.ignored_sheets.append({"name": escaped(other.name), "reason": reason})
        else:
            draft.last.append(
                f"The sheet “{other.name}” looks like a table of its own: propose a layout for it with --sheet, or name it under [[ignored_sheets]] with a reason."
            )


def _candidates(study: Study) -> tuple[str, ...]:
    """The tables that a sheet may be; one with children's birthdays or numbers is a register and nothing else."""
    if holds_birthdays_or_upns(study):
        return ("placements",)
    registers = ("placements", "payments", "recommendations", "recommendation_updates", "balances")
    return (*registers, *SHAPES)


def _draft(study: Study, table: str) -> tuple[Draft, float]:
    name = _name(study, table)
    draft = Draft(name, f"{_title(study)} (proposed)", table)
    draft.sheet = {"name": _sheet_pattern(study)} if _sheet_pattern(study) else {}
    if table == "placements":
        score = placements(study, draft)
    elif table == "payments":
        score = payments(study, draft)
    elif table in SHAPES:
        score = Crosstab(study, draft).build()
    else:
        score = records(study, draft)
    return draft, score * 0.8 + 0.2 * _title_speaks(study, table)


def _title_speaks(study: Study, table: str) -> float:
    said = folded(
        " ".join(
            [*study.anatomy.titles, study.sheet.name, PurePosixPath(study.sheet.file).name.replace("_", " ")]
        )
    )
    words = vocabulary.trade()["tables"].get(table, {}).get("titles", ())
    return min(1.0, sum(folded(word) in said for word in words) / 2)


def _name(study: Study, table: str) -> str:
    stem = re.sub(r"\.[^.]+$", "", PurePosixPath(study.sheet.file).name)
    plain = re.sub(
        r"(?:19|20)\d{2}(?:[-_ /]\d{2,4})?|\bp\d{1,2}\b|\bm\d{1,2}\b|\bq[1-4]\b",
        " ",
        stem.lower().replace("_", " "),
    )
    words = folded(plain).split()[:5] or folded(study.sheet.name).split()[:4]
    return "_".join(words) if words and not words[0].isdigit() else f"{table}_{'_'.join(words)}".rstrip("_")


def _title(study: Study) -> str:
    return next((text for text in study.anatomy.titles if len(text) <= 120), study.sheet.name)


def _sheet_pattern(study: Study) -> str:
    """A pattern for the sheet's name with its figures left open; none for a csv, whose sheet is its file."""
    if study.sheet.reader in ("csv", "json"):
        return ""
    return ""


def _intro(study: Study, draft: Draft, score: float, known: str, alias: str) -> list[str]:
    name = PurePosixPath(study.sheet.file).name
    lines = [
        f"Proposed for {name}, sheet {study.sheet.name}, as a table of {draft.table} (confidence {min(score, 1):.2f})."
    ]
    if draft.questions:
        lines.append(
            f"{len(draft.questions)} question{'s' if len(draft.questions) > 1 else ''} below must be answered (write the answer behind `answer =`); until then every sheet like this one is refused."
        )
    lines.append(
        "Please read the reasons, and confirm what is left out under [[ignored_headings]] and [[ignored_rows]]."
    )
    if known:
        lines.append(f"The layout “{known}” fits this sheet already: this one is not needed.")
    elif alias:
        lines.append(alias)
    return lines


def _known(recognition: Recognition | None) -> tuple[str, str]:
    """The layout that fits already; or which spellings would make the nearest one fit."""
    if recognition is None:
        return "", ""
    if recognition.fit is not None:
        return recognition.fit.layout.name, ""
    near = recognition.nearest
    if near is None or not 0 < len(near.missing) <= 2 or not near.headings or near.header_found == 0:
        return "", ""
    spare = [heading for heading in near.headings if heading]
    return (
        "",
        f"The cheapest mend may be a new spelling: the layout “{near.layout.name}” fits but for {'; '.join(near.missing)}. Add the sheet's own heading for it to etl/layouts/{near.layout.name}.toml ({len(spare)} headings are there).",
    )


def answered(toml: str, answers: Mapping[str, Any]) -> str:
    """The layout with answers filled in by the name of their question. HnbError where there is no such question."""
    document = tomlkit.parse(toml)
    questions = document.get("questions", {})
    for name, value in answers.items():
        if name not in questions:
            raise HnbError(f"The layout asks no question “{name}”. It asks {', '.join(questions) or 'none'}.")
        questions[name]["answer"] = _written(value, questions[name])
    return tomlkit.dumps(document)


def _written(value: Any, question: Mapping[str, Any]) -> Any:
    """An answer as TOML has it: dates as dates, figures as figures, the rest as words."""
    if isinstance(value, (bool, int, float, datetime.date)):
        return value
    text = str(value).strip()
    dated = any(str(path).rsplit(".", 1)[-1].endswith(("_at", "_on")) for path in question.get("sets", ()))
    if dated and not isinstance(read := date(text), Refused):
        return read
    if any(str(path).endswith(".times") for path in question.get("sets", ())) and re.fullmatch(
        r"\d+(?:\.\d+)?", text
    ):
        return float(text) if "." in text else int(text)
    return text
