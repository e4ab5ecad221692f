"""The callbacks of the filter bar, the same on every page: what is chosen goes into the address.

The address then brings the page, drawn whole on the server, so back, forward and a copied link all work.
Each page calls `register` once with its own name.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlencode

from dash.dependencies import Input, Output, State
from dash.exceptions import PreventUpdate

from dashboard.access import Given, RefusedError, any_of, guarded_callback, one_of, view_query
from dashboard.components.filter_bar import INSIDE, provider_options, setting_options
from dashboard.data import request_data
from dashboard.pages.view import View
from hnb.codelists import CODELISTS
from hnb.metrics import Selection

LOCATION = "_pages_location"
"""The address bar, as Dash's own page container names it."""

PROVIDERS_SHOWN = 50
"""Names that the list of providers offers at once; a search finds the others."""

_SELECTION_NAMES = frozenset(
    {"years", "settings", "phases", "needs", "lines", "in_borough", "provider", "authority", "as_at"}
)


def register(page: str, part: str = "", *, least_role: str = "") -> None:
    """Add the bar's two callbacks for the page whose controls begin with that name.

    part: the parameter of the address that holds the selection as a query of its own, where a page has several;
    without it the address's own query does. least_role: the page's.
    """

    @guarded_callback(
        Output(LOCATION, "search", allow_duplicate=True),
        [
            Given(Input(f"{page}-years", "value"), any_of(_years)),
            Given(Input(f"{page}-settings", "value"), any_of(_settings)),
            Given(Input(f"{page}-phases", "value"), any_of(CODELISTS["phases"].codes)),
            Given(Input(f"{page}-needs", "value"), any_of(CODELISTS["needs"].codes)),
            Given(Input(f"{page}-inside", "value"), one_of(tuple(INSIDE))),
            Given(Input(f"{page}-providers", "value"), any_of(_providers)),
            Given(State(LOCATION, "search"), view_query()),
        ],
        least_role=least_role,
        prevent_initial_call=True,
    )
    def chosen(
        years: tuple[str, ...], settings: tuple[str, ...], phases: tuple[str, ...], needs: tuple[str, ...],
        inside: str | None, providers: tuple[str, ...], query: str,
    ) -> str:  # fmt: skip
        before = Selection.from_query(dict(parse_qsl(query)).get(part, "") if part else query)
        selection = before.with_(
            years=years, settings=settings, phases=phases, needs=needs, providers=providers,
            in_borough={"in": True, "out": False}.get(inside or ""),
        )  # fmt: skip
        if selection == before:
            # Dash also calls this when the bar has just been drawn. Writing the address anew would draw the
            # page twice, and would put a step into the history out of which "back" does not lead.
            raise PreventUpdate
        return address_with_part(query, part, selection) if part else address_with(query, selection)

    @guarded_callback(
        Output(f"{page}-providers", "data"),
        [
            Given(Input(f"{page}-providers", "searchValue"), search_text()),
            Given(State(f"{page}-providers", "value"), any_of(_providers)),
        ],
        least_role=least_role,
        prevent_initial_call=True,
    )
    def found(text: str, chosen: tuple[str, ...]) -> list[dict[str, str]]:
        return provider_options(search(_providers(), text), chosen)


def address_with(query: str, selection: Selection, **choices: str) -> str:
    """The query, with its question mark, for a selection and some of a page's choices; its other choices stay."""
    kept = {name: value for name, value in parse_qsl(query) if name not in _SELECTION_NAMES}
    kept |= choices
    parts = [
        selection.with_(authority="").to_query(),
        urlencode({name: value for name, value in kept.items() if value}),
    ]
    text = "&".join(part for part in parts if part)
    return f"?{text}" if text else ""


def address_with_part(query: str, part: str, selection: Selection) -> str:
    """The query, with its question mark, of which one parameter is the query of a selection; the others stay."""
    kept = dict(parse_qsl(query)) | {part: selection.with_(authority="").to_query()}
    text = urlencode({name: value for name, value in kept.items() if value})
    return f"?{text}" if text else ""


def search(names: tuple[str, ...], text: str) -> tuple[str, ...]:
    """The first names that hold the text, whatever its case; those that begin with it come first."""
    wanted = text.casefold().strip()
    hits = [name for name in names if wanted in name.casefold()]
    return tuple(sorted(hits, key=lambda name: not name.casefold().startswith(wanted)))[:PROVIDERS_SHOWN]


def search_text() -> Any:
    """The check of what is typed into a search: short and printable."""

    def check(value: Any) -> str:
        if value is None:
            return ""
        if isinstance(value, str) and len(value) <= 120 and (value.isprintable() or not value):
            return value
        raise RefusedError("A few words to search for were expected.")

    return check


def _years() -> tuple[str, ...]:
    return View.read("").years


def _settings() -> tuple[str, ...]:
    return tuple(item["value"] for group in setting_options() for item in group["items"])


def _providers() -> tuple[str, ...]:
    data = request_data()
    names = data.answer("spend", Selection(authority=data.configuration.authority), ("provider",))["provider"]
    return tuple(names.drop_nulls().to_list())
