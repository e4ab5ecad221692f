"""Reconcile: what the page says is what the tables say; its files are its tables; every state answers."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import dash
import pytest

from dashboard.app import create_app, pages
from dashboard.data import Source
from dashboard.listings import listings
from hnb.configuration import Configuration
from tests.dashboard import ledger_records, snapshots
from tests.dashboard.conftest import get, layout_of
from tests.dashboard.reading import elements, text, walk

OURS = tuple(name for name in listings() if name.startswith("reconcile-"))


def app_of(folder: Path) -> dash.Dash:
    configuration = Configuration(processed_folder=folder)
    return create_app(Source(folder, configuration), configuration)


def drawn(app: dash.Dash, search: str = ""):
    return layout_of(app, next(found for found in pages() if found["path"] == "/reconcile"), search)


def section(layout, name):
    return next((part for part in walk(layout) if getattr(part, "id", None) == name), None)


def heading(layout, name) -> str:
    return text(elements(section(layout, name), "H2")[0])


def rows_of(layout, name) -> list[list[str]]:
    body = elements(elements(section(layout, name), "Table")[0], "Tbody")[0]
    return [[text(cell) for cell in row.children] for row in elements(body, "Tr")]


@pytest.fixture(scope="module")
def app(tmp_path_factory) -> dash.Dash:
    """The register and the ledger of one line, with one exception of each kind."""
    folder = tmp_path_factory.mktemp("ledger")
    snapshots._published(folder, {**ledger_records.tables(), **snapshots.about_the_build()})
    return app_of(folder)


def test_the_page_says_whether_the_line_ties_and_what_explains_the_gap(app):
    layout = drawn(app, "?years=2025-26&lines=1.2.3")
    assert text(elements(layout, "H1")[0]) == "Do the sources agree?"
    said = heading(layout, "gap")
    assert "£1.1m paid against £1.2m in the register: £110k less than the register has" in said
    assert "December 2025, which is not loaded, £100k" in said
    assert heading(layout, "agree") == "1 of 2 comparisons agrees; December 2025 is not loaded"


def test_kinds_add_up_to_the_difference(app):
    rows = rows_of(drawn(app, "?lines=1.2.3"), "gap")
    assert [(row[0], row[5]) for row in rows] == [
        ("In register, not paid", "−£30,000"), ("Paid, not in register", "+£20,000"), ("Timing", "£0"), ("Month missing", "−£100,000"),
    ]  # fmt: skip
    foot = elements(section(drawn(app, "?lines=1.2.3"), "gap"), "Tfoot")[0]
    assert "−£110,000" in text(foot)


def test_whom_to_ring_is_said_with_pounds(app):
    assert heading(drawn(app), "ring") == "Ring Oak School (£30k) and ELM LTD (£20k)"


def test_the_missing_month_is_named_and_no_bar(app):
    layout = drawn(app)
    assert heading(layout, "months").endswith(
        "December 2025 is not loaded"
    ) and "May 2025 stands furthest apart" in heading(layout, "months")
    (december,) = [row for row in rows_of(layout, "months") if row[0] == "December 2025"]
    assert december[2] == "–" and december[-1] == "not loaded"


def test_a_kind_alone_lists_its_exceptions(app):
    rows = rows_of(drawn(app, "?kind=not_paid"), "exceptions")
    assert [(row[0], row[1], row[3]) for row in rows] == [("In register, not paid", "Oak School", "P7")]


def test_the_tolerance_of_the_address_decides_the_status(app):
    near, wide = (rows_of(drawn(app, f"?tolerance={one}"), "agree") for one in ("penny", "wide"))
    assert [row[8] for row in near] == ["A month is missing", "Outside tolerance"]
    assert [row[8] for row in wide] == ["A month is missing", "Within tolerance"]


def test_what_an_address_cannot_mean_is_said_and_left_out(app):
    words = text(drawn(app, "?tolerance=much&kind=odd"))
    assert "tolerance of the address is none of those offered" in words and "all are shown" in words


def test_what_is_not_mapped_is_said_in_pounds(app):
    assert (
        heading(drawn(app), "codes")
        == "The mapping places £1.1m; 1 code of £5k looks like SEND and has no rule"
    )


@pytest.mark.parametrize("name", OURS)
def test_the_file_is_the_table_of_the_screen(app, name):
    layout = drawn(app, "?years=2025-26")
    panel = {"reconcile-sources": "agree", "reconcile-kinds": "gap"}.get(
        name, name.removeprefix("reconcile-")
    )
    answer = get(app.server.test_client(), f"/export/listing/{name}.csv?years=2025-26")
    assert answer.status_code == 200
    lines = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    if name == "reconcile-bridge":
        assert len(lines) == 1
        return
    head = [text(cell) for cell in elements(elements(section(layout, panel), "Thead")[0], "Th")]
    assert lines[0][: len(head)] == head
    assert [line[0] for line in lines[1 : 1 + len(rows_of(layout, panel))]] == [
        row[0] for row in rows_of(layout, panel)
    ]
    assert get(app.server.test_client(), f"/export/listing/{name}.xlsx?years=2025-26").status_code == 200


@pytest.mark.parametrize("make", [snapshots.full, snapshots.one_row, snapshots.published_only, snapshots.empty], ids=lambda make: make.__name__)  # fmt: skip
def test_every_state_answers_in_words(make, tmp_path):
    make(tmp_path)
    for query in ("", "?years=2025-26&lines=1.2.3", "?years=1066&lines=nonsense&tolerance=x"):
        layout = drawn(app_of(tmp_path), query)
        words = text(layout)
        assert (
            "cannot be shown" not in words and "nan" not in words.split() and "None" not in words.split()
        ), words[:500]


def test_one_payment_alone_is_shown_without_a_register(tmp_path):
    tables = ledger_records.tables()
    alone = {
        "payments": tables["payments"].head(1),
        "ledger_months": tables["ledger_months"].head(1),
        "ledger_mapping": tables["ledger_mapping"],
    }
    snapshots._published(tmp_path, {**alone, **snapshots.about_the_build()})
    layout = drawn(app_of(tmp_path))
    assert heading(layout, "months") == "All lines: £100k paid in 1 month" and section(layout, "gap") is None
