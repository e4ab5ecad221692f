"""The sample's workbooks as they stood a month before: `python -m tests.month_before RAW EARLIER`.

For what changed since last time, build and publish the earlier folder first, then the whole sample, into one folder of
publications::

    python -m tests.month_before data/raw EARLIER
    python -m etl build --raw EARLIER --processed EARLIER-PROCESSED
    python -m dashboard publish --processed EARLIER-PROCESSED
    python -m dashboard publish

The monitor of period 7 is left out; the register of 2026-27 is taken back to 30 September: who came in
October is not in it yet, who left in October is still there; notes of progress of October are not written yet.
"""

from __future__ import annotations

import datetime
import shutil
import sys
from pathlib import Path
from typing import Any

import openpyxl

LAST_DAY = datetime.datetime(2026, 9, 30)
_MONITOR = "budget_monitor_2026-27_P07.xlsx"
_REGISTER = "placement_register_2026-27.xlsx"
_RECOMMENDATIONS = "recommendations_register.xlsx"


def write(raw: Path, earlier: Path) -> None:
    """Write the earlier folder from the sample's."""
    earlier.mkdir(parents=True, exist_ok=True)
    for file in raw.iterdir():
        if file.name != _MONITOR:
            shutil.copyfile(file, earlier / file.name)
    _take_back_register(earlier / _REGISTER)
    _take_back_notes(earlier / _RECOMMENDATIONS)


def _take_back_register(file: Path) -> None:
    book = openpyxl.load_workbook(file)
    sheet = book["Register"]
    head, columns = _headings(sheet, "Start date")
    sheet.cell(2, 1).value = str(sheet.cell(2, 1).value).replace("31 October 2026", "30 September 2026")
    annual = next(place for name, place in columns.items() if name.startswith("Annual cost"))
    kept: list[list[Any]] = []
    gone = 0.0
    for row in sheet.iter_rows(min_row=head + 1, values_only=True):
        cells = list(row)
        start, end = cells[columns["Start date"]], cells[columns["End date"]]
        if isinstance(start, datetime.datetime) and start > LAST_DAY:
            gone += float(cells[annual] or 0.0)
            continue
        if cells[0] == "Total":
            cells[annual] = round(float(cells[annual]) - gone, 2)
        if isinstance(end, datetime.datetime) and end > LAST_DAY and cells[columns["Status"]] == "Ended":
            cells[columns["End date"]], cells[columns["Status"]] = "ongoing", "Open"
        kept.append(cells)
    sheet.delete_rows(head + 1, sheet.max_row)
    for cells in kept:
        sheet.append(cells)
    book.save(file)


def _take_back_notes(file: Path) -> None:
    book = openpyxl.load_workbook(file)
    sheet = book["Updates"]
    head, columns = _headings(sheet, "Date")
    for number in range(sheet.max_row, head, -1):
        day = sheet.cell(number, columns["Date"] + 1).value
        if isinstance(day, datetime.datetime) and day > LAST_DAY:
            sheet.delete_rows(number)
    book.save(file)


def _headings(sheet: Any, name: str) -> tuple[int, dict[str, int]]:
    """The row of headings that holds one, and each heading's place in it."""
    for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
        if name in row:
            return number, {str(heading): place for place, heading in enumerate(row) if heading}
    raise ValueError(f"{sheet.title} has no column {name}")


if __name__ == "__main__":
    write(Path(sys.argv[1]), Path(sys.argv[2]))
