"""Recommendations: baseline, path, latest and distance worked out by hand for each way that one can stand."""

from __future__ import annotations

import datetime

import pytest

from hnb.codelists import CODELISTS
from hnb.metrics import Tables
from hnb.recommendations import Assessment, Point, assessments, path_value, register_problems
from tests.hnb.pictures import drawn

# Independent placements: 20, then 18, 17 and (forecast) 15 in a hundred.
SPEND = drawn("spend", """
    financial_year | basis    | setting             | placements | placement_years | amount
    2022-23        | outturn  | special_independent | 20         | 20              | 1_200_000
    2022-23        | outturn  | mainstream          | 80         | 80              | 800_000
    2023-24        | outturn  | special_independent | 18         | 18              | 1_150_000
    2023-24        | outturn  | mainstream          | 82         | 82              | 850_000
    2024-25        | outturn  | special_independent | 17         | 17              | 1_100_000
    2024-25        | outturn  | mainstream          | 83         | 83              | 900_000
    2025-26        | forecast | special_independent | 15         | 15              | 1_050_000
    2025-26        | forecast | mainstream          | 85         | 85              | 950_000
""")  # fmt: skip


def one(picture: str, **others: object) -> Assessment:
    """The only assessment of a register drawn as one row."""
    tables = Tables({"spend": SPEND, "recommendations": drawn("recommendations", picture), **others})
    (assessment,) = assessments(tables)
    return assessment


@pytest.mark.parametrize(
    ("column", "text"),
    [
        ("measure", "cost of taxis"),
        ("setting", "independant"),
        ("phase", "big school"),
        ("need", "left-handed"),
    ],
)
def test_what_the_model_does_not_know_is_told_with_its_row_and_the_row_stays(column, text):
    rows = drawn("recommendations", """
        recommendation_id | measure          | source
        R1                | placements_share | r.xlsx!Register!4
        R2                | placements_share | r.xlsx!Register!5
    """).to_dicts()  # fmt: skip
    assert register_problems(rows) == []
    rows[0][column] = text
    (problem,) = register_problems(rows)
    assert (problem.where, problem.what, problem.severity) == ("r.xlsx!Register!4", "unknown_code", "refusal")
    assert text in problem.found
    assert problem.rows == 0


def test_a_note_on_a_recommendation_that_is_not_there_is_noted():
    register = drawn("recommendations", """
        recommendation_id | measure
        R1                | placements_share
    """)  # fmt: skip
    updates = drawn("recommendation_updates", """
        recommendation_id | noted_on
        R1                | 2026-06-16
        R9                | 2026-06-16
    """)  # fmt: skip
    (problem,) = register_problems(register.to_dicts(), updates.to_dicts())
    assert (problem.what, problem.severity) == ("unknown_recommendation", "note")
    assert "R9" in problem.found


def test_behind_its_path():
    found = one("""
        measure          | setting     | baseline_year | target | target_year
        placements_share | independent | 2022-23       | 0.05   | 2027-28
    """)
    # From 20% in 2022-23 to 5% in 2027-28: 3 points a year, so 11% in 2025-26; it stands at 15%.
    assert (found.baseline, found.baseline_is_given) == (Point("2022-23", 0.2, "reported"), False)
    assert found.latest == Point("2025-26", 0.15, "reported")
    assert found.path == pytest.approx(0.11)
    assert found.distance == pytest.approx(0.04)
    assert found.change == pytest.approx(-0.05)
    assert found.progress == "behind"
    assert found.reason == "15.0% in 2025-26; 4.0 points above its path to 5.0% by 2027-28"
    assert [point.value for point in found.series] == [0.2, 0.18, 0.17, 0.15]
    assert (found.aim, found.direction) == ("fall", "favourable")  # toward the target, which lies below


def test_on_course_ahead_of_its_path():
    found = one("""
        measure    | setting     | baseline_year | baseline | target | target_year
        placements | independent | 2022-23       | 20       | 14     | 2027-28
    """)
    # 20 to 14 over five years: 16.4 in 2025-26; there are 15.
    assert found.baseline_is_given
    assert found.path == pytest.approx(16.4)
    assert found.progress == "on_course"
    assert found.reason == "15 placements in 2025-26; 1 placement below its path to 14 placements by 2027-28"


def test_exactly_on_its_path():
    found = one("""
        measure    | setting     | baseline_year | target | target_year
        placements | independent | 2022-23       | 10     | 2028-29
    """)
    assert (found.path, found.distance, found.progress) == (15.0, 0.0, "on_course")
    assert found.reason == "15 placements in 2025-26; on its path to 10 placements by 2028-29"


def test_a_target_above_the_baseline_asks_for_a_rise():
    found = one("""
        measure    | setting    | baseline_year | target | target_year
        placements | mainstream | 2022-23       | 110    | 2027-28
    """)
    # 80 to 110: 98 in 2025-26; there are 85.
    assert (found.progress, found.distance) == ("behind", -13.0)
    assert (
        found.reason == "85 placements in 2025-26; 13 placements below its path to 110 placements by 2027-28"
    )


def test_met_even_before_its_year():
    found = one("""
        measure          | setting     | baseline_year | target | target_year
        placements_share | independent | 2022-23       | 0.16   | 2029-30
    """)
    assert found.progress == "met"
    assert found.reason == "15.0% in 2025-26; the target of 16.0% is met"


def test_missed_when_its_year_has_come():
    found = one("""
        measure | setting     | baseline_year | target    | target_year
        spend   | independent | 2022-23       | 1_000_000 | 2024-25
    """)
    assert found.progress == "behind"
    assert found.reason == "£1.1m in 2025-26 (estimated); the target of £1.0m by 2024-25 was missed by £50k"
    assert found.direction == "favourable"


def test_no_target_is_said_and_never_made_up():
    found = one("""
        measure                  | setting     | baseline_year | target | target_year
        spend_per_placement_year | independent | 2022-23       | .      | 2027-28
    """)
    assert found.progress == "no_target"
    assert (found.target, found.path, found.distance) == (None, None, None)
    assert found.reason == "£70,000 in 2025-26 (estimated), £10,000 more than in 2022-23; no target published"
    assert (found.aim, found.direction) == ("", "")  # dearer is not worse in itself, and nothing says it is


def test_an_illustrative_target_keeps_its_mark():
    picture = """
        measure | baseline_year | target    | target_year | is_illustrative
        spend   | 2022-23       | 1_900_000 | 2027-28     | {}
    """
    assert one(picture.format("yes")).is_illustrative
    assert not one(picture.format("no")).is_illustrative


@pytest.mark.parametrize(
    ("picture", "reason"),
    [
        ("measure | target\n. | 5", "No measure shows this"),
        ("measure\nhappiness", "“happiness” is not a known measure"),
        ("measure | setting\nspend | castle", '"castle" is not a known kind of setting'),
        ("measure | need\nin_year_position | ASD", "“In-year position” is not split by primary need"),
        ("measure\nplans", "The figures for “Education, health and care plans” are not loaded"),
        ("measure | setting\nspend | hospital", "There is no figure for what it is about"),
        ("measure | target | target_year\nspend | 5 | 2027-28", "without a baseline there is no path to £5 by 2027-28"),
        ("measure | baseline_year | target | target_year\nspend | 2010-11 | 5 | 2027-28", "without a baseline"),
        ("measure | baseline_year | target | target_year\nspend | 2025-26 | 5 | 2027-28", "no figure after the baseline year yet"),
        ("measure | baseline_year | target\nspend | 2022-23 | 5", "a target without a later year has no path"),
        ("measure | baseline_year | target | target_year\nspend | 2022-23 | 5 | next year", "is not a financial year"),
        ("measure | baseline_year | target | target_year\nspend | 2022-23 | 5 | 2022-23", "a target without a later year"),
    ],
)  # fmt: skip
def test_what_cannot_be_assessed_says_why(picture: str, reason: str):
    found = one(picture)
    assert found.progress == "not_assessed"
    assert reason in found.reason
    assert not found.reason.endswith(".")


def test_settings_phases_and_needs_are_lists_in_a_cell():
    found = one("measure | setting | phase | need\nspend | independent, Hospital education | Secondary, Post-16 | ASD, Autism")  # fmt: skip
    assert found.selection.settings == (*CODELISTS["settings"].members("independent"), "hospital")
    assert found.selection.phases == ("secondary", "post16")
    assert found.selection.needs == ("ASD",)
    assert found.selection.authority == "E09000029"


def test_only_the_recommendation_s_own_authority_counts():
    found = one("authority\nE09000099")
    assert (found.progress, found.reason) == ("not_assessed", "There is no figure for what it is about")


def test_notes_of_progress_come_with_it_the_latest_first():
    updates = drawn("recommendation_updates", """
        recommendation_id | noted_on   | status      | note  | decision
        R1                | 2025-01-10 | not_started | .     | Begin
        R1                | 2025-06-20 | in_progress | Begun | .
        R2                | 2025-07-01 | done        | .     | .
    """)  # fmt: skip
    found = one("measure\nspend", recommendation_updates=updates)
    assert [(note.noted_on, note.note, note.decision) for note in found.updates] == [
        (datetime.date(2025, 6, 20), "Begun", ""), (datetime.date(2025, 1, 10), "", "Begin"),
    ]  # fmt: skip


def test_every_progress_has_a_label():
    assert CODELISTS["progress"].codes == ("met", "on_course", "behind", "no_target", "not_assessed")


def test_without_a_register_there_is_nothing():
    assert assessments(Tables({"spend": SPEND})) == ()


def test_of_several_registers_each_authority_has_its_own():
    register = drawn("recommendations", """
        authority | recommendation_id | measure
        E09000029 | R1                | spend
        E09000024 | R1                | spend
        E09000029 | R2                | spend
    """)  # fmt: skip
    tables = Tables({"spend": SPEND, "recommendations": register})
    ids = [
        [one.recommendation_id for one in assessments(tables, authority=name)]
        for name in ("E09000029", "E09000024", "", "E09000021")
    ]
    assert ids == [["R1", "R2"], ["R1"], ["R1", "R1", "R2"], []]


def test_the_register_s_aim_goes_before_the_side_on_which_the_target_lies():
    picture = """
        measure    | setting    | baseline_year | target | target_year | aim
        placements | mainstream | 2022-23       | 83     | 2027-28     | {}
    """
    # 80 at the baseline, 85 now. To fall to 83, or to rise no further than that, it is above its path of 81.8.
    capped = one(picture.format("fall"))
    assert (capped.progress, capped.direction) == ("behind", "adverse")
    assert (
        capped.reason == "85 placements in 2025-26; 3 placements above its path to 83 placements by 2027-28"
    )
    assert one(picture.format("rise")).progress == "met"
    assert one(picture.format(".")).progress == "met"


def test_a_measure_with_a_better_side_needs_no_aim():
    grant = drawn("grant", """
        financial_year | component        | amount
        2022-23        | after_deductions | 2_300_000
        2025-26        | after_deductions | 1_500_000
    """)  # fmt: skip
    found = one(
        """
        measure          | baseline_year | target | target_year
        in_year_position | 2022-23       | 0      | 2028-29
    """,
        grant=grant,
    )
    # A surplus of £300k at the baseline, a deficit of £500k now: nought is not met from below.
    assert (found.aim, found.progress, found.direction) == ("rise", "behind", "adverse")
    assert found.reason == "−£500k in 2025-26 (estimated); £650k below its path to £0 by 2028-29"


def test_a_target_to_hold_where_nothing_says_which_way_is_reached_only_exactly():
    picture = "measure | setting | baseline_year | baseline | target | target_year\nspend | independent | 2022-23 | {0} | {0} | 2029-30"
    assert one(picture.format(1_050_000)).progress == "met"
    assert one(picture.format(1_000_000)).progress == "behind"


@pytest.mark.parametrize(
    ("year", "value"), [("2020-21", 10.0), ("2022-23", 10.0), ("2023-24", 15.0), ("2024-25", 20.0), ("2030-31", 20.0)]
)  # fmt: skip
def test_the_path_is_a_straight_line_between_two_years(year: str, value: float):
    assert path_value(Point("2022-23", 10.0), 20.0, "2024-25", year) == value


def test_the_path_of_an_assessment_in_any_year():
    found = one("measure | setting | baseline_year | target | target_year\nplacements | independent | 2022-23 | 10 | 2027-28")  # fmt: skip
    assert [found.path_in(year) for year in ("2022-23", "2024-25", "2027-28")] == [20.0, 16.0, 10.0]
    assert one("measure\nspend").path_in("2024-25") is None
