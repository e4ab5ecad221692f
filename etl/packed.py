"""What one file gave, as bytes and back: frames as Arrow, the rest as JSON, under one checksum.

For keeping a reading from one build to the next, and for bringing it from one process to another. Nothing is
told here about which bytes are whose; what is not whole raises DamagedError and is never half taken.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any

import numpy
import pandas
import pyarrow

from etl.account import SheetAccount
from etl.money import SheetMoney
from etl.one_file import FileRead, OneFile, SheetRead
from hnb.contract import Problem

_MARK = b"high-needs-block reading 1\n"
_OPTIONS = pyarrow.ipc.IpcWriteOptions(compression="zstd")
_ROWS = ("produced", "corrected_rows", "refused")
_KINDS: Mapping[frozenset[str], pyarrow.DataType] = {
    frozenset(): pyarrow.null(),
    frozenset({"str"}): pyarrow.string(),
    frozenset({"int"}): pyarrow.int64(),
    frozenset({"float"}): pyarrow.float64(),
    frozenset({"bool"}): pyarrow.bool_(),
    frozenset({"date"}): pyarrow.date32(),
}
"""Arrow's type for an object column by the types of its values, None apart."""


class DamagedError(Exception):
    """The bytes are not what was packed."""


class UnpackableError(Exception):
    """A frame holds values that would not come back as they were."""


def packed(one: OneFile) -> bytes:
    """The bytes. UnpackableError where a column holds what Arrow and JSON do not give back alike."""
    parts: list[bytes] = []
    size = 0

    def part(table: pyarrow.Table) -> list[int]:
        nonlocal size
        sink = pyarrow.BufferOutputStream()
        with pyarrow.ipc.new_stream(sink, table.schema, options=_OPTIONS) as writer:
            writer.write_table(table)
        parts.append(sink.getvalue().to_pybytes())
        size += len(parts[-1])
        return [size - len(parts[-1]), size]

    sheets = []
    for sheet in one.sheets:
        frames = {}
        for name, frame in sheet.frames.items():
            table, dtypes = _arrow(frame)
            frames[name] = {"part": part(table), "dtypes": dtypes}
        rows = {name: part(_row_table(getattr(sheet, name))) for name in _ROWS}
        sheets.append({"layout": sheet.layout, "frames": frames, "members": sheet.members, "rows": rows, "account": vars(sheet.account), "money": _money(sheet.money, part)})  # fmt: skip
    header = json.dumps(
        {
            "file": vars(one.file) if one.file else None,
            "problems": [vars(problem) for problem in one.problems],
            "sheets": sheets,
            "others": [vars(account) for account in one.others],
        },
        ensure_ascii=False,
        default=dict,  # the reasons of an account are any Mapping
    ).encode()
    content = len(header).to_bytes(8, "little") + header + b"".join(parts)
    return _MARK + hashlib.sha256(content).digest() + content


def unpacked(data: bytes) -> OneFile:
    """What was packed. DamagedError where the bytes are others, or of another version of this module."""
    start = len(_MARK) + 32
    content = memoryview(data)[start:]
    if data[: len(_MARK)] != _MARK or hashlib.sha256(content).digest() != data[len(_MARK) : start]:
        raise DamagedError("its checksum is not the one written with it")
    length = int.from_bytes(content[:8], "little")
    header = json.loads(bytes(content[8 : 8 + length]))
    body = content[8 + length :]

    def table(span: list[int]) -> pyarrow.Table:
        return pyarrow.ipc.open_stream(pyarrow.py_buffer(body[span[0] : span[1]])).read_all()

    sheets = []
    for sheet in header["sheets"]:
        frames = {name: _frame(table(frame["part"]), frame["dtypes"]) for name, frame in sheet["frames"].items()}  # fmt: skip
        rows = {name: frozenset(table(sheet["rows"][name]).column(0).to_pylist()) for name in _ROWS}
        members = {source: tuple(of) for source, of in sheet["members"].items()}
        money = None
        if sheet["money"]:
            by_row = table(sheet["money"]["part"])
            money = SheetMoney(by_row["printed"].to_numpy(), by_row["loaded"].to_numpy(), sheet["money"]["ignored"], sheet["money"]["totals"])  # fmt: skip
        sheets.append(SheetRead(sheet["layout"], frames, members, account=SheetAccount(**sheet["account"]), money=money, **rows))  # fmt: skip
    return OneFile(
        FileRead(**header["file"]) if header["file"] else None,
        tuple(Problem(**problem) for problem in header["problems"]),
        tuple(sheets),
        tuple(SheetAccount(**account) for account in header["others"]),
    )


def _money(money: SheetMoney | None, part: Callable[[pyarrow.Table], list[int]]) -> dict[str, Any] | None:
    if money is None:
        return None
    table = pyarrow.table({"printed": money.printed, "loaded": money.loaded})
    return {"part": part(table), "ignored": money.ignored, "totals": money.totals}


def _row_table(rows: frozenset[int]) -> pyarrow.Table:
    return pyarrow.table({"row": pyarrow.array(sorted(rows), pyarrow.int64())})


def _arrow(frame: pandas.DataFrame) -> tuple[pyarrow.Table, dict[str, str]]:
    """The frame's columns as Arrow has them, and the dtype that each is to have again."""
    columns, dtypes = {}, {}
    for name in frame.columns:
        dtypes[name] = str(frame[name].dtype)
        columns[name] = _column(name, frame[name])
    return pyarrow.table(columns), dtypes


def _column(name: str, values: pandas.Series[Any]) -> pyarrow.Array:
    if values.dtype.kind in "ifb" and isinstance(values.dtype, numpy.dtype):
        return pyarrow.array(values.to_numpy())
    if str(values.dtype) not in ("object", "str"):
        raise UnpackableError(f"{name} is of type {values.dtype}")
    cells = values.tolist()
    if str(values.dtype) == "str":  # whose missing value is a float
        cells = [cell if isinstance(cell, str) else None for cell in cells]
    kinds = frozenset(kind.__name__ for kind in set(map(type, cells)) - {type(None)})
    if kinds not in _KINDS:
        raise UnpackableError(f"{name} holds values of the types {', '.join(sorted(kinds))}")
    try:
        array = pyarrow.array(cells, _KINDS[kinds], from_pandas=False)
    except (pyarrow.ArrowException, OverflowError) as error:
        raise UnpackableError(f"{name}: {error}") from error
    return array.dictionary_encode() if kinds == {"str"} else array


def _frame(table: pyarrow.Table, dtypes: Mapping[str, str]) -> pandas.DataFrame:
    return pandas.DataFrame(
        {
            name: pandas.Series(_cells(table.column(name), dtype), dtype=dtype)
            for name, dtype in dtypes.items()
        },
        index=range(table.num_rows),
    )


def _cells(column: pyarrow.ChunkedArray, dtype: str) -> numpy.ndarray[Any, Any]:
    array = column.combine_chunks()
    if dtype not in ("object", "str"):
        return array.to_numpy(zero_copy_only=False)
    if pyarrow.types.is_dictionary(array.type):
        # Each distinct text once, and shared: a column of a register has few.
        distinct = numpy.array([*array.dictionary.to_pylist(), None], dtype=object)
        return distinct[array.indices.fill_null(len(distinct) - 1).to_numpy(zero_copy_only=False)]
    cells = numpy.empty(len(array), dtype=object)
    cells[:] = array.to_pylist()
    return cells
