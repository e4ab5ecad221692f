"""A view as the screen has it: its drawings in four sizes, its table with heat steps, its place in the sequence."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from dashboard.figures.board import svg
from dashboard.figures.palette import HEAT
from hnb.meeting.view import Chart, Said, Table, View

REM = 32.0
"""Pixels of the style sheet's unit at 1920 × 1080; assets/meeting.css scales it with the screen."""

WIDE, TABLET, UPRIGHT, PHONE = 1760.0, 960.0, 704.0, 288.0
"""How wide a drawing is on a big screen, on a tablet across and upright, and on a phone, in pixels."""

LONGEST_CAUTION = 170
"""Letters of a caution that has room on the screen; a longer one is with the table and the notes."""


@dataclass(frozen=True)
class Cell:
    """One figure of a table: its words, and its class ("heat-3", "is-hidden", "is-forecast")."""

    words: str
    kind: str


@dataclass(frozen=True)
class Stage:
    """One view with what its page needs beside it. number and count: its place. drawings: size → SVG."""

    view: View
    number: int
    count: int
    previous: View | None
    following: View | None
    drawings: dict[str, Markup]
    rows: tuple[tuple[str, tuple[Cell, ...]], ...]
    whole: tuple[str, tuple[Cell, ...]] | None

    @property
    def of(self) -> str:
        """What it is of, in short: "Recommendation 1 of 9"."""
        return self.view.part.partition(": ")[0]

    @property
    def about(self) -> str:
        """What a recommendation says; "" of other views."""
        return self.view.part.partition(": ")[2]

    @property
    def size(self) -> str:
        """How large the headline stands: by its length."""
        letters = len(self.view.headline)
        return "short" if letters <= 66 else "middle" if letters <= 132 else "long"

    @property
    def caution(self) -> str:
        """The caution, where it has room on the screen."""
        return self.view.caution if len(self.view.caution) <= LONGEST_CAUTION else ""


def staged(views: Sequence[View], view_id: str) -> Stage | None:
    """The view of an address among its neighbours; None where there is none."""
    for place, view in enumerate(views):
        if view.view_id == view_id:
            table = view.table
            steps = _heat(table) if table is not None and table.is_heat else {}
            return Stage(
                view,
                place + 1,
                len(views),
                views[place - 1] if place else None,
                views[place + 1] if place + 1 < len(views) else None,
                _drawings(view),
                tuple((name, _cells(name, figures, steps)) for name, figures in table.rows) if table else (),
                (table.whole[0], _cells("", table.whole[1], {})) if table and table.whole else None,
            )
    return None


def _drawings(view: View) -> dict[str, Markup]:
    chart = view.chart
    if chart is None:
        return {}
    name = f"Chart: {view.part.partition(': ')[0]}"
    sizes = {
        "wide": svg(chart, width=WIDE, height=_room(view), text=28.0, title=name),
        "tablet": svg(chart, width=TABLET, height=_tablet(view), text=16.0, title=name),
        "upright": svg(
            chart,
            width=UPRIGHT,
            height=_tablet(view) + (90.0 if len(view.sentences) > 2 else 140.0),
            text=16.0,
            title=name,
        ),
        "phone": svg(chart, width=PHONE, height=_phone(chart), text=14.0, title=name),
    }
    # Our own drawing: every word in it is escaped where it is drawn.
    return {size: Markup(drawn) for size, drawn in sizes.items()}  # noqa: S704


def _room(view: View) -> float:
    """Pixels that are left for the drawing at 1920 × 1080, reckoned from what else stands on the screen."""
    headline = 1.15 * (1.9 if len(view.headline) <= 66 else 1.5) * math.ceil(len(view.headline) / 64)
    part = 1.2 * math.ceil((len(view.part) + 32) / 105)
    tiles = 4.6 if view.tiles else 0.0
    sentences = 1.15 * max((math.ceil(len(words) / 36) for words in view.sentences), default=0)
    sentences = min(sentences, 3.6) + 0.5 if sentences else 0.0
    caution = 1.2 if 0 < len(view.caution) <= LONGEST_CAUTION else 0.0
    footer = 1.0 * math.ceil(len(view.source) / 62) + 0.6
    rest = 33.75 - headline - part - tiles - sentences - caution - footer - 1.1 - 4.4
    return max(rest, 9.0) * REM


def _tablet(view: View) -> float:
    if not view.tiles:
        return 430.0
    return 255.0 if len(view.sentences) > 2 else 290.0


def _phone(chart: Chart) -> float:
    if chart.kind == "bars":
        return 54.0 * len(chart.categories)
    return 240.0 + (26.0 * len(chart.series) if chart.kind == "lines" else 0.0)


def _cells(row: str, figures: tuple[Said, ...], steps: dict[tuple[str, int], int]) -> tuple[Cell, ...]:
    return tuple(
        Cell(figure.words, _kind(figure, steps.get((row, place)))) for place, figure in enumerate(figures)
    )


def _kind(figure: Said, step: int | None) -> str:
    if figure.value is None:
        return "is-hidden" if figure.status else ""
    if step is not None:
        return f"heat-{step}"
    return "is-nought" if figure.value == 0 else "is-forecast" if figure.is_forecast else ""


def _heat(table: Table) -> dict[tuple[str, int], int]:
    """The step of each cell by its row and place: the larger the darker; noughts and the column of all have none."""
    inner = {
        (name, place): figure.value
        for name, figures in table.rows
        for place, figure in enumerate(figures[: -table.unshaded])
        if figure.value is not None and figure.value > 0
    }
    largest = max(inner.values(), default=0.0)
    return {
        key: min(int(math.sqrt(value / largest) * len(HEAT)), len(HEAT) - 1) for key, value in inner.items()
    }
