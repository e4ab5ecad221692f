"""What a measure is: a numerator, a denominator, and the words that go with them everywhere.

A measure says where its rows come from; it never divides, filters by a selection, sorts or rounds: that is
`hnb.metrics.compute`. Rows are given as Narwhals frames, so that the same measure runs on any engine.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import narwhals as nw

if TYPE_CHECKING:
    from hnb.selection import Selection

Better = Literal["higher", "lower", "neither"]
Unit = Literal[
    "£", "share", "placements", "plans", "people", "placement-years", "£ per placement-year",
    "plans per 10,000", "£ per head", "£ per plan",
]  # fmt: skip
Rows: TypeAlias = nw.LazyFrame[Any]


@dataclass(frozen=True)
class Question:
    """What is asked of a measure: the tables, the selection, and the dimensions of the answer."""

    tables: Any
    selection: Selection
    by: tuple[str, ...]

    def rows(self, name: str) -> Rows:
        """A table as a lazy Narwhals frame, whole."""
        lazy: Rows = nw.from_native(self.tables.table(name)).lazy()
        return lazy

    def collected(self, rows: Rows) -> nw.DataFrame[Any]:
        """What the engine that holds the tables makes of rows, in the way that the tables ask for."""
        return rows.collect(**getattr(self.tables, "collecting", {}))

    def cuts(self, dimension: str) -> bool:
        """Whether the answer is split or narrowed by a dimension."""
        return dimension in self.by or dimension in self.selection.chosen


def of_every_question(_question: Question) -> tuple[()]:
    """That the rows of a measure are the same whatever is asked: its `rows_differ_by`."""
    return ()


@dataclass(frozen=True)
class Measure:
    """A number that means something: what it is made of, and its words for card, axis, export and method page.

    Parameters
    ----------
    name: the code by which links, exports and recommendations call it.
    title: what stands on a card or an axis. question: the question that it answers.
    unit: what one of it is. better: which direction is favourable, where that is beyond dispute: a
        higher balance, a lower variance. Spend is not: less of it may be a child without a place.
    caution: what a reader must know before using it. source: where its figures come from.
    table: the table that it is read from; `also` names others that it needs.
    dimensions: what it can be split and narrowed by. compute refuses others in `by`.
    numerator, denominator: columns of `rows` that are summed; without a denominator nothing is divided.
    denominator_scope: "same" divides by the sum over the very same rows; "whole" by the sum over
        everything in the same year and authority, whatever else is selected.
    count: the column that says how many children's placements or plans stand behind a figure; "" where
        the measure is not about children.
    sides: what its positive and its negative values are called, of a measure that is a difference and no
        part of a whole: ("over budget", "under budget").
    is_stock: whether it stands at a date (a count, a balance) and years must not be added: unless the
        answer is split by year, the last year selected counts.
    where: fixed conditions, column → values, that any row must meet.
    rows: gives the rows to be summed; by default the table itself.
    rows_differ_by: all that `rows` looks at in a question: where it is equal the rows are the same, so that they
        are worked out once for a snapshot. Without it they are worked out at every question.
    status_when: status → condition on a row. One such row gives the whole figure that status; for
        "not_collected" all of its rows must be so.
    """

    name: str
    title: str
    question: str
    unit: Unit
    better: Better
    caution: str
    source: str
    table: str
    dimensions: tuple[str, ...]
    numerator: str
    denominator: str = ""
    denominator_scope: Literal["same", "whole"] = "same"
    count: str = ""
    sides: tuple[str, str] | None = None
    is_stock: bool = False
    also: tuple[str, ...] = ()
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    rows: Callable[[Question], Rows] | None = field(default=None, repr=False)
    rows_differ_by: Callable[[Question], Hashable] | None = field(default=None, repr=False)
    status_when: Mapping[str, nw.Expr] = field(default_factory=dict, repr=False, compare=False)

    @property
    def tables(self) -> tuple[str, ...]:
        """The tables that it needs."""
        return (self.table, *self.also)

    @property
    def in_pounds(self) -> bool:
        """Whether its value is money, to be rounded to the penny."""
        return self.unit.startswith("£")
