"""Opens one file and gives its sheets as plain values. Runs in the child process only (`etl.reading`).

python-calamine reads; the scans beside it say what calamine shows as blank; openpyxl (.xlsx) and odfpy
(.ods) take over where calamine refuses, with a note. Every sheet is a dict of the fields of
`etl.cells.Sheet` without `file`, so that it crosses to the parent process as plain values.
"""

from __future__ import annotations

import datetime
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError
from xml.sax import SAXException

import python_calamine
from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from etl.binary_scan import relationship_targets, xls_scans, xlsb_scans
from etl.cells import NEVER_CALCULATED, CellError, cell_name
from etl.delimited import csv_sheets, zip_sheets
from etl.number_formats import cell_formats, column_formats
from etl.ods_scan import ods_scan
from etl.preflight import (
    WORKBOOK_KINDS,
    Archive,
    Finding,
    Limits,
    RefusedError,
    kind_of,
    password_finding,
    refuse_doctype,
)
from etl.printable import made_printable
from etl.records import json_sheets
from etl.sheet_scan import SPREADSHEETML, SheetScan, xlsx_sheet_scan

PlainSheet = dict[str, Any]
# What openpyxl and odfpy let through of a file that is not as they expect; there is no common base.
_READERS_RAISE = (
    KeyError, ValueError, TypeError, AttributeError, IndexError, OSError, zipfile.BadZipFile,
    ParseError, SAXException, DefusedXmlException,
)  # fmt: skip
_OFFICE_RELATIONS = (
    "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id",
    "{http://purl.oclc.org/ooxml/officeDocument/relationships}id",
)


@dataclass(frozen=True)
class Tab:
    """One worksheet of a workbook before its cells are read: its name, whether it is hidden, its scan."""

    name: str
    hidden: bool
    scan: SheetScan


def read_sheets(
    path: Path, file: str, limits: Limits, skip_calamine: bool = False
) -> tuple[list[PlainSheet], list[Finding]]:
    """The sheets of a file of any kind, each a dict of all fields of `etl.cells.Sheet`, and what is wrong with it.

    `file` is what addresses call it. Refused if nothing of it can be read, or OSError if it cannot be opened.
    """
    kind, told = kind_of(path, limits)
    findings = list(told)
    if kind in WORKBOOK_KINDS:
        plain, more = read_workbook(path, kind, limits, skip_calamine)
        sheets = [{"file": file, "first_row": 1, "encoding": "", **fields} for fields in plain]
    elif kind == "zip":
        found, more = zip_sheets(path, file, limits)
        sheets = [dict(vars(sheet)) for sheet in found]
    else:
        read = {"csv": csv_sheets, "json": json_sheets}[kind]
        found, more = read(path.read_bytes(), file, limits)
        sheets = [dict(vars(sheet)) for sheet in found]
    findings += more
    for fields in sheets:
        # a csv is a file of its own, and its place within an archive is its member's name
        place = fields["file"].removeprefix(file) if kind not in WORKBOOK_KINDS else fields["name"]
        findings += made_printable(place, fields["rows"])
    return sheets, findings


def read_workbook(
    path: Path, kind: str, limits: Limits, skip_calamine: bool = False
) -> tuple[list[PlainSheet], list[Finding]]:
    """The sheets of a workbook of a kind ("xlsx", "xls", "xlsb", "ods") and what is wrong with it.

    With `skip_calamine` (it crashed the last child on this file) the second reader is asked at once.
    Refused if nothing of the workbook can be read.
    """
    findings: list[Finding] = []
    tabs = _tabs(path, kind, limits, findings)
    _refuse_too_many_cells(tabs, limits)
    sheets = _workbook_sheets(path, kind, limits, skip_calamine, tabs, findings)
    names = [fields["name"] for fields in sheets]
    if len(set(names)) < len(names):
        raise RefusedError(Finding("", "repeated_sheet", "two of its sheets have the same name", "each sheet by a name of its own",
                              "Open it in Excel, rename one of them and save it again"))  # fmt: skip
    lost = [tab.name for tab in tabs if tab.name and tab.scan.last_row and tab.name not in names]
    for name in lost:
        if not any(finding.place.split("!")[0] == name for finding in findings):
            findings.append(Finding(name, "unread_sheet", "it has cells with values, but the reader takes it for no worksheet", "a worksheet",
                                    "Open the workbook in Excel, check the sheet and save it again"))  # fmt: skip
    if not sheets and not any(finding.severity == "refusal" for finding in findings):
        findings.append(
            Finding("", "empty_file", "it holds no values", "a table", "Fetch or save the file again")
        )
    return sheets, findings


def _workbook_sheets(
    path: Path, kind: str, limits: Limits, skip_calamine: bool, tabs: list[Tab], findings: list[Finding]
) -> list[PlainSheet]:
    """The workbook's sheets by calamine, or where that refuses, by the second reader of its kind, with a note."""
    refusal = "it brought the reading process down" if skip_calamine else ""
    if kind == "ods" and any(_reaches_too_far(tab, limits) for tab in tabs):
        refusal = "it would fill out a sheet that is far too wide"  # at opening, whichever sheet is asked for
    if not refusal:
        try:
            return _by_calamine(path, tabs, limits, findings)
        except python_calamine.PasswordError as error:
            raise RefusedError(password_finding()) from error
        except python_calamine.CalamineError as error:
            refusal = _told(error)
    second = {"xlsx": _by_openpyxl, "ods": _by_odfpy}.get(kind)
    if second is None:
        raise RefusedError(_unreadable(refusal))
    try:
        sheets = second(path, tabs, limits, findings)
    except _READERS_RAISE as error:
        raise RefusedError(_unreadable(f"{refusal}; second reader: {type(error).__name__}")) from error
    reader = "openpyxl" if kind == "xlsx" else "odfpy"
    findings.append(
        Finding(
            "", "fallback_reader", f"calamine does not read it ({refusal}); {reader} read it instead", "",
            "Nothing need be done; saving it again from Excel makes it quicker to read", "note",
        )
    )  # fmt: skip
    return sheets


def _refuse_too_many_cells(tabs: list[Tab], limits: Limits) -> None:
    """Sheets that are each small enough can be too many. One that is itself too wide is refused alone."""
    grids = [tab.scan.last_row * tab.scan.last_column for tab in tabs if not _reaches_too_far(tab, limits)]
    if sum(grids) > limits.cells:
        raise RefusedError(Finding("", "too_many_cells", f"its {len(grids):,} sheets come to {sum(grids):,} cells", f"at most {limits.cells:,} cells",
                              "Split it, or delete the sheets that are not needed"))  # fmt: skip


def _told(error: python_calamine.CalamineError) -> str:
    """What calamine says of a file, if that names parts of it only: other messages can quote a cell."""
    message = str(error)
    return message if message.endswith("not found in archive") else type(error).__name__


def _unreadable(why: str) -> Finding:
    return Finding(
        "", "unreadable_file", f"it cannot be read ({why})", "a workbook that opens without repair",
        "Open it in Excel, let it repair the file, check it and save it as .xlsx",
    )  # fmt: skip


def _tabs(path: Path, kind: str, limits: Limits, findings: list[Finding]) -> list[Tab]:
    """The workbook's tabs with their scans, or for .xls and .xlsb the scans alone (names come from calamine)."""
    if kind == "xls":
        return [Tab("", False, scan) for scan in xls_scans(path.read_bytes())]
    archive = Archive(path, limits)
    for name in archive.entries:
        is_sheet = name.startswith("xl/worksheets/sheet") or name == "content.xml"
        if name.lower().endswith((".xml", ".rels")) and not is_sheet:
            refuse_doctype(archive, name)
    if any(name.lower().endswith("vbaproject.bin") for name in archive.entries):
        findings.append(Finding("", "macros", "it holds macros, which were not run; its cells were read as they were last saved", "",
                                "Nothing need be done; save it as .xlsx if the macros are not needed", "note"))  # fmt: skip
    if kind == "xlsb":
        return [Tab("", False, scan) for scan in xlsb_scans(archive)]
    if kind == "ods":
        manifest = (
            archive.read("META-INF/manifest.xml") if "META-INF/manifest.xml" in archive.entries else b""
        )
        if b"encryption-data" in manifest:
            raise RefusedError(password_finding())
        return [Tab(table.name, table.hidden, table) for table in ods_scan(archive)]
    return list(_xlsx_tabs(archive, findings))


def _xlsx_tabs(archive: Archive, findings: list[Finding]) -> Iterator[Tab]:
    try:
        root = ElementTree.fromstring(archive.read("xl/workbook.xml"), forbid_dtd=True)
        targets = relationship_targets(archive, "xl/_rels/workbook.xml.rels")
    except (KeyError, ParseError, DefusedXmlException) as error:
        raise RefusedError(Finding("", "damaged", f"its list of sheets is missing or broken ({type(error).__name__})", "a whole file",
                              "Open it in Excel, let it repair the file, check it and save it again")) from error  # fmt: skip
    formulas = 0
    formats = cell_formats(archive)
    for space in SPREADSHEETML:
        for sheet in root.iterfind(f"{{{space}}}sheets/{{{space}}}sheet"):
            name, state = sheet.get("name", ""), sheet.get("state", "visible")
            part = targets.get(
                next((sheet.get(key, "") for key in _OFFICE_RELATIONS if sheet.get(key)), ""), ""
            )
            if "worksheets/" not in part:
                continue  # a chart, a dialog or a macro sheet: no cells
            try:
                if part not in archive.entries:
                    raise RefusedError(
                        Finding(
                            "",
                            "damaged",
                            f"its part {part} is missing",
                            "a whole file",
                            "Fetch or save the file again",
                        )
                    )
                scan = xlsx_sheet_scan(archive, part)
                scan.formats = column_formats(archive, part, formats)
            except RefusedError as refused:
                if refused.finding.what != "broken_sheet":
                    raise
                findings.append(refused.finding._replace(place=name))
                continue
            formulas += scan.formulas - sum(text == NEVER_CALCULATED for text in scan.faults.values())
            yield Tab(name, state != "visible", scan)
        calculation = root.find(f"{{{space}}}calcPr")
        if formulas > 0 and calculation is not None and calculation.get("fullCalcOnLoad") in {"1", "true"}:
            findings.append(Finding(
                "", "stale_formulas", f"it asks to be calculated on opening, so the stored results of its {formulas:,} formulas "
                "may be a program's guess (often 0)", "results that Excel or LibreOffice calculated",
                "Open it in Excel, save it and build again", "note",
            ))  # fmt: skip


def _reaches_too_far(tab: Tab, limits: Limits) -> bool:
    return tab.scan.last_row * tab.scan.last_column > limits.cells


def _is_too_wide(tab: Tab, limits: Limits, findings: list[Finding], name: str) -> bool:
    """Whether the sheet's furthest cell makes a grid that is too big to hold; says so."""
    if not _reaches_too_far(tab, limits):
        return False
    rows, columns = tab.scan.last_row, tab.scan.last_column
    findings.append(Finding(
        f"{name}!{cell_name(rows, columns)}", "furthest_cell",
        f"its cells reach to row {rows:,} and column {columns:,}, a grid of {rows * columns:,} cells",
        f"at most {limits.cells:,} cells", "Delete what stands in the last row or column (often a stray space) and save it again",
    ))  # fmt: skip
    return True


def _by_calamine(path: Path, tabs: list[Tab], limits: Limits, findings: list[Finding]) -> list[PlainSheet]:
    sheets: list[PlainSheet] = []
    refused: list[Finding] = []
    with (
        path.open("rb") as file,
        python_calamine.CalamineWorkbook.from_filelike(file) as workbook,
    ):  # a path would be judged by its ending
        metadata = workbook.sheets_metadata
        by_name = {tab.name: tab for tab in tabs if tab.name}
        for position, sheet in enumerate(metadata):
            if sheet.typ != python_calamine.SheetTypeEnum.WorkSheet:
                continue
            tab = by_name.get(sheet.name)
            if tab is None and not by_name and len(tabs) == len(metadata):
                tab = tabs[position]
            if tab is None:
                if any(finding.place == sheet.name for finding in findings):
                    continue
                raise RefusedError(Finding(sheet.name, "unscanned_sheet", "its errors cannot be told from blanks",
                                      "a sheet whose cells can be scanned", "Save the workbook again from Excel"))  # fmt: skip
            if _is_too_wide(tab, limits, refused, sheet.name) or not tab.scan.last_row:
                continue
            cells = workbook.get_sheet_by_name(sheet.name)
            ranges = cells.merged_cell_ranges or []
            merged = tab.scan.merged or [
                f"{cell_name(a + 1, b + 1)}:{cell_name(c + 1, d + 1)}" for (a, b), (c, d) in ranges
            ]
            rows = cleaned(cells.to_python(skip_empty_area=False))
            hidden = tab.hidden or sheet.visible != python_calamine.SheetVisibleEnum.Visible
            sheets.append(plain_sheet(sheet.name, rows, hidden, tab.scan, merged, "calamine"))
    findings.extend(refused)
    return [sheet for sheet in sheets if sheet["rows"]]


def _by_openpyxl(path: Path, tabs: list[Tab], limits: Limits, findings: list[Finding]) -> list[PlainSheet]:
    import openpyxl  # 0.2 s that most files never need

    sheets = []
    workbook = openpyxl.load_workbook(path, read_only=True, data_only=True)
    try:
        for tab in tabs:
            if _is_too_wide(tab, limits, findings, tab.name) or not tab.scan.last_row:
                continue
            worksheet = workbook[tab.name]
            worksheet.reset_dimensions()
            values = worksheet.iter_rows(
                max_row=tab.scan.last_row, max_col=tab.scan.last_column, values_only=True
            )
            rows = cleaned([[_without_midnight(value) for value in row] for row in values])
            sheets.append(plain_sheet(tab.name, rows, tab.hidden, tab.scan, tab.scan.merged, "openpyxl"))
    finally:
        workbook.close()
    return [sheet for sheet in sheets if sheet["rows"]]


def _without_midnight(value: Any) -> Any:
    """openpyxl gives every date a time of day; calamine gives a date where there is none, and so do we."""
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        return value.date()
    return value


def _by_odfpy(path: Path, tabs: list[Tab], limits: Limits, findings: list[Finding]) -> list[PlainSheet]:
    from etl.ods_cells import ods_rows  # odfpy takes 0.15 s to import, and most files never need it

    wanted = {
        tab.name for tab in tabs if tab.scan.last_row and not _is_too_wide(tab, limits, findings, tab.name)
    }
    found = ods_rows(path, wanted)
    sheets = [
        plain_sheet(tab.name, cleaned(found[tab.name]), tab.hidden, tab.scan, tab.scan.merged, "odfpy")
        for tab in tabs
        if tab.name in wanted
    ]
    return [sheet for sheet in sheets if sheet["rows"]]


def cleaned(rows: Iterable[list[Any]]) -> list[list[Any]]:
    """The rows with "" as None, whole numbers as int, and equal texts as one object (they repeat, and are many)."""
    one: dict[str, Any] = {"": None}
    keep = one.setdefault
    return [
        [
            keep(value, value)
            if (kind := value.__class__) is str
            else int(value)
            if kind is float and -9e15 < value < 9e15 and value.is_integer()
            else value
            for value in row
        ]
        for row in rows
    ]


def trimmed(rows: list[list[Any]]) -> list[list[Any]]:
    """The rows made equally long, without the rows and columns that are blank to the end."""
    height = len(rows)
    while height and all(value is None for value in rows[height - 1]):
        height -= 1
    rows = rows[:height]
    width = max(map(len, rows), default=0)
    while width and all(len(row) < width or row[width - 1] is None for row in rows):
        width -= 1
    return [row if len(row) == width else (row + [None] * (width - len(row)))[:width] for row in rows]


def plain_sheet(
    name: str, rows: list[list[Any]], hidden: bool, scan: SheetScan, merged: list[str], reader: str
) -> PlainSheet:
    """A sheet with its faults laid over its rows: where the scan found one, the row holds a `CellError`."""
    last_row, last_column = (max((place[i] for place in scan.faults), default=0) for i in (0, 1))
    width = max(len(rows[0]) if rows else 0, last_column)
    rows = [row + [None] * (width - len(row)) if len(row) < width else row for row in rows]
    rows += [[None] * width for _ in range(last_row - len(rows))]
    for (row, column), text in scan.faults.items():
        rows[row - 1][column - 1] = CellError(text)
    rows = trimmed(rows)
    return {
        "name": name,
        "rows": rows,
        "hidden": hidden,
        "hidden_rows": frozenset(row for row in scan.hidden_rows if row <= len(rows)),
        "merged": tuple(merged),
        "faults": tuple(
            (cell_name(row, column), "uncached_formula" if text == NEVER_CALCULATED else "error", text)
            for (row, column), text in sorted(scan.faults.items())
        ),
        "reader": reader,
        "formats": {
            column: shown for column, shown in scan.formats.items() if rows and column < len(rows[0])
        },
    }
