"""The course of each row over the years, by hand and on random answers."""

from __future__ import annotations

import polars
from hypothesis import given
from hypothesis import strategies as st

from hnb.courses import course, courses
from hnb.findings.courses import moved_most_over_years
from hnb.metrics import MEASURES

SPEND, COST = MEASURES["spend"], MEASURES["spend_per_placement_year"]

# phase      2023-24  2024-25  2025-26 (forecast)
# primary        100      110      150
# secondary        –       40       30
ROWS = [
    ("primary", "2023-24", 100.0, "reported"),
    ("primary", "2024-25", 110.0, "reported"),
    ("primary", "2025-26", 150.0, "estimated"),
    ("secondary", "2024-25", 40.0, "reported"),
    ("secondary", "2025-26", 30.0, "estimated"),
]


def answer(rows=ROWS):
    return polars.DataFrame(
        [
            {
                "phase": code, "financial_year": year, "numerator": value, "denominator": None, "value": value,
                "count": None, "status": status,
            }
            for code, year, value, status in rows
        ],
        schema_overrides={
            **dict.fromkeys(("numerator", "denominator", "value"), polars.Float64), "count": polars.Int64,
        },
    )  # fmt: skip


def test_the_change_is_the_last_year_less_the_first():
    primary, secondary = courses(answer(), SPEND, "phase")
    assert (primary.first, primary.last, primary.change, primary.relative_change) == ("2023-24", "2025-26", 50.0, 0.5)  # fmt: skip
    assert primary.points["2025-26"] == (150.0, "estimated")
    # A sum without rows in a year that has others is nought there, and nothing can be divided by nought.
    assert secondary.value("2023-24") == 0.0
    assert (secondary.change, secondary.relative_change) == (30.0, None)


def test_a_unit_cost_without_placements_is_missing_and_not_nought():
    _, secondary = courses(answer(), COST, "phase")
    assert secondary.points["2023-24"] == (None, "no_denominator")
    assert (secondary.first, secondary.change) == ("2024-25", -10.0)


def test_what_is_suppressed_stays_missing_with_its_status():
    (hidden,) = courses(answer([("primary", "2023-24", None, "suppressed")]), SPEND, "phase")
    assert hidden.points["2023-24"] == (None, "suppressed")
    assert (hidden.first, hidden.last, hidden.change) == ("", "", None)


def test_one_year_has_no_change():
    (one,) = courses(answer(ROWS[:1]), SPEND, "phase")
    assert one.change is None and one.relative_change is None


@given(st.lists(st.tuples(st.integers(0, 10**9), st.integers(0, 10**9)), min_size=1, max_size=6))
def test_the_changes_of_the_rows_add_up_to_the_change_of_the_whole(pence):
    rows = [
        (f"row {place}", year, amount / 100, "reported")
        for place, pair in enumerate(pence)
        for year, amount in zip(("2023-24", "2024-25"), pair, strict=True)
    ]
    whole = [("", year, sum(row[2] for row in rows if row[1] == year), "reported") for year in ("2023-24", "2024-25")]  # fmt: skip
    of_rows = sum(one.change for one in courses(answer(rows), SPEND, "phase"))
    assert round(of_rows, 2) == round(course(answer(whole).drop("phase")).change, 2)


def test_the_finding_names_the_row_that_moved_most_whichever_way():
    found = courses(answer([*ROWS, ("post16", "2023-24", 9e6, "reported"), ("post16", "2025-26", 1e6, "reported")]), SPEND, "phase")  # fmt: skip
    assert moved_most_over_years(found, SPEND, "phase") == (
        "Post-16 fell most of 3 since 2023-24: −£8.0m, to £1.0m"
    )
    assert moved_most_over_years(courses(answer(ROWS[:1]), SPEND, "phase"), SPEND, "phase") == ""
