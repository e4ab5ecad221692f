"""The panels of Reconcile: what agrees, what explains the gap, whom to ring, months, the bridge, suppliers, codes."""

from __future__ import annotations

import polars
from dash import dcc
from dash.development.base_component import Component

from dashboard.components import html
from dashboard.components.download import listing_downloads
from dashboard.components.graph import graph
from dashboard.components.links import rows_address
from dashboard.components.notes import source
from dashboard.components.panel import empty_panel, panel
from dashboard.figures.two_sources import two_sources
from dashboard.figures.waterfall import waterfall
from dashboard.listing import Listing, listing_table
from dashboard.listings import reconcile as tables
from dashboard.pages.held_against import ALL, HeldAgainst
from hnb import reconciled_rows, wording
from hnb.codelists import CODELISTS
from hnb.findings import reconcile as findings
from hnb.metrics import Selection

_WORDS = "Each source as its own files have it; the ledger's lines are those of the officers' mapping (data/mappings)."


def agree_panel(asked: HeldAgainst) -> Component:
    """Two sources at a time, line by line."""
    listing = tables.comparisons(asked)
    said = [findings.return_and_ledger(row, reconciled_rows.average_month(row)) for row in asked.yearly.filter(polars.col("pair") == "return_ledger").iter_rows(named=True)]  # fmt: skip
    return panel(
        "agree",
        findings.sources_agree(asked.yearly),
        f"Register, budget monitor, ledger and Section 251 return, {asked.year}; tolerance {CODELISTS['tolerances'].label(asked.tolerance)}, whichever is larger",
        [*(html.P(f"{sentence}.") for sentence in said), listing_table(listing)],
        downloads=_files("reconcile-sources", asked, "whether the sources agree"),
        source=_source(asked, ("placements", "budget", "payments", "spend_returns")),
        caution=listing.caution,
    )


def gap_panel(asked: HeldAgainst) -> Component:
    """What explains the gap between register and ledger, kind by kind."""
    row = asked.together("register_ledger")
    finding = findings.line_ties(row, asked.by_kind, asked.name)
    if not asked.by_kind.height:
        return empty_panel("gap", finding, "There is no exception in this selection.")
    codes = CODELISTS["ledger_exceptions"]
    steps = [
        (codes.label(kind), pounds)
        for kind, pounds in asked.by_kind.select("exception", "difference").rows()
        if pounds
    ]
    chart: Component = html.P("Timing alone: nothing is left over the year.", className="empty")
    if steps:
        chart = graph(
            waterfall(steps, "Paid less register"),
            heading_id="gap-heading",
            description=f"{finding}. Each bar begins where the one above it ended; the table has every figure.",
            id="gap-chart",
        )
    return panel(
        "gap",
        finding,
        f"Paid less register by kind of exception, {asked.year}, £; press a kind to list its exceptions",
        chart,
        table=listing_table(tables.kinds(asked)),
        downloads=_files("reconcile-kinds", asked, "exceptions by kind", "gap-chart" if steps else ""),
        source=_source(asked, ("placements", "payments")),
        caution="Timing nets to nothing within the year, unless something is paid ahead or falls due later. Exceptions and what is met add up to the whole difference, to the penny.",
    )


def months_panel(asked: HeldAgainst) -> Component:
    """Register and ledger, or the ledger alone, month by month; the missing month named."""
    pair = asked.monthly("register_ledger")
    if pair.height:
        finding = findings.months_compared(pair, asked.name)
        months, first, second = (pair[name].to_list() for name in ("month", "first_amount", "second_amount"))
        missing = [bool(words) for words in pair["months_missing"].to_list()]
        measured = f"Register (outline) and ledger (solid) by month, {asked.year}, £"
    else:
        paid = asked.paid_by_month
        finding = findings.paid_over_months(paid, asked.name)
        months, second, missing = (paid[name].to_list() for name in ("month", "amount", "is_missing"))
        first = [None] * len(months)
        measured = f"Paid by month of the ledger, {asked.year}, £"
    if not months:
        return empty_panel(
            "months", f"{asked.name}: no payment is loaded", "It comes with payments from the ledger."
        )
    return panel(
        "months",
        finding,
        measured,
        graph(
            two_sources(months, first, second, ("Register", "Ledger"), missing=missing),
            heading_id="months-heading",
            description=f"{finding}. One bar a month, from nought; the table has every figure.",
            id="months-chart",
        ),
        table=listing_table(tables.months(asked)),
        downloads=_files("reconcile-months", asked, "register and ledger by month", "months-chart"),
        source=_source(asked, ("placements", "payments")),
        caution=findings.repeats(asked.repeats),
    )


def ring_panel(asked: HeldAgainst) -> Component | None:
    """Whom to ring; nothing where there is no register."""
    if not asked.to_ring.height:
        return None
    listing = tables.ring(asked)
    return _tabled("ring", findings.whom_to_ring(asked.to_ring), f"Pounds at stake by provider or supplier, {asked.year}", listing, asked,
                   "reconcile-ring", "whom to ring")  # fmt: skip


def exceptions_panel(asked: HeldAgainst) -> Component | None:
    """Every exception with both its rows."""
    if not asked.by_kind.height:
        return None
    listing = tables.exceptions(asked)
    shown = min(len(listing.rows), tables.EXCEPTIONS_SHOWN)
    every = asked.kind == ALL
    finding = findings.exceptions_found(asked.by_kind) if every else findings.exceptions_of_kind(len(listing.rows), asked.kind)  # fmt: skip
    if not listing.rows:
        return empty_panel("exceptions", finding, "Choose another kind, line or year.")
    return _tabled("exceptions", finding, f"Exceptions, months in a row on one line, {_shown_of(shown, len(listing.rows))}", listing, asked,
                   "reconcile-exceptions", "exceptions")  # fmt: skip


def bridge_panel(asked: HeldAgainst) -> Component:
    """From the budget return to the outturn return."""
    if not asked.bridge.height:
        return empty_panel(
            "bridge",
            "The recoupment bridge needs both returns",
            "Not yet loaded: the Section 251 budget and outturn returns by group of lines of one year, and DfE's deductions for places.",
        )
    finding = findings.false_underspend(asked.coverage, asked.bridge_year)
    steps = [(tables.bridge_step(row), row["amount"]) for row in asked.bridge.iter_rows(named=True) if row["step"] in ("paid_by_dfe", "change")]  # fmt: skip
    whole = f"Outturn less budget return, {asked.bridge_year}"
    first, last = asked.bridge["amount"][0], asked.bridge["amount"][-1]
    return panel(
        "bridge",
        finding,
        f"From the budget return, {wording.pounds(first, 'sentence')}, to the outturn return, {wording.pounds(last, 'sentence')}, {asked.bridge_year}, £",
        graph(
            waterfall(steps, whole),
            heading_id="bridge-heading",
            description=f"{finding}. Each bar begins where the one above it ended; the table has every figure.",
            id="bridge-chart",
        ) if steps else html.P("Both returns are the same.", className="empty"),
        table=listing_table(tables.bridge(asked)),
        downloads=_files("reconcile-bridge", asked, "the recoupment bridge", "bridge-chart" if steps else ""),
        source=source(asked.view.data.table("files"), ("spend_returns", "place_deductions"), "DfE, Section 251 returns and the deductions for places that it pays directly.",
                      rows=rows_address("return_spend", Selection().with_(years=(asked.bridge_year,)))),
        caution="The budget return includes places at academies and colleges; the outturn leaves out those that DfE pays directly.",
    )  # fmt: skip


def suppliers_panel(asked: HeldAgainst) -> Component | None:
    """Suppliers that wait for a person."""
    offers = asked.table("supplier_offers")
    if not offers.height:
        return None
    return _tabled("suppliers", findings.not_confirmed(offers), "Suppliers paid on the register's lines, all years; run python -m etl suppliers to decide", tables.suppliers(asked), asked,
                   "reconcile-suppliers", "suppliers to confirm")  # fmt: skip


def codes_panel(asked: HeldAgainst) -> Component | None:
    """The mapping at work."""
    if not asked.codes.height:
        return None
    return _tabled("codes", findings.mapped(asked.codes), f"Ledger codes that are mapped or look like SEND, {asked.year}, £", tables.codes(asked), asked,
                   "reconcile-codes", "ledger codes and their lines")  # fmt: skip


def all_exceptions_link(asked: HeldAgainst) -> Component | None:
    """The way back from one kind of exception to all."""
    if asked.kind == "all":
        return None
    return dcc.Link("Show every kind of exception", href=asked.address(kind=""), className="clear")


def _shown_of(shown: int, number: int) -> str:
    """ "all 11", or "50 of 212; the files have all"."""
    if shown == number:
        return f"all {wording.count(number)}" if number > 1 else "the only one"
    return f"{wording.count(shown)} of {wording.count(number)}; the files have all"


def _tabled(name: str, finding: str, measured: str, listing: Listing, asked: HeldAgainst, file: str, subject: str) -> Component:  # fmt: skip
    return panel(
        name,
        finding,
        measured,
        listing_table(listing),
        downloads=_files(file, asked, subject),
        source=_source(asked, ("placements", "payments", "ledger_mapping", "supplier_matches")),
        caution=listing.caution,
    )


def _files(name: str, asked: HeldAgainst, subject: str, graph_id: str = "") -> Component:
    return listing_downloads(name, asked.view.query, subject=f"{subject}, {asked.year}", graph_id=graph_id)


def _source(asked: HeldAgainst, names: tuple[str, ...]) -> Component:
    return source(asked.view.data.table("files"), names, _WORDS, rows=rows_address("paid", asked.selection))
