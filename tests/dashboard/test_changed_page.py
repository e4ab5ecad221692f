"""What changed: the page's numbers are those of `growth` and `movers`, and add up as they say."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import dash
import pytest

from dashboard.app import create_app, pages
from dashboard.data import Source
from hnb.configuration import Configuration
from hnb.growth import EFFECTS, growth
from hnb.metrics import Selection
from hnb.movers import movers
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


def test_the_file_has_the_table_s_rows_and_its_whole(app, folder):
    answer = get(
        app.server.test_client(),
        f"/export/growth/setting.csv?from={BEFORE}&to={AFTER}&settings=group:independent",
    )
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))
    whole = growth(Snapshot.open(folder), Selection(settings=("independent",)), BEFORE, AFTER).row(
        0, named=True
    )
    assert (
        rows[-1]["Kind of setting" if "Kind of setting" in rows[-1] else next(iter(rows[-1]))]
        == "All together"
    )
    assert float(rows[-1]["Change (£)"]) == whole["change"]
    assert sum(float(row["Price (£)"]) for row in rows[:-1]) == pytest.approx(whole["price"], abs=0.01)
    assert rows[0]["Selected"] == "Independent placements"


def test_a_file_that_cannot_be_made_is_refused_in_words(app):
    client = app.server.test_client()
    assert get(client, "/export/growth/provider.csv?from=2025-26&to=2026-27").status_code == 404
    assert get(client, "/export/growth/setting.csv?from=2025-26&to=2025-26").status_code == 400
    assert get(client, "/export/growth/setting.csv?from=yesterday&to=2025-26").status_code == 400


def test_the_movers_on_the_page_are_those_of_the_register(sample_build):
    app = app_of(sample_build.processed)
    found = movers(Snapshot.open(sample_build.processed), Selection(settings=("independent",)), BEFORE, AFTER)
    rows, foot = table_of(drawn(app, "settings=group:independent"), "movers")
    assert [row[0] for row in rows] == found["placement_id"].head(20).to_list()
    assert [pounds(row[-2]) for row in rows] == [round(value) for value in found["change"].head(20)]
    assert pounds(foot[-2]) == round(found["change"].sum())
    assert rows[0][-1] == found["source"][0]  # from a figure to the very row of the workbook
