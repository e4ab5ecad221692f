"""The page of the rows behind a figure: they add up, say where they were read, and are a file as well."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import dash
import pytest

from dashboard.app import create_app, pages
from dashboard.data import Data, Source
from dashboard.listings.rows import SHOWN
from hnb.configuration import Configuration
from hnb.metrics import MEASURES, Selection, compute
from hnb.wording import count, pounds
from tests.dashboard import snapshots
from tests.dashboard.conftest import HERE, get
from tests.dashboard.reading import elements, text

SUTTON = "E09000029"
INDEPENDENT = "settings=group:independent&years=2025-26"

Page = Callable[[str], Any]


@contextmanager
def shown(app: dash.Dash) -> Iterator[Page]:
    page = next(one for one in pages() if one["path"] == "/rows")
    with app.server.test_request_context("/", base_url=HERE):
        yield lambda query="": page["layout"](search=f"?{query}" if query else "")


@pytest.fixture(scope="module")
def sample(sample_build) -> dash.Dash:
    configuration = Configuration(processed_folder=sample_build.processed)
    return create_app(Source(sample_build.processed, configuration), configuration)


@pytest.fixture(scope="module")
def data(sample) -> Data:
    return sample.server.extensions["hnb"].data()


def test_the_total_of_the_rows_is_the_figure_and_the_page_says_so(sample, data):
    selection = Selection.from_query(INDEPENDENT).with_(authority=SUTTON)
    figure = compute("spend", data, selection)["value"][0]
    with shown(sample) as page:
        drawn = page(f"measure=spend&{INDEPENDENT}")
    tiles = [text(tile) for tile in elements(drawn, "Li") if getattr(tile, "className", "") == "tile"]
    assert tiles[0] == f"Spend{pounds(figure)}"
    assert tiles[1] == f"Its rows add up to{pounds(figure)}the same"
    account = elements(drawn, "Table")[0]
    assert [text(cell) for cell in elements(account.children[-1], "Td")][-1] == pounds(figure)


def test_a_hundred_rows_at_a_time_and_none_twice(sample):
    with shown(sample) as page:
        first, second = (page(f"measure=placements&years=2025-26&at={at}") for at in (1, 2))
        beyond = page("measure=placements&years=2025-26&at=9999")

    def names(drawn: Any) -> list[str]:
        table = elements(drawn, "Table")[1]
        return [text(row.children[0]) for row in elements(table, "Tbody")[0].children]

    assert len(names(first)) == SHOWN == len(names(second))
    assert not set(names(first)) & set(names(second))
    assert "1 to 100 of" in text(first)
    assert "There are not so many rows" in text(beyond)


def test_the_file_has_every_row_of_the_step_and_adds_up(sample, data):
    answer = get(sample.server.test_client(), f"/export/listing/rows.csv?measure=placements&{INDEPENDENT}")
    lines = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
    selection = Selection.from_query(INDEPENDENT).with_(authority=SUTTON)
    assert len(lines) == compute("placements", data, selection)["value"][0]
    assert sum(int(float(line["In the figure"])) for line in lines) == len(lines)
    assert all(line["File, sheet and row"].count("!") == 2 for line in lines)


@pytest.mark.parametrize("measure", MEASURES)
def test_every_figure_has_its_page(sample, measure):
    with shown(sample) as page:
        drawn = page(f"measure={measure}")
    assert len(elements(drawn, "H1")) == 1
    assert "is not followed" not in text(drawn)


def test_one_row_of_a_file_is_shown_as_loaded_with_what_came_of_it(sample, data):
    placed = data.table("placements").row(0, named=True)
    with shown(sample) as page:
        drawn = page(f"source={quote(placed['source'])}")
    words = text(drawn)
    assert placed["source"] in words
    assert "It was loaded as 1 row of placements" in words
    assert placed["provider"] in words
    assert "worked out from it" in words
    assert placed["pupil_id"] not in words
    button = elements(drawn, "Button")[0]
    assert button.to_plotly_json()["props"]["data-copy"] == placed["source"]


@pytest.mark.parametrize(
    "source", ["nonsense", "a!b!c", "../../etc/passwd", "nobody.xlsx!Sheet!99", "<script>!a!1"]
)
def test_an_address_of_nothing_is_said_in_words(sample, source):
    with shown(sample) as page:
        words = text(page(f"source={quote(source)}"))
    assert "No such address" in words or "No row was loaded from here" in words


def test_what_cannot_be_read_of_the_address_is_said_and_left_out(sample):
    with shown(sample) as page:
        words = text(page("measure=nonsense&step=nonsense&at=-1&years=1066x"))
    assert "“nonsense” is no measure" in words
    assert count(1) in words


@pytest.mark.parametrize(
    "make", [snapshots.full, snapshots.one_row, snapshots.published_only, snapshots.empty]
)
def test_the_page_stands_whatever_is_loaded(make: Any, tmp_path: Path) -> None:
    make(tmp_path)
    configuration = Configuration(processed_folder=tmp_path)
    app = create_app(Source(tmp_path, configuration), configuration)
    with shown(app) as page:
        for query in ("", "measure=cumulative_balance", "measure=placements&phases=secondary"):
            drawn = page(query)
            assert len(elements(drawn, "H1")) == 1
            assert "cannot be shown" not in text(drawn)
