"""The budget by month: months add up to the year, profile and actual side by side, so far and in each month."""

from __future__ import annotations

import polars
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hnb import years
from hnb.metrics import Selection, Tables, compute
from hnb.monthly_budget import COLUMNS, monthly_budget
from hnb.store import Snapshot
from tests.hnb.pictures import UNSAID, answered, drawn

YEAR = "2024-25"
MONTHS = Tables({"budget_months": drawn("budget_months", """
    as_at      | month      | line  | money    | amount
    2024-04-30 | 2024-04-01 | 1.2.3 | actual   | 9
    2024-05-31 | 2024-04-01 | 1.2.3 | profile  | 10
    2024-05-31 | 2024-05-01 | 1.2.3 | profile  | 10
    2024-05-31 | 2024-06-01 | 1.2.3 | profile  | 12.50
    2024-05-31 | 2024-04-01 | 1.2.3 | actual   | 8.25
    2024-05-31 | 2024-05-01 | 1.2.3 | actual   | 13
    2024-05-31 | 2024-06-01 | 1.2.3 | forecast | 14
    2024-05-31 | 2024-04-01 | 1.2.5 | profile  | 1
    2024-05-31 | 2024-04-01 | 1.2.5 | actual   | 2
    2024-05-31 | 2024-04-01 | 1.9.3 | actual   | 999
""")})  # fmt: skip


def test_each_kind_comes_from_the_latest_report_month_by_month():
    answer = compute("month_actual", MONTHS, Selection(years=(YEAR,)), ("month",))
    shown = [(str(month), value) for month, value in answered(answer, "month", "value")]
    assert shown == [("2024-04-01", 10.25), ("2024-05-01", 13.0)]
    assert compute("month_forecast", MONTHS)["status"].to_list() == ["estimated"]
    assert compute("month_profile", MONTHS)["value"].to_list() == [33.5]


def test_an_earlier_report_by_month_is_asked_for_by_its_date():
    april = Selection(years=(YEAR,), as_at="2024-05-01")
    assert compute("month_actual", MONTHS, april)["value"].to_list() == [9.0]
    assert compute("month_profile", MONTHS, april).height == 0


def test_the_months_by_hand():
    found = monthly_budget(MONTHS, Selection(years=(YEAR,)))
    assert found.drop("month").rows() == [
        (11.0, 10.25, None, 10.25, -0.75, 11.0, 10.25, -0.75, False),
        (10.0, 13.0, None, 13.0, 3.0, 21.0, 23.25, 2.25, False),
        (12.5, None, 14.0, 14.0, 1.5, 33.5, 37.25, 3.75, True),
    ]


def test_a_report_without_months_gives_no_rows_and_one_without_a_profile_no_difference():
    assert monthly_budget({}, Selection(years=(YEAR,))).height == 0
    bare = {"budget_months": drawn("budget_months", "month | amount\n2024-04-01 | 5\n")}
    found = monthly_budget(bare, Selection(years=(YEAR,)))
    assert found.columns == list(COLUMNS)
    assert found.select("profile", "expected", "difference", "difference_to_date").rows() == [
        (None, 5.0, None, None)
    ]


ROW = st.tuples(
    st.sampled_from(years.months_of(YEAR)),
    st.sampled_from(["1.2.1", "1.2.3", "1.2.8"]),
    st.sampled_from(["profile", "actual", "forecast"]),
    st.integers(-5_000_00, 900_000_00).map(lambda pence: pence / 100),
)


@settings(max_examples=40, deadline=None)
@given(st.lists(ROW, min_size=1, max_size=40, unique_by=lambda item: item[:3]))
def test_months_add_up_to_the_year_to_the_penny_of_every_kind_and_line(rows):
    frame = polars.DataFrame(
        [
            {
                **UNSAID["budget_months"],
                "month": month.isoformat(),
                "line": line,
                "money": money,
                "amount": amount,
            }
            for month, line, money, amount in rows
        ]
    ).with_columns(polars.col("as_at", "month").str.to_date())
    tables = Tables({"budget_months": frame})
    for measure in ("month_profile", "month_actual", "month_forecast"):
        for by in ((), ("line",)):
            year = compute(measure, tables, by=by)
            month = compute(measure, tables, by=(*by, "month"))
            added = (
                month.group_by(by).agg(polars.col("value").sum().round(2))
                if by
                else month.select(polars.col("value").sum().round(2))
            )
            assert dict.fromkeys(year.select(*by, "value").rows()) == dict.fromkeys(
                (added.join(year.select(by), on=by, how="right") if by else added.head(year.height))
                .select(*by, "value")
                .rows()
            )


@pytest.mark.parametrize("as_at", ["2026-10-31", "2026-06-30"])
def test_the_sample_s_months_add_up_to_its_monitor(sample_build, as_at):
    tables = Snapshot.open(sample_build.processed)
    report = Selection(years=("2026-27",), as_at=as_at)
    last = monthly_budget(tables, report).row(-1, named=True)
    assert last["profile_to_date"] == compute("revised_budget", tables, report)["value"][0]
    assert last["expected_to_date"] == compute("forecast", tables, report)["value"][0]
    assert last["difference_to_date"] == compute("variance", tables, report)["value"][0]
    paid = monthly_budget(tables, report).filter(~polars.col("is_forecast")).row(-1, named=True)
    assert paid["expected_to_date"] == compute("actual_to_date", tables, report)["value"][0]
