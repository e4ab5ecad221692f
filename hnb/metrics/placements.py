"""Placements and plans: how many children, where, and for how much of the year."""

from __future__ import annotations

from dataclasses import replace

import narwhals as nw

from hnb.metrics.measure import Measure, Question, Rows
from hnb.metrics.spend import FORECAST, SPEND_DIMENSIONS

_REGISTER = "Placement register (table spend, part “placements”)."


def plan_cut(question: Question) -> tuple[bool, bool]:
    """What of a question decides which published cut answers it: whether it is about needs, and about ages."""
    return question.cuts("need"), question.cuts("phase") or question.cuts("age_band")


def plan_rows(question: Question) -> Rows:
    """The rows of `plans` that hold the published cut that answers the question, and no other.

    DfE publishes the same plans several times over: by setting for all ages and needs, by age band, and
    by need. Adding two cuts together would count each plan twice, so the least detailed cut that has the
    dimensions asked for is taken: it also reaches furthest back.

    A kind of setting that a return did not ask for is published as not available in every row: where the
    authority gave other figures of the same year, such a row only says that there was nothing to ask, and
    it comes as not collected. Where the authority gave none at all, it stays not available.
    """
    plans = question.rows("plans")
    by_need, by_age = plan_cut(question)
    no_need, no_age = nw.col("need") == "not_by_need", nw.col("age_band") == "all_ages"
    cut = plans.filter(~no_need if by_need else no_need, ~no_age if by_age else no_age)
    gave_some = (~nw.col("plans").is_null()).cast(nw.Int8).max().over("authority", "year") == 1
    not_asked = gave_some & (nw.col("status") == "not_available")
    return cut.with_columns(
        nw.when(not_asked).then(nw.lit("not_collected")).otherwise(nw.col("status")).alias("status")
    )


_PLACEMENTS = Measure(
    name="placements",
    title="Placements",
    question="How many children are placed, and where?",
    unit="placements",
    better="neither",
    caution=(
        "Main placements open on the January count, or on the register's date where that comes first. "
        "A count on one day: use placement-years to divide a cost."
    ),
    source=_REGISTER,
    table="spend",
    dimensions=tuple(name for name in SPEND_DIMENSIONS if name != "basis"),
    numerator="placements",
    count="placements",
    is_stock=True,
    where={"part": ("placements",)},
)

MEASURES = (
    _PLACEMENTS,
    replace(
        _PLACEMENTS,
        name="placements_share",
        title="Share of placements",
        question="What share of placements is here?",
        unit="share",
        caution="A share of all main placements counted in the year, whatever else is selected.",
        denominator="placements",
        denominator_scope="whole",
    ),
    replace(
        _PLACEMENTS,
        name="placement_years",
        title="Placement-years",
        question="How much placement did the year hold?",
        unit="placement-years",
        caution="Days in placement ÷ days in the financial year; the year in progress runs to its end as the register now stands.",
        numerator="placement_years",
        is_stock=False,
        dimensions=SPEND_DIMENSIONS,
        status_when=FORECAST,
    ),
    Measure(
        name="plans",
        title="Education, health and care plans",
        question="How many children and young people have a plan?",
        unit="plans",
        better="neither",
        caution=(
            "Counted each January. January 2023 is the first person-level return: part of what moved between "
            "settings that year was recoding. Select one authority, or the whole country is counted."
        ),
        source="DfE, Education, health and care plans (SEN2), table plans.",
        table="plans",
        dimensions=("authority", "financial_year", "year", "setting", "setting_group", "setting_detail", "phase", "age_band", "need"),
        numerator="plans",
        is_stock=True,
        count="plans",
        rows=plan_rows,
        rows_differ_by=plan_cut,
        status_when={
            name: nw.col("status") == name for name in ("suppressed", "not_available", "estimated", "not_collected")
        },
    ),
)  # fmt: skip
