"""Mutants of workbooks: a sound file with one thing changed, at the level of bytes, zip, XML or the sheet itself.

Every mutant follows from its subject and a seed. Each kind of change says what it does to the meaning:

- ``same``: the figures still say what they said (a row inserted, another encoding), or the file is damaged, so
  that they cannot be told: the totals must be as before, or a problem must say why not.
- ``figure``: a figure was changed, doubled or lost, as a person may do: where the sheet prints totals, it must be
  refused; where it prints none, nothing but the comparison with the last load can show it.
- ``label``: a figure was given another name, year, unit or place, or a printed total went too: totals of a column
  cannot see it.
"""

from __future__ import annotations

import csv
import io
import random
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

Meaning = Literal["same", "figure", "label"]


@dataclass(frozen=True)
class Subject:
    """A sound file to be changed: its name with its ending, its bytes, and the files of its layouts where they are its own.

    `unguarded` are codes of figures that it prints alone, without parts or a total of them.
    """

    name: str
    data: bytes
    layouts: tuple[Path, ...] = ()
    unguarded: tuple[str, ...] = ()

    @property
    def ending(self) -> str:
        return Path(self.name).suffix


@dataclass(frozen=True)
class Mutant:
    """A changed file: how it came about, its bytes, and what that means for its figures."""

    level: str
    change: str
    meaning: Meaning
    data: bytes


class NotPossibleError(Exception):
    """This subject has nothing that this change could be made to."""


def mutant(subject: Subject, seed: int) -> Mutant:
    """The mutant that a seed makes of a subject. The same seed always makes the same."""
    chance = random.Random(f"{subject.name} {seed}")  # noqa: S311 (a test wants the same chance again)
    levels = _LEVELS[subject.ending]
    for _ in range(40):
        level = chance.choice(list(levels))
        change = chance.choice(levels[level])
        try:
            data, meaning = change(subject.data, chance)
        except NotPossibleError:
            continue
        if data != subject.data:
            is_unprotected = level == "bytes" and subject.ending in {
                ".csv",
                ".xls",
            }  # no checksum guards a digit there
            return Mutant(level, change.__name__.strip("_"), "figure" if is_unprotected else meaning, data)
    raise NotPossibleError


Change = Callable[[bytes, random.Random], tuple[bytes, Meaning]]


# --- bytes ------------------------------------------------------------------------------------------


def flip(data: bytes, chance: random.Random) -> tuple[bytes, Meaning]:
    changed = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 8, 40))):
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed), "same"


def truncate(data: bytes, chance: random.Random) -> tuple[bytes, Meaning]:
    return data[: chance.randrange(len(data))], "same"


def splice(data: bytes, chance: random.Random) -> tuple[bytes, Meaning]:
    length = chance.choice((4, 64, 1000))
    here, there = chance.randrange(len(data)), chance.randrange(len(data))
    return data[:here] + data[there : there + length] + data[here + length * chance.randrange(2) :], "same"


def erase(data: bytes, chance: random.Random) -> tuple[bytes, Meaning]:
    here, length = chance.randrange(len(data)), chance.choice((1, 30, 600))
    return data[:here] + bytes(len(data[here : here + length])) + data[here + length :], "same"


def append(data: bytes, chance: random.Random) -> tuple[bytes, Meaning]:
    return data + chance.choice((b"\x00" * 512, b"\r\n", data[-300:], b"PK\x05\x06")), "same"


_BYTES: tuple[Change, ...] = (flip, flip, truncate, splice, erase, append)


# --- zip --------------------------------------------------------------------------------------------


def _parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _zipped(parts: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, data in parts.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 4, 1, 0, 0, 0)), data, method)
    return file.getvalue()


def drop_part(data: bytes, chance: random.Random) -> tuple[bytes, Meaning]:
    parts = _parts(data)
    del parts[chance.choice(list(parts))]
    return _zipped(parts), "same"


def swap_parts(data: bytes, chance: random.Random) -> tuple[bytes, Meaning]:
    parts = _parts(data)
    a, b = chance.choice(list(parts)), chance.choice(list(parts))
    parts[a], parts[b] = parts[b], parts[a]
    return _zipped(parts), "same"


def rename_part(data: bytes, chance: random.Random) -> tuple[bytes, Meaning]:
    parts = _parts(data)
    name = chance.choice(list(parts))
    other = chance.choice((name.upper(), f"{name}x", f"../{name}", name.replace("/", "\\")))
    return _zipped({other if part == name else part: content for part, content in parts.items()}), "same"


def recompress(data: bytes, chance: random.Random) -> tuple[bytes, Meaning]:
    parts = list(_parts(data).items())
    chance.shuffle(parts)
    return _zipped(
        dict(parts), chance.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2))
    ), "same"


def empty_part(data: bytes, chance: random.Random) -> tuple[bytes, Meaning]:
    parts = _parts(data)
    parts[chance.choice(list(parts))] = b""
    return _zipped(parts), "same"


_ZIP: tuple[Change, ...] = (drop_part, swap_parts, rename_part, recompress, empty_part)


# --- XML --------------------------------------------------------------------------------------------


def _in_sheet(
    pattern: bytes,
    replacement: Callable[[re.Match[bytes], random.Random], bytes],
    meaning: Meaning,
    part: str = r"xl/worksheets/.*\.xml",
) -> Callable[[bytes, random.Random], tuple[bytes, Meaning]]:
    """A change of one match of a pattern in one of the parts of a name."""

    def change(data: bytes, chance: random.Random) -> tuple[bytes, Meaning]:
        parts = _parts(data)
        found = [
            (name, match)
            for name, content in parts.items()
            if re.fullmatch(part, name)
            for match in re.finditer(pattern, content)
        ]
        if not found:
            raise NotPossibleError
        name, match = chance.choice(found)
        content = parts[name]
        parts[name] = content[: match.start()] + replacement(match, chance) + content[match.end() :]
        return _zipped(parts), meaning

    return change


def _other_digit(match: re.Match[bytes], chance: random.Random) -> bytes:
    text = match[0]
    places = [at for at, byte in enumerate(text) if byte in b"123456789"] or [
        at for at, byte in enumerate(text) if byte in b"0"
    ]
    at = chance.choice(places)
    return text[:at] + str((int(text[at : at + 1]) + chance.randrange(1, 9)) % 10).encode() + text[at + 1 :]


def _named(name: str, change: Change) -> Change:
    change.__name__ = name
    return change


_NUMBER = rb"(?<=<v>)-?\d+(?:\.\d+)?(?=</v>)"
_XML: tuple[Change, ...] = (
    _named("type_of_cell", _in_sheet(rb' t="\w+"', lambda _m, c: c.choice((b"", b' t="n"', b' t="str"', b' t="b"', b' t="e"', b' t="zz"', b' t="d"')), "label")),
    _named("type_given", _in_sheet(rb'(<c r="\w+"(?: s="\d+")?)>(?=<v>)',
                                   lambda m, c: m[1] + c.choice((b' t="s">', b' t="str">', b' t="b">', b' t="e">', b' t="d">', b' t="inlineStr">')), "label")),
    _named("text_of_another_number", _in_sheet(rb'(?<= t="s"><v>)\d+', lambda m, c: str(max(0, int(m[0]) + c.choice((-1, 1, 5)))).encode(), "label")),
    _named("text_out_of_range", _in_sheet(rb'(?<= t="s"><v>)\d+', lambda _m, c: c.choice((b"99999", b"-1", b"1.5", b"x", b"")), "same")),
    _named("cell_of_another_place", _in_sheet(rb'(?<=<c r=")[A-Z]+\d+', lambda _m, c: c.choice((b"A1", b"B7", b"C9", b"XFD1", b"A1048576", b"", b"7", b"a1")), "same")),
    _named("row_of_another_number", _in_sheet(rb'(?<=<row r=")\d+', lambda m, c: str(int(m[0]) + c.choice((-1, 1, 900))).encode(), "same")),
    _named("formula_never_calculated", _in_sheet(rb"<v>[^<]*</v>", lambda _m, _c: b"<f>A1</f>", "same")),
    _named("value_left_out", _in_sheet(rb"<v>[^<]*</v>", lambda _m, _c: b"", "figure")),
    _named("value_of_words", _in_sheet(_NUMBER, lambda _m, c: c.choice((b"n/a", b"NaN", b"1e999", b"1,000", b"", b"0x10", b"5 5")), "same")),
    _named("error_in_a_cell", _in_sheet(rb'<c r="(\w+)"[^>]*><v>[^<]*</v></c>', lambda m, _c: b'<c r="' + m[1] + b'" t="e"><v>#REF!</v></c>', "same")),
    _named("another_style", _in_sheet(rb'(?<= s=")\d+', lambda _m, c: str(c.choice((0, 1, 2, 3, 5, 8, 999))).encode(), "same")),
    _named("style_of_a_date", _in_sheet(rb'(?<=numFmtId=")\d+', lambda _m, c: c.choice((b"14", b"22", b"0", b"9", b"999")), "same", r"xl/styles\.xml")),
    _named("cut_in_the_middle", _in_sheet(rb"<(row|c|v|si|t|sheet)\b", lambda m, c: c.choice((b"", b"<", m[0] * 2, m[0] + b" ")), "same", r"xl/.*\.xml")),
    _named("rows_hidden", _in_sheet(rb'<row r="\d+"', lambda m, _c: m[0] + b' hidden="1"', "same")),
    _named("dimension_lies", _in_sheet(rb'(?<=<dimension ref=")[^"]+', lambda _m, c: c.choice((b"A1", b"A1:XFD1048576", b"B2:C3", b"x")), "same")),
    _named("shared_text_changed", _in_sheet(rb"(?<=>)[^<]{3,}(?=</t>)", lambda m, c: c.choice((m[0] + b" ", m[0].upper(), b" " + m[0], m[0].replace(b" ", b"\xc2\xa0"))), "same",
                                            r"xl/sharedStrings\.xml")),
    _named("digit_in_a_cell", _in_sheet(_NUMBER, _other_digit, "figure")),
)  # fmt: skip


# --- the sheet --------------------------------------------------------------------------------------

Grid = list[list[Any]]
"""A sheet as rows of values; what openpyxl or csv gives, all rows equally long."""


def _is_figure(value: Any) -> bool:
    if isinstance(value, str):
        return re.fullmatch(r"[£(]*-?[\d,]+\.\d\d\)?", value.strip()) is not None
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _figures(grid: Grid) -> list[tuple[int, int]]:
    found = [(r, c) for r, row in enumerate(grid) for c, value in enumerate(row) if _is_figure(value)]
    if not found:
        raise NotPossibleError
    return found


def _texts(grid: Grid) -> list[tuple[int, int]]:
    return [
        (r, c)
        for r, row in enumerate(grid)
        for c, value in enumerate(row)
        if isinstance(value, str) and value.strip()
    ]


def _heading_row(grid: Grid) -> int:
    """The row near the top with the most texts that are no figures."""
    return max(
        range(min(15, len(grid))),
        key=lambda r: (sum(isinstance(v, str) and bool(v.strip()) for v in grid[r]), -r),
    )


def _times(value: Any, factor: float) -> Any:
    if isinstance(value, str):
        return f"{float(re.sub(r'[£,()]', '', value)) * factor:.2f}"
    return value * factor


def swap_headings(grid: Grid, chance: random.Random) -> Meaning:
    row = _heading_row(grid)
    texts = [c for c, value in enumerate(grid[row]) if isinstance(value, str) and value.strip()]
    if len(texts) < 2:
        raise NotPossibleError
    a, b = chance.sample(texts, 2)
    grid[row][a], grid[row][b] = grid[row][b], grid[row][a]
    return "label"


def insert_row(grid: Grid, chance: random.Random) -> Meaning:
    grid.insert(chance.randrange(len(grid) + 1), [None] * len(grid[0]))
    return "same"


def insert_column(grid: Grid, chance: random.Random) -> Meaning:
    column = chance.randrange(len(grid[0]) + 1)
    for row in grid:
        row.insert(column, None)
    return "same"


def delete_row(grid: Grid, chance: random.Random) -> Meaning:
    row, _ = chance.choice(_figures(grid))
    del grid[row]
    return "figure"


def delete_column(grid: Grid, chance: random.Random) -> Meaning:
    column = chance.randrange(len(grid[0]))
    for row in grid:
        del row[column]
    return "label"


def duplicate_row(grid: Grid, chance: random.Random) -> Meaning:
    row, _ = chance.choice(_figures(grid))
    grid.insert(row, list(grid[row]))
    return "figure"


def swap_rows(grid: Grid, chance: random.Random) -> Meaning:
    rows = sorted({r for r, _ in _figures(grid)})
    if len(rows) < 2:
        raise NotPossibleError
    a, b = chance.sample(rows, 2)
    grid[a], grid[b] = grid[b], grid[a]
    return "label"  # a total among them, and the rows above it are another block


def change_figure(grid: Grid, chance: random.Random) -> Meaning:
    row, column = chance.choice(_figures(grid))
    grid[row][column] = _times(grid[row][column], chance.choice((1.1, 0.9, 10.0, 2.0, 1.009)))
    return "figure"


def flip_sign(grid: Grid, chance: random.Random) -> Meaning:
    row, column = chance.choice(_figures(grid))
    grid[row][column] = _times(grid[row][column], -1.0)
    return "figure"


def blank_cell(grid: Grid, chance: random.Random) -> Meaning:
    row, column = chance.choice(_figures(grid))
    grid[row][column] = None
    return "figure"


def blank_text(grid: Grid, chance: random.Random) -> Meaning:
    row, column = chance.choice(_texts(grid))
    grid[row][column] = None
    return "label"


def word_for_a_figure(grid: Grid, chance: random.Random) -> Meaning:
    row, column = chance.choice(_figures(grid))
    grid[row][column] = chance.choice(("tbc", "n/a", "see note", "#REF!", "1.2.3", "£", "x", "…"))
    return "figure"


def figure_as_text(grid: Grid, chance: random.Random) -> Meaning:
    row, column = chance.choice(_figures(grid))
    value = grid[row][column]
    number = (
        float(re.sub(r"[£,()]", "", value)) * (-1 if "(" in value else 1)
        if isinstance(value, str)
        else float(value)
    )
    grid[row][column] = f"{number:,.10f}".rstrip("0").rstrip(".") + chance.choice(("", " "))
    return "same"


def unit_changed(grid: Grid, chance: random.Random) -> Meaning:
    cells = [(r, c) for r, c in _texts(grid) if "£" in grid[r][c] and not _is_figure(grid[r][c])]
    if not cells:
        raise NotPossibleError
    row, column = chance.choice(cells)
    text = grid[row][column]
    grid[row][column] = re.sub(
        r"£(['’]?000s?|k|m)?", chance.choice(("£'000", "£m", "£", "£k", "")), text, count=1
    )
    return "label"


def year_changed(grid: Grid, chance: random.Random) -> Meaning:
    cells = [(r, c) for r, c in _texts(grid) if re.search(r"20\d\d", grid[r][c])]
    if not cells:
        raise NotPossibleError
    row, column = chance.choice(cells)
    grid[row][column] = re.sub(r"20(\d\d)", lambda m: f"20{(int(m[1]) + 1) % 100:02}", grid[row][column])
    return "label"


def header_moved_down(grid: Grid, chance: random.Random) -> Meaning:
    width = len(grid[0])
    for _ in range(chance.randrange(1, 12)):
        grid.insert(
            0,
            ([chance.choice((None, "Draft", "Printed for committee", "OFFICIAL"))] + [None] * width)[:width],
        )
    return "same"


def total_row_removed(grid: Grid, chance: random.Random) -> Meaning:
    rows = [
        r
        for r, row in enumerate(grid)
        if any(isinstance(v, str) and "total" in v.lower() for v in row) and any(map(_is_figure, row))
    ]
    if not rows:
        raise NotPossibleError
    del grid[chance.choice(rows)]
    return "same"


def rows_below(grid: Grid, chance: random.Random) -> Meaning:
    width = len(grid[0])
    grid.append([None] * width)
    grid.append(
        ([chance.choice(("Source: ledger", "Note: provisional", "Prepared by finance"))] + [None] * width)[
            :width
        ]
    )
    return "same"


_GRID: tuple[Callable[[Grid, random.Random], Meaning], ...] = (
    swap_headings, insert_row, insert_column, delete_row, delete_column, duplicate_row, swap_rows, change_figure, change_figure,
    flip_sign, blank_cell, blank_text, word_for_a_figure, figure_as_text, unit_changed, year_changed, header_moved_down,
    total_row_removed, rows_below,
)  # fmt: skip


def _on_worksheet(change: Callable[[Grid, random.Random], Meaning]) -> Change:
    """The change made to one sheet of an .xlsx. Formulas become their values, formats stay where they were."""

    def changed(data: bytes, chance: random.Random) -> tuple[bytes, Meaning]:
        book = _book(data)
        sheet = chance.choice([sheet for sheet in book.worksheets if sheet.max_row > 1])
        grid: Grid = [list(row) for row in sheet.iter_rows(values_only=True)]
        before = [list(row) for row in grid]
        meaning = change(grid, chance)
        for row in range(max(len(grid), len(before))):
            for column in range(max(len(grid[0]), len(before[0]))):
                value = grid[row][column] if row < len(grid) and column < len(grid[row]) else None
                old = before[row][column] if row < len(before) and column < len(before[row]) else None
                if value != old or type(value) is not type(old):
                    _put(sheet, row, column, value)
        return _saved(book), meaning

    return _named(change.__name__, changed)


def _put(sheet: Worksheet, row: int, column: int, value: Any) -> None:
    cell = sheet.cell(row + 1, column + 1)
    if not isinstance(cell, openpyxl.cell.cell.MergedCell):
        cell.value = value


def _book(data: bytes) -> openpyxl.Workbook:
    try:
        return openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    except KeyError as error:  # a drawing is missing, as in a published file
        raise NotPossibleError from error


def _saved(book: openpyxl.Workbook) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def rewritten(data: bytes) -> bytes:
    """An .xlsx as openpyxl saves it with values for formulas: what the changes of the sheet are made to."""
    return _saved(_book(data))


def rename_sheet(data: bytes, chance: random.Random) -> tuple[bytes, Meaning]:
    book = _book(data)
    chance.choice(book.worksheets).title = chance.choice(
        ("Sheet1", "FINAL v2", "x!y", "Ünïcode", "2024-25", " ")
    )
    return _saved(book), "same"


def merge_cells(data: bytes, chance: random.Random) -> tuple[bytes, Meaning]:
    book = _book(data)
    sheet = chance.choice(book.worksheets)
    row, column = chance.randrange(1, sheet.max_row + 1), chance.randrange(1, sheet.max_column + 1)
    try:
        sheet.merge_cells(
            start_row=row, start_column=column, end_row=row + chance.randrange(2), end_column=column + 1
        )
        return _saved(book), "figure"
    except (AttributeError, ValueError) as error:  # it crosses a range that is merged already
        raise NotPossibleError from error


def hide_rows(data: bytes, chance: random.Random) -> tuple[bytes, Meaning]:
    book = _book(data)
    sheet = chance.choice(book.worksheets)
    for row in range(1, sheet.max_row + 1):
        sheet.row_dimensions[row].hidden = chance.random() < 0.2
    sheet.sheet_state = (
        chance.choice(("visible", "visible", "hidden")) if len(book.worksheets) > 1 else "visible"
    )
    return _saved(book), "same"


def copy_sheet(data: bytes, chance: random.Random) -> tuple[bytes, Meaning]:
    book = _book(data)
    book.copy_worksheet(chance.choice(book.worksheets))
    return _saved(book), "same"


_WORKSHEET: tuple[Change, ...] = (
    *map(_on_worksheet, _GRID),
    rename_sheet,
    merge_cells,
    hide_rows,
    copy_sheet,
)


# --- csv --------------------------------------------------------------------------------------------


def _csv_rows(data: bytes) -> tuple[Grid, str]:
    encoding = "utf-8-sig" if data.startswith(b"\xef\xbb\xbf") else "utf-8"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        encoding = "cp1252"
        text = data.decode(encoding)
    rows: Grid = [list(row) for row in csv.reader(io.StringIO(text, newline=""))]
    width = max(map(len, rows))
    return [row + [""] * (width - len(row)) for row in rows], encoding


def _csv_text(grid: Grid, encoding: str, delimiter: str = ",", quoting: int = csv.QUOTE_MINIMAL) -> bytes:
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=delimiter, quoting=quoting).writerows(grid)  # type: ignore[arg-type]
    return file.getvalue().encode(encoding, "replace")


def _on_csv(change: Callable[[Grid, random.Random], Meaning]) -> Change:
    def changed(data: bytes, chance: random.Random) -> tuple[bytes, Meaning]:
        grid, encoding = _csv_rows(data)
        meaning = change(grid, chance)
        return _csv_text(grid, encoding), meaning

    return _named(change.__name__, changed)


def encoding_changed(data: bytes, chance: random.Random) -> tuple[bytes, Meaning]:
    grid, _ = _csv_rows(data)
    return _csv_text(grid, chance.choice(("utf-8", "utf-8-sig", "utf-16", "cp1252", "utf-16-le"))), "same"


def delimiter_changed(data: bytes, chance: random.Random) -> tuple[bytes, Meaning]:
    grid, encoding = _csv_rows(data)
    return _csv_text(grid, encoding, chance.choice((";", "\t", "|"))), "same"


def everything_quoted(data: bytes, chance: random.Random) -> tuple[bytes, Meaning]:
    grid, encoding = _csv_rows(data)
    return _csv_text(grid, encoding, ",", csv.QUOTE_ALL), "same"


def quote_left_open(data: bytes, chance: random.Random) -> tuple[bytes, Meaning]:
    at = chance.choice([m.end() for m in re.finditer(rb"[,\n]", data)])
    return data[:at] + b'"' + data[at:], "figure"


def delimiter_too_many(data: bytes, chance: random.Random) -> tuple[bytes, Meaning]:
    at = chance.choice([m.end() for m in re.finditer(rb"[,\n]", data)])
    return data[:at] + b"," + data[at:], "figure"


_CSV: tuple[Change, ...] = (
    *map(_on_csv, _GRID), encoding_changed, delimiter_changed, everything_quoted, quote_left_open, delimiter_too_many,
)  # fmt: skip

_LEVELS: dict[str, dict[str, tuple[Change, ...]]] = {
    ".xlsx": {"bytes": _BYTES, "zip": _ZIP, "xml": _XML, "sheet": _WORKSHEET, "sheet ": _WORKSHEET},
    ".ods": {"bytes": _BYTES, "zip": _ZIP},
    ".zip": {"bytes": _BYTES, "zip": _ZIP},
    ".csv": {"bytes": _BYTES, "sheet": _CSV, "sheet ": _CSV},
    ".xls": {"bytes": _BYTES},
}
