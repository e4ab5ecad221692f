"""How the sample's sheets look: titles, header cells, widths, a cover sheet and a hidden one.

Only looks; what stands in the cells is the business of the module that writes the workbook.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

# One time for every file, so that the same seed gives the same workbook.
_MADE_ON = datetime.datetime(2026, 11, 1, 9, 0)
_TITLE = Font(bold=True, size=14)
_BOLD = Font(bold=True)
_HEADER_FILL = PatternFill("solid", fgColor="D9E2EC")
_WRAPPED = Alignment(wrap_text=True, vertical="top")
INVENTED = "Sample data, generated: no real child, school or cost"


def workbook(*, large: bool = False) -> Workbook:
    """An empty workbook; `large` streams its rows (then nothing can be changed once it is written)."""
    book = Workbook(write_only=large)
    if not large:
        book.remove(book.worksheets[0])
    book.properties.creator = "Sample generator"
    book.properties.created = book.properties.modified = _MADE_ON
    return book


def title(sheet: Any, text: str) -> Any:
    """A cell of a title row."""
    return _styled(sheet, text, _TITLE)


def headings(sheet: Any, texts: Iterable[str | None]) -> list[Any]:
    """Cells of a header row: bold, shaded, wrapped; None stays blank."""
    cells = []
    for text in texts:
        cell = _styled(sheet, text, _BOLD)
        cell.fill, cell.alignment = _HEADER_FILL, _WRAPPED
        cells.append(cell)
    return cells


def bold(sheet: Any, values: Iterable[Any]) -> list[Any]:
    """Cells of a row of totals."""
    return [_styled(sheet, value, _BOLD) for value in values]


def _styled(sheet: Any, value: Any, font: Font) -> Any:
    cell = WriteOnlyCell(sheet, value=value)
    cell.font = font
    return cell


def widths(sheet: Any, characters: Sequence[int]) -> None:
    """Column widths, from the first column on."""
    for position, width in enumerate(characters, start=1):
        sheet.column_dimensions[get_column_letter(position)].width = width


def add_rows(sheet: Any, rows: Iterable[Sequence[Any]]) -> None:
    """Rows to the end of a sheet, whether it streams or not."""
    for row in rows:
        sheet.append(list(row))


def add_notes(book: Workbook, name: str, lines: Sequence[str]) -> None:
    """A sheet of sentences, such as a cover."""
    sheet = book.create_sheet(name)
    widths(sheet, [110])
    sheet.append([title(sheet, lines[0])])
    add_rows(sheet, [[line] for line in lines[1:]])


def add_hidden(book: Workbook, name: str, rows: Sequence[Sequence[Any]]) -> None:
    """A hidden sheet, such as the lists behind a template's drop-downs."""
    sheet = book.create_sheet(name)
    sheet.sheet_state = "hidden"
    add_rows(sheet, rows)


def save(book: Workbook, path: Path) -> Path:
    """Write the workbook and say where."""
    book.save(path)
    return path
