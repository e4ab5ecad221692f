"""Two sources month by month: the first as an outline, the second solid; a month that is not loaded says so."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from dashboard.figures.bars import marker_of
from dashboard.figures.chart import Chart
from dashboard.figures.drawing import bare_axis, canvas, hatch, left_margin, round_ticks, tick_words
from dashboard.figures.palette import colour
from hnb import wording
from hnb.metrics import MEASURES


def two_sources(
    months: Sequence[datetime.date],
    first: Sequence[float | None],
    second: Sequence[float | None],
    names: tuple[str, str],
    *,
    missing: Sequence[bool] = (),
    height: int = 320,
) -> Chart:
    """Bars from nought, one a month: the second source solid, the first an outline around it.

    first: nothing where there is only one source. missing: months of which the second is not loaded: a sign stands
    there in place of a bar. Pounds; the words of each bar have both and the difference.
    """
    gone = list(missing) or [False] * len(months)
    amounts = [value for value in (*first, *second) if value is not None]
    ticks = round_ticks(max(amounts, default=0.0), min(amounts, default=0.0))
    words = tick_words(MEASURES["spend"], ticks)
    place = list(range(len(months)))
    solid = [None if lost else value for value, lost in zip(second, gone, strict=True)]
    traces: list[dict[str, Any]] = [
        {"type": "bar", "x": place, "y": solid, "width": 0.56, "name": names[1], "hoverinfo": "text", "textposition": "none",
         "marker": marker_of([hatch(False, "accent") for _ in months]),
         "text": [f"{month:%B %Y}, {names[1]}: {wording.pounds(value)}" for month, value in zip(months, second, strict=True)]}
    ]  # fmt: skip
    if any(value is not None for value in first):
        traces.append(
            {"type": "bar", "x": place, "y": list(first), "width": 0.78, "name": names[0], "hoverinfo": "text", "textposition": "none",
             "text": [f"{month:%B %Y}, {names[0]}: {wording.pounds(value)}" for month, value in zip(months, first, strict=True)],
             "marker": {"color": "rgba(0,0,0,0)", "line": {"width": 1.5, "color": colour("ink")}}}
        )  # fmt: skip
    layout = canvas(height, {"l": left_margin(words), "r": 8, "t": 12, "b": 30})
    layout["barmode"] = "overlay"
    short = [f"{month:%b}" for month in months]
    layout["xaxis"] = bare_axis(range=[-0.6, len(months) - 0.4], tickvals=place, ticktext=short, tickfont={"color": colour("muted")})  # fmt: skip
    if len(months) > 6:
        layout["meta"]["narrow"] |= {"xaxis.tickvals": place[::3], "xaxis.ticktext": short[::3]}
    layout["yaxis"] = bare_axis(range=[ticks[0], ticks[-1]], showgrid=True, gridcolor=colour("grid"), zeroline=True, zerolinecolor=colour("rule"),
                                tickvals=ticks, ticktext=words, tickfont={"color": colour("muted")})  # fmt: skip
    for at, lost in enumerate(gone):
        if lost:
            place = f"annotations[{len(layout['annotations'])}]"
            # On a phone a month is narrower than the words: there they stand upright.
            layout["meta"]["narrow"] |= {
                f"{place}.textangle": -90,
                f"{place}.text": "not loaded",
            }
            layout["annotations"].append(
                {"x": at, "y": 0, "yshift": 4, "text": "not<br>loaded", "showarrow": False, "yanchor": "bottom",
                 "font": {"size": 12, "color": colour("muted")}}
            )  # fmt: skip
    return Chart(traces, layout)
