"""Unit costs: weighted medians, outliers and pounds above the median by hand, and what must always hold."""

from __future__ import annotations

import datetime
import statistics

import pandas
import polars
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hnb.errors import HnbError
from hnb.metrics import Selection, Tables, compute
from hnb.placement_months import placement_months
from hnb.store import Snapshot
from hnb.tables import TABLES
from hnb.unit_costs import (
    COST_COLUMNS,
    OUTLIER_COLUMNS,
    distribution,
    on_the_year_before,
    outliers,
    placement_costs,
    providers,
)

YEAR = "2025-26"


def costs(
    *rows: tuple[float, float], setting: str = "special_independent", provider: str = "One"
) -> polars.DataFrame:
    """Rows of (annual cost, placement-years) as placements of one setting at one provider."""
    return polars.DataFrame(
        [
            {
                "placement_id": f"P-{number}", "provider": provider, "setting_group": "independent", "setting": setting, "phase": "secondary",
                "need": "ASD", "in_borough": False, "placement_years": float(years), "cost": round(float(annual) * years, 2),
                "annual_cost": float(annual), "source": f"register.xlsx!Register!{number}",
            }
            for number, (annual, years) in enumerate(rows, 1)
        ]
    ).select(COST_COLUMNS)  # fmt: skip


def median(*rows: tuple[float, float]) -> float:
    return float(distribution(costs(*rows))["median"][0])


def test_the_median_of_equals_is_the_ordinary_one():
    assert median((10, 1), (20, 1), (70, 1)) == 20
    assert median((10, 1), (20, 1), (30, 1), (70, 1)) == 25


def test_a_placement_of_a_quarter_weighs_a_quarter():
    # Placement-years 1 + 1 + 0.25 + 0.25 = 2.5; half is 1.25, which the second placement reaches.
    assert median((10_000, 1), (50_000, 1), (90_000, 0.25), (95_000, 0.25)) == 50_000
    # Unweighted the middle would be 70,000, between the second and the third.


def test_where_half_is_reached_exactly_it_is_the_middle_to_the_next():
    assert median((10_000, 0.5), (20_000, 0.5), (60_000, 1)) == 40_000


def test_mean_quartiles_and_deciles_by_hand():
    # Ten placement-years at 1,000 … 10,000: quartiles are the 3rd and the 8th, deciles lie between 1st and 2nd, 9th and 10th.
    found = distribution(costs(*((1_000 * place, 1) for place in range(1, 11)))).row(0, named=True)
    assert found["placements"] == 10 and found["placement_years"] == 10.0 and found["cost"] == 55_000.0
    assert found["mean"] == 5_500.0 and found["median"] == 5_500.0
    assert (found["lower_quartile"], found["upper_quartile"]) == (3_000.0, 8_000.0)
    assert (found["lower_decile"], found["upper_decile"]) == (1_500.0, 9_500.0)
    assert (found["lowest"], found["highest"]) == (1_000.0, 10_000.0)


def test_the_mean_is_cost_by_placement_years_and_not_of_the_placements_costs():
    # £40,000 for a year and £100,000 for a tenth of one: £50,000 ÷ 1.1 = £45,454.55, not £70,000.
    assert distribution(costs((40_000, 1), (100_000, 0.1)))["mean"][0] == 45_454.55


def test_a_provider_is_held_against_its_setting_and_its_pounds_above_the_median_add_up():
    dear = costs((80_000, 1), (60_000, 0.5), provider="Dear")
    plain = costs((40_000, 1), (40_000, 1), (40_000, 1), provider="Plain")
    everything = polars.concat([dear, plain])
    found = providers(everything, everything)
    # Median £40,000. Dear: 80,000 + 30,000 − 1.5 × 40,000 = £50,000 above, £73,333.33 a placement-year.
    assert found.select("provider", "unit_cost", "median", "gap", "above_median").rows() == [
        ("Dear", 73_333.33, 40_000.0, 33_333.33, 50_000.0),
        ("Plain", 40_000.0, 40_000.0, 0.0, 0.0),
    ]
    # Narrowed to one provider the yardstick is still the setting's.
    assert providers(dear, everything)["above_median"].to_list() == [50_000.0]


def test_an_outlier_says_by_which_rule_and_where_its_row_is():
    # Median 40; quartiles 38 and 42, so the fence stands at 42 + 1.5 × 4 = 48; twice the median is 80.
    usual = [(36, 1), (38, 1), (38, 1), (40, 1), (40, 1), (40, 1), (42, 1), (42, 1)]
    held = costs(*usual, (60, 1), (90, 0.5))
    spread = distribution(held).row(0, named=True)
    assert (spread["median"], spread["lower_quartile"], spread["upper_quartile"]) == (40.0, 38.0, 42.0)
    found = outliers(held, held)
    assert found.select("annual_cost", "rule", "above_median", "times_median", "source").rows() == [
        (90.0, "both", 25.0, 2.25, "register.xlsx!Register!10"),
        (60.0, "above_fence", 20.0, 1.5, "register.xlsx!Register!9"),
    ]


def test_twice_the_median_alone_is_a_rule_too_and_few_placements_have_no_outliers():
    wide = costs((10, 1), (20, 1), (40, 1), (80, 1), (90, 1), (95, 1))
    assert outliers(wide, wide).height == 0  # median 60, upper quartile 90: none beyond
    skewed = costs((10, 1), (10, 1), (20, 1), (20, 1), (60, 1), (70, 1))
    assert outliers(skewed, skewed)["rule"].to_list() == ["twice_the_median"] * 2
    assert outliers(skewed.head(4), skewed.head(4)).height == 0


def test_change_on_the_year_before_is_missing_where_there_was_none():
    now = distribution(polars.concat([costs((50, 1)), costs((9, 1), setting="hospital")]), ("setting",))
    before = distribution(costs((40, 1)), ("setting",))
    found = (
        on_the_year_before(now, before, ("setting",)).select("setting", "median_change", "mean_change").rows()
    )
    assert found == [("special_independent", 10.0, 10.0), ("hospital", None, None)]
    undivided = on_the_year_before(distribution(costs((50, 1))), distribution(costs((50, 1)).clear()), ())
    assert undivided.select("median", "median_change").rows() == [(50.0, None)]


def test_what_cannot_be_asked_is_said():
    with pytest.raises(HnbError, match="cannot be cut by provider"):
        distribution(costs((1, 1)), ("provider",))
    with pytest.raises(HnbError, match="no deflator"):
        placement_costs(Tables({}), Selection(), "1999-00", "2025-26")
    nothing = placement_costs(Tables({}), Selection(), YEAR)
    assert tuple(nothing.columns) == COST_COLUMNS and nothing.height == 0
    assert distribution(nothing, ("setting",)).height == 0 and distribution(nothing).height == 0
    assert tuple(outliers(nothing, nothing).columns) == OUTLIER_COLUMNS


ROWS = st.lists(
    st.tuples(st.integers(-2_000, 200_000), st.integers(1, 365).map(lambda days: days / 365)),
    min_size=1,
    max_size=25,
)


@settings(max_examples=60, deadline=None)
@given(ROWS)
def test_the_statistics_stand_in_order_and_the_mean_times_the_years_is_the_cost(rows):
    found = distribution(costs(*rows)).row(0, named=True)
    names = (
        "lowest",
        "lower_decile",
        "lower_quartile",
        "median",
        "upper_quartile",
        "upper_decile",
        "highest",
    )
    values = [found[name] for name in names]
    assert values == sorted(values)
    assert found["mean"] * found["placement_years"] == pytest.approx(
        found["cost"], abs=0.005 * len(rows) + 0.01
    )


@settings(max_examples=60, deadline=None)
@given(ROWS)
def test_a_placement_written_in_two_rows_weighs_what_it_does_in_one(rows):
    (annual, years), *rest = rows
    whole, split = costs(*rows), costs((annual, years / 2), (annual, years / 2), *rest)
    quantiles = ("median", "lower_quartile", "upper_quartile", "lower_decile", "upper_decile")
    assert distribution(whole).select(quantiles).row(0) == distribution(split).select(quantiles).row(0)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 90_000), min_size=1, max_size=25))
def test_of_equal_weights_it_is_the_ordinary_median(annual):
    assert median(*((cost, 1) for cost in annual)) == statistics.median(annual)


@settings(max_examples=40, deadline=None)
@given(st.lists(ROWS, min_size=1, max_size=3))
def test_providers_together_are_the_setting_less_its_median(by_provider):
    held = polars.concat(
        [costs(*rows, provider=f"Provider {number}") for number, rows in enumerate(by_provider)]
    )
    whole = distribution(held).row(0, named=True)
    above = providers(held, held)["above_median"].sum()
    assert above == pytest.approx(whole["cost"] - whole["median"] * whole["placement_years"], abs=0.02)


def test_the_register_in_force_is_spread_over_the_days_of_the_year(sample_build):
    snapshot = Snapshot.open(sample_build.processed)
    for year in ("2024-25", "2026-27"):
        found = distribution(placement_costs(snapshot, Selection(), year), ("setting",))
        # The mean is the very figure that every other page shows as the cost of a placement-year.
        known = compute("spend_per_placement_year", snapshot, Selection(years=(year,)), ("setting",))
        assert found["setting"].to_list() == known["setting"].to_list()
        assert found["mean"].to_list() == pytest.approx(known["value"].to_list(), abs=0.011)
        assert found["placement_years"].sum() == pytest.approx(known["denominator"].sum())


def test_the_sample_is_spread_as_the_published_figures_are(sample_build):
    # Lincolnshire 2022/23, published: independent and non-maintained mean £70,353, median £50,000; state special £17,313.
    found = distribution(
        placement_costs(Snapshot.open(sample_build.processed), Selection(), "2022-23"), ("setting_group",)
    )
    by_group = {row["setting_group"]: row for row in found.iter_rows(named=True)}
    independent, special = by_group["independent"], by_group["state_special"]
    assert independent["mean"] > independent["median"] > 2 * special["mean"]


def test_a_re_issued_register_replaces_the_earlier_one():
    def row(as_at: datetime.date, placement: str, annual: float) -> dict:
        return {
            "authority": "E09000029", "financial_year": YEAR, "register_as_at": as_at, "placement_id": placement, "pupil_id": placement,
            "need": "ASD", "setting": "special_independent", "phase": "secondary", "provider": "One", "in_borough": True, "line": "1.2.3",
            "start_on": datetime.date(2025, 4, 1), "end_on": None, "status": "open", "annual_cost": annual, "source": f"{as_at}!Register!{placement}",
        }  # fmt: skip

    earlier, later = datetime.date(2025, 6, 30), datetime.date(2025, 12, 31)
    register = TABLES["placements"].conform(
        pandas.DataFrame(
            [row(earlier, "A1", 50_000.0), row(later, "A1", 60_000.0), row(later, "B1", 30_000.0)]
        )
    )
    tables = Tables({"placements": register, "placement_months": placement_months(register)})
    found = placement_costs(tables, Selection(), YEAR)
    assert found.select("placement_id", "annual_cost", "cost", "placement_years").rows() == [
        ("A1", 60_000.0, 60_000.0, pytest.approx(1.0)),
        ("B1", 30_000.0, 30_000.0, pytest.approx(1.0)),
    ]
    # 2025-26 prices are 100 ÷ 96.6694 of 2024-25's; of the year itself they are the same.
    assert placement_costs(tables, Selection(), YEAR, "2025-26").equals(found)
    assert placement_costs(tables, Selection(), YEAR, "2024-25")["annual_cost"].to_list() == [
        58_001.64,
        29_000.82,
    ]
