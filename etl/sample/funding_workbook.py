"""The block's allocation, the balance of the grant and the plans each January, in one workbook."""

from __future__ import annotations

from pathlib import Path

import pandas
from openpyxl import Workbook

from etl.sample import sheets
from etl.sample.facts import FACTS

_SAID = {True: "Published", False: "Estimated for the sample: not published"}


def write_funding(
    grant: pandas.DataFrame,
    balances: pandas.DataFrame,
    plans: pandas.DataFrame,
    plans_by_need: pandas.DataFrame,
    folder: Path,
) -> Path:
    """`funding_and_balance.xlsx`, from the frames of `etl.sample.funding`."""
    book = sheets.workbook()
    sources = [
        f"{name}: {text}" for name, text in FACTS["sources"].items() if name in ("grant", "balances", "plans")
    ]
    notes = [
        "High needs block: funding, balance and plans",
        sheets.INVENTED + ", except what is marked as published.",
        *sources,
    ]
    sheets.add_notes(book, "Notes", notes)
    _add_allocation(book, grant)
    _add_balances(book, balances)
    _add_plans(book, plans)
    _add_plans_by_need(book, plans_by_need)
    return sheets.save(book, folder / "funding_and_balance.xlsx")


def _add_allocation(book: Workbook, grant: pandas.DataFrame) -> None:
    sheet = book.create_sheet("Block allocation")
    sheets.widths(sheet, [16, 16, 20, 20, 20, 20, 44])
    sheet.append([sheets.title(sheet, "High needs block allocation (£)")])
    sheet.append([])
    headings = [
        "Financial year",
        "As known at",
        "Allocation  before deductions",
        "Less: places paid by DfE",
        "Allocation after deductions",
        "Transfers and\nother income",
        "Where from",
    ]
    sheet.append(sheets.headings(sheet, headings))
    for row in grant.astype(object).where(grant.notna(), None).to_dict("records"):
        deducted = row["place_deductions"]
        deductions = None if deducted is None else f"(£{-deducted:,.0f})"
        year = row["financial_year"].replace("-", "/")
        sheet.append(
            [
                year,
                row["published_on"],
                row["before_deductions"],
                deductions,
                row["after_deductions"],
                row["block_transfer"],
                _SAID[row["is_published"]],
            ]
        )
    sheet.append([])
    sheet.append(
        [
            "Note: transfers are worked out for the sample, so that the year's position meets the change of the balance."
        ]
    )
    sheet.append(
        ["Note: the latest issue of a year is in force; of an earlier one only what is published is given."]
    )


def _add_balances(book: Workbook, balances: pandas.DataFrame) -> None:
    sheet = book.create_sheet("DSG balance")
    sheets.widths(sheet, [18, 24, 44])
    sheet.append(
        [sheets.title(sheet, "Dedicated Schools Grant: balance at 31 March (£; a deficit is in brackets)")]
    )
    sheet.append([])
    sheet.append(sheets.headings(sheet, ["Financial year", "Balance at\n31 March", "Where from"]))
    for row in balances.to_dict("records"):
        amount = row["balance"]
        printed = amount if amount >= 0 else f"(£{-amount:,.0f})"
        sheet.append([row["financial_year"], printed, _SAID[row["is_published"]]])
    sheet.append([])
    sheet.append(["Note: published balances are rounded as they were published."])


def _add_plans(book: Workbook, plans: pandas.DataFrame) -> None:
    sheet = book.create_sheet("EHC plans")
    januaries = sorted(plans["year"].unique())
    estimated = set(plans.loc[plans["status"] == "estimated", "year"])
    sheets.widths(sheet, [48, *[12] * len(januaries)])
    sheet.append([sheets.title(sheet, "Education, health and care plans each January, by setting")])
    sheet.append(
        [
            "January 2023 was the first return by child: 282 plans have no placement recorded. Blank: none, or not asked for."
        ]
    )
    sheet.append([])
    sheet.append(
        sheets.headings(
            sheet,
            [
                "Setting",
                *[f"January {year}" + (" (estimate)" if year in estimated else "") for year in januaries],
            ],
        )
    )
    table = plans.pivot_table(index="setting_detail", columns="year", values="plans", aggfunc="sum")
    for name in FACTS["plans"]["by_setting"]:
        if name in table.index:
            sheet.append(
                [
                    name,
                    *[
                        None if pandas.isna(table.loc[name, year]) else int(table.loc[name, year])
                        for year in januaries
                    ],
                ]
            )
    sheet.append(sheets.bold(sheet, ["Total", *[int(table[year].sum()) for year in januaries]]))


def _add_plans_by_need(book: Workbook, plans: pandas.DataFrame) -> None:
    january = int(plans["year"].iloc[0])
    sheet = book.create_sheet(f"Plans by need {january}")
    needs = list(dict.fromkeys(plans["need"]))
    sheets.widths(sheet, [68, *[10] * (len(needs) + 1)])
    sheet.append([sheets.title(sheet, f"EHC plans by setting and primary need, January {january}")])
    sheet.append([])
    # A heading says "Need unknown" for what we call not recorded.
    printed = ["Need unknown" if need == "not_recorded" else need for need in needs]
    sheet.append(sheets.headings(sheet, ["Setting", *printed, "All plans"]))
    table = plans.pivot_table(
        index="setting_detail", columns="need", values="plans", aggfunc="sum", sort=False
    )
    for name, figures in table[needs].iterrows():
        sheet.append([name, *[int(figure) for figure in figures], int(figures.sum())])
    totals = table[needs].sum()
    sheet.append(sheets.bold(sheet, ["Total", *[int(figure) for figure in totals], int(totals.sum())]))
