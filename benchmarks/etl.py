"""A whole build against the plain way: pandas with openpyxl, the checks that an analyst writes, groupby, Parquet.

Both are given one register with the same planted faults and say how many of each kind they told of. The plain way
does what our build does and no less: it reads, tidies, checks, spreads costs over months, sums them and writes.
"""

from __future__ import annotations

import datetime
import re
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy
import openpyxl
import pandas
from openpyxl.cell import WriteOnlyCell

from benchmarks.measure import Comparison, compare
from etl.pipeline import Report, build
from hnb.codelists import CODELISTS
from hnb.configuration import Configuration

HEADINGS = (
    "Placement ref", "Pupil ref", "Primary need", "Secondary need", "Setting type", "Phase", "NC year", "Provider", "Provider no",
    "In borough?", "Residential?", "Start date", "End date", "Status", "Rank", "Top-up band", "S251 budget line",
    "Place element", "Top-up / fee", "Other costs", "Health contribution", "Social care contribution", "Annual cost (net)", "Notes",
)  # fmt: skip
_FIRST_ROW = 5
_OF_EACH = 5
KINDS = (
    "error cell in a cost", "error cell in an end date", "formula never calculated", "hidden row", "placement twice",
    "unknown setting", "cost that is no number", "end before start", "parts that do not add up",
)  # fmt: skip
"""The kinds of fault that are planted five times each; the printed total is wrong once."""


def write_register(path: Path, rows: int) -> None:
    """A register of so many placements with the planted faults, the same every time."""
    chance = numpy.random.default_rng(2019)
    settings, needs, phases, statuses = (
        [CODELISTS[name].label(code) for code in CODELISTS[name].codes if code != "not_recorded"]
        for name in ("settings", "needs", "phases", "placement_statuses")
    )
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Register")
    faults = _faults(rows)
    for row, kind in faults.items():
        if kind == "hidden row":
            sheet.row_dimensions[_FIRST_ROW + row].hidden = True
    for line in (
        ["High needs placement register 2023-24"],
        ["Position as at 31 March 2024"],
        [],
        list(HEADINGS),
    ):
        sheet.append(line)
    total = 0.0
    for row in range(rows):
        kind = faults.get(row, "")
        start = datetime.date(2019, 9, 1) + datetime.timedelta(days=int(chance.integers(0, 1500)))
        end = None if chance.random() < 0.8 else datetime.date(2024, 1, 31)
        place, top_up = 6000.0, int(chance.integers(500_000, 4_000_000)) / 100
        other = int(chance.integers(0, 90_000)) / 100 if row % 7 == 0 else None
        health = int(chance.integers(0, 90_000)) / 100 if row % 9 == 0 else None
        annual = round(place + top_up + (other or 0.0) - (health or 0.0), 2)
        total += annual
        cells = [
            f"P{row:07}", f"C{row % 9973:07}", needs[chance.integers(0, 9)], None, settings[chance.integers(0, len(settings))],
            phases[chance.integers(0, 5)], int(chance.integers(0, 14)), f"Provider {chance.integers(0, 120)} School", int(chance.integers(100000, 100120)),
            "Yes" if row % 3 else "No", "No", start, end, statuses[0], 1, f"Band {chance.integers(0, 8)}", "1.2.2",
            place, top_up, other, health, None, annual, None,
        ]  # fmt: skip
        sheet.append(_spoilt(cells, kind, sheet))
    sheet.append(["Total", *[None] * 21, round(total + 1234.5, 2), None])
    book.save(path)


def _faults(rows: int) -> dict[int, str]:
    """Which rows have a fault, and of which kind; spread over the whole register."""
    count = len(KINDS) * _OF_EACH
    return {rows * (number + 1) // (count + 1): KINDS[number % len(KINDS)] for number in range(count)}


def _spoilt(cells: list, kind: str, sheet: object) -> list:
    """The cells of a row with its fault, if it has one."""
    column = {name: number for number, name in enumerate(HEADINGS)}
    if kind.startswith("error cell"):
        cell = WriteOnlyCell(sheet, "#N/A")
        cell.data_type = "e"
        cells[column["Top-up / fee" if kind.endswith("cost") else "End date"]] = cell
    elif kind == "formula never calculated":
        cells[column["Annual cost (net)"]] = "=R1+S1"
    elif kind == "placement twice":
        cells[0] = "P0000000"
    elif kind == "unknown setting":
        cells[column["Setting type"]] = "Spaceship"
    elif kind == "cost that is no number":
        cells[column["Top-up / fee"]] = "12,5OO"
    elif kind == "end before start":
        cells[column["Start date"]], cells[column["End date"]] = (
            datetime.date(2023, 9, 1),
            datetime.date(2023, 4, 1),
        )
    elif kind == "parts that do not add up":
        cells[column["Annual cost (net)"]] += 100.0
    return cells


def planted() -> int:
    """How many faults there are in each register."""
    return len(KINDS) * _OF_EACH + 1


# ------------------------------------------------------------------------------------------ both ways


def ours(folder: str) -> int:
    """Read, check, reshape, reconcile and publish, whatever was read before; how many planted faults were told."""
    return sum(told(_built(folder, anew=True)).values())


def ours_one_after_another(folder: str) -> int:
    """The same with one file at a time."""
    return len(_built(folder, anew=True, reading_processes=1).files)


def ours_at_once(folder: str) -> int:
    """The same with as many files at a time as there are cores."""
    return len(_built(folder, anew=True, reading_processes=0).files)


def ours_again(folder: str) -> int:
    """A build where nothing has changed since the last one; how many rows the files have."""
    return sum(file.rows for file in _built(folder).files)


def ours_anew(folder: str) -> int:
    """The same build with nothing kept."""
    return sum(file.rows for file in _built(folder, anew=True).files)


def _built(folder: str, anew: bool = False, reading_processes: int = 0) -> Report:
    configuration = replace(Configuration(), reading_processes=reading_processes)
    return build(Path(folder, "raw"), Path(folder, "processed"), configuration, pupil_key=b"k" * 32, now=datetime.datetime.now(datetime.UTC),
                 code_version="benchmark", accept_problems=True, anew=anew)  # fmt: skip


def told(report: Report) -> Mapping[str, int]:
    """How many of each kind of planted fault the report tells of, at most as many as were planted."""
    wheres: dict[str, list[str]] = {}
    for problem in report.problems:
        wheres.setdefault(problem.what, []).append(problem.where)
    errors = wheres.get("error_cell", [])
    hidden = next((int(re.match(r"\d+", problem.found)[0]) for problem in report.problems if problem.what == "hidden_rows"), 0)  # fmt: skip
    column = openpyxl.utils.get_column_letter
    top_up, end_date = column(HEADINGS.index("Top-up / fee") + 1), column(HEADINGS.index("End date") + 1)
    unmet = [problem for problem in report.problems if problem.what == "total_not_met"]
    rows = {row + _FIRST_ROW for row, kind in _faults(report.sheets[0].rows_read - 1).items() if kind == "parts that do not add up"}  # fmt: skip
    return {
        "error cell in a cost": sum(f"!{top_up}" in where for where in errors),
        "error cell in an end date": sum(f"!{end_date}" in where for where in errors),
        "formula never calculated": len(wheres.get("uncached_formula", [])),
        "hidden row": hidden,
        "placement twice": len(wheres.get("repeated_key", [])),
        "unknown setting": len(wheres.get("unknown_code", [])),
        "cost that is no number": len(wheres.get("bad_number", wheres.get("bad_value", []))),
        "end before start": len(wheres.get("wrong_order", [])),
        "parts that do not add up": sum(int(re.search(r"(\d+)$", problem.where)[1]) in rows for problem in unmet),
        "wrong total": sum(int(re.search(r"(\d+)$", problem.where)[1]) == report.sheets[0].rows_read + _FIRST_ROW - 1 for problem in unmet),
    }  # fmt: skip


def plain(folder: str) -> int:
    """What a competent analyst writes for this one layout; how many planted faults its checks tell of."""
    path = next(Path(folder, "raw").iterdir())
    frame = pandas.read_excel(path, engine="openpyxl", header=3)
    total = frame.loc[frame["Placement ref"] == "Total", "Annual cost (net)"].iloc[0]
    frame = frame[frame["Placement ref"] != "Total"].copy()
    money = ["Place element", "Top-up / fee", "Other costs", "Health contribution", "Social care contribution", "Annual cost (net)"]  # fmt: skip
    numbers = frame[money].apply(pandas.to_numeric, errors="coerce")
    no_number = frame[money].notna() & numbers.isna()
    frame[money] = numbers
    start, end = (pandas.to_datetime(frame[name], errors="coerce") for name in ("Start date", "End date"))
    known = {
        text.casefold()
        for code in CODELISTS["settings"].codes
        for text in (CODELISTS["settings"].label(code), *CODELISTS["settings"].entry(code).aliases)
    }
    costs = frame[money].fillna(0)
    parts = costs["Place element"] + costs["Top-up / fee"] + costs["Other costs"] - costs["Health contribution"] - costs["Social care contribution"]  # fmt: skip
    unread = frame["Annual cost (net)"].isna()
    no_top_up = frame["Top-up / fee"].isna() & ~no_number["Top-up / fee"]
    differs = ((frame["Annual cost (net)"] - parts).abs() > 0.01) & ~unread & ~no_number.any(axis=1)
    found = {
        "formula never calculated": int(unread.sum()),  # told as a missing cost
        "error cell in a cost": int((differs & no_top_up).sum()),  # told as parts that do not add up
        "parts that do not add up": int((differs & ~no_top_up).sum()),
        "cost that is no number": int(no_number.any(axis=1).sum()),
        "placement twice": int(frame["Placement ref"].duplicated().sum()),
        "unknown setting": int((~frame["Setting type"].str.casefold().isin(known)).sum()),
        "end before start": int((end < start).sum()),
        "wrong total": int(abs(frame["Annual cost (net)"].sum() - total) > 0.01),
    }
    months = pandas.DataFrame({"month": pandas.date_range("2023-04-01", periods=12, freq="MS")})
    months["next"] = months["month"] + pandas.DateOffset(months=1)
    frame["start"], frame["end"] = start, end.fillna(pandas.Timestamp("2024-04-01"))
    spread = frame[["Placement ref", "Primary need", "Setting type", "Phase", "Provider", "start", "end", "Annual cost (net)"]].merge(months, how="cross")  # fmt: skip
    days = (spread[["end", "next"]].min(axis=1) - spread[["start", "month"]].max(axis=1)).dt.days.clip(
        lower=0
    )
    spread["cost"] = spread["Annual cost (net)"] * days / 366
    spread = spread[days > 0]
    sums = spread.groupby(["Setting type", "Phase", "Primary need", "Provider", "month"], as_index=False)["cost"].sum()  # fmt: skip
    for name, table in (("register", frame.astype({"Top-up band": str, "End date": str})), ("months", spread), ("spend", sums)):  # fmt: skip
        table.to_parquet(Path(folder, f"{name}.parquet"))
    return sum(min(count, _OF_EACH) for count in found.values())


def comparisons(sizes: tuple[int, ...] = (3_000, 30_000, 300_000)) -> list[Comparison]:
    """One comparison a size, then builds of eight files: again with nothing changed, and several files at once."""
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for rows in sizes:
            place = Path(folder, str(rows))
            (place / "raw").mkdir(parents=True)
            write_register(place / "raw" / "placement_register_2023-24.xlsx", rows)
            found.append(compare(f"build a register of {rows:,} rows", ours, plain, str(place), shows=f"planted faults told, of {planted()}",
                                 repeats=1 if rows > 100_000 else 2))  # fmt: skip
        several = Path(folder, "several")
        (several / "raw").mkdir(parents=True)
        register = Path(folder, str(sizes[0]), "raw", "placement_register_2023-24.xlsx")
        for year in range(8):
            _another_year(register, several / "raw" / f"placement_register_{year}.xlsx", year)
        found.append(compare("build 8 files again, nothing changed, against anew", ours_again, ours_anew, str(several), shows="rows", repeats=3))  # fmt: skip
        shutil.rmtree(several / "processed")
        found.append(compare("build 8 files, several at once against one after another", ours_at_once, ours_one_after_another, str(several), shows="files", repeats=3))  # fmt: skip
    return found


def _another_year(register: Path, path: Path, number: int) -> None:
    """The same register as another year's, so that the files are not copies of one another."""
    book = openpyxl.load_workbook(register)
    book.active["A1"] = f"High needs placement register 20{16 + number}-{17 + number}"
    book.save(path)
