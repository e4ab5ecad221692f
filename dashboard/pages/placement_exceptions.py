"""Exceptions of the register, row by row: what is to be looked at, with its pounds and the row it stands in. Officers only."""

from __future__ import annotations

from typing import Any

import dash
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
from dashboard.listings.placement_rows import OFFICERS_ONLY, exceptions, page_of
from dashboard.pages import filters
from dashboard.pages.placed import A_PAGE, EXCEPTIONS_PATH, PATH, Placed
from dashboard.roles import OFFICER
from hnb import wording
from hnb.codelists import CODELISTS
from hnb.findings import placements as findings
from hnb.metrics import MEASURES, Selection
from hnb.placement_register import exceptions_by_kind

QUESTION = "What is to be looked at in the register?"
_ALL = "all"

dash.register_page(__name__, path=EXCEPTIONS_PATH, name="Exceptions of the register", title="Exceptions of the register", order=132, least_role=OFFICER, listed=False)  # fmt: skip
filters.register("placement-exceptions", least_role=OFFICER)


def _kinds() -> tuple[str, ...]:
    return (_ALL, *CODELISTS["problem_kinds"].members("placement"))


@guarded_callback(
    Output(filters.LOCATION, "search", allow_duplicate=True),
    [
        Given(Input("placement-exceptions-kind", "value"), one_of(_kinds)),
        Given(State(filters.LOCATION, "search"), view_query()),
    ],
    least_role=OFFICER,
    prevent_initial_call=True,
)
def chosen(kind: str | None, query: str) -> Any:
    """The address with the kind that was chosen; no change where the page shows that already."""
    wanted = "" if kind in (None, _ALL) else str(kind)
    if wanted == Placed.read(query).kind:
        return dash.no_update
    return filters.address_with(query, Selection.from_query(query), exception=wanted, page="")


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
            crumbs([("Placements", asked.address(PATH)), ("To look at", "")]),
            filter_bar(
                "placement-exceptions",
                shown.selection,
                years=shown.years,
                providers=shown.providers[: filters.PROVIDERS_SHOWN],
                said=shown.said,
                dropped=(*shown.dropped, *asked.notes),
                clear=EXCEPTIONS_PATH if shown.is_narrowed or shown.selection.years else "",
            ),
            *_body(asked),
        ],
        className="page",
    )  # fmt: skip


def _body(asked: Placed) -> list[Component]:
    if not asked.is_loaded:
        return [empty_panel("exception-rows", "Exceptions of the register", not_loaded(MEASURES["full_year_effect"], asked.view.loaded))]  # fmt: skip
    codes = CODELISTS["problem_kinds"]
    options = [(_ALL, "All kinds"), *((code, codes.label(code)) for code in codes.members("placement"))]
    chooser = html.Div(choice("placement-exceptions", "kind", "Kind", options, asked.kind or _ALL), className="chooser")  # fmt: skip
    found = asked.exceptions
    if not found.height:
        what = f"{codes.label(asked.kind)}: none" if asked.kind else "Nothing to look at"
        return [chooser, empty_panel("exception-rows", f"{what} in {asked.year}", "It was looked for in every row of the year's register that is selected.")]  # fmt: skip
    kinds = exceptions_by_kind(found)
    listing = exceptions(asked)
    at, pages = page_of(asked, found.height), -(-found.height // A_PAGE)
    turns = [
        dcc.Link(words, href=asked.address(EXCEPTIONS_PATH, exception=asked.kind, page=str(to)))
        for words, to in (("Those before", at - 1), ("Those after", at + 1))
        if 0 < to <= pages
    ]
    said = f"{codes.meaning(asked.kind)} {codes.entry(asked.kind).details.get('mend', '')}" if asked.kind else "What mends each kind stands on the page Placements, and here when a kind is chosen."  # fmt: skip
    return [
        chooser,
        panel(
            "exception-rows",
            findings.to_look_at(kinds),
            said.strip(),
            [listing_table(listing), *([html.Nav(turns, className="turns", **{"aria-label": "More exceptions"})] if turns else [])],
            downloads=listing_downloads("placement-exceptions", asked.view.query, subject="exceptions of the register"),
            source=source(
                asked.view.data.table("files"), ("placements",), "The register of the year, row by row: what is looked for and found in it.",
                rows=rows_address("cost_in_year", asked.view.of_year),
            ),
            caution=f"{OFFICERS_ONLY} {wording.count(found.height)} rows; one placement may have several.",
        ),
    ]  # fmt: skip
