"""The shell: the navigation is the registry in groups, and the search is a plain form."""

from __future__ import annotations

from typing import Any

import dash
from dash import dcc, html

from dashboard.app import pages
from dashboard.shell import GROUPS, listed, navigation
from tests.dashboard.conftest import components, text_of


def page(name: str, order: int, **more: Any) -> dict[str, Any]:
    return {"name": name, "relative_path": f"/{name}", "order": order, **more}


def test_pages_stand_in_groups_that_follow_from_their_order():
    drawn = navigation(
        [
            page("overview", 0),
            page("spend", 10),
            page("changed", 50),
            page("balance", 70),
            page("method", 110),
        ]
    )
    lists = [
        [link.children for link in components(part) if isinstance(link, dcc.Link)]
        for part in components(drawn)
        if isinstance(part, html.Ul)
    ]
    assert lists == [["overview"], ["spend", "changed"], ["balance"], ["method"]]
    headings = [text_of(part) for part in components(drawn) if isinstance(part, html.P)]
    assert headings == [heading for _, heading in GROUPS if heading]


def test_each_group_is_named_by_its_heading():
    drawn = navigation([page("overview", 0), page("spend", 10)])
    _, explore = [part for part in components(drawn) if isinstance(part, html.Ul)]
    (heading,) = [part for part in components(drawn) if isinstance(part, html.P)]
    assert explore.to_plotly_json()["props"]["aria-labelledby"] == heading.id


def test_a_page_that_is_not_listed_is_served_and_not_in_the_navigation():
    assert [one["name"] for one in listed([page("rows", 5, listed=False), page("spend", 10)])] == ["spend"]


def test_every_group_of_the_navigation_has_pages_and_none_stands_twice(app: dash.Dash):
    headings = [text_of(part) for part in components(navigation(pages())) if isinstance(part, html.P)]
    assert len(headings) == len(set(headings)), "orders put a page apart from its group"


def test_the_search_is_a_form_that_asks_by_address(app: dash.Dash):
    (form,) = [part for part in components(app.layout()) if isinstance(part, html.Form)]
    assert (form.action, form.method, form.role) == ("/search", "get", "search")
    (field,) = [part for part in components(form) if getattr(part, "name", None) == "q"]
    assert field.to_plotly_json()["props"]["aria-label"]


def test_the_button_of_the_menu_says_what_it_opens(app: dash.Dash):
    (button,) = [part for part in components(app.layout()) if getattr(part, "id", None) == "menu"]
    assert button.to_plotly_json()["props"]["aria-controls"] == "navigation"
