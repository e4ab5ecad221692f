"""How far a recommendation is from its target: in its own unit, in placements and in pounds, and where its trend leads."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from hnb import years
from hnb.metrics import compute
from hnb.recommendations import Assessment, Point

TREND_YEARS = 3
"""Years whose average change a trend carries on."""

GAP_BASES = {
    "money": "the measure itself is money",
    "priced": "placements at the year's average cost of a placement-year",
    "whole": "share of the block's spend in the year",
    "volume": "cost of a placement-year at the year's placement-years",
    "plans": "plans are not placements and have no price of their own",
    "none": "the measure counts neither placements nor money",
    "no_price": "no cost of a placement-year is known for it",
    "no_target": "no target published",
    "hidden": "a figure that it needs is hidden",
}
"""How the pounds of a gap were worked out, or why there are none; in words."""


@dataclass(frozen=True)
class Gap:
    """The latest figure less the target. Positive is above the target, which is favourable only where it is to rise.

    amount: in the measure's unit. placements: placements or placement-years, None where the measure does not
    count them. pounds: what those cost in the latest year, or the gap itself where the measure is money; a
    cost, and not a saving, since whoever is not placed here is placed somewhere else. basis: a name of
    `GAP_BASES`. price: pounds for a placement-year, where that was used.
    """

    amount: float | None
    placements: float | None = None
    pounds: float | None = None
    basis: str = "no_target"
    price: float | None = None


@dataclass(frozen=True)
class Trend:
    """A straight line through the latest figure: its change a year is the average since `from_year`."""

    from_year: str
    latest: Point
    yearly: float
    floor: float | None

    def value_in(self, year: str) -> float:
        """Where the line stands in a year, in the measure's unit; what cannot be negative stops at nought."""
        ahead = years.first_of(year) - years.first_of(self.latest.financial_year)
        value = float(self.latest.value or 0.0) + self.yearly * ahead
        return value if self.floor is None else max(value, self.floor)


def trend(series: Sequence[Point], *, can_be_negative: bool = True) -> Trend | None:
    """The trend of the last three years of a series: (latest less three years before) ÷ the years between.

    Where that year has no figure the first after it stands in; None where fewer than two figures fall within.
    """
    known = [point for point in series if point.value is not None]
    if not known:
        return None
    latest = known[-1]
    last = years.first_of(latest.financial_year)
    within = [point for point in known if years.first_of(point.financial_year) >= last - TREND_YEARS]
    first = within[0]
    span = last - years.first_of(first.financial_year)
    if span <= 0:
        return None
    yearly = (float(latest.value or 0.0) - float(first.value or 0.0)) / span
    return Trend(first.financial_year, latest, yearly, None if can_be_negative else 0.0)


def trend_of(assessment: Assessment) -> Trend | None:
    """The trend of a recommendation's measure; None where there is none to carry on."""
    measure = assessment.measure
    if measure is None:
        return None
    return trend(assessment.series, can_be_negative=measure.unit == "£")


def gap(assessment: Assessment, tables: Any) -> Gap:
    """How far the latest figure of a recommendation is from its target.

    tables: what `hnb.metrics.compute` takes; volumes and prices are those of the latest figure's year.
    """
    measure, latest, target = assessment.measure, assessment.latest, assessment.target
    if measure is None or latest is None or latest.value is None or target is None:
        return Gap(None)
    amount = latest.value - target
    if math.isclose(latest.value, target, rel_tol=1e-9, abs_tol=1e-9):
        amount = 0.0
    of_year = assessment.selection.with_(years=(latest.financial_year,))
    if measure.unit == "£":
        return Gap(amount, pounds=round(amount, 2), basis="money")
    if measure.name == "spend_share":
        spent = _row(tables, measure.name, of_year).get("denominator")
        return Gap(amount, pounds=None if spent is None else round(amount * spent, 2), basis="whole")
    if measure.unit == "£ per placement-year":
        volume = _row(tables, measure.name, of_year).get("denominator")
        return Gap(amount, pounds=None if volume is None else round(amount * volume, 2), basis="volume")
    if measure.name == "placements_share":
        counted = _row(tables, measure.name, of_year).get("denominator")
        return _priced(amount, None if counted is None else amount * counted, tables, of_year)
    if measure.unit in ("placements", "placement-years"):
        return _priced(amount, amount, tables, of_year)
    return Gap(amount, basis="plans" if measure.unit == "plans" else "none")


def _priced(amount: float, placements: float | None, tables: Any, of_year: Any) -> Gap:
    price = _row(tables, "spend_per_placement_year", of_year).get("value")
    if placements is None or price is None:
        return Gap(amount, placements, basis="no_price")
    return Gap(amount, placements, round(placements * price, 2), "priced", price)


def _row(tables: Any, measure: str, selection: Any) -> dict[str, Any]:
    answer = compute(measure, tables, selection)
    return answer.row(0, named=True) if answer.height else {}
