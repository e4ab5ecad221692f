"""Placements month by month: lines of how many, bars of what they cost, bars up and down of who began and ended.

The register's edge is drawn where it falls: what is before it happened, what is after it is expected.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

import polars

from dashboard.figures.bars import marker_of
from dashboard.figures.chart import Chart
from dashboard.figures.drawing import (
    CHARACTER,
    apart,
    bare_axis,
    canvas,
    hatch,
    left_margin,
    round_ticks,
    tick_words,
)
from dashboard.figures.palette import colour
from dashboard.figures.trend import Series, breaks_of
from hnb import wording, years
from hnb.metrics import Measure

FEW = 14
"""Months up to which each has its name, and each bar its words."""

_ROOM_FOR_LAST = {"margin.r": 26}
"""On a phone the last month has its name, which needs room beyond the last bar."""

Points = dict[datetime.date, tuple[float | None, str]]


def lines_by_month(
    result: polars.DataFrame, measure: Measure, *, by: str, series: Sequence[Series], height: int = 400
) -> Chart:
    """One line a series over the months, dashed where it is expected, its name and last figure at its end.

    `result` is an answer of `compute` by financial_year, month and `by`; `series` says which to draw.
    """
    months = result["month"].unique().sort().to_list()
    found = {one.code: _points(result.filter(polars.col(by) == one.code)) for one in series}
    drawn = [one for one in series if any(value is not None for value, _ in found[one.code].values())]
    amounts = [value for one in drawn for value, _ in found[one.code].values() if value is not None]
    ticks = round_ticks(max(amounts, default=0.0), min(amounts, default=0.0))
    tick_text = tick_words(measure, ticks)
    ends = [(one, *_last(found[one.code], months)) for one in drawn]
    labels = [f"{one.label}  {wording.value(measure, value, 'chart')}" for one, _, value in ends]
    widest = max((len(label) for label in labels), default=0)
    margin = {"l": left_margin(tick_text), "r": 34 + round(widest * CHARACTER), "t": 30, "b": 34}
    per_pixel = (ticks[-1] - ticks[0]) / (height - margin["t"] - margin["b"])
    heights = apart([value for _, _, value in ends], 19 * per_pixel, ticks[0], ticks[-1])
    narrow: dict[str, Any] = {"margin.r": 26 + round(max((len(one.label) for one in drawn), default=0) * 6.6)}
    layout = canvas(height, margin, narrow)
    for index, ((one, at, value), label, moved) in enumerate(zip(ends, labels, heights, strict=True)):
        layout["annotations"].append(
            {"x": at, "y": value, "text": f"<b>{label}</b>", "font": {"color": colour(one.shade)}, "xanchor": "left",
             "yanchor": "middle", "ax": 16, "ay": (value - moved) / per_pixel, "showarrow": True, "arrowhead": 0,
             "arrowwidth": 1, "arrowcolor": colour(one.shade), "standoff": 5}
        )  # fmt: skip
        narrow[f"annotations[{index}].text"] = f"<b>{one.label}</b>"
        narrow[f"annotations[{index}].font.size"] = 12
    traces = [trace for one in drawn for trace in _line(one, found[one.code], months, measure)]
    layout["meta"]["narrow"] = narrow
    _axes(layout, months, ticks, tick_text, every=3)
    _draw_edge(layout, result, months)
    _draw_breaks(layout, measure, result, months)
    return Chart(traces, layout)


def bars_by_month(
    result: polars.DataFrame, measure: Measure, *, shade: str = "accent", height: int = 400
) -> Chart:
    """One bar a month from nought, hatched where it is expected. `result` is an answer by financial_year and month."""
    points = _points(result)
    months = sorted(points)
    values = [points[month][0] for month in months]
    amounts = [value for value in values if value is not None]
    ticks = round_ticks(max(amounts, default=0.0), min(amounts, default=0.0))
    tick_text = tick_words(measure, ticks)
    layout = canvas(height, {"l": left_margin(tick_text), "r": 8, "t": 30, "b": 34}, _ROOM_FOR_LAST)
    trace = _bars(points, months, measure, shade)
    if len(months) <= FEW:
        known = [index for index, month in enumerate(months) if points[month][1] != "estimated"]
        _name_bars(
            layout, [(index, values[index]) for index in {*known[-1:], len(months) - 1}], measure, above=True
        )
    _axes(layout, months, ticks, tick_text)
    _draw_edge(layout, result, months)
    return Chart([trace], layout)


def starts_and_ends(
    starts: polars.DataFrame, ends: polars.DataFrame, started: Measure, ended: Measure, *, height: int = 400
) -> Chart:
    """Those that began as bars upwards and those that ended as bars downwards, month by month, from one nought."""
    up, down = _points(starts), _points(ends)
    months = sorted({*up, *down})
    taken = {month: (None if value is None else -value, status) for month, (value, status) in down.items()}
    highest = max((value for value, _ in up.values() if value is not None), default=0.0)
    lowest = min((value for value, _ in taken.values() if value is not None), default=0.0)
    ticks = round_ticks(highest, lowest)
    tick_text = tick_words(started, [abs(tick) for tick in ticks])
    layout = canvas(height, {"l": left_margin(tick_text), "r": 8, "t": 30, "b": 34}, _ROOM_FOR_LAST)
    traces = [
        _bars(up, months, started, "accent", "started"),
        _bars(taken, months, ended, "neutral", "ended"),
    ]
    if len(months) <= FEW:
        places = {month: index for index, month in enumerate(months)}
        _name_bars(layout, [(places[month], value) for month, (value, _) in up.items()], started, above=True)
        _name_bars(
            layout, [(places[month], value) for month, (value, _) in taken.items()], ended, above=False
        )
    for words, at, shade, anchor in (("Started", ticks[-1], "accent", "top"), ("Ended", ticks[0], "neutral", "bottom")):  # fmt: skip
        layout["annotations"].append(
            {"x": 0.01, "xref": "paper", "xanchor": "left", "y": at, "yanchor": anchor, "text": f"<b>{words}</b>",
             "showarrow": False, "font": {"color": colour(shade)}}
        )  # fmt: skip
    layout["barmode"] = "overlay"
    _axes(layout, months, ticks, tick_text)
    layout["yaxis"] |= {"zeroline": True, "zerolinecolor": colour("rule")}
    _draw_edge(layout, starts, months)
    return Chart(traces, layout)


def _points(rows: polars.DataFrame) -> Points:
    return {month: (value, status) for month, value, status in rows.select("month", "value", "status").rows()}


def _last(points: Points, months: list[datetime.date]) -> tuple[int, float]:
    known = [month for month in months if points.get(month, (None, ""))[0] is not None]
    return months.index(known[-1]), float(points[known[-1]][0] or 0.0)


def month_words(month: datetime.date) -> str:
    """A month in words: "October 2026"."""
    return wording.date(month).partition(" ")[2]


def _line(one: Series, points: Points, months: list[datetime.date], measure: Measure) -> list[dict[str, Any]]:
    """The solid line, and the dashed one that goes on from its last point."""
    values = [points.get(month, (None, "not_available")) for month in months]
    said = [
        f"{one.label}, {month_words(month)}: {wording.value(measure, value, status=status)}{_expected(status)}"
        for month, (value, status) in zip(months, values, strict=True)
    ]
    expected = [status == "estimated" for _, status in values]
    first = expected.index(True) if True in expected else len(values)
    line = {"color": colour(one.shade), "width": 2.5}
    shared = {"type": "scatter", "mode": "lines", "name": one.label, "hoverinfo": "text", "connectgaps": False, "cliponaxis": False}  # fmt: skip
    solid = {**shared, "x": list(range(first)), "y": [value for value, _ in values[:first]], "text": said[:first], "line": line}  # fmt: skip
    if first == len(values):
        return [solid]
    since = max(first - 1, 0)
    dashed = {
        **shared, "x": list(range(since, len(values))), "y": [value for value, _ in values[since:]], "text": said[since:],
        "line": {**line, "dash": "4px,3px"},
    }  # fmt: skip
    return [solid, dashed] if first else [dashed]


def _bars(
    points: Points, months: list[datetime.date], measure: Measure, shade: str, verb: str = ""
) -> dict[str, Any]:
    values = [points.get(month, (None, "not_available")) for month in months]
    said = [
        f"{month_words(month)}: {wording.value(measure, None if value is None else abs(value), 'chart', status=status)}"
        f"{f' {verb}' if verb else ''}{_expected(status)}"
        for month, (value, status) in zip(months, values, strict=True)
    ]
    return {
        "type": "bar", "x": list(range(len(months))), "y": [value for value, _ in values], "width": 0.7, "name": measure.title,
        "text": said, "textposition": "none", "hoverinfo": "text",
        "marker": marker_of([hatch(status == "estimated", shade) for _, status in values]),
    }  # fmt: skip


def _expected(status: str) -> str:
    return " (expected)" if status == "estimated" else ""


def _name_bars(
    layout: dict[str, Any], places: list[tuple[int, float | None]], measure: Measure, *, above: bool
) -> None:
    """The words of each bar beyond its end; on a phone there is no room for them."""
    for index, value in places:
        if not value:
            continue
        layout["meta"]["narrow"][f"annotations[{len(layout['annotations'])}].visible"] = False
        layout["annotations"].append(
            {"x": index, "y": value, "text": wording.value(measure, abs(value), "chart"), "showarrow": False,
             "yanchor": "bottom" if above else "top", "yshift": 2 if above else -2, "font": {"size": 12, "color": colour("ink")}}
        )  # fmt: skip


def _axes(
    layout: dict[str, Any],
    months: list[datetime.date],
    ticks: list[float],
    tick_text: list[str],
    *,
    every: int = 1,
) -> None:
    few = len(months) <= FEW
    # Of many months each April has its name, and only where another stands no nearer than a year.
    named = [
        index
        for index, month in enumerate(months)
        if (few and (month.month - 4) % every == 0) or month.month == 4
    ]
    words = [month_words(months[index]) for index in named]
    short = [f"{word[:3]} {word[-2:]}" if index == 0 or months[index].month in (1, 4) else word[:3] for index, word in zip(named, words, strict=True)]  # fmt: skip
    layout["xaxis"] = bare_axis(
        range=[-0.6, len(months) - 0.4], tickvals=named, ticktext=short, tickfont={"color": colour("muted")}, tickangle=0,
        ticks="outside", ticklen=4, tickcolor=colour("rule"),
    )  # fmt: skip
    ends = [0, len(months) - 1] if len(months) > 1 else [0]
    layout["meta"]["narrow"] |= {
        "xaxis.tickvals": ends,
        "xaxis.ticktext": [f"{month_words(months[end])[:3]} {months[end].year % 100:02d}" for end in ends],
    }
    layout["yaxis"] = bare_axis(
        range=[ticks[0], ticks[-1]], showgrid=True, gridcolor=colour("grid"), zeroline=ticks[0] < 0, zerolinecolor=colour("rule"),
        tickvals=ticks, ticktext=tick_text, tickfont={"color": colour("muted")},
    )  # fmt: skip


def _draw_edge(layout: dict[str, Any], result: polars.DataFrame, months: list[datetime.date]) -> None:
    """A dotted line where the register ends, with words on the side where there is room."""
    expected = result.filter(polars.col("status") == "estimated")["month"].unique().to_list()
    if not expected or min(expected) not in months:
        return
    at = months.index(min(expected)) - 0.5
    _rule(layout, at, "the register ends")


def _draw_breaks(
    layout: dict[str, Any], measure: Measure, result: polars.DataFrame, months: list[datetime.date]
) -> None:
    for year, label in breaks_of(measure, result["financial_year"].unique().sort().to_list()):
        start = years.year_start(year)
        if start in months:
            _rule(layout, months.index(start) - 0.5, f"register of {year}: {label}")


def _rule(layout: dict[str, Any], at: float, words: str) -> None:
    layout["shapes"].append(
        {"type": "line", "x0": at, "x1": at, "y0": 0, "y1": 1, "yref": "paper", "layer": "below",
         "line": {"color": colour("rule"), "width": 1.5, "dash": "dot"}}
    )  # fmt: skip
    first, last = layout["xaxis"]["range"]
    anchor = "right" if at > (first + last) / 2 else "left"
    layout["annotations"].append(
        {"x": at, "y": 1, "yref": "paper", "yshift": 4, "text": words, "showarrow": False, "yanchor": "bottom",
         "xanchor": anchor, "font": {"size": 12, "color": colour("muted")}}
    )  # fmt: skip
