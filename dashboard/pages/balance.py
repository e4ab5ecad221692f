"""Balance: what does a year's spend do to the block? Grant, spend, position and balance, before and after the stability grant."""

from __future__ import annotations

from typing import Any

import dash
from dash.dependencies import Input, Output, State
from dash.development.base_component import Component

from dashboard.access import Given, guarded_callback, one_of, view_query
from dashboard.components import html
from dashboard.components.download import listing_downloads
from dashboard.components.filter_bar import choice
from dashboard.components.graph import graph
from dashboard.components.links import rows_address
from dashboard.components.metric_card import Movement, metric_card, tiles
from dashboard.components.notes import not_loaded, source
from dashboard.components.panel import empty_panel, panel
from dashboard.figures.balance_bars import Balance, balance_bars
from dashboard.figures.waterfall import waterfall
from dashboard.listing import listing_table
from dashboard.listings.balance import (
    chain_of_the_year,
    grant_and_spend,
    issues_of_the_allocation,
    steps_of_the_year,
    years_of_the_balance,
)
from dashboard.pages import filters
from dashboard.pages.block_years import PATH, BlockYears
from dashboard.roles import ANALYST
from hnb import findings, wording
from hnb.findings import balance as balance_findings
from hnb.metrics import MEASURES, Selection
from hnb.stability_grant import stability_grant, statutory_override

QUESTION = "What does this do to the block?"

dash.register_page(
    __name__,
    path=PATH,
    name="Balance",
    title="The block's balance",
    order=70,
    least_role=ANALYST,
    is_kept=True,
)


def _years() -> tuple[str, ...]:
    return BlockYears.read("").years


@guarded_callback(
    Output(filters.LOCATION, "search", allow_duplicate=True),
    [
        Given(Input("balance-year", "value"), one_of(_years)),
        Given(State(filters.LOCATION, "search"), view_query()),
    ],
    least_role=ANALYST,
    prevent_initial_call=True,
)
def chosen(year: str | None, query: str) -> Any:
    """The address with the year that was chosen; no change where the page shows it already."""
    if not year or year == BlockYears.read(query).year:
        return dash.no_update
    return filters.address_with(query, Selection.from_query(query).with_(years=(year,)))


def layout(view: str = "") -> Component:
    """The page for the query of an address."""
    asked = BlockYears.read(view)
    said = _said(asked)
    return html.Div(
        [
            html.Div([html.H1(QUESTION), html.P(asked.year or "No year is loaded")], className="page-head"),
            html.P(said, **{"data-status": said}),
            *(html.P(sentence, className="dropped") for sentence in asked.view.dropped),
            *_narrowed(asked),
            *_body(asked),
        ],
        className="page",
    )


def _said(asked: BlockYears) -> str:
    if not asked.year:
        return "The whole block: no allocation, spend or balance is loaded."
    closed = "a forecast" if asked.row["is_forecast"] else "closed"
    as_at = (
        f", as at {asked.view.latest_as_at}" if asked.row["is_forecast"] and asked.view.latest_as_at else ""
    )
    return f"The whole block, {asked.year} ({closed}{as_at})"


def _narrowed(asked: BlockYears) -> list[Component]:
    """A balance is of the whole block: a link that narrows by setting or need says so instead of misleading."""
    sentence = asked.view.not_split(MEASURES["in_year_position"])
    return [html.P(sentence, className="dropped")] if sentence else []


def _body(asked: BlockYears) -> list[Component]:
    if not asked.statement.height:
        lacking = not_loaded(MEASURES["allocation"], asked.view.loaded)
        return [empty_panel("balance", "The balance of the block", lacking)]
    options = [(year, year) for year in reversed(asked.years)]
    return [
        html.Div([choice("balance", "year", "Year", options, asked.year)], className="chooser", role="group", **{"aria-label": "Which year"}),
        _key_figures(asked),
        html.Div([_year(asked), _chain(asked)], className="side-by-side"),
        _piled_up(asked),
        _statement(asked),
        _issues(asked),
        _override(),
    ]  # fmt: skip


# ------------------------------------------------------------------------------------- key figures


def _key_figures(asked: BlockYears) -> Component:
    row, terms = asked.row, stability_grant()
    forecast = ", forecast" if row["is_forecast"] else ""
    after = row["closing_after_grant"]
    cards = [
        _card(f"Available {asked.year}", row["available"], "after deductions and transfers", year=asked.year),
        _card(
            f"In-year position {asked.year}{forecast}",
            row["in_year"],
            "what is available, less spend",
            tone=True,
            year=asked.year,
        ),
        metric_card(
            f"Spent of each £1 {asked.year}{forecast}",
            findings.pence(row["spent_share"]) if row["spent_share"] is not None else "No spend is loaded",
            beside="of what reaches the block",
            is_missing=row["spent_share"] is None,
        ),
        _card(
            f"Balance at {asked.closing_words}",
            row["closing"],
            _share_of_block(row),
            tone=True,
            year=asked.year,
        ),
    ]
    if after is not None and after != row["closing"]:
        condition = "paid" if row["is_paid"] else terms.condition
        cards.append(_card("Balance after the stability grant", after, condition, tone=True, year=asked.year))
    return tiles(cards)  # fmt: skip


def _card(title: str, amount: float | None, beside: str, *, year: str, tone: bool = False) -> Component:
    if amount is None:
        return metric_card(title, f"Not loaded for {year}", is_missing=True)
    side = "deficit" if amount < 0 else "surplus" if amount > 0 else ""
    moved = (Movement(side, "adverse" if amount < 0 else "favourable"),) if tone and side else ()
    return metric_card(title, wording.pounds(amount, "chart"), moved, beside=beside)


def _share_of_block(row: dict[str, Any]) -> str:
    if row["balance_share"] is None:
        return ""
    return f"{wording.share(abs(row['balance_share']))} of what the block has for the year"


# ---------------------------------------------------------------------------------------- figures


def _year(asked: BlockYears) -> Component:
    finding = balance_findings.of_the_year(asked.row)
    listing = steps_of_the_year(asked.query)
    if not asked.steps:
        why = f"{asked.year} has no spend, or no allocation after deductions, in what is loaded."
        return empty_panel("year", finding or f"No position for {asked.year}", why)
    steps = [(step["step"], step["amount"]) for step in asked.steps]
    hatched = [step["step"] for step in asked.steps if step["is_forecast"]]
    whole = "In-year position"
    return panel(
        "year",
        finding,
        f"From the allocation to the in-year position, {asked.year}, £{_forecast(asked)}; the whole block",
        graph(
            waterfall(steps, whole, forecasts=[*hatched, *([whole] if hatched else [])]),
            heading_id="year-heading",
            description=f"{finding}. Each bar begins where the one above it ended; the table has every figure.",
            id="balance-year-chart",
        ),
        table=listing_table(listing),
        downloads=listing_downloads("balance-year", asked.query, subject=listing.title, graph_id="balance-year-chart"),
        source=_source(asked, "in_year_position", asked.view.authority_only.with_(years=(asked.year,))),
        caution=listing.caution,
    )  # fmt: skip


def _piled_up(asked: BlockYears) -> Component:
    terms = stability_grant()
    finding = balance_findings.of_the_balance(asked.statement, terms)
    if not finding:
        return empty_panel(
            "piled-up",
            "What has piled up",
            not_loaded(MEASURES["cumulative_balance"], asked.view.loaded),
        )
    listing = years_of_the_balance(asked.query)
    drawn = [
        Balance(row["financial_year"], row["closing"], row["closing_after_grant"], row["is_forecast"] or row["is_carried_on"], row["is_forecast"] or row["is_carried_on"] or not row["is_paid"])
        for row in asked.statement.iter_rows(named=True)
        if row["closing"] is not None
    ]  # fmt: skip
    return panel(
        "piled-up",
        finding,
        "Balance of the Dedicated Schools Grant at 31 March, £; hatched is not yet so",
        [graph(
            balance_bars(drawn, MEASURES["cumulative_balance"], words_before="before", words_after="after grant"),
            heading_id="piled-up-heading",
            description=f"{finding}. One bar a year, down for a deficit; the table has every figure.",
            id="balance-chart",
        ), listing_table(listing)],
        downloads=listing_downloads("balance-years", asked.query, subject=listing.title, graph_id="balance-chart"),
        source=_source(asked, "cumulative_balance", asked.view.authority_only),
        caution=listing.caution,
    )  # fmt: skip


def _chain(asked: BlockYears) -> Component:
    words, end = asked.chain_end
    if not asked.chain or end is None:
        why = f"It takes the balance at the start of {asked.year}, the year's position and the balance at its end; not all of them are loaded."
        return empty_panel("chain", f"From balance to balance, {asked.year}", why)
    finding = balance_findings.of_the_chain(asked.row, stability_grant())
    listing = chain_of_the_year(asked.query)
    hatched = [step["step"] for step in asked.chain if step["is_forecast"]]
    return panel(
        "chain",
        finding,
        f"From the balance brought forward to the balance at {asked.closing_words}, £{'; hatched is not yet so' if hatched else ''}",
        graph(
            waterfall(
                [(step["step"], step["amount"]) for step in asked.chain],
                words,
                forecasts=[*hatched, *([words] if hatched else [])],
            ),
            heading_id="chain-heading",
            description=f"{finding}. Each bar begins where the one above it ended; the table has every figure.",
            id="balance-chain-chart",
        ),
        table=listing_table(listing),
        downloads=listing_downloads("balance-chain", asked.query, subject=listing.title, graph_id="balance-chain-chart"),
        source=_source(asked, "cumulative_balance", asked.view.authority_only.with_(years=(asked.year,))),
        caution=stability_grant().caution if asked.row["stability_grant"] else "",
    )  # fmt: skip


def _statement(asked: BlockYears) -> Component:
    listing = grant_and_spend(asked.query)
    return panel(
        "statement",
        balance_findings.worst_year(asked.statement) or "The block's grant, year by year",
        "From the allocation to the in-year position, every year, £",
        listing_table(listing),
        downloads=listing_downloads("grant-and-spend", asked.query, subject=listing.title),
        source=_source(asked, "available_grant", asked.view.authority_only),
    )


def _issues(asked: BlockYears) -> Component:
    finding = balance_findings.of_the_issues(asked.issues)
    if not finding:
        return empty_panel(
            "issues", "How the allocation was issued", not_loaded(MEASURES["allocation"], asked.view.loaded)
        )
    listing = issues_of_the_allocation(asked.query)
    return panel(
        "issues",
        finding,
        "Allocation of the high needs block at each publication, £",
        listing_table(listing),
        downloads=listing_downloads("allocation-issues", asked.query, subject=listing.title),
        source=_source(asked, "allocation", asked.view.authority_only),
        caution=listing.caution,
    )


def _override() -> Component:
    """What the two schemes mean, in plain words; their terms are data with a source."""
    override, grant = statutory_override(), stability_grant()
    body = html.Div(
        [
            html.P(override.meaning),
            html.P(override.while_it_lasts),
            html.P(override.when_it_ends),
            html.H3(f"{grant.label}: {wording.share(grant.share, places=0)}, {grant.paid_when}"),
            html.P(grant.meaning),
            html.P(grant.caution),
            html.Ul([html.Li(override.source), html.Li(grant.source)], className="source-list"),
        ],
        className="prose",
    )
    return panel(
        "override",
        f"The statutory override runs to {wording.date(override.last_day)}",
        "What it means, and what the stability grant is",
        body,
    )


def _forecast(asked: BlockYears) -> str:
    return "; hatched is a forecast" if asked.row["is_forecast"] else ""


def _source(asked: BlockYears, name: str, selection: Selection) -> Component:
    measure = MEASURES[name]
    return source(
        asked.view.data.table("files"), measure.tables, measure.source, rows=rows_address(name, selection)
    )
