"""The report of a build: the same content in a terminal, on a page and in a workbook, and nothing of a child in it."""

from __future__ import annotations

import datetime
import html.parser
import io
import itertools
import re
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pandas
import polars
import pytest
from rich.console import Console

from etl import report_folder
from etl.account import SheetAccount, files_frame
from etl.changes import load_changes
from etl.pipeline import Report, build
from etl.report import show
from etl.report_content import Content, change_place, change_words
from etl.report_page import SHOWN_OF_A_KIND, page
from etl.report_workbook import workbook
from hnb.configuration import Configuration
from hnb.contract import Problem
from hnb.tables import TABLES
from tests.etl.pictures import csv_text, layout, sound_monitor

NOW = datetime.datetime(2026, 11, 23, 21, 0, tzinfo=datetime.UTC)
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    """A folder with one sound monitor, and one whose setting no list knows and whose total is wrong."""
    folder = tmp_path / "raw"
    folder.mkdir()
    (folder / "sound.csv").write_text(csv_text(sound_monitor()), encoding="utf-8")
    (folder / "bad.csv").write_text(csv_text(sound_monitor(setting="Spaceship", total=151)).replace("2023-24", "2022-23"), encoding="utf-8")  # fmt: skip
    return folder


def built(raw: Path, **more) -> Report:
    return build(raw, raw.parent / "processed", Configuration(), pupil_key=b"k" * 32, now=NOW, code_version="test",
                 layouts=[layout()], corrections=[], **more)  # fmt: skip


def told(*problems: Problem, sheets: tuple[SheetAccount, ...] = ()) -> Report:
    """A report of given problems and accounts, with nothing loaded."""
    tables = {
        "files": TABLES["files"].conform(files_frame(sheets)),
        "problems": TABLES["problems"].conform(pandas.DataFrame([{"file": problem.where.split("!")[0], **vars(problem)} for problem in problems], columns=TABLES["problems"].names)),
        "load_changes": load_changes({}, None),
    }  # fmt: skip
    return Report((), sheets, problems, tables)


def printed(report: Report, width: int, *, is_terminal: bool = False, **more) -> str:
    console = Console(width=width, file=io.StringIO(), force_terminal=is_terminal, color_system=None)
    show(report, console, **more)
    return console.file.getvalue()


class _Reader(html.parser.HTMLParser):
    """Gathers the tags of a page in order, and its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def shown(report: Report, way: str) -> str:
    """All that one of the three ways says, as plain text with single spaces."""
    if way == "terminal":
        text = printed(report, 200)
    elif way == "page":
        text = _Reader(page(Content(report))).text
    else:
        book = openpyxl.load_workbook(io.BytesIO(workbook(Content(report))), data_only=True)
        text = " ".join(str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None)  # fmt: skip
    return re.sub(r"\s+", " ", text)


@pytest.mark.parametrize("way", ["terminal", "page", "workbook"])
def test_every_way_says_the_same(raw, way):
    text = shown(built(raw), way)
    for said in ("2 files is accounted for", "Nothing was published", "problems hold it up", "bad.csv!bad!B3", "Spaceship", "A word that no code list knows",
                 "bad.csv!bad!C5", "the printed total is 151.00", "monitor", "a word that no code list knows (1)", "This is the first load"):  # fmt: skip
        assert said in text, said


def test_a_terminal_of_80_columns_says_why_rows_were_refused_and_never_runs_over(raw):
    text = printed(built(raw), 80, is_terminal=True)
    assert max(map(len, text.splitlines())) <= 80
    assert "sound.csv (monitor): 4 rows read: 2 loaded, 2 ignored by name" in text
    assert "  refused: a word that no code list knows (1)" in text
    assert text.index("Result") < text.index("Files") < text.index("Refused")
    assert text.rstrip().splitlines()[-2].startswith("Nothing was published")


def test_a_wide_terminal_has_a_table_and_a_log_has_no_broken_lines(raw):
    report = built(raw)
    assert "2 of 2" in printed(report, 200)
    addresses = [problem.where for problem in report.problems]
    assert all(any(where in line and "Expected" in line for line in printed(report, 100).splitlines()) for where in addresses)  # fmt: skip


def test_causes_come_before_the_totals_that_follow_from_them(raw):
    kinds = [kind.code for kind in Content(built(raw)).kinds]
    assert kinds.index("unknown_code") < kinds.index("total_not_met")


@pytest.mark.parametrize(
    ("more", "state", "verdict"),
    [
        ({}, "refused", "Nothing was published"), ({"accept_problems": True}, "accepted", "as you asked, without what 2 problems refuse"),
        ({"publishing": False}, "checked", "only a check. A build would publish nothing: 2 problems hold it up"),
    ],
)  # fmt: skip
def test_the_verdict_says_how_it_ended(raw, more, state, verdict):
    report = built(raw, **more)
    content = Content(report, more.get("publishing") is False, bool(more.get("accept_problems")))
    assert content.state == state
    assert verdict in content.verdict


def test_a_sound_build_and_one_that_changed_nothing_say_so(raw):
    (raw / "bad.csv").unlink()
    first = Content(built(raw))
    assert (first.state, first.is_first_load) == ("published", True)
    again = Content(built(raw))
    assert again.state == "unchanged"
    assert "Nothing changed since snapshot 000001" in again.verdict
    assert again.changes("by_sheet").is_empty()
    assert dict(again.facts)["Changes"] == "No row changed since the last load."


def test_a_build_that_changed_nothing_says_so_in_two_lines(raw):
    (raw / "bad.csv").unlink()
    built(raw)
    text = printed(built(raw), 200)
    assert len(text.strip().splitlines()) == 2
    assert "1 file; 0 problems and 0 notes, as that snapshot's report says." in text


def test_what_changed_is_told_by_sheet_and_by_line(raw):
    (raw / "bad.csv").unlink()
    built(raw)
    (raw / "sound.csv").write_text(csv_text(sound_monitor(budget=(110, 50), total=160)), encoding="utf-8")
    content = Content(built(raw))
    (row,) = content.changes("by_sheet").to_dicts()
    assert change_place(row) == "sound.csv, budget (revised budget) of 2023-24 as at 31 October 2023"
    assert change_words(row) == "1 changed; £150 before, £160 now (+£10)"
    (line,) = content.changes("by_line").to_dicts()
    assert change_place(line).startswith("1.2.3 ")
    for text in (shown(content.report, way) for way in ("terminal", "page")):
        assert "not to be added" in text
        assert "+£10" in text


def test_one_row_is_one_row():
    sheet = SheetAccount("a.csv", "a", "monitor", "budget", rows_read=1, rows_loaded=1, totals_printed=1, totals_met=1)  # fmt: skip
    (line,) = Content(told(sheets=(sheet,))).sheets
    assert line.rows_words() == "1 row read: 1 loaded"
    assert line.totals_words() == "1 of 1 printed total met"
    text = printed(told(Problem("a.csv!a!2", "blank", "blank", rows=1)), 80)
    assert "(1 problem, 1 row refused)" in text
    assert "1 problem holds it up" in text


def test_sheets_left_out_by_name_are_one_line_with_the_reason():
    sheets = tuple(SheetAccount(f"z.zip/data/{name}.csv", name, reasons={"No figures": 3}) for name in ("a", "b"))  # fmt: skip
    assert Content(told(sheets=sheets)).left_out == ("z.zip: left out by name: a, b (No figures)",)
    alike = tuple(SheetAccount(f"p{month}.xlsx", "Notes", reasons={"No figures": 3}) for month in (1, 2, 3))
    assert Content(told(sheets=alike)).left_out == ("p1.xlsx and 2 more files: left out by name: Notes (No figures)",)  # fmt: skip


def test_a_sheet_is_held_to_the_reasons_of_its_own_name():
    sheet = SheetAccount("a.xlsx", "Pay!2024", rows_read=2, rows_refused=2)
    problems = (Problem("a.xlsx!Pay!2024!C3", "unknown_code", "x", rows=1), Problem("a.xlsx!Pay!2024!C4", "blank", "x", rows=1), Problem("b.xlsx!Pay!2024!C4", "blank", "x", rows=1))  # fmt: skip
    (line,) = Content(told(*problems, sheets=(sheet,))).sheets
    assert sum(count for _, count in line.refused) == 2


# -- the page


def test_the_page_is_whole_in_itself_and_accessible(raw):
    text = page(Content(built(raw)))
    reader = _Reader(text)
    assert not {"script", "link", "img", "iframe", "object"} & {tag for tag, _ in reader.tags}
    assert not re.search(r"https?:|url\(|@import", text)
    assert ("html", {"lang": "en-GB"}) in reader.tags
    headings = [int(tag[1]) for tag, _ in reader.tags if re.fullmatch("h[1-6]", tag)]
    assert headings[0] == 1
    assert headings.count(1) == 1
    assert all(later - earlier <= 1 for earlier, later in itertools.pairwise(headings))
    tables = text.split("<table")[1:]
    assert len(tables) >= 5
    for table in tables:
        assert "<caption" in table
        assert all('scope="' in cell for cell in re.findall(r"<th [^>]*>|<th>", table.split("</table>")[0]))
    assert all(attributes.get("aria-label") for tag, attributes in reader.tags if attributes.get("role") == "region")  # fmt: skip
    ids = [attributes["id"] for _, attributes in reader.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    links = [attributes["href"] for tag, attributes in reader.tags if tag == "a"]
    assert {str(link).removeprefix("#") for link in links} <= set(ids)


def test_what_a_file_says_is_never_markup_nor_a_formula():
    report = told(Problem(f"{HOSTILE}.csv!=1+1!A1", "blank", f"{HOSTILE} & \"quotes\"", "=HYPERLINK(\"x\")", "@SUM(1)"),
                  sheets=(SheetAccount(f"{HOSTILE}.csv", "=cmd", rows_read=1, rows_refused=1),))  # fmt: skip
    assert HOSTILE not in page(Content(report))
    assert "&lt;script&gt;" in page(Content(report))
    book = openpyxl.load_workbook(io.BytesIO(workbook(Content(report))))
    formulas = [cell.value for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]  # fmt: skip
    assert formulas
    assert all(
        re.fullmatch(r"=(SUBTOTAL\(109,\w+(:\w+)?\)|\w+-SUM\(\w+:\w+\))", formula) for formula in formulas
    )


def test_a_kind_that_would_fill_the_page_shows_its_first_and_the_workbook_all():
    many = tuple(Problem(f"a.csv!a!C{row}", "blank", "blank", rows=1) for row in range(SHOWN_OF_A_KIND + 5))
    text = page(Content(told(*many)))
    assert f"The first {SHOWN_OF_A_KIND} of {len(many)}" in text
    book = openpyxl.load_workbook(io.BytesIO(workbook(Content(told(*many)))))
    assert book["Problems"].max_row == 1 + len(many)


# -- the workbook


def test_the_workbook_has_its_sheets_filters_and_totals_that_are_formulas(raw):
    data = workbook(Content(built(raw)))
    book = openpyxl.load_workbook(io.BytesIO(data))
    assert book.sheetnames == ["Summary", "Files", "Problems", "Changes", "Changes by line", "Coverage", "Sources"]  # fmt: skip
    for name in book.sheetnames[1:]:
        assert book[name].freeze_panes
        assert book[name].auto_filter.ref
    values = openpyxl.load_workbook(io.BytesIO(data), data_only=True)["Files"]
    headings = [cell.value for cell in values[1]]
    read, difference = headings.index("Rows read (rows)"), headings.index("Rows not accounted for")
    assert book["Files"].cell(2, read + 1).value.startswith("=SUBTOTAL(109,")
    assert values.cell(2, read + 1).value == sum(row[read] for row in values.iter_rows(min_row=3, values_only=True))  # fmt: skip
    assert {row[difference] for row in values.iter_rows(min_row=2, values_only=True)} == {0}
    # Pounds of several kinds are never added.
    changes = [cell.value for cell in book["Changes"][2]]
    amounts = [place for place, cell in enumerate(book["Changes"][1]) if "amount" in str(cell.value).lower()]
    assert amounts
    assert not any(changes[place] for place in amounts)


def test_the_same_build_gives_the_same_workbook(raw):
    (raw / "bad.csv").unlink()
    content = Content(built(raw))
    assert workbook(content) == workbook(content)


# -- where it is left


def test_reports_stand_beside_the_snapshots_and_go_with_them(raw):
    processed = raw.parent / "processed"
    folders = [
        report_folder.leave(Content(built(raw)), processed, now=NOW + datetime.timedelta(minutes=minute), keep=2) for minute in range(3)
    ]  # fmt: skip
    assert [folder.exists() for folder in folders] == [False, True, True]
    assert folders[2].name == "refused-20261123T210200Z"
    assert sorted(path.name for path in folders[2].iterdir()) == ["report.html", "report.xlsx"]
    accepted = built(raw, accept_problems=True)
    folder = report_folder.leave(Content(accepted), processed, now=NOW, keep=2)
    assert folder.name == accepted.snapshot.id
    assert folders[2].exists()


def test_an_unchanged_build_leaves_the_report_of_its_snapshot_as_it_was(raw):
    (raw / "bad.csv").unlink()
    processed = raw.parent / "processed"
    first = report_folder.leave(Content(built(raw)), processed, now=NOW, keep=2)
    text = (first / "report.html").read_text("utf-8")
    assert report_folder.leave(Content(built(raw)), processed, now=NOW, keep=2) == first
    assert (first / "report.html").read_text("utf-8") == text


def test_the_place_is_told_and_a_disk_that_refuses_stops_nothing(raw, tmp_path):
    content, processed = Content(built(raw)), raw.parent / "processed"
    told_where = report_folder.left(content, processed, None, publishing=True, now=NOW, keep=2)
    assert told_where.startswith("Report: ")
    assert "refused-20261123T210000Z" in told_where
    assert report_folder.left(content, processed, None, publishing=False, now=NOW, keep=2) == ""
    named = report_folder.left(content, processed, tmp_path / "named", publishing=False, now=NOW, keep=2)
    assert (tmp_path / "named" / "report.xlsx").is_file()
    assert "named" in named
    (tmp_path / "a file").write_text("")
    refused = report_folder.left(content, processed, tmp_path / "a file", publishing=False, now=NOW, keep=2)
    assert refused.startswith("The report cannot be written to")


# -- nothing of a child


@pytest.mark.parametrize("render", [page, lambda content: shown(content.report, "workbook"), lambda content: shown(content.report, "terminal")],
                         ids=["page", "workbook", "terminal"])  # fmt: skip
def test_no_number_or_name_of_a_child_is_in_a_report(render: Callable[[Content], str]):
    row = {"authority": "E09000029", "financial_year": "2026-27", "register_as_at": pandas.Timestamp("2026-10-31"), "placement_id": "P-SECRET-1",
           "pupil_id": "c0ffee", "need": "ASD", "phase": "primary", "setting": "special_independent", "provider": "Hush School", "status": "open",
           "start_on": pandas.Timestamp("2025-09-01"), "line": "1.2.3", "annual_cost": 12_345.67, "source": "r.xlsx!R!2"}  # fmt: skip
    placements = TABLES["placements"].conform(pandas.DataFrame([row]))
    report = told()
    tables = {**report.tables, "placements": placements, "load_changes": load_changes({"placements": placements}, {"placements": placements.assign(annual_cost=1.0)})}  # fmt: skip
    text = render(Content(Report((), (), (), tables)))
    assert "r.xlsx" in text
    assert not [secret for secret in ("P-SECRET-1", "c0ffee", "Hush School") if secret in text]


def test_the_page_of_a_build_with_money_has_its_columns():
    account = SheetAccount("a.csv", "a", "monitor", "budget", rows_read=1, rows_loaded=1)
    report = told(sheets=(account,))
    money = {"amount_read": 10.5, "amount_loaded": 10.5, "amount_refused": 0.0, "amount_ignored": 0.0}
    files = polars.from_pandas(report.tables["files"]).with_columns(**{name: polars.lit(amount) for name, amount in money.items()})  # fmt: skip
    content = Content(Report((), (account,), (), {**report.tables, "files": files}))
    assert "every pound accounted for" in page(content)
    assert dict(content.facts)["Money"] == "Every pound accounted for."
    assert "every pound" in printed(content.report, 200)
