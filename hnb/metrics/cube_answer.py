"""A question put to a cube: the same answer as `hnb.metrics.answer` gives, without asking an engine.

Whatever is changed there is changed here: a test compares the two for every measure, over selections and
dimensions at random.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy
import polars

from hnb.codelists import CODELISTS
from hnb.metrics.answer import STATUS_WITHOUT_VALUE, decimal_places, whole_of
from hnb.metrics.cube import Cube, Numbers, Places
from hnb.metrics.measure import Measure, Question
from hnb.selection import Selection

Array = numpy.ndarray[Any, Any]

_STATUSES = polars.Series("status", CODELISTS["result_statuses"].codes)
_PLACE_OF_STATUS = {code: place for place, code in enumerate(CODELISTS["result_statuses"].codes)}
_WITHOUT_VALUE = numpy.array([code in STATUS_WITHOUT_VALUE for code in CODELISTS["result_statuses"].codes])

_DENSE = 4
"""Cells a row up to which every combination gets a sum of its own; beyond, only those that there are."""


@dataclass(frozen=True)
class _Rows:
    """The rows of a cube that a question is about: where they are, and which of them are of the last year."""

    of: slice
    chosen: Array | None
    is_last: Array | None

    def __len__(self) -> int:
        return self.of.stop - self.of.start if self.chosen is None else len(self.chosen)

    def take(self, column: Array) -> Array:
        """A column of the cube, of these rows alone."""
        part = column[self.of]
        return part if self.chosen is None else part[self.chosen]


def cube_answer(measure: Measure, question: Question, cube: Cube) -> polars.DataFrame | None:
    """The answer of a measure; None where the cube lacks a dimension of it. See `hnb.metrics.compute` for its shape."""
    dimensions = [cube.places(name) for name in question.by]
    if any(places is None for places in dimensions):
        return None
    split = [places for places in dimensions if places is not None]
    rows = _rows(cube, measure, question.selection, question.by)
    sizes = [places.size for places in split]
    cells, inverse, at = _cells(rows, split, sizes)

    numerator, known = _summed(rows, cube.numbers(measure.numerator), inverse, cells)
    counts = _counted(inverse, cells, len(rows))
    known = counts if known is None else known
    divisor, divisors = None, None
    if measure.denominator and measure.denominator_scope == "same":
        divisor, divisors = _summed(rows, cube.numbers(measure.denominator), inverse, cells)
    elif measure.denominator:
        divisor, divisors = _whole(cube, measure, question, at, sizes)
    status = numpy.where(known > 0, _PLACE_OF_STATUS["reported"], _PLACE_OF_STATUS["not_available"])
    for name in CODELISTS["result_statuses"].codes:  # from sound to grave: the later overrides
        if name in measure.status_when:
            flagged = _added(rows.take(cube.flags(measure.status_when[name])), inverse, cells)
            applies = flagged == counts if name == "not_collected" else flagged > 0
            status[applies] = _PLACE_OF_STATUS[name]

    there = counts > 0
    value = numpy.where(known > 0, _rounded(measure, measure.numerator, numerator), numpy.nan)
    columns: dict[str, Any] = {"numerator": value}
    if divisor is None:
        columns["denominator"] = numpy.full(cells, numpy.nan)
    else:
        bottom = _rounded(measure, measure.denominator, divisor)
        if divisors is not None:
            bottom = numpy.where(divisors > 0, bottom, numpy.nan)
        columns["denominator"] = bottom
        divisible = ~numpy.isnan(bottom) & (bottom != 0)
        value = numpy.divide(value, bottom, out=numpy.full(cells, numpy.nan), where=divisible)
        status[~divisible & ~_WITHOUT_VALUE[status]] = _PLACE_OF_STATUS["no_denominator"]
    value = numpy.round(value, 2) + 0.0 if measure.in_pounds else value
    columns["value"] = numpy.where(_WITHOUT_VALUE[status], numpy.nan, value)
    found = [
        places.values[place[there]].alias(name)
        for name, places, place in zip(
            question.by, split, numpy.unravel_index(at, sizes) if sizes else (), strict=True
        )
    ]
    found += [polars.Series(name, column[there], nan_to_null=True) for name, column in columns.items()]
    found.append(_count(rows, cube, measure, inverse, cells, there))
    found.append(_STATUSES[status[there]].alias("status"))
    return polars.DataFrame(found)


def _rows(cube: Cube, measure: Measure, selection: Selection, by: tuple[str, ...]) -> _Rows:
    """The rows that are selected, and of a figure that stands at a date, those of the last year of the whole."""
    is_of_last = (measure.is_stock or bool(measure.count)) and not {"financial_year", "year"} & set(by)
    is_stock = is_of_last and measure.is_stock
    wanted = selection.wanted
    # A page puts some thirty questions to a few selections: which rows these are is found once for them all.
    key = (tuple(wanted.items()), is_of_last, is_stock)
    found: _Rows = cube.kept(key, lambda: _rows_found(cube, selection, wanted, is_of_last, is_stock))
    return found


def _rows_found(
    cube: Cube,
    selection: Selection,
    wanted: Mapping[str, tuple[object, ...]],
    is_of_last: bool,
    is_stock: bool,
) -> _Rows:
    of = cube.rows_of(selection.authority)
    taken: Array | None = None
    # Each condition is put only to the rows that the one before has left, the years first.
    for dimension, values in wanted.items():
        places = cube.places(dimension)
        if places is not None:
            allowed, of_row = places.allowed(values), places.of_row[of]
            taken = numpy.flatnonzero(allowed[of_row]) if taken is None else taken[allowed[of_row[taken]]]
    if not is_of_last:
        return _Rows(of, taken, None)
    is_last = _is_last(cube, selection, of)
    is_last = is_last if taken is None else is_last[taken]
    if not is_stock:
        return _Rows(of, taken, is_last)
    return _Rows(of, numpy.flatnonzero(is_last) if taken is None else taken[is_last], None)


def _is_last(cube: Cube, selection: Selection, of: slice) -> Array:
    """For each row whether it is of the last of the years selected that its authority has."""
    years, authorities = cube.places("financial_year"), cube.places("authority")
    there = cube.years_there
    assert years is not None and authorities is not None  # noqa: S101 (where years are there both are)
    allowed = years.allowed(selection.years) if selection.years else numpy.ones(years.size, dtype=bool)
    allowed[-1] = False
    places = numpy.where(there & allowed, numpy.arange(years.size), -1)
    last: Array = years.of_row[of] == places.max(axis=1)[authorities.of_row[of]]
    return last


def _cells(rows: _Rows, split: list[Places], sizes: list[int]) -> tuple[int, Array | None, Array]:
    """How many cells there are, the cell of each row (None where all are one), and each cell's place in the grid."""
    if not split:
        return 1, None, numpy.zeros(1, dtype=numpy.int64)
    inverse = rows.take(split[0].of_row).astype(numpy.int64)
    for places, size in zip(split[1:], sizes[1:], strict=True):
        inverse = inverse * size + rows.take(places.of_row)
    cells = int(numpy.prod(sizes, dtype=numpy.float64))
    if cells <= _DENSE * len(inverse) + 1_000:
        return cells, inverse, numpy.arange(cells)
    at, inverse = numpy.unique(inverse, return_inverse=True)
    return len(at), inverse, at


def _added(column: Array, inverse: Array | None, cells: int) -> Array:
    if inverse is None:
        return numpy.array([column.sum(dtype=numpy.float64)])
    added: Array = numpy.bincount(inverse, weights=column, minlength=cells)
    return added


def _counted(inverse: Array | None, cells: int, rows: int) -> Array:
    """How many rows are in each cell."""
    return numpy.array([rows]) if inverse is None else numpy.bincount(inverse, minlength=cells)


def _summed(rows: _Rows, numbers: Numbers, inverse: Array | None, cells: int) -> tuple[Array, Array | None]:
    """The sum of a column in each cell, and how many rows of it were known; None where all were."""
    added = _added(rows.take(numbers.of_row), inverse, cells) / numbers.scale
    if numbers.is_known is None:
        return added, None
    return added, _added(rows.take(numbers.is_known), inverse, cells)


def _whole(
    cube: Cube, measure: Measure, question: Question, at: Array, sizes: list[int]
) -> tuple[Array, Array]:
    """For each cell what all of its year and authority comes to, whatever else was selected, and the rows known."""
    scope = [place for place, name in enumerate(question.by) if name in ("authority", "financial_year")]
    by = tuple(question.by[place] for place in scope)
    rows = _rows(cube, measure, whole_of(question.selection), by)
    split = [places for places in (cube.places(name) for name in by) if places is not None]
    own_sizes = [sizes[place] for place in scope]
    cells = int(numpy.prod(own_sizes, dtype=numpy.int64))
    inverse = None
    if split:
        inverse = rows.take(split[0].of_row).astype(numpy.int64)
        for places in split[1:]:
            inverse = inverse * places.size + rows.take(places.of_row)
    added, known = _summed(rows, cube.numbers(measure.numerator), inverse, cells)
    known = _counted(inverse, cells, len(rows)) if known is None else known
    if not scope:
        return numpy.full(len(at), added[0]), numpy.full(len(at), known[0])
    places_of = numpy.unravel_index(at, sizes)
    own = numpy.ravel_multi_index([places_of[place] for place in scope], own_sizes)
    return added[own], known[own]


def _rounded(measure: Measure, column: str, added: Array) -> Array:
    """A sum as it is given; minus nought is nought."""
    rounded: Array = numpy.round(added, decimal_places(measure.table, column)) + 0.0
    return rounded


def _count(
    rows: _Rows, cube: Cube, measure: Measure, inverse: Array | None, cells: int, there: Array
) -> polars.Series:
    """Children's placements or plans behind each figure; missing where it is not about children."""
    if not measure.count:
        return polars.Series("count", [None] * int(there.sum()), dtype=polars.Int64)
    behind = rows.take(cube.numbers(measure.count).of_row)
    if rows.is_last is not None:
        behind = numpy.where(rows.is_last, behind, 0.0)
    return polars.Series("count", _added(behind, inverse, cells)[there].astype(numpy.int64))
