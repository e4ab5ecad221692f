"""The register by month: open, begun, ended and costed by hand; months add up to years and cuts to the whole."""

from __future__ import annotations

import datetime

import pandas
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hnb.metrics import Selection, Tables, compute
from hnb.placement_months import placement_months
from hnb.placement_sums import placement_sums
from hnb.spend import spend
from hnb.tables import TABLES
from hnb.tables.placements import PLACEMENT_SUMS, PLACEMENTS

DATE = datetime.date
COUNTED = ("placements", "mid_month_placements", "started", "ended")


def register(*rows: dict) -> pandas.DataFrame:
    """A register of 2026-27 kept to 31 October; what a row does not say is filled in."""
    usual = {
        "authority": "E09000029", "financial_year": "2026-27", "register_as_at": DATE(2026, 10, 31),
        "need": "ASD", "setting": "special_independent", "phase": "secondary", "in_borough": False, "provider": "Oak",
        "start_on": DATE(2019, 9, 1), "status": "open", "line": "1.2.3", "annual_cost": 36_500.0,
    }  # fmt: skip
    filled = [
        {
            **usual,
            "placement_id": str(number),
            "pupil_id": f"p{number}",
            "source": f"r.xlsx!P!{number + 5}",
            **row,
        }
        for number, row in enumerate(rows, start=1)
    ]
    return PLACEMENTS.conform(pandas.DataFrame(filled)) if filled else PLACEMENTS.empty()


def summed(*rows: dict) -> pandas.DataFrame:
    placements = register(*rows)
    return placement_sums(placements, placement_months(placements))


def of_month(sums: pandas.DataFrame, month: datetime.date) -> dict:
    return sums[sums["month"] == month].iloc[0].to_dict()


def test_one_placement_is_counted_at_every_month_s_end_and_costs_its_days():
    sums = summed({})
    assert len(sums) == 12
    april = of_month(sums, DATE(2026, 4, 1))
    assert (april["placements"], april["cost"], april["annual_cost"]) == (
        1,
        3_000.00,
        36_500.00,
    )  # 30 days of £100
    assert sums["cost"].sum() == pytest.approx(36_500.00)
    assert sums["placement_years"].sum() == pytest.approx(1.0)


def test_who_leaves_on_31_august_is_gone_that_day_and_who_begins_on_1_september_is_not_yet_there():
    sums = summed({"end_on": DATE(2026, 8, 31), "status": "ended"}, {"start_on": DATE(2026, 9, 1)})
    august, september = of_month(sums, DATE(2026, 8, 1)), of_month(sums, DATE(2026, 9, 1))
    assert {name: august[name] for name in COUNTED} == {
        "placements": 0,
        "mid_month_placements": 1,
        "started": 0,
        "ended": 1,
    }
    assert {name: september[name] for name in COUNTED} == {
        "placements": 1,
        "mid_month_placements": 1,
        "started": 1,
        "ended": 0,
    }
    assert (august["cost"], september["cost"]) == (
        3_000.00,
        3_000.00,
    )  # 30 days of August: the last is not counted


def test_a_second_placement_beside_a_main_one_costs_and_is_not_counted():
    april = of_month(summed({}, {"placement_rank": 2}), DATE(2026, 4, 1))
    assert (april["placements"], april["cost"], april["annual_cost"]) == (1, 6_000.00, 73_000.00)


def test_months_that_end_after_the_register_are_expected():
    sums = summed({})
    assert sums.loc[~sums["is_expected"], "month"].max() == DATE(2026, 10, 1)
    half = summed({"register_as_at": DATE(2026, 10, 30)})
    assert half.loc[~half["is_expected"], "month"].max() == DATE(2026, 9, 1)


def test_without_placements_there_are_no_sums():
    assert placement_sums(PLACEMENTS.empty(), TABLES["placement_months"].empty()).empty


def test_a_count_without_months_is_that_of_the_last_month_that_is_known():
    tables = Tables(
        {
            "placement_sums": summed(
                {}, {"start_on": DATE(2026, 9, 1)}, {"start_on": DATE(2027, 1, 4), "status": "planned"}
            )
        }
    )
    year = Selection(years=("2026-27",))
    assert compute("month_end_placements", tables, year).row(0)[2:] == (2.0, 2, "reported")
    by_month = compute("month_placements", tables, year, ("financial_year", "month"))
    assert by_month["value"].to_list() == [1.0] * 5 + [2.0] * 4 + [3.0] * 3
    assert by_month["status"].to_list() == ["reported"] * 7 + ["estimated"] * 5
    assert compute("placement_starts", tables, year)["value"].to_list() == [2.0]


days = st.integers(-700, 400).map(lambda day: DATE(2026, 4, 1) + datetime.timedelta(days=day))
placed = st.builds(
    lambda start, length, cost, setting, rank, provider: {
        "start_on": start, "end_on": None if length is None else start + datetime.timedelta(days=length),
        "annual_cost": cost / 100, "setting": setting, "placement_rank": rank, "provider": provider,
    },
    days, st.one_of(st.none(), st.integers(0, 900)), st.integers(-1_000_000, 20_000_000),
    st.sampled_from(["mainstream", "special_independent"]), st.sampled_from([None, 1, 2]), st.sampled_from([None, "Oak", "Ash"]),
)  # fmt: skip


@settings(max_examples=12)
@given(st.lists(placed, min_size=1, max_size=8))
def test_months_add_up_to_the_year_and_each_month_s_end_to_the_one_before(rows):
    placements = register(*rows)
    months = placement_months(placements)
    sums = placement_sums(placements, months)
    assert not sums.duplicated(list(PLACEMENT_SUMS.key)).any()
    of_year = spend(placements, months, TABLES["budget"].empty())
    assert round(sums["cost"].sum(), 2) == round(months["cost"].sum(), 2) == round(of_year["amount"].sum(), 2)
    for setting in ("mainstream", "special_independent"):
        mine = sums[sums["setting"] == setting]
        theirs = of_year[of_year["setting"] == setting]
        assert round(mine["cost"].sum(), 2) == round(theirs["amount"].sum(), 2)
        assert mine["placement_years"].sum() == pytest.approx(theirs["placement_years"].sum())
    main = placements[placements["placement_rank"].fillna(1) == 1]
    start, end = main["start_on"], main["end_on"]
    at = int(((start <= DATE(2026, 3, 31)) & ~(end <= DATE(2026, 3, 31)).fillna(False)).sum())
    by_month = sums.groupby("month")[["placements", "started", "ended"]].sum()
    for month in pandas.date_range("2026-04-01", periods=12, freq="MS"):
        row = (
            by_month.loc[month.date()]
            if month.date() in by_month.index
            else {"placements": 0, "started": 0, "ended": 0}
        )
        at += int(row["started"]) - int(row["ended"])
        assert at == int(row["placements"])
