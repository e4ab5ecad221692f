"""What a person should look at in a register: each kind by a figure worked out by hand, and what is not one."""

from __future__ import annotations

import datetime

import pandas
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hnb.codelists import CODELISTS
from hnb.placement_exceptions import placement_exceptions
from hnb.tables.placements import PLACEMENT_EXCEPTIONS, PLACEMENTS

DATE = datetime.date
FIRST, AFTER = DATE(2023, 4, 1), DATE(2024, 4, 1)  # 2023-24 has 366 days: £36,600 a year is £100 a day


def register(*rows: dict) -> pandas.DataFrame:
    """A register with the columns that matter drawn in the test and the rest filled in; a child a row unless said."""
    usual = {
        "authority": "E09000029", "financial_year": "2023-24", "register_as_at": DATE(2023, 10, 31), "need": "ASD",
        "setting": "special_independent", "phase": "secondary", "provider": "Birchfield School",
        "start_on": DATE(2019, 9, 1), "status": "open", "line": "1.2.3", "annual_cost": 36600.0,
    }  # fmt: skip
    filled = [
        {**usual, "placement_id": str(number), "pupil_id": f"p{number}", "source": f"r.xlsx!Register!{number + 5}", **row}
        for number, row in enumerate(rows, start=1)
    ]  # fmt: skip
    return PLACEMENTS.conform(pandas.DataFrame(filled))


def found(*rows: dict) -> list[tuple[str, str, int, float]]:
    """Exception, placement, days and cost of each."""
    frame = placement_exceptions(register(*rows))
    return [
        tuple(row) for row in frame[["exception", "placement_id", "days", "cost"]].itertuples(index=False)
    ]


def test_a_sound_register_has_none():
    assert found({}, {"end_on": DATE(2023, 9, 1), "status": "ended"}, {"age": 14, "year_group": 10}) == []
    assert len(placement_exceptions(PLACEMENTS.empty())) == 0


def test_two_main_placements_at_once_are_in_question_for_the_days_of_both():
    # The second begins on 1 October and the first ends on 11 October (not counted): 10 days at £200.
    first = {"pupil_id": "p", "end_on": DATE(2023, 10, 11), "status": "ended"}
    second = {"pupil_id": "p", "start_on": DATE(2023, 10, 1), "annual_cost": 73200.0}
    frame = placement_exceptions(register(first, second))
    (row,) = frame.to_dict("records")
    assert (row["exception"], row["placement_id"], row["other_placement_id"]) == ("overlap", "2", "1")
    assert (row["days"], row["cost"], row["other_source"]) == (10, 2000.00, "r.xlsx!Register!6")


def test_one_that_begins_on_the_day_on_which_the_other_ends_is_no_overlap():
    first = {"pupil_id": "p", "end_on": DATE(2023, 10, 1), "status": "ended"}
    assert found(first, {"pupil_id": "p", "start_on": DATE(2023, 10, 1)}) == []


def test_a_second_placement_by_rank_is_no_overlap():
    assert found({"pupil_id": "p", "placement_rank": 1}, {"pupil_id": "p", "placement_rank": 2}) == []


def test_an_overlap_with_one_that_is_not_the_last_before_it_names_the_one_that_is_open():
    long, short = {"pupil_id": "p"}, {"pupil_id": "p", "start_on": DATE(2023, 5, 1), "end_on": DATE(2023, 5, 2), "status": "ended"}  # fmt: skip
    third = {"pupil_id": "p", "start_on": DATE(2024, 3, 31)}
    frame = placement_exceptions(register(long, short, third))
    assert frame[["placement_id", "other_placement_id", "days"]].to_numpy().tolist() == [
        ["2", "1", 1],
        ["3", "1", 1],
    ]


dates = st.dates(min_value=DATE(2023, 1, 1), max_value=DATE(2024, 6, 30))


@given(
    st.lists(st.tuples(st.sampled_from("ab"), dates, st.none() | dates, st.none() | st.integers(1, 2)), max_size=6)
)  # fmt: skip
def test_days_of_overlap_are_those_on_which_more_than_one_is_open(drawn):
    rows = [
        {"pupil_id": pupil, "start_on": start, "end_on": end, "placement_rank": rank}
        for pupil, start, end, rank in drawn
        if end is None or end >= start
    ]
    frame = placement_exceptions(register(*rows)) if rows else PLACEMENT_EXCEPTIONS.empty()
    overlaps = frame[frame["exception"] == "overlap"]
    expected = 0
    for pupil in "ab":
        main = [row for row in rows if row["pupil_id"] == pupil and row["placement_rank"] in (None, 1)]
        for number in range((AFTER - FIRST).days):
            day = FIRST + datetime.timedelta(days=number)
            there = [row for row in main if row["start_on"] <= day and (row["end_on"] is None or row["end_on"] > day)]  # fmt: skip
            expected += max(len(there) - 1, 0)
    assert overlaps["days"].sum() == expected
    assert overlaps["cost"].sum() == pytest.approx(expected * 100, abs=1e-6)


def test_ended_without_an_end_date_is_in_question_from_the_day_after_the_register():
    # 1 November to 31 March: 30 + 31 + 31 + 29 + 31 = 152 days
    assert found({"status": "ended"}) == [("ended_still_costed", "1", 152, 15200.00)]
    assert found({"status": "ended", "end_on": DATE(2023, 11, 11)}) == [
        ("ended_still_costed", "1", 10, 1000.00)
    ]
    assert found({"status": "ended", "end_on": DATE(2023, 10, 31)}) == []


def test_ended_before_the_year_with_a_cost():
    assert found({"status": "ended", "end_on": FIRST}) == [("ended_before_year", "1", 0, 0.00)]
    free = {"status": "ended", "end_on": FIRST, "annual_cost": 0}
    assert found(free) == []


def test_statuses_against_dates():
    assert found({"end_on": DATE(2023, 4, 11)}) == [("open_after_end", "1", 10, 1000.00)]
    assert found({"status": "planned", "start_on": DATE(2024, 3, 31)}) == []
    assert found({"status": "planned", "start_on": DATE(2023, 10, 31)})[0][0] == "planned_already_begun"
    assert found({"status": "planned", "start_on": AFTER}) == [("starts_after_year", "1", 0, 0.00)]


@pytest.mark.parametrize(("age", "year_group", "end_on", "is_past"), [
    (25, None, None, True), (24, None, None, False), (None, 21, None, True), (None, 20, None, False),
    (25, None, DATE(2023, 9, 1), False), (25, None, DATE(2023, 9, 2), True), (24, 21, None, False),
])  # fmt: skip
def test_no_placement_after_the_academic_year_of_the_25th_birthday(age, year_group, end_on, is_past):
    status = "ended" if end_on else "open"
    rows = found(
        {"age": age, "year_group": year_group, "phase": "post19", "end_on": end_on, "status": status}
    )
    assert ("past_25" in [row[0] for row in rows]) == is_past


def test_past_25_is_in_question_from_1_september():
    # 1 September to 31 March: 366 less 153 days of April to August
    assert found({"age": 25, "phase": "post19"}) == [("past_25", "1", 213, 21300.00)]


@pytest.mark.parametrize(("age", "year_group", "is_wrong"), [
    (14, 10, False), (14, 9, False), (14, 11, False), (14, 8, True), (14, 12, True), (14, None, False), (None, 10, False),
])  # fmt: skip
def test_the_year_group_follows_the_age(age, year_group, is_wrong):
    rows = found({"age": age, "year_group": year_group})
    assert ([row[0] for row in rows] == ["year_group_against_age"]) == is_wrong


@pytest.mark.parametrize(("phase", "age", "year_group", "is_wrong"), [
    ("primary", 4, 0, False), ("primary", 11, 7, False), ("primary", 12, 8, True), ("secondary", 9, 5, True),
    ("secondary", None, 10, False), ("secondary", None, 1, True), ("not_recorded", 12, 8, False),
])  # fmt: skip
def test_the_phase_follows_the_age_or_else_the_year_group(phase, age, year_group, is_wrong):
    rows = found({"phase": phase, "age": age, "year_group": year_group})
    assert ([row[0] for row in rows] == ["phase_against_age"]) == is_wrong


def test_costs_that_look_wrong():
    assert found({"annual_cost": -366.0}) == [("negative_cost", "1", 366, -366.00)]
    ordinary = [{}] * 10
    assert found(*ordinary, {"annual_cost": 183001.0}) == [("far_from_median", "11", 366, 183001.00)]
    assert found(*ordinary, {"annual_cost": 183000.0}) == []
    assert found(*ordinary, {"annual_cost": 0}) == [("nil_cost", "11", 366, 0.00)]
    # Where one in ten or more cost nothing, that is how the setting is paid.
    assert found(*ordinary, {"annual_cost": 0}, {"annual_cost": 0}) == []
    # Of a few placements no median can be told.
    assert found({}, {"annual_cost": 999999.0}) == []


def test_need_not_recorded_and_residential_in_a_mainstream_school():
    assert found({"need": "not_recorded"}) == [("need_not_recorded", "1", 366, 36600.00)]
    assert found({"setting": "mainstream", "residential": True})[0][0] == "residential_mainstream"
    assert found({"residential": True}) == []


def test_only_the_register_in_force_is_looked_through():
    early = register({"register_as_at": DATE(2023, 9, 30), "need": "not_recorded"})
    both = pandas.concat([early, register({})], ignore_index=True)
    assert len(placement_exceptions(both)) == 0


def test_every_kind_is_one_that_can_be_found():
    shown = {row[0] for row in found(*[{"need": "not_recorded", "pupil_id": "p"}] * 2)}
    assert shown <= set(CODELISTS["problem_kinds"].members("placement"))


def test_no_argument_is_changed():
    frame = register({"pupil_id": "p"}, {"pupil_id": "p"})
    before = frame.copy(deep=True)
    placement_exceptions(frame)
    pandas.testing.assert_frame_equal(frame, before)
