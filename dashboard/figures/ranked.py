"""Ranked bars: authorities from the highest down, ours picked out, averages and areas among them in a lighter shade.

Names stand above their bars and not beside them, so that none is cut however narrow the screen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dashboard.figures.chart import Chart
from dashboard.figures.drawing import bare_axis, canvas
from dashboard.figures.palette import colour

ROW = 36
"""Pixels that a bar takes with its name."""

SHADES = {"us": "accent", "neighbour": "neutral"}
"""The palette's colour of each kind of row; averages and areas have the lighter one."""


@dataclass(frozen=True)
class Ranked:
    """One row: its name, its value (None where it is not known), its words, and its kind ("us", "neighbour", …)."""

    label: str
    value: float | None
    words: str
    kind: str


def ranked(rows: Sequence[Ranked]) -> Chart:
    """The bars in the order given, from nought."""
    shades = [SHADES.get(row.kind, "rule") for row in rows]
    trace: dict[str, Any] = {
        "type": "bar", "orientation": "h", "x": [row.value for row in rows], "y": list(range(len(rows))), "width": 0.3,
        "text": [f"{row.label}: {row.words}" for row in rows], "textposition": "none", "hoverinfo": "text",
        "marker": {"color": [colour(shade) for shade in shades], "line": {"width": 0}},
    }  # fmt: skip
    # On a phone the words would meet the names: there they stand in a margin, beside the bars.
    widest = max((len(row.words) for row in rows if row.value is not None), default=0)
    layout = canvas(
        ROW * max(len(rows), 1) + 12, {"l": 2, "r": 2, "t": 8, "b": 4}, {"margin.r": round(widest * 7.4) + 16}
    )
    for index, row in enumerate(rows):
        shared = {"xref": "paper", "y": index - 0.18, "yanchor": "bottom", "showarrow": False}
        strong = row.kind != "neighbour"
        ink = colour("accent" if row.kind == "us" else "ink")
        layout["annotations"] += [
            {**shared, "x": 0, "xanchor": "left", "align": "left", "text": f"<b>{row.label}</b>" if strong else row.label, "font": {"color": ink}},
            {**shared, "x": 1, "xanchor": "right", "align": "right", "text": f"<b>{row.words}</b>" if strong else row.words,
             "font": {"color": ink if row.value is not None else colour("muted")}},
        ]  # fmt: skip
        if row.value is not None:
            place = f"annotations[{2 * index + 1}]"
            layout["meta"]["narrow"] |= {
                f"{place}.xanchor": "left", f"{place}.xshift": 8, f"{place}.y": index, f"{place}.yanchor": "middle", f"{place}.font.size": 12,
            }  # fmt: skip
    highest = max((row.value for row in rows if row.value is not None), default=1.0) or 1.0
    layout["xaxis"] = bare_axis(range=[0, highest * 1.005], visible=False)
    layout["yaxis"] = bare_axis(range=[len(rows) - 0.6, -0.9], visible=False)
    return Chart([trace], layout)
