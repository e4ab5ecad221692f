"""A panel: a finding as its heading, what is measured, the chart, and its table, files and source underneath."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash.development.base_component import Component

from dashboard.components import html
from dashboard.components.copy import copy_finding_button, copy_table_button
from dashboard.components.words import unbroken


def panel(
    name: str,
    finding: str,
    measured: str,
    body: Component | Sequence[Component],
    *,
    table: Component | None = None,
    downloads: Component | None = None,
    links: Sequence[Component] = (),
    source: Component | None = None,
    caution: str = "",
    level: int = 2,
) -> Component:
    """A section named by its finding.

    Parameters
    ----------
    name: the id; the heading's is `{name}-heading`, by which a chart names itself.
    finding: the sentence worked out from the numbers. measured: measure, unit, year and as-at.
    table: the same numbers, behind one press of "Table". caution: what one must know before using it.
    """
    heading = html.H2 if level == 2 else html.H3
    foot: list[Component] = []
    if table is not None:
        foot.append(html.Details([html.Summary("Table"), table], id=f"{name}-table"))
    if downloads is not None:
        foot.append(downloads)
    if table is not None or _has_table(body):
        foot.append(copy_table_button(f"{name}-table" if table is not None else name))
    foot.append(copy_finding_button())
    foot += links
    if source is not None:
        foot.append(source)
    return html.Section(
        [
            heading(unbroken(finding), id=f"{name}-heading"),
            html.P(unbroken(measured), className="measured"),
            html.Div(body, className="chart"),
            *([html.P(unbroken(caution), className="caution")] if caution else []),
            *([html.Div(foot, className="panel-foot")] if foot else []),
        ],
        id=name,
        className="panel",
        **{"aria-labelledby": f"{name}-heading"},
    )


def _has_table(part: Any) -> bool:
    """Whether a table stands in the panel itself."""
    if isinstance(part, list | tuple):
        return any(map(_has_table, part))
    return type(part).__name__ == "Table" or (
        isinstance(part, Component) and _has_table(getattr(part, "children", None))
    )


def officers_panel(name: str, what: str) -> Component:
    """The panel of rows of single placements, as whoever is no officer sees it: that it is there, and for whom."""
    return empty_panel(name, what, "Each row is the placement of one child: officers see them.")


def empty_panel(name: str, finding: str, sentence: str) -> Component:
    """A panel without a chart: what is not there, why, and what would bring it."""
    return html.Section(
        [html.H2(finding, id=f"{name}-heading"), html.P(sentence, className="empty")],
        id=name,
        className="panel",
        **{"aria-labelledby": f"{name}-heading"},
    )
