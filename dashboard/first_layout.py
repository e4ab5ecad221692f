"""The page in the first layout: its figures come with what stands around them, not by a second question.

Dash asks for the layout once and, when that stands in the browser, has its router fetch the page. The browser
says with the first question from which address it asks (the Referer, which our own Referrer-Policy lets through
to us only), so the page of that address is put into the layout at once, and the router, asked for that very
address the first time, leaves it as it is. Where no Referer comes, the router draws the page as Dash has it.
"""

from __future__ import annotations

import copy
import functools
from collections.abc import Callable, Collection, Mapping
from typing import Any
from urllib.parse import urlsplit

import dash
import flask
from dash.dependencies import State
from dash.development.base_component import Component

from dashboard.access import RefusedError, view_query
from dashboard.components.markup import condensed

CONTENT = "_pages_content"
STORE = "_pages_store"
"""Dash's own ids of the page's place and of the router's store, in `dash.page_container`."""

ROUTED = {"store": State(STORE, "data")}
"""What the router hands on to layouts so that `drawn_once` knows what stands already."""

_DRAWN = "drawn"
_NOT_ROUTED = object()


def container(pages: Mapping[str, Callable[..., Any]], named: Collection[str] = ()) -> Component:
    """Dash's page container, with the page that the request being answered asks from where that is known.

    `pages` has each page's layout by its path, guarded: what a user can mend is a sentence in the page's place.
    `named` holds the ids that callbacks name, see `dashboard.components.markup`.
    """
    whole = copy.deepcopy(dash.page_container)
    address = asked_from(flask.request) if flask.has_request_context() else None
    if address is None or address[0] not in pages:
        return whole
    path, search = address
    content, store = whole[CONTENT], whole[STORE]  # looked for before the page is in it, which is large
    content.children = pages[path](search=search, as_sent=lambda page: condensed(page, named))
    store.data = {_DRAWN: [path, search]}
    return whole


def asked_from(request: flask.Request) -> tuple[str, str] | None:
    """The path and the query, with its question mark, of our own address from which a request comes.

    None when the browser keeps it to itself, when it is another site's, and when the query is no query of ours.
    """
    try:
        parts = urlsplit(request.headers.get("Referer", ""))
        query = view_query()(parts.query)
    except (ValueError, RefusedError):
        return None
    if parts.scheme != request.scheme or parts.netloc != request.host:
        return None
    return parts.path, f"?{query}" if query else ""


def drawn_once(
    layout: Callable[..., Any], path: str, named: Callable[[], Collection[str]] = frozenset
) -> Callable[..., Any]:
    """A page's layout as Dash's router calls it: nothing to change when the first layout brought this address.

    The router's answer writes the store anew in any case, so this is so for its first question only: whoever
    comes back to the address later gets it drawn from the figures of then.

    Without a store it is the server itself that asks, which gets the page's elements and not what goes out.
    """

    @functools.wraps(layout)
    def drawn(search: Any = "", store: Any = _NOT_ROUTED, **_ignored: Any) -> Any:
        if store is _NOT_ROUTED:
            return condensed(layout(search=search), named())
        if isinstance(store, dict) and store.get(_DRAWN) == [path, search]:
            return dash.no_update
        return layout(search=search, as_sent=lambda page: condensed(page, named()))

    return drawn
