"""The budget's reports beside one another: every kind of money of every report, cell by cell.

What the budget page's tree and forecasts are made of. Which report is in force is `hnb.metrics.budget`'s to
say; here each report stands under its own date. Pure; every figure is an answer of `compute`.
"""

from __future__ import annotations

from typing import Any

import polars

from hnb.metrics import Selection, compute

KINDS = ("original_budget", "revised_budget", "actual_to_date", "commitment", "forecast", "outturn")
"""The kinds of money of a report, in the order in which they are told."""

LEAF = ("line", "setting", "phase")
"""What a report's amounts are split by, at the finest."""

_REPORT = ["financial_year", "as_at"]


def budget_reports(tables: Any, selection: Selection) -> polars.DataFrame:
    """Every report's amounts, one row a report and leaf.

    Parameters
    ----------
    tables: what `compute` takes. selection: of one authority; its years are used, and reports after its `as_at`
    are left out.

    Returns
    -------
    A Polars frame with `financial_year`, `as_at` (ISO text), `line`, `setting`, `phase`, a column for each of
    `KINDS` and `expected`, pounds to the penny, sorted by year and date. A kind that a report has nowhere is missing in all
    of its rows; in a report that has it, a leaf without a row of it is nought. `expected` is where the year
    ends: the outturn of a report that has one, else its forecast.
    """
    by = (*_REPORT, *LEAF)
    frames = [
        compute(kind, tables, selection, by).select(*by, polars.col("value").alias(kind)) for kind in KINDS
    ]
    rows = polars.concat([frame.select(by) for frame in frames]).unique()
    for frame in frames:
        rows = rows.join(frame, on=list(by), how="left", validate="1:1")
    # A kind that the report has and this leaf has not: the monitor's blank, which is nought.
    filled = [
        polars.when(polars.col(kind).is_not_null().any().over(_REPORT))
        .then(polars.col(kind).fill_null(0.0))
        .alias(kind)
        for kind in KINDS
    ]
    return (
        rows.with_columns(filled)
        .with_columns(polars.coalesce("outturn", "forecast").alias("expected"))
        .sort(*by)
    )


def report_dates(reports: polars.DataFrame, year: str) -> tuple[str, ...]:
    """The dates of a year's reports, ascending, as ISO texts. `reports` are `budget_reports`'s."""
    return tuple(reports.filter(polars.col("financial_year") == year)["as_at"].unique().sort().to_list())


def is_closed(reports: polars.DataFrame, year: str, as_at: str) -> bool:
    """Whether the report of that date has the year's outturn."""
    of_report = (polars.col("financial_year") == year) & (polars.col("as_at") == as_at)
    return bool(reports.filter(of_report)["outturn"].is_not_null().any())
