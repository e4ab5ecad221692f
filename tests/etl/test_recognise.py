"""Which layout a sheet is: headers are found by what they say, wherever they stand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from etl.cells import Sheet
from etl.layout_language import all_layouts
from etl.one_file import recognitions
from etl.recognise import fit, recognised
from tests.etl.pictures import MONITOR_LAYOUT, layout, picture, sound_monitor

MONITOR = layout()


def test_a_header_is_found_below_any_number_of_titles():
    sheet = sound_monitor()
    for blank_rows in (0, 1, 7):
        shifted = replace(sheet, rows=[[None] * sheet.width for _ in range(blank_rows)] + sheet.rows)
        found = fit(shifted, MONITOR)
        assert found.fits
        assert found.header_rows == (1 + blank_rows,)


def test_columns_may_come_in_any_order_and_headings_in_any_spelling():
    sheet = picture("""
        | Year 2023-24 as at 31/10/2023 |
        | ACTUAL | setting  | S251  line | budget |
        | 1      | Central  | 1.2.5      | 2      |
        | 1      |          | Total      | 2      |
    """)
    found = fit(sheet, MONITOR)
    assert found.fits and not found.problems
    assert found.columns == {"line": 2, "setting": 1}


def test_header_rows_join_and_fill_to_the_right_until_something_new_begins():
    tall = layout(
        MONITOR_LAYOUT.replace(
            '[[header]]\nfind = ["Budget line", "Setting"]',
            """
[[header]]
find = ["Special schools"]
fill_right = true
[[header]]
find = ["Budget line", "Setting"]
""",
        )
    )
    sheet = picture("""
        |             |         | Special schools |        |   | Total  |
        | Budget line | Setting | Budget          | Actual |   |        |
        | 1.2.3       | Central | 1               | 2      |   | 3      |
    """)
    found = fit(sheet, tall)
    assert found.headings == (
        "Budget line",
        "Setting",
        "Special schools | Budget",
        "Special schools | Actual",
        "",
        "Total",
    )


def test_the_nearest_layout_and_what_it_lacked_are_said():
    sheet = picture("""
        | Budget line | Setting | Budgeted | Actual |
        | 1.2.3       | Central | 1        | 2      |
    """)
    told = recognised(sheet, [MONITOR])
    assert told.fit is None
    assert told.problem.what == "unknown_sheet"
    assert told.problem.where == "m.xlsx!Sheet1"
    assert '"monitor" comes nearest' in told.problem.found
    assert '"Budget"' in told.problem.found


@pytest.mark.parametrize("renamed", ["Budget line", "Original", "Forecast outturn"])
def test_one_heading_renamed_leaves_its_own_layout_the_nearest_of_all_shipped(renamed):
    rows = [
        ["High needs budget monitor 2026-27", *[None] * 8],
        ["Budget line", "Setting", "Phase", "Budget", None, "Spend", None, "Projection", None],
        [None, None, None, "Original", "Revised", "Actual to date", "Commitment", "Forecast outturn", "Variance"],
        ["1.2.5", "Central", None, 1, 2, 3, 4, 5, 3],
    ]  # fmt: skip
    sheet = Sheet(
        "m.xlsx", "Monitor", [["Other" if cell == renamed else cell for cell in row] for row in rows]
    )
    told = recognised(sheet, all_layouts()).problem
    assert told.what == "unknown_sheet"
    assert f'"budget_monitor" comes nearest and lacks the heading "{renamed}"' in told.found


def test_two_layouts_that_fit_are_a_problem_and_not_a_guess():
    twin = layout(MONITOR_LAYOUT.replace('name = "monitor"', 'name = "twin"'))
    assert recognised(sound_monitor(), [MONITOR, twin]).problem.what == "several_layouts"


def test_every_heading_is_mapped_or_ignored_by_name_or_told_with_its_cell():
    found = fit(sound_monitor(heading="Virement"), MONITOR)
    assert found.fits
    (problem,) = found.problems
    assert (problem.where, problem.what) == ("m.xlsx!Sheet1!E2", "unmapped_heading")
    assert '"Virement"' in problem.sentence()


def test_figures_under_no_heading_are_told():
    sheet = picture("""
        | Year 2023-24 as at 31/10/2023 |
        | Budget line | Setting | Budget | Actual |    |
        | 1.2.5       | Central | 2      | 1      | 99 |
    """)
    assert [problem.where for problem in fit(sheet, MONITOR).problems] == ["m.xlsx!Sheet1!E3"]


def test_the_same_heading_twice_is_told():
    sheet = picture("""
        | Year 2023-24 as at 31/10/2023 |
        | Budget line | Setting | Setting | Budget | Actual |
        | 1.2.5       | Central | Central | 2      | 1      |
    """)
    assert [(problem.where, problem.what) for problem in fit(sheet, MONITOR).problems] == [
        ("m.xlsx!Sheet1!C2", "repeated_heading")
    ]


def test_no_shipped_layout_takes_a_sheet_of_something_else():
    sheet = picture("""
        | Name  | Sum |
        | Apple | 3   |
    """)
    assert recognised(sheet, all_layouts()).problem.what == "unknown_sheet"


def test_a_file_that_nobody_knows_is_refused_for_its_figures_and_not_for_its_cover():
    cover, figures = (
        picture("| Prepared by finance |", name="Cover"),
        picture("| Fruit | Pence |\n| Pears | 5 |", name="Fruit"),
    )
    found = list(recognitions([cover, figures], [layout()]))
    assert [(sheet.name, reason) for sheet, _, reason in found] == [
        ("Cover", "No figures, in a file of which no sheet is known"),
        ("Fruit", ""),
    ]
    # Where no sheet has a figure, something must still be said; and an error may have been one.
    assert [reason for _, _, reason in recognitions([cover], [layout()])] == [""]
    broken = picture("| Sum | #REF! |", name="Broken")
    assert [reason for _, _, reason in recognitions([cover, broken], [layout()])][1] == ""
