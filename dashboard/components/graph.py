"""The one way in which a figure comes onto a page: `graph`.

It switches off Plotly's mode bar and its "Share chart…" button, which would send the chart's data to a
public cloud, and gives the chart its name and description. Its colours are those of the light scheme; how
they turn dark is said in `dashboard.figures.palette`.
"""

from __future__ import annotations

from typing import Any

from dash import dcc
from dash.development.base_component import Component

from dashboard.components import html

CONFIG: dict[str, Any] = {
    "displayModeBar": False,
    "displaylogo": False,
    "showSendToCloud": False,
    "plotlyServerURL": "",
    "showEditInChartStudio": False,
    "showLink": False,
    "scrollZoom": False,
    "doubleClick": False,
    "showTips": False,
    "responsive": True,
    "locale": "en-GB",
}
"""Plotly's options, the same for every chart."""


def graph(figure: Any, *, heading_id: str, description: str, id: str) -> Component:
    """A figure as it stands on a page, named by its heading and described for those who do not see it.

    Parameters
    ----------
    figure: a plotly Figure or the same as a dict.
    heading_id: the id of the heading element that says the finding.
    description: one or two sentences, generated from the numbers, that say what the chart shows.
    id: of the dcc.Graph; the description has `{id}-description`, the frame `{id}-frame`.
    """
    return html.Div(
        [
            html.Div(
                dcc.Graph(
                    id=id,
                    figure=figure,
                    config=CONFIG,
                    responsive=True,
                    className="graph",
                    # A responsive chart takes its frame's height and not its layout's; nothing moves when it is drawn.
                    style={"height": f"{figure['layout']['height']}px"},
                ),
                id=f"{id}-frame",
                className="graph-frame",
                role="img",
                **{"aria-labelledby": heading_id, "aria-describedby": f"{id}-description"},
            ),
            html.P(description, id=f"{id}-description", className="visually-hidden"),
        ],
        className="graph-and-description",
    )
