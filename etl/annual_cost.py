"""What a full year costs, from what is printed: by the week or the term, or for the days of one year. Pure.

The other way about, from a full year's cost to months, is `hnb.placement_months`.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

import numpy

from hnb import years

Numbers = numpy.ndarray[Any, Any]


def full_year(printed: Numbers, times: float) -> Numbers:
    """A cost by the week, month, term or day × how many of them a year pays for; pounds, to the penny.

    >>> full_year(numpy.array([912.37]), 38).tolist()
    [34670.06]
    """
    return numpy.round(printed * times, 2)


def days_within(
    year: str, starts: Sequence[datetime.date | None], ends: Sequence[datetime.date | None]
) -> Numbers:
    """How many days of a financial year each placement has; its last day is not counted (rule 3 of the domain).

    A blank start is the first of the year, a blank end its last.
    """
    first, last = years.year_start(year).toordinal(), years.year_end(year).toordinal() + 1
    begun = numpy.array([first if day is None else day.toordinal() for day in starts], dtype="int64")
    ended = numpy.array([last if day is None else day.toordinal() for day in ends], dtype="int64")
    return numpy.clip(numpy.minimum(ended, last) - numpy.maximum(begun, first), 0, None)


def annualised(cost: Numbers, days: Numbers, year: str) -> Numbers:
    """What a full year costs where `cost` pounds paid for `days` days of it; missing where there is no day.

    To the penny: spread over its days again (`hnb.placement_months`), it comes to `cost` again, since what the
    rounding moves, at most half a penny, is only made smaller by the share of the year.

    >>> annualised(numpy.array([14_600.0]), numpy.array([146]), "2025-26").tolist()
    [36500.0]
    """
    with numpy.errstate(divide="ignore", invalid="ignore"):
        whole = numpy.round(cost * years.days_in_year(year) / days, 2)
    return numpy.where(days > 0, whole, numpy.where(cost == 0, 0.0, numpy.nan))
