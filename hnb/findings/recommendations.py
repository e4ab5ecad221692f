"""Sentences on a recommendation: how it stands, where its trend leads, how far the target is, what a shift was worth."""

from __future__ import annotations

from collections.abc import Sequence

from hnb import wording
from hnb.codelists import CODELISTS
from hnb.counterfactual import Counterfactual
from hnb.metrics import Measure
from hnb.recommendation_gap import Gap, Trend
from hnb.recommendations import Assessment, Point
from hnb.selection import Selection

NO_TARGET = "No target published"
ILLUSTRATIVE = "illustrative"
"""The mark of a target that is an example and not the review's."""


def standing(assessment: Assessment) -> str:
    """ "Behind: 9.4% in 2026-27; 1.5 points above its path to 7.5% by 2027-28 (illustrative target)"."""
    progress = CODELISTS["progress"].label(assessment.progress)
    if assessment.progress == "not_assessed":
        return f"{progress}, because {_inside(assessment.reason)}"
    mark = f" ({ILLUSTRATIVE} target)" if assessment.target is not None and assessment.is_illustrative else ""
    # "No target published" stands at the end of the reason already.
    words = "" if assessment.progress == "no_target" else f"{progress}: "
    return f"{words}{assessment.reason}{mark}"


def target_words(assessment: Assessment) -> str:
    """The target with its year and mark, "7.5% by 2027-28 (illustrative)"; or that none is published."""
    if assessment.target is None or assessment.measure is None:
        return NO_TARGET
    by = f" by {assessment.target_year}" if assessment.target_year else ""
    mark = f" ({ILLUSTRATIVE})" if assessment.is_illustrative else ""
    return f"{wording.value(assessment.measure, assessment.target, 'chart')}{by}{mark}"


def measured_by(assessment: Assessment) -> str:
    """What is counted and of whom: "Share of placements: independent"; that there is none where none is."""
    if assessment.measure is None:
        return "No measure"
    what = assessment.selection.about()
    if what == Selection().about():
        return assessment.measure.title
    return f"{assessment.measure.title}: {wording.lowered(what.removesuffix(' placements'))}"


def unsettled(measure: Measure) -> str:
    """What a figure that may still move is called: the year in progress is a forecast, a count of plans an estimate."""
    return "estimated" if measure.unit == "plans" else "forecast"


def point_words(measure: Measure, point: Point) -> str:
    """ "9.4% in 2026-27, forecast"; the sign of its status where the figure is missing."""
    still = f", {unsettled(measure)}" if point.status == "estimated" else ""
    return f"{wording.value(measure, point.value, 'chart', status=point.status)} in {point.financial_year}{still}"


def of_direction(assessment: Assessment) -> str:
    """ "up 0.7 points since 2024-25, away from what is wanted"; "" without a figure after the baseline."""
    measure, baseline, latest = assessment.measure, assessment.baseline, assessment.latest
    if measure is None or assessment.change is None or baseline is None or latest is None:
        return ""
    if latest.financial_year <= baseline.financial_year:
        return ""
    moved = wording.difference(measure, abs(assessment.change), "sentence", signed=False)
    if moved == wording.difference(measure, 0.0, "sentence", signed=False):
        return f"unchanged since {baseline.financial_year}"
    way = {"favourable": ", the way that is wanted", "adverse": ", away from what is wanted"}
    course = "up" if assessment.change > 0 else "down"
    return f"{course} {moved} since {baseline.financial_year}{way.get(assessment.direction, '')}"


def of_path(assessment: Assessment) -> str:
    """ "7.9%; it stands 1.5 points above"; "" without a path."""
    measure, path, distance = assessment.measure, assessment.path, assessment.distance
    if measure is None or path is None or distance is None:
        return ""
    where = _apart(measure, distance, "on it")
    return f"{wording.value(measure, path, 'chart')}; it stands {where}"


def of_trend(assessment: Assessment, trend: Trend | None) -> str:
    """ "Carried on as since 2023-24, it would be 10.4% in 2027-28, 2.9 points above the target"; "" without a target's year."""
    measure, year = assessment.measure, assessment.target_year
    if measure is None or trend is None or not year or assessment.target is None:
        return ""
    if year <= trend.latest.financial_year:
        return ""
    there = trend.value_in(year)
    where = _apart(measure, there - assessment.target, "which is the target", of=" the target")
    return f"Carried on as since {trend.from_year}, it would be {wording.value(measure, there, 'sentence')} in {year}, {where}"


def gap_words(assessment: Assessment, gap: Gap) -> str:
    """ "1.9 points above the target", "on the target"; "" without one."""
    if assessment.measure is None or gap.amount is None:
        return ""
    return _apart(assessment.measure, gap.amount, "on the target", of=" the target")


def of_gap(assessment: Assessment, gap: Gap) -> str:
    """ "1.9 points above the target: 44.4 placements, £2.9m a year at £66,102 each"; "" without a target."""
    measure = assessment.measure
    if measure is None or gap.amount is None:
        return ""
    words = gap_words(assessment, gap)
    parts = []
    if gap.placements is not None and measure.unit not in ("placements", "placement-years"):
        parts.append(f"{wording.number(abs(gap.placements))} placements")
    if gap.pounds is not None and gap.basis != "money" and gap.amount:
        price = f" at {wording.pounds(gap.price)} each" if gap.price is not None else ""
        parts.append(f"{wording.pounds(abs(gap.pounds), 'sentence')} a year{price}")
    return f"{words}: {', '.join(parts)}" if parts and gap.amount else words


def of_worth(assessment: Assessment, worth: Counterfactual | None) -> str:
    """ "Had the share of independent placements stayed at its 2019-20 level, 2026-27 would cost £2.4m less"."""
    if worth is None:
        return ""
    what = wording.lowered(assessment.selection.about())
    size = wording.pounds(abs(worth.worth), "sentence")
    cost = "would cost" if worth.is_forecast else "would have cost"
    course = "the same" if size == "£0" else f"{size} {'less' if worth.worth > 0 else 'more'}"
    return f"Had the share of {what} stayed at its {worth.base_year} level, {worth.financial_year} {cost} {course}"


def of_worths(assessment: Assessment, worths: Sequence[Counterfactual]) -> str:
    """The sentence of the first year on record, and of the baseline's beside it where that is another."""
    if not worths:
        return ""
    first = worths[0]
    words = of_worth(assessment, first)
    baseline = assessment.baseline.financial_year if assessment.baseline is not None else ""
    other = next((one for one in worths[1:] if one.base_year == baseline), None)
    if other is None:
        return words
    size = wording.pounds(abs(other.worth), "sentence")
    course = "the same" if size == "£0" else f"{size} {'less' if other.worth > 0 else 'more'}"
    return f"{words}; at its baseline of {baseline}, {course}"


def of_notes(assessment: Assessment) -> str:
    """ "2 notes, the latest of 13 October 2026, and 1 decision"; that there is none where there is none."""
    if not assessment.updates:
        return "No note or decision is recorded"
    number = len(assessment.updates)
    decided = sum(bool(update.decision) for update in assessment.updates)
    latest = f"the latest of {wording.date(assessment.updates[0].noted_on)}"
    words = (
        f"{number} notes, {latest}"
        if number > 1
        else f"1 note, of {wording.date(assessment.updates[0].noted_on)}"
    )
    if not decided:
        return f"{words}, and no decision"
    return f"{words}, and {decided} decision{'' if decided == 1 else 's'}"


def _apart(measure: Measure, amount: float, same: str, *, of: str = "") -> str:
    size = wording.difference(measure, abs(amount), "sentence", signed=False)
    if size == wording.difference(measure, 0.0, "sentence", signed=False):
        return same
    return f"{size} {'above' if amount > 0 else 'below'}{of}"


def _inside(words: str) -> str:
    """A reason inside a sentence, its first letter small."""
    return wording.lowered(words) if words else "no reason is recorded"
