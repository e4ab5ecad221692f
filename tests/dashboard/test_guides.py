"""The documents on the page Method: every one is shown whole, its links lead to pages, and nothing of it is HTML."""

from __future__ import annotations

from typing import Any

import dash
import pytest

from dashboard.app import pages
from dashboard.components.markdown import markdown
from dashboard.guides import HOW_TO, REFERENCE, guides
from hnb.method import anchors
from tests.dashboard.conftest import layout_of
from tests.dashboard.reading import elements, text, walk


def method(app: dash.Dash, search: str = "") -> Any:
    return layout_of(app, next(page for page in pages() if page["path"] == "/method"), search)


def nowhere(_: str) -> str:
    return ""


def test_method_lists_every_document(app: dash.Dash):
    listed = {link.href for link in elements(method(app), "Link")}
    assert {f"/method?guide={name}" for name in (*HOW_TO, *REFERENCE)} <= listed


@pytest.mark.parametrize("guide", guides(), ids=lambda guide: guide.name)
def test_a_document_is_shown_whole(app: dash.Dash, guide):
    layout = method(app, f"?guide={guide.name}")
    assert [text(heading) for heading in elements(layout, "H1")] == [guide.title]
    drawn = text(layout)
    for line in guide.text.splitlines():
        if line.startswith("#"):
            assert line.lstrip("# ").replace("`", "") in drawn
    assert ("```" in drawn, "](" in drawn, "| ---" in drawn) == (False, False, False)


@pytest.mark.parametrize("guide", guides(), ids=lambda guide: guide.name)
def test_its_links_lead_to_entries_and_documents_that_there_are(app: dash.Dash, guide):
    names = {one.name for one in guides()}
    parts = {"tables", "measures", "codes", "rules"}
    for link in elements(method(app, f"?guide={guide.name}"), "Link"):
        path, _, anchor = link.href.partition("#")
        asked = dict(pair.split("=") for pair in path.partition("?")[2].split("&") if pair)
        assert path.startswith("/method")
        assert asked.get("guide", HOW_TO[0]) in names and asked.get("part", "codes") in parts
        assert not anchor or "part" not in asked or anchor in set(anchors()), link.href


def test_headings_follow_the_page_s_own(app: dash.Dash):
    layout = method(app, "?guide=add-a-measure")
    sizes = [type(part).__name__ for part in walk(layout) if type(part).__name__ in ("H1", "H2", "H3")]
    assert sizes[0] == "H1" and set(sizes[1:]) == {"H2"}


def test_looking_for_words_finds_documents_too(app: dash.Dash):
    found = {link.href for link in elements(method(app, "?q=register+workbook+target"), "Link")}
    assert "/method?guide=add-a-recommendation" in found
    assert "/method?guide=another-council" not in found


@pytest.mark.parametrize("search", ["?guide=nonsense", "?guide=../README", "?guide=%2e%2e%2fsettings"])
def test_only_the_documents_of_the_list_can_be_asked_for(app: dash.Dash, search):
    assert text(elements(method(app, search), "H1")[0]) == "How is each number made?"


def test_html_in_a_document_is_text():
    (paragraph,) = markdown("a <script>alert(1)</script> b", nowhere)
    assert text(paragraph) == "a <script>alert(1)</script> b"
    assert elements(paragraph, "Script") == []


def test_what_no_page_shows_is_refused_and_not_dropped():
    with pytest.raises(ValueError, match="blockquote"):
        markdown("> said", nowhere)


def test_a_table_a_list_and_code_are_elements():
    drawn = markdown(
        "| a | b |\n|---|---|\n| 1 | `x` |\n\n1. one\n2. two\n\n```sh\nmake demo\n```\n", nowhere
    )
    assert [text(cell) for cell in elements(drawn, "Th")] == ["a", "b"]
    assert [text(cell) for cell in elements(drawn, "Td")] == ["1", "x"]
    assert [text(item) for item in elements(drawn, "Li")] == ["one", "two"]
    assert [text(code) for code in elements(drawn, "Pre")] == ["make demo\n"]
