"""Monitors with income, which every council prints its own way; in the model income is always negative spend."""

from __future__ import annotations

import datetime
from typing import Any

import pandas

from etl.sample.zoo.animal import Animal, Yard
from etl.sample.zoo.ledger import budget_rows, figures, ledger, words
from etl.sample.zoo.pages import Book, summed

INCOME = "income or a contribution: it lowers what is spent"
NEGATIVE_SPEND = "spend is printed with a minus: turn it"
_MONEY = ["revised_budget", "forecast"]


def _with_income(yard: Yard, name: str) -> pandas.DataFrame:
    """A ledger with two rows of income: recoupment from other authorities and what health pays; all negative."""
    generator = yard.generator(name)
    spend = ledger(generator, ["1.2.1", "1.2.2", "1.2.3", "1.2.5"])
    income = pandas.DataFrame(
        [
            {"line": "1.2.1", "setting": "not_recorded", "phase": "not_by_phase", "text": "1.2.1 Income: recoupment from other authorities"},
            {"line": "1.2.3", "setting": "not_recorded", "phase": "not_by_phase", "text": "1.2.3 Income: health contributions"},
        ]
    )  # fmt: skip
    for kind in _MONEY:
        income[kind] = -generator.uniform(180_000, 420_000, 2).round(2)
    return pandas.concat([spend, income], ignore_index=True)


def _text(leaf: dict[str, Any]) -> str:
    return (
        leaf["text"] if isinstance(leaf.get("text"), str) else words("guidance", "budget_lines", leaf["line"])
    )


def _setting(leaf: dict[str, Any]) -> str | None:
    return None if leaf["setting"] == "not_recorded" else words("titles", "settings", leaf["setting"])


def _phase(leaf: dict[str, Any]) -> str | None:
    return None if leaf["phase"] == "not_by_phase" else words("titles", "phases", leaf["phase"])


def income_negative(yard: Yard) -> Animal:
    """Income as plain negative numbers in a section of its own; settings blank there."""
    name, year, as_at = "income_negative", "2025-26", datetime.date(2025, 6, 30)
    rows = _with_income(yard, name)
    book = Book(yard.slip)
    page = book.page(
        "Net", formats={3: "#,##0.00;-#,##0.00", 4: "#,##0.00;-#,##0.00", 5: "#,##0.00;-#,##0.00"}
    )
    page.titles(
        "Wandlefennel Council",
        "Dedicated Schools Grant high needs, net 2025/26",
        "Period 3 (June 2025) – amounts in £; income shown negative",
        "",
    )
    page.header("Line", "Setting", "Phase", "Current budget", "Forecast outturn", "Variance")
    shown = [
        [*(cells := figures(leaf, _MONEY)), round(cells[1] - cells[0], 2)] for leaf in rows.to_dict("records")
    ]
    for leaf, cells in zip(rows.to_dict("records"), shown, strict=True):
        page.data(_text(leaf), _setting(leaf), _phase(leaf), *cells)
    page.total("Net expenditure", None, None, *summed(shown))
    path = book.save(yard.file(name, "DSG net June.xlsx"))
    return Animal(name, "Wandlefennel Council", "Income negative, with a minus in front",
                  path, "Net", "budget", _truth(rows, year, as_at), {"setting": "not_recorded", "phase": "not_by_phase"}, 0)  # fmt: skip


def income_in_brackets(yard: Yard) -> Animal:
    """Everything typed as text: thousands with commas, income and underspends in brackets."""
    name, year, as_at = "income_in_brackets", "2024-25", datetime.date(2025, 3, 31)
    rows = _with_income(yard, name)
    book = Book(yard.slip)
    page = book.page("Outturn")
    page.titles(
        "Northfennel Borough Council",
        "High needs revenue outturn 2024/25",
        "(income and underspends in brackets, £)",
    )
    page.header(
        "Budget line", "Setting", "Phase", "Final budget", "Outturn", "Under / over spend", "Explanation"
    )
    shown = [
        [*(cells := figures(leaf, _MONEY)), round(cells[1] - cells[0], 2)] for leaf in rows.to_dict("records")
    ]

    def typed(amount: float) -> str:
        return f"({-amount:,.2f})" if amount < 0 else f"{amount:,.2f}"

    for place, (leaf, cells) in enumerate(zip(rows.to_dict("records"), shown, strict=True)):
        slip = yard.slip if place == 0 else 0.0
        page.data(_text(leaf), _setting(leaf), _phase(leaf), typed(cells[0] + slip), *map(typed, cells[1:]), "Within tolerance" if abs(cells[2]) < 20_000 else None)  # fmt: skip
    page.total("Net total", None, None, *map(typed, summed(shown)))
    path = book.save(yard.file(name, "Outturn report table 7.xlsx"))
    truth = _truth(rows, year, as_at).replace({"money": {"forecast": "outturn"}})
    return Animal(name, "Northfennel Borough Council", "All figures as text; income and underspends in brackets",
                  path, "Outturn", "budget", truth, {"setting": "not_recorded", "phase": "not_by_phase"}, 0)  # fmt: skip


def trailing_minus(yard: Yard) -> Animal:
    """A ledger's own print: numbers as text, the minus behind them, cost centres before the lines."""
    name, year, as_at = "trailing_minus", "2025-26", datetime.date(2025, 12, 31)
    rows = _with_income(yard, name).rename(columns={"revised_budget": "budget"})
    book = Book(yard.slip)
    page = book.page("ZFI_BUDGET")
    page.titles(
        "ZFI_BUDGET_ACTUAL_LIST   Client 100   Invented Shire Council",
        "Fiscal Year 2025/2026  Period 009  Currency GBP",
        "",
    )
    page.header("Cost centre", "S251 line", "Setting", "Phase", "Curr. budget", "Actuals", "Balance")
    shown = [
        [*(cells := figures(leaf, ["budget", "forecast"])), round(cells[0] - cells[1], 2)]
        for leaf in rows.to_dict("records")
    ]

    def printed(amount: float) -> str:
        return f"{abs(amount):,.2f}-" if amount < 0 else f"{amount:,.2f} "

    for place, (leaf, cells) in enumerate(zip(rows.to_dict("records"), shown, strict=True)):
        slip = yard.slip if place == 0 else 0.0
        page.data(
            f"E{4100 + place}",
            _text(leaf),
            _setting(leaf),
            _phase(leaf),
            printed(cells[0] + slip),
            *map(printed, cells[1:]),
        )
    page.total("Result", None, None, None, *map(printed, summed(shown)))
    path = book.save(yard.file(name, "ZFI_BUDGET_2025_009.xlsx"))
    truth = _truth(rows.rename(columns={"budget": "revised_budget"}), year, as_at).replace(
        {"money": {"forecast": "actual_to_date"}}
    )
    return Animal(name, "Invented Shire Council", "A ledger's print: numbers as text with the minus behind",
                  path, "ZFI_BUDGET", "budget", truth, {"setting": "not_recorded", "phase": "not_by_phase"}, 0)  # fmt: skip


def income_positive(yard: Yard) -> Animal:
    """Income printed without any sign and taken off in the total: only arithmetic and the word tell it from spend."""
    name, year, as_at = "income_positive", "2025-26", datetime.date(2026, 2, 28)
    rows = _with_income(yard, name)
    book = Book(yard.slip)
    page = book.page("Summary", formats={3: "£#,##0.00", 4: "£#,##0.00"})
    page.titles("Eastwhistle Council", "High needs block 2025/26, forecast at period 11 (£)")
    page.header("Line", "Setting", "Phase", "Budget", "Forecast")
    is_income = rows["text"].notna()
    for leaf in rows[~is_income].to_dict("records"):
        page.data(_text(leaf), _setting(leaf), _phase(leaf), *figures(leaf, _MONEY))
    page.total(
        "Gross expenditure",
        None,
        None,
        *summed([figures(leaf, _MONEY) for leaf in rows[~is_income].to_dict("records")]),
    )
    for leaf in rows[is_income].to_dict("records"):
        page.data(_text(leaf), _setting(leaf), _phase(leaf), *[-amount for amount in figures(leaf, _MONEY)])
    page.total(
        "Net expenditure", None, None, *summed([figures(leaf, _MONEY) for leaf in rows.to_dict("records")])
    )
    path = book.save(yard.file(name, "HNB summary P11.xlsx"))
    return Animal(name, "Eastwhistle Council", "Income printed as a positive figure and taken off in the net total",
                  path, "Summary", "budget", _truth(rows, year, as_at),
                  {"setting": "not_recorded", "phase": "not_by_phase", "turn_sign": "yes"}, 0)  # fmt: skip


def income_apart(yard: Yard) -> Animal:
    """Income in a block of its own, without any sign and with a total of its own: no net total says what it does."""
    name, year, as_at = "income_apart", "2025-26", datetime.date(2025, 11, 30)
    rows = _with_income(yard, name)
    book = Book(yard.slip)
    page = book.page("Monitoring", formats={3: "£#,##0.00", 4: "£#,##0.00"})
    page.titles("Foxwhistle Council", "High needs block 2025/26, forecast at period 8 (£)")
    page.header("Line", "Setting", "Phase", "Budget", "Forecast")
    is_income = rows["text"].notna()
    for part, said in ((rows[~is_income], "Total expenditure"), (rows[is_income], "Total income")):
        sign = 1 if said == "Total expenditure" else -1
        cells = [[sign * amount for amount in figures(leaf, _MONEY)] for leaf in part.to_dict("records")]
        for leaf, shown in zip(part.to_dict("records"), cells, strict=True):
            page.data(_text(leaf), _setting(leaf), _phase(leaf), *shown)
        page.total(said, None, None, *summed(cells))
    path = book.save(yard.file(name, "HNB monitoring P8.xlsx"))
    return Animal(name, "Foxwhistle Council", "Income in a block of its own, printed as a positive figure; no net total",
                  path, "Monitoring", "budget", _truth(rows, year, as_at),
                  {"setting": "not_recorded", "phase": "not_by_phase", "turn_sign.0.columns": INCOME}, 1)  # fmt: skip


def credit_ledger(yard: Yard) -> Animal:
    """A ledger that prints spend with a minus and income without one, as credits and debits are booked."""
    name, year, as_at = "credit_ledger", "2025-26", datetime.date(2025, 9, 30)
    rows = _with_income(yard, name)
    book = Book(yard.slip)
    page = book.page("Extract", formats={3: "£#,##0.00;-£#,##0.00", 4: "£#,##0.00;-£#,##0.00"})
    page.titles("Larkfennel Council", "High needs block 2025/26, position at period 6 (£)")
    page.header("Line", "Setting", "Phase", "Budget", "Forecast")
    cells = [[-amount for amount in figures(leaf, _MONEY)] for leaf in rows.to_dict("records")]
    for leaf, shown in zip(rows.to_dict("records"), cells, strict=True):
        page.data(_text(leaf), _setting(leaf), _phase(leaf), *shown)
    page.total("Net expenditure", None, None, *summed(cells))
    path = book.save(yard.file(name, "Ledger extract P6.xlsx"))
    return Animal(name, "Larkfennel Council", "Spend with a minus and income without one, as a ledger books them",
                  path, "Extract", "budget", _truth(rows, year, as_at),
                  {"setting": "not_recorded", "phase": "not_by_phase", "sign": NEGATIVE_SPEND}, 1)  # fmt: skip


def _truth(rows: pandas.DataFrame, year: str, as_at: datetime.date) -> pandas.DataFrame:
    return budget_rows(rows, _MONEY, financial_year=year, as_at=as_at)


ANIMALS = (
    income_negative,
    income_in_brackets,
    trailing_minus,
    income_positive,
    income_apart,
    credit_ledger,
)
