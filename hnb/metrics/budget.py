"""Budget: what was planned, what is spent to date, where the year will end, and how far that is off.

All figures come from one report a year: the one in force at the selection's date, or the latest.
"""

from __future__ import annotations

import narwhals as nw

from hnb.metrics.measure import Better, Measure, Question, Rows

_DIMENSIONS = (
    "authority", "financial_year", "as_at", "line", "line_group", "setting", "setting_group", "phase",
)  # fmt: skip
_REPORT = ("authority", "financial_year")
_SOURCE = "Budget monitor (table budget), the report in force."
# Line 1.9.3 is a balance brought into the block's accounts, not spend.
_BALANCE_LINE = "1.9.3"


def report_of(question: Question) -> tuple[str, bool]:
    """What of a question decides the report in force: the date asked for, and whether each report is told by itself."""
    return question.selection.as_at, "as_at" in question.by


def in_force(question: Question, table: str) -> Rows:
    """The rows of the report in force for each authority and year, of a table that monitors bring.

    That is the latest one, or the latest not after `Selection.as_at`; a year with no report by then has
    no rows. Where the answer is split by `as_at` every report up to then stays, each under its own date.
    """
    spent = question.rows(table).filter(nw.col("line") != _BALANCE_LINE)
    dated = spent.with_columns(nw.col("as_at").cast(nw.String).alias("as_at"))
    if question.selection.as_at:
        dated = dated.filter(nw.col("as_at") <= question.selection.as_at)
    if "as_at" in question.by:
        return dated
    return dated.filter(nw.col("as_at") == nw.col("as_at").max().over(*_REPORT))


def report_rows(question: Question) -> Rows:
    """The rows of the budget's report in force; see `in_force`."""
    return in_force(question, "budget")


def variance_rows(question: Question) -> Rows:
    """Forecast less revised budget; in a report that has an outturn, outturn less revised budget.

    A report without a revised budget, or without either, gives no rows: nothing can be compared.
    """
    report = (*_REPORT, "as_at") if "as_at" in question.by else _REPORT
    rows = report_rows(question).with_columns(
        *[(nw.col("money") == kind).cast(nw.Int8).max().over(*report).alias(f"_has_{kind}") for kind in ("outturn", "forecast", "revised_budget")]
    )  # fmt: skip
    closed, open_year = nw.col("_has_outturn") == 1, nw.col("_has_forecast") == 1
    expected = ((nw.col("money") == "outturn") & closed) | ((nw.col("money") == "forecast") & ~closed)
    budgeted = nw.col("money") == "revised_budget"
    return rows.filter((nw.col("_has_revised_budget") == 1) & (closed | open_year) & (expected | budgeted)).with_columns(
        nw.when(budgeted).then(-nw.col("amount")).otherwise(nw.col("amount")).alias("amount"),
        (~closed).alias("_is_forecast"),
    )  # fmt: skip


def _of_kind(money: str, title: str, question: str, caution: str, better: Better = "neither") -> Measure:
    worked_out = money in ("forecast", "commitment")
    return Measure(
        name=money,
        title=title,
        question=question,
        unit="£",
        better=better,
        caution=caution,
        source=_SOURCE,
        table="budget",
        dimensions=_DIMENSIONS,
        numerator="amount",
        where={"money": (money,)},
        rows=report_rows,
        rows_differ_by=report_of,
        status_when={"estimated": nw.col("money") == money} if worked_out else {},
    )


MEASURES = (
    _of_kind("original_budget", "Original budget", "What was the year to cost when it began?",
             "Set before the year; later virements are not in it."),
    _of_kind("revised_budget", "Revised budget", "What is the year to cost now?",
             "After virements up to the date of the report."),
    _of_kind("actual_to_date", "Actual to date", "What has been paid so far?",
             "To the end of the period of the report: not comparable with a whole year's budget."),
    _of_kind("commitment", "Commitment", "What is agreed and not yet paid?",
             "Ordered or agreed, not yet in the ledger."),
    _of_kind("forecast", "Forecast", "Where will this year end?",
             "What the budget holders expect; it is a judgement."),
    _of_kind("outturn", "Outturn", "Where did the year end?",
             "Closed years only."),
    Measure(
        name="variance",
        title="Variance",
        question="How far is the year from its budget?",
        unit="£",
        better="lower",
        caution="Forecast less revised budget while the year runs; outturn less revised budget once it is closed. Positive is over budget.",
        source=_SOURCE,
        table="budget",
        dimensions=_DIMENSIONS,
        numerator="amount",
        sides=("over budget", "under budget"),
        rows=variance_rows,
        rows_differ_by=report_of,
        status_when={"estimated": nw.col("_is_forecast")},
    ),
)  # fmt: skip
