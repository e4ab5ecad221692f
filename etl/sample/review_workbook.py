"""The board's register of recommendations, with its notes of progress.

What it says is in `review.toml`: public themes with their sources, and examples marked as such.
"""

from __future__ import annotations

import tomllib
from importlib import resources
from pathlib import Path

import pandas

from etl.sample import sheets
from hnb.codelists import CODELISTS

_STATUSES = CODELISTS["recommendation_statuses"]
_REGISTER = {
    "recommendation_id": "No", "theme": "Theme", "title": "Recommendation", "owner": "Owner (role)", "measure": "Measure", "setting": "Settings",
    "phase": "Phases", "need": "Needs", "baseline_year": "Baseline year", "baseline": "Baseline", "target": "Target", "target_year": "Target year",
    "aim": "Aim", "status": "Status", "evidence_source": "Where it is published", "is_illustrative": "Target is\nan example?",
}  # fmt: skip
_UPDATES = {
    "recommendation_id": "No",
    "noted_on": "Date",
    "status": "Status",
    "note": "Note",
    "decision": "Decision",
}


def _read(table: str, columns: dict[str, str]) -> pandas.DataFrame:
    document = tomllib.loads((resources.files("etl.sample") / "review.toml").read_text(encoding="utf-8"))
    return pandas.DataFrame(document[table]).reindex(columns=list(columns)).astype(object)


def recommendations() -> pandas.DataFrame:
    """The register's rows: columns of the `recommendations` table; a blank is None."""
    frame = _read("recommendation", _REGISTER)
    return frame.where(frame.notna(), None)


def updates() -> pandas.DataFrame:
    """The notes of progress: columns of the `recommendation_updates` table; a blank is None."""
    frame = _read("update", _UPDATES)
    return frame.where(frame.notna(), None)


def write_review(folder: Path) -> Path:
    """`recommendations_register.xlsx`, with its two sheets and a cover."""
    book = sheets.workbook()
    cover = ["Recommendations of the High Needs Block Review: the board's register", "The review's own numbered list and its targets are not public: numbers and targets here are examples.",
             "Blank target: no target published."]  # fmt: skip
    sheets.add_notes(book, "Read me", cover)
    for name, frame, columns, title in (
        ("Recommendations", recommendations(), _REGISTER, "Recommendations register"),
        ("Updates", updates(), _UPDATES, "Notes of progress"),
    ):
        sheet = book.create_sheet(name)
        sheets.widths(sheet, [8, 26, 60, 28, 20, 20, 14, 10, 12, 10, 10, 12, 8, 14, 60, 12])
        sheet.append([sheets.title(sheet, title)])
        sheet.append([])
        sheet.append(sheets.headings(sheet, columns.values()))
        printed = frame.assign(
            status=[_STATUSES.label(status) if status else None for status in frame["status"]]
        )
        if "aim" in printed:
            printed["aim"] = [CODELISTS["aims"].label(aim) if aim else None for aim in frame["aim"]]
        if "is_illustrative" in printed:
            printed["is_illustrative"] = ["Yes" if value else "No" for value in frame["is_illustrative"]]
        sheets.add_rows(sheet, printed.itertuples(index=False, name=None))
    return sheets.save(book, folder / "recommendations_register.xlsx")
