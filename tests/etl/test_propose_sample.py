"""Sheets of our own sample with their layouts taken away: what is proposed gives the same table, without a question.

The two sheets of plans are not here: their symbols for what was not reported need a person.
"""

from __future__ import annotations

from typing import Any

import pandas
import pytest

from etl.cells import Sheet
from etl.layout import Layout
from etl.layout_language import all_layouts, read_layout
from etl.propose.proposal import proposal_for
from etl.recognise import fit
from etl.reshape import Surroundings, reshaped
from etl.workbooks import read_file
from hnb.configuration import Configuration
from tests.conftest import Built

SHEETS = {
    "budget_monitor": ("budget_monitor_2026-27_P01.xlsx", "Monitor P1", "budget"),
    "budget_outturn": ("budget_outturn_2019-20.xlsx", "Outturn", "budget"),
    "block_allocation": ("funding_and_balance.xlsx", "Block allocation", "grant"),
    "balance_by_year": ("funding_and_balance.xlsx", "DSG balance", "balances"),
    "placement_register": ("placement_register_2019-20.xlsx", "Register", "placements"),
    "recommendations_register": ("recommendations_register.xlsx", "Recommendations", "recommendations"),
    "recommendation_updates": ("recommendations_register.xlsx", "Updates", "recommendation_updates"),
}


def loaded(sheet: Sheet, layout: Layout, table: str) -> pandas.DataFrame:
    return reshaped(fit(sheet, layout), Surroundings(Configuration().authority, b"k" * 32)).frames[table]


def rows(frame: pandas.DataFrame, columns: list[str]) -> list[tuple[str, ...]]:
    return sorted(tuple(map(printed, row)) for row in frame[columns].itertuples(index=False))


def printed(value: Any) -> str:
    return "" if pandas.isna(value) else f"{value:.2f}" if isinstance(value, float) else str(value)


@pytest.mark.parametrize("name", SHEETS)
def test_the_proposed_layout_gives_the_same_table(sample_build: Built, name: str):
    file, sheet_name, table = SHEETS[name]
    (sheet,) = [one for one in read_file(sample_build.raw / file).sheets if one.name == sheet_name]
    (known,) = [layout for layout in all_layouts() if layout.name == name]
    found = proposal_for(sheet)
    assert (found.table, found.questions) == (table, ())
    expected = loaded(sheet, known, table)
    given = loaded(sheet, read_layout(found.toml, f"{found.name}.toml"), table)
    columns = [column for column in expected.columns if column != "source"]
    assert set(columns) <= set(given.columns)
    assert rows(given, columns) == rows(expected, columns)
