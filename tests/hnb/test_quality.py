"""The figures of a load's quality, from small tables that can be added up by hand."""

from __future__ import annotations

import datetime

import pandas
import polars

from hnb import quality
from hnb.tables import TABLES

FILES = polars.DataFrame(
    [
        # file, sheet, layout, read, loaded, corrected, refused, ignored, printed, met, £ read, loaded, refused, ignored
        ("m.xlsx", "P7", "budget_monitor", 10, 6, 1, 1, 2, 4, 3, 100.1, 70.2, 19.9, 10.0),
        ("m.xlsx", "Notes", None, 5, 0, 0, 0, 5, 0, 0, None, None, None, None),
        ("p.csv", "p", "payments", 3, 3, 0, 0, 0, 0, 0, 30.3, 30.3, 0.0, 0.0),
    ],
    schema=["file", "sheet", "layout", *quality.ROWS, *quality.TOTALS, *quality.AMOUNTS],
    orient="row",
)

PROBLEMS = polars.DataFrame(
    [
        ("m.xlsx", "refusal", "total_not_met", 0), ("m.xlsx", "refusal", "total_not_met", 0), ("m.xlsx", "note", "hidden_rows", 0),
        ("m.xlsx", "refusal", "unknown_code", 1), ("p.csv", "note", "duplicate_rows", 0), ("p.csv", "note", "hidden_rows", 0),
    ],
    schema=["file", "severity", "what", "rows"],
    orient="row",
)  # fmt: skip


def changed(*rows: tuple[str, str, str, str | None, int, float | None]) -> pandas.DataFrame:
    """Changes by sheet: table, file, date of the report, kind, new rows, difference in pounds."""
    frame = pandas.DataFrame(
        rows, columns=["table", "file", "reported_on", "kind", "rows_new", "amount_difference"]
    )
    counts = {
        "rows_before": 0,
        "rows_now": 1,
        "rows_changed": 0,
        "rows_vanished": 0,
        "is_first": False,
        "amount_before": 0.0,
        "amount_now": 1.0,
    }
    given = frame.assign(cut="by_sheet", sheet="S", **counts)
    return TABLES["load_changes"].conform(given.assign(reported_on=pandas.to_datetime(given["reported_on"])))  # fmt: skip


def test_the_whole_account_adds_up():
    whole = quality.account(FILES).row(0, named=True)
    assert (whole["sheets"], *(whole[name] for name in quality.ROWS)) == (3, 18, 9, 1, 1, 7)
    assert whole["rows_read"] == sum(whole[name] for name in quality.ROWS[1:])
    assert (whole["totals_printed"], whole["totals_met"], whole["totals_met_share"]) == (4, 3, 0.75)
    assert tuple(whole[name] for name in quality.AMOUNTS) == (130.4, 100.5, 19.9, 10.0)


def test_the_account_by_file_divides_nothing_by_nought_and_knows_no_money_from_nought():
    by_file = quality.account(FILES, ("file",))
    assert by_file.select("file", "sheets", "totals_met_share").rows() == [("m.xlsx", 2, 0.75), ("p.csv", 1, None)]  # fmt: skip
    by_sheet = quality.account(FILES, ("file", "sheet"))
    assert by_sheet["amount_refused"].to_list() == [19.9, None, 0.0]


def test_pandas_frames_and_files_without_money_are_taken_as_well():
    older = TABLES["files"].conform(FILES.drop(quality.AMOUNTS).to_pandas())
    whole = quality.account(older).row(0, named=True)
    assert whole["rows_read"] == 18
    assert whole["amount_read"] is None


def test_no_files_give_noughts():
    whole = quality.account(TABLES["files"].empty()).row(0, named=True)
    assert whole["rows_read"] == 0
    assert whole["totals_met_share"] is None


def test_kinds_of_problems_come_causes_before_effects_and_refusals_before_notes():
    assert quality.problem_kinds(PROBLEMS).rows() == [
        ("refusal", "unknown_code", 1, 1), ("refusal", "total_not_met", 2, 0), ("note", "hidden_rows", 2, 0), ("note", "duplicate_rows", 1, 0),
    ]  # fmt: skip
    by_file = quality.problem_kinds(PROBLEMS, ("file",))
    assert by_file.filter(polars.col("what") == "hidden_rows")["file"].to_list() == ["m.xlsx", "p.csv"]


def test_changes_add_rows_always_and_pounds_only_of_one_kind_and_report():
    frame = changed(
        ("budget", "m.xlsx", "2026-10-31", "Forecast", 2, 10.1),
        ("budget", "m.xlsx", "2026-10-31", "Revised budget", 2, 5.0),
        ("payments", "p.csv", None, None, 1, 3.3),
        ("payments", "p.csv", None, None, 1, -1.1),
    )
    by_file = quality.changes(frame, "by_sheet", ("table", "file"))
    assert by_file.select("file", "rows_new", "amount_difference").rows() == [("m.xlsx", 4, None), ("p.csv", 2, 2.2)]  # fmt: skip
    by_kind = quality.changes(frame, "by_sheet", ("file", "financial_year", "reported_on", "kind"))
    assert by_kind["amount_difference"].to_list() == [10.1, 5.0, 2.2]
    assert by_kind["reported_on"][0] == datetime.date(2026, 10, 31)
    assert quality.changes(frame, "by_line", ("line",)).is_empty()
    assert quality.changes(frame, "by_sheet", ())["rows_new"].to_list() == [6]


def test_the_first_load_is_told():
    assert not quality.is_first_load(changed(("payments", "p.csv", None, None, 1, 3.3)))
    assert quality.is_first_load(changed(("payments", "p.csv", None, None, 1, 3.3)).assign(is_first=True))
    assert not quality.is_first_load(TABLES["load_changes"].empty())


def test_gaps_are_the_rows_of_coverage_that_hold_nothing():
    coverage = polars.DataFrame({"table": ["payments"] * 3, "status": ["loaded", "gap", "loaded"]})
    assert quality.gaps(coverage).height == 1
