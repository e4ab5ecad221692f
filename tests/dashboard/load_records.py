"""What an invented build wrote about itself, with every state that the Data page shows: refused, corrected, missed, gap."""

from __future__ import annotations

import datetime

import pandas

OCTOBER = datetime.date(2026, 10, 31)


def files() -> pandas.DataFrame:
    names = (
        "file",
        "sheet",
        "layout",
        "tables",
        "reader",
        "rows_read",
        "rows_loaded",
        "rows_corrected",
        "rows_refused",
        "rows_ignored",
        "totals_printed",
        "totals_met",
    )
    rows = [
        ("monitor_P7.xlsx", "Monitor", "budget_monitor", "budget", "calamine", 96, 70, 0, 0, 26, 130, 130),
        ("register.xlsx", "Register", "placement_register", "placements", "calamine", 1_204, 1_190, 4, 7, 3, 1_191, 1_188),
        ("register.xlsx", "Lists", None, None, "calamine", 12, 0, 0, 0, 12, 0, 0),
        ("ledger/2026_04.csv", "2026_04", "payments", "payments", "csv", 4_511, 4_510, 0, 0, 1, 1, 1),
        ("stray.xlsx", "Sheet1", None, None, "calamine", 40, 0, 0, 40, 0, 0, 0),
    ]  # fmt: skip
    money = {
        "amount_read": [841_803_718.0, 61_000_000.0, None, 29_000_000.0, None],
        "amount_loaded": [280_601_239.0, 30_000_000.0, None, 29_000_000.0, None],
        "amount_refused": [0.0, 412_345.5, None, 0.0, None],
        "amount_ignored": [561_202_479.0, 30_587_654.5, None, 0.0, None],
    }
    return pandas.DataFrame(rows, columns=names).assign(**money)


def problems() -> pandas.DataFrame:
    names = ("file", "where", "severity", "what", "found", "expected", "action", "rows")
    refused = [
        (
            "register.xlsx",
            f"register.xlsx!Register!F{row}",
            "refusal",
            "error_cell",
            "the cell shows #REF!",
            "a number",
            "Mend the formula",
            1,
        )
        for row in range(10, 17)
    ]
    rows = [
        *refused,
        ("stray.xlsx", "stray.xlsx!Sheet1", "refusal", "unknown_sheet", "no layout fits this sheet", "a sheet that a layout describes", "Run propose", 40),
        ("register.xlsx", "register.xlsx!Register!G1208", "refusal", "total_not_met", "the printed total is £3 more", "the sum of its parts", "Find the row", 0),
        ("ledger/2026_04.csv", "ledger/2026_04.csv!2026_04!142", "note", "duplicate_rows", "5 rows are exactly like an earlier one, together £13,448.61", "rows that differ", "Ask the publisher", 0),
    ]  # fmt: skip
    return pandas.DataFrame(rows, columns=names)


def many_notes(number: int) -> pandas.DataFrame:
    """So many notes of one kind, each at its own address."""
    rows = [
        (
            "ledger/2026_04.csv",
            f"ledger/2026_04.csv!2026_04!{row}",
            "note",
            "duplicate_rows",
            "a row like an earlier one",
            "",
            "Ask",
            0,
        )
        for row in range(1, number + 1)
    ]
    return pandas.DataFrame(rows, columns=problems().columns)


def load_changes() -> pandas.DataFrame:
    names = ("cut", "table", "file", "sheet", "line", "financial_year", "reported_on", "kind", "is_first",
             "rows_before", "rows_now", "rows_new", "rows_changed", "rows_vanished", "amount_before", "amount_now", "amount_difference")  # fmt: skip
    rows = [
        ("by_sheet", "budget", "monitor_P7.xlsx", "Monitor", None, "2026-27", OCTOBER, "Forecast", False, 70, 72, 3, 5, 1, 68_000_000.0, 68_400_000.0, 400_000.0),
        ("by_sheet", "payments", "ledger/2026_04.csv", "2026_04", None, "2026-27", None, None, False, 4_510, 4_510, 0, 0, 0, 29_000_000.0, 29_000_000.0, 0.0),
        ("by_line", "budget", None, None, "1.2.3", "2026-27", OCTOBER, "Forecast", False, 20, 22, 3, 2, 1, 15_000_000.0, 15_500_000.0, 500_000.0),
        ("by_line", "budget", None, None, "1.2.1", "2026-27", OCTOBER, "Forecast", False, 50, 50, 0, 3, 0, 53_000_000.0, 52_900_000.0, -100_000.0),
        ("by_line", "payments", None, None, None, "2026-27", None, None, False, 4_510, 4_510, 0, 0, 0, 29_000_000.0, 29_000_000.0, 0.0),
    ]  # fmt: skip
    return pandas.DataFrame(rows, columns=names)


def first_load() -> pandas.DataFrame:
    """The same, of a first load: everything is new."""
    changes = load_changes()
    return changes.assign(is_first=True, rows_before=0, rows_new=changes["rows_now"], rows_changed=0, rows_vanished=0,
                          amount_before=0.0, amount_difference=changes["amount_now"])  # fmt: skip


def coverage() -> pandas.DataFrame:
    names = (
        "table",
        "series",
        "financial_year",
        "month",
        "status",
        "rows",
        "files",
        "authorities",
        "amount",
        "amount_is",
        "note",
    )
    rows = [
        ("budget", None, "2025-26", None, "loaded", 65, 1, 1, 61_500_000.0, "Outturn", None),
        ("budget", None, "2026-27", None, "loaded", 72, 1, 1, 68_400_000.0, "Forecast as at 31 October 2026", None),
        ("payments", None, "2026-27", datetime.date(2026, 4, 1), "loaded", 4_510, 1, 1, 29_000_000.0, "Payments", None),
        ("payments", None, "2026-27", datetime.date(2026, 5, 1), "gap", 0, 0, 0, None, None, "between April and June 2026"),
        ("payments", None, "2026-27", datetime.date(2026, 6, 1), "loaded", 5_582, 1, 1, 32_000_000.0, "Payments", None),
    ]  # fmt: skip
    return pandas.DataFrame(rows, columns=names)
