"""Placements of the last two registers that a person should look at, planted: what `hnb.placement_exceptions` must find.

A planted row is one that the register has anyway, with an end, a status or a year group that somebody forgot. Spend
and what its placements cost are settled before, and no row is planted that would move a January's count.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy
import pandas

from etl.sample.facts import ASSUMPTIONS
from etl.sample.payments import LEDGER
from hnb import years

PLANTED: Mapping[str, Mapping[str, int]] = ASSUMPTIONS["placement_exceptions"]
"""How many of each kind, by financial year."""

PLANTED_COLUMNS = ["financial_year", "exception", "placement_id"]

_YEAR_OF_AGE = 4  # a child who is 5 on 31 August is in Year 1
_OLDEST = 25
_NOTICE = datetime.timedelta(days=42)  # for which the place that was left is kept on
_RECENTLY = datetime.timedelta(days=90)

Row = Mapping[str, Any]
Changes = dict[str, Any]


def with_exceptions(
    register: pandas.DataFrame, year: str, generator: numpy.random.Generator
) -> tuple[pandas.DataFrame, pandas.DataFrame]:
    """The register with what is planted in it, and a row for each of these (columns PLANTED_COLUMNS).

    `register` is a year's with `annual_cost` and `age`. A child has one planted row at the most, and providers of
    whom the ledger has something planted have none. A small sample with too few rows to plant in has fewer.
    """
    shown, planted = register.copy(), []
    dates = _Dates(register["register_as_at"].iloc[0], year)
    children = _children(register)
    for kind, number in PLANTED.get(year, {}).items():
        can = {child: changes for child, rows in children.items() if (changes := _KINDS[kind](rows, dates))}
        for position in sorted(generator.permutation(len(can))[:number].tolist()):
            child = list(can)[position]
            rows = children.pop(child)
            for column, value in can[child].items():
                shown.loc[rows[0]["row"], column] = value
            # Of an overlap the later placement is the one that is found.
            planted.append((year, kind, rows[1 if kind == "overlap" else 0]["placement_id"]))
    return shown, pandas.DataFrame(planted, columns=PLANTED_COLUMNS)


class _Dates:
    """The dates that decide what may be planted in a year's register."""

    def __init__(self, as_at: datetime.date, year: str) -> None:
        self.as_at = as_at
        self.year_start = years.year_start(year)
        counted = years.january_count_on(year)
        self.counted: datetime.date | None = counted if counted <= as_at else None

    def ends_uncounted(self, row: Row) -> bool:
        """Whether the placement ended in the register's time, and would not be counted in January without its end."""
        end = row["end_on"]
        return end is not None and max(self.year_start, self.counted or self.year_start) < end <= self.as_at


def _ended_still_costed(rows: Sequence[Row], dates: _Dates) -> Changes:
    return {"end_on": None} if len(rows) == 1 and dates.ends_uncounted(rows[0]) else {}


def _overlap(rows: Sequence[Row], dates: _Dates) -> Changes:
    """The end of the place that the child left: some weeks late, or not yet entered where no January is counted."""
    if len(rows) != 2 or rows[1]["end_on"] is not None or rows[1]["start_on"] <= dates.year_start:
        return {}
    if dates.counted is None:
        return {"end_on": None, "status": "open"}
    late = rows[1]["start_on"] + _NOTICE
    return {"end_on": late} if late <= dates.counted else {}


def _open_after_end(rows: Sequence[Row], dates: _Dates) -> Changes:
    ended = rows[0]["end_on"]
    return {"status": "open"} if len(rows) == 1 and ended and dates.year_start < ended <= dates.as_at else {}


def _past_25(rows: Sequence[Row], dates: _Dates) -> Changes:
    """The sample's young people of 25 whose place goes on, with the year group by which a register shows it."""
    if len(rows) != 1 or rows[0]["age"] < _OLDEST or rows[0]["end_on"] is not None:
        return {}
    return {"year_group": rows[0]["age"] - _YEAR_OF_AGE}


def _planned_already_begun(rows: Sequence[Row], dates: _Dates) -> Changes:
    is_new = len(rows) == 1 and rows[0]["end_on"] is None and rows[0]["start_on"] > dates.as_at - _RECENTLY
    return {"status": "planned"} if is_new else {}


_KINDS: Mapping[str, Callable[[Sequence[Row], _Dates], Changes]] = {
    "ended_still_costed": _ended_still_costed,
    "overlap": _overlap,
    "open_after_end": _open_after_end,
    "past_25": _past_25,
    "planned_already_begun": _planned_already_begun,
}


def _children(register: pandas.DataFrame) -> dict[str, list[Row]]:
    """The rows of each child that may have one planted, in order of their start, with where they stand (`row`)."""
    kept_out = _of_the_ledger()
    found: dict[str, list[Row]] = {}
    for row in register.assign(row=register.index).sort_values("start_on", kind="stable").to_dict("records"):
        found.setdefault(row["pupil_id"], []).append(row)
    return {
        child: rows
        for child, rows in found.items()
        if all(
            row["annual_cost"] > 0 and row["placement_rank"] == 1 and row["provider"] not in kept_out
            for row in rows
        )
    }


def _of_the_ledger() -> frozenset[str]:
    """Providers whose payments have something planted in them, which a change of their costs would unsettle."""
    late = [name for names in LEDGER["paid_by"].values() for name in names]
    planted = [one["provider"] for one in LEDGER["planted"] if one.get("provider")]
    return frozenset([*LEDGER["unconfirmed"], *late, *planted])
