"""Dots on a line for each row: one quantity of a few, told apart by shape as well as by colour."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dashboard.figures.chart import Chart
from dashboard.figures.drawing import bare_axis, canvas, round_ticks, tick_words
from dashboard.figures.palette import colour
from hnb import wording
from hnb.metrics import Measure

ROW = 52
"""Pixels that a line takes with its name."""


@dataclass(frozen=True)
class Dot:
    """One of those compared: its code, its name, plotly's symbol and the palette's colour."""

    code: str
    label: str
    symbol: str
    shade: str


def dots(
    rows: Sequence[tuple[str, Mapping[str, float | None]]], compared: Sequence[Dot], measure: Measure
) -> Chart:
    """A line a row, from nought, with a mark for each of `compared`; the first of them has its value in words.

    rows: a name and the value of each code. A value that is None has no mark.
    """
    values = [value for _, of in rows for value in of.values() if value is not None]
    ticks = round_ticks(max(values, default=1.0), min([0.0, *values]))
    # On a phone the words would meet the names: there they stand in a margin, beside the marks.
    layout = canvas(ROW * max(len(rows), 1) + 46, {"l": 2, "r": 14, "t": 8, "b": 30}, {"margin.r": 56})
    traces: list[dict[str, Any]] = []
    for one in reversed(compared):  # the first is drawn last, over the others
        traces.append(
            {"type": "scatter", "mode": "markers", "name": one.label, "hoverinfo": "text",
             "x": [of.get(one.code) for _, of in rows], "y": list(range(len(rows))),
             "text": [f"{label}, {one.label}: {wording.value(measure, of.get(one.code))}" for label, of in rows],
             "marker": {"symbol": one.symbol, "size": 12, "opacity": 1, "color": colour(one.shade), "line": {"width": 2, "color": colour(one.shade)}}}
        )  # fmt: skip
    for index, (label, of) in enumerate(rows):
        value = of.get(compared[0].code)
        shared = {"xref": "paper", "y": index - 0.2, "yanchor": "bottom", "showarrow": False}
        layout["annotations"] += [
            {**shared, "x": 0, "xanchor": "left", "text": label},
            {**shared, "x": 1, "xanchor": "right", "text": f"<b>{wording.value(measure, value)}</b>", "font": {"color": colour(compared[0].shade)}},
        ]  # fmt: skip
        place = f"annotations[{2 * index + 1}]"
        layout["meta"]["narrow"] |= {
            f"{place}.xanchor": "left", f"{place}.xshift": 8, f"{place}.y": index, f"{place}.yanchor": "middle", f"{place}.font.size": 12,
            f"annotations[{2 * index}].font.size": 11,
        }  # fmt: skip
    layout["shapes"] = [
        {"type": "line", "x0": 0, "x1": 1, "xref": "paper", "y0": index, "y1": index, "layer": "below",
         "line": {"width": 1, "color": colour("grid")}}
        for index in range(len(rows))
    ]  # fmt: skip
    layout["xaxis"] = bare_axis(
        range=[ticks[0] - (ticks[-1] - ticks[0]) * 0.02, ticks[-1]],
        tickvals=ticks, ticktext=tick_words(measure, ticks), tickfont={"color": colour("muted")},
    )  # fmt: skip
    layout["yaxis"] = bare_axis(range=[len(rows) - 0.5, -0.9], visible=False)
    return Chart(traces, layout)
