"""Cells of an .ods by odfpy: the second reader, for the files that python-calamine refuses.

DfE publishes .ods files without the `mimetype` entry that the format asks for; odfpy does not mind.
It is slow (a second for 2 MB of XML), and runs in the child process only.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from odf.element import Element, Node
from odf.namespaces import OFFICENS, TABLENS, TEXTNS
from odf.opendocument import load
from odf.table import Table

_ROWS = (TABLENS, "table-row")
_ROW_HOLDERS = {(TABLENS, "table-row-group"), (TABLENS, "table-rows"), (TABLENS, "table-header-rows")}
_CELLS = {(TABLENS, "table-cell"), (TABLENS, "covered-table-cell")}
_DURATION_UNITS = {"H": 3600.0, "M": 60.0, "S": 1.0}


def ods_rows(path: Path, wanted: set[str]) -> dict[str, list[list[Any]]]:
    """The rows of the wanted sheets, by name; blank to the end left out. Whatever odfpy raises on a bad file."""
    document = load(str(path))
    found = {}
    for table in document.spreadsheet.getElementsByType(Table):
        name = table.getAttrNS(TABLENS, "name")
        if name in wanted and name not in found:
            found[name] = _table_rows(table)
    return found


def _table_rows(table: Element) -> list[list[Any]]:
    rows: list[list[Any]] = []
    blank = 0  # rows that count only if a row with a value follows
    for element in _row_elements(table):
        values = _row_values(element)
        repeated = int(element.getAttrNS(TABLENS, "number-rows-repeated") or 1)
        if not values:
            blank += repeated
            continue
        rows.extend([] for _ in range(blank))
        blank = 0
        rows.extend(list(values) for _ in range(repeated))
    return rows


def _row_elements(parent: Element) -> Iterator[Element]:
    for child in _elements(parent):
        if child.qname == _ROWS:
            yield child
        elif child.qname in _ROW_HOLDERS:
            yield from _row_elements(child)


def _elements(parent: Element) -> list[Element]:
    """The elements among an element's children, without the line breaks between them."""
    return [child for child in parent.childNodes if child.nodeType == Node.ELEMENT_NODE]


def _row_values(row: Element) -> list[Any]:
    values: list[Any] = []
    blank = 0
    for cell in _elements(row):
        if cell.qname not in _CELLS:
            continue
        value = _value(cell)
        repeated = int(cell.getAttrNS(TABLENS, "number-columns-repeated") or 1)
        if value is None or value == "":
            blank += repeated
            continue
        values.extend([None] * blank)
        blank = 0
        values.extend([value] * repeated)
    return values


def _value(cell: Element) -> Any:
    """The value of a cell by its declared type; text where there is none."""
    kind = cell.getAttrNS(OFFICENS, "value-type")
    if kind in {"float", "percentage", "currency"}:
        return float(cell.getAttrNS(OFFICENS, "value"))
    if kind == "boolean":
        return str(cell.getAttrNS(OFFICENS, "boolean-value")) == "true"
    if kind == "date":
        text = str(cell.getAttrNS(OFFICENS, "date-value"))
        return datetime.datetime.fromisoformat(text) if "T" in text else datetime.date.fromisoformat(text)
    if kind == "time":
        return _duration(str(cell.getAttrNS(OFFICENS, "time-value")))
    stored = cell.getAttrNS(OFFICENS, "string-value")
    if stored is not None:
        return str(stored)
    return "\n".join(_text(child) for child in _elements(cell) if child.qname == (TEXTNS, "p"))


def _text(element: Element) -> str:
    """The text of a paragraph, with the spaces, tabs and line breaks that the format writes as elements."""
    parts = []
    for child in element.childNodes:
        if child.nodeType == Node.TEXT_NODE:
            parts.append(child.data)
        elif child.qname == (TEXTNS, "s"):
            parts.append(" " * int(child.getAttrNS(TEXTNS, "c") or 1))
        elif child.qname == (TEXTNS, "tab"):
            parts.append("\t")
        elif child.qname == (TEXTNS, "line-break"):
            parts.append("\n")
        else:
            parts.append(_text(child))
    return "".join(parts)


def _duration(text: str) -> datetime.timedelta:
    """ "PT36H30M00S" → 36 hours 30 minutes. ValueError for anything else."""
    seconds, number = 0.0, ""
    for letter in text.removeprefix("PT"):
        if letter in _DURATION_UNITS:
            seconds += float(number) * _DURATION_UNITS[letter]
            number = ""
        else:
            number += letter
    return datetime.timedelta(seconds=seconds)
