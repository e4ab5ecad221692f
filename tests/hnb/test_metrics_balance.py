"""Balance: allocation in force, what is left in the year, what has piled up."""

from __future__ import annotations

import polars

from hnb.metrics import compute, is_loaded
from hnb.selection import Selection
from tests.hnb.pictures import answered, drawn

GRANT = drawn("grant", """
    financial_year | published_on | component         | amount
    2022-23        | 2022-07-18   | before_deductions | 52_000
    2022-23        | 2022-07-18   | after_deductions  | 45_000
    2023-24        | 2023-03-30   | before_deductions | 57_632
    2023-24        | 2023-07-20   | before_deductions | 57_734
    2023-24        | 2023-03-30   | after_deductions  | 49_800
    2023-24        | 2023-07-20   | after_deductions  | 49_900
    2023-24        | 2023-01-15   | block_transfer    | 100
    2024-25        | 2024-07-18   | after_deductions  | 52_000
    2025-26        | 2025-07-18   | after_deductions  | 54_000
    2026-27        | 2025-12-18   | before_deductions | 60_000
""")  # fmt: skip
SPEND = drawn("spend", """
    financial_year | basis    | setting             | amount
    2022-23        | outturn  | mainstream          | 44_000
    2023-24        | outturn  | mainstream          | 30_000
    2023-24        | outturn  | special_independent | 21_000
    2024-25        | outturn  | mainstream          | 61_000
    2025-26        | forecast | mainstream          | 60_500
    2026-27        | forecast | mainstream          | 70_000
""")  # fmt: skip
BALANCES = drawn("balances", """
    financial_year | balance
    2022-23        | 1_400
    2023-24        | .
""")  # fmt: skip
ALL = {"grant": GRANT, "spend": SPEND, "balances": BALANCES}


def test_the_latest_publication_of_the_allocation_is_in_force():
    answer = compute("allocation", ALL, by=["financial_year"])
    assert answered(answer, "financial_year", "value") == [
        ("2022-23", 52_000.0), ("2023-24", 57_734.0), ("2026-27", 60_000.0),
    ]  # fmt: skip


def test_available_is_after_deductions_with_transfers_each_at_its_own_latest():
    answer = compute("available_grant", ALL, by=["financial_year"])
    assert answered(answer, "financial_year", "value") == [
        ("2022-23", 45_000.0), ("2023-24", 50_000.0), ("2024-25", 52_000.0), ("2025-26", 54_000.0),
    ]  # fmt: skip


def test_in_year_position_is_available_less_the_spend_of_the_whole_block():
    expected = [
        ("2022-23", 1_000.0, "reported"),
        ("2023-24", -1_000.0, "reported"),
        ("2024-25", -9_000.0, "reported"),
        ("2025-26", -6_500.0, "estimated"),
        # 2026-27: what reaches the block is not published yet, so there is no position
    ]
    columns = ("financial_year", "value", "status")
    assert answered(compute("in_year_position", ALL, by=["financial_year"]), *columns) == expected
    # A setting cannot narrow it: the block has one position.
    narrowed = compute("in_year_position", ALL, Selection(settings=("mainstream",)), ["financial_year"])
    assert answered(narrowed, *columns) == expected


def test_balance_is_carried_on_from_the_last_published_one():
    answer = compute("cumulative_balance", ALL, by=["financial_year"])
    assert answered(answer, "financial_year", "value", "status") == [
        ("2022-23", 1_400.0, "reported"),
        ("2023-24", 400.0, "estimated"),
        ("2024-25", -8_600.0, "estimated"),
        ("2025-26", -15_100.0, "estimated"),
    ]


def test_balances_of_several_years_are_not_added():
    assert compute("cumulative_balance", ALL)["value"].to_list() == [-15_100.0]
    selected = Selection(years=("2022-23", "2023-24"))
    assert compute("cumulative_balance", ALL, selected)["value"].to_list() == [400.0]


def test_a_gap_in_the_positions_ends_the_carrying_on():
    gap = ALL | {"spend": SPEND.filter(polars.col("financial_year") != "2024-25")}
    years = compute("cumulative_balance", gap, by=["financial_year"])["financial_year"].to_list()
    assert years == ["2022-23", "2023-24"]


def test_a_balance_of_a_year_that_still_runs_is_estimated():
    stated = {**ALL, "balances": drawn("balances", """
        financial_year | balance
        2024-25        | -8_600
        2025-26        | -15_000
    """)}  # fmt: skip
    answer = compute("cumulative_balance", stated, by=["financial_year"])
    assert answered(answer, "value", "status") == [(-8_600.0, "reported"), (-15_000.0, "estimated")]


def test_balances_stand_without_grant_or_spend():
    answer = compute("cumulative_balance", {"balances": BALANCES}, by=["financial_year"])
    assert answered(answer, "financial_year", "value", "status") == [("2022-23", 1_400.0, "reported")]


def test_a_measure_whose_table_is_absent_says_so():
    without = {"spend": SPEND}
    assert not is_loaded("allocation", without)
    assert is_loaded("spend", without)
    answer = compute("allocation", without, by=["financial_year"])
    assert (answer.height, answer.columns[0], answer.columns[-1]) == (0, "financial_year", "status")


def test_returns_are_one_level_of_detail_and_one_stage():
    returns = {"spend_returns": drawn("spend_returns", """
        stage   | detail     | line_group         | line  | amount
        outturn | line_group | top_up_independent | .     | 9_337_801
        outturn | line_group | top_up_state       | .     | 21_128_143
        outturn | line       | top_up_independent | 1.2.3 | 9_337_801
        outturn | block      | high_needs_total   | .     | 36_589_498
        budget  | line_group | top_up_independent | .     | 9_549_800
    """)}  # fmt: skip
    assert answered(compute("return_spend", returns, by=["line_group"]), "line_group", "value") == [
        ("top_up_state", 21_128_143.0), ("top_up_independent", 9_337_801.0),
    ]  # fmt: skip
    assert compute("return_budget", returns)["value"].to_list() == [9_549_800.0]
