"""The page Spend over the years: small multiples, prices, and a file that is what the screen shows."""

from __future__ import annotations

import csv
import io
from typing import Any
from urllib.parse import unquote

import dash
import flask.testing
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.app import pages
from dashboard.figures.small_line import mask, small_line
from dashboard.pages.crossed import is_of_placements
from hnb import real_terms, wording
from hnb.metrics import compute
from tests.dashboard.conftest import get, layout_of
from tests.dashboard.reading import elements, text


def spend(app: dash.Dash, query: str = "") -> Any:
    return layout_of(app, next(page for page in pages() if page["path"] == "/spend"), f"?{query}")


def panel_of(layout: Any, name: str) -> Any:
    return next(part for part in elements(layout, "Section") if getattr(part, "id", "") == name)


def test_each_row_has_a_line_its_last_figure_and_its_change(app: dash.Dash, data: Any):
    shown = panel_of(spend(app), "each-row")
    of_rows = compute("spend", data, by=("setting_group", "financial_year"))
    groups = of_rows["setting_group"].unique().to_list()
    (items,) = [part for part in elements(shown, "Ul") if getattr(part, "className", "") == "multiples"]
    assert len(elements(items, "Li")) == len(groups)
    last = of_rows.filter(of_rows["financial_year"] == of_rows["financial_year"].max())
    for value in last["value"]:
        assert wording.pounds(value, "chart") in text(items)


def test_the_file_is_what_the_table_shows(app: dash.Dash, client: flask.testing.FlaskClient):
    for query in ("", "prices=2024-25&rows=phase", "measure=spend_per_placement_year&rows=need"):
        shown = panel_of(spend(app, query), "each-row")
        (table,) = elements(shown, "Table")
        link = next(link.href for link in elements(shown, "A") if ".csv" in link.href)
        rows = list(csv.reader(io.StringIO(get(client, link).text.lstrip("\ufeff"), newline="")))
        headings = [text(cell) for cell in elements(elements(table, "Thead")[0], "Th")]
        start = next(place for place, row in enumerate(rows) if row[: len(headings)] == headings)
        for drawn, written in zip(
            elements(elements(table, "Tbody")[0], "Tr"), rows[start + 1 :], strict=False
        ):
            said = [text(cell) for cell in (*elements(drawn, "Th"), *elements(drawn, "Td"))]
            assert said[0] == written[0]
            for cell, figure in zip(said[1:-1], written[1:], strict=False):
                assert cell == (wording.pounds(float(figure)) if figure[-1:].isdigit() else figure)


def test_real_terms_change_the_years_and_say_so(app: dash.Dash):
    cash, real = spend(app), spend(app, f"prices={real_terms.LAST_OUTTURN}")
    assert f"{real_terms.LAST_OUTTURN} prices" in text(panel_of(real, "over-the-years"))
    assert "GDP deflator" in text(panel_of(real, "each-row"))
    assert "GDP deflator" not in text(cash)
    assert text(panel_of(cash, "crossing")) == text(panel_of(real, "crossing"))


def test_prices_without_a_deflator_are_left_out_with_a_sentence(app: dash.Dash):
    assert "no deflator for the prices asked for" in text(spend(app, "prices=1066-67"))


def test_a_second_press_leads_to_the_placements_behind_a_figure(app: dash.Dash):
    if not any(page["path"] == "/placements" for page in pages()):
        pytest.skip("there is no page of placements")
    first, second = spend(app), spend(app, "settings=group:independent&phases=secondary")
    led = [[link.href for link in elements(panel_of(layout, "crossing"), "Td")[0:] for link in elements(link, "Link")]
           for layout in (first, second)]  # fmt: skip
    assert led[0] and all(href.startswith("/spend?") for href in led[0])
    assert any(href.startswith("/placements?") for href in led[1])
    assert all("settings=" in href and "phases=secondary" in href for href in led[1])


def test_services_and_what_is_not_split_hold_no_placements():
    assert is_of_placements({"setting": "resourced", "phase": "primary"})
    assert not is_of_placements({"setting": "central", "phase": "primary"})
    assert not is_of_placements({"setting": "resourced", "phase": "not_by_phase"})


# -------------------------------------------------------------------------------------- small lines


def test_what_happened_is_solid_over_a_shade_and_a_forecast_dashed_to_an_open_mark():
    svg = small_line([(1.0, False), (2.0, False), (3.0, True)], 0.0, 3.0)
    assert svg.count("stroke-dasharray") == 1 and svg.count("fill-opacity") == 1
    assert svg.count("<circle") == 1 and 'fill="none" stroke="#000" stroke-width="2"/>' in svg


def test_a_gap_parts_the_line_and_a_point_alone_is_a_dot():
    svg = small_line([(1.0, False), (None, False), (2.0, False), (3.0, False)], 0.0, 3.0)
    assert svg.count("<circle") == 2  # the lone point, and the last


@pytest.mark.parametrize("points", [[], [(None, False)], [(None, False)] * 10])
def test_nothing_to_draw_is_the_line_at_nought(points: list[Any]):
    assert small_line(points, 0.0, 0.0).count("<path") == 1


@given(st.lists(st.tuples(st.one_of(st.none(), st.floats(-1e9, 1e9)), st.booleans()), max_size=12))
def test_a_small_line_is_always_a_picture_within_its_frame(points: list[tuple[float | None, bool]]):
    known = [value for value, _ in points if value is not None]
    svg = small_line(points, min([0.0, *known]), max([0.0, *known]))
    assert "nan" not in svg and "inf" not in svg
    assert unquote(mask(svg).removeprefix("url(data:image/svg+xml,").removesuffix(")")) == svg
