"""Cells as they are said in a meeting: £m with one decimal, whole placements, shares; a missing one as its sign."""

from __future__ import annotations

from collections.abc import Callable

from hnb import wording
from hnb.meeting.view import Said
from hnb.metrics import Measure
from hnb.published import Cell

NOTHING = Said(None, "", "")
"""No figure here, and none is missing: a straight path before its baseline."""


def millions(cell: Cell, *, signed: bool = False) -> Said:
    """Money on a tile, in a chart, in a heat table: "£19.7m"."""
    return _said(cell, lambda value: wording.millions(value, signed=signed))


def part(cell: Cell, whole: Cell) -> Said:
    """A part of a change, signed, in £m or in £k by how large the whole change is: "+£131k"."""
    return _said(cell, lambda value: wording.part_of(value, whole.value, signed=True))


def pounds(cell: Cell, *, signed: bool = False) -> Said:
    """Money in a table, in full: "£19,659,168"; and what one placement costs, everywhere."""
    return _said(cell, lambda value: wording.pounds(value, signed=signed))


def count(cell: Cell, *, signed: bool = False) -> Said:
    """Placements: "2,932"."""
    return _said(cell, lambda value: wording.count(value, signed=signed))


def number(cell: Cell, *, signed: bool = False) -> Said:
    """Placement-years: "264.8"."""
    return _said(cell, lambda value: wording.number(value, signed=signed))


def share(cell: Cell) -> Said:
    """A share as a percentage: "9.4%"."""
    return _said(cell, wording.share)


def of_measure(measure: Measure, cell: Cell) -> Said:
    """A figure of a recommendation's measure, in the measure's own unit; its money in £m."""
    if measure.unit == "£":
        return millions(cell)
    return _said(cell, lambda value: wording.value(measure, value, "chart"))


def difference(measure: Measure, cell: Cell, *, signed: bool = True) -> Said:
    """A difference between two figures of a measure: "1.9 points", "+£3.1m"."""
    if measure.unit == "£":
        return millions(cell, signed=signed)
    return _said(cell, lambda value: wording.difference(measure, value, "chart", signed=signed))


def _said(cell: Cell, words: Callable[[float], str]) -> Said:
    if cell.value is None:
        return Said(None, wording.missing(cell.status), cell.status)
    return Said(cell.value, words(cell.value), cell.status)
