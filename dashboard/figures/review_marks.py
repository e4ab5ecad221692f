"""What the review puts on a chart of another page: a triangle at the foot for a decision, a line for a target."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from dashboard.figures.palette import colour
from hnb import wording, years
from hnb.metrics import Measure
from hnb.recommendation_marks import Decision
from hnb.recommendations import Assessment

DECISIONS = "Decisions"
"""The name of the trace of decisions, which a chart has where one falls within its years."""


def decision_triangles(
    decisions: Iterable[tuple[datetime.date, str]],
    at: Mapping[str, int],
    bottom: float,
    *,
    beyond: float = 0.0,
) -> list[dict[str, Any]]:
    """A trace with a triangle at the foot for each decision: within its financial year, which is centred on its tick.

    decisions: each with its date and its words. at: the place of each year on the axis. bottom: where the foot
    is. beyond: how far the axis goes beyond its first and last year; a mark further out stands on its end.
    """
    found = []
    for day, words in decisions:
        year = years.year_of(day)
        if year in at:
            gone = (day - years.year_start(year)).days / years.days_in_year(year)
            across = min(max(at[year] - 0.5 + gone, -beyond), max(at.values()) + beyond)
            found.append((across, f"{wording.date(day)}: {words}"))
    if not found:
        return []
    marker = {"symbol": "triangle-up", "size": 10, "color": colour("muted"), "opacity": 1}
    return [
        {"type": "scatter", "name": DECISIONS, "mode": "markers", "x": [across for across, _ in found], "y": [bottom] * len(found),
         "text": [said for _, said in found], "hoverinfo": "text", "cliponaxis": False, "marker": marker}
    ]  # fmt: skip


def said(decisions: Iterable[Decision]) -> list[tuple[datetime.date, str]]:
    """Decisions of several recommendations as `decision_triangles` takes them, each with its recommendation's number."""
    return [(one.update.noted_on, f"{one.recommendation_id}, {one.update.decision}") for one in decisions]


def target_words(measure: Measure, one: Assessment) -> str:
    """A target as a chart says it: "target 7.5% by 2027-28 (illustrative)"."""
    by = f" by {one.target_year}" if one.target_year else ""
    mark = " (illustrative)" if one.is_illustrative else ""
    return f"target {wording.value(measure, one.target, 'chart')}{by}{mark}"


def target_lines(layout: dict[str, Any], measure: Measure, targets: Sequence[Assessment]) -> None:
    """Put a dashed line across a chart of years at each target, with its words above its left end."""
    for one in targets:
        layout["shapes"].append(
            {"type": "line", "x0": 0, "x1": 1, "xref": "paper", "y0": one.target, "y1": one.target,
             "line": {"color": colour("ink"), "width": 1.5, "dash": "6px,4px"}}
        )  # fmt: skip
        words = target_words(measure, one)
        short = words.replace(" (", "<br>(")
        # Words over bars of any colour need a ground of their own to be read.
        layout["meta"]["narrow"][f"annotations[{len(layout['annotations'])}].text"] = f"{short[0].upper()}{short[1:]}"  # fmt: skip
        layout["annotations"].append(
            {"x": 0, "xref": "paper", "xanchor": "left", "y": one.target, "yanchor": "bottom", "yshift": 2, "showarrow": False,
             "text": f"{words[0].upper()}{words[1:]}", "align": "left", "bgcolor": colour("card"), "borderpad": 2,
             "font": {"size": 12, "color": colour("ink")}}
        )  # fmt: skip
