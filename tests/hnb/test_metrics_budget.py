"""Budget: one report a year, and variance on the basis that the year stands on."""

from __future__ import annotations

from hnb.metrics import Tables, compute
from hnb.selection import Selection
from tests.hnb.pictures import answered, drawn

MONITOR = Tables({"budget": drawn("budget", """
    financial_year | as_at      | line  | setting             | money           | amount
    2023-24        | 2024-05-31 | 1.2.3 | special_independent | revised_budget  | 100
    2023-24        | 2024-05-31 | 1.2.3 | special_independent | forecast        | 115
    2023-24        | 2024-05-31 | 1.2.3 | special_independent | outturn         | 120
    2024-25        | 2024-09-30 | 1.2.3 | special_independent | original_budget | 110
    2024-25        | 2024-09-30 | 1.2.3 | special_independent | revised_budget  | 120
    2024-25        | 2024-09-30 | 1.2.3 | special_independent | forecast        | 125
    2024-25        | 2024-10-31 | 1.2.3 | special_independent | original_budget | 110
    2024-25        | 2024-10-31 | 1.2.3 | special_independent | revised_budget  | 120
    2024-25        | 2024-10-31 | 1.2.3 | special_independent | actual_to_date  |  70
    2024-25        | 2024-10-31 | 1.2.3 | special_independent | commitment      |  20
    2024-25        | 2024-10-31 | 1.2.3 | special_independent | forecast        | 140
    2024-25        | 2024-10-31 | 1.2.5 | central             | revised_budget  |  50
    2024-25        | 2024-10-31 | 1.2.5 | central             | forecast        |  45
    2024-25        | 2024-10-31 | 1.9.3 | central             | forecast        | 999
""")})  # fmt: skip


def test_each_kind_of_money_comes_from_the_latest_report():
    year = Selection(years=("2024-25",))
    figures = {
        name: compute(name, MONITOR, year).select("value", "status").rows()
        for name in (
            "original_budget",
            "revised_budget",
            "actual_to_date",
            "commitment",
            "forecast",
            "outturn",
        )
    }
    assert figures == {
        "original_budget": [(110.0, "reported")],
        "revised_budget": [(170.0, "reported")],
        "actual_to_date": [(70.0, "reported")],
        "commitment": [(20.0, "estimated")],
        "forecast": [(185.0, "estimated")],  # the balance brought forward, 1.9.3, is not spend
        "outturn": [],
    }


def test_an_earlier_report_is_asked_for_by_its_date():
    september = Selection(years=("2024-25",), as_at="2024-10-15")
    assert compute("forecast", MONITOR, september)["value"].to_list() == [125.0]
    assert compute("forecast", MONITOR, september.with_(as_at="2024-01-01")).height == 0


def test_by_report_every_report_keeps_its_own_date():
    answer = compute("forecast", MONITOR, Selection(years=("2024-25",)), ["as_at"])
    assert answered(answer, "as_at", "value") == [("2024-09-30", 125.0), ("2024-10-31", 185.0)]
    variance = compute("variance", MONITOR, Selection(years=("2024-25",)), ["as_at"])
    assert answered(variance, "as_at", "value") == [("2024-09-30", 5.0), ("2024-10-31", 15.0)]


def test_variance_is_forecast_less_budget_then_outturn_less_budget():
    answer = compute("variance", MONITOR, by=["financial_year"])
    assert answered(answer, "financial_year", "value", "status") == [
        ("2023-24", 20.0, "reported"),  # 120 − 100: the outturn, not the last forecast
        ("2024-25", 15.0, "estimated"),  # (140 − 120) + (45 − 50)
    ]
    lines = compute("variance", MONITOR, Selection(years=("2024-25",)), ["line"])
    assert answered(lines, "line", "value") == [("1.2.3", 20.0), ("1.2.5", -5.0)]


def test_variance_needs_both_sides_in_the_report():
    only_budget = {"budget": drawn("budget", "money | amount\nrevised_budget | 5\n")}
    only_forecast = {"budget": drawn("budget", "money | amount\nforecast | 5\n")}
    assert compute("variance", only_budget).height == 0
    assert compute("variance", only_forecast).height == 0


def test_a_line_without_a_budget_is_over_by_all_of_its_forecast():
    new_line = {"budget": drawn("budget", """
        line  | money          | amount
        1.2.3 | revised_budget | 100
        1.2.3 | forecast       | 100
        1.2.8 | forecast       | 30
    """)}  # fmt: skip
    answer = compute("variance", new_line, by=["line"])
    assert answered(answer, "line", "value") == [("1.2.3", 0.0), ("1.2.8", 30.0)]
