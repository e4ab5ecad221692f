"""What moved since the last report, for the tiles of the overview."""

from __future__ import annotations

import datetime

import polars


def last_two_month_ends(months: polars.DataFrame) -> tuple[datetime.date, float, float] | None:
    """The month's end before the last that is known, its figure, and the last one's; None when there are not two.

    `months` is an answer by "month" of one year, such as `compute("month_end_placements", …, by=("month",))`.
    Months that are only expected are left out.
    """
    known = months.filter(polars.col("value").is_not_null(), polars.col("status") != "estimated").sort(
        "month"
    )
    if known.height < 2:
        return None
    before, last = known.select("month", "value").tail(2).rows()
    return last[0].replace(day=1) - datetime.timedelta(days=1), float(before[1]), float(last[1])


def last_reissue(issues: polars.DataFrame, year: str) -> tuple[datetime.date, float] | None:
    """When the allocation of a year was issued before the one in force, and how far it has moved since.

    `issues` are `hnb.balance_statement.allocation_issues`; None where the year was issued once.
    """
    of_year = issues.filter(
        polars.col("financial_year") == year, polars.col("component") == "before_deductions"
    ).sort("published_on")
    if of_year.height < 2:
        return None
    return of_year["published_on"][-2], float(of_year["moved"][-1])
