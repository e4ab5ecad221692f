"""Coverage as a table: a row a series, a column a period, each cell how much is there or that it is a gap."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dash.development.base_component import Component

from dashboard.components import html
from hnb import wording


def coverage_table(
    series: Sequence[str],
    periods: Sequence[str],
    entries: Mapping[tuple[str, str], Mapping[str, Any]],
    caption: str,
    first_heading: str,
) -> Component:
    """The table.

    series, periods: the rows' and columns' headings, in order. entries: the row of `coverage` of a series and
    a period; where there is none the series does not reach so far, which is no gap.
    """
    head = html.Tr(
        [
            html.Th(first_heading, scope="col"),
            *(html.Th(period, scope="col", className="number") for period in periods),
        ]
    )
    body = [
        html.Tr([html.Th(name, scope="row"), *(_cell(entries.get((name, period))) for period in periods)])
        for name in series
    ]
    table = html.Table(
        [html.Caption(caption), html.Thead(head), html.Tbody(body)], className="numbers coverage"
    )
    return html.Div(table, className="scroll", tabIndex=0, role="region", **{"aria-label": caption})


def _cell(entry: Mapping[str, Any] | None) -> Component:
    if entry is None:
        return html.Td(html.Abbr("–", title="outside the series"), className="number outside")
    if entry["status"] == "gap":
        return html.Td(html.Strong("gap"), className="number gap", title=entry["note"] or "")
    amount = entry["amount"]
    money = html.Span(wording.pounds(amount, "chart"), className="beside") if amount is not None else None
    return html.Td(
        [html.Span(wording.count(entry["rows"])), *([html.Br(), money] if money is not None else [])],
        className="number",
    )
