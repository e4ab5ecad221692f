"""The account of a sheet's pounds: what stands in its cells is loaded, refused or ignored by name.

What was read is worked out here from the printed cells, their unit and their sign; what was loaded from the
frames that reshaping made of them. The two ways meet only at the end, so a row that was lost, doubled or turned on
the way shows as pounds. Only figures that are carried over as they stand have an account: what is worked out
(a week's cost times weeks, parts added up into a column that nobody prints) is no cell of the sheet.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

import numpy
import pandas

from etl.layout import Layout
from etl.recognise import Fit
from etl.reshape import Reshaped
from etl.sheet_rows import DATA, TOTAL, SheetRows
from etl.staging import BROUGHT
from etl.values import Reader, Refused, cell_text
from hnb.contract import Problem

Numbers = numpy.ndarray[Any, Any]
_PENNY = 0.01


@dataclass(frozen=True)
class SheetMoney:
    """The pounds of one sheet by its rows below the header, in their order.

    `printed` is what the cells of each data row say, nought in other rows; `loaded` what the frames have of it, at
    the first row of those that were added up; `ignored` what rows hold that are left out by name, `totals` what of
    that is printed totals.
    """

    printed: Numbers
    loaded: Numbers
    ignored: float
    totals: float


@dataclass(frozen=True)
class MoneyAccount:
    """What became of a sheet's pounds in the end."""

    read: float
    loaded: float
    refused: float
    ignored: float
    totals: float

    @property
    def missing(self) -> float:
        """Pounds that were read and are nowhere; below nought where more was loaded than stands there."""
        return self.read - self.loaded - self.refused - self.ignored


def sheet_money(result: Reshaped) -> SheetMoney | None:
    """The pounds of a sheet that was reshaped; None where it has none that are carried over as they stand."""
    rows = result.rows
    columns = list(_columns(rows.fit, result))
    if not columns:
        return None
    unit = _unit(rows)
    every = numpy.zeros(rows.count)
    for table, name, position, factor, sign in columns:
        values = numpy.nan_to_num(rows.numbers(position)[0]) * (unit if factor is None else factor) * sign
        every += values * _turned(rows, name if table else "")
    is_data = rows.fate == DATA
    loaded = numpy.zeros(rows.count)
    for table, name in dict.fromkeys((table, name) for table, name, *_ in columns):
        frame = result.frames[table]
        if len(frame):
            amounts = pandas.to_numeric(frame[name], errors="coerce").fillna(0.0).to_numpy(dtype="float64")
            numpy.add.at(loaded, frame["_row"].to_numpy(dtype="int64"), amounts)
    return SheetMoney(
        numpy.where(is_data, every, 0.0),
        loaded,
        float(every[~is_data].sum()),
        float(every[rows.fate == TOTAL].sum()),
    )


def settled_money(money: SheetMoney, refused: AbstractSet[int]) -> MoneyAccount:
    """The account once it is known which rows are refused in the end; rows by index below the header."""
    is_refused = numpy.zeros(len(money.printed), dtype=bool)
    is_refused[list(refused)] = True
    loaded = money.loaded[~is_refused].sum()
    refused_sum = money.printed[is_refused].sum()
    return MoneyAccount(
        *(
            float(numpy.round(value, 2)) + 0.0
            for value in (
                money.printed.sum() + money.ignored,
                loaded,
                refused_sum,
                money.ignored,
                money.totals,
            )
        )
    )


def money_problem(money: SheetMoney, refused: AbstractSet[int], where: str) -> Problem | None:
    """What to say where pounds are nowhere: a refusal, for no figure of such a sheet can be trusted."""
    account = settled_money(money, refused)
    if abs(account.missing) <= 3 * _PENNY + 1e-9 * abs(account.read):
        return None
    way = "are missing from what was loaded" if account.missing > 0 else "were loaded that do not stand there"
    return Problem(where, "money_not_accounted", f"of £{account.read:,.2f} in its cells £{account.loaded:,.2f} was loaded, £{account.refused:,.2f} refused and "
                   f"£{account.ignored:,.2f} ignored by name: £{abs(account.missing):,.2f} {way}", "every pound loaded, refused or ignored by name",
                   "Tell those who look after the program: it read this sheet wrongly")  # fmt: skip


def _columns(fit: Fit, result: Reshaped) -> Iterator[tuple[str, str, int, float | None, int]]:
    """Table, column, position, factor (None: the sheet's unit) and sign of each column of money carried over as it stands."""
    layout = fit.layout
    for table in layout.tables:
        amount = BROUGHT[table].amount
        if (
            not amount
            or BROUGHT[table].column(amount).kind != "pounds"
            or _is_worked_out(layout, table, result)
        ):
            continue
        for wide in fit.wides:
            if wide.wide.table == table and wide.wide.value == amount:
                yield table, amount, wide.index, wide.wide.factor, wide.wide.sign
        mapped = layout.columns.get(amount)
        if (
            mapped is None
            or mapped.read != "pounds"
            or mapped.source
            or mapped.when
            or mapped.times is not None
            or mapped.annualise
        ):
            continue
        if layout.side_by_side and any(amount in places for places in fit.sets):
            for places in fit.sets:
                if amount in places:
                    yield table, amount, places[amount], mapped.factor, mapped.sign
        elif amount in fit.columns:
            yield table, amount, fit.columns[amount], mapped.factor, mapped.sign


def _is_worked_out(layout: Layout, table: str, result: Reshaped) -> bool:
    """Whether rows of the table have amounts that no cell prints, or none for cells that do."""
    if any(wide.product and wide.table == table for wide in layout.wide):
        return True
    if any(remainder.table == table for remainder in layout.remainders):
        return True
    # Where a part of a sum is withheld the sum is missing, though the other parts are printed.
    return bool(layout.add_up) and bool(result.frames[table][BROUGHT[table].amount].isna().any())


def _turned(rows: SheetRows, name: str) -> Numbers:
    """-1 in rows that print the column with the other sign than ours, else 1."""
    signs = numpy.ones(rows.count)
    for turn in rows.fit.layout.turn_sign:
        if name in turn.columns:
            signs[rows.matching(turn.when)] *= -1
    return signs


def _unit(rows: SheetRows) -> float:
    """What a printed pound stands for, as the sheet says it: 1, 1,000 or 1,000,000."""
    fit = rows.fit
    for context in fit.layout.context:
        if context.name != "unit":
            continue
        above = (" ".join(text for cell in row if (text := cell_text(cell))) for row in fit.sheet.rows[: fit.data_from])  # fmt: skip
        places = {"file_name": [fit.sheet.file], "sheet_name": [fit.sheet.name], "title": list(above)}
        texts = [text for source in context.sources for text in places[source]]
        found = next((match for text in texts if (match := context.pattern.search(text))), None)
        if found:
            value = Reader(context.read, values=context.values)(found[1].strip(" ,;:."))
            return 1.0 if isinstance(value, Refused) else float(value)
    return 1.0
