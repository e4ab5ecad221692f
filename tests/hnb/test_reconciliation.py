"""Register, monitor, ledger and return held against each other, by hand; and the whole that the parts add up to."""

from __future__ import annotations

import datetime
from typing import Any

import pandas
import polars
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from hnb.ledger_exceptions import ledger_exceptions
from hnb.ledger_months import ledger_months, months_compared, months_missing
from hnb.placement_months import placement_months
from hnb.reconciliation import reconciled, reconciliation
from hnb.tables import TABLES
from hnb.tolerance import allowed, with_status
from hnb.years import months_of

SUTTON, YEAR = "E09000029", "2025-26"
MONTHS = months_of(YEAR)


def frame(table: str, rows: list[dict[str, Any]], **usual: Any) -> pandas.DataFrame:
    given_ = [
        {"authority": SUTTON, "financial_year": YEAR, "source": f"{table}.xlsx!S!{n}", **usual, **row}
        for n, row in enumerate(rows, 2)
    ]
    return TABLES[table].conform(pandas.DataFrame(given_))


def placed(*rows: dict[str, Any]) -> pandas.DataFrame:
    """Placements open all year at £36,500 a year (£100 a day) unless said otherwise."""
    return frame(
        "placements", list(rows), register_as_at=datetime.date(2026, 3, 31), pupil_id="x", need="ASD", setting="special_independent",
        phase="secondary", start_on=datetime.date(2025, 4, 1), end_on=None, status="open", line="1.2.3", annual_cost=36_500.0,
    )  # fmt: skip


def paid(*rows: dict[str, Any]) -> pandas.DataFrame:
    usual = {
        "paid_on": datetime.date(2025, 4, 9),
        "line": "1.2.3",
        "line_group": "top_up_independent",
        "ledger_status": "mapped",
    }
    return frame("payments", list(rows), **usual)


def monthly(supplier: str, skipping: tuple[int, ...] = ()) -> list[dict[str, Any]]:
    """£100 a day to a supplier in each period but those skipped."""
    ends = [*MONTHS[1:], datetime.date(2026, 4, 1)]
    return [
        {"period": n, "supplier": supplier, "amount": 100.0 * (end - month).days}
        for n, (month, end) in enumerate(zip(MONTHS, ends, strict=True), 1)
        if n not in skipping
    ]


def test_a_register_that_ties_has_no_exception():
    register = placed({"placement_id": "P1", "provider": "Oak School"})
    found = reconciled(
        {"placements": register, "payments": paid(*monthly("OAK SCHOOL"))}, placement_months(register)
    )
    assert "ledger_exceptions" not in found
    (row,) = found["reconciliation"][found["reconciliation"]["month"].isna()].to_dict("records")
    assert (row["pair"], row["first_amount"], row["second_amount"], row["difference"]) == (
        "register_ledger",
        36_500,
        36_500,
        0,
    )


def test_a_missing_month_is_named_and_is_the_whole_difference():
    register = placed({"placement_id": "P1", "provider": "Oak School"})
    found = reconciled(
        {"placements": register, "payments": paid(*monthly("Oak School", (6,)))}, placement_months(register)
    )
    year = found["reconciliation"][found["reconciliation"]["month"].isna()].iloc[0]
    assert (year["difference"], year["months_missing"], year["months_covered"]) == (
        -3_000,
        "September 2025",
        11,
    )
    (one,) = found["ledger_exceptions"].to_dict("records")
    assert (one["exception"], one["provider"], one["difference"]) == ("month_missing", "Oak School", -3_000)


def test_a_supplier_is_no_provider_until_a_person_says_so():
    register = placed({"placement_id": "P1", "provider": "Oak School"})
    payments = paid(*monthly("OAK SCH LTD"))
    alone = ledger_exceptions(register, placement_months(register), payments)
    assert set(alone["exception"]) == {"not_paid", "not_in_register"} and alone["difference"].sum() == 0
    match = TABLES["supplier_matches"].conform(pandas.DataFrame([{"authority": SUTTON, "supplier": "Oak Sch Ltd", "provider": "Oak School", "decision": "confirmed", "source": "s.csv!s!2"}]))  # fmt: skip
    assert ledger_exceptions(register, placement_months(register), payments, match).empty
    open_ = match.assign(decision="offered")
    assert len(ledger_exceptions(register, placement_months(register), payments, open_)) == len(alone)


def test_only_months_that_both_sides_cover_are_compared():
    register = placed({"placement_id": "P1", "provider": "Oak School"})
    payments = paid(*[one for one in monthly("Oak School") if one["period"] <= 3])
    (row,) = reconciliation({"placements": register, "placement_months": placement_months(register), "payments": payments}).query("month.isna()").to_dict("records")  # fmt: skip
    assert row["first_amount"] == row["second_amount"] == 9_100 and row["months_covered"] == 3


def test_a_group_whose_money_has_no_line_is_compared_as_a_group():
    register = placed(
        {"placement_id": "P1", "provider": "Elm", "line": "1.2.1"},
        {"placement_id": "P2", "provider": "Ash", "line": "1.2.2"},
    )
    rows = [*monthly("Elm"), *monthly("Ash")]
    payments = paid(*rows).assign(line=None, line_group="top_up_state")
    payments = TABLES["payments"].conform(payments)
    found = reconciled({"placements": register, "payments": payments}, placement_months(register))
    (row,) = found["reconciliation"][found["reconciliation"]["month"].isna()].to_dict("records")
    assert pandas.isna(row["line"]) and row["line_group"] == "top_up_state" and row["difference"] == 0
    assert "ledger_exceptions" not in found


def test_the_whole_block_is_its_1_2_lines_without_place_funding():
    payments = paid(
        {"period": 1, "amount": 70.0}, {"period": 1, "amount": 20.0, "line": None, "line_group": None},
        {"period": 1, "amount": 9.0, "line": "1.0.2", "line_group": "place_funding"},
    )  # fmt: skip
    returned = frame("spend_returns", [{"line": None, "line_group": "high_needs_total", "amount": 100.0}], stage="outturn", detail="block", setting="central", phase="not_by_phase", is_income=False)  # fmt: skip
    (row,) = reconciliation({"payments": payments, "spend_returns": returned}).to_dict("records")
    assert (row["pair"], row["line_group"], row["first_amount"], row["second_amount"]) == (
        "return_ledger",
        "high_needs_total",
        100,
        90,
    )


def test_the_monitor_of_a_closed_year_is_its_outturn():
    budget = frame("budget", [{"line": "1.2.3", "amount": 100.0, "money": "outturn"}, {"line": "1.2.5", "amount": 5.0, "money": "outturn"}], as_at=datetime.date(2026, 3, 31), setting="central", phase="not_by_phase")  # fmt: skip
    found = reconciliation({"budget": budget, "payments": paid({"period": 1, "amount": 90.0})}).set_index(
        "line"
    )
    assert found.loc["1.2.3", "difference"] == -10 and found.loc["1.2.5", "second_amount"] == 0


def test_exact_repeats_are_counted_and_kept():
    payments = paid({"period": 1, "amount": 5.0, "source": "a.csv!a!2"}, {"period": 1, "amount": 5.0, "source": "a.csv!a!3"}, {"period": 1, "amount": 5.0, "source": "b.csv!b!2"})  # fmt: skip
    (row,) = ledger_months(payments).to_dict("records")
    assert (row["payments"], row["amount"], row["repeats"], row["repeated_amount"]) == (3, 15, 1, 5)


def test_months_compared_and_missing():
    there = {MONTHS[0], MONTHS[3]}
    assert months_compared(YEAR, there) == MONTHS[:4] and months_missing(YEAR, there) == MONTHS[1:3]
    assert (
        months_compared(YEAR, there, datetime.date(2025, 5, 31)) == MONTHS[:2]
        and months_compared(YEAR, set()) == ()
    )


@pytest.mark.parametrize(("first", "tolerance", "pounds"), [(50_000, "usual", 1_000), (500_000, "usual", 5_000), (-500_000, "usual", 5_000), (500_000, "penny", 0.005)])  # fmt: skip
def test_the_tolerance_is_the_larger_of_pounds_and_share(first: float, tolerance: str, pounds: float):
    assert allowed(first, tolerance) == pounds


def test_status_says_within_outside_or_that_a_month_is_missing():
    rows = polars.DataFrame({"first_amount": [1e6, 1e6, 1e6, 0.0], "difference": [-9_999.0, 10_001.0, -20_000.0, 5.0], "months_missing": [None, None, "May 2025", None]})  # fmt: skip
    found = with_status(rows, "usual")
    assert (
        found["status"].to_list() == ["within", "outside", "incomplete", "within"]
        and found["share"][3] is None
    )


pounds_ = some.integers(-50_000, 500_000).map(lambda pence: pence / 100)


@settings(max_examples=40)
@given(
    some.lists(
        some.tuples(
            some.sampled_from(["Oak", "Elm", "Ash"]),
            some.sampled_from(["1.2.1", "1.2.3"]),
            some.integers(0, 360),
            pounds_,
        ),
        max_size=6,
    ),
    some.lists(
        some.tuples(
            some.sampled_from(["OAK", "Elm", "Nobody"]),
            some.sampled_from(["1.2.1", "1.2.3", None]),
            some.integers(1, 12),
            pounds_,
            some.booleans(),
        ),
        min_size=1,
        max_size=12,
    ),
)
def test_exceptions_add_up_to_payments_less_register_to_the_penny(placements, payments):
    register = placed(*[{"placement_id": f"P{n}", "provider": who, "line": line, "annual_cost": cost, "start_on": datetime.date(2025, 4, 1) + datetime.timedelta(days=start)} for n, (who, line, start, cost) in enumerate(placements)]) if placements else TABLES["placements"].empty()  # fmt: skip
    ledger = paid(*[{"supplier": who, "line": line, "line_group": "top_up_independent" if line == "1.2.3" else "top_up_state", "period": period, "amount": amount, "ledger_status": "mapped" if known else "not_mapped"} for who, line, period, amount, known in payments])  # fmt: skip
    months = placement_months(register)
    found = ledger_exceptions(register, months, ledger)
    compared = months_compared(YEAR, {MONTHS[period - 1] for period in ledger["period"]})
    costs = months[months["month"].isin(compared)]["cost"].sum() if len(months) else 0.0
    mapped = ledger[ledger["ledger_status"] == "mapped"]
    # Some money of the group "state" has no line: then all of that group is compared together.
    loose = bool(mapped["line"].isna().any())
    keys = (
        {
            ("top_up_state" if loose and line == "1.2.1" else line)
            for line in months.loc[months["cost"] != 0, "line"]
        }
        if len(months)
        else set()
    )

    def key(line: Any) -> str:
        return "top_up_state" if pandas.isna(line) or (loose and line == "1.2.1") else str(line)

    spent = mapped.loc[[key(line) in keys for line in mapped["line"]], "amount"].sum() if len(months) else 0.0
    open_ = ledger.loc[ledger["ledger_status"] == "not_mapped", "amount"].sum()
    assert round(float(found["difference"].sum()), 2) == round(float(spent + open_ - costs), 2) + 0.0
