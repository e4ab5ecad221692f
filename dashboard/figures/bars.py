"""Bars across: one a row of a result, its name above it and its value in words at the end of that line.

Names stand above their bars and not beside them, so that none is cut however narrow the screen.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import polars

from dashboard.figures.chart import Chart
from dashboard.figures.drawing import bare_axis, canvas, hatch
from dashboard.figures.palette import colour
from dashboard.figures.review_marks import target_words
from hnb import wording
from hnb.codelists import CODELISTS
from hnb.metrics import Measure
from hnb.recommendations import Assessment

ROW, TALLEST_ROW, USUAL_HEIGHT = 46, 76, 380
"""Pixels that a bar takes with its name: at least, at most, and what few bars share between them."""


def shade_of(dimension: str, code: object) -> str:
    """The palette's name of a code's colour: its setting group's where it has one, else the accent."""
    if dimension == "setting_group":
        return str(code)
    if dimension == "setting":
        return CODELISTS["settings"].group(str(code))
    return "accent"


def bars(
    result: polars.DataFrame,
    measure: Measure,
    *,
    by: str,
    signed: bool = False,
    targets: Mapping[str, Assessment] | None = None,
) -> Chart:
    """One bar a row, in the order given, from nought, in the colour of the row's setting group.

    `result` is an answer of `compute` by one dimension; a row without a value has its sign and no bar.
    signed: a rise is written with its plus, where the values are changes. targets: of some rows by their code
    the recommendation whose target is for that row: a stroke across the bar, and its words beside the name.
    """
    return _drawn(
        result,
        measure,
        by,
        said=lambda value, status: wording.value(measure, value, "chart", status=status, signed=signed),
        shade=lambda code, _: shade_of(by, code),
        targets=targets,
    )


def variances(result: polars.DataFrame, measure: Measure, *, by: str) -> Chart:
    """One bar a row, over budget to the right, under it to the left, said in words as well as in colour.

    `result` is an answer of `compute("variance", …)` by one dimension; rows are drawn in the order given.
    """
    shades = {"adverse": "adverse", "favourable": "favourable", "": "neutral"}
    return _drawn(
        result,
        measure,
        by,
        said=lambda value, _: _over_or_under(value),
        shade=lambda _, value: shades[wording.favour(measure, value)],
        coloured_words=True,
    )


def _over_or_under(value: float | None) -> str:
    if value is None:
        return wording.missing("not_available")
    size = wording.pounds(abs(value), "chart")
    return "on budget" if size == "£0" else f"{size} {'over' if value > 0 else 'under'}"


def _drawn(
    result: polars.DataFrame,
    measure: Measure,
    by: str,
    *,
    said: Callable[[float | None, str], str],
    shade: Callable[[object, float | None], str],
    coloured_words: bool = False,
    targets: Mapping[str, Assessment] | None = None,
) -> Chart:
    rows = result[[by, "value", "status"]].rows()
    words = [said(value, status) for _, value, status in rows]
    labels = [wording.label(by, code, brief=True) for code, _, _ in rows]
    shades = [shade(code, value) for code, value, _ in rows]
    values = [value for _, value, _ in rows]
    marked = [
        (index, targets[str(code)])
        for index, (code, _, _) in enumerate(rows)
        if targets and str(code) in targets
    ]
    known = [value for value in values if value is not None]
    known += [one.target for _, one in marked if one.target is not None]
    low, high = min([0.0, *known]), max([0.0, *known])
    trace: dict[str, Any] = {
        "type": "bar",
        "orientation": "h",
        "x": values,
        "y": list(range(len(rows))),
        "width": 0.36,
        "text": [f"{label}: {word}" for label, word in zip(labels, words, strict=True)],
        "textposition": "none",
        "hoverinfo": "text",
        "marker": marker_of([hatch(status == "estimated", name) for name, (_, _, status) in zip(shades, rows, strict=True)]),
    }  # fmt: skip
    # On a phone the words would meet the names: there they stand in a margin, beside the bars.
    widest = max((len(word) for word in words), default=0)
    narrow: dict[str, Any] = {"margin.r": round(widest * 8.4) + 16}
    row_height = min(max(USUAL_HEIGHT // max(len(rows), 1), ROW), TALLEST_ROW)
    layout = canvas(row_height * max(len(rows), 1) + 12, {"l": 2, "r": 2, "t": 8, "b": 4}, narrow)
    for index, (label, word, name) in enumerate(zip(labels, words, shades, strict=True)):
        shared = {"xref": "paper", "y": index - 0.24, "yanchor": "bottom", "showarrow": False}
        layout["annotations"] += [
            {**shared, "x": 0, "xanchor": "left", "align": "left", "text": label},
            {**shared, "x": 1, "xanchor": "right", "align": "right", "text": f"<b>{word}</b>",
             "font": {"color": colour(name if coloured_words else "ink")}},
        ]  # fmt: skip
        place = f"annotations[{2 * index + 1}]"
        layout["meta"]["narrow"] |= {
            f"{place}.xanchor": "left", f"{place}.xshift": 8, f"{place}.y": index, f"{place}.yanchor": "middle", f"{place}.font.size": 12,
        }  # fmt: skip
    span = (high - low) or 1.0
    layout["xaxis"] = bare_axis(range=[low - span * 0.005, high + span * 0.005], visible=False)
    layout["yaxis"] = bare_axis(range=[len(rows) - 0.6, -0.78], visible=False)
    layout["shapes"] = [
        {"type": "line", "x0": 0, "x1": 0, "y0": index - 0.24, "y1": index + 0.24,
         "line": {"color": colour("ink"), "width": 1}}
        for index in range(len(rows))
        if low < 0
    ]  # fmt: skip
    for index, one in marked:
        # The words go on from the name; on a phone, where there is no room, they stand under the chart alone.
        name = layout["annotations"][2 * index]
        layout["meta"]["narrow"][f"annotations[{2 * index}].text"] = name["text"]
        name["text"] += f" · {target_words(measure, one)}"
        layout["shapes"].append(
            {"type": "line", "x0": one.target, "x1": one.target, "y0": index - 0.26, "y1": index + 0.3, "line": {"color": colour("ink"), "width": 3}}
        )  # fmt: skip
    return Chart([trace], layout)


def marker_of(fillings: list[dict[str, Any]]) -> dict[str, Any]:
    """One marker for all bars of a trace, from the filling of each."""
    patterns = [filling.get("pattern", {}) for filling in fillings]
    return {
        "color": [filling["color"] for filling in fillings],
        "line": {
            "width": [filling["line"]["width"] for filling in fillings],
            "color": [filling["color"] for filling in fillings],
        },
        "pattern": {
            "shape": [pattern.get("shape", "") for pattern in patterns],
            "fillmode": "replace",
            "fgcolor": [filling["color"] for filling in fillings],
            "size": 6,
            "solidity": 0.35,
        },
    }
