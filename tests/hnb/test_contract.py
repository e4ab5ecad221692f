"""The contract: what a table promises is checked, gathered with addresses, and carried into Parquet."""

from __future__ import annotations

import datetime

import numpy
import pandas
import pyarrow
import pytest

from hnb.contract import Column, Problem, Table
from hnb.tables import TABLES

SCHOOLS = Table(
    "schools",
    "one school",
    (
        Column("school", "text", "Name."),
        Column("child_id", "identifier", "Hash.", required=False),
        Column("setting", "code", "Kind of setting.", codes="settings"),
        Column("year", "year", "Year.", required=False),
        Column("opened_on", "date", "First day.", required=False),
        Column("cost", "pounds", "Cost.", required=False),
        Column("pupils", "count", "Pupils.", required=False),
        Column("used_share", "share", "Share of places used.", required=False, minimum=0, maximum=1),
        Column("in_borough", "flag", "In the borough.", required=False),
        Column("source", "text", "Address."),
    ),
    ("school",),
)


def row(**given: object) -> dict[str, object]:
    return {"school": "Oak", "setting": "mainstream", "source": "a.xlsx!Schools!3", **given}


def problems(*rows: dict[str, object]) -> list[tuple[str, str]]:
    return [(problem.where, problem.what) for problem in SCHOOLS.check(pandas.DataFrame(list(rows)))]


def test_a_sound_row_has_no_problem():
    sound = row(
        year="2023-24",
        opened_on=datetime.date(2023, 9, 1),
        cost=-5.5,
        pupils=0,
        used_share=1,
        in_borough=True,
    )
    assert problems(sound, row(school="Ash")) == []


@pytest.mark.parametrize(
    ("given", "what"),
    [
        ({"school": None}, "blank"),
        ({"school": "  "}, "blank"),
        ({"school": 7}, "bad_value"),
        ({"setting": "castle"}, "unknown_code"),
        ({"setting": "Mainstream school"}, "unknown_code"),  # a spelling is not yet a code
        ({"year": "2023/24"}, "bad_value"),
        ({"year": "2023-25"}, "bad_value"),
        ({"opened_on": "1 May 2023"}, "bad_value"),
        ({"cost": "£5"}, "bad_value"),
        ({"cost": numpy.inf}, "bad_value"),
        ({"pupils": 1.5}, "bad_value"),
        ({"pupils": -1}, "bad_value"),
        ({"used_share": 1.01}, "out_of_range"),
        ({"in_borough": "perhaps"}, "bad_value"),
    ],
)
def test_each_broken_promise_is_one_problem_with_its_address(given: dict[str, object], what: str):
    assert problems(row(**given)) == [("a.xlsx!Schools!3", what)]


def test_problems_are_gathered_not_raised_one_by_one():
    found = problems(row(setting="castle", pupils=-1), row(school="Ash", cost="?", source="a.xlsx!Schools!4"))
    assert found == [
        ("a.xlsx!Schools!3", "bad_value"), ("a.xlsx!Schools!3", "unknown_code"), ("a.xlsx!Schools!4", "bad_value"),
    ]  # fmt: skip


def test_a_repeated_key_names_both_rows():
    (problem,) = SCHOOLS.check(pandas.DataFrame([row(), row(source="a.xlsx!Schools!9")]))
    assert problem.where == "a.xlsx!Schools!9"
    assert "already at a.xlsx!Schools!3" in problem.found


def test_a_repeated_key_of_a_table_about_children_repeats_no_identifier():
    visits = Table(
        "visits",
        "one visit",
        (
            Column("visit_id", "identifier", "Number."),
            Column("pupil_id", "identifier", "Hash."),
            Column("year", "year", "Year."),
            Column("source", "text", "Address."),
        ),
        ("visit_id", "year"),
    )
    visit = {"visit_id": "Zoe Invented", "pupil_id": "f00", "year": "2023-24", "source": "a.xlsx!Visits!3"}
    (problem,) = visits.check(pandas.DataFrame([visit, {**visit, "source": "a.xlsx!Visits!9"}]))
    assert "already at a.xlsx!Visits!3 (year 2023-24)" in problem.found
    assert "Invented" not in problem.sentence()


@pytest.mark.parametrize(
    ("first_day", "last_day", "told"),
    [
        (datetime.date(2023, 9, 1), datetime.date(2023, 8, 31), ["wrong_order"]),
        (datetime.date(2023, 9, 1), datetime.date(2023, 9, 1), []),
        (datetime.date(2023, 9, 1), None, []),
        (datetime.date(2023, 9, 1), "soon", ["bad_value"]),
    ],
)
def test_what_ends_before_it_starts_is_told(first_day, last_day, told):
    stays = Table(
        "stays",
        "one stay",
        (
            Column("start_on", "date", "First day."),
            Column("end_on", "date", "Last day.", required=False),
            Column("source", "text", "Address."),
        ),
        (),
        in_order=(("start_on", "end_on"),),
    )
    found = stays.check(
        pandas.DataFrame([{"start_on": first_day, "end_on": last_day, "source": "a.xlsx!Stays!3"}])
    )
    assert [problem.what for problem in found] == told


def test_a_placement_may_not_end_before_it_starts():
    assert ("start_on", "end_on") in TABLES["placements"].in_order


def test_a_missing_column_is_one_problem_for_all_rows():
    frame = pandas.DataFrame([row(), row()]).drop(columns="setting")
    (problem,) = SCHOOLS.check(frame)
    assert (problem.what, problem.rows) == ("missing_column", 2)


def test_a_sentence_says_where_what_and_what_to_do():
    (problem,) = SCHOOLS.check(pandas.DataFrame([row(setting="independant special school")]))
    sentence = problem.sentence()
    assert sentence.startswith('a.xlsx!Schools!3: "independant special school" in setting is not a known kind of setting.')  # fmt: skip
    assert 'If it means "Independent special school", add it to the aliases of special_independent in hnb/codes/settings.toml' in sentence  # fmt: skip


def test_an_identifier_is_never_shown():
    (problem,) = SCHOOLS.check(pandas.DataFrame([row(child_id=123456)]))
    assert "123456" not in problem.sentence()


def test_problems_sort_by_address():
    first, second = Problem("a!x!1", "z", "f"), Problem("b!x!1", "a", "f")
    assert sorted([second, first]) == [first, second]


def test_conforming_gives_every_column_its_type_and_leaves_the_frame_alone():
    frame = pandas.DataFrame([row(cost=1.005, pupils=3.0)])
    before = frame.copy()
    conformed = SCHOOLS.conform(frame)
    assert tuple(conformed.columns) == SCHOOLS.names
    assert str(conformed["pupils"].dtype) == "Int64"
    assert str(conformed["opened_on"].dtype) == "date32[day][pyarrow]"
    assert conformed["year"].isna().all()
    pandas.testing.assert_frame_equal(frame, before)


def test_pounds_are_to_the_penny_without_a_negative_nought():
    conformed = SCHOOLS.conform(pandas.DataFrame([row(cost=10.129), row(cost=-0.001)]))
    assert conformed["cost"].tolist() == [10.13, 0.0]
    assert str(conformed["cost"][1]) == "0.0"


def test_an_extra_column_is_never_dropped_in_silence():
    with pytest.raises(ValueError, match="has no column"):
        SCHOOLS.conform(pandas.DataFrame([row(colour="red")]))


def test_a_table_cannot_be_declared_wrong():
    with pytest.raises(ValueError, match="key"):
        Table("t", "a row", (Column("a", "text", "A."),), ("b",))
    with pytest.raises(ValueError, match="twice"):
        Table("t", "a row", (Column("a", "text", "A."), Column("a", "text", "A.")), ())


def test_headings_say_the_unit():
    assert SCHOOLS.column("cost").heading == "Cost (£)"
    assert TABLES["placement_months"].column("placement_years").heading == "Placement years (placement-years)"


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_every_table_carries_its_meanings_into_parquet(table: Table):
    schema = table.arrow_schema()
    assert schema.names == list(table.names)
    for field, column in zip(schema, table.columns, strict=True):
        assert field.metadata[b"meaning"].decode() == column.meaning
        assert column.meaning.endswith((".", "?"))
        assert (b"ordered_codes" in field.metadata) == bool(column.codes)
    empty = table.empty()
    assert tuple(empty.columns) == table.names
    assert pyarrow.Table.from_pandas(empty, schema=schema, preserve_index=False).num_rows == 0


@pytest.mark.parametrize(
    ("placement", "is_sound"),
    [
        ("P000123", True),
        ("2023/0045-b", True),
        ("17", True),
        ("Alex Example", False),
        ("-", False),
        ("x" * 41, False),
    ],
)
def test_a_number_of_a_placement_holds_a_figure_and_is_no_name(placement: str, is_sound: bool):
    column = TABLES["placements"].column("placement_id")
    table = Table("t", "a row", (column, Column("source", "text", "Address.")), ())
    found = table.check(pandas.DataFrame([{"placement_id": placement, "source": "r.xlsx!R!5"}]))
    assert [problem.what for problem in found] == ([] if is_sound else ["bad_value"])
    assert not any(placement in problem.sentence() for problem in found if len(placement) > 1)


def test_a_total_cut_two_ways_is_taken_from_one_file_only():
    #  Sutton's January 2025 by one source's settings, and again by another's: no key repeats, every sum doubles.
    plans = TABLES["plans"].conform(
        pandas.DataFrame(
            [
                {"authority": "E09000029", "year": 2025, "setting": setting, "setting_detail": detail,
                 "need": "not_by_need", "age_band": "all_ages", "plans": number, "status": "reported", "source": source}
                for setting, detail, number, source in [
                    ("mainstream", "mainstream_academy", 641, "dfe.zip/caseload.csv!caseload!9"),
                    ("mainstream", "mainstream_la_maintained", 242, "dfe.zip/caseload.csv!caseload!9"),
                    ("mainstream", None, 910, "ours.xlsx!Plans!5"),
                ]
            ]
        )
    )  # fmt: skip
    (problem,) = TABLES["plans"].check(plans)
    assert (problem.where, problem.what, problem.severity) == ("ours.xlsx!Plans!5", "second_file", "refusal")
    assert "dfe.zip/caseload.csv too" in problem.sentence()
    needs = plans.assign(need="ASD")
    assert TABLES["plans"].check(pandas.concat([plans[:2], needs[2:]], ignore_index=True)) == []
