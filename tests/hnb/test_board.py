"""What outside readers are shown, from the shipped sample: it adds up to the measures, and it is protected."""

from __future__ import annotations

import polars
import pytest

from hnb.board import MEASURED, MERGED, TABLES, board_code, board_publication, contributions
from hnb.codelists import CODELISTS
from hnb.disclosure import TOTAL, Rules
from hnb.disclosure.protect import exposures
from hnb.errors import HnbError
from hnb.metrics import Selection, compute
from hnb.store import Snapshot

SUTTON = "E09000029"
_LIST_OF = {"setting": "settings", "phase": "phases", "need": "needs"}


@pytest.fixture(scope="module")
def snapshot(sample_build):
    return Snapshot.open(sample_build.processed)


@pytest.mark.parametrize("dimension", MERGED)
def test_every_code_is_in_exactly_one_of_the_boards_categories(dimension):
    named = [code for entry in CODELISTS[MERGED[dimension]].entries.values() for code in entry.details["of"]]
    assert sorted(named) == sorted(CODELISTS[_LIST_OF[dimension]].codes)


def test_a_code_without_a_category_is_told_with_what_to_do():
    with pytest.raises(HnbError, match=r"board\.toml"):
        board_code("need", "a need of next year")


def test_contributions_add_up_to_the_measures_year_by_year(snapshot):
    given = contributions(snapshot, SUTTON).group_by("financial_year").agg(polars.col(MEASURED.all).sum())
    for measure, column in (
        ("spend", "spend"),
        ("placements", "placements"),
        ("placement_years", "placement_years"),
    ):
        answers = compute(measure, snapshot, Selection(authority=SUTTON), ("financial_year",))
        expected = dict(answers.select("financial_year", "value").rows())
        found = dict(given.select("financial_year", column).rows())
        assert found == pytest.approx(expected, abs=0.005), measure


def test_the_boards_tables_of_the_sample_are_protected_and_show_most_of_it(snapshot):
    found = board_publication(snapshot, SUTTON, Rules())
    for year, cells in found.cells.items():
        assert exposures(cells, found.rules, found.masks[year].hidden) == [], year
    assert found.account.share_shown > 0.75
    assert {plan.name for plan in TABLES} == set(found.tables)
    for frame in found.tables.values():
        whole = frame.filter(*(frame[name] == TOTAL for name in frame.columns if name in MERGED))
        assert set(whole["status"]) == {"reported"}, "what a year cost in all is never hidden"
        small = frame.filter((frame["placements"] > 0) & (frame["placements"] < found.rules.threshold))
        assert small.height == 0
        hidden = frame.filter(frame["status"] == "suppressed").select(MEASURED.all)
        assert hidden.null_count().row(0) == (hidden.height,) * hidden.width
