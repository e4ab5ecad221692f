"""Looks at a file before anything opens it: is it what its name says, and is it small enough to open?

Works on bytes and on the entries of a zip archive; it knows file formats by their signatures only.
The child process imports it too, so it needs nothing but the standard library.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NamedTuple
from xml.parsers import expat

CHUNK = 1 << 18


@dataclass(frozen=True)
class Limits:
    """How much a file may ask of us. A file that asks more is refused with a sentence, never opened.

    Parameters
    ----------
    file_bytes: size of the file as it lies on the disk.
    parts: entries of a zip archive (a workbook is one).
    inflated_bytes: what those entries may come to when inflated, both as declared and as counted.
    cells: rows × columns of one sheet, from A1 to its furthest cell with a value, and of all its sheets together.
    memory_bytes: address space of the child process, where the platform can limit it (not Windows).
    seconds: how long the child process may take over one file.
    answer_bytes: what it may hand back: all that stands in the cells of the file.

    The defaults let through a sheet of a million rows by 26 columns.
    """

    file_bytes: int = 200_000_000
    parts: int = 5_000
    inflated_bytes: int = 1_500_000_000
    cells: int = 30_000_000
    memory_bytes: int = 6_000_000_000
    seconds: float = 120.0
    answer_bytes: int = 1_000_000_000


class Finding(NamedTuple):
    """A Problem before it knows its file: `place` is a sheet, a cell ("Sheet1!C17"), or empty for the file."""

    place: str
    what: str
    found: str
    expected: str
    action: str
    severity: Literal["refusal", "note"] = "refusal"


class RefusedError(Exception):
    """The file, or one sheet of it, cannot be read; `finding` says why."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.found)
        self.finding = finding


WORKBOOK_KINDS = frozenset({"xlsx", "xls", "xlsb", "ods"})
KIND_OF_ENDING = {
    ".xlsx": "xlsx", ".xlsm": "xlsx", ".xls": "xls", ".xlsb": "xlsb", ".ods": "ods",
    ".csv": "csv", ".zip": "zip", ".json": "json",
}  # fmt: skip
_SAVE_AS = "Open it in Excel or LibreOffice and save it as .xlsx"
_SEND_AGAIN = "Fetch or save the file again"


def kind_of(path: Path, limits: Limits) -> tuple[str, tuple[Finding, ...]]:
    """What a file really is ("xlsx", "xls", "xlsb", "ods", "csv", "zip", "json"), and a note if its name says otherwise.

    A workbook with another workbook's ending is read for what it is; everything else that is not what
    it says is Refused, as are password-protected, empty, truncated and pre-1997 files.
    """
    ending = path.suffix.lower()
    named = KIND_OF_ENDING.get(ending)
    if named is None:
        raise RefusedError(Finding(
            "", "unknown_ending", f'a name that ends in "{ending}" is not a spreadsheet\'s',
            "one of " + ", ".join(KIND_OF_ENDING), "Save it as one of those, or take it out of the folder",
        ))  # fmt: skip
    if path.stat().st_size == 0:
        raise RefusedError(
            Finding("", "empty_file", "the file is empty (0 bytes)", "a spreadsheet", _SEND_AGAIN)
        )
    real = _signature(path, limits)
    if real == "text":
        if named in {"csv", "json"}:
            return named, ()
        raise RefusedError(Finding(
            "", "not_a_workbook", f"it is plain text, though its name ends in {ending}", "a workbook",
            "If it is a csv, give its name the ending .csv; otherwise open it in Excel and save it as .xlsx",
        ))  # fmt: skip
    if real == named:
        return real, ()
    if real in WORKBOOK_KINDS:
        right = "." + real if real != "xlsx" else ".xlsx"
        return real, (Finding(
            "", "renamed_file", f"it is really {_article(right)} workbook, though its name ends in {ending}; read as {right}",
            f"a file that is what its name says ({ending})", f"Give its name the ending {right}", "note",
        ),)  # fmt: skip
    raise RefusedError(Finding(
        "", "not_what_it_says", f"it is a zip archive and not a workbook, though its name ends in {ending}",
        f"{_article(ending)} file", "If it is an archive of csv files, give its name the ending .zip",
    ))  # fmt: skip


def _article(ending: str) -> str:
    return f"an {ending}" if ending.startswith((".x", ".o")) else f"a {ending}"


def _signature(path: Path, limits: Limits) -> str:
    """The kind that the first bytes tell: a workbook's, "zip" or "text". Refused for what we never read."""
    with path.open("rb") as file:
        head = file.read(4096)
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zip_kind(path, limits)
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return _compound_kind(path)
    if len(head) > 4 and head[0] == 9 and head[1] in (0, 2, 4) and head[2] in (4, 6) and head[3] == 0:
        raise RefusedError(
            Finding(
                "",
                "too_old",
                "it is a workbook of Excel 2 to 4, from before 1994",
                "Excel 97 or later",
                _SAVE_AS,
            )
        )
    if head.startswith(b"%PDF"):
        raise RefusedError(Finding("", "not_a_workbook", f"it is a PDF, though its name ends in {path.suffix}", "a spreadsheet",
                              "Ask its sender for the spreadsheet"))  # fmt: skip
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:2048].replace(b"\x00", b"").lower()
    if start.startswith((b"<", b"mime-version:")):
        if b"urn:schemas-microsoft-com:office:spreadsheet" in start:
            shape = "an Excel 2003 XML file"
        elif any(
            tag in start for tag in (b"<html", b"<!doctype html", b"<table", b"<head", b"text/html", b"<body")
        ):
            shape = "a web page (HTML)"
        else:
            shape = "an XML file"
        raise RefusedError(Finding("", "not_a_workbook", f"it is {shape}, though its name ends in {path.suffix}", "a spreadsheet",
                              _SAVE_AS))  # fmt: skip
    return "text"


def _zip_kind(path: Path, limits: Limits) -> str:
    with open_archive(path, limits) as archive:
        names = {name.replace("\\", "/").lower() for name in archive.namelist()}
    if "xl/workbook.bin" in names:
        return "xlsb"
    if "xl/workbook.xml" in names or (
        "[content_types].xml" in names and any(n.startswith("xl/") for n in names)
    ):
        return "xlsx"
    if "content.xml" in names:
        return "ods"
    return "zip"


# The directory's share of one part: 46 bytes, its name, and what programs add. Names are short in practice.
_ENTRY_BYTES = 1_000


def open_archive(path: Path, limits: Limits) -> zipfile.ZipFile:
    """The zip archive, its directory read. Refused where that is broken, as in a file cut short, or far too long."""
    size = _directory_bytes(path)
    if size > limits.parts * _ENTRY_BYTES:  # read whole, it would take ten times as much memory
        raise RefusedError(_too_many_parts(size // 46, limits))
    try:
        return zipfile.ZipFile(path)
    except (zipfile.BadZipFile, struct.error, ValueError, NotImplementedError, UnicodeDecodeError) as error:
        raise RefusedError(Finding("", "truncated", "it is cut short or damaged: the directory at its end is missing or broken",
                              "a whole file", _SEND_AGAIN)) from error  # fmt: skip


def _directory_bytes(path: Path) -> int:
    """How long a zip archive's directory says that it is; 0 where it does not say, or says so elsewhere (zip64)."""
    with path.open("rb") as file:
        file.seek(max(0, file.seek(0, io.SEEK_END) - 65_557))
        tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) < at + 22:
        return 0
    size: int = struct.unpack_from("<I", tail, at + 12)[0]
    return 0 if size == 0xFFFFFFFF else size


def _compound_kind(path: Path) -> str:
    """ "xls" for an old binary workbook; Refused for the other things that come in an OLE container."""
    data = path.read_bytes()
    if len(data) < 1536:
        raise RefusedError(
            Finding(
                "",
                "truncated",
                "it is cut short: an .xls of this size holds nothing",
                "a whole file",
                _SEND_AGAIN,
            )
        )
    if _has_stream(data, "EncryptedPackage"):
        raise RefusedError(password_finding())
    if not (_has_stream(data, "Workbook") or _has_stream(data, "Book")):
        raise RefusedError(Finding("", "not_a_workbook", "it holds no workbook: another program's file, or one cut short",
                              "a workbook", _SAVE_AS))  # fmt: skip
    return "xls"


def _has_stream(data: bytes, name: str) -> bool:
    """Whether an OLE container's directory names a stream. Entries are 128 bytes, on 128-byte boundaries."""
    wanted = name.encode("utf-16-le") + b"\x00\x00"
    at = data.find(wanted)
    while at >= 0:
        if at % 128 == 0:
            return True
        at = data.find(wanted, at + 2)
    return False


def password_finding() -> Finding:
    """The sentence for a file that only a password opens."""
    return Finding("", "password_protected", "it is protected by a password", "a workbook that opens without one",
                   "Save a copy without a password")  # fmt: skip


class Archive:
    """A zip archive whose parts are inflated within a budget, and counted as they really come out.

    Python's own zipfile stops at the size that an entry declares; another program need not. So the
    parts are inflated here, and an entry that holds more than it declares is Refused.
    """

    def __init__(self, path: Path, limits: Limits) -> None:
        with open_archive(path, limits) as archive:
            self.entries = {entry.filename: entry for entry in archive.infolist()}
            listed = len(archive.infolist())
        self.path = path
        self.limits = limits
        self._spent: dict[str, int] = {}
        declared = sum(entry.file_size for entry in self.entries.values())
        if listed > limits.parts:
            raise RefusedError(_too_many_parts(listed, limits))
        if listed > len(self.entries):
            raise RefusedError(
                Finding(
                    "", "repeated_part", "two of its parts have the same name", "each part once", _SEND_AGAIN
                )
            )
        if declared > limits.inflated_bytes:
            raise RefusedError(_too_big(declared, limits))
        if any(entry.flag_bits & 1 for entry in self.entries.values()):
            raise RefusedError(password_finding())

    def chunks(self, name: str) -> Iterator[bytes]:
        """The bytes of one part, inflated, a chunk at a time. Refused once the budget is spent."""
        entry = self.entries[name]
        total = checksum = 0
        others = sum(spent for part, spent in self._spent.items() if part != name)
        for chunk in self._inflated(entry):
            total += len(chunk)
            checksum = zlib.crc32(chunk, checksum)
            # a part that is read twice is counted once
            self._spent[name] = max(total, self._spent.get(name, 0))
            if total > entry.file_size or others + total > self.limits.inflated_bytes:
                raise RefusedError(_too_big(others + total, self.limits, entry))
            yield chunk
        if total < entry.file_size or checksum != entry.CRC:
            raise RefusedError(self._damaged(entry))

    def read(self, name: str) -> bytes:
        """The bytes of one part, whole."""
        return b"".join(self.chunks(name))

    def _inflated(self, entry: zipfile.ZipInfo) -> Iterator[bytes]:
        with self.path.open("rb") as file:
            file.seek(entry.header_offset)
            header = file.read(30)
            if len(header) < 30 or not header.startswith(b"PK\x03\x04"):
                raise RefusedError(self._damaged(entry))
            file.seek(sum(struct.unpack("<HH", header[26:30])), io.SEEK_CUR)
            left = entry.compress_size
            if entry.compress_type == zipfile.ZIP_STORED:
                while left > 0 and (block := file.read(min(CHUNK, left))):
                    left -= len(block)
                    yield block
                return
            if entry.compress_type != zipfile.ZIP_DEFLATED:
                raise RefusedError(Finding("", "unknown_compression", f"its part {entry.filename} is compressed in a way that spreadsheets are not",
                                      "a zip of the usual kind (deflate)", "Unpack it and pack it again"))  # fmt: skip
            inflater = zlib.decompressobj(-15)
            try:
                while left > 0 and not inflater.eof and (block := file.read(min(CHUNK, left))):
                    left -= len(block)
                    while block:
                        yield inflater.decompress(block, CHUNK)
                        block = inflater.unconsumed_tail
                while not inflater.eof and (rest := inflater.decompress(b"", CHUNK)):
                    yield rest
            except zlib.error as error:
                raise RefusedError(self._damaged(entry)) from error

    def _damaged(self, entry: zipfile.ZipInfo) -> Finding:
        return Finding("", "damaged", f"its part {entry.filename} is damaged", "a whole file", _SEND_AGAIN)


def _too_many_parts(found: int, limits: Limits) -> Finding:
    return Finding("", "too_many_parts", f"it is made of {found:,} parts", f"at most {limits.parts:,}",
                   "Save it again from Excel, or raise the limit if it is sound")  # fmt: skip


def _too_big(found: int, limits: Limits, entry: zipfile.ZipInfo | None = None) -> Finding:
    if entry is not None and found <= limits.inflated_bytes:
        shown = f"its part {entry.filename} holds more than the {entry.file_size:,} bytes it declares"
    else:
        shown = f"it inflates to {found:,} bytes or more"
    return Finding("", "inflates_too_far", shown, f"at most {limits.inflated_bytes:,} bytes, and as many as declared",
                   "Delete empty formatted rows and pictures and save it again; if it came from outside, ask who made it")  # fmt: skip


class _RootFoundError(Exception):
    """The document's first element: what stands before it has been seen."""


def refuse_doctype(archive: Archive, name: str) -> None:
    """Inflates one XML part to its end, and refuses it if it declares a document type or entities.

    Such a declaration can only stand before the first element. XML that is broken is left to the reader.
    """

    def root(_name: str, _attributes: dict[str, str]) -> None:
        raise _RootFoundError

    parser = doctype_parser(name)
    parser.StartElementHandler = root
    is_before_root = True
    for chunk in archive.chunks(name):
        if is_before_root:
            try:
                parser.Parse(chunk, False)
            except (_RootFoundError, expat.ExpatError):
                is_before_root = False


def doctype_parser(name: str, namespace_separator: str | None = None) -> expat.XMLParserType:
    """An XML parser that refuses a document type, and with it entities of one's own and outside files."""
    parser = expat.ParserCreate(namespace_separator=namespace_separator)

    def refuse(*_: object) -> None:
        raise RefusedError(Finding("", "document_type", f"its part {name} declares a document type or entities, which no spreadsheet program writes",
                              "plain XML", "Do not trust this file; ask its sender"))  # fmt: skip

    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    return parser
