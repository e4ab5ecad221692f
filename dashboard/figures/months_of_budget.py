"""A year by month: the profile an outline, what was paid solid, what is to come hatched; and the same added up so far."""

from __future__ import annotations

from typing import Any

import polars

from dashboard.figures.bars import marker_of
from dashboard.figures.chart import Chart
from dashboard.figures.drawing import (
    CHARACTER,
    apart,
    bare_axis,
    canvas,
    hatch,
    left_margin,
    round_ticks,
    tick_words,
)
from dashboard.figures.palette import colour
from hnb import wording
from hnb.metrics import MEASURES

HEIGHT = 360


def months_of_bars(months: polars.DataFrame) -> Chart:
    """Each month's profile and cost. `months` is `hnb.monthly_budget.monthly_budget`'s."""
    rows = months.to_dicts()
    names = [wording.month(row["month"]) for row in rows]
    places = list(range(len(rows)))
    fillings = [hatch(row["is_forecast"], "accent") for row in rows]
    said = [
        f"{name}: {_words(row['expected'])}{_forecast(row)}, profile {_words(row['profile'])}"
        for name, row in zip(names, rows, strict=True)
    ]
    shared: dict[str, Any] = {
        "type": "bar",
        "x": places,
        "hoverinfo": "text",
        "textposition": "none",
        "text": said,
    }
    traces = [
        {**shared, "y": [row["expected"] for row in rows], "width": 0.5, "name": "Actual, then forecast", "marker": marker_of(fillings)},
        {**shared, "y": [row["profile"] for row in rows], "width": 0.74, "name": "Profile",
         "marker": {"color": "rgba(0,0,0,0)", "line": {"width": 1.5, "color": colour("ink")}}},
    ]  # fmt: skip
    amounts = [row[name] for row in rows for name in ("profile", "expected") if row[name] is not None]
    layout = _layout(names, amounts)
    layout["barmode"] = "overlay"
    return Chart(traces, layout)


def months_so_far(months: polars.DataFrame) -> Chart:
    """The year added up month by month: the profile a thin line, actual solid, forecast dashed, each named at its end."""
    rows = months.to_dicts()
    names = [wording.month(row["month"]) for row in rows]
    paid = [row["expected_to_date"] if not row["is_forecast"] else None for row in rows]
    last = max((place for place, value in enumerate(paid) if value is not None), default=-1)
    to_come = [row["expected_to_date"] if place >= last else None for place, row in enumerate(rows)]
    profile = [row["profile_to_date"] for row in rows]
    traces = [
        _line(profile, names, "Profile", {"color": colour("muted"), "width": 1.5, "dash": "dot"}),
        _line(paid, names, "Actual", {"color": colour("accent"), "width": 3}),
        _line(to_come, names, "Forecast", {"color": colour("accent"), "width": 2.5, "dash": "5px,4px"}),
    ]
    known = [value for value in (*profile, *(row["expected_to_date"] for row in rows)) if value is not None]
    layout = _layout(names, known)
    label = "Forecast" if last < len(rows) - 1 else "Actual"
    ends = [(word, value, shade) for word, value, shade in ((label, rows[-1]["expected_to_date"], "accent"), ("Profile", profile[-1], "muted")) if value is not None]  # fmt: skip
    low, high = layout["yaxis"]["range"]
    step = (high - low) / (HEIGHT - layout["margin"]["t"] - layout["margin"]["b"])
    heights = apart([value for _, value, _ in ends], 34 * step, low, high)
    layout["margin"]["r"] = (
        round(max((len(_words(value)) for _, value, _ in ends), default=0) * CHARACTER) + 28
    )
    for (word, value, shade), height in zip(ends, heights, strict=True):
        layout["annotations"].append(
            {"x": len(rows) - 1, "y": height, "text": f"{word}<br><b>{_words(value)}</b>", "showarrow": False, "align": "left",
             "xanchor": "left", "yanchor": "middle", "xshift": 8, "font": {"color": colour(shade)}}
        )  # fmt: skip
    if 0 <= last < len(rows) - 1:
        layout["annotations"].append(
            {"x": last, "y": paid[last], "text": f"<b>{_words(paid[last])}</b>", "showarrow": False, "xanchor": "right",
             "yanchor": "bottom", "xshift": -6, "yshift": 4, "font": {"color": colour("accent")}}
        )  # fmt: skip
    return Chart(traces, layout)


def _line(values: list[float | None], names: list[str], label: str, line: dict[str, Any]) -> dict[str, Any]:
    said = [
        f"{name}: {label.lower()} {_words(value)} so far" for name, value in zip(names, values, strict=True)
    ]
    return {
        "type": "scatter", "mode": "lines", "x": list(range(len(values))), "y": values, "text": said, "hoverinfo": "text",
        "name": label, "line": line, "connectgaps": False, "cliponaxis": False,
    }  # fmt: skip


def _layout(names: list[str], amounts: list[float]) -> dict[str, Any]:
    ticks = round_ticks(max(amounts, default=0.0), min(amounts, default=0.0))
    words = tick_words(MEASURES["month_actual"], ticks)
    short = [name[:3] for name in names]
    layout = canvas(HEIGHT, {"l": left_margin(words), "r": 8, "t": 24, "b": 30})
    layout["xaxis"] = bare_axis(
        range=[-0.6, len(names) - 0.4], tickvals=list(range(len(names))), ticktext=short, tickfont={"color": colour("muted")},
    )  # fmt: skip
    # On a phone each third month is named: twelve initials beside labels on the right would stand on end.
    layout["meta"]["narrow"] |= {
        "xaxis.tickvals": list(range(0, len(names), 3)),
        "xaxis.ticktext": short[::3],
        "xaxis.tickangle": 0,
    }
    layout["yaxis"] = bare_axis(
        range=[ticks[0], ticks[-1]], showgrid=True, gridcolor=colour("grid"), zeroline=True, zerolinecolor=colour("rule"),
        tickvals=ticks, ticktext=words, tickfont={"color": colour("muted")},
    )  # fmt: skip
    return layout


def _words(amount: float | None) -> str:
    return wording.pounds(amount, "chart")


def _forecast(row: dict[str, Any]) -> str:
    return " (forecast)" if row["is_forecast"] else ""
