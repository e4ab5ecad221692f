"""The full-year effect by hand: what today's placements cost in a whole year, and that its parts are the whole."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hnb.metrics import Selection, Tables, compute
from hnb.placement_full_year import placement_full_year
from hnb.placement_months import placement_months
from tests.hnb.test_placement_sums import placed, register

DATE = datetime.date
YEAR = Selection(years=("2026-27",))


def worked_out(*rows: dict) -> Tables:
    placements = register(*rows)
    return Tables({"placement_full_year": placement_full_year(placements, placement_months(placements))})


def figures(tables: Tables, measure: str) -> dict[str, float]:
    return dict(compute(measure, tables, YEAR, ("cohort",)).select("cohort", "value").rows())


def test_a_placement_of_the_whole_year_has_no_effect():
    tables = worked_out({})
    assert figures(tables, "full_year_effect") == {"existing": 0.0}
    assert figures(tables, "next_year_cost") == {"existing": 36_500.00}


def test_a_start_in_september_adds_the_five_months_that_this_year_lacks():
    # 1 April to 31 August is 153 days of £100 that this year has not and a whole year has.
    tables = worked_out({"start_on": DATE(2026, 9, 1)})
    assert figures(tables, "cost_in_year") == {"started": 21_200.00}
    assert figures(tables, "full_year_effect") == {"started": 15_300.00}


def test_an_end_takes_away_what_this_year_has_cost():
    tables = worked_out({"end_on": DATE(2026, 8, 31), "status": "ended"})
    assert figures(tables, "full_year_effect") == {"ended": -15_200.00}  # 152 days: the last is not counted
    assert figures(tables, "whole_year_cost") == {"ended": 0.0}


def test_a_planned_placement_counts_for_a_whole_year():
    tables = worked_out({"start_on": DATE(2027, 1, 1), "status": "planned"})
    assert figures(tables, "cost_in_year") == {"planned": 9_000.00}
    assert figures(tables, "full_year_effect") == {"planned": 27_500.00}


def test_an_end_date_in_the_next_year_is_taken_off_what_that_year_costs_and_not_off_the_whole_year():
    # 2027-28 has 366 days; 1 April to 30 June 2027 are 91 of them.
    tables = worked_out({"end_on": DATE(2027, 7, 1), "annual_cost": 36_600.0})
    assert figures(tables, "whole_year_cost") == {"existing": 36_600.00}
    assert figures(tables, "next_year_cost") == {"existing": 9_100.00}


@settings(max_examples=10)
@given(st.lists(placed, min_size=1, max_size=8))
def test_the_parts_add_up_to_the_whole_and_to_the_cost_of_the_year(rows):
    placements = register(*rows)
    months = placement_months(placements)
    tables = Tables({"placement_full_year": placement_full_year(placements, months)})
    for measure in ("full_year_effect", "whole_year_cost", "cost_in_year", "next_year_cost"):
        assert sum(figures(tables, measure).values()) == pytest.approx(
            compute(measure, tables, YEAR)["value"][0], abs=0.005
        )
    assert compute("cost_in_year", tables, YEAR)["value"][0] == pytest.approx(months["cost"].sum(), abs=0.005)
    effect = (
        compute("whole_year_cost", tables, YEAR)["value"][0]
        - compute("cost_in_year", tables, YEAR)["value"][0]
    )
    assert compute("full_year_effect", tables, YEAR)["value"][0] == pytest.approx(effect, abs=0.006)
