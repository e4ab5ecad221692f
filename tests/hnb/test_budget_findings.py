"""The budget page's sentences say what the numbers show, and never more."""

from __future__ import annotations

import polars
import pytest

from hnb.findings import budget as findings
from hnb.forecast import METHODS, side_by_side, with_errors


def tree(whole: float | None, *lines: tuple[str, float], amount: str = "variance") -> polars.DataFrame:
    """A tree of lines with one amount, and its whole."""
    rows = [{"level": "line", "group": "top_up_state", "line": line, amount: value} for line, value in lines]
    rows.append({"level": "whole", "group": None, "line": None, amount: whole})
    return polars.DataFrame(
        rows,
        schema={
            "level": polars.String,
            "group": polars.String,
            "line": polars.String,
            amount: polars.Float64,
        },
    )


def row(**known) -> dict:
    return {"years": 3, "size_share": 0.035, "lean_share": -0.035, "corrected": None, **known}


@pytest.mark.parametrize(
    ("expected", "variance", "is_closed", "said"),
    [
        (73_154_000.0, 2_246_700.0, False, "2026-27 is forecast to end at £73.2m, £2.2m over its revised budget"),
        (63_269_838.0, -40_000.0, True, "2026-27 ended at £63.3m, £40k under its revised budget"),
        (10_000_000.0, 0.2, False, "2026-27 is forecast to end at £10.0m, on its revised budget"),
        (10_000_000.0, None, False, "2026-27 is forecast to end at £10.0m"),
        (None, None, False, "No forecast of 2026-27 is in this report"),
    ],
)  # fmt: skip
def test_where_the_year_ends(expected, variance, is_closed, said):
    assert (
        findings.year_end({"expected": expected, "variance": variance}, "2026-27", is_closed=is_closed)
        == said
    )


def test_which_lines_make_the_variance():
    def said(*given) -> str:
        return findings.which_rows(tree(*given), "line", "variance", "over budget")

    assert (
        said(2_000_000.0, ("1.2.3", 1_500_000.0), ("1.2.2", 500_000.0))
        == "1.2.3 Independent top-up makes 75% of the £2.0m over budget"
    )
    # Two of four make more than half together; what goes the other way is not among them.
    four = said(
        1_000_000.0, ("1.2.3", 400_000.0), ("1.2.2", 350_000.0), ("1.2.1", 300_000.0), ("1.2.5", -50_000.0)
    )
    assert (
        four
        == "1.2.3 Independent top-up and 1.2.2 Academy and college top-up make 75% of the £1.0m over budget"
    )
    # Never "make 120%": one line can be more than the whole.
    more = said(1_000_000.0, ("1.2.3", 1_200_000.0), ("1.2.5", -200_000.0))
    assert more == "1.2.3 Independent top-up alone is +£1.2m, more than the whole £1.0m over budget"
    assert (
        said(1_000_000.0, ("1.2.3", 1_000_000.0))
        == "1.2.3 Independent top-up is all of the £1.0m over budget"
    )
    part = said(2_246_700.0, ("1.2.3", 2_179_800.0), ("1.2.2", 66_900.0))
    assert part == "1.2.3 Independent top-up makes 97% of the £2.2m over budget"
    # What rounds to the whole is not "more than the whole £2.0m".
    same = said(2_000_000.0, ("1.2.3", 2_040_000.0), ("1.2.5", -40_000.0))
    assert same == "1.2.3 Independent top-up makes all of the £2.0m over budget"
    assert said(None) == said(0.0, ("1.2.3", 5.0), ("1.2.1", -5.0)) == ""


def test_what_moved_since_the_report_before():
    moved = tree(-300_000.0, ("1.2.3", -300_000.0), ("1.2.2", 0.0), amount="movement")
    assert findings.movement(moved, "line", "2026-09-30") == (
        "The forecast fell by £300k since 30 September 2026; 1.2.3 Independent top-up makes all of it"
    )
    assert findings.movement(moved, "line", "2026-09-30", is_closed=True).startswith(
        "The outturn is £300k below the forecast of"
    )
    assert (
        findings.movement(tree(0.0, amount="movement"), "line", "2026-09-30")
        == "The forecast is where it was on 30 September 2026"
    )
    assert "no earlier report" in findings.movement(tree(None, amount="movement"), "line", "")


@pytest.mark.parametrize(
    ("known", "said"),
    [
        ({}, "3.5% too low on average of 3 years"),
        ({"years": 1, "lean_share": 0.035}, "3.5% too high in 1 year"),
        ({"lean_share": 0.01}, "3.5% off on average of 3 years, in some too high and in some too low"),
        ({"size_share": 0.0, "lean_share": 0.0}, "right to 0.1% on average of 3 years"),
        ({"years": 0, "size_share": None, "lean_share": None}, "no past year to test it on"),
    ],
)
def test_how_far_a_way_to_forecast_was_off(known, said):
    assert findings.error(row(**known)) == said


def test_a_forecast_corrected_by_its_past_error_by_hand():
    lines = polars.DataFrame(
        {
            "line": ["1.2.3"],
            "actual": [50.0],
            "revised_budget": [100.0],
            **{method: [90.0] for method in METHODS},
        }
    )
    past = polars.DataFrame(
        {"financial_year": ["2024-25", "2025-26"], "line": ["1.2.3"] * 2, "outturn": [100.0, 200.0],
         "reported": [80.0, 160.0], "commitment": [None, 220.0], "profile": [None, None], "run_rate": [0.0, 0.0]},
        schema_overrides={"profile": polars.Float64},
    )  # fmt: skip
    found = {one["method"]: one for one in side_by_side(lines, past).iter_rows(named=True)}
    # 20% too low twice: 90 ÷ 0.8. 10% too high once: 90 ÷ 1.1.
    assert (found["reported"]["corrected"], found["commitment"]["corrected"]) == (112.5, 81.82)
    assert (found["profile"]["corrected"], found["profile"]["years"]) == (None, 0)
    # Nothing was ever forecast: there is nothing to correct by.
    assert found["run_rate"]["corrected"] is None
    assert found["reported"]["over_budget"] == -10.0
    assert findings.worth(found["reported"]) == "20.0% too low on average of 2 years; as far off again: £113"
    assert findings.worth(found["profile"]) == findings.UNTESTED
    assert (
        findings.furthest(with_errors(past), METHODS)
        == "In 2 past years the run-rate was furthest off every time"
    )


def test_what_is_spent_so_far_and_in_the_last_month():
    months = polars.DataFrame(
        {
            "month": ["2026-04-01", "2026-05-01", "2026-06-01"], "actual": [1_000_000.0, 2_000_000.0, None], "expected_to_date": [1_000_000.0, 3_000_000.0, 4_500_000.0],
            "difference": [0.0, 250_000.0, 0.0], "difference_to_date": [0.0, 250_000.0, -100_000.0],
        }
    )  # fmt: skip
    assert findings.by_month(months) == "May 2026 cost £2.0m, £250k over its profile"
    assert findings.so_far(months) == (
        "£3.0m is spent by the end of May 2026, £250k over the profile; the year is forecast to end £100k under it"
    )
    nothing = months.with_columns(polars.lit(None, dtype=polars.Float64).alias("actual"))
    assert (findings.by_month(nothing), findings.so_far(nothing)) == (
        "No month has been paid yet",
        "Nothing is spent yet",
    )


def test_the_spread_of_the_forecasts_and_the_line_that_they_differ_on():
    assert findings.spread(
        {"reported": 2.0e6, "profile": 3.0e6, "run_rate": None}, ("reported", "profile", "run_rate")
    ) == ("Two forecasts lie between £2.0m and £3.0m")
    assert findings.spread({"reported": None}, ("reported",)) == "There is nothing to forecast from"
    lines = polars.DataFrame(
        {"line": ["1.2.1", "1.2.3"], "reported": [5.0e6, 9.0e6], "run_rate": [5.1e6, 6.0e6]}
    )
    assert findings.widest_line(lines, ("reported", "run_rate")) == (
        "The ways to forecast differ most on 1.2.3 Independent top-up: £6.0m to £9.0m"
    )
