"""A correction has a reason and a guard: it mends what it names, says so, and is told when it has outlived its fault."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from etl.cells import Sheet
from etl.correct import all_corrections, corrected, read_corrections
from etl.corrections_language import WhichStands
from etl.layout_language import all_layouts
from etl.recognise import fit
from etl.reconcile import printed_totals
from etl.reshape import Surroundings, reshaped
from hnb.errors import HnbError
from tests.conftest import ROOT
from tests.etl.pictures import layout, picture, sound_monitor

DECIDED = """
what = "a digit mistyped"
why = "the ledger has 55"
who = "finance"
on = 2026-11-20
"""
CELL = f"""
[[corrections]]
layout = "monitor"
where = {{ line = "1.2.5" }}
column = "Budget"
was = "50"
becomes = 55
{DECIDED}"""
MOVE = f"""
[[moves]]
layout = "monitor"
where = {{ line = "1.2.5" }}
was = {{ line = "1.2.5", setting = "Central" }}
becomes = {{ line = "1.2.3", setting = "Special - independent" }}
{DECIDED}"""
DROP = f"""
[[drops]]
layout = "monitor"
file = 'm\\.xlsx'
where = {{ line = "1.2.5", Remarks = "printed twice" }}
guard = {{ rows = 1, sum = {{ Budget = 50, Actual = 20 }} }}
{DECIDED}"""
REPEATS = f"""
[[drop_repeats]]
layout = "monitor"
file = 'm\\.xlsx'
guard = {{ copies = 2, sum = {{ Budget = 100 }} }}
{DECIDED}"""
STANDS = f"""
[[which_stands]]
table = "budget"
stands = 'final.*'
gives_way = 'draft.*'
guard = {{ rows = 4, amount = 230 }}
{DECIDED}"""


def doubled(total: int, *, remark: str = "", copies: int = 1) -> Sheet:
    """A monitor in which the second line stands several times."""
    line = f"| 1.2.5 | Central | 50 | 20 | {remark} |\n"
    return picture(
        "| High needs block. Year 2023-24, as at 31/10/2023 |\n"
        "| Budget line | Setting | Budget | Actual | Remarks |\n"
        "| 1.2.3 Independent top-up | Special - independent | 100 | 60 | |\n"
        "| 1.2.5 | Central | 50 | 20 | |\n" + line * copies + f"| Total | | {total} | | |\n"
    )


def test_it_changes_its_cell_and_nothing_else_and_says_so():
    found = fit(sound_monitor(), layout())
    result = corrected(found, read_corrections(CELL, "c.toml"))
    assert result.fit.sheet.rows[3][2] == 55
    assert found.sheet.rows[3][2] == 50
    assert result.rows == {1}
    (note,) = result.problems
    assert (note.where, note.what, note.severity) == ("m.xlsx!Sheet1!C4", "corrected", "note")
    assert "the ledger has 55" in note.found
    assert (
        note.action
        == "Nothing to do; finance decided it on 20/11/2026 (etl/corrections/c.toml, correction 1)"
    )


def test_a_guard_that_no_longer_holds_is_a_problem_and_nothing_changes():
    result = corrected(fit(sound_monitor(budget=(100, 60)), layout()), read_corrections(CELL, "c.toml"))
    assert [problem.what for problem in result.problems] == ["correction_without_fault"]
    assert result.fit.sheet.rows[3][2] == 60


def test_it_is_about_its_layout_and_files_only():
    elsewhere = CELL + 'file = "other.*"\n'
    assert corrected(fit(sound_monitor(), layout()), read_corrections(elsewhere, "c.toml")).problems == ()


def test_a_row_moves_to_another_line_and_setting_together():
    result = corrected(fit(sound_monitor(), layout()), read_corrections(MOVE, "c.toml"))
    assert result.fit.sheet.rows[3][:2] == ["1.2.3", "Special - independent"]
    (note,) = result.problems
    assert '"1.2.5" was read as "1.2.3", "Central" was read as "Special - independent" in 1 row' in note.found
    only_half = corrected(fit(sound_monitor(), layout()), read_corrections(MOVE.replace('setting = "Central"', 'setting = "Other"'), "c.toml"))  # fmt: skip
    assert [problem.what for problem in only_half.problems] == ["correction_without_fault"]


def test_a_row_that_is_taken_away_is_ignored_by_name_with_its_pounds():
    found = fit(doubled(200, remark="printed twice"), layout())
    result = corrected(found, read_corrections(DROP, "c.toml"))
    (note,) = result.problems
    assert (note.what, note.where, note.severity) == ("dropped", "m.xlsx!Sheet1!5", "note")
    assert note.found.startswith("1 row, together £50.00 (Budget) and £20.00 (Actual), were taken away")
    loaded = reshaped(result.fit, Surroundings("E09000029"))
    assert loaded.frames["budget"]["amount"].sum() == 100 + 60 + 50 + 20
    assert loaded.rows.reasons["Correction: a digit mistyped"] == 1
    assert loaded.rows.count == len(loaded.produced) + len(loaded.refused) + sum(loaded.rows.reasons.values())


@pytest.mark.parametrize(("in_total", "total", "is_met"), [(True, 200, True), (True, 150, False), (False, 150, True), (False, 200, False)])  # fmt: skip
def test_the_printed_total_is_held_against_the_rows_that_it_was_printed_with(in_total, total, is_met):
    text = DROP + f"in_total = {str(in_total).lower()}\n"
    result = corrected(
        fit(doubled(total, remark="printed twice"), layout()), read_corrections(text, "c.toml")
    )
    control = printed_totals(reshaped(result.fit, Surroundings("E09000029")).rows, 0.01)
    assert (control.printed == control.met) == is_met


@pytest.mark.parametrize("guard", ["rows = 2, sum = { Budget = 50, Actual = 20 }", "rows = 1, sum = { Budget = 51, Actual = 20 }", "rows = 1, sum = { Nothing = 50 }"])  # fmt: skip
def test_a_source_that_is_not_as_it_was_loses_no_row(guard):
    text = re.sub(r"guard = \{.*\}", f"guard = {{ {guard} }}", DROP)
    result = corrected(fit(doubled(200, remark="printed twice"), layout()), read_corrections(text, "c.toml"))
    assert [problem.what for problem in result.problems] == ["correction_without_fault"]
    assert result.fit.dropped == {}


def test_exact_repeats_are_taken_away_and_one_is_kept():
    result = corrected(fit(doubled(250, copies=2), layout()), read_corrections(REPEATS, "c.toml"))
    (note,) = result.problems
    assert (
        "2 rows that are exactly like an earlier one, together £100.00 (Budget), were taken away"
        in note.found
    )
    assert sorted(result.fit.dropped) == [2, 3]
    mended = corrected(fit(doubled(200, copies=1), layout()), read_corrections(REPEATS, "c.toml"))
    (problem,) = mended.problems
    assert (problem.what, problem.severity) == ("correction_without_fault", "refusal")
    assert "now finds 1 row, together £50.00 (Budget)" in problem.found
    assert mended.fit.dropped == {}


def test_which_of_two_sources_stands_is_read():
    (one,) = read_corrections(STANDS, "c.toml")
    assert isinstance(one, WhichStands)
    assert (one.rows, one.amount) == (4, 230.0)
    assert corrected(fit(sound_monitor(), layout()), (one,)).problems == ()


@pytest.mark.parametrize("text", [CELL, MOVE, DROP, REPEATS, STANDS])
@pytest.mark.parametrize("part", ["what", "why", "who", "on"])
def test_a_correction_without_its_reason_its_person_or_its_day_is_refused(text, part):
    without = "\n".join(line for line in text.splitlines() if not line.startswith(f"{part} "))
    with pytest.raises(HnbError, match=f"lacks {part}"):
        read_corrections(without, "c.toml")


@pytest.mark.parametrize(("text", "change", "said"), [
    (CELL, ("was = ", "used = "), "lacks was"), (DROP, ("guard = ", "# "), "lacks guard"), (REPEATS, ("file = ", "# "), "lacks file"),
    (STANDS, ("rows = 4, ", ""), "its guard is"), (REPEATS, ("copies", "rows"), "its guard is"), (MOVE, ('was = { line = "1.2.5", ', "was = { "), "same columns"),
    (CELL, ("2026-11-20", '"last week"'), "without quotes"), (CELL, ("[[corrections]]", "[[fixes]]"), "no kind of correction"), (CELL, ('"1.2.5"', '"1.2.5("'), "README"),
])  # fmt: skip
def test_a_correction_that_is_not_whole_is_refused(text, change, said):
    with pytest.raises(HnbError, match=re.escape(said)):
        read_corrections(text.replace(*change), "c.toml")


def test_every_shipped_correction_is_about_a_known_layout():
    names = {one.name for one in all_layouts()}
    of_rows = [one for one in all_corrections() if not isinstance(one, WhichStands)]
    assert of_rows
    assert [one.origin for one in of_rows if one.layout not in names] == []


def test_the_examples_of_the_readme_are_read():
    readme = Path(ROOT / "etl" / "corrections" / "README.md").read_text("utf-8")
    examples = re.findall(r"```toml\n(.*?)```", readme, re.DOTALL)
    kinds = {type(one).__name__ for text in examples for one in read_corrections(text, "README.md")}
    assert kinds == {"Cells", "Drop", "WhichStands"}
