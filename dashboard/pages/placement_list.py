"""The list of placements behind a selection: searched, sorted and paged on the server. For officers only."""

from __future__ import annotations

from typing import Any

import dash
import dash_mantine_components as dmc
from dash import dcc
from dash.dependencies import Input, Output, State
from dash.development.base_component import Component

from dashboard.access import Given, guarded_callback, one_of, view_query
from dashboard.components import html
from dashboard.components.crumbs import crumbs
from dashboard.components.download import listing_downloads
from dashboard.components.filter_bar import choice, filter_bar
from dashboard.components.links import rows_address
from dashboard.components.notes import not_loaded, source
from dashboard.components.panel import empty_panel, panel
from dashboard.listing import listing_table
from dashboard.listings.placement_rows import OFFICERS_ONLY, page_of, placements
from dashboard.pages import filters
from dashboard.pages.placed import A_PAGE, LIST_PATH, PATH, Placed
from dashboard.pages.view import View
from dashboard.roles import OFFICER
from hnb import wording, years
from hnb.codelists import CODELISTS
from hnb.findings import placements as findings
from hnb.metrics import MEASURES, Selection
from hnb.placement_register import LISTS, ORDERS, sums

QUESTION = "Which placements are these?"
_ANY = "any"

dash.register_page(__name__, path=LIST_PATH, name="Placements, one by one", title="Placements, one by one", order=131, least_role=OFFICER, listed=False)  # fmt: skip
filters.register("placement-list", least_role=OFFICER)


def _days() -> tuple[str, ...]:
    """The days that a list can begin from: the first of each month of every year there is."""
    return (_ANY, *(str(month) for year in View.read("").years for month in years.months_of(year)))


@guarded_callback(
    Output(filters.LOCATION, "search", allow_duplicate=True),
    [
        Given(Input("placement-list-shown", "value"), one_of(LISTS)),
        Given(Input("placement-list-since", "value"), one_of(_days)),
        Given(Input("placement-list-order", "value"), one_of(ORDERS)),
        Given(Input("placement-list-find", "value"), filters.search_text()),
        Given(State(filters.LOCATION, "search"), view_query()),
    ],
    least_role=OFFICER,
    prevent_initial_call=True,
)
def chosen(shown: str | None, since: str | None, order: str | None, find: str, query: str) -> Any:
    """The address with what the list is to show, from its first page; no change where the page shows that already."""
    wanted = Placed.read(query).wanted
    day = "" if since in (None, _ANY) else since
    if (shown, day, order, " ".join(find.split())) == (wanted.shown, str(wanted.since or ""), wanted.order, wanted.text):  # fmt: skip
        return dash.no_update
    return filters.address_with(
        query, Selection.from_query(query), list="" if shown == LISTS[0] else shown or "", since=day or "", order="" if order == ORDERS[0] else order or "", find=" ".join(find.split()), page="",
    )  # fmt: skip


def layout(view: str = "") -> Component:
    """The page for the query of an address."""
    asked = Placed.read(view)
    shown = asked.view
    return html.Div(
        [
            html.Div(
                [html.H1(QUESTION), html.P(f"{asked.year}, register as at {asked.as_at}" if asked.as_at else "No placement register is loaded")],
                className="page-head",
            ),
            crumbs([("Placements", asked.address(PATH)), ("One by one", "")]),
            filter_bar(
                "placement-list",
                shown.selection,
                years=shown.years,
                providers=shown.providers[: filters.PROVIDERS_SHOWN],
                said=shown.said,
                dropped=(*shown.dropped, *asked.notes),
                clear=LIST_PATH if shown.is_narrowed or shown.selection.years else "",
            ),
            *_body(asked),
        ],
        className="page",
    )  # fmt: skip


def _body(asked: Placed) -> list[Component]:
    if not asked.is_loaded:
        return [empty_panel("list", "The list of placements", not_loaded(MEASURES["full_year_effect"], asked.view.loaded))]  # fmt: skip
    told = sums(asked.listed)
    finding = findings.of_list(told, asked.wanted, asked.year)
    if not told["rows"]:
        return [
            _choosers(asked),
            empty_panel("list", finding, "Widen the selection, or take away the search."),
        ]
    listing = placements(asked)
    at = page_of(asked, told["rows"])
    pages = -(-told["rows"] // A_PAGE)
    first, last = listing.first + 1, min(listing.first + A_PAGE, told["rows"])
    order = wording.lowered(CODELISTS["placement_orders"].label(asked.wanted.order))
    return [
        _choosers(asked),
        panel(
            "list",
            finding,
            f"Rows {first} to {last} of {wording.count(told['rows'])} of the register of {asked.year}, by {order}; {wording.lowered(asked.selection.about())}",
            [listing_table(listing), *_turns(asked, at, pages)],
            downloads=listing_downloads("placements", asked.view.query, subject="placements"),
            source=source(
                asked.view.data.table("files"), ("placements",), "The register of the year, row by row (table placements).",
                rows=rows_address("cost_in_year", asked.view.of_year),
            ),
            caution=OFFICERS_ONLY,
        ),
    ]  # fmt: skip


def _choosers(asked: Placed) -> Component:
    lists, orders = CODELISTS["placement_lists"], CODELISTS["placement_orders"]
    days = asked.starts_since()
    since = str(asked.wanted.since) if asked.wanted.since else _ANY
    if since != _ANY and since not in dict(days):
        days = [*days, (since, wording.date(since))]
    return html.Div(
        [
            dmc.TextInput(id="placement-list-find", label="Find, then Enter", placeholder="Provider or number", value=asked.wanted.text, debounce=True),
            choice("placement-list", "shown", "Show", [(code, lists.label(code)) for code in LISTS], asked.wanted.shown),
            choice("placement-list", "since", "Started or ended since", [(_ANY, "The year's start"), *days], since),
            choice("placement-list", "order", "Sorted by", [(code, orders.label(code)) for code in ORDERS], asked.wanted.order),
        ],
        className="chooser wide",
        role="group",
        **{"aria-label": "What the list shows"},
    )  # fmt: skip


def _turns(asked: Placed, at: int, pages: int) -> list[Component]:
    """The ways to the pages before and after; none where there is one."""
    if pages < 2:
        return []

    def way(words: str, to: int) -> list[Component]:
        is_there = 0 < to <= pages and to != at
        return [dcc.Link(words, href=asked.address(LIST_PATH, page=str(to) if to > 1 else ""))] if is_there else []  # fmt: skip

    links = [*way("First", 1), *way("Those before", at - 1), html.Span(f"Page {at} of {pages}"), *way("Those after", at + 1), *way("Last", pages)]  # fmt: skip
    return [html.Nav(links, className="turns", **{"aria-label": "Pages of the list"})]
