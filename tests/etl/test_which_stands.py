"""Of two monitors of one month the one that stands is loaded whole, and of the other only what it does not say."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from etl.correct import read_corrections
from etl.pipeline import Report, build
from hnb.configuration import Configuration
from tests.etl.pictures import csv_text, layout, sound_monitor

STANDS = """
[[which_stands]]
table = "budget"
stands = 'final.csv!.*'
gives_way = 'draft.csv!.*'
guard = { rows = ROWS, amount = 230 }
what = "the first issue"
why = "finance re-issued it"
who = "SEND finance"
on = 2026-11-20
"""


def built(folder: Path, corrections: str) -> Report:
    raw = folder / "raw"
    raw.mkdir()
    (raw / "final.csv").write_text(csv_text(sound_monitor()), "utf-8")
    (raw / "draft.csv").write_text(csv_text(sound_monitor()) + "\n", "utf-8")
    return build(raw, folder / "processed", Configuration(), pupil_key=b"k" * 32, publishing=False, now=datetime.datetime(2026, 11, 24, tzinfo=datetime.UTC),
                 code_version="test", layouts=[layout()], corrections=read_corrections(corrections, "c.toml"))  # fmt: skip


def test_what_gives_way_is_ignored_by_name_with_its_pounds(tmp_path):
    report = built(tmp_path, STANDS.replace("ROWS", "4"))
    assert [(problem.what, problem.severity) for problem in report.problems] == [("dropped", "note")]
    assert report.problems[0].found.startswith(
        "4 rows of budget, together £230.00, gave way to final.csv!final"
    )
    accounts = {sheet.file: sheet for sheet in report.sheets}
    assert (accounts["draft.csv"].rows_loaded, accounts["draft.csv"].reasons["Correction: the first issue"]) == (0, 2)  # fmt: skip
    assert accounts["final.csv"].rows_loaded == 2
    assert report.tables["budget"]["amount"].sum() == 230


@pytest.mark.parametrize("rows", ["3", "5"])
def test_a_guard_that_does_not_hold_takes_nothing_away(tmp_path, rows):
    report = built(tmp_path, STANDS.replace("ROWS", rows))
    # Four rows of one sheet repeat those of the other: told once, and refused.
    assert [problem.what for problem in report.refusals] == ["correction_without_fault", "repeated_keys"]
