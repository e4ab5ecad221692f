"""Figures worked out from published cells: differences, shares and prices, each with the status that follows.

What is worked out from a hidden figure is hidden; from an estimated one, estimated. Nothing is worded here.
"""

from __future__ import annotations

from collections.abc import Callable

from hnb.published import Cell

_WORST_FIRST = ("suppressed", "not_available", "not_collected", "no_denominator", "estimated", "reported")


def less(after: Cell, before: Cell) -> Cell:
    """The later figure less the earlier one.

    >>> less(Cell(12.0, "estimated"), Cell(10.0, "reported"))
    Cell(value=2.0, status='estimated')
    """
    return _of_two(after, before, lambda one, other: one - other)


def share(part: Cell, whole: Cell) -> Cell:
    """A part of a whole as a fraction, or pounds by placement-years as a price; "no_denominator" by nought.

    >>> share(Cell(1.0, "reported"), Cell(4.0, "reported"))
    Cell(value=0.25, status='reported')
    """
    if whole.value == 0 and part.value is not None:
        return Cell(None, "no_denominator")
    return _of_two(part, whole, lambda one, other: one / other)


def _of_two(one: Cell, other: Cell, work_out: Callable[[float, float], float]) -> Cell:
    status = min((one.status, other.status), key=_rank)
    if one.value is None or other.value is None:
        return Cell(None, status)
    return Cell(work_out(one.value, other.value), status)


def _rank(status: str) -> int:
    return _WORST_FIRST.index(status) if status in _WORST_FIRST else 0
