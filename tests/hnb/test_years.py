"""Years: every spelling that spreadsheets use, and a sentence for each that could mean two things."""

from __future__ import annotations

import csv
import datetime

import pandas
import pytest
from hypothesis import given
from hypothesis import strategies as some

from hnb import years
from hnb.errors import HnbError

WRITTEN = some.integers(1970, 2098).map(years.written)


@pytest.mark.parametrize(
    ("spelling", "year"),
    [
        ("2023-24", "2023-24"), ("2023/24", "2023-24"), ("2023/2024", "2023-24"), ("2023-2024", "2023-24"),
        ("23-24", "2023-24"), ("23/24", "2023-24"), ("2023_24", "2023-24"), ("2023–24", "2023-24"),
        ("2023 - 24", "2023-24"), (" 2023 to 2024 ", "2023-24"), ("2023 TO 2024", "2023-24"),
        ("202324", "2023-24"), (202324, "2023-24"), (202324.0, "2023-24"), ("20232024", "2023-24"),
        ("202021", "2020-21"), ("2324", "2023-24"), ("201920", "2019-20"),
        ("FY24", "2023-24"), ("FY2024", "2023-24"), ("FY 24", "2023-24"),
        ("FY2023/24", "2023-24"), ("FY23/24", "2023-24"), ("F.Y. 2023-24", "2023-24"),
        ("Financial year 2023-24", "2023-24"), ("Year 2023/24", "2023-24"),
        ("99-00", "1999-00"), ("1999/00", "1999-00"), ("1999-2000", "1999-00"), ("2011-12", "2011-12"),
        ("Apr-14", "2014-15"), ("Mar-14", "2013-14"), ("September 2023", "2023-24"),
        ("2024-03-31", "2023-24"), ("2024-04-01", "2024-25"), ("2024-04-01 00:00:00", "2024-25"),
        (datetime.date(2024, 3, 31), "2023-24"), (datetime.datetime(2024, 4, 1, 9, 30), "2024-25"),
        (pandas.Timestamp("2024-04-01"), "2024-25"),
    ],
)  # fmt: skip
def test_a_spelling_is_read(spelling, year):
    assert years.financial_year(spelling) == year


@pytest.mark.parametrize(
    ("spelling", "why"),
    [
        ("2023", "may be a calendar, an academic or a financial year"),
        (2023, "may be a calendar"), (2023.0, "may be a calendar"),
        ("2021", "or mean 2020-21"), ("1920", "or mean 2019-20"),
        ("23", "does not say which year"), ("200910", "or a month of 2009"), ("201112", "or a month of 2011"),
        ("2012-11", "it may be a month"), ("2023-25", "a year is followed by the next"),
        ("2023-2025", "a year is followed by the next"), ("23-2024", "not a financial year"),
        ("1023-24", "outside the years"), ("2024-23", "a year is followed by the next"),
        ("P5", "does not say which"), ("Month 7", "does not say which"), ("Q2", "does not say which"),
        ("Apr", "does not say which"), ("01/04/2023", "not a financial year"), ("", "not a financial year"),
        ("Total", "not a financial year"), ("2023-24 budget", "not a financial year"),
        ("2024-02-30", "not a date of the calendar"), (None, "not a financial year"), (True, "not a financial year"),
        ("123456789", "not a financial year"), ("12345", "not a financial year"),
    ],
)  # fmt: skip
def test_an_ambiguous_or_unknown_spelling_is_refused_in_a_sentence(spelling, why):
    with pytest.raises(HnbError, match=why) as refusal:
        years.financial_year(spelling)
    assert '"' in str(refusal.value)


@given(WRITTEN)
def test_what_we_write_we_read(year: str):
    assert years.is_financial_year(year)
    assert years.financial_year(year) == year
    assert years.financial_year(f"{year[:4]} to {int(year[:4]) + 1}") == year
    assert years.financial_year(f"FY{int(year[:4]) + 1}") == year


@given(some.dates(datetime.date(1970, 4, 1), datetime.date(2098, 12, 31)))
def test_every_date_is_in_exactly_one_year(date: datetime.date):
    year = years.year_of(date)
    assert years.year_start(year) <= date <= years.year_end(year)
    assert years.financial_year(date.isoformat()) == year


@given(some.text(max_size=12))
def test_no_text_makes_it_fall_over(text: str):
    for read in (years.financial_year, years.month, years.period, years.academic_year):
        try:
            read(text)
        except HnbError as refusal:
            assert str(refusal).startswith('"')


def test_leap_days_belong_to_the_financial_year_that_holds_them():
    assert years.days_in_year("2023-24") == 366  # 29 February 2024
    assert years.days_in_year("2024-25") == 365
    assert years.days_in_year("1999-00") == 366  # 2000 was a leap year


def test_years_follow_each_other():
    assert years.next_year("2023-24") == "2024-25"
    assert years.previous_year("2000-01") == "1999-00"
    assert years.year_range("2022-23", "2024-25") == ("2022-23", "2023-24", "2024-25")
    assert years.year_range("2024-25", "2022-23") == ("2022-23", "2023-24", "2024-25")
    assert years.short("2023-24") == "23-24"
    with pytest.raises(HnbError, match="must look like"):
        years.next_year("2023/24")


def test_a_year_has_twelve_months_from_april():
    months = years.months_of("2023-24")
    assert (months[0], months[8], months[9], months[11], len(months)) == (
        datetime.date(2023, 4, 1), datetime.date(2023, 12, 1), datetime.date(2024, 1, 1),
        datetime.date(2024, 3, 1), 12,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("year", "on"),
    # The school census and SEN2 dates that DfE published.
    [("2021-22", (2022, 1, 20)), ("2022-23", (2023, 1, 19)), ("2023-24", (2024, 1, 18)), ("2024-25", (2025, 1, 16)), ("2025-26", (2026, 1, 15))],
)  # fmt: skip
def test_the_january_count_is_on_the_third_thursday(year: str, on: tuple[int, int, int]):
    assert years.january_count_on(year) == datetime.date(*on)


@given(WRITTEN)
def test_the_january_count_is_always_a_thursday_within_the_year(year: str):
    day = years.january_count_on(year)
    assert (day.weekday(), day.month, years.year_of(day)) == (3, 1, year)
    assert 15 <= day.day <= 21
    assert years.year_of_january(years.january_of(year)) == year


@pytest.mark.parametrize(
    ("spelling", "first"),
    [
        ("Apr-14", (2014, 4)), ("April 2014", (2014, 4)), ("Sept 23", (2023, 9)), ("sep-23", (2023, 9)),
        ("Dec. 2024", (2024, 12)), ("2014-04", (2014, 4)), ("04/2014", (2014, 4)), ("2014-04-30", (2014, 4)),
        ("2023-11", (2023, 11)), (datetime.date(2024, 2, 29), (2024, 2)),
    ],
)  # fmt: skip
def test_a_month_with_its_year_is_read(spelling, first):
    assert years.month(spelling) == datetime.date(*first, 1)


@pytest.mark.parametrize("spelling", ["Apr", "2010-11", "2023-24", "13/2024", "2024-13", "Foo-14", "14", ""])
def test_a_month_that_is_not_sure_is_refused(spelling: str):
    with pytest.raises(HnbError, match="month"):
        years.month(spelling)


@pytest.mark.parametrize(
    ("spelling", "months"),
    [
        ("P5", (5,)), ("p05", (5,)), ("Period 5", (5,)), ("Month 7", (7,)), ("M12", (12,)), ("Mth 1", (1,)),
        ("Q1", (1, 2, 3)), ("Q2", (4, 5, 6)), ("Quarter 4", (10, 11, 12)), ("August", (5,)), ("Mar", (12,)),
    ],
)  # fmt: skip
def test_a_period_counts_from_april(spelling: str, months: tuple[int, ...]):
    assert years.period(spelling) == months


@pytest.mark.parametrize(
    ("spelling", "why"), [("5", "from January or from April"), (5, "from January"), ("P13", "period 12"), ("Q5", "not a period"), ("", "not a period")],
)  # fmt: skip
def test_a_period_that_is_not_sure_is_refused(spelling, why):
    with pytest.raises(HnbError, match=why):
        years.period(spelling)


def test_an_academic_year_runs_from_september():
    assert years.academic_year(datetime.date(2024, 8, 31)) == "2023-24"
    assert years.academic_year(datetime.date(2024, 9, 1)) == "2024-25"
    assert years.academic_year("2024-08-31") == "2023-24"
    assert years.academic_year("Aug-24") == "2023-24"
    assert years.academic_year("2023/24") == "2023-24"
    with pytest.raises(HnbError, match="may be a calendar"):
        years.academic_year("2023")


def test_a_column_is_read_with_its_refusals():
    column = pandas.Series(["2023/24", "2023-24", "2023", None, "2023"], index=[7, 8, 9, 10, 11])
    read, refused = years.financial_years(column)
    assert read.tolist()[:2] == ["2023-24", "2023-24"]
    assert read.isna().tolist() == [False, False, True, True, True]
    assert list(read.index) == [7, 8, 9, 10, 11]
    assert list(refused) == ["2023"]
    assert "may be a calendar" in refused["2023"]


def test_part_year_places_by_hand():
    # 12 places to August and 24 from September: 5/12 of 12 and 7/12 of 24
    assert years.part_year_places(12, 24) == 5 + 14
    assert years.part_year_places(12, 24, post16=True) == 4 + 16
    assert years.part_year_places(140, 140) == 140


def test_part_year_places_give_the_published_deductions(shared_data):
    """Rule 1 against the cells of DfE's deductions for Sutton that have places on both sides of the change."""
    with (shared_data / "expected" / "dsg_sutton_england_all_columns.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["sheet"] == "High_needs_deductions"]
    checked = 0
    for before, after, deduction in zip(rows, rows[1:], rows[2:], strict=False):
        is_triple = "April" in before["header"] and "March" in after["header"] and "places deduction" in deduction["header"]  # fmt: skip
        if not is_triple or not float(deduction["sutton"]):
            continue
        post16 = "July" in before["header"]
        places = years.part_year_places(float(before["sutton"]), float(after["sutton"]), post16=post16)
        # £6,000 for a filled place before 16 in a mainstream base, and for its post-16 places; else £10,000.
        wanted = float(deduction["sutton"])
        rate = min((6_000, 10_000), key=lambda pounds: abs(places * pounds - wanted))
        assert places * rate == pytest.approx(wanted, abs=1), deduction
        checked += 1
    assert checked >= 10
