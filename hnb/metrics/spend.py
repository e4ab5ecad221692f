"""Spend: what a year cost the block, by setting, phase, need and whatever else the `spend` table holds."""

from __future__ import annotations

import narwhals as nw

from hnb.metrics.measure import Measure

SPEND_DIMENSIONS = (
    "authority", "financial_year", "basis", "part", "line", "line_group", "setting", "setting_group",
    "phase", "need", "in_borough", "provider",
)  # fmt: skip
FORECAST = {"estimated": nw.col("basis") == "forecast"}
_SOURCE = "Placement register and budget monitor, reconciled line by line (table spend)."

MEASURES = (
    Measure(
        name="spend",
        title="Spend",
        question="What does the block spend, and on whom?",
        unit="£",
        better="neither",
        caution="The year in progress is a forecast. Services and place funding are not split by need.",
        source=_SOURCE,
        table="spend",
        dimensions=SPEND_DIMENSIONS,
        numerator="amount",
        count="placements",
        status_when=FORECAST,
    ),
    Measure(
        name="spend_share",
        title="Share of the block's spend",
        question="Out of each £1 that the block spends, how much goes here?",
        unit="share",
        better="neither",
        caution="A share of the whole block's spend in the year, whatever else is selected.",
        source=_SOURCE,
        table="spend",
        dimensions=SPEND_DIMENSIONS,
        numerator="amount",
        denominator="amount",
        denominator_scope="whole",
        count="placements",
        status_when=FORECAST,
    ),
)
