"""Reads spreadsheet files into cells with their addresses. Knows nothing of high needs.

The way in to every reader of the project. Files are opened in a child process with limits
(`etl.reading`); this one counts their bytes and no more. What is wrong with a file is a Problem with its
address, never an exception.
"""

from __future__ import annotations

import atexit
import hashlib
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from etl.cells import NEVER_CALCULATED, CellError, CellFault, Sheet
from etl.preflight import KIND_OF_ENDING, Finding, Limits, RefusedError
from etl.printable import one_line
from etl.reading import ChildEndedError, Children, unreadable_finding
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
    file = one_line(name or path.name)
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):  # opening a pipe would wait for ever
            finding = Finding("", "unreadable_file", "it is a folder or a device, and no file", "a file",
                              "Take it out, or give it another name")  # fmt: skip
            return Reading((), (_problem(file, finding),), "", 0)
        if one_line(path.name) != path.name or file != (name or path.name) or "\ufffd" in file:
            finding = Finding("", "unprintable_name", "its name holds characters that cannot be printed (shown as �)", "a name of letters, digits and signs",
                              "Rename it")  # fmt: skip
            return Reading((), (_problem(file, finding),), "", status.st_size)
        size = status.st_size
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
        return Reading((), (_problem(file, unreadable_finding(error)),), "", 0)
    return Reading(
        tuple(sheets), tuple(sorted(_problem(file, finding) for finding in findings)), sha256, size
    )


def _sheets_and_findings(path: Path, file: str, limits: Limits) -> tuple[list[Sheet], list[Finding]]:
    with _CHILDREN.lent() as child:
        try:
            try:
                plain, findings = child.ask(path, file, limits)
            except ChildEndedError as ended:
                if ended.is_late:
                    raise
                # A crash, which calamine is the likeliest to have caused: once more, without it.
                plain, findings = child.ask(path, file, limits, skip_calamine=True)
        except ChildEndedError as ended:
            return [], [_ended(ended, limits)]
        except RefusedError as refused:
            return [], [refused.finding]
    return [_sheet(fields) for fields in plain], findings


def _ended(ended: ChildEndedError, limits: Limits) -> Finding:
    if ended.is_late:
        return Finding("", "too_slow", f"reading it took longer than {limits.seconds:g} seconds and was stopped",
                       "a file that reads quickly", "Delete empty formatted rows and save it again, or raise the limit")  # fmt: skip
    return Finding("", "reader_crashed", "reading it brought the reading process down (too much memory, or a fault of the file)",
                   "a file that opens without repair", "Open it in Excel, check it and save it again as .xlsx")  # fmt: skip


def _sheet(fields: dict[str, Any]) -> Sheet:
    faults = tuple(CellFault(*fault) for fault in fields["faults"])
    names = {name: one_line(fields[name]) for name in ("file", "name")}
    return Sheet(**{**fields, **names, "faults": faults})


def _problem(file: str, finding: Finding) -> Problem:
    """The finding as a Problem: its place behind the file's name ("/member.csv" of an archive without "!")."""
    separator = "" if not finding.place or finding.place.startswith("/") else "!"
    place, what, *told, severity = finding
    return Problem(one_line(f"{file}{separator}{place}"), what, *map(one_line, told), severity)
