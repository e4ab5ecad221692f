"""What stands over small multiples: which row moved most."""

from __future__ import annotations

from collections.abc import Sequence

from hnb import wording
from hnb.courses import Course
from hnb.findings.general import OF_THE_SPLIT
from hnb.metrics import Measure


def moved_most_over_years(courses: Sequence[Course], measure: Measure, by: str) -> str:
    """ "Independent rose most of 8 since 2019-20: +£12.6m, to £19.7m". Empty where no row has two years."""
    moved = [one for one in courses if one.change is not None]
    if not moved:
        return ""
    # What has no name is named only where nothing else moved.
    named = [one for one in moved if one.code is not None]
    first = OF_THE_SPLIT if named and len(named) < len(moved) else ""
    moved = named or moved
    most = max(moved, key=lambda one: abs(one.change or 0.0))
    name = wording.label(by, most.code, brief=True)
    change = wording.difference(measure, most.change)
    if change == wording.difference(measure, 0.0):
        return f"Nothing moved since {most.first}"
    now = wording.value(measure, most.value(most.last), "chart")
    of_all = f" of {len(moved)}" if len(moved) > 1 else ""
    return f"{first}{name} {'rose' if (most.change or 0.0) > 0 else 'fell'} most{of_all} since {most.first}: {change}, to {now}"
