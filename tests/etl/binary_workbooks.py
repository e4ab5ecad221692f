"""Smallest possible .xls and .xlsb files, written record by record: no library at hand writes either.

After Microsoft's open specifications MS-CFB, MS-XLS and MS-XLSB. Python-calamine reads both.
"""

from __future__ import annotations

import struct
import zipfile
from pathlib import Path

REF, NOT_AVAILABLE, DIVIDED_BY_NOUGHT = 0x17, 0x2A, 0x07


def xls_file(path: Path, *, encrypted: bool = False) -> Path:
    """A sheet "Data": "title" in A1, 5.5 in B3, #N/A in C3, a formula that gives #REF! in D3; row 4 hidden, with 7 in A4."""
    bof = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0x0DBB, 0x07CC, 0, 6))
    locked = _record(0x2F, struct.pack("<HHHHH", 1, 1, 1, 0, 0) + bytes(44)) if encrypted else b""
    code_page = _record(0x0042, struct.pack("<H", 1200))
    sheet_length = 4 + 4 + 2 + 2 + len(b"Data")
    position = len(bof) + len(locked) + len(code_page) + sheet_length + 4
    bound = _record(0x0085, struct.pack("<IBB", position, 0, 0) + struct.pack("<BB", 4, 0) + b"Data")
    end = _record(0x000A, b"")
    label = struct.pack("<HHH", 0, 0, 0) + struct.pack("<HB", 5, 0) + b"title"
    number = struct.pack("<HHHd", 2, 1, 0, 5.5)
    error = struct.pack("<HHHBB", 2, 2, 0, NOT_AVAILABLE, 1)
    result = bytes([2, 0, REF, 0, 0, 0, 0xFF, 0xFF])
    formula = (
        struct.pack("<HHH", 2, 3, 0) + result + struct.pack("<HI", 0, 0) + struct.pack("<HBB", 2, 0x1C, REF)
    )
    hidden = struct.pack("<HHHHHHHH", 3, 0, 1, 255, 0, 0, 0x0120, 15)
    sheet = [
        _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0x0DBB, 0x07CC, 0, 6)),
        _record(0x0200, struct.pack("<IIHHH", 0, 4, 0, 4, 0)),
        _record(0x0208, hidden),
        _record(0x0204, label),
        _record(0x0203, number),
        _record(0x0205, error),
        _record(0x0006, formula),
        _record(0x0203, struct.pack("<HHHd", 3, 0, 0, 7.0)),
        end,
    ]
    path.write_bytes(compound_file("Workbook", bof + locked + code_page + bound + end + b"".join(sheet)))
    return path


def _record(number: int, body: bytes) -> bytes:
    return struct.pack("<HH", number, len(body)) + body


def compound_file(name: str, stream: bytes) -> bytes:
    """An OLE container with one stream, kept in ordinary sectors of 512 bytes."""
    stream = stream.ljust(4096, b"\x00")  # below 4,096 bytes it would go in the mini stream
    count = -(-len(stream) // 512)
    table = [0xFFFFFFFD, 0xFFFFFFFE, *range(3, count + 2), 0xFFFFFFFE]
    table += [0xFFFFFFFF] * (128 - len(table))
    header = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
        + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
        + struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
        + struct.pack("<109I", 0, *[0xFFFFFFFF] * 108)
    )  # fmt: skip
    directory = _entry("Root Entry", 5, 0xFFFFFFFE, 0, child=1) + _entry(name, 2, 2, len(stream)) + bytes(256)
    return header + struct.pack("<128I", *table) + directory + stream.ljust(count * 512, b"\x00")


def _entry(name: str, kind: int, start: int, size: int, child: int = 0xFFFFFFFF) -> bytes:
    encoded = name.encode("utf-16-le") + b"\x00\x00"
    links = struct.pack("<BBIII", kind, 1, 0xFFFFFFFF, 0xFFFFFFFF, child)
    return (
        encoded.ljust(64, b"\x00")
        + struct.pack("<H", len(encoded))
        + links
        + bytes(36)
        + struct.pack("<IQ", start, size)
    )


_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def xlsb_file(path: Path) -> Path:
    """A sheet "Data": 5.5 in B3, #N/A in C3, a formula that gives #REF! in D3; row 4 hidden, with 7 in A4; A6:B6 merged."""
    rows = [
        _row(2),
        _brt(5, _cell(1) + struct.pack("<d", 5.5)),
        _brt(3, _cell(2) + bytes([NOT_AVAILABLE])),
        _brt(11, _cell(3) + bytes([REF]) + struct.pack("<HII", 0, 0, 0)),
        _row(3, hidden=True),
        _brt(5, _cell(0) + struct.pack("<d", 7.0)),
    ]
    dimension = _brt(148, struct.pack("<IIII", 2, 3, 0, 3))
    merged = _brt(177, struct.pack("<I", 1)) + _brt(176, struct.pack("<IIII", 5, 5, 0, 1)) + _brt(178, b"")
    sheet = (
        _brt(129, b"")
        + dimension
        + _brt(145, b"")
        + b"".join(rows)
        + _brt(146, b"")
        + merged
        + _brt(130, b"")
    )
    bundle = struct.pack("<II", 0, 1) + _text("rId1") + _text("Data")
    workbook = _brt(131, b"") + _brt(143, b"") + _brt(156, bundle) + _brt(144, b"") + _brt(132, b"")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "[Content_Types].xml",
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        )
        archive.writestr("_rels/.rels", f'<Relationships xmlns="{_PACKAGE}"/>')
        archive.writestr(
            "xl/_rels/workbook.bin.rels",
            f'<Relationships xmlns="{_PACKAGE}">'
            f'<Relationship Id="rId1" Type="{_RELATIONS}/worksheet" Target="worksheets/sheet1.bin"/></Relationships>',
        )
        archive.writestr("xl/workbook.bin", workbook)
        archive.writestr("xl/worksheets/sheet1.bin", sheet)
    return path


def _brt(number: int, body: bytes) -> bytes:
    head = bytes([number]) if number < 128 else bytes([number & 0x7F | 0x80, number >> 7])
    return head + bytes([len(body)]) + body


def _row(row: int, hidden: bool = False) -> bytes:
    return _brt(0, struct.pack("<IIHBBBI", row, 0, 300, 0, 0x10 if hidden else 0, 0, 0))


def _cell(column: int) -> bytes:
    return struct.pack("<II", column, 0)


def _text(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")
