"""Search: everything that has a name is found and leads to a page of ours; nothing of a child is."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

import dash
import pytest

from dashboard.app import create_app, pages
from dashboard.data import Source
from dashboard.search import SHOWN, found
from hnb.configuration import Configuration
from hnb.metrics import Selection
from tests.dashboard.conftest import HERE, get
from tests.dashboard.reading import elements, text


@pytest.fixture(scope="module")
def sample(sample_build) -> dash.Dash:
    configuration = Configuration(processed_folder=sample_build.processed)
    return create_app(Source(sample_build.processed, configuration), configuration)


def search(app: dash.Dash, typed: str):
    return found(typed, app.server.extensions["hnb"].data(), pages())


def drawn(app: dash.Dash, query: str):
    page = next(page for page in pages() if page["path"] == "/search")
    with app.server.test_request_context("/", base_url=HERE):
        return page["layout"](search=f"?{query}" if query else "")


@pytest.mark.parametrize(
    ("typed", "kind", "first"),
    [
        ("spend", "page", "Spend"),
        ("1.2.3", "line", "1.2.3"),
        ("SEMH", "code", "Social, emotional and mental health"),
        ("indepndent special", "code", "Independent special school"),
        ("cost of a placement", "measure", "Cost of a placement-year"),
        ("resource bases", "recommendation", "resource"),
    ],
)
def test_a_name_is_found_under_its_kind(sample, typed, kind, first):
    results = search(sample, typed)
    assert first in results[kind][0].name


def test_a_misspelt_provider_is_found_and_leads_to_a_page_narrowed_to_it(sample):
    data = sample.server.extensions["hnb"].data()
    name = data.table("placements")["provider"].drop_nulls()[0]
    misspelt = name[:3] + name[4:]
    (entry, *_) = search(sample, misspelt)["provider"]
    assert entry.name == name
    selection, dropped = Selection.read(urlsplit(entry.address).query)
    assert selection.providers == (name,)
    assert dropped == ()


def test_every_result_leads_to_a_page_that_is_there_and_reads_its_link(sample):
    paths = {page["path"] for page in pages()}
    for typed in ("a", "s", "special", "independent", "top-up", "spend", "primary"):
        for entries in search(sample, typed).values():
            for entry in entries:
                parts = urlsplit(entry.address)
                assert parts.path in paths
                assert not parts.netloc
                assert Selection.read(parts.query)[1] == ()


def test_of_a_child_only_the_exact_number_of_a_placement_is_found(sample):
    data = sample.server.extensions["hnb"].data()
    placement = data.table("placements")["placement_id"][0]
    pupil = data.table("placements")["pupil_id"][0]
    assert {entry.name for entry in search(sample, placement)["placement"]} == {placement}
    for typed in (placement[:-1], placement.lower() + "x", "P", pupil, pupil[:8]):
        assert "placement" not in search(sample, typed), typed
        assert pupil not in str(search(sample, typed))


def test_the_page_is_bounded_and_says_what_it_found(sample):
    page = drawn(sample, "q=school")
    assert len(elements(page, "H1")) == 1
    for section in elements(page, "Section"):
        assert len(elements(section, "Li")) <= SHOWN
    assert "for “school”" in text(page)


@pytest.mark.parametrize(
    "typed", ["", "   ", "zzzzqqq", "<script>alert(1)</script>", "x" * 3_000, "%00", "=1+1"]
)
def test_nothing_is_found_in_words(sample, typed):
    words = text(drawn(sample, f"q={quote(typed)}" if typed else ""))
    assert "What are you looking for?" in words
    assert "Traceback" not in words
    assert "x" * 200 not in words


def test_the_address_of_the_form_is_answered(sample):
    assert get(sample.server.test_client(), "/search?q=sherwood+park").status_code == 200
