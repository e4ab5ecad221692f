"""The sentences about a load, by hand."""

from __future__ import annotations

import polars
import pytest

from hnb import load_findings


def account(
    read: float | None, loaded: float = 0.0, refused: float = 0.0, ignored: float = 0.0
) -> dict[str, float | None]:
    return {
        "amount_read": read,
        "amount_loaded": loaded,
        "amount_refused": refused,
        "amount_ignored": ignored,
    }


@pytest.mark.parametrize(
    ("pounds", "words"),
    [
        (account(None), ""),
        (account(300.0, 100.0, 0.0, 200.0), "every pound accounted for"),
        (account(0.0), "every pound accounted for"),
        (account(300.0, 100.0, 150.0, 50.0), "£150 refused, all others accounted for"),
        (account(300.0, 100.0, 0.0, 150.0), "£50 not accounted for"),
        (
            account(0.3, 0.1, 0.0, 0.2),
            "every pound accounted for",
        ),  # 0.1 + 0.2 is not quite 0.3 to a computer
    ],
)
def test_what_became_of_the_pounds(pounds, words):
    assert load_findings.pounds_of(pounds) == words


def test_sheets_left_out_whole_say_how_many_rows_they_had():
    left_out = polars.DataFrame({"sheet": ["Lists", "Notes"], "rows_ignored": [17, 3]})
    assert (
        load_findings.of_left_out(left_out) == "2 sheets left out whole, by name: 20 rows, beside those above"
    )


def kinds(*rows: tuple[str, str, int]) -> polars.DataFrame:
    return polars.DataFrame(
        rows,
        schema={"severity": polars.String, "what": polars.String, "problems": polars.Int64},
        orient="row",
    )


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (kinds(), "Nothing was refused"),
        (kinds(("note", "corrected", 1)), "Nothing was refused; 1 note is worth knowing"),
        (kinds(("refusal", "blank", 1)), "1 problem of 1 kind holds publication up"),
        (
            kinds(("refusal", "blank", 2), ("refusal", "bad_date", 1), ("note", "corrected", 5)),
            "3 problems of 2 kinds hold publication up; 5 notes of 1 kind are worth knowing",
        ),
    ],
)
def test_problems_in_a_sentence(found, words):
    assert load_findings.of_problems(found) == words


def test_changes_in_a_sentence():
    whole = {"rows_new": 1, "rows_changed": 0, "rows_vanished": 1_200, "rows_now": 40}
    assert (
        load_findings.of_changes(whole, is_first=False)
        == "Since the last load 1 row is new, none changed and 1,200 vanished"
    )
    assert (
        load_findings.of_changes(whole, is_first=True)
        == "This is the first load: all 40 rows of the tables are new"
    )
    nothing = {"rows_new": 0, "rows_changed": 0, "rows_vanished": 0, "rows_now": 40}
    assert load_findings.of_changes(nothing, is_first=False) == "No row changed since the last load"


def test_coverage_names_its_gaps():
    row = {"table": "plans", "series": None, "financial_year": "2019-20", "month": None, "status": "gap"}
    gaps = polars.DataFrame(
        [{**row, "financial_year": year} for year in ("2015-16", "2016-17", "2017-18", "2019-20")],
        schema_overrides={"series": polars.String, "month": polars.Date},
    )
    assert load_findings.of_coverage(gaps.head(1)) == "One gap: plans of 2015-16"
    assert (
        load_findings.of_coverage(gaps)
        == "4 gaps: plans of 2015-16, plans of 2016-17, plans of 2017-18 and 1 more"
    )
    assert (
        load_findings.of_coverage(gaps.with_columns(status=polars.lit("loaded")))
        == "No gap between 2015-16 and 2019-20"
    )
