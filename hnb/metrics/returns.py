"""Returns: what authorities reported to DfE under Section 251, comparable from one to the next."""

from __future__ import annotations

from dataclasses import replace

from hnb.metrics.measure import Measure

_OUTTURN = Measure(
    name="return_spend",
    title="Outturn return (Section 251)",
    question="What did authorities report that they spent?",
    unit="£",
    better="neither",
    caution=(
        "Outturn return, by DfE's published groups of lines. It leaves out places that DfE pays directly: "
        "never compare it with the budget return without that bridge. Select one authority, or all are added."
    ),
    source="DfE, Section 251 outturn (table spend_returns, detail “line_group”).",
    table="spend_returns",
    dimensions=(
        "authority",
        "financial_year",
        "line_group",
        "setting",
        "setting_group",
        "phase",
        "is_income",
    ),
    numerator="amount",
    where={"stage": ("outturn",), "detail": ("line_group",)},
)

MEASURES = (
    _OUTTURN,
    replace(
        _OUTTURN,
        name="return_budget",
        title="Budget return (Section 251)",
        question="What did authorities report that they planned to spend?",
        caution=(
            "Budget return, by DfE's published groups of lines. It includes places at academies, which the "
            "outturn return leaves out: the difference is not an underspend."
        ),
        source="DfE, Section 251 budget (table spend_returns, detail “line_group”).",
        where={"stage": ("budget",), "detail": ("line_group",)},
    ),
    replace(
        _OUTTURN,
        name="return_total",
        title="Outturn return, all high needs lines",
        question="What did authorities report that all of high needs cost them?",
        caution=(
            "Net outturn of all high needs lines, as DfE publishes it in one figure. It leaves out places that DfE "
            "pays directly, and holds lines that the published groups leave out. Select one authority, or all are added."
        ),
        source="DfE, Section 251 outturn by block (table spend_returns, detail “block”).",
        dimensions=("authority", "financial_year"),
        where={"stage": ("outturn",), "detail": ("block",), "line_group": ("high_needs_total",)},
    ),
)
