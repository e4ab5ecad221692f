"""What the layout language says of sheets as councils keep them: each test shows a sheet and the rows that it gives."""

from __future__ import annotations

import datetime

import numpy
import pandas
import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from etl.annual_cost import annualised, days_within
from etl.layout_language import all_layouts, read_layout
from etl.layout_questions import path_parts
from etl.recognise import fit
from etl.reconcile import printed_totals
from etl.reshape import Surroundings, reshaped
from hnb import years
from hnb.errors import HnbError
from hnb.placement_months import placement_months
from hnb.tables.placements import PLACEMENTS
from tests.etl.pictures import layout, picture

HERE = Surroundings("E09000029", b"k" * 32)
DAY = datetime.date

BUDGET = """
name = "small"
title = "Small"
tables = ["budget"]
[[header]]
find = ["Line"]
[constants]
authority = "ours"
financial_year = "2025/26"
as_at = "31 October 2025"
setting = "central"
phase = "Not split by phase"
money = "forecast"
[columns.line]
headings = ["Line"]
"""
AMOUNT = '[columns.amount]\nheadings = ["Amount"]\n'
REGISTER = """
name = "register"
title = "Register"
tables = ["placements"]
[[header]]
find = ["Pupil"]
[constants]
financial_year = "2025-26"
[columns.pupil_id]
headings = ["Pupil"]
[columns.provider]
headings = ["Provider"]
"""
DATES = '[columns.start_on]\nheadings = ["Start"]\n[columns.end_on]\nheadings = ["End"]\n'


def result(sheet, text):
    found = fit(sheet, layout(text))
    assert found.fits, found.missing
    done = reshaped(found, HERE)
    rows = done.rows
    assert len(done.produced) + len(done.refused) + sum(rows.reasons.values()) == rows.count
    return done


def rows(sheet, text, table, names):
    done = result(sheet, text)
    assert not [problem for problem in done.problems if problem.severity == "refusal"], done.problems
    frame = done.frames[table]
    return [
        tuple(None if pandas.isna(cell) else cell for cell in row) for row in frame[names].values.tolist()
    ]


# -- questions

QUESTION = """
[questions.unit]
ask = "Pounds or thousands?"
because = "no heading says"
choices = ["£", "£'000"]
sets = ["columns.amount.unit"]
answer = "%s"
"""
SMALL = "| Line | Amount |\n| 1.2.5 | 2 |\n| 1.2.6 | 3 |"


def test_an_open_question_refuses_every_row_and_asks_once():
    done = result(picture(SMALL), BUDGET + AMOUNT + QUESTION % "")
    assert [(one.what, one.rows) for one in done.problems] == [("unanswered_question", 2)]
    said = done.problems[0].sentence()
    for part in ("Pounds or thousands?", "“£'000”", "etl/layouts/small.toml", "[questions.unit]"):
        assert part in said
    assert done.refused == {0, 1} and not len(done.frames["budget"])


def test_an_answer_fills_its_places():
    assert rows(picture(SMALL), BUDGET + AMOUNT + QUESTION % "£'000", "budget", ["amount"]) == [
        (2000,),
        (3000,),
    ]


def test_an_answer_outside_its_choices_is_told():
    with pytest.raises(HnbError, match="none of its choices"):
        layout(BUDGET + AMOUNT + QUESTION % "acres")


def test_choices_may_be_words_with_values_and_nought_is_an_answer():
    text = (
        BUDGET
        + AMOUNT
        + '[questions.sign]\nask="?"\nchoices={"as income"=-1}\nsets=["columns.amount.sign"]\nanswer="As income"\n'
    )
    assert rows(picture(SMALL), text, "budget", ["amount"]) == [(-2,), (-3,)]
    asked = BUDGET + AMOUNT + '[questions.x]\nask="?"\nsets=["columns.amount.blank"]\nanswer=0\n'
    assert layout(asked).unanswered == ()


def test_a_path_may_quote_a_part_with_a_dot():
    assert path_parts('columns.line.values."1.9 Income"') == ("columns", "line", "values", "1.9 Income")
    assert path_parts("wide.0.unit") == ("wide", "0", "unit")


def test_two_layouts_with_one_name_are_told(tmp_path):
    (tmp_path / "budget_monitor.toml").write_text(BUDGET.replace('"small"', '"budget_monitor"'), "utf-8")
    with pytest.raises(HnbError, match="two layouts"):
        all_layouts(tmp_path)
    (tmp_path / "budget_monitor.toml").rename(tmp_path / "small.toml")
    (tmp_path / "small.toml").write_text(BUDGET, "utf-8")
    assert all_layouts(tmp_path)[-1].said == f"{tmp_path.as_posix()}/small.toml"


# -- rows


def test_a_blank_takes_the_cell_above_until_a_total():
    text = BUDGET + AMOUNT + "[[totals]]\nwhen = { line = 'Total.*' }\nover = 'above'\n"
    text = text.replace('headings = ["Line"]', 'headings = ["Line"]\nfill_down = true')
    sheet = picture("| Line | Amount |\n| 1.2.5 | 1 |\n| | 2 |\n| Total | 3 |\n| | 9 |\n| Total | 9 |")
    assert rows(sheet, text, "budget", ["line", "amount"]) == [("1.2.5", 1), ("1.2.5", 2), (None, 9)]


def test_a_section_gives_the_line_of_its_block():
    text = (
        BUDGET.replace('headings = ["Line"]', "")
        + AMOUNT
        + """
[columns.what]
headings = ["Line"]
kind = "text"
[[sections]]
pattern = '(?P<line>\\d\\.\\d\\.\\d+.*)'
reason = "Names the line"
[[repeated_header]]
reason = "The header again"
"""
    )
    sheet = picture("""
        | Line             | Amount |
        | 1.2.5            |        |
        | Advisers         | 5      |
        | Line             | Amount |
        | 1.2.6            |        |
        | Hospital         | 7      |
    """)
    assert rows(sheet, text, "budget", ["line", "amount"]) == [("1.2.5", 5), ("1.2.6", 7)]
    assert result(sheet, text).rows.reasons == {"The header again": 1, "Names the line": 2}


def test_the_first_section_may_stand_above_the_header():
    text = (
        BUDGET.replace('headings = ["Line"]', "")
        + AMOUNT
        + """
[columns.what]
headings = ["Line"]
kind = "text"
[[sections]]
pattern = '(?P<line>\\d\\.\\d\\.\\d+)'
reason = "Names the line"
[[repeated_header]]
reason = "The header again"
"""
    )
    sheet = picture("| 1.2.5 |\n| Line | Amount |\n| A | 5 |\n| 1.2.6 |\n| Line | Amount |\n| B | 7 |")
    assert rows(sheet, text, "budget", ["line", "amount"]) == [("1.2.5", 5), ("1.2.6", 7)]


def test_income_printed_as_a_positive_figure_is_turned_and_met_in_the_net_total():
    text = (
        BUDGET
        + AMOUNT
        + """
[[turn_sign]]
when = { line = "1\\\\.9.*" }
columns = ["amount"]
[[totals]]
when = { line = "Net" }
"""
    )
    sheet = picture("| Line | Amount |\n| 1.2.5 | 10 |\n| 1.9.3 | 4 |\n| Net | 6 |")
    assert rows(sheet, text, "budget", ["line", "amount"]) == [("1.2.5", 10), ("1.9.3", -4)]
    control = printed_totals(result(sheet, text).rows, 0.005)
    assert (control.printed, control.met) == (1, 1)


def test_a_context_is_looked_for_in_several_places():
    text = (
        BUDGET.replace('as_at = "31 October 2025"', "")
        + AMOUNT
        + """
[context.as_at]
from = ["title", "file_name"]
pattern = '(\\d{4}-\\d{2}-\\d{2})'
"""
    )
    sheet = picture(SMALL, file="monitor 2025-09-30.xlsx")
    assert rows(sheet, text, "budget", ["as_at"]) == [(DAY(2025, 9, 30),)] * 2


# -- columns across


def test_years_across_give_their_own_report_date():
    text = (
        BUDGET.replace('as_at = "31 October 2025"', "")
        .replace('financial_year = "2025/26"', "")
        .replace('money = "forecast"', "")
        + """
[[wide]]
pattern = '(?P<financial_year>\\d{4}/\\d\\d) Outturn'
set = { money = "outturn" }
value = "amount"
[columns.as_at]
from = "financial_year"
read = "year_end"
"""
    )
    sheet = picture("| Line | 2023/24 Outturn | 2024/25 Outturn |\n| 1.2.5 | 1 | 2 |")
    assert rows(sheet, text, "budget", ["financial_year", "as_at", "amount"]) == [
        ("2023-24", DAY(2024, 3, 31), 1), ("2024-25", DAY(2025, 3, 31), 2)]  # fmt: skip


def test_periods_and_months_lie_in_the_financial_year():
    text = (
        BUDGET.replace('as_at = "31 October 2025"', "")
        + """
[[wide]]
pattern = 'Forecast (?P<as_at>P\\d+)'
value = "amount"
[columns.as_at]
read = "period_end"
"""
    )
    sheet = picture("| Line | Forecast P7 | Forecast P11 |\n| 1.2.5 | 1 | 2 |")
    assert rows(sheet, text, "budget", ["as_at", "amount"]) == [(DAY(2025, 10, 31), 1), (DAY(2026, 2, 28), 2)]


def test_a_period_in_the_title_lies_in_the_year_that_the_layout_gives():
    #  A person answered which year it is, because the sheet does not print one.
    text = (
        BUDGET.replace('as_at = "31 October 2025"', "")
        + """
[context.as_at]
from = "title"
pattern = '(period \\d+)'
example = "period 9"
read = "period_end"
[[wide]]
headings = ["Forecast"]
value = "amount"
"""
    )
    sheet = picture("| Position at period 9 | |\n| Line | Forecast |\n| 1.2.5 | 1 |")
    assert rows(sheet, text, "budget", ["as_at", "amount"]) == [(DAY(2025, 12, 31), 1)]


def test_a_wide_column_takes_its_line_from_the_row():
    text = (
        BUDGET
        + """
[columns.top_up_line]
headings = ["Top-up line"]
read = "line_code"
[[wide]]
headings = ["Places"]
value = "amount"
[[wide]]
headings = ["Top-up"]
from = { line = "top_up_line" }
value = "amount"
"""
    )
    sheet = picture("| Line | Top-up line | Places | Top-up |\n| 1.0.2 | 1.2.1 | 5 | 7 |")
    assert rows(sheet, text, "budget", ["line", "amount"]) == [("1.0.2", 5), ("1.2.1", 7)]


# -- registers


def test_a_weekly_cost_is_that_of_a_year_to_the_penny():
    text = REGISTER + '[columns.annual_cost]\nheadings = ["Weekly"]\nper = "week"\ntimes = 38\n'
    sheet = picture("| Pupil | Provider | Weekly |\n| 1 | A | 912.37 |")
    assert rows(sheet, text, "placements", ["annual_cost"]) == [(34670.06,)]
    with pytest.raises(HnbError, match="how many weeks are paid"):
        layout(text.replace("times = 38", ""))
    asked = (
        text.replace("times = 38", "")
        + '[questions.times]\nask = "?"\nsets = ["columns.annual_cost.times"]\n'
    )
    assert layout(asked).unanswered


def test_months_add_up_to_a_cost_that_is_annualised():
    text = REGISTER + DATES + "[columns.annual_cost]\nplus_pattern = 'Apr|May'\nannualise = true\n"
    sheet = picture(
        "| Pupil | Provider | Start | End | Apr | May |\n| 1 | A | 01/04/2025 | 31/05/2025 | 3000 | 3000 |"
    )
    # 60 of 365 days (the last is not counted): 6,000 × 365 / 60
    assert rows(sheet, text, "placements", ["annual_cost"]) == [(36500,)]


def test_a_cost_with_no_day_in_the_year_is_refused():
    text = REGISTER + DATES + '[columns.annual_cost]\nheadings = ["Cost"]\nannualise = true\n'
    sheet = picture("| Pupil | Provider | Start | End | Cost |\n| 1 | A | 01/04/2023 | 31/05/2024 | 5 |")
    assert [one.what for one in result(sheet, text).problems] == ["cost_without_days"]


@drawn(st.dates(DAY(2025, 4, 1), DAY(2026, 3, 30)), st.integers(1, 400), st.integers(1, 30_000_000))
def test_annualised_and_spread_over_its_months_gives_what_was_printed(start, length, pence):
    end, cost = start + datetime.timedelta(days=length), pence / 100
    days = days_within("2025-26", [start], [end])
    whole = annualised(numpy.array([cost]), days, "2025-26")[0]
    row = {column.name: None for column in PLACEMENTS.columns}
    row |= {"authority": "E09000029", "financial_year": "2025-26", "register_as_at": DAY(2026, 3, 31), "placement_id": "1", "pupil_id": "p",
            "need": "ASD", "setting": "central", "phase": "primary", "start_on": start, "end_on": end, "status": "open",
            "line": "1.2.3", "annual_cost": whole, "source": "x!y!1"}  # fmt: skip
    months = placement_months(PLACEMENTS.conform(pandas.DataFrame([row])))
    assert round(months["cost"].sum(), 2) == cost
    assert months["days"].sum() == days[0] <= years.days_in_year("2025-26")


def test_terms_follow_on_and_are_one_placement():
    text = (
        REGISTER
        + """
[columns.start_on]
headings = ["Term"]
read = "term_start"
[columns.end_on]
from = "start_on"
read = "term_end"
[columns.annual_cost]
headings = ["Cost"]
annualise = true
[columns.placement_id]
made_of = ["pupil_id", "provider", "start_on"]
[join_rows]
same = ["pupil_id", "provider"]
add = ["annual_cost"]
"""
    )
    sheet = picture("""
        | Pupil | Provider | Term        | Cost |
        | 1     | A        | Summer 2025 | 100  |
        | 1     | A        | Autumn 2025 | 200  |
        | 2     | A        | Autumn      | 122  |
        | 1     | A        | Spring      | 65   |
    """)
    names = ["start_on", "end_on", "annual_cost", "source"]
    assert rows(sheet, text, "placements", names) == [
        (DAY(2025, 4, 1), DAY(2026, 4, 1), 365, "m.xlsx!Sheet1!2 and 2 more"),
        (DAY(2025, 9, 1), DAY(2026, 1, 1), 365, "m.xlsx!Sheet1!4"),
    ]
    first, second = result(sheet, text).frames["placements"]["placement_id"]
    assert first != second and len(first) == 32
    broken = picture("""
        | Pupil | Provider | Term        | Cost |
        | 1     | A        | Summer 2025 | 100  |
        | 1     | A        | Autumn 2025 | lots |
    """)
    done = result(broken, text)
    assert done.refused == {0, 1}
    assert [(one.what, one.rows) for one in done.problems] == [("bad_number", 1), ("joined_row_refused", 1)]


def test_placements_beside_each_other_are_rows_of_their_own():
    text = (
        REGISTER
        + DATES
        + """
[side_by_side]
pattern = '(?P<heading>.+?) ?(?P<number>\\d)'
needs = ["provider"]
"""
    )
    sheet = picture("""
        | Pupil | Provider 1 | Start 1    | End 1   | Provider 2 | Start 2    | End 2      |
        | 1     | A          | 01/04/2025 | ongoing | B          | 45900      | 31/12/2025 |
        | 2     | A          | 01/05/2025 | n/a     |            |            |            |
    """)
    assert rows(sheet, text, "placements", ["provider", "start_on", "end_on"]) == [
        ("A", DAY(2025, 4, 1), None), ("A", DAY(2025, 5, 1), None), ("B", DAY(2025, 8, 31), DAY(2025, 12, 31))]  # fmt: skip
    broken = picture(
        "| Pupil | Provider 1 | Start 1 | End 1 | Provider 2 | Start 2 | End 2 |\n| 1 | A | 01/04/2025 | | B | soon | |"
    )
    done = result(broken, text)
    assert done.refused == {0} and not len(done.frames["placements"])


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("[columns.provider2]\nkind='pounds'\nplus=['provider3']", "no column of this layout"),
        ("[columns.status]\nfrom='band'\n[columns.band]\nfrom='status'", "made of itself"),
        ("[columns.annual_cost]\nheadings=['x']\nper='fortnight'\ntimes=26", "`per` cannot be"),
        ("[join_rows]\nadd=['annual_cost']", "`same`"),
        ("[[sections]]\npattern='x'\nreason='y'", "gives no column"),
        ("[side_by_side]\npattern='x'\nneeds=['provider']", "(?P<heading>"),
        ("[questions.x]\nask='?'\nsets=['wide.3.unit']\nanswer='x'\n[[wide]]\nheadings=['y']\nvalue='annual_cost'", "no place in a list"),
        ("[constants]\nneed='jam'", "is not a known"),
        ("[columns.need]\nheadings=3", "language of layouts"),
    ],
)  # fmt: skip
def test_a_mistake_in_what_is_new_is_told(more, said):
    text = (
        REGISTER if more.startswith("[") and "[constants]" not in more else REGISTER.split("[constants]")[0]
    )
    with pytest.raises(HnbError) as told:
        read_layout(text + more, "register.toml")
    assert said in str(told.value)
