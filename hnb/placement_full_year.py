"""What each placement costs in its year, in a whole year, and in the next one: the full-year effect.

The domain's rules of the trade, rule 10: what today's open placements cost in a whole year, against what they
cost in this one. Today is the date to which the register is kept. Pure; the table `placement_full_year` is its answer.
"""

from __future__ import annotations

import datetime

import numpy
import pandas

from hnb import years
from hnb.placement_months import day_numbers, latest_registers
from hnb.tables.placements import PLACEMENT_FULL_YEAR

_CARRIED = ["authority", "financial_year", "register_as_at", "placement_id", "pupil_id", "need", "setting",
            "phase", "provider", "in_borough", "line", "source"]  # fmt: skip
_PLACED = ["authority", "financial_year", "placement_id"]


def placement_full_year(placements: pandas.DataFrame, placement_months: pandas.DataFrame) -> pandas.DataFrame:
    """The `placement_full_year` table: one row a placement of the register in force of each year.

    Parameters
    ----------
    placements: frame of `placements`. placement_months: what `hnb.placement_months` makes of it.

    In pounds to the penny: `cost` is what the placement costs in the year, as its months add up;
    `whole_year_cost` its annual cost if it is open on the register's date or planned, and nought if it has ended;
    `effect` the second less the first; `next_year_cost` what it costs in the next financial year with the end
    date that is on the register, nobody else starting or leaving. `cohort` says when it began or ended.
    """
    if placements.empty:
        return PLACEMENT_FULL_YEAR.empty()
    register = latest_registers(placements).reset_index(drop=True)
    frames = [
        _of_year(of_year.reset_index(drop=True), str(year))
        for year, of_year in register.groupby("financial_year", sort=True)
    ]
    rows = pandas.concat(frames, ignore_index=True)
    in_year = placement_months.groupby(_PLACED, observed=True)["cost"].sum().round(2).rename("cost")
    rows = rows.merge(in_year.reset_index(), on=_PLACED, how="left", validate="one_to_one")
    rows["cost"] = rows["cost"].astype("float64").fillna(0.0)  # no day of the year in it is no cost in it
    rows["effect"] = (rows["whole_year_cost"] - rows["cost"]).round(2)
    return PLACEMENT_FULL_YEAR.conform(rows)


def _of_year(register: pandas.DataFrame, year: str) -> pandas.DataFrame:
    following = years.next_year(year)
    first, after = years.year_start(following).toordinal(), years.year_end(following).toordinal() + 1
    year_start, never = years.year_start(year).toordinal(), datetime.date.max.toordinal()
    as_at = day_numbers(register["register_as_at"], missing=never)
    start = day_numbers(register["start_on"], missing=year_start - 1)
    end = day_numbers(register["end_on"], missing=never)
    cohort = numpy.select(
        [end <= as_at, start > as_at, start < year_start], ["ended", "planned", "existing"], default="started"
    )
    annual = register["annual_cost"].to_numpy(dtype="float64")
    days = numpy.clip(numpy.minimum(end, after) - numpy.maximum(start, first), 0, None)
    return register[_CARRIED].assign(
        cohort=cohort,
        placements=(register["placement_rank"].fillna(1) == 1).to_numpy(dtype="int64"),
        whole_year_cost=numpy.where(cohort == "ended", 0.0, annual),
        next_year_cost=numpy.round(annual * days / (after - first), 2),
    )
