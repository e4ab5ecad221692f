"""A measure year by year: solid bars for what happened, hatched for a forecast, the budget as an outline."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import polars

from dashboard.figures import review_marks
from dashboard.figures.bars import marker_of
from dashboard.figures.chart import Chart
from dashboard.figures.drawing import (
    bare_axis,
    canvas,
    hatch,
    left_margin,
    round_ticks,
    short_year,
    tick_words,
)
from dashboard.figures.palette import colour
from dashboard.figures.review_marks import decision_triangles
from dashboard.figures.trend import breaks_of
from hnb import wording, years
from hnb.metrics import Measure
from hnb.recommendation_marks import Decision
from hnb.recommendations import Assessment


def years_of_bars(
    result: polars.DataFrame,
    measure: Measure,
    *,
    budget: polars.DataFrame | None = None,
    shade: str = "accent",
    targets: Sequence[Assessment] = (),
    decisions: Iterable[Decision] = (),
    height: int = 380,
) -> Chart:
    """One bar a financial year, from nought, with its value in words above it.

    Parameters
    ----------
    result: an answer of `compute` by financial_year. budget: the revised budget of the same years and
    selection, drawn as an outline around the bars; None where the selection cannot be budgeted.
    shade: the palette's name of the colour. targets: recommendations whose target is for what is drawn, a
    dashed line each. decisions: of the review, each a triangle at the foot. height: in pixels.
    """
    all_years = years.year_range(str(result["financial_year"].min()), str(result["financial_year"].max()))
    known = {
        year: (value, status) for year, value, status in result[["financial_year", "value", "status"]].rows()
    }
    points = [known.get(year, (None, "not_available")) for year in all_years]
    planned = dict(budget[["financial_year", "value"]].rows()) if budget is not None else {}
    amounts = [value for value, _ in points if value is not None]
    amounts += [value for value in planned.values() if value is not None]
    amounts += [one.target for one in targets if one.target is not None]
    ticks = round_ticks(max(amounts, default=0.0), min(amounts, default=0.0))
    said = [wording.value(measure, value, "chart", status=status) for value, status in points]
    place = list(range(len(all_years)))
    fillings = [hatch(status == "estimated", shade) for _, status in points]
    traces: list[dict[str, Any]] = [
        {
            "type": "bar", "x": place, "y": [value for value, _ in points], "width": 0.6,
            "name": measure.title, "marker": marker_of(fillings), "hoverinfo": "text", "textposition": "none",
            "text": [f"{year}: {word}" + (" (forecast)" if status == "estimated" else "")
                     for year, word, (_, status) in zip(all_years, said, points, strict=True)],
        }
    ]  # fmt: skip
    if planned:
        traces.append(
            {"type": "bar", "x": place, "y": [planned.get(year) for year in all_years], "width": 0.78,
             "name": "Revised budget", "hoverinfo": "text", "textposition": "none",
             "text": [f"{year}: budget {wording.value(measure, planned.get(year), 'chart')}" for year in all_years],
             "marker": {"color": "rgba(0,0,0,0)", "line": {"width": 1.5, "color": colour("ink")}}}
        )  # fmt: skip
    at = {year: index for index, year in enumerate(all_years)}
    # Bars stand on nought, so the triangles go under it, in room made for them.
    room = (ticks[-1] - ticks[0]) * 0.055
    triangles = decision_triangles(review_marks.said(decisions), at, ticks[0] - room / 2, beyond=0.45)
    traces += triangles
    tick_text = tick_words(measure, ticks)
    crowded = len(all_years) > 5
    # On a phone only the first and the last bar keep their words, which then need room beyond the bar.
    layout = canvas(
        height, {"l": left_margin(tick_text), "r": 8, "t": 30, "b": 30}, {"margin.r": 26} if crowded else {}
    )
    for index, ((value, _), word) in enumerate(zip(points, said, strict=True)):
        top = max(
            [amount for amount in (value, planned.get(all_years[index])) if amount is not None], default=0.0
        )
        layout["annotations"].append(
            {"x": index, "y": max(top, 0.0), "yshift": 3, "text": f"<b>{word}</b>" if value is not None else word,
             "showarrow": False, "yanchor": "bottom", "font": {"size": 12 if len(points) < 9 else 11, "color": colour("ink" if value is not None else "muted")}}
        )  # fmt: skip
        if crowded and index not in (0, len(points) - 1):
            layout["meta"]["narrow"][f"annotations[{index}].visible"] = False
    layout["barmode"] = "overlay"
    layout["xaxis"] = bare_axis(
        range=[-0.55, len(all_years) - 0.45],
        tickvals=place,
        ticktext=[short_year(year) for year in all_years],
        tickfont={"color": colour("muted")},
    )
    if crowded:
        layout["meta"]["narrow"] |= {
            "xaxis.tickvals": [0, len(all_years) - 1],
            "xaxis.ticktext": [short_year(all_years[0]), short_year(all_years[-1])],
        }
    layout["yaxis"] = bare_axis(
        range=[ticks[0] - room if triangles else ticks[0], ticks[-1]],
        showgrid=True,
        gridcolor=colour("grid"),
        zeroline=True,
        zerolinecolor=colour("rule"),
        tickvals=ticks,
        ticktext=tick_text,
        tickfont={"color": colour("muted")},
    )
    for year, label in breaks_of(measure, all_years):
        at = all_years.index(year) - 0.5
        layout["shapes"].append(
            {"type": "line", "x0": at, "x1": at, "y0": 0, "y1": 1, "yref": "paper",
             "line": {"color": colour("rule"), "width": 1.5, "dash": "dot"}}
        )  # fmt: skip
        layout["annotations"].append(
            {"x": at, "y": 1, "yref": "paper", "yshift": 12, "text": label, "showarrow": False, "yanchor": "bottom",
             "font": {"size": 12, "color": colour("muted")}}
        )  # fmt: skip
    review_marks.target_lines(layout, measure, targets)
    return Chart(traces, layout)
