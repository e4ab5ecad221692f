"""What changed: why did spend move between two years? Volume, mix and price, and the placements that moved it."""

from __future__ import annotations

from typing import Any

import dash
import polars
from dash import html
from dash.dependencies import Input, Output, State
from dash.development.base_component import Component

from dashboard.access import Given, guarded_callback, one_of, view_query
from dashboard.components.download import growth_downloads
from dashboard.components.filter_bar import choice, filter_bar
from dashboard.components.graph import graph
from dashboard.components.links import rows_address
from dashboard.components.notes import not_loaded, source
from dashboard.components.panel import empty_panel, panel
from dashboard.components.records import RecordColumn, records_table
from dashboard.figures.bars import bars
from dashboard.figures.waterfall import waterfall
from dashboard.pages import filters
from dashboard.pages.between import PATH, Changed
from dashboard.pages.view import View
from hnb import findings, wording
from hnb.codelists import CODELISTS
from hnb.growth import DIMENSIONS, EFFECTS
from hnb.metrics import MEASURES, Selection
from hnb.movers import movers

QUESTION = "Why did spend move?"

MOVERS_SHOWN = 20

dash.register_page(__name__, path=PATH, name="What changed", title="Why spend moved", order=3)
filters.register("changed")


def _all_years() -> tuple[str, ...]:
    return View.read("").years


@guarded_callback(
    Output(filters.LOCATION, "search", allow_duplicate=True),
    [
        Given(Input("changed-before", "value"), one_of(_all_years)),
        Given(Input("changed-after", "value"), one_of(_all_years)),
        Given(Input("changed-rows", "value"), one_of(DIMENSIONS)),
        Given(State(filters.LOCATION, "search"), view_query()),
    ],
    prevent_initial_call=True,
)
def chosen(before: str | None, after: str | None, rows: str | None, query: str) -> Any:
    """The address with the two years and the rows that were chosen; no change where the page shows that already."""
    shown = Changed.read(query)
    if (before, after, rows) == (shown.before, shown.after, shown.rows):
        return dash.no_update
    pair = tuple(sorted({year for year in (before, after) if year}))
    return filters.address_with(query, Selection.from_query(query).with_(years=pair), rows=rows or "")


def layout(view: str = "") -> Component:
    """The page for the query of an address."""
    changed = Changed.read(view)
    asked = changed.view
    return html.Div(
        [
            html.Div(
                [html.H1(QUESTION), html.P(f"{changed.before} to {changed.after}" if changed.pair else "Two years are needed")],
                className="page-head",
            ),
            filter_bar(
                "changed",
                asked.selection,
                years=asked.years,
                providers=asked.providers[: filters.PROVIDERS_SHOWN],
                said=asked.said,
                dropped=asked.dropped,
                clear=PATH if asked.is_narrowed or asked.selection.years else "",
            ),
            *_figures(changed),
        ],
        className="page",
    )  # fmt: skip


def _figures(changed: Changed) -> list[Component]:
    asked = changed.view
    if not asked.has("placement_years"):
        return [
            empty_panel("effects", "Why spend moved", not_loaded(MEASURES["placement_years"], asked.loaded))
        ]
    if not changed.pair:
        return [
            empty_panel(
                "effects", "Why spend moved", "There is one year of figures, so nothing to compare it with."
            )
        ]
    if not changed.growth(changed.rows).height:
        return [
            empty_panel(
                "effects",
                f"Nothing for {wording.lowered(asked.selection.words())}",
                "Neither year has spend for this selection. Widen it.",
            )
        ]
    return [
        _choosers(changed),
        html.Div([_effects(changed), _by_row(changed)], className="side-by-side"),
        _table(changed),
        _movers(changed),
    ]  # fmt: skip


def _choosers(changed: Changed) -> Component:
    offered = [(year, year) for year in changed.view.years]
    return html.Div(
        [
            choice("changed", "before", "From", offered, changed.before),
            choice("changed", "after", "To", offered, changed.after),
            choice("changed", "rows", "Rows", [(name, wording.dimension_title(name)) for name in DIMENSIONS], changed.rows),
        ],
        className="chooser",
        role="group",
        **{"aria-label": "What is compared"},
    )  # fmt: skip


# ---------------------------------------------------------------------------------------- figures


def _effects(changed: Changed) -> Component:
    whole, codes = changed.whole, CODELISTS["growth_effects"]
    finding = findings.why_moved(whole, changed.before, changed.after)
    steps = [(codes.label(code), whole[code]) for code in EFFECTS]
    was, now = (wording.pounds(whole[f"spend_{when}"], "sentence") for when in ("before", "after"))
    rows = [
        {"effect": codes.label(code), "meaning": codes.meaning(code), "amount": whole[code]}
        for code in EFFECTS
    ]
    columns = [
        RecordColumn("effect", "Effect"),
        RecordColumn("meaning", "What it is"),
        RecordColumn("amount", "£", "change"),
    ]
    return panel(
        "effects",
        finding,
        f"{was} in {changed.before}, {now} in {changed.after}{_forecast(changed)}; {_about(changed)}",
        graph(
            waterfall(steps, "The whole change", is_forecast=changed.is_forecast),
            heading_id="effects-heading",
            description=f"{finding}. Each bar begins where the one above it ended; the table has every figure.",
            id="effects-chart",
        ),
        table=records_table(rows, columns, f"What the change is made of, {_course(changed)}", whole={"effect": "The whole change", "amount": whole["change"]}),
        downloads=growth_downloads(changed.selection, changed.before, changed.after, changed.rows, graph_id="effects-chart"),
        source=_source(changed),
        caution="Volume, mix and price are worked out in each setting, phase and need, and add up to the change to the penny.",
    )  # fmt: skip


def _by_row(changed: Changed) -> Component:
    measure, by = MEASURES["spend"], changed.rows
    found = (
        changed.growth(by).rename({"change": "value"}).with_columns(polars.lit("reported").alias("status"))
    )
    drawn = found.filter(polars.col("value") != 0).sort(polars.col("value").abs(), descending=True).head(12)
    finding = findings.moved_most(drawn, by)
    return panel(
        "by-row",
        finding,
        f"Change of spend by {wording.lowered(wording.dimension_title(by))}, {_course(changed)}, £; {_about(changed)}",
        graph(
            bars(drawn, measure, by=by),
            heading_id="by-row-heading",
            description=f"{finding}. One bar for each, from nought; the table below has every figure.",
            id="by-row-chart",
        ) if drawn.height else html.P("Every row is the same in both years.", className="empty"),
        table=_changes_by_row(found, changed),
        downloads=growth_downloads(changed.selection, changed.before, changed.after, by, graph_id="by-row-chart" if drawn.height else ""),
        source=_source(changed),
    )  # fmt: skip


def _changes_by_row(found: polars.DataFrame, changed: Changed) -> Component:
    by = changed.rows
    columns = [
        RecordColumn(by, wording.dimension_title(by), words=lambda code: wording.label(by, code)),
        RecordColumn("value", "Change (£)", "change"),
    ]
    caption = f"Change of spend by {wording.lowered(wording.dimension_title(by))}, {_course(changed)}"
    return records_table(
        found.iter_rows(named=True),
        columns,
        caption,
        whole={by: "All together", "value": changed.whole["change"]},
    )


def _table(changed: Changed) -> Component:
    codes, by = CODELISTS["growth_effects"], changed.rows
    columns = [
        RecordColumn(by, wording.dimension_title(by), link=lambda row: changed.address(**{by: row[by]}), words=lambda code: wording.label(by, code)),
        RecordColumn("spend_before", changed.before, "pounds"),
        RecordColumn("spend_after", changed.after, "pounds"),
        RecordColumn("change", "Change", "change"),
        *(RecordColumn(code, codes.short(code), "change") for code in EFFECTS),
        RecordColumn("years_before", f"Placement-years {changed.before}", "years"),
        RecordColumn("years_after", f"Placement-years {changed.after}", "years"),
        RecordColumn("unit_before", f"Cost of one {changed.before}", "pounds"),
        RecordColumn("unit_after", f"Cost of one {changed.after}", "pounds"),
    ]  # fmt: skip
    rows = changed.growth(by)
    caption = f"Why spend moved, by {wording.lowered(wording.dimension_title(by))}, {_course(changed)}"
    finding = findings.dearest(rows, by)
    return panel(
        "rows",
        finding,
        f"Spend, placement-years and cost of a placement-year by {wording.lowered(wording.dimension_title(by))}, {_course(changed)}; press a row to narrow to it",
        records_table(rows.iter_rows(named=True), columns, caption, whole={by: "All together", **changed.whole}),
        downloads=growth_downloads(changed.selection, changed.before, changed.after, by),
        source=_source(changed),
    )  # fmt: skip


def _movers(changed: Changed) -> Component:
    found = movers(changed.view.data, changed.selection, changed.before, changed.after)
    if not found.height:
        return empty_panel(
            "movers",
            "No placement moved",
            "Nobody started, left or cost more or less; the change is in what is not bought by placement.",
        )
    finding = findings.who_moved(found)
    columns = [
        RecordColumn("placement_id", "Placement"),
        RecordColumn("provider", "Provider"),
        RecordColumn("setting", "Setting", words=lambda code: wording.label("setting", code)),
        RecordColumn("phase", "Phase", words=lambda code: wording.label("phase", code)),
        RecordColumn("need", "Need", words=lambda code: wording.label("need", code)),
        RecordColumn("why", "Why", words=CODELISTS["movements"].label),
        RecordColumn("cost_before", changed.before, "pounds"),
        RecordColumn("cost_after", changed.after, "pounds"),
        RecordColumn("change", "Change", "change"),
        RecordColumn("source", "Row", "address"),
    ]
    shown = found.head(MOVERS_SHOWN)
    caption = f"The placements that moved spend most, {_course(changed)}"
    whole = {
        "placement_id": f"All {wording.count(found.height)}",
        **{name: float(found[name].sum()) for name in ("cost_before", "cost_after", "change")},
    }
    return panel(
        "movers",
        finding,
        f"Register's cost of each child at each provider, {_course(changed)}, largest change first, {shown.height} of {wording.count(found.height)}; {_about(changed)}",
        records_table(shown.iter_rows(named=True), columns, caption, whole=whole),
        source=_source(changed),
        caution="Each row is a child: for officers only, never for the meeting.",
    )  # fmt: skip


def _course(changed: Changed) -> str:
    return f"{changed.before} to {changed.after}"


def _about(changed: Changed) -> str:
    return wording.lowered(changed.selection.about())


def _forecast(changed: Changed) -> str:
    return f" ({changed.after} is a forecast)" if changed.is_forecast else ""


def _source(changed: Changed) -> Component:
    measure = MEASURES["placement_years"]
    rows = rows_address("spend", changed.selection.with_(years=changed.pair or ()))
    return source(changed.view.data.table("files"), ("spend",), measure.source, rows=rows)
