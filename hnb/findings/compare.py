"""Sentences on how an authority compares: its place among its neighbours, the mix of placements, pounds by group, the course."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars

from hnb import wording
from hnb.codelists import CODELISTS
from hnb.metrics import Measure

_ORDINALS = ("highest", "second highest", "third highest")
_SPELT = {4: "fourth", 5: "fifth", 6: "sixth", 7: "seventh", 8: "eighth", 9: "ninth"}


def name(row: Any) -> str:
    """What a row of a comparison is called: the authority's name, "Neighbours' mean", "London", "England"."""
    if row["kind"] in _AVERAGES:
        return _AVERAGES[row["kind"]]
    if row["kind"] in ("region", "england"):
        return CODELISTS["areas"].label(row["area"])
    return wording.label("authority", row["area"])


_AVERAGES = {"neighbours_mean": "Neighbours’ mean", "neighbours_together": "Neighbours together"}


def coverage(rows: polars.DataFrame) -> str:
    """ "9 of 10 neighbours: Cambridgeshire did not report", from the rows of one rate and year; "" without neighbours."""
    alike = rows.filter(polars.col("kind") == "neighbour")
    if not alike.height:
        return ""
    silent = [
        wording.label("authority", code)
        for code in alike.filter(polars.col("value").is_null())["area"].to_list()
    ]
    if not silent:
        return f"all {alike.height} neighbours"
    told = alike.height - len(silent)
    if not told:
        return f"none of {alike.height} neighbours: none is loaded or reported"
    return f"{told} of {alike.height} neighbours: {wording.listed(silent)} did not report"


def place(rows: polars.DataFrame, measure: Measure, about: str) -> str:
    """ "Sutton is fourth highest of 10 for independent placements: 48.1 plans per 10,000 people, neighbours’ mean 40.7".

    `rows` are those of one rate and year, `about` what is counted ("all plans"). "" where ours is not known.
    """
    ours = _value(rows, "us")
    if ours is None:
        return ""
    us = rows.filter(polars.col("kind") == "us").row(0, named=True)
    ranked = rows.filter(polars.col("position").is_not_null()).height
    said = f"{wording.value(measure, ours, 'chart')} {measure.title[0].lower()}{measure.title[1:]}"
    if measure.unit.startswith("£"):
        said = f"{wording.value(measure, ours, 'chart')} {measure.unit.removeprefix('£ ')}"
    if ranked < 2:
        return f"{name(us)}: {said}; no neighbour is loaded to compare with"
    mean = _value(rows, "neighbours_mean")
    beside = f", neighbours’ mean {wording.value(measure, mean, 'chart')}" if mean is not None else ""
    return f"{name(us)} is {ordinal(us['position'], ranked)} of {ranked} for {about}: {said}{beside}"


def ordinal(position: int, of: int) -> str:
    """A place counted from the nearer end: "highest", "second highest", "fourth highest", "11th highest", "lowest"."""
    if position == of and of > 1:
        return "lowest"
    from_below = of + 1 - position
    if from_below < position and from_below <= len(_ORDINALS):
        return _ORDINALS[from_below - 1].replace("highest", "lowest")
    if position <= len(_ORDINALS):
        return _ORDINALS[position - 1]
    if position in _SPELT:
        return f"{_SPELT[position]} highest"
    ending = (
        {1: "st", 2: "nd", 3: "rd"}.get(position % 10, "th") if position % 100 not in (11, 12, 13) else "th"
    )
    return f"{position}{ending} highest"


def of_the_mix(rows: polars.DataFrame) -> str:
    """ "Sutton has 8.7% of its plans in independent and non-maintained schools, its neighbours 7.2%": the widest difference of shares."""
    us = dict(rows.filter(polars.col("kind") == "us").select("setting_group", "share").rows())
    mean = dict(rows.filter(polars.col("kind") == "neighbours_mean").select("setting_group", "share").rows())
    if not us:
        return ""
    area = rows.filter(polars.col("kind") == "us")["area"][0]
    groups = CODELISTS["setting_groups"]
    if not mean:
        most = max(us, key=lambda group: us[group])
        return f"{wording.label('authority', area)} has {wording.share(us[most])} of its plans in {wording.lowered(groups.label(most))}"
    told = [group for group in groups.codes if group in us or group in mean]
    widest = max(told, key=lambda group: abs(us.get(group, 0.0) - mean.get(group, 0.0)))
    ours, theirs = us.get(widest, 0.0), mean.get(widest, 0.0)
    return (
        f"The widest difference is {wording.lowered(groups.label(widest))}: {wording.share(ours)} of "
        f"{wording.label('authority', area)}’s plans, {wording.share(theirs)} of the neighbours’"
    )


def of_line_groups(rows: polars.DataFrame, measure: Measure, year: str) -> str:
    """ "Top-up, state schools and colleges was £454 a head in Sutton in 2021-22, £322 in the mean of its neighbours": the widest difference in pounds."""
    us = rows.filter(polars.col("kind") == "us").select("line_group", "area", "value").drop_nulls()
    mean = dict(
        rows.filter(polars.col("kind") == "neighbours_mean").select("line_group", "value").drop_nulls().rows()
    )
    if not us.height:
        return ""
    both = [(group, area, value) for group, area, value in us.rows() if group in mean]
    if not both:
        group, area, value = max(us.rows(), key=lambda row: row[2])
        return f"{CODELISTS['line_groups'].label(group)} was {wording.value(measure, value)} a head in {wording.label('authority', area)} in {year}"
    group, area, value = max(both, key=lambda row: abs(row[2] - mean[row[0]]))
    return (
        f"{CODELISTS['line_groups'].label(group)} was {wording.value(measure, value)} a head in "
        f"{wording.label('authority', area)} in {year}, {wording.value(measure, mean[group])} in the mean of its neighbours"
    )


def over_years(rows: polars.DataFrame, measure: Measure, when: Callable[[str], str] = str) -> str:
    """ "Sutton’s rate rose by 49% from January 2020 to January 2025, and its neighbours’ by 61%": over the years that both have.

    when: how a financial year is said, as by the January in which its plans are counted.
    """
    us, mean = (_by_year(rows, kind) for kind in ("us", "neighbours_mean"))
    years = [year for year in us if year in mean] if mean else list(us)
    if not years:
        return ""
    area = rows.filter(polars.col("kind") == "us")["area"][0]
    who, first, last = wording.label("authority", area), years[0], years[-1]
    if first == last or us[first] <= 0:
        return f"{who}: {wording.value(measure, us[last], 'chart')} in {when(last)}"
    ours = _moved(us[first], us[last])
    said = f"{who}’s rate {ours} from {when(first)} to {when(last)}"
    if not mean or mean[first] <= 0:
        return said
    theirs = _moved(mean[first], mean[last])
    is_alike = " by " in theirs and ours.partition(" ")[0] == theirs.partition(" ")[0]
    return f"{said}, and its neighbours’ {theirs.partition(' ')[2] if is_alike else theirs}"


def _moved(before: float, after: float) -> str:
    share = after / before - 1
    size = wording.share(abs(share), places=0)
    if size == "0%":
        return "stayed as it was"
    return f"{'rose' if share > 0 else 'fell'} by {size}"


def _by_year(rows: polars.DataFrame, kind: str) -> dict[str, float]:
    found = rows.filter(polars.col("kind") == kind, polars.col("value").is_not_null()).sort("financial_year")
    return dict(found.select("financial_year", "value").rows())


def _value(rows: polars.DataFrame, kind: str) -> float | None:
    found = rows.filter(polars.col("kind") == kind)["value"]
    return found[0] if len(found) else None
