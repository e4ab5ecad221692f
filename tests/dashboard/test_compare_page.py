"""Compare: our place on both denominators with the coverage said, the mix, and that the files are the screen."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import dash
import pandas
import pytest

from dashboard.app import create_app, pages
from dashboard.data import Source
from hnb.configuration import Configuration
from hnb.store import publish
from hnb.tables import TABLES
from tests.dashboard import comparison_records, snapshots
from tests.dashboard.conftest import get, layout_of
from tests.dashboard.reading import elements, text, walk


def app_of(folder: Path) -> dash.Dash:
    configuration = Configuration(processed_folder=folder)
    return create_app(Source(folder, configuration), configuration)


def drawn(app: dash.Dash, search: str = ""):
    return layout_of(app, next(found for found in pages() if found["path"] == "/compare"), search)


def section(layout, name):
    return next(part for part in walk(layout) if getattr(part, "id", None) == name)


@pytest.fixture(scope="module")
def app(tmp_path_factory) -> dash.Dash:
    folder = tmp_path_factory.mktemp("compare")
    frames = comparison_records.comparison() | {
        "plans": pandas.concat(
            [snapshots.plan_rows(), comparison_records.neighbour_plans()], ignore_index=True
        )
    }
    tables = {name: frames.get(name, table.empty()) for name, table in TABLES.items()}
    publish(
        tables,
        folder,
        files=[{"name": "invented.xlsx", "sha256": "0" * 64, "bytes": 0, "rows": 1}],
        now=snapshots.NOW,
        code_version="test",
    )
    return app_of(folder)


def test_our_place_on_both_denominators_and_who_did_not_report(app):
    layout = drawn(app, "settings=group:independent")
    # Ours 387 of 60,000 (64.5) and 36,000 (107.5); Merton 400 of 58,000 (69.0), Hertfordshire 600 of 350,000 (17.1).
    assert (
        "Sutton is second highest of 3 for independent placements: 64.5 plans per 10,000 people aged 0 to 24, neighbours’ mean 43.1"
        in text(section(layout, "first"))
    )
    assert "107.5 plans per 10,000 pupils, neighbours’ mean 71.8" in text(section(layout, "second"))
    assert "2 of 3 neighbours: Cambridgeshire did not report" in text(section(layout, "first"))
    assert "did not report" in str(elements(section(layout, "first"), "Graph")[0].figure)
    assert "Statistical neighbours of May 2025" in text(layout)


def test_the_year_in_focus_is_the_last_that_others_have_unless_the_link_names_one(app):
    assert "January 2025" in text(drawn(app))
    assert "January 2026, against" in text(drawn(app, "years=2025-26"))


def test_london_has_its_published_rate_and_england_is_not_made_of_four_authorities(app):
    words = text(section(drawn(app), "rates"))
    assert "London" in words and "384.6" in words  # 100,000 of 2,600,000
    assert "No published total; 4 of" in words


def test_the_mix_says_who_reported_placements(app):
    panel = section(drawn(app), "mix")
    assert "2 of 3 neighbours reported placements" in text(panel)
    rows = elements(elements(panel, "Tbody")[0], "Tr")
    shares = [float(text(row.children[1]).rstrip("%")) for row in rows]
    assert sum(shares) == pytest.approx(100.0, abs=0.3)


def test_what_cannot_be_read_is_said_and_what_is_not_loaded_too(app):
    words = text(drawn(app, "measure=nonsense&edition=1999-01-01&needs=ASD"))
    assert "“nonsense” cannot be compared here" in words
    assert "no edition of the neighbours that is loaded" in words
    assert (
        "EHC plans is not split by need" in words.replace("primary need", "need") or "not split by" in words
    )
    assert "not yet loaded" in text(drawn(app, "measure=spend"))


def test_the_files_are_the_tables_of_the_screen(app):
    query = "settings=group:independent"
    screen = [
        text(row.children[0])
        for row in elements(elements(section(drawn(app, query), "rates"), "Tbody")[0], "Tr")
    ]
    answer = get(app.server.test_client(), f"/export/listing/compare-rates.csv?{query}")
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))
    assert [row["Authority"] for row in rows] == screen
    ours = next(row for row in rows if row["Authority"] == "Sutton")
    assert float(ours["Plans per 10,000 people aged 0 to 24"]) == pytest.approx(64.5)
    for name in ("compare-mix", "compare-line-groups", "compare-years"):
        assert get(app.server.test_client(), f"/export/listing/{name}.xlsx?{query}").status_code == 200
