"""The review on the charts of other pages: targets where their very measure is drawn, decisions where they fall."""

from __future__ import annotations

import datetime
from dataclasses import replace

import pytest

from dashboard.app import pages
from dashboard.figures.bars import bars
from dashboard.figures.review_marks import DECISIONS
from dashboard.figures.trend import Series, trend
from dashboard.figures.years_of_bars import years_of_bars
from hnb.metrics import MEASURES, Selection, compute
from hnb.recommendation_marks import Decision
from hnb.recommendations import Update, assessments
from tests.dashboard import snapshots
from tests.dashboard.conftest import layout_of
from tests.dashboard.reading import elements, text, walk

PLACEMENTS = MEASURES["placements"]
INDEPENDENT = Selection(settings=("group:independent",))
DECIDED = Decision("R1", "Rely less on independent placements", Update(datetime.date(2025, 10, 1), "", "", "Report it each term."))  # fmt: skip


def page(app, path: str, search: str = ""):
    return layout_of(app, next(found for found in pages() if found["path"] == path), search)


def part(layout, name: str):
    return next(found for found in walk(layout) if getattr(found, "id", None) == name)


def triangles(figure):
    return [trace for trace in figure.traces if trace.get("name") == DECISIONS]


def test_a_target_is_a_line_across_the_years_at_its_value_and_in_words(data):
    one = assessments(data)[0]
    result = compute(PLACEMENTS, data, INDEPENDENT, by=("financial_year",))
    figure = years_of_bars(result, PLACEMENTS, targets=(one,))
    assert one.target == 110
    (line,) = [shape for shape in figure.layout["shapes"] if shape["y0"] == shape["y1"] == 110]
    assert (line["x0"], line["x1"], line["xref"]) == (0, 1, "paper")
    assert "Target 110 by 2027-28 (illustrative)" in [note["text"] for note in figure.layout["annotations"]]
    # A target beyond every bar is inside the chart all the same.
    far = years_of_bars(result, PLACEMENTS, targets=(replace(one, target=9_000.0),))
    assert far.layout["yaxis"]["range"][1] >= 9_000


def test_of_bars_by_kind_of_setting_the_row_with_a_target_is_marked(data):
    one = assessments(data)[0]
    result = compute(PLACEMENTS, data, Selection(years=(snapshots.YEARS[-1],)), by=("setting_group",))
    figure = bars(result, PLACEMENTS, by="setting_group", targets={"independent": one})
    (stroke,) = [shape for shape in figure.layout["shapes"] if shape["x0"] == shape["x1"] == 110]
    place = result["setting_group"].to_list().index("independent")
    assert stroke["y0"] < place < stroke["y1"]
    name = figure.layout["annotations"][2 * place]["text"]
    assert name.endswith("· target 110 by 2027-28 (illustrative)")
    assert figure.layout["meta"]["narrow"][f"annotations[{2 * place}].text"] == name.partition(" · ")[0]


def test_a_decision_is_a_triangle_at_its_day_under_the_bars_and_at_the_foot_of_lines(data):
    by_year = compute(PLACEMENTS, data, INDEPENDENT, by=("financial_year",))
    (under,) = triangles(years_of_bars(by_year, PLACEMENTS, decisions=(DECIDED,)))
    # 1 October is 183 of 365 days into 2025-26, the fourth of five years from 2022-23 on: place 3 less a half and that.
    assert under["x"] == [pytest.approx(3 - 0.5 + 183 / 365)]
    assert under["y"][0] < 0
    assert under["text"] == ["1 October 2025: R1, Report it each term."]
    by_group = compute(PLACEMENTS, data, by=("financial_year", "setting_group"))
    lines = trend(by_group, PLACEMENTS, by="setting_group", series=[Series("independent", "Independent", "independent")], decisions=(DECIDED,))  # fmt: skip
    assert triangles(lines)[0]["x"] == under["x"] and triangles(lines)[0]["y"] == [0]
    long_ago = replace(DECIDED, update=replace(DECIDED.update, noted_on=datetime.date(2001, 1, 1)))
    assert triangles(years_of_bars(by_year, PLACEMENTS, decisions=(long_ago,))) == []


def test_the_spend_page_marks_the_target_on_its_own_measure_and_nowhere_else(app):
    marked = page(app, "/spend", "?measure=placements&settings=group:independent")
    notes = text(elements(part(marked, "over-the-years"), "Ul")[0])
    assert "target 110 by 2027-28 (illustrative)." in notes
    links = [found.href for found in elements(part(marked, "over-the-years"), "Link")]
    assert any("recommendation=" in href for href in links)
    by_row = page(app, "/spend", "?measure=placements&rows=setting_group")
    assert "target 110 by 2027-28 (illustrative)" in text(part(by_row, "by-row"))
    for other in ("?measure=spend&settings=group:independent", "?measure=placements&settings=mainstream"):
        assert "target 110" not in text(page(app, "/spend", other))
    # Two years together are no figure that a target of one year could be held against.
    two = page(app, "/spend", "?measure=placement_years&rows=setting_group&years=2024-25,2025-26")
    assert "target" not in text(part(two, "by-row"))


@pytest.mark.parametrize(("path", "name"), [("/", "over-the-years"), ("/unit-costs", "by-year"), ("/spend", "over-the-years")])  # fmt: skip
def test_decisions_stand_on_the_courses_of_other_pages_and_in_words_under_them(app, path, name):
    layout = part(page(app, path), name)
    (chart,) = elements(layout, "Graph")
    assert [trace["x"] for trace in chart.figure["data"] if trace.get("name") == DECISIONS]
    assert "▲ 1 October 2025, R1: Report it each term." in text(elements(layout, "Ul")[0])
    # The note that decided nothing is no mark.
    assert "16 June 2026" not in text(layout)
