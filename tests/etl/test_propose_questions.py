"""What `propose` asks where the sheet alone cannot say: many unknown words, and which of two costs is meant."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from etl.layout_language import read_layout
from etl.propose import answered, proposal
from etl.recognise import fit
from etl.reshape import Surroundings, reshaped
from etl.workbooks import read_file
from hnb.codelists import CODELISTS
from hnb.configuration import Configuration
from tests.conftest import ROOT

HEADING = [
    "Child ref",
    "Primary need",
    "Setting type",
    "Year group",
    "Provider",
    "Start date",
    "Status",
    "S251 line",
]


def register(folder: Path, headings: Sequence[str], *rows: Sequence[Any]) -> Path:
    path = folder / "placements 2025-26 as at 2025-10-31.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([headings, *rows])
    return path


def child(number: int, setting: str, *costs: float) -> list[Any]:
    return [f"C{number}", "ASC", setting, "6", "A School", "01/09/2023", "Open", "1.2.3", *costs]


def test_many_unknown_words_are_named_in_one_question(tmp_path: Path):
    words = [f"Sort {letter}" for letter in "abcdefgh"]
    rows = [child(place, "NMSS", 1000.5 * place) for place in range(1, 30)]
    rows += [child(30 + place, word, 2000.5) for place, word in enumerate(words)]
    found = proposal(register(tmp_path, [*HEADING, "Annual cost"], *rows), table="placements")
    (asked,) = [question for question in found.questions if question.name == "setting_words"]
    assert asked.ask.startswith("8 different words under “Setting type” are no known")
    assert not [text for text in ("C1", "A School", "1000.5") if text in asked.ask]
    assert read_layout(found.toml, f"{found.name}.toml").unanswered


def test_two_costs_that_do_not_follow_from_each_other_are_asked_about(tmp_path: Path):
    rows = [child(place, "NMSS", 1000.5 * place, 3000.25 + place * place) for place in range(1, 9)]
    path = register(tmp_path, [*HEADING, "Annual cost", "Agreed fee"], *rows)
    found = proposal(path)
    (asked,) = found.questions
    assert asked.choices == ("Annual cost", "Agreed fee")
    for column, heading in ((8, "Annual cost"), (9, "Agreed fee")):
        layout = read_layout(answered(found.toml, {asked.name: heading}), f"{found.name}.toml")
        (sheet,) = read_file(path).sheets
        frame = reshaped(fit(sheet, layout), Surroundings(Configuration().authority, b"k" * 32)).frames[
            "placements"
        ]
        assert list(frame["annual_cost"]) == [row[column] for row in rows]


@pytest.mark.parametrize("codes", ["money", "month_money"])
def test_no_word_for_a_kind_of_money_means_another_in_the_code_list(codes):
    words = tomllib.loads((ROOT / "etl" / "propose" / "headings.toml").read_text("utf-8"))[codes]
    told = {
        heading: (code, CODELISTS[codes].encode(heading))
        for code, given in words.items()
        for heading in given["headings"]
    }
    assert {heading: pair for heading, pair in told.items() if pair[1] not in (None, pair[0])} == {}
