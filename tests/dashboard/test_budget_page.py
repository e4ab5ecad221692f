"""Budget: the page's numbers are the tree's, the months' and the forecasts', and its files have the same ones."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import dash
import polars
import pytest

from dashboard.app import create_app, pages
from dashboard.data import Source
from dashboard.listings import listings
from hnb.budget_reports import budget_reports
from hnb.budget_tree import budget_tree
from hnb.configuration import Configuration
from hnb.forecast import METHODS
from hnb.metrics import Selection, compute
from hnb.store import Snapshot
from tests.dashboard import snapshots
from tests.dashboard.conftest import HERE, get, layout_of
from tests.dashboard.reading import elements, text, walk

SUTTON = Selection(authority="E09000029")
LISTINGS = (
    "budget-lines", "budget-bridge", "budget-movement", "budget-months", "budget-forecasts", "budget-forecast-lines", "budget-past-forecasts",
)  # fmt: skip


def app_of(folder: Path) -> dash.Dash:
    configuration = Configuration(processed_folder=folder)
    return create_app(Source(folder, configuration), configuration)


def drawn(app: dash.Dash, search: str = ""):
    return layout_of(app, next(found for found in pages() if found["path"] == "/budget"), search)


def section(layout, name):
    return next(part for part in walk(layout) if getattr(part, "id", None) == name)


def heading(layout, name) -> str:
    return text(elements(section(layout, name), "H2")[0])


def chart(layout, name):
    return next(found for found in elements(layout, "Graph") if found.id == f"budget-{name}-chart")


def table_of(layout, name) -> tuple[list[list[str]], list[str]]:
    table = elements(section(layout, name), "Table")[0]
    rows = [[text(cell) for cell in row.children] for row in elements(elements(table, "Tbody")[0], "Tr")]
    foot = [
        text(cell)
        for part in elements(table, "Tfoot")
        for row in elements(part, "Tr")
        for cell in row.children
    ]
    return rows, foot


def pounds(words: str) -> int:
    return int(words.replace("£", "").replace(",", "").replace("−", "-").replace("+", ""))


@pytest.fixture(scope="module")
def sample(sample_build) -> dash.Dash:
    return app_of(sample_build.processed)


@pytest.fixture(scope="module")
def tree(sample_build) -> polars.DataFrame:
    return budget_tree(budget_reports(Snapshot.open(sample_build.processed), SUTTON), "2026-27", "2026-10-31")


# -- the four questions of the page


def test_where_will_the_year_end_and_which_lines_make_it(sample):
    page = drawn(sample)
    assert heading(page, "lines") == "2026-27 is forecast to end at £73.2m, £2.2m over its revised budget"
    assert heading(page, "bridge") == "1.2.3 Independent top-up makes 97% of the £2.2m over budget"


def test_did_it_move_since_the_report_before(sample):
    assert heading(drawn(sample), "movement") == (
        "The forecast rose by £274k since 30 September 2026; 1.2.3 Independent top-up makes 51% of it"
    )


def test_which_forecast_would_have_been_right_in_past_years(sample):
    page = drawn(sample)
    assert heading(page, "forecasts") == (
        "The monitor's own forecast came nearest in 2023-24 to 2025-26: 0.7% off on average; the run-rate was 10.7% off"
    )
    rows, _ = table_of(page, "forecasts")
    assert [row[0] for row in rows] == [
        "The monitor's own forecast",
        "Actual and commitment",
        "The profile",
        "The run-rate",
    ]
    assert "too low on average of 3 years" in rows[0][-1] and "too low on average of 7 years" in rows[3][-1]


def test_where_no_past_year_can_test_a_forecast_it_says_so_and_never_nought(sample):
    rows, _ = table_of(drawn(sample, "as_at=2026-06-30"), "forecasts")
    # No June report of a past year was kept: only the two ways that months can test are tested.
    assert [row[-1] for row in rows[:2]] == ["no past year to test it on"] * 2
    assert all("7 years" in row[-1] for row in rows[2:])
    assert [row[4] for row in rows[:2]] == ["–", "–"]


# -- the numbers are the model's


def test_the_table_is_the_tree_and_its_foot_what_compute_says(sample, sample_build, tree):
    rows, foot = table_of(drawn(sample), "tree")
    told = tree.filter(polars.col("level").is_in(["group", "line"]))
    assert len(rows) == told.height
    assert [pounds(row[5]) for row in rows] == [round(value) for value in told["expected"]]
    tables, report = Snapshot.open(sample_build.processed), SUTTON.with_(years=("2026-27",))
    for place, measure in enumerate(
        ("original_budget", "revised_budget", "actual_to_date", "commitment", "forecast", "variance"), 1
    ):
        assert pounds(foot[place]) == round(compute(measure, tables, report)["value"][0])


@pytest.mark.parametrize(("depth", "levels"), [("group", 1), ("line", 2), ("leaf", 3)])
def test_the_table_goes_as_deep_as_the_address_says(sample, tree, depth, levels):
    rows, _ = table_of(drawn(sample, f"depth={depth}"), "tree")
    assert len(rows) == tree.filter(polars.col("level").is_in(["group", "line", "leaf"][:levels])).height


def test_the_reconciling_row_is_named(sample):
    page = drawn(sample)
    assert "In no published group" in [row[0] for row in table_of(page, "tree")[0]]
    assert heading(page, "tree").endswith("£1.1m of it is in none of DfE's published groups")


@pytest.mark.parametrize("name", ["bridge", "movement"])
def test_the_steps_lead_to_the_whole(sample, tree, name):
    trace = chart(drawn(sample), name).figure.data[0]
    *steps, whole = trace.x
    assert sum(steps) == pytest.approx(whole, abs=0.005)
    assert whole == tree.row(-1, named=True)["variance" if name == "bridge" else "movement"]


def test_budget_is_an_outline_actual_solid_and_what_is_to_come_hatched(sample, tree):
    solid, hatched, outline = chart(drawn(sample), "lines").figure.data
    assert set(solid.marker.pattern.shape) == {""} and set(hatched.marker.pattern.shape) == {"/"}
    assert outline.marker.color == "rgba(0,0,0,0)"
    lines = tree.filter(polars.col("level") == "line")
    assert list(outline.x) == lines["revised_budget"].to_list()
    assert [base + more for base, more in zip(hatched.base, hatched.x, strict=True)] == pytest.approx(
        lines["expected"].to_list()
    )


def test_the_months_add_up_to_the_report(sample, tree):
    page = drawn(sample)
    rows, _ = table_of(page, "months")
    assert len(rows) == 12
    whole = tree.row(-1, named=True)
    assert [pounds(rows[-1][place]) for place in (5, 6, 7)] == [
        round(whole[name]) for name in ("revised_budget", "expected", "variance")
    ]
    bars, profile = chart(page, "months").figure.data
    assert sum(bars.y) == pytest.approx(whole["expected"]) and sum(profile.y) == pytest.approx(
        whole["revised_budget"]
    )
    assert list(bars.marker.pattern.shape) == [""] * 7 + ["/"] * 5


def test_the_lines_of_each_forecast_add_up_to_it(sample):
    rows, foot = table_of(drawn(sample), "forecast-lines")
    for place in (1, 2, 4, 6, 8):
        assert abs(sum(pounds(row[place]) for row in rows) - pounds(foot[place])) <= len(rows)


# -- the address


def test_an_earlier_report_is_shown_as_it_stood(sample):
    page = drawn(sample, "as_at=2026-09-30")
    assert "as at 30 September 2026" in text(elements(page, "H1")[0]) + text(page)
    assert heading(page, "lines") == "2026-27 is forecast to end at £72.9m, £2.0m over its revised budget"


def test_a_closed_year_shows_its_outturn_and_no_forecast(sample):
    page = drawn(sample, "years=2024-25")
    assert heading(page, "lines").startswith("2024-25 ended at £63.3m")
    assert "is closed" in text(section(page, "forecasts"))
    assert heading(page, "movement").startswith("The outturn is £331k above the forecast of 31 October 2024")
    earlier = drawn(sample, "years=2024-25&as_at=2024-10-31")
    assert heading(earlier, "lines").startswith("2024-25 is forecast to end at £62.9m")
    assert "has no months" in text(section(earlier, "months"))


def test_what_cannot_be_shown_is_said(sample):
    said = text(drawn(sample, "as_at=2026-01-01&years=2025-26,2026-27&needs=ASD&depth=nonsense"))
    assert "No report of 2026-27 was made by 1 January 2026" in said
    assert "one year at a time" in said
    assert "not split by primary need" in said


def test_a_row_leads_to_itself_to_spend_to_what_changed_and_to_its_rows(sample):
    table = section(drawn(sample), "tree")
    rows = elements(elements(table, "Tbody")[0], "Tr")
    independent = next(row for row in rows if text(row.children[0]).startswith("1.2.3"))
    assert [link.href for link in elements(independent, "Link")] == [
        "/budget?lines=1.2.3&depth=leaf",
        "/spend?years=2026-27&lines=1.2.3",
        "/changed?years=2025-26,2026-27&lines=1.2.3",
        "/rows?years=2026-27&lines=1.2.3&as_at=2026-10-31&measure=forecast",
    ]
    outside = next(row for row in rows if text(row.children[0]) == "1.0.2 Places, other columns")
    assert "settings=resourced,early_years&lines=1.0.2" in elements(outside, "Link")[0].href
    narrowed = drawn(sample, "lines=1.2.3&depth=leaf")
    assert heading(narrowed, "lines") == "2026-27 is forecast to end at £25.4m, £2.2m over its revised budget"
    assert heading(narrowed, "bridge").startswith("Independent special school, secondary makes")


def test_narrowing_one_line_narrows_the_forecasts_too(sample):
    rows, foot = table_of(drawn(sample, "lines=1.2.3"), "forecast-lines")
    assert len(rows) == 1 and rows[0][1:] == foot[1:]


# -- files


@pytest.mark.parametrize("name", LISTINGS)
def test_the_file_is_the_listing(sample, name):
    answer = get(sample.server.test_client(), f"/export/listing/{name}.csv?depth=leaf")
    assert answer.status_code == 200
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))
    with sample.server.test_request_context("/", base_url=HERE):
        listing = listings()[name]("depth=leaf")
    headings = [column.heading for column in listing.columns]
    start = next(place for place, row in enumerate(rows) if row[: len(headings)] == headings)
    body = rows[start + 1 : start + 1 + len(listing.rows)]
    assert len(body) == len(listing.rows)
    numbers = [
        place for place, column in enumerate(listing.columns) if column.kind in ("pounds", "change", "share")
    ]
    for shown, row in zip(listing.rows, body, strict=True):
        for place in numbers:
            value = shown[listing.columns[place].name]
            assert row[place] == "–" if value is None else float(row[place]) == pytest.approx(value)
    assert get(sample.server.test_client(), f"/export/listing/{name}.xlsx?depth=leaf").status_code == 200


def test_a_file_of_what_is_not_there_is_refused_in_words(sample):
    answer = get(sample.server.test_client(), "/export/listing/budget-lines.csv?years=2001-02")
    assert answer.status_code == 400 and "No budget monitor" in answer.get_data(as_text=True)


# -- states


def test_the_invented_snapshot_has_no_past_year_and_says_so(app):
    page = drawn(app)
    rows, _ = table_of(page, "forecasts")
    assert [row[-1] for row in rows] == ["no past year to test it on"] * len(METHODS)
    assert heading(page, "forecasts") == "No past year has the figures to test a forecast on"
    assert not [part for part in walk(page) if getattr(part, "id", None) == "past-forecasts"]


@pytest.mark.parametrize("make", [snapshots.one_row, snapshots.published_only, snapshots.empty])
def test_without_a_monitor_the_page_says_what_brings_it(tmp_path, make):
    make(tmp_path)
    page = drawn(app_of(tmp_path))
    assert "not yet loaded" in text(page) and "budget monitor" in text(page)
    assert not elements(page, "Graph")


def test_a_selection_without_a_line_says_so(sample):
    assert "No budget report has a line" in text(drawn(sample, "lines=1.2.9"))
    assert "No budget report has a line" in text(drawn(sample, "years=2001-02"))
