"""What the build wrote about itself as files to take away: files, problems, changes, coverage, in the words of the data dictionary.

Only tables named in `RECORDS` can be had so: none of them holds a row about a child.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import polars

from dashboard.data import Data
from dashboard.table_file import Format, TableFile
from hnb import wording
from hnb.codelists import CODELISTS
from hnb.contract import Column
from hnb.errors import HnbError
from hnb.tables import TABLES

RECORDS: Mapping[str, str] = {
    "files": "What became of each file",
    "problems": "Problems and notes of the build",
    "load_changes": "What changed since the last load",
    "coverage": "What is loaded, by year",
}
"""The tables that can be taken away, and what each is."""

_FORMATS = {"pounds": "£#,##0.00;-£#,##0.00", "count": "#,##0", "integer": "0", "number": "#,##0.0"}


def record_file(name: str, data: Data, narrowed: Mapping[str, str]) -> TableFile:
    """A table of `RECORDS` as a file, of the rows where each named column holds the value given.

    HnbError for a column that the table has not.
    """
    table = TABLES[name]
    unknown = [column for column in narrowed if column not in table.names]
    if unknown:
        raise HnbError(f"“{unknown[0][:40]}” is no column of {name}")
    frame = data.table(name)
    for column, value in narrowed.items():
        frame = frame.filter(polars.col(column).cast(polars.String) == value)
    headings = [column.name.replace("_", " ").capitalize() for column in table.columns]
    rows = [
        tuple(_cell(column, value) for column, value in zip(table.columns, row, strict=True))
        for row in frame.select(table.names).iter_rows()
    ]
    said = "; ".join(f"{name.replace('_', ' ')} {value}" for name, value in narrowed.items()) or "everything"
    about = [
        (
            "What it is",
            f"{data.configuration.block_name}, {data.configuration.authority_name}: {RECORDS[name]}",
        ),
        ("A row is", table.row),
        ("Selected", said),
        ("Snapshot", f"{data.id}, published {data.made_at.isoformat(timespec='minutes')}"),
        *((heading, column.meaning) for heading, column in zip(headings, table.columns, strict=True)),
    ]
    formats = [_FORMATS.get(column.kind, "") for column in table.columns]
    return TableFile(headings, formats, rows, about, {"Snapshot": data.id}, data, 1)


def record_address(name: str, kind: Format, **narrowed: str) -> str:
    """Where the file is had: "/export/record/problems.csv?what=error_cell"."""
    query = "&".join(f"{column}={quote(value, safe='')}" for column, value in narrowed.items() if value)
    return f"/export/record/{name}.{kind}" + (f"?{query}" if query else "")


def _cell(column: Column, value: Any) -> Any:
    if value is None:
        return ""
    if column.codes and value in CODELISTS[column.codes].entries:
        return CODELISTS[column.codes].label(value)
    if column.kind == "flag":
        return "Yes" if value else "No"
    return wording.date(value) if column.kind == "date" else value
