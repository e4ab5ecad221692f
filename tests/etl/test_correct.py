"""A correction has a reason and a guard: it mends its cell, is noted, and is told when it has outlived its fault."""

from __future__ import annotations

import pytest

from etl.correct import all_corrections, corrected, read_corrections
from etl.layout_language import all_layouts
from etl.recognise import fit
from hnb.errors import HnbError
from tests.etl.pictures import layout, sound_monitor

CORRECTION = """
[[corrections]]
layout = "monitor"
where = { line = "1.2.5" }
column = "Budget"
was = "50"
becomes = 55
what = "a digit mistyped"
why = "the ledger has 55"
who = "finance, today"
"""


def test_it_changes_its_cell_and_nothing_else_and_says_so():
    found = fit(sound_monitor(), layout())
    result = corrected(found, read_corrections(CORRECTION, "c.toml"))
    assert result.fit.sheet.rows[3][2] == 55
    assert found.sheet.rows[3][2] == 50
    assert result.rows == {1}
    (note,) = result.problems
    assert (note.where, note.what, note.severity) == ("m.xlsx!Sheet1!C4", "corrected", "note")
    assert "the ledger has 55" in note.found


def test_a_guard_that_no_longer_holds_is_a_problem_and_nothing_changes():
    result = corrected(fit(sound_monitor(budget=(100, 60)), layout()), read_corrections(CORRECTION, "c.toml"))
    assert [problem.what for problem in result.problems] == ["correction_without_fault"]
    assert result.fit.sheet.rows[3][2] == 60


def test_it_is_about_its_layout_and_files_only():
    elsewhere = CORRECTION + 'file = "other.*"\n'
    assert corrected(fit(sound_monitor(), layout()), read_corrections(elsewhere, "c.toml")).problems == ()


@pytest.mark.parametrize("fault", ["why", "who", "was"])
def test_a_correction_without_its_reason_is_refused(fault):
    text = "\n".join(line for line in CORRECTION.splitlines() if not line.startswith(f"{fault} "))
    with pytest.raises(HnbError, match=f"lacks {fault}"):
        read_corrections(text, "c.toml")


def test_every_shipped_correction_is_about_a_known_layout():
    names = {one.name for one in all_layouts()}
    assert all_corrections()
    assert [correction.origin for correction in all_corrections() if correction.layout not in names] == []
