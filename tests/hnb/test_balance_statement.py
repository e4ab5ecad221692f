"""The balance statement: the chain of years by hand, the stability grant's terms, and that everything adds up."""

from __future__ import annotations

import datetime
from typing import Any

import polars
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hnb.balance_statement import allocation_issues, balance_statement
from hnb.findings import balance as findings
from hnb.metrics import Tables
from hnb.stability_grant import COMPONENT, stability_grant, statutory_override
from hnb.years import next_year

SUTTON = "E09000029"


def tables(
    grant: list[tuple[str, str, float]] = (),
    spend: list[tuple[str, str, float]] = (),
    balances: list[tuple[str, float]] = (),
    published: dict[str, str] | None = None,
) -> Tables:  # fmt: skip
    """grant: (year, component, pounds); spend: (year, basis, pounds); balances: (year, pounds)."""
    frames: dict[str, Any] = {}
    if grant:
        frames["grant"] = polars.DataFrame(
            [
                {"authority": SUTTON, "financial_year": year, "published_on": datetime.date(2026, 3, 1), "component": component, "amount": amount, "source": "by hand"}
                for year, component, amount in grant
            ]
        )  # fmt: skip
    if spend:
        frames["spend"] = polars.DataFrame(
            [
                {
                    "authority": SUTTON, "financial_year": year, "basis": basis, "part": "services", "line": "1.2.5", "setting": "central",
                    "phase": "not_by_phase", "need": "not_by_need", "in_borough": None, "provider": None, "amount": amount,
                    "placement_years": 0.0, "placements": 0, "counted_on": None, "source": "by hand",
                }
                for year, basis, amount in spend
            ],
            schema_overrides={"in_borough": polars.Boolean, "provider": polars.String, "counted_on": polars.Date},
        )  # fmt: skip
    if balances:
        frames["balances"] = polars.DataFrame(
            [
                {"authority": SUTTON, "financial_year": year, "basis": "pounds", "balance": amount, "balance_share": None, "source": "by hand"}
                for year, amount in balances
            ],
            schema_overrides={"balance_share": polars.Float64},
        )  # fmt: skip
    return Tables(frames)


def of(statement: polars.DataFrame, year: str) -> dict[str, Any]:
    return statement.filter(polars.col("financial_year") == year).row(0, named=True)


GRANT = [
    ("2025-26", "before_deductions", 70_000_000.0), ("2025-26", "place_deductions", -8_000_000.0),
    ("2025-26", "after_deductions", 62_000_000.0), ("2025-26", "block_transfer", 500_000.0),
    ("2026-27", "before_deductions", 75_000_000.0), ("2026-27", "place_deductions", -9_000_000.0),
    ("2026-27", "after_deductions", 66_100_000.0), ("2026-27", "block_transfer", 400_000.0),
]  # fmt: skip
SPEND = [("2025-26", "outturn", 68_000_000.0), ("2026-27", "forecast", 70_000_000.0)]


def test_from_the_grant_to_the_balance_by_hand():
    found = balance_statement(
        tables(GRANT, SPEND, [("2024-25", -10_000_000.0), ("2025-26", -15_000_000.0)]), SUTTON
    )
    closed, running = of(found, "2025-26"), of(found, "2026-27")
    # 62.0 + 0.5 − 68.0 = −5.5; −10.0 − 5.5 = −15.5, and the balance published is −15.0: half a million not explained.
    assert (closed["available"], closed["in_year"], closed["opening"]) == (
        62_500_000.0,
        -5_500_000.0,
        -10_000_000.0,
    )
    assert (closed["not_explained"], closed["closing"]) == (500_000.0, -15_000_000.0)
    assert closed["spent_share"] == pytest.approx(68.0 / 62.5)
    # 75.0 − 9.0 = 66.0, published as 66.1: the rest has a name. −15.0 + 66.5 − 70.0 = −18.5, carried on.
    assert running["other_adjustments"] == 100_000.0
    assert (running["in_year"], running["closing"], running["not_explained"]) == (
        -3_500_000.0,
        -18_500_000.0,
        0.0,
    )
    assert running["is_forecast"] and running["is_carried_on"] and not closed["is_carried_on"]


def test_the_stability_grant_is_nine_tenths_of_the_deficit_at_march_2026_and_stands_where_it_would_be_paid():
    found = balance_statement(
        tables(GRANT, SPEND, [("2024-25", -10_000_000.0), ("2025-26", -15_000_000.0)]), SUTTON
    )
    assert of(found, "2025-26")["stability_grant"] is None
    assert of(found, "2025-26")["closing_after_grant"] == -15_000_000.0
    # 90% of 15.0 is 13.5: −18.5 becomes −5.0. The deficit of 2026-27 itself earns nothing.
    assert of(found, "2026-27")["stability_grant"] == 13_500_000.0
    assert of(found, "2026-27")["closing_after_grant"] == -5_000_000.0
    assert not of(found, "2026-27")["is_paid"]
    said = findings.of_the_balance(found, stability_grant())
    assert (
        said
        == "The balance is forecast to be a deficit of £18.5m in March 2027; the stability grant would leave a deficit of £5.0m, if the local plan is approved"
    )


def test_a_surplus_earns_nothing():
    found = balance_statement(tables(GRANT, SPEND, [("2025-26", 2_000_000.0)]), SUTTON)
    assert of(found, "2026-27")["stability_grant"] == 0.0
    assert of(found, "2026-27")["closing_after_grant"] == of(found, "2026-27")["closing"] == -1_500_000.0
    assert "stability grant" not in findings.of_the_balance(found, stability_grant())
    assert stability_grant().of(900_000.0) == 0.0


def test_a_grant_that_was_paid_stands_as_paid_and_is_not_worked_out_again():
    paid = [*GRANT, ("2026-27", COMPONENT, 12_000_000.0)]
    found = balance_statement(tables(paid, SPEND, [("2025-26", -15_000_000.0)]), SUTTON)
    row = of(found, "2026-27")
    assert (row["stability_grant"], row["is_paid"], row["closing_after_grant"]) == (
        12_000_000.0,
        True,
        -6_500_000.0,
    )
    assert row["available"] == 66_500_000.0  # no part of a year's allocation
    assert "paid" in findings.of_the_balance(found, stability_grant())


def test_a_published_balance_of_a_closed_year_holds_the_grant_that_was_paid_and_so_do_those_carried_on_from_it():
    paid = [
        *GRANT,
        ("2026-27", COMPONENT, 12_000_000.0),
        *((next_year(year), name, amount) for year, name, amount in GRANT[4:]),
    ]
    closed = [
        ("2025-26", "outturn", 68_000_000.0),
        ("2026-27", "outturn", 70_000_000.0),
        ("2027-28", "forecast", 67_000_000.0),
    ]
    found = balance_statement(
        tables(paid, closed, [("2025-26", -15_000_000.0), ("2026-27", -6_500_000.0)]), SUTTON
    )
    assert (of(found, "2026-27")["closing"], of(found, "2026-27")["closing_after_grant"]) == (
        -18_500_000.0,
        -6_500_000.0,
    )
    assert of(found, "2026-27")["not_explained"] == 0.0
    # −6.5 + 66.5 − 67.0 = −7.0 with the grant, −19.0 before it.
    assert (of(found, "2027-28")["closing"], of(found, "2027-28")["closing_after_grant"]) == (
        -19_000_000.0,
        -7_000_000.0,
    )


def test_what_is_not_known_is_missing_and_never_nought():
    alone = balance_statement(tables(balances=[("2025-26", -1.0)]), SUTTON)
    row = of(alone, "2025-26")
    assert (
        row["in_year"] is None
        and row["available"] is None
        and row["not_explained"] is None
        and row["opening"] is None
    )
    assert balance_statement(tables(), SUTTON).height == 0
    assert balance_statement(tables(GRANT, SPEND), "E06000001").height == 0


def test_the_terms_are_those_of_the_published_sources():
    terms, override = stability_grant(), statutory_override()
    assert (terms.share, terms.deficit_at_end_of, terms.paid_in) == (0.9, "2025-26", "2026-27")
    assert override.last_day == datetime.date(2028, 3, 31)
    assert "9 February 2026" in terms.source


def test_allocations_that_were_issued_again_say_how_they_moved_and_which_is_in_force():
    rows = polars.DataFrame(
        [
            {"authority": SUTTON, "financial_year": "2023-24", "published_on": day, "component": "before_deductions", "amount": amount, "source": "by hand"}
            for day, amount in ((datetime.date(2023, 7, 20), 57_734_683.0), (datetime.date(2022, 12, 16), 57_632_683.0))
        ]
    )  # fmt: skip
    found = allocation_issues(Tables({"grant": rows}), SUTTON)
    assert found.select("amount", "moved", "is_in_force").rows() == [
        (57_632_683.0, None, False),
        (57_734_683.0, 102_000.0, True),
    ]
    assert findings.of_the_issues(found) == "The 2023-24 allocation moved by +£102k when it was issued again"


POUNDS = st.integers(-90_000_000_00, 90_000_000_00).map(lambda pence: pence / 100)


@given(
    st.lists(st.tuples(POUNDS, POUNDS, POUNDS, st.none() | POUNDS), min_size=1, max_size=6),
    st.integers(2020, 2026),
    st.booleans(),
)
def test_opening_and_position_and_difference_make_the_closing_balance_to_the_penny(years, first, paid):
    grant, spend, balances = [], [], []
    for place, (after, transfer, spent, balance) in enumerate(years):
        year = f"{first + place}-{(first + place + 1) % 100:02d}"
        grant += [(year, "after_deductions", after), (year, "block_transfer", transfer)]
        spend.append((year, "outturn", spent))
        if balance is not None:
            balances.append((year, balance))
    if paid:
        grant.append((f"{first}-{(first + 1) % 100:02d}", COMPONENT, 1_234_567.89))
    found = balance_statement(tables(grant, spend, balances), SUTTON)
    for before, row in zip([None, *found.iter_rows(named=True)], found.iter_rows(named=True), strict=False):
        assert row["available"] - row["spend"] == pytest.approx(row["in_year"], abs=0.005)
        if None not in (row["opening"], row["closing"]):
            assert row["opening"] + row["in_year"] + row["not_explained"] == pytest.approx(
                row["closing"], abs=0.005
            )
            assert before is not None and before["closing"] == row["opening"]
        if row["closing"] is not None:
            granted = sum(
                one["stability_grant"] or 0.0
                for one in found.iter_rows(named=True)
                if one["financial_year"] <= row["financial_year"]
            )
            assert row["closing_after_grant"] == pytest.approx(row["closing"] + granted, abs=0.005)
