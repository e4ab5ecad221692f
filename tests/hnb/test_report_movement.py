"""The forecast between two reports: line by line by hand, and that the lines make the whole."""

from __future__ import annotations

import datetime

import polars
import pytest

from hnb.errors import HnbError
from hnb.metrics import Selection, Tables, compute
from hnb.report_movement import report_movement, reports
from hnb.store import Snapshot

YEAR, SEPTEMBER, OCTOBER = "2026-27", "2026-09-30", "2026-10-31"


def monitor(*rows: tuple[str, str, float]) -> Tables:
    """Rows of (report, line, forecast)."""
    return Tables(
        {
            "budget": polars.DataFrame(
                [
                    {
                        "authority": "E09000029", "financial_year": YEAR, "as_at": datetime.date.fromisoformat(report), "line": line,
                        "setting": "central", "phase": "not_by_phase", "money": "forecast", "amount": float(amount), "source": "by hand",
                    }
                    for report, line, amount in rows
                ]
            )
        }
    )  # fmt: skip


def test_each_line_moves_by_the_difference_and_what_one_report_has_not_is_nought_there():
    tables = monitor(
        (SEPTEMBER, "1.2.3", 900.25), (OCTOBER, "1.2.3", 1_000.5),  # rose
        (SEPTEMBER, "1.2.5", 50.0),  # no longer foreseen
        (OCTOBER, "1.2.7", 30.0),  # not foreseen before
    )  # fmt: skip
    assert reports(tables, Selection(), YEAR) == (SEPTEMBER, OCTOBER)
    found = report_movement(tables, Selection(), YEAR, SEPTEMBER, OCTOBER, ("line",))
    assert found.rows() == [
        ("1.2.3", 900.25, 1_000.5, 100.25), ("1.2.5", 50.0, 0.0, -50.0), ("1.2.7", 0.0, 30.0, 30.0),
    ]  # fmt: skip
    assert report_movement(tables, Selection(), YEAR, SEPTEMBER, OCTOBER).rows() == [(950.25, 1_030.5, 80.25)]


def test_what_cannot_be_asked_is_said():
    tables = monitor((SEPTEMBER, "1.2.3", 1.0), (OCTOBER, "1.2.3", 1.0))
    with pytest.raises(HnbError, match="not split by need"):
        report_movement(tables, Selection(), YEAR, SEPTEMBER, OCTOBER, ("need",))
    with pytest.raises(HnbError, match="no report as at 2026-08-31; it has 2026-09-30, 2026-10-31"):
        report_movement(tables, Selection(), YEAR, "2026-08-31", OCTOBER)


@pytest.mark.parametrize("by", ["line", "setting_group", "phase"])
def test_the_rows_of_the_sample_s_reports_make_the_whole(sample_build, by):
    snapshot = Snapshot.open(sample_build.processed)
    first, *_, last = reports(snapshot, Selection(), YEAR)
    whole = report_movement(snapshot, Selection(), YEAR, first, last).row(0, named=True)
    rows = report_movement(snapshot, Selection(), YEAR, first, last, (by,))
    for name in ("forecast_before", "forecast_after", "movement"):
        assert rows[name].sum() == pytest.approx(whole[name], abs=0.005)
    in_force = compute("forecast", snapshot, Selection(years=(YEAR,)))["value"][0]
    assert whole["forecast_after"] == in_force
