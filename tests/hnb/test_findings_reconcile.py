"""The sentences of Reconcile, worked out from numbers."""

from __future__ import annotations

import polars
import pytest

from hnb.findings import reconcile as findings


def comparisons(*statuses: str, missing: str | None = None) -> polars.DataFrame:
    return polars.DataFrame(
        {"status": list(statuses), "months_missing": [missing] * len(statuses)},
        schema={"status": polars.String, "months_missing": polars.String},
    )


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (comparisons(), "There are no two sources to hold against each other"),
        (comparisons("within"), "The two sources agree"),
        (comparisons("within", "within"), "Both comparisons agree"),
        (comparisons("within", "within", "within"), "All 3 comparisons agree"),
        (comparisons("outside"), "The two sources do not agree"),
        (comparisons("outside", "incomplete", missing="September 2023"), "Neither of the two comparisons agrees; September 2023 is not loaded"),
        (comparisons("outside", "outside", "outside"), "None of the 3 comparisons agrees"),
        (comparisons("within", "outside"), "1 of 2 comparisons agrees"),
    ],
)  # fmt: skip
def test_how_many_sources_agree(rows: polars.DataFrame, said: str):
    assert findings.sources_agree(rows) == said


@pytest.mark.parametrize(
    ("second", "average", "said"),
    [
        (12_131_855.91, 1_102_896.0, "1.2.3 Independent top-up: the ledger has £773k less than the outturn return; September 2023 is missing, and a month is £1.1m on average, which is enough to explain it"),
        (9_000_000.0, 800_000.0, "1.2.3 Independent top-up: the ledger has £3.9m less than the outturn return; September 2023 is missing, and explains £800k of it at the average month"),
        (13_000_000.0, 1_100_000.0, "1.2.3 Independent top-up: the ledger has £95k more than the outturn return, although September 2023 is missing: more is mapped to these lines than was returned"),
    ],
)  # fmt: skip
def test_what_a_missing_month_may_explain(second: float, average: float, said: str):
    row = {
        "line": "1.2.3",
        "first_amount": 12_905_175.0,
        "second_amount": second,
        "months_missing": "September 2023",
    }
    assert findings.return_and_ledger(row, average) == said


def test_a_false_underspend_is_said_to_be_coverage():
    said = findings.false_underspend(
        {"seen": 5_780_910.08, "paid_directly": 5_825_001.0, "left": -44_090.92}, "2021-22"
    )
    assert said.startswith("The £5.8m underspend") and said.endswith("and what is left is £44k over budget")
    assert "same places" in findings.false_underspend(
        {"seen": 0.0, "paid_directly": 0.0, "left": 0.0}, "2021-22"
    )
