"""Budget against forecast: the budget an outline, the actual to date solid, what is still to come hatched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dashboard.figures.bars import marker_of
from dashboard.figures.chart import Chart
from dashboard.figures.drawing import bare_axis, canvas, hatch
from dashboard.figures.palette import colour
from hnb import wording

ROW = 52
"""Pixels that a row takes with its name."""


@dataclass(frozen=True)
class BudgetRow:
    """One row of the chart, in pounds: what was budgeted, what is paid, and where the year ends; None where unknown.

    `words` stand at the end of its line, `brief` in their place on a phone; `tone` colours what they say,
    `shade` the bar: the palette's names.
    """

    label: str
    budget: float | None
    actual: float | None
    expected: float | None
    words: str
    brief: str = ""
    tone: str = "ink"
    shade: str = "accent"


def budget_bars(rows: Sequence[BudgetRow], *, is_closed: bool = False) -> Chart:
    """One row a line or group, from nought, name above.

    Where the actual to date is not known, or the year is closed, there is one bar: the forecast or the outturn.
    """
    places = list(range(len(rows)))
    solid = [row.expected if is_closed else row.actual for row in rows]
    begun = [0.0 if row.actual is None or is_closed else row.actual for row in rows]
    to_come = [
        None if is_closed or row.expected is None else row.expected - start
        for row, start in zip(rows, begun, strict=True)
    ]
    said = [f"{row.label}: {row.words}" for row in rows]
    shared: dict[str, Any] = {
        "type": "bar", "orientation": "h", "y": places, "hoverinfo": "text", "textposition": "none", "text": said,
    }  # fmt: skip
    traces = [
        {**shared, "x": solid, "width": 0.26, "name": "Outturn" if is_closed else "Actual to date",
         "marker": marker_of([hatch(False, row.shade) for row in rows])},
        {**shared, "x": to_come, "base": begun, "width": 0.26, "name": "Still to come",
         "marker": marker_of([hatch(True, row.shade) for row in rows])},
        {**shared, "x": [row.budget for row in rows], "width": 0.42, "name": "Revised budget",
         "marker": {"color": "rgba(0,0,0,0)", "line": {"width": 1.5, "color": colour("ink")}}},
    ]  # fmt: skip
    amounts = [
        amount for row in rows for amount in (row.budget, row.actual, row.expected) if amount is not None
    ]
    low, high = min([0.0, *amounts]), max([0.0, *amounts])
    widest = max((len(row.brief or row.words) for row in rows), default=0)
    layout = canvas(
        ROW * max(len(rows), 1) + 12, {"l": 2, "r": 4, "t": 8, "b": 4}, {"margin.r": round(widest * 7.4) + 14}
    )
    for index, row in enumerate(rows):
        at = {"xref": "paper", "y": index - 0.26, "yanchor": "bottom", "showarrow": False}
        layout["annotations"] += [
            {**at, "x": 0, "xanchor": "left", "align": "left", "text": row.label},
            {**at, "x": 1, "xanchor": "right", "align": "right", "text": f"<b>{row.words}</b>", "font": {"color": colour(row.tone)}},
        ]  # fmt: skip
        place = f"annotations[{2 * index + 1}]"
        layout["meta"]["narrow"] |= {
            f"{place}.xanchor": "left", f"{place}.xshift": 8, f"{place}.y": index, f"{place}.yanchor": "middle",
            f"{place}.font.size": 12, f"{place}.text": f"<b>{row.brief or row.words}</b>",
        }  # fmt: skip
    span = (high - low) or 1.0
    layout["barmode"] = "overlay"
    layout["xaxis"] = bare_axis(range=[low - span * 0.006, high + span * 0.006], visible=False)
    layout["yaxis"] = bare_axis(range=[len(rows) - 0.6, -0.78], visible=False)
    return Chart(traces, layout)


@dataclass(frozen=True)
class ForecastRow:
    """One way to forecast: where it says the year ends, against the budget, and how far it was off in past years."""

    label: str
    forecast: float | None
    words: str
    beneath: str


def forecast_bars(rows: Sequence[ForecastRow], budget: float | None) -> Chart:
    """One hatched bar a way to forecast, in the outline of the revised budget; what it was worth stands underneath."""
    places = list(range(len(rows)))
    shared: dict[str, Any] = {
        "type": "bar", "orientation": "h", "y": places, "hoverinfo": "text", "textposition": "none",
        "text": [f"{row.label}: {row.words}; {row.beneath}" for row in rows],
    }  # fmt: skip
    traces = [
        {**shared, "x": [row.forecast for row in rows], "width": 0.22, "name": "Forecast",
         "marker": marker_of([hatch(True, "accent") for _ in rows])},
        {**shared, "x": [budget if row.forecast is not None else None for row in rows], "width": 0.34, "name": "Revised budget",
         "marker": {"color": "rgba(0,0,0,0)", "line": {"width": 1.5, "color": colour("ink")}}},
    ]  # fmt: skip
    amounts = [amount for amount in (budget, *(row.forecast for row in rows)) if amount is not None]
    high, low = max([0.0, *amounts]), min([0.0, *amounts])
    layout = canvas(84 * max(len(rows), 1) + 12, {"l": 2, "r": 4, "t": 8, "b": 8})
    for index, row in enumerate(rows):
        at = {"xref": "paper", "showarrow": False}
        layout["annotations"] += [
            {**at, "x": 0, "y": index - 0.2, "yanchor": "bottom", "xanchor": "left", "align": "left", "text": row.label},
            {**at, "x": 1, "y": index - 0.2, "yanchor": "bottom", "xanchor": "right", "align": "right", "text": f"<b>{row.words}</b>"},
            {**at, "x": 0, "y": index + 0.2, "yanchor": "top", "xanchor": "left", "align": "left", "text": row.beneath,
             "font": {"color": colour("muted"), "size": 12}},
        ]  # fmt: skip
        # On a phone the name and the words would meet: the words go to where the error stands, the error to the table.
        place = f"annotations[{3 * index + 1}]"
        layout["meta"]["narrow"] |= {
            f"{place}.x": 0, f"{place}.xanchor": "left", f"{place}.y": index + 0.2, f"{place}.yanchor": "top",
            f"annotations[{3 * index + 2}].visible": False,
        }  # fmt: skip
    span = (high - low) or 1.0
    layout["barmode"] = "overlay"
    layout["xaxis"] = bare_axis(range=[low - span * 0.006, high + span * 0.006], visible=False)
    layout["yaxis"] = bare_axis(range=[len(rows) - 0.4, -0.6], visible=False)
    return Chart(traces, layout)


def tone_of(variance: float | None) -> str:
    """The palette's name for what a variance says: over is adverse, under favourable."""
    if variance is None or wording.pounds(abs(variance), "chart") == "£0":
        return "neutral"
    return "adverse" if variance > 0 else "favourable"
