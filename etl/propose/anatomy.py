"""What each row of an unknown sheet is: title, header, units, section, data, total, footnote or blank. Pure.

Nothing is decided by position alone: a header is told by the words of the trade and by the difference between it
and what stands beneath. What the columns mean is for `etl.propose.columns`.
"""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from etl.cells import CellError, Sheet, cell_position
from etl.propose import vocabulary
from etl.values import Refused, cell_text, number, unit_factor
from hnb.codelists import folded

TITLE, HEADER, UNITS, LETTERS, REPEATED, SECTION, DATA, TOTAL, FOOTNOTE, BLANK = (
    "title", "header", "units", "letters", "repeated header", "section", "data", "total", "footnote", "blank",
)  # fmt: skip

_SEARCHED = 60
_BELOW = 40
_YEAR_LIKE = re.compile(r"(?:FY ?)?(?:19|20)?\d{2}(?:\s*(?:/|-|–|to|_)\s*(?:20)?\d{2})?")
_LETTERS = re.compile(r"\[[A-Z]{1,2}\]|=\s*\[?[A-Z]\]?.*|\(?[a-z]\)(?: ?[-+=] ?\(?[a-z]\))*")
_UNIT_WORDS = frozenset({"days", "no", "no.", "number", "weeks", "text", "y/n", "date"})


def number_of(cell: Any) -> float | None:
    """A cell as a printed number; None for what is none (a blank, text, a date, yes or no)."""
    if cell is None or isinstance(cell, (bool, datetime.date, datetime.time)):
        return None
    if isinstance(cell, (int, float)):
        return float(cell)
    return _number_of_text(cell) if isinstance(cell, str) else None


@lru_cache(maxsize=100_000)
def _number_of_text(text: str) -> float | None:
    read = number(text)
    return None if isinstance(read, Refused) else read


def is_unit(text: str) -> bool:
    """Whether a cell says a unit and nothing else: "£", "£'000", "%"."""
    return unit_factor(text) is not None or text.lower() in _UNIT_WORDS


@dataclass(frozen=True)
class Anatomy:
    """A sheet with what each of its rows is.

    `header_rows` are indices, the top one first; `fill_right` says of each whether a blank in it belongs to the
    text on its left; `parts` are each column's heading by header row; `fates` what each row is, from the first.
    """

    sheet: Sheet
    header_rows: tuple[int, ...]
    fill_right: tuple[bool, ...]
    parts: tuple[tuple[str, ...], ...]
    fates: tuple[str, ...]

    @property
    def data_from(self) -> int:
        """The index of the first row below the header."""
        return self.header_rows[-1] + 1 if self.header_rows else 0

    @property
    def header_from(self) -> int:
        """The index of the header's first row."""
        return self.header_rows[0] if self.header_rows else 0

    @cached_property
    def headings(self) -> tuple[str, ...]:
        """The joined heading of each column, as `etl.recognise` joins them."""
        joined = []
        for parts in self.parts:
            kept = [text for text in parts if text]
            joined.append(
                " | ".join(text for place, text in enumerate(kept) if place == 0 or text != kept[place - 1])
            )
        return tuple(joined)

    def rows(self, *fates: str) -> list[int]:
        """The indices of the rows that are any of these."""
        return [index for index, fate in enumerate(self.fates) if fate in fates]

    @cached_property
    def data(self) -> tuple[int, ...]:
        """The indices of the rows of data."""
        return tuple(self.rows(DATA))

    @cached_property
    def titles(self) -> tuple[str, ...]:
        """The texts of the rows above the header, as a layout's context sees them."""
        above = self.sheet.rows[: self.header_from]
        return tuple(
            text for row in above if (text := " ".join(found for cell in row if (found := cell_text(cell))))
        )

    def label(self, row: int) -> str:
        """The first text of a row that is no number."""
        return next(
            (text for cell in self.sheet.rows[row] if (text := cell_text(cell)) and number_of(cell) is None),
            "",
        )


def anatomy(sheet: Sheet) -> Anatomy:
    """The rows of a sheet told apart."""
    rows = sheet.rows
    if not rows:
        return Anatomy(sheet, (), (), (), ())
    anchor = _anchor(rows)
    header = _header(sheet, anchor)
    fill = _fill_right(sheet, header)
    parts = _parts(sheet, header, fill)
    fates = _fates(sheet, header)
    return Anatomy(sheet, header, fill, parts, fates)


def _is_heading(cell: Any, text: str) -> bool:
    """Whether a cell could be a heading: words, a year, or the first day of a month."""
    if isinstance(cell, str):
        return len(text) <= 150 and (number_of(cell) is None or _YEAR_LIKE.fullmatch(text) is not None)
    if isinstance(cell, datetime.date):
        return True
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return float(cell).is_integer() and 2005 <= cell <= 2045
    return False


def _signature(row: Sequence[Any]) -> tuple[str, ...]:
    return tuple(folded(cell_text(cell)) for cell in row)


def _anchor(rows: Sequence[Sequence[Any]]) -> int:
    """The row that is most surely part of the header."""
    top = min(len(rows), _SEARCHED)
    signatures = [_signature(row) for row in rows[: top + _BELOW]]

    def likeness(index: int) -> float:
        below = [
            at
            for at in range(index + 1, min(index + _BELOW, len(rows)))
            if signatures[at] != signatures[index]
        ]
        score = 0.0
        for column, cell in enumerate(rows[index]):
            text = cell_text(cell)
            if not text:
                continue
            if not _is_heading(cell, text):
                score -= 0.3 if isinstance(cell, str) else 1.0
                continue
            values = [rows[at][column] for at in below if cell_text(rows[at][column])]
            if not values:
                score += 0.1
            elif folded(text) in {signatures[at][column] for at in below}:
                score -= 0.5
            elif isinstance(cell, str) and vocabulary.is_known(text):
                score += 2.0
            else:
                other_kind = sum(not isinstance(value, str) for value in values) > len(values) / 2
                score += 1.2 if other_kind else 0.5
        return score

    scores = [likeness(index) for index in range(top)]
    return scores.index(max(scores))


def _header(sheet: Sheet, anchor: int) -> tuple[int, ...]:
    """The rows of the header around the surest one."""
    rows = sheet.rows
    found = [anchor]
    numeric = _numeric_columns(rows, anchor + 1)
    # Below: a second row of words over columns of figures.
    below = anchor + 1
    while below < len(rows) and below - anchor <= 4:
        texts = {column: cell_text(cell) for column, cell in enumerate(rows[below]) if cell_text(cell)}
        if (
            len(texts) < 2
            or any(not _is_heading(rows[below][column], text) for column, text in texts.items())
            or all(is_unit(text) or _LETTERS.fullmatch(text) for text in texts.values())
            or sum(column in numeric for column in texts) < 0.6 * len(texts)
            or any(
                isinstance(rows[below][column], (int, float)) and number_of(rows[below + 1][column]) is None
                for column in texts
                if below + 1 < len(rows)
            )
            or _is_mostly_years(rows[below], texts) != _is_mostly_years(rows[below], texts, strictly=True)
        ):
            break
        found.append(below)
        below += 1
    # Above: names of groups of columns, merged or standing over the first of them.
    above = anchor - 1
    while above >= 0 and len(found) < 6:
        texts = {column: cell_text(cell) for column, cell in enumerate(rows[above]) if cell_text(cell)}
        if not texts or any(not _is_heading(rows[above][column], text) for column, text in texts.items()):
            break
        if not _names_groups(sheet, above, anchor, texts, numeric):
            break
        found.insert(0, above)
        above -= 1
    return tuple(found)


def _is_mostly_years(row: Sequence[Any], texts: dict[int, str], *, strictly: bool = False) -> bool:
    """Whether a row's cells are years as numbers; mixed with figures they are data."""
    numbers = [column for column in texts if isinstance(row[column], (int, float))]
    return len(numbers) == len(texts) if strictly else bool(numbers)


def _names_groups(sheet: Sheet, above: int, anchor: int, texts: dict[int, str], numeric: set[int]) -> bool:
    first_row = sheet.first_row + above
    spans = [span for span in map(_span, sheet.merged) if span and span[0] <= first_row <= span[2]]
    width = sum(bool(cell_text(cell)) for cell in sheet.rows[anchor])
    for _, left, _, right in spans:
        if left - 1 in texts and right - left + 1 >= max(2, width - 1) and len(texts) == 1:
            return False  # a title merged over the whole table
    if any(1 < right - left + 1 < width and left - 1 in texts for _, left, _, right in spans):
        return True
    if len(texts) == 1:
        (column,) = texts
        return column > 0 and column in numeric and len(texts[column]) <= 40
    if set(texts) == {0, 1} and width > 3:
        return False  # a label and its value: "Financial year | 2024/25"
    over = [column for column in texts if column in numeric]
    return len(over) >= 0.5 * len(texts) and all(len(text) <= 60 for text in texts.values())


def _span(merged: str) -> tuple[int, int, int, int] | None:
    first, _, last = merged.partition(":")
    try:
        (top, left), (bottom, right) = cell_position(first), cell_position(last or first)
    except ValueError:
        return None
    return top, left, bottom, right


def _numeric_columns(rows: Sequence[Sequence[Any]], start: int) -> set[int]:
    """Columns in which most of what is filled below a row is numbers."""
    found = set()
    looked_at = rows[start : start + 200]
    for column in range(len(rows[0])):
        values = [row[column] for row in looked_at if cell_text(row[column])]
        if values and sum(number_of(value) is not None for value in values) >= 0.5 * len(values):
            found.add(column)
    return found


def _fill_right(sheet: Sheet, header: Sequence[int]) -> tuple[bool, ...]:
    """Of each header row, whether a blank in it stands under a text that spans columns."""
    flags = []
    for place, row in enumerate(header):
        texts = [cell_text(cell) for cell in sheet.rows[row]]
        lower = [
            any(cell_text(sheet.rows[other][column]) for other in header[place + 1 :])
            for column in range(len(texts))
        ]
        flags.append(
            any(not texts[column] and lower[column] and any(texts[:column]) for column in range(len(texts)))
        )
    return tuple(flags)


def _parts(sheet: Sheet, header: Sequence[int], fill: Sequence[bool]) -> tuple[tuple[str, ...], ...]:
    """Each column's heading by header row, filled to the right as `etl.recognise` does it."""
    lines: list[list[str]] = []
    for row, fills in zip(header, fill, strict=True):
        own = [cell_text(cell) for cell in sheet.rows[row]]
        line, last = [], ""
        for column, text in enumerate(own):
            begins = any(
                above[column] and (column == 0 or above[column] != above[column - 1]) for above in lines
            )
            last = text or ("" if begins else last)
            line.append(last if fills else text)
        lines.append(line)
    below = sheet.rows[header[-1] + 1 :]
    columns = []
    for column in range(sheet.width):
        holds = any(cell_text(sheet.rows[row][column]) for row in header) or any(
            cell_text(row[column]) for row in below
        )
        columns.append(tuple(line[column] if holds else "" for line in lines))
    return tuple(columns)


def _fates(sheet: Sheet, header: Sequence[int]) -> tuple[str, ...]:
    rows = sheet.rows
    start = header[-1] + 1
    fates = [TITLE if any(cell_text(cell) for cell in row) else BLANK for row in rows[:start]]
    for row in header:
        fates[row] = HEADER
    headers = {_signature(rows[row]) for row in header}
    cells = [
        [(column, text) for column, cell in enumerate(row) if (text := cell_text(cell))]
        for row in rows[start:]
    ]
    typical = Counter(len(found) for found in cells if len(found) > 1)
    usual = max(typical, key=lambda count: (typical[count], count), default=1)
    for offset, found in enumerate(cells):
        fates.append(_fate(rows[start + offset], found, headers, usual))
    return tuple(_with_footnotes(fates, rows, start))


def _fate(
    row: Sequence[Any], found: Sequence[tuple[int, str]], headers: set[tuple[str, ...]], usual: int
) -> str:
    if not found:
        return BLANK
    texts = [text for _, text in found]
    if len(found) > 1 and _signature(row) in headers:
        return REPEATED
    if all(is_unit(text) for text in texts):
        return UNITS
    if len(found) > 1 and all(_LETTERS.fullmatch(text) for text in texts):
        return LETTERS
    has_number = any(number_of(row[column]) is not None for column, _ in found)
    has_error = any(isinstance(row[column], CellError) for column, _ in found)
    words = [text for column, text in found if number_of(row[column]) is None]
    if not has_number and len(found) == 1 and not isinstance(row[found[0][0]], datetime.date):
        return SECTION
    if (
        (has_number or has_error)
        and words
        and any(
            vocabulary.says_total(text) for text in words[: 1 if len(found) > max(2, usual // 2) else None]
        )
    ):
        return TOTAL
    return DATA


def _with_footnotes(fates: list[str], rows: Sequence[Sequence[Any]], start: int) -> list[str]:
    """Words below the last row of figures are footnotes; so is a lone sentence that begins as one."""
    last = max(
        (
            index
            for index in range(start, len(fates))
            if fates[index] in (DATA, TOTAL) and _has_figures(rows[index])
        ),
        default=-1,
    )
    if last < 0:
        last = max((index for index in range(start, len(fates)) if fates[index] == DATA), default=start)
    for index in range(start, len(fates)):
        lone = fates[index] == SECTION
        if index > last and (
            lone
            or (
                fates[index] == DATA
                and not _has_figures(rows[index])
                and sum(bool(cell_text(cell)) for cell in rows[index]) <= 2
            )
        ):
            fates[index] = FOOTNOTE
        elif lone:
            text = next(cell_text(cell) for cell in rows[index] if cell_text(cell))
            if vocabulary.begins_like(text, "footnotes") and len(text) > 30:
                fates[index] = FOOTNOTE
    return fates


def _has_figures(row: Sequence[Any]) -> bool:
    return any(number_of(cell) is not None or isinstance(cell, datetime.date) for cell in row)
