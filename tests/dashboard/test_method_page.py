"""The page Method: every entry under an address of its own, narrowed by the address, led to from each chart's source."""

from __future__ import annotations

from typing import Any

import dash
import pytest

from dashboard.app import pages
from hnb.codelists import CODELISTS
from hnb.method import anchors, sections
from hnb.metrics import MEASURES
from tests.dashboard.conftest import layout_of
from tests.dashboard.reading import elements, text, walk


def method(app: dash.Dash, search: str = "") -> Any:
    return layout_of(app, next(page for page in pages() if page["path"] == "/method"), search)


def ids(layout: Any) -> set[str]:
    return {part.id for part in walk(layout) if isinstance(getattr(part, "id", None), str)}


def test_every_entry_has_its_place_on_the_page(app: dash.Dash):
    assert set(anchors()) <= ids(method(app))


def test_the_long_sections_are_names_until_they_are_asked_for(app: dash.Dash):
    whole, codes = method(app), method(app, "?part=codes")
    assert len(elements(whole, "Tr")) < 40
    assert len(elements(codes, "Tr")) > 500
    assert {section.name for section in sections()} & ids(codes) == {"codes"}
    link = next(link for link in elements(whole, "Link") if link.href.endswith("#codes-settings"))
    assert link.href == "/method?part=codes#codes-settings"


@pytest.mark.parametrize("section", [section.name for section in sections()])
def test_each_section_shows_all_of_its_entries_in_full(app: dash.Dash, section: str):
    drawn = text(method(app, f"?part={section}"))
    (wanted,) = [one for one in sections() if one.name == section]
    for entry in wanted.entries:
        assert entry.title in drawn and entry.about in drawn
        assert all(cell in drawn for row in entry.rows for cell in row)


def test_what_is_looked_for_narrows_and_stands_open(app: dash.Dash):
    layout = method(app, "?q=top-ups+and+fees")
    folded = [part for part in elements(layout, "Details") if part.id == "measure-spend-per-placement-year"]
    assert [part.open for part in folded] == [True]
    assert text(layout).count("What does the block spend, and on whom?") == 0


@pytest.mark.parametrize("search", ["?q=zzzz+nothing", "?part=nonsense", "?q=%3Cscript%3E", "?years=2025-26"])
def test_any_address_is_answered(app: dash.Dash, search: str):
    assert len(elements(method(app, search), "H1")) == 1


def test_the_source_of_each_chart_leads_to_how_its_measure_is_made(app: dash.Dash):
    overview = layout_of(app, next(page for page in pages() if page["path"] == "/"))
    led = {link.href for link in elements(overview, "Link") if link.href.startswith("/method")}
    assert led
    assert led <= {f"/method#{anchor}" for anchor in anchors()}


def test_every_rule_is_told(app: dash.Dash):
    drawn = text(method(app))
    for entry in CODELISTS["rules"].entries.values():
        assert entry.label in drawn and entry.details["source"] in drawn
    assert all(measure.caution in drawn for measure in MEASURES.values())
