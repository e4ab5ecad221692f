"""What all charts share: the empty canvas, round ticks, the hatch of a forecast, labels kept apart."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from dashboard.figures.palette import colour
from hnb import wording
from hnb.metrics import Measure

FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Helvetica Neue", Arial, sans-serif'
CHARACTER = 7.4
"""Pixels that a character of a bold 13 px label takes, a little generously: labels are never measured."""


def canvas(height: int, margin: Mapping[str, int], narrow: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """A plotly layout with nothing on it: transparent, no legend, no zoom, our font and ink.

    `height` in pixels; `margin` l, r, t, b in pixels. `narrow` holds what changes on a phone, in the
    names of plotly's relayout ("margin.r": 80).
    """
    return {
        "template": {},
        "autosize": True,
        "height": height,
        "margin": {**margin, "pad": 0},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": FONT, "size": 13, "color": colour("ink")},
        "showlegend": False,
        "dragmode": False,
        "hovermode": "closest",
        "hoverlabel": {
            "bgcolor": colour("card"),
            "bordercolor": colour("rule"),
            "font": {"family": FONT, "size": 13, "color": colour("ink")},
            "align": "left",
        },
        "annotations": [],
        "shapes": [],
        "meta": {"narrow": dict(narrow or {})},
    }


def bare_axis(**more: Any) -> dict[str, Any]:
    """An axis without line, grid, ticks or zoom, and with what is given."""
    return {"showgrid": False, "zeroline": False, "showline": False, "fixedrange": True, "ticks": "", **more}


def round_ticks(highest: float, lowest: float = 0.0, wanted: int = 5) -> list[float]:
    """Round values from at or under `lowest` (nought at most) to at or over `highest`, about `wanted` of them.

    >>> round_ticks(17.8)
    [0.0, 5.0, 10.0, 15.0, 20.0]
    """
    low, high = min(lowest, 0.0), max(highest, 0.0)
    if high - low < 1e-9:
        return [0.0, 1.0]
    raw = (high - low) / max(wanted - 1, 1)
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(power * factor for factor in (1, 2, 2.5, 5, 10) if power * factor >= raw * 0.999)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(index * step, 10) for index in range(first, last + 1)]


def tick_words(measure: Measure, ticks: Sequence[float]) -> list[str]:
    """The ticks of an axis in the measure's unit, without decimals that say nothing: "£5m", not "£5.0m"."""
    words = [wording.value(measure, tick, "chart") for tick in ticks]
    for ending in ("m", "%", ""):
        plain = [word.removesuffix(f".0{ending}") + ending for word in words]
        if all(word.endswith(f".0{ending}") or word.strip("£0%") == "" for word in words):
            return [
                new if word.endswith(f".0{ending}") else word for word, new in zip(words, plain, strict=True)
            ]
    return words


def left_margin(ticks: Sequence[str]) -> int:
    """Pixels that the words of an axis take, with a little room beside them."""
    return round(max((len(words) for words in ticks), default=0) * CHARACTER) + 12


def apart(positions: Sequence[float], least: float, low: float, high: float) -> list[float]:
    """The positions moved as little as it takes to stand `least` apart within low … high, order kept.

    >>> apart([1.0, 1.5, 9.0], least=2.0, low=0.0, high=10.0)
    [0.25, 2.25, 9.0]
    """
    order = sorted(range(len(positions)), key=lambda index: positions[index])

    def centre_of(members: list[int]) -> float:
        half = (len(members) - 1) / 2 * least
        wished = [positions[member] - place * least for place, member in enumerate(members)]
        return min(max(sum(wished) / len(wished) + half, low + half), max(high - half, low + half))

    # Neighbours that come too near are joined into a cluster, centred on where its members would stand.
    clusters: list[list[int]] = []
    for index in order:
        members = [index]
        while clusters:
            gap = centre_of(members) - centre_of(clusters[-1])
            if gap >= (len(clusters[-1]) + len(members)) / 2 * least - 1e-9:
                break
            members = clusters.pop() + members
        clusters.append(members)
    moved = [0.0] * len(positions)
    for members in clusters:
        first = centre_of(members) - (len(members) - 1) / 2 * least
        for place, member in enumerate(members):
            moved[member] = first + place * least
    return moved


def hatch(is_forecast: bool, name: str) -> dict[str, Any]:
    """A bar's filling: solid for what happened, hatched in the same colour for a forecast.

    `name` is a token or a setting group of the palette.
    """
    if not is_forecast:
        return {"color": colour(name), "line": {"width": 0}}
    return {
        "color": colour(name),
        "line": {"width": 1.5, "color": colour(name)},
        "pattern": {
            "shape": "/",
            "fillmode": "replace",
            "fgcolor": colour(name),
            "size": 6,
            "solidity": 0.35,
        },
    }


def short_year(year: str) -> str:
    """A financial year where room is short.

    >>> short_year("2019-20")
    '19-20'
    """
    return year[2:]
