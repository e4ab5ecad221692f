"""Recommendations: the page says what the model worked out, marks examples, and its files are its tables."""

from __future__ import annotations

import csv
import datetime
import io
from dataclasses import replace

import pytest

from dashboard.app import create_app, pages
from dashboard.data import Source
from dashboard.figures.course import course
from dashboard.figures.review_marks import DECISIONS
from dashboard.listings import listings
from hnb.configuration import Configuration
from hnb.counterfactual import counterfactuals
from hnb.recommendations import Update, assessments
from tests.dashboard import snapshots
from tests.dashboard.conftest import HERE, get, layout_of
from tests.dashboard.reading import elements, text, walk

NAMES = ("recommendations", "recommendation-course", "recommendation-worth", "recommendation-notes")


def drawn(app, search: str = ""):
    return layout_of(app, next(found for found in pages() if found["path"] == "/recommendations"), search)


def section(layout, name):
    return next(part for part in walk(layout) if getattr(part, "id", None) == name)


def test_the_one_furthest_from_its_target_is_in_view_and_its_target_is_marked_an_example(app, data):
    layout, (one, *_) = drawn(app), assessments(data)
    assert text(elements(section(layout, "course"), "H2")).startswith("Behind: ")
    assert "(illustrative target)" in text(elements(section(layout, "course"), "H2"))
    assert "by 2027-28 (illustrative)" in text(section(layout, "facts"))
    (chart,) = elements(layout, "Graph")
    words = " ".join(note["text"] for note in chart.figure["layout"]["annotations"])
    assert "Target  110 (illustrative)" in words
    assert chart.figure["data"][0]["y"][0] == one.series[0].value


def test_the_register_row_says_gap_in_placements_and_pounds(app, data):
    one = assessments(data)[0]
    with app.server.test_request_context("/", base_url=HERE):
        row = listings()["recommendations"]("").rows[0]
    assert row["gap_placements"] == one.latest.value - one.target
    price = data.answer("spend_per_placement_year", one.selection.with_(years=("2026-27",)))["value"][0]
    assert row["gap_pounds"] == pytest.approx(row["gap_placements"] * price, abs=0.005)


def test_what_the_shift_was_worth_is_the_counterfactual_of_the_model(app, data):
    layout, one = drawn(app), assessments(data)[0]
    first = counterfactuals(data, one.selection)[0]
    assert first.worth > 0
    assert f"£{round(first.worth):,}" in text(section(layout, "worth"))
    assert "stayed at its 2022-23 level, 2026-27 would cost" in text(elements(section(layout, "worth"), "H2"))


def test_one_without_a_target_and_one_without_a_measure_say_so(app):
    layout = drawn(app, "recommendation=R2")
    assert "no target published" in text(elements(section(layout, "course"), "H2"))
    assert "No target published" in text(section(layout, "facts"))
    layout = drawn(app, "recommendation=R3")
    assert text(elements(section(layout, "course"), "H2")) == "Not assessed, because no measure shows this"
    assert elements(layout, "Graph") == []


def test_a_number_that_there_is_not_is_told_and_left_out(app):
    layout = drawn(app, "recommendation=R99&settings=mainstream")
    assert "“R99” is not a number of the register" in text(layout)
    assert "selection is not applied here" in text(layout)
    assert len(elements(layout, "Graph")) == 1


def test_every_recommendation_is_a_link_to_its_own_view(app):
    links = {link.href for link in elements(section(drawn(app), "register"), "Link")}
    assert {f"/recommendations?recommendation=R{number}" for number in (1, 2, 3)} <= links


def test_a_decision_stands_on_the_axis_and_is_told_only_where_it_is_drawn(data):
    one = assessments(data)[0]
    late = Update(datetime.date(2028, 3, 10), "done", "", "Decided")
    never = Update(datetime.date(2031, 3, 10), "done", "", "Decided")
    (mark,) = [trace for trace in course(replace(one, updates=(late, never)), None).traces if trace.get("name") == DECISIONS]  # fmt: skip
    assert mark["x"] == [5.0]  # 2022-23 to 2027-28, the target's year
    assert mark["text"] == ["10 March 2028: Decided"]
    assert DECISIONS not in [trace.get("name") for trace in course(replace(one, updates=(never,)), None).traces]  # fmt: skip


def test_the_overview_s_cards_lead_here(app):
    overview = layout_of(app, next(found for found in pages() if found["path"] == "/"))
    links = {link.href for link in elements(section(overview, "recommendations"), "Link")}
    assert "/recommendations?recommendation=R1" in links


@pytest.mark.parametrize("name", NAMES)
def test_the_file_is_the_listing(app, name):
    answer = get(app.server.test_client(), f"/export/listing/{name}.csv?recommendation=R1")
    assert answer.status_code == 200
    lines = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))
    with app.server.test_request_context("/", base_url=HERE):
        listing = listings()[name]("recommendation=R1")
    headings = [column.heading for column in listing.columns]
    start = next(place for place, row in enumerate(lines) if row[: len(headings)] == headings)
    body = lines[start + 1 : start + 1 + len(listing.rows)]
    assert len(body) == len(listing.rows)
    for shown, row in zip(listing.rows, body, strict=True):
        for column, cell in zip(listing.columns, row, strict=False):
            value = shown[column.name]
            if isinstance(value, float):
                assert float(cell) == pytest.approx(value, abs=0.005), column.heading
            elif isinstance(value, str):
                assert cell == value, column.heading
    assert get(app.server.test_client(), f"/export/listing/{name}.xlsx?recommendation=R1").status_code == 200


@pytest.mark.parametrize("state", [snapshots.empty, snapshots.one_row, snapshots.published_only])
def test_without_a_register_it_says_what_would_bring_it(tmp_path, state):
    state(tmp_path)
    configuration = Configuration(processed_folder=tmp_path)
    layout = drawn(create_app(Source(tmp_path, configuration), configuration))
    assert "put that workbook into the folder of raw files" in text(layout)
    assert elements(layout, "Graph") == []
