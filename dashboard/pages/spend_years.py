"""The page Spend over the years: all that is selected as bars, and each row of its table as a small line."""

from __future__ import annotations

import polars
from dash.development.base_component import Component

from dashboard.components.download import downloads, listing_downloads
from dashboard.components.graph import graph
from dashboard.components.links import rows_address
from dashboard.components.multiples import multiples
from dashboard.components.notes import source
from dashboard.components.panel import empty_panel, panel
from dashboard.components.review_notes import review_notes
from dashboard.components.tables import result_table
from dashboard.figures.trend import breaks_of
from dashboard.figures.years_of_bars import years_of_bars
from dashboard.listing import listing_table
from dashboard.listings.spend import of_crossed
from dashboard.pages.crossed import COURSES_SHOWN, Crossed
from hnb import findings, real_terms, wording
from hnb.codelists import CODELISTS
from hnb.findings.courses import moved_most_over_years
from hnb.metrics import MEASURES, unsupported
from hnb.recommendation_marks import targets_on


def over_the_years(crossed: Crossed, *, height: int) -> Component:
    """All that is selected, year by year."""
    view, measure, selection = crossed.view, crossed.measure, crossed.all_years
    by_year = crossed.over_the_years()
    known = by_year.filter(polars.col("value").is_not_null())
    finding = findings.over_years(by_year, measure)
    if known.height < 2:
        return empty_panel(
            "over-the-years",
            finding or measure.title,
            "There is one year of figures for this selection, so there is no course to draw.",
        )
    budget = None
    if (
        measure.name == "spend"
        and not unsupported("revised_budget", selection)
        and view.has("revised_budget")
    ):
        found = crossed.over_the_years(measure="revised_budget")
        budget = found.filter(polars.col("financial_year").is_in(by_year["financial_year"].to_list()))
        budget = budget if budget.height else None
    measured = (
        f"{measure.title} of the selection by year, {crossed.unit}"
        + ("; hatched is forecast" if "estimated" in by_year["status"].to_list() else "")
        + ("; the outline is the revised budget" if budget is not None else "")
    )
    is_cash = crossed.prices == real_terms.CASH
    # A target in pounds is one in cash.
    targets = (
        targets_on(view.recommendations, measure, view.selection) if is_cash or not measure.in_pounds else ()
    )
    decisions = view.decisions(by_year["financial_year"].to_list())
    subject, chart = f"{measure.title} by year", "over-the-years-chart"
    return panel(
        "over-the-years",
        finding,
        measured,
        [
            graph(
                years_of_bars(
                    by_year, measure, budget=budget, shade=_shade(crossed), targets=targets, decisions=decisions,
                    height=height,
                ),
                heading_id="over-the-years-heading",
                description=f"{finding}. One bar a year, from nought; the table has every figure.",
                id=chart,
            ),
            *review_notes(targets, decisions),
        ],
        table=result_table(
            by_year, measure, "financial_year", measured,
            beside=(MEASURES["revised_budget"], budget) if budget is not None else None,
        ),
        # In other prices the figures are not compute's own, so the file is the listing's.
        downloads=downloads(measure, selection, ("financial_year",), subject=subject, graph_id=chart)
        if is_cash
        else listing_downloads("spend-over-years", view.query, subject=subject, graph_id=chart),
        source=_source(crossed),
        caution=" ".join([*_breaks(crossed), *_prices(crossed)]),
    )  # fmt: skip


def each_row(crossed: Crossed) -> list[Component]:
    """The course of each row as small multiples; nothing where there is one year, or one row."""
    measure, by = crossed.measure, crossed.rows
    if len(crossed.course.points) < 2 or len(crossed.courses) < 2:
        return []
    title = wording.lowered(wording.dimension_title(by))
    finding = (
        moved_most_over_years(crossed.courses, measure, by) or f"{measure.title} by {title} over the years"
    )
    listing = of_crossed(crossed)
    years = list(crossed.course.points)
    measured = (
        f"{measure.title} by {title}, {crossed.unit}, {years[0]} to {years[-1]}; all on one scale from nought"
        + (
            "; dashed is forecast"
            if "estimated" in {status for _, status in crossed.course.points.values()}
            else ""
        )
        + (f"; the {COURSES_SHOWN} largest" if len(crossed.courses) == COURSES_SHOWN else "")
    )
    return [
        panel(
            "each-row",
            finding,
            measured,
            multiples(crossed.courses, measure, by, link=lambda code: crossed.narrowed(**{by: code})),
            table=listing_table(listing),
            downloads=listing_downloads("spend-over-years", crossed.view.query, subject=listing.title),
            source=_source(crossed),
            caution=" ".join([*_breaks(crossed), *_prices(crossed)]),
        )
    ]  # fmt: skip


def _breaks(crossed: Crossed) -> list[str]:
    breaks = CODELISTS["series_breaks"]
    crosses = breaks_of(crossed.measure, list(crossed.course.points))
    return [breaks.meaning(code) for code in breaks.codes] if crosses else []


def _prices(crossed: Crossed) -> list[str]:
    if not crossed.measure.in_pounds:
        return []
    note = real_terms.note(crossed.course.points, crossed.prices)
    return [note] if note else []


def _shade(crossed: Crossed) -> str:
    groups = {CODELISTS["settings"].group(code) for code in crossed.view.selection.settings}
    return groups.pop() if len(groups) == 1 else "accent"


def _source(crossed: Crossed) -> Component:
    measure, rows = crossed.measure, rows_address(crossed.measure.name, crossed.all_years)
    return source(crossed.view.data.table("files"), measure.tables, measure.source, rows=rows)
