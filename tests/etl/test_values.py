"""Every spelling of `domain.md` (What real spreadsheets do) as one cell, and the sentences for what cannot be read."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.cells import NEVER_CALCULATED, CellError
from etl.values import (
    Absent,
    Reader,
    Refused,
    cell_text,
    date,
    flag,
    line_code,
    number,
    read_all,
    share,
    whole,
)


@pytest.mark.parametrize(
    ("printed", "pounds"),
    [
        ("£8,786", 8786), ("-£8,786,000", -8_786_000), ("(£327,000)", -327_000), ("£0.347m", 347_000),
        ("£23.583M", 23_583_000), ("£1.5mil", 1_500_000), (" 1,166.40 ", 1166.40), ("£-5", -5), ("−5", -5),
        ("12 k", 12_000), ("5-", -5), ("7.50CR", -7.5), (1200, 1200), (0.1, 0.1), ("0", 0), ("1,000,000", 1_000_000),
    ],
)  # fmt: skip
def test_money_in_every_spelling(printed, pounds):
    assert number(printed) == pytest.approx(pounds, abs=1e-9)


@pytest.mark.parametrize(
    "printed",
    ["", "n/a", "1,2345", "(5", "5)", "-(5)", "12 places", "1.2.3", "£", "-", "1 2", True, float("nan")],
)
def test_what_is_no_number_is_refused_and_never_nought(printed):
    assert isinstance(number(printed), Refused)


def test_a_suffix_in_the_cell_is_not_multiplied_again():
    assert number("£0.5m", factor=1000) == 500_000
    assert number("500", factor=1000) == 500_000


@given(st.integers(-(10**12), 10**12))
def test_a_sum_printed_with_commas_reads_back(pence):
    pounds = pence / 100
    printed = f"(£{-pounds:,.2f})" if pounds < 0 else f"£{pounds:,.2f}"
    assert number(printed) == pytest.approx(pounds, abs=0.001)


@pytest.mark.parametrize(
    ("printed", "day"),
    [
        ("31/03/2024", (2024, 3, 31)), ("2024-03-31", (2024, 3, 31)), ("31st March 2024", (2024, 3, 31)), ("31-Mar-24", (2024, 3, 31)),
        ("2021_11_18", (2021, 11, 18)), ("Thursday 16 January 2025", (2025, 1, 16)), (datetime.datetime(2024, 3, 31), (2024, 3, 31)),
        ("2024-03-31 00:00:00", (2024, 3, 31)), ("1.4.24", (2024, 4, 1)), (45382, (2024, 3, 31)), ("45382", (2024, 3, 31)),
    ],
)  # fmt: skip
def test_dates_day_first(printed, day):
    assert date(printed) == datetime.date(*day)


@pytest.mark.parametrize("printed", ["30/02/2024", "12/31/2024", "March", 4538, 61_000, "soon", True])
def test_what_is_no_date_is_refused(printed):
    assert isinstance(date(printed), Refused)


def test_shares_flags_and_whole_numbers():
    assert share("12%") == pytest.approx(0.12)
    assert share(12, 0.01) == pytest.approx(0.12)
    assert [flag(cell) for cell in ("Yes", "n", True, 0, "FALSE")] == [True, False, True, False, False]
    assert isinstance(flag("maybe"), Refused)
    assert whole("1,653") == 1653
    assert isinstance(whole(1.5), Refused)


def test_a_line_is_matched_on_its_code_exactly_and_its_title_checked():
    assert line_code("1.2.1 Top-up funding – maintained schools") == "1.2.1"
    assert line_code("1.2.10") == "1.2.10"
    assert line_code("SEN support services") == "1.2.5"
    assert line_code("1.2.1 something local") == "1.2.1"
    assert line_code("1.2.1 SEN support services").what == "line_title"
    assert isinstance(line_code("9.9.9"), Refused)


def test_a_cell_with_an_error_says_which():
    assert Reader("pounds")(CellError("#REF!")).what == "error_cell"
    assert Reader("text")(CellError(NEVER_CALCULATED)).what == "uncached_formula"


def test_symbols_for_missing_are_absent_and_not_numbers():
    reader = Reader("count", symbols={"x": "not_available"})
    assert reader("x") == Absent("not_available")
    assert reader("12") == 12


def test_blank_values_and_otherwise_are_as_the_layout_says():
    assert Reader("code", "phases", blank="not_by_phase")(None) == "not_by_phase"
    assert Reader("code", "phases")("  ") is None
    lookup = Reader("line_code", values={"a56002": "1.2.3"}, otherwise="")
    assert [lookup("A56002"), lookup("A00000")] == ["1.2.3", None]


def test_an_unknown_code_names_the_nearest_and_where_to_add_it():
    refused = Reader("code", "settings")("Independant special school")
    assert refused.what == "unknown_code"
    assert "special_independent" in refused.action
    assert "hnb/codes/settings.toml" in refused.action


def test_a_pupils_identifier_becomes_a_hash_that_needs_the_key():
    one, other = Reader("pseudonym", key=b"a" * 32), Reader("pseudonym", key=b"b" * 32)
    assert one("h801 2345") == one("H8012345") != other("H8012345")
    assert "8012345" not in one("H8012345")


def test_each_distinct_cell_is_read_once_and_true_is_not_one():
    calls = []
    assert read_all([1, 1, 2], lambda cell: calls.append(cell) or cell * 2) == [2, 2, 4]
    assert len(calls) == 2
    assert read_all([True, 1], cell_text) == ["yes", "1"]
