"""What is said of unit costs follows from the numbers."""

from __future__ import annotations

import polars

from hnb.findings import unit_costs as findings


def spread(*rows: tuple[str, int, float, float]) -> polars.DataFrame:
    """Rows of (setting, placements, median, mean)."""
    return polars.DataFrame(rows, schema=["setting", "placements", "median", "mean"], orient="row")


def test_the_dearest_is_named_among_those_with_enough_placements():
    rows = spread(("hospital", 1, 90_000.0, 90_000.0), ("special_independent", 265, 60_831.0, 77_086.0), ("mainstream", 900, 6_500.0, 7_000.0))  # fmt: skip
    assert findings.dearest(rows, ("setting",)) == (
        "Dearest is independent special school: half cost over £60,831 a year, the mean is £77,086, since a few cost far more"
    )
    assert (
        findings.dearest(rows.head(1), ("setting",))
        == "Hospital education: half cost over £90,000 a year, the mean is £90,000"
    )
    assert findings.dearest(rows.clear(), ("setting",)) == ""


def years(*rows: tuple[str, str, float | None]) -> polars.DataFrame:
    return polars.DataFrame(
        rows,
        schema={"financial_year": polars.String, "setting_group": polars.String, "value": polars.Float64},
        orient="row",
    )


def test_the_course_names_the_group_that_moved_most_in_its_prices():
    answer = years(("2019-20", "mainstream", 7_500.0), ("2019-20", "independent", 78_463.0), ("2026-27", "mainstream", 8_087.0), ("2026-27", "independent", 72_223.0))  # fmt: skip
    assert findings.over_years(answer, "2025-26") == (
        "Independent and non-maintained schools: a placement-year costs £6,240 less in 2026-27 than in 2019-20, £72,223 in 2025-26 prices"
    )
    assert findings.over_years(answer.head(2), "cash") == "There is one year of figures in cash, 2019-20"
    apart = years(("2019-20", "mainstream", 1.0), ("2026-27", "independent", 2.0))
    assert (
        findings.over_years(apart, "cash")
        == "No kind of setting has figures in cash in both 2019-20 and 2026-27"
    )
    assert findings.over_years(years(("2019-20", "mainstream", None)), "cash") == ""


def test_who_charges_most_is_named_with_the_next_two():
    rows = polars.DataFrame(
        {
            "provider": ["A School", "B School", None, "C School"],
            "above_median": [812_916.0, 649_211.0, 5_000.0, -3.0],
        }
    )
    assert (
        findings.charging_most(rows)
        == "A School charges most above its setting's median: £813k in the year, then B School (£649k)"
    )
    assert findings.charging_most(rows.tail(1)) == "No provider charges above its setting's median"


def test_what_is_far_off_is_counted_and_summed():
    rows = polars.DataFrame({"above_median": [48_000.0, 19_233.0]})
    assert (
        findings.far_off(rows, 7)
        == "2 of 7 placements cost far more than their setting usually does: £67k above the median in the year"
    )
    assert findings.far_off(rows.head(1), 7).startswith("1 of 7 placements costs far more than its setting")
    assert findings.far_off(rows.clear(), 7) == "No placement costs far more than its setting usually does"


def test_a_headcount_would_have_given_another_figure():
    # Rule 2: £17,000,000 by 250 on one day is £68,000; by 264.8 placement-years £64,199.
    said = findings.by_headcount(17_000_000.0, 64_199.0, 250.0, "on 18 January 2027")
    assert said.startswith(
        "Divided by the 250 placements counted on 18 January 2027 the mean would be £68,000 instead of £64,199"
    )
    assert (
        findings.by_headcount(1.0, None, 250.0, "x") == ""
        and findings.by_headcount(1.0, 2.0, None, "x") == ""
    )
