"""The budget monitors as workbooks: an outturn report a closed year, a monitor a month of the year in progress.

Sections with subtotals, a grand total, amounts in thousands in one year, variances in brackets as text.
"""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pandas
from openpyxl.styles import Alignment

from etl.sample import sheets
from etl.sample.monitor_months import add_months_sheet
from hnb import wording, years
from hnb.codelists import CODELISTS

_LINES, _SETTINGS, _PHASES = CODELISTS["budget_lines"], CODELISTS["settings"], CODELISTS["phases"]
_WIDTHS = [46, 40, 20, 16, 16, 16, 16, 16, 16, 40]

# How each closed year's report is written: the year in its title, and the unit of its amounts.
_YEARS_AS = {
    "2019-20": "2019/20",
    "2020-21": "2020-21",
    "2021-22": "2021/22",
    "2022-23": "2022 to 2023",
    "2023-24": "FY24",
    "2024-25": "2024-25",
    "2025-26": "2025/26",
}
_IN_THOUSANDS = ("2020-21",)
_TYPED_BUDGETS = ("2022-23",)  # budgets copied from a paper: some as text, in pounds or in £m


def write_outturn_report(
    monitor: pandas.DataFrame, by_month: pandas.DataFrame, year: str, folder: Path
) -> Path:
    """A closed year's report as `budget_outturn_2024-25.xlsx`, with its months.

    `monitor` as `monitors.closed_monitors` gives it, `by_month` as `monitor_months.months_of` does.
    """
    unit = "£'000" if year in _IN_THOUSANDS else "£"
    book = sheets.workbook()
    sheets.add_notes(
        book,
        "Cover",
        [
            f"High needs outturn report {_YEARS_AS[year]}",
            sheets.INVENTED + ".",
            "Blank means not applicable.",
        ],
    )
    sheet = book.create_sheet("Outturn")
    sheets.widths(sheet, _WIDTHS)
    sheet.append([sheets.title(sheet, f"High needs budget outturn {_YEARS_AS[year]}")])
    sheet.append([f"Final position as at {wording.date(years.year_end(year))}"])
    sheet.append([f"All figures in {unit}"])
    sheet.append([])
    sheet.append(
        sheets.headings(
            sheet,
            [
                "Budget\nline",
                "Setting",
                "Phase",
                "Original  budget",
                "Revised budget",
                "Outturn",
                "Variance",
                "Comment",
            ],
        )
    )
    printed = monitor.assign(variance=(monitor["outturn"] - monitor["revised_budget"]).round(2))
    money = ["original_budget", "revised_budget", "outturn", "variance"]
    if unit != "£":
        printed[money] = (printed[money] / 1000).round(5)
    _append_sections(sheet, printed, money, typed_budgets=year in _TYPED_BUDGETS)
    _append_footnotes(sheet)
    add_months_sheet(book, by_month, year, years.year_end(year))
    sheets.add_hidden(book, "Lists", [["Budget lines"], *[[_LINES.label(code)] for code in _LINES.codes]])
    return sheets.save(book, folder / f"budget_outturn_{year}.xlsx")


def write_monthly_monitor(
    monitor: pandas.DataFrame,
    by_month: pandas.DataFrame | None,
    year: str,
    as_at: datetime.date,
    folder: Path,
) -> Path:
    """A month's monitor as `budget_monitor_2026-27_P07.xlsx`, with merged headings in two rows, and its months.

    `by_month` as `monitor_months.months_of` gives it; None for one that was kept without.
    """
    period = years.months_of(year).index(as_at.replace(day=1)) + 1
    book = sheets.workbook()
    sheet = book.create_sheet(f"Monitor P{period}")
    sheets.widths(sheet, _WIDTHS)
    sheet.append(
        [sheets.title(sheet, f"High needs budget monitor {_YEARS_AS.get(year, year)}, period {period}")]
    )
    sheet.append([f"Position as at {wording.date(as_at)}"])
    sheet.append(["All figures in £"])
    sheet.append([])
    sheet.append(
        sheets.headings(
            sheet,
            ["Budget line", "Setting", "Phase", "Budget", None, "Spend", None, "Projection", None, "Comment"],
        )
    )
    sheet.append(
        sheets.headings(
            sheet,
            [
                None,
                None,
                None,
                "Original",
                "Revised",
                "Actual\nto date",
                "Commitment",
                "Forecast\noutturn",
                "Variance",
                None,
            ],
        )
    )
    top = sheet.max_row - 1
    for first, last in ((4, 5), (6, 7), (8, 9)):
        sheet.merge_cells(start_row=top, start_column=first, end_row=top, end_column=last)
        sheet.cell(top, first).alignment = Alignment(horizontal="center")
    printed = monitor.assign(variance=(monitor["forecast"] - monitor["revised_budget"]).round(2))
    money = ["original_budget", "revised_budget", "actual_to_date", "commitment", "forecast", "variance"]
    _append_sections(sheet, printed, money)
    _append_footnotes(sheet)
    if by_month is not None:
        add_months_sheet(book, by_month, year, as_at)
    sheets.add_notes(
        book,
        "Notes",
        [
            "Notes",
            "Commitments are placements agreed and services ordered, not yet paid.",
            sheets.INVENTED + ".",
        ],
    )
    return sheets.save(book, folder / f"budget_monitor_{year}_P{period:02d}.xlsx")


def _append_sections(
    sheet: Any, monitor: pandas.DataFrame, money: list[str], *, typed_budgets: bool = False
) -> None:
    """Each line's leaves, its subtotal and a blank row; then the grand total.

    A negative variance is text in brackets, as people type it; with `typed_budgets` so are some budgets.
    """
    ordered = monitor.assign(
        of_line=monitor["line"].map(_LINES.position),
        of_setting=monitor["setting"].map(_SETTINGS.position),
        of_phase=monitor["phase"].map(_PHASES.position),
    ).sort_values(["of_line", "of_setting", "of_phase"], ignore_index=True)
    for line, leaves in ordered.groupby("line", sort=False):
        for position, leaf in zip(leaves.index, leaves.to_dict("records"), strict=True):
            phase = None if leaf["phase"] == "not_by_phase" else _PHASES.label(leaf["phase"])
            setting = _SETTINGS.label(leaf["setting"]).replace("-", "–")
            row = {**leaf, "variance": _bracketed(leaf["variance"])}
            if typed_budgets:
                row["original_budget"] = _typed(leaf["original_budget"], position)
            sheet.append([_LINES.label(str(line)), setting, phase, *[row[name] for name in money]])
        sheet.append(sheets.bold(sheet, [f"Subtotal {line}", None, None, *_sums(leaves, money)]))
        sheet.append([])
    sheet.append(sheets.bold(sheet, ["Total high needs", None, None, *_sums(ordered, money)]))


def _sums(rows: pandas.DataFrame, money: list[str]) -> list[float]:
    return [round(float(rows[name].sum()), 5) for name in money]


def _bracketed(amount: float) -> float | str:
    if amount >= 0:
        return amount
    return f"(£{-amount:,.2f})" if amount % 1 else f"(£{-amount:,.0f})"


def _typed(amount: float, position: int) -> float | str:
    """One budget in five as text in pounds, one in five in millions: £1,234,500 or £0.3470m."""
    if position % 5 == 0:
        return f"£{amount:,.0f}"
    return f"£{amount / 1_000_000:.4f}m" if position % 5 == 2 else amount


def _append_footnotes(sheet: Any) -> None:
    sheet.append([])
    sheet.append(["Note 1: line 1.0.2 leaves out places that DfE pays directly."])
    sheet.append(["Note 2: figures in brackets are underspends."])
