"""What each year's register holds: the placements active in the year, as they stood at the register's date."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

import numpy
import pandas

from etl.sample.children import band_position
from etl.sample.facts import BANDS
from etl.sample.placements import Placement
from hnb import years
from hnb.codelists import CODELISTS

_DAY = datetime.timedelta(days=1)
_PHASES = [CODELISTS["age_bands"].entry(band).details["phase"] for band in BANDS]

# Council bands of top-up, by the size of it; fees of independent providers have none.
_BANDED = ("mainstream", "resourced", "special_maintained", "special_academy")
_BAND_STEPS = (4_000, 7_000, 10_000, 15_000, 22_000)


def register(placements: Sequence[Placement], year: str, as_at: datetime.date) -> pandas.DataFrame:
    """The placements active in a financial year up to `as_at`, one a row, before their costs are settled.

    An end after the register's date is not known yet, so it is blank. Columns: those of the `placements`
    table, and `cost` (2021-22 prices, before calibration), `days` (in the year, an open end running to
    its last day), `age` (on the last 31 August) and `column` (the column of the Section 251 return).
    """
    start, end = years.year_start(year), years.year_end(year)
    january = years.january_of(year)
    rows = []
    for placement in placements:
        if placement.start_on > as_at or (placement.end_on is not None and placement.end_on < start):
            continue
        end_on = placement.end_on if placement.end_on is not None and placement.end_on <= as_at else None
        age = _age_in(placement, year, end_on or as_at)
        phase = _PHASES[band_position(age)]
        hidden = (
            january in placement.hidden_in
            and placement.rank == 1
            and placement.is_open_on(years.january_count_on(year))
        )
        days = (min(end_on, end + _DAY) if end_on else end + _DAY) - max(placement.start_on, start)
        rows.append(
            {
                "financial_year": year,
                "register_as_at": as_at,
                "placement_id": f"P{placement.number:05d}",
                "pupil_id": f"S{10_000 + placement.child.reference}",
                "need": placement.need,
                "secondary_need": placement.secondary_need,
                "setting": "not_recorded" if hidden else placement.setting,
                "phase": phase,
                "age": age,
                "year_group": age - 4 if age <= 23 else None,
                "provider": placement.provider.name,
                "provider_id": str(placement.provider.number),
                "in_borough": placement.provider.in_borough,
                "residential": placement.residential,
                "start_on": placement.start_on,
                "end_on": end_on,
                "status": "ended" if end_on else "open",
                "placement_rank": placement.rank,
                "line": placement.provider.line,
                "cost": placement.cost,
                "days": days.days,
                "column": return_column(placement.provider.line, placement.setting, phase),
            }
        )
    return pandas.DataFrame(rows)


def _age_in(placement: Placement, year: str, last_day: datetime.date) -> int:
    """Age on 31 August before the last day of the placement in the year."""
    autumn = years.first_of(year)
    return placement.child.age_on_31_august(autumn if last_day >= datetime.date(autumn, 9, 1) else autumn - 1)


def return_column(line: str, setting: str, phase: str) -> str:
    """The column of the Section 251 return in which a placement's money stands."""
    young = phase in ("early_years", "primary")
    if setting == "early_years":
        return "early_years"
    if setting == "alternative_provision":
        return "alternative_provision"
    if setting in ("further_education", "specialist_post16"):
        return "post_school"
    if setting == "elsewhere":
        if line == "1.2.11":
            return "primary" if young else "secondary"
        return "post_school" if phase in ("post16", "post19") else "special"
    if setting.startswith("special"):
        return "special"
    if setting == "independent_mainstream":
        return "primary" if young else "special"
    return "primary" if young else "secondary"


def with_costs(register: pandas.DataFrame, generator: numpy.random.Generator) -> pandas.DataFrame:
    """The register with its money columns: `annual_cost`, already settled, taken apart into what makes it.

    Annual cost = top-up + other − contributions; place funding is not by child (line 1.0.2).
    """
    annual = register["annual_cost"].to_numpy(dtype="float64")
    independent = (register["line"] == "1.2.3").to_numpy() & (annual > 0)
    shared = (
        independent & register["residential"].to_numpy(dtype=bool) & (generator.random(len(register)) < 0.7)
    )
    extra = independent & (generator.random(len(register)) < 0.15)
    health = numpy.where(shared, numpy.round(annual * generator.uniform(0.05, 0.15, len(register)), -2), 0.0)
    care = numpy.where(shared, numpy.round(annual * generator.uniform(0.15, 0.35, len(register)), -2), 0.0)
    other = numpy.where(extra, numpy.round(annual * generator.uniform(0.03, 0.10, len(register)), 2), 0.0)
    top_up = numpy.round(annual + health + care - other, 2)
    banded = register["setting"].isin(_BANDED).to_numpy() & (annual > 0)
    letters = numpy.array(list("ABCDEF"))[numpy.searchsorted(_BAND_STEPS, annual)]
    return register.assign(
        band=pandas.Series(numpy.where(banded, letters, None), dtype=object),
        top_up_cost=top_up,
        other_cost=_blank_where(other, ~extra),
        health_contribution=_blank_where(health, ~shared),
        care_contribution=_blank_where(care, ~shared),
    ).drop(columns=["age", "cost", "days", "column"])


def _blank_where(values: numpy.ndarray, blank: numpy.ndarray) -> pandas.Series:
    return pandas.Series(numpy.where(blank, numpy.nan, values), dtype="Float64")
