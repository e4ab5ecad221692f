"""What the published files cover, with the gap that is known: September 2023 of Sutton's payments was never found."""

from __future__ import annotations

import datetime
import shutil
from pathlib import Path

import pandas
import pytest

from etl.pipeline import build
from hnb.configuration import Configuration
from hnb.store import Snapshot


@pytest.fixture(scope="module")
def coverage(published: Path, tmp_path_factory: pytest.TempPathFactory) -> pandas.DataFrame:
    """The table `coverage` of one build of Sutton's payments and DfE's allocations: the large zip adds no gap."""
    raw = tmp_path_factory.mktemp("some")
    for path in published.rglob("*"):
        if path.suffix in (".csv", ".ods"):
            shutil.copy(path, raw / path.name)
    report = build(raw, tmp_path_factory.mktemp("covered"), Configuration(), pupil_key=b"k" * 32,
                   now=datetime.datetime(2026, 11, 24, tzinfo=datetime.UTC), code_version="test")  # fmt: skip
    assert isinstance(report.snapshot, Snapshot), [problem.sentence() for problem in report.refusals[:5]]
    return report.snapshot.frame("coverage")


def test_september_2023_is_the_only_gap_and_is_named(coverage):
    gaps = coverage[coverage["status"] == "gap"]
    assert gaps[["table", "financial_year"]].to_numpy().tolist() == [["payments", "2023-24"]]
    assert str(gaps["month"].iloc[0]) == "2023-09-01"
    assert gaps["rows"].iloc[0] == 0 and pandas.isna(gaps["amount"].iloc[0])


def test_the_months_rows_are_those_that_were_loaded(coverage):
    months = coverage[(coverage["table"] == "payments") & (coverage["status"] == "loaded")]
    # Counted in the files: lines less the header and the printed total, which December has not.
    assert months["rows"].tolist() == [4510, 5616, 5582, 5063, 4881, 5089, 5459, 5367, 5188, 5341, 8898]


def test_the_allocation_s_control_total_is_england_s_of_the_year(coverage, shared_data):
    grant = coverage[(coverage["table"] == "grant") & (coverage["status"] == "loaded")].set_index(
        "financial_year"
    )
    assert list(grant.index) == ["2020-21", "2021-22", "2022-23"]
    assert (grant["authorities"] >= 149).all() and (grant["amount"] > 6e9).all()
    assert grant["amount_is"].str.contains("after deductions", case=False).all()
