"""Two selections beside each other: the same measures of both, and the difference in words.

Each selection is taken at its own years: two years of one selection are compared as easily as two kinds of
setting of one year. Whether a change over time is volume, mix or price is for `hnb.growth`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars

from hnb import wording, years
from hnb.metrics import MEASURES, Measure, Selection, compute

COMPARED = ("spend", "spend_share", "placements", "placement_years", "spend_per_placement_year")
"""The measures that stand beside each other, in this order; the change on the year before follows them."""

CHANGE = "spend_change_on_year"
DIMENSIONS = ("financial_year", "setting", "need")
"""By what the spend of both is split."""


@dataclass(frozen=True)
class Beside:
    """One line: what is compared, both values (missing where there is none), and their difference in words."""

    name: str
    title: str
    unit: str
    first: float | None
    second: float | None
    first_words: str
    second_words: str
    difference: str


def figures_beside(tables: Any, first: Selection, second: Selection) -> tuple[Beside, ...]:
    """The core measures of two selections, and how the second differs from the first.

    Pounds to the penny, shares as fractions. The change on the year before is a share of it, of selections
    of a single year; of others it is missing.
    """
    lines = [_of_measure(MEASURES[name], tables, first, second) for name in COMPARED]
    return (*lines, _of_change(tables, first, second))


def spend_beside(tables: Any, first: Selection, second: Selection, by: str) -> polars.DataFrame:
    """Spend of two selections by one dimension: *by*, ``first``, ``second``, ``difference`` (second less first), in pounds.

    A value that only one of the two has is nought in the other: spend adds, and there is none.
    """
    sides = [
        compute("spend", tables, selection, (by,)).select(by, polars.col("value").alias(name))
        for name, selection in (("first", first), ("second", second))
    ]
    order = compute("spend", tables, _either(first, second), (by,)).select(by)
    joined = order.join(sides[0], on=by, how="left", nulls_equal=True, maintain_order="left")
    joined = joined.join(sides[1], on=by, how="left", nulls_equal=True, maintain_order="left")
    # Left out are the values of the whole that neither of the two has.
    present = joined.filter(polars.col("first").is_not_null() | polars.col("second").is_not_null())
    filled = present.with_columns(polars.col("first", "second").fill_null(0.0))
    return filled.with_columns((polars.col("second") - polars.col("first")).round(2).alias("difference"))


def _either(first: Selection, second: Selection) -> Selection:
    """A selection that holds both: the years of both, or all, of the one authority."""
    both = tuple({*first.years, *second.years}) if first.years and second.years else ()
    return Selection(years=both, authority=first.authority)


def _of_measure(measure: Measure, tables: Any, first: Selection, second: Selection) -> Beside:
    one, one_words = _figure(measure, tables, first)
    other, other_words = _figure(measure, tables, second)
    difference = _difference(measure, one, other)
    return Beside(measure.name, measure.title, measure.unit, one, other, one_words, other_words, difference)


def _figure(measure: Measure, tables: Any, selection: Selection) -> tuple[float | None, str]:
    answer = compute(measure, tables, selection)
    value, status = answer.select("value", "status").row(0) if answer.height else (None, "not_available")
    return value, wording.value(measure, value, "table", status=status)


def _difference(measure: Measure, first: float | None, second: float | None) -> str:
    """Such as "£3.1m less than A, −41.2%": the second against the first."""
    if first is None or second is None:
        return "not to be compared: one of the two has no figure"
    words = wording.compared(measure, second, first, "A")
    if measure.unit == "share" or not first or first < 0 or first == second:
        return words
    return f"{words}, {wording.relative_change(second, first)}"


def _of_change(tables: Any, first: Selection, second: Selection) -> Beside:
    one, other = _change_on_year(tables, first), _change_on_year(tables, second)
    if one is None or other is None:
        difference = "not to be compared: one of the two has no year before"
    elif wording.points(other - one) == wording.points(0.0):
        difference = "the same as A"
    else:
        difference = f"{wording.points(abs(other - one))} {'more' if other > one else 'less'} than A"
    said = (wording.share(one, signed=True), wording.share(other, signed=True))
    return Beside(CHANGE, "Change of spend on the year before", "share", one, other, *said, difference)


def _change_on_year(tables: Any, selection: Selection) -> float | None:
    if len(selection.years) != 1:
        return None
    before = selection.with_(years=(years.previous_year(selection.years[0]),))
    amounts = [compute("spend", tables, asked)["value"].to_list() for asked in (before, selection)]
    (was, now) = (found[0] if found else None for found in amounts)
    return now / was - 1 if was and was > 0 and now is not None else None
