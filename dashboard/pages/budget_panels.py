"""The panels of the page Budget: the one shape of a chart with its table and files, and those about forecasts."""

from __future__ import annotations

from typing import Any

from dash import dcc
from dash.development.base_component import Component

from dashboard.components.download import listing_downloads
from dashboard.components.graph import graph
from dashboard.components.links import rows_address
from dashboard.components.notes import source
from dashboard.components.panel import empty_panel, panel
from dashboard.figures.budget_bars import ForecastRow, forecast_bars
from dashboard.figures.waterfall import waterfall
from dashboard.listing import Listing, listing_table
from dashboard.listings import budget as tables
from dashboard.pages.year_of_budget import YearOfBudget
from hnb import forecast, wording
from hnb.budget_tree import largest_steps
from hnb.codelists import CODELISTS
from hnb.findings import budget as findings
from hnb.metrics import MEASURES

STEPS_SHOWN = 7
"""Steps of a waterfall that stand by themselves; the rest are one."""


def charted(
    asked: YearOfBudget, name: str, finding: str, measured: str, figure: Any, listing_name: str, listing: Listing, subject: str, shape: str,
    measure: str = "", tables_read: tuple[str, ...] = ("budget",), *, caution: str = "",
) -> Component:  # fmt: skip
    """A panel with a chart, its table, its files and its source."""
    return panel(
        name,
        finding,
        measured,
        graph(figure, heading_id=f"{name}-heading", description=f"{finding}. {shape}; the table has every figure.", id=f"budget-{name}-chart"),
        table=listing_table(listing),
        downloads=listing_downloads(listing_name, asked.view.query, subject=subject, graph_id=f"budget-{name}-chart"),
        links=[dcc.Link("Open spend", href=asked.spend_address(asked.whole))] if name == "lines" else (),
        source=rows_source(asked, tables_read, measure),
        caution=caution,
    )  # fmt: skip


def rows_source(
    asked: YearOfBudget, tables_read: tuple[str, ...] = ("budget",), measure: str = ""
) -> Component:
    """Where the figures come from; the rows are those of the measure, else of the forecast or the outturn."""
    name = measure or ("outturn" if asked.is_closed else "forecast")
    selection = asked.report if name != "outturn" or asked.is_closed else asked.narrowed
    return source(
        asked.view.data.table("files"), tables_read, MEASURES[name].source, rows=rows_address(name, selection)
    )


def forecasts(asked: YearOfBudget) -> Component:
    rows = asked.side_by_side
    if not rows:
        why = (
            f"{asked.year} is closed: its outturn is known. Choose an earlier report of it to see what each way would have given."
            if asked.is_closed
            else "The report has no actual to date to forecast from."
        )
        return empty_panel("forecasts", "No forecast is to be made", why)
    codes = CODELISTS["forecast_methods"]
    finding = findings.nearest(asked.errors_in_common, asked.in_common)
    spread = findings.spread({row["method"]: row["forecast"] for row in rows}, forecast.METHODS)
    drawn = [
        ForecastRow(
            codes.label(row["method"]),
            row["forecast"],
            findings.ends_at(row["forecast"], row["over_budget"]),
            findings.worth(row),
        )
        for row in rows
    ]
    return charted(
        asked, "forecasts", finding, f"{spread}; {asked.when}, £m; the outline is the revised budget, underneath stands the error in past years{asked.about}",
        forecast_bars(drawn, asked.whole["revised_budget"]), "budget-forecasts", tables.budget_forecasts(asked), "Four forecasts",
        "One bar a way to forecast, in the outline of the budget", tables_read=("budget", "budget_months"), caution=tables.FORECASTS_CAUTION,
    )  # fmt: skip


def movement(asked: YearOfBudget) -> Component:
    finding = findings.movement(asked.tree, asked.level, asked.before, is_closed=asked.is_closed)
    steps = largest_steps(asked.tree, "movement", asked.level, STEPS_SHOWN)
    if not steps:
        why = (
            "Every line is forecast as it was."
            if asked.before
            else "It is the first report of the year that is loaded."
        )
        return empty_panel("movement", finding, why)
    return charted(
        asked, "movement", finding, f"Movement of the {'outturn on the last forecast' if asked.is_closed else 'forecast'}, {wording.date(asked.before)} to {wording.date(asked.as_at)}, by {asked.level_words}, £{asked.about}",
        waterfall(steps, "All together", is_forecast=not asked.is_closed), "budget-movement", tables.budget_movement(asked),
        "Movement since the last report", "Each bar begins where the one above it ended",
    )  # fmt: skip


def forecasts_by_line(asked: YearOfBudget) -> list[Component]:
    if not asked.forecasts.height:
        return []
    lines, past = (
        tables.budget_forecast_lines(asked),
        tables.budget_past_forecasts(asked),
    )
    found = [
        panel(
            "forecast-lines", findings.widest_line(asked.forecasts, forecast.METHODS), f"{asked.when}, £; the error is the mean of past years, with a minus it was too low{asked.about}",
            listing_table(lines), downloads=listing_downloads("budget-forecast-lines", asked.view.query, subject="Forecasts by line"), source=rows_source(asked, ("budget", "budget_months")),
        )
    ]  # fmt: skip
    if past.rows:
        found.append(
            panel(
                "past-forecasts", findings.furthest(asked.past_with_errors, forecast.METHODS), f"What it would have given at the same time of the year, against the outturn, £; – is where that year kept no such report{asked.about}",
                listing_table(past), downloads=listing_downloads("budget-past-forecasts", asked.view.query, subject="Forecasts of past years"), source=rows_source(asked, ("budget", "budget_months"), "outturn"),
            )
        )  # fmt: skip
    return found
