"""Balance: the page's figures are the statement's, the steps lead where they say, and the files are the screen."""

from __future__ import annotations

import csv
import io

import pytest

from dashboard.app import pages
from hnb.balance_statement import balance_statement
from tests.dashboard import snapshots
from tests.dashboard.conftest import get, layout_of
from tests.dashboard.reading import elements, text, walk


def drawn(app, search: str = ""):
    return layout_of(app, next(found for found in pages() if found["path"] == "/balance"), search)


def section(layout, name):
    return next(part for part in walk(layout) if getattr(part, "id", None) == name)


def bars_of(layout, name):
    return next(found for found in elements(layout, "Graph") if found.id == name).figure.data[0]


def test_the_steps_of_the_year_end_at_the_position_of_the_statement(app, data):
    row = balance_statement(data, snapshots.SUTTON).row(-1, named=True)
    *steps, whole = bars_of(drawn(app), "balance-year-chart").x
    assert sum(steps) == pytest.approx(whole, abs=0.01)
    assert whole == pytest.approx(row["in_year"], abs=0.01)
    *chain, end = bars_of(drawn(app), "balance-chain-chart").x
    assert sum(chain) == pytest.approx(end, abs=0.01)
    assert end == pytest.approx(row["closing_after_grant"], abs=0.01)


def test_the_stability_grant_stands_beside_the_balance_with_its_condition(app):
    # 90% of the £17.2m deficit of March 2026.
    assert "£15,480,000" in text(section(drawn(app), "piled-up"))
    assert "if the local plan is approved" in text(section(drawn(app), "piled-up"))
    assert "31 March 2028" in text(section(drawn(app), "override"))


def test_a_link_with_a_year_shows_that_year_and_one_that_narrows_is_told(app):
    layout = drawn(app, "years=2024-25&settings=group:independent")
    assert "2024-25 (closed)" in text(layout)
    assert "not split by" in text(layout)
    assert "Stability grant" not in text(section(layout, "chain"))


def test_the_file_is_the_table_of_the_screen(app, data):
    answer = get(app.server.test_client(), "/export/listing/balance-years.csv")
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))
    statement = balance_statement(data, snapshots.SUTTON)
    assert [row["Year"] for row in rows] == statement["financial_year"].to_list()
    assert float(
        rows[-1][
            "Balance after the grant (£)"
            if "Balance after the grant (£)" in rows[-1]
            else "Balance after the grant"
        ]
    ) == pytest.approx(statement["closing_after_grant"][-1])
    for name in ("balance-year", "balance-chain", "grant-and-spend", "allocation-issues"):
        assert get(app.server.test_client(), f"/export/listing/{name}.xlsx").status_code == 200
