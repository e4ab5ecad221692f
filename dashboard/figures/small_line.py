"""One line of a set of small multiples: plain SVG in one ink, drawn ten times faster than a chart.

It is used as a mask, so that the colour is the page's own in light, dark and print; whatever it shows stands in
words beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from urllib.parse import quote

WIDTH, HEIGHT = 240, 80
_SIDE, _TOP, _FOOT = 5, 7, 3

Point = tuple[float | None, bool]
"""A value, None where there is none, and whether it is a forecast."""


def small_line(points: Sequence[Point], low: float, high: float) -> str:
    """The SVG of the points from left to right between `low` and `high`, which hold nought; a gap where one is missing.

    What happened is a solid line over a shade, a forecast is dashed and ends in an open mark. A point that stands
    alone is a dot. Nothing to draw gives the line at nought alone.
    """
    span = (high - low) or 1.0
    steps = max(len(points) - 1, 1)

    def x(place: int) -> float:
        return _SIDE + place / steps * (WIDTH - 2 * _SIDE) if len(points) > 1 else WIDTH / 2

    def y(value: float) -> float:
        return HEIGHT - _FOOT - (value - low) / span * (HEIGHT - _TOP - _FOOT)

    marks = [f'<path d="M0 {y(0):.1f}H{WIDTH}" stroke="#000" stroke-opacity=".45"/>']
    known = [
        (place, value, is_forecast) for place, (value, is_forecast) in enumerate(points) if value is not None
    ]
    for run in _runs(known):
        at = [(x(place), y(value)) for place, value, _ in run]
        if len(at) > 1:
            drawn = "L".join(f"{across:.1f} {down:.1f}" for across, down in at)
            marks.append(
                f'<path d="M{at[0][0]:.1f} {y(0):.1f}L{drawn}L{at[-1][0]:.1f} {y(0):.1f}Z" fill-opacity=".16"/>'
            )
        solid = [spot for spot, (_, _, is_forecast) in zip(at, run, strict=True) if not is_forecast]
        marks.append(_stroke(solid, ""))
        if len(solid) < len(at):
            marks.append(_stroke(at[max(len(solid) - 1, 0) :], ' stroke-dasharray="5 4"'))
        if len(at) == 1 and run[0] != known[-1]:
            marks.append(f'<circle cx="{at[0][0]:.1f}" cy="{at[0][1]:.1f}" r="3"/>')
    if known:
        place, value, is_forecast = known[-1]
        fill = ' fill="none" stroke="#000" stroke-width="2"' if is_forecast else ""
        marks.append(
            f'<circle cx="{x(place):.1f}" cy="{y(value):.1f}" r="{3.5 if is_forecast else 4}"{fill}/>'
        )
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}">{"".join(marks)}</svg>'


def mask(svg: str) -> str:
    """The SVG as the value of a CSS mask."""
    return f"url(data:image/svg+xml,{quote(svg)})"


def _runs(known: Sequence[tuple[int, float, bool]]) -> list[list[tuple[int, float, bool]]]:
    """The points in runs without a gap."""
    numbered = ((point[0] - index, point) for index, point in enumerate(known))
    return [[point for _, point in run] for _, run in groupby(numbered, key=lambda item: item[0])]


def _stroke(at: Sequence[tuple[float, float]], more: str) -> str:
    if len(at) < 2:
        return ""
    drawn = "L".join(f"{across:.1f} {down:.1f}" for across, down in at)
    return f'<path d="M{drawn}" fill="none" stroke="#000" stroke-width="2.5" stroke-linejoin="round"{more}/>'
