"""Shares that make a whole, one bar across for each of a few, cut by group of settings: what each is made of, side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dashboard.figures.chart import Chart
from dashboard.figures.drawing import bare_axis, canvas
from dashboard.figures.palette import colour
from hnb import wording
from hnb.codelists import CODELISTS

ROW, LEAST = 64, 0.055
"""Pixels that a bar takes with its name, and the share below which a part is too narrow for its words."""


def shares_across(rows: Sequence[tuple[str, Mapping[str, float]]]) -> Chart:
    """A bar a row, in the order given; parts in the order of the groups, each with its share where there is room.

    rows: a name and the share of each group of settings. A gap of the card's colour parts the segments.
    """
    groups = [
        group for group in CODELISTS["setting_groups"].codes if any(group in parts for _, parts in rows)
    ]
    traces: list[dict[str, Any]] = []
    layout = canvas(ROW * len(rows) + 8, {"l": 2, "r": 2, "t": 6, "b": 2})
    for group in groups:
        name = CODELISTS["setting_groups"].short(group)
        shares = [parts.get(group, 0.0) for _, parts in rows]
        traces.append(
            {"type": "bar", "orientation": "h", "y": list(range(len(rows))), "x": shares, "width": 0.5, "name": name,
             "text": [wording.share(share, places=0) if share >= LEAST else "" for share in shares],
             "textposition": "inside", "insidetextanchor": "middle", "textangle": 0, "constraintext": "inside",
             "textfont": {"size": 12, "color": colour("on_fill"), "weight": 700}, "hoverinfo": "text",
             "hovertext": [f"{label}: {name}, {wording.share(share)}" for (label, _), share in zip(rows, shares, strict=True)],
             "marker": {"color": colour(group), "line": {"width": 2, "color": colour("card")}}}
        )  # fmt: skip
    for index, (label, _) in enumerate(rows):
        layout["annotations"].append(
            {"x": 0, "xref": "paper", "xanchor": "left", "y": index - 0.27, "yanchor": "bottom", "showarrow": False,
             "text": f"<b>{label}</b>" if index == 0 else label}
        )  # fmt: skip
    layout["barmode"] = "stack"
    # On a phone a part may be narrower than its words: then they are left out, and never cut.
    layout["uniformtext"] = {"mode": "hide", "minsize": 12}
    layout["xaxis"] = bare_axis(range=[0, 1.0005], visible=False)
    layout["yaxis"] = bare_axis(range=[len(rows) - 0.55, -0.75], visible=False)
    return Chart(traces, layout)
