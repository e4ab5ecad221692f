"""Budget: where will this year end? Lines against budget, month by month, four forecasts with what they were worth."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import dash
import dash_mantine_components as dmc
from dash.dependencies import Input, Output, State
from dash.development.base_component import Component

from dashboard.access import Given, any_of, guarded_callback, one_of, view_query
from dashboard.components import html
from dashboard.components.download import listing_downloads
from dashboard.components.filter_bar import choice, filter_bar
from dashboard.components.links import PageLink
from dashboard.components.metric_card import Movement, metric_card, tiles
from dashboard.components.notes import not_loaded
from dashboard.components.panel import empty_panel, panel
from dashboard.components.records import RecordColumn
from dashboard.figures.bars import shade_of
from dashboard.figures.budget_bars import BudgetRow, budget_bars, tone_of
from dashboard.figures.months_of_budget import months_of_bars, months_so_far
from dashboard.figures.waterfall import waterfall
from dashboard.listing import Listing, listing_table
from dashboard.listings import budget as tables
from dashboard.pages import filters
from dashboard.pages.budget_panels import (
    STEPS_SHOWN,
    charted,
    forecasts,
    forecasts_by_line,
    movement,
    rows_source,
)
from dashboard.pages.year_of_budget import DEPTHS, PATH, YearOfBudget
from dashboard.roles import ANALYST
from hnb import forecast, wording
from hnb.budget_tree import largest_steps, row_name
from hnb.codelists import CODELISTS
from hnb.findings import budget as findings
from hnb.metrics import MEASURES, Selection
from hnb.selection import CODED

QUESTION = "Where will this year end?"
ROWS_SHOWN = 13
"""Rows that the chart of budget against forecast has: every line, and of leaves the largest."""

dash.register_page(
    __name__,
    path=PATH,
    name="Budget",
    title="Budget: where will this year end?",
    order=20,
    least_role=ANALYST,
    is_kept=True,
)
filters.register("budget", least_role=ANALYST)


def _all_dates() -> tuple[str, ...]:
    return tuple(YearOfBudget.read("").reports["as_at"].unique().to_list())


def _all_lines() -> tuple[str, ...]:
    return tuple(value for item in _line_options() for value in [each["value"] for each in item["items"]])


@guarded_callback(
    Output(filters.LOCATION, "search", allow_duplicate=True),
    [
        Given(Input("budget-as-at", "value"), one_of(_all_dates)),
        Given(Input("budget-depth", "value"), one_of(DEPTHS)),
        Given(Input("budget-lines-chosen", "value"), any_of(_all_lines)),
        Given(State(filters.LOCATION, "search"), view_query()),
    ],
    least_role=ANALYST,
    prevent_initial_call=True,
)
def chosen(as_at: str | None, depth: str | None, lines: tuple[str, ...], query: str) -> Any:
    """The address with the report, the depth and the lines chosen; no change where the page shows that already."""
    shown = YearOfBudget.read(query)
    before = Selection.from_query(query)
    asked = before.with_(lines=lines)
    if (as_at, depth) == (shown.as_at, shown.depth) and asked == before:
        return dash.no_update
    # The latest report needs no date in the link: tomorrow's reader then sees tomorrow's report.
    is_latest = not as_at or as_at == shown.dates[-1]
    return filters.address_with(query, asked.with_(as_at="" if is_latest else as_at), depth="" if depth in (None, "line") else depth)  # fmt: skip


def layout(view: str = "") -> Component:
    """The page for the query of an address, every figure in it."""
    asked = YearOfBudget.read(view)
    seen = asked.view
    return html.Div(
        [
            html.Div(
                [html.H1(QUESTION), html.P(asked.when if asked.year else "No budget monitor to show")],
                className="page-head",
            ),
            filter_bar(
                "budget",
                seen.selection,
                years=seen.years,
                providers=seen.providers[: filters.PROVIDERS_SHOWN],
                said=seen.said,
                dropped=(*seen.dropped, *asked.notes),
                clear=PATH if seen.is_narrowed or seen.selection.years or seen.selection.as_at else "",
            ),
            *_figures(asked),
        ],
        className="page",
    )


def _figures(asked: YearOfBudget) -> list[Component]:
    if not asked.view.has("revised_budget"):
        return [empty_panel("lines", QUESTION, not_loaded(MEASURES["forecast"], asked.view.loaded))]
    if not asked.year:
        return [
            empty_panel("lines", f"Nothing for {wording.lowered(asked.view.selection.words())}",
                        "No budget report has a line for this selection. Widen it, or choose a year that has one.")
        ]  # fmt: skip
    return [
        _choosers(asked),
        _tiles(asked),
        html.Div([_lines(asked), _bridge(asked)], className="side-by-side"),
        html.Div([movement(asked), forecasts(asked)], className="side-by-side"),
        _tree(asked),
        *_months(asked),
        *forecasts_by_line(asked),
    ]  # fmt: skip


def _choosers(asked: YearOfBudget) -> Component:
    levels = CODELISTS["budget_levels"]
    dates = [
        (date, wording.date(date) + (" (latest)" if date == asked.dates[-1] else ""))
        for date in reversed(asked.dates)
    ]
    return html.Div(
        [
            choice("budget", "as-at", f"Report of {asked.year}", dates, asked.as_at),
            choice("budget", "depth", "Down to", [(code, levels.label(code)) for code in DEPTHS], asked.depth),
            dmc.MultiSelect(
                id="budget-lines-chosen", label="Budget lines", data=_line_options(),
                placeholder="" if asked.view.selection.lines else "All lines",
                value=CODED["lines"].compact(asked.view.selection.lines), searchable=True, clearable=True,
                hidePickedOptions=False, maxDropdownHeight=320, clearButtonProps={"aria-label": "Clear budget lines"},
                comboboxProps={"withinPortal": False, "transitionProps": {"duration": 0}},
            ),
        ],
        className="chooser budget-chooser",
        role="group",
        **{"aria-label": "Which report, how deep, which lines"},
    )  # fmt: skip


def _line_options() -> list[dict[str, Any]]:
    groups, lines = CODELISTS["line_groups"], CODELISTS["budget_lines"]
    options = []
    for group in groups.codes:
        members = [
            code for code in lines.members(group) if lines.entry(code).details["bought_by"] != "balance"
        ]
        whole = (
            [{"value": f"group:{group}", "label": f"All {wording.lowered(groups.short(group))}"}]
            if len(members) > 1
            else []
        )
        items = [{"value": code, "label": lines.label(code)} for code in members]
        if items:
            options.append({"group": groups.label(group), "items": whole + items})
    return options


# ------------------------------------------------------------------------------------------ tiles


def _tiles(asked: YearOfBudget) -> Component:
    whole, cards = asked.whole, []

    def card(title: str, name: str, movements: tuple[Movement, ...] = (), beside: str = "") -> None:
        amount = whole[name]
        said = (
            wording.pounds(amount, "chart", signed=name == "movement")
            if amount is not None
            else "Not in this report"
        )
        cards.append(metric_card(title, said, movements, beside, is_missing=amount is None))

    card("Revised budget", "revised_budget", beside=_from_original(asked))
    if not asked.is_closed:
        card("Actual to date", "actual_to_date", beside=_elapsed(asked))
        card(
            "Commitment",
            "commitment",
            beside="agreed, not yet paid" if whole["commitment"] is not None else "",
        )
    variance = whole["variance"]
    over = (
        (Movement(findings.over_or_under(variance), wording.favour(MEASURES["variance"], variance)),)
        if variance is not None
        else ()
    )
    card("Outturn" if asked.is_closed else "Forecast", "expected", over)
    if asked.before:
        tone = wording.favour(MEASURES["variance"], whole["movement"])
        moved = (Movement(tone, tone),) if tone else ()
        card(f"Moved since {wording.date(asked.before)}", "movement", moved)
    if asked.forecasts.height and asked.in_common:
        best = (
            asked.errors_in_common.filter(asked.errors_in_common["years"] > 0)
            .sort("size_share")
            .row(0, named=True)
        )
        cards.append(
            metric_card("Nearest forecast in past years", CODELISTS["forecast_methods"].short(best["method"]),
                        beside=f"{findings.error(best)}, {findings.span(asked.in_common)}")
        )  # fmt: skip
    return tiles(cards)


def _from_original(asked: YearOfBudget) -> str:
    original, revised = asked.whole["original_budget"], asked.whole["revised_budget"]
    if original is None or revised is None:
        return ""
    same = wording.pounds(original, "chart") == wording.pounds(revised, "chart")
    return "as the original" if same else f"original {wording.pounds(original, 'chart')}"


def _elapsed(asked: YearOfBudget) -> str:
    elapsed = forecast.months_elapsed(asked.as_at)
    number = wording.count(elapsed) if elapsed == round(elapsed) else wording.number(elapsed)
    return f"{number} of 12 months gone"


# ----------------------------------------------------------------------------------------- panels


def _lines(asked: YearOfBudget) -> Component:
    finding = findings.year_end(asked.whole, asked.year, is_closed=asked.is_closed)
    of_level = asked.tree.filter(asked.tree["level"] == asked.level)
    # The leaves of a line are many and small: the largest stand for the chart, and the table has them all.
    rank = of_level["expected"].rank("ordinal", descending=True).fill_null(0)
    shown = of_level.filter(rank <= ROWS_SHOWN)
    rows = [
        BudgetRow(
            row_name(row, brief=True), row["revised_budget"], row["actual_to_date"], row["expected"],
            findings.ends_at(row["expected"], row["variance"]), findings.side(row["variance"]), tone_of(row["variance"]),
            shade_of("setting", row["setting"]) if asked.level == "leaf" else "accent",
        )
        for row in shown.iter_rows(named=True)
    ]  # fmt: skip
    number = f", the {shown.height} largest of {of_level.height}" if shown.height < of_level.height else ""
    ends = (
        "solid is the outturn" if asked.is_closed else "solid is paid, hatched still to come by the forecast"
    )
    return charted(
        asked, "lines", finding, f"Budget by {asked.level_words}{number}, {asked.when}, £m; the outline is the revised budget, {ends}{asked.about}",
        budget_bars(rows, is_closed=asked.is_closed), "budget-bridge", tables.budget_bridge(asked), "Budget against forecast",
        "Each row has a bar from nought and the outline of its budget",
    )  # fmt: skip


def _bridge(asked: YearOfBudget) -> Component:
    steps = largest_steps(asked.tree, "variance", asked.level, STEPS_SHOWN)
    word = "over budget" if (asked.whole["variance"] or 0) > 0 else "under budget"
    finding = findings.which_rows(asked.tree, asked.level, "variance", word) or "No line is off its budget"
    if not steps:
        return empty_panel(
            "bridge",
            finding,
            "The report has no budget or no forecast to compare, or every line is on its budget.",
        )
    ends = "outturn" if asked.is_closed else "forecast"
    budget, expected = (
        wording.pounds(asked.whole[name], "sentence") for name in ("revised_budget", "expected")
    )
    return charted(
        asked, "bridge", finding, f"From the revised budget of {budget} to the {ends} of {expected}, {asked.when}, by {asked.level_words}, £{asked.about}",
        waterfall(steps, f"{'Outturn' if asked.is_closed else 'Forecast'} less budget", is_forecast=not asked.is_closed),
        "budget-bridge", tables.budget_bridge(asked), "From budget to forecast",
        "Each bar begins where the one above it ended",
    )  # fmt: skip


def _tree(asked: YearOfBudget) -> Component:
    listing = tables.budget_lines(asked)
    finding = "Groups, lines and settings add up to the total to the penny"
    reconciling = asked.tree.filter((asked.tree["level"] == "group") & (asked.tree["group"] == "reconciling"))
    if reconciling.height and reconciling["expected"][0] is not None:
        size = wording.pounds(reconciling["expected"][0], "sentence")
        finding += f"; {size} of it is in none of DfE's published groups"
    return panel(
        "tree",
        finding,
        f"Budget monitor, {asked.when}, £; press a line to narrow to it{asked.about}",
        listing_table(_with_links(listing, asked)),
        downloads=listing_downloads("budget-lines", asked.view.query, subject="Budget lines"),
        source=rows_source(asked),
        caution=listing.caution,
    )


def _with_links(listing: Listing, asked: YearOfBudget) -> Listing:
    """The listing as the screen has it: indented where a file names the level, with what leads on from each row."""
    first, *others = [column for column in listing.columns if column.name != "level"]
    columns = [
        replace(first, link=lambda row: "" if row["kind"] == "leaf" else _narrowed(asked, row)),
        *others,
        RecordColumn("leads", "Open in", words=lambda links: links),
    ]
    rows = [{**row, "name": row["brief"], "leads": _leads(asked, row)} for row in listing.rows]
    return replace(listing, columns=columns, rows=rows)


def _leads(asked: YearOfBudget, row: dict[str, Any]) -> Component:
    of = html.Span(f" of {row['name']}", className="visually-hidden")
    places = (
        ("Spend", asked.spend_address(row)),
        ("Changed", asked.changed_address(row)),
        ("Rows", asked.rows_of(row)),
    )
    return html.Span([PageLink([words, of], href=href) for words, href in places], className="leads")


def _narrowed(asked: YearOfBudget, row: dict[str, Any]) -> str:
    """The page narrowed to a row of the tree, a level deeper; "" where it shows just that."""
    selection = asked.selection_of(row).with_(
        years=asked.view.selection.years, as_at=asked.view.selection.as_at
    )
    depth = {"group": "", "line": "leaf"}.get(row["kind"], "")
    return asked.address(selection, depth=depth) if selection != asked.view.selection else ""


def _months(asked: YearOfBudget) -> list[Component]:
    if not asked.months.height:
        why = (
            f"The report of {wording.date(asked.as_at)} has no months for this selection. They come with the budget monitor by month."
            if asked.view.has("month_profile")
            else not_loaded(MEASURES["month_profile"], asked.view.loaded)
        )
        return [empty_panel("months", "Month by month against the profile", why)]
    listing = tables.budget_months(asked)
    monthly = charted(
        asked, "months", findings.by_month(asked.months), f"Each month's cost, {asked.when}, £m; the outline is the profile, hatched is forecast{asked.about}",
        months_of_bars(asked.months), "budget-months", listing, "Budget by month", "A bar a month in the outline of its profile", "month_actual", ("budget_months",),
    )  # fmt: skip
    added_up = charted(
        asked, "so-far", findings.so_far(asked.months), f"The same added up from April, {asked.when}, £m; dotted is the profile, dashed is forecast{asked.about}",
        months_so_far(asked.months), "budget-months", listing, "Budget by month, added up", "The profile and the actual rise from April to March", "month_actual", ("budget_months",),
        caution=listing.caution,
    )  # fmt: skip
    return [html.Div([monthly, added_up], className="side-by-side")]
