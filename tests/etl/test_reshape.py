"""From a recognised sheet to rows: each test shows a sheet and the rows that it gives."""

from __future__ import annotations

import copy
import datetime

import numpy
import pandas
import pytest
from hypothesis import given as hypothesis_given
from hypothesis import strategies as st

from etl.recognise import fit
from etl.reshape import Surroundings, reshaped
from tests.etl.pictures import layout, picture, sound_monitor

HERE = Surroundings("E09000029", b"k" * 32)
MONITOR = layout()


def given(sheet, of=MONITOR):
    found = fit(sheet, of)
    assert found.fits, found.missing
    return reshaped(found, HERE)


def test_wide_becomes_long_with_context_constants_and_source():
    result = given(sound_monitor())
    frame = result.frames["budget"]
    assert frame[["source", "line", "setting", "money", "amount"]].values.tolist() == [
        ["m.xlsx!Sheet1!3", "1.2.3", "special_independent", "revised_budget", 100],
        ["m.xlsx!Sheet1!4", "1.2.5", "central", "revised_budget", 50],
        ["m.xlsx!Sheet1!3", "1.2.3", "special_independent", "actual_to_date", 60],
        ["m.xlsx!Sheet1!4", "1.2.5", "central", "actual_to_date", 20],
    ]
    assert set(frame["financial_year"]) == {"2023-24"}
    assert set(frame["as_at"]) == {datetime.date(2023, 10, 31)}
    assert set(frame["authority"]) == {"E09000029"}
    assert result.rows.reasons == {"Footnotes": 1, "Printed totals": 1}


def test_the_sheet_is_not_changed():
    sheet = sound_monitor()
    before = copy.deepcopy(sheet.rows)
    given(sheet)
    assert sheet.rows == before


def test_pounds_take_the_unit_of_the_title_and_a_blank_gives_no_row():
    result = given(
        picture("""
        | £'000. Year 2023-24 as at 31/10/2023 |
        | Budget line | Setting | Budget | Actual |
        | 1.2.5       | Central | 1.5    |        |
        | 1.2.6       | Central | £0.2m  |        |
    """)
    )
    assert result.frames["budget"]["amount"].tolist() == [1500, 200_000]


@pytest.mark.parametrize(
    ("cell", "what", "where"),
    [("#REF!", "error_cell", "C3"), ("about 100", "bad_number", "C3")],
)
def test_a_cell_that_cannot_be_read_refuses_its_row_with_its_address(cell, what, where):
    result = given(sound_monitor(budget=(cell, 50)))
    assert [(problem.where, problem.what, problem.rows) for problem in result.problems] == [
        (f"m.xlsx!Sheet1!{where}", what, 1)
    ]
    assert set(result.frames["budget"]["source"]) == {"m.xlsx!Sheet1!4"}
    assert (result.refused, result.produced) == ({0}, {1})


def test_an_unknown_code_is_told_with_its_cell():
    result = given(sound_monitor(setting="Spaceship"))
    assert [(problem.where, problem.what) for problem in result.problems] == [
        ("m.xlsx!Sheet1!B3", "unknown_code")
    ]


def test_a_row_without_any_figure_is_refused_and_not_lost():
    result = given(
        picture("""
        | Year 2023-24 as at 31/10/2023 |
        | Budget line | Setting | Budget | Actual |
        | 1.2.5       | Central |        |        |
    """)
    )
    assert [(problem.where, problem.what) for problem in result.problems] == [
        ("m.xlsx!Sheet1!3", "empty_row")
    ]


def test_a_sheet_that_does_not_say_its_year_is_told():
    result = given(
        picture("""
        | as at 31/10/2023 |
        | Budget line | Setting | Budget | Actual |
        | 1.2.5       | Central | 1      |        |
    """)
    )
    assert [problem.what for problem in result.problems] == ["no_context"]


PLANS = """
name = "plans"
title = "Plans"
tables = ["plans"]
add_up = { columns = ["plans"] }
missing = { symbols = { x = "not_available" }, column = "status", reported = "reported" }
[[header]]
find = ["authority", "age"]
[constants]
need = "not_by_need"
year = 2025
[columns.authority]
headings = ["authority"]
[columns.age_band]
headings = ["age"]
[columns.all]
headings = ["all"]
kind = "number"
[[wide]]
pattern = '(?P<setting>(?P<setting_detail>neet|mainstream_academy))'
value = "plans"
[[remainders]]
total = "all"
value = "plans"
set = { setting = "not_recorded", setting_detail = "rest", status = "estimated" }
"""


def test_ages_add_up_to_bands_and_a_part_that_is_missing_makes_the_sum_missing():
    frame = given(picture("""
        | authority | age   | all | neet | mainstream_academy |
        | 319       | age 5 | 5   | 1    | 4                  |
        | 319       | age 6 | 6   | x    | 5                  |
    """), layout(PLANS)).frames["plans"]  # fmt: skip
    rows = {row.setting: (row.plans, row.status, row.age_band, row.source) for row in frame.itertuples()}
    assert rows["mainstream"] == (9, "reported", "age_5_10", "m.xlsx!Sheet1!2 and 1 more")
    assert pandas.isna(rows["elsewhere"][0]) and rows["elsewhere"][1] == "not_available"
    assert rows["not_recorded"][:2] == (1, "estimated")


def test_what_a_total_holds_beyond_its_parts_is_a_named_row():
    frame = given(picture("""
        | authority | age    | all | neet | mainstream_academy |
        | Sutton    | age 12 | 10  | x    | x                  |
        | Camden    | age 12 | 10  | 4    | 6                  |
    """), layout(PLANS)).frames["plans"]  # fmt: skip
    assert frame.loc[
        frame["setting"] == "not_recorded", ["authority", "plans", "status"]
    ].values.tolist() == [["E09000029", 10, "estimated"]]


def test_two_headings_that_mean_the_same_are_told_and_not_overwritten():
    by_need = layout(
        PLANS.replace("(?P<setting>(?P<setting_detail>neet|mainstream_academy))", "(?P<need>ASD|Autism)")
        .replace('need = "not_by_need"', 'setting = "mainstream"')
        .replace("[[remainders]]", "[[remainders]]\ntable = 'plans'")
    )
    result = given(picture("""
        | authority | age    | all | ASD | Autism |
        | 319       | age 12 | 5   | 2   | 3      |
    """), by_need)  # fmt: skip
    assert [(problem.where, problem.what) for problem in result.problems] == [
        ("m.xlsx!Sheet1!E1", "repeated_heading")
    ]


@hypothesis_given(
    st.lists(
        st.tuples(
            st.one_of(st.none(), st.integers(-500, 500), st.just("about 5"), st.just("#N/A")),
            st.sampled_from(["1.2.3", "1.2.5", "9.9.9", "Note", "Total"]),
        ),
        max_size=12,
    )
)
def test_every_row_and_every_pound_is_loaded_refused_or_ignored(drawn):
    rows = "\n".join(f"| {line} | Central | {'' if cell is None else cell} |  |" for cell, line in drawn)
    result = given(
        picture("| Year 2023-24 as at 31/10/2023 |\n| Budget line | Setting | Budget | Actual |\n" + rows)
    )
    assert (
        len(result.produced) + len(result.refused) + sum(result.rows.reasons.values())
        == result.rows.count
        == len(drawn)
    )
    assert not result.produced & result.refused
    printed = result.rows.numbers(2)[0] if drawn else numpy.array([])
    loaded = result.frames["budget"]["amount"].sum() if len(result.frames["budget"]) else 0
    refused = numpy.nansum(printed[sorted(result.refused)]) if result.refused else 0
    ignored = numpy.nansum(printed[result.rows.fate != 0])
    assert loaded + refused + ignored == numpy.nansum(printed)


def test_a_pupils_identifier_leaves_only_its_hash():
    register = """
name = "register"
title = "Register"
tables = ["placements"]
[[header]]
find = ["UPN"]
[columns.pupil_id]
headings = ["UPN"]
[columns.placement_id]
headings = ["No"]
"""
    frame = given(picture("""
        | UPN         | No |
        | H8012345678 | 1  |
        | h801 2345678 | 2  |
    """), layout(register)).frames["placements"]  # fmt: skip
    first, second = frame["pupil_id"]
    assert first == second and len(first) == 32 and "8012345" not in first


@pytest.mark.parametrize(
    ("heading", "column"),
    [("Need", "need"), ("Cost", "annual_cost"), ("Start", "start_on"), ("Residential", "residential")],
)
def test_in_a_sheet_about_children_a_shifted_cell_is_told_by_its_address_and_never_repeated(heading, column):
    register = f"""
name = "register"
title = "Register"
tables = ["placements"]
[[header]]
find = ["UPN"]
[columns.pupil_id]
headings = ["UPN"]
[columns.{column}]
headings = ["{heading}"]
"""
    result = given(picture(f"""
        | UPN         | {heading}   |
        | H8012345678 | Zoe Invented |
    """), layout(register))  # fmt: skip
    (problem,) = result.problems
    assert problem.where == "m.xlsx!Sheet1!B2"
    assert "the text of the cell" in problem.found
    assert "Invented" not in problem.sentence()
