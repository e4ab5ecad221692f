"""The same scan as `etl.sheet_scan`, for .ods: one content.xml holds all sheets, and repeats cells by number."""

from __future__ import annotations

import re
from dataclasses import dataclass
from xml.parsers import expat

from etl.cells import NEVER_CALCULATED, cell_name
from etl.preflight import Archive, Finding, RefusedError, doctype_parser
from etl.sheet_scan import SheetScan

FURTHEST_ROW = 1_048_576
MOST_FAULTS = 1_000_000  # an .ods can repeat one error over a whole grid in a few bytes
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
