"""The real files, as published: each is read, by the reader that can, to the cells that another program found."""

from __future__ import annotations

import csv
import time
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from etl.workbooks import CellError, Reading, Sheet, read_file

reading_of = cache(read_file)


def sheets_of(reading: Reading) -> dict[str, Sheet]:
    return {sheet.name: sheet for sheet in reading.sheets}


def row_with(sheet: Sheet, *values: object) -> list[object]:
    """The first row that holds all of the values."""
    return next(row for row in sheet.rows if all(value in row for value in values))


DSG = [
    ("dsg_allocations_2020-21_2021_11_18.ods", "Information_2020_to_2021", 168, 8, 42_063_276),
    ("dsg_allocations_2021-22_2022_07_18.ods", "Information_2021_to_2022", 169, 9, 46_741_795),
    ("dsg_allocations_2022-23_2023_07_20.ods", "Information_2022_to_2023", 169, 11, 52_281_860),
]


@pytest.mark.parametrize(("name", "first", "rows", "width", "sutton"), DSG)
def test_dsg_allocations(published: Path, name: str, first: str, rows: int, width: int, sutton: int) -> None:
    reading = reading_of(published / name)
    assert [(p.what, p.severity) for p in reading.problems] == [("fallback_reader", "note")]
    sheets = sheets_of(reading)
    assert list(sheets) == [
        first, "Allocations_summary", "Schools_block_and_CSSB", "High_needs_block", "High_needs_deductions", "Early_years_block",
    ]  # fmt: skip
    assert {sheet.reader for sheet in reading.sheets} == {"odfpy"}
    block = sheets["High_needs_block"]
    assert (len(block.rows), block.width) == (rows, width)
    assert round(row_with(block, "Sutton")[-1]) == sutton  # type: ignore[call-overload]
    assert str(block.rows[0][0]).startswith("Dedicated schools grant")
    # merged ranges tell how far the deductions' three rows of labels reach
    assert len(sheets["High_needs_deductions"].merged) == 25


def test_dsg_authority_codes_are_as_typed(published: Path) -> None:
    """Text in 2020-21, numbers later: neither is turned into the other here."""
    by_year = [
        row_with(sheets_of(reading_of(published / name))["High_needs_block"], "Sutton")[0] for name, *_ in DSG
    ]
    assert [str(code) for code in by_year] == ["319"] * 3
    assert isinstance(by_year[0], str)
    assert isinstance(by_year[1], int)


def test_a_blank_of_one_space_is_kept(published: Path) -> None:
    assert sheets_of(reading_of(published / DSG[0][0]))["High_needs_block"].rows[2][0] == " "


def test_dsg_balances(published: Path) -> None:
    """openpyxl raises KeyError on this one: its drawing part is missing."""
    (sheet,) = reading_of(published / "dsg_cumulative_balance_pct_2019-20_to_2021-22.xlsx").sheets
    assert (sheet.name, sheet.reader, len(sheet.rows), sheet.width) == ("Sheet 1", "calamine", 479, 7)
    assert sum("Sutton" in row for row in sheet.rows) == 3


def test_section_251_errors_are_all_seen(published: Path) -> None:
    reading = reading_of(published / "s251_high_needs_benchmark_2021-22_budget_and_outturn.xlsx")
    (sheet,) = reading.sheets
    assert reading.problems == ()
    assert Counter(fault.text for fault in sheet.faults) == {"#REF!": 2310, "#N/A": 294, "#DIV/0!": 56}
    in_rows = Counter(str(value) for row in sheet.rows for value in row if isinstance(value, CellError))
    assert in_rows == {"#REF!": 2310, "#N/A": 294, "#DIV/0!": 56}
    assert (sheet.first_row, len(sheet.rows), sheet.width) == (1, 161, 119)
    assert sheet.faults[0].address == "AR8"


def test_ehc_plans_are_read_in_place(published: Path) -> None:
    reading = reading_of(published / "ees_education-health-and-care-plans_2025.zip")
    sheets = sheets_of(reading)
    assert len(sheets) == 14
    caseload = sheets["caseload"]
    assert caseload.file == "ees_education-health-and-care-plans_2025.zip/data/caseload.csv"
    assert (len(caseload.rows), caseload.width, caseload.encoding) == (25_340, 60, "utf-8-sig")
    assert caseload.rows[0][0] == "time_period"
    assert [(p.what, p.severity) for p in reading.problems] == [("ignored_member", "note")]
    assert "data-guidance/data-guidance.txt" in reading.problems[0].found


def test_sutton_payments(shared_data: Path, published: Path) -> None:
    """Rows, columns and the printed total of each month, as an independent program read them."""
    with (shared_data / "expected" / "sutton_spend_control_totals.csv").open(encoding="utf-8") as file:
        expected = list(csv.DictReader(file))
    assert len(expected) == 11
    for month in expected:
        reading = reading_of(published / "sutton_spend_over_500" / f"sutton_{month['file'].split('/')[1]}")
        (sheet,) = reading.sheets
        assert reading.problems == ()
        assert (sheet.reader, sheet.encoding) == ("csv", month["encoding"])
        assert sheet.width == int(month["n_cols"])
        total = month["printed_footer_total"]
        data = [row for row in sheet.rows[1:] if any(value is not None for value in row)]
        assert len(data) == int(month["data_rows"]) + bool(total)
        if total:
            printed = [value for value in data[-1] if value is not None]
            assert [float(str(value).replace(",", "").replace("£", "")) for value in printed] == [
                float(total)
            ]


def test_section_251_outturn_totals(shared_data: Path) -> None:
    files = sorted((shared_data / "reference").glob("s251_outturn_bucket_totals_*.json"))
    assert len(files) == 8
    for path in files:
        (sheet,) = reading_of(path).sheets
        assert sheet.rows[0] == [
            "key", "la_name", "la_code", "year", "education_breakdown.name", "education_breakdown.value", "total",
        ]  # fmt: skip
        sutton = [row for row in sheet.rows if row[2] == "E09000029"]
        assert sum(row[5] for row in sutton) == pytest.approx(sutton[0][6], abs=len(sutton))
    latest = sheets_of(reading_of(files[-1]))[files[-1].stem]
    assert row_with(latest, "E09000029", "High needs (SEND)")[5] == 58_963_838


def test_the_reference_workbook(shared_data: Path) -> None:
    (sheet,) = reading_of(shared_data / "reference" / "statistical_neighbours_may_2025.xlsx").sheets
    assert (sheet.name, sheet.reader) == ("LA SN Groups", "calamine")
    assert any("Sutton" in row for row in sheet.rows)


@pytest.mark.slow
def test_the_whole_set_is_read_in_a_few_seconds(published: Path) -> None:
    start = time.process_time()
    readings = [read_file(path) for path in sorted(published.rglob("*")) if path.is_file()]
    assert len(readings) == 17
    assert not [p for reading in readings for p in reading.problems if p.severity == "refusal"]
    # the parent's own share; the child's workbooks add about four seconds, nearly all of them odfpy's
    assert time.process_time() - start < 15
