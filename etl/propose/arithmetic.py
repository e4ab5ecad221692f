"""What the figures of an unknown sheet prove: rows that are sums of rows, columns that are sums of columns. Pure.

A label only suggests; a total or an identity is believed when the printed figures add up, as printed, before any
unit or sign.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy

from etl.propose import vocabulary
from etl.propose.anatomy import DATA, TOTAL, Anatomy, number_of
from etl.propose.income import income_rows
from etl.values import cell_text

Array = numpy.ndarray[Any, Any]
_PENNY = 0.011
_ROWS_TRIED = 1000  # rows on which an identity is looked for; the build holds it against all
_MOST_TRIED = 8  # columns among which any sum with signs is looked for


@dataclass(frozen=True)
class TotalRow:
    """A row that says (or shows) that it prints a total.

    `over` is "all", "above", "outer" (subtotals of subtotals), "same" or "" where nothing adds up; `proved` are the columns
    in which it does, `printed` those in which it prints a figure, `parts` the rows. `turned` are rows of income that it
    takes off though they are printed positive; `same` is the column in which its parts are alike ("same").
    """

    row: int
    label: str
    label_column: int
    over: str
    proved: tuple[int, ...]
    printed: tuple[int, ...]
    parts: tuple[int, ...]
    turned: tuple[int, ...] = ()
    same: int = -1


@dataclass(frozen=True)
class Identity:
    """A column that is a sum of others in every row where it is printed."""

    total: int
    plus: tuple[int, ...]
    minus: tuple[int, ...]
    rows: int
    tolerance: float


class Figures:
    """The figures of a sheet's columns, by row of the sheet; missing where there is none."""

    def __init__(self, found: Anatomy, columns: Iterable[int]) -> None:
        self.found = found
        self.columns = tuple(columns)
        self.identities: dict[tuple[int, tuple[int, ...], bool], Identity | None] = {}
        rows = found.sheet.rows
        self.values = {
            column: numpy.array(
                [numpy.nan if (size := number_of(row[column])) is None else size for row in rows],
                dtype="float64",
            )
            for column in self.columns
        }

    def of(self, column: int, rows: Sequence[int]) -> Array:
        """A column's figures in some rows."""
        return self.values[column][list(rows)] if len(rows) else numpy.zeros(0)

    def decimals(self, column: int) -> int:
        """How many decimals the figures of a column are printed to, two at most."""
        values = self.values[column]
        values = values[~numpy.isnan(values)]
        for digits in (0, 1):
            if numpy.all(numpy.abs(values - values.round(digits)) < 1e-9):
                return digits
        return 2


def total_rows(found: Anatomy, figures: Figures) -> tuple[tuple[TotalRow, ...], tuple[int, ...]]:
    """The rows that print totals, each with what it is proved to be over; and rows of data that turn out to be such.

    A row that says nothing of a total is one all the same where every figure of it is a sum of rows above and it says
    less of itself than rows of data do ("Net expenditure", "All schools", or no word at all).
    """
    hidden = _unsaid(found, figures)
    at = sorted({*found.rows(TOTAL), *hidden})
    data = [row for row in found.data if row not in hidden]
    income = [row for row in income_rows(found) if row not in hidden] if at else []
    totals: list[TotalRow] = []
    for row in at:
        printed = [column for column in figures.columns if not numpy.isnan(figures.values[column][row])]
        last_sub = max((total.row for total in totals if total.over == "above"), default=-1)
        last_outer = max((total.row for total in totals if total.over == "outer"), default=-1)
        kind, place = _kind_of_row(found, row, data)
        options = {
            "all": data,
            "above": [part for part in data if last_sub < part < row],
            "outer": [part for part in data if last_outer < part < row],
            "same": [
                part for part in data if place >= 0 and cell_text(found.sheet.rows[part][place]) == kind
            ],
        }
        best, proved, turned = "", (), ()
        for over, parts in options.items():
            for less in ((), tuple(income)) if over in ("all", "above") else ((),):
                met = tuple(
                    column for column in printed if len(parts) and _is_sum(figures, column, row, parts, less)
                )
                if len(met) > len(proved) and any(abs(figures.values[column][row]) > 0 for column in met):
                    best, proved, turned = over, met, less
        label, label_place = _label(found, row)
        totals.append(
            TotalRow(row, label, label_place, best, proved, tuple(printed), tuple(options.get(best, ())), turned,
                     place if best == "same" else -1)
        )  # fmt: skip
    return tuple(totals), tuple(hidden)


def _kind_of_row(found: Anatomy, row: int, data: Sequence[int]) -> tuple[str, int]:
    """Of a total with a second word ("Total | Forecast"), that word and its column, where rows of data have it too."""
    words = [
        (column, text)
        for column, cell in enumerate(found.sheet.rows[row])
        if (text := cell_text(cell)) and number_of(cell) is None
    ]
    for column, text in words[1:]:
        if any(cell_text(found.sheet.rows[part][column]) == text for part in data):
            return text, column
    return "", -1


def _unsaid(found: Anatomy, figures: Figures) -> list[int]:
    """Rows of data that are sums of rows above and say less of themselves than the others."""
    hidden: list[int] = []
    data = list(found.data)
    if len(data) < 3 or not figures.columns:
        return hidden
    words = {
        row: sum(bool(cell_text(cell)) and number_of(cell) is None for cell in found.sheet.rows[row])
        for row in data
    }
    usual = sorted(words.values())[len(words) // 2]
    tried = data if len(data) <= 400 else data[-5:]
    marks = found.rows(TOTAL)
    income = income_rows(found) if len(data) <= 400 else []
    for row in tried:
        printed = [column for column in figures.columns if not numpy.isnan(figures.values[column][row])]
        if (
            len(printed) < 1
            or (words[row] >= usual and usual > 1)
            or not any(figures.values[column][row] for column in printed)
        ):
            continue
        if (
            words[row] >= usual
            and (row != data[-1] or len(printed) < 2)
            and not vocabulary.says_whole(found.label(row))
        ):
            continue
        above = [part for part in data if part < row and part not in hidden]
        begun = max((mark for mark in (*marks, *hidden) if mark < row), default=-1)
        since = [part for part in above if part > begun]
        ways = [(above, ()), (since, ()), (above, tuple(income))]
        if any(
            len(parts) >= 2 and all(_is_sum(figures, column, row, parts, less) for column in printed)
            for parts, less in ways
        ):
            hidden.append(row)
    return hidden


def _is_sum(figures: Figures, column: int, row: int, parts: Sequence[int], less: Sequence[int] = ()) -> bool:
    """Whether a row prints the sum of others in a column; rows in `less` are printed positive and taken off."""
    values = figures.of(column, parts)
    if numpy.isnan(values).all():
        return False
    total = numpy.nansum(values)
    off = [part for part in parts if part in set(less)]
    total -= 2 * numpy.nansum(figures.of(column, off)) if off else 0.0
    return bool(
        abs(figures.values[column][row] - total) <= tolerance(figures, column, len(parts)) + 1e-9 * abs(total)
    )


def tolerance(figures: Figures, column: int, parts: int) -> float:
    """How far a printed total may be from its parts: a penny, or what rounding of each part may add up to."""
    del parts
    return _PENNY if figures.decimals(column) == 2 else 0.0101


def _label(found: Anatomy, row: int) -> tuple[str, int]:
    for column, cell in enumerate(found.sheet.rows[row]):
        text = cell_text(cell)
        if text and number_of(cell) is None:
            return text, column
    return "", -1


def as_totals(found: Anatomy, rows: Iterable[int]) -> Anatomy:
    """The anatomy with some rows of data known to be totals."""
    changed = set(rows)
    return (
        replace(
            found, fates=tuple(TOTAL if index in changed else fate for index, fate in enumerate(found.fates))
        )
        if changed
        else found
    )


def identity(figures: Figures, total: int, parts: Sequence[int], *, signs: bool = True) -> Identity | None:
    """How one column follows from others of its row, as `_identity` finds it; asked again, the same answer is given."""
    key = (total, tuple(parts), signs)
    if key not in figures.identities:
        figures.identities[key] = _identity(figures, total, parts, signs=signs)
    return figures.identities[key]


def _identity(figures: Figures, total: int, parts: Sequence[int], *, signs: bool = True) -> Identity | None:
    """How one column follows from others of its row, where it does in all rows: the simplest way first.

    Tried are: the sum of neighbours to its left or right, a difference of two, then any sum with signs of up to eight.
    """
    rows = [row for row, fate in enumerate(figures.found.fates) if fate == DATA][:_ROWS_TRIED]
    printed = figures.of(total, rows)
    compared = ~numpy.isnan(printed)
    if compared.sum() < 2 or not numpy.any(numpy.abs(printed[compared]) > 0):
        return None
    others = [column for column in parts if column != total and column in figures.values]
    given = {column: numpy.nan_to_num(figures.of(column, rows))[compared] for column in others}
    others = [column for column in others if numpy.any(given[column])]
    printed = printed[compared]

    def holds(plus: Sequence[int], minus: Sequence[int]) -> bool:
        found = sum((given[column] for column in plus), numpy.zeros(len(printed))) - sum(
            (given[column] for column in minus), numpy.zeros(len(printed))
        )
        return bool(numpy.all(numpy.abs(found - printed) <= _PENNY + 1e-9 * numpy.abs(printed)))

    def proved(plus: Sequence[int], minus: Sequence[int]) -> Identity:
        return Identity(total, tuple(plus), tuple(minus), len(printed), 0.01)

    for plus in _runs(others, total):
        if holds(plus, ()):
            return proved(plus, ())
    # One row rules out nearly every sum; only what holds there is held against all.
    probe = int(numpy.argmax(numpy.abs(printed)))
    near = _PENNY + 1e-9 * abs(float(printed[probe]))
    if signs and others:
        sizes = numpy.array([given[column][probe] for column in others])
        for one, other in numpy.argwhere(numpy.abs(sizes[:, None] - sizes[None, :] - printed[probe]) <= near):
            if one != other and holds((others[one],), (others[other],)):
                return proved((others[one],), (others[other],))
    tried = sorted(others, key=lambda column: abs(column - total))[:_MOST_TRIED]
    if len(tried) < 2:
        return None
    ways = _ways(len(tried), signs=signs)
    found = ways @ numpy.array([given[column][probe] for column in tried])
    for chosen in ways[numpy.abs(found - printed[probe]) <= near]:
        plus = [column for column, sign in zip(tried, chosen, strict=True) if sign > 0]
        minus = [column for column, sign in zip(tried, chosen, strict=True) if sign < 0]
        if plus and holds(plus, minus):
            return proved(plus, minus)
    return None


@cache
def _ways(count: int, *, signs: bool) -> Array:
    """Every way to add up two or more of so many columns, a row each of 1, −1 and 0, the simplest first."""
    every = sorted(
        itertools.product((0, 1, -1) if signs else (0, 1), repeat=count),
        key=lambda one: (sum(map(abs, one)), sum(sign < 0 for sign in one)),
    )
    return numpy.array([one for one in every if sum(map(abs, one)) >= 2])


def _runs(columns: Sequence[int], total: int) -> Iterable[tuple[int, ...]]:
    """Neighbouring columns that end before the total or begin after it, the longest first."""
    left = [column for column in columns if column < total]
    right = [column for column in columns if column > total]
    for run in (left, right):
        for size in range(len(run), 1, -1):
            yield tuple(run[-size:]) if run is left else tuple(run[:size])
    for size in range(len(columns), 1, -1):
        if len(columns) == size:
            yield tuple(columns)
