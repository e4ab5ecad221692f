"""Placements: who is placed where, and who is moving? Months, providers, the full-year effect, the flow, what to look at."""

from __future__ import annotations

from typing import Any

import dash
import polars
from dash import dcc
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
from dashboard.components.records import records_table
from dashboard.figures.palette import HEAT
from dashboard.figures.placement_months import bars_by_month, lines_by_month, starts_and_ends
from dashboard.figures.trend import Series, breaks_of
from dashboard.figures.waterfall import waterfall
from dashboard.listing import listing_table
from dashboard.listings.placement_rows import OFFICERS_ONLY, placements
from dashboard.listings.placements import (
    exception_kinds,
    flow_caution,
    flow_course,
    flow_label,
    full_year,
    months,
    months_by_setting,
    moves,
    of_providers,
)
from dashboard.pages import filters
from dashboard.pages.placed import (
    EXCEPTIONS_PATH,
    FIRST_SHOWN,
    LIST_PATH,
    PATH,
    PROVIDERS_SHOWN,
    Placed,
)
from dashboard.roles import ANALYST, OFFICER, may
from hnb import wording
from hnb.codelists import CODELISTS
from hnb.findings import placements as findings
from hnb.metrics import MEASURES, Selection
from hnb.placement_flow import DIMENSIONS, LEFT, NOT_PLACED, Flow
from hnb.placement_register import exceptions_by_kind, sums
from hnb.spend import count_date

QUESTION = "Who is placed where, and who is moving?"
BY_MONTH = ("financial_year", "month")

dash.register_page(
    __name__,
    path=PATH,
    name="Placements",
    title="Placements by month and provider",
    order=30,
    least_role=ANALYST,
    is_kept=True,
)
filters.register("placements", least_role=ANALYST)


@guarded_callback(
    Output(filters.LOCATION, "search", allow_duplicate=True),
    [
        Given(Input("placements-between", "value"), one_of(DIMENSIONS)),
        Given(State(filters.LOCATION, "search"), view_query()),
    ],
    least_role=ANALYST,
    prevent_initial_call=True,
)
def chosen(between: str | None, query: str) -> Any:
    """The address with what the flow is to be between; no change where the page shows that already."""
    if between == Placed.read(query).between:
        return dash.no_update
    return filters.address_with(query, Selection.from_query(query), between=between or "")


def layout(view: str = "") -> Component:
    """The page for the query of an address."""
    asked = Placed.read(view)
    shown = asked.view
    return html.Div(
        [
            html.Div([html.H1(QUESTION), html.P(_when(asked))], className="page-head"),
            filter_bar(
                "placements",
                shown.selection,
                years=shown.years,
                providers=shown.providers[: filters.PROVIDERS_SHOWN],
                said=shown.said,
                dropped=(*shown.dropped, *asked.notes),
                clear=PATH if shown.is_narrowed or shown.selection.years else "",
            ),
            *_figures(asked),
        ],
        className="page",
    )


def _when(asked: Placed) -> str:
    if not asked.is_loaded:
        return "No placement register is loaded"
    return f"{asked.year}, register as at {asked.as_at}" if asked.as_at else asked.year


def _figures(asked: Placed) -> list[Component]:
    if not asked.is_loaded:
        words = not_loaded(MEASURES["month_placements"], asked.view.loaded)
        return [empty_panel("by-month", "Placements by month", words)]
    totals = asked.view.answer("month_placements", asked.months_of, BY_MONTH)
    if not totals.height:
        return [
            empty_panel(
                "by-month",
                f"Nothing for {wording.lowered(asked.view.selection.words())}",
                "No register has a placement of this selection. Widen it.",
            )
        ]
    return [
        html.Div([_by_month(asked, totals), _cost_by_month(asked)], className="side-by-side"),
        _providers(asked),
        html.Div([_starts_and_ends(asked), _full_year(asked)], className="side-by-side"),
        *_flow(asked),
        _exceptions(asked),
        _list(asked) if may(OFFICER) else officers_panel("list", "The placements, one by one"),
    ]


# ---------------------------------------------------------------------------------------- by month


def _by_month(asked: Placed, totals: polars.DataFrame) -> Component:
    measure, by = MEASURES["month_placements"], asked.split
    found = asked.view.answer(measure.name, asked.months_of, (*BY_MONTH, by))
    finding = findings.by_month(totals)
    codes = CODELISTS[f"{by}s"]
    known = found.filter(polars.col("value").is_not_null())
    there = set(known.filter(polars.col("value") > 0)[by].to_list())
    series = [Series(code, wording.label(by, code, brief=True), _shade(by, code)) for code in codes.codes if code in there]  # fmt: skip
    broken = breaks_of(measure, found["financial_year"].unique().sort().to_list())
    explained = [CODELISTS["series_breaks"].meaning(code) for code in CODELISTS["series_breaks"].codes] if broken else []  # fmt: skip
    return panel(
        "by-month",
        finding,
        f"Main placements open on the 15th of each month, by {wording.lowered(wording.dimension_title(by))}{_counted_also(asked)}; {_about(asked)}",
        graph(
            lines_by_month(found, measure, by=by, series=series),
            heading_id="by-month-heading",
            description=f"{finding}. One line for each kind of setting, dashed where expected; the table has every figure.",
            id="by-month-chart",
        ) if series else _hidden(),
        table=listing_table(months_by_setting(asked)),
        downloads=_files("placement-months-by-setting", asked, "placements by month and setting", "by-month-chart" if series else ""),
        source=_source(asked, measure.name, asked.months_of),
        caution=" ".join(explained),
    )  # fmt: skip


def _cost_by_month(asked: Placed) -> Component:
    measure = MEASURES["placement_cost"]
    found = asked.view.answer(measure.name, asked.months_of, BY_MONTH)
    finding = findings.cost_by_month(found)
    is_known = bool(found["value"].drop_nulls().len())
    return panel(
        "cost-by-month",
        finding,
        f"Register's cost of each month, £, hatched where expected; {_about(asked)}",
        graph(
            bars_by_month(found, measure, shade=_one_shade(asked)),
            heading_id="cost-by-month-heading",
            description=f"{finding}. One bar a month, from nought; the table has every figure.",
            id="cost-by-month-chart",
        ) if is_known else _hidden(),
        table=listing_table(months(asked)),
        downloads=_files("placement-months", asked, "cost by month", "cost-by-month-chart" if is_known else ""),
        source=_source(asked, measure.name, asked.months_of),
        caution=measure.caution,
    )  # fmt: skip


def _starts_and_ends(asked: Placed) -> Component:
    of_year = asked.view.of_year
    started, ended = MEASURES["placement_starts"], MEASURES["placement_ends"]
    starts, ends = (
        asked.view.answer(measure.name, of_year, BY_MONTH).filter(polars.col("value").is_not_null())
        for measure in (started, ended)
    )
    totals = [asked.view.figure(measure.name, of_year)[0] for measure in (started, ended)]
    finding = findings.starts_and_ends(*totals, starts, asked.year)
    links = [
        dcc.Link("Who started", href=asked.address(LIST_PATH, of_year, list="started")),
        dcc.Link("Who ended", href=asked.address(LIST_PATH, of_year, list="ended")),
    ]
    return panel(
        "moves",
        finding,
        f"Main placements begun and ended in each month of {asked.year}; {_about(asked)}",
        graph(
            starts_and_ends(starts, ends, started, ended),
            heading_id="moves-heading",
            description=f"{finding}. Bars upwards began, bars downwards ended; the table has every figure.",
            id="moves-chart",
        ) if starts.height else _hidden(),
        table=listing_table(moves(asked)),
        downloads=_files("placement-moves", asked, "placements started and ended", "moves-chart" if starts.height else ""),
        links=links,
        source=_source(asked, started.name, of_year),
        caution=started.caution,
    )  # fmt: skip


def _full_year(asked: Placed) -> Component:
    measure = MEASURES["full_year_effect"]
    found = asked.view.answer(measure.name, asked.view.of_year, ("cohort",))
    listing = full_year(asked)
    whole, cost = (
        asked.view.figure(name, asked.view.of_year)[0] for name in ("whole_year_cost", "cost_in_year")
    )
    finding = findings.full_year(whole, cost, asked.year, asked.as_at)
    codes = CODELISTS["placement_cohorts"]
    steps = [(codes.label(code), value) for code, value in found.select("cohort", "value").rows() if value is not None]  # fmt: skip
    return panel(
        "full-year",
        finding,
        f"A whole year less {asked.year}, £; next year to the end dates that are known; {_about(asked)}",
        [graph(
            waterfall(steps, "The full-year effect"),
            heading_id="full-year-heading",
            description=f"{finding}. Each bar begins where the one above it ended; the table has every figure.",
            id="full-year-chart",
        ) if steps else _hidden(), listing_table(listing)],
        downloads=_files("placement-full-year", asked, "full-year effect", "full-year-chart" if steps else ""),
        source=_source(asked, measure.name, asked.view.of_year),
        caution=measure.caution,
    )  # fmt: skip


# ----------------------------------------------------------------------------------------- who


def _providers(asked: Placed) -> Component:
    listing = of_providers(asked)
    if not listing.rows:
        return empty_panel("providers", f"No provider in {asked.year}", "The register of the year has no placement of this selection.")  # fmt: skip
    count = len(listing.rows)
    shown = f"the {PROVIDERS_SHOWN} dearest of {count}; the files have all" if count > PROVIDERS_SHOWN else f"all {count}" if count > 1 else "the only one"  # fmt: skip
    return panel(
        "providers",
        findings.half(asked.providers, asked.all_providers["cost"], asked.selection.about()),
        f"Register's cost of placements by provider, {asked.year}, dearest first, {shown}; press a name to narrow to it; {_about(asked)}",
        listing_table(listing),
        downloads=_files("placement-providers", asked, "providers of placements"),
        source=_source(asked, "spend_per_placement_year", asked.view.of_year),
        caution=" ".join(filter(None, (listing.caution, asked.beside))),
    )


def _flow(asked: Placed) -> list[Component]:
    found = asked.flow
    if found is None or not found.cells.height:
        return [empty_panel("flow", "Where children moved", "Two years with a register are needed to show who moved.")]  # fmt: skip
    title = wording.lowered(wording.dimension_title(asked.between))
    return [
        panel(
            "flow",
            findings.moved(found, lambda code: flow_label(asked.between, code)),
            f"Children by {title}, {flow_course(asked)}; {wording.lowered(asked.selection.about())} on either date",
            [
                html.Div(
                    choice("placements", "between", "Rows and columns", [(name, wording.dimension_title(name)) for name in DIMENSIONS], asked.between),
                    className="chooser",
                ),
                _matrix(found, asked.between, f"Children by {title}, {flow_course(asked)}"),
            ],
            downloads=_files("placement-flow", asked, "flow between settings"),
            source=_source(asked, "placements", asked.view.of_year),
            caution=flow_caution(asked),
        )
    ]  # fmt: skip


def _matrix(found: Flow, by: str, caption: str) -> Component:
    """From each row to each column, shaded by how many moved; who stayed, came or left is not shaded."""
    moves = [
        found.children(before, after)
        for before in found.before
        for after in found.after
        if _is_move(before, after)
    ]
    strongest = max(moves, default=0)

    def cell(before: str, after: str) -> Component:
        number = found.children(before, after)
        if before == after:
            return html.Td(html.Span([wording.count(number), html.Span(" stayed", className="visually-hidden")]), className="stayed")  # fmt: skip
        is_shaded = bool(strongest and number and _is_move(before, after))
        step = min(number * len(HEAT) // strongest, len(HEAT) - 1) if is_shaded else None
        return html.Td(html.Span(wording.count(number)), className="" if step is None else f"heat-{step}")

    head = html.Tr([html.Th("From ↓ to →", scope="col"), *(html.Th(flow_label(by, code), scope="col") for code in found.after), html.Th("All", scope="col")])  # fmt: skip
    body = [
        html.Tr([html.Th(flow_label(by, before), scope="row"), *(cell(before, after) for after in found.after),
                 html.Td(html.Span(wording.count(found.children(before))), className="whole")])
        for before in found.before
    ]  # fmt: skip
    foot = html.Tr(
        [html.Th("All", scope="row"), *(html.Td(html.Span(wording.count(found.children(after=after))), className="whole") for after in found.after),
         html.Td(html.Span(wording.count(found.children())), className="whole")], className="total",
    )  # fmt: skip
    table = html.Table([html.Caption(caption), html.Thead(head), html.Tbody(body), html.Tfoot(foot)], className="heat flow")  # fmt: skip
    return html.Div(table, className="scroll", tabIndex=0, role="region", **{"aria-label": caption})


def _is_move(before: str, after: str) -> bool:
    """Whether a cell is of children placed on both dates, in two different kinds of place."""
    return before not in (NOT_PLACED, after) and after != LEFT


def _exceptions(asked: Placed) -> Component:
    listing = exception_kinds(asked)
    kinds = exceptions_by_kind(asked.exceptions)
    body: list[Component] = [listing_table(listing)] if listing.shown else []
    none_found = findings.none_found(kinds)
    return panel(
        "exceptions",
        findings.to_look_at(kinds),
        f"Sound rows of the register that a person should look at, {asked.year}; press a kind for its rows; {_about(asked)}",
        [*body, *([html.P(none_found, className="measured")] if none_found else [])],
        downloads=_files("placement-exception-kinds", asked, "exceptions by kind"),
        links=[dcc.Link("All of them, row by row", href=asked.address(EXCEPTIONS_PATH))]
        if listing.shown
        else [],
        caution="No figure is changed by any of them; one placement may have several.",
    )


def _list(asked: Placed) -> Component:
    listing, told = placements(asked), sums(asked.listed)
    if not told["rows"]:
        return empty_panel("list", f"No placement on the register of {asked.year}", "Widen the selection.")
    count = wording.count(told["rows"])
    return panel(
        "list",
        findings.of_list(told, asked.wanted, asked.year),
        f"The {min(FIRST_SHOWN, told['rows'])} dearest of {count}; {_about(asked)}",
        [
            records_table(listing.rows[:FIRST_SHOWN], listing.columns, listing.caption, whole=listing.whole),
            html.P(dcc.Link(f"All {count}, to search and sort", href=asked.address(LIST_PATH)), className="onward"),
        ],
        downloads=_files("placements", asked, "placements"),
        caution=" ".join(filter(None, (OFFICERS_ONLY, asked.beside))),
    )  # fmt: skip


# ---------------------------------------------------------------------------------------- pieces


def _files(name: str, asked: Placed, subject: str, graph_id: str = "") -> Component:
    return listing_downloads(name, asked.view.query, subject=subject, graph_id=graph_id)


def _source(asked: Placed, measure: str, selection: Selection) -> Component:
    declared = MEASURES[measure]
    return source(asked.view.data.table("files"), ("placements",), declared.source, rows=rows_address(measure, selection))  # fmt: skip


def _about(asked: Placed) -> str:
    words = wording.lowered(asked.selection.about())
    return words + (f"; register as at {asked.as_at}" if asked.as_at else "")


def _counted_also(asked: Placed) -> str:
    """The count that stands in the bar above with its day, since that is another day than the chart's."""
    number, _ = asked.view.figure("placements", asked.view.of_year)
    dates = asked.view.data.as_at_by_year
    if number is None or asked.year not in dates:
        return ""
    return f" ({wording.count(number)} on {wording.date(count_date(asked.year, dates[asked.year]))})"


def _hidden() -> Component:
    return html.P("No figure of it may be shown.", className="empty")


def _shade(by: str, code: str) -> str:
    return code if by == "setting_group" else CODELISTS["settings"].group(code)


def _one_shade(asked: Placed) -> str:
    groups = {CODELISTS["settings"].group(code) for code in asked.view.selection.settings}
    return groups.pop() if len(groups) == 1 else "accent"
