"""What a shift was worth: worked out by hand, nought where nothing shifted, and parts that add up."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hnb.counterfactual import Placed, counterfactual, counterfactuals
from hnb.metrics import Selection, Tables
from tests.hnb.pictures import drawn

# Independent: 10 of 100 placement-years, then 20 of 120; today £60,000 a year against £10,000 elsewhere.
SPEND = drawn("spend", """
    financial_year | basis    | part       | setting             | placement_years | amount
    2019-20        | outturn  | placements | special_independent | 10              | 500_000
    2019-20        | outturn  | placements | mainstream          | 90              | 800_000
    2020-21        | outturn  | placements | special_independent | 15              | 800_000
    2020-21        | outturn  | placements | mainstream          | 85              | 800_000
    2021-22        | forecast | placements | special_independent | 20              | 1_200_000
    2021-22        | forecast | placements | mainstream          | 100             | 1_000_000
    2021-22        | forecast | services   | special_independent | 0               | 900_000
""")  # fmt: skip
INDEPENDENT = Selection(settings=("independent",))


def test_by_hand():
    # 10% of 120 is 12: 8 placement-years are moved, from £60,000 to £10,000 each.
    first, second = counterfactuals(Tables({"spend": SPEND}), INDEPENDENT)
    assert (first.base_year, first.financial_year, first.is_forecast) == ("2019-20", "2021-22", True)
    assert (first.share_then, first.share_now) == pytest.approx((0.1, 1 / 6))
    assert first.moved == pytest.approx(8.0)
    assert (first.own_price, first.other_price) == (60_000.0, 10_000.0)
    assert (first.freed, first.placed_elsewhere, first.worth) == (480_000.0, 80_000.0, 400_000.0)
    # 15% of 120 is 18: 2 are moved.
    assert (second.base_year, second.worth) == ("2020-21", 100_000.0)


def test_without_settings_there_is_nowhere_else_to_place():
    assert counterfactuals(Tables({"spend": SPEND}), Selection()) == ()
    assert counterfactuals(Tables({}), INDEPENDENT) == ()
    assert counterfactuals(Tables({"spend": SPEND}), INDEPENDENT.with_(needs=("HI",))) == ()


def test_a_year_with_none_here_is_nought_and_known():
    only_elsewhere = SPEND.filter(
        ~((SPEND["financial_year"] == "2019-20") & (SPEND["setting"] == "special_independent"))
    )
    first, _ = counterfactuals(Tables({"spend": only_elsewhere}), INDEPENDENT)
    assert (first.share_then, first.moved, first.worth) == (0.0, pytest.approx(20.0), 1_000_000.0)


@pytest.mark.parametrize(
    "now",
    [
        Placed("2021-22", 0.0, 0.0, 50.0, 9.0),
        Placed("2021-22", 50.0, 9.0, 50.0, 9.0),
        Placed("2021-22", 0.0, 0.0, 0.0, 0.0),
    ],
    ids=["none here today, so no price", "none elsewhere today", "none at all"],
)
def test_without_both_of_today_s_prices_nothing_is_said(now: Placed):
    assert counterfactual(Placed("2019-20", 10.0, 1.0, 100.0, 2.0), now) is None


amounts = st.floats(1.0, 1e8)
volumes = st.floats(0.5, 5_000.0)


@st.composite
def placed(draw: st.DrawFn, year: str = "2021-22") -> Placed:
    own, other = draw(volumes), draw(volumes)
    own_cost, other_cost = draw(amounts), draw(amounts)
    return Placed(year, own, own_cost, own + other, own_cost + other_cost)


@given(placed(), st.floats(0.1, 10.0))
def test_an_unchanged_share_is_worth_nothing_whatever_the_volume_then(now: Placed, scale: float):
    then = Placed("2019-20", now.own_years * scale, 1.0, now.whole_years * scale, 2.0)
    found = counterfactual(then, now)
    assert found is not None
    assert found.worth == pytest.approx(0.0, abs=1e-6 * now.whole_cost + 0.02)


@given(placed("2019-20"), placed("2020-21"), placed())
def test_two_parts_add_up(first: Placed, middle: Placed, now: Placed):
    """The shift to the year between, and from there on, at the same volume and prices, are the whole shift."""
    whole, later = counterfactual(first, now), counterfactual(middle, now)
    assert whole is not None and later is not None
    assert whole.worth == pytest.approx(whole.freed - whole.placed_elsewhere, abs=0.005)
    earlier = (whole.share_then - later.share_then) * now.whole_years * (whole.own_price - whole.other_price)
    assert whole.worth == pytest.approx(later.worth - earlier, rel=1e-6, abs=1e-6 * now.whole_cost + 0.05)


@given(placed("2019-20"), placed())
def test_it_is_what_the_year_costs_less_what_it_would_have_cost(then: Placed, now: Placed):
    found = counterfactual(then, now)
    assert found is not None and then.share is not None
    kept = then.share * now.whole_years
    would_cost = kept * found.own_price + (now.whole_years - kept) * found.other_price
    assert found.worth == pytest.approx(now.whole_cost - would_cost, rel=1e-6, abs=1e-6 * now.whole_cost + 0.05)  # fmt: skip
