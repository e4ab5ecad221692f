"""Spend: what do we spend, by setting, phase and need? Any two dimensions crossed, each cell a way further in."""

from __future__ import annotations

from typing import Any

import dash
import polars
from dash import dcc
from dash.dependencies import Input, Output, State
from dash.development.base_component import Component

from dashboard.access import Given, guarded_callback, one_of, view_query
from dashboard.components import html
from dashboard.components.crumbs import crumbs
from dashboard.components.download import downloads
from dashboard.components.filter_bar import choice, filter_bar
from dashboard.components.graph import graph
from dashboard.components.links import has_page, page_address, rows_address
from dashboard.components.notes import not_loaded, source
from dashboard.components.panel import empty_panel, panel
from dashboard.components.review_notes import review_notes
from dashboard.components.tables import Crossing, Part, heat_table, result_table
from dashboard.figures.bars import ROW, bars
from dashboard.pages import filters
from dashboard.pages.crossed import DIMENSIONS, PATH, PLACEMENTS_PATH, Crossed, choices
from dashboard.pages.spend_years import each_row, over_the_years
from dashboard.pages.view import View
from dashboard.roles import ANALYST
from hnb import findings, real_terms, wording
from hnb.metrics import MEASURES, Selection
from hnb.recommendation_marks import targets_by
from hnb.selection import CODED

QUESTION = "What do we spend, by setting, phase and need?"

ROWS_SHOWN = 60
"""Rows that the heat table has at most; what is left stands together in one row under its name."""

BARS_SHOWN = 12

dash.register_page(
    __name__,
    path=PATH,
    name="Spend",
    title="Spend by setting, phase and need",
    order=10,
    least_role=ANALYST,
    is_kept=True,
)
filters.register("spend", least_role=ANALYST)


@guarded_callback(
    Output(filters.LOCATION, "search", allow_duplicate=True),
    [
        Given(Input("spend-rows", "value"), one_of(DIMENSIONS)),
        Given(Input("spend-columns", "value"), one_of(DIMENSIONS[:-1])),
        Given(Input("spend-measure", "value"), one_of(choices)),
        Given(Input("spend-prices", "value"), one_of(tuple(code for code, _ in real_terms.choices()))),
        Given(State(filters.LOCATION, "search"), view_query()),
    ],
    least_role=ANALYST,
    prevent_initial_call=True,
)
def chosen(rows: str | None, columns: str | None, measure: str | None, prices: str | None, query: str) -> Any:
    """The address with what was chosen for rows, columns, figures and prices; no change where the page shows that."""
    shown = Crossed.read(View.read(query))
    if (rows, columns, measure, prices) == (shown.rows, shown.columns, shown.measure.name, shown.prices):
        return dash.no_update
    return filters.address_with(
        query, Selection.from_query(query), rows=rows or "", columns=columns or "", measure=measure or "",
        prices=prices if prices and prices != real_terms.CASH else "",
    )  # fmt: skip


def layout(view: str = "") -> Component:
    """The page for the query of an address, every figure in it."""
    asked = View.read(view)
    crossed = Crossed.read(asked)
    return html.Div(
        [
            html.Div([html.H1(QUESTION), html.P(_when(crossed))], className="page-head"),
            filter_bar(
                "spend",
                asked.selection,
                years=asked.years,
                providers=asked.providers[: filters.PROVIDERS_SHOWN],
                said=asked.said,
                dropped=(*asked.dropped, *crossed.notes),
                clear=crossed.address(Selection()) if asked.is_narrowed or asked.selection.years else "",
            ),
            _choosers(crossed),
            *([crumbs(_steps(crossed))] if asked.is_narrowed else []),
            *_figures(crossed),
        ],
        className="page",
    )


def _when(crossed: Crossed) -> str:
    if not crossed.view.year:
        return "Nothing is loaded yet"
    return f"{crossed.when}, as at {crossed.view.as_at}" if crossed.view.as_at else crossed.when


def _choosers(crossed: Crossed) -> Component:
    def titles(names: tuple[str, ...]) -> list[tuple[str, str]]:
        return [(name, wording.dimension_title(name)) for name in names]

    known = tuple(name for name in DIMENSIONS if name in crossed.measure.dimensions)
    figures = [
        (name, MEASURES[name].title + (" (£)" if MEASURES[name].unit == "£" else "")) for name in choices()
    ]
    return html.Div(
        [
            choice("spend", "measure", "Figures", figures, crossed.measure.name),
            choice("spend", "rows", "Rows", titles(known), crossed.rows),
            choice(
                "spend",
                "columns",
                "Columns",
                titles(tuple(name for name in known if name != "provider")),
                crossed.columns,
            ),
            choice("spend", "prices", "Prices over the years", real_terms.choices(), crossed.prices),
        ],
        className="chooser",
        role="group",
        **{"aria-label": "What the table crosses"},
    )


def _steps(crossed: Crossed) -> list[tuple[str, str]]:
    """The way back: everything, then one step for each dimension that is narrowed."""
    selection = crossed.view.selection
    so_far = Selection(years=selection.years)
    steps = [("Everything", crossed.address(so_far))]
    for field in (*CODED, "in_borough", "providers"):
        value = getattr(selection, field)
        if value in ((), None):
            continue
        so_far = so_far.with_(**{field: value})
        alone = Selection(**{field: value}).about()
        words = alone.removeprefix("All settings, ")
        steps.append((words[:1].upper() + words[1:], crossed.address(so_far)))
    return steps


# ---------------------------------------------------------------------------------------- figures


def _figures(crossed: Crossed) -> list[Component]:
    if not crossed.view.has(crossed.measure.name):
        return [
            empty_panel("crossing", crossed.measure.title, not_loaded(crossed.measure, crossed.view.loaded))
        ]
    by_row = crossed.answer(crossed.rows)
    if not by_row.height or not by_row["value"].drop_nulls().len():
        words = crossed.view.selection.words()
        return [
            empty_panel(
                "crossing",
                f"Nothing for {wording.lowered(words)}",
                "There are no figures for this selection. Step back, or widen it.",
            )
        ]
    return [
        _crossing(crossed, by_row),
        html.Div(
            [_by_row(crossed, by_row), over_the_years(crossed, height=_height_beside(by_row))],
            className="side-by-side",
        ),
        *each_row(crossed),
    ]


def _crossing(crossed: Crossed, by_row: polars.DataFrame) -> Component:
    measure, rows, columns = crossed.measure, crossed.rows, crossed.columns
    whole = crossed.answer()
    cells = crossed.answer(rows, columns)
    shown, left_out = _shown(by_row, rows)
    crossing = Crossing(
        measure, rows, columns, cells, shown, crossed.answer(columns), whole, _parts(crossed, left_out)
    )
    finding = findings.largest_cell(cells, measure, rows, columns, whole["value"][0])
    measured = _measured(crossed, f"by {_lower(rows)} and {_lower(columns)}")
    return panel(
        "crossing",
        finding or f"{measure.title} by {_lower(rows)} and {_lower(columns)}",
        measured + _press(crossed),
        heat_table(
            crossing,
            measured,
            cell_link=crossed.cell,
            leads_to="see the placements of"
            if crossed.is_narrow and has_page(PLACEMENTS_PATH)
            else "narrow to",
            row_link=lambda row: crossed.narrowed(**{rows: row}),
        ),
        downloads=downloads(
            measure,
            crossed.selection,
            (rows, columns),
            subject=f"{measure.title} by {_lower(rows)} and {_lower(columns)}",
        ),
        links=_placements(crossed),
        source=_source(crossed),
        caution=measure.caution,
    )


def _placements(crossed: Crossed) -> list[Component]:
    """The way to the placements of all that is selected, where there is a page of placements."""
    if not has_page(PLACEMENTS_PATH) or not crossed.view.has("placements"):
        return []
    return [dcc.Link("The placements behind it", href=page_address(PLACEMENTS_PATH, crossed.selection))]


def _press(crossed: Crossed) -> str:
    if crossed.is_narrow and has_page(PLACEMENTS_PATH) and crossed.measure.table == "spend":
        return "; press a figure for the placements behind it"
    return "; press a figure to narrow to it"


def _shown(by_row: polars.DataFrame, rows: str) -> tuple[polars.DataFrame, tuple[Any, ...]]:
    """The rows that the table shows, and the names of those left out: the smallest of a long list.

    Codes keep the order of their list. Providers have none: the largest comes first, what has no provider last.
    """
    if rows == "provider":
        size = polars.col("value").abs()
        by_row = by_row.sort(polars.col(rows).is_null(), -size, nulls_last=True)
    if by_row.height <= ROWS_SHOWN:
        return by_row, ()
    largest = (
        by_row.sort(polars.col("value").abs(), descending=True, nulls_last=True)
        .head(ROWS_SHOWN)[rows]
        .to_list()
    )
    kept = polars.col(rows).is_in(largest) | polars.col(rows).is_null()
    return by_row.filter(kept), tuple(by_row.filter(~kept)[rows].to_list())


def _parts(crossed: Crossed, left_out: tuple[Any, ...]) -> tuple[Part, ...]:
    """The rows under the table: what was too long to show, and what the total is made of, the reconciling row named."""
    parts = []
    if left_out:
        others = crossed.selection.with_(providers=left_out)
        parts.append(_part(crossed, f"{len(left_out)} smaller providers, in the total", others))
    if crossed.measure.name == "spend":
        made_of = crossed.answer("part")
        by_column = crossed.answer("part", crossed.columns)
        for code, value, status in (
            made_of.select("part", "value", "status").rows() if made_of.height > 1 else ()
        ):
            of_part = by_column.filter(polars.col("part") == code)
            figures = {
                column: (amount, state)
                for column, amount, state in of_part.select(crossed.columns, "value", "status").rows()
            }
            parts.append(
                Part(
                    f"of which {wording.lowered(wording.label('part', code))}",
                    figures,
                    (value, status),
                    code == "not_explained",
                )
            )
    return tuple(parts)


def _part(crossed: Crossed, label: str, selection: Selection) -> Part:
    of_columns = crossed.answer(crossed.columns, selection=selection)
    whole = crossed.answer(selection=selection)
    figures = {
        column: (value, status)
        for column, value, status in of_columns.select(crossed.columns, "value", "status").rows()
    }
    return Part(label, figures, whole.select("value", "status").row(0))


def _by_row(crossed: Crossed, by_row: polars.DataFrame) -> Component:
    measure, rows = crossed.measure, crossed.rows
    drawn = by_row.filter(polars.col("value").is_not_null())
    longest = drawn.sort(polars.col("value").abs(), descending=True).head(BARS_SHOWN)
    is_cut = drawn.height > BARS_SHOWN
    drawn = longest if is_cut or rows == "provider" else drawn
    # A target is one of a single year.
    is_one_year = measure.is_stock or len(crossed.selection.years) < 2
    targets = (
        targets_by(crossed.view.recommendations, measure, crossed.view.selection, rows, drawn[rows].to_list())
        if is_one_year
        else {}
    )
    finding = findings.largest_row(by_row, measure, rows)
    measured = _measured(crossed, f"by {_lower(rows)}") + (
        f"; the {BARS_SHOWN} largest of {by_row.height}" if is_cut else ""
    )
    return panel(
        "by-row",
        finding,
        measured,
        [
            graph(
                bars(drawn, measure, by=rows, targets=targets),
                heading_id="by-row-heading",
                description=f"{finding}. One bar for each, from nought; the table has every figure.",
                id="by-row-chart",
            ),
            *review_notes(targets.values(), ()),
        ],
        table=result_table(by_row, measure, rows, measured, whole=crossed.answer()),
        downloads=downloads(
            measure,
            crossed.selection,
            (rows,),
            subject=f"{measure.title} by {_lower(rows)}",
            graph_id="by-row-chart",
        ),
        source=_source(crossed),
    )


def _height_beside(by_row: polars.DataFrame) -> int:
    """Pixels for the chart of years, so that it stands as tall as the bars beside it."""
    return max(380, ROW * min(by_row.height, BARS_SHOWN))


def _measured(crossed: Crossed, split: str) -> str:
    view, measure = crossed.view, crossed.measure
    words = f"{measure.title} {split}, {measure.unit}, {crossed.when}"
    if "estimated" in crossed.answer()["status"].to_list():
        words += ", forecast"
    if view.is_narrowed:
        words += f"; {wording.lowered(view.selection.about())}"
    return (
        words
        + (f"; as at {view.as_at}" if view.as_at else "")
        + (f". {view.not_split(measure)}" if view.not_split(measure) else "")
    )


def _source(crossed: Crossed) -> Component:
    measure, rows = crossed.measure, rows_address(crossed.measure.name, crossed.selection)
    return source(crossed.view.data.table("files"), measure.tables, measure.source, rows=rows)


def _lower(dimension: str) -> str:
    return wording.lowered(wording.dimension_title(dimension))
