"""A measure of the installation's own, declared in its file, is on the pages without a line of code."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import dash
import pytest

from dashboard.app import create_app, pages
from dashboard.data import Source
from hnb.configuration import Configuration
from hnb.errors import HnbError
from hnb.metrics import MEASURES
from tests.dashboard.conftest import get, layout_of
from tests.dashboard.reading import elements, text

TITLE = "Cost of an independent placement-year"
DECLARED = f"""
[independent_year_cost]
like = "spend_per_placement_year"
title = "{TITLE}"
question = "What does a year in an independent school cost the block?"
where = {{ setting_group = ["independent"] }}

[started_placements]
title = "Placements started, counted by the month"
question = "How many placements begin in the year?"
caution = "A child who moves starts again."
source = "Placement register, summed by month."
unit = "placements"
better = "neither"
table = "placement_sums"
dimensions = ["authority", "financial_year", "setting", "setting_group", "phase", "need"]
numerator = "started"

[only_by_year]
like = "allocation"
title = "Allocation once more"
question = "How large is the block?"
"""


@pytest.fixture(scope="module")
def own(full_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dash.Dash]:
    file = tmp_path_factory.mktemp("measures") / "measures.toml"
    file.write_text(DECLARED, encoding="utf-8")
    configuration = Configuration(processed_folder=full_folder, measures_file=file)
    yield create_app(Source(full_folder, configuration), configuration)
    MEASURES.declare(())


def page(app: dash.Dash, path: str, search: str = ""):
    return layout_of(app, next(found for found in pages() if found["path"] == path), search)


def test_spend_crosses_it(own):
    layout = page(
        own, "/spend", "?measure=independent_year_cost&years=2022-23&rows=phase&columns=setting_group"
    )
    drawn = text(layout)
    # In 2022-23, 58,000 primary; (75 × 64,000 + 12 × 61,000) ÷ 87 secondary.
    assert TITLE in drawn
    assert "£58,000" in drawn and "£63,586" in drawn


def test_spend_offers_those_that_can_be_crossed(own):
    (chooser,) = [part for part in elements(page(own, "/spend"), "Select") if part.id == "spend-measure"]
    offered = {option["value"] for option in chooser.data}
    assert {"independent_year_cost", "started_placements"} <= offered
    assert "only_by_year" not in offered
    assert TITLE not in text(page(own, "/budget"))


@pytest.mark.parametrize("measure", ["started_placements", "independent_year_cost"])
def test_spend_draws_it_over_the_years(own, measure):
    layout = page(own, "/spend", f"?measure={measure}")
    assert MEASURES[measure].title in text(layout)
    assert elements(layout, "Graph")


def test_method_explains_it_and_says_whose_it_is(own):
    layout = page(own, "/method", "?q=independent+placement-year")
    (entry,) = [part for part in elements(layout, "Details") if part.id == "measure-independent-year-cost"]
    for words in (
        TITLE,
        "This installation, in its measures file.",
        "spend_per_placement_year"[:5],
        "amount",
    ):
        assert words in text(entry)


def test_its_rows_and_its_file_are_there(own):
    assert TITLE in text(page(own, "/rows", "?measure=independent_year_cost&years=2022-23"))
    client = own.server.test_client()
    answer = get(client, "/export/independent_year_cost.csv?years=2022-23&by=phase&authority=E09000029")
    assert answer.status_code == 200
    lines = answer.get_data(as_text=True).splitlines()
    assert any("Primary" in line and "58000" in line for line in lines)


def test_searching_finds_it(own):
    assert TITLE in text(page(own, "/search", "?q=independent+placement-year"))


def test_a_fault_of_the_file_stops_the_dashboard_with_a_sentence(full_folder, tmp_path):
    file = tmp_path / "measures.toml"
    file.write_text('[mine]\nlike = "spnd"\ntitle = "Mine"\nquestion = "What?"\n', encoding="utf-8")
    configuration = Configuration(processed_folder=full_folder, measures_file=file)
    with pytest.raises(HnbError, match=r"measures\.toml, \[mine\], like: “spnd” .* perhaps spend was meant"):
        create_app(Source(full_folder, configuration), configuration)
