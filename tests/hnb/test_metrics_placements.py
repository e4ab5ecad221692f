"""Placements, placement-years and plans: counts at a date are never added over years."""

from __future__ import annotations

from hnb.metrics import Tables, compute
from hnb.selection import Selection
from tests.hnb.pictures import answered, drawn

REGISTER = Tables({"spend": drawn("spend", """
    financial_year | part       | setting             | basis    | placement_years | placements | amount
    2023-24        | placements | special_independent | outturn  | 3.5             | 4          | 1
    2023-24        | placements | mainstream          | outturn  | 10.25           | 12         | 1
    2024-25        | placements | special_independent | forecast | 5.5             | 5          | 1
    2024-25        | placements | mainstream          | forecast | 14.5            | 15         | 1
    2024-25        | services   | central             | forecast | 0               | 0          | 9
""")})  # fmt: skip


def test_placements_of_several_years_are_those_of_the_last():
    assert compute("placements", REGISTER)["value"].to_list() == [20.0]
    by_year = compute("placements", REGISTER, by=["financial_year"])
    assert answered(by_year, "financial_year", "value", "status") == [
        ("2023-24", 16.0, "reported"), ("2024-25", 20.0, "reported"),
    ]  # fmt: skip
    assert compute("placements", REGISTER, Selection(years=("2023-24",)))["value"].to_list() == [16.0]


def test_placements_share_divides_by_all_placements_of_the_year():
    answer = compute("placements_share", REGISTER, Selection(settings=("independent",)), ["financial_year"])
    assert answered(answer, "financial_year", "numerator", "denominator", "value") == [
        ("2023-24", 4.0, 16.0, 0.25), ("2024-25", 5.0, 20.0, 0.25),
    ]  # fmt: skip


def test_placement_years_are_added_and_estimated_while_the_year_runs():
    answer = compute("placement_years", REGISTER, by=["financial_year"])
    assert answered(answer, "value", "status") == [(13.75, "reported"), (20.0, "estimated")]
    assert compute("placement_years", REGISTER)["value"].to_list() == [33.75]


# DfE publishes the same hundred plans three times: by setting, by age band, by need.
CUTS = Tables({"plans": drawn("plans", """
    year | setting             | setting_detail | need        | age_band    | plans | status
    2024 | mainstream          | academy        | not_by_need | all_ages    | 50    | reported
    2024 | mainstream          | maintained     | not_by_need | all_ages    | 20    | reported
    2024 | special_independent | .              | not_by_need | all_ages    | 10    | reported
    2025 | mainstream          | academy        | not_by_need | all_ages    | 60    | reported
    2025 | mainstream          | maintained     | not_by_need | all_ages    | 25    | reported
    2025 | special_independent | .              | not_by_need | all_ages    | 15    | reported
    2025 | mainstream          | academy        | not_by_need | age_5_10    | 40    | reported
    2025 | mainstream          | academy        | not_by_need | age_11_15   | 20    | reported
    2025 | mainstream          | maintained     | not_by_need | age_11_15   | 25    | reported
    2025 | special_independent | .              | not_by_need | age_11_15   | 15    | reported
    2025 | mainstream          | academy        | ASD         | all_ages    | 60    | reported
    2025 | mainstream          | maintained     | SEMH        | all_ages    | 25    | reported
    2025 | special_independent | .              | ASD         | all_ages    | 15    | reported
""")})  # fmt: skip


def test_plans_are_counted_once_whichever_cut_is_asked_for():
    year = Selection(years=("2024-25",))
    assert compute("plans", CUTS, year)["value"].to_list() == [100.0]
    for by in ("setting", "setting_group", "setting_detail", "phase", "age_band", "need"):
        assert compute("plans", CUTS, year, [by])["value"].sum() == 100.0, by
    assert compute("plans", CUTS, year.with_(needs=("ASD",)))["value"].to_list() == [75.0]
    assert compute("plans", CUTS, year.with_(phases=("secondary",)))["value"].to_list() == [60.0]


def test_a_january_belongs_to_the_financial_year_that_holds_it():
    answer = compute("plans", CUTS, by=["financial_year"])
    assert answered(answer, "financial_year", "value", "count") == [("2023-24", 80.0, 80), ("2024-25", 100.0, 100)]  # fmt: skip


def test_phase_is_derived_from_the_age_band():
    answer = compute("plans", CUTS, Selection(years=("2024-25",)), ["phase"])
    assert answered(answer, "phase", "value") == [("primary", 40.0), ("secondary", 60.0)]


def test_a_figure_with_a_hidden_part_is_missing_and_what_was_not_asked_is_not_a_part():
    plans = {"plans": drawn("plans", """
        year | setting             | plans | status
        2025 | mainstream          | 60    | reported
        2025 | mainstream          | .     | suppressed
        2025 | elsewhere           | 181   | reported
        2025 | elsewhere           | .     | not_available
        2025 | early_years         | .     | not_collected
        2025 | hospital            | .     | not_available
        2025 | special_independent | .     | not_collected
        2025 | special_independent | 15    | reported
    """)}  # fmt: skip
    answer = compute("plans", plans, by=["setting"])
    assert answered(answer, "setting", "numerator", "value", "status") == [
        ("mainstream", 60.0, None, "suppressed"),
        # A detail that was not asked that year does not apply: the other is the whole figure.
        ("special_independent", 15.0, 15.0, "reported"),
        ("hospital", None, None, "not_collected"),
        ("early_years", None, None, "not_collected"),
        ("elsewhere", 181.0, 181.0, "reported"),
    ]


def test_an_authority_that_gave_nothing_leaves_the_whole_unknown():
    plans = {"plans": drawn("plans", """
        authority | year | setting    | plans | status
        E1        | 2025 | mainstream | 10    | reported
        E2        | 2025 | mainstream | .     | not_available
        E2        | 2025 | hospital   | .     | not_available
    """)}  # fmt: skip
    assert answered(compute("plans", plans, by=["authority"]), "authority", "value", "status") == [
        ("E1", 10.0, "reported"), ("E2", None, "not_available"),
    ]  # fmt: skip
    assert answered(compute("plans", plans), "numerator", "value", "status") == [
        (10.0, None, "not_available")
    ]


def test_the_last_year_is_each_authority_s_own():
    plans = {"plans": drawn("plans", """
        authority | year | plans
        E1        | 2024 | 10
        E1        | 2025 | 12
        E2        | 2024 | 30
    """)}  # fmt: skip
    answer = compute("plans", plans, by=["authority"])
    assert answered(answer, "authority", "value") == [("E1", 12.0), ("E2", 30.0)]


def test_the_last_year_is_that_of_the_whole_not_of_the_setting():
    closed = {"spend": drawn("spend", """
        financial_year | setting    | placements
        2023-24        | hospital   | 3
        2023-24        | mainstream | 12
        2024-25        | mainstream | 15
    """)}  # fmt: skip
    # No child was in hospital at the last count: three a year earlier are not the answer.
    assert compute("placements", closed, Selection(settings=("hospital",))).height == 0
    assert compute("placements", closed, by=["setting"])["setting"].to_list() == ["mainstream"]
