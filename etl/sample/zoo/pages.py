"""Pages of the zoo's workbooks: rows in the order in which an officer types them, with the looks people give them."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter

_MADE_ON = datetime.datetime(2026, 11, 1, 9, 0)
INVENTED = "Invented for tests: no real council, school, child or cost"


class Book:
    """A workbook in the making. With a `slip`, the first figure of its first row of data is typed that much too high."""

    def __init__(self, slip: float = 0.0) -> None:
        self.workbook = Workbook()
        self.workbook.remove(self.workbook.worksheets[0])
        self.workbook.properties.creator = "Sample generator"
        self.workbook.properties.created = self.workbook.properties.modified = _MADE_ON
        self.slip = slip

    def page(self, name: str, *, colour: str = "DDEBF7", formats: Mapping[int, str] | None = None) -> Page:
        """A new sheet. `formats` are number formats by column index, for the rows of data and totals."""
        return Page(self, name, colour, formats or {})

    def notes(self, name: str, *lines: str, hidden: bool = False) -> None:
        """A sheet of sentences or of a template's lists."""
        sheet = self.workbook.create_sheet(name)
        for line in lines:
            sheet.append([line])
        sheet.sheet_state = "hidden" if hidden else "visible"

    def save(self, path: Path) -> Path:
        """Write the workbook and say where."""
        self.workbook.save(path)
        return path


class Page:
    """One sheet, written from the top down."""

    def __init__(self, book: Book, name: str, colour: str, formats: Mapping[int, str]) -> None:
        self.book = book
        self.sheet: Any = book.workbook.create_sheet(name)
        self.colour, self.formats = colour, formats
        self._row = 0

    def line(self, *values: Any, bold: bool = False, size: int = 11, colour: str = "") -> int:
        """A row of any kind; gives its number. No value is a blank row."""
        self._row += 1
        for column, value in enumerate(values, start=1):
            if value is None:
                continue
            cell = self.sheet.cell(self._row, column, value)
            cell.font = Font(bold=bold, size=size)
            if colour:
                cell.fill = PatternFill("solid", fgColor=colour)
        return self._row

    def titles(self, *texts: str) -> None:
        """Rows above the table: the first large, then one a row; "" is a blank row."""
        for number, text in enumerate(texts):
            self.line(text or None, bold=number == 0, size=14 if number == 0 else 10)

    def header(self, *texts: Any) -> int:
        """A row of headings: bold, shaded, wrapped."""
        row = self.line(*texts, bold=True, colour=self.colour)
        for cell in self.sheet[row]:
            cell.alignment = Alignment(wrap_text=True, vertical="top", horizontal="center")
            if isinstance(cell.value, datetime.date):
                cell.number_format = "mmm-yy"
        for column in range(1, len(texts) + 1):
            self.sheet.column_dimensions[get_column_letter(column)].width = 26 if column == 1 else 15
        return row

    def merged(self, row: int, *spans: tuple[int, int], rows: int = 1) -> None:
        """Cells merged: from column to column (numbered from 1), over so many rows."""
        for first, last in spans:
            self.sheet.merge_cells(start_row=row, end_row=row + rows - 1, start_column=first, end_column=last)

    def data(self, *values: Any) -> int:
        """A row of the table. The first one with a figure takes the book's slip."""
        cells = list(values)
        if self.book.slip:
            at = next((place for place, value in enumerate(cells) if isinstance(value, float)), None)
            if at is not None:
                cells[at] = round(cells[at] + self.book.slip, 8)
                self.book.slip = 0.0
        return self._formatted(self.line(*cells))

    def total(self, *values: Any, colour: str = "") -> int:
        """A row of a subtotal or total: bold, with a line above."""
        row = self._formatted(self.line(*values, bold=True, colour=colour))
        for cell in self.sheet[row]:
            cell.border = Border(top=Side(style="thin"))
        return row

    def _formatted(self, row: int) -> int:
        for column, form in self.formats.items():
            cell = self.sheet.cell(row, column + 1)
            if cell.value is not None and not isinstance(cell.value, str):
                cell.number_format = form
        for cell in self.sheet[row]:
            if isinstance(cell.value, datetime.date) and cell.number_format in ("General", "yyyy-mm-dd"):
                cell.number_format = "dd/mm/yyyy"
        return row


def summed(rows: Sequence[Sequence[float]], digits: int = 2) -> list[float]:
    """The sum of each column of rows of figures, as a spreadsheet's SUM would print it."""
    return [round(sum(column), digits) + 0.0 for column in zip(*rows, strict=True)]
