"""The sample's ledger as workbooks: payments of a year, the mapping of its accounts, and the suppliers that are confirmed."""

from __future__ import annotations

import csv
import datetime
from pathlib import Path

import pandas

from etl.sample import sheets
from etl.sample.payments import LEDGER, POSTING, supplier_of
from hnb.codelists import CODELISTS

_HEADINGS = ("Period", "Posting date", "Voucher", "Supplier", "Supplier group", "Cost centre", "Account", "Account description", "Net amount (£)")  # fmt: skip
_RULE = ("Rule", "Expense code", "Expense area", "Supplier category", "Supplier", "High needs?", "Line", "Group of lines", "Setting",
         "Certainty", "Reason", "Decided by", "Decided on")  # fmt: skip
_DECIDED = datetime.date(2026, 4, 14)


def write_payments(payments: pandas.DataFrame, year: str, folder: Path) -> Path:
    """`ledger_payments_2025-26.xlsx`: a row a posting, and the printed total."""
    book = sheets.workbook(large=True)
    sheet = book.create_sheet("Payments")
    sheets.widths(sheet, [8, 12, 12, 40, 18, 22, 10, 36, 16])
    sheet.append([sheets.title(sheet, f"Payments from the ledger, {year}")])
    sheet.append([f"{sheets.INVENTED}."])
    sheet.append([])
    sheet.append(sheets.headings(sheet, _HEADINGS))
    sheets.add_rows(sheet, payments[POSTING].astype(object).itertuples(index=False, name=None))
    sheet.append(
        sheets.bold(sheet, ["Total", *[None] * (len(POSTING) - 2), round(float(payments["amount"].sum()), 2)])
    )
    return sheets.save(book, folder / f"ledger_payments_{year}.xlsx")


def write_mapping(folder: Path) -> Path:
    """`ledger_mapping_sample.xlsx`: one rule an account of the sample's ledger."""
    book = sheets.workbook()
    sheet = book.create_sheet("Mapping")
    sheets.add_rows(sheet, [sheets.headings(sheet, _RULE)])
    for line, (account, described, _) in LEDGER["accounts"].items():
        label = CODELISTS["budget_lines"].label(line)
        sheet.append([f"L{account[1:]}", account, None, None, None, "Yes", line, None, None, "Certain",
                      f"{described} is the account of line {label}", "head of SEND finance", _DECIDED])  # fmt: skip
    return sheets.save(book, folder / "ledger_mapping_sample.xlsx")


def write_suppliers(providers: list[str], folder: Path) -> Path:
    """`suppliers_sample.csv`: every supplier with its provider, confirmed; those left open are in no file."""
    path = folder / "suppliers_sample.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["Supplier", "Provider", "Decision", "Decided by", "Decided on"])
        for provider in sorted(set(providers) - set(LEDGER["unconfirmed"])):
            writer.writerow(
                [supplier_of(provider), provider, "Confirmed", "SEND finance", f"{_DECIDED:%d/%m/%Y}"]
            )
    return path
