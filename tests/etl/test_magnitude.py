"""A unit mistaken shows beside the last load and the report before; a change of size is worth a note."""

from __future__ import annotations

import datetime

import pandas
import pytest

from etl.magnitude import between_reports, rows_since_last_load, since_last_load, sizes

DATE = datetime.date


def monitor(*rows: tuple) -> pandas.DataFrame:
    """Rows of (as at, kind of money, amount) of 2026-27, one file a report."""
    return pandas.DataFrame(
        [
            {"authority": "E09000029", "financial_year": "2026-27", "as_at": as_at, "money": money, "amount": amount,
             "source": f"monitor_{as_at:%m}.xlsx!P{as_at:%m}!7"}
            for as_at, money, amount in rows
        ]
    )  # fmt: skip


APRIL, MAY = DATE(2026, 4, 30), DATE(2026, 5, 31)


def test_a_report_in_thousands_beside_one_in_pounds_is_refused():
    reports = monitor(
        (APRIL, "forecast", 71_000_000.0), (MAY, "forecast", 71_200.0),
        (APRIL, "actual_to_date", 5_000.0), (MAY, "actual_to_date", 9_000_000.0),
    )  # fmt: skip
    (problem,) = between_reports(reports)  # what is paid to date grows as it will
    assert (problem.where, problem.what, problem.severity) == (
        "monitor_05.xlsx!P05",
        "unit_mistaken",
        "refusal",
    )
    assert problem.found == (
        "Forecast of 2026-27 as at 31 May 2026 adds up to £71,200, and to £71,000,000 as at 30 April 2026"
    )
    assert "997 times smaller" in problem.expected


@pytest.mark.parametrize(
    ("before", "now", "what"),
    [
        (70_000_000.0, 71_000_000.0, []),
        (70_000_000.0, 34_000_000.0, [("magnitude", "note")]),
        (70_000.0, 70_000_000.0, [("unit_mistaken", "refusal")]),
        (-70_000.0, 70_000_000.0, [("unit_mistaken", "refusal")]),
        (0.0, 70_000_000.0, []),
    ],
)
def test_what_moved_since_the_last_load(before, now, what):
    old, new = (sizes({"budget": monitor((MAY, "forecast", amount))}) for amount in (before, now))
    assert [(problem.what, problem.severity) for problem in since_last_load(new, old, 0.5)] == what


def test_a_size_is_that_of_the_latest_report_of_its_year():
    found = sizes(
        {"budget": monitor((APRIL, "forecast", 1.0), (MAY, "forecast", 2.0), (MAY, "forecast", 3.0))}
    )
    assert {key: size.amount for key, size in found.items()} == {("budget", "2026-27", "forecast"): 5.0}


def test_registers_are_told_by_their_own_name():
    def register(cost: float) -> pandas.DataFrame:
        return pandas.DataFrame(
            [
                {
                    "financial_year": "2026-27",
                    "register_as_at": MAY,
                    "annual_cost": cost,
                    "source": "r.xlsx!R!4",
                }
            ]
        )

    (problem,) = since_last_load(
        sizes({"placements": register(60.0)}), sizes({"placements": register(60_000.0)}), 0.5
    )
    assert problem.found.startswith("The placement register of 2026-27 adds up to £60")
    assert problem.where == "r.xlsx!R"


def test_a_table_that_halves_in_rows_is_noted():
    (problem,) = rows_since_last_load({"grant": 10, "plans": 95}, {"grant": 100, "plans": 100}, 0.5)
    assert (problem.where, problem.severity) == ("grant", "note")
    assert rows_since_last_load({"grant": 10}, {}, 0.5) == []
