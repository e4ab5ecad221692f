"""What goes out as one component instead of one an element: the same page, few components, callbacks' names kept."""

from __future__ import annotations

import json
from typing import Any

import dash
import dash_mantine_components as dmc
import flask.testing
from dash import dcc
from dash.development.base_component import Component

from dashboard.app import pages
from dashboard.components import html
from dashboard.components.markup import Markup, condensed, named_by
from tests.dashboard.conftest import HERE, get, layout_of
from tests.dashboard.reading import elements, text, walk

MOST_COMPONENTS = 300
"""That the renderer may have to ask at each change; a page of 2,000 stood still for 4 s of the processor's time."""


def json_of(part: Component) -> Any:
    return json.loads(json.dumps(part, default=lambda component: component.to_plotly_json()))


def test_what_is_only_read_goes_out_as_one_tree() -> None:
    page = html.Div([html.P(["As at ", html.B("May")], id="said", className="small"), None, "end"])
    assert json_of(condensed(page, ())) == {
        "namespace": "dashboard_markup",
        "type": "Markup",
        "props": {
            "tree": [
                ["div", {}, ["p", {"id": "said", "className": "small"}, "As at ", ["b", {}, "May"]], "end"]
            ]
        },
    }


def test_controls_stay_with_all_that_is_around_them_and_the_rest_stands_in_trees_between() -> None:
    page = html.Section(
        [
            html.H2("One"),
            html.P("two"),
            html.Div([dmc.TextInput(id="find")]),
            html.Table(html.Tr(html.Td(3))),
        ],
        id="panel",
    )
    found = condensed(page, ())
    assert [type(part).__name__ for part in found.children] == ["Markup", "Div", "Markup"]
    assert [type(part).__name__ for part in found.children[0].children] == ["H2", "P"]
    assert found.children[1].children[0] is page.children[2].children[0]
    assert found.id == "panel"
    assert text(found) == text(page) == "Onetwo3"
    assert len(page.children) == 4, "what was given is as it was"


def test_what_a_callback_names_stays_a_component_and_so_does_a_pattern() -> None:
    page = html.Div([html.Button("Save", id="save"), html.P("x", id={"said": 1}), html.P("y", id="other")])
    found = condensed(page, {"save"})
    assert [type(part).__name__ for part in found.children] == ["Button", "P", "Markup"]


def test_a_link_in_a_tree_keeps_its_words_and_says_that_it_is_one() -> None:
    link = dcc.Link("Spend", href="/spend?years=2025-26", className="clear")
    assert json_of(condensed(link, ()))["props"]["tree"] == [
        ["Link", {"href": "/spend?years=2025-26", "className": "clear"}, "Spend"]
    ]


def test_the_names_are_those_of_every_callback(app: dash.Dash) -> None:
    named = named_by(app.callback_map)
    assert {"_pages_content", "_pages_location", "views-list", "views-rename", "save-view-do"} <= named
    layout = {part.id for page in pages() for part in walk(layout_of(app, page)) if hasattr(part, "id")}
    tree = {
        part.id
        for page in pages()
        for markup in elements(layout_of(app, page), "Markup")
        for part in walk(markup)
        if hasattr(part, "id")
    }
    assert layout & named
    assert not tree & named


def test_every_page_is_few_components(app: dash.Dash, client: flask.testing.FlaskClient) -> None:
    for page in pages():
        layout = get(client, "/_dash-layout", headers={"Referer": f"{HERE}{page['path']}"}).text
        assert layout.count('"namespace":') < MOST_COMPONENTS, page["path"]
        whole = layout_of(app, page)
        assert isinstance(whole, Markup) or elements(whole, "Markup"), page["path"]
