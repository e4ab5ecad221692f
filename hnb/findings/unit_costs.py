"""What a placement-year costs, in sentences: the dearest setting, the trend, who charges above the median, what is far off."""

from __future__ import annotations

from collections.abc import Sequence

import polars

from hnb import real_terms, wording
from hnb.codelists import CODELISTS
from hnb.unit_costs import FEWEST

_NAMED = 3
"""Providers that a sentence names."""


def dearest(rows: polars.DataFrame, by: Sequence[str]) -> str:
    """ "Dearest is independent special school: half cost over £60,831 a year, the mean is £77,086, since a few cost far more".

    `rows` are of `hnb.unit_costs.distribution`. A row of fewer than `FEWEST` placements is named only where there
    is no other.
    """
    known = rows.filter(polars.col("median").is_not_null()).sort("median", descending=True)
    many = known.filter(polars.col("placements") >= FEWEST)
    is_one = known.height == 1
    known = many if many.height else known
    if not known.height:
        return ""
    row = known.row(0, named=True)
    name = ", ".join(_within(dimension, row[dimension]) for dimension in by)
    middle, mean = (wording.pounds(row[of]) for of in ("median", "mean"))
    first = f"{name[:1].upper()}{name[1:]}" if is_one else f"Dearest is {name}"
    few = ", since a few cost far more" if row["median"] > 0 and row["mean"] > 1.15 * row["median"] else ""
    return f"{first}: half cost over {middle} a year, the mean is {mean}{few}"


def over_years(answer: polars.DataFrame, prices: str) -> str:
    """ "Educated elsewhere: a placement-year costs £12,729 more in 2026-27 than in 2019-20, £14,061 in cash".

    `answer` is `compute("spend_per_placement_year", …, by=("financial_year", "setting_group"))` in those prices; it
    is said of the group whose figure moved most between the first and the last year.
    """
    known = answer.filter(polars.col("value").is_not_null())
    if not known.height:
        return ""
    first, last = str(known["financial_year"].min()), str(known["financial_year"].max())
    said = f"in {real_terms.words(prices)}"
    if first == last:
        return f"There is one year of figures {said}, {first}"
    ends = {
        year: dict(known.filter(polars.col("financial_year") == year).select("setting_group", "value").rows())
        for year in (first, last)
    }
    moved = {code: ends[last][code] - ends[first][code] for code in ends[last] if code in ends[first]}
    if not moved:
        return f"No kind of setting has figures {said} in both {first} and {last}"
    code = max(moved, key=lambda name: abs(moved[name]))
    gap = moved[code]
    name = CODELISTS["setting_groups"].label(code)
    if wording.pounds(abs(gap)) == "£0":
        return f"A placement-year costs what it did in {first}, {said}"
    return (
        f"{name}: a placement-year costs {wording.pounds(abs(gap))} {'more' if gap > 0 else 'less'} in {last} than in {first}, "
        f"{wording.pounds(ends[last][code])} {said}"
    )


def charging_most(rows: polars.DataFrame) -> str:
    """ "Oakenquill School charges most above its setting's median: £813k, then Greyfennel School (£649k) and …".

    `rows` are of `hnb.unit_costs.providers`, the most pounds above the median first.
    """
    above = rows.filter((polars.col("above_median") >= 0.5) & polars.col("provider").is_not_null())
    if not above.height:
        return "No provider charges above its setting's median"
    named = above.select("provider", "above_median").head(_NAMED).rows()
    (first, most), *rest = named
    said = f"{first} charges most above its setting's median: {wording.pounds(most, 'sentence')} in the year"
    others = [f"{name} ({wording.pounds(amount, 'sentence')})" for name, amount in rest]
    return said + (f", then {wording.listed(others)}" if others else "")


def far_off(rows: polars.DataFrame, placements: int) -> str:
    """ "329 of 3,468 placements cost far more than their setting usually does: £8.3m above the median in the year".

    `rows` are of `hnb.unit_costs.outliers`, placements how many were looked at.
    """
    if not rows.height:
        return "No placement costs far more than its setting usually does"
    above = wording.pounds(float(rows["above_median"].sum()), "sentence")
    many = "placements costs" if rows.height == 1 else "placements cost"
    their = "its" if rows.height == 1 else "their"
    return (
        f"{wording.count(rows.height)} of {wording.count(placements)} {many} far more than {their} setting usually does: "
        f"{above} above the median in the year"
    )


def by_headcount(cost: float, mean: float | None, counted: float | None, on: str) -> str:
    """ "Divided by the 275 placements counted on 31 October 2026 it would be £70,926 instead of £73,672; a count on one day is not a year".

    cost in pounds, mean: cost ÷ placement-years, counted: a headcount, on: its date in words. "" where either is missing.
    """
    if not counted or mean is None:
        return ""
    return (
        f"Divided by the {wording.count(counted)} placements counted {on} the mean would be {wording.pounds(cost / counted)} instead of "
        f"{wording.pounds(mean)}; a count on one day is not a year, so placement-years divide."
    )


def _within(dimension: str, code: str) -> str:
    return wording.lowered(wording.label(dimension, code))
