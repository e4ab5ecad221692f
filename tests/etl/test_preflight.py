"""A file that is not what it says, or asks too much, costs one sentence and is never opened."""

from __future__ import annotations

import struct
import zipfile
import zlib
from pathlib import Path

import openpyxl
import pytest

from etl.workbooks import Limits, Reading, read_file
from hnb.contract import Problem
from tests.etl.binary_workbooks import compound_file, xls_file, xlsb_file


def the_problem(reading: Reading) -> Problem:
    """The one problem of a file of which nothing was read."""
    (problem,) = reading.problems
    assert reading.sheets == ()
    assert problem.severity == "refusal"
    assert problem.expected
    assert problem.action
    return problem


def made(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def workbook(path: Path, rows: int = 3) -> Path:
    book = openpyxl.Workbook()
    for row in range(rows):
        book.active.append([row, f"value {row * 7919}"])
    book.save(path)
    return path


@pytest.mark.parametrize(
    ("name", "data", "what", "words"),
    [
        ("empty.xlsx", b"", "empty_file", "is empty"),
        ("empty.csv", b"", "empty_file", "is empty"),
        ("blank.csv", b"\r\n,,\r\n", "empty_file", "holds no values"),
        ("notes.docx", b"x", "unknown_ending", '".docx"'),
        ("report.xls", b"<html><body><table><tr><td>1</td></tr></table>", "not_a_workbook", "web page"),
        ("report.xls", b"\xef\xbb\xbf\r\n<!DOCTYPE HTML PUBLIC>", "not_a_workbook", "web page"),
        ("report.xlsx", b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">',
         "not_a_workbook", "Excel 2003 XML"),
        ("report.xls", b"MIME-Version: 1.0\r\nContent-Type: text/html", "not_a_workbook", "web page"),
        ("page.csv", b"<!doctype html><p>Sign in</p>", "not_a_workbook", "web page"),
        ("report.xls", b"Line\tAmount\r\n1.2.3\t5\r\n", "not_a_workbook", "plain text"),
        ("report.xlsx", b"%PDF-1.7", "not_a_workbook", "PDF"),
        ("old.xls", b"\x09\x04\x06\x00\x00\x00\x10\x00" + bytes(40), "too_old", "before 1994"),
        ("cut.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100), "truncated", "cut short"),
        ("word.xls", compound_file("WordDocument", b"x"), "not_a_workbook", "no workbook"),
        ("locked.xlsx", compound_file("EncryptedPackage", b"x"), "password_protected", "password"),
        ("cut.xlsx", b"PK\x03\x04" + bytes(60), "truncated", "cut short"),
    ],
)  # fmt: skip
def test_one_sentence_each(tmp_path: Path, name: str, data: bytes, what: str, words: str) -> None:
    problem = the_problem(read_file(made(tmp_path / name, data)))
    assert (problem.where, problem.what) == (name, what)
    assert words in problem.found
    assert problem.sentence().startswith(f"{name}: ")


def test_a_workbook_cut_short(tmp_path: Path) -> None:
    whole = workbook(tmp_path / "whole.xlsx").read_bytes()
    problem = the_problem(read_file(made(tmp_path / "cut.xlsx", whole[:-400])))
    assert problem.what == "truncated"


@pytest.mark.parametrize("ending", [".xls", ".xlsb"])
def test_a_binary_workbook_cut_short(tmp_path: Path, ending: str) -> None:
    whole = (xls_file if ending == ".xls" else xlsb_file)(tmp_path / f"whole{ending}").read_bytes()
    problem = the_problem(read_file(made(tmp_path / f"cut{ending}", whole[: len(whole) // 2])))
    assert problem.what in {"truncated", "damaged"}


def test_an_old_workbook_with_a_password(tmp_path: Path) -> None:
    assert the_problem(read_file(xls_file(tmp_path / "old.xls", encrypted=True))).what == "password_protected"


@pytest.mark.parametrize("name", ["renamed.xls", "renamed.csv", "renamed.ods", "renamed.zip"])
def test_a_workbook_with_a_wrong_ending_is_read_for_what_it_is(tmp_path: Path, name: str) -> None:
    reading = read_file(workbook(tmp_path / "x.xlsx").rename(tmp_path / name))
    assert reading.sheets[0].rows[0] == [0, "value 0"]
    assert [(problem.what, problem.severity) for problem in reading.problems] == [("renamed_file", "note")]
    assert ".xlsx" in reading.problems[0].action


def test_an_archive_of_csv_files_is_no_workbook(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "files.xlsx", "w") as archive:
        archive.writestr("a.csv", "x,y\n1,2\n")
    problem = the_problem(read_file(tmp_path / "files.xlsx"))
    assert problem.what == "not_what_it_says"
    assert ".zip" in problem.action


def test_a_missing_file_and_a_folder(tmp_path: Path) -> None:
    assert the_problem(read_file(tmp_path / "nowhere.xlsx")).what == "unreadable_file"
    (tmp_path / "folder.xlsx").mkdir()
    assert the_problem(read_file(tmp_path / "folder.xlsx")).what == "unreadable_file"


@pytest.mark.parametrize(
    ("limits", "what"),
    [
        (Limits(file_bytes=1000), "file_too_big"),
        (Limits(parts=3), "too_many_parts"),
        (Limits(inflated_bytes=20_000), "inflates_too_far"),
    ],
)
def test_what_is_too_big_is_refused(tmp_path: Path, limits: Limits, what: str) -> None:
    path = workbook(tmp_path / "big.xlsx", rows=2000)
    assert read_file(path).problems == ()
    assert the_problem(read_file(path, limits)).what == what


def test_a_part_that_inflates_further_than_it_declares(tmp_path: Path) -> None:
    """Twenty kilobytes that come to twenty megabytes, and say that they are a hundred bytes."""
    path = workbook(tmp_path / "bomb.xlsx")
    book = path.read_bytes()
    deflater = zlib.compressobj(9, zlib.DEFLATED, -15)
    bomb = deflater.compress(b'<?xml version="1.0"?><a>' + bytes(20_000_000)) + deflater.flush()
    name = b"xl/custom.xml"
    local = (
        struct.pack("<4sHHHHHIIIHH", b"PK\x03\x04", 20, 0, 8, 0, 0, 0, len(bomb), 100, len(name), 0)
        + name
        + bomb
    )
    end = book.rindex(b"PK\x05\x06")
    count, length, offset = struct.unpack_from("<HII", book, end + 10)
    entry = struct.pack(
        "<4sHHHHHHIIIHHHHHII",
        b"PK\x01\x02",
        20,
        20,
        0,
        8,
        0,
        0,
        0,
        len(bomb),
        100,
        len(name),
        0,
        0,
        0,
        0,
        0,
        offset,
    )
    directory = book[offset : offset + length] + entry + name
    tail = struct.pack(
        "<4sHHHHIIH", b"PK\x05\x06", 0, 0, count + 1, count + 1, len(directory), offset + len(local), 0
    )
    path.write_bytes(book[:offset] + local + directory + tail)
    problem = the_problem(read_file(path))
    assert problem.what == "inflates_too_far"
    assert "100 bytes it declares" in problem.found


def test_a_damaged_part(tmp_path: Path) -> None:
    path = workbook(tmp_path / "damaged.xlsx")
    with zipfile.ZipFile(path) as archive:
        entry = archive.getinfo("xl/worksheets/sheet1.xml")
    data = bytearray(path.read_bytes())
    middle = entry.header_offset + 30 + len(entry.filename) + entry.compress_size // 2
    data[middle : middle + 20] = b"\xff" * 20
    assert the_problem(read_file(made(path, bytes(data)))).what in {
        "damaged",
        "unreadable_file",
        "broken_sheet",
    }


@pytest.mark.parametrize(
    "part", ["xl/workbook.xml", "xl/styles.xml", "xl/worksheets/sheet1.xml", "_rels/.rels"]
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_in_any_part_is_refused(tmp_path: Path, part: str, encoding: str) -> None:
    source = workbook(tmp_path / "sound.xlsx")
    path = tmp_path / "entities.xlsx"
    with zipfile.ZipFile(source) as archive, zipfile.ZipFile(path, "w") as copy:
        for name in archive.namelist():
            text = archive.read(name).decode()
            if name == part:
                body = text.split("?>", 1)[1] if text.startswith("<?xml") else text
                text = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE x [<!ENTITY a "aaaa">]>{body}'
            copy.writestr(name, text.encode(encoding if name == part else "utf-8"))
    problem = the_problem(read_file(path))
    assert problem.what == "document_type"
    assert part in problem.found


def test_a_part_that_is_there_twice(tmp_path: Path) -> None:
    path = workbook(tmp_path / "twice.xlsx")
    with zipfile.ZipFile(path, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr("xl/workbook.xml", "<workbook/>")
    assert the_problem(read_file(path)).what == "repeated_part"


def test_no_sentence_quotes_a_cell(tmp_path: Path) -> None:
    """calamine's own message about a bad number quotes it; ours must not, for it may be a child's."""
    source = workbook(tmp_path / "sound.xlsx")
    path = tmp_path / "private.xlsx"
    with zipfile.ZipFile(source) as archive, zipfile.ZipFile(path, "w") as copy:
        for name in archive.namelist():
            text = archive.read(name).decode()
            copy.writestr(name, text.replace("<v>2</v>", "<v>Ann Example</v>"))
    assert not any("Ann" in problem.sentence() for problem in read_file(path).problems)
