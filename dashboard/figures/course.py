"""A recommendation's course: what happened, the straight path to its target, and its trend carried on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

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
from dashboard.figures.review_marks import decision_triangles
from dashboard.figures.trend import draw_breaks
from hnb import wording, years
from hnb.codelists import CODELISTS
from hnb.findings import recommendations as findings
from hnb.metrics import Measure
from hnb.recommendation_gap import Trend
from hnb.recommendations import Assessment, Point

HEIGHT = 400


def shade_of(assessment: Assessment) -> str:
    """The palette's name of its colour: the group of its settings where that is one, else the accent."""
    groups = {CODELISTS["settings"].group(code) for code in assessment.selection.settings}
    return groups.pop() if len(groups) == 1 else "accent"


def course(assessment: Assessment, trend: Trend | None) -> Chart:
    """The chart of one recommendation that has a measure with figures.

    A forecast is reached by a dashed line and an open mark; the path from baseline to target is thin and grey,
    the target an open square, the trend dotted to the target's year. A triangle at the foot is a decision.
    Without a target there are neither path nor trend. ValueError where there is no figure at all.
    """
    measure = assessment.measure
    known = [point for point in assessment.series if point.value is not None]
    if measure is None or not known:
        raise ValueError("a recommendation without a figure has no course to draw")
    baseline, target = assessment.baseline, assessment.target
    has_target = target is not None and bool(assessment.target_year)
    ends = [point.financial_year for point in known]
    ends += [baseline.financial_year] if baseline is not None and baseline.value is not None else []
    ends += [assessment.target_year] if has_target else []
    span = years.year_range(min(ends), max(ends))
    at = {year: index for index, year in enumerate(span)}
    latest, shade = known[-1], shade_of(assessment)

    labels: list[tuple[str, str, int, float, str]] = []
    traces = _what_happened(assessment.series, at, measure, shade)
    if baseline is not None and baseline.value is not None and assessment.baseline_is_given:
        said = f"Baseline {baseline.financial_year}: {wording.value(measure, baseline.value)}"
        traces.append(_mark([at[baseline.financial_year]], [baseline.value], [said], "circle-open", shade))
    if has_target and target is not None:
        mark = " (illustrative)" if assessment.is_illustrative else ""
        words = wording.value(measure, target, "chart")
        if (
            baseline is not None
            and baseline.value is not None
            and baseline.financial_year < assessment.target_year
        ):
            traces.append(_stroke([at[baseline.financial_year], at[assessment.target_year]], [baseline.value, target], "rule", 1.5, "6px,4px"))  # fmt: skip
        traces.append(_mark([at[assessment.target_year]], [target], [f"Target {assessment.target_year}{mark}: {words}"], "square-open", "ink"))  # fmt: skip
        labels.append(
            (
                f"Target  {words}{mark}",
                "Illustrative<br>target" if mark else "Target",
                at[assessment.target_year],
                target,
                "ink",
            )
        )
        if trend is not None and assessment.target_year > latest.financial_year:
            there = trend.value_in(assessment.target_year)
            told = f"Trend since {trend.from_year} carried on to {assessment.target_year}: {wording.value(measure, there, 'chart')}"
            traces.append(_stroke([at[latest.financial_year], at[assessment.target_year]], [latest.value, there], shade, 2, "2px,4px", said=told))  # fmt: skip
            labels.append((f"Trend  {wording.value(measure, there, 'chart')}", "Trend", at[assessment.target_year], there, shade))  # fmt: skip
    forecast = f" {findings.unsettled(measure)}" if latest.status == "estimated" else ""
    now = f"{wording.value(measure, latest.value, 'chart')}{forecast}"
    ends_last = at[latest.financial_year] == len(span) - 1
    if ends_last:
        labels.append((f"Now  {now}", "Now", at[latest.financial_year], float(latest.value or 0.0), shade))

    amounts = [float(value) for trace in traces for value in trace["y"] if value is not None]
    ticks = round_ticks(max(amounts), min(amounts))
    bottom, top = ticks[0], max(ticks[-1], *amounts)
    traces += decision_triangles(
        [(update.noted_on, update.decision) for update in assessment.updates if update.decision], at, bottom
    )

    tick_text = tick_words(measure, ticks)
    right = 34 + round(max((len(words) for words, *_ in labels), default=0) * CHARACTER)
    margin = {"l": left_margin(tick_text), "r": right, "t": 26, "b": 34}
    per_pixel = (top - bottom) / (HEIGHT - margin["t"] - margin["b"])
    moved = apart([value for *_, value, _ in labels], 19 * per_pixel, bottom, top)
    annotations = [
        _label(f"<b>{words}</b>", across, value, shown, per_pixel, name)
        for (words, _, across, value, name), shown in zip(labels, moved, strict=True)
    ]
    narrow: dict[str, Any] = {
        "margin.r": 26
        + round(max((len(line) for _, brief, *_ in labels for line in brief.split("<br>")), default=0) * 7),
        "xaxis.tickvals": [0, len(span) - 1],
        "xaxis.ticktext": [short_year(span[0]), short_year(span[-1])],
    }
    for index, (_, brief, *_) in enumerate(labels):
        narrow[f"annotations[{index}].text"] = f"<b>{brief}</b>"
    if not ends_last:
        # On a phone there is no room beside the line; the heading says the figure.
        narrow[f"annotations[{len(labels)}].text"] = ""
        annotations.append(
            {"x": at[latest.financial_year], "y": latest.value, "text": f"<b>{now}</b>", "showarrow": False, "xanchor": "right",
             "yanchor": "bottom", "yshift": 7, "xshift": 8, "font": {"color": colour(shade)}}
        )  # fmt: skip

    layout = canvas(HEIGHT, margin, narrow)
    layout["annotations"] = annotations
    layout["xaxis"] = bare_axis(
        range=[-0.2, len(span) - 1 + 0.1],
        tickvals=list(range(len(span))),
        ticktext=[short_year(year) for year in span],
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
    draw_breaks(layout, measure, span)
    return Chart(traces, layout)


def _what_happened(
    series: Sequence[Point], at: dict[str, int], measure: Measure, shade: str
) -> list[dict[str, Any]]:
    """The solid line with a gap where a figure is missing, and the dashed one on to what is a forecast."""
    by_index = {at[point.financial_year]: point for point in series if point.financial_year in at}
    across = list(range(min(by_index), max(by_index) + 1))
    points = [by_index.get(index) for index in across]
    said = [
        "" if point is None else f"{point.financial_year}: {wording.value(measure, point.value, status=point.status)}"
        + (f" ({findings.unsettled(measure)})" if point.status == "estimated" else "")
        for point in points
    ]  # fmt: skip
    closed = [point.value if point is not None and point.status != "estimated" else None for point in points]
    line = {"color": colour(shade), "width": 2.5}
    shared = {"type": "scatter", "hoverinfo": "text", "connectgaps": False, "cliponaxis": False, "mode": "lines+markers"}  # fmt: skip
    traces: list[dict[str, Any]] = []
    if any(value is not None for value in closed):
        traces.append({**shared, "x": across, "y": closed, "text": said, "line": line, "marker": {"size": 6, "color": colour(shade), "opacity": 1, "line": {"width": 0}}})  # fmt: skip
    expected = [
        index for index, point in enumerate(points) if point is not None and point.status == "estimated"
    ]
    if expected:
        first = max(expected[0] - 1, 0)
        part = [points[index] for index in range(first, expected[-1] + 1)]
        sizes = [8 if index in expected else 0 for index in range(first, expected[-1] + 1)]
        traces.append(
            {**shared, "x": across[first : expected[-1] + 1], "y": [point.value if point else None for point in part],
             "text": said[first : expected[-1] + 1], "line": {**line, "dash": "4px,3px"},
             "marker": {"size": sizes, "color": colour("card"), "opacity": 1, "line": {"width": 2, "color": colour(shade)}}}
        )  # fmt: skip
    return traces


def _stroke(
    x: list[int], y: list[float | None], shade: str, width: float, dash: str, *, said: str = ""
) -> dict[str, Any]:
    return {
        "type": "scatter", "mode": "lines", "x": x, "y": y, "cliponaxis": False, "text": [said] * len(x) if said else None,
        "hoverinfo": "text" if said else "skip", "line": {"color": colour(shade), "width": width, "dash": dash},
    }  # fmt: skip


def _mark(x: list[int], y: list[float | None], said: list[str], symbol: str, shade: str) -> dict[str, Any]:
    marker = {"symbol": symbol, "size": 10, "color": colour(shade), "opacity": 1, "line": {"width": 2, "color": colour(shade)}}  # fmt: skip
    return {"type": "scatter", "mode": "markers", "x": x, "y": y, "text": said, "hoverinfo": "text", "cliponaxis": False, "marker": marker}  # fmt: skip


def _label(
    text: str, across: int, value: float, shown: float, per_pixel: float, shade: str
) -> dict[str, Any]:
    return {
        "x": across, "y": value, "text": text, "font": {"color": colour(shade)}, "xanchor": "left", "yanchor": "middle",
        "ax": 18, "ay": (value - shown) / per_pixel, "showarrow": True, "arrowhead": 0, "arrowwidth": 1,
        "arrowcolor": colour(shade), "standoff": 6,
    }  # fmt: skip
