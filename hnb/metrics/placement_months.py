"""Placements month by month: how many are open, began and ended, and what they cost. See `hnb.placement_sums`.

Ask for `financial_year` together with `month`: a count stands at a month's end, and without the year the last
year's alone counts.
"""

from __future__ import annotations

from dataclasses import replace

import narwhals as nw

from hnb.metrics.measure import Measure, Question, Rows

MONTH_DIMENSIONS = (
    "authority", "financial_year", "month", "line", "line_group", "setting", "setting_group", "phase", "need",
    "in_borough", "provider",
)  # fmt: skip
_REGISTER = "Placement register, summed by month."


def month_end_rows(question: Question) -> Rows:
    """The rows of each month, or, without months, those of the last month that the register knows to its end.

    A register kept to the middle of its first month knows no month to its end, and gives no rows then.
    """
    rows = question.rows("placement_sums")
    if is_by_month(question):
        return rows
    known = nw.when(~nw.col("is_expected")).then(nw.col("month"))
    latest = rows.with_columns(known.alias("_known")).with_columns(
        nw.col("_known").max().over("authority", "financial_year").alias("_known")
    )
    return latest.filter(nw.col("month") == nw.col("_known"))


def is_by_month(question: Question) -> bool:
    """Whether months are told apart: all that decides the rows of a month's end."""
    return "month" in question.by


_OPEN = Measure(
    name="month_end_placements",
    title="Placements at the month's end",
    question="How many children are placed at the end of each month?",
    unit="placements",
    better="neither",
    caution="Main placements open on the last day of the month; months after the register's date are as it expects them.",
    source=_REGISTER,
    table="placement_sums",
    dimensions=MONTH_DIMENSIONS,
    numerator="placements",
    count="placements",
    is_stock=True,
    rows=month_end_rows,
    rows_differ_by=is_by_month,
    status_when={"estimated": nw.col("is_expected")},
)

MEASURES = (
    replace(
        _OPEN,
        name="month_placements",
        title="Placements by month",
        question="How many children are placed, month by month?",
        caution=(
            "Main placements open on the 15th. A month's end would show a hole on 31 August, when the summer's leavers "
            "are no longer open and those of 1 September not yet."
        ),
        numerator="mid_month_placements",
        count="mid_month_placements",
    ),
    _OPEN,
    replace(
        _OPEN,
        name="annualised_cost",
        title="Annual cost of open placements",
        question="What does a full year of the placements open at the end of each month cost?",
        unit="£",
        caution="The annual cost of every placement open on the last day of the month, whenever it began or will end.",
        numerator="annual_cost",
    ),
    replace(
        _OPEN,
        name="placement_starts",
        title="Placements started",
        question="How many placements begin in each month?",
        caution="Main placements whose first day is in the month; a child who moves ends one and starts another.",
        numerator="started",
        count="started",
        is_stock=False,
        rows=None,
    ),
    replace(
        _OPEN,
        name="placement_ends",
        title="Placements ended",
        question="How many placements end in each month?",
        caution="Main placements whose end is in the month; a child who moves ends one and starts another.",
        numerator="ended",
        count="ended",
        is_stock=False,
        rows=None,
    ),
    replace(
        _OPEN,
        name="month_placement_years",
        title="Placement-years by month",
        question="How much placement does each month hold?",
        unit="placement-years",
        caution="Days of the month in placement ÷ days in the financial year; twelve months add up to the year.",
        numerator="placement_years",
        is_stock=False,
        rows=None,
    ),
    replace(
        _OPEN,
        name="placement_cost",
        title="Cost of placements by month",
        question="What do placements cost in each month?",
        unit="£",
        caution="Annual cost × days of the month ÷ days in the year: a month of 31 days costs more than one of 28.",
        numerator="cost",
        is_stock=False,
        rows=None,
    ),
)
