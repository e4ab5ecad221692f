"""The Data page: every row accounted for, every problem with its address, what changed, what is missing."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import dash
import pytest

from dashboard.app import create_app, pages
from dashboard.data import Source
from dashboard.pages.loaded import SHOWN
from hnb.configuration import Configuration
from tests.dashboard import load_records, snapshots
from tests.dashboard.conftest import get, layout_of
from tests.dashboard.reading import elements, text, walk


def app_of(folder: Path) -> dash.Dash:
    configuration = Configuration(processed_folder=folder)
    return create_app(Source(folder, configuration), configuration)


def drawn(app: dash.Dash, search: str = ""):
    return layout_of(app, next(found for found in pages() if found["path"] == "/data"), search)


def section(layout, name):
    return next(part for part in walk(layout) if getattr(part, "id", None) == name)


def rows_of(table) -> list[list[str]]:
    return [[text(cell) for cell in row.children] for row in elements(elements(table, "Tbody")[0], "Tr")]


@pytest.fixture(scope="module")
def app(tmp_path_factory) -> dash.Dash:
    folder = tmp_path_factory.mktemp("load")
    snapshots.with_load(folder)
    return app_of(folder)


@pytest.fixture(scope="module")
def page(app):
    return drawn(app)


def test_the_tiles_say_what_became_of_the_rows(page):
    cards = {
        text(card.children[0]): [text(part) for part in elements(card, "P")]
        for card in elements(section_of_tiles(page), "Li")
    }
    assert cards["Files"] == ["1", "5 sheets"]  # the manifest of the invented build names one file
    assert cards["Rows loaded"] == ["5,774", "of 5,863 read"]
    assert cards["Rows refused"] == ["47", "£412k with them"]
    assert cards["Left out by name"][0] == "42"
    assert cards["Printed totals met"] == ["1,319", "3 not met", "of 1,322 printed"]
    assert cards["Problems that refuse"][0] == "9"
    assert cards["Notes"][0] == "1"


def section_of_tiles(page):
    return next(part for part in walk(page) if getattr(part, "className", "") == "tiles")


def test_rows_read_are_loaded_corrected_refused_or_left_out_in_every_row_of_the_table(page):
    (table, left_out) = elements(section(page, "files"), "Table")
    columns = [text(heading) for heading in elements(elements(table, "Thead")[0], "Th")]
    at = {name: columns.index(name) for name in ("Rows read", "Loaded", "Corrected", "Refused", "Left out")}
    rows = [
        *rows_of(table),
        [text(cell) for cell in elements(table, "Tfoot")[0].children.children],
    ]
    assert len(rows) == 5
    for row in rows:
        read, *parts = (int(row[place].replace(",", "")) for place in at.values())
        assert read == sum(parts)
    assert rows[-1][at["Rows read"]] == "5,851"  # without the sheet that was left out whole
    assert rows_of(left_out) == [["register.xlsx", "Lists", "12"]]


def test_pounds_are_accounted_for_in_words_and_no_sum_of_several_kinds_of_money_is_shown(page):
    table = elements(section(page, "files"), "Table")[0]
    assert {row[0]: row[-1] for row in rows_of(table)} == {
        "ledger/2026_04.csv": "every pound accounted for",
        "monitor_P7.xlsx": "every pound accounted for",
        "register.xlsx": "£412,346 refused, all others accounted for",
        "stray.xlsx": "–",
    }
    assert "841,803,718" not in text(page)


def test_the_heading_of_the_files_is_worked_out_from_them(page):
    assert text(section(page, "files-heading")) == (
        "Every row of 1 file is accounted for: 5,774 loaded (4 of them corrected), 42 left out by name, 47 refused"
    )


def test_refusals_stand_before_notes_and_totals_after_what_causes_them(page):
    kinds = rows_of(elements(section(page, "problems"), "Table")[0])
    assert [row[0] for row in kinds] == [
        "An error in a cell", "A sheet that no layout fits", "A printed total that its parts do not meet", "Exact duplicate rows",
    ]  # fmt: skip
    assert [row[1:4] for row in kinds] == [
        ["Refused", "7", "7"],
        ["Refused", "1", "40"],
        ["Refused", "1", "0"],
        ["Note", "1", "0"],
    ]
    assert (
        text(section(page, "problems-heading"))
        == "9 problems of 3 kinds hold publication up; 1 note is worth knowing"
    )


def test_a_kind_leads_to_the_addresses_of_its_problems(app, page):
    link = next(
        link for link in elements(section(page, "problems"), "Link") if text(link) == "An error in a cell"
    )
    assert link.href == "/data?kind=error_cell&severity=refusal"
    narrowed = drawn(app, "?kind=error_cell&severity=refusal")
    _, addresses = elements(section(narrowed, "problems"), "Table")
    assert [row[0] for row in rows_of(addresses)] == [
        f"register.xlsx!Register!F{row}" for row in range(10, 17)
    ]
    assert rows_of(addresses)[0][1:] == ["the cell shows #REF!", "a number", "Mend the formula"]


def test_a_file_leads_to_its_own_problems_and_rows(app, page):
    link = next(link for link in elements(section(page, "files"), "Link") if text(link) == "stray.xlsx")
    narrowed = drawn(app, link.href.partition("?")[2])
    kinds, listed = elements(section(narrowed, "problems"), "Table")
    assert [row[0] for row in rows_of(kinds)] == ["A sheet that no layout fits"] and len(rows_of(listed)) == 1
    assert [row[1:6] for row in rows_of(elements(section(narrowed, "files"), "Table")[0])] == [
        ["Sheet1", "not recognised", "40", "0", "0"]
    ]
    assert "coverage" not in {getattr(part, "id", None) for part in walk(narrowed)}


def test_what_changed_stands_once_by_file_and_once_by_line_and_only_what_moved(page):
    by_file, by_line = elements(section(page, "changes"), "Table")
    assert [row[-6:] for row in rows_of(by_file)] == [
        ["3", "5", "1", "£68,000,000", "£68,400,000", "+£400,000"]
    ]
    assert [row[-1] for row in rows_of(by_line)] == ["−£100,000", "+£500,000"] or [
        row[-1] for row in rows_of(by_line)
    ] == ["+£500,000", "−£100,000"]
    assert (
        text(section(page, "changes-heading"))
        == "Since the last load 3 rows are new, 5 changed and 1 vanished"
    )


def test_a_first_load_says_that_everything_is_new(tmp_path):
    snapshots.with_load(tmp_path, load_changes=load_records.first_load())
    words = text(section(drawn(app_of(tmp_path)), "changes"))
    assert "This is the first load: all 4,582 rows of the tables are new" in words


def test_a_gap_is_named_in_the_heading_and_shown_in_its_month(page):
    coverage = section(page, "coverage")
    assert text(section(page, "coverage-heading")) == "One gap: payments of May 2026"
    yearly, monthly = elements(coverage, "Table")
    assert rows_of(yearly) == [["Budget", "65£61.5m", "72£68.4m"]]
    assert rows_of(monthly) == [["Payments", "4,510£29.0m", "gap", "5,582£32.0m"]]


def test_a_build_without_a_problem_says_so(tmp_path):
    snapshots.with_load(tmp_path, problems=load_records.problems().head(0))
    words = text(section(drawn(app_of(tmp_path)), "problems"))
    assert "Nothing was refused" in words and "nothing to remark on" in words


def test_a_snapshot_of_nothing_is_still_a_page(tmp_path):
    snapshots.empty(tmp_path)
    words = text(drawn(app_of(tmp_path)))
    assert "Nothing was read" in words or "No file was read" in words
    assert "None printed" in words and "of None" not in words


def test_many_problems_come_a_screen_at_a_time(tmp_path):
    snapshots.with_load(tmp_path, problems=load_records.many_notes(2 * SHOWN + 50))
    app = app_of(tmp_path)
    last = drawn(app, "?kind=duplicate_rows&at=3")
    _, listed = elements(section(last, "problems"), "Table")
    assert len(rows_of(listed)) == 50 and f"201 to 250 of {2 * SHOWN + 50}" in text(last)
    assert [
        text(link)
        for link in elements(
            next(part for part in walk(last) if getattr(part, "className", "") == "turns"), "Link"
        )
    ] == ["Those before"]
    beyond = drawn(app, "?kind=duplicate_rows&at=99")
    assert len(rows_of(elements(section(beyond, "problems"), "Table")[1])) == 50


def test_what_the_address_says_and_is_not_there_is_told(app):
    words = text(drawn(app, "?file=nobody.xlsx&kind=nonsense&at=-3"))
    assert "“nobody.xlsx” is not a file of this load and was left out." in words
    assert "“nonsense” is not a kind of problem and was left out." in words


@pytest.mark.parametrize("name", ["files", "problems", "load_changes", "coverage"])
def test_each_record_can_be_taken_away_and_says_what_it_is(app, name):
    answer = get(app.server.test_client(), f"/export/record/{name}.csv")
    assert answer.status_code == 200
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))
    assert len(rows) == len(getattr(load_records, name)())
    assert get(app.server.test_client(), f"/export/record/{name}.xlsx").data[:2] == b"PK"


def test_a_record_file_is_narrowed_like_the_page(app):
    client = app.server.test_client()
    rows = (
        get(client, "/export/record/problems.csv?file=register.xlsx&what=error_cell")
        .data.decode("utf-8-sig")
        .splitlines()
    )
    assert len(rows) == 1 + 7
    assert get(client, "/export/record/problems.csv?nonsense=1").status_code == 400


@pytest.mark.parametrize("name", ["placements", "placement_months", "nonsense", "placement_exceptions"])
def test_no_table_with_rows_about_children_can_be_taken_away_so(app, name):
    assert get(app.server.test_client(), f"/export/record/{name}.csv").status_code == 404
