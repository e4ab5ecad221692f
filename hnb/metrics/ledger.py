"""The ledger: what was paid on the lines of the block, as the officers' mapping says."""

from __future__ import annotations

from hnb.metrics.measure import Measure

MEASURES = (
    Measure(
        name="paid",
        title="Paid, ledger",
        question="What was paid on the lines of the block?",
        unit="£",
        better="neither",
        caution=(
            "Payments that the officers' mapping calls high needs, in the months that are loaded: a month that is "
            "missing is not in it. Which line a code belongs to is as certain as its rule."
        ),
        source="Payments from the ledger (table payments), with the line that the mapping gives them.",
        table="payments",
        dimensions=("authority", "financial_year", "line", "setting", "setting_group"),
        numerator="amount",
        where={"ledger_status": ("mapped",)},
    ),
)
