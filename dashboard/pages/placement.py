"""One placement by its number: what it costs by month, each register that has it, what is to be looked at, its row. Officers only."""

from __future__ import annotations

from typing import Any

import dash
import polars
from dash import dcc
from dash.development.base_component import Component

from dashboard.components import html
from dashboard.components.crumbs import crumbs
from dashboard.components.download import listing_downloads
from dashboard.components.graph import graph
from dashboard.components.links import page_address
from dashboard.components.notes import source
from dashboard.components.panel import empty_panel, panel
from dashboard.components.records import RecordColumn, records_table
from dashboard.figures.placement_months import bars_by_month
from dashboard.listing import listing_table
from dashboard.listings.placement_rows import OFFICERS_ONLY, history_of_placement, months_of_placement
from dashboard.pages.placed import LIST_PATH, ONE_PATH, PATH, placement_number, row_address
from dashboard.pages.view import View
from dashboard.roles import OFFICER
from hnb import wording
from hnb.codelists import CODELISTS
from hnb.findings import placements as findings
from hnb.metrics import MEASURES, Selection
from hnb.placement_register import (
    placement_by_month,
    placement_exceptions_of,
    placement_history,
    placements_of_child,
)

QUESTION = "Which placement?"

dash.register_page(__name__, path=ONE_PATH, name="One placement", title="One placement", order=133, least_role=OFFICER, listed=False)  # fmt: skip


def layout(view: str = "") -> Component:
    """The page for the query of an address: the placement that it names, or how to find one."""
    asked, number = View.read(view), placement_number(view)
    history = (
        placement_history(asked.data, asked.selection.authority, number) if number else polars.DataFrame()
    )
    if not history.height:
        finding = (
            f"No register has a placement {number[:20]}" if number else "A placement is called by its number"
        )
        return _framed(
            QUESTION,
            "none is named" if not number else "none of that number",
            [empty_panel("placement", finding, "Find it in the list of placements, by provider or number."), html.P(dcc.Link("The list of placements", href=LIST_PATH))],
        )  # fmt: skip
    latest = history.row(0, named=True)
    where = wording.label("setting", latest["setting"])
    provider = latest["provider"] or "provider not recorded"
    return _framed(
        f"Placement {number}",
        f"{provider}, {wording.lowered(where)}",
        [
            html.Div([_facts(latest), _months(asked, view, history)], className="side-by-side"),
            _history(asked, view, history),
            _exceptions(asked, number),
            *_others(asked, latest),
        ],
    )


def _framed(heading: str, beside: str, body: list[Component]) -> Component:
    return html.Div(
        [
            html.Div(
                [html.H1(heading), html.P(beside, **{"data-status": f"{heading}, {beside}"})],
                className="page-head",
            ),
            crumbs([("Placements", PATH), ("One by one", LIST_PATH), (heading, "")]),
            *body,
        ],
        className="page",
    )


def _facts(row: dict[str, Any]) -> Component:
    """What the latest register says of it, a line each; what it does not say is said so."""
    costs = [(heading, row[name]) for heading, name in (
        ("Place element", "place_cost"), ("Top-up or fee", "top_up_cost"), ("Other cost", "other_cost"),
        ("Paid by health", "health_contribution"), ("Paid by social care", "care_contribution"),
    )]  # fmt: skip
    facts = [
        ("Status", CODELISTS["placement_statuses"].label(row["status"])),
        ("Provider", dcc.Link(row["provider"], href=page_address(PATH, Selection(providers=(row["provider"],)))) if row["provider"] else "Not recorded"),
        ("In or out of borough", wording.label("in_borough", row["in_borough"]) if row["in_borough"] is not None else "Not recorded"),
        ("Phase, year group", f"{wording.label('phase', row['phase'])}, {'not recorded' if row['year_group'] is None else row['year_group']}"),
        ("Primary need", wording.label("need", row["need"])),
        ("Second need", wording.label("need", row["secondary_need"]) if row["secondary_need"] else "None recorded"),
        ("Residential", {True: "Yes", False: "No", None: "Not recorded"}[row["residential"]]),
        ("Band", row["band"] or "None recorded"),
        ("Start", wording.date(row["start_on"])),
        ("End", wording.date(row["end_on"]) if row["end_on"] else "None on the register"),
        ("Budget line", wording.label("line", row["line"])),
        *((heading, "Not recorded" if value is None else wording.pounds(value)) for heading, value in costs),
        ("A full year costs the block", wording.pounds(row["annual_cost"])),
        (f"Cost in {row['financial_year']}", wording.pounds(row["cost"])),
        ("Next year, to the end date known", wording.pounds(row["next_year_cost"])),
        ("Row", dcc.Link(row["source"], href=row_address(row["source"]), className="address") if row_address(row["source"]) else row["source"]),
    ]  # fmt: skip
    pairs = [html.Div([html.Dt(name), html.Dd(value)]) for name, value in facts]
    return panel(
        "facts",
        findings.of_placement(row),
        f"As the register of {row['financial_year']} has it, as at {wording.date(row['register_as_at'])}",
        html.Dl(pairs, className="placement-facts"),
        caution=OFFICERS_ONLY,
    )


def _months(asked: View, query: str, history: polars.DataFrame) -> Component:
    number = placement_number(query)
    months = placement_by_month(asked.data, asked.selection.authority, number)
    if not months.height:
        return empty_panel("months", "It costs nothing in any month", "It has no day within the year of a register.")  # fmt: skip
    by_register = asked.data.as_at_by_year
    edge = by_register.get(months["financial_year"].max())  # type: ignore[arg-type]
    drawn = months.sort("month").rename({"cost": "value"})
    is_after = polars.col("month") > edge if edge else polars.lit(value=False)
    drawn = drawn.with_columns(polars.when(is_after).then(polars.lit("estimated")).otherwise(polars.lit("reported")).alias("status"))  # fmt: skip
    finding = findings.of_years(history)
    return panel(
        "months",
        finding,
        f"What placement {number} costs in each month, £, hatched where expected",
        graph(
            bars_by_month(drawn.tail(24), MEASURES["placement_cost"], shade="accent"),
            heading_id="months-heading",
            description=f"{finding}. One bar a month of the last two years, from nought; the table has every month.",
            id="months-chart",
        ),
        table=listing_table(months_of_placement(query)),
        downloads=listing_downloads("placement-by-month", query, subject=f"months of placement {number}", graph_id="months-chart"),
        source=source(
            asked.data.table("files"), ("placements",), "Annual cost spread over the days of the year (placement months).",
            rows=row_address(months["source"][0]),
        ),
    )  # fmt: skip


def _history(asked: View, query: str, history: polars.DataFrame) -> Component:
    number = placement_number(query)
    return panel(
        "history",
        findings.of_history(history),
        f"Placement {number} in each register, the latest first, each with its row",
        listing_table(history_of_placement(query)),
        downloads=listing_downloads("placement-history", query, subject=f"history of placement {number}"),
        source=source(asked.data.table("files"), ("placements",), "The register of each year, row by row (table placements).", rows=row_address(history["source"][0])),
    )  # fmt: skip


def _exceptions(asked: View, number: str) -> Component:
    found = placement_exceptions_of(asked.data, asked.selection.authority, number)
    codes = CODELISTS["problem_kinds"]
    if not found.height:
        return empty_panel("exceptions", "Nothing to look at", "No register's row of it is out of the ordinary in what is looked for.")  # fmt: skip
    columns = [
        RecordColumn("exception", "What", words=codes.label),
        RecordColumn("financial_year", "Year"),
        RecordColumn("meaning", "What it means"),
        RecordColumn("mend", "What to do"),
        RecordColumn("days", "Days in question", "count"),
        RecordColumn("cost", "£ in question", "pounds"),
        RecordColumn("source", "Row", "address", link=lambda row: row_address(row["source"])),
    ]
    rows = [
        {**row, "meaning": codes.meaning(row["exception"]), "mend": str(codes.entry(row["exception"]).details.get("mend", ""))}
        for row in found.iter_rows(named=True)
    ]  # fmt: skip
    finding = findings.plural(found.height, "thing").capitalize() + " to look at"
    return panel("exceptions", finding, "In each register that has it; no figure is changed by any of them", records_table(rows, columns, f"What to look at in placement {number}"))  # fmt: skip


def _others(asked: View, latest: dict[str, Any]) -> list[Component]:
    found = placements_of_child(asked.data, asked.selection.authority, latest["pupil_id"], latest["placement_id"])  # fmt: skip
    if not found.height:
        return [empty_panel("others", "The child's only placement", "No other placement of the child is in any register.")]  # fmt: skip
    columns = [
        RecordColumn(
            "placement_id", "Placement", link=lambda row: f"{ONE_PATH}?placement={row['placement_id']}"
        ),
        RecordColumn("provider", "Provider"),
        RecordColumn("setting", "Setting", words=lambda code: wording.label("setting", code)),
        RecordColumn("phase", "Phase", words=lambda code: wording.label("phase", code, brief=True)),
        RecordColumn("start_on", "Start", "date"),
        RecordColumn("end_on", "End", "date"),
        RecordColumn("annual_cost", "Annual cost", "pounds"),
        RecordColumn("source", "Row", "address", link=lambda row: row_address(row["source"])),
    ]
    return [
        panel(
            "others",
            f"{findings.plural(found.height, 'other placement').capitalize()} of the same child",
            "Each as the latest register has it, the latest begun first",
            records_table(found.iter_rows(named=True), columns, "Other placements of the same child"),
        )
    ]
