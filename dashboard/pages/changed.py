"""What changed: why did spend move? Between two years, two dates or two reports, down to the placements that moved it."""

from __future__ import annotations

from typing import Any

import dash
from dash.dependencies import Input, Output, State
from dash.development.base_component import Component

from dashboard.access import Given, guarded_callback, one_of, view_query
from dashboard.components import html
from dashboard.components.crumbs import crumbs
from dashboard.components.filter_bar import choice, filter_bar
from dashboard.components.notes import not_loaded
from dashboard.components.panel import empty_panel, officers_panel
from dashboard.pages import filters
from dashboard.pages.between import COMPARISONS, PATH, Changed, moment
from dashboard.pages.changed_figures import (
    by_row_panel,
    effects_panel,
    movers_panel,
    report_panels,
    rows_panel,
)
from dashboard.roles import ANALYST, OFFICER, may
from hnb import growth, report_movement, wording
from hnb.codelists import CODELISTS
from hnb.metrics import MEASURES, Selection
from hnb.years import is_financial_year

QUESTION = "Why did spend move?"
_DIMENSIONS = tuple(dict.fromkeys((*growth.DIMENSIONS, *report_movement.DIMENSIONS)))

dash.register_page(
    __name__,
    path=PATH,
    name="What changed",
    title="Why spend moved",
    order=50,
    least_role=ANALYST,
    is_kept=True,
)
filters.register("changed", least_role=ANALYST)


@guarded_callback(
    Output(filters.LOCATION, "search", allow_duplicate=True),
    [
        Given(Input("changed-compare", "value"), one_of(COMPARISONS)),
        Given(Input("changed-before", "value"), moment()),
        Given(Input("changed-after", "value"), moment()),
        Given(Input("changed-rows", "value"), one_of(_DIMENSIONS)),
        Given(State(filters.LOCATION, "search"), view_query()),
    ],
    least_role=ANALYST,
    prevent_initial_call=True,
)
def chosen(compare: str | None, before: str, after: str, rows: str | None, query: str) -> Any:
    """The address with what was chosen to be compared; no change where the page shows that already."""
    shown = Changed.read(query)
    if (compare, before, after, rows) == (shown.compare, shown.before, shown.after, shown.rows):
        return dash.no_update
    selection = Selection.from_query(query)
    if compare != shown.compare:
        # Another kind of comparison has other moments and other rows: its own usual ones.
        return filters.address_with(
            query, selection, **{"compare": _code(compare), "from": "", "to": "", "rows": ""}
        )
    if compare == "years":
        pair = tuple(sorted({year for year in (before, after) if is_financial_year(year)}))
        return filters.address_with(query, selection.with_(years=pair), rows=rows or "")
    return filters.address_with(
        query, selection, **{"compare": _code(compare), "from": before, "to": after, "rows": rows or ""}
    )


def _code(compare: str | None) -> str:
    return "" if compare in (None, "years") else str(compare)


def layout(view: str = "") -> Component:
    """The page for the query of an address."""
    changed = Changed.read(view)
    asked = changed.view
    return html.Div(
        [
            html.Div([html.H1(QUESTION), html.P(_when(changed))], className="page-head"),
            filter_bar(
                "changed",
                asked.selection,
                years=asked.years,
                providers=asked.providers[: filters.PROVIDERS_SHOWN],
                said=asked.said,
                dropped=(*asked.dropped, *changed.notes),
                clear=changed.address(Selection()) if asked.is_narrowed or asked.selection.years else "",
            ),
            *([_choosers(changed)] if asked.has("placement_years") else []),
            *([crumbs(changed.steps)] if asked.is_narrowed else []),
            *_figures(changed),
        ],
        className="page",
    )


def _when(changed: Changed) -> str:
    if not changed.pair or not changed.view.has(
        "forecast" if changed.compare == "reports" else "placement_years"
    ):
        return "Two years, dates or reports are needed"
    return f"{changed.course}, {wording.lowered(CODELISTS['comparisons'].meaning(changed.compare))}"


def _choosers(changed: Changed) -> Component:
    kinds = CODELISTS["comparisons"]
    moments = list(dict.fromkeys((*(changed.pair or ()), *changed.offered)))
    offered = [(text, changed.said(text)) for text in sorted(moments, reverse=changed.compare != "years")]
    return html.Div(
        [
            choice("changed", "compare", "Compare", [(code, kinds.label(code)) for code in kinds.codes], changed.compare),
            choice("changed", "before", "From", offered, changed.before),
            choice("changed", "after", "To", offered, changed.after),
            choice("changed", "rows", "Rows", [(name, wording.dimension_title(name)) for name in changed.dimensions], changed.rows),
        ],
        className="chooser",
        role="group",
        **{"aria-label": "What is compared"},
    )  # fmt: skip


def _figures(changed: Changed) -> list[Component]:
    asked = changed.view
    if changed.compare == "reports":
        if not asked.has("forecast"):
            return [_empty("How the forecast moved", not_loaded(MEASURES["forecast"], asked.loaded))]
        if not changed.pair:
            return [_empty("How the forecast moved", f"{changed.report_year} has one report or none with a forecast, so nothing to compare it with.")]  # fmt: skip
        return report_panels(changed)
    if not asked.has("placement_years"):
        return [_empty("Why spend moved", not_loaded(MEASURES["placement_years"], asked.loaded))]
    if not changed.pair:
        what = "one year of figures" if changed.compare == "years" else "no register that covers two dates"
        return [_empty("Why spend moved", f"There is {what}, so nothing to compare it with.")]
    if not changed.by_row.height:
        words = wording.lowered(asked.selection.words())
        return [_empty(f"Nothing for {words}", "Neither year has spend for this selection. Widen it.")]
    return [
        html.Div([effects_panel(changed), by_row_panel(changed)], className="side-by-side"),
        rows_panel(changed),
        movers_panel(changed) if may(OFFICER) else officers_panel("movers", "The placements behind it"),
    ]


def _empty(finding: str, sentence: str) -> Component:
    return empty_panel("effects", finding, sentence)
