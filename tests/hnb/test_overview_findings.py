"""What moved since the last report: by hand."""

from __future__ import annotations

import datetime

import polars

from hnb.findings.overview import last_reissue, last_two_month_ends


def months(*rows):
    return polars.DataFrame(
        [{"month": datetime.date(2026, month, 1), "value": value, "status": status} for month, value, status in rows],
        schema={"month": polars.Date, "value": polars.Float64, "status": polars.String},
    )  # fmt: skip


def test_the_last_two_known_months_are_compared_at_the_end_of_the_earlier():
    known = months(
        (8, 271.0, "reported"), (9, 273.0, "reported"), (10, 275.0, "reported"), (11, 276.0, "estimated")
    )
    assert last_two_month_ends(known) == (datetime.date(2026, 9, 30), 273.0, 275.0)


def test_one_month_and_suppressed_months_are_nothing_to_compare():
    assert last_two_month_ends(months((10, 275.0, "reported"))) is None
    assert last_two_month_ends(months((9, None, "suppressed"), (10, 275.0, "reported"))) is None


def test_an_allocation_moves_between_its_issues_and_not_between_years():
    issues = polars.DataFrame(
        {
            "financial_year": ["2022-23", "2023-24", "2023-24", "2023-24"],
            "component": ["before_deductions", "before_deductions", "before_deductions", "after_deductions"],
            "published_on": [datetime.date(2022, 3, 1), datetime.date(2023, 3, 1), datetime.date(2023, 7, 1), datetime.date(2023, 7, 1)],
            "moved": [None, None, 102_000.0, 50_000.0],
        }
    )  # fmt: skip
    assert last_reissue(issues, "2023-24") == (datetime.date(2023, 3, 1), 102_000.0)
    assert last_reissue(issues, "2022-23") is None
