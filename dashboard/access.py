"""Who may ask what: the gate that every request, every callback and every page's address goes through.

Anyone who can reach the port can post to a callback, with values that no control ever offered. So each
value a callback takes is declared with a check, and each callback, page and file with the least role that sees it; a
test fails on one that has none. Who is asking is found out before, in `dashboard.sign_in`.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, cast
from urllib.parse import urlsplit

import dash
import flask
from dash import html
from dash.dependencies import Input, Output, State
from dash.development.base_component import Component
from dash.exceptions import PreventUpdate

from dashboard import audit, roles
from dashboard.data import request_data
from dashboard.drawn_pages import standing_for
from dashboard.roles import ForbiddenError
from hnb.errors import HnbError

ROW_LIMIT = 5_000
"""Rows of tables that one answer to the browser may hold. Longer lists are for a download or a notebook."""

BODY_LIMIT = 1_000_000
"""Bytes that a request may bring."""

VIEW_LIMIT = 8_000
"""Characters that the query of an address may have."""

LOCAL_HOSTS = frozenset({"127.0.0.1", "localhost", "[::1]"})
LOCAL_ADDRESSES = frozenset({"127.0.0.1", "::1"})

Check = Callable[[Any], Any]
"""Takes what the browser sent and gives the value to use, or raises RefusedError."""


class RefusedError(Exception):
    """A request that no control of ours could have made. The sentence never repeats what was sent."""


@dataclass(frozen=True)
class Given:
    """One value that a callback takes: where it comes from, and what it may be."""

    dependency: Input | State
    check: Check


# ------------------------------------------------------------------------------------------ checks


def one_of(options: Collection[Any] | Callable[[], Collection[Any]], *, blank: bool = True) -> Check:
    """One of the options; a function is asked at each request. None and "" give None where `blank`."""

    def check(value: Any) -> Any:
        if blank and (value is None or value == ""):
            return None
        if isinstance(value, str | int | bool) and value in _allowed(options):
            return value
        raise RefusedError("A value was sent that is not among those offered.")

    return check


def any_of(options: Collection[Any] | Callable[[], Collection[Any]]) -> Check:
    """Any number of the options, each once: a tuple in the order sent. None gives an empty tuple."""
    single = one_of(options, blank=False)

    def check(value: Any) -> tuple[Any, ...]:
        if value is None:
            return ()
        if not isinstance(value, list) or len(value) > 1_000:
            raise RefusedError("A list was expected.")
        return tuple(dict.fromkeys(single(item) for item in value))

    return check


def flag() -> Check:
    """True or false; None is false."""

    def check(value: Any) -> bool:
        if value is None or isinstance(value, bool):
            return bool(value)
        raise RefusedError("Yes or no was expected.")

    return check


def number_of_clicks() -> Check:
    """How often a button was pressed."""

    def check(value: Any) -> int:
        if value is None:
            return 0
        if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1_000_000:
            return value
        raise RefusedError("A number of clicks was expected.")

    return check


def view_query() -> Check:
    """The query of the page's address, with or without its question mark; what it says is `Selection`'s to check."""

    def check(value: Any) -> str:
        if value is None:
            return ""
        if isinstance(value, str) and len(value) <= VIEW_LIMIT and value.isprintable():
            return value.removeprefix("?")
        raise RefusedError("The query of an address was expected.")

    return check


def _allowed(options: Collection[Any] | Callable[[], Collection[Any]]) -> Collection[Any]:
    return options() if callable(options) else options


# ------------------------------------------------------------------------------------- the wrapping


def guarded_callback(
    outputs: Output | Sequence[Output], given: Sequence[Given], *, least_role: str = "", **options: Any
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """A Dash callback whose every value is checked before it runs and whose answer is limited after.

    Use it instead of `dash.callback`, in `dashboard.pages` only::

        @guarded_callback(Output("spend-body", "children"), [Given(Input("spend-by", "value"), one_of(GRAINS))], least_role=ANALYST)
        def body(by): …

    Whoever has less than the least role is refused before a value is looked at; a callback that says none is for
    officers, and the test of the callback map fails until it does. Inputs come before States, as Dash has it. `options` are Dash's own, such as prevent_initial_call; that one
    is kept here to the letter. Dash itself calls a callback in spite of it when its inputs are drawn and its
    output was there before, as the address is, and says then that every input changed at once.
    """
    inputs = sum(isinstance(item.dependency, Input) for item in given)
    outputs = [outputs] if isinstance(outputs, Output) else list(outputs)
    checks = [item.check for item in given]

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def guarded(*values: Any) -> Any:
            roles.require(least_role or roles.OFFICER)
            if len(values) != len(checks):
                raise RefusedError("A value was missing.")
            if options.get("prevent_initial_call") and 1 < inputs == len(dash.ctx.triggered_prop_ids):
                raise PreventUpdate
            answer = function(*(check(value) for check, value in zip(checks, values, strict=True)))
            _limit_rows(answer)
            return answer

        guarded.is_guarded = True  # type: ignore[attr-defined]  # what the test of the callback map looks for
        if least_role:
            guarded.least_role = least_role  # type: ignore[attr-defined]
        dash.callback(
            *(outputs if len(outputs) > 1 else outputs[:1]), *(item.dependency for item in given), **options
        )(guarded)
        return guarded

    return decorate


def guarded_layout(
    layout: Callable[..., Component],
    frame: Callable[[Component], Component],
    least_role: str = roles.OFFICER,
    path: str = "",
    is_kept: bool = False,
) -> Callable[..., Any]:
    """A page's layout as Dash calls it: the role and the address's query checked first, an HnbError shown as a sentence.

    It is said in the audit log who saw the page of which `path`, or did not.

    Dash hands every query parameter to a layout as a keyword, whatever its name; only `search`, the query
    as a whole, goes further, as `view`. `frame` puts around the page what every page has. Our own code may also give
    `as_sent`, which makes of the page what goes to the browser; for a page that `is_kept` the answer is then the word of
    `dashboard.drawn_pages` that stands for it, whoever asked first, after the same checks.
    """
    check = view_query()

    @functools.wraps(layout)
    def guarded(
        search: Any = "", *, as_sent: Callable[[Component], Component] | None = None, **_ignored: Any
    ) -> Any:
        query = ""

        def drawn() -> Component:
            page = frame(layout(view=query))
            _limit_rows(page)
            return page if as_sent is None else as_sent(page)

        try:
            roles.require(least_role)
            query = check(search)
            is_there = is_kept and as_sent is not None
            page = standing_for(request_data().drawn.page(path, query, drawn)) if is_there else drawn()
            audit.record("view", path, query)
        except (ForbiddenError, HnbError, RefusedError) as error:
            audit.record("view", path, query, 403 if isinstance(error, ForbiddenError) else 400)
            return html.Div([html.H1("This page cannot be shown"), html.P(str(error))], role="alert")
        return page

    guarded.is_guarded = True  # type: ignore[attr-defined]
    guarded.least_role = least_role  # type: ignore[attr-defined]
    return guarded


def _limit_rows(answer: Any) -> None:
    rows = _rows(answer)
    if rows > ROW_LIMIT:
        raise RefusedError(
            f"The answer has {rows:,} rows; the screen takes {ROW_LIMIT:,}. Narrow the selection, or download."
        )


def _rows(answer: Any) -> int:
    """How many table rows a component, or a list of them, holds."""
    found, waiting = 0, [answer]
    while waiting:
        part = waiting.pop()
        kind = type(part)
        if kind is list or kind is tuple:
            waiting.extend(part)
        elif kind is not str and _has_children(kind):
            found += _is_row(kind)
            waiting.append(getattr(part, "children", None))
    return found


# Looked up by the kind of each part, of which a page has thousands: asking Python anew took 2 ms a page.


@cache
def _has_children(kind: type) -> bool:
    return issubclass(kind, Component)


@cache
def _is_row(kind: type) -> bool:
    return issubclass(kind, html.Tr)


# ------------------------------------------------------------------------------------- the requests


def refuse_foreign(
    host: str = "", forms: Collection[str] = (), open_to_all: Collection[str] = ()
) -> Callable[[], None]:
    """The check that refuses a request which another site or another name of this machine sends (before each request).

    The Host must be ours, against a name that an attacker points at this machine; a POST must come from our
    own pages and bring JSON, against a form on somebody else's. Without `host` only this machine may ask, and
    nobody for it; with one, which has its port, requests are for that name. `forms`: endpoints that a form of ours posts to.
    `open_to_all`: endpoints that this machine may ask by its own name too, as whoever watches over the server does.
    """

    def check() -> None:
        request = flask.request
        is_local = _host(request.host) in LOCAL_HOSTS
        if host:
            if request.host != host and not (is_local and request.endpoint in open_to_all):
                flask.abort(400, "The dashboard answers by its own name only.")
        elif (
            not is_local
            or request.remote_addr not in LOCAL_ADDRESSES
            or _FORWARDED & set(request.headers.keys())
        ):
            flask.abort(400, "The dashboard answers at 127.0.0.1 only.")
        if request.method not in ("POST", "GET", "HEAD"):
            flask.abort(405)
        if request.method == "POST":
            origin = urlsplit(request.headers.get("Origin", ""))
            is_ours = request.is_json or request.endpoint in forms
            if origin.netloc != request.host or (host and origin.scheme != request.scheme) or not is_ours:
                flask.abort(403, "Only the dashboard's own pages may ask this.")
        if len(request.query_string) > 2 * VIEW_LIMIT:
            flask.abort(414)

    return check


_FORWARDED = frozenset({"Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-Ip"})
"""Headers by which a proxy says that somebody else asks."""


def _host(netloc: str) -> str:
    """The host without its port; the brackets of an IPv6 address stay."""
    name, colon, port = netloc.rpartition(":")
    return name if colon and port.isdigit() else netloc


def unguarded(callback_map: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """The callbacks that run on the server without a guard, or for whom nobody said who may ask. Dash's own page router is not among them: what
    it hands to layouts is checked by `guarded_layout`."""
    return sorted(
        output
        for output, entry in callback_map.items()
        if "callback" in entry
        and "_pages_content.children" not in output
        and not (
            getattr(cast(Any, entry["callback"]), "is_guarded", False)
            and getattr(cast(Any, entry["callback"]), "least_role", roles.PUBLIC) != roles.PUBLIC
        )
    )
