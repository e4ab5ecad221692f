"""The account of pounds: what stands in a sheet's cells is loaded, refused or ignored by name."""

from __future__ import annotations

import datetime
from dataclasses import replace

import numpy
import pytest

from etl.money import SheetMoney, money_problem, settled_money
from etl.pipeline import build
from hnb.configuration import Configuration
from hnb.store import Snapshot
from tests.conftest import Built
from tests.etl.pictures import csv_text, layout, sound_monitor

NOW = datetime.datetime(2026, 11, 23, 21, 0, tzinfo=datetime.UTC)


@pytest.mark.parametrize(("unit", "times"), [("", 1), ("£'000, ", 1000)])
@pytest.mark.parametrize(("budget", "refused"), [((100, 50), 0), ((100, "oops"), 20)])
def test_each_pound_is_loaded_refused_or_ignored(tmp_path, unit, times, budget, refused):
    """Of a refused row the figures that can be read are refused; the printed total is ignored by name."""
    (tmp_path / "raw").mkdir()
    text = csv_text(sound_monitor(budget=budget)).replace("High needs", f"{unit}High needs")
    (tmp_path / "raw" / "m.csv").write_text(text, encoding="utf-8")
    report = build(tmp_path / "raw", tmp_path / "processed", Configuration(), pupil_key=b"k" * 32, now=NOW, code_version="test",
                   layouts=[layout()], corrections=[], accept_problems=True)  # fmt: skip
    (sheet,) = report.sheets
    loaded = 160 if refused else 230
    amounts = (sheet.amount_read, sheet.amount_loaded, sheet.amount_refused, sheet.amount_ignored)
    assert amounts == tuple(pounds * times for pounds in (loaded + refused + 230, loaded, refused, 230))
    assert report.tables["budget"]["amount"].sum() == loaded * times
    assert report.tables["files"]["amount_loaded"].tolist() == [loaded * times]


@pytest.mark.parametrize(("spoil", "words"), [
    (lambda money: replace(money, loaded=money.loaded * [1, 0, 1]), "£20.00 are missing from what was loaded"),
    (lambda money: replace(money, loaded=money.loaded * [1, 1, 2]), "£30.00 were loaded that do not stand there"),
    (lambda money: replace(money, loaded=-money.loaded), "£120.00 are missing"),
], ids=["a row lost", "a row twice", "a sign turned"])  # fmt: skip
def test_a_row_that_was_lost_doubled_or_turned_shows_as_pounds(spoil, words):
    printed = numpy.array([10.0, 20.0, 30.0])
    sound = SheetMoney(printed, printed, 5.0, 5.0)
    assert money_problem(sound, set(), "f!s") is None
    assert money_problem(sound, {1}, "f!s") is None
    assert settled_money(sound, {1}).refused == 20
    problem = money_problem(spoil(sound), set(), "f!s")
    assert (problem.where, problem.what, problem.severity) == ("f!s", "money_not_accounted", "refusal")
    assert words in problem.found


def test_the_pounds_of_every_sheet_of_the_sample_are_accounted_for(sample_build: Built):
    snapshot = Snapshot.open(sample_build.processed)
    files = snapshot.frame("files").dropna(subset=["amount_read"])
    assert len(files) > 20
    parts = files["amount_loaded"] + files["amount_refused"] + files["amount_ignored"]
    assert ((files["amount_read"] - parts).abs() < 0.03).all()
    registers = files[files["layout"] == "placement_register"]
    assert abs(registers["amount_loaded"].sum() - snapshot.frame("placements")["annual_cost"].sum()) < 0.01
    assert "money_not_accounted" not in snapshot.frame("problems")["what"].tolist()
