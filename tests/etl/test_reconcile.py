"""Nothing is lost: printed totals, sums across columns and sheets, repeats, gaps and size, each on a drawn sheet."""

from __future__ import annotations

import pandas
import pytest

from etl.layout import Across
from etl.recognise import fit
from etl.reconcile import accounted, gaps, printed_totals, repeated_rows, sums_across
from etl.sheet_rows import SheetRows
from tests.etl.pictures import MONITOR_LAYOUT, layout, picture, sound_monitor


def control(sheet, of=None, tolerance=0.01):
    return printed_totals(SheetRows(fit(sheet, of or layout())), tolerance)


def test_totals_that_are_met_are_counted():
    result = control(sound_monitor())
    assert (result.printed, result.met, result.problems) == (2, 2, ())


def test_a_total_that_is_not_met_says_both_figures_and_the_difference():
    result = control(sound_monitor(total=151))
    (problem,) = result.problems
    assert (problem.where, problem.what, problem.severity) == ("m.xlsx!Sheet1!C5", "total_not_met", "refusal")
    assert "151.00" in problem.found and "150.00" in problem.found and "1.00" in problem.found
    assert (result.printed, result.met) == (2, 1)


@pytest.mark.parametrize("total", ["", "to follow"])
def test_a_total_that_holds_no_number_is_noted_and_not_passed_over(total):
    result = control(sound_monitor(total=total))
    (note,) = result.problems
    assert (note.where, note.what, note.severity) == ("m.xlsx!Sheet1!C5", "total_blank", "note")
    assert "no number in 1 cell of" in note.found
    assert (result.printed, result.met) == (1, 1)


def test_subtotals_are_over_the_rows_since_the_one_before_and_the_grand_total_over_all():
    sheet = picture("""
        | Year 2023-24 as at 31/10/2023 |
        | Budget line        | Setting | Budget | Actual |
        | 1.2.3              | Central | 100    | 1      |
        | 1.2.5              | Central | 50     | 2      |
        | Subtotal schools   |         | 150    | 3      |
        | 1.2.6              | Central | 7      | 4      |
        | Subtotal hospital  |         | 7      | 4      |
        | Total              |         | 157    | 7      |
    """)
    assert control(sheet).problems == ()
    sheet.rows[6][2] = 8
    assert [problem.where for problem in control(sheet).problems] == ["m.xlsx!Sheet1!C7"]


def test_a_total_that_must_be_there_and_is_not_is_told():
    sheet = sound_monitor()
    sheet.rows.pop(4)
    assert "total_missing" in [problem.what for problem in control(sheet).problems]


def test_a_column_that_prints_a_difference_is_checked_row_by_row():
    sheet = picture("""
        | Year 2023-24 as at 31/10/2023 |
        | Budget line | Setting | Budget | Actual | Variance |
        | 1.2.3       | Central | 100    | 90     | -10      |
        | 1.2.5       | Central | 50     | 60     | 11       |
        | Total       |         | 150    | 150    |          |
    """)
    assert [problem.where for problem in control(sheet).problems if problem.what == "total_not_met"] == [
        "m.xlsx!Sheet1!E4"
    ]


def test_an_explained_difference_is_one_note():
    explained = MONITOR_LAYOUT.replace(
        'minus = ["Budget"]', 'minus = ["Budget"]\nseverity = "note"\nbecause = "They round"'
    )
    sheet = picture("""
        | Year 2023-24 as at 31/10/2023 |
        | Budget line | Setting | Budget | Actual | Variance |
        | 1.2.3       | Central | 100    | 90     | 1        |
        | 1.2.5       | Central | 50     | 60     | 1        |
        | Total       |         | 150    | 150    |          |
    """)
    (note,) = [
        problem for problem in control(sheet, layout(explained)).problems if problem.what == "total_not_met"
    ]
    assert (note.severity, note.action) == ("note", "They round")
    assert "in 1 more cell" in note.found


REGIONS = """
name = "regions"
title = "Regions"
tables = ["plans"]
missing = { symbols = { x = "not_available" }, column = "status", reported = "reported" }
[[header]]
find = ["authority", "asd"]
[constants]
year = 2025
setting = "mainstream"
age_band = "all_ages"
[columns.authority]
headings = ["authority"]
[[wide]]
headings = ["asd"]
set = { need = "ASD" }
value = "plans"
[[totals]]
when = { authority = "London|South East" }
over = "region"
named = "authority"
"""


def test_regions_are_the_sum_of_their_authorities():
    sheet = picture("""
        | authority  | asd |
        | 319        | 5   |
        | Camden     | 6   |
        | Surrey     | 7   |
        | London     | 11  |
        | South East | 8   |
    """)
    assert [problem.where for problem in control(sheet, layout(REGIONS)).problems] == ["m.xlsx!Sheet1!B6"]


def test_a_total_over_parts_that_are_withheld_proves_nothing_unless_the_parts_exceed_it():
    hidden = picture("""
        | authority  | asd |
        | 319        | x   |
        | Camden     | 6   |
        | London     | 11  |
    """)
    result = control(hidden, layout(REGIONS))
    assert [(problem.what, problem.severity) for problem in result.problems] == [
        ("total_not_comparable", "note")
    ]
    hidden.rows[2][1] = 12
    assert [problem.severity for problem in control(hidden, layout(REGIONS)).problems] == ["refusal"]


def test_sums_across_sheets():
    across = Across(
        "grant",
        "component",
        "amount",
        "after_deductions",
        ("before_deductions", "place_deductions"),
        False,
        1.0,
    )
    amounts = {"before_deductions": 100.0, "place_deductions": -30.0, "after_deductions": 75.0}
    frame = pandas.DataFrame([
        {"authority": "E09000029", "financial_year": "2023-24", "published_on": "d", "component": component, "amount": amount, "source": f"f!{component}!4"}
        for component, amount in amounts.items()
    ])  # fmt: skip
    (problem,) = sums_across(frame, across, 0.01)
    assert problem.where == "f!after_deductions!4"
    assert "75.00" in problem.found and "70.00" in problem.found
    assert sums_across(frame[frame["component"] != "before_deductions"], across, 0.01) == []


def test_a_total_that_comes_without_any_part_is_not_tried():
    #  The council's own sheet gives the whole allocation; DfE's gives its parts, for another year.
    across = Across(
        "grant", "component", "amount", "before_deductions", ("formula", "basic_entitlement"), True, 1.0
    )
    given = [
        ("2022-23", "before_deductions", 100.0),
        ("2022-23", "formula", 90.0),
        ("2023-24", "before_deductions", 120.0),
    ]
    frame = pandas.DataFrame([
        {"authority": "E09000029", "financial_year": year, "published_on": "d", "component": component, "amount": amount, "source": f"f!{year}!4"}
        for year, component, amount in given
    ])  # fmt: skip
    assert [problem.where for problem in sums_across(frame, across, 0.01)] == ["f!2022-23!4"]


def test_rows_exactly_alike_are_noted_with_their_worth_and_kept():
    payments = """
name = "pay"
title = "Pay"
tables = ["payments"]
[[header]]
find = ["No", "Amount"]
[columns.transaction_id]
headings = ["No"]
[columns.amount]
headings = ["Amount"]
"""
    sheet = picture("""
        | No | Amount   |
        | 1  | 1,000.50 |
        | 2  | 7        |
        | 1  | 1,000.50 |
        | 1  | 1,000.50 |
    """)
    (note,) = repeated_rows(SheetRows(fit(sheet, layout(payments))))
    assert (note.where, note.what, note.severity) == ("m.xlsx!Sheet1!4", "duplicate_rows", "note")
    assert note.found.startswith("2 rows") and "£2,001.00" in note.found


@pytest.mark.parametrize(
    ("run", "rows", "missing"),
    [
        ("month", [("2023-24", 5), ("2023-24", 7)], ["September 2023"]),
        ("month", [("2023-24", 9), ("2023-24", 11), ("2024-25", 1)], ["January 2024", "March 2024"]),
        ("month", [("2023-24", 12), ("2024-25", 1)], []),
        ("year", [("2019-20", 1), ("2021-22", 1)], ["2020-21"]),
    ],
)
def test_gaps_in_a_run_of_files(run, rows, missing):
    running = layout(MONITOR_LAYOUT + f'[run]\nby = "{run}"\n')
    frames = [
        (f"{year}_{period}.csv", pandas.DataFrame({"financial_year": [year], "period": [period]}))
        for year, period in rows
    ]
    problems = gaps(running, frames)
    assert [problem.found.split(" is missing")[0] for problem in problems] == missing
    assert all(problem.severity == "note" for problem in problems)


def test_a_sheet_of_which_no_year_could_be_read_is_no_part_of_a_run():
    running = layout(MONITOR_LAYOUT + '[run]\nby = "year"\n')
    read = pandas.DataFrame({"financial_year": ["2023-24"]})
    assert gaps(running, [("a.xlsx", read), ("b.xlsx", pandas.DataFrame({"amount": [1.0]}))]) == []


def test_a_row_that_is_nowhere_is_our_fault():
    accounted(10, 7, 1, 1, 1, "f!s")
    with pytest.raises(AssertionError, match="f!s"):
        accounted(10, 7, 1, 1, 0, "f!s")
