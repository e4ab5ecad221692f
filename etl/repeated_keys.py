"""Rows of the same key in two sheets, told in one sentence a pair of sheets. Each row is refused all the same. Pure."""

from __future__ import annotations

from collections.abc import Sequence

import pandas

from hnb.contract import Problem, Table

_SHOWN = 3
_ONE_BY_ONE = 10
"""So many rows of one sheet that repeat others of it are told one by one: each is to be looked at."""


def gathered(found: Sequence[Problem], frame: pandas.DataFrame, table: Table) -> list[Problem]:
    """The problems with those of repeated keys gathered by pair of sheets; `frame` is what was checked, with `source`.

    Two whole files of the same register would otherwise say the same thing thousands of times.
    """
    repeated = [problem for problem in found if problem.what == "repeated_key"]
    if len(repeated) < 2:
        return list(found)
    alike = frame[frame.duplicated(list(table.key), keep=False)]
    firsts = alike.groupby(list(table.key), dropna=False, sort=False)["source"].transform("first")
    first_of = dict(zip(alike["source"], firsts, strict=True))
    pairs: dict[tuple[str, str], list[Problem]] = {}
    for problem in repeated:
        first = str(first_of.get(problem.where, problem.where))
        pairs.setdefault((_sheet(problem.where), _sheet(first)), []).append(problem)
    told = [problem for problem in found if problem.what != "repeated_key"]
    for (sheet, other), problems in pairs.items():
        if len(problems) == 1 or (sheet == other and len(problems) <= _ONE_BY_ONE):
            told += problems
            continue
        problems.sort(key=lambda problem: (len(_row(problem.where)), problem.where))
        pounds = frame.loc[frame["source"].isin([problem.where for problem in problems]), table.amount].sum() if table.amount else None  # fmt: skip
        worth = "" if pounds is None else f", together £{pounds:,.2f}"
        examples = ", ".join(
            f"row {_row(problem.where)} (as row {_row(str(first_of[problem.where]))})"
            for problem in problems[:_SHOWN]
        )
        more = f" and {len(problems) - _SHOWN:,} more" if len(problems) > _SHOWN else ""
        told.append(Problem(sheet, "repeated_keys", f"{len(problems):,} rows of {table.name} are already at {'the same sheet' if sheet == other else other}{worth}: {examples}{more}",
                            "one row for each " + ", ".join(table.key), "Take one of the two out, or say in a correction which of them stands",
                            rows=sum(problem.rows for problem in problems)))  # fmt: skip
    return sorted(told)


def _sheet(source: str) -> str:
    return source.rsplit("!", 1)[0]


def _row(source: str) -> str:
    return source.rsplit("!", 1)[-1]
