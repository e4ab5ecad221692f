"""What python-calamine does not show of a workbook: error cells, formulas never calculated, hidden rows,
merged ranges, and how far the cells with a value reach.

Each scan streams the workbook's own parts through a real parser and keeps only what is listed above.
This module scans .xlsx and .xlsm. Seen there and in .ods (`etl.ods_scan`): all five. Seen in .xlsb and
.xls (`etl.binary_scan`): all but formulas never calculated, since both formats store a value beside
each formula (an .xls sometimes says that it was not; merged ranges of .xls come from calamine).
"""

from __future__ import annotations

import contextlib
import operator
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from etl.cells import NEVER_CALCULATED, cell_name, cell_position
from etl.preflight import Archive, Finding, RefusedError, doctype_parser

SPREADSHEETML = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
)
# From this many bytes on, only those rows of a sheet are parsed in which a screen sees a need.
SCREENED_FROM = 4_000_000


@dataclass
class SheetScan:
    """What a scan found in one sheet. Rows and columns are counted from 1.

    `faults` maps (row, column) to the text that a person would see there ("#REF!", or `NEVER_CALCULATED`).
    `last_row` and `last_column` are those of the furthest cells with a value; 0 when there is none.
    `formats` is the number format of a column's numbers, by the column's index (`etl.number_formats`).
    """

    faults: dict[tuple[int, int], str] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    merged: list[str] = field(default_factory=list)
    last_row: int = 0
    last_column: int = 0
    formulas: int = 0
    formats: dict[int, str] = field(default_factory=dict)

    def reach(self, row: int, column: int) -> None:
        """Notes a cell with a value."""
        if row > self.last_row:
            self.last_row = row
        if column > self.last_column:
            self.last_column = column


def xlsx_sheet_scan(archive: Archive, part: str) -> SheetScan:
    """The scan of one sheet of an .xlsx. Refused if its XML is broken or declares a document type."""
    if archive.entries[part].file_size >= SCREENED_FROM:
        screen = Screen()
        with contextlib.suppress(UnusualXmlError):
            scan = xlsx_parse(screen.telling(archive.chunks(part)), part)
            scan.reach(screen.last_row, screen.last_column)
            # empty formatted cells may have made it look too big
            if scan.last_row * scan.last_column <= archive.limits.cells:
                return scan
    return xlsx_parse(archive.chunks(part), part)


def xlsx_parse(chunks: Iterable[bytes], part: str) -> SheetScan:
    """The scan of one sheet's XML by a streaming parser (expat), whatever legal spelling the XML has."""
    parser = doctype_parser(part, namespace_separator=" ")
    parser.buffer_text = True
    scan = SheetScan()
    tags = {
        f"{space} {tag}": tag for space in SPREADSHEETML for tag in ("row", "c", "f", "v", "is", "mergeCell")
    }
    columns: set[str] = set()
    row_of_digits = last_placed = ""
    row = column = 0
    reference: str | None = None
    kind: str | None = None
    has_value = is_pending = has_formula = False
    row_text, row_length, letters = "0", 1, ""
    text: list[str] = []

    def reach() -> None:
        """Notes a cell with a value. Called for each, so a row or a column met before costs next to nothing."""
        nonlocal row_of_digits
        if reference is None:
            scan.reach(row, column)
            return
        letters = reference.rstrip("0123456789")
        digits = reference[len(letters) :]
        if letters not in columns:
            columns.add(letters)
            scan.reach(*cell_position(reference))
        if digits != row_of_digits:
            row_of_digits = digits
            scan.reach(int(digits), 0)

    def finish_cell() -> None:
        """Judges a formula or an error when the next cell begins: that spares a call for each end of an element."""
        nonlocal is_pending
        is_pending = False
        at = (row, column) if reference is None else cell_position(reference)
        shown = "".join(text).strip()
        if kind == "e":
            scan.faults[at] = shown or "#ERROR!"
            scan.reach(*at)
        elif kind == "s" and not has_formula:
            if shown and not (
                shown.isascii() and shown.isdigit()
            ):  # calamine would take it for the first text
                raise ValueError(f"{cell_name(*at)} asks for a text that is not numbered")
        else:
            scan.formulas += 1
            # A formula that gives empty text is stored as t="str" with an empty value: calculated, and blank.
            if not shown and not (has_value and kind == "str"):
                scan.faults[at] = NEVER_CALCULATED
                scan.reach(*at)

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal row, column, last_placed, reference, kind, has_value, is_pending, has_formula
        nonlocal row_text, row_length, letters
        tag = tags.get(name)
        if tag == "v" or tag == "is":
            if is_pending:
                has_value = True
                parser.CharacterDataHandler = text.append
                parser.EndElementHandler = end
            else:
                reach()
        elif tag == "c":
            if is_pending:
                finish_cell()
            reference = attributes.get("r")
            kind = attributes.get("t")
            if reference is not None:
                last_placed = reference
                # A cell told to stand elsewhere would take another's place, or vanish.
                before, letters = letters, reference[:-row_length]
                if (
                    reference[-row_length:] != row_text
                    or not letters.isalpha()
                    or not (letters > before if len(letters) == len(before) else len(letters) > len(before))
                ):
                    raise ValueError(
                        f"cell {reference[:20]} stands in row {row}, after column {before or 'none'}"
                    )
            else:  # it stands to the right of the one before
                if last_placed:
                    column, last_placed = cell_position(last_placed)[1], ""
                column += 1
            if kind == "e" or kind == "s":
                is_pending, has_value, has_formula = True, False, False
                text.clear()
        elif tag == "f":
            has_formula = True
            if not is_pending:
                is_pending, has_value = True, False
                text.clear()
        elif tag == "row":
            if is_pending:
                finish_cell()
            number = attributes.get("r")
            if number is not None and int(number) <= row:
                raise ValueError(f"row {number[:20]} comes after row {row}")
            row = row + 1 if number is None else int(number)
            row_text = str(row)
            row_length = len(row_text)
            column, last_placed, letters = 0, "", ""
            if attributes.get("hidden") in {"1", "true"}:
                scan.hidden_rows.add(row)
        elif tag == "mergeCell":
            scan.merged.append(attributes["ref"])

    def end(name: str) -> None:
        if tags.get(name) in {"v", "is"}:
            parser.CharacterDataHandler = None
            parser.EndElementHandler = None
            if any(text):
                reach()

    parser.StartElementHandler = start
    try:
        for chunk in chunks:
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
        if is_pending:
            finish_cell()
    except (expat.ExpatError, ValueError, KeyError) as error:
        raise RefusedError(
            Finding(
                "", "broken_sheet", f"its part {part} is broken ({error})", "a sheet that opens without repair",
                "Open it in Excel, let it repair the file, check it and save it again",
            )
        ) from error  # fmt: skip
    return scan


# What decides a sheet's scan has no digits in it, and most of a large sheet is digits: looked for without them.
_DIGITS = b"0123456789."
_LETTERS_AS_A = bytes(65 if chr(byte).isascii() and chr(byte).isalpha() else byte for byte in range(256))
_LONGEST_ROW = 16_000_000
_CELL_STARTS = tuple(b"<c" + after for after in (b" ", b">", b"/", b"\n", b"\r", b"\t"))
_ROW_STARTS = tuple(b"<row" + after for after in (b" ", b">", b"/", b"\n", b"\r", b"\t"))
_SIGNS = (b't="e', b"hidden=", b"<f", b"xmlns")  # of an error, a hidden row, a formula, tags by another name
_WIDE_COLUMN = re.compile(rb'<c r="([A-Z]{2,})')
_ROW_NUMBER = re.compile(rb'<row r="(\d+)"')
# Spellings that XML allows and spreadsheet programs do not use: spaces or line ends about "=", single
# quotes, characters by number, comments. Each comes with one byte whose absence rules it out quickly.
_UNUSUAL = (
    (b" ", b"= "), (b" ", b" ="), (b"'", b"='"), (b"#", b"&#"), (b"!", b"<!"),
    *((space, space + b"=") for space in (b"\n", b"\r", b"\t")),
    *((space, b"=" + space) for space in (b"\n", b"\r", b"\t")),
)  # fmt: skip


class UnusualXmlError(Exception):
    """The sheet's XML is legal or not, but not written as spreadsheet programs write it: parse it whole."""


class Screen:
    """Leaves out of a large sheet's XML the rows that a scan need not parse: most of them, and quickly.

    A run of rows is left out if nothing in it can be an error, a formula or a hidden row. That is
    decided without a parser, so it must never be wrong: any spelling but the plain one of spreadsheet
    programs, in UTF-8, raises UnusualXmlError. `last_row` and `last_column` then tell how far all cells
    reach, empty formatted ones too.
    """

    def __init__(self) -> None:
        self.last_row = 0
        self._columns = {b"Z"}

    @property
    def last_column(self) -> int:
        """The furthest column of the rows that have passed, or 26, whichever is more."""
        return max(cell_position(f"{letters.decode()}1")[1] for letters in self._columns)

    def telling(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        """The parts of the XML worth parsing: the start, the end, and the rows that may tell something.

        What is left out is always a run of whole rows, so that the rest is a document still.
        """
        kept, is_start = b"", True
        for chunk in chunks:
            kept += chunk
            if len(kept) > _LONGEST_ROW:
                raise UnusualXmlError
            cut = kept.rfind(b"<row ")
            if cut > 0:
                piece, kept = kept[:cut], kept[cut:]
                if is_start:
                    self._require_plain_start(piece)
                if self._may_tell(piece) or is_start:
                    yield piece if is_start else _rows_that_may_tell(piece)
                is_start = False
        if is_start:
            raise UnusualXmlError
        self._may_tell(kept)
        yield kept

    def _require_plain_start(self, piece: bytes) -> None:
        """UTF-8, with the spreadsheet's namespace as the default one. A prefix ("<x:c>") would hide the tags."""
        root = piece.find(b"<worksheet ")
        declaration = piece[: max(root, 0)].lower()
        is_utf8 = b"encoding" not in declaration or b'encoding="utf-8"' in declaration
        named = [space.encode() for space in SPREADSHEETML if space.encode() in piece]
        is_default = len(named) == 1 and b'xmlns="' + named[0] + b'"' in piece and piece.count(named[0]) == 1
        if root < 0 or b"\x00" in piece or not is_utf8 or not is_default:
            raise UnusualXmlError

    def _may_tell(self, piece: bytes) -> bool:
        """Whether the rows may hold an error, a formula or be hidden. Notes how far they reach."""
        rows = _ROW_NUMBER.findall(piece)
        if rows:
            numbers = [self.last_row, *map(int, rows)]
            if any(map(operator.ge, numbers, numbers[1:])):
                raise UnusualXmlError
            self.last_row = numbers[-1]
        bare = piece.translate(None, _DIGITS)
        if any(byte in bare and sign in bare for byte, sign in _UNUSUAL):
            raise UnusualXmlError
        # Each row and each cell must say where it is, for the one before it may be left out.
        placed = bare.count(b'<c r="')
        if (
            _starts(bare, b"<row", _ROW_STARTS, len(rows)) != len(rows)
            or _starts(bare, b"<c", _CELL_STARTS, placed) != placed
        ):
            raise UnusualXmlError
        # A cell of another row than it stands in, or a text that has no number.
        if not _all_in_their_rows(piece) or bare.count(b't="s"') != bare.count(b't="s"><v></v></c>'):
            raise UnusualXmlError
        self._columns.update(_WIDE_COLUMN.findall(bare))
        return any(sign in bare for sign in _SIGNS)


def _rows_that_may_tell(piece: bytes) -> bytes:
    """Of whole rows that a screen has passed, those in which it sees a need; all where more than rows is there."""
    spans: set[tuple[int, int]] = set()
    for sign in _SIGNS:
        at = piece.find(sign)
        while at >= 0:
            start, end = piece.rfind(b"<row ", 0, at), piece.find(b"<row ", at)
            end = len(piece) if end < 0 else end
            if (
                start < 0
                or not piece.endswith((b"</row>", b"/>"), start, end)
                or b"</sheetData" in piece[start:end]
            ):
                return piece
            spans.add((start, end))
            at = piece.find(sign, end)
    return b"".join(piece[start:end] for start, end in sorted(spans))


def _all_in_their_rows(piece: bytes) -> bool:
    """Whether each cell's place ends with the number of the row that it stands in."""
    shown = piece.translate(_LETTERS_AS_A)
    for text in shown.split(b'<AAA A="')[1:]:
        number = text[: text.find(b'"')]
        if text.count(b'<A A="A') != text.count(b"A" + number + b'"'):
            return False
    return True


def _starts(chunk: bytes, prefix: bytes, starts: tuple[bytes, ...], expected: int = 0) -> int:
    """How often an element begins. The prefix alone ("<c") also begins others ("<cols"), but is quicker to count."""
    count = chunk.count(prefix)
    return count if count == expected else sum(map(chunk.count, starts))
