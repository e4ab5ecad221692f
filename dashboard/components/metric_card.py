"""A tile: one figure with its name, how it moved, and whether that is good or bad, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from dash import dcc
from dash.development.base_component import Component

from dashboard.components import html
from dashboard.components.copy import figure_button
from dashboard.components.words import unbroken

Tone = Literal["adverse", "favourable", ""]


@dataclass(frozen=True)
class Movement:
    """A sentence on how a figure moved, and whether that is favourable. `tone` only colours what the words say.

    `is_beside` sets it back: the second of two movements.
    """

    words: str
    tone: Tone = ""
    is_beside: bool = False


def metric_card(
    title: str,
    figure: str,
    movements: tuple[Movement, ...] = (),
    beside: str = "",
    *,
    is_missing: bool = False,
    sentence: str = "",
    href: str = "",
) -> Component:
    """A tile, whose figure can be pressed to be copied as a sentence.

    title: what the figure is, with its date or year. figure: the figure in words; where `is_missing`, the
    reason. movements: what changed. beside: one more thing to know, such as that it is of the whole block.
    sentence: what pressing the figure copies; without it the browser puts title, figure, year and date together.
    href: the page that says more, to which the title leads.
    """
    shown: Component | str = figure if is_missing else figure_button(figure, sentence)
    return html.Li(
        [
            html.H2(dcc.Link(unbroken(title), href=href) if href else unbroken(title)),
            html.P(shown, className="figure missing" if is_missing else "figure"),
            html.Div(
                [
                    *(
                        html.P(
                            unbroken(moved.words),
                            className="beside" if moved.is_beside else f"moved {moved.tone or 'neutral'}",
                        )
                        for moved in movements
                    ),
                    *([html.P(unbroken(beside), className="beside")] if beside else []),
                ]
            ),
        ],
        className="tile",
    )


def tiles(cards: list[Component]) -> Component:
    """The row of tiles: a list, so that a screen reader says how many there are."""
    return html.Ul(cards, className="tiles", **{"aria-label": "Key figures"})
