"""Layouts proposed for sheets that nobody has seen: what is found, what is asked, and what is never written down."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from etl.describe import description
from etl.layout_language import all_layouts, read_layout
from etl.propose import answered, proposal
from etl.propose.proposal import proposal_for
from etl.recognise import fit
from etl.workbooks import read_file
from hnb.errors import HnbError

MONITOR: list[list[Any]] = [
    ["High needs monitor 2025/26, period 7"],
    ["All figures in £'000"],
    [],
    ["S251 line", "Est. type", "Age phase", "Current Bud", "FY Forecast", "Net Variance", "Comments"],
    ["1.2.1 Top-up", "Special - LA maintained", "Primary", 100, 110, 10, None],
    ["1.2.3 Top-up", "NMSS", "Secondary", 200, 190, -10, "See note"],
    ["Total", None, None, 300, 300, 0, None],
]
REGISTER: list[list[Any]] = [
    ["Placements 2025-26 as at 31 October 2025"],
    ["Child ref", "Pupil name", "DOB", "Prim. need", "Setting type", "NCY", "Prov name", "Start date", "End date", "S251 line", "Cost per year"],
    ["C1", "Ann Invented", "01/02/2014", "ASC", "NMSS", 6, "A School", "01/09/2023", "ongoing", "1.2.3", 45000.5],
    ["C2", "Bob Invented", "03/04/2012", "SEMH", "E_MSS", 8, "B School", "01/09/2022", "01/09/2025", "1.2.1", 15000],
]  # fmt: skip


def workbook(folder: Path, rows: Sequence[Sequence[Any]], name: str = "a file.xlsx") -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    book.save(folder / name)
    return folder / name


def without(rows: list[list[Any]], *texts: str) -> list[list[Any]]:
    return [row for row in rows if not row or row[0] not in texts]


def test_a_monitor_in_other_words_is_proposed_whole_and_loads_at_once(tmp_path: Path):
    path = workbook(tmp_path, MONITOR)
    found = proposal(path)
    assert (found.table, found.questions) == ("budget", ())
    layout = read_layout(found.toml, f"{found.name}.toml")
    held = fit(read_file(path).sheets[0], layout)
    assert held.fits and held.problems == ()
    assert [wide.codes["money"] for wide in layout.wide] == ["revised_budget", "forecast"]
    assert layout.context[-1].name == "unit"
    assert (layout.checks[0].plus, layout.checks[0].minus) == (("FY Forecast",), ("Current Bud",))
    assert layout.totals[0].over == "all"


def test_a_unit_that_nothing_says_is_asked_and_never_guessed(tmp_path: Path):
    found = proposal(workbook(tmp_path, without(MONITOR, "All figures in £'000")))
    (question,) = found.questions
    assert question.sets == ("wide.0.unit", "wide.1.unit")
    assert question.choices == ("£", "£'000", "£m")
    assert read_layout(found.toml, f"{found.name}.toml").unanswered
    filled = answered(found.toml, {question.name: "£'000"})
    assert not read_layout(filled, f"{found.name}.toml").unanswered


def test_an_answer_to_no_question_is_an_error(tmp_path: Path):
    with pytest.raises(HnbError, match="asks no question"):
        answered(proposal(workbook(tmp_path, MONITOR)).toml, {"colour": "red"})


def test_a_total_that_does_not_add_up_stays_a_total_to_be_checked(tmp_path: Path):
    wrong = [*MONITOR[:-1], ["Total", None, None, 999, 888, 0, None]]
    (totals,) = tomllib.loads(proposal(workbook(tmp_path, wrong)).toml)["totals"]
    assert totals["when"] == {"line": "Total"}


def test_a_child_is_never_named_in_a_layout_nor_in_a_description(tmp_path: Path):
    path = workbook(tmp_path, REGISTER)
    found = proposal(path)
    document = tomllib.loads(found.toml)
    assert found.table == "placements"
    assert document["columns"]["pupil_id"]["headings"] == ["Child ref"]
    ignored = [heading for entry in document["ignored_headings"] for heading in entry["headings"]]
    assert {"Pupil name", "DOB"} <= set(ignored) | set(document["columns"].get("age", {}).get("headings", ()))
    assert document["columns"]["placement_id"]["made_of"] == ["pupil_id", "provider", "start_on"]
    for text in (found.toml, description(path, all_layouts())):
        assert not [secret for secret in ("Ann", "Bob", "2014", "C1", "A School") if secret in text]


def test_each_guess_says_its_reason_and_how_sure_it_is(tmp_path: Path):
    toml = proposal(workbook(tmp_path, MONITOR)).toml
    assert (
        "the heading is a known spelling; 100% of the values are lines that are known (confidence 1.00)"
        in toml
    )
    assert "row 7: proved to be the sum of all rows of data in 2 of 2 columns" in toml


def test_describe_proves_totals_and_tells_rows_apart(tmp_path: Path):
    text = description(workbook(tmp_path, MONITOR), all_layouts())
    assert "row 7 “Total” = the sum of rows 5–6 in 3 of 3 columns" in text
    assert "row 1: title “High needs monitor 2025/26, period 7”" in text
    assert "budget line: 2 of 2 different values known" in text


def test_no_published_file_defeats_it(published: Path):
    every = [path for path in sorted(published.rglob("*.*")) if path.suffix in (".ods", ".xlsx", ".csv")]
    short = [path for path in every if "balance" in path.name or path.name.endswith("_06.csv")]
    for path in every if os.environ.get("HNB_LONG_TESTS") else short:
        for sheet in read_file(path).sheets:
            try:
                found = proposal_for(sheet)
            except HnbError as refusal:
                assert "nothing in this sheet looks like a table" in str(refusal)
                continue
            read_layout(found.toml, f"{found.name}.toml")
