"""How a SEN2 return and what goes with it look as files: DfE's template, a workbook a module, COLLECT's export.

Headings are in `sen2_return.toml`; what stands under them is in `sen2_return.py`.
"""

from __future__ import annotations

import csv
import datetime
import io
import tomllib
import zipfile
from collections.abc import Mapping, Sequence
from importlib import resources
from pathlib import Path
from typing import Any, Literal, get_args

from etl.sample import sheets
from hnb.codelists import CODELISTS

Form = Literal["template", "workbook", "export"]
FORMS: tuple[str, ...] = get_args(Form)
Records = Mapping[str, Sequence[Mapping[str, Any]]]

HEADINGS: Mapping[str, Any] = tomllib.loads(
    (resources.files("etl.sample") / "sen2_return.toml").read_text(encoding="utf-8")
)
"""By module: the export's file and the columns, each with its field, headings and versions."""

_MADE_ON = (2026, 2, 20, 9, 0, 0)
_COST_COLUMNS = {
    "pupil_id": "UPN", "provider_id": "Provider no", "line": "S251 budget line", "band": "Top-up band", "place_cost": "Place element", "top_up_cost": "Top-up / fee",
    "other_cost": "Other costs", "health_contribution": "Health contribution", "care_contribution": "Social care contribution", "annual_cost": "Annual cost (net)",
}  # fmt: skip
_RATE_COLUMNS = {
    "setting": "Kind of setting", "sen_setting": "SEN setting code", "provider_id": "Provider no", "phase": "Phase", "need": "Primary need", "band": "Top-up band",
    "residential": "Residential?", "line": "S251 budget line", "place_cost": "Place element", "top_up_cost": "Top-up",
}  # fmt: skip
_ESTABLISHMENT_COLUMNS = {
    "urn": "URN", "ukprn": "UKPRN", "provider": "Name", "setting": "Kind of setting", "run_by": "Run by", "in_borough": "In borough?",
}  # fmt: skip


def write_template(records: Records, folder: Path, january: int, version: str, form: Form) -> Path:
    """The return in DfE's template, its modules one below the other; in the form "workbook" each on a sheet of its own."""
    book = sheets.workbook()
    together = book.create_sheet("Data Entry Template") if form == "template" else None
    for module, of_module in records.items():
        title = CODELISTS["sen2_modules"].label(module)
        sheet = together if together is not None else book.create_sheet(title)
        columns = _columns(module, "template", version)
        if together is not None:
            sheet.append([sheets.title(sheet, title)])
        sheet.append(sheets.headings(sheet, [column["template"] for column in columns]))
        sheets.add_rows(sheet, [[_in_template(record.get(column["field"])) for column in columns] for record in of_module])  # fmt: skip
        if together is not None:
            sheets.add_rows(sheet, [[None], [None]])
    return sheets.save(book, folder / f"sen2_return_{january}.xlsx")


def write_export(records: Records, folder: Path, january: int, version: str, _form: Form) -> Path:
    """The return as COLLECT exports it: a zip of nine csv files."""
    path = folder / f"sen2_return_{january}.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for module, of_module in records.items():
            columns = _columns(module, "export", version)
            text = io.StringIO()
            lines = csv.writer(text, lineterminator="\r\n")
            lines.writerow([column["export"] for column in columns])
            for place, record in enumerate(of_module, start=1):
                lines.writerow([place if column["field"].endswith("orderseqcolumn") else _in_export(record.get(column["field"])) for column in columns])  # fmt: skip
            archive.writestr(zipfile.ZipInfo(HEADINGS[module]["export_file"], _MADE_ON), text.getvalue().encode("utf-8"))  # fmt: skip
    return path


def _columns(module: str, form: str, version: str) -> list[Mapping[str, str]]:
    return [
        column for column in HEADINGS[module]["columns"]
        if column.get(form) and column.get("since", version) <= version <= column.get("until", version)
    ]  # fmt: skip


def _in_template(value: Any) -> Any:
    """Dates are typed as text there, flags as 1 and 0, numbers as numbers."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, datetime.date):
        return value.isoformat()
    return int(value) if isinstance(value, str) and value.isdigit() and len(value) < 9 else value


def _in_export(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:%Y-%b-%d} 00:00:00" if isinstance(value, datetime.date) else str(value)


def write_costs(costs: Sequence[Mapping[str, Any]], year: str, folder: Path) -> Path:
    """The council's own costs, a row a child and provider, with their total."""
    book = sheets.workbook()
    sheet = book.create_sheet("Costs")
    sheet.append([sheets.title(sheet, f"Costs of placements {year}")])
    sheet.append([f"A full year, net of contributions. {sheets.INVENTED}."])
    sheet.append(sheets.headings(sheet, _COST_COLUMNS.values()))
    sheets.add_rows(sheet, [[cost.get(name) for name in _COST_COLUMNS] for cost in costs])
    total = round(sum(cost.get("annual_cost") or 0.0 for cost in costs), 2)
    sheet.append(sheets.bold(sheet, ["Total", *[None] * (len(_COST_COLUMNS) - 2), total]))
    return sheets.save(book, folder / f"placement_costs_{year}.xlsx")


def write_rates(rates: Sequence[Mapping[str, Any]], year: str, folder: Path) -> Path:
    """The table of rates; what a rate does not ask is "Any" or blank."""
    book = sheets.workbook()
    sheet = book.create_sheet("Rates")
    sheet.append([sheets.title(sheet, f"High needs rates {year}")])
    sheet.append([f"Pounds for a full year. {sheets.INVENTED}."])
    sheet.append(sheets.headings(sheet, _RATE_COLUMNS.values()))
    for rate in rates:
        said = {**rate, "setting": CODELISTS["settings"].label(str(rate["setting"])), "phase": rate.get("phase", "Any"), "need": rate.get("need", "Any")}  # fmt: skip
        sheet.append([said.get(name) for name in _RATE_COLUMNS])
    return sheets.save(book, folder / f"rates_{year}.xlsx")


def write_establishments(establishments: Sequence[Mapping[str, Any]], folder: Path) -> Path:
    """The council's list of establishments."""
    book = sheets.workbook()
    sheet = book.create_sheet("Establishments")
    sheet.append(sheets.headings(sheet, _ESTABLISHMENT_COLUMNS.values()))
    for of in establishments:
        said = {**of, "setting": CODELISTS["settings"].label(str(of["setting"])), "run_by": CODELISTS["run_by"].label(str(of["run_by"])), "in_borough": "Yes" if of["in_borough"] else "No"}  # fmt: skip
        sheet.append([said.get(name) for name in _ESTABLISHMENT_COLUMNS])
    return sheets.save(book, folder / "establishments.xlsx")
