"""What python-calamine does not show of a workbook: error cells, formulas never calculated, hidden rows,
merged ranges, and how far the cells with a value reach.

Each scan streams the workbook's own parts through a real parser and keeps only what is listed above.
Seen in .xlsx, .xlsm and .ods: all five. In .xlsb and .xls (`etl.binary_scan`): errors, hidden rows and
how far cells reach; both formats always store a value beside a formula, so whether it was ever
calculated cannot be told. Merged ranges of .xls come from calamine; those of .xlsb are not seen.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from etl.cells import NEVER_CALCULATED, cell_name, cell_position
from etl.preflight import Archive, Finding, RefusedError, doctype_parser

SPREADSHEETML = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
)
# Below this many bytes a sheet is parsed outright; above it, a screen looks first for anything worth parsing.
SCREENED_FROM = 4_000_000
FURTHEST_ROW = 1_048_576
MOST_FAULTS = 1_000_000  # an .ods can repeat one error over a whole grid in a few bytes


@dataclass
class SheetScan:
    """What a scan found in one sheet. Rows and columns are counted from 1.

    `faults` maps (row, column) to the text that a person would see there ("#REF!", or `NEVER_CALCULATED`).
    `last_row` and `last_column` are those of the furthest cells with a value; 0 when there is none.
    """

    faults: dict[tuple[int, int], str] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    merged: list[str] = field(default_factory=list)
    last_row: int = 0
    last_column: int = 0
    formulas: int = 0

    def reach(self, row: int, column: int) -> None:
        """Notes a cell with a value."""
        if row > self.last_row:
            self.last_row = row
        if column > self.last_column:
            self.last_column = column


def xlsx_sheet_scan(archive: Archive, part: str) -> SheetScan:
    """The scan of one sheet of an .xlsx. Refused if its XML is broken or declares a document type."""
    if archive.entries[part].file_size >= SCREENED_FROM:
        screened = screen(archive.chunks(part))
        if screened is not None:
            return screened
    return xlsx_parse(archive.chunks(part), part)


def xlsx_parse(chunks: Iterable[bytes], part: str) -> SheetScan:
    """The scan of one sheet's XML by a streaming parser (expat), whatever legal spelling the XML has."""
    parser = doctype_parser(part, namespace_separator=" ")
    parser.buffer_text = True
    scan = SheetScan()
    tags = {
        f"{space} {tag}": tag for space in SPREADSHEETML for tag in ("row", "c", "f", "v", "is", "mergeCell")
    }
    row = column = 0
    kind = ""
    in_cell = has_formula = has_value = False
    text: list[str] = []

    def finish_cell() -> None:
        """A cell is judged when the next begins: that spares a call for each end of an element."""
        nonlocal in_cell
        if not in_cell:
            return
        in_cell = False
        shown = "".join(text).strip()
        if kind == "e":
            scan.faults[row, column] = shown or "#ERROR!"
            scan.reach(row, column)
        elif has_formula:
            scan.formulas += 1
            # A formula that gives empty text is stored as t="str" with an empty value: calculated, and blank.
            if not shown and not (has_value and kind == "str"):
                scan.faults[row, column] = NEVER_CALCULATED
                scan.reach(row, column)

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal row, column, kind, in_cell, has_formula, has_value
        tag = tags.get(name)
        if tag is None:
            return
        if tag == "c":
            finish_cell()
            reference = attributes.get("r")
            if reference is None:
                column += 1
            else:
                row, column = cell_position(reference)
            kind = attributes.get("t", "").strip()
            in_cell, has_formula, has_value = True, False, False
            text.clear()
        elif tag == "v" or tag == "is":
            has_value = True
            if kind == "e" or has_formula:
                parser.CharacterDataHandler = text.append
                parser.EndElementHandler = end
            else:
                scan.reach(row, column)
        elif tag == "f":
            has_formula = True
        elif tag == "row":
            finish_cell()
            number = attributes.get("r")
            row = row + 1 if number is None else int(number)
            column = 0
            if attributes.get("hidden", "").strip() in {"1", "true", "on"}:
                scan.hidden_rows.add(row)
        elif tag == "mergeCell":
            scan.merged.append(attributes["ref"])

    def end(name: str) -> None:
        if tags.get(name) in {"v", "is"}:
            parser.CharacterDataHandler = None
            parser.EndElementHandler = None
            if "".join(text):
                scan.reach(row, column)

    parser.StartElementHandler = start
    try:
        for chunk in chunks:
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except (expat.ExpatError, ValueError, KeyError) as error:
        raise RefusedError(Finding("", "broken_sheet", f"its part {part} is broken ({error})", "a sheet that opens without repair",
                              "Open it in Excel, let it repair the file, check it and save it again")) from error  # fmt: skip
    finish_cell()
    return scan


# Spellings that XML allows and spreadsheet programs do not use: spaces or line ends about "=", single
# quotes, characters by number. Where one occurs the screen gives up and the parser reads the sheet.
_UNUSUAL = tuple(b"=" + c for c in (b" ", b"\t", b"\r", b"\n", b"'")) + tuple(
    c + b"=" for c in (b" ", b"\t", b"\r", b"\n")
) + (b"&#", b"<!")  # fmt: skip
_TELLING = (b"<f>", b"<f ", b"<f/", b"<f\n", b"<f\r", b"<f\t", b't="e', b't=" ', b"hidden=", b"<mergeCell")
_WIDE_COLUMN = re.compile(rb'<c r="([A-Z]{2,})')
_ROW_NUMBER = re.compile(rb'<row r="(\d+)"')
_CELL_STARTS = (b"<c ", b"<c>", b"<c/", b"<c\n", b"<c\r", b"<c\t")
_ROW_STARTS = (b"<row ", b"<row>", b"<row/", b"<row\n", b"<row\r", b"<row\t")


def screen(chunks: Iterable[bytes]) -> SheetScan | None:
    """A quick look at a large sheet: its scan if nothing in it can need the parser, else None.

    It never decides that an error is there, only that none can be: each way in which one could be
    written in UTF-8 XML makes it answer None (as do many sound sheets, which then only cost the time
    of parsing). The reach it gives counts empty formatted cells too, so it is never too small.
    """
    last_row, columns = 0, {b"Z"}
    for number, chunk in enumerate(_whole_tags(chunks)):
        if number == 0 and not _is_plain_start(chunk):
            return None
        if number > 0 and any(space.encode() in chunk for space in SPREADSHEETML):
            return None
        if any(sign in chunk for sign in _TELLING) or any(sign in chunk for sign in _UNUSUAL):
            return None
        rows = _ROW_NUMBER.findall(chunk)
        if sum(map(chunk.count, _ROW_STARTS)) != len(rows):
            return None
        if sum(map(chunk.count, _CELL_STARTS)) != chunk.count(b'<c r="'):
            return None
        if rows:
            last_row = max(last_row, *map(int, rows))
        columns.update(_WIDE_COLUMN.findall(chunk))
    last_column = max(cell_position(f"{letters.decode()}1")[1] for letters in columns)
    return SheetScan(last_row=last_row, last_column=last_column)


def _whole_tags(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes, cut so that no tag is cut in two ("<" cannot stand within a tag)."""
    kept = b""
    for chunk in chunks:
        cut = chunk.rfind(b"<")
        if cut < 0:
            kept += chunk
            continue
        yield kept + chunk[:cut]
        kept = chunk[cut:]
    yield kept


def _is_plain_start(chunk: bytes) -> bool:
    """Whether the XML is UTF-8 with the spreadsheet's namespace as the default one, named once.

    A prefix ("<x:c>") would hide the tags from the screen, and so would UTF-16.
    """
    root = chunk.find(b"<worksheet ")
    if root < 0 or b"\x00" in chunk[:4096]:
        return False
    declaration = chunk[:root].lower()
    if b"encoding" in declaration and b'encoding="utf-8"' not in declaration:
        return False
    named = [space.encode() for space in SPREADSHEETML if space.encode() in chunk]
    return len(named) == 1 and chunk.count(named[0]) == 1 and b'xmlns="' + named[0] + b'"' in chunk


_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
_TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0"
_TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
_STYLE = "urn:oasis:names:tc:opendocument:xmlns:style:1.0"
_LIBREOFFICE = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"
ERROR_TEXT = re.compile(r"#(REF!|N/A|DIV/0!|VALUE!|NAME\?|NUM!|NULL!|SPILL!|CALC!|GETTING_DATA)|Err:\d{3}")


@dataclass
class OdsTable(SheetScan):
    """The scan of one sheet of an .ods, with the name and visibility that only content.xml tells."""

    name: str = ""
    style: str = ""
    hidden: bool = False


def ods_scan(archive: Archive) -> list[OdsTable]:
    """The scans of the sheets of an .ods, in order, from its content.xml. Refused if that is broken.

    An error is a formula cell that shows an error's text, or that LibreOffice marks as one. A cell
    repeated by number is noted once for each place, so a grid too wide to be true shows in the reach.
    """
    parser = doctype_parser("content.xml", namespace_separator=" ")
    parser.buffer_text = True
    tables: list[OdsTable] = []
    hidden_styles: set[str] = set()
    style = ""
    row = column = 0
    repeated_rows = 1
    depth = table_depth = skipped_depth = 0
    cell: dict[str, str] | None = None
    text: list[str] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal style, row, column, repeated_rows, depth, table_depth, skipped_depth, cell
        depth += 1
        if skipped_depth:
            return
        space, _, tag = name.rpartition(" ")
        if (
            tag == "annotation"
            or tag == "tracked-changes"
            or (tag == "table" and table_depth and space == _TABLE)
        ):
            skipped_depth = depth
        elif space == _STYLE and tag == "style":
            style = attributes.get(f"{_STYLE} name", "")
        elif space == _STYLE and tag == "table-properties" and attributes.get(f"{_TABLE} display") == "false":
            hidden_styles.add(style)
        elif space == _TABLE and tag == "table":
            table_depth = depth
            tables.append(
                OdsTable(
                    name=attributes.get(f"{_TABLE} name", ""),
                    style=attributes.get(f"{_TABLE} style-name", ""),
                )
            )
            row = repeated_rows = 0
        elif space == _TABLE and tag == "table-row" and table_depth:
            row += repeated_rows or 1
            repeated_rows = _repeated(attributes, "rows")
            column = 1
            if attributes.get(f"{_TABLE} visibility", "visible") != "visible":
                tables[-1].hidden_rows.update(range(row, min(row + repeated_rows, FURTHEST_ROW + 1)))
        elif space == _TABLE and tag in {"table-cell", "covered-table-cell"} and table_depth:
            cell = attributes
            text.clear()
            parser.CharacterDataHandler = text.append

    def end(name: str) -> None:
        nonlocal depth, table_depth, skipped_depth, cell, column
        if skipped_depth == depth:
            skipped_depth = 0
        elif not skipped_depth:
            if cell is not None and name in {f"{_TABLE} table-cell", f"{_TABLE} covered-table-cell"}:
                repeated = _repeated(cell, "columns")
                _judge_ods_cell(tables[-1], cell, "".join(text), (row, column), (repeated_rows, repeated))
                column += repeated
                cell = None
                parser.CharacterDataHandler = None
            elif table_depth == depth:
                table_depth = 0
        depth -= 1

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    try:
        for chunk in archive.chunks("content.xml"):
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except (expat.ExpatError, ValueError) as error:
        raise RefusedError(Finding("", "broken_sheet", f"its part content.xml is broken ({error})", "a workbook that opens without repair",
                              "Open it in LibreOffice or Excel, check it and save it again")) from error  # fmt: skip
    for table in tables:
        table.hidden = table.style in hidden_styles
    return tables


def _repeated(attributes: dict[str, str], what: str) -> int:
    return max(1, int(attributes.get(f"{_TABLE} number-{what}-repeated", "1")))


def _judge_ods_cell(
    table: OdsTable, cell: dict[str, str], text: str, at: tuple[int, int], repeated: tuple[int, int]
) -> None:
    (row, column), (rows, columns) = at, repeated
    across, down = (int(cell.get(f"{_TABLE} number-{what}-spanned", "1")) for what in ("columns", "rows"))
    if across > 1 or down > 1:
        table.merged.append(f"{cell_name(row, column)}:{cell_name(row + down - 1, column + across - 1)}")
    kind = cell.get(f"{_OFFICE} value-type")
    has_formula = f"{_TABLE} formula" in cell
    shown = text.strip()
    fault = ""
    if cell.get(f"{_LIBREOFFICE} value-type") == "error" or (has_formula and ERROR_TEXT.fullmatch(shown)):
        fault = shown or "#ERROR!"
    elif has_formula and kind is None and not shown:
        fault = NEVER_CALCULATED
    table.formulas += has_formula
    if not (kind or text or fault):
        return
    table.reach(row + rows - 1, column + columns - 1)
    if fault:
        if rows * columns + len(table.faults) > MOST_FAULTS:
            raise RefusedError(Finding(f"{table.name}!{cell_name(row, column)}", "too_many_errors",
                                  f"more than {MOST_FAULTS:,} of its cells are errors ({fault})", "a sheet of values",
                                  "Mend the formula behind them, or clear the cells, and save it again"))  # fmt: skip
        for down in range(rows):
            for right in range(columns):
                table.faults[row + down, column + right] = fault
