"""Which setting children moved from and to between two dates: a matrix of children, with who came and who left.

Rule 3 of the domain's rules of the trade on both dates: start ≤ date, and no end or an end after it; of two
placements the main one counts. Pure.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy
import polars

from hnb import years
from hnb.codelists import CODELISTS
from hnb.errors import HnbError
from hnb.metrics import Selection
from hnb.selection import DIMENSION_OF_FIELD
from hnb.spend import count_date

DIMENSIONS = ("setting_group", "setting", "phase")
"""What the rows and columns of the matrix can be."""

NOT_PLACED, LEFT = "not_placed_before", "left"


@dataclass(frozen=True)
class Flow:
    """Children between two dates.

    cells: `before`, `after`, `children`: codes of `by`, or `not_placed_before` and `left`; in code-list order.
    several: children with two main placements open on one of the dates, of which the later begun counts.
    """

    by: str
    before_on: datetime.date
    after_on: datetime.date
    cells: polars.DataFrame
    several: int

    @property
    def before(self) -> list[str]:
        """The codes of the rows, in order, those not placed before last."""
        return _in_order(self.by, self.cells["before"], NOT_PLACED)

    @property
    def after(self) -> list[str]:
        """The codes of the columns, in order, those who left last."""
        return _in_order(self.by, self.cells["after"], LEFT)

    def children(self, before: str | None = None, after: str | None = None) -> int:
        """Children of a cell; of a whole row, a whole column or all where a side is left open."""
        return self._sums.get((before, after), 0)

    @cached_property
    def _sums(self) -> dict[tuple[str | None, str | None], int]:
        """Children by row and column, None standing for all of a side. A page asks for every one of them."""
        sums: dict[tuple[str | None, str | None], int] = {}
        for before, after, children in self.cells.select("before", "after", "children").iter_rows():
            for place in ((before, after), (before, None), (None, after), (None, None)):
                sums[place] = sums.get(place, 0) + int(children)
        return sums

    @property
    def moved(self) -> int:
        """Children placed on both dates, in another row than column."""
        both = self.cells.filter((polars.col("before") != NOT_PLACED) & (polars.col("after") != LEFT))
        return int(both.filter(polars.col("before") != polars.col("after"))["children"].sum())


def flow(tables: Any, selection: Selection, before: str, after: str, by: str = "setting_group") -> Flow:
    """Children by where they were placed on the count dates of two financial years.

    Parameters
    ----------
    tables: anything with `.has(name)` and `.table(name)`, Polars frames; `placements` is read.
    selection: a child counts whose placement is selected on either of the two dates; its years are not used.
    before, after: financial years. Each is counted as `placements` is: on the January count, or on the
        register's date where that comes first. by: one of `DIMENSIONS`.

    Raises HnbError for another dimension, and for a year without a register.
    """
    if by not in DIMENSIONS:
        raise HnbError(f"Flow is not between {by}; it is between {', '.join(DIMENSIONS)}.")
    held = [placed_on_count(tables, selection.authority, year) for year in (before, after)]
    return flow_between(held[0], held[1], selection, by)


@dataclass(frozen=True)
class Placed:
    """Where each child was on the count date of a year, whatever is selected: what is worth remembering.

    children: a row a child, its main placement's dimensions; of several the later begun. several: how many had another.
    """

    on: datetime.date
    children: polars.DataFrame
    several: int


def placed_on_count(tables: Any, authority: str, year: str) -> Placed:
    """The children placed on the count date of a year; HnbError for a year without a register."""
    register = _register(tables, authority, year)
    date = count_date(year, register["register_as_at"].max())  # type: ignore[arg-type]
    is_open = (polars.col("start_on") <= date) & (
        polars.col("end_on").is_null() | (polars.col("end_on") > date)
    )
    rows = register.filter(is_open & (polars.col("placement_rank").fill_null(1) == 1))
    latest = rows.sort("start_on", "placement_id").unique("pupil_id", keep="last")
    kept = [name for name in DIMENSION_OF_FIELD.values() if name in rows.columns]
    return Placed(date, latest.select("pupil_id", *kept), rows.height - latest.height)


def flow_between(before: Placed, after: Placed, selection: Selection, by: str = "setting_group") -> Flow:
    """`flow` of a selection, cut from all who were placed on the two dates."""
    if by not in DIMENSIONS:
        raise HnbError(f"Flow is not between {by}; it is between {', '.join(DIMENSIONS)}.")
    sides = [
        _with_selected(placed.children, selection).select(
            "pupil_id", _code(by).alias(side), polars.col("_is_selected").alias(f"_{side}")
        )
        for side, placed in (("before", before), ("after", after))
    ]
    joined = sides[0].join(sides[1], on="pupil_id", how="full", coalesce=True)
    wanted = polars.col("_before").fill_null(value=False) | polars.col("_after").fill_null(value=False)
    cells = (
        joined.filter(wanted)
        .with_columns(polars.col("before").fill_null(NOT_PLACED), polars.col("after").fill_null(LEFT))
        .group_by("before", "after")
        .agg(polars.len().cast(polars.Int64).alias("children"))
    )
    rank = {code: place for place, code in enumerate([*_codes(by), NOT_PLACED, LEFT])}
    ordered = cells.sort(
        *(
            polars.col(name).replace_strict(rank, default=len(rank), return_dtype=polars.Int64)
            for name in ("before", "after")
        )
    )
    return Flow(by, before.on, after.on, ordered, before.several + after.several)


def _register(tables: Any, authority: str, year: str) -> polars.DataFrame:
    rows: polars.DataFrame = tables.table("placements").filter(polars.col("financial_year") == year)
    rows = rows.filter(polars.col("authority") == authority) if authority else rows
    if not rows.height:
        raise HnbError(f"There is no placement register of {year}.")
    return rows.filter(polars.col("register_as_at") == polars.col("register_as_at").max().over("authority"))


def _with_selected(children: polars.DataFrame, selection: Selection) -> polars.DataFrame:
    """The children, each with whether its placement is selected."""
    numbered = children.with_row_index("_row")
    is_selected = numpy.zeros(children.height, dtype=bool)
    is_selected[selection.with_(years=()).apply(numbered)["_row"].to_numpy()] = True
    return children.with_columns(polars.Series("_is_selected", is_selected))


def _code(by: str) -> polars.Expr:
    if by != "setting_group":
        return polars.col(by)
    groups: Mapping[str, str] = {
        code: CODELISTS["settings"].group(code) for code in CODELISTS["settings"].codes
    }
    return polars.col("setting").replace_strict(groups, return_dtype=polars.String)


def _codes(by: str) -> list[str]:
    return list(CODELISTS[f"{by}s"].codes)


def _in_order(by: str, found: polars.Series, absence: str) -> list[str]:
    there = set(found.to_list())
    return [code for code in (*_codes(by), absence) if code in there]


def years_between(known: tuple[str, ...], chosen: tuple[str, ...]) -> tuple[str, str] | None:
    """The first and the last of the years chosen, the last one and the one before by default; None without two."""
    asked = [year for year in known if year in chosen] or list(known[-1:])
    if len(asked) == 1 and years.previous_year(asked[0]) in known:
        asked.insert(0, years.previous_year(asked[0]))
    return (asked[0], asked[-1]) if len(asked) > 1 else None
