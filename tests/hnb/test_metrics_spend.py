"""Spend and unit costs: figures worked out by hand from drawn tables, and what must hold of any table."""

from __future__ import annotations

import polars
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from hnb.codelists import CODELISTS
from hnb.errors import HnbError
from hnb.metrics import Tables, compute
from hnb.selection import Selection
from tests.hnb.pictures import answered, drawn

TWO_YEARS = Tables({"spend": drawn("spend", """
    financial_year | basis    | part          | line  | setting             | phase        | need         | amount  | placement_years | placements
    2023-24        | outturn  | placements    | 1.2.3 | special_independent | secondary    | ASD          | 130_000 | 2.0             | 2
    2023-24        | outturn  | placements    | 1.2.3 | special_independent | primary      | SEMH         |  60_000 | 1.0             | 1
    2023-24        | outturn  | placements    | 1.2.1 | mainstream          | primary      | ASD          |  10_000 | 1.0             | 1
    2023-24        | outturn  | not_explained | 1.2.3 | special_independent | secondary    | not_by_need  |  -5_000 | 0               | 0
    2023-24        | outturn  | services      | 1.2.5 | central             | not_by_phase | not_by_need  |   5_000 | 0               | 0
    2024-25        | forecast | placements    | 1.2.3 | special_independent | secondary    | ASD          | 210_000 | 3.0             | 4
    2024-25        | forecast | placements    | 1.2.1 | mainstream          | primary      | not_recorded |  12_000 | 0               | 0
""")})  # fmt: skip


def test_spend_of_a_year_is_all_of_its_parts():
    answer = compute("spend", TWO_YEARS, by=["financial_year"])
    assert answered(answer, "financial_year", "value", "status") == [
        ("2023-24", 200_000.0, "reported"),
        ("2024-25", 222_000.0, "estimated"),
    ]


def test_spend_adds_over_years_and_the_placements_behind_it_do_not():
    answer = compute("spend", TWO_YEARS, by=["setting"])
    assert answered(answer, "setting", "value", "count") == [
        ("mainstream", 22_000.0, 0),  # one in 2023-24, none in the last year
        ("special_independent", 395_000.0, 4),
        ("central", 5_000.0, 0),
    ]


def test_the_shape_is_the_dimensions_then_the_five_columns():
    answer = compute("spend", TWO_YEARS, by=["setting_group", "financial_year"])
    assert answer.columns == ["setting_group", "financial_year", "numerator", "denominator", "value", "count", "status"]  # fmt: skip


def test_rows_come_in_code_list_order_the_first_dimension_slowest():
    answer = compute("spend", TWO_YEARS, by=["setting", "financial_year"])
    assert answered(answer, "setting", "financial_year", "value") == [
        ("mainstream", "2023-24", 10_000.0),
        ("mainstream", "2024-25", 12_000.0),
        ("special_independent", "2023-24", 185_000.0),
        ("special_independent", "2024-25", 210_000.0),
        ("central", "2023-24", 5_000.0),
    ]


def test_groups_are_derived_from_codes():
    year = Selection(years=("2023-24",))
    assert answered(compute("spend", TWO_YEARS, year, ["setting_group"]), "setting_group", "value") == [
        ("mainstream", 10_000.0),
        ("independent", 185_000.0),
        ("services", 5_000.0),
    ]
    assert answered(compute("spend", TWO_YEARS, year, ["line_group"]), "line_group", "value") == [
        ("top_up_state", 10_000.0),
        ("top_up_independent", 185_000.0),
        ("sen_support_and_inclusion", 5_000.0),
    ]


def test_not_recorded_and_not_split_are_rows_of_their_own():
    needs = compute("spend", TWO_YEARS, by=["need"])["need"].to_list()
    assert needs == ["ASD", "SEMH", "not_recorded", "not_by_need"]


def test_a_missing_key_is_a_row_of_its_own_and_comes_last():
    tables = {"spend": drawn("spend", """
        provider   | in_borough | amount
        .          | .          | 5
        Ash School | no         | 7
        Oak School | yes        | 9
    """)}  # fmt: skip
    assert answered(compute("spend", tables, by=["provider"]), "provider", "value") == [
        ("Ash School", 7.0), ("Oak School", 9.0), (None, 5.0),
    ]  # fmt: skip
    assert answered(compute("spend", tables, by=["in_borough"]), "in_borough", "value") == [
        (True, 9.0), (False, 7.0), (None, 5.0),
    ]  # fmt: skip


def test_a_share_is_of_the_whole_block_whatever_else_is_selected():
    independent = Selection(settings=("independent",), needs=("ASD",))
    answer = compute("spend_share", TWO_YEARS, independent, ["financial_year"])
    assert answered(answer, "financial_year", "numerator", "denominator", "value") == [
        ("2023-24", 130_000.0, 200_000.0, 0.65),
        ("2024-25", 210_000.0, 222_000.0, 210 / 222),
    ]


def test_a_share_without_years_is_of_all_years_selected():
    answer = compute("spend_share", TWO_YEARS, Selection(settings=("independent",)), [])
    assert answered(answer, "numerator", "denominator") == [(395_000.0, 422_000.0)]


def test_a_unit_cost_divides_sums_never_averages_averages():
    answer = compute("spend_per_placement_year", TWO_YEARS, Selection(years=("2023-24",)), ["setting_group"])
    # (130,000 + 60,000) ÷ (2 + 1), not the mean of 65,000 and 60,000; the reconciling row is no placement
    assert answered(answer, "setting_group", "numerator", "denominator", "value", "count") == [
        ("mainstream", 10_000.0, 1.0, 10_000.0, 1),
        ("independent", 190_000.0, 3.0, 63_333.33, 3),
    ]


def test_nothing_to_divide_by_is_missing_and_says_so():
    later = Selection(years=("2024-25",), settings=("mainstream",))
    answer = compute("spend_per_placement_year", TWO_YEARS, later)
    assert answered(answer, "numerator", "denominator", "value", "status") == [
        (12_000.0, 0.0, None, "no_denominator")
    ]


def test_a_selection_with_nothing_in_it_gives_no_rows():
    assert compute("spend", TWO_YEARS, Selection(years=("2001-02",))).height == 0
    assert compute("spend_share", TWO_YEARS, Selection(phases=("post19",)), ["setting"]).height == 0


def test_an_answer_cannot_be_split_by_what_the_measure_lacks():
    with pytest.raises(HnbError, match="“Spend” cannot be split by colour; it can be by authority"):
        compute("spend", TWO_YEARS, by=["colour"])
    with pytest.raises(HnbError, match="“shoe_size” is not a known measure"):
        compute("shoe_size", TWO_YEARS)


def test_pounds_are_to_the_penny_and_nought_has_no_sign():
    tables = {"spend": drawn("spend", "amount\n0.1\n0.2\n")}
    assert compute("spend", tables)["value"].to_list() == [0.3]
    cancelled = {"spend": drawn("spend", "amount\n0.3\n-0.1\n-0.2\n")}
    assert str(compute("spend", cancelled)["value"][0]) == "0.0"


PLACEMENT_SETTINGS = ("mainstream", "resourced", "special_independent", "not_recorded")


@some.composite
def spend_tables(draw: some.DrawFn) -> Tables:
    """A `spend` table of up to 30 rows, in whole pennies, whatever their combination."""
    row = some.fixed_dictionaries(
        {
            "financial_year": some.sampled_from(["2023-24", "2024-25"]),
            "part": some.sampled_from(CODELISTS["spend_parts"].codes),
            "setting": some.sampled_from(PLACEMENT_SETTINGS),
            "phase": some.sampled_from(CODELISTS["phases"].codes),
            "need": some.sampled_from(("ASD", "SEMH", "not_recorded", "not_by_need")),
            "in_borough": some.sampled_from([True, False, None]),
            "provider": some.sampled_from(["Oak School", "Ash School", None]),
            "line": some.sampled_from(["1.0.2", "1.2.1", "1.2.3", "1.2.5"]),
            "amount": some.integers(-10_000_000, 10_000_000).map(lambda pence: pence / 100),
            "placement_years": some.sampled_from([0.0, 0.25, 1.0]),
            "placements": some.integers(0, 3),
        }
    )
    rows = draw(some.lists(row, min_size=1, max_size=30))
    fixed = {"authority": "E09000029", "basis": "outturn"}
    return Tables({"spend": polars.DataFrame([{**fixed, **each} for each in rows], infer_schema_length=None)})


SPLITS = some.lists(
    some.sampled_from(["setting", "setting_group", "phase", "need", "in_borough", "provider", "line", "line_group", "part"]),
    max_size=3, unique=True,
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(spend_tables(), SPLITS)
def test_parts_add_up_to_the_whole_however_they_are_split(tables: Tables, by: list[str]):
    whole = compute("spend", tables, by=["financial_year"])
    parts = compute("spend", tables, by=["financial_year", *by])
    summed = parts.group_by("financial_year").agg(polars.col("value").sum(), polars.col("count").sum())
    for year, value, count in whole.select("financial_year", "value", "count").rows():
        (part,) = summed.filter(financial_year=year).select("value", "count").rows()
        assert part[0] == pytest.approx(value, abs=0.005)
        assert part[1] == count


@settings(max_examples=30, deadline=None)
@given(spend_tables(), SPLITS)
def test_shares_of_a_year_add_up_to_one(tables: Tables, by: list[str]):
    shares = compute("spend_share", tables, by=["financial_year", *by])
    for (_, denominator), rows in shares.group_by("financial_year", "denominator"):
        if denominator:
            assert rows["value"].sum() == pytest.approx(1.0)


@settings(max_examples=30, deadline=None)
@given(spend_tables(), SPLITS, some.sampled_from(["spend", "spend_per_placement_year", "placements"]))
def test_selecting_every_code_changes_nothing(tables: Tables, by: list[str], measure: str):
    everything = Selection(
        settings=CODELISTS["settings"].codes, phases=CODELISTS["phases"].codes,
        needs=CODELISTS["needs"].codes, lines=CODELISTS["budget_lines"].codes,
        years=("2023-24", "2024-25"), authority="E09000029",
    )  # fmt: skip
    assert compute(measure, tables, everything, by).equals(compute(measure, tables, Selection(), by))


@settings(max_examples=30, deadline=None)
@given(spend_tables(), SPLITS)
def test_a_value_is_its_numerator_divided_by_its_denominator(tables: Tables, by: list[str]):
    for row in compute("spend_per_placement_year", tables, by=by).to_dicts():
        if row["denominator"]:
            assert row["value"] == pytest.approx(row["numerator"] / row["denominator"], abs=0.006)
        else:
            assert (row["value"], row["status"]) == (None, "no_denominator")


@settings(max_examples=20, deadline=None)
@given(spend_tables())
def test_a_filter_gives_what_the_split_gives(tables: Tables):
    split = compute("spend", tables, by=["setting"])
    for setting, value in split.select("setting", "value").rows():
        assert compute("spend", tables, Selection(settings=(setting,)))["value"].to_list() == [value]


def test_arguments_are_left_as_they_were():
    frame = drawn("spend", "setting | amount\nmainstream | 5\n")
    before = frame.clone()
    compute("spend_share", {"spend": frame}, Selection(settings=("mainstream",)), ["setting_group"])
    assert frame.equals(before)


def test_pandas_frames_give_the_same_answer():
    frame = drawn("spend", "setting | provider | in_borough | amount\nmainstream | . | . | 5\nhospital | Oak | no | 7\n")  # fmt: skip
    by = ["setting", "provider", "in_borough"]
    assert compute("spend", {"spend": frame.to_pandas()}, by=by).equals(
        compute("spend", {"spend": frame}, by=by)
    )
