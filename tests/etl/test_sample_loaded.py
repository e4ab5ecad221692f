"""The sample's workbooks look like real ones, and load clean: what was meant comes back to the penny."""

from __future__ import annotations

import datetime
from pathlib import Path

import pandas
import pytest
from openpyxl import Workbook, load_workbook

from etl.pipeline import Report, build
from etl.pseudonyms import pseudonym
from etl.sample import YEARS, Truth
from etl.sample.facts import FACTS, published_plans
from hnb import years
from hnb.configuration import parse
from hnb.tables import TABLES

KEY = bytes(32)
NOW = datetime.datetime(2026, 11, 5, 12, 0, tzinfo=datetime.UTC)


@pytest.fixture(scope="module")
def report(sample: Truth, tmp_path_factory: pytest.TempPathFactory) -> Report:
    """The build of the whole sample."""
    return build(
        sample.files[0].parent,
        tmp_path_factory.mktemp("processed"),
        parse({}, {}),
        pupil_key=KEY,
        now=NOW,
        code_version="test",
    )


# -- it loads clean


def test_nothing_is_refused(report: Report):
    assert [problem.sentence() for problem in report.refusals] == []
    assert report.snapshot is not None


def test_every_sheet_is_known_and_every_row_accounted_for(report: Report):
    for sheet in report.sheets:
        assert sheet.layout or sheet.reasons, sheet
        assert sheet.rows_read == sheet.rows_loaded + sheet.rows_refused + sheet.rows_ignored, sheet


def test_every_printed_total_is_met(report: Report):
    assert sum(sheet.totals_printed for sheet in report.sheets) > 20_000
    assert all(sheet.totals_met == sheet.totals_printed for sheet in report.sheets)


# -- what was meant comes back


@pytest.mark.parametrize(
    "table",
    [
        "budget",
        "budget_months",
        "placements",
        "grant",
        "balances",
        "plans",
        "population",
        "neighbours",
        "area_totals",
        "recommendations",
        "recommendation_updates",
    ],
)
def test_what_was_meant_comes_back_to_the_penny(sample: Truth, report: Report, table: str):
    meant, loaded = sample.tables[table].copy(), report.tables[table].copy()
    if table == "placements":
        meant["pupil_id"] = [pseudonym(reference, KEY) for reference in meant["pupil_id"]]
    if table == "plans":
        # One of our settings stands in several of the source's rows: the names come back as printed there.
        assert set(loaded["setting_detail"].dropna()) <= set(meant["setting_detail"]) | set(loaded["setting"])
    key = [name for name in TABLES[table].key if name in meant]
    meant, loaded = (
        frame.assign(**{name: frame[name].astype(str) for name in key}).sort_values(key, ignore_index=True)
        for frame in (meant, loaded)
    )
    assert len(meant) == len(loaded)
    for column in TABLES[table].columns:
        if column.name == "source" or column.name not in meant:
            continue
        if column.kind in ("pounds", "number", "share", "count", "integer"):
            left, right = (
                pandas.to_numeric(frame[column.name]).astype("float64") for frame in (meant, loaded)
            )
            assert (left.isna() == right.isna()).all(), column.name
            assert ((left - right).abs().fillna(0) < 0.005).all(), column.name
        else:
            left, right = (
                frame[column.name].astype(object).where(frame[column.name].notna(), None)
                for frame in (meant, loaded)
            )
            assert left.astype(str).tolist() == right.astype(str).tolist(), column.name


@pytest.mark.parametrize("january", [2020, 2021, 2022, 2023, 2024, 2025])
def test_the_spend_table_counts_the_published_plans(report: Report, january: int):
    spend = report.tables["spend"]
    of_year = spend[spend["financial_year"].astype(str) == years.year_of_january(january)]
    counted = of_year.groupby(of_year["setting"].astype(str))["placements"].sum()
    assert counted[counted > 0].to_dict() == {
        setting: plans for setting, plans in published_plans()[january].items() if plans
    }


@pytest.mark.parametrize("year", list(FACTS["outturn"]))
def test_the_spend_table_adds_up_to_the_published_outturn(report: Report, year: str):
    spend = report.tables["spend"]
    of_year = spend[spend["financial_year"].astype(str) == year]
    parts = of_year.groupby(of_year["part"].astype(str))["amount"].sum()
    assert round(parts.sum() - parts["places"]) == FACTS["outturn"][year]
    assert 0 < parts["not_explained"] / (parts["placements"] + parts["not_explained"]) < 0.005


# -- it looks like real workbooks


class Books:
    """The sample's workbooks, each opened when it is first asked for, with openpyxl: not the reader of the build."""

    def __init__(self, sample: Truth) -> None:
        self.paths = {path.stem: path for path in sample.files}
        self.rows: dict[tuple[str, str], list[tuple[object, ...]]] = {}

    def open(self, book: str) -> Workbook:
        """The workbook with its formats; slow for a register."""
        return load_workbook(self.paths[book])

    def cells(self, book: str, sheet: str) -> list[tuple[object, ...]]:
        """The values of a sheet, row by row."""
        if (book, sheet) not in self.rows:
            opened = load_workbook(self.paths[book], read_only=True)
            rows = list(opened[sheet].iter_rows(values_only=True, max_row=800))
            width = max(map(len, rows))
            self.rows[book, sheet] = [(*row, *[None] * (width - len(row))) for row in rows]
            opened.close()
        return self.rows[book, sheet]

    def register(self, year: str) -> list[tuple[object, ...]]:
        """The first rows of a year's register."""
        return self.cells(f"placement_register_{year}", "Register")


@pytest.fixture(scope="module")
def books(sample: Truth) -> Books:
    return Books(sample)


def test_there_is_a_register_a_year_a_report_a_closed_year_and_a_monitor_a_month(sample: Truth):
    names = {path.name for path in sample.files}
    assert {f"placement_register_{year}.xlsx" for year in YEARS} <= names
    assert {f"budget_outturn_{year}.xlsx" for year in YEARS[:-1]} <= names
    assert {f"budget_monitor_{YEARS[-1]}_P{period:02d}.xlsx" for period in range(1, 8)} <= names
    assert {"funding_and_balance.xlsx", "recommendations_register.xlsx"} <= names


def test_titles_stand_above_the_headings_and_footnotes_below_the_table(books: Books):
    rows = books.cells("budget_outturn_2024-25", "Outturn")
    assert rows[0][0] == "High needs budget outturn 2024-25"
    assert rows[-1][0].startswith("Note 2:")


def test_years_are_spelt_in_many_ways(books: Books):
    titles = [str(books.register(year)[0][0]) for year in YEARS]
    titles += [str(books.cells(f"budget_outturn_{year}", "Outturn")[0][0]) for year in YEARS[:-1]]
    for spelling in ("2019/20", "FY22", "2022-23", "2024–25", "2022 to 2023", "FY24"):
        assert any(spelling in title for title in titles), spelling


def test_headings_have_line_breaks_double_spaces_and_two_merged_rows(books: Books):
    old = books.register("2019-20")[3]
    assert "Pupil\nref" in old
    assert "Primary  need" in old
    monitor = books.open("budget_monitor_2026-27_P07")["Monitor P7"]
    assert {str(merged) for merged in monitor.merged_cells.ranges} == {"D5:E5", "F5:G5", "H5:I5"}


def test_a_row_of_units_stands_under_the_headings_of_some_years(books: Books):
    assert "£" in books.register("2021-22")[4]
    assert "£" not in books.register("2024-25")[4]


def test_one_year_is_in_thousands(books: Books):
    units = {year: books.cells(f"budget_outturn_{year}", "Outturn")[2][0] for year in YEARS[:-1]}
    assert units["2020-21"] == "All figures in £'000"
    assert set(units.values()) == {"All figures in £", "All figures in £'000"}


def test_subtotals_and_a_total_stand_among_the_lines(books: Books):
    first = [row[0] for row in books.cells("budget_outturn_2023-24", "Outturn")]
    assert "Subtotal 1.2.3" in first
    assert "Total high needs" in first


def test_some_amounts_are_text(books: Books):
    typed = [
        value
        for row in books.cells("budget_outturn_2022-23", "Outturn")
        for value in row[3:7]
        if isinstance(value, str)
    ]
    assert any(value.startswith("(£") for value in typed)
    assert any(value.endswith("m") for value in typed)


def test_codes_are_numbers_one_year_and_text_the_next(books: Books):
    for year, kind in {"2019-20": int, "2021-22": str}.items():
        assert isinstance(books.register(year)[6][8], kind)


def test_dates_are_text_one_year_and_dates_the_next_and_open_ends_are_words(books: Books):
    first, second = (books.register(year)[6:200] for year in ("2019-20", "2020-21"))
    assert all(isinstance(row[11], str) for row in first)
    assert all(isinstance(row[11], datetime.datetime) for row in second)
    assert "ongoing" in {row[12] for row in first}


def test_settings_are_in_case_codes_then_in_the_returns_words_then_in_the_councils(books: Books):
    def spelt(year: str) -> set[object]:
        return {row[4] for row in books.register(year)}

    assert "E_MSS" in spelt("2019-20")
    assert "Special - LA maintained" in spelt("2021-22")
    assert "Opportunity base" in spelt("2024-25")


def test_a_column_comes_for_one_year_and_goes(books: Books):
    having = [year for year in YEARS if "Return checked" in books.register(year)[3]]
    assert having == ["2022-23"]


def test_some_needs_say_nothing(books: Books):
    needs = {row[2] for year in YEARS for row in books.register(year)}
    assert needs & {"tbc", "N/A", "unknown", "-"}


def test_there_are_hidden_sheets_and_covers(books: Books):
    report = books.open("budget_outturn_2024-25")
    assert report["Lists"].sheet_state == "hidden"
    assert "Cover" in report.sheetnames


def test_labels_have_en_dashes(books: Books):
    settings = {str(row[1]) for row in books.cells("budget_outturn_2024-25", "Outturn")}
    assert "Non–maintained special school" in settings


def test_no_register_has_a_name_a_birthday_a_upn_or_a_postcode(books: Books):
    for year in YEARS:
        headings = " ".join(str(value) for value in books.register(year)[3]).lower()
        assert not any(word in headings for word in ("name", "birth", "dob", "upn", "postcode", "initials"))
    notes = [row[23] for row in books.register("2024-25")[4:]]
    assert set(notes) == {None}


def test_files_are_where_they_were_said_to_be(sample: Truth):
    assert all(isinstance(path, Path) and path.is_file() for path in sample.files)
