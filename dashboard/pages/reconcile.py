"""Reconcile: do the sources agree? Register, budget monitor, ledger and return, line by line and month by month."""

from __future__ import annotations

from typing import Any

import dash
from dash.dependencies import Input, Output, State
from dash.development.base_component import Component

from dashboard.access import Given, guarded_callback, one_of, view_query
from dashboard.components import html
from dashboard.components.filter_bar import choice
from dashboard.components.panel import empty_panel
from dashboard.pages import filters
from dashboard.pages.held_against import ALL, PATH, HeldAgainst
from dashboard.pages.reconcile_figures import (
    agree_panel,
    all_exceptions_link,
    bridge_panel,
    codes_panel,
    exceptions_panel,
    gap_panel,
    months_panel,
    ring_panel,
    suppliers_panel,
)
from dashboard.roles import OFFICER
from hnb import tolerance
from hnb.codelists import CODELISTS
from hnb.exception_sums import KINDS
from hnb.metrics import Selection

QUESTION = "Do the sources agree?"

dash.register_page(
    __name__, path=PATH, name="Reconcile", title="Do the sources agree", order=90, least_role=OFFICER
)


def _years() -> tuple[str, ...]:
    return HeldAgainst.read("").years


@guarded_callback(
    Output(filters.LOCATION, "search", allow_duplicate=True),
    [
        Given(Input("reconcile-year", "value"), one_of(_years)),
        Given(Input("reconcile-line", "value"), one_of((ALL, *CODELISTS["budget_lines"].codes))),
        Given(Input("reconcile-tolerance", "value"), one_of(tolerance.TOLERANCES)),
        Given(Input("reconcile-kind", "value"), one_of((ALL, *KINDS))),
        Given(State(filters.LOCATION, "search"), view_query()),
    ],
    least_role=OFFICER,
    prevent_initial_call=True,
)
def chosen(year: str | None, line: str | None, how_near: str | None, kind: str | None, query: str) -> Any:
    """The address with the year, line, tolerance and kind that were chosen; no change where the page shows them."""
    shown = HeldAgainst.read(query)
    if (year or "", line, how_near, kind) == (shown.year, shown.line or ALL, shown.tolerance, shown.kind):
        return dash.no_update
    selection = Selection.from_query(query).with_(
        years=(year,) if year else (), lines=() if line in (None, ALL) else (line,)
    )
    return filters.address_with(
        query,
        selection,
        tolerance="" if how_near in (None, tolerance.USUAL) else str(how_near),
        kind="" if kind in (None, ALL) else str(kind),
    )


def layout(view: str = "") -> Component:
    """The page for the query of an address."""
    asked = HeldAgainst.read(view)
    said = f"{asked.name}, {asked.year}" if asked.year else "Nothing to reconcile is loaded"
    return html.Div(
        [
            html.Div([html.H1(QUESTION), html.P(said, **{"data-status": said})], className="page-head"),
            *([_choosers(asked)] if asked.year else []),
            *(html.P(sentence, className="dropped") for sentence in (*asked.view.dropped, *asked.said_not)),
            *_figures(asked),
        ],
        className="page",
    )


def _choosers(asked: HeldAgainst) -> Component:
    lines, near, kinds = CODELISTS["budget_lines"], CODELISTS["tolerances"], CODELISTS["ledger_exceptions"]
    return html.Div(
        [
            choice("reconcile", "year", "Year", [(year, year) for year in reversed(asked.years)], asked.year),
            choice("reconcile", "line", "Budget line", [(ALL, "All lines"), *((code, lines.label(code)) for code in lines.codes)], asked.line or ALL),
            choice("reconcile", "tolerance", "Tolerance, the larger of", [(code, near.label(code)) for code in near.codes], asked.tolerance),
            choice("reconcile", "kind", "Exceptions listed", [(ALL, "Every kind"), *((code, kinds.label(code)) for code in kinds.codes)], asked.kind),
        ],
        className="chooser",
        role="group",
        **{"aria-label": "What is held against what"},
    )  # fmt: skip


def _figures(asked: HeldAgainst) -> list[Component]:
    if not asked.year:
        sentence = (
            "Two sources are needed: a placement register, a budget monitor, payments from the ledger, a Section 251 "
            "return. Put them into the folder of raw files and build again."
        )
        return [empty_panel("agree", "Nothing to reconcile is loaded", sentence), bridge_panel(asked)]
    has_ledger = asked.table("ledger_months").height > 0
    panels: list[Component | None] = [agree_panel(asked)] if asked.yearly.height else []
    if has_ledger and asked.paid_by_month.height:
        pair = asked.together("register_ledger") is not None
        panels += [gap_panel(asked) if pair else None, ring_panel(asked), months_panel(asked)]
        listed = [all_exceptions_link(asked), exceptions_panel(asked), suppliers_panel(asked)]
        # Without a register every exception is a payment that is not mapped: its codes say more than its suppliers.
        panels += [*listed, codes_panel(asked)] if pair else [codes_panel(asked), *listed]
    elif not has_ledger:
        sentence = (
            "Not yet loaded: payments from the ledger. Put them into the folder of raw files and build again."
        )
        panels.append(empty_panel("gap", "There is no ledger to hold the register against", sentence))
    return [one for one in (*panels, bridge_panel(asked)) if one is not None]
