"""What changed: the page's numbers are those of `growth` and `movers`, and add up as they say."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import dash
import pytest

from dashboard.access import RefusedError
from dashboard.app import create_app, pages
from dashboard.data import Source
from dashboard.pages.between import moment
from hnb.configuration import Configuration
from hnb.growth import EFFECTS, growth
from hnb.metrics import Selection
from hnb.movers import half_of, movers, rows_to_half
from hnb.report_movement import report_movement
from hnb.store import Snapshot
from tests.dashboard import snapshots
from tests.dashboard.conftest import get, layout_of
from tests.dashboard.reading import elements, text, walk

BEFORE, AFTER = "2025-26", "2026-27"


def app_of(folder: Path) -> dash.Dash:
    configuration = Configuration(processed_folder=folder)
    return create_app(Source(folder, configuration), configuration)


def drawn(app: dash.Dash, search: str = ""):
    return layout_of(app, next(found for found in pages() if found["path"] == "/changed"), search)


def section(layout, name):
    return next(part for part in walk(layout) if getattr(part, "id", None) == name)


def table_of(layout, name) -> tuple[list[list[str]], list[str]]:
    table = elements(section(layout, name), "Table")[0]
    rows = [[text(cell) for cell in row.children] for row in elements(elements(table, "Tbody")[0], "Tr")]
    foot = [text(cell) for row in elements(elements(table, "Tfoot")[0], "Tr") for cell in row.children]
    return rows, foot


def pounds(words: str) -> int:
    return int(words.replace("£", "").replace(",", "").replace("−", "-").replace("+", ""))


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("changed")
    snapshots.full(folder)
    return folder


@pytest.fixture(scope="module")
def app(folder) -> dash.Dash:
    return app_of(folder)


@pytest.mark.parametrize(
    "search",
    ["", "rows=setting", "rows=need", "settings=group:independent", "years=2022-23,2024-25&rows=phase"],
)
def test_the_table_s_effects_add_up_to_the_change_and_the_rows_to_the_whole(app, folder, search):
    layout = drawn(app, search)
    rows, foot = table_of(layout, "rows")
    assert rows
    for line in [*rows, foot]:
        before, after, change, *effects = (pounds(cell) for cell in line[1 : 4 + len(EFFECTS)])
        assert abs(after - before - change) <= 1 and abs(sum(effects) - change) <= len(EFFECTS)
    for place in range(1, 4 + len(EFFECTS)):
        assert abs(sum(pounds(row[place]) for row in rows) - pounds(foot[place])) <= len(rows)


def test_the_whole_is_that_of_growth(app, folder):
    whole = growth(Snapshot.open(folder), Selection(), BEFORE, AFTER).row(0, named=True)
    _, foot = table_of(drawn(app), "rows")
    assert pounds(foot[3]) == round(whole["change"])
    _, effects_foot = table_of(drawn(app), "effects")
    assert pounds(effects_foot[-1]) == round(whole["change"])


def test_the_waterfall_ends_where_its_steps_lead(app):
    chart = next(found for found in elements(drawn(app), "Graph") if found.id == "effects-chart")
    trace = chart.figure.data[0]
    *steps, whole = trace.x
    assert sum(steps) == pytest.approx(whole, abs=0.01)
    for base, step, following in zip(trace.base, steps, trace.base[1:], strict=False):
        assert base + step == pytest.approx(following, abs=0.01) or following == 0.0


def test_the_years_are_the_first_and_the_last_chosen_or_the_last_two(app):
    def head(search: str) -> str:
        return text(
            next(part for part in walk(drawn(app, search)) if getattr(part, "className", "") == "page-head")
        )

    assert "2025-26 to 2026-27" in head("")
    assert "2023-24 to 2024-25" in head("years=2024-25")
    assert "2022-23 to 2025-26" in head("years=2022-23..2025-26")


def test_a_row_narrows_to_itself(app):
    link = next(link for link in elements(section(drawn(app), "rows"), "Link") if "Independent" in text(link))
    assert link.href == "/changed?settings=group:independent"
    assert "Independent placements" in text(drawn(app, link.href.partition("?")[2]))


def test_one_year_and_nothing_say_why_there_is_no_comparison(tmp_path):
    snapshots.full(tmp_path, keep_years=1)
    assert "nothing to compare it with" in text(drawn(app_of(tmp_path), "years=2022-23"))


def test_without_a_register_the_page_says_what_brings_it(tmp_path):
    snapshots.published_only(tmp_path)
    assert "not yet loaded" in text(drawn(app_of(tmp_path)))


def test_a_selection_without_spend_says_so(app):
    assert "Neither year has spend" in text(drawn(app, "provider=Nobody+of+that+name"))


@pytest.mark.parametrize("name", ["changed-effects", "changed-by-row", "changed-rows"])
def test_each_file_holds_what_the_screen_shows(app, name):
    query = f"years={BEFORE},{AFTER}&settings=group:independent"
    panel = {"changed-effects": "effects", "changed-by-row": "by-row", "changed-rows": "rows"}[name]
    layout = drawn(app, query)
    headings = [text(cell) for cell in elements(elements(section(layout, panel), "Thead")[0], "Th")]
    shown, _ = table_of(layout, panel)
    filed = list(
        csv.reader(
            io.StringIO(
                get(app.server.test_client(), f"/export/listing/{name}.csv?{query}").data.decode("utf-8-sig"),
                newline="",
            )
        )
    )
    assert filed[0][: len(headings)] == headings
    in_file = [row for row in filed[1:] if not row[0].startswith(("All together", "The whole change"))]
    assert [row[0] for row in in_file] == [row[0] for row in shown]
    for row, line in zip(in_file, shown, strict=True):
        for heading, there, here in zip(headings, row, line, strict=False):
            if "£" in here:
                assert round(float(there)) == pytest.approx(pounds(here), abs=1), heading


def test_the_price_is_split_into_inflation_and_what_goes_beyond_it(app, folder):
    whole = growth(Snapshot.open(folder), Selection(), BEFORE, AFTER).row(0, named=True)
    rows, _ = table_of(drawn(app), "effects")
    told = {row[0]: pounds(row[2]) for row in rows}
    assert told["Price: general inflation"] == round(whole["general_inflation"])
    assert told["Price: beyond inflation"] == round(whole["above_inflation"])
    assert told["Price: general inflation"] + told["Price: beyond inflation"] == pytest.approx(
        whole["price"], abs=1
    )
    assert "General inflation alone" in text(section(drawn(app), "effects"))


def test_a_file_that_cannot_be_made_is_refused_in_words(app, tmp_path):
    assert get(app.server.test_client(), "/export/listing/changed-nonsense.csv").status_code == 404
    # Without a register no date is covered, so there are not two to compare.
    snapshots.published_only(tmp_path)
    client = app_of(tmp_path).server.test_client()
    assert get(client, "/export/listing/movers.csv?compare=dates").status_code == 400


def test_the_movers_on_the_page_are_those_of_the_register(sample_build):
    app = app_of(sample_build.processed)
    found = movers(Snapshot.open(sample_build.processed), Selection(settings=("independent",)), BEFORE, AFTER)
    half = half_of(found)
    layout = drawn(app, "settings=group:independent")
    rows, foot = table_of(layout, "movers")
    # The half is on the screen, whatever goes the other way between its placements.
    assert len([row for row in rows if row[-2] != "–"]) >= half.placements
    assert len(rows) == max(20, rows_to_half(found))
    assert [row[0] for row in rows] == found["placement_id"].head(len(rows)).to_list()
    assert [pounds(row[-3]) for row in rows] == [round(value) for value in found["change"].head(len(rows))]
    assert pounds(foot[-3]) == round(found["change"].sum())
    assert rows[0][-1] == found["source"][0]  # from a figure to the very row of the workbook
    # "Which placements make half of it?" is answered by the heading, and the shares in the table say the same.
    assert f"The {half.placements} largest rises make half of the" in text(section(layout, "movers"))
    along = [row for row in rows if row[-2] != "–"]
    assert (
        float(along[half.placements - 1][-2].rstrip("%"))
        >= 50
        > float(along[half.placements - 2][-2].rstrip("%"))
    )


def test_two_dates_compare_what_is_open_on_each(sample_build):
    app = app_of(sample_build.processed)
    query = "compare=dates&from=2026-03-31&to=2026-10-31&settings=group:independent"
    layout = drawn(app, query)
    assert "The yearly cost of open placements" in text(section(layout, "effects"))
    snapshot = Snapshot.open(sample_build.processed)
    whole = growth(snapshot, Selection(settings=("independent",)), "2026-03-31", "2026-10-31").row(
        0, named=True
    )
    _, foot = table_of(layout, "rows")
    assert (pounds(foot[1]), pounds(foot[2])) == (round(whole["spend_before"]), round(whole["spend_after"]))
    # Down by links, the dates staying: group → setting → need → phase → the placements.
    steps = 0
    while elements(elements(section(layout, "rows"), "Tbody")[0], "Link"):
        largest = max(
            elements(elements(section(layout, "rows"), "Tbody")[0], "Tr"),
            key=lambda row: abs(pounds(text(row.children[3]))),
        )
        (link,) = elements(largest, "Link")
        query = link.href.partition("?")[2]
        assert "compare=dates&from=2026-03-31&to=2026-10-31" in query
        layout = drawn(app, query)
        steps += 1
    assert steps == 3
    moved, foot = table_of(layout, "movers")
    assert moved
    _, of_rows = table_of(layout, "rows")
    assert pounds(foot[-3]) == pytest.approx(pounds(of_rows[3]), abs=1)


def test_two_reports_show_which_line_moved(app, folder):
    layout = drawn(app, "compare=reports")
    rows, foot = table_of(layout, "reports")
    snapshot = Snapshot.open(folder)
    whole = report_movement(snapshot, Selection(), AFTER, "2026-09-30", "2026-10-31").row(0, named=True)
    assert (
        pounds(foot[3])
        == round(whole["movement"])
        == pytest.approx(sum(pounds(row[3]) for row in rows), abs=len(rows))
    )
    filed = get(app.server.test_client(), "/export/listing/report-movement.csv?compare=reports").data.decode(
        "utf-8-sig"
    )
    assert len(list(csv.reader(io.StringIO(filed, newline="")))) >= len(rows) + 1


def test_what_cannot_be_read_is_said_and_the_usual_is_shown(sample_build):
    layout = drawn(app_of(sample_build.processed), "compare=dates&from=1999-01-01&to=never")
    assert "“1999-01-01” is not a date that a register covers" in text(layout)
    assert "31 October 2025 to 31 October 2026" in text(layout)
    assert "of two years" not in text(layout)


def test_a_forged_moment_is_refused():
    for wrong in ("never", "2026-13-01", 7, ["2025-26"]):
        with pytest.raises(RefusedError):
            moment()(wrong)
    assert (
        moment()(None) == "" and moment()("2025-26") == "2025-26" and moment()("2026-10-31") == "2026-10-31"
    )
