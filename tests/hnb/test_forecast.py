"""Four ways to forecast a year, each figure by hand, and how far each was off in years gone by."""

from __future__ import annotations

import polars
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hnb import years
from hnb.budget_reports import budget_reports
from hnb.forecast import METHODS, added_up, errors, forecasts, months_elapsed, past_forecasts, years_in_common
from hnb.metrics import Selection, Tables
from hnb.store import Snapshot
from tests.hnb.pictures import UNSAID

YEAR, AUTUMN = "2026-27", "2026-10-31"
SUTTON = Selection(authority="E09000029")


def budget(*rows: tuple) -> polars.DataFrame:
    """Rows of (year, as at, line, money, amount)."""
    names = ("financial_year", "as_at", "line", "money", "amount")
    frame = polars.DataFrame([{**UNSAID["budget"], **dict(zip(names, row, strict=True))} for row in rows])
    return frame.with_columns(polars.col("as_at").str.to_date(), polars.col("amount").cast(polars.Float64))


def months(*rows: tuple) -> polars.DataFrame:
    """Rows of (year, as at, line, money, the amounts of the months from April)."""
    found = [
        {**UNSAID["budget_months"], "financial_year": year, "as_at": as_at, "line": line, "money": money,
         "month": month.isoformat(), "amount": float(amount)}
        for year, as_at, line, money, amounts in rows
        for month, amount in zip(years.months_of(year), amounts, strict=False)
    ]  # fmt: skip
    return polars.DataFrame(found, schema=list(UNSAID["budget_months"])).with_columns(
        polars.col("as_at", "month").str.to_date()
    )


# Line 1.2.3 pays late: 40 of its 120 are profiled for the first seven months. Line 1.2.5 pays evenly.
LATE = [0, 5, 5, 5, 5, 10, 10, *[16] * 5]
TABLES = Tables(
    {
        "budget": budget(
            (YEAR, AUTUMN, "1.2.3", "revised_budget", 120), (YEAR, AUTUMN, "1.2.3", "actual_to_date", 44),
            (YEAR, AUTUMN, "1.2.3", "commitment", 80), (YEAR, AUTUMN, "1.2.3", "forecast", 130),
            (YEAR, AUTUMN, "1.2.5", "revised_budget", 12), (YEAR, AUTUMN, "1.2.5", "actual_to_date", 7),
            (YEAR, AUTUMN, "1.2.5", "commitment", 4), (YEAR, AUTUMN, "1.2.5", "forecast", 12),
            ("2025-26", "2025-10-31", "1.2.3", "actual_to_date", 30), ("2025-26", "2025-10-31", "1.2.3", "commitment", 65),
            ("2025-26", "2025-10-31", "1.2.3", "forecast", 90),
            ("2025-26", "2026-03-31", "1.2.3", "outturn", 100),
            ("2024-25", "2025-03-31", "1.2.3", "outturn", 80),
            ("2023-24", "2024-03-31", "1.2.3", "outturn", 70),
        ),
        "budget_months": months(
            (YEAR, AUTUMN, "1.2.3", "profile", LATE), (YEAR, AUTUMN, "1.2.5", "profile", [1] * 12),
            ("2025-26", "2026-03-31", "1.2.3", "profile", [8] * 12), ("2025-26", "2026-03-31", "1.2.3", "actual", [5] * 6 + [7] + [13] * 4 + [11]),
            ("2024-25", "2025-03-31", "1.2.3", "profile", [5] * 12), ("2024-25", "2025-03-31", "1.2.3", "actual", [5] * 7 + [9] * 5),
        ),
    }
)  # fmt: skip


def found(tables: Tables = TABLES, as_at: str = AUTUMN) -> polars.DataFrame:
    return forecasts(tables, SUTTON, budget_reports(tables, SUTTON), YEAR, as_at)


def past(tables: Tables = TABLES, as_at: str = AUTUMN) -> polars.DataFrame:
    return past_forecasts(tables, SUTTON, budget_reports(tables, SUTTON), YEAR, as_at)


@pytest.mark.parametrize(
    ("as_at", "elapsed"),
    [
        ("2026-04-30", 1.0),
        ("2026-10-31", 7.0),
        ("2027-03-31", 12.0),
        ("2026-04-15", 0.5),
        ("2027-02-14", 10.5),
    ],
)
def test_months_elapsed(as_at: str, elapsed: float):
    assert months_elapsed(as_at) == elapsed


def test_each_way_by_hand():
    independent, support = found().iter_rows(named=True)
    assert independent["reported"] == 130.0
    assert independent["commitment"] == 124.0  # 44 + 80
    assert independent["profile"] == 132.0  # 44 × 120 ÷ 40
    assert independent["run_rate"] == 75.43  # 44 × 12 ÷ 7
    assert [support[method] for method in METHODS] == [12.0, 11.0, 12.0, 12.0]


def test_the_lines_add_up_to_the_whole():
    whole = added_up(found()).row(0, named=True)
    assert [whole[method] for method in METHODS] == [142.0, 135.0, 144.0, 87.43]
    assert (whole["actual"], whole["revised_budget"]) == (51.0, 132.0)


def test_a_month_begun_counts_by_its_days():
    tables = Tables(
        {
            "budget": budget((YEAR, "2026-05-15", "1.2.3", "actual_to_date", 30), (YEAR, "2026-05-15", "1.2.3", "forecast", 1)),
            "budget_months": months((YEAR, "2026-05-15", "1.2.3", "profile", [10, 31, *[0] * 10])),
        }
    )  # fmt: skip
    row = found(tables, "2026-05-15").row(0, named=True)
    # One month and 15 of 31 days; 10 + 15 of the profile of 41.
    assert row["run_rate"] == round(30 * 12 / (1 + 15 / 31), 2)
    assert row["profile"] == 49.2  # 30 × 41 ÷ 25


def test_a_report_without_commitment_or_months_lacks_those_two_and_no_other():
    tables = Tables(
        {
            "budget": budget(
                (YEAR, AUTUMN, "1.2.3", "actual_to_date", 7), (YEAR, AUTUMN, "1.2.3", "forecast", 9)
            )
        }
    )
    row = found(tables).row(0, named=True)
    assert [row[method] for method in METHODS] == [9.0, None, None, 12.0]
    assert past(tables).height == 0


def test_a_line_with_nothing_profiled_so_far_cannot_be_forecast_by_it_and_neither_can_the_whole():
    tables = Tables(
        {
            "budget": budget((YEAR, AUTUMN, "1.2.3", "actual_to_date", 7), (YEAR, AUTUMN, "1.2.5", "actual_to_date", 7)),
            "budget_months": months((YEAR, AUTUMN, "1.2.3", "profile", [1] * 12), (YEAR, AUTUMN, "1.2.5", "profile", [0] * 11 + [12])),
        }
    )  # fmt: skip
    assert found(tables)["profile"].to_list() == [12.0, None]
    assert added_up(found(tables))["profile"].to_list() == [None]


def test_past_years_are_forecast_from_the_report_of_the_same_month_or_else_from_their_months():
    before, last = past().sort("financial_year").iter_rows(named=True)
    # 2025-26 from its October report: 30 paid, half... of an even profile 7 of 12 months gone.
    assert last["financial_year"] == "2025-26"
    assert [last[method] for method in METHODS] == [90.0, 95.0, 51.43, 51.43]
    # 2024-25 has no October report: 35 paid by its months, and nothing else was said then that is known.
    assert before["financial_year"] == "2024-25"
    assert [before[method] for method in METHODS] == [None, None, 60.0, 60.0]
    assert (before["outturn"], last["outturn"]) == (80.0, 100.0)


def test_the_errors_by_hand_and_what_was_never_tested_is_missing_not_nought():
    by_method = {
        row["method"]: row for row in errors(added_up(past(), ("financial_year",))).iter_rows(named=True)
    }
    assert list(by_method) == list(METHODS)
    assert (by_method["reported"]["years"], by_method["reported"]["size_share"]) == (1, pytest.approx(0.10))
    assert by_method["commitment"]["lean_share"] == pytest.approx(-0.05)
    # (51.43 − 100) ÷ 100 and (60 − 80) ÷ 80
    assert by_method["run_rate"]["years"] == 2
    assert by_method["run_rate"]["size_share"] == pytest.approx((0.4857 + 0.25) / 2)
    assert (by_method["run_rate"]["first_year"], by_method["run_rate"]["last_year"]) == ("2024-25", "2025-26")
    early = (
        errors(added_up(past(as_at="2026-06-30"), ("financial_year",)))
        .filter(polars.col("method") == "reported")
        .row(0, named=True)
    )
    assert (early["years"], early["size_share"], early["first_year"]) == (0, None, None)


def test_ways_are_compared_on_the_years_that_all_were_tested_on():
    assert years_in_common(added_up(past(), ("financial_year",))) == ("2025-26",)
    # In June no past report was kept: the two ways that months can test have two years.
    assert years_in_common(added_up(past(as_at="2026-06-30"), ("financial_year",))) == ("2024-25", "2025-26")


def test_errors_too_high_and_too_low_lean_to_neither_side_and_are_still_errors():
    frame = polars.DataFrame(
        {"financial_year": ["2023-24", "2024-25", "2025-26"], "outturn": [100.0, 100.0, 0.0], **{m: [110.0, 90.0, 5.0] for m in METHODS}}
    )  # fmt: skip
    row = errors(frame).row(0, named=True)
    assert (row["years"], row["size_share"], row["lean_share"]) == (
        2,
        pytest.approx(0.10),
        pytest.approx(0.0),
    )


POUNDS = st.integers(0, 900_000_00).map(lambda pence: pence / 100)


@settings(max_examples=40, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(["1.0.2", "1.2.1", "1.2.2", "1.2.3", "1.2.10"]),
        st.tuples(POUNDS, POUNDS, POUNDS),
        min_size=1,
    )
)
def test_the_lines_of_every_way_add_up_to_it_to_the_penny(lines):
    rows = [
        (YEAR, AUTUMN, line, money, amount)
        for line, amounts in lines.items()
        for money, amount in zip(("actual_to_date", "commitment", "forecast"), amounts, strict=True)
    ]
    frame = found(
        Tables(
            {
                "budget": budget(*rows),
                "budget_months": months(*((YEAR, AUTUMN, line, "profile", [1] * 12) for line in lines)),
            }
        )
    )
    whole = added_up(frame).row(0, named=True)
    for method in METHODS:
        assert whole[method] == round(sum(frame[method]), 2)
    paid = sum(amounts[0] for amounts in lines.values())
    assert whole["commitment"] == pytest.approx(
        paid + sum(amounts[1] for amounts in lines.values()), abs=0.01 * len(lines)
    )
    # An even profile is the run-rate by another name.
    assert whole["profile"] == pytest.approx(whole["run_rate"], abs=0.02 * len(lines))


def test_the_sample_s_forecasts_are_tested_on_its_closed_years(sample_build):
    tables = Snapshot.open(sample_build.processed)
    tested = added_up(past(tables), ("financial_year",))
    assert tested["financial_year"].to_list() == [
        "2019-20",
        "2020-21",
        "2021-22",
        "2022-23",
        "2023-24",
        "2024-25",
        "2025-26",
    ]
    by_method = {row["method"]: row for row in errors(tested).iter_rows(named=True)}
    assert {name: row["years"] for name, row in by_method.items()} == {
        "reported": 3,
        "commitment": 3,
        "profile": 7,
        "run_rate": 7,
    }
    # Independent providers bill a term in arrears: what the run-rate does not know, and the profile does.
    assert by_method["run_rate"]["lean_share"] < -0.08 < by_method["profile"]["lean_share"]
    assert years_in_common(tested) == ("2023-24", "2024-25", "2025-26")
