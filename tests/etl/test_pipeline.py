"""The whole way on small files: one bad input each, the build goes on, and publishes nothing unless told to."""

from __future__ import annotations

import datetime
import os
from pathlib import Path

import openpyxl
import pytest

from etl import __main__ as command
from etl.pipeline import Report, build, workbook_paths
from etl.workbooks import NEVER_CALCULATED
from hnb.configuration import Configuration
from hnb.errors import HnbError
from hnb.store import Snapshot, current_id
from tests.etl.pictures import MONITOR_LAYOUT, csv_text, layout, picture, sound_monitor

NOW = datetime.datetime(2026, 11, 23, 21, 0, tzinfo=datetime.UTC)
MONITOR = layout()


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    """A folder with one sound file."""
    folder = tmp_path / "raw"
    folder.mkdir()
    (folder / "sound.csv").write_text(csv_text(sound_monitor()), encoding="utf-8")
    return folder


def built(raw: Path, **more) -> Report:
    return build(raw, raw.parent / "processed", Configuration(), pupil_key=b"k" * 32, now=NOW, code_version="test",
                 layouts=[MONITOR], corrections=[], **more)  # fmt: skip


def published(raw: Path) -> str | None:
    return current_id(raw.parent / "processed")


def test_a_sound_folder_is_published_with_an_account_of_its_rows(raw):
    report = built(raw)
    assert (report.exit_code, report.problems) == (0, ())
    snapshot = Snapshot.open(raw.parent / "processed")
    assert snapshot.id == report.snapshot.id
    assert sorted(snapshot.table("budget")["amount"].to_list()) == [20, 50, 60, 100]
    (sheet,) = snapshot.table("files").to_dicts()
    assert (
        sheet["file"],
        sheet["layout"],
        sheet["rows_read"],
        sheet["rows_loaded"],
        sheet["rows_ignored"],
    ) == ("sound.csv", "monitor", 4, 2, 2)
    assert (sheet["totals_printed"], sheet["totals_met"]) == (2, 2)
    assert snapshot.has("spend")


def _workbook(path: Path, rows: list[list[object]]) -> None:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.active.title = "Monitor"
    book.save(path)


def _formula(raw: Path) -> None:
    sheet = sound_monitor()
    sheet.rows[2][2] = "=40+60"
    _workbook(raw / "bad.xlsx", sheet.rows)


BAD = {
    "unknown sheet": (lambda raw: (raw / "bad.csv").write_text("Name,Sum\nApple,3\n"), "unknown_sheet", "bad.csv!bad"),
    "nearly known": (lambda raw: (raw / "bad.csv").write_text(csv_text(sound_monitor()).replace("Actual", "Really")), "unknown_sheet", "bad.csv!bad"),
    "unmapped heading": (lambda raw: (raw / "bad.csv").write_text(csv_text(sound_monitor(heading="Virement"))), "unmapped_heading", "bad.csv!bad!E2"),
    "unknown code": (lambda raw: (raw / "bad.csv").write_text(csv_text(sound_monitor(setting="Spaceship"))), "unknown_code", "bad.csv!bad!B3"),
    "total not met": (lambda raw: (raw / "bad.csv").write_text(csv_text(sound_monitor(total=151))), "total_not_met", "bad.csv!bad!C5"),
    "error cell": (lambda raw: _workbook_with_error(raw), "error_cell", "bad.xlsx!Monitor!C3"),
    "formula never calculated": (_formula, "uncached_formula", "bad.xlsx!Monitor!C3"),
    "no workbook at all": (lambda raw: (raw / "bad.xlsx").write_bytes(b"PK\x03\x04 broken"), None, "bad.xlsx"),
    "unknown kind of file": (lambda raw: (raw / "bad.docx").write_bytes(b"words"), "unknown_kind", "bad.docx"),
}  # fmt: skip


def _workbook_with_error(raw: Path) -> None:
    sheet = sound_monitor()
    book = openpyxl.Workbook()
    book.active.title = "Monitor"
    for row in sheet.rows:
        book.active.append(row)
    book.active["C3"] = "#REF!"
    book.active["C3"].data_type = "e"
    book.save(raw / "bad.xlsx")


@pytest.mark.parametrize("name", BAD)
def test_one_bad_file_is_told_in_one_sentence_and_the_others_are_read(raw, name):
    spoil, what, where = BAD[name]
    # The bad file is of another year, so that its rows repeat none of the sound one's.
    spoil(raw)
    for path in raw.glob("bad.csv"):
        path.write_text(path.read_text().replace("2023-24", "2022-23"))
    report = built(raw)
    about = [
        problem
        for problem in report.refusals
        if problem.where.startswith(where) and what in (None, problem.what)
    ]
    assert len(about) == 1, report.problems
    sentence = about[0].sentence()
    assert sentence.startswith(f"{where}") and about[0].action
    assert report.exit_code == 1
    assert report.snapshot is None and published(raw) is None
    assert {sheet.file for sheet in report.sheets if sheet.rows_loaded} >= {"sound.csv"}


def test_the_formula_that_was_never_calculated_is_not_nought(raw):
    _formula(raw)
    report = built(raw)
    assert [
        problem.where for problem in report.refusals if NEVER_CALCULATED.split()[-1] in problem.found
    ] == ["bad.xlsx!Monitor!C3"]
    assert 0 not in report.tables["budget"]["amount"].tolist()


def test_problems_may_be_accepted_and_then_only_sound_rows_are_published(raw):
    BAD["unknown code"][0](raw)
    bad = raw / "bad.csv"
    bad.write_text(bad.read_text().replace("2023-24", "2022-23"))
    report = built(raw, accept_problems=True)
    assert report.exit_code == 1
    snapshot = Snapshot.open(raw.parent / "processed")
    sources = snapshot.table("budget")["source"].to_list()
    assert "bad.csv!bad!4" in sources and "bad.csv!bad!3" not in sources
    account = {row["file"]: row for row in snapshot.table("files").to_dicts()}["bad.csv"]
    assert (
        account["rows_read"],
        account["rows_loaded"],
        account["rows_refused"],
        account["rows_ignored"],
    ) == (4, 1, 1, 2)
    assert "unknown_code" in snapshot.table("problems")["what"].to_list()


def test_nothing_sound_is_never_published_even_if_accepted(raw):
    (raw / "sound.csv").write_text("Name,Sum\nApple,3\n")
    assert built(raw, accept_problems=True).snapshot is None


def test_a_check_publishes_nothing(raw):
    assert built(raw, publishing=False).snapshot is None
    assert published(raw) is None


def test_the_same_row_in_two_files_is_refused_where_it_comes_second(raw):
    #  The same rows in another file: one more line at its end makes the bytes differ.
    (raw / "twice.csv").write_text(csv_text(sound_monitor()) + "\n", encoding="utf-8")
    report = built(raw)
    (problem,) = report.refusals  # one sentence a pair of sheets, for all their rows
    assert (problem.where, problem.what) == ("twice.csv!twice", "repeated_keys")
    assert "already at sound.csv!sound" in problem.found
    assert {sheet.file: sheet.rows_refused for sheet in report.sheets} == {"sound.csv": 0, "twice.csv": 2}


def test_pounds_in_are_pounds_loaded_refused_and_ignored(raw):
    """Every figure of a file goes somewhere, a row that is refused too."""
    sheet = sound_monitor(budget=(100, "oops"), total=100)
    (raw / "sound.csv").write_text(csv_text(sheet))
    report = built(raw)
    loaded = report.tables["budget"]["amount"].sum()
    refused = 20  # the actual of row 4, whose budget cannot be read
    ignored = 100 + 80  # the total's row
    assert loaded + refused + ignored == 100 + 60 + 20 + 100 + 80


def test_sheets_without_figures_are_ignored_by_name(raw):
    book = openpyxl.Workbook()
    book.active.title = "Cover"
    book.active.append(["A cover"])
    monitor = book.create_sheet("Monitor")
    for row in sound_monitor().rows:
        monitor.append(row)
    (raw / "sound.csv").unlink()
    book.save(raw / "m.xlsx")
    report = built(raw)
    assert report.exit_code == 0
    assert {sheet.sheet: dict(sheet.reasons) for sheet in report.sheets}["Cover"] == {"No figures": 1}


def test_a_hidden_sheet_is_read_and_noted(raw):
    book = openpyxl.Workbook()
    for row in sound_monitor().rows:
        book.active.append(row)
    book.create_sheet("Cover").append(["x"])
    book.active.sheet_state = "hidden"
    book.active = 1
    (raw / "sound.csv").unlink()
    book.save(raw / "m.xlsx")
    report = built(raw)
    assert [(problem.what, problem.severity) for problem in report.problems] == [("hidden_sheet", "note")]
    assert report.snapshot is not None


def test_only_workbooks_are_looked_at(raw):
    for name in ("README.md", "~$sound.csv", ".hidden.csv", "deep/er/more.csv"):
        (raw / name).parent.mkdir(parents=True, exist_ok=True)
        (raw / name).write_text("x")
    assert [path.relative_to(raw).as_posix() for path in workbook_paths(raw)] == [
        "deep/er/more.csv",
        "sound.csv",
    ]


@pytest.mark.parametrize("folder", ["nowhere", "empty"])
def test_a_folder_without_workbooks_is_said(tmp_path, folder):
    (tmp_path / "empty").mkdir()
    with pytest.raises(HnbError, match=folder):
        workbook_paths(tmp_path / folder)


@pytest.fixture
def here(tmp_path, monkeypatch):
    """The command with its key and folders in a folder of its own."""
    monkeypatch.setenv("HNB_PUPIL_KEY_FILE", str(tmp_path / "keys" / "pupil.key"))
    monkeypatch.setenv("HNB_MAPPINGS_FOLDER", str(tmp_path / "mappings"))
    monkeypatch.setattr(command, "all_layouts", lambda *_folders: (MONITOR,))
    monkeypatch.setattr("etl.pipeline.all_layouts", lambda: (MONITOR,))
    monkeypatch.setattr("etl.pipeline.all_corrections", tuple)
    return tmp_path


def test_the_commands_exit_codes(here, raw, capsys):
    folders = ["--raw", str(raw), "--processed", str(here / "processed")]
    assert command.main(["check", *folders]) == 0
    assert command.main(["build", *folders]) == 0
    assert "Published as snapshot 000001-" in capsys.readouterr().out
    (raw / "bad.csv").write_text("Name,Sum\nApple,3\n")
    assert command.main(["build", *folders]) == 1
    assert "Nothing was published: 1 problem holds it up. Mend what is refused" in capsys.readouterr().out
    assert command.main(["build", *folders, "--accept-problems"]) == 1
    out = capsys.readouterr().out
    assert "Published as snapshot 000002-" in out and "bad.csv!bad: " in out
    assert command.main(["build", "--raw", str(here / "nowhere")]) == 2
    assert capsys.readouterr().err.startswith("There is no folder")
    assert command.main(["describe", str(here / "nowhere.xlsx")]) == 2


def test_the_key_is_made_once_and_only_its_owner_may_read_it(here, raw):
    key = here / "keys" / "pupil.key"
    command.main(["check", "--raw", str(raw), "--processed", str(here / "p")])
    first = key.read_bytes()
    command.main(["check", "--raw", str(raw), "--processed", str(here / "p")])
    assert key.read_bytes() == first and len(first) == 32
    assert key.stat().st_mode & 0o777 == 0o600


def test_a_damaged_key_is_said(here, raw, capsys):
    (here / "keys").mkdir()
    (here / "keys" / "pupil.key").write_bytes(b"short")
    assert command.main(["check", "--raw", str(raw)]) == 2
    assert "does not hold 32 bytes" in capsys.readouterr().err


def test_describe_says_what_fits_and_shows_no_values(here, raw, capsys):
    assert command.main(["describe", str(raw / "sound.csv")]) == 0
    out = capsys.readouterr().out
    assert 'fits the layout "monitor"; the header is in row 2' in out
    assert "Budget: 3 text, 1 blank" in out
    (raw / "near.csv").write_text(csv_text(picture("""
        | Secret Name | Budget line | Setting |
        | Ann Other   | 1.2.3       | Central |
    """)))  # fmt: skip
    assert command.main(["describe", str(raw / "near.csv")]) == 0
    out = capsys.readouterr().out
    assert '"monitor" comes nearest' in out and "Secret Name: 1 text" in out
    assert "Ann Other" not in out


def test_layouts_are_listed(here, capsys):
    assert command.main(["layouts"]) == 0
    assert "monitor" in capsys.readouterr().out


def test_a_copy_of_a_file_is_not_counted_twice(raw):
    (raw / "sound (1).csv").write_bytes((raw / "sound.csv").read_bytes())
    report = built(raw)
    (note,) = report.problems
    assert (note.where, note.what, note.severity) == ("sound.csv", "same_file_twice", "note")
    assert report.tables["budget"]["amount"].sum() == 230
    copy = next(sheet for sheet in report.sheets if sheet.file == "sound.csv")
    assert (copy.rows_read, copy.rows_loaded, copy.rows_ignored) == (copy.rows_ignored, 0, copy.rows_read)
    assert copy.reasons == {"A copy of sound (1).csv": copy.rows_read}


def test_a_recommendation_with_an_unknown_measure_is_told_and_stays_in_the_register(tmp_path):
    (tmp_path / "raw").mkdir()
    heading = [
        "No", "Theme", "Recommendation", "Owner", "Measure", "Settings", "Phases", "Needs", "Baseline year",
        "Baseline", "Target", "Target year", "Status", "Where it is published", "Target is an example?",
    ]  # fmt: skip
    row = ["R1", "Places", "More places", "Head", "cost of taxis", *[None] * 7, "In progress", "Review", "No"]
    _workbook(tmp_path / "raw" / "register.xlsx", [["Register"], heading, row])
    report = build(tmp_path / "raw", tmp_path / "processed", Configuration(), pupil_key=b"k" * 32, now=NOW, code_version="test",
                   accept_problems=True)  # fmt: skip
    (problem,) = report.problems
    assert (problem.what, problem.severity) == ("unknown_code", "refusal")
    assert problem.where.startswith("register.xlsx!") and problem.where.endswith("!3")
    assert len(report.snapshot.table("recommendations")) == 1


def test_a_sheet_that_does_not_say_its_unit_is_one_problem_and_no_figure_of_it_is_published(raw):
    said = layout(
        MONITOR_LAYOUT.replace('pattern = "(£\'000|£m)"\noptional = true', 'pattern = "(£\'000|£)"')
    )
    sheet = sound_monitor()
    (raw / "untold.csv").write_text(csv_text(sheet), encoding="utf-8")
    sheet.rows[0][0] = f"In £. {sheet.rows[0][0]}"
    (raw / "sound.csv").write_text(csv_text(sheet), encoding="utf-8")
    report = build(raw, raw.parent / "processed", Configuration(), pupil_key=b"k" * 32, now=NOW, code_version="test",
                   layouts=[said], corrections=[], accept_problems=True)  # fmt: skip
    (problem,) = report.problems
    assert (problem.where, problem.what, problem.rows) == ("untold.csv!untold", "no_context", 2)
    assert sorted(report.snapshot.table("budget")["amount"].to_list()) == [20, 50, 60, 100]


def test_a_workbook_in_another_unit_than_last_time_is_refused(raw):
    built(raw)
    before = published(raw)
    in_pence = sound_monitor(budget=(10_000, 5_000), total=15_000)
    (raw / "sound.csv").write_text(csv_text(in_pence), encoding="utf-8")
    report = built(raw)
    (problem,) = report.refusals
    assert (problem.where, problem.what) == ("sound.csv!sound", "unit_mistaken")
    assert "£15,000, and to £150 at the last load" in problem.found
    assert published(raw) == before
    assert built(raw, accept_problems=True).snapshot.id != before


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this platform has no named pipes")
def test_what_is_no_file_is_refused_by_name_and_never_waited_for(raw):
    (raw / "gone.xlsx").symlink_to(raw / "nowhere.xlsx")
    os.mkfifo(raw / "pipe.csv")
    report = built(raw)
    assert [(problem.where, problem.found) for problem in report.refusals] == [
        ("gone.xlsx", "it is a link that leads nowhere"),
        ("pipe.csv", "it is no file but a pipe, a socket or a device"),
    ]
    assert published(raw) is None


def test_a_problem_knows_its_file_though_the_name_holds_an_exclamation_mark(raw):
    (raw / "FINAL!.csv").write_text(csv_text(sound_monitor(setting="Spaceship")), encoding="utf-8")
    (raw / "sound.csv").unlink()
    assert {row["file"] for row in built(raw).tables["problems"].to_dict("records")} == {"FINAL!.csv"}
