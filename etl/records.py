"""Cells of a json file: records with one list of records inside, as a table with one row an inner record.

An object of records ({"E09000029": {…}, …}) or an array of them; what stands beside the inner list is
repeated on each of its rows. Row 1 holds the headings, so a row's number is that of the flattened table.
"""

from __future__ import annotations

import json
from pathlib import PurePosixPath
from typing import Any

from etl.cells import Sheet
from etl.delimited import decoded
from etl.preflight import Finding, Limits, RefusedError

Record = dict[str, Any]
_LARGEST = 1e18


def json_sheets(data: bytes, file: str, limits: Limits) -> tuple[list[Sheet], list[Finding]]:
    """The one sheet of a json file of records. Refused if it is no json, or of another shape.

    The headings are ``key`` (for an object of records), the fields, ``list.field`` for those of the
    inner list and ``field.field`` for those of an object within a record.
    """
    text, encoding, findings = decoded(data)
    try:
        content = json.loads(text, object_pairs_hook=_without_repeats, parse_constant=_no_constant)
    except RecursionError as error:
        raise _shape("lists within lists without end") from error
    except ValueError as error:  # JSONDecodeError is one
        raise RefusedError(
            Finding("", "unreadable_file", f"it is not sound json ({error})", "json", "Fetch the file again")
        ) from error
    table = [row for record in _records(content) for row in _flat_rows(record)]
    headings = list(dict.fromkeys(heading for row in table for heading in row))
    if len(table) * len(headings) > limits.cells:
        raise RefusedError(Finding("", "furthest_cell", f"it makes a table of {len(table):,} × {len(headings):,}", f"at most {limits.cells:,} cells",
                              "Split the file"))  # fmt: skip
    rows: list[list[Any]] = [list(headings), *([row.get(heading) for heading in headings] for row in table)]
    return [
        Sheet(file=file, name=PurePosixPath(file).stem, rows=rows, reader="json", encoding=encoding)
    ], findings


def _without_repeats(pairs: list[tuple[str, Any]]) -> Record:
    record = dict(pairs)
    if len(record) < len(pairs):
        raise ValueError("the same key twice in one object")
    return record


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not a number")


def _shape(found: str) -> RefusedError:
    return RefusedError(Finding("", "unknown_shape", f"its json is {found}", "an object or array of records with one list of records inside",
                           "Ask for it as a table"))  # fmt: skip


def _records(content: Any) -> list[Record]:
    if isinstance(content, dict) and content and all(isinstance(value, dict) for value in content.values()):
        return [{"key": key, **value} for key, value in content.items()]
    if isinstance(content, dict) and content:
        return [content]
    if isinstance(content, list) and content and all(isinstance(value, dict) for value in content):
        return content
    raise _shape("no set of records")


def _flat_rows(record: Record) -> list[Record]:
    """The rows that one record makes: one for each of its inner records, or one."""
    fields = _fields(record)
    nested = [name for name, value in fields.items() if isinstance(value, list)]
    if len(nested) > 1:
        raise _shape(f"records with {len(nested)} inner lists ({', '.join(nested)})")
    if not nested:
        return [fields]
    inner = fields[nested[0]]
    if not all(isinstance(item, dict) for item in inner):
        raise _shape(f"records whose inner list {nested[0]} holds no records")
    rows = []
    for item in inner or [{}]:
        row: Record = {}
        for name, value in fields.items():
            if name == nested[0]:
                row.update({f"{name}.{key}": inside for key, inside in _fields(item).items()})
            else:
                row[name] = value
        if any(isinstance(value, list) for value in row.values()):
            raise _shape("records with lists more than one deep")
        rows.append(row)
    return rows


def _fields(record: Record) -> Record:
    """The fields of a record, those of an object within it as "outer.inner"; "" is None, 5.0 is 5."""
    fields: Record = {}
    for name, value in record.items():
        if isinstance(value, dict):
            fields.update({f"{name}.{key}": inside for key, inside in _fields(value).items()})
        elif (
            isinstance(value, (int, float)) and not abs(value) < _LARGEST
        ):  # infinity and what is no number too
            raise _shape("no figures that can be true (one is larger than all money)")
        elif isinstance(value, float) and value.is_integer():
            fields[name] = int(value)
        else:
            fields[name] = None if value == "" else value
    return fields
