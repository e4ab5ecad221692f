"""The gap to a target in its unit, in placements and in pounds, and the trend carried on: by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hnb.findings import recommendations as findings
from hnb.metrics import Tables
from hnb.recommendation_gap import GAP_BASES, Gap, gap, trend, trend_of
from hnb.recommendations import Point, assessments
from hnb.years import written
from tests.hnb.pictures import drawn

# Independent placements 10, 12 and 20 of a hundred; a placement-year costs £50,000 in the last year.
SPEND = drawn("spend", """
    financial_year | basis    | setting             | placements | placement_years | amount
    2022-23        | outturn  | special_independent | 10         | 10              | 400_000
    2022-23        | outturn  | mainstream          | 90         | 90              | 800_000
    2023-24        | outturn  | special_independent | 12         | 12              | 500_000
    2023-24        | outturn  | mainstream          | 88         | 88              | 800_000
    2025-26        | forecast | special_independent | 20         | 16              | 800_000
    2025-26        | forecast | mainstream          | 80         | 80              | 800_000
""")  # fmt: skip


def measured(picture: str):
    tables = Tables({"spend": SPEND, "recommendations": drawn("recommendations", picture)})
    (one,) = assessments(tables)
    return one, gap(one, tables)


@pytest.mark.parametrize(
    ("picture", "amount", "placements", "pounds", "basis"),
    [
        # 20 less 14 placements at £800,000 ÷ 16.
        ("measure | setting | target\nplacements | independent | 14", 6.0, 6.0, 300_000.0, "priced"),
        # 20% less 15% of a hundred placements: 5 at £50,000.
        ("measure | setting | target\nplacements_share | independent | 0.15", 0.05, 5.0, 250_000.0, "priced"),
        ("measure | setting | target\nplacement_years | independent | 18", -2.0, -2.0, -100_000.0, "priced"),
        ("measure | setting | target\nspend | independent | 500_000", 300_000.0, None, 300_000.0, "money"),
        # Half of £1.6m, less 40% of it.
        ("measure | setting | target\nspend_share | independent | 0.4", 0.1, None, 160_000.0, "whole"),
        # £10,000 more than wanted for each of 16 placement-years.
        ("measure | setting | target\nspend_per_placement_year | independent | 40_000", 10_000.0, None, 160_000.0, "volume"),
        ("measure | setting | target\nplacements | independent | .", None, None, None, "no_target"),
        ("measure | setting | target\n. | independent | 5", None, None, None, "no_target"),
    ],
)  # fmt: skip
def test_a_gap_in_its_unit_in_placements_and_in_pounds(picture, amount, placements, pounds, basis):
    _, found = measured(picture)
    assert (found.amount, found.placements, found.pounds) == (
        pytest.approx(amount), pytest.approx(placements), pytest.approx(pounds),
    )  # fmt: skip
    assert found.basis == basis
    assert found.basis in GAP_BASES


def test_the_trend_is_the_average_change_of_the_last_three_years():
    series = [Point(year, value) for year, value in
              (("2019-20", 99.0), ("2022-23", 10.0), ("2023-24", 40.0), ("2025-26", 16.0))]  # fmt: skip
    found = trend(series)
    assert found is not None
    assert (found.from_year, found.yearly, found.value_in("2025-26")) == ("2022-23", 2.0, 16.0)
    assert found.value_in("2028-29") == 22.0


def test_a_trend_needs_two_figures_within_three_years_and_stops_at_nought():
    assert trend([]) is None
    assert trend([Point("2025-26", 4.0)]) is None
    assert trend([Point("2019-20", 9.0), Point("2025-26", 4.0), Point("2026-27", None)]) is None
    falling = [Point("2024-25", 6.0), Point("2025-26", 2.0)]
    known, deficit = trend(falling, can_be_negative=False), trend(falling)
    assert known is not None and deficit is not None
    assert (known.value_in("2027-28"), deficit.value_in("2027-28")) == (0.0, -6.0)


@given(st.floats(-1e6, 1e6), st.floats(-1e5, 1e5), st.integers(0, 20))
def test_a_straight_course_is_carried_on_as_it_is(start: float, yearly: float, ahead: int):
    series = [Point(written(2015 + index), start + yearly * index) for index in range(8)]
    found = trend(series)
    assert found is not None
    assert found.value_in(written(2022 + ahead)) == pytest.approx(start + yearly * (7 + ahead), rel=1e-6, abs=1e-3)  # fmt: skip


def test_the_sentences_say_what_was_worked_out_and_mark_an_example():
    one, found = measured("""
        measure          | setting     | baseline_year | target | target_year | is_illustrative
        placements_share | independent | 2022-23       | 0.15   | 2027-28     | yes
    """)
    assert findings.target_words(one) == "15.0% by 2027-28 (illustrative)"
    assert findings.standing(one).startswith("Target met: 20.0% in 2025-26")
    assert findings.standing(one).endswith("(illustrative target)")
    assert findings.of_direction(one) == "up 10.0 points since 2022-23, the way that is wanted"
    assert findings.of_gap(one, found) == "5.0 points above the target: 5.0 placements, £250k a year at £50,000 each"  # fmt: skip
    # 10 points in three years: 3.3 a year, so 26.7% two years on.
    assert findings.of_trend(one, trend_of(one)) == "Carried on as since 2022-23, it would be 26.7% in 2027-28, 11.7 points above the target"  # fmt: skip


def test_without_target_or_measure_it_is_said_and_nothing_is_made_up():
    one, found = measured("measure | setting | baseline_year\nplacements | independent | 2022-23")
    assert findings.target_words(one) == "No target published"
    assert findings.standing(one).endswith("no target published")
    assert (findings.of_gap(one, found), findings.of_trend(one, trend_of(one)), findings.of_path(one)) == ("", "", "")  # fmt: skip
    one, _ = measured("measure\n.")
    assert findings.standing(one) == "Not assessed, because no measure shows this"
    assert gap(one, Tables({})) == Gap(None)
