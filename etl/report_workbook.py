"""The report of a build as a workbook: Summary, Files, Problems, Changes, Coverage and Sources, to filter and to send round.

Numbers are numbers and totals are formulas, so that it can be checked; nothing that a file said is ever a
formula, a link or a number in it.
"""

from __future__ import annotations

import datetime
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import polars
import xlsxwriter
from xlsxwriter.utility import xl_range, xl_rowcol_to_cell

from etl.report_content import Content
from hnb import load_findings, wording
from hnb.codelists import CODELISTS
from hnb.contract import Column
from hnb.tables import TABLES

_LONGEST = 32_000  # characters of one cell; Excel takes 32,767
_MOST_ROWS = 1_000_000  # rows of one sheet; Excel takes 1,048,576
_PATTERNS = {"pounds": "£#,##0.00;[Red]-£#,##0.00", "count": "#,##0", "date": "dd mmm yyyy", "share": "0.0%"}
_WIDTHS = {"pounds": 18, "count": 11, "date": 13, "share": 10}


@dataclass(frozen=True)
class _Field:
    """One column of a sheet: its heading, its kind, how wide; `is_summed` has a total above the rows."""

    heading: str
    kind: str = "text"
    width: int = 0
    is_summed: bool = False


class _Book:
    """A workbook being written: its formats, and one method for each shape of sheet."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self.book = book
        self.head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1, "bg_color": "#EDF0F5"})  # fmt: skip
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        self.formats = {kind: book.add_format({"num_format": pattern, "valign": "top"}) for kind, pattern in _PATTERNS.items()}  # fmt: skip
        self.totals = {kind: book.add_format({"num_format": pattern, "bold": True, "top": 1, "bottom": 1}) for kind, pattern in _PATTERNS.items()}  # fmt: skip
        self.bold = book.add_format({"bold": True, "top": 1, "bottom": 1})

    def records(self, name: str, fields: Sequence[_Field], rows: Iterable[Sequence[Any]]) -> None:
        """A sheet of records: a header that stays, filters, and above the rows the totals of what is shown."""
        sheet = self.book.add_worksheet(name)
        held = [list(row) for row in rows][:_MOST_ROWS]
        has_totals = any(field.is_summed for field in fields)
        first = 2 if has_totals else 1
        for column, field in enumerate(fields):
            sheet.write_string(0, column, field.heading, self.head)
            sheet.set_column(column, column, field.width or _WIDTHS.get(field.kind, 24))
            if has_totals:
                self._total(sheet, column, field, first, held)
            for number, row in enumerate(held, start=first):
                self._cell(sheet, number, column, row[column], field.kind)
        last = max(first, first + len(held) - 1)
        # The filter starts under the totals: within it they would be sorted and filtered with the rows.
        sheet.autofilter(first - 1, 0, last, len(fields) - 1)
        sheet.freeze_panes(first, 1)
        sheet.repeat_rows(0)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)

    def _total(
        self, sheet: Any, column: int, field: _Field, first: int, rows: Sequence[Sequence[Any]]
    ) -> None:
        if not field.is_summed:
            sheet.write_string(1, column, "Total of the rows shown" if column == 0 else "", self.bold)
            return
        cells = [row[column] for row in rows if row[column] is not None]
        held = [cell.value if isinstance(cell, _Formula) else cell for cell in cells]
        within = xl_range(first, column, max(first, first + len(rows) - 1), column)
        # 109 adds up what a filter leaves in view. The value beside it is for readers that do not calculate.
        sheet.write_formula(1, column, f"=SUBTOTAL(109,{within})", self.totals[field.kind], round(sum(held), 2))  # fmt: skip

    def _cell(self, sheet: Any, row: int, column: int, value: Any, kind: str) -> None:
        if value is None or value == "":
            return
        if isinstance(value, _Formula):
            sheet.write_formula(row, column, value.text, self.formats[kind], value.value)
        elif isinstance(value, datetime.date):
            sheet.write_datetime(row, column, datetime.datetime.combine(value, datetime.time()), self.formats["date"])  # fmt: skip
        elif isinstance(value, int | float):
            sheet.write_number(row, column, value, self.formats[kind])
        else:
            sheet.write_string(row, column, str(value)[:_LONGEST], self.wrapped)


@dataclass(frozen=True)
class _Formula:
    """A formula of our own, with the value that it has."""

    text: str
    value: float


def workbook(content: Content) -> bytes:
    """The whole workbook as the bytes of an .xlsx file."""
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}  # fmt: skip
    with xlsxwriter.Workbook(buffer, options) as book:
        snapshot = content.report.snapshot
        made = datetime.datetime.fromisoformat(snapshot.manifest["made_at"]) if snapshot else None
        # The snapshot's time, not the clock's: the same build gives the same bytes.
        book.set_properties({"title": "What the build found", **({"created": made.replace(tzinfo=None)} if made else {})})  # fmt: skip
        writer = _Book(book)
        _summary(writer, content)
        _files(writer, content)
        _problems(writer, content)
        _changes(writer, content)
        _coverage(writer, content)
        writer.records(
            "Sources",
            [_Field("File", width=60), _Field("Bytes", "count", 14, is_summed=True), _Field("Rows", "count", is_summed=True), _Field("Fingerprint (sha256)", width=70)],
            [(file.name, file.bytes, file.rows, file.sha256) for file in content.report.files],
        )  # fmt: skip
    return buffer.getvalue()


def _summary(writer: _Book, content: Content) -> None:
    sheet = writer.book.add_worksheet("Summary")
    sheet.set_column(0, 0, 18)
    sheet.set_column(1, 1, 110)
    sheet.write_string(0, 0, "What the build found", writer.title)
    for number, (name, sentence) in enumerate(content.facts, start=2):
        sheet.write_string(number, 0, name, writer.head)
        sheet.write_string(number, 1, sentence[:_LONGEST], writer.wrapped)
    sheet.fit_to_pages(1, 0)


def _files(writer: _Book, content: Content) -> None:
    counted = ["rows_read", "rows_loaded", "rows_corrected", "rows_refused", "rows_ignored"]
    money = ["amount_read", "amount_loaded", "amount_refused", "amount_ignored"] if content.whole["amount_read"] is not None else []  # fmt: skip
    fields = [
        _Field("File", width=44), _Field("Sheet", width=24), _Field("Recognised as", width=30),
        *[_Field(_heading("files", name), "count", is_summed=True) for name in counted],
        _Field("Rows not accounted for", "count", 14, is_summed=True),
        _Field("Printed totals", "count", is_summed=True), _Field("Printed totals met", "count", is_summed=True),
        # A control of every figure printed, of every kind: summed over sheets it would be no amount at all.
        *[_Field(_heading("files", name), "pounds") for name in money],
        _Field("Why refused", width=50), _Field("Why ignored", width=60),
    ]  # fmt: skip
    rows = []
    for number, sheet in enumerate(content.accounts, start=2):
        account = sheet.account
        read, *kept = (xl_rowcol_to_cell(number, column) for column in range(3, 8))
        left = account["rows_read"] - sum(account[name] for name in counted[1:])
        rows.append([
            account["file"], account["sheet"], account["layout"] or "not recognised", *[account[name] for name in counted],
            _Formula(f"={read}-SUM({kept[0]}:{kept[-1]})", left), account["totals_printed"], account["totals_met"],
            *[account[name] for name in money],
            sheet.refused_words(), sheet.ignored_words(),
        ])  # fmt: skip
    writer.records("Files", fields, rows)


def _problems(writer: _Book, content: Content) -> None:
    fields = [
        _Field("Severity", width=12), _Field("Kind", width=34), _Field("File", width=40), _Field("Where", width=50), _Field("Found", width=60),
        _Field("Expected", width=44), _Field("What to do", width=60), _Field("Rows refused", "count"),
    ]  # fmt: skip
    rows = [
        (CODELISTS["severities"].label(kind.severity), kind.label, problem.where.partition("!")[0], problem.where, problem.found, problem.expected, problem.action, problem.rows)
        for kind in content.kinds
        for problem in kind.problems
    ]  # fmt: skip
    writer.records("Problems", fields, rows)


def _changes(writer: _Book, content: Content) -> None:
    """The table `load_changes` on two sheets, since the two cuts must never be added; pounds have no total, kinds neither."""
    frame = polars.from_pandas(content.report.tables["load_changes"])
    summed = {"rows_before", "rows_now", "rows_new", "rows_changed", "rows_vanished"}
    for cut, name, left_out in (("by_sheet", "Changes", {"cut", "line"}), ("by_line", "Changes by line", {"cut", "file", "sheet"})):  # fmt: skip
        rows = frame.filter(polars.col("cut") == cut)
        columns = [column for column in TABLES["load_changes"].columns if column.name not in left_out and column.kind != "flag"]  # fmt: skip
        fields = [
            _Field(column.heading, _kind_of(column), {"file": 44, "kind": 34, "line": 44}.get(column.name, 0),
                   is_summed=column.name in summed and not (cut == "by_line" and column.name == "rows_changed"))
            for column in columns
        ]  # fmt: skip
        cells = rows.select(column.name for column in columns).with_columns(
            polars.col("table").str.replace_all("_", " ")
        )
        if cut == "by_line":
            of = {code: wording.label("line", code) for code in cells["line"].drop_nulls().unique()}
            cells = cells.with_columns(polars.col("line").replace(of).fill_null("no budget line"))
        writer.records(name, fields, cells.rows())


def _coverage(writer: _Book, content: Content) -> None:
    fields = [
        _Field("Table", width=44), _Field("Period", width=18), _Field("Status", width=10), _Field("Rows", "count"), _Field("Files", "count"),
        _Field("Authorities", "count"), _Field("Control total", "pounds"), _Field("Of what", width=50), _Field("Note", width=60),
    ]  # fmt: skip
    rows = [
        (load_findings.series(row), load_findings.period(row), CODELISTS["coverage_statuses"].label(row["status"]), row["rows"], row["files"], row["authorities"],
         row["amount"], row["amount_is"], row["note"])
        for row in content.coverage.iter_rows(named=True)
    ]  # fmt: skip
    writer.records("Coverage", fields, rows)


def _heading(table: str, name: str) -> str:
    return TABLES[table].column(name).heading if name in TABLES[table].names else name.replace("_", " ").capitalize()  # fmt: skip


def _kind_of(column: Column) -> str:
    return column.kind if column.kind in _PATTERNS else "text"
