"""The full-year effect: what today's placements cost in a whole year, against this one. See `hnb.placement_full_year`."""

from __future__ import annotations

from dataclasses import replace

from hnb.metrics.measure import Measure

_DIMENSIONS = (
    "authority", "financial_year", "cohort", "line", "line_group", "setting", "setting_group", "phase", "need",
    "in_borough", "provider",
)  # fmt: skip

_EFFECT = Measure(
    name="full_year_effect",
    title="Full-year effect",
    question="What do today's placements cost in a whole year, against what placements cost in this one?",
    unit="£",
    better="neither",
    caution=(
        "Today is the date of the register. Nobody else starts or leaves, and no price changes; an end date in the "
        "next year is not yet taken off."
    ),
    source="Placement register, placement by placement.",
    table="placement_full_year",
    dimensions=_DIMENSIONS,
    numerator="effect",
    count="placements",
    sides=("more in a whole year", "less in a whole year"),
)

MEASURES = (
    _EFFECT,
    replace(
        _EFFECT,
        name="cost_in_year",
        title="Cost of placements in the year",
        question="What do the register's placements cost in this year?",
        caution="To the year's end as the register now stands.",
        numerator="cost",
        sides=None,
    ),
    replace(
        _EFFECT,
        name="whole_year_cost",
        title="Cost of today's placements in a whole year",
        question="What would a whole year of today's placements cost?",
        caution="The annual cost of those open on the register's date and of those planned; nothing for those that have ended.",
        numerator="whole_year_cost",
        sides=None,
    ),
    replace(
        _EFFECT,
        name="next_year_cost",
        title="Next year's cost of today's placements",
        question="What will today's placements cost next year?",
        caution="Each to the end date that the register has, or the whole year; nobody else starts, and no price changes.",
        numerator="next_year_cost",
        sides=None,
    ),
    replace(
        _EFFECT,
        name="full_year_placements",
        title="Placements of the register",
        question="How many placements has the register, by when they began or ended?",
        unit="placements",
        caution="Main placements of the year's register: those open on its date, those planned and those that ended.",
        numerator="placements",
        sides=None,
    ),
)
