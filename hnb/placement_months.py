"""What each placement cost in each month: the register spread over the days of its financial year.

For cost by month, placement-years and unit costs. Not for headcounts on a date (see `hnb.spend`).
"""

from __future__ import annotations

import datetime

import numpy
import pandas
import pyarrow

from hnb import years
from hnb.tables.placements import PLACEMENT_MONTHS

_CARRIED = ["authority", "financial_year", "placement_id", "pupil_id", "need", "setting", "phase",
            "provider", "in_borough", "line", "source"]  # fmt: skip
_1970 = datetime.date(1970, 1, 1).toordinal()


def latest_registers(placements: pandas.DataFrame) -> pandas.DataFrame:
    """The rows of the register in force for each authority and year: the one kept to the latest date.

    A register that is re-issued during the year replaces the earlier one; the two are never added.
    """
    in_force = placements.groupby(["authority", "financial_year"])["register_as_at"].transform("max")
    return placements[placements["register_as_at"] == in_force]


def placement_months(placements: pandas.DataFrame) -> pandas.DataFrame:
    """One row a placement and month with at least one day in it.

    Parameters
    ----------
    placements: frame of the `placements` table.

    Returns
    -------
    A frame of the `placement_months` table. `cost` is in pounds to the penny: the annual cost × days ÷
    days in the financial year, each month rounded so that a placement's months add up exactly to its
    cost in the year. `placement_years` is days ÷ days in the financial year (rule 2 of the domain's
    rules of the trade). The last day of a placement is not counted (rule 3: open while end > date).
    """
    if placements.empty:
        return PLACEMENT_MONTHS.empty()
    register = latest_registers(placements).reset_index(drop=True)
    frames = [
        _months_of_year(of_year.reset_index(drop=True), str(year))
        for year, of_year in register.groupby("financial_year", sort=True)
    ]
    return PLACEMENT_MONTHS.conform(pandas.concat(frames, ignore_index=True))


def _months_of_year(register: pandas.DataFrame, year: str) -> pandas.DataFrame:
    months, year_start, year_end = years.months_of(year), years.year_start(year), years.year_end(year)
    edges = numpy.array([*map(_day, months), _day(year_end) + 1], dtype="int64")
    starts = day_numbers(register["start_on"], missing=_day(year_start))
    ends = day_numbers(register["end_on"], missing=_day(year_end) + 1)
    # days[i, m]: how many days of month m fall in placement i
    days = numpy.minimum(ends[:, None], edges[None, 1:]) - numpy.maximum(starts[:, None], edges[None, :-1])
    days = numpy.clip(days, 0, None)

    in_year = years.days_in_year(year)
    annual = register["annual_cost"].to_numpy(dtype="float64")
    # Rounding the running total, not each month, keeps every placement's months adding up to its year.
    to_date = numpy.round(annual[:, None] * days.cumsum(axis=1) / in_year, 2)
    cost = numpy.diff(to_date, axis=1, prepend=0.0)

    which, month = numpy.nonzero(days)
    frame = register.loc[which, _CARRIED].reset_index(drop=True)
    frame["month"] = pandas.array(months, dtype="date32[pyarrow]").take(month)
    frame["days"] = days[which, month]
    frame["placement_years"] = days[which, month] / in_year
    frame["cost"] = cost[which, month]
    return frame


def _day(date: datetime.date) -> int:
    return date.toordinal()


def day_numbers(dates: pandas.Series, missing: int) -> numpy.ndarray:
    """Dates as day numbers, those of `datetime.date.toordinal`; a missing one as the given number."""
    days = pyarrow.array(dates, pyarrow.date32(), from_pandas=True)
    if isinstance(days, pyarrow.ChunkedArray):
        days = days.combine_chunks()
    since_1970 = days.cast(pyarrow.int32()).cast(pyarrow.int64()).fill_null(missing - _1970)
    return numpy.asarray(since_1970.to_numpy(zero_copy_only=False) + _1970)
