"""Register and budget monitor put together: leaves = parents = ledger, with the named reconciling row."""

from __future__ import annotations

import datetime

import pandas
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hnb.placement_months import placement_months
from hnb.spend import open_placements, spend
from hnb.tables.money import BUDGET, SPEND
from hnb.tables.placements import PLACEMENTS

DATE = datetime.date


def register(*rows: dict) -> pandas.DataFrame:
    usual = {
        "authority": "E09000029", "financial_year": "2022-23", "register_as_at": DATE(2023, 3, 31),
        "need": "ASD", "setting": "special_independent", "phase": "secondary",
        "start_on": DATE(2019, 9, 1), "status": "open", "line": "1.2.3", "annual_cost": 60000.0,
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


def monitor(*rows: tuple) -> pandas.DataFrame:
    """Rows of (as at, line, setting, phase, money, amount) in 2022-23."""
    names = ["as_at", "line", "setting", "phase", "money", "amount"]
    frame = pandas.DataFrame([dict(zip(names, row, strict=True)) for row in rows], columns=names)
    frame = frame.assign(authority="E09000029", financial_year="2022-23", source="m.xlsx!P12!7")
    return BUDGET.conform(frame)


def spent(placements: pandas.DataFrame, budget: pandas.DataFrame) -> pandas.DataFrame:
    return spend(placements, placement_months(placements), budget)


END = DATE(2023, 3, 31)
LEDGER = monitor(
    (END, "1.2.3", "special_independent", "secondary", "outturn", 125_000.00),
    (END, "1.2.3", "special_independent", "secondary", "revised_budget", 1.00),
    (END, "1.2.5", "central", "not_by_phase", "outturn", 40_000.00),
    (END, "1.0.2", "special_maintained", "not_by_phase", "outturn", 15_533.50),
    (END, "1.9.3", "central", "not_by_phase", "outturn", 999_999.00),
)


def test_the_parts_are_named_and_add_up_to_the_ledger():
    rows = spent(register({}, {"need": "SLCN"}), LEDGER)
    assert rows[["part", "line", "need", "amount", "placements"]].to_dict("records") == [
        {"part": "places", "line": "1.0.2", "need": "not_by_need", "amount": 15_533.50, "placements": 0},
        {
            "part": "not_explained",
            "line": "1.2.3",
            "need": "not_by_need",
            "amount": 5_000.00,
            "placements": 0,
        },
        {"part": "placements", "line": "1.2.3", "need": "ASD", "amount": 60_000.00, "placements": 1},
        {"part": "placements", "line": "1.2.3", "need": "SLCN", "amount": 60_000.00, "placements": 1},
        {"part": "services", "line": "1.2.5", "need": "not_by_need", "amount": 40_000.00, "placements": 0},
    ]
    assert set(rows["basis"]) == {"outturn"}


def test_a_placement_where_the_monitor_has_nothing_is_taken_back_by_name():
    rows = spent(register({"phase": "primary"}), LEDGER)
    unexplained = rows[rows["part"] == "not_explained"].set_index("phase")["amount"].to_dict()
    assert unexplained == {"primary": -60_000.00, "secondary": 125_000.00}
    assert rows["amount"].sum() == pytest.approx(180_533.50)


def test_without_a_monitor_the_register_speaks_alone():
    rows = spent(register({}), BUDGET.empty())
    assert rows[["part", "basis", "amount"]].to_dict("records") == [
        {"part": "placements", "basis": "outturn", "amount": 60_000.00}
    ]


def test_without_a_register_the_monitor_speaks_alone():
    rows = spent(register(), LEDGER)
    assert rows["amount"].sum() == pytest.approx(180_533.50)
    assert set(rows["part"]) == {"not_explained", "services", "places"}


def test_nothing_gives_the_empty_table():
    rows = spent(register(), BUDGET.empty())
    assert rows.empty
    assert tuple(rows.columns) == SPEND.names


def test_the_latest_monitor_is_in_force_and_a_forecast_is_called_one():
    october, september = DATE(2022, 10, 31), DATE(2022, 9, 30)
    budget = monitor(
        (september, "1.2.5", "central", "not_by_phase", "forecast", 1_000.00),
        (october, "1.2.5", "central", "not_by_phase", "forecast", 1_200.00),
    )
    rows = spent(register(), budget)
    assert rows[["basis", "amount"]].to_dict("records") == [{"basis": "forecast", "amount": 1_200.00}]


#  January 2023: the third Thursday is the 19th.
@pytest.mark.parametrize(
    ("row", "counts"),
    [
        ({"start_on": DATE(2023, 1, 19)}, True),
        ({"start_on": DATE(2023, 1, 20)}, False),
        ({"end_on": DATE(2023, 1, 19)}, False),
        ({"end_on": DATE(2023, 1, 20)}, True),
        ({"placement_rank": 2}, False),
        ({"register_as_at": DATE(2022, 10, 31), "start_on": DATE(2022, 11, 1)}, False),
    ],
)
def test_a_placement_counts_on_the_day_if_begun_and_not_ended(row, counts):
    assert len(open_placements(register(row))) == int(counts)


@given(
    placed=st.lists(
        st.tuples(
            st.sampled_from(["primary", "secondary"]),
            st.sampled_from(["ASD", "SLCN", "not_recorded"]),
            st.sampled_from([True, False, None]),
            st.sampled_from(["Fennel Quill School", None]),
            st.integers(0, 9_000_000),
        ),
        max_size=8,
    ),
    ledger=st.lists(
        st.tuples(st.sampled_from(["primary", "secondary"]), st.integers(-100, 90_000_000)),
        min_size=1,
        max_size=2,
        unique_by=lambda leaf: leaf[0],
    ),
)
def test_the_parts_always_add_up_to_the_ledger_leaf_by_leaf(placed, ledger):
    placements = register(
        *(
            {
                "phase": phase,
                "need": need,
                "in_borough": near,
                "provider": provider,
                "annual_cost": pence / 100,
            }
            for phase, need, near, provider, pence in placed
        )
    )
    budget = monitor(
        *((END, "1.2.3", "special_independent", phase, "outturn", pence / 100) for phase, pence in ledger)
    )
    rows = spent(placements, budget)
    by_phase = rows.groupby("phase")["amount"].sum().round(2).to_dict()
    expected = {phase: pence / 100 for phase, pence in ledger}
    for phase in {"primary", "secondary"}:
        assert by_phase.get(phase, 0.0) == pytest.approx(expected.get(phase, 0.0), abs=0.001)
    assert rows["placements"].sum() == len(placed)
    assert rows["placement_years"].sum() == pytest.approx(len(placed))
