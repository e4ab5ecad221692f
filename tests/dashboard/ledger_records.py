"""An invented ledger for the pages: what is compared, what is odd, what is mapped, whom nobody has matched."""

from __future__ import annotations

import datetime
from typing import Any

import pandas

from hnb.tables import TABLES
from hnb.years import months_of

SUTTON, YEAR = "E09000029", "2025-26"
MISSING = datetime.date(2025, 12, 1)


def tables() -> dict[str, pandas.DataFrame]:
    """Each table about the ledger by its name. The register has £1,200,000 on line 1.2.3, £100,000 a month."""
    return {
        "payments": _payments(),
        "ledger_mapping": _mapping(),
        "ledger_months": _months(),
        "reconciliation": _reconciliation(),
        "ledger_exceptions": _exceptions(),
        "supplier_offers": _offers(),
    }


def _frame(table: str, rows: list[dict[str, Any]], **usual: Any) -> pandas.DataFrame:
    given = [
        {"authority": SUTTON, "source": f"{table}.xlsx!S!{n}", **usual, **row}
        for n, row in enumerate(rows, 2)
    ]
    return TABLES[table].conform(pandas.DataFrame(given))


def _paid(month: datetime.date) -> float:
    """£100,000 a month, but May is £30,000 short, August has £20,000 too much and December is not loaded."""
    return {5: 70_000.0, 8: 120_000.0}.get(month.month, 100_000.0)


def _loaded() -> list[datetime.date]:
    return [month for month in months_of(YEAR) if month != MISSING]


def _payments() -> pandas.DataFrame:
    rows = [
        {"paid_on": month, "period": months_of(YEAR).index(month) + 1, "supplier": "OAK LTD", "expense_code": "E1", "expense_type": "Fees",
         "line": "1.2.3", "line_group": "top_up_independent", "ledger_status": "mapped", "rule_id": "S1", "amount": _paid(month)}
        for month in _loaded()
    ]  # fmt: skip
    odd = {"paid_on": datetime.date(2025, 6, 3), "period": 3, "supplier": "ASH CIC", "expense_code": "E9", "expense_type": "SEND support",
           "ledger_status": "not_mapped", "amount": 5_000.0}  # fmt: skip
    return _frame("payments", [*rows, odd], financial_year=YEAR)


def _mapping() -> pandas.DataFrame:
    return _frame("ledger_mapping", [{"rule_id": "S1", "expense_code": "E1", "is_high_needs": True, "line": "1.2.3", "certainty": "certain",
                                      "reason": "Fees are line 1.2.3", "decided_by": "finance", "decided_on": datetime.date(2026, 4, 1)}])  # fmt: skip


def _months() -> pandas.DataFrame:
    rows = [
        {"month": month, "ledger_status": "mapped", "line": "1.2.3", "line_group": "top_up_independent", "expense_code": "E1",
         "expense_type": "Fees", "payments": 1, "amount": _paid(month), "repeats": 0, "repeated_amount": 0.0}
        for month in _loaded()
    ]  # fmt: skip
    odd = {"month": datetime.date(2025, 6, 1), "ledger_status": "not_mapped", "expense_code": "E9", "expense_type": "SEND support",
           "payments": 1, "amount": 5_000.0, "repeats": 0, "repeated_amount": 0.0}  # fmt: skip
    other = {
        "month": datetime.date(2026, 3, 1),
        "ledger_status": "other",
        "payments": 9,
        "amount": 900.0,
        "repeats": 3,
        "repeated_amount": 300.0,
    }
    return _frame("ledger_months", [*rows, odd, other], financial_year=YEAR)


def _reconciliation() -> pandas.DataFrame:
    year = {"pair": "register_ledger", "first_amount": 1_200_000.0, "second_amount": 1_090_000.0, "difference": -110_000.0,
            "months_covered": 11, "months_missing": "December 2025"}  # fmt: skip
    monitor = {
        "pair": "register_monitor",
        "first_amount": 1_200_000.0,
        "second_amount": 1_205_000.0,
        "difference": 5_000.0,
        "months_covered": 12,
    }
    by_month = [
        {"pair": "register_ledger", "month": month, "first_amount": 100_000.0, "second_amount": paid, "difference": paid - 100_000.0,
         "months_covered": 1, "months_missing": "December 2025" if month == MISSING else None}
        for month in months_of(YEAR)
        for paid in [0.0 if month == MISSING else _paid(month)]
    ]  # fmt: skip
    return _frame(
        "reconciliation",
        [year, monitor, *by_month],
        financial_year=YEAR,
        line="1.2.3",
        line_group="top_up_independent",
    )


def _exceptions() -> pandas.DataFrame:
    def odd(exception: str, month: int, register: float, ledger: float, **more: Any) -> dict[str, Any]:
        at = next(one for one in months_of(YEAR) if one.month == month)
        return {"exception": exception, "line": "1.2.3", "provider": "Oak School", "supplier": "OAK LTD", "month": at,
                "paid_month": at if ledger else None, "register_amount": register, "ledger_amount": ledger,
                "difference": ledger - register, "detail": "found", **more}  # fmt: skip

    rows = [
        odd("not_paid", 5, 30_000, 0, placement_id="P7", source="register.xlsx!Register!7"),
        odd(
            "not_in_register",
            8,
            0,
            20_000,
            provider=None,
            supplier="ELM LTD",
            ledger_source="ledger.xlsx!Payments!9",
        ),
        odd("month_missing", 12, 100_000, 0),
        odd("timing", 2, 40_000, 40_000, paid_month=datetime.date(2026, 3, 1)),
        odd("not_mapped", 6, 0, 5_000, line=None, provider=None, supplier="ASH CIC"),
    ]
    return _frame("ledger_exceptions", rows, financial_year=YEAR)


def _offers() -> pandas.DataFrame:
    return _frame(
        "supplier_offers",
        [{"supplier": "ELMS", "provider": "Elm School", "likeness": 0.9, "payments": 3, "amount": 900.0}],
    )
