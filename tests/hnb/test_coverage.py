"""Coverage: what each period holds, what its control total is of, and which periods are missing in between."""

from __future__ import annotations

import datetime
from typing import Any

import pandas
import pytest

from hnb.coverage import coverage
from hnb.metrics import Selection, compute
from hnb.tables import TABLES

OCTOBER, NOVEMBER = datetime.date(2026, 10, 31), datetime.date(2026, 11, 30)


def rows(table: str, columns: str, *cells: tuple[Any, ...], **rest: Any) -> pandas.DataFrame:
    """Rows of a table: some of its columns by name, the rest alike in every row."""
    rest = {"authority": "E09000029", "source": "a.csv!a!2", **rest}
    frame = pandas.DataFrame(cells, columns=columns.split())
    frame = frame.assign(**{name: value for name, value in rest.items() if name not in frame.columns})
    return TABLES[table].conform(frame)


def paid(*months: tuple[str, int, float, str]) -> pandas.DataFrame:
    return rows("payments", "financial_year period amount source", *months, paid_on=datetime.date(2023, 4, 1))


def told(frame: pandas.DataFrame, *columns: str) -> list[tuple[Any, ...]]:
    held = frame[list(columns)].astype(object)
    return list(held.where(held.notna(), None).itertuples(index=False, name=None))


def test_a_month_that_is_missing_between_two_others_is_a_gap_across_the_year_s_end_too():
    months = paid(("2023-24", 11, 1.1, "a.csv!a!2"), ("2023-24", 11, 2.2, "b.csv!b!2"), ("2024-25", 2, 4.0, "c.csv!c!2"))  # fmt: skip
    found = coverage({"payments": months})
    assert told(found, "financial_year", "month", "status", "rows", "files", "amount") == [
        ("2023-24", datetime.date(2024, 2, 1), "loaded", 2, 2, 3.3), ("2023-24", datetime.date(2024, 3, 1), "gap", 0, 0, None),
        ("2024-25", datetime.date(2024, 4, 1), "gap", 0, 0, None), ("2024-25", datetime.date(2024, 5, 1), "loaded", 1, 1, 4.0),
    ]  # fmt: skip
    assert found["note"][1] == "March 2024 is missing between February 2024 and May 2024"


def test_counts_of_january_are_missing_by_their_calendar_year():
    plans = rows("plans", "year plans", (2019, 5), (2021, 6), setting="mainstream", need="ASD", age_band="all_ages", status="reported")  # fmt: skip
    found = coverage({"plans": plans})
    assert told(found, "financial_year", "status", "amount", "note") == [
        ("2018-19", "loaded", None, None), ("2019-20", "gap", None, "January 2020 is missing between January 2019 and January 2021"),
        ("2020-21", "loaded", None, None),
    ]  # fmt: skip


def budget(*cells: tuple[str, datetime.date, str, str, float]) -> pandas.DataFrame:
    return rows("budget", "financial_year as_at line money amount", *cells, setting="special_independent", phase="primary")  # fmt: skip


def test_a_budget_s_control_total_is_one_kind_of_the_report_in_force_without_the_balance_line():
    frame = budget(
        ("2025-26", datetime.date(2026, 3, 31), "1.2.3", "forecast", 90.0), ("2025-26", datetime.date(2026, 3, 31), "1.2.3", "outturn", 95.0),
        ("2026-27", OCTOBER, "1.2.3", "forecast", 70.0), ("2026-27", NOVEMBER, "1.2.3", "forecast", 71.0),
        ("2026-27", NOVEMBER, "1.2.3", "revised_budget", 50.0), ("2026-27", NOVEMBER, "1.9.3", "forecast", 1000.0),
    )  # fmt: skip
    found = coverage({"budget": frame})
    assert told(found, "financial_year", "rows", "amount", "amount_is") == [
        ("2025-26", 2, 95.0, "Outturn as at 31 March 2026"), ("2026-27", 4, 71.0, "Forecast as at 30 November 2026"),
    ]  # fmt: skip


def test_the_control_total_is_the_figure_that_the_pages_show():
    frame = budget(("2026-27", OCTOBER, "1.2.3", "forecast", 70.0), ("2026-27", NOVEMBER, "1.2.3", "forecast", 71.0), ("2026-27", NOVEMBER, "1.9.3", "forecast", 9.0))  # fmt: skip
    grant = rows("grant", "published_on component amount", (OCTOBER, "after_deductions", 40.0), (NOVEMBER, "before_deductions", 50.0), (NOVEMBER, "after_deductions", 41.5), financial_year="2026-27")  # fmt: skip
    tables = {"budget": frame, "grant": grant}
    amounts = dict(told(coverage(tables), "table", "amount"))
    assert amounts["budget"] == compute("forecast", tables, Selection())["value"].item()
    assert amounts["grant"] == compute("available_grant", tables, Selection())["value"].item()


def test_kinds_of_which_none_stands_for_all_are_series_with_gaps_of_their_own():
    frame = rows("spend_returns", "financial_year stage amount",
                 ("2019-20", "budget", 1.0), ("2020-21", "budget", 2.0), ("2021-22", "budget", 4.0), ("2019-20", "outturn", 8.0), ("2021-22", "outturn", 16.0),
                 detail="line_group", line_group="top_up_independent", setting="not_recorded", phase="not_by_phase", is_income=False)  # fmt: skip
    found = coverage({"spend_returns": frame})
    assert told(found, "series", "financial_year", "status", "amount") == [
        ("Budget return, by published group of lines", "2019-20", "loaded", 1.0), ("Budget return, by published group of lines", "2020-21", "loaded", 2.0),
        ("Budget return, by published group of lines", "2021-22", "loaded", 4.0),
        ("Outturn return, by published group of lines", "2019-20", "loaded", 8.0), ("Outturn return, by published group of lines", "2020-21", "gap", None),
        ("Outturn return, by published group of lines", "2021-22", "loaded", 16.0),
    ]  # fmt: skip


def test_authorities_are_counted_and_money_that_is_not_known_is_no_nought():
    frame = rows("balances", "authority balance balance_share", ("E09000029", None, 0.01), ("E09000002", None, -0.2), financial_year="2020-21", basis="share_of_income")  # fmt: skip
    assert told(coverage({"balances": frame}), "series", "authorities", "amount", "amount_is") == [("Share of income", 2, None, None)]  # fmt: skip


def test_months_of_a_monthly_budget_are_months():
    frame = rows("budget_months", "month money amount", (datetime.date(2026, 4, 1), "actual", 1.0), (datetime.date(2026, 6, 1), "actual", 2.0),
                 financial_year="2026-27", as_at=OCTOBER, line="1.2.3", setting="special_independent", phase="primary")  # fmt: skip
    assert told(coverage({"budget_months": frame}), "series", "month", "status") == [
        ("Actual", datetime.date(2026, 4, 1), "loaded"), ("Actual", datetime.date(2026, 5, 1), "gap"), ("Actual", datetime.date(2026, 6, 1), "loaded"),
    ]  # fmt: skip


def test_nothing_loaded_gives_no_rows_and_derived_tables_are_not_covered():
    assert coverage({}).empty
    assert coverage({"spend": TABLES["spend"].empty(), "payments": TABLES["payments"].empty()}).empty


def test_arguments_are_left_as_they_are():
    frame = paid(("2023-24", 1, 1.1, "a.csv!a!2"))
    copy = frame.copy()
    coverage({"payments": frame})
    pandas.testing.assert_frame_equal(frame, copy)


@pytest.mark.parametrize("name", [name for name, table in TABLES.items() if not table.derived_from and "authority" in table.names and {"financial_year", "year"} & set(table.names)])  # fmt: skip
def test_every_table_that_says_a_year_is_told_of(name: str):
    table = TABLES[name]
    values: dict[str, Any] = {"text": "x", "identifier": "E09000029", "year": "2023-24", "date": OCTOBER, "pounds": 1.5, "number": 1.0, "share": 0.1, "count": 1, "integer": 2021, "flag": True}  # fmt: skip
    row = {column.name: values.get(column.kind) for column in table.columns} | {"source": "a.xlsx!S!2"}
    if "period" in table.names:
        row["period"] = 3
    found = coverage({name: table.conform(pandas.DataFrame([row]))})
    assert found["status"].tolist() == ["loaded"]
