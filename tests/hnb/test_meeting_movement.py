"""Why published spend moved: worked out by hand, added up for any figures, and not at all where a total is hidden."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hnb.findings import meeting as findings
from hnb.meeting.movement import EFFECTS, between_years, revision
from tests.hnb.board_values import SETTINGS, Placed, publication

# Two kinds of setting and services, before and after:
#
#                    placement-years   £ a placement-year       cost
#   state special        10 → 12        10,000 → 11,000     100,000 → 132,000
#   independent           2 →  3        50,000 → 60,000     100,000 → 180,000
#   all placements       12 → 15
#   services                                                  5,000 →   8,000
BEFORE, AFTER = "2024-25", "2025-26"
CELLS = {
    (BEFORE, "state_special"): Placed(10, 100_000, 100_000, 10),
    (BEFORE, "independent"): Placed(2, 100_000, 100_000, 2),
    (BEFORE, "services"): Placed(0, 5_000, 0, 0),
    (AFTER, "state_special"): Placed(12, 132_000, 132_000, 12),
    (AFTER, "independent"): Placed(3, 180_000, 180_000, 3),
    (AFTER, "services"): Placed(0, 8_000, 0, 0),
}


def test_the_effects_are_those_worked_out_by_hand():
    found = between_years(publication(CELLS), BEFORE, AFTER)
    assert found.change.value == 115_000
    assert (
        found.effects
        == {
            "volume": 50_000,  # 200,000 × (15 ÷ 12 − 1)
            "mix": 20_000,  # state special 100,000 × (12 ÷ 10 − 1.25) = −5,000; independent 100,000 × (1.5 − 1.25) = 25,000
            "price": 42_000,  # 12 × 1,000 + 3 × 10,000
            "other": 3_000,  # services
        }
    )
    assert {one.setting: one.change.value for one in found.settings if one.change.value} == {
        "state_special": 32_000, "independent": 80_000, "services": 3_000,
    }  # fmt: skip


def test_it_is_said_in_a_sentence():
    found = between_years(publication(CELLS), BEFORE, AFTER)
    assert (
        findings.of_movement(found)
        == "Spend rose £115k from 2024-25 to 2025-26, above all the number of placements"
    )
    assert findings.of_effects(found) == (
        "the number of placements +£50k, the mix of settings +£20k, the price of a placement +£42k and what is not "
        "bought by placement +£3k"
    )
    assert (
        findings.of_the_largest_setting(found) == "Independent and non-maintained schools moved most: +£80k"
    )


def test_one_year_of_two_publications_is_a_revision():
    then = publication({(AFTER, "independent"): Placed(3, 180_000, 180_000, 3)})
    now = publication({(AFTER, "independent"): Placed(3, 150_000, 150_000, 3)}, number=2)
    found = revision(then, now, AFTER)
    assert found.is_revision
    assert found.effects == {"volume": 0, "mix": 0, "price": -30_000, "other": 0}
    assert findings.of_movement(found) == (
        "Spend in 2025-26 is £30k lower than at the last publication, most of it the price of a placement"
    )


def test_where_a_total_is_hidden_there_is_no_split_and_nothing_left_over_is_told():
    found = between_years(publication(CELLS, hidden=[(AFTER, "independent")]), BEFORE, AFTER)
    assert found.effects is None and found.hidden == ("independent",)
    assert found.change.value == 115_000, "what the year cost in all is never hidden"
    assert found.effect("price").status == "suppressed"
    assert findings.of_effects(found) == (
        "it is not split into number, mix and price, because the total of independent and non-maintained schools is "
        "hidden or not there"
    )
    assert findings.of_movement(found) == "Spend rose £115k from 2024-25 to 2025-26"


def test_a_kind_of_setting_that_was_made_of_other_codes_is_not_compared():
    import dataclasses

    then = dataclasses.replace(
        publication(CELLS), categories={"setting": {"independent": ("special_independent",)}}
    )
    now = dataclasses.replace(
        publication(CELLS), categories={"setting": {"independent": ("special_independent", "x")}}
    )
    found = revision(then, now, AFTER)
    assert found.hidden == ("independent",) and found.effects is None


_pounds = st.integers(0, 500_000_000).map(lambda pence: pence / 100)
_placed = st.builds(
    lambda number, cost, bulk, years: Placed(number, round(cost + bulk, 2), cost, years),
    st.integers(0, 900), _pounds, _pounds, st.integers(0, 90_000).map(lambda days: days / 100),
)  # fmt: skip
_year = st.fixed_dictionaries(dict.fromkeys(SETTINGS, _placed))


@given(_year, _year)
def test_the_effects_and_the_settings_add_up_to_the_change_to_the_penny(before, after):
    cells = {(BEFORE, code): placed for code, placed in before.items()}
    cells |= {(AFTER, code): placed for code, placed in after.items()}
    found = between_years(publication(cells), BEFORE, AFTER)
    expected = sum(placed.spend for placed in after.values()) - sum(
        placed.spend for placed in before.values()
    )
    assert sum(found.effects[name] for name in EFFECTS) == pytest.approx(expected, abs=0.005)
    assert sum(one.change.value for one in found.settings) == pytest.approx(expected, abs=0.005)
    assert found.change.value == pytest.approx(expected, abs=0.005)
