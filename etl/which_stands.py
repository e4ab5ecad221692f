"""Of two sources of the same key, the one that a correction says stands: rows of the other are taken away. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy
import pandas

from etl.corrections_language import Correction, WhichStands
from etl.one_file import SheetRead
from etl.staging import BROUGHT
from hnb.contract import Problem

_PENNY = 0.005


def standing(
    sheets: Sequence[SheetRead], corrections: Sequence[Correction]
) -> tuple[list[SheetRead], list[Problem]]:
    """The sheets without what gives way, which is on their accounts as ignored by name; and a note on each correction.

    A row of a table gives way where its key is also in the source that stands. Where a guard does not hold nothing
    is taken away and the problem says so; a correction of which the folder has not both sources is about nothing.
    """
    kept, problems = list(sheets), list[Problem]()
    for one in corrections:
        if not isinstance(one, WhichStands):
            continue
        stands = [at for at, sheet in enumerate(kept) if one.stands.fullmatch(_name(sheet)) and one.table in sheet.frames]  # fmt: skip
        gives = [at for at, sheet in enumerate(kept) if at not in stands and one.gives_way.fullmatch(_name(sheet)) and one.table in sheet.frames]  # fmt: skip
        if not stands or not gives:
            continue
        known = {key for at in stands for key in _keys(kept[at].frames[one.table], one.table)}
        masks = {at: numpy.array([key in known for key in _keys(kept[at].frames[one.table], one.table)], dtype=bool) for at in gives}  # fmt: skip
        first, problem, holds = _told(one, kept, masks, _name(kept[stands[0]]))
        problems.append(problem)
        if holds and first:
            for at, mask in masks.items():
                kept[at] = _without(kept[at], one, mask)
    return kept, problems


def _told(
    one: WhichStands, sheets: Sequence[SheetRead], masks: dict[int, Any], stands: str
) -> tuple[str, Problem, bool]:
    """The address of the first row that gives way, what is to be said, and whether the guard holds."""
    away = [sheets[at].frames[one.table][mask] for at, mask in masks.items()]
    count = sum(map(len, away))
    amount = BROUGHT[one.table].amount
    pounds = sum(float(rows[amount].astype("float64").sum()) for rows in away) if amount else None
    first = next((str(rows["source"].iloc[0]) for rows in away if len(rows)), "")
    found = _worth(count, pounds, one.table)
    if count == one.rows and (one.amount is None or abs((pounds or 0.0) - one.amount) <= _PENNY):
        note = Problem(first, "dropped", f"{found} gave way to {stands}, the first stood here ({one.what}): {one.why}", "",
                       f"Nothing to do; {one.who} decided it on {one.on:%d/%m/%Y} ({one.origin})", "note")  # fmt: skip
        return first, note, True
    where = first or _name(sheets[next(iter(masks))])
    return first, Problem(where, "correction_without_fault", f"{one.origin} ({one.what}) now finds {found}; it was not made", _worth(one.rows, one.amount, one.table),
                          "Delete the correction if the source was mended, otherwise correct it"), False  # fmt: skip


def _without(sheet: SheetRead, one: WhichStands, away: Any) -> SheetRead:
    """The sheet without those rows of the table; a row of the sheet that gives nothing any more is ignored by name."""
    frame = sheet.frames[one.table]
    frames = {**sheet.frames, one.table: frame[~away].reset_index(drop=True)}
    gone = {
        row
        for source, row in frame.loc[away, ["source", "_row"]].itertuples(index=False, name=None)
        for row in sheet.members.get(source, (int(row),))
    }
    gone -= {int(row) for of_table in frames.values() for row in (of_table["_row"] if len(of_table) else ())}
    reasons = {**sheet.account.reasons, f"Correction: {one.what}": len(gone)}
    account = replace(sheet.account, rows_ignored=sheet.account.rows_ignored + len(gone), reasons=reasons)
    changed = replace(sheet, frames=frames, produced=sheet.produced - gone, corrected_rows=sheet.corrected_rows - gone, account=account)  # fmt: skip
    if sheet.money is None or not BROUGHT[one.table].amount:
        return changed
    pounds = numpy.zeros(len(sheet.money.printed))
    amounts = frame.loc[away, BROUGHT[one.table].amount].to_numpy(dtype="float64")
    numpy.add.at(pounds, frame.loc[away, "_row"].to_numpy(dtype="int64"), amounts)
    money = replace(sheet.money, printed=sheet.money.printed - pounds, loaded=sheet.money.loaded - pounds, ignored=sheet.money.ignored + float(pounds.sum()))  # fmt: skip
    return replace(changed, money=money)


def _keys(frame: pandas.DataFrame, table: str) -> list[tuple[Any, ...]]:
    names = [name for name in BROUGHT[table].key if name in frame.columns]
    return list(frame[names].astype(object).itertuples(index=False, name=None)) if len(frame) else []


def _name(sheet: SheetRead) -> str:
    return f"{sheet.account.file}!{sheet.account.sheet}"


def _worth(count: int, pounds: float | None, table: str) -> str:
    rows = f"{count:,} row{'' if count == 1 else 's'} of {table}"
    return rows if pounds is None else f"{rows}, together £{pounds:,.2f},"
