"""Reads spreadsheets into cells with their addresses. The only module that opens them; knows nothing of high needs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from etl.cells import NEVER_CALCULATED, CellError, CellFault, Sheet
from etl.preflight import Limits
from hnb.contract import Problem

__all__ = ["NEVER_CALCULATED", "CellError", "CellFault", "Limits", "Reading", "Sheet", "read_file"]


@dataclass(frozen=True)
class Reading:
    """What came of reading one file: its sheets, what is wrong with it, and which bytes those were."""

    sheets: tuple[Sheet, ...]
    problems: tuple[Problem, ...]
    sha256: str
    bytes: int


def read_file(path: Path, limits: Limits = Limits()) -> Reading:
    """Every sheet of a spreadsheet file. Never raises on a bad file: the Reading holds a Problem."""
    raise NotImplementedError
