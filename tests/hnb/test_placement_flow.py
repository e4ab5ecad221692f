"""Where children moved from and to: by hand, and its rows and columns are the placements counted on the two dates."""

from __future__ import annotations

import datetime

import pytest

from hnb.errors import HnbError
from hnb.metrics import Selection, Tables, compute
from hnb.placement_flow import LEFT, NOT_PLACED, flow, years_between
from hnb.placement_months import placement_months
from hnb.spend import spend
from hnb.tables import TABLES
from tests.dashboard import placement_records

BEFORE, AFTER = "2025-26", "2026-27"


@pytest.fixture(scope="module")
def tables() -> Tables:
    placements = placement_records.placements()
    months = placement_months(placements)
    return Tables({"placements": placements, "spend": spend(placements, months, TABLES["budget"].empty())})


def cells(found) -> dict[tuple[str, str], int]:
    return {(before, after): children for before, after, children in found.cells.rows()}


def test_by_hand(tables):
    # On 15 January 2026 eight children; on 31 October b has come, e has moved to college; g has two main
    # placements, of which the one begun in September counts. Planned i is on neither date.
    found = flow(tables, Selection(), BEFORE, AFTER)
    assert (found.before_on, found.after_on) == (datetime.date(2026, 1, 15), datetime.date(2026, 10, 31))
    assert cells(found) == {
        ("mainstream", "mainstream"): 2,
        ("state_special", "post_16"): 1,
        ("independent", "state_special"): 1,
        ("independent", "independent"): 2,
        ("post_16", "post_16"): 1,
        (NOT_PLACED, "independent"): 1,
    }
    assert (found.moved, found.several) == (2, 1)
    assert found.before[-1] == NOT_PLACED


def test_a_child_counts_where_either_date_is_selected(tables):
    found = flow(tables, Selection(settings=("independent",)), BEFORE, AFTER)
    assert cells(found) == {
        ("independent", "state_special"): 1, ("independent", "independent"): 2, (NOT_PLACED, "independent"): 1,
    }  # fmt: skip
    back = flow(tables, Selection(settings=("independent",)), AFTER, BEFORE)
    assert cells(back)[("independent", LEFT)] == 1


@pytest.mark.parametrize("by", ["setting_group", "setting", "phase"])
def test_rows_and_columns_are_the_placements_counted_on_each_date(tables, by):
    found = flow(tables, Selection(), BEFORE, AFTER, by)
    for year, side in ((BEFORE, "before"), (AFTER, "after")):
        counted = dict(
            compute("placements", tables, Selection(years=(year,)), (by,)).select(by, "value").rows()
        )
        placed = sum(counted.values())
        absent = {"before": NOT_PLACED, "after": LEFT}[side]
        children = found.children() - found.children(**{side: absent})
        assert children == placed - (found.several if side == "after" else 0)


def test_what_it_cannot_do_is_said(tables):
    with pytest.raises(HnbError, match="not between need"):
        flow(tables, Selection(), BEFORE, AFTER, "need")
    with pytest.raises(HnbError, match="no placement register of 1999-00"):
        flow(tables, Selection(), "1999-00", AFTER)


def test_the_years_between_are_those_chosen_or_the_last_two():
    known = ("2023-24", "2024-25", "2025-26")
    assert years_between(known, ()) == ("2024-25", "2025-26")
    assert years_between(known, ("2023-24", "2025-26")) == ("2023-24", "2025-26")
    assert years_between(known, ("2024-25",)) == ("2023-24", "2024-25")
    assert years_between(known, ("2023-24",)) is None
    assert years_between((), ()) is None
