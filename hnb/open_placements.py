"""The placements open on a date, from the register that covers it.

Rule 3 of the domain's rules of the trade: a placement counts on a date if it has begun by then and has no end,
or one after the date. Of two placements of one child the primary rank is the main one; the other is kept and
told apart, never silently removed. Pure.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

import polars

from hnb import wording, years
from hnb.errors import HnbError
from hnb.selection import Selection


def covered(tables: Any, selection: Selection) -> Mapping[str, tuple[datetime.date, datetime.date]]:
    """The first and the last date that the register of each financial year speaks of, ascending.

    A register tells of its year from 1 April to the date to which it is kept; what is to come after that is a
    plan, not a placement that was open.
    """
    if not tables.has("placements"):
        return {}
    register = Selection(authority=selection.authority).apply(tables.table("placements"))
    kept = register.group_by("financial_year").agg(polars.col("register_as_at").max()).sort("financial_year")
    return {
        year: (years.year_start(year), min(as_at, years.year_end(year)))
        for year, as_at in kept.rows()
        if as_at >= years.year_start(year)
    }


def offered_dates(tables: Any, selection: Selection) -> tuple[datetime.date, ...]:
    """The dates that a page offers, latest first: the ends of months that registers cover, and their own dates."""
    found: set[datetime.date] = set()
    for year, (first, last) in covered(tables, selection).items():
        starts = [*years.months_of(year), years.year_end(year) + datetime.timedelta(days=1)]
        ends = [start - datetime.timedelta(days=1) for start in starts[1:]]
        found |= {last, *(end for end in ends if first <= end <= last)}
    return tuple(sorted(found, reverse=True))


def open_on(tables: Any, selection: Selection, date: datetime.date) -> polars.DataFrame:
    """The placements of a selection that are open on a date: the register's rows with `is_main`.

    tables: anything with `.has(name)` and `.table(name)`, Polars frames. The selection's years are not used.
    `is_main` is False for a second placement beside the child's main one. `annual_cost` is what a full year costs.

    Raises HnbError for a date that no register covers, saying which are.
    """
    year, spans = years.year_of(date), covered(tables, selection)
    if year not in spans or not spans[year][0] <= date <= spans[year][1]:
        said = [f"{wording.date(first)} to {wording.date(last)}" for first, last in spans.values()]
        raise HnbError(
            f"No register covers {wording.date(date)}; "
            + (f"those loaded cover {wording.listed(said)}." if said else "none is loaded.")
        )
    register = selection.with_(years=(year,)).apply(tables.table("placements"))
    in_force = register.filter(
        polars.col("register_as_at") == polars.col("register_as_at").max().over("authority")
    )
    is_open = (polars.col("start_on") <= date) & (
        polars.col("end_on").is_null() | (polars.col("end_on") > date)
    )
    found: polars.DataFrame = in_force.filter(is_open.fill_null(value=False))
    return found.with_columns((polars.col("placement_rank").fill_null(1) == 1).alias("is_main"))
