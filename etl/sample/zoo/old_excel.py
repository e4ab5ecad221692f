"""The smallest `.xls` that holds a table: texts and numbers, one sheet, no looks. No library at hand writes one.

After Microsoft's open specifications MS-CFB and MS-XLS. Up to some 60,000 bytes of cells: it is for small files.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from pathlib import Path

_SECTOR = 512
_FREE, _END, _TABLE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def write_xls(path: Path, sheet: str, rows: Sequence[Sequence[str | float | None]]) -> Path:
    """Write one sheet of texts and numbers; None is a blank. ValueError where it would not fit."""
    book = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0x0DBB, 0x07CC, 0, 6)) + _record(
        0x0042, struct.pack("<H", 1200)
    )
    name = sheet.encode("latin-1")
    end = _record(0x000A, b"")
    position = len(book) + 4 + 8 + len(name) + len(end)
    book += _record(0x0085, struct.pack("<IBBBB", position, 0, 0, len(name), 0) + name) + end
    width = max(map(len, rows))
    cells = [
        _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0x0DBB, 0x07CC, 0, 6)),
        _record(0x0200, struct.pack("<IIHHH", 0, len(rows), 0, width, 0)),
        *(
            _cell(r, c, value)
            for r, row in enumerate(rows)
            for c, value in enumerate(row)
            if value is not None
        ),
        end,
    ]
    path.write_bytes(_compound_file(book + b"".join(cells)))
    return path


def _cell(row: int, column: int, value: str | float) -> bytes:
    if isinstance(value, str):
        text = value.encode("utf-16-le")
        return _record(0x0204, struct.pack("<HHHHB", row, column, 0, len(text) // 2, 1) + text)
    return _record(0x0203, struct.pack("<HHHd", row, column, 0, float(value)))


def _record(number: int, body: bytes) -> bytes:
    return struct.pack("<HH", number, len(body)) + body


def _compound_file(stream: bytes) -> bytes:
    """A container with the one stream "Workbook" in ordinary sectors."""
    stream = stream.ljust(4096, b"\x00")  # a smaller one would have to go in the mini stream
    count = -(-len(stream) // _SECTOR)
    if count > 120:
        raise ValueError(f"{len(stream):,} bytes are too many for this small writer")
    table = [_TABLE, _END, *range(3, count + 2), _END]
    table += [_FREE] * (_SECTOR // 4 - len(table))
    header = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
        + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
        + struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, _END, 0, _END, 0)
        + struct.pack("<109I", 0, *[_FREE] * 108)
    )  # fmt: skip
    directory = _entry("Root Entry", 5, _END, 0, child=1) + _entry("Workbook", 2, 2, len(stream)) + bytes(256)
    return header + struct.pack("<128I", *table) + directory + stream.ljust(count * _SECTOR, b"\x00")


def _entry(name: str, kind: int, start: int, size: int, child: int = _FREE) -> bytes:
    encoded = name.encode("utf-16-le") + b"\x00\x00"
    links = struct.pack("<BBIII", kind, 1, _FREE, _FREE, child)
    return encoded.ljust(64, b"\x00") + struct.pack("<H", len(encoded)) + links + bytes(36) + struct.pack("<IQ", start, size)  # fmt: skip
