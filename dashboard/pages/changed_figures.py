"""The panels of What changed: what the change is made of, by which rows, by which placements, and between reports."""

from __future__ import annotations

import polars
from dash.development.base_component import Component

from dashboard.components import html
from dashboard.components.download import listing_downloads
from dashboard.components.graph import graph
from dashboard.components.links import rows_address
from dashboard.components.notes import source
from dashboard.components.panel import empty_panel, panel
from dashboard.figures.bars import bars
from dashboard.figures.waterfall import waterfall
from dashboard.listing import listing_table
from dashboard.listings.changed import (
    change_listing,
    deflator_note,
    effects_listing,
    effects_of,
    movers_listing,
    report_listing,
    rows_listing,
)
from dashboard.pages.between import Changed
from hnb import wording
from hnb.findings import changed as findings
from hnb.metrics import MEASURES
from hnb.movers import half_of

BARS_SHOWN = 12


def effects_panel(changed: Changed) -> Component:
    """The change from nought to the whole, effect by effect."""
    whole = changed.whole
    finding = findings.why_moved(
        whole, changed.said(changed.before), changed.said(changed.after), changed.effect_codes
    )
    was, now = (wording.pounds(whole[f"spend_{when}"], "sentence") for when in ("before", "after"))
    steps = [(name, amount) for name, _, amount in effects_of(changed)]
    said = [findings.price_against_inflation(whole), deflator_note(changed)]
    return panel(
        "effects",
        finding,
        f"{was} {_at(changed, changed.before)}, {now} {_at(changed, changed.after)}{_forecast(changed)}; {_about(changed)}",
        graph(
            waterfall(steps, "The whole change", is_forecast=changed.is_forecast),
            heading_id="effects-heading",
            description=f"{finding}. Each bar begins where the one above it ended; the table has every figure.",
            id="effects-chart",
        ),
        table=listing_table(effects_listing(changed)),
        downloads=listing_downloads("changed-effects", changed.view.query, subject=_subject(changed), graph_id="effects-chart"),
        source=_source(changed),
        caution=" ".join(sentence if sentence.endswith(".") else f"{sentence}." for sentence in said if sentence),
    )  # fmt: skip


def by_row_panel(changed: Changed) -> Component:
    """The rows that moved most."""
    by, measure = changed.rows, MEASURES["spend"]
    found = changed.by_row.rename({"change": "value"}).with_columns(polars.lit("reported").alias("status"))
    drawn = (
        found.filter(polars.col("value") != 0)
        .sort(polars.col("value").abs(), descending=True)
        .head(BARS_SHOWN)
    )
    finding = findings.moved_most(drawn, by)
    chart = (
        graph(
            bars(drawn, measure, by=by, signed=True),
            heading_id="by-row-heading",
            description=f"{finding}. One bar for each, from nought; the table has every figure.",
            id="by-row-chart",
        )
        if drawn.height
        else html.P("Every row is the same on both sides.", className="empty")
    )
    return panel(
        "by-row",
        finding,
        f"Change by {_lower(by)}, {changed.course}, £; {_about(changed)}",
        chart,
        table=listing_table(change_listing(changed)),
        downloads=listing_downloads("changed-by-row", changed.view.query, subject=f"the change by {_lower(by)}", graph_id="by-row-chart" if drawn.height else ""),
        source=_source(changed),
    )  # fmt: skip


def rows_panel(changed: Changed) -> Component:
    """Every effect of every row; pressing a row goes one step down."""
    by, listing = changed.rows, rows_listing(changed)
    counted = "placements open" if changed.compare == "dates" else "placement-years"
    return panel(
        "rows",
        findings.dearest(changed.by_row, by, "placement" if changed.compare == "dates" else "placement-year"),
        f"Spend, {counted} and cost of one by {_lower(by)}, {changed.course}; press a row to narrow to it",
        listing_table(listing),
        downloads=listing_downloads("changed-rows", changed.view.query, subject=_subject(changed)),
        source=_source(changed),
        caution="The effects add up to the change to the penny in every row.",
    )


def movers_panel(changed: Changed) -> Component:
    """The placements behind it, and how few of them make half."""
    found = changed.movers
    if not found.height:
        return empty_panel(
            "movers",
            "No placement moved",
            "Nobody started, left or cost more or less; the change is in what is not bought by placement.",
        )
    listing = movers_listing(changed)
    what = "Annual cost" if changed.compare == "dates" else "Register's cost"
    beside = findings.beside_the_movers(changed.whole, half_of(found).whole)
    return panel(
        "movers",
        findings.half_is_made_by(half_of(found)),
        f"{what} of each child at each provider, {changed.course}, largest change first, "
        f"{len(listing.on_screen)} of {wording.count(found.height)}; {_about(changed)}",
        listing_table(listing),
        downloads=listing_downloads("movers", changed.view.query, subject="the placements that moved spend"),
        source=_source(changed),
        caution=f"{listing.caution} {beside}.".strip() if beside else listing.caution,
    )


def report_panels(changed: Changed) -> list[Component]:
    """The lines of the forecast that moved between two reports."""
    by, year = changed.rows, changed.report_year
    measure, moved = MEASURES["forecast"], changed.movement(by)
    whole = changed.movement().row(0, named=True)
    drawn = moved.rename({"movement": "value"}).with_columns(polars.lit("estimated").alias("status"))
    drawn = (
        drawn.filter(polars.col("value") != 0)
        .sort(polars.col("value").abs(), descending=True)
        .head(BARS_SHOWN)
    )
    finding = findings.report_moved(moved, whole["movement"], by, changed.said(changed.after))
    was, now = (wording.pounds(whole[f"forecast_{when}"], "sentence") for when in ("before", "after"))
    not_split = changed.view.not_split(measure)
    chart = (
        graph(
            bars(drawn, measure, by=by, signed=True),
            heading_id="reports-heading",
            description=f"{finding}. One bar for each, from nought; the table has every figure.",
            id="reports-chart",
        )
        if drawn.height
        else html.P("No line was forecast anew.", className="empty")
    )
    return [
        panel(
            "reports",
            finding,
            f"Forecast of {year} by {_lower(by)}: {was} as at {changed.said(changed.before)}, {now} as at "
            f"{changed.said(changed.after)}; {_about(changed)}" + (f". {not_split}" if not_split else ""),
            chart,
            table=listing_table(report_listing(changed)),
            downloads=listing_downloads("report-movement", changed.view.query, subject=f"the forecast of {year} in two reports", graph_id="reports-chart" if drawn.height else ""),
            source=source(changed.view.data.table("files"), measure.tables, measure.source, rows=rows_address("forecast", changed.selection.with_(years=(year,)))),
            caution=measure.caution,
        )
    ]  # fmt: skip


def _at(changed: Changed, moment: str) -> str:
    return f"a year on {changed.said(moment)}" if changed.compare == "dates" else f"in {moment}"


def _about(changed: Changed) -> str:
    return wording.lowered(changed.selection.about())


def _forecast(changed: Changed) -> str:
    return f" ({changed.after} is a forecast)" if changed.is_forecast else ""


def _subject(changed: Changed) -> str:
    return f"why spend moved, {changed.course}"


def _lower(dimension: str) -> str:
    return wording.lowered(wording.dimension_title(dimension))


def _source(changed: Changed) -> Component:
    """The files behind both sides; of dates the register alone, else what `spend` is made of."""
    name = "placement_years" if changed.compare == "dates" else "spend"
    measure = MEASURES[name]
    years = changed.both if changed.compare == "years" else ()
    tables = ("placements",) if changed.compare == "dates" else ("spend",)
    return source(
        changed.view.data.table("files"), tables, measure.source, rows=rows_address(name, changed.selection.with_(years=years))
    )  # fmt: skip
