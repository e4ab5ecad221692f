"""Cells with their addresses: what a spreadsheet is once it has been read, whatever its format.

Nothing here opens a file (see `etl.workbooks`) and nothing here knows what a sheet means. It imports
only the standard library, because the child process that reads workbooks imports it too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


class CellError(str):
    """What stands in a row where the spreadsheet has an error or a formula that was never calculated.

    It is text ("#REF!", or `NEVER_CALCULATED`), so that it can be shown, and a class of its own, so that
    ``isinstance(value, CellError)`` tells it from the same characters typed by a person.
    """

    __slots__ = ()

    def __repr__(self) -> str:
        return f"CellError({str(self)!r})"


NEVER_CALCULATED = "formula never calculated"


@dataclass(frozen=True)
class CellFault:
    """A cell that has no value though it looks as if it had: an error, or a formula never calculated.

    `address` is the cell alone ("C17"); `kind` is "error" or "uncached_formula"; `text` is what a
    person would see ("#REF!") or `NEVER_CALCULATED`.
    """

    address: str
    kind: str
    text: str


@dataclass(frozen=True)
class Sheet:
    """One sheet of a workbook, or one csv: its cells as found, and where they stood.

    Parameters
    ----------
    file: as shown in addresses: "x.xlsx", "y.zip/data/caseload.csv".
    name: the sheet's name; for a csv or json the stem of the file's name.
    rows: lists of equal length of str, int, float, bool, datetime.date, .datetime, .time, .timedelta,
        `CellError` or None (blank). Text is as found: a cell of one space is one space.
        Rows and columns that are blank to the end are left out.
    first_row: the spreadsheet's own number of rows[0].
    hidden: whether the sheet is hidden.
    hidden_rows: the spreadsheet's own numbers of the hidden rows, as far as `rows` reaches.
    merged: merged ranges, "A1:C1"; only their first cell holds a value.
    faults: each `CellError` among the rows, with its address.
    reader: which reader read it: "calamine", "openpyxl", "odfpy", "csv" or "json".
    encoding: of a csv, as Python names it: "utf-8-sig", "cp1252".
    formats: the most frequent number format of the numbers of a column, by its index ('£#,##0', 'dd/mm/yyyy',
        'General'); of .xlsx only, and only of columns with numbers near the top.
    """

    file: str
    name: str
    rows: list[list[Any]]
    first_row: int = 1
    hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    merged: tuple[str, ...] = ()
    faults: tuple[CellFault, ...] = ()
    reader: str = "calamine"
    encoding: str = ""
    formats: Mapping[int, str] = field(default_factory=dict)

    @property
    def width(self) -> int:
        """The number of columns."""
        return len(self.rows[0]) if self.rows else 0

    def address(self, row_index: int, column_index: int) -> str:
        """The address of a cell, by its indices in `rows`: "file!sheet!C17"."""
        return f"{self.file}!{self.name}!{cell_name(self.first_row + row_index, column_index + 1)}"

    def row_source(self, row_index: int) -> str:
        """The address of a row, by its index in `rows`: "file!sheet!17". It fills the `source` column."""
        return f"{self.file}!{self.name}!{self.first_row + row_index}"


SHEET_FIELDS = frozenset(Sheet.__dataclass_fields__)
"""The names of a sheet's fields: what the child process hands over of each sheet."""


def column_name(number: int) -> str:
    """The letters of a column counted from 1: 1 → "A", 28 → "AB"."""
    letters = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def cell_name(row: int, column: int) -> str:
    """The name of a cell, both counted from 1: (17, 3) → "C17"."""
    return f"{column_name(column)}{row}"


def cell_position(name: str) -> tuple[int, int]:
    """Row and column of a cell's name, both counted from 1: "C17" → (17, 3). ValueError for anything else."""
    letters = name.rstrip("0123456789")
    digits = name[len(letters) :]
    if not (letters.isalpha() and letters.isascii() and digits):
        raise ValueError(f"{name!r} is not the name of a cell")
    column = 0
    for letter in letters.upper():
        column = column * 26 + ord(letter) - 64
    return int(digits), column
