"""Other councils' files of payments to suppliers: every heading, encoding and kind of file that councils publish."""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Sequence
from typing import Any

import numpy
import pandas

from etl.sample.zoo.animal import Animal, Yard
from etl.sample.zoo.ledger import read_toml
from etl.sample.zoo.old_excel import write_xls
from etl.sample.zoo.pages import Book

_WORDS = read_toml("suppliers.toml")
_TRUTH = ["financial_year", "period", "paid_on", "transaction_id", "supplier", "amount"]


def _payments(
    generator: numpy.random.Generator, year: str, month: datetime.date, count: int = 40
) -> pandas.DataFrame:
    """Payments of a month: refunds among them, a number that repeats, suppliers who are not named."""
    days = generator.integers(1, 29, count)
    amounts = (
        generator.lognormal(7.6, 1.1, count) * numpy.where(generator.random(count) < 0.08, -1, 1)
    ).round(2)
    numbers = 5_100_000 + numpy.cumsum(generator.integers(0, 4, count))
    return pandas.DataFrame(
        {
            "financial_year": year,
            "period": (month.month - 4) % 12 + 1,
            "paid_on": [month.replace(day=int(day)) for day in days],
            "transaction_id": [str(number) for number in numbers],
            "supplier": [
                _WORDS["names"][draw] for draw in generator.integers(len(_WORDS["names"]), size=count)
            ],
            "expense_area": [
                _WORDS["services"][draw] for draw in generator.integers(len(_WORDS["services"]), size=count)
            ],
            "expense_type": [
                _WORDS["types"][draw] for draw in generator.integers(len(_WORDS["types"]), size=count)
            ],
            "amount": amounts,
        }
    )


def _delimited(rows: Sequence[Sequence[Any]], delimiter: str, encoding: str) -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode(encoding)


def _slipped(amounts: pandas.Series, slip: float) -> list[float]:
    """Amounts as they are typed: the first one with the yard's slip."""
    return [round(float(amount) + (slip if place == 0 else 0.0), 2) for place, amount in enumerate(amounts)]


def csv_with_mark(yard: Yard) -> Animal:
    """Text with a byte order mark; the month is in the file's name; the total in the last row under the amounts."""
    name, month = "csv_with_mark", datetime.date(2025, 5, 1)
    paid = _payments(yard.generator(name), "2025-26", month)
    rows: list[list[Any]] = [
        ["Body Name", "Date Paid", "Trans No", "Supplier Name", "Service Area", "Expense Type", "Net Amount"]
    ]
    rows += [["Quillshire County Council", f"{row['paid_on']:%d/%m/%Y}", row["transaction_id"], row["supplier"], row["expense_area"], row["expense_type"], f"{amount:.2f}"]
             for row, amount in zip(paid.to_dict("records"), _slipped(paid["amount"], yard.slip), strict=True)]  # fmt: skip
    rows += [["", "", "", "", "", "Total", f"{paid['amount'].sum():.2f}"]]
    path = yard.file(name, "quillshire_spend_2025_05.csv")
    path.write_bytes(_delimited(rows, ",", "utf-8-sig"))
    return Animal(name, "Quillshire County Council", "UTF-8 with a byte order mark; the month is in the file's name, a total at the end",
                  path, "quillshire_spend_2025_05", "payments", paid[[*_TRUTH, "expense_area", "expense_type"]])  # fmt: skip


def csv_semicolons(yard: Yard) -> Animal:
    """Semicolons and the encoding of Windows; pounds with £ and commas; no month anywhere but in the dates."""
    name, month = "csv_semicolons", datetime.date(2025, 11, 1)
    paid = _payments(yard.generator(name), "2025-26", month)

    def money(amount: float) -> str:
        return f"-£{-amount:,.2f}" if amount < 0 else f"£{amount:,.2f}"

    rows: list[list[Any]] = [
        [
            "Supplier",
            "Payment Date",
            "Payment Number",
            "Directorate / Service",
            "Purpose of spend",
            "Amount (excl. VAT)",
        ]
    ]
    rows += [[row["supplier"], f"{row['paid_on']:%d-%b-%y}", row["transaction_id"], row["expense_area"], row["expense_type"], money(amount)]
             for row, amount in zip(paid.to_dict("records"), _slipped(paid["amount"], yard.slip), strict=True)]  # fmt: skip
    rows += [["Grand Total", "", "", "", "", money(round(float(paid["amount"].sum()), 2))]]
    path = yard.file(name, "payments-to-suppliers.csv")
    path.write_bytes(_delimited(rows, ";", "cp1252"))
    return Animal(name, "Larkmere City Council", "Semicolons, Windows encoding, amounts with £ and commas; year and period only from the dates of payment",
                  path, "payments-to-suppliers", "payments", paid[[*_TRUTH, "expense_area", "expense_type"]])  # fmt: skip


def csv_tabs(yard: Yard) -> Animal:
    """Tabs; refunds in brackets; VAT beside the net amount, and the gross as their sum."""
    name, month = "csv_tabs", datetime.date(2026, 1, 1)
    paid = _payments(yard.generator(name), "2025-26", month)

    def money(amount: float) -> str:
        return f"({-amount:,.2f})" if amount < 0 else f"{amount:,.2f}"

    vat = (paid["amount"] * 0.2).round(2)
    rows: list[list[Any]] = [
        [
            "TRANSACTION_DATE",
            "TRANSACTION_REF",
            "VENDOR",
            "CATEGORY",
            "NET_VALUE_GBP",
            "VAT_GBP",
            "GROSS_VALUE_GBP",
        ]
    ]
    for row, amount, tax in zip(
        paid.to_dict("records"), _slipped(paid["amount"], yard.slip), vat, strict=True
    ):
        rows.append(
            [
                row["paid_on"].isoformat(),
                row["transaction_id"],
                row["supplier"],
                row["expense_type"],
                money(amount),
                money(tax),
                money(round(row["amount"] + tax, 2)),
            ]
        )
    rows.append(
        [
            "TOTAL",
            "",
            "",
            "",
            money(round(float(paid["amount"].sum()), 2)),
            money(round(float(vat.sum()), 2)),
            money(round(float((paid["amount"] + vat).sum()), 2)),
        ]
    )
    path = yard.file(name, "foxquill_expenditure_January_2026.txt.csv")
    path.write_bytes(_delimited(rows, "\t", "cp1252"))
    return Animal(name, "Foxquill Metropolitan Borough Council", "Tabs; refunds in brackets; VAT and gross beside the net amount",
                  path, path.stem, "payments", paid[_TRUTH].assign(category=paid["expense_type"]))  # fmt: skip


def workbook_with_title(yard: Yard) -> Animal:
    """A workbook: the month in its title, real dates, suppliers not named where a person is paid."""
    name, month = "workbook_with_title", datetime.date(2025, 7, 1)
    paid = _payments(yard.generator(name), "2025-26", month)
    book = Book(yard.slip)
    page = book.page("Transparency", colour="DDEBF7", formats={6: "#,##0.00;-#,##0.00"})
    page.titles("Copperfennel Council – expenditure over £250", "July 2025", "")
    page.header(
        "Date of\npayment", "Voucher\nnumber", "Supplier", "Service", "Description", None, "Amount\n£"
    )
    for row in paid.to_dict("records"):
        page.data(
            row["paid_on"],
            int(row["transaction_id"]),
            row["supplier"],
            row["expense_area"],
            row["expense_type"],
            None,
            row["amount"],
        )
    page.total("Total", *[None] * 5, round(float(paid["amount"].sum()), 2))
    page.line("Personal data is redacted.")
    path = book.save(yard.file(name, "Expenditure over 250.xlsx"))
    return Animal(name, "Copperfennel Council", "A workbook with the month in its title and real dates; suppliers redacted",
                  path, "Transparency", "payments", paid[[*_TRUTH, "expense_area", "expense_type"]])  # fmt: skip


def old_workbook(yard: Yard) -> Animal:
    """An `.xls` as an old ledger still writes it: dates as text, the period in a title of the ledger's own."""
    name, month = "old_workbook", datetime.date(2025, 9, 1)
    paid = _payments(yard.generator(name), "2025-26", month, 30)
    rows: list[list[Any]] = [["Thornwhistle BC: creditor payments"], ["Period 06 2025/26"], []]
    rows.append(
        ["Payee", "Pay Date", "Document", "Cost Centre Description", "Subjective Description", "Net £"]
    )
    rows += [[row["supplier"], f"{row['paid_on']:%d/%m/%Y}", row["transaction_id"], row["expense_area"], row["expense_type"], amount]
             for row, amount in zip(paid.to_dict("records"), _slipped(paid["amount"], yard.slip), strict=True)]  # fmt: skip
    rows.append([None, None, None, None, "Report total", round(float(paid["amount"].sum()), 2)])
    path = write_xls(yard.file(name, "creditors.xls"), "Sheet1", rows)
    return Animal(name, "Thornwhistle Borough Council", "An old .xls: dates as text, the period in a title of the ledger's own",
                  path, "Sheet1", "payments", paid[[*_TRUTH, "expense_area", "expense_type"]])  # fmt: skip


ANIMALS = (csv_with_mark, csv_semicolons, csv_tabs, workbook_with_title, old_workbook)
