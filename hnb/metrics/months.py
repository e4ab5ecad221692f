"""The budget by month: the profile, what each month cost, and what the months to come are expected to cost.

All figures come from one report a year, the one in force at the selection's date or the latest. Of a leaf the
profiles add up to its revised budget, the actuals to its actual to date, and actuals and forecasts to its forecast.
"""

from __future__ import annotations

import narwhals as nw

from hnb.metrics.budget import in_force, report_of
from hnb.metrics.measure import Measure, Question, Rows

_DIMENSIONS = (
    "authority", "financial_year", "as_at", "month", "line", "line_group", "setting", "setting_group", "phase",
)  # fmt: skip
_SOURCE = "Budget monitor by month (table budget_months), the report in force."


def month_rows(question: Question) -> Rows:
    """The rows of the report in force for each authority and year; see `hnb.metrics.budget.in_force`."""
    return in_force(question, "budget_months")


def _of_kind(name: str, money: str, title: str, question: str, caution: str) -> Measure:
    return Measure(
        name=name,
        title=title,
        question=question,
        unit="£",
        better="neither",
        caution=caution,
        source=_SOURCE,
        table="budget_months",
        dimensions=_DIMENSIONS,
        numerator="amount",
        where={"money": (money,)},
        rows=month_rows,
        rows_differ_by=report_of,
        status_when={"estimated": nw.col("money") == money} if money == "forecast" else {},
    )


MEASURES = (
    _of_kind("month_profile", "profile", "Profile by month", "What is each month to cost?",
             "The year's revised budget as the council has spread it over the months."),
    _of_kind("month_actual", "actual", "Actual by month", "What has each month cost?",
             "What the ledger holds of each month; invoices of a term are often paid months later."),
    _of_kind("month_forecast", "forecast", "Forecast by month", "What are the months to come expected to cost?",
             "Months after the report's date alone; it is a judgement."),
)  # fmt: skip
