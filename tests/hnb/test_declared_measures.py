"""Measures that an analyst declares: a text becomes a measure, or every fault of it is said and nothing is taken."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from hnb.errors import HnbError
from hnb.measures_file import take_measures
from hnb.method import anchor_of_measure, anchors
from hnb.metrics import MEASURES, Cubes, Measure, Tables, compute, measure_named
from hnb.metrics.declared import declared_measures
from hnb.recommendations import assessments, register_problems
from hnb.selection import Selection
from tests.hnb.pictures import answered, drawn

SPEND = drawn("spend", """
    financial_year | basis    | part       | setting                | in_borough | amount  | placement_years | placements
    2024-25        | outturn  | placements | special_independent    | no         | 100_000 | 2               | 2
    2024-25        | outturn  | placements | independent_mainstream | yes        | 60_000  | 1               | 1
    2024-25        | outturn  | placements | mainstream             | yes        | 90_000  | 9               | 9
    2024-25        | outturn  | services   | central                | .          | 40_000  | 0               | 0
    2025-26        | forecast | placements | special_independent    | no         | 180_000 | 3               | 3
    2025-26        | forecast | placements | mainstream             | yes        | 95_000  | 10              | 10
""")  # fmt: skip

INDEPENDENT = """
[independent_year_cost]
like = "spend_per_placement_year"
title = "Cost of an independent placement-year"
question = "What does a year in an independent school cost the block?"
where = { setting_group = ["independent"] }
"""

OUTSIDE = """
[spend_outside_borough]
title = "Spend outside the borough"
question = "What do we pay for children placed outside the borough?"
caution = "The year in progress is a forecast."
source = "Placement register (table spend)."
unit = "£"
better = "neither"
table = "spend"
dimensions = ["authority", "financial_year", "setting", "setting_group", "phase"]
numerator = "amount"
count = "placements"
where = { in_borough = [false] }
estimated_when = { basis = ["forecast"] }
"""


@pytest.fixture
def measures_file(tmp_path: Path) -> Iterator[Path]:
    """Where the measures of an installation are, which has none again afterwards."""
    yield tmp_path / "measures.toml"
    MEASURES.declare(())


def one(text: str) -> Measure:
    (measure,) = declared_measures(text, MEASURES.shipped)
    return measure


def faults(text: str) -> str:
    with pytest.raises(HnbError) as raised:
        declared_measures(text, MEASURES.shipped, "measures.toml")
    return str(raised.value)


def test_a_measure_like_another_narrowed_to_a_group_of_settings():
    measure = one(INDEPENDENT)
    # (100,000 + 60,000) ÷ (2 + 1) placement-years; then 180,000 ÷ 3.
    assert answered(compute(measure, {"spend": SPEND}, by=["financial_year"]), "numerator", "denominator", "value", "count", "status") == [
        (160_000.0, 3.0, 53_333.33, 3, "reported"),
        (180_000.0, 3.0, 60_000.0, 3, "estimated"),
    ]  # fmt: skip
    assert (measure.unit, measure.denominator, measure.caution) == (
        "£ per placement-year", "placement_years", MEASURES["spend_per_placement_year"].caution,
    )  # fmt: skip


def test_a_measure_that_is_like_no_other():
    measure = one(OUTSIDE)
    answer = compute(measure, {"spend": SPEND}, by=["financial_year", "setting"])
    assert answered(answer, "financial_year", "setting", "value", "count", "status") == [
        ("2024-25", "special_independent", 100_000.0, 2, "reported"),
        ("2025-26", "special_independent", 180_000.0, 3, "estimated"),
    ]


def test_a_cube_gives_the_same():
    class Kept(Tables):
        cubes: Cubes

    kept = Kept({"spend": SPEND})
    kept.cubes = Cubes(kept)
    for text in (INDEPENDENT, OUTSIDE):
        for by in ((), ("financial_year",), ("setting", "phase")):
            asked = Selection(years=("2024-25", "2025-26"))
            assert compute(one(text), kept, asked, by).equals(compute(one(text), {"spend": SPEND}, asked, by))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[independent\n", "measures.toml is not TOML"),
        ("[spend]\nlike = 'spend'\ntitle = 'Mine'\nquestion = 'What?'", "“spend” comes with the program"),
        ("[Mine]\nlike = 'spend'\ntitle = 'Mine'\nquestion = 'What?'", "“Mine” is no name"),
        ("mine = 3", "[mine]"),
        ("[mine]\nlike = 'spnd'\ntitle = 'Mine'\nquestion = 'What?'", "perhaps spend was meant"),
        ("[mine]\nlike = 'spend'\nquestion = 'What?'", "title: it is missing"),
        ("[mine]\nlike = 'spend'\ntitle = 'Mine'\nquestion = 'What?'\nwher = {}", "there is no such key"),
        ("[mine]\nlike = 'spend'\ntitle = 'Mine'\nquestion = 'What?'\ntable = 'plans'", "it is given beside `like`"),
        ("[mine]\nlike = 'spend'\ntitle = 'Spend'\nquestion = 'What?'", "the title “Spend” is there twice"),
        ("[mine]\nlike = 'spend'\ntitle = 'Mine'\nquestion = 'What?'\nnumerator = 'amont'", "perhaps amount was meant"),
        ("[mine]\nlike = 'spend'\ntitle = 'Mine'\nquestion = 'What?'\nunit = 'euros'", "“euros” is not known"),
        ("[mine]\nlike = 'spend'\ntitle = 'Mine'\nquestion = 'What?'\nwhere = { setting = ['independant'] }", "'independant' is no code"),
        ("[mine]\nlike = 'spend'\ntitle = 'Mine'\nquestion = 'What?'\nwhere = { in_borough = ['no'] }", "true or false"),
        ("[mine]\nlike = 'spend'\ntitle = 'Mine'\nquestion = 'What?'\nwhere = { amount = [3] }", "no column “amount” of codes"),
        ("[mine]\nlike = 'spend'\ntitle = 'Mine'\nquestion = 'What?'\ndimensions = ['amount']", "cannot be split by “amount”"),
        ("[mine]\nlike = 'spend'\ntitle = 'Mine'\nquestion = 'What?'\nsides = ['more']", "no pair of words"),
    ],
)  # fmt: skip
def test_a_fault_says_the_entry_the_key_what_was_found_and_what_is_meant(text, said):
    assert said in faults(text)


@pytest.mark.parametrize("table", ["budget", "placements", "grant", "files", "nonsense"])
def test_reports_of_one_year_beside_one_another_are_never_added_up(table):
    assert "Expected" in faults(OUTSIDE.replace('table = "spend"', f'table = "{table}"'))


def test_kinds_of_money_are_never_added_up():
    likely = '[likely]\nlike = "forecast"\ntitle = "Likely"\nquestion = "What?"\nwhere = { money = ["forecast", "commitment"] }'
    assert "that differ in `money` are never added up" in faults(likely)
    returned = OUTSIDE.replace('table = "spend"', 'table = "spend_returns"')
    assert "one value of `stage`" in faults(returned)


def test_all_faults_are_said_at_once():
    said = faults('[a_b_c]\nlike = "spnd"\n[d_e_f]\nlike = "spend"\ntitle = "T"\n')
    assert said.startswith("2 things to mend:")
    assert "[a_b_c], like" in said and "[d_e_f], question" in said


# ------------------------------------------------------------------------- the installation's file


def test_without_a_file_there_is_nothing_of_ones_own(measures_file):
    assert take_measures(measures_file) == ()
    assert list(MEASURES) == list(MEASURES.shipped)


def test_the_file_s_measures_are_known_everywhere(measures_file):
    measures_file.write_text("\ufeff" + INDEPENDENT + OUTSIDE, encoding="utf-8")
    take_measures(measures_file)
    assert list(MEASURES)[-2:] == ["independent_year_cost", "spend_outside_borough"]
    assert compute("independent_year_cost", {"spend": SPEND}, Selection(years=("2024-25",)))["value"][0] == 53_333.33  # fmt: skip
    assert anchor_of_measure("spend_outside_borough") in set(anchors())


def test_a_recommendation_may_be_measured_by_it(measures_file):
    measures_file.write_text(INDEPENDENT, encoding="utf-8")
    take_measures(measures_file)
    register = drawn("recommendations", """
        recommendation_id | measure               | baseline_year | target | target_year | aim
        R1                | independent_year_cost | 2024-25       | 50_000 | 2026-27     | fall
    """)  # fmt: skip
    assert register_problems(register.to_dicts()) == []
    (found,) = assessments(Tables({"spend": SPEND, "recommendations": register}))
    assert (found.latest.value, found.baseline.value, found.progress) == (60_000.0, 53_333.33, "behind")


def test_a_file_with_a_fault_is_refused_whole_and_the_register_stays(measures_file):
    measures_file.write_text(INDEPENDENT, encoding="utf-8")
    take_measures(measures_file)
    measures_file.write_text(OUTSIDE + '[other]\nlike = "spnd"\n', encoding="utf-8")
    with pytest.raises(HnbError, match=r"measures\.toml, \[other\], like"):
        take_measures(measures_file)
    assert measure_named("independent_year_cost").title == "Cost of an independent placement-year"
    assert "spend_outside_borough" not in MEASURES
    measures_file.write_bytes("[mine]\ntitle = 'Café'".encode("latin-1"))
    with pytest.raises(HnbError, match="not UTF-8"):
        take_measures(measures_file)


def test_a_name_of_the_program_s_own_cannot_be_taken():
    with pytest.raises(ValueError, match="spend comes with the program"):
        MEASURES.declare([MEASURES["spend"]])
