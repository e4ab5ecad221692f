"""A table as a file to take away: CSV for programs, XLSX for people. Nothing a workbook would run gets into either.

What the table is of is the caller's affair (`dashboard.exports`, `dashboard.record_exports`).
"""

from __future__ import annotations

import csv
import datetime
import io
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from dashboard.data import Data
from hnb import quality

Format = Literal["csv", "xlsx"]

_DATE = "d mmmm yyyy"

CONTENT_TYPES: dict[Format, str] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True)
class TableFile:
    """Headings, rows, and what must be known of them.

    Parameters
    ----------
    headings: of the columns. formats: Excel's number format under each; "" where text stands.
    rows: text, numbers and dates; a figure that is not there is its sign.
    about: pairs of a heading and a sentence, the first of them the title; the sheet About.
    context: columns of the same text in every row of the CSV, so that a row alone still says what it is.
    data: the snapshot that it is from. frozen: how many columns stay in view.
    whole: the cells of the total, worked out like the rows and never added up here; "" where a column has
        none. In the workbook it is a formula where the column adds up to it, and a value where it does not.
    tables: the tables that it is made of, for the sheet Sources; all where none is named.
    """

    headings: Sequence[str]
    formats: Sequence[str]
    rows: Sequence[Sequence[Any]]
    about: Sequence[tuple[str, str]]
    context: Mapping[str, str]
    data: Data
    frozen: int = 0
    whole: Sequence[Any] | None = None
    tables: Sequence[str] = ()

    def to_csv(self) -> bytes:
        """UTF-8 with a byte order mark, so that Excel reads it as such; one tidy table, nothing above or below.

        Text that a spreadsheet would take for a formula gets an apostrophe before it; numbers never do.
        """
        text = io.StringIO(newline="")
        writer = csv.writer(text, lineterminator="\r\n")
        writer.writerow([_inert(cell) for cell in (*self.headings, *self.context)])
        for row in self.rows:
            writer.writerow([_inert(cell) for cell in (*row, *self.context.values())])
        return b"\xef\xbb\xbf" + text.getvalue().encode()

    @cached_property
    def summed(self) -> tuple[int, ...]:
        """The columns whose total is the sum of their rows: checked, since a share or a cost of one is not."""
        if self.whole is None or not self.rows:
            return ()
        return tuple(column for column, total in enumerate(self.whole) if self._adds(column, total))

    def _adds(self, column: int, total: Any) -> bool:
        cells = [row[column] for row in self.rows]
        if not _is_number(total) or not all(map(_is_number, cells)):
            return False
        # Money adds to the penny; what has been rounded row by row may be off by the dust of that.
        return math.isclose(math.fsum(cells), total, rel_tol=0, abs_tol=0.004)

    def to_xlsx(self) -> bytes:
        """A workbook of three sheets: Data, with formats, a header that stays and a total; About; Sources."""
        buffer = io.BytesIO()
        options = {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        with xlsxwriter.Workbook(buffer, options) as book:
            book.set_properties(
                {
                    "title": self.about[0][1],
                    "comments": f"Snapshot {self.data.id}",
                    # The snapshot's time, not the clock's: the same figures give the same bytes.
                    "created": self.data.made_at.replace(tzinfo=None),
                }
            )
            head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
            self._write_data(book, head)
            self._write_about(book)
            self._write_sources(book, head)
        return buffer.getvalue()

    def to_bytes(self, kind: Format) -> bytes:
        """The file of that kind."""
        return self.to_csv() if kind == "csv" else self.to_xlsx()

    def _write_data(self, book: xlsxwriter.Workbook, head: Any) -> None:
        sheet = book.add_worksheet("Data")
        right = book.add_format({"align": "right"})
        total = {"bold": True, "top": 1}
        last = len(self.rows)
        for column, (heading, pattern) in enumerate(zip(self.headings, self.formats, strict=True)):
            sheet.write_string(0, column, heading, head)
            dated = any(isinstance(row[column], datetime.date) for row in self.rows)
            style = book.add_format({"num_format": _DATE if dated else pattern}) if pattern or dated else None
            sheet.set_column(column, column, self._width(column, bool(pattern)))
            for number, row in enumerate(self.rows, start=1):
                _write(sheet, number, column, row[column], style, right if pattern else None)
            if self.whole is None:
                continue
            of_total = book.add_format({**total, **({"num_format": pattern} if pattern else {})})
            if column in self.summed:
                # With the value beside it, for readers that do not work formulas out.
                name = xl_col_to_name(column)
                sheet.write_formula(
                    last + 1, column, f"=SUM({name}2:{name}{last + 1})", of_total, self.whole[column]
                )
            else:
                _write(sheet, last + 1, column, self.whole[column], of_total, of_total)
        sheet.freeze_panes(1, self.frozen)
        sheet.autofilter(0, 0, max(1, last), len(self.headings) - 1)
        sheet.repeat_rows(0)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        # An ampersand begins one of Excel's own codes in a header.
        sheet.set_header("&L" + self.about[0][1].replace("&", "&&")[:200])
        sheet.set_footer(f"&L{self.data.id}&R&P of &N")

    def _width(self, column: int, is_number: bool) -> float:
        """Wide enough for the figures and for half of the heading, which wraps."""
        heading = len(self.headings[column])
        if is_number:
            largest = max((abs(row[column]) for row in self.rows if _is_number(row[column])), default=0)
            return max(11, min(22, len(f"{largest:,.2f}") + 4), min(22, heading / 2 + 2))
        longest = max((len(str(row[column])) for row in self.rows), default=0)
        return min(60, max(10, longest + 2, heading / 2 + 2))

    def _write_about(self, book: xlsxwriter.Workbook) -> None:
        name = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        sheet = book.add_worksheet("About")
        sheet.set_column(0, 0, 16)
        sheet.set_column(1, 1, 90)
        for number, (heading, sentence) in enumerate((*self.about, *self._of_totals())):
            sheet.write_string(number, 0, heading, name)
            sheet.write_string(number, 1, sentence, wrapped)

    def _of_totals(self) -> list[tuple[str, str]]:
        """What must be known of the total's row: which cells of it are no sums."""
        if self.whole is None:
            return []
        others = [
            heading
            for column, heading in enumerate(self.headings)
            if _is_number(self.whole[column]) and column not in self.summed
        ]
        if not others:
            return [("Total", "The last row of the sheet Data, as formulas.")]
        return [
            (
                "Total",
                "The last row of the sheet Data. These of its cells are worked out like any other row and are not "
                f"the sum of the rows above: {', '.join(others)}.",
            )
        ]

    def _write_sources(self, book: xlsxwriter.Workbook, head: Any) -> None:
        """The files and sheets that the table's tables were read from, with how many rows of each."""
        sheet = book.add_worksheet("Sources")
        widths = (("File", 46), ("Sheet", 26), ("Rows loaded", 14))
        for column, (heading, width) in enumerate(widths):
            sheet.write_string(0, column, heading, head)
            sheet.set_column(column, column, width)
        counted = book.add_format({"num_format": "#,##0"})
        found = quality.sheets_of(self.data.table("files"), self.tables)
        for number, (file, name, rows) in enumerate(found.rows(), start=1):
            sheet.write_string(number, 0, file)
            sheet.write_string(number, 1, name or "")
            sheet.write_number(number, 2, rows, counted)
        sheet.freeze_panes(1, 0)


def _write(sheet: Any, row: int, column: int, cell: Any, style: Any, of_text: Any) -> None:
    if _is_number(cell):
        sheet.write_number(row, column, cell, style)
    elif isinstance(cell, datetime.date):
        sheet.write_datetime(row, column, datetime.datetime.combine(cell, datetime.time()), style)
    else:
        sheet.write_string(row, column, str(cell), of_text)


def _is_number(cell: Any) -> bool:
    return isinstance(cell, int | float) and not isinstance(cell, bool)


def _inert(cell: Any) -> str:
    """The cell as CSV text that no spreadsheet will run."""
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        text = cell.isoformat() if isinstance(cell, datetime.date) else str(cell)
        return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r", "−")) else text
    if isinstance(cell, float) and not math.isfinite(cell):
        raise ValueError("compute gives missing, never infinity or not-a-number")
    return repr(cell)
