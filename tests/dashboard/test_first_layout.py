"""The page in the first layout: for our own addresses only, and never drawn twice. No test names a page."""

from __future__ import annotations

import json
from typing import Any

import dash
import flask.testing
import pytest

from dashboard import first_layout
from dashboard.app import pages
from tests.dashboard.conftest import HERE, get, post

SECOND = "?years=2024-25..2026-27"


def _layout(client: flask.testing.FlaskClient, referer: str | None) -> str:
    answer = get(client, "/_dash-layout", headers={} if referer is None else {"Referer": referer})
    assert answer.status_code == 200
    return str(answer.text)


def _store(layout: str) -> Any:
    """What the first layout put into the router's store."""

    def find(part: Any) -> Any:
        if isinstance(part, list):
            return next((found for item in part if (found := find(item)) is not None), None)
        if not isinstance(part, dict):
            return None
        if part.get("id") == first_layout.STORE:
            return part.get("data")
        return next((found for item in part.values() if (found := find(item)) is not None), None)

    return find(json.loads(layout))


def _route(app: dash.Dash, client: flask.testing.FlaskClient, path: str, search: str, store: Any) -> Any:
    """The router's answer, by the id of what it changes."""
    output = next(name for name in app.callback_map if f"{first_layout.CONTENT}.children" in name)
    place = "_pages_location"
    body = {
        "output": output,
        "outputs": [
            {"id": first_layout.CONTENT, "property": "children"},
            {"id": first_layout.STORE, "property": "data"},
        ],
        "changedPropIds": [f"{place}.pathname", f"{place}.search"],
        "inputs": [
            {"id": place, "property": "pathname", "value": path},
            {"id": place, "property": "search", "value": search},
        ],
        "state": [
            {"id": place, "property": "search", "value": search},
            {"id": first_layout.STORE, "property": "data", "value": store},
        ],
    }
    answer = post(client, "/_dash-update-component", json=body)
    assert answer.status_code == 200
    return answer.json["response"]


@pytest.mark.parametrize("search", ["", SECOND])
def test_a_page_stands_in_the_layout_and_the_router_leaves_it(
    app: dash.Dash, client: flask.testing.FlaskClient, search: str
) -> None:
    for page in pages():
        layout = _layout(client, f"{HERE}{page['path']}{search}")
        assert '"id":"provenance"' in layout
        drawn = _route(app, client, page["path"], search, _store(layout))
        assert set(drawn) == {first_layout.STORE}
        assert drawn[first_layout.STORE]["data"] == {"title": page["title"]}, "and draws it the next time"


def test_the_layout_holds_what_the_router_would_have_drawn(
    app: dash.Dash, client: flask.testing.FlaskClient
) -> None:
    for page in pages():
        layout = json.loads(_layout(client, f"{HERE}{page['path']}{SECOND}"))
        routed = _route(app, client, page["path"], SECOND, None)[first_layout.CONTENT]["children"]
        assert json.dumps(routed, sort_keys=True) in json.dumps(layout, sort_keys=True)


def test_the_router_draws_every_other_address(app: dash.Dash, client: flask.testing.FlaskClient) -> None:
    first, second = pages()[0]["path"], pages()[1]["path"]
    store = _store(_layout(client, HERE + first))
    for path, search in ((second, ""), (first, SECOND), (first, "?")):
        assert first_layout.CONTENT in _route(app, client, path, search, store), (path, search)


@pytest.mark.parametrize(
    "store",
    [None, 7, "drawn", [], {}, {"drawn": None}, {"drawn": ["/"]}, {"drawn": [{}, []]}, {"title": "/"}],
)
def test_a_store_that_says_nothing_of_the_address_has_the_page_drawn(
    app: dash.Dash, client: flask.testing.FlaskClient, store: Any
) -> None:
    assert first_layout.CONTENT in _route(app, client, "/", "", store)


@pytest.mark.parametrize(
    "referer",
    [
        None, "", "/", "//evil", "//127.0.0.1:8050/", "about:blank", "http://evil.example/",
        "https://127.0.0.1:8050/", "http://127.0.0.1:9/", "http://localhost:8050/", "http://127.0.0.1:8050@evil.example/",
        "http://someone@127.0.0.1:8050/", "http://[", f"{HERE}", f"{HERE}//", f"{HERE}//evil", f"{HERE}/nowhere",
        f"{HERE}/../", f"{HERE}/assets/../", f"{HERE}/%2e%2e/", f"{HERE}/_dash-layout", f"{HERE}/?" + "x" * 9_000,
        f"{HERE}/?a=\x7f",
    ],
)  # fmt: skip
def test_any_other_referer_gives_the_shell_alone(
    client: flask.testing.FlaskClient, referer: str | None
) -> None:
    layout = _layout(client, referer)
    assert '"id":"navigation"' in layout
    assert "provenance" not in layout
    assert _store(layout) is None


def test_nonsense_in_the_query_is_dropped_as_for_a_navigation(client: flask.testing.FlaskClient) -> None:
    layout = _layout(client, f"{HERE}/?settings=castle&<script>&store=x&drawn=y&search=z")
    assert '"id":"provenance"' in layout
    assert "<script>" not in layout


def test_each_layout_has_a_container_of_its_own(client: flask.testing.FlaskClient) -> None:
    _layout(client, f"{HERE}/")
    assert "provenance" not in _layout(client, None)
