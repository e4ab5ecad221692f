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
    return reports_within(report_amounts(tables, whole_reports(selection)), selection)


def whole_reports(selection: Selection) -> Selection:
    """All of the reports that a selection is cut from: what is worth remembering of them."""
    return Selection(years=selection.years, authority=selection.authority, as_at=selection.as_at)


def report_amounts(tables: Any, selection: Selection) -> polars.DataFrame:
    """The amounts as the reports have them, leaf by leaf and kind by kind: `budget_reports` without what it fills in."""
    by = (*_REPORT, *LEAF)
    frames = [
        compute(kind, tables, selection, by).select(*by, polars.col("value").alias(kind)) for kind in KINDS
    ]
    rows = polars.concat([frame.select(by) for frame in frames]).unique()
    for frame in frames:
        rows = rows.join(frame, on=list(by), how="left", validate="1:1")
    return rows.sort(*by)


def reports_within(amounts: polars.DataFrame, selection: Selection) -> polars.DataFrame:
    """`budget_reports` of a selection, cut from `report_amounts` of all that it is of."""
    # A kind that the report has and this leaf has not: the monitor's blank, which is nought.
    filled = [
        polars.when(polars.col(kind).is_not_null().any().over(_REPORT))
        .then(polars.col(kind).fill_null(0.0))
        .alias(kind)
        for kind in KINDS
    ]
    cuts = {"line": selection.lines, "setting": selection.settings, "phase": selection.phases}
    wanted = [polars.col(name).is_in(codes) for name, codes in cuts.items() if codes]
    rows = amounts.filter(wanted) if wanted else amounts
    return rows.with_columns(filled).with_columns(polars.coalesce("outturn", "forecast").alias("expected"))


def reports_told(reports: polars.DataFrame) -> dict[str, dict[str, bool]]:
    """By year, ascending, the dates of its reports and whether each has the year's outturn. `reports` are `budget_reports`'s."""
    is_closed = polars.col("outturn").is_not_null().any()
    found: dict[str, dict[str, bool]] = {}
    for year, as_at, has_outturn in reports.group_by(_REPORT).agg(is_closed).sort(_REPORT).rows():
        found.setdefault(year, {})[as_at] = has_outturn
    return found


def report_dates(reports: polars.DataFrame, year: str) -> tuple[str, ...]:
    """The dates of a year's reports, ascending, as ISO texts. `reports` are `budget_reports`'s."""
    return tuple(reports_told(reports).get(year, ()))


def is_closed(reports: polars.DataFrame, year: str, as_at: str) -> bool:
    """Whether the report of that date has the year's outturn."""
    return reports_told(reports).get(year, {}).get(as_at, False)
