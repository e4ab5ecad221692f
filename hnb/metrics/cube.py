"""The rows of a measure as numbers, ready to be summed: dimensions as places, money as whole pence.

`compute` puts a question to such a cube where the tables keep them (`Cubes`), and to Narwhals where they do
not: the answers are the same, which a test shows for every measure. A cube is made once for a snapshot, at
the first question that it can answer. What a measure means is not known here.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import narwhals as nw
import numpy
import polars

from hnb.codelists import CODELISTS
from hnb.metrics.dimensions import DERIVED, codelist_of
from hnb.metrics.measure import Measure, Question
from hnb.tables import TABLES

MOST_ROWS = 3_000_000
"""Rows above which a table is left to its engine: a cube takes some forty bytes a row."""

SELECTIONS_KEPT = 4
"""Selections of whose rows a cube remembers where they are: those that a page in the making asks about."""

MOST_CUBES = 256
"""Cubes that a snapshot keeps; a report of the budget is one for each kind of money."""


@dataclass(frozen=True)
class Places:
    """One dimension of every row, as the place of its value among `values`.

    `values` stand in the order of an answer, and after them, at the last place, a missing one.
    """

    of_row: numpy.ndarray[Any, Any]
    values: polars.Series
    place_of: Mapping[Any, int]

    @property
    def size(self) -> int:
        """How many places there are, that of what is missing included."""
        return len(self.values)

    def allowed(self, wanted: tuple[Any, ...]) -> numpy.ndarray[Any, Any]:
        """For each place whether its value is wanted; what is missing never is."""
        allowed = numpy.zeros(self.size, dtype=bool)
        allowed[[self.place_of[value] for value in wanted if value in self.place_of]] = True
        return allowed


@dataclass(frozen=True)
class Numbers:
    """One column of every row as numbers that can be summed: nought where `is_known` says no.

    `scale` is what they were multiplied by. Pounds to the penny are held as whole pence, whose sums are exact
    whatever the order. `is_known` is None where every row is.
    """

    of_row: numpy.ndarray[Any, Any]
    scale: float
    is_known: numpy.ndarray[Any, Any] | None


@dataclass(frozen=True)
class Cube:
    """The rows of one measure's table, those of one authority beside one another."""

    table: str
    _frame: polars.DataFrame = field(repr=False)
    _places: dict[str, Places | None] = field(default_factory=dict, repr=False)
    _numbers: dict[str, Numbers] = field(default_factory=dict, repr=False)
    _flags: dict[int, tuple[nw.Expr, numpy.ndarray[Any, Any]]] = field(default_factory=dict, repr=False)
    _authorities: dict[str, slice] = field(default_factory=dict, repr=False)
    _kept: OrderedDict[Hashable, Any] = field(default_factory=OrderedDict, repr=False)

    @classmethod
    def of(cls, table: str, frame: polars.DataFrame) -> Cube:
        """A cube of rows that have the columns of a table, or some of them."""
        if "authority" not in frame.columns or frame["authority"].n_unique() < 2:
            return cls(table, frame)
        together = frame.sort("authority", maintain_order=True)
        starts = together["authority"].rle().struct.unnest()
        cuts: dict[str, slice] = {}
        start = 0
        for length, authority in starts.rows():
            cuts[authority] = slice(start, start + length)
            start += length
        return cls(table, together, _authorities=cuts)

    def rows_of(self, authority: str) -> slice:
        """Where the rows of one authority are; all rows where none is named."""
        if not authority or not self._authorities:
            return slice(0, self._frame.height)
        return self._authorities.get(authority, slice(0, 0))

    def kept(self, key: Hashable, make: Callable[[], Any]) -> Any:
        """What was made of the rows under a key, made if it is not among the last few. It must not be changed."""
        found = self._kept.get(key)
        if found is None:
            self._kept[key] = found = make()
            if len(self._kept) > SELECTIONS_KEPT:
                with suppress(KeyError):  # another thread may have been here
                    self._kept.popitem(last=False)
        return found

    def places(self, dimension: str) -> Places | None:
        """A dimension of the rows, held or derived from one that is held; None where it is neither."""
        if dimension not in self._places:
            self._places[dimension] = self._placed(dimension)
        return self._places[dimension]

    @cached_property
    def years_there(self) -> numpy.ndarray[Any, Any]:
        """For each authority, at its place, the financial years that it has rows of, at theirs."""
        authorities, years = self.places("authority"), self.places("financial_year")
        if authorities is None or years is None:
            raise ValueError(f"Rows of {self.table} have neither an authority nor a year.")
        both = authorities.of_row.astype(numpy.int64) * years.size + years.of_row
        seen = numpy.bincount(both, minlength=authorities.size * years.size)
        return seen.reshape(authorities.size, years.size) > 0

    def numbers(self, column: str) -> Numbers:
        """A column of numbers."""
        if column not in self._numbers:
            self._numbers[column] = _numbered(
                self._frame[column].cast(polars.Float64), _kind(self.table, column)
            )
        return self._numbers[column]

    def flags(self, when: nw.Expr) -> numpy.ndarray[Any, Any]:
        """For each row, whether a condition holds."""
        # Told apart as an object: two measures of the same rows may mean different things by one status.
        if id(when) not in self._flags:
            flagged = nw.from_native(self._frame).select(when.cast(nw.Int64).alias("_flag")).to_native()
            self._flags[id(when)] = when, flagged["_flag"].fill_null(0).to_numpy().astype(bool)
        return self._flags[id(when)][1]

    def _placed(self, dimension: str) -> Places | None:
        if dimension in self._frame.columns:
            return _sorted_places(self._frame[dimension], codelist_of(dimension, self.table))
        derived = DERIVED.get(dimension)
        held = self.places(derived.source) if derived else None
        if derived is None or held is None:
            return None
        of = [None if value is None else derived.of(value) for value in held.values.to_list()]
        by_value = _sorted_places(
            polars.Series(dimension, of, dtype=polars.String), codelist_of(dimension, self.table)
        )
        return Places(by_value.of_row[held.of_row], by_value.values, by_value.place_of)


def _sorted_places(column: polars.Series, codes: str) -> Places:
    there = column.drop_nulls().unique()
    if codes:
        order = {code: place for place, code in enumerate(CODELISTS[codes].codes)}
        values = sorted(there.to_list(), key=lambda code: (order.get(code, len(order)), code))
    else:
        values = there.sort(descending=column.dtype == polars.Boolean).to_list()
    kept = polars.Series(column.name, [*values, None], dtype=column.dtype)
    place_of = {value: place for place, value in enumerate(values)}
    if not values:
        of_row = numpy.zeros(len(column), dtype=numpy.uint8)
    else:
        placed = column.replace_strict(
            kept[:-1], polars.Series(range(len(values)), dtype=polars.UInt32), default=None
        )
        of_row = placed.fill_null(len(values)).to_numpy().astype(numpy.min_scalar_type(len(values)))
    return Places(of_row, kept, place_of)


def _kind(table: str, column: str) -> str:
    declared = TABLES[table]
    return declared.column(column).kind if column in declared.names else ""


def _numbered(column: polars.Series, kind: str) -> Numbers:
    is_known = column.is_not_null().to_numpy() if column.null_count() else None
    numbers = column.fill_null(0.0).to_numpy()
    if kind in ("pounds", "count", "integer"):
        scale = 100.0 if kind == "pounds" else 1.0
        whole = numpy.rint(numbers * scale)
        if numpy.abs(numbers * scale - whole).max(initial=0.0) < 1e-4:
            return Numbers(whole, scale, is_known)
    return Numbers(numbers, 1.0, is_known)


class Cubes:
    """The cubes of one snapshot, made when they are first asked for. Safe to share between threads.

    The snapshot must never change: whatever stands in `tables` at the first question stands in its answers.
    """

    def __init__(self, tables: Any) -> None:
        self._tables = tables
        self._kept: OrderedDict[Hashable, Cube | None] = OrderedDict()
        self._lock = threading.Lock()

    def cube(self, measure: Measure, question: Question) -> Cube | None:
        """The rows of a measure for a question, whatever its selection; None where they are not to be had so.

        That is so of a measure whose rows may depend on anything in the question, and of tables that are too
        long or that another engine holds.
        """
        if measure.rows is not None and measure.rows_differ_by is None:
            return None
        differing = measure.rows_differ_by(question) if measure.rows and measure.rows_differ_by else ()
        key = (measure.table, measure.rows, tuple(measure.where.items()), differing)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        made = self._made(measure, question)
        with self._lock:
            self._kept[key] = made
            while len(self._kept) > MOST_CUBES:
                self._kept.popitem(last=False)
        return made

    def _made(self, measure: Measure, question: Question) -> Cube | None:
        for name in measure.tables:
            frame = self._tables.table(name)
            if not isinstance(frame, polars.DataFrame) or frame.height > MOST_ROWS:
                return None
        rows = measure.rows(question) if measure.rows else question.rows(measure.table)
        for name, values in measure.where.items():
            rows = rows.filter(nw.col(name).is_in(list(values)))
        return Cube.of(measure.table, rows.collect().to_polars())
