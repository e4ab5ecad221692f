"""Side by side: both selections are in the address, and the page and its files say the same of them."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import dash
import pytest

from dashboard.app import create_app, pages
from dashboard.data import Source
from dashboard.listings.side_by_side import PATH
from hnb.configuration import Configuration
from hnb.metrics import Selection, compute
from hnb.store import Snapshot
from hnb.wording import pounds
from tests.dashboard import snapshots
from tests.dashboard.conftest import HERE, get
from tests.dashboard.reading import elements, text

A, B = "settings=mainstream&years=2025-26", "settings=special_independent&years=2025-26"
BOTH = urlencode({"a": A, "b": B})


def over(folder: Path) -> dash.Dash:
    configuration = Configuration(processed_folder=folder)
    return create_app(Source(folder, configuration), configuration)


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> tuple[dash.Dash, Snapshot]:
    folder = tmp_path_factory.mktemp("beside")
    snapshots.full(folder)
    return over(folder), Snapshot.open(folder)


def drawn(app: dash.Dash, query: str = "") -> Any:
    page = next(page for page in pages() if page["path"] == PATH)
    with app.server.test_request_context("/", base_url=HERE):
        return page["layout"](search=f"?{query}" if query else "")


def test_the_figures_are_computes_of_each_selection(full):
    app, data = full
    page = drawn(app, BOTH)
    first, *_ = elements(elements(page, "Table")[0], "Tr")[1:]
    amounts = [compute("spend", data, Selection.from_query(query))["value"][0] for query in (A, B)]
    cells = [text(cell) for cell in elements(first, "Td")]
    assert cells[:2] == [pounds(amount) for amount in amounts]
    assert "than A" in cells[2]


def test_the_file_is_the_screen(full):
    app, _ = full
    page = drawn(app, BOTH)
    table = elements(page, "Table")[2]
    answer = get(app.server.test_client(), f"/export/listing/side-by-side-setting.csv?{BOTH}")
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
    shown = [[text(cell) for cell in row.children] for row in elements(table, "Tbody")[0].children]
    assert [row[0] for row in shown] == [row["Setting"] for row in rows]
    assert [row[1] for row in shown] == [pounds(float(row["A"])) for row in rows]


def test_a_side_that_is_not_there_is_everything_and_a_bad_one_is_said(full):
    app, _ = full
    assert "A: All settings, phases and needs, 2026-27" in text(drawn(app))
    bad = urlencode({"a": "settings=castle&years=1066x", "b": "x" * 3_000})
    words = text(drawn(app, bad))
    assert "A: “castle”" in words
    assert "x" * 100 not in words


def test_there_is_one_status_and_one_heading(full):
    page = drawn(full[0], BOTH)
    assert len(elements(page, "H1")) == 1
    states = [item for item in elements(page, "P") if hasattr(item, "data-status")]
    assert len(states) == 1


@pytest.mark.parametrize("make", [snapshots.one_row, snapshots.published_only, snapshots.empty])
@pytest.mark.parametrize("query", ["", BOTH, "a=" + quote(A)])
def test_the_page_stands_whatever_is_loaded(make: Any, query: str, tmp_path: Path) -> None:
    make(tmp_path)
    assert "cannot be shown" not in text(drawn(over(tmp_path), query))
