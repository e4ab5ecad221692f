"""The classes of board charts: one rule a class, each colour the palette's variable with the light colour behind it."""

from __future__ import annotations

from dashboard.figures import palette
from hnb.codelists import CODELISTS


def stylesheet() -> str:
    """The CSS for `svg`'s drawings. A document with `palette.variables` shows them in its reader's scheme; others in light."""
    rules = [
        ".board{display:block;width:100%;height:100%;overflow:visible}",
        f".board text{{{_fill('ink')};font-family:inherit;font-variant-numeric:tabular-nums}}",
        f".board .quiet{{{_fill('muted')}}}",
        ".board .strong{font-weight:700}",
        f".board .halo{{{_stroke('card')};stroke-width:.3em;paint-order:stroke;stroke-linejoin:round}}",
        f".board .grid-line{{{_stroke('grid')};stroke-width:2}}",
        f".board .rule-line{{{_stroke('rule')};stroke-width:2}}",
        f".board .ground{{{_fill('card')}}}",
        ".board path{fill:none;stroke-linejoin:round;stroke-linecap:round}",
        ".board .accent-line{stroke-width:7}",
        ".board .other-line{stroke-width:3.5}",
        ".board .forecast-line{stroke-dasharray:11 10;stroke-linecap:butt}",
        f".board .path-line{{{_stroke('muted')};stroke-width:3;stroke-dasharray:14 8;stroke-linecap:butt}}",
        f".board .trend-line{{{_stroke('muted')};stroke-width:4;stroke-dasharray:1 9}}",
        f".board .target{{{_fill('card')};{_stroke('ink')};stroke-width:4}}",
        f".board .decision{{{_fill('ink')}}}",
        f".board .decision-line,.board .break-line{{{_stroke('rule')};stroke-width:2;stroke-dasharray:3 6}}",
        ".board .open{stroke-width:5}",
        ".board .hatched{stroke-width:3}",
    ]
    for name in [*palette.TOKENS, *CODELISTS["setting_groups"].codes]:
        hyphened = name.replace("_", "-")
        rules.append(f".board .fill-{hyphened}{{{_fill(name)}}}")
        rules.append(f".board .stroke-{hyphened}{{{_stroke(name)}}}")
    return "\n".join(rules)


def _fill(name: str) -> str:
    return f"fill:{_colour(name)}"


def _stroke(name: str) -> str:
    return f"stroke:{_colour(name)}"


def _colour(name: str) -> str:
    return f"var(--{name.replace('_', '-')},{palette.colour(name)})"
