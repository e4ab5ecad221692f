"""The workbook of a table: its total is a formula where the column adds, and a value that says so where it does not."""

from __future__ import annotations

import datetime
import io
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.components.records import RecordColumn
from dashboard.data import Data
from dashboard.exports import download
from dashboard.listing import Listing, listing_file, listing_table
from dashboard.table_file import TableFile
from hnb.metrics import MEASURES, Selection, compute
from tests.dashboard.reading import elements, text
from tests.dashboard.snapshots import SUTTON


def book(file: TableFile, *, values: bool = False) -> Any:
    return openpyxl.load_workbook(io.BytesIO(file.to_xlsx()), data_only=values)


def listing(data: Data, rows: list[dict[str, Any]], whole: dict[str, Any] | None) -> TableFile:
    """A listing of a name, pounds, a share and a day."""
    columns = [
        RecordColumn("name", "Line"),
        RecordColumn("amount", "£", "pounds"),
        RecordColumn("share", "Share", "share"),
        RecordColumn("on", "On", "date"),
    ]
    return listing_file(
        Listing("Lines", "Lines, 2025-26", columns, rows, whole, caution="By hand.", tables=("spend",)), data
    )


ROWS = [
    {"name": "Ash", "amount": 10.10, "share": 0.5, "on": datetime.date(2026, 3, 31)},
    {"name": "Oak", "amount": 20.20, "share": 0.7, "on": None},
]


def test_a_total_that_adds_is_a_formula_with_its_value_beside_it(data: Data) -> None:
    file = listing(data, ROWS, {"name": "All", "amount": 30.30, "share": 0.6})
    formulas, values = book(file)["Data"], book(file, values=True)["Data"]
    assert formulas["B4"].value == "=SUM(B2:B3)"
    assert values["B4"].value == 30.30
    assert formulas["A4"].value == "All"
    assert formulas["B4"].font.bold
    assert formulas["B4"].number_format == formulas["B2"].number_format


def test_a_total_that_does_not_add_is_a_value_and_the_file_says_so(data: Data) -> None:
    file = listing(data, ROWS, {"name": "All", "amount": 31.00, "share": 0.6})
    assert book(file)["Data"]["B4"].value == 31.00
    assert book(file)["Data"]["C4"].value == 0.6
    about = {row[0].value: row[1].value for row in book(file)["About"].iter_rows()}
    assert about["Total"].endswith("not the sum of the rows above: £, Share.")
    assert about["Caution"] == "By hand."


def test_a_column_with_a_missing_figure_has_no_formula(data: Data) -> None:
    rows = [{**ROWS[0]}, {**ROWS[1], "amount": None}]
    assert book(listing(data, rows, {"name": "All", "amount": 10.10}))["Data"]["B4"].value == 10.10


def test_without_a_total_or_a_row_there_is_no_formula(data: Data) -> None:
    assert book(listing(data, ROWS, None))["Data"].max_row == 3
    assert book(listing(data, [], {"name": "All", "amount": 0.0}))["Data"]["B2"].value == 0


def test_the_header_stays_the_rows_can_be_filtered_and_the_total_is_left_out_of_it(data: Data) -> None:
    sheet = book(listing(data, ROWS, {"name": "All", "amount": 30.30}))["Data"]
    assert sheet.freeze_panes == "B2"
    assert sheet.auto_filter.ref == "A1:D3"
    assert sheet.print_title_rows == "$1:$1"
    assert all(10 <= sheet.column_dimensions[name].width <= 61 for name in "ABCD")


def test_a_date_is_a_date_in_the_workbook_and_iso_in_the_csv(data: Data) -> None:
    file = listing(data, ROWS, None)
    assert book(file)["Data"]["D2"].value == datetime.datetime(2026, 3, 31)
    assert book(file)["Data"]["D2"].number_format == "d mmmm yyyy"
    assert "2026-03-31" in file.to_csv().decode("utf-8-sig")


def test_the_sources_are_the_sheets_that_feed_the_table(data: Data) -> None:
    sheet = book(listing(data, ROWS, None))["Sources"]
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0] == ("File", "Sheet", "Rows loaded")
    assert sheet.freeze_panes == "A2"
    loaded = data.table("files").filter(
        data.table("files")["tables"].fill_null("").str.contains("placements|budget")
    )
    assert {row[0] for row in rows[1:]} == set(loaded["file"])


@pytest.mark.parametrize("evil", ["=1+1", "+1", "@SUM(A1)", "-2", '=cmd|"/c calc"!A1'])
def test_no_cell_of_ours_runs_what_a_workbook_brought(data: Data, evil: str) -> None:
    file = listing(data, [{**ROWS[0], "name": evil}], {"name": evil, "amount": 10.10})
    cells = [cell for row in book(file)["Data"].iter_rows() for cell in row if cell.data_type == "f"]
    assert [cell.value for cell in cells] == ["=SUM(B2:B2)"]
    assert f"'{evil}" in file.to_csv().decode("utf-8-sig").replace('""', '"')


@pytest.mark.parametrize("measure", MEASURES)
def test_the_total_of_an_answer_is_the_answer_that_is_not_split(data: Data, measure: str) -> None:
    by = tuple(name for name in MEASURES[measure].dimensions if name in ("setting", "financial_year"))[-1:]
    file = download(MEASURES[measure], data, Selection(), by)
    whole = compute(measure, data, Selection(authority=SUTTON))
    total = file.total()
    if not whole.height:
        assert total is None
        return
    heading = next(
        place for place, name in enumerate(file.headings) if name.startswith(MEASURES[measure].title)
    )
    assert total is not None
    assert total[heading] == whole["value"][0] or whole["value"][0] is None
    column = openpyxl.utils.get_column_letter(heading + 1)
    values = book(file.table, values=True)["Data"]
    assert values[f"{column}{values.max_row}"].value == pytest.approx(whole["value"][0])
    if not MEASURES[measure].denominator and not MEASURES[measure].is_stock:
        assert str(book(file.table)["Data"][f"{column}{values.max_row}"].value).startswith("=SUM(")


def test_what_adds_over_settings_does_not_add_over_years_for_a_count_on_a_day(data: Data) -> None:
    by_setting, by_year = (
        download(MEASURES["placements"], data, Selection(), (name,)) for name in ("setting", "financial_year")
    )
    assert len(by_setting.table.summed) == 2
    assert by_year.table.summed == ()


@given(
    amounts=st.lists(st.integers(-(10**11), 10**11).map(lambda pence: pence / 100), min_size=1, max_size=60)
)
def test_pounds_to_the_penny_always_add_up_to_their_total(data: Data, amounts: list[float]) -> None:
    rows = [{"name": "x", "amount": amount} for amount in amounts]
    total = round(sum(round(amount * 100) for amount in amounts) / 100, 2)
    file = listing(data, rows, {"name": "All", "amount": total})
    assert 1 in file.summed
    off = listing(data, rows, {"name": "All", "amount": total + 0.01})
    assert 1 not in off.summed


def test_the_screen_and_the_file_show_the_same_total(data: Data) -> None:
    columns = [RecordColumn("name", "Line"), RecordColumn("amount", "£", "pounds")]
    made = Listing("Lines", "Lines", columns, ROWS, {"name": "All", "amount": 30.30})
    assert text(elements(listing_table(made), "Tfoot")) == "All£30"
    assert book(listing_file(made, data), values=True)["Data"]["B4"].value == 30.30
