"""The overview and the spend page, in every state: full, one row, one year, nothing, published files only."""

from __future__ import annotations

from pathlib import Path

import dash
import pytest

from dashboard.app import create_app, pages
from dashboard.data import Source
from hnb.configuration import Configuration
from hnb.metrics import MEASURES, Selection, compute
from hnb.selection import CODED
from tests.dashboard import snapshots
from tests.dashboard.conftest import layout_of
from tests.dashboard.reading import elements, text, walk

LAST = snapshots.YEARS[-1]


def app_over(folder: Path) -> dash.Dash:
    configuration = Configuration(processed_folder=folder)
    return create_app(Source(folder, configuration), configuration)


@pytest.fixture(scope="module")
def states(tmp_path_factory) -> dict[str, dash.Dash]:
    made = {}
    for name in ("full", "one_row", "empty", "published_only"):
        folder = tmp_path_factory.mktemp(name)
        getattr(snapshots, name)(folder)
        made[name] = app_over(folder)
    return made


def page(app: dash.Dash, path: str, search: str = ""):
    return layout_of(app, next(found for found in pages_of(app) if found["path"] == path), search)


def pages_of(app: dash.Dash) -> list[dict]:
    return [found for found in pages() if found["module"].split(".")[-1] in ("overview", "spend")]


def head(layout) -> str:
    """What stands beside the page's question: the year in focus and its date."""
    (found,) = (part for part in walk(layout) if getattr(part, "className", None) == "page-head")
    return text(found.children[1])


def section(layout, name):
    return next(part for part in walk(layout) if getattr(part, "id", None) == name)


def pounds(words: str) -> int:
    return int(
        words.partition(",  narrow")[0]
        .partition(", narrow")[0]
        .replace("£", "")
        .replace(",", "")
        .replace("−", "-")
    )


QUERIES = (
    "",
    "years=2024-25",
    "years=2023-24..2025-26&settings=group:independent",
    "phases=secondary&needs=ASD",
    "in_borough=no",
    "provider=Nobody+of+that+name",
    "settings=nonsense&years=1066&measure=nonsense&rows=nonsense&columns=provider",
)


@pytest.mark.parametrize("search", QUERIES)
@pytest.mark.parametrize("state", ["full", "one_row", "empty", "published_only"])
@pytest.mark.parametrize("path", ["/", "/spend"])
def test_every_state_is_drawn_on_purpose(states, path, state, search):
    layout = page(states[state], path, search)
    words = text(layout)
    assert elements(layout, "H1") and "cannot be shown" not in words
    assert "nan" not in words.lower().split() and "None" not in words and "not_" not in words
    for part in elements(layout, "Section"):  # each says something: a figure, or a sentence why there is none
        assert text(part).strip()
    for chart in elements(layout, "Graph"):
        assert any(len(trace.x) for trace in chart.figure.data), "an axis with nothing on it"


def test_what_is_not_loaded_says_so_and_which_workbook_brings_it(states):
    overview = text(page(states["published_only"], "/"))
    assert "Not yet loaded" in overview and "the placement register or the budget monitor" in overview
    assert "£68.0m" in overview  # what is there is shown: the allocation
    assert "not yet loaded" in text(page(states["published_only"], "/spend"))


def test_published_files_alone_are_each_shown_at_their_own_latest_year(tmp_path):
    #  The allocation is published to 2023-24, plans to January 2026.
    snapshots.published_only(tmp_path, grant_until="2023-24")
    overview = text(page(app_over(tmp_path), "/"))
    assert "Plans, January 2026" in overview
    assert "Block allocation 2023-24" in overview


def test_a_closed_year_is_not_as_at_the_date_of_a_later_one(states):
    for path in ("/", "/spend"):
        assert head(page(states["full"], path, "years=2022-23")) == "2022-23"
        assert head(page(states["full"], path)) == "2026-27, as at 31 October 2026"


def test_a_single_year_is_a_sentence_and_not_an_empty_axis(states):
    course = text(section(page(states["full"], "/", "years=2024-25"), "over-the-years"))
    assert "Only 2024-25 is in the selection" in course


def test_what_the_address_says_and_cannot_be_read_is_told(states):
    assert "is not a known kind of setting" in text(page(states["full"], "/", "settings=nonsense"))


def test_the_status_line_counts_the_placements_of_the_selection(states, tmp_path):
    snapshot = snapshots.full(tmp_path)
    expected = compute("placements", snapshot, Selection(years=(LAST,), settings=("independent",)))["value"][
        0
    ]
    said = next(
        part
        for part in walk(page(states["full"], "/", "settings=group:independent"))
        if getattr(part, "data-status", "")
    )
    assert (
        getattr(said, "data-status")
        == f"Independent placements, all years: {expected:,.0f} placements in {LAST}"
    )


@pytest.mark.parametrize(
    "measure",
    ["spend", "placements", "spend_per_placement_year", "revised_budget", "spend_share", "placement_years"],
)
@pytest.mark.parametrize(
    ("rows", "columns"), [("setting_group", "phase"), ("setting", "phase"), ("line", "setting_group")]
)
def test_every_crossing_is_drawn_with_the_numbers_of_compute(states, tmp_path, measure, rows, columns):
    snapshot = snapshots.full(tmp_path)
    layout = page(states["full"], "/spend", f"measure={measure}&rows={rows}&columns={columns}")
    (table,) = [found for found in elements(layout, "Table") if found.className.startswith("heat")]
    whole = compute(measure, snapshot, Selection(years=(LAST,)))["value"][0]
    total = next(row for row in elements(table, "Tr") if getattr(row, "className", "") == "total")
    shown = text(elements(total, "Td")[-1])
    if MEASURES[measure].unit == "£":
        assert pounds(shown) == round(whole)
    elif measure == "placements":
        assert shown == f"{whole:,.0f}"


def test_leaves_parents_and_total_agree_on_the_page_and_the_reconciling_row_is_named(states):
    layout = page(states["full"], "/spend")
    (table,) = [found for found in elements(layout, "Table") if found.className.startswith("heat")]
    body = [
        [pounds(text(cell)) for cell in elements(row, "Td")]
        for row in elements(elements(table, "Tbody")[0], "Tr")
    ]
    foot = elements(elements(table, "Tfoot")[0], "Tr")
    total = [pounds(text(cell)) for cell in elements(foot[0], "Td")]
    parts = [[pounds(text(cell)) for cell in elements(row, "Td")] for row in foot[1:]]
    for rows in (body, parts):
        for column, whole in zip(zip(*rows, strict=True), total, strict=True):
            assert abs(sum(column) - whole) <= len(column)
    assert "not explained by the register" in text(foot[-1]) and "reconciling" in foot[-1].className


def test_the_chart_and_its_table_hold_the_same_numbers(states):
    layout = page(states["full"], "/")
    chart = next(found for found in elements(layout, "Graph") if found.id == "variance-chart")
    table = elements(section(layout, "variance-table"), "Table")[0]
    shown = [pounds(text(cell)) for cell in elements(elements(table, "Tbody")[0], "Td")]
    assert shown == [round(value) for value in chart.figure.data[0].x]


def test_the_page_of_a_cell_shows_that_cells_number(states):
    layout = page(states["full"], "/spend")
    link = next(
        found
        for found in elements(layout, "Link")
        if "Independent" in text(found) and "Secondary" in text(found)
    )
    path, _, search = link.href.partition("?")
    assert path == "/spend"
    narrowed = page(states["full"], "/spend", search)
    (table,) = [found for found in elements(narrowed, "Table") if found.className.startswith("heat")]
    total = next(row for row in elements(table, "Tr") if getattr(row, "className", "") == "total")
    assert pounds(text(elements(total, "Td")[-1])) == pounds(text(link))


def test_narrowing_shows_the_way_back_in_words(states):
    layout = page(states["full"], "/spend", "settings=group:independent&phases=secondary")
    trail = next(part for part in elements(layout, "Nav") if getattr(part, "className", "") == "crumbs")
    assert [text(item) for item in elements(trail, "Li")] == [
        "Everything",
        "Independent placements",
        "Secondary",
    ]
    assert "settings=group:independent" in elements(trail, "Link")[1].href


def test_every_link_of_the_page_opens_what_it_says(states):
    layout = page(states["full"], "/spend")
    for link in elements(layout, "Link"):
        if link.href.startswith("/spend?"):
            _, notes = Selection.read(link.href.partition("?")[2])
            assert notes == ()


def test_a_dimension_that_the_measure_has_not_gives_way_and_says_so(states):
    layout = page(states["full"], "/spend", "measure=revised_budget&rows=need&columns=phase")
    assert "Revised budget is not split by primary need" in text(layout)


def test_the_year_in_focus_is_the_last_of_those_selected(states):
    assert "Spend 2023-24 by kind of setting" in text(page(states["full"], "/", "years=2022-23,2023-24"))


def test_downloads_carry_the_selection(states):
    layout = page(states["full"], "/spend", "settings=group:independent")
    addresses = [link.href for link in elements(layout, "A") if "/export/" in str(getattr(link, "href", ""))]
    assert addresses and all("settings=group:independent" in address for address in addresses)


def test_at_most_six_charts_are_in_view(states):
    assert all(len(elements(page(states["full"], path), "Graph")) <= 6 for path in ("/", "/spend"))


def test_the_coded_dimensions_of_a_selection_can_all_be_stepped_back_from(states):
    query = Selection(
        settings=("independent",), phases=("secondary",), needs=("ASD",), lines=("1.2.3",), in_borough=False
    ).to_query()
    trail = next(
        part
        for part in elements(page(states["full"], "/spend", query), "Nav")
        if getattr(part, "className", "") == "crumbs"
    )
    assert len(elements(trail, "Li")) == len(CODED) + 2


def test_a_tile_without_a_figure_of_the_year_shows_the_last_that_is_known_and_says_of_when(states):
    tiles = text(
        next(
            part
            for part in elements(page(states["published_only"], "/"), "Ul")
            if getattr(part, "className", "") == "tiles"
        )
    )
    assert "Balance, March 2026−£17.2m" in tiles
    assert "Block allocation£68.0m" in tiles


def test_providers_stand_largest_first(states):
    table = elements(
        section(page(states["full"], "/spend", "rows=provider&columns=phase"), "crossing"), "Table"
    )[0]
    totals = [pounds(text(row.children[-1])) for row in elements(elements(table, "Tbody")[0], "Tr")]
    named = totals[:-1]  # what has no provider comes last, however large
    assert len(named) > 1 and named == sorted(named, reverse=True)
