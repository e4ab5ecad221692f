"""How costs are spread: one row a kind, its middle half as a bar, its middle eight tenths as a line, median and mean marked.

Plain bars and marks, so that the smallest bundle of plotly.js draws it. No single placement is drawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars

from dashboard.figures.bars import shade_of
from dashboard.figures.chart import Chart
from dashboard.figures.drawing import bare_axis, canvas, round_ticks
from dashboard.figures.palette import colour
from hnb import wording

ROW = 54
"""Pixels that a row takes with its name."""


def distribution(rows: polars.DataFrame, by: Sequence[str], *, shade: str = "accent") -> Chart:
    """One row a kind, in the order given, on one axis of pounds from nought.

    `rows` is of `hnb.unit_costs.distribution`, cut by `by`; a row is in the colour of its setting's group,
    and in `shade`, a name of the palette, where it is cut by no setting.
    """
    found = list(rows.iter_rows(named=True))
    place = list(range(len(found)))
    shades = [_shade(by, row, shade) for row in found]
    colours = [colour(name) for name in shades]
    said = [_said(by, row) for row in found]
    shared = {
        "type": "bar",
        "orientation": "h",
        "y": place,
        "hoverinfo": "text",
        "text": said,
        "textposition": "none",
    }
    traces: list[dict[str, Any]] = [
        {
            **shared, "width": 0.05, "base": [row["lower_decile"] for row in found],
            "x": [row["upper_decile"] - row["lower_decile"] for row in found], "marker": {"color": colours, "line": {"width": 0}},
        },
        {
            **shared, "width": 0.34, "base": [row["lower_quartile"] for row in found],
            "x": [row["upper_quartile"] - row["lower_quartile"] for row in found], "marker": {"color": colours, "line": {"width": 0}},
        },
        # A light edge keeps the median's mark apart from a dark bar.
        *(
            {
                "type": "scatter", "mode": "markers", "x": [row["median"] for row in found], "y": place, "hoverinfo": "skip", "cliponaxis": False,
                "marker": {"symbol": "line-ns", "size": 15, "opacity": 1, "line": {"width": width, "color": colour(name)}},
            }
            for name, width in (("card", 7), ("ink", 3))
        ),
        {
            "type": "scatter", "mode": "markers", "x": [row["mean"] for row in found], "y": place, "hoverinfo": "text", "text": said,
            "cliponaxis": False,
            "marker": {"symbol": "diamond", "size": 11, "color": colour("card"), "opacity": 1, "line": {"width": 2, "color": colour("ink")}},
        },
    ]  # fmt: skip
    highest = max((max(row["upper_decile"], row["mean"]) for row in found), default=0.0)
    lowest = min((min(row["lower_decile"], 0.0) for row in found), default=0.0)
    ticks = round_ticks(highest, lowest)
    top = max(highest, ticks[1])
    layout = canvas(ROW * max(len(found), 1) + 44, {"l": 16, "r": 20, "t": 12, "b": 30})
    for index, row in enumerate(found):
        layout["annotations"] += _labels(by, row, index)
        place_of = f"annotations[{2 * index}]"
        layout["meta"]["narrow"] |= {
            f"{place_of}.text": f"{_name(by, row, brief=True)}",
            f"{place_of}.font.size": 12,
            f"annotations[{2 * index + 1}].text": f"<b>{wording.pounds(row['median'])}</b>",
            f"annotations[{2 * index + 1}].font.size": 12,
        }
    layout["barmode"] = "overlay"
    layout["xaxis"] = bare_axis(
        range=[ticks[0], top],
        showgrid=True,
        gridcolor=colour("grid"),
        tickvals=ticks,
        ticktext=[wording.pounds(tick, "chart") for tick in ticks],
        tickfont={"color": colour("muted")},
        zeroline=True,
        zerolinecolor=colour("rule"),
    )
    layout["yaxis"] = bare_axis(range=[len(found) - 0.5, -0.72], visible=False)
    ends = [ticks[0], max(tick for tick in ticks if tick <= top)]
    layout["meta"]["narrow"] |= {
        "xaxis.tickvals": ends,
        "xaxis.ticktext": [wording.pounds(tick, "chart") for tick in ends],
    }
    return Chart(traces, layout)


def _labels(by: Sequence[str], row: dict[str, Any], index: int) -> list[dict[str, Any]]:
    """The name and count above a row's left end, median and mean in words above its right."""
    shared = {"xref": "paper", "y": index - 0.25, "yanchor": "bottom", "showarrow": False}
    few = wording.count(row["placements"])
    middle, mean = wording.pounds(row["median"]), wording.pounds(row["mean"])
    return [
        {**shared, "x": 0, "xanchor": "left", "align": "left", "text": f"{_name(by, row)}  ({few})"},
        {**shared, "x": 1, "xanchor": "right", "align": "right", "text": f"median <b>{middle}</b>   mean {mean}"},
    ]  # fmt: skip


def _name(by: Sequence[str], row: dict[str, Any], *, brief: bool = False) -> str:
    first, *rest = (wording.label(name, row[name], brief=brief) for name in by)
    return ", ".join([first, *map(wording.lowered, rest)])


def _shade(by: Sequence[str], row: dict[str, Any], otherwise: str) -> str:
    return shade_of(by[0], row[by[0]]) if by[0] in ("setting", "setting_group") else otherwise


def _said(by: Sequence[str], row: dict[str, Any]) -> str:
    """A row in words, for whoever points at it."""
    pounds = {name: wording.pounds(row[name]) for name in ("median", "mean", "lower_quartile", "upper_quartile", "lower_decile", "upper_decile")}  # fmt: skip
    return (
        f"{_name(by, row)}: median {pounds['median']}, mean {pounds['mean']}<br>middle half {pounds['lower_quartile']} to "
        f"{pounds['upper_quartile']}<br>middle eight tenths {pounds['lower_decile']} to {pounds['upper_decile']}"
    )
