"""csv, a zip of them, and json: found encoding, found delimiter, every value as it stands in the file."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from etl.workbooks import Limits, Reading, read_file
from hnb.contract import Problem


def csv_reading(tmp_path: Path, data: bytes, limits: Limits | None = None) -> Reading:
    (tmp_path / "ledger.csv").write_bytes(data)
    return read_file(tmp_path / "ledger.csv", limits or Limits())


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        ("Amount £,é\n1,2\n".encode("utf-8-sig"), "utf-8-sig"),
        ("Amount £,é\n1,2\n".encode(), "utf-8"),
        ("Amount £,é\n1,2\n".encode("cp1252"), "cp1252"),
        ("Amount £,é\n1,2\n".encode("utf-16"), "utf-16"),
        ("Amount £,é\n1,2\n".encode("utf-16-le"), "utf-16-le"),
        ("Amount £,é\n1,2\n".encode("utf-16-be"), "utf-16-be"),
    ],
)
def test_the_encoding_is_found(tmp_path: Path, data: bytes, encoding: str) -> None:
    reading = csv_reading(tmp_path, data)
    (sheet,) = reading.sheets
    assert sheet.rows == [["Amount £", "é"], ["1", "2"]]
    assert (sheet.encoding, sheet.reader, sheet.name) == (encoding, "csv", "ledger")
    assert reading.problems == ()


def test_a_guessed_encoding_is_said_to_be_one(tmp_path: Path) -> None:
    text = "Имя,Сумма\n" + "Школа номер пять города Москвы,15\n" * 20
    reading = csv_reading(tmp_path, text.encode("cp1251").replace(b"15", b"\x81\x8d"))
    assert [(p.what, p.severity) for p in reading.problems] == [("guessed_encoding", "note")]
    assert reading.sheets[0].encoding in reading.problems[0].found


def test_mixed_encodings_are_noted(tmp_path: Path) -> None:
    reading = csv_reading(tmp_path, "a £\n".encode() + "b £\n".encode("cp1252"))
    assert [p.what for p in reading.problems] == ["mixed_encoding"]


def test_a_broken_mark_is_refused(tmp_path: Path) -> None:
    reading = csv_reading(tmp_path, b"\xef\xbb\xbfa,b\n\xff\xff\n")
    assert [p.what for p in reading.problems] == ["bad_encoding"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(tmp_path: Path, delimiter: str) -> None:
    rows = [["Budget report 2024, all lines", "", ""], ["Line", "Setting", "Amount"]]
    rows += [["1.2.3", f"a; b, c {n}", "1,166.40"] for n in range(9)]
    text = "\r\n".join(
        delimiter.join(f'"{value}"' if delimiter in value else value for value in row) for row in rows
    )
    (sheet,) = csv_reading(tmp_path, text.encode()).sheets
    assert sheet.rows == [[value or None for value in row] for row in rows]


def test_values_stay_text_as_found(tmp_path: Path) -> None:
    (sheet,) = csv_reading(tmp_path, b'00100004, ,"1,166.40","two\nlines","say ""so""",\n').sheets
    assert sheet.rows == [["00100004", " ", "1,166.40", "two\nlines", 'say "so"']]


def test_rows_keep_their_numbers(tmp_path: Path) -> None:
    """A blank row counts; a record on two lines is one row, as in a spreadsheet program."""
    (sheet,) = csv_reading(tmp_path, b'title\n\n"a\nb",2\nlast,3,4\n,,\n\n').sheets
    assert sheet.rows == [["title", None, None], [None, None, None], ["a\nb", "2", None], ["last", "3", "4"]]
    assert sheet.row_source(3) == "ledger.csv!ledger!4"


def test_a_quote_never_closed_is_refused_where_it_opens(tmp_path: Path) -> None:
    """Read without a word, it would swallow the rest of the file into one cell."""
    reading = csv_reading(tmp_path, b'a,b\n1,2\n3,"4\n5,6\n7,8\n')
    (problem,) = reading.problems
    assert problem.what == "open_quote"
    assert "row 3" in problem.found
    assert reading.sheets == ()


def test_a_row_with_too_many_fields_is_refused(tmp_path: Path) -> None:
    reading = csv_reading(tmp_path, b"a\n" * 100 + b"," * 100 + b"x\n", Limits(cells=5000))
    assert [p.what for p in reading.problems] == ["furthest_cell"]


def zipped(path: Path, members: dict[str, str]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return path


def test_a_zip_of_csv_files_is_read_in_place(tmp_path: Path) -> None:
    path = zipped(tmp_path / "release.zip", {
        "data/caseload.csv": "\ufeffyear,plans\n2025,2582\n", "data/": "", "guide.txt": "how", "other/Needs.CSV": "need\nASD\n",
        "__MACOSX/data/._caseload.csv": "x",
    })  # fmt: skip
    reading = read_file(path)
    assert [(sheet.file, sheet.name, sheet.encoding) for sheet in reading.sheets] == [
        ("release.zip/data/caseload.csv", "caseload", "utf-8-sig"),
        ("release.zip/other/Needs.CSV", "Needs", "utf-8"),
    ]
    assert reading.sheets[0].address(1, 1) == "release.zip/data/caseload.csv!caseload!B2"
    (note,) = reading.problems
    assert (note.what, note.severity) == ("ignored_member", "note")
    assert "guide.txt" in note.found


def test_a_bad_member_is_named_and_the_others_are_read(tmp_path: Path) -> None:
    reading = read_file(zipped(tmp_path / "release.zip", {"a.csv": 'x,"y\n1,2\n', "b.csv": "x\n1\n"}))
    assert [sheet.file for sheet in reading.sheets] == ["release.zip/b.csv"]
    assert [(p.where, p.what) for p in reading.problems] == [("release.zip/a.csv", "open_quote")]


def test_a_zip_without_csv_files(tmp_path: Path) -> None:
    reading = read_file(zipped(tmp_path / "pictures.zip", {"a.png": "x"}))
    assert [p.what for p in reading.problems if p.severity == "refusal"] == ["no_csv"]


def test_a_zip_that_inflates_too_far(tmp_path: Path) -> None:
    path = zipped(tmp_path / "bomb.zip", {"a.csv": "0,0\n" * 500_000})
    assert path.stat().st_size < 10_000
    reading = read_file(path, Limits(inflated_bytes=1_000_000))
    assert [p.what for p in reading.problems] == ["inflates_too_far"]


def json_reading(tmp_path: Path, content: object) -> Reading:
    path = tmp_path / "totals.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return read_file(path)


def test_an_object_of_records_with_a_list_inside(tmp_path: Path) -> None:
    content = {
        "E1": {"name": "Ayton", "parts": [{"of": "a", "value": 1}, {"of": "b", "value": 2.5}], "total": 3.5},
        "E2": {"name": "Beeton", "parts": [], "total": 4.0, "extra": {"deep": ""}},
    }
    (sheet,) = json_reading(tmp_path, content).sheets
    assert sheet.rows == [
        ["key", "name", "parts.of", "parts.value", "total", "extra.deep"],
        ["E1", "Ayton", "a", 1, 3.5, None],
        ["E1", "Ayton", "b", 2.5, 3.5, None],
        ["E2", "Beeton", None, None, 4, None],
    ]
    assert sheet.reader == "json"


def test_an_array_of_records_and_one_record(tmp_path: Path) -> None:
    assert json_reading(tmp_path, [{"a": 1}, {"b": "x"}]).sheets[0].rows == [
        ["a", "b"],
        [1, None],
        [None, "x"],
    ]
    assert json_reading(tmp_path, {"on": "2024", "rows": [{"a": 1}, {"a": True}]}).sheets[0].rows == [
        ["on", "rows.a"], ["2024", 1], ["2024", True],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("content", "what"),
    [
        ("{", "unreadable_file"),
        ('{"a": {"b": NaN}}', "unreadable_file"),
        ('{"a": {"b": 1}, "a": {"b": 2}}', "unreadable_file"),
        ("[1, 2]", "unknown_shape"),
        ('[{"a": [{"b": 1}], "c": [{"d": 1}]}]', "unknown_shape"),
        ('[{"a": [1, 2]}]', "unknown_shape"),
        ('[{"a": [{"b": [1]}]}]', "unknown_shape"),
        ("[" * 100_000, "unknown_shape"),
    ],
)
def test_other_json_is_one_sentence(tmp_path: Path, content: str, what: str) -> None:
    problems: tuple[Problem, ...] = json_reading(tmp_path, content).problems
    assert [p.what for p in problems] == [what]
