"""The budget's tree: leaves, lines, groups and the whole agree to the penny, with the row that reconciles DfE's groups."""

from __future__ import annotations

import polars
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hnb.budget_reports import KINDS, budget_reports, is_closed, report_dates
from hnb.budget_tree import AMOUNTS, RECONCILING, budget_tree, published_group
from hnb.errors import HnbError
from hnb.metrics import Selection, Tables, compute
from tests.hnb.pictures import UNSAID, drawn

YEAR, AUTUMN = "2024-25", "2024-10-31"

MONITOR = Tables({"budget": drawn("budget", """
    as_at      | line   | setting             | phase        | money           | amount
    2024-09-30 | 1.0.2  | special_academy     | not_by_phase | revised_budget  | 300
    2024-09-30 | 1.0.2  | special_academy     | not_by_phase | forecast        | 300
    2024-09-30 | 1.2.3  | special_independent | primary      | revised_budget  | 100
    2024-09-30 | 1.2.3  | special_independent | primary      | forecast        | 110
    2024-09-30 | 1.2.8  | central             | not_by_phase | revised_budget  | 7
    2024-09-30 | 1.2.8  | central             | not_by_phase | forecast        | 7
    2024-10-31 | 1.0.2  | special_academy     | not_by_phase | revised_budget  | 300
    2024-10-31 | 1.0.2  | special_academy     | not_by_phase | actual_to_date  | 170
    2024-10-31 | 1.0.2  | special_academy     | not_by_phase | forecast        | 290
    2024-10-31 | 1.0.2  | resourced           | primary      | revised_budget  | 60
    2024-10-31 | 1.0.2  | resourced           | primary      | forecast        | 61.10
    2024-10-31 | 1.2.3  | special_independent | primary      | revised_budget  | 100
    2024-10-31 | 1.2.3  | special_independent | primary      | actual_to_date  | 70
    2024-10-31 | 1.2.3  | special_independent | primary      | forecast        | 140.25
    2024-10-31 | 1.2.3  | special_independent | secondary    | forecast        | 20
    2024-10-31 | 1.4.11 | central             | not_by_phase | revised_budget  | 10
    2024-10-31 | 1.4.11 | central             | not_by_phase | forecast        | 12
    2024-10-31 | 1.9.3  | central             | not_by_phase | forecast        | 999
""")})  # fmt: skip


def tree_of(tables: Tables, as_at: str = AUTUMN) -> polars.DataFrame:
    return budget_tree(budget_reports(tables, Selection()), YEAR, as_at)


def row(tree: polars.DataFrame, level: str, *keys: str) -> dict:
    named = dict(zip(("group", "line", "setting", "phase"), keys, strict=False))
    found = tree.filter(
        polars.col("level") == level, *(polars.col(name) == key for name, key in named.items())
    )
    assert found.height == 1
    return found.row(0, named=True)


def test_the_rows_stand_as_a_tree_and_the_whole_is_last():
    shown = tree_of(MONITOR).select("level", "group", "line", "setting").rows()
    assert shown == [
        ("group", "place_funding", None, None),
        ("line", "place_funding", "1.0.2", None),
        ("leaf", "place_funding", "1.0.2", "special_academy"),
        ("group", "top_up_independent", None, None),
        ("line", "top_up_independent", "1.2.3", None),
        ("leaf", "top_up_independent", "1.2.3", "special_independent"),
        ("leaf", "top_up_independent", "1.2.3", "special_independent"),
        ("group", "sen_support_and_inclusion", None, None),
        ("line", "sen_support_and_inclusion", "1.2.8", None),
        ("leaf", "sen_support_and_inclusion", "1.2.8", "central"),
        ("group", RECONCILING, None, None),
        ("line", RECONCILING, "1.0.2", None),
        ("leaf", RECONCILING, "1.0.2", "resourced"),
        ("line", RECONCILING, "1.4.11", None),
        ("leaf", RECONCILING, "1.4.11", "central"),
        ("whole", None, None, None),
    ]


def test_each_row_by_hand():
    tree = tree_of(MONITOR)
    whole = row(tree, "whole")
    # 290 + 61.10 + 140.25 + 20 + 12; the balance brought forward, 1.9.3, is not spend.
    assert (whole["revised_budget"], whole["expected"], whole["variance"]) == (470.0, 523.35, 53.35)
    # 523.35 − (300 + 110 + 7): line 1.2.8 went, and that is a movement too.
    assert whole["movement"] == 106.35
    independent = row(tree, "line", "top_up_independent", "1.2.3")
    assert (independent["actual_to_date"], independent["expected"]) == (70.0, 160.25)
    assert (independent["variance"], independent["movement"]) == (60.25, 50.25)
    gone = row(tree, "line", "sen_support_and_inclusion", "1.2.8")
    assert (gone["expected"], gone["movement"]) == (0.0, -7.0)


def test_what_dfe_s_groups_leave_out_is_a_row_by_name():
    reconciling = row(tree_of(MONITOR), "group", RECONCILING)
    # 1.0.2 in a mainstream column 61.10, and 1.4.11, 12.
    assert reconciling["expected"] == 73.10
    assert published_group("1.0.2", "alternative_provision") == "place_funding"
    assert published_group("1.0.2", "early_years") == RECONCILING
    assert published_group("1.2.10", "special_academy") == RECONCILING
    assert published_group("1.2.1", "resourced") == "top_up_state"


def test_a_kind_that_the_report_has_not_is_missing_and_a_leaf_without_it_nought():
    tree = tree_of(MONITOR)
    assert tree["commitment"].null_count() == tree.height
    assert row(tree, "line", RECONCILING, "1.4.11")["actual_to_date"] == 0.0
    first = tree_of(MONITOR, "2024-09-30")
    assert first["movement"].null_count() == first.height
    assert first["actual_to_date"].null_count() == first.height


def test_a_closed_year_expects_its_outturn():
    tables = Tables({"budget": drawn("budget", """
        as_at      | money          | amount
        2024-10-31 | forecast       | 115
        2025-03-31 | revised_budget | 100
        2025-03-31 | outturn        | 120
    """)})  # fmt: skip
    reports = budget_reports(tables, Selection())
    assert report_dates(reports, YEAR) == ("2024-10-31", "2025-03-31")
    assert is_closed(reports, YEAR, "2025-03-31") and not is_closed(reports, YEAR, "2024-10-31")
    whole = row(budget_tree(reports, YEAR, "2025-03-31"), "whole")
    assert (whole["expected"], whole["variance"], whole["movement"]) == (120.0, 20.0, 5.0)


def test_a_report_that_there_is_not_is_refused():
    with pytest.raises(HnbError, match="no report of 2024-25 as at 2024-01-01"):
        tree_of(MONITOR, "2024-01-01")


ROW = st.fixed_dictionaries(
    {
        "as_at": st.sampled_from(["2024-09-30", AUTUMN]),
        "line": st.sampled_from(["1.0.2", "1.2.1", "1.2.3", "1.2.5", "1.2.10", "1.4.11"]),
        "setting": st.sampled_from(
            ["resourced", "special_academy", "special_independent", "early_years", "central"]
        ),
        "phase": st.sampled_from(["primary", "secondary", "not_by_phase"]),
        "money": st.sampled_from(KINDS[:5]),
        "amount": st.integers(-90_000_00, 9_000_000_00).map(lambda pence: pence / 100),
    }
)
KEY = ("as_at", "line", "setting", "phase", "money")


@settings(max_examples=60, deadline=None)
@given(st.lists(ROW, min_size=1, max_size=30, unique_by=lambda item: tuple(item[name] for name in KEY)))
def test_leaves_parents_and_the_total_agree_to_the_penny(rows):
    frame = polars.DataFrame([{**UNSAID["budget"], **item} for item in rows]).with_columns(
        polars.col("as_at").str.to_date()
    )
    tables = Tables({"budget": frame})
    reports = budget_reports(tables, Selection())
    as_at = report_dates(reports, YEAR)[-1]
    tree = budget_tree(reports, YEAR, as_at)

    def added(level: str, name: str, **keys: str) -> float | None:
        found = tree.filter(
            polars.col("level") == level, *(polars.col(key) == value for key, value in keys.items())
        )
        known = [value for value in found[name] if value is not None]
        return round(sum(known), 2) + 0.0 if known else None

    whole = tree.row(-1, named=True)
    for name in AMOUNTS:
        assert whole[name] == added("group", name) == added("line", name) == added("leaf", name)
        for parent in tree.filter(polars.col("level") == "group").iter_rows(named=True):
            assert parent[name] == added("line", name, group=parent["group"])
        for parent in tree.filter(polars.col("level") == "line").iter_rows(named=True):
            assert parent[name] == added("leaf", name, group=parent["group"], line=parent["line"])
    # The same total that every other page has.
    for kind in KINDS:
        answer = compute(kind, tables, Selection(as_at=as_at))
        assert whole[kind] == (answer["value"][0] if answer.height else None)
    variance = compute("variance", tables, Selection(as_at=as_at))
    if variance.height:
        assert whole["variance"] == variance["value"][0]
