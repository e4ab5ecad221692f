"""A column's number format is told where a workbook says it, and nothing is made of one that does not."""

from __future__ import annotations

import datetime
import zipfile
from pathlib import Path

import openpyxl
import pytest

from etl.workbooks import read_file


@pytest.fixture
def monitor(tmp_path: Path) -> Path:
    """
         A: text    B: £ in thousands    C: date        D: plain    E: number    F: by number
    1    Line       Budget               As at          Rows        Mixed        Forecast
    2…5  1.2.3      1234                 2024-04-30     5           ×2 of 0.00   7
    """
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Line", "Budget", "As at", "Rows", "Mixed", "Forecast"])
    for row in range(2, 6):
        sheet.append(["1.2.3", 1234, datetime.date(2024, 4, 30), 5, 1.5, 7])
        sheet.cell(row, 2).number_format = '£#,##0,"k"'
        sheet.cell(row, 3).number_format = "dd/mm/yyyy"
        sheet.cell(row, 5).number_format = "0.00" if row > 3 else "0.0%" if row == 3 else "0.00"
        sheet.cell(row, 6).number_format = "#,##0.00"  # which is written as format number 4
    path = tmp_path / "monitor.xlsx"
    book.save(path)
    return path


def test_the_most_frequent_format_of_a_columns_numbers(monitor: Path) -> None:
    (sheet,) = read_file(monitor).sheets
    assert sheet.formats == {
        1: '£#,##0,"k"',
        2: "dd/mm/yyyy",
        3: "General",
        4: "0.00",
        5: "#,##0.00",
    }


def test_styles_that_are_missing_or_broken_tell_nothing(monitor: Path, tmp_path: Path) -> None:
    for name, styles in {"missing": None, "broken": b"<styleSheet", "odd": b"<a/>"}.items():
        path = tmp_path / f"{name}.xlsx"
        with zipfile.ZipFile(monitor) as archive, zipfile.ZipFile(path, "w") as copy:
            for part in archive.namelist():
                data = archive.read(part) if part != "xl/styles.xml" else styles
                if data is not None:
                    copy.writestr(part, data)
        reading = read_file(path)
        assert all(sheet.formats == {} for sheet in reading.sheets)
        assert reading.sheets or reading.problems


def test_other_kinds_tell_nothing(tmp_path: Path) -> None:
    (tmp_path / "payments.csv").write_text("line,amount\n1.2.3,5\n", encoding="utf-8")
    assert read_file(tmp_path / "payments.csv").sheets[0].formats == {}


def test_published_formats(published: Path) -> None:
    (sheet,) = read_file(published / "dsg_cumulative_balance_pct_2019-20_to_2021-22.xlsx").sheets
    assert set(sheet.formats) <= set(range(sheet.width))
    assert sheet.formats
