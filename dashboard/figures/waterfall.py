"""What a change is made of: steps from nought to the whole change. Bars across, names above, pounds in words."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import accumulate
from typing import Any

from dashboard.figures.bars import marker_of
from dashboard.figures.chart import Chart
from dashboard.figures.drawing import bare_axis, canvas, hatch
from dashboard.figures.palette import colour
from hnb import wording

ROW = 50
"""Pixels that a step takes with its name."""


def waterfall(
    steps: Sequence[tuple[str, float]],
    whole: str,
    *,
    is_forecast: bool = False,
    forecasts: Collection[str] = (),
) -> Chart:
    """Each step begins where the one before it ended; the last bar is all of them together, under the name `whole`.

    steps: names and pounds, in the order of their telling. Nought is where nothing has moved yet, so the bars
    keep their true lengths; what the change is of stands in the words around the chart. A rise and a fall
    have a colour each and a sign, and neither is called good. `is_forecast` hatches the bars, `forecasts` those of
    these names only.
    """
    ends = list(accumulate(amount for _, amount in steps))
    starts = [0.0, *ends][: len(steps)]
    total = ends[-1] if ends else 0.0
    rows = [
        *((label, amount, start) for (label, amount), start in zip(steps, starts, strict=True)),
        (whole, total, 0.0),
    ]
    words = [wording.pounds(amount, "chart", signed=True) for _, amount, _ in rows]
    shades = ["accent" if amount > 0 else "neutral" for _, amount, _ in rows[:-1]] + ["ink"]
    trace: dict[str, Any] = {
        "type": "bar", "orientation": "h", "y": list(range(len(rows))), "width": 0.36,
        "x": [amount for _, amount, _ in rows], "base": [start for _, _, start in rows],
        "text": [f"{label}: {word}" for (label, _, _), word in zip(rows, words, strict=True)],
        "textposition": "none", "hoverinfo": "text", "marker": marker_of(
            [hatch(is_forecast or label in forecasts, shade) for (label, _, _), shade in zip(rows, shades, strict=True)]
        ),
    }  # fmt: skip
    widest = max(len(word) for word in words)
    layout = canvas(
        ROW * len(rows) + 16, {"l": 2, "r": 2, "t": 8, "b": 4}, {"margin.r": round(widest * 8) + 18}
    )
    for index, ((label, _, _), word) in enumerate(zip(rows, words, strict=True)):
        shared = {"xref": "paper", "y": index - 0.24, "yanchor": "bottom", "showarrow": False}
        name = f"<b>{label}</b>" if index == len(rows) - 1 else label
        layout["annotations"] += [
            {**shared, "x": 0, "xanchor": "left", "align": "left", "text": name},
            {**shared, "x": 1, "xanchor": "right", "align": "right", "text": f"<b>{word}</b>"},
        ]
        place = f"annotations[{2 * index + 1}]"
        layout["meta"]["narrow"] |= {
            f"{place}.xanchor": "left", f"{place}.xshift": 8, f"{place}.y": index, f"{place}.yanchor": "middle", f"{place}.font.size": 12,
        }  # fmt: skip
    low, high = min([0.0, *ends]), max([0.0, *ends])
    span = (high - low) or 1.0
    layout["xaxis"] = bare_axis(range=[low - span * 0.01, high + span * 0.01], visible=False)
    layout["yaxis"] = bare_axis(range=[len(rows) - 0.6, -0.78], visible=False)
    layout["shapes"] = [
        {"type": "line", "x0": end, "x1": end, "y0": index + 0.18, "y1": index + 0.82,
         "line": {"color": colour("rule"), "width": 1, "dash": "dot"}}
        for index, end in enumerate(ends)
    ] + [{"type": "line", "x0": 0, "x1": 0, "y0": -0.3, "y1": len(rows) - 0.7, "line": {"color": colour("rule"), "width": 1}}]  # fmt: skip
    return Chart([trace], layout)
