"""The budget page's sentences: where the year ends, which lines make it so, what moved, which forecast was right."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import accumulate
from typing import Any

import polars

from hnb import wording
from hnb.budget_tree import row_name
from hnb.codelists import CODELISTS

UNTESTED = "no past year to test it on"
"""What stands in the place of an error that nothing can be said of."""


def year_end(whole: Mapping[str, Any], year: str, *, is_closed: bool) -> str:
    """ "2026-27 is forecast to end at £73.2m, £2.2m over its revised budget". `whole` is the tree's whole."""
    expected, variance = whole["expected"], whole["variance"]
    if expected is None:
        return f"No forecast of {year} is in this report"
    ends = "ended at" if is_closed else "is forecast to end at"
    said = f"{year} {ends} {wording.pounds(expected, 'sentence')}"
    return said if variance is None else f"{said}, {over_or_under(variance)}"


def over_or_under(variance: float) -> str:
    """A variance in words: "£2.2m over its revised budget", "on its revised budget"."""
    size = wording.pounds(abs(variance), "sentence")
    if size == "£0":
        return "on its revised budget"
    return f"{size} {'over' if variance > 0 else 'under'} its revised budget"


def side(variance: float | None) -> str:
    """A variance in the fewest words: "£2.2m over", "on budget"; "" where there is none."""
    if variance is None:
        return ""
    size = wording.pounds(abs(variance), "chart")
    return "on budget" if size == "£0" else f"{size} {'over' if variance > 0 else 'under'}"


def ends_at(amount: float | None, variance: float | None) -> str:
    """Where something ends, and how far that is from its budget: "£25.4m, £2.2m over"."""
    if amount is None:
        return "cannot be worked out"
    said = wording.pounds(amount, "chart")
    return f"{said}, {side(variance)}" if variance is not None else said


def which_rows(
    tree: polars.DataFrame, level: str, amount: str, whole_word: str, *, is_told: bool = False
) -> str:
    """ "1.2.3 Independent top-up makes nearly all of the £2.2m over budget". The rows that make a difference.

    tree: `hnb.budget_tree.budget_tree`'s. amount: "variance" or "movement". whole_word: what follows the sum.
    is_told: the sum stands in the sentence before, so that "it" is enough.
    """
    whole = tree.row(-1, named=True)[amount] if tree.height else None
    if whole is None:
        return ""
    rows = tree.filter((polars.col("level") == level) & polars.col(amount).is_not_null())
    size = wording.pounds(abs(whole), "sentence")
    along = rows.filter(polars.col(amount) * (1 if whole > 0 else -1) > 0).sort(
        polars.col(amount).abs(), descending=True, maintain_order=True
    )
    if size == "£0" or not along.height:
        return ""
    it = "it" if is_told else f"the {size} {whole_word}"
    shares = [value / whole for value in along[amount].to_list()]
    first = row_name(along.row(0, named=True), brief=True)
    if rows.height == 1:
        return f"{first} is all of {it}"
    # A little more than the whole that rounds to it: "£2.0m, more than the whole £2.0m" would say nothing.
    rounds_to_all = shares[0] > 1.0 and wording.pounds(abs(along[amount][0]), "sentence") == size
    if rounds_to_all or wording.share(shares[0], places=0) == wording.share(1.0, places=0):
        return f"{first} makes all of {it}"
    if shares[0] > 1.0:
        alone = wording.pounds(along[amount][0], "sentence", signed=True)
        return f"{first} alone is {alone}, more than the whole {size} {whole_word}"
    if shares[0] >= 0.5:
        return f"{first} makes {wording.share(shares[0], places=0)} of {it}"
    number = next((place for place, so_far in enumerate(accumulate(shares), 1) if so_far >= 0.5), len(shares))
    names = [row_name(row, brief=True) for row in along.head(number).iter_rows(named=True)]
    if number > 3:
        return f"{number} rows make half of {it}, {first} the most"
    made = wording.share(sum(shares[:number]), places=0)
    return f"{wording.listed(names)} make {made} of {it}"


def movement(tree: polars.DataFrame, level: str, before: str, *, is_closed: bool = False) -> str:
    """ "The forecast rose by £274k since 30 September 2026; …". `before` is the date of the report before, ISO text.

    Of a closed year it is the outturn that is told against the last forecast.
    """
    whole = tree.row(-1, named=True)["movement"] if tree.height else None
    if whole is None:
        return "There is no earlier report of the year to compare with"
    day = wording.date(before)
    size = wording.pounds(abs(whole), "sentence")
    if size == "£0":
        return (
            f"The outturn is what was forecast on {day}"
            if is_closed
            else f"The forecast is where it was on {day}"
        )
    rows = which_rows(tree, level, "movement", "more" if whole > 0 else "less", is_told=True)
    if is_closed:
        said = f"The outturn is {size} {'above' if whole > 0 else 'below'} the forecast of {day}"
    else:
        said = f"The forecast {'rose' if whole > 0 else 'fell'} by {size} since {day}"
    return said + (f"; {rows}" if rows else "")


def by_month(months: polars.DataFrame) -> str:
    """ "October 2026 cost £6.2m, £0.3m over its profile". `months` is `hnb.monthly_budget.monthly_budget`'s."""
    paid = months.filter(polars.col("actual").is_not_null())
    if not paid.height:
        return "No month has been paid yet"
    last = paid.row(-1, named=True)
    said = f"{wording.month(last['month'])} cost {wording.pounds(last['actual'], 'sentence')}"
    return said if last["difference"] is None else f"{said}, {_against(last['difference'], 'its profile')}"


def so_far(months: polars.DataFrame) -> str:
    """ "£37.9m is spent by the end of October 2026, £87k over the profile; the months to come add £2.2m"."""
    paid = months.filter(polars.col("actual").is_not_null())
    if not paid.height:
        return "Nothing is spent yet"
    last, end = paid.row(-1, named=True), months.row(-1, named=True)
    said = f"{wording.pounds(last['expected_to_date'], 'sentence')} is spent by the end of {wording.month(last['month'])}"
    now, then = last["difference_to_date"], end["difference_to_date"]
    if now is None:
        return said
    said = f"{said}, {_against(now, 'the profile')}"
    if then is None or last["month"] == end["month"]:
        return said
    return f"{said}; the year is forecast to end {_against(then, 'it')}"


def nearest(errors: polars.DataFrame, in_common: tuple[str, ...]) -> str:
    """ "The monitor's own forecast came nearest in 2023-24 to 2025-26: 0.7% off on average".

    errors: `hnb.forecast.errors`'s of the years `in_common`, the same for every way.
    """
    tested = errors.filter(polars.col("years") > 0).sort("size_share", maintain_order=True)
    if not tested.height:
        return "No past year has the figures to test a forecast on"
    best, worst = tested.row(0, named=True), tested.row(-1, named=True)
    codes = CODELISTS["forecast_methods"]
    said = f"{codes.label(best['method'])} came nearest in {span(in_common)}: {wording.share(best['size_share'])} off"
    said += " on average" if len(in_common) > 1 else ""
    if tested.height > 1:
        said += (
            f"; {wording.lowered(codes.label(worst['method']))} was {wording.share(worst['size_share'])} off"
        )
    return said


def spread(whole: Mapping[str, Any], methods: tuple[str, ...]) -> str:
    """ "Four forecasts lie between £64.9m and £73.2m". `whole` is `hnb.forecast.forecasts`'s added up."""
    known = [whole[method] for method in methods if whole[method] is not None]
    if not known:
        return "There is nothing to forecast from"
    if len(known) == 1:
        return f"One forecast: {wording.pounds(known[0], 'sentence')}"
    number = ("Two", "Three", "Four")[min(len(known), 4) - 2]
    return f"{number} forecasts lie between {wording.pounds(min(known), 'sentence')} and {wording.pounds(max(known), 'sentence')}"


def error(row: Mapping[str, Any]) -> str:
    """How far a way to forecast was off: "0.7% too low on average of 3 years", or that it cannot be said.

    `row` is one of `hnb.forecast.errors`'s.
    """
    if not row["years"]:
        return UNTESTED
    size, lean = row["size_share"], row["lean_share"]
    number = "in 1 year" if row["years"] == 1 else f"on average of {row['years']} years"
    if wording.share(size) == wording.share(0.0):
        return f"right to 0.1% {number}"
    side = "too high" if lean > 0 else "too low"
    if abs(abs(lean) - size) < 0.0005:
        return f"{wording.share(size)} {side} {number}"
    return f"{wording.share(size)} off {number}, in some too high and in some too low"


def worth(row: Mapping[str, Any]) -> str:
    """The error with what it would mean now: "3.5% too low on average of 3 years; as far off again: £73.6m".

    `row` is one of `hnb.forecast.side_by_side`'s.
    """
    if row["corrected"] is None:
        return error(row)
    return f"{error(row)}; as far off again: {wording.pounds(row['corrected'], 'sentence')}"


def widest_line(lines: polars.DataFrame, methods: tuple[str, ...]) -> str:
    """ "The ways to forecast differ most on 1.2.3 Independent top-up: £19.6m to £25.4m".

    `lines` is `hnb.forecast.forecasts`'s.
    """
    low, high = polars.min_horizontal(methods), polars.max_horizontal(methods)
    ranked = lines.with_columns(low.alias("low"), high.alias("high")).filter(polars.col("low").is_not_null())
    ranked = ranked.sort(polars.col("high") - polars.col("low"), descending=True, maintain_order=True)
    if not ranked.height:
        return "No line has the figures to forecast from"
    line, least, most = ranked.select("line", "low", "high").row(0)
    name = wording.label("line", line, brief=True)
    ends = [wording.pounds(amount, "sentence") for amount in (least, most)]
    if ends[0] == ends[1]:
        return "All ways to forecast agree on every line"
    return f"The ways to forecast differ most on {name}: {ends[0]} to {ends[1]}"


def furthest(past: polars.DataFrame, methods: tuple[str, ...]) -> str:
    """ "In 7 past years the run-rate was furthest off every time". `past` is `hnb.forecast.with_errors`'s of the whole."""
    number = "1 past year" if past.height == 1 else f"{past.height} past years"
    worst = []
    for row in past.iter_rows(named=True):
        known = {
            method: abs(row[f"{method}_error"]) for method in methods if row[f"{method}_error"] is not None
        }
        if len(known) > 1:
            worst.append(max(known, key=lambda method: known[method]))
    if not worst:
        return f"Tested on {number}"
    method = max(worst, key=worst.count)
    times = "every time" if worst.count(method) == past.height else f"{worst.count(method)} times"
    name = wording.lowered(CODELISTS["forecast_methods"].label(method))
    return f"In {number} {name} was furthest off {times if past.height > 1 else ''}".rstrip()


def span(in_common: tuple[str, ...]) -> str:
    """Years in a few words: "2023-24 to 2025-26"."""
    return in_common[0] if len(in_common) == 1 else f"{in_common[0]} to {in_common[-1]}"


def _against(difference: float, what: str) -> str:
    size = wording.pounds(abs(difference), "sentence")
    return f"on {what}" if size == "£0" else f"{size} {'over' if difference > 0 else 'under'} {what}"
