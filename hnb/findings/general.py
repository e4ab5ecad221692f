"""Findings: the sentence that heads a chart, worked out from the chart's own numbers.

Each function takes answers of `hnb.metrics.compute` and gives one sentence without a full stop; an empty
text where the numbers do not carry one. Nothing is summed here that `compute` can be asked for.
"""

from __future__ import annotations

from typing import Any

import polars

from hnb import wording
from hnb.codelists import CODELISTS
from hnb.metrics import Measure

_FRACTIONS = (
    (0.20, "a fifth"), (0.25, "a quarter"), (1 / 3, "a third"), (0.40, "two fifths"), (0.50, "half"), (0.60, "three fifths"),
    (2 / 3, "two thirds"), (0.75, "three quarters"), (0.80, "four fifths"), (0.90, "nine tenths"),
)  # fmt: skip
_NOT_A_SETTING = ("services", "not_recorded")
_NOT_SPLIT = ("not_recorded", "not_by_phase", "not_by_need")
OF_THE_SPLIT = "Of what can be split, "
"""What stands before a finding about the largest of what has a name, where what has none is larger."""


def pence(share: float | None) -> str:
    """A share of each £1: 0.234 → "23p"; what rounds to nought and is not, "under 1p".

    >>> pence(0.234), pence(0.0), pence(0.004)
    ('23p', '0p', 'under 1p')
    """
    if share is None:
        return wording.missing("not_available")
    whole = round(share * 100)
    return "under 1p" if whole == 0 and share > 0 else f"{whole}p".replace("-", wording.MINUS)


def of_each_pound(shares: polars.DataFrame) -> str:
    """ "Of each £1, 23p goes to independent and non-maintained schools and 27p to state special schools".

    `shares` is `compute("spend_share", …, by=("setting_group",))` of one year. The two largest groups of
    settings are named, the larger first; services are named only where nothing else is there.
    """
    known = shares.filter(polars.col("value").is_not_null() & (polars.col("value") > 0)).sort(
        "value", descending=True
    )
    placed = known.filter(~polars.col("setting_group").is_in(_NOT_A_SETTING))
    named = (placed if placed.height else known).head(2).select("setting_group", "value").rows()
    if not named:
        return ""
    said = [f"{pence(value)} goes to {_group(code)}" for code, value in named]
    if len(said) == 1 and said[0].startswith("100p"):
        return f"All of it goes to {_group(named[0][0])}"
    if len(said) == 2:
        said[1] = said[1].replace(" goes", "", 1)
    return f"Of each £1, {wording.listed(said)}"


def shares_of(parts: polars.DataFrame, whole: polars.DataFrame) -> polars.DataFrame:
    """The parts of an answer as shares of the whole: the same rows, `value` a fraction.

    `whole` is the same measure and selection undivided. Missing where the whole is missing or nought.
    """
    total = whole["value"][0] if whole.height else None
    share = polars.col("value") / total if total else polars.lit(None, dtype=polars.Float64)
    return parts.with_columns(share.alias("value"))


def growth(spend: polars.DataFrame, unit_costs: polars.DataFrame) -> str:
    """ "Independent spend has more than doubled since 2019-20; two thirds of the rise is more placements".

    `spend` is `compute("spend", …, by=("financial_year", "setting_group"))`, `unit_costs` the same of
    "spend_per_placement_year" (its numerator and denominator are cost and placement-years). The group is
    the one that rose most in pounds between the first and the last year that both hold it.
    """
    first, last = _ends(spend)
    if not first or first == last:
        return ""
    before, after = _by_group(spend, first), _by_group(spend, last)
    rises = {
        code: after[code] - before[code] for code in after if code in before and code not in _NOT_A_SETTING
    }
    if not rises:
        return ""
    code = max(rises, key=lambda name: rises[name])
    rise, old, new = rises[code], before[code], after[code]
    name = CODELISTS["setting_groups"].short(code)
    if rise <= 0:
        return f"No kind of setting costs more than in {first}"
    if old > 0 and new >= 2 * old:
        moved = "more than doubled" if new < 3 * old else "more than tripled"
        said = f"{name} spend has {moved} since {first}, to {wording.pounds(new, 'chart')}"
    else:
        said = f"{name} spend has risen most since {first}, by {wording.pounds(rise, 'chart')} to {wording.pounds(new, 'chart')}"
    volume = _volume_share(unit_costs, code, first, last)
    return said + (f"; {volume}" if volume else "")


def variance(variances: polars.DataFrame, total: float | None) -> str:
    """ "1.2.3 Independent top-up makes most of the £1.6m overspend".

    `variances` is `compute("variance", …, by=("line",))` of one year, `total` the same undivided.
    """
    known = variances.filter(polars.col("value").is_not_null())
    if total is None or not known.height:
        return ""
    size = wording.pounds(abs(total), "chart")
    if size == "£0":
        return "The year is forecast to end on its budget"
    side, word = (True, "overspend") if total > 0 else (False, "underspend")
    same_side = known.filter(polars.col("value") > 0 if side else polars.col("value") < 0)
    line, value = same_side.sort(polars.col("value").abs(), descending=True).select("line", "value").row(0)
    name = wording.label("line", line, brief=True)
    of_it = abs(value) / abs(total)
    if of_it > 1 and wording.pounds(abs(value), "chart") == size:
        # A little more or less than the whole, that rounds to it: "£2.0m, more than the whole £2.0m" says nothing.
        return f"{name} makes all of the {size} {word}"
    if of_it > 1:
        return f"{name} alone is {wording.pounds(abs(value), 'chart')} {'over' if side else 'under'} budget, more than the whole {size} {word}"
    makes = "makes most of" if of_it > 0.5 else "is the largest part of"
    return f"{name} {makes} the {size} {word}"


def over_years(result: polars.DataFrame, measure: Measure) -> str:
    """ "Spend has risen by £9.2m since 2019-20, to £15.6m forecast in 2026-27".

    `result` is an answer by financial year. Of one year only, it says that year's figure.
    """
    known = result.filter(polars.col("value").is_not_null()).sort("financial_year")
    if not known.height:
        return ""
    first_year, first = known.select("financial_year", "value").row(0)
    last_year, last, status = known.select("financial_year", "value", "status").row(-1)
    forecast = "a forecast " if status == "estimated" and not measure.is_stock else ""
    new = wording.value(measure, last, "chart")
    if known.height == 1:
        return f"{measure.title} in {last_year}: {forecast}{wording.value(measure, last, 'sentence')}"
    if measure.sides:
        then = f"{_aside(measure, first)} in {first_year}"
        return f"{forecast.capitalize()}{_aside(measure, last)} in {last_year}; it was {then}"
    gap = wording.difference(measure, abs(last - first), "chart", signed=False)
    is_plural = measure.unit in ("placements", "plans", "placement-years")
    if measure.unit == "share" and first == last == 1:
        return "Nothing is left out of the selection: it is all of the block in every year"
    if gap == wording.difference(measure, 0.0, "chart", signed=False):
        return f"{measure.title} {'are where they were' if is_plural else 'is where it was'} in {first_year}: {new} in {last_year}"
    if first < 0 or last < 0:
        moved = f"has moved by {wording.difference(measure, last - first, 'chart')}"
    else:
        moved = f"has {'risen' if last > first else 'fallen'} by {gap}"
    moved = moved.replace("has ", "have ", 1) if is_plural else moved
    return f"{measure.title} {moved} since {first_year}, to {forecast}{new} in {last_year}"


def largest_cell(
    cells: polars.DataFrame, measure: Measure, rows: str, columns: str, total: float | None
) -> str:
    """ "Most goes to independent schools, secondary: £4.2m, 13p of each £1 selected".

    `cells` is an answer by the two dimensions, `total` the same undivided; where the measure is money a
    cell is also said as a share of it.
    """
    known = cells.filter(polars.col("value").is_not_null())
    known = known.filter(polars.col("value") != 0 if measure.sides else polars.col("value") > 0)
    if not known.height:
        return ""
    largest = known.sort(polars.col("value").abs(), descending=True)
    # What has a name in neither dimension is a remainder, not a place where money goes.
    # In or out of the borough is yes or no, and neither is a remainder.
    bare = [polars.col(of).cast(polars.String).is_in(_NOT_SPLIT) for of in (rows, columns)]
    is_named = polars.col(rows).is_not_null() & polars.col(columns).is_not_null()
    named = largest.filter(~(bare[0] & bare[1]), is_named)
    if not named.height:
        titles = wording.listed([wording.lowered(wording.dimension_title(of)) for of in (rows, columns)])
        return f"Nothing of it is split by {titles}"
    row, column, value = named.select(rows, columns, "value").row(0)
    place = ", ".join(
        _within(of, code) for of, code in _without_its_group({rows: row, columns: column}).items()
    )
    first = OF_THE_SPLIT if abs(value) < abs(largest["value"][0]) else ""
    return _capital(f"{first}{_largest_at(place, measure, value, total)}")


def _largest_at(place: str, measure: Measure, value: float, total: float | None) -> str:
    """What is said of the largest cell, in the measure's own words and with a small letter first."""
    said = wording.value(measure, value, "sentence")
    if measure.sides:
        return f"{place} is furthest from budget: {_aside(measure, value)}"
    if measure.unit == "£":
        share = pence(value / total) if total else ""
        if measure.name == "spend" and share == "100p":
            return f"all is spent on {place}: {said}"
        of_it = f", {share} of each £1 selected" if share else ""
        most = (
            "most is spent on" if measure.name == "spend" else f"the largest {measure.title.lower()} is for"
        )
        return f"{most} {place}: {said}{of_it}"
    if measure.unit == "£ per placement-year":
        return f"a placement-year costs most in {place}: {said}"
    return f"the largest is {place}: {said}"


def _without_its_group(place: dict[str, Any]) -> dict[str, Any]:
    """A place without the group of what it names more nearly: of a setting and its kind, the setting."""
    groups = {f"{of}_group" for of in place}
    return {of: code for of, code in place.items() if of not in groups}


def largest_row(result: polars.DataFrame, measure: Measure, by: str) -> str:
    """ "Autism (ASD) is the largest of 12: £16.2m". Of one row, what that row is."""
    known = result.filter(polars.col("value").is_not_null())
    size = polars.col("value").abs() if measure.sides else polars.col("value")
    known = known.sort(size, descending=True)
    if not known.height:
        return ""
    # What has no name is no row that could be called the largest, where there is one with a name.
    named = known.filter(polars.col(by).is_not_null())
    unnamed = known.height > named.height and named.height > 0 and known[by][0] is None
    known, first = (named, OF_THE_SPLIT) if unnamed else (known, "")
    code, value = known.select(by, "value").row(0)
    name, said = wording.label(by, code, brief=True), wording.value(measure, value, "sentence")
    if known.height == 1:
        return f"{name}: {_aside(measure, value) if measure.sides else said}"
    if measure.sides:
        return f"{first}{name} is furthest from budget of {known.height}: {_aside(measure, value)}"
    word = "dearest" if measure.unit == "£ per placement-year" else "largest"
    return f"{first}{name} is the {word} of {known.height}: {said}"


def moved(measure: Measure, new: float | None, old: float | None, since: str) -> tuple[str, str]:
    """A movement in words with whether it is good or bad, and that as a code: ("+£3.2m on 2025-26, favourable", "favourable").

    The code is "" where the measure has no better direction, or nothing moved. No words without both values.
    """
    if new is None or old is None:
        return "", ""
    change = wording.change(measure, new, old)
    if change == wording.difference(measure, 0.0, "chart"):
        return f"no change {since}", ""
    tone = wording.favour(measure, new - old)
    return f"{change} {since}" + (f", {tone}" if tone else ""), tone


def last_two_reports(reports: polars.DataFrame) -> tuple[str, float, float] | None:
    """The date of the report before the last, its figure, and the last one's; None when there are not two.

    `reports` is an answer by "as_at" of one year, such as `compute("forecast", …, by=("as_at",))`.
    """
    known = reports.filter(polars.col("value").is_not_null()).sort("as_at")
    if known.height < 2:
        return None
    before, last = known.select("as_at", "value").tail(2).rows()
    return str(before[0]), float(before[1]), float(last[1])


def of_recommendations(progress: list[str]) -> str:
    """How the recommendations stand, counted: "2 on course, 1 behind, 1 no target published". Takes progress codes."""
    progresses = CODELISTS["progress"]
    counted = [(code, progress.count(code)) for code in progresses.codes]
    return ", ".join(
        f"{number} {wording.lowered(progresses.label(code))}" for code, number in counted if number
    )


def _aside(measure: Measure, value: float) -> str:
    """A difference by its size and its side: "£1.8m over budget"."""
    positive, negative = measure.sides or ("", "")
    size = wording.value(measure, abs(value), "chart")
    return (
        f"{size} {positive if value > 0 else negative}"
        if value
        else f"{size}, neither {positive} nor {negative}"
    )


def _capital(said: str) -> str:
    return said[:1].upper() + said[1:]


def _within(dimension: str, code: Any) -> str:
    """A label inside a sentence: small letters, but for a provider's name."""
    words = wording.label(dimension, code, brief=True)
    return words if dimension == "provider" and code is not None else wording.lowered(words)


def _ends(result: polars.DataFrame) -> tuple[str, str]:
    years = result.filter(polars.col("value").is_not_null())["financial_year"].unique().sort().to_list()
    return (years[0], years[-1]) if years else ("", "")


def _by_group(result: polars.DataFrame, year: str) -> dict[str, float]:
    rows = result.filter((polars.col("financial_year") == year) & polars.col("value").is_not_null())
    return dict(rows.select("setting_group", "value").rows())


def _volume_share(unit_costs: polars.DataFrame, code: str, first: str, last: str) -> str:
    """How much of a group's rise is more placement-years at the first year's cost, in words."""
    rows = unit_costs.filter(
        (polars.col("setting_group") == code) & polars.col("financial_year").is_in([first, last])
    )
    known = {
        year: (cost, held)
        for year, cost, held in rows.select("financial_year", "numerator", "denominator").rows()
    }
    if (
        set(known) != {first, last}
        or not known[first][1]
        or known[last][0] is None
        or known[first][0] is None
    ):
        return ""
    (old_cost, old_held), (new_cost, new_held) = known[first], known[last]
    rise = new_cost - old_cost
    if rise <= 0 or new_held is None:
        return ""
    volume = (new_held - old_held) * old_cost / old_held / rise
    if volume <= 0:
        return "all of the rise is dearer placements"
    if volume >= 1:
        return "all of the rise is more placements"
    if volume > 0.5:
        return f"{_fraction(volume)} of the rise is more placements"
    return f"{_fraction(1 - volume)} of the rise is dearer placements"


def _fraction(share: float) -> str:
    if share >= 0.95:
        return "nearly all"
    return min(_FRACTIONS, key=lambda item: abs(item[0] - share))[1]


def _group(code: str) -> str:
    return wording.lowered(CODELISTS["setting_groups"].label(code))
