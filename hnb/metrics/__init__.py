"""Every number on a screen, in a notebook or in a pack comes out of one function: `compute`.

`MEASURES` is the register of what can be computed; a family of measures is a module of this package. To
add a measure, add one `Measure` to its family; or, of one installation alone, one entry to its measures file
(`hnb.measures_file`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import narwhals as nw
import polars

from hnb.errors import HnbError
from hnb.metrics import (
    balance,
    budget,
    full_year,
    ledger,
    months,
    placement_months,
    placements,
    rates,
    returns,
    spend,
    unit_costs,
)
from hnb.metrics.answer import answer, empty_answer
from hnb.metrics.combinations import grid_of
from hnb.metrics.cube import Cubes
from hnb.metrics.cube_answer import cube_answer
from hnb.metrics.measure import Measure, Question
from hnb.metrics.register import Register
from hnb.metrics.tables import Tables
from hnb.selection import Selection

__all__ = [
    "MEASURES",
    "Cubes",
    "Measure",
    "Selection",
    "Tables",
    "compute",
    "grid",
    "is_loaded",
    "measure_named",
    "unsupported",
]

MEASURES = Register(
    measure
    for family in (
        spend,
        placements,
        placement_months,
        full_year,
        unit_costs,
        budget,
        months,
        balance,
        ledger,
        rates,
        returns,
    )
    for measure in family.MEASURES
)
"""Every measure by name, in the order in which the catalogue shows them; the installation's own are the last."""


def compute(
    measure: Measure | str, tables: Any, selection: Selection | None = None, by: Iterable[str] = ()
) -> polars.DataFrame:
    """A measure of what is selected, split by some dimensions: the one shape that everything takes.

    Use it for every figure, card, table, export and sentence. Do not add its values up yourself: ask for
    fewer dimensions instead, since averages and shares do not add.

    Parameters
    ----------
    measure: a `Measure` or the name of one in `MEASURES`.
    tables: a `hnb.store.Snapshot`, or `Tables`, or a dict of frames by table name. Where they keep `cubes`
        (`Cubes`) the answer comes from there: the same, some twenty times sooner.
    selection: what is looked at; everything by default. Dimensions that the measure has not are not
        applied (ask `unsupported`). Tables of the whole country (plans, grant, returns, balances) hold
        many authorities: set `Selection.authority`.
    by: dimensions of the answer, among the measure's.

    Returns
    -------
    A Polars frame, one row a combination that has rows, in code-list order (the years ascending, the
    first of `by` slowest), with the columns *by*, then
    ``numerator``, ``denominator`` (missing where nothing is divided), ``value`` (numerator ÷ denominator,
    divided once, last; missing where it cannot be known), ``count`` (children's placements or plans
    behind it, of the last year where no year is in `by`; missing where it is not about children) and ``status`` (a code of `result_statuses`).
    Pounds are to the penny. What was not recorded is a row of its own, under `not_recorded` or a missing
    key; nothing is dropped and nothing missing becomes nought. No rows means that there is nothing for
    the selection; `is_loaded` says whether the tables are there at all.

    Raises
    ------
    HnbError: an unknown measure, or a dimension that it cannot be split by.
    """
    asked = measure_named(measure) if isinstance(measure, str) else measure
    wanted = tuple(dict.fromkeys(by))
    wrong = [name for name in wanted if name not in asked.dimensions]
    if wrong:
        raise HnbError(
            f"“{asked.title}” cannot be split by {', '.join(wrong)}; it can be by {', '.join(asked.dimensions)}"
        )
    held = Tables(tables) if isinstance(tables, Mapping) else tables
    if not all(held.has(name) for name in asked.tables):
        return empty_answer(wanted)
    question = Question(held, selection or Selection(), wanted)
    cubes: Cubes | None = getattr(held, "cubes", None)
    cube = cubes.cube(asked, question) if cubes else None
    found = cube_answer(asked, question, cube) if cube else None
    return answer(asked, question) if found is None else found


def grid(
    measure: Measure | str, tables: Any, selection: Selection | None = None, by: Iterable[str] = ()
) -> polars.DataFrame:
    """As `compute`, with a row for every combination of the values of `by` that occur: for tables and stacks.

    A combination without rows is nought where the measure is a sum or a share of the whole (the year has
    rows, this cell none), and "no_denominator" where it divides by the cell's own rows. It takes the status
    of its year. A year with no rows at all stays out: nothing is known of it.
    """
    asked = measure_named(measure) if isinstance(measure, str) else measure
    wanted = tuple(dict.fromkeys(by))
    return grid_of(compute(asked, tables, selection, wanted), asked, wanted)


def measure_named(name: str) -> Measure:
    """The measure of that name. HnbError, with those that there are, if there is none."""
    if name not in MEASURES:
        raise HnbError(f"“{name[:40]}” is not a known measure; those known are {', '.join(MEASURES)}")
    return MEASURES[name]


def is_loaded(measure: Measure | str, tables: Any) -> bool:
    """Whether every table that the measure needs is there and has rows."""
    asked = measure_named(measure) if isinstance(measure, str) else measure
    held = Tables(tables) if isinstance(tables, Mapping) else tables
    return all(held.has(name) and _has_rows(held.table(name)) for name in asked.tables)


def _has_rows(frame: Any) -> bool:
    if isinstance(frame, polars.DataFrame):
        return frame.height > 0
    return len(nw.from_native(frame).lazy().head(1).collect()) > 0


def unsupported(measure: Measure | str, selection: Selection) -> tuple[str, ...]:
    """The narrowed dimensions of a selection that the measure does not have, for an honest caption."""
    asked = measure_named(measure) if isinstance(measure, str) else measure
    return selection.unsupported(asked.dimensions)
