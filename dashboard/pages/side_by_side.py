"""Side by side: how do two selections differ? The same figures of both, and the difference in words. Not in the navigation."""

from __future__ import annotations

import dash
from dash import dcc
from dash.development.base_component import Component

from dashboard.components import html
from dashboard.components.download import listing_downloads
from dashboard.components.filter_bar import filter_bar
from dashboard.components.links import rows_address
from dashboard.components.notes import not_loaded, source
from dashboard.components.panel import empty_panel, panel
from dashboard.listing import listing_table
from dashboard.listings.side_by_side import PATH, SIDES, Pair, figures, spend_by
from dashboard.pages import filters
from dashboard.pages.view import View
from dashboard.roles import ANALYST
from hnb import wording
from hnb.findings import side_by_side as findings
from hnb.metrics import MEASURES
from hnb.side_by_side import DIMENSIONS

QUESTION = "How do the two differ?"

dash.register_page(
    __name__,
    path=PATH,
    name="Side by side",
    title="Two selections side by side",
    order=135,
    least_role=ANALYST,
    listed=False,
)
for side in SIDES:
    filters.register(f"side-{side}", side, least_role=ANALYST)


def layout(view: str = "") -> Component:
    """The page for the query of an address: a=…&b=…, each the query of a selection."""
    pair = Pair.read(view)
    said = f"{pair.words[0]}. {pair.words[1]}"
    return html.Div(
        [
            html.Div([html.H1(QUESTION), html.P("Choose what A is and what B is; each is taken at the last of its years")], className="page-head"),
            html.P(said, className="visually-hidden", **{"data-status": said}),
            html.Div([_bar(pair, place) for place in range(2)], className="side-by-side"),
            html.P(dcc.Link("Swap A and B", href=pair.address(a=pair.queries[1], b=pair.queries[0]))),
            *(html.P(sentence, className="dropped") for sentence in pair.dropped),
            *_figures(pair),
        ],
        className="page",
    )  # fmt: skip


def _bar(pair: Pair, place: int) -> Component:
    side, asked = SIDES[place], View.read(pair.queries[place])
    return filter_bar(
        f"side-{side}",
        asked.selection,
        years=asked.years,
        providers=asked.providers[: filters.PROVIDERS_SHOWN],
        said=pair.words[place],
        clear=pair.address(**{side: ""}) if pair.queries[place] else "",
        heading=f"What {side.upper()} is",
        is_status=False,
    )


def _figures(pair: Pair) -> list[Component]:
    loaded = View.read("")
    if not loaded.has("spend"):
        return [empty_panel("figures", "Nothing to compare", not_loaded(MEASURES["spend"], loaded.loaded))]
    return [
        panel(
            "figures",
            findings.which_costs_more(pair.figures, is_same=pair.is_same),
            f"{pair.words[0]}; {pair.words[1]}",
            listing_table(figures(pair.query)),
            downloads=listing_downloads("side-by-side", pair.query, subject="two selections side by side"),
            source=_source(pair, loaded),
        ),
        *(_spend(pair, by, loaded) for by in DIMENSIONS),
    ]


def _spend(pair: Pair, by: str, loaded: View) -> Component:
    title = wording.lowered(wording.dimension_title(by))
    years = "over all years" if by == "financial_year" else "each at its year"
    return panel(
        f"by-{by.replace('_', '-')}",
        findings.differ_most(pair.spend(by), by),
        f"Spend by {title}, £, {years}; B less A",
        listing_table(spend_by(pair, by)),
        downloads=listing_downloads(f"side-by-side-{by.replace('_', '-')}", pair.query, subject=f"spend by {title}, side by side"),
        source=_source(pair, loaded),
    )  # fmt: skip


def _source(pair: Pair, loaded: View) -> Component:
    measure = MEASURES["spend"]
    rows = rows_address("spend", pair.at_years[0])
    return source(
        loaded.data.table("files"),
        measure.tables,
        f"{measure.source} The link leads to the rows of A.",
        rows=rows,
    )
