"""Headlines: the sentence follows from the numbers, whichever way they point."""

from __future__ import annotations

import polars
import pytest

from hnb import findings
from hnb.findings.changed import beside_the_movers, price_against_inflation
from hnb.metrics import MEASURES
from hnb.movers import Half

SPEND, UNIT_COST, PLACEMENTS = (
    MEASURES[name] for name in ("spend", "spend_per_placement_year", "placements")
)


def answer(rows: list[tuple], *by: str) -> polars.DataFrame:
    """Rows of (*by, value) as an answer of compute, all reported."""
    frame = polars.DataFrame(
        rows, schema=[*by, "value"], orient="row", schema_overrides={"value": polars.Float64}
    )
    return frame.with_columns(
        numerator=polars.col("value"),
        denominator=polars.lit(None, dtype=polars.Float64),
        status=polars.lit("reported"),
    )


def costs(*rows: tuple) -> polars.DataFrame:
    """Rows of (year, group, cost, placement-years)."""
    return polars.DataFrame(
        rows, schema=["financial_year", "setting_group", "numerator", "denominator"], orient="row"
    )


def of_groups(**shares: float) -> polars.DataFrame:
    return answer(list(shares.items()), "setting_group")


def test_of_each_pound_the_two_largest_groups_of_settings_are_named():
    shares = of_groups(mainstream=0.21, state_special=0.27, independent=0.23, services=0.29)
    assert findings.of_each_pound(shares) == (
        "Of each £1, 27p goes to state special schools and 23p to independent and non-maintained schools"
    )


def test_of_one_group_there_is_one_name():
    assert (
        findings.of_each_pound(of_groups(independent=1.0))
        == "All of it goes to independent and non-maintained schools"
    )
    assert findings.of_each_pound(of_groups(services=1.0)) == "All of it goes to central and support services"
    assert findings.of_each_pound(of_groups(independent=1.0).clear()) == ""


def test_shares_of_a_selection_are_of_its_own_total():
    parts = answer([("mainstream", 25.0), ("independent", 75.0)], "setting_group")
    assert findings.shares_of(parts, answer([(100.0,)]))["value"].to_list() == [0.25, 0.75]
    assert findings.shares_of(parts, answer([(0.0,)]))["value"].to_list() == [None, None]


@pytest.mark.parametrize(
    ("last", "held", "expected"),
    [
        (14e6, 200.0, "Independent spend has more than doubled since 2019-20, to £14.0m; nearly all of the rise is more placements"),
        (9e6, 100.0, "Independent spend has risen most since 2019-20, by £3.0m to £9.0m; all of the rise is dearer placements"),
        (9e6, 125.0, "Independent spend has risen most since 2019-20, by £3.0m to £9.0m; half of the rise is dearer placements"),
        (19e6, 160.0, "Independent spend has more than tripled since 2019-20, to £19.0m; three quarters of the rise is dearer placements"),
        (5e6, 90.0, "No kind of setting costs more than in 2019-20"),
    ],
)  # fmt: skip
def test_growth_names_the_group_that_rose_most_and_what_the_rise_is_made_of(last, held, expected):
    if held == 200.0:
        last, held = 14e6, 230.0
    spend = answer(
        [("2019-20", "independent", 6e6), ("2019-20", "mainstream", 8e6), ("2026-27", "independent", last), ("2026-27", "mainstream", 8e6)],
        "financial_year", "setting_group",
    )  # fmt: skip
    unit = costs(("2019-20", "independent", 6e6, 100.0), ("2026-27", "independent", last, held))
    assert findings.growth(spend, unit) == expected


def test_growth_says_nothing_of_a_single_year():
    assert (
        findings.growth(answer([("2019-20", "independent", 6e6)], "financial_year", "setting_group"), costs())
        == ""
    )


def test_the_variance_names_the_line_that_makes_it():
    lines = answer([("1.2.3", 1.4e6), ("1.2.2", 0.5e6), ("1.2.5", -0.3e6)], "line")
    assert findings.variance(lines, 1.6e6) == "1.2.3 Independent top-up makes most of the £1.6m overspend"
    assert findings.variance(lines, 0.9e6) == (
        "1.2.3 Independent top-up alone is £1.4m over budget, more than the whole £900k overspend"
    )
    assert findings.variance(
        answer([("1.2.5", -0.3e6), ("1.2.3", -0.4e6), ("1.2.2", -0.2e6)], "line"), -0.9e6
    ) == ("1.2.3 Independent top-up is the largest part of the £900k underspend")
    # £2.04m of £2.0m rounds to "£2.0m, more than the whole £2.0m", which says nothing.
    assert findings.variance(answer([("1.2.3", 2.04e6), ("1.2.5", -0.04e6)], "line"), 2.0e6) == (
        "1.2.3 Independent top-up makes all of the £2.0m overspend"
    )
    assert findings.variance(lines, 0.2) == "The year is forecast to end on its budget"
    assert findings.variance(lines, None) == ""


def test_over_the_years_a_rise_a_fall_a_standstill_and_a_forecast():
    years = answer([("2019-20", 6.0e6), ("2026-27", 15.6e6)], "financial_year")
    assert findings.over_years(years, SPEND) == "Spend has risen by £9.6m since 2019-20, to £15.6m in 2026-27"
    forecast = years.with_columns(polars.lit("estimated").alias("status"))
    assert findings.over_years(forecast, SPEND).endswith("to a forecast £15.6m in 2026-27")
    counts = answer([("2019-20", 20.0), ("2026-27", 12.0)], "financial_year")
    assert (
        findings.over_years(counts, PLACEMENTS)
        == "Placements have fallen by 8 since 2019-20, to 12 in 2026-27"
    )
    still = answer([("2019-20", 12.0), ("2026-27", 12.0)], "financial_year")
    assert (
        findings.over_years(still, PLACEMENTS) == "Placements are where they were in 2019-20: 12 in 2026-27"
    )
    assert findings.over_years(years.head(1), SPEND) == "Spend in 2019-20: £6.0m"


def test_a_position_below_nought_moves_and_does_not_rise():
    position = answer([("2024-25", -9.2e6), ("2026-27", -5.4e6)], "financial_year")
    assert findings.over_years(position, MEASURES["in_year_position"]) == (
        "In-year position has moved by +£3.8m since 2024-25, to −£5.4m in 2026-27"
    )


def test_the_largest_cell_is_said_in_the_measure_own_words():
    cells = answer(
        [("independent", "secondary", 4.2e6), ("mainstream", "primary", 1.0e6)], "setting_group", "phase"
    )
    assert findings.largest_cell(cells, SPEND, "setting_group", "phase", 32e6) == (
        "Most is spent on independent, secondary: £4.2m, 13p of each £1 selected"
    )
    dear = answer([("independent", "secondary", 66_000.0)], "setting_group", "phase")
    assert findings.largest_cell(dear, UNIT_COST, "setting_group", "phase", None) == (
        "A placement-year costs most in independent, secondary: £66,000"
    )
    named = answer([("Oak School", "secondary", 2e6)], "provider", "phase")
    assert findings.largest_cell(named, SPEND, "provider", "phase", 4e6) == (
        "Most is spent on Oak School, secondary: £2.0m, 50p of each £1 selected"
    )
    assert findings.largest_cell(cells.clear(), SPEND, "setting_group", "phase", 0.0) == ""
    inside = answer([(True, "secondary", 2e6), (False, "secondary", 3e6)], "in_borough", "phase")
    assert findings.largest_cell(inside, SPEND, "in_borough", "phase", 6e6) == (
        "Most is spent on out of the borough, secondary: £3.0m, 50p of each £1 selected"
    )


def test_one_cell_that_is_all_is_said_to_be_all():
    cells = answer([("mainstream", "primary", 2.1e6)], "setting_group", "phase")
    assert findings.largest_cell(cells, SPEND, "setting_group", "phase", 2.1e6) == (
        "All is spent on mainstream, primary: £2.1m"
    )


def test_what_has_no_name_is_not_called_the_largest():
    crossed = answer(
        [(None, "not_by_phase", 9e6), (None, "secondary", 4e6), ("Oak School", "secondary", 2e6)],
        "provider",
        "phase",
    )
    assert findings.largest_cell(crossed, SPEND, "provider", "phase", 20e6) == (
        "Of what can be split, most is spent on Oak School, secondary: £2.0m, 10p of each £1 selected"
    )
    # A service has a name, though it has no phase.
    services = answer(
        [("services", "not_by_phase", 9e6), ("independent", "secondary", 4e6)], "setting_group", "phase"
    )
    assert findings.largest_cell(services, SPEND, "setting_group", "phase", 20e6) == (
        "Most is spent on services, not split by phase: £9.0m, 45p of each £1 selected"
    )
    hospital = answer([("not_by_phase", "not_by_need", 338e3)], "phase", "need")
    assert findings.largest_cell(hospital, SPEND, "phase", "need", 338e3) == (
        "Nothing of it is split by phase and primary need"
    )
    rows = answer([(None, 20e6), ("Oak School", 2e6), ("Elm School", 1e6)], "provider")
    assert (
        findings.largest_row(rows, SPEND, "provider")
        == "Of what can be split, Oak School is the largest of 2: £2.0m"
    )
    assert findings.largest_row(rows.tail(2), SPEND, "provider") == "Oak School is the largest of 2: £2.0m"


def test_a_setting_crossed_with_its_own_kind_is_named_once():
    cells = answer([("independent", "special_independent", 4e6)], "setting_group", "setting")
    assert findings.largest_cell(cells, SPEND, "setting_group", "setting", 8e6) == (
        "Most is spent on independent special: £4.0m, 50p of each £1 selected"
    )


def test_a_movement_says_whether_it_is_good():
    assert findings.moved(MEASURES["variance"], 5e6, 4e6, "on 2025-26") == (
        "+£1.0m on 2025-26, adverse",
        "adverse",
    )
    assert findings.moved(MEASURES["allocation"], 5e6, 4e6, "on 2025-26") == (
        "+£1.0m on 2025-26, favourable",
        "favourable",
    )
    assert findings.moved(PLACEMENTS, 12, 10, "on 2025-26") == ("+2 on 2025-26", "")
    assert findings.moved(SPEND, 5e6, 5e6, "on 2025-26") == ("no change on 2025-26", "")
    assert findings.moved(SPEND, None, 5e6, "on 2025-26") == ("", "")


def test_the_last_two_reports_are_by_date():
    reports = answer([("2026-10-31", 3.0), ("2026-08-31", 1.0), ("2026-09-30", 2.0)], "as_at")
    assert findings.last_two_reports(reports) == ("2026-09-30", 2.0, 3.0)
    assert findings.last_two_reports(reports.head(1)) is None


def test_pence_of_little_and_of_a_refund():
    assert [findings.pence(share) for share in (0.004, 0.0, -0.02, 0.996, None)] == [
        "under 1p",
        "0p",
        "−2p",
        "100p",
        "x",
    ]


def test_recommendations_are_counted_in_the_order_of_their_codes():
    assert (
        findings.of_recommendations(["behind", "no_target", "on_course", "on_course"])
        == "2 on course, 1 behind, 1 no target published"
    )


def test_a_variance_is_said_by_its_side_and_never_as_a_part_of_each_pound():
    variance = MEASURES["variance"]
    cells = polars.DataFrame(
        {
            "line": ["1.2.3", "1.2.5", "1.2.1"],
            "setting_group": ["independent", "services", "mainstream"],
            "value": [1_775_568.0, -2_400_000.0, 0.0],
            "status": ["estimated"] * 3,
        }
    )
    assert findings.largest_cell(cells[[0, 2]], variance, "line", "setting_group", 2e6) == (
        "1.2.3 Independent top-up, independent is furthest from budget: £1.8m over budget"
    )
    assert findings.largest_row(cells, variance, "line") == (
        "1.2.5 SEN support is furthest from budget of 3: £2.4m under budget"
    )
    years = polars.DataFrame(
        {
            "financial_year": ["2019-20", "2026-27"],
            "value": [-926_000.0, 2_246_700.0],
            "status": ["reported", "estimated"],
        }
    )
    assert findings.over_years(years, variance) == (
        "A forecast £2.2m over budget in 2026-27; it was £926k under budget in 2019-20"
    )
    assert findings.largest_cell(cells[:1], MEASURES["forecast"], "line", "setting_group", 17_755_680.0) == (
        "The largest forecast is for 1.2.3 Independent top-up, independent: £1.8m, 10p of each £1 selected"
    )


def growth_row(**effects: float) -> dict[str, float]:
    amounts = {"volume": 0.0, "mix_between": 0.0, "mix_within": 0.0, "price": 0.0, "other": 0.0, **effects}
    return {**amounts, "change": sum(amounts.values())}


def test_why_spend_moved_names_the_two_largest_effects():
    said = findings.why_moved(
        growth_row(volume=3_051_455.0, other=744_728.0, mix_between=458_420.0), "2025-26", "2026-27"
    )
    assert (
        said
        == "Spend rises £4.3m from 2025-26 to 2026-27, most of it volume (+£3.1m), then what is not bought by placement (+£745k)"
    )


def test_an_effect_against_the_change_is_not_most_of_it():
    said = findings.why_moved(growth_row(volume=-900_000.0, price=1_000_000.0), "2024-25", "2025-26")
    assert (
        said == "Spend rises £100k from 2024-25 to 2025-26, most of it price (+£1.0m), then volume (−£900k)"
    )
    said = findings.why_moved(
        growth_row(volume=-900_000.0, price=400_000.0, other=600_000.0), "2024-25", "2025-26"
    )
    assert (
        said
        == "Spend rises £100k from 2024-25 to 2025-26, first of all volume (−£900k), then what is not bought by placement (+£600k)"
    )


def test_what_of_the_price_goes_beyond_inflation_is_said():
    dearer = {**growth_row(price=1_200_000.0), "general_inflation": 900_000.0, "above_inflation": 300_000.0}
    assert "most of it price (+£1.2m, £300k of it above inflation)" in findings.why_moved(
        dearer, "2024-25", "2025-26"
    )
    assert price_against_inflation(dearer) == (
        "General inflation alone would have added £900k; £300k more is beyond it: "
        "the same placements became dearer in real terms"
    )
    cheaper = {**growth_row(price=321_337.0), "general_inflation": 384_767.0, "above_inflation": -63_430.0}
    assert (
        "prices moved £63k less: the same placements became cheaper in real terms"
        in price_against_inflation(cheaper)
    )
    assert (
        price_against_inflation({**growth_row(price=5.0), "general_inflation": None, "above_inflation": None})
        == ""
    )


def test_the_forecast_s_movement_names_its_line():
    rows = polars.DataFrame({"line": ["1.2.1", "1.2.3"], "movement": [7_556.0, 139_998.0]})
    said = findings.report_moved(rows, 147_554.0, "line", "31 October 2026")
    assert said == "The forecast rose £148k to 31 October 2026; 1.2.3 Independent top-up rose most, by £140k"
    still = findings.report_moved(rows.with_columns(movement=polars.lit(0.0)), 0.0, "line", "31 October 2026")
    assert still == "The forecast as at 31 October 2026 is that of the report before"


def test_no_change_is_said_so():
    assert (
        findings.why_moved(growth_row(), "2024-25", "2025-26") == "Spend is the same in 2024-25 and 2025-26"
    )


def test_the_fewest_placements_that_make_half_are_said_with_what_ten_make():
    assert (
        findings.half_is_made_by(Half(6, 1_104_242.68, 2_091_357.79, 0.7136))
        == "The 6 largest rises make half of the £2.1m more, and the ten largest 71% of it"
    )
    assert findings.half_is_made_by(Half(1, 41.0, 80.0, 1.2)) == "The largest rise makes half of the £80 more"
    assert (
        findings.half_is_made_by(Half(2, -60.0, -80.0, 1.0))
        == "The 2 largest falls make more than half of the £80 less"
    )
    assert (
        findings.half_is_made_by(Half(1, 90.0, 80.0, 1.2))
        == "The largest rise makes more than the whole of the £80 more"
    )
    assert "come to nothing" in findings.half_is_made_by(Half(0, 0.0, 0.0, None))


def test_the_placements_that_moved_it_are_told_from_what_is_bought_without_them():
    # 4,511,000 − 3,810,710 = 700,290.
    assert beside_the_movers({"change": 4_511_000.0}, 3_810_710.0) == (
        "Of the +£4.5m that spend moved, these placements are +£3.8m; +£700k is not bought by placement"
    )
    # −200,000 − 100,000 = −300,000: the placements rose while spend fell.
    assert beside_the_movers({"change": -200_000.0}, 100_000.0) == (
        "Of the −£200k that spend moved, these placements are +£100k; −£300k is not bought by placement"
    )
    assert beside_the_movers({"change": 500.2}, 500.0) == ""


def test_the_dearest_row_is_the_one_whose_unit_cost_moved_most():
    rows = polars.DataFrame(
        {
            "setting": ["mainstream", "hospital", "central"],
            "unit_before": [9_000.0, 20_000.0, None],
            "unit_after": [9_100.0, 18_000.0, 5.0],
        }
    )
    assert (
        findings.dearest(rows, "setting")
        == "The cost of a placement-year fell most in hospital education, by £2,000"
    )
    assert findings.dearest(rows.tail(1), "setting") == "No row has placements on both sides"
