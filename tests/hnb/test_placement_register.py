"""The register as a list and its exceptions: which rows, in which order, what they add up to; providers who make half."""

from __future__ import annotations

import datetime

import polars
import pytest

from hnb.metrics import Selection, Tables, compute
from hnb.placement_providers import making_half, providers, whole
from hnb.placement_register import (
    Wanted,
    exception_list,
    exceptions_by_kind,
    placement_by_month,
    placement_exceptions_of,
    placement_history,
    placement_list,
    placements_of_child,
    sums,
)
from hnb.spend import spend
from hnb.tables import TABLES
from tests.dashboard import placement_records

YEAR, SUTTON = "2026-27", "E09000029"
EVERYONE = Selection(authority=SUTTON)


@pytest.fixture(scope="module")
def tables() -> Tables:
    made = placement_records.tables()
    money = spend(made["placements"], made["placement_months"], TABLES["budget"].empty())
    return Tables({**made, "spend": money})


def numbers(frame: polars.DataFrame) -> list[str]:
    return frame["placement_id"].to_list()


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (Wanted("started", datetime.date(2026, 9, 1)), ["P2", "P9", "P6"]),
        (Wanted("started"), ["P2", "P9", "P6"]),
        (Wanted("started", datetime.date(2026, 9, 2)), ["P9"]),
        (Wanted("ended"), ["P5"]),
        (Wanted("planned"), ["P11"]),
        (Wanted("open", text="fir"), ["P7", "P8"]),
        (Wanted(text="oak p11"), ["P11"]),
        (Wanted(text="[.*"), []),
        (Wanted("open", order="start_on", text="school"), ["P2", "P1"]),
        (Wanted(order="provider", text="e"), ["P5", "P9", "P7", "P8", "P6", "P10"]),
    ],
)  # fmt: skip
def test_a_list_has_those_that_are_wanted_in_their_order(tables, wanted, expected):
    found = numbers(placement_list(tables, EVERYONE, YEAR, wanted))
    if wanted.order == "provider":
        found = [number for number in found if number in expected]
    assert found == expected


def test_the_list_adds_up_to_the_register_s_cost(tables):
    for selection in (
        EVERYONE,
        Selection(settings=("independent",)),
        Selection(needs=("ASD",), in_borough=False),
    ):
        told = sums(placement_list(tables, selection, YEAR))
        of_year = selection.with_(years=(YEAR,))
        assert told["cost"] == compute("cost_in_year", tables, of_year)["value"][0]
        assert told["next_year_cost"] == compute("next_year_cost", tables, of_year)["value"][0]


def test_open_placements_of_the_list_are_those_of_the_full_year(tables):
    told = sums(placement_list(tables, EVERYONE, YEAR, Wanted("open")))
    by_cohort = compute("whole_year_cost", tables, Selection(years=(YEAR,)), ("cohort",))
    known = dict(by_cohort.select("cohort", "value").rows())
    assert told["annual_cost"] == known["existing"] + known["started"]


def test_exceptions_are_counted_by_kind_and_what_was_not_found_is_nought(tables):
    found = exception_list(tables, EVERYONE, YEAR)
    kinds = {
        kind: (number, cost)
        for kind, number, cost in exceptions_by_kind(found).select("exception", "placements", "cost").rows()
    }
    # Fir House's ended placement costs £150 a day from 1 November to 31 March: 151 days.
    assert kinds["ended_still_costed"] == (1, 22_650.00)
    # Elm Academy's main placement overlaps Fir House's from 21 September: 192 days of £60.
    assert kinds["overlap"] == (1, 11_520.00)
    assert kinds["past_25"] == (1, 31_800.00)  # 212 days from 1 September of £150
    assert kinds["need_not_recorded"] == (1, 7_300.00)
    assert kinds["negative_cost"] == (0, 0.0)
    assert next(iter(kinds)) == "past_25"  # the most money in question first
    only = exception_list(tables, Selection(authority=SUTTON, settings=("mainstream",)), YEAR)
    assert numbers(only) == ["P4"]
    assert numbers(exception_list(tables, EVERYONE, YEAR, "overlap")) == ["P9"]
    assert exception_list(Tables({}), EVERYONE, YEAR).height == 0


def test_one_placement_has_its_history_its_months_its_child_and_what_is_odd(tables):
    history = placement_history(tables, SUTTON, "P5")
    assert history.select("financial_year", "status", "cost").rows() == [("2026-27", "ended", 9_120.00), ("2025-26", "open", 21_900.00)]  # fmt: skip
    months = placement_by_month(tables, SUTTON, "P5")
    assert round(months["cost"].sum(), 2) == 9_120.00 + 21_900.00
    assert numbers(placements_of_child(tables, SUTTON, "e", "P5")) == ["P6"]
    assert numbers(placement_exceptions_of(tables, SUTTON, "P8")) == [
        "P9"
    ]  # of the overlap it is the other one
    assert placement_history(tables, SUTTON, "P99").height == 0


def test_the_dearest_providers_make_half(tables):
    found = providers(tables, EVERYONE, YEAR)
    assert found["provider"][0] == "Oak School"
    assert round(found["share"].sum(), 9) == 1.0
    assert found["share_so_far"][-1] == pytest.approx(1.0)
    together = whole(tables, EVERYONE, YEAR)
    for name in ("cost", "cost_before", "change", "placements", "next_year_cost"):
        assert found[name].sum() == pytest.approx(together[name]), name
    half = making_half(found)
    assert found["cost"].head(half).sum() >= together["cost"] / 2 > found["cost"].head(half - 1).sum()
    assert found.filter(polars.col("provider") == "Holly College")["cost_before"].to_list() == [0.0]


def test_without_a_year_before_there_is_no_change(tables):
    found = providers(tables, EVERYONE, "2025-26")
    assert found["change"].null_count() == found.height
    assert whole(tables, EVERYONE, "2025-26")["change"] is None
    assert making_half(providers(tables, EVERYONE, "2019-20")) == 0
