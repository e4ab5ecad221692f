"""The invented snapshot's budget by month: what its monitors would have on a sheet of months."""

from __future__ import annotations

import datetime

import pandas

from hnb import years


def by_month(budget: pandas.DataFrame) -> pandas.DataFrame:
    """Rows of `budget_months` for every report in rows of `budget`: an even profile, actuals, and forecasts to come.

    Of a leaf they add up to its revised budget, its actual to date and its forecast, to the penny.
    """
    leaf = ["authority", "financial_year", "as_at", "line", "setting", "phase"]
    wide = budget.pivot_table(index=leaf, columns="money", values="amount").reset_index()
    rows = []
    for row in wide.to_dict("records"):
        months = years.months_of(str(row["financial_year"]))
        gone = _months_gone(row["as_at"])
        to_come = row["forecast"] - row["actual_to_date"]
        for money, total, within in (
            ("profile", row["revised_budget"], months),
            ("actual", row["actual_to_date"], months[:gone]),
            ("forecast", to_come, months[gone:]),
        ):
            even = round(total / len(within), 2)
            amounts = [even] * (len(within) - 1) + [round(total - even * (len(within) - 1), 2)]
            rows += [
                {
                    **{name: row[name] for name in leaf},
                    "month": month,
                    "money": money,
                    "amount": amount,
                    "source": "invented monitor",
                }
                for month, amount in zip(within, amounts, strict=True)
            ]
    return pandas.DataFrame(rows)


def _months_gone(as_at: datetime.date) -> int:
    return (as_at.month - 4) % 12 + 1
