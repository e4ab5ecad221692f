"""The same scan as `etl.sheet_scan`, for the binary workbooks: errors, hidden rows and how far cells reach.

.xls is a stream of records (BIFF) in an OLE container, .xlsb a zip of such streams with other record
numbers. Formats: Microsoft's open specifications MS-CFB, MS-XLS and MS-XLSB. Both store a value beside
each formula, so whether a formula was ever calculated can seldom be told from an .xls (where the writer
says so) and never from an .xlsb.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from xml.etree.ElementTree import ParseError

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from etl.cells import NEVER_CALCULATED, cell_name
from etl.preflight import Archive, Finding, RefusedError, password_finding
from etl.sheet_scan import SheetScan

ERROR_CODES = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!",
    0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A", 0x2B: "#GETTING_DATA",
}  # fmt: skip


def _damaged(what: str) -> RefusedError:
    return RefusedError(
        Finding(
            "",
            "damaged",
            f"it is cut short or damaged: {what}",
            "a whole file",
            "Fetch or save the file again",
        )
    )


# --- .xls -------------------------------------------------------------------------------------------

_END_OF_CHAIN = 0xFFFFFFFA  # this and above are markers, not sectors


def compound_stream(data: bytes, *names: str) -> bytes:
    """One stream of an OLE container, the first of the names that it has. Refused if there is none or it is cut short."""
    try:
        sector_shift, mini_shift = struct.unpack_from("<HH", data, 30)
        first_directory, _, cutoff, first_mini_table, _, first_extra, _ = struct.unpack_from("<7I", data, 48)
        if sector_shift not in (9, 12) or mini_shift != 6:
            raise _damaged("its header is not an OLE container's")
        size = 1 << sector_shift

        def sector(number: int) -> bytes:
            block = data[(number + 1) * size : (number + 2) * size]
            if not block:
                raise _damaged("a sector is missing")
            return block

        def chain(first: int, table: list[int]) -> Iterator[int]:
            seen = 0
            while first < _END_OF_CHAIN:
                yield first
                seen += 1
                if first >= len(table) or seen > len(table):
                    raise _damaged("its chain of sectors is broken")
                first = table[first]

        def numbers(block: bytes) -> list[int]:
            return list(struct.unpack(f"<{len(block) // 4}I", block[: len(block) // 4 * 4]))

        tables = [n for n in struct.unpack_from("<109I", data, 76) if n < _END_OF_CHAIN]
        while first_extra < _END_OF_CHAIN and len(tables) * size <= len(data):
            *more, first_extra = numbers(sector(first_extra))
            tables.extend(n for n in more if n < _END_OF_CHAIN)
        table = [entry for n in tables for entry in numbers(sector(n))]
        directory = b"".join(map(sector, chain(first_directory, table)))
        entries: dict[str, tuple[int, int]] = {}
        for at in range(0, len(directory) - 127, 128):
            length = struct.unpack_from("<H", directory, at + 64)[0]
            name = directory[at : at + max(0, min(length, 64) - 2)].decode("utf-16-le", "replace").lower()
            start, stream_size = struct.unpack_from("<II", directory, at + 116)
            entries.setdefault(name if at else "/root", (start, stream_size))
        found = next((entries[name.lower()] for name in names if name.lower() in entries), None)
        if found is None:
            raise _damaged("it holds no workbook")
        start, stream_size = found
        if stream_size >= cutoff:
            stream = b"".join(map(sector, chain(start, table)))
        else:
            mini = b"".join(map(sector, chain(entries["/root"][0], table)))
            mini_table = [n for s in chain(first_mini_table, table) for n in numbers(sector(s))]
            stream = b"".join(mini[n * 64 : n * 64 + 64] for n in chain(start, mini_table))
    except struct.error as error:
        raise _damaged("its header is incomplete") from error
    if len(stream) < stream_size:
        raise _damaged("its workbook is not whole")
    return stream[:stream_size]


def xls_scans(data: bytes) -> list[SheetScan]:
    """The scans of the sheets of an .xls (all kinds of sheet, in the workbook's order)."""
    stream = compound_stream(data, "Workbook", "Book")
    positions = []
    for record, body in _xls_records(stream, 0):
        if record == 0x2F:
            raise RefusedError(password_finding())
        if record == 0x85:
            positions.append(struct.unpack_from("<I", body)[0])
    return [_xls_sheet_scan(stream, position) for position in positions]


def _xls_records(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """The records of one substream, from its BOF to its EOF, those of charts within it left out."""
    depth = 0
    while at + 4 <= len(stream):
        record, length = struct.unpack_from("<HH", stream, at)
        body = stream[at + 4 : at + 4 + length]
        at += 4 + length
        if record == 0x0809:
            depth += 1
        elif record == 0x000A:
            depth -= 1
            if depth <= 0:
                return
        elif depth == 1:
            yield record, body
    raise _damaged("a sheet has no end")


_XLS_CELLS = frozenset({0x0203, 0x027E, 0x00FD, 0x0204, 0x00D6, 0x0205, 0x0006, 0x00BD})


def _xls_sheet_scan(stream: bytes, position: int) -> SheetScan:
    scan = SheetScan()
    try:
        for record, body in _xls_records(stream, position):
            if record == 0x0208:
                row, flags = struct.unpack_from("<H10xH", body)
                if flags & 0x20:
                    scan.hidden_rows.add(row + 1)
            elif record in _XLS_CELLS:
                row, column = struct.unpack_from("<HH", body)
                if record == 0x00BD:
                    scan.reach(row + 1, struct.unpack_from("<H", body, len(body) - 2)[0] + 1)
                    continue
                scan.reach(row + 1, column + 1)
                if record == 0x0205 and body[7]:
                    scan.faults[row + 1, column + 1] = ERROR_CODES.get(body[6], "#ERROR!")
                elif record == 0x0006:
                    scan.formulas += 1
                    # A result whose last two bytes are FFFF is no number; 2 in its first byte is an error.
                    if body[12:14] == b"\xff\xff" and body[6] == 2:
                        scan.faults[row + 1, column + 1] = ERROR_CODES.get(body[8], "#ERROR!")
                    # Empty text, and a flag that Excel never sets: a program wrote the formula and no value.
                    elif body[12:14] == b"\xff\xff" and body[6] == 3 and body[14] & 2:
                        scan.faults[row + 1, column + 1] = NEVER_CALCULATED
    except (struct.error, IndexError) as error:
        raise _damaged("a record is incomplete") from error
    return scan


# --- .xlsb ------------------------------------------------------------------------------------------


def xlsb_scans(archive: Archive) -> list[SheetScan]:
    """The scans of the sheets of an .xlsb (all kinds of sheet, in the workbook's order)."""
    try:
        targets = relationship_targets(archive, "xl/_rels/workbook.bin.rels")
        scans = []
        for record, body in _xlsb_records(archive.read("xl/workbook.bin")):
            if record == 156:  # BrtBundleSh: state, id, then two strings: relationship and name
                length = struct.unpack_from("<I", body, 8)[0]
                relation = body[12 : 12 + 2 * length].decode("utf-16-le")
                scans.append(_xlsb_sheet_scan(archive.read(targets[relation])))
    except (struct.error, IndexError, KeyError, UnicodeDecodeError) as error:
        raise _damaged("a record is incomplete or a part is missing") from error
    return scans


def relationship_targets(archive: Archive, part: str) -> dict[str, str]:
    """What each relationship of a workbook points to: its id → the name of a part. KeyError if the part is missing."""
    try:
        root = ElementTree.fromstring(archive.read(part), forbid_dtd=True)
    except (ParseError, DefusedXmlException) as error:
        raise _damaged(f"its part {part} cannot be read") from error
    targets = {}
    for relation in root:
        target = relation.get("Target", "").replace("\\", "/")
        name = target.lstrip("/") if target.startswith("/") else f"xl/{target.removeprefix('./')}"
        if targets.setdefault(relation.get("Id", ""), name) != name:  # readers differ on which of two counts
            raise _damaged("two of its relationships have the same name")
    return targets


def _xlsb_records(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Records: a number of one or two bytes, a length of one to four (seven bits each), the body."""
    at, end = 0, len(data)
    while at < end:
        record = data[at]
        at += 1
        if record & 0x80:
            record = (record & 0x7F) | (data[at] & 0x7F) << 7
            at += 1
        length = shift = 0
        while True:
            byte = data[at]
            at += 1
            length |= (byte & 0x7F) << shift
            shift += 7
            if not byte & 0x80 or shift == 28:
                break
        yield record, data[at : at + length]
        at += length


def _xlsb_sheet_scan(data: bytes) -> SheetScan:
    scan = SheetScan()
    row = 0
    for record, body in _xlsb_records(data):
        if record == 0:  # BrtRowHdr
            row = struct.unpack_from("<I", body)[0] + 1
            if body[11] & 0x10:
                scan.hidden_rows.add(row)
        elif 2 <= record <= 11:  # a cell with a value; 8 to 11 are results of formulas
            column = struct.unpack_from("<I", body)[0] + 1
            scan.reach(row, column)
            scan.formulas += record >= 8
            if record in (3, 11):
                scan.faults[row, column] = ERROR_CODES.get(body[8], "#ERROR!")
        elif record == 176:  # BrtMergeCell
            top, bottom, left, right = (n + 1 for n in struct.unpack_from("<4I", body))
            scan.merged.append(f"{cell_name(top, left)}:{cell_name(bottom, right)}")
    return scan
