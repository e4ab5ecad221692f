"""Two selections beside each other: by hand, and that the parts of each add up to its whole."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hnb.codelists import CODELISTS
from hnb.findings.side_by_side import differ_most, which_costs_more
from hnb.metrics import Selection, compute
from hnb.side_by_side import CHANGE, DIMENSIONS, figures_beside, spend_beside
from tests.hnb.test_growth import AFTER, BEFORE, placed, spend

TABLES = spend(
    placed(BEFORE, "mainstream", 10_000, 10), placed(BEFORE, "special_independent", 60_000, 1),
    placed(AFTER, "mainstream", 12_000, 12), placed(AFTER, "special_independent", 130_000, 2, need="SEMH"),
)  # fmt: skip
MAINSTREAM = Selection(years=(AFTER,), settings=("mainstream",))
INDEPENDENT = Selection(years=(AFTER,), settings=("special_independent",))


def lines(first, second):
    return {line.name: line for line in figures_beside(TABLES, first, second)}


def test_the_same_measures_of_both_and_the_difference_in_words():
    found = lines(MAINSTREAM, INDEPENDENT)
    assert (found["spend"].first, found["spend"].second) == (12_000.0, 130_000.0)
    assert found["spend"].difference == "£118k more than A, +983.3%"
    assert found["spend_per_placement_year"].first_words == "£1,000"
    assert found["spend_per_placement_year"].second_words == "£65,000"
    assert found["spend_share"].difference == "83.1 points more than A"
    # 10,000 to 12,000 is +20%; 60,000 to 130,000 is +116.7%.
    assert found[CHANGE].first_words == "+20.0%"
    assert found[CHANGE].second_words == "+116.7%"
    assert found[CHANGE].difference == "96.7 points more than A"


def test_two_years_of_one_selection_are_compared_as_well():
    found = lines(Selection(years=(BEFORE,)), Selection(years=(AFTER,)))
    assert found["spend"].difference == "£72k more than A, +102.9%"
    assert found[CHANGE].difference == "not to be compared: one of the two has no year before"


def test_what_only_one_of_the_two_has_is_nought_in_the_other():
    frame = spend_beside(TABLES, MAINSTREAM, INDEPENDENT, "setting")
    assert frame.rows() == [
        ("mainstream", 12_000.0, 0.0, -12_000.0),
        ("special_independent", 0.0, 130_000.0, 130_000.0),
    ]
    assert (
        differ_most(frame, "setting") == "They differ most in Independent special school: B spends £130k more"
    )


def test_the_finding_says_which_costs_more():
    said = which_costs_more(figures_beside(TABLES, MAINSTREAM, INDEPENDENT))
    assert said == "B costs £118k more than A (+983.3%), and a placement-year £64,000 more"
    same = which_costs_more(figures_beside(TABLES, MAINSTREAM, MAINSTREAM))
    assert same == "A and B cost the same, £12k"
    nothing = which_costs_more(figures_beside(TABLES, MAINSTREAM, Selection(years=("2001-02",))))
    assert nothing == "One of the two has no spend, so there is nothing to compare"


SELECTIONS = st.builds(
    Selection,
    years=st.sets(st.sampled_from((BEFORE, AFTER)), max_size=2).map(tuple),
    settings=st.sets(st.sampled_from(CODELISTS["settings"].codes), max_size=3).map(tuple),
    needs=st.sets(st.sampled_from(("ASD", "SEMH")), max_size=1).map(tuple),
)


@given(first=SELECTIONS, second=SELECTIONS, by=st.sampled_from(DIMENSIONS))
def test_the_rows_of_each_side_add_up_to_its_spend(first, second, by):
    frame = spend_beside(TABLES, first, second, by)
    for name, selection in (("first", first), ("second", second)):
        whole = compute("spend", TABLES, selection)["value"].to_list()
        assert frame[name].sum() == pytest.approx(whole[0] if whole else 0.0)
    assert frame["difference"].sum() == pytest.approx(frame["second"].sum() - frame["first"].sum())
