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
        f".board .grid-line{{{_stroke('grid')};stroke-width:.07em}}",
        f".board .rule-line{{{_stroke('rule')};stroke-width:.07em}}",
        f".board .ground{{{_fill('card')}}}",
        ".board path{fill:none;stroke-linejoin:round;stroke-linecap:round}",
        ".board .accent-line{stroke-width:.25em}",
        ".board .other-line{stroke-width:.125em}",
        ".board .forecast-line{stroke-dasharray:.4em .36em;stroke-linecap:butt}",
        f".board .path-line{{{_stroke('muted')};stroke-width:.11em;stroke-dasharray:.5em .3em;stroke-linecap:butt}}",
        f".board .trend-line{{{_stroke('muted')};stroke-width:.15em;stroke-dasharray:.04em .32em}}",
        f".board .target{{{_fill('card')};{_stroke('ink')};stroke-width:.14em}}",
        f".board .decision{{{_fill('ink')}}}",
        f".board .decision-line,.board .break-line{{{_stroke('rule')};stroke-width:.07em;stroke-dasharray:.1em .2em}}",
        ".board .open{stroke-width:.18em}",
        ".board .hatched{stroke-width:.1em}",
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
