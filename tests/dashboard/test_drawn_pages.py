"""A page asked for again is the page that was drawn, figure by figure, and each role's and snapshot's is its own.

path + query ──▶ drawn once ──▶ JSON, made small ──▶ whoever asks next
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import dash
import flask
import flask.testing
import pytest
from plotly.io.json import to_json_plotly

from dashboard import first_layout
from dashboard.access import guarded_layout
from dashboard.app import pages
from dashboard.components import html
from dashboard.data import Data, Source
from dashboard.drawn_pages import DrawnPages, install, standing_for
from dashboard.roles import ANALYST, AS_AN_ANALYST, AT_THIS_MACHINE, OFFICER, is_from
from hnb.configuration import Configuration
from hnb.errors import HnbError
from tests.dashboard.conftest import HERE, get

QUERIES = (
    "",
    "years=2024-25..2026-27",
    "years=2025-26&settings=group:independent&in_borough=no",
    "years=nonsense",
)


def counted(answer: Any) -> tuple[Callable[[], Any], list[int]]:
    """Something that draws a page, and how often it was asked to."""
    drawings: list[int] = []

    def draw() -> Any:
        drawings.append(1)
        return answer

    return draw, drawings


def test_a_page_is_drawn_once_and_given_anew_each_time() -> None:
    drawn = DrawnPages()
    draw, drawings = counted(html.P("£1.20", id="figure"))
    first, second = drawn.page("/", "", draw), drawn.page("/", "", draw)
    assert first == second
    assert json.loads(first) == {"props": {"children": "£1.20", "id": "figure"}, "type": "P", "namespace": "dash_html_components"}  # fmt: skip
    assert len(drawings) == 1


def test_path_and_query_both_tell_pages_apart() -> None:
    drawn = DrawnPages()
    for path, query in (("/", ""), ("/", "a"), ("/a", ""), ("/spend", "years=2025-26")):
        page = drawn.page(path, query, lambda said=path + query: [said])
        assert json.loads(page) == [path + query]


def test_what_was_not_asked_for_longest_goes_when_there_are_too_many_bytes() -> None:
    one = "0123456789"
    room = DrawnPages()
    room.page("/", "a", lambda: one)
    size = room._pages.size
    drawn = DrawnPages(bytes_kept=2 * size)
    for query in ("a", "b", "a", "c"):  # a is asked for again, so b goes for c
        drawn.page("/", query, lambda: one)
    for query, times in (("a", 0), ("c", 0), ("b", 1)):
        draw, drawings = counted(one)
        drawn.page("/", query, draw)
        assert len(drawings) == times, query
    assert drawn._pages.size == 2 * size


def test_a_page_larger_than_the_bound_is_given_and_not_kept() -> None:
    drawn = DrawnPages(bytes_kept=5)
    draw, drawings = counted("a long text that has no room")
    assert drawn.page("/", "", draw) == drawn.page("/", "", draw) == b'"a long text that has no room"'
    assert (len(drawings), drawn._pages.size) == (2, 0)


def test_what_cannot_be_shown_is_not_kept() -> None:
    drawn = DrawnPages()

    def fail() -> Any:
        raise HnbError("nothing was published")

    with pytest.raises(HnbError):
        drawn.page("/", "", fail)
    assert drawn.page("/", "", lambda: "it is there now") == b'"it is there now"'


# ------------------------------------------------------------------------------- the place of a page


def test_pages_stand_where_their_words_stood_and_each_request_has_its_own() -> None:
    server = flask.Flask("invented")
    install(server)
    words: list[str] = []

    @server.get("/two")
    def two() -> dict[str, Any]:
        words.extend(standing_for(json.dumps(page).encode()) for page in ({"a": "£1\\d"}, ["b"]))
        return {"first": words[-2], "other": "page-0-", "second": [words[-1]]}

    @server.get("/none")
    def none() -> dict[str, Any]:
        return {"typed": words[0]}

    client = server.test_client()
    assert client.get("/two").json == {"first": {"a": "£1\\d"}, "other": "page-0-", "second": [["b"]]}
    assert int(client.get("/two").headers["Content-Length"]) == len(client.get("/two").data)
    assert client.get("/none").json == {"typed": words[0]}, "a word of another request stands for nothing"


# ----------------------------------------------------------------------------------- in the dashboard


def kept_pages() -> list[dict[str, Any]]:
    return [page for page in pages() if page.get("is_kept")]


def drawn_anew(app: dash.Dash, page: dict[str, Any], query: str) -> Any:
    """The page as it is worked out for this question, never one that was kept."""
    with app.server.test_request_context("/", base_url=HERE):
        return json.loads(to_json_plotly(page["layout"](search=f"?{query}" if query else "")))


def sent(client: flask.testing.FlaskClient, path: str, query: str) -> Any:
    """The page that stands in the layout as it goes to the browser."""
    answer = get(client, "/_dash-layout", headers={"Referer": f"{HERE}{path}{'?' if query else ''}{query}"})

    def find(part: Any) -> Any:
        if isinstance(part, dict):
            if part.get("id") == first_layout.CONTENT:
                return part["children"]
            part = list(part.values())
        if isinstance(part, list):
            return next((found for item in part if (found := find(item)) is not None), None)
        return None

    return find(answer.json)


def test_every_kept_page_asked_twice_is_the_page_drawn_anew(
    app: dash.Dash, client: flask.testing.FlaskClient
) -> None:
    assert {"/", "/spend"} <= {page["path"] for page in kept_pages()}
    for page in kept_pages():
        for query in QUERIES:
            anew = drawn_anew(app, page, query)
            assert sent(client, page["path"], query) == anew, (page["path"], query)
            assert sent(client, page["path"], query) == anew, (page["path"], query)


def test_a_page_that_says_nothing_is_drawn_every_time(app: dash.Dash) -> None:
    drawings = []

    def layout(view: str) -> Any:
        drawings.append(view)
        return html.P(view)

    for is_kept, times in ((False, 3), (True, 1)):
        drawings.clear()
        guarded = guarded_layout(layout, lambda page: page, ANALYST, "/invented", is_kept)
        with app.server.test_request_context("/", base_url=HERE):
            is_from(AT_THIS_MACHINE)
            for _ in range(3):
                guarded(search="?years=2025-26", as_sent=lambda page: page)
        assert len(drawings) == times


def sent_for(layout: Callable[..., Any]) -> str:
    """What goes out for a guarded layout in the request being answered."""
    said = to_json_plotly([layout(search="", as_sent=lambda page: page)])
    answer = flask.current_app.process_response(flask.Response(said, mimetype="application/json"))
    return json.dumps(answer.get_json(), ensure_ascii=False)


def test_nobody_is_given_a_kept_page_of_a_higher_role(app: dash.Dash) -> None:
    guarded = guarded_layout(lambda view: html.P("£1"), lambda page: page, OFFICER, "/for-officers", True)
    with app.server.test_request_context("/", base_url=HERE):
        is_from(AT_THIS_MACHINE)
        assert "£1" in sent_for(guarded)
    with app.server.test_request_context("/", base_url=HERE):
        is_from(AS_AN_ANALYST)
        assert "£1" not in sent_for(guarded)


def test_each_role_and_each_snapshot_has_its_own(data: Data, configuration: Configuration) -> None:
    other = Source(configuration.processed_folder, configuration).data()
    assert len({id(one.drawn) for one in (data, data.for_analysts, other)}) == 3
    assert data.drawn is data.drawn
