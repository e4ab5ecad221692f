"""Words on a chart: how wide they are, how they are broken into lines, and how labels are kept from touching."""

from __future__ import annotations

from collections.abc import Sequence

WIDE = 0.66
"""Width of a letter as a share of its height, a little generously: letters are never measured."""

LINE = 1.2
"""Distance of two lines as a share of a letter's height."""


def width_of(words: str, text: float) -> float:
    """About how wide words are.

    >>> width_of("2026-27", 10.0)
    46.2
    """
    return round(len(words) * WIDE * text, 6)


def broken(words: str, most: int) -> list[str]:
    """Words in lines of at most so many letters, broken between words; one long word stays whole.

    >>> broken("As the last three years 10.0%", 20)
    ['As the last three', 'years 10.0%']
    """
    lines: list[str] = []
    for word in words.split():
        if lines and len(lines[-1]) + 1 + len(word) <= most:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def spaced(wished: Sequence[float], heights: Sequence[float], low: float, high: float) -> list[float]:
    """Centres of labels of those heights, near where they were wished, one under the other without touching.

    They stay within low … high where there is room for all; their order is that of the wishes. Neighbours that
    would touch are put together, centred on the mean of their wishes.

    >>> spaced([10.0, 12.0, 80.0], [10.0, 10.0, 10.0], 0.0, 100.0)
    [6.0, 16.0, 80.0]
    """
    order = sorted(range(len(wished)), key=lambda index: wished[index])
    room = sum(heights)
    if order and room > high - low:
        high = low + room  # no room for all within: then one under the other, from the top
    groups: list[list[int]] = []

    def top(members: list[int]) -> float:
        within, wishes = 0.0, []
        for member in members:
            wishes.append(wished[member] - within - heights[member] / 2)
            within += heights[member]
        return min(max(sum(wishes) / len(wishes), low), high - within)

    for index in order:
        group = [index]
        while groups and top(groups[-1]) + sum(heights[one] for one in groups[-1]) > top(group) + 1e-9:
            group = groups.pop() + group
        groups.append(group)
    centres = [0.0] * len(wished)
    for group in groups:
        at = top(group)
        for member in group:
            centres[member] = at + heights[member] / 2
            at += heights[member]
    return centres
