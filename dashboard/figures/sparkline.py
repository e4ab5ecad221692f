"""A recommendation's course in a few strokes: plain SVG, drawn ten times faster than a chart.

The line is what happened (dashed where it is a forecast), the thin line the straight path from baseline to
target, the square the target. Everything it says stands in words beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from dashboard.figures.palette import TOKENS
from hnb import years
from hnb.recommendations import Assessment, Point

WIDTH, HEIGHT = 280, 84
_LEFT, _RIGHT, _TOP, _BOTTOM = 8, 10, 20, 12


def sparkline(assessment: Assessment, target_words: str) -> str:
    """The SVG of one recommendation, light and dark in one; empty where there are not two points to join.

    `target_words` is the target as it is worded, such as "6.0%"; it stands at the square.
    """
    points = [point for point in assessment.series if point.value is not None]
    baseline = assessment.baseline
    if assessment.baseline_is_given and baseline is not None and baseline.value is not None:
        points = [baseline, *(point for point in points if point.financial_year > baseline.financial_year)]
    has_target = assessment.target is not None and bool(assessment.target_year) and baseline is not None
    if len(points) + has_target < 2:
        return ""
    shown = [point.financial_year for point in points] + ([assessment.target_year] if has_target else [])
    first, last = min(shown), max(shown)
    amounts = [float(point.value or 0.0) for point in points]
    amounts += [float(assessment.target or 0.0)] if has_target else []
    low, high = min(amounts), max(amounts)
    span, length = (high - low) or 1.0, max(years.first_of(last) - years.first_of(first), 1)

    def x(year: str) -> float:
        return _LEFT + (years.first_of(year) - years.first_of(first)) / length * (WIDTH - _LEFT - _RIGHT)

    def y(value: float | None) -> float:
        return HEIGHT - _BOTTOM - (float(value or 0.0) - low) / span * (HEIGHT - _TOP - _BOTTOM)

    marks: list[str] = []
    if has_target and baseline is not None and baseline.value is not None:
        end = (x(assessment.target_year), y(assessment.target))
        marks.append(
            f'<path class="path" d="M{x(baseline.financial_year):.1f} {y(baseline.value):.1f}L{end[0]:.1f} {end[1]:.1f}"/>'
        )
        marks.append(f'<rect class="target" x="{end[0] - 4:.1f}" y="{end[1] - 4:.1f}" width="8" height="8"/>')
        # Above or below the square, whichever is further from where the line ends.
        label_y = max(
            (height for height in (end[1] - 9, end[1] + 19) if 10 <= height <= HEIGHT - 2),
            key=lambda height: abs(height - 4 - y(points[-1].value if points else None)),
        )
        marks.append(
            f'<text x="{WIDTH - 3}" y="{label_y:.1f}" text-anchor="end">target {_escaped(target_words)}</text>'
        )
    solid = [point for point in points if point.status != "estimated"]
    marks.append(_stroke("line", [(x(point.financial_year), y(point.value)) for point in solid]))
    if len(solid) < len(points):
        dashed = points[max(len(solid) - 1, 0) :]
        marks.append(
            _stroke("line forecast", [(x(point.financial_year), y(point.value)) for point in dashed])
        )
    latest: Point = points[-1]
    mark = "dot forecast" if latest.status == "estimated" else "dot"
    marks.append(
        f'<circle class="{mark}" cx="{x(latest.financial_year):.1f}" cy="{y(latest.value):.1f}" r="4"/>'
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}">'
        f"<style>{_style()}</style>{''.join(marks)}</svg>"
    )


def address(svg: str) -> str:
    """The SVG as a data address for an image."""
    return f"data:image/svg+xml,{quote(svg)}"


def _stroke(name: str, points: Sequence[tuple[float, float]]) -> str:
    if len(points) < 2:
        return ""
    return f'<path class="{name}" d="M{"L".join(f"{across:.1f} {down:.1f}" for across, down in points)}"/>'


def _style() -> str:
    def rules(scheme: str) -> str:
        line, path, ink, card = (getattr(TOKENS[name], scheme) for name in ("accent", "rule", "ink", "card"))
        return (
            f".line{{stroke:{line}}}.path{{stroke:{path}}}.target{{stroke:{ink};fill:{card}}}"
            f".dot{{fill:{line};stroke:{line}}}.dot.forecast{{fill:{card}}}text{{fill:{ink};stroke:{card}}}"
        )

    return (
        ".line,.path{fill:none;stroke-width:2.5;stroke-linejoin:round}.path{stroke-width:1.25;stroke-dasharray:4 3}"
        ".line.forecast{stroke-dasharray:5 3}.target,.dot{stroke-width:2}text{font:11.5px system-ui,sans-serif;paint-order:stroke;stroke-width:3px}"
        + rules("light")
        + f"@media(prefers-color-scheme:dark){{{rules('dark')}}}"
    )


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")
