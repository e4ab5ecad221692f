"""The placement registers as workbooks: one a financial year, headed and spelt as its time did.

The warts of real registers are spread over the years (`_SHAPES`); what they mean is in `registers.py`.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy
import pandas

from etl.sample import sheets
from etl.sample.facts import ASSUMPTIONS
from etl.sample.spellings import spelt
from hnb import wording
from hnb.codelists import CODELISTS

_WIDTHS = [12, 10, 22, 16, 34, 14, 8, 40, 11, 9, 11, 11, 11, 9, 6, 7, 30, 12, 12, 12, 12, 12, 14, 20]
_MONEY = (
    "place_cost",
    "top_up_cost",
    "other_cost",
    "health_contribution",
    "care_contribution",
    "annual_cost",
)
_COLUMNS = (
    "placement_id", "pupil_id", "need", "secondary_need", "setting", "phase", "year_group", "provider", "provider_id",
    "in_borough", "residential", "start_on", "end_on", "status", "placement_rank", "band", "line", *_MONEY,
)  # fmt: skip

# Headings by column; None ends the row with the remark column that nobody fills in.
_OLD_HEADINGS = (
    "Placement\nno", "Pupil\nref", "Primary  need", "Secondary need", "Estab type", "Age band", "NC yr", "Provider", "Prov no",
    "In borough", "Residential", "Start", "End", "Status", "Rank", "Band", "S251 line", "Place element (£)", "Top up (£)", "Other (£)",
    "Health contribution (£)", "Social care contribution (£)", "Full year cost to HNB (£)", "Notes",
)  # fmt: skip
_NEW_HEADINGS = (
    "Placement ref", "Pupil ref", "Primary need", "Secondary need", "Setting type", "Phase", "NC year", "Provider", "Provider no",
    "In borough?", "Residential?", "Start date", "End date", "Status", "Rank", "Top-up band", "S251 budget line",
    "Place element", "Top-up / fee", "Other costs", "Health\ncontribution", "Social care\ncontribution", "Annual cost\n(net)", "Notes",
)  # fmt: skip


@dataclass(frozen=True)
class _Shape:
    """How one year's register is written."""

    manner: str
    headings: Sequence[str]
    year_as: str  # how the title spells the year
    yes_no: tuple[str, str] = ("Yes", "No")
    open_end: str | None = None
    text_dates: bool = False
    number_codes: bool = False
    titled_lines: bool = False
    units_row: bool = False
    passing_column: str | None = None  # a column that is in this year only


_SHAPES = {
    "2019-20": _Shape(
        "case_system", _OLD_HEADINGS, "2019/20", ("Y", "N"), "ongoing", text_dates=True, number_codes=True
    ),
    "2020-21": _Shape("case_system", _OLD_HEADINGS, "2020/21", ("Y", "N"), "Ongoing", number_codes=True),
    "2021-22": _Shape("return_words", _NEW_HEADINGS, "FY22", titled_lines=True, units_row=True),
    "2022-23": _Shape(
        "return_words",
        _NEW_HEADINGS,
        "2022-23",
        titled_lines=True,
        units_row=True,
        passing_column="Return checked",
    ),
    "2023-24": _Shape("council_words", _NEW_HEADINGS, "2023/24", open_end="ongoing"),
    "2024-25": _Shape("council_words", _NEW_HEADINGS, "2024–25"),
    "2025-26": _Shape("council_words", _NEW_HEADINGS, "2025-26"),
    "2026-27": _Shape("council_words", _NEW_HEADINGS, "2026/27", open_end="ongoing"),
}


def write_register(register: pandas.DataFrame, folder: Path, generator: numpy.random.Generator) -> Path:
    """One year's register as `placement_register_2024-25.xlsx`; the year and the date are the frame's own."""
    year, as_at = str(register["financial_year"].iloc[0]), register["register_as_at"].iloc[0]
    shape = _SHAPES[year]
    book = sheets.workbook(large=True)
    sheet = book.create_sheet("Register")
    sheets.widths(sheet, _WIDTHS)
    headings = [
        *shape.headings[:-1],
        *([shape.passing_column] if shape.passing_column else []),
        shape.headings[-1],
    ]
    sheet.append([sheets.title(sheet, f"High needs placement register {shape.year_as}")])
    sheet.append([f"Position as at {wording.date(as_at)}. {sheets.INVENTED}."])
    sheet.append([])
    sheet.append(sheets.headings(sheet, headings))
    if shape.units_row:
        sheet.append([None] * (len(_COLUMNS) - len(_MONEY)) + ["£"] * len(_MONEY))
    columns = _printed(register, shape, generator)
    if shape.passing_column:
        columns.append(["yes"] * len(register))
    sheets.add_rows(sheet, zip(*columns, strict=True))
    total = round(float(register["annual_cost"].sum()), 2)
    sheet.append(sheets.bold(sheet, ["Total", *[None] * (len(_COLUMNS) - 2), total]))
    sheet.append([])
    sheet.append(
        [
            "Note: annual cost is what a full year costs the block: top-up or fee and other costs, less contributions."
        ]
    )
    sheet.append(
        ["Note: blank means not applicable. A child in two placements at once has rank 1 for the main one."]
    )
    sheets.add_hidden(
        book,
        "Lists",
        [["Setting types"], *[[CODELISTS["settings"].label(code)] for code in CODELISTS["settings"].codes]],
    )
    return sheets.save(book, folder / f"placement_register_{year}.xlsx")


def _printed(register: pandas.DataFrame, shape: _Shape, generator: numpy.random.Generator) -> list[list[Any]]:
    """The register's columns as their cells, in the order of the headings."""
    yes, no = shape.yes_no
    printed: dict[str, list[Any]] = {name: [] for name in _COLUMNS}
    for name in _COLUMNS:
        values = register[name] if name in register else pandas.Series([None] * len(register), dtype=object)
        printed[name] = [
            None if missing else value for value, missing in zip(values.tolist(), values.isna(), strict=True)
        ]
    for name, codelist in (
        ("setting", "settings"),
        ("phase", "phases"),
        ("status", "placement_statuses"),
        ("need", "needs"),
        ("secondary_need", "needs"),
    ):
        printed[name] = list(spelt(register[name], codelist, shape.manner, generator))
    rubbish = ASSUMPTIONS["need_not_recorded"]["words"]
    for position in numpy.flatnonzero((register["need"] == "not_recorded").to_numpy()):
        printed["need"][position] = rubbish[int(generator.integers(0, len(rubbish)))]
    for name in ("in_borough", "residential"):
        printed[name] = [yes if value else no for value in register[name]]
    if shape.number_codes:
        printed["provider_id"] = [int(value) for value in register["provider_id"]]
    if shape.titled_lines:
        printed["line"] = [_titled(line) for line in register["line"]]
    if shape.open_end:
        printed["end_on"] = [shape.open_end if value is None else value for value in printed["end_on"]]
    if shape.text_dates:
        for name in ("start_on", "end_on"):
            printed[name] = [
                value.strftime("%d/%m/%Y") if isinstance(value, datetime.date) else value
                for value in printed[name]
            ]
    return list(printed.values())


def _titled(line: str) -> str:
    """A line with its title as the return prints it, en-dash and all."""
    return f"{line} {CODELISTS['budget_lines'].entry(line).aliases[0]}"
