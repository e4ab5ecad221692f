"""Each hostile or broken file costs one sentence, little time and little memory, and never reads as blank.

Everything goes through the public way in, `read_file`; what it costs is measured in the child process.
"""

from __future__ import annotations

import datetime
import http.server
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from etl import workbooks
from etl.cells import CellError, column_name
from etl.pipeline import build
from etl.printable import one_line
from etl.printed import Refused, number
from etl.workbooks import Limits, Reading, read_file
from hnb.configuration import Configuration
from hnb.contract import Problem
from tests.conftest import Built
from tests.etl import hostile_files as made
from tests.etl.binary_workbooks import compound_file, xls_file, xlsb_file
from tests.etl.test_workbooks import ods_file

MOST_SECONDS, MOST_MEGABYTES = (
    20.0,
    400.0,
)  # a shared machine takes its time; alone each is below 3 s and 300 MB
Make = Callable[[Path], Path]


@pytest.fixture
def fresh_child() -> Iterator[None]:
    """A child process of this test's own, so that its peak memory is this file's."""
    workbooks._CHILDREN.close()
    yield
    workbooks._CHILDREN.close()


def peak_megabytes() -> float:
    """The most memory that the child process at rest has ever held; 0 where the system does not say or there is none."""
    resting = workbooks._CHILDREN._resting
    status = Path(f"/proc/{resting[-1].pid}/status") if resting else Path("/nowhere")
    if not status.exists():
        return 0.0
    return (
        next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        / 1024
    )


def read_cheaply(path: Path, limits: Limits | None = None) -> Reading:
    """Reads a file and proves what it cost the child; what that hands over is bounded in bytes."""
    began = time.monotonic()
    reading = read_file(path, limits or Limits())
    assert time.monotonic() - began < MOST_SECONDS
    assert peak_megabytes() < MOST_MEGABYTES
    return reading


def refusals(reading: Reading) -> list[Problem]:
    return [problem for problem in reading.problems if problem.severity == "refusal"]


def one_sentence(reading: Reading, path: Path, what: str) -> Problem:
    """The one refusal: it begins with the file, says what was found, what is expected and what to do."""
    (problem,) = refusals(reading)
    assert problem.what == what, problem.sentence()
    assert problem.where.startswith(path.name)
    assert problem.found
    assert problem.expected
    assert problem.action
    assert "\n" not in problem.sentence()
    assert len(problem.sentence()) < 500
    return problem


def empty_rows(path: Path) -> Path:
    rows = "".join(f'<row r="{n}"><c r="A{n}" s="0"/><c r="B{n}" s="0"/></row>' for n in range(3, 1_048_577))
    return made.workbook(path, {"Data": made.CELLS + rows})


def last_cell(path: Path) -> Path:
    return made.workbook(path, {"Data": f'{made.CELLS}<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'})


def text_out_of_range(path: Path) -> Path:
    return made.workbook(
        path, {"Data": '<row r="1"><c r="A1" t="s"><v>7</v></c></row>'}, strings="<si><t>a</t></si>"
    )


def negative_text(path: Path) -> Path:
    return made.workbook(
        path, {"Data": '<row r="1"><c r="A1" t="s"><v>-1</v></c></row>'}, strings="<si><t>a</t></si>"
    )


def changed_part(part: str, old: str, new: str) -> Make:
    """A maker of a workbook with two sheets, one part of which says something else."""

    def make(path: Path) -> Path:
        parts = made.workbook_parts({"Data": made.CELLS, "More": made.CELLS})
        assert old in parts[part]
        parts[part] = parts[part].replace(old, new)
        return made.written(path, parts)

    return make


RELATIONS = "xl/_rels/workbook.xml.rels"
REFUSED: list[tuple[str, Make, str]] = [
    ("flat_bomb.xlsx", made.flat_bomb, "inflates_too_far"),
    ("overlapping.zip", made.overlapping_bomb, "inflates_too_far"),
    ("nested.zip", made.nested_bomb, "no_csv"),
    ("last_cell.xlsx", last_cell, "furthest_cell"),
    ("text_out_of_range.xlsx", text_out_of_range, "unreadable_file"),
    ("negative_text.xlsx", negative_text, "broken_sheet"),
    ("locked.xlsx", lambda path: made_of(path, compound_file("EncryptedPackage", b"x")), "password_protected"),
    ("locked.xls", lambda path: xls_file(path, encrypted=True), "password_protected"),
    ("locked.ods", made.encrypted_ods, "password_protected"),
    ("web.xls", lambda path: made_of(path, b"<html><table><tr><td>1</td></tr></table></html>"), "not_a_workbook"),
    ("xml.xls", lambda path: made_of(path, b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>'),
     "not_a_workbook"),
    ("many_sheets.xlsx", lambda path: made.workbook(path, {f"S{n}": made.CELLS for n in range(6_000)}), "too_many_parts"),
    ("many_parts.zip", lambda path: made.written(path, {f"{n}.csv": "a,b\n1,2\n" for n in range(6_000)}), "too_many_parts"),
    ("twice.xlsx", lambda path: made.with_duplicates(path, "xl/worksheets/sheet1.xml"), "repeated_part"),
    ("outside.xlsx", changed_part(RELATIONS, "worksheets/sheet2.xml", "../../worksheets/passwd"), "damaged"),
    ("missing.xlsx", changed_part(RELATIONS, "worksheets/sheet2.xml", "worksheets/sheet9.xml"), "damaged"),
    ("elsewhere.xlsx", changed_part(RELATIONS, "worksheets/sheet2.xml", "sheets/sheet2.xml"), "unscanned_sheet"),
    ("chart.xlsx", changed_part(RELATIONS, 'rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet',
                                'rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/chartsheet'), "unread_sheet"),
    ("one_id.xlsx", changed_part(RELATIONS, 'Id="rId2"', 'Id="rId1"'), "damaged"),
    ("one_name.xlsx", changed_part("xl/workbook.xml", 'name="More"', 'name="Data"'), "repeated_sheet"),
    ("two_cells.xlsx", changed_part("xl/worksheets/sheet2.xml", 'r="A2"', 'r="A1"'), "broken_sheet"),
    ("row_nought.xlsx", changed_part("xl/worksheets/sheet2.xml", '<row r="1"><c r="A1"', '<row r="0"><c r="A0"'), "broken_sheet"),
    ("broken_styles.xlsx", lambda path: made.workbook(path, styles='<cellXfs><xf numFmtId="x'), "unreadable_file"),
    ("blank.xlsx", lambda path: made.workbook(path, {"Data": '<row r="1"><c r="A1" s="0"/></row>'}), "empty_file"),
    ("no_tables.ods", lambda path: ods_file(path, "", with_mimetype=False), "empty_file"),
    ("open_quote.csv", lambda path: made_of(path, b'a,b\n"1,2\n3,4\n'), "open_quote"),
    ("one_line.csv", lambda path: made_of(path, b"a" * 5_000_000), "unreadable_file"),
    ("half.csv", lambda path: made_of(path, "a,b\n1,2\n".encode("utf-16")[:-1]), "bad_encoding"),
    ("mark.csv", lambda path: made_of(path, b"\xff\xfe"), "empty_file"),
    ("noughts.csv", lambda path: made_of(path, b"a,b\n1,2\n" + bytes(10_000)), "damaged"),
    ("deep.json", lambda path: made_of(path, b'{"a":' * 50_000), "unknown_shape"),
    ("infinite.json", lambda path: made_of(path, b'[{"a": 1e999}]'), "unknown_shape"),
    ("digits.json", lambda path: made_of(path, b'[{"a": ' + b"9" * 4000 + b"}]"), "unknown_shape"),
]  # fmt: skip


def made_of(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(("name", "make", "what"), REFUSED, ids=[name for name, _, _ in REFUSED])
@pytest.mark.usefixtures("fresh_child")
def test_each_is_refused_in_one_sentence(tmp_path: Path, name: str, make: Make, what: str) -> None:
    path = make(tmp_path / name)
    one_sentence(read_cheaply(path), path, what)


PARTS = [
    "xl/workbook.xml",
    "xl/styles.xml",
    "xl/sharedStrings.xml",
    "xl/worksheets/sheet1.xml",
    "[Content_Types].xml",
]


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.usefixtures("fresh_child")
def test_a_billion_laughs_are_not_laughed(tmp_path: Path, part: str) -> None:
    path = made.billion_laughs(tmp_path / "laughs.xlsx", part)
    assert part in one_sentence(read_cheaply(path), path, "document_type").found


@pytest.mark.parametrize("part", PARTS)
def test_an_external_file_is_never_opened(tmp_path: Path, part: str) -> None:
    """The file asked for is a pipe: whoever opened it would wait for a writer, and the child be ended as too slow."""
    secret = tmp_path / "secret"
    if not hasattr(os, "mkfifo"):
        pytest.skip("this system has no named pipes")
    os.mkfifo(secret)
    path = made.external_entity(tmp_path / "entity.xlsx", part, secret.as_uri())
    one_sentence(read_file(path, Limits(seconds=30)), path, "document_type")


def test_no_web_page_is_asked_for(tmp_path: Path) -> None:
    asked: list[str] = []

    class Asked(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(404)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Asked)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        for part in PARTS:
            address = f"http://127.0.0.1:{server.server_port}/{part}"
            path = made.external_entity(tmp_path / "entity.xlsx", part, address)
            one_sentence(read_file(path), path, "document_type")
        links = '<externalReferences xmlns="x"><externalReference Target="http://127.0.0.1/"/></externalReferences>'
        assert read_file(made.workbook(tmp_path / "links.xlsx", properties=links)).sheets
    finally:
        server.shutdown()
        server.server_close()
    assert asked == []


@pytest.mark.usefixtures("fresh_child")
def test_a_million_empty_formatted_rows_are_not_there(tmp_path: Path) -> None:
    reading = read_cheaply(empty_rows(tmp_path / "empty_rows.xlsx"))
    assert reading.problems == ()
    assert reading.sheets[0].rows == [["line"], [5]]


@pytest.mark.parametrize("reference", ["A1:XFD1048576", "A1", "ZZZZZZ99999999999", "nonsense"])
@pytest.mark.usefixtures("fresh_child")
def test_a_dimension_that_lies_is_not_believed(tmp_path: Path, reference: str) -> None:
    path = made.workbook(tmp_path / "lies.xlsx", before=f'<dimension ref="{reference}"/>')
    reading = read_cheaply(path)
    assert [sheet.rows for sheet in reading.sheets] == [[["line"], [5]]] or refusals(reading)


@pytest.mark.usefixtures("fresh_child")
def test_a_sheet_as_wide_as_can_be(tmp_path: Path) -> None:
    cells = "".join(f'<c r="{column_name(n)}1"><v>{n}</v></c>' for n in range(1, 16_385))
    (sheet,) = read_cheaply(
        made.workbook(tmp_path / "wide.xlsx", {"Data": f'<row r="1">{cells}</row>'})
    ).sheets
    assert (sheet.width, sheet.rows[0][-1]) == (16_384, 16_384)


@pytest.mark.usefixtures("fresh_child")
def test_five_thousand_sheets(tmp_path: Path) -> None:
    reading = read_cheaply(
        made.workbook(tmp_path / "sheets.xlsx", {f"S{n}": made.CELLS for n in range(4_900)})
    )
    assert len(reading.sheets) == 4_900
    assert reading.problems == ()


@pytest.mark.parametrize("where", ["sheet", "properties", "styles"])
@pytest.mark.usefixtures("fresh_child")
def test_elements_within_elements(tmp_path: Path, where: str) -> None:
    deep = "<a>" * 100_000 + "</a>" * 100_000
    path = tmp_path / "deep.xlsx"
    if where == "sheet":
        made.workbook(path, {"Data": f"{made.CELLS}{made.AFTER}{deep}"})
    else:
        made.workbook(path, **{where: deep})
    reading = read_cheaply(path)
    assert reading.sheets[0].rows == [["line"], [5]] if reading.sheets else refusals(reading)


@pytest.mark.parametrize(("properties", "date"), [
    ("", datetime.date(2023, 3, 15)), ('<workbookPr date1904="1"/>', datetime.date(2027, 3, 16)),
    ('<workbookPr date1904="true"/>', datetime.date(2027, 3, 16)), ('<workbookPr date1904="0"/>', datetime.date(2023, 3, 15)),
])  # fmt: skip
def test_a_date_counts_from_the_year_that_the_workbook_says(
    tmp_path: Path, properties: str, date: datetime.date
) -> None:
    styles = '<cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs>'
    rows = {"Data": '<row r="1"><c r="A1" s="1"><v>45000</v></c></row>'}
    path = made.workbook(tmp_path / "dates.xlsx", rows, properties=properties, styles=styles)
    assert read_file(path).sheets[0].rows == [[date]]


def test_strict_workbooks_read_like_others(tmp_path: Path) -> None:
    rows = {
        "Data": '<row r="1"><c r="A1" t="d"><v>2024-04-01</v></c><c r="B1" t="e"><v>#N/A</v></c><c r="C1"><f>A1</f></c></row>'
    }
    (sheet,) = read_file(made.workbook(tmp_path / "strict.xlsx", rows, space=made.STRICT)).sheets
    assert sheet.rows[0][0] == datetime.date(2024, 4, 1)
    assert [isinstance(value, CellError) for value in sheet.rows[0]] == [False, True, True]


def test_macros_are_neither_run_nor_needed(tmp_path: Path) -> None:
    parts = {
        **made.workbook_parts(),
        "xl/vbaProject.bin": b"Attribute VB_Name",
        "xl/activeX/activeX1.bin": b"x",
    }
    reading = read_file(made.written(tmp_path / "macros.xlsm", parts))
    assert reading.sheets[0].rows == [["line"], [5]]
    assert [(problem.what, problem.severity) for problem in reading.problems] == [("macros", "note")]
    assert "not run" in reading.problems[0].found


def test_texts_that_would_be_formulas_are_texts(tmp_path: Path) -> None:
    texts = ["=1+1", "+cmd|' /C calc'!A0", "@SUM(1)", "-2+3", "\t=1"]
    rows = "".join(
        f'<row r="{n}"><c r="A{n}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c></row>'
        for n, text in enumerate(texts, start=1)
    )
    (sheet,) = read_file(made.workbook(tmp_path / "injected.xlsx", {"Data": rows})).sheets
    assert [row[0] for row in sheet.rows] == texts
    assert sheet.faults == ()


def test_what_cannot_be_seen_is_noted_and_taken_out(tmp_path: Path) -> None:
    """A mark of direction before a date is nothing; an override that turns 21 into 12 must not be read as a number."""
    path = tmp_path / "marks.csv"
    path.write_text("on,amount,note\n\u200e01/04/2024,\u202e12,a\x1b[31mb\x07\n2,3,4\n", encoding="utf-8")
    reading = read_file(path)
    assert reading.sheets[0].rows[1] == ["01/04/2024", "\ufffd12", "a\ufffd[31mb\ufffd"]
    (note,) = reading.problems
    assert (note.where, note.what, note.severity) == ("marks.csv!A2", "unprintable_text", "note")
    assert "3 of its cells" in note.found


def test_the_same_in_a_workbook_and_its_sheets_name(tmp_path: Path) -> None:
    cell = '<row r="1"><c r="A1" t="inlineStr"><is><t>\u202e12&#x200e;</t></is></c></row>'
    reading = read_file(made.workbook(tmp_path / "marks.xlsx", {"Da&#10;ta": cell}))
    assert reading.sheets[0].rows == [["\ufffd12"]]
    assert reading.sheets[0].row_source(0) == "marks.xlsx!Da\ufffdta!1"
    assert [problem.where for problem in reading.problems] == ["marks.xlsx!Da\ufffdta!A1"]


@pytest.mark.parametrize(
    "name", [b"new\nline.csv", b"esc\x1b[31m.csv", b"bytes\xff.csv", "turned\u202e.csv".encode()]
)
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such names")
def test_a_name_that_no_address_can_show(tmp_path: Path, name: bytes) -> None:
    path = tmp_path / os.fsdecode(name)
    try:
        path.write_text("a,b\n1,2\n", encoding="utf-8")
    except OSError:
        pytest.skip("this file system has no such names")
    (problem,) = read_file(path).problems
    assert problem.what == "unprintable_name"
    problem.sentence().encode()
    assert problem.sentence().isprintable()


def test_members_that_point_elsewhere_are_read_in_place(tmp_path: Path) -> None:
    members = {
        "../../up.csv": "a,b\n1,2\n",
        "/etc/root.csv": "a,b\n1,2\n",
        "c:\\drive.csv": "a,b\n1,2\n",
        "e\nf.csv": "a,b\n1,2\n",
    }
    reading = read_file(made.written(tmp_path / "members.zip", members))
    assert [sheet.rows[1] for sheet in reading.sheets] == [["1", "2"]] * 4
    assert [sheet.name.isprintable() and sheet.file.isprintable() for sheet in reading.sheets] == [True] * 4
    assert [path.name for path in tmp_path.iterdir()] == ["members.zip"]


def test_four_hundred_megabytes_are_refused_by_their_size(tmp_path: Path) -> None:
    path = made.sparse(tmp_path / "large.csv", 400_000_000)
    began = time.monotonic()
    one_sentence(read_file(path), path, "file_too_big")
    assert time.monotonic() - began < 1


@pytest.mark.usefixtures("fresh_child")
@pytest.mark.parametrize("data", [b",", b"\n", b"1,2\n"])
def test_a_csv_of_nothing_but_cells_stops_at_its_limit(tmp_path: Path, data: bytes) -> None:
    path = made_of(tmp_path / "cells.csv", data * 8_000_000)
    one_sentence(read_cheaply(path, Limits(cells=300_000)), path, "furthest_cell")


def test_many_small_sheets_are_one_large_file(tmp_path: Path) -> None:
    sheets = {f"S{n}": '<row r="999"><c r="Z999"><v>1</v></c></row>' for n in range(40)}
    path = made.workbook(tmp_path / "many.xlsx", sheets)
    assert "40 sheets" in one_sentence(read_file(path, Limits(cells=500_000)), path, "too_many_cells").found
    path = made.written(tmp_path / "many.zip", {f"{n}.csv": "1,2\n" * 1000 for n in range(20)})
    reading = read_file(path, Limits(cells=20_000))
    assert {problem.what for problem in refusals(reading)} == {"furthest_cell"}
    assert sum(len(sheet.rows) * sheet.width for sheet in reading.sheets) <= 20_000


def test_more_text_than_we_would_hold(tmp_path: Path) -> None:
    path = made_of(tmp_path / "text.csv", b"".join(b"%032d,2\n" % n for n in range(50_000)))
    one_sentence(read_file(path, Limits(answer_bytes=1_000_000)), path, "too_much_text")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_pipes_devices_and_folders_are_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.xlsx")
    (tmp_path / "folder.xlsx").mkdir()
    (tmp_path / "device.csv").symlink_to("/dev/zero")
    for name in ("pipe.xlsx", "folder.xlsx", "device.csv"):
        one_sentence(read_file(tmp_path / name), tmp_path / name, "unreadable_file")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    path = made.sound_workbook(tmp_path / "mine.xlsx")
    path.chmod(0)
    one_sentence(read_file(path), path, "unreadable_file")


@pytest.mark.parametrize("make", [made.sound_workbook, xls_file, xlsb_file])
def test_truncated_at_any_byte(tmp_path: Path, make: Make) -> None:
    """Every length of a file either gives the whole of it or says why not."""
    path = make(
        tmp_path / {"sound_workbook": "x.xlsx", "xls_file": "x.xls", "xlsb_file": "x.xlsb"}[make.__name__]
    )
    whole = path.read_bytes()
    sound = read_file(path)
    assert sound.sheets
    for length in {
        *range(0, len(whole), max(1, len(whole) // 60)),
        *range(max(0, len(whole) - 30), len(whole)),
    }:
        path.write_bytes(whole[:length])
        cut = read_file(path)
        assert refusals(cut) or [sheet.rows for sheet in cut.sheets] == [
            sheet.rows for sheet in sound.sheets
        ], length


def test_a_formula_never_calculated_is_no_blank(tmp_path: Path) -> None:
    rows = {"Data": '<row r="1"><c r="A1"><f>B1*2</f></c><c r="B1"><v>2</v></c></row>'}
    (sheet,) = read_file(made.workbook(tmp_path / "formula.xlsx", rows)).sheets
    assert isinstance(sheet.rows[0][0], CellError)
    assert [fault.kind for fault in sheet.faults] == ["uncached_formula"]


def test_a_folder_of_them_holds_up_no_sound_file(tmp_path: Path, sample_build: Built) -> None:
    """Through the whole build, published and all: each bad file one sentence, the sound one loaded."""
    raw = tmp_path / "raw"
    (raw / "folder.xlsx").mkdir(parents=True)
    sound = "budget_outturn_2024-25.xlsx"
    (raw / sound).write_bytes((sample_build.raw / sound).read_bytes())
    expected = {sound: ""}
    for name, make, what in (
        ("bomb.zip", made.overlapping_bomb, "inflates_too_far"),
        ("laughs.xlsx", lambda path: made.billion_laughs(path, "xl/styles.xml"), "document_type"),
        (
            "locked.xlsx",
            lambda path: made_of(path, compound_file("EncryptedPackage", b"x")),
            "password_protected",
        ),
        ("web.xls", lambda path: made_of(path, b"<html><table>"), "not_a_workbook"),
        ("empty.csv", lambda path: made_of(path, b""), "empty_file"),
        ("large.csv", lambda path: made.sparse(path, 400_000_000), "file_too_big"),
        ("last.xlsx", last_cell, "furthest_cell"),
        ("huge.csv", lambda path: made_of(path, b"amount\n" + b"9" * 400 + b"\n"), "unknown_sheet"),
    ):
        make(raw / name)
        expected[name] = what
    if sys.platform != "win32":
        for name in (b"new\nline.csv", b"bytes\xff.csv"):
            (raw / os.fsdecode(name)).write_text("a,b\n1,2\n", encoding="utf-8")
            expected[one_line(os.fsdecode(name))] = "unprintable_name"
    report = build(raw, tmp_path / "processed", Configuration(), pupil_key=b"k" * 32, code_version="test", publishing=True,
                   now=datetime.datetime(2026, 11, 23, tzinfo=datetime.UTC), accept_problems=True)  # fmt: skip
    found = {name: {p.what for p in report.refusals if p.where.startswith(name)} for name in expected}
    assert found == {name: {what} if what else set() for name, what in expected.items()}
    assert report.snapshot is not None
    assert len(report.tables["budget"])
    assert all(problem.sentence().isprintable() for problem in report.problems)


@pytest.mark.parametrize("value", ["9" * 400, 10**400, float("nan"), float("inf"), "1e999", "\ufffd12"])
def test_no_number_is_larger_than_all_money(value: object) -> None:
    assert isinstance(number(value), Refused)
