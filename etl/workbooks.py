"""Reads spreadsheet files into cells with their addresses. Knows nothing of high needs.

The way in to every reader of the project: preflight here, csv, zip and json in this process (standard
library only, bounded by size), workbooks in a child process with limits (`etl.reading`). What is wrong
with a file is a Problem with its address, never an exception.
"""

from __future__ import annotations

import atexit
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from etl.cells import NEVER_CALCULATED, CellError, CellFault, Sheet
from etl.delimited import csv_sheets, zip_sheets
from etl.preflight import KIND_OF_ENDING, WORKBOOK_KINDS, Finding, Limits, RefusedError, kind_of
from etl.reading import Child, ChildEndedError, Children
from etl.records import json_sheets
from hnb.contract import Problem

__all__ = [
    "DEFAULT_LIMITS",
    "ENDINGS",
    "NEVER_CALCULATED",
    "CellError",
    "CellFault",
    "Limits",
    "Reading",
    "Sheet",
    "read_file",
]

ENDINGS = tuple(KIND_OF_ENDING)
"""The endings of names that `read_file` takes: ".xlsx", ".xlsm", …"""

DEFAULT_LIMITS = Limits()
_CHILDREN = Children()
atexit.register(_CHILDREN.close)


@dataclass(frozen=True)
class Reading:
    """What came of reading one file: its sheets, what is wrong with it, and which bytes those were.

    `problems` are about the file as a file, and do not repeat the sheets' `faults`: whether an error
    cell matters is for those who know which cells are used.
    """

    sheets: tuple[Sheet, ...]
    problems: tuple[Problem, ...]
    sha256: str
    bytes: int


def read_file(path: Path, limits: Limits = DEFAULT_LIMITS, name: str = "") -> Reading:
    """Every sheet of a spreadsheet file that holds a value, hidden ones too.

    Reads .xlsx .xlsm .xls .xlsb .ods .csv .json, and a .zip of csv files in place. Never raises on a
    bad file: the Reading then holds a Problem, and those sheets that could be read. Error cells and
    formulas never calculated are `CellError` in the rows and listed in each sheet's `faults`.

    Parameters
    ----------
    path: the file.
    limits: how much it may ask of us.
    name: what addresses call it; by default its own name without folders.
    """
    path = Path(path)
    file = name or path.name
    try:
        size = path.stat().st_size
        if size > limits.file_bytes:
            finding = Finding("", "file_too_big", f"it is {size:,} bytes", f"at most {limits.file_bytes:,} bytes",
                              "Split it, or raise the limit if it is sound")  # fmt: skip
            return Reading((), (_problem(file, finding),), "", size)
        with path.open("rb") as opened:
            sha256 = hashlib.file_digest(opened, "sha256").hexdigest()
        before = path.stat().st_mtime_ns
        sheets, findings = _sheets_and_findings(path, file, limits)
        if (path.stat().st_size, path.stat().st_mtime_ns) != (size, before):
            findings.append(Finding("", "file_changed", "it was changed while it was being read", "a file at rest",
                                    "Close it in other programs and read it again"))  # fmt: skip
    except OSError as error:
        finding = Finding("", "unreadable_file", f"it cannot be opened ({error.strerror or type(error).__name__})", "a file that can be read",
                          "Close it in other programs and check that you may read it")  # fmt: skip
        return Reading((), (_problem(file, finding),), "", 0)
    return Reading(
        tuple(sheets), tuple(sorted(_problem(file, finding) for finding in findings)), sha256, size
    )


def _sheets_and_findings(path: Path, file: str, limits: Limits) -> tuple[list[Sheet], list[Finding]]:
    notes: list[Finding] = []
    try:
        kind, told = kind_of(path)
        notes += told
        if kind in WORKBOOK_KINDS:
            plain, findings = _from_child(path, kind, limits)
            sheets = [_sheet(file, fields) for fields in plain]
        elif kind == "zip":
            sheets, findings = zip_sheets(path, file, limits)
        else:
            sheets, findings = {"csv": csv_sheets, "json": json_sheets}[kind](path.read_bytes(), file, limits)
    except RefusedError as refused:
        return [], [*notes, refused.finding]
    return sheets, [*notes, *findings]


def _from_child(path: Path, kind: str, limits: Limits) -> tuple[list[dict[str, Any]], list[Finding]]:
    with _CHILDREN.lent() as child:
        try:
            return child.ask(path, kind, limits)
        except ChildEndedError as ended:
            if ended.is_late or kind not in {"xlsx", "ods"}:
                raise RefusedError(_ended(ended, limits)) from ended
            return _second_try(child, path, kind, limits)


def _second_try(
    child: Child, path: Path, kind: str, limits: Limits
) -> tuple[list[dict[str, Any]], list[Finding]]:
    """After a crash, which calamine is the likeliest to have caused: once more, without it."""
    try:
        return child.ask(path, kind, limits, skip_calamine=True)
    except ChildEndedError as ended:
        raise RefusedError(_ended(ended, limits)) from ended


def _ended(ended: ChildEndedError, limits: Limits) -> Finding:
    if ended.is_late:
        return Finding("", "too_slow", f"reading it took longer than {limits.seconds:g} seconds and was stopped",
                       "a workbook that reads quickly", "Delete empty formatted rows and save it again, or raise the limit")  # fmt: skip
    return Finding("", "reader_crashed", "reading it brought the reading process down (too much memory, or a fault of the file)",
                   "a workbook that opens without repair", "Open it in Excel, check it and save it again as .xlsx")  # fmt: skip


def _sheet(file: str, fields: dict[str, Any]) -> Sheet:
    faults = tuple(CellFault(*fault) for fault in fields.pop("faults"))
    return Sheet(file=file, faults=faults, **fields)


def _problem(file: str, finding: Finding) -> Problem:
    """The finding as a Problem: its place behind the file's name ("/member.csv" of an archive without "!")."""
    separator = "" if not finding.place or finding.place.startswith("/") else "!"
    return Problem(f"{file}{separator}{finding.place}", *finding[1:])
