"""The sample's ledger: exactly what is planted is found, no more and no less, and suppliers wait for a person."""

from __future__ import annotations

import datetime
from pathlib import Path

import pandas
import pytest

from etl.pipeline import Report, build
from etl.sample import Truth, write_sample
from etl.sample.payments import LEDGER, supplier_of
from etl.suppliers import suppliers_csv
from hnb.configuration import Configuration

KEY = ["financial_year", "exception", "who", "placement_id", "month"]


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> tuple[Truth, Report]:
    """The last two years of the sample and their build: what a reconciliation needs."""
    raw = tmp_path_factory.mktemp("raw")
    truth = write_sample(raw, years=("2025-26", "2026-27"))
    for path in raw.iterdir():
        if not path.name.startswith(("ledger", "suppliers", "placement_register")):
            path.unlink()
    report = build(raw, tmp_path_factory.mktemp("processed"), Configuration(), pupil_key=b"k" * 32,
                   now=datetime.datetime(2026, 11, 24, tzinfo=datetime.UTC), code_version="test", publishing=False)  # fmt: skip
    assert [problem.sentence() for problem in report.refusals] == []
    return truth, report


def sums(frame: pandas.DataFrame) -> pandas.Series:
    plain = frame.astype(object).where(frame.notna(), None)
    who = [
        provider or supplier for provider, supplier in zip(plain["provider"], plain["supplier"], strict=True)
    ]
    # Only what is planted on a placement names it; a provider with one child has it named too.
    named = plain["placement_id"].where(plain["detail"].eq("the other placements are paid, this one is not")) if "detail" in plain else plain["placement_id"]  # fmt: skip
    plain = plain.assign(who=who, placement_id=named.fillna(""), month=plain["month"].astype(str))
    return plain.groupby(KEY)["difference"].sum().astype(float).round(2)


def test_exactly_what_is_planted_is_found(sample):
    truth, report = sample
    meant, found = sums(truth.tables["ledger_exceptions"]), sums(report.tables["ledger_exceptions"])
    assert set(found.index) == set(meant.index)
    assert (found - meant).abs().max() < 0.005


def test_every_kind_is_planted(sample):
    truth, _ = sample
    kinds = set(truth.tables["ledger_exceptions"]["exception"])
    assert kinds == {"not_paid", "not_in_register", "price_differs", "timing", "month_missing", "not_mapped"}


def test_the_missing_month_is_in_no_posting_and_is_noted(sample):
    truth, report = sample
    posted = truth.tables["payments"]
    assert not ((posted["financial_year"] == "2025-26") & (posted["period"] == 9)).any()
    assert any(
        problem.what == "missing_month" and "December 2025" in problem.found for problem in report.problems
    )


def test_lines_tie_but_for_what_is_planted(sample):
    truth, report = sample
    yearly = report.tables["reconciliation"].query("pair == 'register_ledger' and month.isna()")
    planted = (
        truth.tables["ledger_exceptions"]
        .query("exception != 'not_mapped'")
        .groupby("financial_year")["difference"]
        .sum()
    )
    for year, difference in yearly.groupby("financial_year")["difference"].sum().items():
        assert difference == pytest.approx(planted[year], abs=0.01)


def test_unconfirmed_suppliers_are_offered_and_not_merged(sample):
    _, report = sample
    offers = report.tables["supplier_offers"].set_index("supplier")["provider"]
    for provider in LEDGER["unconfirmed"]:
        assert offers[supplier_of(provider)] == provider
    assert pandas.isna(offers["BRIGHTFENNEL TUTORS LTD"])


def test_the_list_to_decide_keeps_what_is_decided(sample, tmp_path: Path):
    _, report = sample
    text = suppliers_csv(report.tables["supplier_offers"], report.tables["supplier_matches"])
    lines = text.splitlines()
    assert lines[0].startswith("Supplier,Provider,Decision,Decided by,Decided on")
    assert sum(",Confirmed,SEND finance,14/04/2026" in line for line in lines) == 52
    assert sum(line.startswith(("COPPERQUILL SCH,Copperquill School,,", "SUNNYFENNEL NURSERY LTD,Sunnyfennel Nursery,,")) for line in lines) == 2  # fmt: skip
