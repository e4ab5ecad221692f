"""Charts carry compute's numbers, show what is a forecast, and can be read in light and in dark."""

from __future__ import annotations

import datetime
import itertools

import polars
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.figures import palette, sparkline
from dashboard.figures.balance_bars import Balance, balance_bars
from dashboard.figures.bars import bars, variances
from dashboard.figures.drawing import apart, round_ticks
from dashboard.figures.months_of_budget import months_so_far
from dashboard.figures.trend import Series, breaks_of, trend
from dashboard.figures.years_of_bars import years_of_bars
from hnb.codelists import CODELISTS
from hnb.metrics import MEASURES, Selection, compute
from hnb.recommendations import assessments
from tests.dashboard import snapshots

GROUPS = CODELISTS["setting_groups"].codes
LAST = Selection(years=(snapshots.YEARS[-1],))


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory):
    return snapshots.full(tmp_path_factory.mktemp("full"))


def lines(figure):
    """What is drawn: {name: {place: value}}, the solid and the dashed trace of a series put together."""
    drawn = {}
    for trace in figure.data:
        points = drawn.setdefault(trace.name, {})
        points |= {place: value for place, value in zip(trace.x, trace.y, strict=True) if value is not None}
    return drawn


def test_a_trend_draws_the_numbers_of_compute(snapshot):
    measure = MEASURES["spend"]
    result = compute(measure, snapshot, by=("financial_year", "setting_group"))
    figure = trend(result, measure, by="setting_group", series=[Series(code, code, code) for code in GROUPS])
    for name, points in lines(figure).items():
        expected = (
            result.filter(polars.col("setting_group") == name).sort("financial_year")["value"].to_list()
        )
        assert [points[place] for place in sorted(points)] == expected


def test_the_forecast_is_dashed_and_joined_to_the_last_year_that_happened(snapshot):
    measure = MEASURES["spend"]
    result = compute(
        measure, snapshot, Selection(settings=("independent",)), by=("financial_year", "setting_group")
    )
    solid, dashed = trend(
        result, measure, by="setting_group", series=[Series("independent", "Independent", "independent")]
    ).data
    assert solid.line.dash is None and dashed.line.dash
    assert list(dashed.x) == [3, 4] and dashed.y[0] == solid.y[3]
    assert dashed.marker.color == palette.colour("card")  # an open mark


def test_labels_at_line_ends_do_not_overlap(snapshot):
    measure = MEASURES["spend"]
    result = compute(measure, snapshot, by=("financial_year", "setting_group"))
    figure = trend(
        result, measure, by="setting_group", series=[Series(code, code, code) for code in GROUPS], height=420
    )
    low, high = figure.layout.yaxis.range
    pixels = 420 - figure.layout.margin.t - figure.layout.margin.b
    heights = sorted((note.y - low) / (high - low) * pixels - note.ay for note in figure.layout.annotations)
    assert all(after - before >= 18.9 for before, after in itertools.pairwise(heights))


def test_a_break_is_drawn_only_where_the_measure_has_it():
    years = ["2021-22", "2022-23", "2023-24"]
    assert breaks_of(MEASURES["plans"], years) == [("2022-23", "return changed, January 2023")]
    assert breaks_of(MEASURES["placements"], years)
    assert breaks_of(MEASURES["spend"], years) == []
    assert breaks_of(MEASURES["plans"], years[1:]) == []  # nothing stands before it


def test_bars_and_variances_draw_the_numbers_of_compute(snapshot):
    spend = compute("spend", snapshot, LAST, by=("setting_group",))
    (drawn,) = bars(spend, MEASURES["spend"], by="setting_group").data
    assert list(drawn.x) == spend["value"].to_list()
    assert set(drawn.marker.pattern.shape) == {"/"}  # the year is a forecast
    over = compute("variance", snapshot, LAST, by=("line",))
    figure = variances(over, MEASURES["variance"], by="line")
    assert list(figure.data[0].x) == over["value"].to_list()
    words = [note.text for note in figure.layout.annotations if "over" in note.text or "under" in note.text]
    assert len(words) == over.height


def test_years_of_bars_are_solid_then_hatched_with_the_budget_as_an_outline(snapshot):
    spend, budget = (
        compute("spend", snapshot, by=("financial_year",)),
        compute("revised_budget", snapshot, by=("financial_year",)),
    )
    actual, outline = years_of_bars(spend, MEASURES["spend"], budget=budget).data
    assert list(actual.y) == spend["value"].to_list()
    assert list(actual.marker.pattern.shape) == ["", "", "", "", "/"]
    assert outline.marker.color == "rgba(0,0,0,0)" and outline.y[-1] == budget["value"][0]
    assert outline.y[0] is None  # no monitor that year: no outline, and not nought


def test_the_second_of_two_balances_has_its_pounds_clear_of_the_first_s_bar():
    years = [Balance(f"20{year}-{year + 1}", -1e6) for year in range(20, 26)]
    drawn = balance_bars(
        [*years, Balance("2026-27", -21.9e6, -7.2e6, is_forecast=True, is_after_forecast=True)],
        MEASURES["cumulative_balance"], words_before="before", words_after="after grant",
    )  # fmt: skip
    said = {note["text"]: note for note in drawn.layout["annotations"]}
    second = said["<b>−£7.2m</b>"]
    first_bar_ends = max(
        x + width / 2 for x, width in zip(drawn.data[0]["x"], drawn.data[0]["width"], strict=True) if x < 6
    )
    assert second["xanchor"] == "left" and second["x"] >= first_bar_ends
    assert drawn.layout["xaxis"]["range"][1] > 6.9  # room for "after grant" beside the last year


def test_months_are_named_by_every_third_on_a_phone():
    months = polars.DataFrame({"month": [datetime.date(2026, 4 + at, 1) for at in range(9)]}).with_columns(
        expected_to_date=polars.lit(1e6), profile_to_date=polars.lit(1e6), is_forecast=polars.lit(False)
    )
    narrow = months_so_far(months).layout["meta"]["narrow"]
    assert (narrow["xaxis.tickvals"], narrow["xaxis.ticktext"]) == ([0, 3, 6], ["Apr", "Jul", "Oct"])


def test_axes_of_bars_begin_at_nought(snapshot):
    spend = compute("spend", snapshot, by=("financial_year",))
    assert years_of_bars(spend, MEASURES["spend"]).layout.yaxis.range[0] == 0
    assert (
        bars(spend.rename({"financial_year": "line"}), MEASURES["spend"], by="line").layout.xaxis.range[0]
        <= 0
    )


def test_a_missing_value_has_a_sign_and_no_bar():
    result = polars.DataFrame(
        {"need": ["ASD", "MSI"], "value": [1.0, None], "status": ["reported", "suppressed"]}
    )
    figure = bars(result, MEASURES["placements"], by="need")
    assert figure.data[0].x[1] is None
    assert "<b>c</b>" in [note.text for note in figure.layout.annotations]


def test_one_year_and_no_value_can_be_drawn():
    empty = polars.DataFrame({"financial_year": ["2022-23"], "setting_group": ["independent"], "value": [None], "status": ["not_available"]},
                             schema_overrides={"value": polars.Float64})  # fmt: skip
    assert (
        len(
            trend(
                empty,
                MEASURES["spend"],
                by="setting_group",
                series=[Series("independent", "I", "independent")],
            ).data
        )
        == 0
    )
    assert years_of_bars(empty, MEASURES["spend"]).data[0].y == (None,)


def test_figures_are_small_and_name_no_template(snapshot):
    figure = bars(
        compute("spend", snapshot, LAST, by=("setting_group",)), MEASURES["spend"], by="setting_group"
    )
    assert len(figure.to_json()) < 8_000
    assert figure.layout.paper_bgcolor == "rgba(0,0,0,0)"


@given(st.lists(st.floats(0, 100), min_size=1, max_size=9))
def test_labels_kept_apart_stay_in_order_and_within_bounds(positions):
    moved = apart(positions, 5.0, 0.0, 100.0)
    order = sorted(range(len(positions)), key=lambda index: positions[index])
    heights = [moved[index] for index in order]
    assert all(after - before >= 5.0 - 1e-6 for before, after in itertools.pairwise(heights))
    assert min(moved) >= -1e-6 and max(moved) <= 100.0 + 1e-6


@given(st.floats(0, 1e9), st.floats(-1e9, 0))
def test_ticks_hold_all_values_and_nought(high, low):
    ticks = round_ticks(high, low)
    dust = (high - low) * 1e-6 + 1e-8
    assert ticks[0] <= low + dust and ticks[-1] >= high - dust and ticks[0] <= 0 <= ticks[-1]
    assert len(ticks) <= 12


# ------------------------------------------------------------------------------------------- palette

SCHEMES = ("light", "dark")


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("group", GROUPS)
def test_every_group_stands_out_from_the_card_and_the_gap_beside_it(group, scheme):
    # Neighbours in a stack are parted by a gap in the card's colour, so each need only stand out from that.
    shade, card = getattr(palette.group_shade(group), scheme), getattr(palette.TOKENS["card"], scheme)
    assert palette.contrast(shade, card) >= 3
    assert (
        palette.contrast(shade, getattr(palette.TOKENS["on_fill"], scheme)) >= 4.5
    )  # the words in its segment
    if scheme == "light" or group not in ("independent", "post_16"):
        assert palette.contrast(shade, card) >= 4.5  # its label at the end of a line


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("name", ["ink", "muted", "adverse", "favourable", "neutral", "link"])
def test_text_reads_on_card_and_page(name, scheme):
    for ground in ("card", "page"):
        assert (
            palette.contrast(getattr(palette.TOKENS[name], scheme), getattr(palette.TOKENS[ground], scheme))
            >= 4.5
        )


@pytest.mark.parametrize("scheme", SCHEMES)
def test_words_read_on_every_step_of_the_heat_table(scheme):
    assert all(
        palette.contrast(getattr(fill, scheme), getattr(text, scheme)) >= 4.5 for fill, text in palette.HEAT
    )


@pytest.mark.parametrize("scheme", SCHEMES)
def test_rules_and_outlines_stand_out_from_the_card(scheme):
    assert (
        palette.contrast(getattr(palette.TOKENS["rule"], scheme), getattr(palette.TOKENS["card"], scheme))
        >= 3
    )


def test_no_two_parts_share_a_light_colour_so_that_each_can_turn_dark_by_itself():
    names = [*palette.TOKENS, *GROUPS]
    assert len({palette.colour(name).upper() for name in names}) == len(names)


def test_the_stylesheet_repaints_every_colour():
    css = palette.stylesheet()
    for name in GROUPS:
        red, green, blue = palette.channels(palette.colour(name))
        assert (
            f'[style*="fill: rgb({red}, {green}, {blue})"]{{fill:{palette.variable(name)}!important}}' in css
        )
        assert f"{palette.variable(name)[4:-1]}:{palette.group_shade(name).dark};" in css


# ----------------------------------------------------------------------------------------- sparkline


def test_a_sparkline_draws_the_course_the_path_and_the_target(snapshot):
    first = assessments(snapshot)[0]
    svg = sparkline.sparkline(first, "110")
    assert svg.count("<path") >= 2 and 'class="target"' in svg and "target 110" in svg
    assert "prefers-color-scheme:dark" in svg
    assert sparkline.address(svg).startswith("data:image/svg+xml,") and "<" not in sparkline.address(svg)


def test_without_two_points_there_is_no_sparkline(snapshot):
    last = assessments(snapshot)[-1]
    assert last.measure is None and sparkline.sparkline(last, "") == ""
