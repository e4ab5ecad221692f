"""How much of a printed page each part of a view takes, so that a chart gets what is left and a short table its place.

Estimates in millimetres, on the safe side: the browser breaks pages itself, and never within a row, a chart or a tile.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import ceil

from hnb.meeting import Table, View

ACROSS, DOWN = 269.0, 186.0
"""What a printed page holds, A4 across without its margins."""

_SPARE = 7.0
"""What is left free where a table shares the page, lest it goes to the next by a hair."""

LEAST, MOST = 48.0, 118.0
"""How low and how high a chart may be."""

_PART, _HEADLINE, _WORDS, _TILE = 135, 60, 135, 33
"""Letters that go on a line of a part's name, of a headline, of a sentence, of a tile's label."""


@dataclass(frozen=True)
class Room:
    """chart: its height. has_own_page: whether the table begins a page, and may be set larger. is_long: whether it
    takes more than one. has_words_below: whether the sentences go there with it, so that the chart may be higher."""

    chart: float
    has_own_page: bool
    is_long: bool
    has_words_below: bool = False


def room_of(view: View) -> Room:
    """How a view is laid out on paper."""
    left = DOWN - _above(view)
    table, columns = 0.0, 0
    laid = table_of(view)
    if laid is not None:
        rows = len(laid.rows) + (laid.whole is not None)
        columns = len(laid.headings)
        is_tall_head = any(len(heading) > 270 / columns / 2.2 for heading in laid.headings)
        table = 13.0 + 6.7 * rows + (5.0 if is_tall_head else 0.0) + (5.0 if laid.signs else 0.0)
    if view.chart is None:
        return Room(0.0, False, table > left)
    if not table or left - table - _SPARE >= LEAST:
        return Room(min(MOST, left - (table + _SPARE if table else 0.0)), False, False)
    has_words_below = len(view.sentences) > 1
    chart = left + (_sentences(view) if has_words_below else 0.0)
    return Room(max(LEAST, min(MOST, chart)), True, table > DOWN, has_words_below)


def table_of(view: View) -> Table | None:
    """The view's table as the page has it: a short list of years under a chart is turned, so that years go across as there.

    A turned table has no shapes, since only its words are printed.
    """
    table = view.table
    if table is None or view.chart is None or view.chart.kind == "bars" or table.whole is not None:
        return table
    names = tuple(name for name, _ in table.rows)
    if not 5 < len(names) <= 10 or len(table.headings) > 6 or not set(names) <= set(view.chart.categories):
        return table
    turned = tuple(
        (heading, tuple(figures[at] for _, figures in table.rows))
        for at, heading in enumerate(table.headings[1:])
    )
    return replace(table, headings=(table.headings[0], *names), rows=turned, shapes=())


def _above(view: View) -> float:
    """What stands on the page beside chart and table."""
    height = 6.0 * _lines(view.part, _PART) + 9.0 * _lines(view.headline, _HEADLINE) + 10.0
    if view.tiles:
        height += 19.0 + 4.6 * max(
            _lines(tile.label, _TILE) + (_lines(tile.tone_words, _TILE) if tile.tone_words else 0)
            for tile in view.tiles
        )
    height += _sentences(view)
    if view.caution:
        height += 8.0 + 5.5 * _lines(view.caution, _WORDS)
    return height + (6.0 if view.chart else 0.0)


def _sentences(view: View) -> float:
    return 7.0 + 5.5 * sum(_lines(one, _WORDS) for one in view.sentences) if view.sentences else 0.0


def _lines(words: str, letters: int) -> int:
    return max(1, ceil(len(words) / letters))
