"""Columns over years, up and down from nought, one series beside the other; a forecast is hatched."""

from __future__ import annotations

from dashboard.figures.board.axis import Axis, is_forecast, values
from dashboard.figures.board.canvas import Canvas
from dashboard.figures.board.labels import width_of
from hnb import years
from hnb.meeting.view import Chart


def draw(canvas: Canvas, chart: Chart) -> None:
    """The chart on the canvas: values stand at the columns' ends, the names of several series in a line at the top."""
    text, found = canvas.text, values(chart)
    low, high = min(0.0, *found) if found else 0.0, max(0.0, *found) if found else 1.0
    high = high if high > low else low + 1.0
    top = (1.7 * text if len(chart.series) > 1 else 0.0) + (1.5 * text if high > 0 else 0.4 * text)
    bottom = canvas.height - 1.7 * text - (1.5 * text if low < 0 else 0.0)
    axis = Axis((low, high), bottom, top)
    slot = canvas.width / max(len(chart.categories), 1)
    words = [years.short(year) if years.is_financial_year(year) else year for year in chart.categories]
    if len(chart.series) > 1:
        _names(canvas, chart)
    for place, category in enumerate(words):
        beside = [(series, series.points[place]) for series in chart.series if series.points[place].words]
        wide = slot * 0.62 / max(len(beside), 1)
        middle = slot * (place + 0.5)
        fits = width_of(category, text) <= slot or (len(words) - 1 - place) % 2 == 0
        if fits:
            canvas.words(middle, canvas.height - 0.7 * text, [category], "quiet", "middle")
        for number, (series, point) in enumerate(beside):
            x = middle - wide * len(beside) / 2 + number * wide
            colour = series.colour.replace("_", "-")
            if point.value is None:
                canvas.words(x + wide / 2, axis.at(0.0) - 0.8 * text, [point.words], "strong", "middle")
                continue
            up, down = min(axis.at(point.value), axis.at(0.0)), max(axis.at(point.value), axis.at(0.0))
            if is_forecast(point):
                canvas.box(x + 1, up, wide - 2, down - up, f"hatched stroke-{colour}", canvas.hatch(colour))
            else:
                canvas.box(x + 1, up, wide - 2, down - up, f"fill-{colour}")
            # Where there is no room for every value, the last year's are said, and the table has the others.
            is_last = place == len(words) - 1
            if width_of(point.words, text) <= slot / len(beside) or is_last:
                y = up - 0.8 * text if point.value >= 0 else down + 0.8 * text
                at, anchor = (x + wide / 2, "middle") if number == 0 else (x + 2, "start")
                if anchor == "start" and at + width_of(point.words, text) > canvas.width:
                    at, anchor = canvas.width, "end"
                canvas.words(at, y, [point.words], "strong" if series.is_accent else "", anchor, halo=True)
    canvas.line(0.0, axis.at(0.0), canvas.width, axis.at(0.0), "rule-line")


def _names(canvas: Canvas, chart: Chart) -> None:
    x, text = 0.0, canvas.text
    for series in chart.series:
        canvas.box(x, 0.3 * text, 0.8 * text, 0.8 * text, f"fill-{series.colour.replace('_', '-')}")
        canvas.words(x + 1.2 * text, 0.72 * text, [series.name])
        x += 2.6 * text + width_of(series.name, text)
