"""Small multiples: a small line for each row on one scale, its name above it and its figures in words below."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from dash import dcc
from dash.development.base_component import Component

from dashboard.components import html
from dashboard.figures.bars import shade_of
from dashboard.figures.drawing import short_year
from dashboard.figures.palette import variable
from dashboard.figures.small_line import mask, small_line
from hnb import wording
from hnb.courses import Course
from hnb.metrics import Measure

_TELLING = 10.0
"""A rise of more times than this says only that the row began from next to nothing."""


def multiples(
    courses: Sequence[Course], measure: Measure, by: str, *, link: Callable[[Any], str] | None = None
) -> Component:
    """One item a row, all from nought to the highest figure of them all. `link` gives where a row's name leads to."""
    values = [value for one in courses for value, _ in one.points.values() if value is not None]
    low, high = min([0.0, *values]), max([0.0, *values])
    return html.Ul([_item(one, measure, by, low, high, link) for one in courses], className="multiples")


def _item(
    one: Course, measure: Measure, by: str, low: float, high: float, link: Callable[[Any], str] | None
) -> Component:
    name = wording.label(by, one.code, brief=True)
    href = link(one.code) if link else ""
    points = [(value, status == "estimated") for value, status in one.points.values()]
    last = wording.value(measure, one.value(one.last), "chart") if one.last else _missing(one)
    years = list(one.points)
    return html.Li(
        [
            html.P(
                [
                    dcc.Link(name, href=href) if href else html.Span(name),
                    html.B(last),
                ],
                className="multiple-name",
            ),
            html.Div(
                className="multiple-line",
                style={"--line": mask(small_line(points, low, high)), "--segment": variable(shade_of(by, one.code))},
                **{"aria-hidden": "true"},
            ),
            html.P(
                [html.Span(short_year(years[0])), html.Span(short_year(years[-1]))] if len(years) > 1 else [],
                className="multiple-years",
                **{"aria-hidden": "true"},
            ),
            html.P(_moved(one, measure), className="multiple-moved"),
        ]
    )  # fmt: skip


def _moved(one: Course, measure: Measure) -> str:
    if one.change is None:
        return f"only {one.first} has a figure" if one.first else "no year has a figure"
    first = wording.value(measure, one.value(one.first), "chart")
    change = wording.difference(measure, one.change)
    if change == wording.difference(measure, 0.0):
        return f"the same as in {one.first}"
    relative = (
        f" ({wording.share(one.relative_change, places=0, signed=True)})"
        # A share has points, and of what can be over or under, such as a variance, no part can be told.
        if one.relative_change is not None
        and one.relative_change < _TELLING
        and measure.unit != "share"
        and not measure.sides
        else ""
    )
    return f"{first} in {one.first}: {change}{relative}"


def _missing(one: Course) -> Component:
    status = next(iter(one.points.values()))[1] if one.points else "not_available"
    status = status if wording.missing(status) else "not_available"
    return html.Abbr(wording.missing(status), title=wording.missing_words(status))
