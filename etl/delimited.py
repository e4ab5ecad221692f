"""Cells of csv files: their encoding, their delimiter, and a zip of them read in place.

Every value is text as found; an empty field is None. Rows are numbered as a spreadsheet program would
number them: a record with a line break inside quotes is one row.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path, PurePosixPath

from etl.cells import Sheet
from etl.preflight import Archive, Finding, Limits, RefusedError

DELIMITERS = (",", ";", "\t", "|")
_SNIFFED = 64_000  # characters that tell the delimiter
_GUESSED = 256_000  # bytes that charset-normalizer is shown: it is slow
_PIECE = 1 << 20  # characters that are taken apart into lines at a time
_END = "\x1eend"


def csv_sheets(data: bytes, file: str, limits: Limits) -> tuple[list[Sheet], list[Finding]]:
    """The one sheet of a csv file, or none if it holds nothing but blanks. Refused if it cannot be read."""
    text, encoding, findings = decoded(data)
    name = PurePosixPath(file).stem
    rows = _rows(text, limits)
    if not rows:
        findings.append(
            Finding("", "empty_file", "it holds no values", "a table", "Fetch or save the file again")
        )
        return [], findings
    return [Sheet(file=file, name=name, rows=rows, reader="csv", encoding=encoding)], findings


def zip_sheets(path: Path, file: str, limits: Limits) -> tuple[list[Sheet], list[Finding]]:
    """A sheet for each csv of a zip archive, in the archive's order; what is no csv is named in a note.

    A finding about one member has ``/member`` as its place.
    """
    archive = Archive(path, limits)
    sheets: list[Sheet] = []
    findings: list[Finding] = []
    ignored = []
    for member, entry in archive.entries.items():
        if entry.is_dir():
            continue
        if not member.lower().endswith(".csv") or member.startswith("__MACOSX/"):
            ignored.append(member)
            continue
        try:
            left = replace(
                limits, cells=limits.cells - sum(len(sheet.rows) * sheet.width for sheet in sheets)
            )
            found, problems = csv_sheets(archive.read(member), f"{file}/{member}", left)
        except RefusedError as refused:
            found, problems = [], [refused.finding]
        sheets += found
        findings += [
            problem._replace(place=f"/{member}{'!' * bool(problem.place)}{problem.place}")
            for problem in problems
        ]
    if not sheets and not findings:
        findings.append(Finding("", "no_csv", f"none of its {len(ignored)} members is a csv", "a zip archive of csv files",
                                "Unpack it and put its spreadsheets in the folder"))  # fmt: skip
    if ignored:
        shown = ", ".join(ignored[:20]) + (f" and {len(ignored) - 20} more" if len(ignored) > 20 else "")
        findings.append(
            Finding("", "ignored_member", f"not read, because not a csv: {shown}", "", "", "note")
        )
    return sheets, findings


def decoded(data: bytes) -> tuple[str, str, list[Finding]]:
    """The text, the encoding as Python names it, and a note where that was guessed or looks mixed.

    In order: a byte order mark, UTF-16 without one, UTF-8, cp1252, and charset-normalizer's guess.
    """
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if data.startswith(mark):
            return _strict(data, encoding), encoding, []
    # Plain text holds no NUL; in UTF-16 every other byte of Western text is one.
    head = data[:4000]
    for encoding, offset in (("utf-16-le", 1), ("utf-16-be", 0)):
        if (
            head
            and head[offset::2].count(0) > len(head) / 4
            and head[1 - offset :: 2].count(0) < len(head) / 8
        ):
            return _strict(data, encoding), encoding, []
    nought = data.find(b"\x00")
    if nought >= 0:
        raise RefusedError(Finding("", "damaged", f"from byte {nought + 1:,} on it holds bytes of nought, as a file does that was cut off while it was written",
                              "text throughout", "Fetch or save the file again"))  # fmt: skip
    try:
        return data.decode("utf-8"), "utf-8", []
    except UnicodeDecodeError:
        pass
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        return _guessed(data)
    mixed = any(sign in data for sign in (b"\xc2\xa3", b"\xe2\x80\x93", b"\xe2\x80\x99"))
    return text, "cp1252", [Finding(
        "", "mixed_encoding", "most of it is cp1252 but parts are UTF-8, so some characters (£, –, ’) come out as two or three",
        "one encoding", "Ask for the file in UTF-8", "note",
    )] * mixed  # fmt: skip


def _strict(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise RefusedError(Finding("", "bad_encoding", f"it says that it is {encoding} but byte {error.start:,} is not", "one encoding throughout",
                              "Fetch the file again, or save it as CSV UTF-8")) from error  # fmt: skip


def _guessed(data: bytes) -> tuple[str, str, list[Finding]]:
    import charset_normalizer  # a twentieth of a second that few files need

    best = charset_normalizer.from_bytes(data[:_GUESSED]).best()
    if best is None:
        raise RefusedError(
            Finding(
                "",
                "bad_encoding",
                "it is not text in any encoding we know",
                "text in UTF-8 or cp1252",
                "Save it as CSV UTF-8",
            )
        )
    return data.decode(best.encoding, errors="replace"), best.encoding, [Finding(
        "", "guessed_encoding", f"its encoding is neither UTF-8 nor cp1252; {best.encoding} is a guess", "UTF-8 or cp1252",
        "Check names with accents and £ signs, or save it as CSV UTF-8", "note",
    )]  # fmt: skip


def delimiter_of(text: str) -> str:
    """The delimiter by which most of the first rows have the same number of fields, more than one; else a comma."""

    def agreement(delimiter: str) -> tuple[int, int]:
        widths = Counter(
            len(row) for row in csv.reader(io.StringIO(text[:_SNIFFED], newline=""), delimiter=delimiter)
        )
        several = [(rows, width) for width, rows in widths.items() if width > 1]
        return max(several, default=(0, 0))

    return max(DELIMITERS, key=agreement)


def _rows(text: str, limits: Limits) -> list[list[str | None]]:
    one: dict[str, str | None] = {"": None}
    keep = one.setdefault  # the same text many times is one object
    rows: list[list[str | None]] = []
    cells = 0
    try:
        for row in csv.reader(_lines(text), delimiter=delimiter_of(text)):
            cells += len(row) + 1  # a blank row takes its place too
            if cells > limits.cells:
                raise _too_many_cells(len(rows) + 1, len(row), limits)
            rows.append([keep(value, value) for value in row])
    except csv.Error as error:
        raise RefusedError(Finding("", "unreadable_file", f"it cannot be read as a csv ({error})", "a csv whose quotation marks are closed",
                              "Open it in a spreadsheet program, check it and save it again")) from error  # fmt: skip
    if rows and rows[-1] == [_END]:
        rows.pop()
    else:
        raise RefusedError(Finding("", "open_quote", f"a quotation mark opened in row {len(rows)} is never closed, so the rows after it run together",
                              "each quotation mark closed, or doubled within a field", "Correct that row and save it again"))  # fmt: skip
    while rows and not any(rows[-1]):
        rows.pop()
    width = max(map(len, rows), default=0)
    if width * len(rows) > limits.cells:
        raise _too_many_cells(len(rows), width, limits)
    while width and not any(len(row) == width and row[-1] for row in rows):
        width -= 1
        rows = [row[:width] for row in rows]
    return [row if len(row) == width else row + [None] * (width - len(row)) for row in rows]


def _lines(text: str) -> Iterator[str]:
    """The text's lines with their ends, and `_END` as the last; a copy of the text never lies in memory whole."""
    start = 0
    while start < len(text):
        end = start + _PIECE
        while end < len(text) and text[end - 1] != "\n":
            end = text.find("\n", end) + 1 or len(text)
        yield from io.StringIO(text[start:end], newline="")
        start = end
    if not text.endswith(("\n", "\r")):
        yield "\n"
    yield _END


def _too_many_cells(rows: int, width: int, limits: Limits) -> RefusedError:
    return RefusedError(Finding("", "furthest_cell", f"it has {rows:,} rows or more and a row of {width:,} fields", f"at most {limits.cells:,} cells",
                           "Look for a row with too many delimiters"))  # fmt: skip
