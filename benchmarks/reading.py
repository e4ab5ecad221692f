"""Reading a register: ours (preflight, child process, calamine, scan of the XML) against pandas with openpyxl."""

from __future__ import annotations

import datetime
import tempfile
from pathlib import Path

import openpyxl
import pandas

from benchmarks.measure import Comparison, compare
from etl.workbooks import read_file

_COLUMNS = 24
_ERRORS = 15


def write_register(path: Path, rows: int) -> None:
    """A register-like workbook: a title, a heading row, dates, text and money, and some planted error cells."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Placements")
    sheet.append(["Placement register as at 31 March 2024"])
    sheet.append([f"Heading {number}" for number in range(1, _COLUMNS + 1)])
    every = max(rows // _ERRORS, 1)
    for row in range(rows):
        cost = "#N/A" if row % every == every // 2 else round(1000 + row * 7.31, 2)
        texts = [f"value {row % 97} {column}" for column in range(_COLUMNS - 6)]
        started = datetime.date(2019, 9, 1) + datetime.timedelta(days=row % 900)
        sheet.append([f"P{row:06}", started, None, cost, row % 14, "E_INSS", *texts])
    book.save(path)


def ours(path: str) -> int:
    """Reads with the project's own reader; gives how many error cells it reported."""
    reading = read_file(Path(path))
    return sum(len(sheet.faults) for sheet in reading.sheets)


def plain(path: str) -> int:
    """Reads as most scripts do; gives how many error cells are told from blanks (none can be)."""
    frame = pandas.read_excel(path, engine="openpyxl", header=1)
    return int((frame == "#N/A").sum().sum())


def comparisons(sizes: tuple[int, ...] = (3_000, 30_000)) -> list[Comparison]:
    """One comparison a size: seconds, peak memory, and how many of the planted error cells each way shows."""
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for rows in sizes:
            path = Path(folder) / f"register_{rows}.xlsx"
            write_register(path, rows)
            found.append(
                compare(
                    f"read a register of {rows:,} rows × {_COLUMNS}",
                    ours,
                    plain,
                    str(path),
                    shows="error cells found",
                    repeats=2,
                )
            )
    return found
