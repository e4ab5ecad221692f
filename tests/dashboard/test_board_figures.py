"""The meeting's drawings: labels never touch, words are escaped and of one size, missing and forecast look so."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace

import pytest
from defusedxml import ElementTree
from hypothesis import given
from hypothesis import strategies as st

from dashboard.figures import palette
from dashboard.figures.board import stylesheet, svg
from dashboard.figures.board.labels import broken, spaced
from hnb.codelists import CODELISTS
from hnb.meeting.said import NOTHING
from hnb.meeting.view import Chart, Mark, Said, Series

YEARS = ("2023-24", "2024-25", "2025-26", "2026-27", "2027-28")
SVG = "{http://www.w3.org/2000/svg}"


def said(*values):
    return tuple(
        Said(value, f"{value:g}%") if value is not None else Said(None, "c", "suppressed") for value in values
    )


LINES = Chart(
    "lines", YEARS,
    (
        Series("Independent & <others>", (*said(7.5, None, 9.0), Said(9.4, "9.4%", "estimated"), NOTHING), "independent", is_accent=True),
        Series("Path to the target", (NOTHING, *said(8.7, 8.3, 7.9, 7.5)), stroke="path"),
        Series("As the last three years", (NOTHING, NOTHING, NOTHING, *said(9.4, 10.0)), stroke="trend"),
        Series("Target (illustrative)", (NOTHING, NOTHING, NOTHING, NOTHING, *said(7.5)), "ink", stroke="target"),
    ),
    "share", "Independent placements are behind.", (Mark("2025-26", "decision, 14 October 2025", "decision"),),
)  # fmt: skip
BARS = Chart(
    "bars", ("Independent schools", "State special schools", "Other places"),
    (Series("Change", (Said(2e6, "+£2.0m", "estimated"), Said(-1e6, "−£1.0m"), Said(None, "c", "suppressed"))),),
    "pounds", "Independent schools rise.", colours=("independent", "state_special", "elsewhere"),
)  # fmt: skip
COLUMNS = Chart(
    "columns", YEARS[:3],
    (
        Series("Balance", (Said(1e6, "£1.0m"), Said(-5e6, "−£5.0m"), Said(-9e6, "−£9.0m", "estimated")), "accent", is_accent=True),
        Series("With the grant", (NOTHING, NOTHING, Said(-2e6, "−£2.0m", "estimated"))),
    ),
    "pounds", "The deficit grows.",
)  # fmt: skip
SIZES = [(1760.0, 500.0, 28.0), (960.0, 290.0, 16.0), (288.0, 300.0, 14.0)]


def drawn(chart, size=SIZES[0]):
    width, height, text = size
    return ElementTree.fromstring(svg(chart, width=width, height=height, text=text, title="Chart: one & two"))


def texts(root):
    return [element.text for element in root.iter(f"{SVG}text")]


@given(st.lists(st.tuples(st.floats(-50, 700), st.floats(5, 90)), max_size=9))
def test_labels_never_touch_and_keep_their_order(wishes):
    wished, heights = [wish for wish, _ in wishes], [height for _, height in wishes]
    centres = spaced(wished, heights, 0.0, 600.0)
    placed = sorted(zip(centres, heights, strict=True))
    for (above, tall), (below, other) in itertools.pairwise(placed):
        assert above + tall / 2 <= below - other / 2 + 1e-6
    if sum(heights) <= 600.0:
        assert all(
            centre - tall / 2 >= -1e-6 and centre + tall / 2 <= 600.0 + 1e-6 for centre, tall in placed
        )
    by_wish = [centres[index] for index in sorted(range(len(wished)), key=lambda index: wished[index])]
    assert by_wish == sorted(by_wish)


def test_a_label_with_room_stands_where_it_was_wished():
    assert spaced([100.0, 300.0], [40.0, 40.0], 0.0, 600.0) == [100.0, 300.0]


@given(st.text("ab -", max_size=60), st.integers(3, 30))
def test_broken_words_lose_nothing(words, most):
    assert " ".join(broken(words, most)).split() == words.split()


@pytest.mark.parametrize("chart", [LINES, BARS, COLUMNS], ids=lambda chart: chart.kind)
@pytest.mark.parametrize("size", SIZES, ids=["screen", "tablet", "phone"])
def test_a_drawing_says_what_it_is_and_holds_no_colour_and_no_style(chart, size):
    root = drawn(chart, size)
    assert root.get("role") == "img" and root.get("font-size") == f"{size[2]:g}"
    assert root.find(f"{SVG}title").text == "Chart: one & two"
    assert root.find(f"{SVG}desc").text == chart.described
    identifiers = {element.get("id") for element in root.iter() if element.get("id")}
    assert root.get("aria-labelledby") in identifiers and root.get("aria-describedby") in identifiers
    for element in root.iter():
        assert element.get("style") is None, "the meeting's policy allows no style in the page"
        assert element is root or element.get("font-size") is None, "one size of letters"
        assert not re.search(r"#[0-9A-Fa-f]{6}|rgb\(", " ".join(element.attrib.values()))
    assert not any("nan" in value for element in root.iter() for value in element.attrib.values())


def test_lines_are_named_at_their_ends_and_hidden_years_are_a_gap_with_their_sign():
    root = drawn(LINES)
    words = texts(root)
    assert "c" in words and "decision, 14 October 2025" in words
    assert " ".join(words).count("Independent & <others>") == 1
    solid = [one for one in root.iter(f"{SVG}path") if one.get("class") == "accent-line stroke-independent"]
    assert solid == [], "one year alone on either side of the gap is no line"
    ahead = [one for one in root.iter(f"{SVG}path") if "forecast-line" in one.get("class", "")]
    assert len(ahead) == 1
    assert len([one for one in root.iter(f"{SVG}rect") if one.get("class") == "target"]) == 1


def test_the_names_of_lines_stand_under_a_narrow_chart():
    assert "As the last three years 10%" in texts(drawn(LINES, SIZES[2]))


def test_bars_start_at_nought_and_a_forecast_is_hatched():
    root = drawn(BARS)
    up, down = (
        one for one in root.iter(f"{SVG}rect") if one.get("class", "").startswith(("hatched", "fill-state"))
    )
    (nought,) = [float(one.get("x1")) for one in root.iter(f"{SVG}line")]
    assert float(up.get("x")) == pytest.approx(nought, abs=0.1) and up.get("fill", "").startswith(
        "url(#board-"
    )
    assert float(down.get("x")) + float(down.get("width")) == pytest.approx(nought, abs=0.2)
    assert float(up.get("width")) == pytest.approx(2 * float(down.get("width")), rel=0.01)
    assert "c" in texts(root)


def test_columns_go_up_and_down_from_nought_side_by_side():
    root = drawn(COLUMNS)
    columns = [one for one in root.iter(f"{SVG}rect") if re.match(r"(fill|hatched)", one.get("class", "")) and float(one.get("width")) > 30]  # fmt: skip
    first, second, before, after = columns
    assert float(first.get("y")) < float(second.get("y")), "a surplus stands above nought"
    assert float(before.get("height")) == pytest.approx(4.5 * float(after.get("height")), rel=0.01)
    assert float(before.get("x")) + float(before.get("width")) < float(after.get("x"))
    assert {"£1.0m", "−£5.0m", "−£9.0m", "−£2.0m"} <= set(texts(root))


def test_every_class_of_a_drawing_has_its_rule_and_every_colour_is_the_palettes():
    rules = stylesheet()
    for chart in (LINES, BARS, COLUMNS):
        for element in drawn(chart).iter():
            for name in (element.get("class") or "").split():
                assert f".{name}" in rules, name
    known = {palette.colour(name) for name in [*palette.TOKENS, *CODELISTS["setting_groups"].codes]}
    assert set(re.findall(r"#[0-9A-Fa-f]{6}", rules)) <= known


def test_two_sizes_of_one_chart_share_no_identifier():
    one, other = (
        set(re.findall(r'id="([^"]+)"', svg(BARS, width=width, height=300, text=14))) for width in (300, 900)
    )
    assert one and not one & other


def test_a_break_is_drawn_between_the_years_and_a_decision_at_its_year():
    chart = replace(
        LINES, marks=(Mark("2024-25", "return changed", "break"), Mark("2024-25", "decision", "decision"))
    )
    lines = {
        line.get("class"): float(line.get("x1"))
        for line in drawn(chart).iter(f"{SVG}line")
        if line.get("class") in ("break-line", "decision-line")
    }
    # Five years from left to right: the third stands as far right of the second as that of the first.
    later = replace(LINES, marks=(Mark("2025-26", "decision", "decision"),))
    (third,) = [float(line.get("x1")) for line in drawn(later).iter(f"{SVG}line") if line.get("class") == "decision-line"]  # fmt: skip
    step = third - lines["decision-line"]
    assert step > 0
    assert lines["break-line"] == pytest.approx(lines["decision-line"] - step / 2, abs=0.11)
