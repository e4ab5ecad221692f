"""Unit costs: what does a year in each kind of setting cost? The whole spread, the course, providers, outliers."""

from __future__ import annotations

from typing import Any

import dash
import polars
from dash.dependencies import Input, Output, State
from dash.development.base_component import Component

from dashboard.access import Given, guarded_callback, one_of, view_query
from dashboard.components import html
from dashboard.components.download import listing_downloads
from dashboard.components.filter_bar import choice, filter_bar
from dashboard.components.graph import graph
from dashboard.components.links import rows_address
from dashboard.components.notes import not_loaded, source
from dashboard.components.panel import empty_panel, officers_panel, panel
from dashboard.components.review_notes import review_notes
from dashboard.figures.against_median import against_median
from dashboard.figures.distribution import distribution
from dashboard.figures.trend import Series, trend
from dashboard.listing import listing_table
from dashboard.listings.unit_costs import (
    groups_of,
    outliers_listing,
    providers_listing,
    spread_listing,
    trend_listing,
)
from dashboard.pages import filters
from dashboard.pages.costs import PATH, SPLITS, Costs, split_title
from dashboard.roles import ANALYST, OFFICER, may
from hnb import real_terms, wording
from hnb.codelists import CODELISTS
from hnb.findings import unit_costs as findings
from hnb.metrics import MEASURES, Selection
from hnb.spend import count_date
from hnb.unit_costs import MEASURE

QUESTION = "What does a year in each kind of setting cost?"

ROWS_DRAWN, PROVIDERS_DRAWN = 20, 12

dash.register_page(
    __name__,
    path=PATH,
    name="Unit costs",
    title="What a year in each kind of setting costs",
    order=40,
    least_role=ANALYST,
    is_kept=True,
)
filters.register("unit-costs", least_role=ANALYST)


@guarded_callback(
    Output(filters.LOCATION, "search", allow_duplicate=True),
    [
        Given(Input("unit-costs-prices", "value"), one_of([code for code, _ in real_terms.choices()])),
        Given(Input("unit-costs-rows", "value"), one_of(tuple(SPLITS))),
        Given(State(filters.LOCATION, "search"), view_query()),
    ],
    least_role=ANALYST,
    prevent_initial_call=True,
)
def chosen(prices: str | None, rows: str | None, query: str) -> Any:
    """The address with what was chosen for prices and rows; no change where the page shows that already."""
    shown = Costs.read(query)
    if (prices, rows) == (shown.prices, shown.split):
        return dash.no_update
    return filters.address_with(
        query,
        Selection.from_query(query),
        prices="" if prices in (None, real_terms.CASH) else str(prices),
        rows=rows or "",
    )


def layout(view: str = "") -> Component:
    """The page for the query of an address."""
    costs = Costs.read(view)
    asked = costs.view
    return html.Div(
        [
            html.Div([html.H1(QUESTION), html.P(_when(costs))], className="page-head"),
            filter_bar(
                "unit-costs",
                asked.selection,
                years=asked.years,
                providers=asked.providers[: filters.PROVIDERS_SHOWN],
                said=asked.said,
                dropped=(*asked.dropped, *costs.notes),
                clear=costs.address(Selection()) if asked.is_narrowed or asked.selection.years else "",
            ),
            *([_choosers(costs)] if costs.has_register else []),
            *_figures(costs),
        ],
        className="page",
    )


def _when(costs: Costs) -> str:
    if not costs.view.year:
        return "Nothing is loaded yet"
    return costs.when + (f", as at {costs.view.as_at}" if costs.view.as_at else "")


def _choosers(costs: Costs) -> Component:
    offered = dict(real_terms.choices())
    # A link may ask for the prices of another year: the control then shows that year too.
    offered.setdefault(costs.prices, real_terms.words(costs.prices))
    return html.Div(
        [
            choice("unit-costs", "prices", "Prices", list(offered.items()), costs.prices),
            choice(
                "unit-costs", "rows", "Rows", [(split, split_title(split)) for split in SPLITS], costs.split
            ),
        ],
        className="chooser",
        role="group",
        **{"aria-label": "In which prices, by what"},
    )


def _figures(costs: Costs) -> list[Component]:
    asked = costs.view
    if not costs.has_register:
        nothing = not_loaded(MEASURES["placement_years"], asked.loaded - {"spend"})
        return [empty_panel("spread", "How the cost of a year is spread", nothing), *_trend(costs)]
    if not costs.now.height:
        return [
            empty_panel(
                "spread",
                f"No placement for {wording.lowered(asked.selection.words())}",
                f"The register of {asked.year} has no day of placement for this selection. Widen it.",
            )
        ]
    return [
        _spread(costs),
        _providers(costs),
        *_trend(costs),
        _outliers(costs)
        if may(OFFICER)
        else officers_panel("outliers", "Placements far above their setting"),
    ]


def _spread(costs: Costs) -> Component:
    drawn = costs.rows
    is_cut = drawn.height > ROWS_DRAWN
    if is_cut:
        largest = drawn.sort("cost", descending=True).head(ROWS_DRAWN).select(costs.by)
        drawn = drawn.join(largest, on=list(costs.by), how="semi", maintain_order="left")
    finding = findings.dearest(costs.rows, costs.by)
    listing = spread_listing(costs)
    measured = (
        f"What a full year of a placement costs, £, {costs.when}; bar: the middle half of placement-years; line: the middle eight "
        f"tenths; upright mark: median; diamond: mean; in brackets: placements with a day in the year; {_about(costs)}"
        + (f"; the {ROWS_DRAWN} that cost most of {costs.rows.height}" if is_cut else "")
    )
    return panel(
        "spread",
        finding,
        measured,
        graph(
            distribution(drawn, costs.by, shade=costs.shade),
            heading_id="spread-heading",
            description=f"{finding}. One row for each, from nought; the table has every figure.",
            id="spread-chart",
        ),
        table=listing_table(listing),
        downloads=listing_downloads(
            "unit-costs", costs.view.query, subject=listing.title, graph_id="spread-chart"
        ),
        source=_source(costs),
        caution=" ".join(
            part
            for part in (
                MEASURE.caution,
                _by_headcount(costs),
                real_terms.note([costs.view.year], costs.prices),
            )
            if part
        ),
    )


def _by_headcount(costs: Costs) -> str:
    """What dividing by the count on one day would have given (rule 2 of the rules of the trade)."""
    view = costs.view
    if not view.has("placements"):
        return ""
    counted, _ = view.figure("placements", view.of_year)
    as_at = view.data.as_at_by_year.get(view.year)
    on = f"on {wording.date(count_date(view.year, as_at))}" if as_at else "in January"
    return findings.by_headcount(costs.whole["cost"], costs.whole["mean"], counted, on)


def _providers(costs: Costs) -> Component:
    listing = providers_listing(costs)
    above = costs.providers.filter(polars.col("above_median") > 0)
    drawn = above.head(PROVIDERS_DRAWN)
    finding = findings.charging_most(costs.providers)
    measured = (
        f"Cost of a placement-year at a provider (dot) against the median of its setting (mark), £, {costs.when}; in bold what that "
        f"comes to in the year; the {drawn.height} furthest above of {costs.providers.height}; {_about(costs)}"
    )
    chart = (
        graph(
            against_median(drawn),
            heading_id="providers-heading",
            description=f"{finding}. A row for each provider and setting; the table has every figure.",
            id="providers-chart",
        )
        if drawn.height
        else html.P("Every provider is at or below the median of its setting.", className="empty")
    )
    return panel(
        "providers",
        finding,
        measured,
        chart,
        table=listing_table(listing),
        downloads=listing_downloads("providers-against-median", costs.view.query, subject=listing.title, graph_id="providers-chart" if drawn.height else ""),
        source=_source(costs),
        caution=listing.caution,
    )  # fmt: skip


def _trend(costs: Costs) -> list[Component]:
    if not costs.view.has(MEASURE.name):
        return []
    found, groups = costs.trend, groups_of(costs)
    years = found["financial_year"].unique().to_list()
    finding = findings.over_years(found, costs.prices)
    note = real_terms.note(years, costs.prices)
    if not groups or len(years) < 2:
        return [
            empty_panel(
                "by-year",
                finding or MEASURE.title,
                f"There are no two years of figures to draw a course of. {note}".strip(),
            )
        ]
    codes = CODELISTS["setting_groups"]
    listing = trend_listing(costs)
    decisions = costs.view.decisions(years)
    measured = (
        f"{MEASURE.title} by kind of setting, £, {real_terms.words(costs.prices)}; cost ÷ placement-years"
        + ("; dashed is forecast" if "estimated" in found["status"].to_list() else "")
        + ("; every year, whichever is selected" if costs.selection.years else "")
        + f"; {_about(costs)}"
    )
    return [
        panel(
            "by-year",
            finding,
            measured,
            [
                graph(
                    trend(found, MEASURE, by="setting_group", series=[Series(code, codes.short(code), code) for code in groups], decisions=decisions, height=440),
                    heading_id="by-year-heading",
                    description=f"{finding}. Each kind of setting is a line; the table has every figure.",
                    id="by-year-chart",
                ),
                *review_notes((), decisions),
            ],
            table=listing_table(listing),
            downloads=listing_downloads("unit-costs-by-year", costs.view.query, subject=listing.title, graph_id="by-year-chart"),
            source=_source(costs, every_year=True),
            caution=note,
        )
    ]  # fmt: skip


def _outliers(costs: Costs) -> Component:
    found = costs.outliers
    finding = findings.far_off(found, costs.now.height)
    if not found.height:
        return empty_panel(
            "outliers",
            finding,
            "Each is within the usual spread of its setting and at most twice its median.",
        )
    listing = outliers_listing(costs)
    rules = CODELISTS["outlier_rules"]
    return panel(
        "outliers",
        finding,
        f"Placements above a limit of their setting, {costs.when}, most pounds above the median first, "
        f"{len(listing.on_screen)} of {wording.count(found.height)}; {_about(costs)}",
        listing_table(listing),
        downloads=listing_downloads("outliers", costs.view.query, subject=listing.title),
        source=_source(costs),
        caution=f"The limits: {wording.lowered(rules.meaning('above_fence')).rstrip('.')}, or {wording.lowered(rules.meaning('twice_the_median'))} {listing.caution}",
    )  # fmt: skip


def _about(costs: Costs) -> str:
    return wording.lowered(costs.selection.about())


def _source(costs: Costs, *, every_year: bool = False) -> Component:
    selection = costs.selection if every_year else costs.selection.with_(years=(costs.view.year,))
    return source(
        costs.view.data.table("files"),
        ("placements",),
        MEASURE.source,
        rows=rows_address(MEASURE.name, selection),
    )
