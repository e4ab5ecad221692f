"""What the page Placements says, by hand: on which day, of which year, and of nobody."""

from __future__ import annotations

import datetime

import polars

from hnb.findings import placements as findings
from hnb.placement_flow import LEFT, Flow


def months(*values: tuple[str, float, str]) -> polars.DataFrame:
    """An answer by month: the first of the month, its figure, its status."""
    return polars.DataFrame(
        [(datetime.date.fromisoformat(month), value, status) for month, value, status in values],
        schema=["month", "value", "status"],
        orient="row",
    )


def test_a_count_by_month_says_its_day():
    # The bar above counts on another day: with "in October 2026" the two would seem to disagree.
    counted = months(
        ("2025-10-01", 2739.0, "reported"),
        ("2026-10-01", 2917.0, "reported"),
        ("2026-11-01", 2920.0, "estimated"),
    )
    assert findings.by_month(counted) == "2,917 placements on 15 October 2026, 178 more than a year before"


def test_the_whole_year_is_of_those_placed_on_the_register_s_date():
    # Of a register of 2020 nobody would call them "today's".
    assert findings.full_year(21.3e6, 21.2e6, "2019-20", "31 March 2020") == (
        "Those placed on 31 March 2020 cost £21.3m in a whole year, £100k more than all placements cost in 2019-20"
    )
    assert findings.full_year(2.0, 1.0, "2019-20").startswith("Those placed at the end of 2019-20 cost")


def test_nobody_came():
    cells = polars.DataFrame(
        {"before": ["mainstream", "mainstream"], "after": ["elsewhere", LEFT], "children": [3, 2]}
    )
    flow = Flow("setting_group", datetime.date(2026, 1, 15), datetime.date(2026, 10, 31), cells, several=0)
    assert (
        findings.moved(flow, str) == "3 children moved, from mainstream to elsewhere; nobody came and 2 left"
    )


def by_part(*values: tuple[str, float | None, str]) -> polars.DataFrame:
    """An answer of spend by part."""
    return polars.DataFrame(
        values,
        schema={"part": polars.String, "value": polars.Float64, "status": polars.String},
        orient="row",
    )


def test_what_is_spent_beside_the_placements_is_said_with_the_difference():
    # 53.2204 + 4.554 + 14.9455 + 0.4341 = 73.154; without the first, 19.9336.
    spent = by_part(
        ("placements", 53_220_400.0, "estimated"),
        ("places", 4_554_000.0, "estimated"),
        ("services", 14_945_500.0, "estimated"),
        ("not_explained", 434_100.0, "estimated"),
    )
    assert findings.beside_the_register(spent, "2026-27") == (
        "Spend in 2026-27 is forecast at £73.2m, £19.9m more than these placements cost: £14.9m services, "
        "£4.6m places bought in bulk and £434k in the budget monitor, not explained by the register."
    )


def test_a_register_dearer_than_the_monitor_is_less_and_one_that_is_all_of_it_is_not_spoken_of():
    # 900,000 − 50,000 = 850,000.
    spent = by_part(("placements", 900_000.0, "reported"), ("not_explained", -50_000.0, "reported"))
    assert findings.beside_the_register(spent, "2024-25") == (
        "Spend in 2024-25 is £850k, £50k less than these placements cost: "
        "−£50k in the budget monitor, not explained by the register."
    )
    alone = by_part(("placements", 900_000.0, "reported"), ("not_explained", 0.2, "reported"))
    assert findings.beside_the_register(alone, "2024-25") == ""
    hidden = by_part(("placements", None, "suppressed"), ("services", 5.0, "reported"))
    assert findings.beside_the_register(hidden, "2024-25") == ""
    assert findings.beside_the_register(by_part(), "2024-25") == ""
