"""The register summed by month to the finest grain that pages use: what is open, what began, what ended, what it costs.

For placements and cost by month. Who each placement is stands in `placement_months`; a whole year's headcount
and money in `hnb.spend`. Pure; the table `placement_sums` is its answer.
"""

from __future__ import annotations

import datetime

import numpy
import pandas

from hnb import years
from hnb.placement_months import day_numbers, latest_registers
from hnb.tables.placements import PLACEMENT_SUMS

_KEYS = ["authority", "financial_year", "month", "line", "setting", "phase", "need", "in_borough", "provider"]
_CUTS = [name for name in _KEYS if name != "month"]
_COUNTS = ["placements", "mid_month_placements", "started", "ended"]
_SUMS = ["placement_years", "cost", *_COUNTS, "annual_cost"]
_MIDDLE = 14  # days after the first: the 15th, far from the turn of the school year


def placement_sums(placements: pandas.DataFrame, placement_months: pandas.DataFrame) -> pandas.DataFrame:
    """The `placement_sums` table from the register and what it costs by month.

    Parameters
    ----------
    placements: frame of `placements`; only the register in force of each year counts.
    placement_months: what `hnb.placement_months` makes of the same frame.

    `placements` counts the main placements open on the last day of the month (rule 3 of the domain's rules of
    the trade: start ≤ date, and no end or an end after it). `started` and `ended` are main placements whose
    start or end falls in the month, so that within a register the placements at a month's end are those at the
    end of the month before, and those started, less those ended. `mid_month_placements` are those open on the
    15th: on 31 August the leavers of summer are no longer open, and those of 1 September not yet. Money counts every placement, second ones
    beside a main one too. A month that ends after the register's date is what the register expects
    (`is_expected`).
    """
    if placements.empty:
        return PLACEMENT_SUMS.empty()
    register = latest_registers(placements).reset_index(drop=True)
    of_months = placement_months[[*_KEYS, "placement_years", "cost"]].assign(
        **dict.fromkeys(_COUNTS, 0), annual_cost=0.0
    )
    states = month_states(placements, _CUTS)
    types = register[_CUTS].dtypes.to_dict()
    rows = pandas.concat([of_months, states], ignore_index=True)
    # Grouped by categories: hundreds of thousands of months have few different words.
    summed = (
        rows.astype(dict.fromkeys(_CUTS, "category"))
        .groupby(_KEYS, dropna=False, observed=True, sort=False)[_SUMS]
        .sum()
        .reset_index()
        .astype(types)
    )
    summed["is_expected"] = _is_expected(summed, register)
    summed["source"] = "placements of the " + summed["financial_year"].astype("string") + " register"
    return PLACEMENT_SUMS.conform(summed).sort_values(_KEYS, ignore_index=True)


def month_states(placements: pandas.DataFrame, carried: list[str]) -> pandas.DataFrame:
    """One row a placement and month in which it is open, began or ended, with some of its columns, of which the
    counts and the yearly cost of `placement_sums` are the sums; `hnb.provenance` shows these."""
    register = latest_registers(placements).reset_index(drop=True)
    states = [
        _month_ends(of_year.reset_index(drop=True), str(year), carried)
        for year, of_year in register.groupby("financial_year", sort=True)
    ]
    return pandas.concat(states, ignore_index=True)


def _month_ends(register: pandas.DataFrame, year: str, carried: list[str]) -> pandas.DataFrame:
    """One row a placement and month in which it is open at the end, began or ended; without time and cost."""
    months, after = years.months_of(year), years.year_end(year).toordinal() + 1
    first = numpy.array([month.toordinal() for month in months], dtype="int64")
    last = numpy.append(first[1:], after) - 1
    never = datetime.date.max.toordinal()
    start = day_numbers(register["start_on"], missing=years.year_start(year).toordinal() - 1)[:, None]
    end = day_numbers(register["end_on"], missing=never)[:, None]
    main = (register["placement_rank"].fillna(1) == 1).to_numpy(dtype=bool)[:, None]
    is_open = (start <= last) & (end > last)
    in_middle = (start <= first + _MIDDLE) & (end > first + _MIDDLE) & main
    started = (start >= first) & (start <= last) & main
    ended = (end >= first) & (end <= last) & main
    which, month = numpy.nonzero(is_open | in_middle | started | ended)
    frame = register.loc[which, carried].reset_index(drop=True)
    frame["month"] = pandas.array(months, dtype="date32[pyarrow]").take(month)
    annual = register["annual_cost"].to_numpy(dtype="float64")
    return frame.assign(
        placement_years=0.0,
        cost=0.0,
        placements=(is_open & main)[which, month].astype("int64"),
        mid_month_placements=in_middle[which, month].astype("int64"),
        started=started[which, month].astype("int64"),
        ended=ended[which, month].astype("int64"),
        annual_cost=numpy.where(is_open[which, month], annual[which], 0.0),
    )


def _is_expected(summed: pandas.DataFrame, register: pandas.DataFrame) -> list[bool]:
    """Whether each month ends after the date to which its year's register is kept."""
    kept_to = register.groupby(["authority", "financial_year"])["register_as_at"].max().to_dict()
    rows = summed[["authority", "financial_year", "month"]].itertuples(index=False, name=None)
    return [_last_day(month) > kept_to[(authority, year)] for authority, year, month in rows]


def _last_day(month: datetime.date) -> datetime.date:
    return (month.replace(day=1) + datetime.timedelta(days=31)).replace(day=1) - datetime.timedelta(days=1)
