"""How large the figures are, held against the last load and against the report before. Pure.

A sheet in thousands that says it is in pounds ties to its own totals; only beside its neighbours does it show.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass

import pandas

from hnb import wording
from hnb.codelists import CODELISTS
from hnb.contract import Problem
from hnb.load_findings import plural
from hnb.tables import TABLES

_MISTAKEN = 100.0
"""So many times larger or smaller is no change of a budget: a unit was mistaken."""

_BY_TABLE = {
    "budget": ("amount", "money"),
    "placements": ("annual_cost", None),
    "payments": ("amount", None),
    "grant": ("amount", "component"),
    "spend_returns": ("amount", "stage"),
}
"""The tables that hold money: which column, and which other column it is told apart by."""

_REPORTED = ("as_at", "register_as_at", "published_on")
_STEADY = ("original_budget", "revised_budget", "forecast")


@dataclass(frozen=True)
class Size:
    """What the figures of one kind and year add up to in pounds, and the sheet that the first of them is on."""

    amount: float
    where: str


Sizes = Mapping[tuple[str, str, str], Size]
"""Sizes by table, financial year and kind of figure."""


MONEY_TABLES = tuple(_BY_TABLE)
"""The names of the tables whose size is looked at."""


def sizes(tables: Mapping[str, pandas.DataFrame]) -> Sizes:
    """The size of every table that holds money, year by year, by the latest report of each year."""
    found: dict[tuple[str, str, str], Size] = {}
    for name, (amount, kind) in _BY_TABLE.items():
        frame = tables.get(name)
        if frame is None or frame.empty or not {amount, "financial_year", "source"} <= set(frame.columns):
            continue
        frame = _latest(frame)
        by = ["financial_year", *([kind] if kind else [])]
        for key, rows in frame.groupby(by, sort=True):
            found[name, str(key[0]), str(key[1]) if kind else ""] = _size(rows, amount)
    return found


def since_last_load(now: Sizes, before: Sizes, most: float) -> list[Problem]:
    """What grew or shrank by more than a share since the last load: a note; by a hundred times: a refusal."""
    problems = []
    for key in sorted(set(now) & set(before)):
        table, year, kind = key
        what = f"{_words(table, kind)} of {year}"
        new, old = now[key], before[key]
        if _is_mistaken(new.amount, old.amount):
            problems.append(_mistaken(new, what, old.amount, "at the last load"))
        elif old.amount and abs(new.amount - old.amount) / abs(old.amount) > most:
            problems.append(
                Problem(
                    new.where,
                    "magnitude",
                    f"{what}: {_pounds(new.amount)}, and {_pounds(old.amount)} at the last load",
                    f"a change of at most {most:.0%}",
                    "Check that every file is there, and none twice",
                    "note",
                )
            )
    return problems


def between_reports(budget: pandas.DataFrame) -> list[Problem]:
    """Budgets and forecasts of one year that differ a hundred times from one report to the next: refusals."""
    steady = budget[budget["money"].isin(_STEADY)]
    problems = []
    for _, rows in steady.groupby(["authority", "financial_year", "money"], sort=True):
        year, money = str(rows["financial_year"].iloc[0]), str(rows["money"].iloc[0])
        reports = [(as_at, _size(report, "amount")) for as_at, report in rows.groupby("as_at", sort=True)]
        for (earlier, old), (later, new) in itertools.pairwise(reports):
            if _is_mistaken(new.amount, old.amount):
                what = f"{_words('budget', money)} of {year} as at {wording.date(str(later))}"
                problems.append(_mistaken(new, what, old.amount, f"as at {wording.date(str(earlier))}"))
    return problems


def rows_since_last_load(now: Mapping[str, int], before: Mapping[str, int], most: float) -> list[Problem]:
    """A note for each table that grew or shrank in rows by more than a share since the last load."""
    return [
        Problem(name, "magnitude", f"table {name} has {plural(now.get(name, 0), 'row')}, and had {rows:,} at the last load",
                f"a change of at most {most:.0%}", "Check that every file is there, and none twice", "note")
        for name, rows in before.items()
        if rows and abs(now.get(name, 0) - rows) / rows > most
    ]  # fmt: skip


def _size(rows: pandas.DataFrame, amount: str) -> Size:
    return Size(float(rows[amount].sum()), _sheet(str(rows["source"].iloc[0])))


def _latest(frame: pandas.DataFrame) -> pandas.DataFrame:
    """The rows of the latest report of each year, where the table is reported more than once a year."""
    for column in _REPORTED:
        if column in frame.columns:
            return frame[frame[column] == frame.groupby("financial_year")[column].transform("max")]
    return frame


def _is_mistaken(new: float, old: float) -> bool:
    smaller, larger = sorted((abs(new), abs(old)))
    return smaller > 0 and larger / smaller >= _MISTAKEN


def _mistaken(size: Size, what: str, before: float, when: str) -> Problem:
    return Problem(
        size.where, "unit_mistaken", f"{what} adds up to {_pounds(size.amount)}, and to {_pounds(before)} {when}",
        f"figures of about the same size; this is {_times(size.amount, before)}",
        "Check the unit that the sheet says it is in (£, £'000, £m); if both are right, build with --accept-problems",
    )  # fmt: skip


def _times(new: float, old: float) -> str:
    smaller, larger = sorted((abs(new), abs(old)))
    return f"{larger / smaller:,.0f} times {'larger' if abs(new) > abs(old) else 'smaller'}"


def _words(table: str, kind: str) -> str:
    column = _BY_TABLE[table][1]
    if column is None:
        return TABLES[table].comes_from[:1].upper() + TABLES[table].comes_from[1:]
    return CODELISTS[TABLES[table].column(column).codes].label(kind)


def _pounds(amount: float) -> str:
    return wording.pounds(amount, "table")


def _sheet(source: str) -> str:
    return source.rpartition("!")[0] or source
