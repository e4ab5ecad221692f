"""The course of each row over the years: its figure each year, and what moved between the first and the last.

Works on an answer of `compute`; it asks nothing itself and divides only the change by where it began. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars

from hnb.metrics.combinations import grid_of
from hnb.metrics.measure import Measure


@dataclass(frozen=True)
class Course:
    """One row's figures.

    code: of the row. points: each year of the answer, ascending, with its value (None where there is none) and
    status. first, last: the first and the last year with a value, "" where there is none. change: last less
    first, relative_change: that as a share of the first; None where there are not two, or nothing to divide by.
    """

    code: Any
    points: Mapping[str, tuple[float | None, str]]
    first: str
    last: str
    change: float | None
    relative_change: float | None

    def value(self, year: str) -> float | None:
        """The figure of a year."""
        return self.points[year][0] if year in self.points else None


def courses(answer: polars.DataFrame, measure: Measure, by: str) -> tuple[Course, ...]:
    """A course for each value of `by`, in the order of the answer.

    answer: what `compute(measure, …, by=(by, "financial_year"))` gives. A year without rows of a value is nought
    where the measure is a sum and the year has other rows.
    """
    whole = grid_of(answer, measure, (by, "financial_year"))
    years = sorted(whole["financial_year"].unique().to_list())
    points: dict[Any, dict[str, tuple[float | None, str]]] = {}
    for code, year, value, status in whole.select(by, "financial_year", "value", "status").rows():
        points.setdefault(code, {})[year] = (value, status)
    return tuple(
        _course(code, {year: of_years.get(year, (None, "not_available")) for year in years})
        for code, of_years in points.items()
    )


def course(answer: polars.DataFrame, code: Any = "") -> Course:
    """The course of an answer by financial year alone."""
    rows = answer.sort("financial_year").select("financial_year", "value", "status").rows()
    return _course(code, {year: (value, status) for year, value, status in rows})


def _course(code: Any, points: Mapping[str, tuple[float | None, str]]) -> Course:
    known = [(year, value) for year, (value, _) in points.items() if value is not None]
    if not known:
        return Course(code, points, "", "", None, None)
    (first, before), (last, after) = known[0], known[-1]
    change = round(after - before, 9) if first != last else None
    relative = change / before if change is not None and before > 0 else None
    return Course(code, points, first, last, change, relative)
