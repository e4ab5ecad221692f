"""Search: what is there of that name? Providers, lines, recommendations, pages, measures, codes. Not in the navigation."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

import dash
from dash import dcc
from dash.development.base_component import Component

from dashboard.components import html
from dashboard.components.panel import empty_panel
from dashboard.data import request_data
from dashboard.roles import ANALYST, OFFICER, may
from dashboard.search import GROUPS, LONGEST, SHOWN, Entry, found
from hnb import load_findings, wording

PATH = "/search"
QUESTION = "What are you looking for?"

dash.register_page(
    __name__, path=PATH, name="Search", title="Search", order=134, least_role=ANALYST, listed=False
)


def layout(view: str = "") -> Component:
    """The page for the query of an address: `q` is what is searched for."""
    typed = " ".join(dict(parse_qsl(view)).get("q", "").split())[:LONGEST]
    results = found(typed, request_data(), _open_pages())
    number = sum(map(len, results.values()))
    said = (
        f"{load_findings.plural(number, 'result')} for “{typed}”"
        if typed
        else "Type a few words into the field above"
    )
    return html.Div(
        [
            html.Div([html.H1(QUESTION), html.P(said)], className="page-head"),
            html.P(said, className="visually-hidden", **{"data-status": said}),
            *(_group(kind, entries) for kind, entries in results.items()),
            *([] if number else [_nothing(typed)]),
        ],
        className="page",
    )


def _open_pages() -> list[dict[str, Any]]:
    """The pages that the person asking may open."""
    return [page for page in dash.page_registry.values() if may(page.get("least_role", OFFICER))]


def _nothing(typed: str) -> Component:
    groups = wording.listed((wording.lowered(heading) for heading in list(GROUPS.values())[:-1]), last="and")
    heading = "Nothing of that name" if typed else "Nothing was typed"
    return empty_panel(
        "nothing",
        heading,
        f"The search covers {groups}. It does not look for children; the exact number of a placement leads to its rows.",
    )


def _group(kind: str, entries: list[Entry]) -> Component:
    items = [
        html.Li([dcc.Link(entry.name, href=entry.address), *([html.P(entry.about)] if entry.about else [])])
        for entry in entries[:SHOWN]
    ]
    more = len(entries) - len(items)
    return html.Section(
        [
            html.H2(GROUPS[kind], id=f"{kind}-heading"),
            html.Ul(items, className="results"),
            *([html.P(f"and {load_findings.plural(more, 'more', 'more')}: type more of the name")] if more > 0 else []),
        ],
        className="panel",
        **{"aria-labelledby": f"{kind}-heading"},
    )  # fmt: skip
