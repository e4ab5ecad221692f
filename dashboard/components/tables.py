"""Answers as real HTML tables: caption, scope, right-aligned figures, every missing value with its sign and words.

`result_table` shows an answer by one dimension, `cross_table` one by two. Totals are answers too: nothing
is added up here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import polars
from dash.development.base_component import Component

from dashboard.components import html
from dashboard.components.links import PageLink
from dashboard.figures.palette import HEAT, variable
from hnb import wording
from hnb.codelists import CODELISTS
from hnb.metrics import Measure

Figure = tuple[float | None, str]
"""A value and its status."""


@dataclass(frozen=True)
class Part:
    """A row under the total that says what it is made of: its name, its figure in each column, and in all."""

    label: str
    by_column: Mapping[Any, Figure]
    whole: Figure
    is_reconciling: bool = False


@dataclass(frozen=True)
class Crossing:
    """An answer by two dimensions with the answers that are its totals.

    cells: by (rows, columns); row_totals: by (rows,); column_totals: by (columns,); whole: undivided.
    is_additive says that a combination without rows is nought, as of money and counts, and not unknown.
    """

    measure: Measure
    rows: str
    columns: str
    cells: polars.DataFrame
    row_totals: polars.DataFrame
    column_totals: polars.DataFrame
    whole: polars.DataFrame
    parts: tuple[Part, ...] = field(default=())

    @property
    def is_additive(self) -> bool:
        """Whether the cells add up to the totals."""
        return not self.measure.denominator or self.measure.denominator_scope == "whole"

    def figure(self, row: Any, column: Any) -> Figure:
        """The figure of a cell. No rows behind it: nought where amounts add, else nothing to divide by."""
        return self._figures.get(
            (row, column), (0.0, "reported") if self.is_additive else (None, "no_denominator")
        )

    @cached_property
    def _figures(self) -> dict[tuple[Any, Any], Figure]:
        return {
            (row, column): (value, status)
            for row, column, value, status in self.cells.select(
                self.rows, self.columns, "value", "status"
            ).rows()
        }


def result_table(
    result: polars.DataFrame,
    measure: Measure,
    by: str,
    caption: str,
    *,
    whole: polars.DataFrame | None = None,
    beside: tuple[Measure, polars.DataFrame] | None = None,
) -> Component:
    """A table with one row a code, in the order of the answer.

    `whole` gives the row of the total, `beside` a second measure of the same rows, such as the budget.
    """
    second, seconds = beside if beside else (None, {})
    if beside:
        seconds = {code: (value, status) for code, value, status in beside[1][[by, "value", "status"]].rows()}
    body = [
        html.Tr(
            [
                html.Th(
                    [
                        wording.label(by, code),
                        *([" (forecast)"] if by == "financial_year" and status == "estimated" else []),
                    ],
                    scope="row",
                ),
                _number(measure, (value, status)),
                *([_number(second, seconds.get(code, (None, "not_available")))] if second else []),
            ]
        )
        for code, value, status in result[[by, "value", "status"]].rows()
    ]
    foot = []
    if whole is not None and whole.height:
        value, status = whole[["value", "status"]].row(0)
        foot = [html.Tfoot(html.Tr([html.Th("Total", scope="row"), _number(measure, (value, status))]))]
    head = html.Tr(
        [
            html.Th(wording.dimension_title(by), scope="col"),
            html.Th(
                f"{measure.title} ({measure.unit})" if measure.unit in ("£", "share") else measure.title,
                scope="col",
                className="number",
            ),
            *(
                [html.Th(f"{second.title} ({second.unit})", scope="col", className="number")]
                if second
                else []
            ),
        ]
    )
    return _scrolling(
        html.Table([html.Caption(caption), html.Thead(head), html.Tbody(body), *foot], className="numbers"), caption,
        _statuses(result),
    )  # fmt: skip


def cross_table(crossing: Crossing, caption: str) -> Component:
    """A plain table of two dimensions with its totals, such as years down and groups across."""
    columns = crossing.column_totals[crossing.columns].to_list()
    measure = crossing.measure
    body = [
        html.Tr(
            [
                html.Th(wording.label(crossing.rows, row), scope="row"),
                *(_number(measure, crossing.figure(row, column)) for column in columns),
                _number(measure, (value, status)),
            ]
        )
        for row, value, status in crossing.row_totals[[crossing.rows, "value", "status"]].rows()
    ]
    head = html.Tr(
        [
            html.Th(wording.dimension_title(crossing.rows), scope="col"),
            *(html.Th(wording.label(crossing.columns, column, brief=True), scope="col", className="number") for column in columns),
            html.Th("All", scope="col", className="number"),
        ]
    )  # fmt: skip
    return _scrolling(
        html.Table([html.Caption(caption), html.Thead(head), html.Tbody(body)], className="numbers"), caption,
        _statuses(crossing.cells),
    )  # fmt: skip


def heat_table(
    crossing: Crossing,
    caption: str,
    *,
    cell_link: Callable[[Any, Any], str] | None = None,
    row_link: Callable[[Any], str] | None = None,
    leads_to: str = "narrow to",
) -> Component:
    """Two dimensions with totals, each cell shaded by its size against the largest.

    `cell_link` and `row_link` give the address that narrows to a cell or a row, "" where it cannot be
    narrowed further; `leads_to` says what pressing a cell does. The totals are not shaded: they are larger by nature.
    """
    measure = crossing.measure
    columns = crossing.column_totals[crossing.columns].to_list()
    rows = crossing.row_totals[[crossing.rows, "value", "status"]].rows()
    # A row without a name is a remainder, often larger than every row with one: it would leave those without shades.
    shaded = {row for row, _, _ in rows if row is not None} or {None}
    strongest = max(
        [abs(crossing.figure(row, column)[0] or 0.0) for row in shaded for column in columns], default=0.0
    )

    def cell(row: Any, column: Any) -> Component:
        value, status = crossing.figure(row, column)
        href = cell_link(row, column) if cell_link and value else ""
        step = _step(value, strongest) if row in shaded else None
        said = _figure_words(measure, (value, status))
        if not href:
            plain = "" if value and row not in shaded else "sign"
            return html.Td(html.Span(said), className=f"heat-{step}" if step is not None else plain)
        place = f"{wording.label(crossing.rows, row)}, {wording.label(crossing.columns, column)}"
        return html.Td(
            PageLink([said, html.Span(f", {leads_to} {place}", className="visually-hidden")], href=href),
            className=f"heat-{step}" if step is not None else "",
        )

    body = [
        html.Tr(
            [
                html.Th(_row_heading(crossing.rows, row, row_link), scope="row"),
                *(cell(row, column) for column in columns),
                html.Td(html.Span(_figure_words(measure, (value, status))), className="whole"),
            ]
        )
        for row, value, status in rows
    ]
    total = html.Tr(
        [
            html.Th("Total" if crossing.is_additive else "All together", scope="row"),
            *(
                html.Td(html.Span(_figure_words(measure, figure)), className="whole")
                for figure in [
                    *_by(crossing.column_totals, crossing.columns, columns),
                    *_by_nothing(crossing.whole),
                ]
            ),
        ],
        className="total",
    )
    parts = [
        html.Tr(
            [
                html.Th(part.label, scope="row"),
                *(
                    html.Td(html.Span(_figure_words(measure, part.by_column.get(column, (0.0, "reported")))))
                    for column in columns
                ),
                html.Td(html.Span(_figure_words(measure, part.whole))),
            ],
            className="part reconciling" if part.is_reconciling else "part",
        )
        for part in crossing.parts
    ]
    head = html.Tr(
        [
            html.Th(wording.dimension_title(crossing.rows), scope="col"),
            *(
                html.Th(wording.label(crossing.columns, column, brief=True), scope="col")
                for column in columns
            ),
            html.Th("Total" if crossing.is_additive else "All together", scope="col"),
        ]
    )
    table = html.Table(
        [html.Caption(caption), html.Thead(head), html.Tbody(body), html.Tfoot([total, *parts])],
        className="heat" if len(columns) > 3 else "heat few",
    )
    return html.Div(
        [
            _scrolling(table, caption, _statuses(crossing.cells) | _blank_statuses(crossing, rows, columns)),
            _scale(measure, strongest),
        ]
    )


def _row_heading(dimension: str, code: Any, link: Callable[[Any], str] | None) -> Component:
    label = wording.label(dimension, code)
    group = (
        code
        if dimension == "setting_group"
        else CODELISTS["settings"].group(code)
        if dimension == "setting"
        else ""
    )
    swatch = [html.Span(className="swatch", style={"--segment": variable(group)})] if group else []
    href = link(code) if link else ""
    return html.Span([*swatch, PageLink(label, href=href) if href else html.Span(label)], className="named")


def _step(value: float | None, strongest: float) -> int | None:
    """Which of the heat table's steps a value takes, by its size against the largest; None for nought and missing."""
    if not value or not strongest:
        return None
    return min(int(abs(value) / strongest * len(HEAT)), len(HEAT) - 1)


def _scale(measure: Measure, strongest: float) -> Component:
    if not strongest:
        return html.Span()
    return html.P(
        [
            html.Span(wording.value(measure, 0.0, "chart")),
            html.Span([html.Span(className=f"heat-{step}") for step in range(len(HEAT))], className="steps", **{"aria-hidden": "true"}),
            html.Span(f"{wording.value(measure, strongest, 'chart')}: the stronger the shade, the larger"),
        ],
        className="heat-scale",
    )  # fmt: skip


def _by(totals: polars.DataFrame, dimension: str, codes: list[Any]) -> list[Figure]:
    known = {code: (value, status) for code, value, status in totals[[dimension, "value", "status"]].rows()}
    return [known[code] for code in codes]


def _by_nothing(whole: polars.DataFrame) -> list[Figure]:
    return [whole[["value", "status"]].row(0)] if whole.height else [(None, "not_available")]


def _figure_words(measure: Measure, figure: Figure) -> Any:
    """A figure as a table shows it; a missing one is its sign, with the words for those who hear it."""
    value, status = figure
    words = wording.value(measure, value, "table", status=status)
    if value is not None:
        return words
    return html.Abbr(words, title=wording.missing_words(_missing_status(status)))


def _missing_status(status: str) -> str:
    return status if wording.missing(status) else "not_available"


def _number(measure: Measure, figure: Figure) -> Component:
    return html.Td(_figure_words(measure, figure), className="number")


def _statuses(result: polars.DataFrame) -> set[str]:
    return {_missing_status(status) for value, status in result[["value", "status"]].rows() if value is None}


def _blank_statuses(crossing: Crossing, rows: list[Any], columns: list[Any]) -> set[str]:
    return {
        _missing_status(status)
        for row, *_ in rows
        for value, status in (crossing.figure(row, column) for column in columns)
        if value is None
    }


def _scrolling(table: Component, name: str, statuses: set[str]) -> Component:
    """The table in a region that scrolls by itself and can be reached by keyboard, and what its signs mean."""
    note = wording.signs_note(statuses)
    return html.Div(
        [
            html.Div(table, className="scroll", tabIndex=0, role="region", **{"aria-label": name}),
            *([html.P(note, className="signs")] if note else []),
        ]
    )
