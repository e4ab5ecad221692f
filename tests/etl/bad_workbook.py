"""One deliberately bad workbook, as an officer might have made it, with every common fault once; and its clean twin.

No child in it is real, and none is named. `write_bad_workbook(path, mended=True)` writes the twin without the faults.
"""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import openpyxl

DATE = datetime.date
HEADINGS = [
    "Placement ref", "Pupil ref", "Primary need", "Setting type", "Phase", "NC year", "Age on 31 August", "Provider",
    "Provider no", "In borough?", "Residential?", "Start date", "End date", "Status", "Rank", "S251 budget line",
    "Place element", "Top-up / fee", "Other costs", "Health contribution", "Social care contribution", "Annual cost (net)",
]  # fmt: skip
SOUND: dict[str, Any] = {
    "Primary need": "ASD", "Setting type": "Special - independent", "Phase": "secondary", "NC year": 9, "Age on 31 August": 13,
    "Provider": "Birchfield School", "Provider no": "990001", "In borough?": "no", "Residential?": "no",
    "Start date": DATE(2023, 9, 4), "End date": "ongoing", "Status": "Current", "Rank": 1, "S251 budget line": "1.2.3",
    "Place element": 10000, "Top-up / fee": 30000, "Other costs": 0, "Health contribution": 0,
    "Social care contribution": 0, "Annual cost (net)": 40000,
}  # fmt: skip
NEVER_CALCULATED, ERROR = "=2*21", "#REF!"

FAULTS: list[dict[str, Any]] = [  # one row each; the row is sound but for these cells
    {"Other costs": ERROR},
    {"Health contribution": NEVER_CALCULATED},
    {"Setting type": "Skool on the moon"},
    {"Primary need": "TBC"},  # rubbish: read as not recorded
    {"Start date": None},
    {"Social care contribution": "nil as agreed with J"},
    {"Other costs": "-(500)"},
    {"Start date": "31/02/2024"},
    {"End date": DATE(2023, 1, 1)},
    {"NC year": 43, "Age on 31 August": None},
    {"In borough?": "perhaps"},
    {"S251 budget line": "9.9.9"},
    {"Status": "Ended"},
    {"Phase": "post19", "NC year": 21, "Age on 31 August": 25},
    {"NC year": 5},
    {"Phase": "primary", "NC year": None, "Age on 31 August": 15},
    {"Provider": "Birchfeild School"},
    {"Provider": "Oakmere\u202e School", "Provider no": "990002"},
    {"Status": "Planned"},
    {"End date": DATE(2026, 9, 1)},
    {"Start date": DATE(2027, 9, 1), "Status": "Agreed"},
    {"Setting type": "Mainstream - academy", "Residential?": "yes"},
    {"Top-up / fee": -60000, "Annual cost (net)": -50000},
    {"Annual cost (net)": 41000},  # the row's own parts do not meet it
]


def write_bad_workbook(path: Path, *, mended: bool = False) -> None:
    """Writes the workbook with all its faults, or its twin in which an officer has mended each."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    _register(book.create_sheet("Register"), mended)
    _monitor(book.create_sheet("Monitor"), mended)
    _monitor(book.create_sheet("Monitor P6"), mended, unit_fault=True)
    _payments(book.create_sheet("Ledger"), mended)
    book.save(path)


def _register(sheet: Any, mended: bool) -> None:
    sheet.append(["Placement register 2026-27, as at 31 October 2026"])
    sheet.append([*HEADINGS, *([] if mended else ["Start date", "Phone call"])])
    total = 0.0
    for number, fault in enumerate(FAULTS, 1):
        row = {"Placement ref": f"2026/{number:04d}", "Pupil ref": f"A{number:04d}", **SOUND, **({} if mended else fault)}  # fmt: skip
        total += row["Annual cost (net)"]
        sheet.append([row[heading] for heading in HEADINGS])
    if not mended:
        # Two main placements of one child, and one placement written down a second time.
        again = {**SOUND, "Placement ref": "2026/0101", "Pupil ref": "A0101"}
        other = {**again, "Placement ref": "2026/0102", "Start date": DATE(2026, 10, 1)}
        for row in (again, other, again):
            sheet.append([row[heading] for heading in HEADINGS])
            total += row["Annual cost (net)"]
        total += 1000  # the total of an earlier version
        sheet.cell(3, 26, "ask the school")  # a value under no heading
        sheet.row_dimensions[4].hidden = True
    sheet.append(["Total", *[None] * (HEADINGS.index("Annual cost (net)") - 1), total])
    for cells in sheet.iter_rows():
        for cell in cells:
            if cell.value == ERROR:
                cell.data_type = "e"


def _monitor(sheet: Any, mended: bool, *, unit_fault: bool = False) -> None:
    month = "30 September 2026" if unit_fault else "31 October 2026"
    unit = "" if unit_fault and not mended else ", figures in £"
    sheet.append([f"High needs budget monitor 2026/27, as at {month}{unit}"])
    sheet.append(
        ["Budget line", "Setting", "Phase", "Budget", None, "Spend", None, "Projection", None, "Comment"]
    )
    sheet.append([None, None, None, "Original", "Revised", "Actual to date", "Commitment", "Forecast outturn", "Variance", None])  # fmt: skip
    is_bad = not mended and not unit_fault
    sheet.append(["1.2.3", "Special - independent", None, 100, 110, 60, 5, 120, 11 if is_bad else 10, None])
    sheet.append(["Subtotal 1.2.3", None, None, 100, 115 if is_bad else 110, 60, 5, 120, 11 if is_bad else 10, None])  # fmt: skip
    sheet.append(["1.2.5", "Central", None, 50, 50, 20, 0, 50, 0, None])
    sheet.append(["Subtotal 1.2.5", None, None, 50, 50, 20, 0, 50, 0, None])
    sheet.append(["Total high needs", None, None, 150, 160, 80, 5, 175 if is_bad else 170, 11 if is_bad else 10, None])  # fmt: skip


def _payments(sheet: Any, mended: bool) -> None:
    sheet.append(["Year", "Month", "Paid on", "Supplier", "Amount"])
    rows: list[list[Any]] = [["2026-27", 4, DATE(2026, 4, 9), "Supplier 1", 1200.5], ["2026-27", 5, DATE(2026, 5, 9), "Supplier 2", 80]]  # fmt: skip
    if not mended:
        rows += [rows[0], ["2026-28", 4, DATE(2026, 4, 9), "Supplier 3", 10], ["2026-27", 13, DATE(2026, 4, 9), "Supplier 4", 10]]  # fmt: skip
        sheet.sheet_state = "hidden"
    for row in rows:
        sheet.append(row)


LEDGER_LAYOUT = """
name = "ledger"
title = "A ledger of payments"
tables = ["payments"]
[[header]]
find = ["Year", "Month", "Paid on", "Supplier", "Amount"]
[constants]
authority = "ours"
[columns.financial_year]
headings = ["Year"]
[columns.period]
headings = ["Month"]
[columns.paid_on]
headings = ["Paid on"]
[columns.supplier]
headings = ["Supplier"]
[columns.amount]
headings = ["Amount"]
"""

CORRECTION = """
[[corrections]]
layout = "ledger"
where = { supplier = "Supplier 2" }
column = "amount"
was = "800"
becomes = 80
what = "a nought too many"
why = "the invoice says £80"
who = "SEND finance"
on = 2026-11-20
"""
