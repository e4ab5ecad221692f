"""A balance year by year: a bar from nought, up for a surplus and down for a deficit, hatched where it is not yet so.

Where something changes the balance that is not sure, a second bar stands beside the first: before and after.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dashboard.figures.bars import marker_of
from dashboard.figures.chart import Chart
from dashboard.figures.drawing import (
    bare_axis,
    canvas,
    hatch,
    left_margin,
    round_ticks,
    short_year,
    tick_words,
)
from dashboard.figures.palette import colour
from hnb import wording
from hnb.metrics import Measure

WIDE, NARROW, APART = 0.62, 0.36, 0.2
"""Widths of a bar that stands alone and of one of two, and how far those two stand from the year's middle."""


@dataclass(frozen=True)
class Balance:
    """One year's bars: the balance, and after the change where there is one; pounds, None where it is not known."""

    year: str
    before: float | None
    after: float | None = None
    is_forecast: bool = False
    is_after_forecast: bool = False


def balance_bars(
    balances: Sequence[Balance], measure: Measure, *, words_before: str, words_after: str, height: int = 400
) -> Chart:
    """The bars, each with its pounds at its end; of two, the left is `words_before` and the right `words_after`."""
    bars = [
        bar
        for place, balance in enumerate(balances)
        for bar in _bars(place, balance, words_before, words_after)
    ]
    amounts = [bar["y"] for bar in bars]
    ticks = round_ticks(max(amounts, default=0.0), min(amounts, default=0.0))
    tick_text = tick_words(measure, ticks)
    trace: dict[str, Any] = {
        "type": "bar", "x": [bar["x"] for bar in bars], "y": amounts, "width": [bar["width"] for bar in bars],
        "text": [bar["said"] for bar in bars], "textposition": "none", "hoverinfo": "text",
        "marker": marker_of([hatch(bar["is_forecast"], bar["shade"]) for bar in bars]),
    }  # fmt: skip
    layout = canvas(height, {"l": left_margin(tick_text), "r": 8, "t": 24, "b": 46})
    for bar in bars:
        below = bar["y"] < 0
        # The second of two begins at its own edge: centred, its sign would lie on the first one's bar.
        is_second = bar["anchor"] == "left"
        layout["annotations"].append(
            {"x": bar["edge"] if is_second else bar["x"], "xanchor": "left" if is_second else "center", "y": bar["y"], "yshift": -3 if below else 3, "text": f"<b>{wording.pounds(bar['y'], 'chart')}</b>",
             "showarrow": False, "yanchor": "top" if below else "bottom", "font": {"size": 12, "color": colour("ink")}}
        )  # fmt: skip
        if bar["beside"]:
            layout["annotations"].append(
                {"x": bar["edge"], "y": 0, "yshift": 3, "text": bar["beside"], "showarrow": False, "yanchor": "bottom",
                 "xanchor": bar["anchor"], "font": {"size": 12, "color": colour("muted")}}
            )  # fmt: skip
    if len(balances) > 4:
        layout["meta"]["narrow"] |= _narrow(layout, balances)
    layout["barmode"] = "overlay"
    layout["xaxis"] = bare_axis(
        range=[-0.55, len(balances) - (0.05 if any(bar["beside"] for bar in bars) else 0.35)],
        tickvals=list(range(len(balances))),
        ticktext=[
            short_year(balance.year) + ("<br>forecast" if balance.is_forecast else "") for balance in balances
        ],
        tickfont={"color": colour("muted")},
    )
    layout["yaxis"] = bare_axis(
        range=[ticks[0] - (ticks[-1] - ticks[0]) * 0.06, ticks[-1] + (ticks[-1] - ticks[0]) * 0.04],
        showgrid=True, gridcolor=colour("grid"), zeroline=True, zerolinecolor=colour("ink"),
        tickvals=ticks, ticktext=tick_text, tickfont={"color": colour("muted")},
    )  # fmt: skip
    return Chart([trace], layout)


def _bars(place: int, balance: Balance, words_before: str, words_after: str) -> list[dict[str, Any]]:
    """One bar, or two with their names where the change matters."""
    if balance.before is None:
        return []
    two = balance.after is not None and balance.after != balance.before
    first = {
        "x": place - APART if two else place, "y": balance.before, "width": NARROW if two else WIDE,
        "is_forecast": balance.is_forecast, "shade": "neutral" if two else "accent", "beside": words_before if two else "",
        "edge": place - 0.03, "anchor": "right",
        "said": _said(balance.year, balance.before, words_before if two else "", balance.is_forecast),
    }  # fmt: skip
    if not two or balance.after is None:
        return [first]
    second = {
        "x": place + APART, "y": balance.after, "width": NARROW, "is_forecast": balance.is_after_forecast,
        "shade": "accent", "beside": words_after, "edge": place + 0.03, "anchor": "left",
        "said": _said(balance.year, balance.after, words_after, balance.is_after_forecast),
    }  # fmt: skip
    return [first, second]


def _said(year: str, amount: float, which: str, is_forecast: bool) -> str:
    side = "surplus" if amount > 0 else "deficit" if amount < 0 else "balance"
    details = ", ".join(part for part in (which, "not yet so" if is_forecast else "") if part)
    return f"End of {year}: {side} of {wording.pounds(abs(amount), 'chart')}" + (
        f" ({details})" if details else ""
    )


def _narrow(layout: dict[str, Any], balances: Sequence[Balance]) -> dict[str, Any]:
    """On a phone only the first and the last year keep their pounds, and what stands above the bars is left to the words."""
    last = len(balances) - 1
    kept = {round(note["x"]) for note in layout["annotations"] if round(note["x"]) == last} | {0}
    hidden = {
        f"annotations[{index}].visible": False
        for index, note in enumerate(layout["annotations"])
        if round(note["x"]) not in kept or not note["text"].startswith("<b>")
    }
    ends = {
        "margin.r": 62,
        "xaxis.tickvals": [0, last],
        "xaxis.ticktext": [short_year(balances[0].year), short_year(balances[-1].year)],
    }
    # The second of two bars has its pounds at its right, where the first one's bar does not run under them.
    beside: dict[str, Any] = {}
    for index, note in enumerate(layout["annotations"]):
        if note["x"] > last and note["text"].startswith("<b>"):
            place = f"annotations[{index}]"
            beside |= {
                f"{place}.x": last + APART,
                f"{place}.xshift": 6,
                f"{place}.yanchor": "middle",
                f"{place}.yshift": 0,
            }
    return {**hidden, **beside, **ends}
