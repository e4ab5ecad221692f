"""The placements that moved spend: why each did, by hand, and that together they are the register's change."""

from __future__ import annotations

import datetime
from typing import Any

import polars
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hnb.metrics import Selection, Tables
from hnb.movers import COLUMNS, half_of, movers
from hnb.store import Snapshot

BEFORE, AFTER = "2024-25", "2025-26"
APRIL = {BEFORE: datetime.date(2024, 4, 1), AFTER: datetime.date(2025, 4, 1)}


def months(*rows: tuple[str, str, str, float, float]) -> Tables:
    """Rows of (year, child, provider, cost, placement_years), each as one month."""
    return Tables(
        {
            "placement_months": polars.DataFrame(
                [
                    {
                        "authority": "E09000029", "financial_year": year, "month": APRIL[year], "placement_id": f"P-{child}1", "pupil_id": child,
                        "need": "ASD", "setting": "special_independent", "phase": "secondary", "provider": provider, "in_borough": False,
                        "line": "1.2.3", "days": 1, "placement_years": years, "cost": cost, "source": f"register {year}!Register!{child}",
                    }
                    for year, child, provider, cost, years in rows
                ]
            )
        }
    )  # fmt: skip


def found(tables: Any) -> dict[str, tuple]:
    rows = movers(tables, Selection(), BEFORE, AFTER).iter_rows(named=True)
    return {row["placement_id"]: (row["why"], row["change"]) for row in rows}


def test_each_placement_says_why_it_moved():
    tables = months(
        (AFTER, "a", "One", 30_000.0, 0.5),  # started
        (BEFORE, "b", "One", 50_000.0, 1.0),  # ended
        (BEFORE, "c", "One", 40_000.0, 1.0), (AFTER, "c", "One", 44_000.0, 1.0),  # dearer
        (BEFORE, "d", "One", 10_000.0, 0.5), (AFTER, "d", "One", 20_500.0, 1.0),  # the whole year instead of half of it, and a little dearer
        (BEFORE, "e", "One", 9_000.0, 1.0), (AFTER, "e", "One", 9_000.0, 1.0),  # did not move
    )  # fmt: skip
    assert found(tables) == {
        "P-b1": ("ended", -50_000.0), "P-a1": ("started", 30_000.0), "P-d1": ("time_changed", 10_500.0), "P-c1": ("cost_changed", 4_000.0),
    }  # fmt: skip


def test_a_child_who_moves_school_ends_at_one_and_starts_at_the_other():
    tables = months((BEFORE, "a", "Old", 20_000.0, 1.0), (AFTER, "a", "New", 70_000.0, 1.0))
    rows = movers(tables, Selection(), BEFORE, AFTER).select("provider", "why", "change").rows()
    assert rows == [("New", "started", 70_000.0), ("Old", "ended", -20_000.0)]


def test_the_later_year_s_row_is_where_it_can_be_looked_up():
    tables = months((BEFORE, "c", "One", 40_000.0, 1.0), (AFTER, "c", "One", 44_000.0, 1.0))
    assert movers(tables, Selection(), BEFORE, AFTER)["source"].to_list() == ["register 2025-26!Register!c"]


def test_the_selection_narrows_and_nothing_gives_an_empty_frame():
    tables = months((AFTER, "a", "One", 30_000.0, 0.5))
    assert movers(tables, Selection(settings=("mainstream",)), BEFORE, AFTER).height == 0
    empty = movers(Tables({}), Selection(), BEFORE, AFTER)
    assert tuple(empty.columns) == COLUMNS and empty.height == 0


def test_all_changes_together_are_the_change_of_the_register(sample_build):
    snapshot = Snapshot.open(sample_build.processed)
    cost = dict(
        snapshot.table("placement_months").group_by("financial_year").agg(polars.col("cost").sum()).rows()
    )
    assert movers(snapshot, Selection(), BEFORE, AFTER)["change"].sum() == pytest.approx(
        cost[AFTER] - cost[BEFORE], abs=0.01
    )


def test_how_few_make_half_of_it_is_counted_among_those_that_go_its_way():
    tables = months(
        (AFTER, "a", "One", 50_000.0, 1.0), (AFTER, "b", "One", 30_000.0, 1.0), (AFTER, "c", "One", 20_000.0, 1.0),
        (AFTER, "d", "One", 10_000.0, 1.0), (AFTER, "e", "One", 10_000.0, 1.0), (BEFORE, "f", "One", 40_000.0, 1.0),
    )  # fmt: skip
    found = movers(tables, Selection(), BEFORE, AFTER)
    # £80,000 in all; £50,000 is more than half. The £40,000 that ended goes the other way and has no share.
    assert found.select("change", "share_so_far").rows() == [
        (50_000.0, 0.625), (-40_000.0, None), (30_000.0, 1.0), (20_000.0, 1.25), (10_000.0, 1.375), (10_000.0, 1.5),
    ]  # fmt: skip
    half = half_of(found)
    assert (half.placements, half.pounds, half.whole, half.ten_share) == (1, 50_000.0, 80_000.0, 1.5)


def test_a_change_that_comes_to_nothing_has_no_half():
    tables = months((AFTER, "a", "One", 50_000.0, 1.0), (BEFORE, "b", "One", 50_000.0, 1.0))
    assert half_of(movers(tables, Selection(), BEFORE, AFTER)).placements == 0
    assert half_of(movers(Tables({}), Selection(), BEFORE, AFTER)).placements == 0


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(-90_000, 90_000).filter(bool), min_size=1, max_size=20))
def test_half_is_made_by_them_and_not_by_one_fewer(changes):
    rows = [
        (AFTER if change > 0 else BEFORE, f"child{number}", "One", float(abs(change)), 1.0)
        for number, change in enumerate(changes)
    ]
    found = movers(months(*rows), Selection(), BEFORE, AFTER)
    half, whole = half_of(found), sum(changes)
    if not whole:
        assert half.placements == 0
        return
    along = sorted((abs(change) for change in changes if change * whole > 0), reverse=True)
    assert sum(along[: half.placements]) >= abs(whole) / 2 - 1e-6 > sum(along[: half.placements - 1]) - 2e-6
