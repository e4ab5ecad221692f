"""Bars across, one a category, from nought; the words of each value stand at its end, a forecast is hatched."""

from __future__ import annotations

from dashboard.figures.board.axis import Axis, is_forecast, values
from dashboard.figures.board.canvas import Canvas
from dashboard.figures.board.labels import broken, width_of
from hnb.meeting.view import Chart, Said

_NARROW = 26
"""Letters across below which a bar's name stands over it and not beside it."""


def draw(canvas: Canvas, chart: Chart) -> None:
    """The chart on the canvas; of several series the first is drawn."""
    text, series, found = canvas.text, chart.series[0], values(chart)
    low, high = min(0.0, *found, 0.0), max(0.0, *found, 0.0)
    high = high if high > low else low + 1.0
    is_narrow = canvas.width < _NARROW * text
    longest = max(8, int(canvas.width * (0.95 if is_narrow else 0.34) / width_of("x", text)))
    slot = canvas.height / max(len(chart.categories), 1)
    longest = longest if slot > 2.6 * text else 60  # no room for two lines
    names = [broken(category, longest) for category in chart.categories]
    left = 0.0 if is_narrow else max((width_of(line, text) for lines in names for line in lines), default=0.0)
    left += 0.0 if is_narrow else 0.8 * text
    said = max((width_of(point.words, text) for point in series.points), default=0.0) + 0.8 * text
    axis = Axis((low, high), left + (said if low < 0 else 0.0), canvas.width - (said if high > 0 else 0.0))
    thick = min(slot * (0.4 if is_narrow else 0.64), 2.3 * text)
    for place, (lines, point) in enumerate(zip(names, series.points, strict=True)):
        middle = slot * (place + (0.72 if is_narrow else 0.5))
        colour = (chart.colours[place] if chart.colours else series.colour).replace("_", "-")
        if is_narrow:
            canvas.words(0.3 * text, middle - thick / 2 - 0.7 * text, [" ".join(lines)])
        else:
            canvas.words(left - 0.6 * text, middle, lines, "", "end")
        _bar(canvas, point, axis, middle, thick, colour)
    canvas.line(axis.at(0.0), 0.0, axis.at(0.0), canvas.height, "rule-line")


def _bar(canvas: Canvas, point: Said, axis: Axis, middle: float, thick: float, colour: str) -> None:
    text, nought = canvas.text, axis.at(0.0)
    if point.value is None:
        canvas.words(nought + 0.5 * text, middle, [point.words], "strong")
        return
    end = axis.at(point.value)
    begin, size = min(end, nought), abs(end - nought)
    if is_forecast(point):
        canvas.box(begin, middle - thick / 2, size, thick, f"hatched stroke-{colour}", canvas.hatch(colour))
    else:
        canvas.box(begin, middle - thick / 2, size, thick, f"fill-{colour}")
    is_below = point.value < 0
    away = -0.5 * text if is_below else 0.5 * text
    canvas.words(end + away, middle, [point.words], "strong", "end" if is_below else "start")
