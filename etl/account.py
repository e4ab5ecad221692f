"""The account of a sheet: what became of each of its rows. The table `files` is made of these.

Every row that was read is loaded, corrected, refused or ignored by name; one that is nowhere is our fault.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from typing import Any

import pandas

from etl.cells import Sheet
from etl.money import SheetMoney, settled_money
from etl.reconcile import accounted
from hnb.tables import TABLES


@dataclass(frozen=True)
class SheetAccount:
    """What became of the rows of one sheet. `reasons` says why rows, or the whole sheet, were ignored."""

    file: str
    sheet: str
    layout: str = ""
    tables: str = ""
    reader: str = ""
    rows_read: int = 0
    rows_loaded: int = 0
    rows_corrected: int = 0
    rows_refused: int = 0
    rows_ignored: int = 0
    totals_printed: int = 0
    totals_met: int = 0
    amount_read: float | None = None
    amount_loaded: float | None = None
    amount_refused: float | None = None
    amount_ignored: float | None = None
    reasons: Mapping[str, int] = field(default_factory=dict)


def ignored_sheet(sheet: Sheet, reason: str) -> SheetAccount:
    """The account of a sheet that is ignored as a whole, by name."""
    rows = len(sheet.rows)
    return SheetAccount(
        sheet.file, sheet.name, reader=sheet.reader, reasons={reason: rows}, rows_read=rows, rows_ignored=rows
    )


def copy_of(account: SheetAccount, file: str, of: str) -> SheetAccount:
    """The account of the same sheet in a copy of its file: ignored as a whole."""
    rows = account.rows_read
    return SheetAccount(
        file,
        account.sheet,
        reader=account.reader,
        reasons={f"A copy of {of}": rows},
        rows_read=rows,
        rows_ignored=rows,
    )


def settled(
    account: SheetAccount,
    produced: AbstractSet[int],
    corrected_rows: AbstractSet[int],
    refused: AbstractSet[int],
    money: SheetMoney | None = None,
) -> SheetAccount:
    """The account with what was loaded, corrected and refused in the end; rows by index below the header.

    AssertionError where a row is nowhere.
    """
    sound = produced - refused
    right = len(sound & corrected_rows)
    done = replace(account, rows_loaded=len(sound) - right, rows_corrected=right, rows_refused=len(refused))
    accounted(
        done.rows_read,
        done.rows_loaded,
        right,
        done.rows_refused,
        done.rows_ignored,
        f"{done.file}!{done.sheet}",
    )
    if money is None:
        return done
    pounds = settled_money(money, refused)
    return replace(done, amount_read=pounds.read, amount_loaded=pounds.loaded, amount_refused=pounds.refused, amount_ignored=pounds.ignored)  # fmt: skip


def files_frame(accounts: Sequence[SheetAccount]) -> pandas.DataFrame:
    """One row for each account, as the table `files` has them (not yet conformed)."""
    rows: list[dict[str, Any]] = [{**vars(account)} for account in accounts]
    return pandas.DataFrame(
        [{name: value for name, value in row.items() if name in TABLES["files"].names} for row in rows],
        columns=TABLES["files"].names,
    )
