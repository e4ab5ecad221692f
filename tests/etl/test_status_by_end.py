"""A register without a status: open or ended by each end and the register's date."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from etl.layout_language import read_layout
from etl.propose import proposal
from etl.recognise import fit
from etl.reshape import Surroundings, reshaped
from etl.workbooks import read_file
from hnb.configuration import Configuration
from hnb.errors import HnbError

ROWS = [
    ["Child ref", "Primary need", "Setting type", "Year group", "Provider", "Start date", "End date", "S251 line", "Annual cost"],
    ["C1", "ASC", "NMSS", "6", "A School", "01/09/2023", "ongoing", "1.2.3", "45000.50"],
    ["C2", "SEMH", "NMSS", "8", "B School", "01/09/2022", "31/10/2025", "1.2.3", "15000.00"],
    ["C3", "SLCN", "NMSS", "9", "B School", "01/09/2022", "01/11/2025", "1.2.3", "25000.00"],
    ["C4", "SLCN", "NMSS", "9", "C School", "01/09/2022", "01/05/2025", "1.2.3", "35000.00"],
    ["C5", "SLCN", "NMSS", "9", "C School", "01/09/2022", "", "1.2.3", "35000.00"],
]  # fmt: skip


def test_each_end_is_held_against_the_registers_date(tmp_path: Path):
    path = tmp_path / "placements 2025-26 as at 2025-10-31.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(ROWS)
    found = proposal(path)
    assert (found.table, found.questions) == ("placements", ())
    layout = read_layout(found.toml, f"{found.name}.toml")
    (sheet,) = read_file(path).sheets
    frame = reshaped(fit(sheet, layout), Surroundings(Configuration().authority, b"k" * 32)).frames[
        "placements"
    ]
    assert list(frame["status"]) == ["open", "ended", "open", "ended", "open"]
    assert layout.columns["status"].read == "status_by_end"


def test_it_needs_the_column_of_the_end():
    text = """
name = "x"
title = "x"
publisher = "x"
tables = ["placements"]
[[header]]
find = ["A"]
[columns.status]
headings = ["A"]
read = "status_by_end"
"""
    with pytest.raises(HnbError, match="status_by_end"):
        read_layout(text, "x.toml")
