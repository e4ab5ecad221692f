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
from typing import Any, Literal

import xlsxwriter

from dashboard.data import Data

Format = Literal["csv", "xlsx"]

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
    rows: text and numbers; a figure that is not there is its sign.
    about: pairs of a heading and a sentence, the first of them the title; the sheet About.
    context: columns of the same text in every row of the CSV, so that a row alone still says what it is.
    data: the snapshot that it is from. frozen: how many columns stay in view.
    """

    headings: Sequence[str]
    formats: Sequence[str]
    rows: Sequence[Sequence[Any]]
    about: Sequence[tuple[str, str]]
    context: Mapping[str, str]
    data: Data
    frozen: int = 0

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

    def to_xlsx(self) -> bytes:
        """A workbook of two sheets: Data, with formats and a header that stays, and About."""
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
            wrapped = book.add_format({"text_wrap": True, "valign": "top"})
            about = book.add_worksheet("About")
            about.set_column(0, 0, 14)
            about.set_column(1, 1, 90)
            for number, (name, sentence) in enumerate(self.about):
                about.write_string(number, 0, name, head)
                about.write_string(number, 1, sentence, wrapped)
        return buffer.getvalue()

    def to_bytes(self, kind: Format) -> bytes:
        """The file of that kind."""
        return self.to_csv() if kind == "csv" else self.to_xlsx()

    def _write_data(self, book: xlsxwriter.Workbook, head: Any) -> None:
        sheet = book.add_worksheet("Data")
        right = book.add_format({"align": "right"})
        for column, (heading, pattern) in enumerate(zip(self.headings, self.formats, strict=True)):
            sheet.write_string(0, column, heading, head)
            style = book.add_format({"num_format": pattern}) if pattern else None
            longest = max([len(heading) / 2, *(len(str(row[column])) for row in self.rows if not pattern)])
            sheet.set_column(column, column, 16 if pattern else min(60, max(10, longest + 2)))
            for number, row in enumerate(self.rows, start=1):
                cell = row[column]
                if isinstance(cell, int | float):
                    sheet.write_number(number, column, cell, style)
                else:
                    sheet.write_string(number, column, str(cell), right if pattern else None)
        sheet.freeze_panes(1, self.frozen)
        sheet.autofilter(0, 0, max(1, len(self.rows)), len(self.headings) - 1)
        sheet.repeat_rows(0)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)


def _inert(cell: Any) -> str:
    """The cell as CSV text that no spreadsheet will run."""
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        text = cell.isoformat() if isinstance(cell, datetime.date) else str(cell)
        return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r", "−")) else text
    if isinstance(cell, float) and not math.isfinite(cell):
        raise ValueError("compute gives missing, never infinity or not-a-number")
    return repr(cell)
