"""A measure over the years: one line a series with its name at its end, dashes where it is a forecast."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import polars

from dashboard.figures.chart import Chart
from dashboard.figures.drawing import (
    CHARACTER,
    apart,
    bare_axis,
    canvas,
    left_margin,
    round_ticks,
    short_year,
    tick_words,
)
from dashboard.figures.palette import colour
from dashboard.figures.review_marks import decision_triangles, said
from hnb import wording, years
from hnb.codelists import CODELISTS
from hnb.metrics import Measure
from hnb.recommendation_marks import Decision


@dataclass(frozen=True)
class Series:
    """One line of the chart: the code of its rows, what stands at its end, and the palette's name of its colour."""

    code: str
    label: str
    shade: str


def trend(
    result: polars.DataFrame,
    measure: Measure,
    *,
    by: str,
    series: Iterable[Series],
    decisions: Iterable[Decision] = (),
    height: int = 420,
) -> Chart:
    """Lines over the years from a result by financial year and one more dimension.

    Parameters
    ----------
    result: what `compute(measure, …, by=("financial_year", by))` gives; values are drawn as they are.
    by: the column that holds the code of each series.
    series: which of them to draw, in order; the others are left out.
    decisions: of the review, each a triangle at the foot. height: in pixels.

    A missing value is a gap in the line; a year with the status "estimated" is reached by a dashed line
    and an open mark. A break of series stands where `hnb/codes/series_breaks.toml` says.
    """
    all_years = years.year_range(str(result["financial_year"].min()), str(result["financial_year"].max()))
    drawn = [one for one in series if result.filter(polars.col(by) == one.code)["value"].drop_nulls().len()]
    values = result.filter(polars.col(by).is_in([one.code for one in drawn]))["value"].drop_nulls()
    highest = float(values.max() or 0.0)  # type: ignore[arg-type]
    ticks = round_ticks(highest, float(values.min() or 0.0))  # type: ignore[arg-type]
    bottom, top = ticks[0], max(ticks[-1], highest)

    traces: list[dict[str, Any]] = []
    ends: list[tuple[Series, int, float]] = []
    for one in drawn:
        points = _points(result.filter(polars.col(by) == one.code), all_years)
        traces += _line(one, points, all_years, measure)
        last = max(index for index, (value, _) in enumerate(points) if value is not None)
        ends.append((one, last, float(points[last][0] or 0.0)))
    traces += decision_triangles(
        said(decisions), {year: index for index, year in enumerate(all_years)}, bottom
    )

    tick_text = tick_words(measure, ticks)
    margin = {"l": left_margin(tick_text), "r": 16 + 18, "t": 26, "b": 34}
    labels = [f"{one.label}  {wording.value(measure, value, 'chart')}" for one, _, value in ends]
    margin["r"] += round(max((len(label) for label in labels), default=0) * CHARACTER)
    plot_height = height - margin["t"] - margin["b"]
    per_pixel = (top - bottom) / plot_height
    heights = apart([value for _, _, value in ends], 19 * per_pixel, bottom, top)
    annotations = [
        {
            "x": last,
            "y": value,
            "text": f"<b>{label}</b>",
            "font": {"color": colour(one.shade)},
            "xanchor": "left",
            "yanchor": "middle",
            "ax": 16,
            "ay": (value - moved) / per_pixel,
            "showarrow": True,
            "arrowhead": 0,
            "arrowwidth": 1,
            "arrowcolor": colour(one.shade),
            "standoff": 5,
        }
        for (one, last, value), label, moved in zip(ends, labels, heights, strict=True)
    ]
    narrow: dict[str, Any] = {
        "margin.r": 26 + round(max((len(one.label) for one in drawn), default=0) * 6.6),
        "xaxis.tickvals": [0, len(all_years) - 1],
        "xaxis.ticktext": [short_year(all_years[0]), short_year(all_years[-1])],
    }
    for index, (one, _, _) in enumerate(ends):
        narrow[f"annotations[{index}].text"] = f"<b>{one.label}</b>"
        narrow[f"annotations[{index}].font.size"] = 12

    layout = canvas(height, margin, narrow)
    layout["annotations"] = annotations
    layout["xaxis"] = bare_axis(
        range=[-0.2, len(all_years) - 1 + 0.1],
        tickvals=list(range(len(all_years))),
        ticktext=[short_year(year) for year in all_years],
        tickfont={"color": colour("muted")},
        ticks="outside",
        ticklen=6,
        tickcolor="rgba(0,0,0,0)",
    )
    layout["yaxis"] = bare_axis(
        range=[bottom, top],
        showgrid=True,
        gridcolor=colour("grid"),
        zeroline=bottom < 0,
        zerolinecolor=colour("rule"),
        tickvals=ticks,
        ticktext=tick_text,
        tickfont={"color": colour("muted")},
    )
    draw_breaks(layout, measure, all_years)
    return Chart(traces, layout)


def breaks_of(measure: Measure, within: Iterable[str]) -> list[tuple[str, str]]:
    """The breaks of series that fall on a measure within some financial years: the first year after it, and its label."""
    spanned = list(within)
    return [
        (entry.details["first_year"], entry.label)
        for entry in CODELISTS["series_breaks"].entries.values()
        if measure.name in entry.details["measures"] and entry.details["first_year"] in spanned[1:]
    ]


def _points(rows: polars.DataFrame, all_years: Iterable[str]) -> list[tuple[float | None, str]]:
    known = {
        year: (value, status) for year, value, status in rows[["financial_year", "value", "status"]].rows()
    }
    return [known.get(year, (None, "not_available")) for year in all_years]


def _line(
    one: Series, points: list[tuple[float | None, str]], all_years: list[str], measure: Measure
) -> list[dict[str, Any]]:
    """The solid trace, and the dashed one that begins where the last solid point stands."""
    said = [
        f"{one.label}, {year}: {wording.value(measure, value, status=status)}"
        + (" (forecast)" if status == "estimated" else "")
        for year, (value, status) in zip(all_years, points, strict=True)
    ]
    solid = [value if status != "estimated" else None for value, status in points]
    line = {"color": colour(one.shade), "width": 2.5}
    shared = {
        "type": "scatter",
        "name": one.label,
        "hoverinfo": "text",
        "connectgaps": False,
        "cliponaxis": False,
    }
    traces: list[dict[str, Any]] = []
    if any(value is not None for value in solid):
        lone = [
            value is not None
            and (index == 0 or solid[index - 1] is None)
            and (index == len(solid) - 1 or solid[index + 1] is None)
            for index, value in enumerate(solid)
        ]
        last = max(index for index, value in enumerate(solid) if value is not None)
        ends_here = all(value is None for value, _ in points[last + 1 :])
        sizes = [7 if (is_lone or (ends_here and index == last)) else 0 for index, is_lone in enumerate(lone)]
        traces.append(
            {**shared, "x": list(range(len(points))), "y": solid, "text": said, "mode": "lines+markers",
             "line": line, "marker": {"size": sizes, "color": colour(one.shade), "opacity": 1, "line": {"width": 0}}}
        )  # fmt: skip
    estimated = [
        index for index, (value, status) in enumerate(points) if status == "estimated" and value is not None
    ]
    if estimated:
        from_index = max(estimated[0] - 1, 0)
        x = list(range(from_index, estimated[-1] + 1))
        dashed = [points[index][0] for index in x]
        sizes = [8 if index == estimated[-1] or (len(x) == 1) else 0 for index in x]
        traces.append(
            {**shared, "x": x, "y": dashed, "text": [said[index] for index in x], "mode": "lines+markers",
             "line": {**line, "dash": "4px,3px"},
             "marker": {"size": sizes, "color": colour("card"), "opacity": 1, "line": {"width": 2, "color": colour(one.shade)}}}
        )  # fmt: skip
    return traces


def draw_breaks(layout: dict[str, Any], measure: Measure, all_years: list[str]) -> None:
    """Puts each break of series on a layout of financial years: a dotted line before its first year, with its words."""
    for year, label in breaks_of(measure, all_years):
        at = all_years.index(year) - 0.5
        layout["shapes"].append(
            {"type": "line", "x0": at, "x1": at, "y0": 0, "y1": 1, "yref": "paper", "layer": "below",
             "line": {"color": colour("rule"), "width": 1.5, "dash": "dot"}}
        )  # fmt: skip
        # On a phone one line would run over the top tick and the first name.
        layout["meta"]["narrow"] |= {
            "margin.t": 42,
            f"annotations[{len(layout['annotations'])}].text": label.replace(", ", ",<br>"),
        }
        layout["annotations"].append(
            {"x": at, "y": 1, "yref": "paper", "text": label, "showarrow": False, "xanchor": "center",
             "yanchor": "bottom", "font": {"size": 12, "color": colour("muted")}}
        )  # fmt: skip
