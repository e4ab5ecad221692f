"""Lines over years: what happened solid, a forecast dashed, the path thin, each named at its end; decisions marked."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.figures.board.axis import Axis, is_forecast, tick_words, ticks_of
from dashboard.figures.board.canvas import Canvas
from dashboard.figures.board.labels import LINE, broken, spaced, width_of
from hnb import years
from hnb.meeting.view import Chart, Series

_LONGEST = 20
"""Letters of a label before it goes on in the next line."""

_NARROW = 26
"""Letters across below which names stand under the chart."""

_ROW, _SAMPLE = 1.45, 2.6
"""Height of a name under the chart, and the room of the stroke before it, in heights of a letter."""


@dataclass(frozen=True)
class _Label:
    lines: list[str]
    wished: float
    kind: str


def draw(canvas: Canvas, chart: Chart) -> None:
    """The chart on the canvas: names stand at the lines' ends, or under the chart where it is narrow."""
    text, is_narrow = canvas.text, canvas.width < _NARROW * canvas.text
    ticks = ticks_of(chart, 4 if canvas.height < 12 * text else 5)
    said = tick_words(chart.shape, ticks)
    named = [series for series in chart.series if _name(series)]
    longest = max(6, min(_LONGEST, int(canvas.width * 0.36 / width_of("x", text))))
    lines = [broken(_name(series), longest) for series in named]
    room = 0.0 if is_narrow else max((width_of(line, text) for words in lines for line in words), default=0.0)
    left = max((width_of(words, text) for words in said), default=0.0) + 0.6 * text
    right = canvas.width - (0.4 if is_narrow else 0.9) * text - room
    below = _below(canvas, named) if is_narrow else []
    foot = (1.9 + _ROW * sum(len(words) for _, words in below)) * text
    axis = Axis(ticks, canvas.height - foot, text * (0.7 + 1.3 * len(chart.marks)))
    count = len(chart.categories)
    first, last = left + 0.9 * text, right - (1.4 if is_narrow else 0.5) * text
    across = [first + (last - first) * (place / (count - 1) if count > 1 else 0.5) for place in range(count)]
    for tick, words in zip(ticks, said, strict=True):
        canvas.line(left, axis.at(tick), right, axis.at(tick), "rule-line" if tick == 0 else "grid-line")
        canvas.words(left - 0.5 * text, axis.at(tick), [words], "quiet", "end")
    _years(canvas, chart, across, axis)
    _marks(canvas, chart, across, axis)
    _hidden(canvas, chart, across, axis)
    for series in sorted(chart.series, key=lambda one: (one.stroke == "actual", one.is_accent)):
        _strokes(canvas, series, across, axis)
    if is_narrow:
        _names_below(canvas, below, axis)
        return
    labels = [_label(series, axis, words) for series, words in zip(named, lines, strict=True)]
    _labels(canvas, labels, right + 0.6 * text, axis.start + 0.5 * text)


def _name(series: Series) -> str:
    """What stands at a line's end: its name and last value; of a path the name alone, since the target says the value."""
    last = next((point.words for point in reversed(series.points) if point.value is not None), "")
    if not last:
        return ""
    return series.name if series.stroke == "path" else f"{series.name} {last}"


def _label(series: Series, axis: Axis, lines: list[str]) -> _Label:
    known = [point.value for point in series.points if point.value is not None]
    # A path ends where the target stands: its name goes with its middle.
    value = (known[0] + known[-1]) / 2 if series.stroke == "path" else known[-1]
    kind = f"fill-{_class(series)} strong" if series.stroke in ("actual", "target") else "quiet"
    return _Label(lines, axis.at(value), kind)


def _labels(canvas: Canvas, labels: list[_Label], x: float, lowest: float) -> None:
    """The names beside the lines' ends, none lower than the axis where there is room above it."""
    heights = [len(label.lines) * LINE * canvas.text for label in labels]
    centres = spaced([label.wished for label in labels], heights, 0.0, lowest)
    for label, centre in zip(labels, centres, strict=True):
        canvas.words(x, centre, label.lines, label.kind)


def _below(canvas: Canvas, named: list[Series]) -> list[tuple[Series, list[str]]]:
    """The lines that are named under the chart, the highest first, with their names in lines that have room."""
    letters = int((canvas.width - _SAMPLE * canvas.text) / width_of("x", canvas.text))
    highest = sorted(named, key=lambda one: -max(p.value for p in one.points if p.value is not None))
    return [(series, broken(_name(series), letters)) for series in highest]


def _names_below(canvas: Canvas, below: list[tuple[Series, list[str]]], axis: Axis) -> None:
    """A row a line: a stroke of it and its name."""
    text, down = canvas.text, axis.start + 2.5 * canvas.text
    for series, words in below:
        _stroke_of(canvas, series, down)
        middle = down + (len(words) - 1) / 2 * LINE * text
        canvas.words(_SAMPLE * text, middle, words, _label(series, axis, words).kind)
        down += _ROW * len(words) * text


def _stroke_of(canvas: Canvas, series: Series, y: float) -> None:
    text = canvas.text
    if series.stroke == "target":
        canvas.box(0.7 * text, y - 0.3 * text, 0.6 * text, 0.6 * text, "target")
    elif series.stroke in ("path", "trend"):
        canvas.line(0.1 * text, y, 2.1 * text, y, f"{series.stroke}-line")
    else:
        weight = "accent-line" if series.is_accent else "other-line"
        canvas.line(0.1 * text, y, 2.1 * text, y, f"{weight} stroke-{_class(series)}")


def _years(canvas: Canvas, chart: Chart, across: list[float], axis: Axis) -> None:
    """The years under the axis, in short; of those that would touch every second or third, and always the last."""
    words = [years.short(year) if years.is_financial_year(year) else year for year in chart.categories]
    step = (across[-1] - across[0]) / max(len(across) - 1, 1)
    need = max(width_of(word, canvas.text) for word in words) + 0.5 * canvas.text
    every = next((number for number in range(1, len(words) + 1) if number * step >= need), max(len(words), 1))
    for place, word in enumerate(words):
        if (len(words) - 1 - place) % every == 0:
            canvas.words(across[place], axis.start + 1.15 * canvas.text, [word], "quiet", "middle")


def _marks(canvas: Canvas, chart: Chart, across: list[float], axis: Axis) -> None:
    """Decisions, a dotted line at the year, and breaks, one before it; the words of each in a row of their own at the top."""
    text = canvas.text
    for number, mark in enumerate(chart.marks):
        place, y = chart.categories.index(mark.category), text * (0.7 + 1.3 * number)
        # A break falls between the last year of the old series and the first of the new.
        x = (across[place - 1] + across[place]) / 2 if mark.kind == "break" else across[place]
        canvas.line(x, y + 0.5 * text, x, axis.start, f"{mark.kind}-line")
        is_left = x + width_of(mark.words, text) + text > across[-1] + 2 * text
        if mark.kind == "decision":
            canvas.diamond(x, y, 0.3 * text, "decision")
        if is_left and x - 0.6 * text < width_of(mark.words, text):
            canvas.words(0.0, y, [mark.words], "quiet", halo=True)  # no room on either side: across the mark
            continue
        away = -0.6 * text if is_left else 0.6 * text
        canvas.words(x + away, y, [mark.words], "quiet", "end" if is_left else "start")


def _hidden(canvas: Canvas, chart: Chart, across: list[float], axis: Axis) -> None:
    """The sign of a hidden year, once a year, at the foot of the line's gap."""
    for place, x in enumerate(across):
        hidden = [
            series.points[place] for series in chart.series if series.points[place].status == "suppressed"
        ]
        if hidden:
            canvas.words(x, axis.start - 0.6 * canvas.text, [hidden[0].words], "strong", "middle", halo=True)


def _strokes(canvas: Canvas, series: Series, across: list[float], axis: Axis) -> None:
    points = [
        (x, axis.at(point.value), is_forecast(point)) if point.value is not None else None
        for x, point in zip(across, series.points, strict=True)
    ]
    colour, text = _class(series), canvas.text
    if series.stroke == "target":
        for point in points:
            if point is not None:
                size = 0.7 * text
                canvas.box(point[0] - size / 2, point[1] - size / 2, size, size, "target")
        return
    if series.stroke in ("path", "trend"):
        canvas.path(
            [(x, y) for x, y, _ in (point for point in points if point is not None)], f"{series.stroke}-line"
        )
        return
    weight = "accent-line" if series.is_accent else "other-line"
    for run in _runs(points):
        solid = [(x, y) for x, y, forecast in run if not forecast]
        canvas.path(solid, f"{weight} stroke-{colour}")
        ahead = [(x, y) for x, y, _ in run[max(len(solid) - 1, 0) :]]
        if len(solid) < len(run):
            canvas.path(ahead, f"{weight} forecast-line stroke-{colour}")
        if len(run) == 1:
            canvas.dot(run[0][0], run[0][1], 0.2 * text, f"fill-{colour}")
    known = [point for point in points if point is not None]
    if known:
        x, y, forecast = known[-1]
        radius = (0.3 if series.is_accent else 0.2) * text
        canvas.dot(x, y, radius, f"ground stroke-{colour} open" if forecast else f"fill-{colour}")


def _runs(points: list[tuple[float, float, bool] | None]) -> list[list[tuple[float, float, bool]]]:
    """The stretches without a gap."""
    runs: list[list[tuple[float, float, bool]]] = [[]]
    for point in points:
        if point is None:
            runs.append([])
        else:
            runs[-1].append(point)
    return [run for run in runs if run]


def _class(series: Series) -> str:
    return series.colour.replace("_", "-")
