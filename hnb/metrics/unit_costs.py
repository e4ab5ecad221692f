"""Unit costs: what a year of a child's placement costs the block."""

from __future__ import annotations

from hnb.metrics.measure import Measure
from hnb.metrics.spend import FORECAST, SPEND_DIMENSIONS

MEASURES = (
    Measure(
        name="spend_per_placement_year",
        title="Cost of a placement-year",
        question="What does a year in each kind of setting cost the block?",
        unit="£ per placement-year",
        better="neither",
        caution=(
            "Top-ups and fees of children's placements only. In state schools and colleges the place itself "
            "(£6,000 or £10,000) is paid on top, so their figure is not the whole cost of a place."
        ),
        source="Placement register: cost and days in placement (table spend, part “placements”).",
        table="spend",
        dimensions=SPEND_DIMENSIONS,
        numerator="amount",
        denominator="placement_years",
        count="placements",
        where={"part": ("placements",)},
        status_when=FORECAST,
    ),
)
