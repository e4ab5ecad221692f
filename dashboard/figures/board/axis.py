"""Where a value stands between round ticks, and what the ticks are called."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.figures.drawing import round_ticks
from hnb import wording
from hnb.meeting.view import Chart, Said, Shape


@dataclass(frozen=True)
class Axis:
    """From `start` (where the lowest tick is drawn) to `end` (the highest), in the drawing's units."""

    ticks: tuple[float, ...]
    start: float
    end: float

    def at(self, value: float) -> float:
        """Where a value is drawn."""
        low, high = self.ticks[0], self.ticks[-1]
        return self.start + (value - low) / (high - low) * (self.end - self.start)


def values(chart: Chart) -> list[float]:
    """Every value of a chart."""
    return [point.value for series in chart.series for point in series.points if point.value is not None]


def ticks_of(chart: Chart, wanted: int = 5) -> tuple[float, ...]:
    """Round ticks that hold nought and every value."""
    found = values(chart)
    return tuple(round_ticks(max(found, default=0.0), min(found, default=0.0), wanted))


def tick_words(shape: Shape, ticks: Sequence[float]) -> list[str]:
    """The ticks as they are said, without decimals that say nothing: "£5m", "10%"."""
    said = {
        "pounds": wording.millions,
        "price": lambda value: wording.pounds(value, "sentence"),
        "share": wording.share,
        "count": wording.count,
        "number": wording.number,
    }[shape]
    words = [said(tick) for tick in ticks]
    for ending in ("m", "%", ""):
        if any(word.endswith(f".0{ending}") for word in words) and all(
            word.endswith(f".0{ending}") or word in ("£0", "0.0%", "0") for word in words
        ):
            return [
                word.removesuffix(f".0{ending}") + (ending if word.endswith(f".0{ending}") else "")
                for word in words
            ]
    return words


def is_forecast(point: Said) -> bool:
    """Whether a point has a value that is estimated."""
    return point.value is not None and point.is_forecast
