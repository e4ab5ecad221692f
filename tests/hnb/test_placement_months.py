"""What a placement costs in a month: figures by hand, and months that add up to years."""

from __future__ import annotations

import datetime

import pandas
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hnb.placement_months import latest_registers, placement_months
from hnb.tables.placements import PLACEMENT_MONTHS, PLACEMENTS

DATE = datetime.date


def register(*rows: dict) -> pandas.DataFrame:
    """A register with the columns that matter drawn in the test and the rest filled in."""
    usual = {
        "authority": "E09000029", "financial_year": "2023-24", "register_as_at": DATE(2024, 3, 31),
        "pupil_id": "p", "need": "ASD", "setting": "special_independent", "phase": "secondary",
        "start_on": DATE(2019, 9, 1), "status": "open", "line": "1.2.3", "annual_cost": 36600.0,
    }  # fmt: skip
    filled = [
        {**usual, "placement_id": str(number), "source": f"r.xlsx!Placements!{number + 5}", **row}
        for number, row in enumerate(rows, start=1)
    ]
    return PLACEMENTS.conform(pandas.DataFrame(filled))


def test_a_whole_year_costs_the_annual_cost():
    # 2023-24 has 366 days (29 February 2024), so a day of £36,600 is £100.
    months = placement_months(register({}))
    assert len(months) == 12
    assert months["days"].sum() == 366
    assert months["cost"].iloc[0] == 3000.00  # April, 30 days
    assert months["cost"].sum() == pytest.approx(36600.00, abs=1e-9)
    assert months["placement_years"].sum() == pytest.approx(1.0)


def test_a_placement_that_starts_and_ends_in_the_year_costs_its_days():
    #  2 September … 14 October (the last day is not counted): 29 + 13 = 42 days = £4,200
    months = placement_months(register({"start_on": DATE(2023, 9, 2), "end_on": DATE(2023, 10, 14)}))
    assert months[["month", "days", "cost"]].to_dict("records") == [
        {"month": DATE(2023, 9, 1), "days": 29, "cost": 2900.00},
        {"month": DATE(2023, 10, 1), "days": 13, "cost": 1300.00},
    ]
    assert months["placement_years"].sum() == pytest.approx(42 / 366)


def test_a_placement_that_ended_before_the_year_has_no_months():
    assert placement_months(register({"end_on": DATE(2023, 4, 1)})).empty


def test_the_register_kept_to_the_latest_date_is_in_force():
    early = register({"register_as_at": DATE(2023, 9, 30), "annual_cost": 1.0})
    late = register({})
    both = pandas.concat([early, late], ignore_index=True)
    assert latest_registers(both)["annual_cost"].tolist() == [36600.0]
    assert placement_months(both)["cost"].sum() == pytest.approx(36600.00)


def test_no_placements_give_the_empty_table():
    months = placement_months(PLACEMENTS.empty())
    assert months.empty
    assert tuple(months.columns) == PLACEMENT_MONTHS.names


def test_the_register_is_not_changed():
    placements = register({})
    before = placements.copy()
    placement_months(placements)
    pandas.testing.assert_frame_equal(placements, before)


@given(
    annual=st.integers(0, 40_000_000).map(lambda pence: pence / 100),
    start=st.dates(DATE(2022, 1, 1), DATE(2024, 6, 1)),
    length=st.one_of(st.none(), st.integers(1, 900)),
)
def test_months_add_up_to_the_year_to_the_penny(annual, start, length):
    end = None if length is None else start + datetime.timedelta(days=length)
    months = placement_months(register({"annual_cost": annual, "start_on": start, "end_on": end}))
    first, last = DATE(2023, 4, 1), DATE(2024, 4, 1)
    days = max((min(end or last, last) - max(start, first)).days, 0)
    assert int(months["days"].sum()) == days
    assert months["cost"].sum() == pytest.approx(annual * days / 366, abs=0.0051)
    assert all(round(cost, 2) == cost for cost in months["cost"])
