"""Providers against the median of their setting: a tick at the median, a dot at the cost, what lies between in pounds."""

from __future__ import annotations

from typing import Any

import polars

from dashboard.figures.bars import shade_of
from dashboard.figures.chart import Chart
from dashboard.figures.drawing import bare_axis, canvas, round_ticks
from dashboard.figures.palette import colour
from hnb import wording

ROW = 46
"""Pixels that a provider takes with its name."""


def against_median(rows: polars.DataFrame) -> Chart:
    """One row a provider in a setting, in the order given, on one axis of pounds a placement-year from nought.

    `rows` is of `hnb.unit_costs.providers`. The words at the end of a line are the year's pounds above the median.
    """
    found = list(rows.iter_rows(named=True))
    place = list(range(len(found)))
    said = [
        f"{_provider(row)}, {wording.lowered(wording.label('setting', row['setting']))}<br>{wording.pounds(row['unit_cost'])} a "
        f"placement-year, median {wording.pounds(row['median'])}<br>{wording.number(row['placement_years'])} placement-years"
        for row in found
    ]
    dots: dict[str, Any] = {
        "type": "scatter", "mode": "markers", "x": [row["unit_cost"] for row in found], "y": place, "hoverinfo": "text", "text": said,
        "cliponaxis": False,
        "marker": {"size": 13, "opacity": 1, "color": [colour(shade_of("setting", row["setting"])) for row in found], "line": {"width": 0}},
    }  # fmt: skip
    highest = max((max(row["unit_cost"], row["median"]) for row in found), default=0.0)
    ticks = round_ticks(highest, min((row["unit_cost"] for row in found), default=0.0))
    top = max(highest * 1.12, ticks[1])  # room beyond the dearest dot for its pounds
    layout = canvas(ROW * max(len(found), 1) + 44, {"l": 16, "r": 20, "t": 12, "b": 30})
    for index, row in enumerate(found):
        shade = colour(shade_of("setting", row["setting"]))
        layout["shapes"] += [
            {"type": "line", "x0": row["median"], "x1": row["unit_cost"], "y0": index, "y1": index, "line": {"color": shade, "width": 3}},
            {"type": "line", "x0": row["median"], "x1": row["median"], "y0": index - 0.17, "y1": index + 0.17,
             "line": {"color": colour("ink"), "width": 3}},
        ]  # fmt: skip
        shared = {"xref": "paper", "y": index - 0.22, "yanchor": "bottom", "showarrow": False}
        setting = wording.lowered(wording.label("setting", row["setting"], brief=True))
        layout["annotations"] += [
            {**shared, "x": 0, "xanchor": "left", "align": "left", "text": f"{_provider(row)}, {setting}"},
            {**shared, "x": 1, "xanchor": "right", "align": "right", "text": f"<b>{wording.pounds(row['above_median'], 'chart', signed=True)}</b>"},
            {"x": row["unit_cost"], "y": index, "xanchor": "left", "xshift": 11, "showarrow": False, "text": wording.pounds(row["unit_cost"]),
             "font": {"size": 12, "color": colour("muted")}},
        ]  # fmt: skip
        layout["meta"]["narrow"] |= {
            f"annotations[{3 * index}].text": _provider(row),
            f"annotations[{3 * index}].font.size": 12,
            **{
                f"annotations[{3 * index + 1}].{name}": value
                for name, value in (
                    ("xanchor", "left"),
                    ("xshift", 8),
                    ("y", index),
                    ("yanchor", "middle"),
                    ("font.size", 12),
                )
            },
            f"annotations[{3 * index + 2}].visible": False,
        }
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
    layout["yaxis"] = bare_axis(range=[len(found) - 0.5, -0.75], visible=False)
    ends = [ticks[0], max(tick for tick in ticks if tick <= top)]
    # On a phone the words would meet the names: there they stand in a margin, beside the dots.
    widest = max((len(wording.pounds(row["above_median"], "chart", signed=True)) for row in found), default=0)
    layout["meta"]["narrow"] |= {
        "margin.r": round(widest * 8) + 18,
        "xaxis.tickvals": ends,
        "xaxis.ticktext": [wording.pounds(tick, "chart") for tick in ends],
    }
    return Chart([dots], layout)


def _provider(row: dict[str, Any]) -> str:
    return "Provider not recorded" if row["provider"] is None else str(row["provider"])
