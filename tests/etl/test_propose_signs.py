"""A sign is never guessed: what no total proves is asked, and the answer gives spend as positive and income as negative."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from etl.layout_language import read_layout
from etl.propose import Proposal, answered, proposal
from etl.propose.signs import AS_PRINTED, INCOME, NEGATIVE_SPEND, SPEND
from etl.recognise import fit
from etl.reshape import Surroundings, reshaped
from etl.workbooks import read_file
from hnb.configuration import Configuration

HEADING = ["Line", "Setting", "Phase", "Revised budget", "Forecast outturn"]
SPENT = [
    ["1.2.1 Top-up funding", "Special - LA maintained", "Primary", 900000.5, 950000.25],
    ["1.2.3 Top-up funding", "NMSS", "Secondary", 2000000.5, 1900000.25],
]


def workbook(folder: Path, *rows: Sequence[Any]) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in [["High needs monitor 2025/26, period 7, £"], [], HEADING, *rows]:
        sheet.append(list(row))
    book.save(folder / "a monitor.xlsx")
    return folder / "a monitor.xlsx"


def amounts(path: Path, found: Proposal, **answers: Any) -> list[float]:
    """The amounts that the sheet gives when the layout's questions have these answers."""
    layout = read_layout(answered(found.toml, answers), f"{found.name}.toml")
    (sheet,) = read_file(path).sheets
    result = reshaped(fit(sheet, layout), Surroundings(Configuration().authority, b"k" * 32))
    return sorted(result.frames["budget"]["amount"])


@pytest.mark.parametrize(
    "label",
    ["Income", "Contributions from health", "Recoupment from other authorities", "DSG grant received", "Recharge to schools", "1.9.3 DSG carried forward to next year"],
)  # fmt: skip
def test_income_without_a_minus_and_without_a_total_is_asked(tmp_path: Path, label: str):
    path = workbook(tmp_path, *SPENT, [label, None, None, 100000.5, 200000.25])
    found = proposal(path)
    asked = next(question for question in found.questions if question.name == "turn_sign")
    assert label in asked.ask
    assert asked.choices == (INCOME, SPEND)
    others = {question.name: _plain(question) for question in found.questions if question.name != "turn_sign"}
    turned = amounts(path, found, turn_sign=INCOME, **others)
    assert [one for one in turned if one < 0] == [-200000.25, -100000.5]
    assert all(one > 0 for one in amounts(path, found, turn_sign=SPEND, **others))


def _plain(question: Any) -> Any:
    """Any allowed answer to what is not about signs: an unknown line's code."""
    return question.choices[0]


def test_a_total_of_the_income_alone_proves_nothing_and_turns_with_its_rows(tmp_path: Path):
    income = ["Contributions from health", None, None, 100000.5, 200000.25]
    path = workbook(
        tmp_path,
        *SPENT,
        ["Total spend", None, None, 2900001.0, 2850000.5],
        income,
        ["Total contributions", *income[1:]],
    )
    found = proposal(path)
    assert "turn_sign" in [question.name for question in found.questions]
    assert "Contributions from health|Total contributions" in found.toml


def test_rows_under_a_heading_of_income_are_asked_about(tmp_path: Path):
    path = workbook(
        tmp_path, *SPENT, ["Income"], ["1.2.2 Top-up funding", "NMSS", "Primary", 100000.5, 200000.25]
    )
    assert "turn_sign" in [question.name for question in proposal(path).questions]


def test_income_with_a_minus_is_not_asked_about(tmp_path: Path):
    path = workbook(tmp_path, *SPENT, ["1.2.1 Income from others", None, None, -100000.5, -200000.25])
    assert proposal(path).questions == ()


def test_a_total_that_adds_the_income_proves_its_sign(tmp_path: Path):
    rows = [*SPENT, ["1.2.1 Contribution to others", None, None, 100000.5, 200000.25]]
    total = ["Total", None, None, *(sum(row[place] for row in rows) for place in (3, 4))]
    assert proposal(workbook(tmp_path, *rows, total)).questions == ()


def test_a_total_that_takes_the_income_off_turns_it_unasked(tmp_path: Path):
    rows = [*SPENT, ["1.2.1 Income from others", None, None, 100000.5, 200000.25]]
    total = [
        "Net total",
        None,
        None,
        *(SPENT[0][place] + SPENT[1][place] - rows[2][place] for place in (3, 4)),
    ]
    path = workbook(tmp_path, *rows, total)
    found = proposal(path)
    assert found.questions == ()
    assert amounts(path, found)[:2] == [-200000.25, -100000.5]


def test_a_ledger_that_prints_spend_with_a_minus_is_asked_about(tmp_path: Path):
    rows = [[*row[:3], -row[3], -row[4]] for row in SPENT]
    income = ["1.2.1 Income from others", None, None, 100000.5, 200000.25]
    path = workbook(tmp_path, *rows, income)
    found = proposal(path)
    assert [question.name for question in found.questions] == ["sign"]
    turned = amounts(path, found, sign=NEGATIVE_SPEND)
    assert turned[:2] == [-200000.25, -100000.5]
    assert turned[2:] == [900000.5, 950000.25, 1900000.25, 2000000.5]
    assert min(amounts(path, found, sign=AS_PRINTED)) == -2000000.5


def test_payments_that_are_negative_on_the_whole_are_asked_about(tmp_path: Path):
    path = tmp_path / "payments.csv"
    path.write_text(
        "Date,Supplier,Amount £\n01/05/2025,A School,-100.50\n02/05/2025,B School,-20.25\n", encoding="utf-8"
    )
    found = proposal(path, table="payments")
    assert "sign" in [question.name for question in found.questions]
