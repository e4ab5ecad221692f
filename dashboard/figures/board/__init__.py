"""Charts of the meeting, as SVG: one drawing for screen and paper, light and dark, read at five metres.

`svg` draws any `hnb.meeting.view.Chart`. No colour stands in it but as a class: `stylesheet` gives the classes the
palette's variables, with the light colour where a document has none. Neither dash nor flask nor plotly in here.
"""

from __future__ import annotations

from dashboard.figures.board import bars, columns, lines
from dashboard.figures.board.canvas import Canvas
from dashboard.figures.board.style import stylesheet
from hnb.meeting.view import Chart

__all__ = ["stylesheet", "svg"]

_DRAWERS = {"lines": lines.draw, "bars": bars.draw, "columns": columns.draw}


def svg(chart: Chart, *, width: float, height: float, text: float = 28.0, title: str = "Chart") -> str:
    """The chart as an `<svg>` element that grows and shrinks with its place, in units of which there are width × height.

    Parameters
    ----------
    text: the height of all its letters in those units; it never goes below it. At 1920 × 1080 a chart of 1760 units
        across stands unscaled.
    title: its name for those who do not see it; what it says is the chart's own `described`.
    """
    canvas = Canvas(width, height, text, title, chart.described)
    _DRAWERS[chart.kind](canvas, chart)
    return canvas.drawn()
