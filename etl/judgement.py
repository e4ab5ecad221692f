"""What a person should judge about sound rows: overlaps, costs after the end, spellings of one provider … Pure.

Each is a note with its addresses; nothing is changed here. What a person decides goes into `etl/corrections/`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas

from etl.providers import provider_notes
from hnb.codelists import CODELISTS
from hnb.contract import Problem
from hnb.recommendations import register_problems

SHOWN = 3
"""So many addresses are said in a note; the table placement_exceptions has them all."""


def judgements(tables: Mapping[str, pandas.DataFrame]) -> list[Problem]:
    """The notes on a build's tables, derived ones included."""
    problems = list(
        register_problems(_rows(tables, "recommendations"), _rows(tables, "recommendation_updates"))
    )
    if "placement_exceptions" in tables:
        problems += exceptions_by_sheet(tables["placement_exceptions"])
    if "placements" in tables:
        problems += provider_notes(tables["placements"])
    return problems


def exceptions_by_sheet(exceptions: pandas.DataFrame) -> Iterator[Problem]:
    """One note a kind of exception and sheet: how many, how many pounds, the first addresses, and what to do."""
    if exceptions.empty:
        return
    sheets = pandas.Series([source.rsplit("!", 1)[0] for source in exceptions["source"].tolist()], index=exceptions.index)  # fmt: skip
    kinds = CODELISTS["problem_kinds"]
    for (sheet, kind), of_kind in exceptions.groupby([sheets, exceptions["exception"]], sort=True):
        entry = kinds.entry(str(kind))
        count = len(of_kind)
        year, cost = of_kind["annual_cost"].sum(), of_kind["cost"].sum()
        in_question = _pounds(cost) if cost else "none"
        money = (
            f" of {_pounds(year)} a year, {in_question} of it in question this year" if year or cost else ""
        )
        found = f"{entry.label}: {count:,} {'placement' if count == 1 else 'placements'}{money}, {_places(of_kind)}"
        yield Problem(f"{sheet}", str(kind), found, "", entry.details["mend"], "note")


def _places(of_kind: pandas.DataFrame) -> str:
    """The first addresses by their rows; of an overlap, each with the row of the other placement."""
    others = of_kind["other_source"].fillna("")
    said = [
        f"row {_row(source)}" + (f" (with row {_row(other)})" if other else "")
        for source, other in zip(of_kind["source"][:SHOWN], others[:SHOWN], strict=True)
    ]
    more = f" and {len(of_kind) - SHOWN:,} more" if len(of_kind) > SHOWN else ""
    return f"in {', '.join(said)}{more}"


def _pounds(amount: float) -> str:
    return f"{'−' if amount < 0 else ''}£{abs(amount):,.2f}"


def _row(source: str) -> str:
    return source.rsplit("!", 1)[-1]


def _rows(tables: Mapping[str, pandas.DataFrame], name: str) -> list[dict[str, Any]]:
    """A table's rows as plain values, None where missing; none where the table is not there."""
    if name not in tables:
        return []
    frame = tables[name].astype(object)
    return [
        {str(column): value for column, value in row.items()}
        for row in frame.where(frame.notna(), None).to_dict("records")
    ]
