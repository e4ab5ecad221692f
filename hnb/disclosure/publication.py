"""A publication: tables with their totals, in which what must be hidden is hidden, and the account of it.

This is what outside readers get instead of the register: nothing here leads back to a row. One mask holds
for every measure of a cell, in every table in which the cell stands.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import polars

from hnb.disclosure.cells import Cell, Cells, Measured, Rollup, TablePlan, cells_of
from hnb.disclosure.protect import Mask, mask
from hnb.disclosure.rules import Rules
from hnb.errors import HnbError

TOTAL = "all"
"""What stands in a dimension's column where the row is of all its values."""


Spread: TypeAlias = Callable[[Callable[["_Job"], Mask], Sequence["_Job"]], Iterable[Mask]]

Shown: TypeAlias = Mapping[str, Mapping[Cell, Mapping[str, float]]]
"""What a publication showed: value of its `within` → cell → measure → value."""


@dataclass(frozen=True)
class Account:
    """How much of what there is was published, in cells that are not nought: counts of cells, children and pounds."""

    cells: int
    cells_shown: int
    unsafe: int
    complement: int
    children: int
    children_shown: int
    amount: float
    amount_shown: float

    @property
    def cells_hidden(self) -> int:
        """Cells that are not nought and not shown; each was attacked before it was published, and none is pinned."""
        return self.cells - self.cells_shown

    @property
    def children_share(self) -> float:
        """Children in shown cells as a share of all; 1 where there are none."""
        return self.children_shown / self.children if self.children else 1.0

    @property
    def amount_share(self) -> float:
        """Pounds in shown cells as a share of all; 1 where there are none."""
        return self.amount_shown / self.amount if self.amount else 1.0

    @property
    def share_shown(self) -> float:
        """Shown cells as a share of all; 1 where there are none."""
        return self.cells_shown / self.cells if self.cells else 1.0


@dataclass(frozen=True)
class Publication:
    """Disclosed tables.

    tables: name → frame with `within`, the table's dimensions (`TOTAL` where the row is a total), the columns
    of `measured` (missing where hidden) and `status`, "reported" or "suppressed". Noughts are shown.
    """

    tables: Mapping[str, polars.DataFrame]
    rules: Rules
    measured: Measured
    account: Account
    cells: Mapping[str, Cells] = field(repr=False)
    masks: Mapping[str, Mask] = field(repr=False)

    @property
    def hidden(self) -> Mapping[str, tuple[Cell, ...]]:
        """The hidden cells by value of `within`."""
        return {
            name: tuple(block.keys[place] for place in sorted(self.masks[name].hidden))
            for name, block in self.cells.items()
        }


def in_words(cell: Cell) -> str:
    """A cell as its values say it.

    >>> in_words((("phase", "secondary"), ("setting", "independent"))), in_words(())
    ('secondary × independent', 'The whole')
    """
    return " × ".join(value for _, value in cell) or "The whole"


def publication(
    contributions: polars.DataFrame,
    tables: Sequence[TablePlan],
    measured: Measured,
    rules: Rules,
    *,
    within: str,
    rollups: Mapping[str, Rollup] | None = None,
    before: Sequence[Shown] = (),
    hidden_too: Mapping[str, Collection[Cell]] | None = None,
    named: Callable[[Cell], str] = in_words,
    spread: Spread = map,
) -> Publication:
    """Tables over contributions, disclosed.

    Parameters
    ----------
    contributions: as `cells_of` takes them, with the column `within`.
    within: the dimension that every table has and of which no totals are published, the financial year: what
        is hidden in one of its values is worked out by itself.
    before: what each earlier publication showed, in these dimensions and rollups. What is still the same is
        reckoned with: an outsider has it.
    hidden_too: by value of `within`, the cells that are hidden whatever the rules say.
    named: says a cell in words, for the error.
    spread: `map`, or that of an executor, so that several values of `within` are worked on at once.

    Raises HnbError where a cell cannot be protected, and as `cells_of` does.
    """
    if any(within in table.dimensions for table in tables):
        raise HnbError(f"{within} is in every table by itself and is not named among a table's dimensions.")
    names = sorted(contributions[within].unique().to_list())
    cells: dict[str, Cells] = {}
    jobs = []
    for name in names:
        block = contributions.filter(polars.col(within) == name)
        earlier = [shown[name] for shown in before if name in shown]
        cells[name], known = _cells(block, tables, measured, rules, rollups, earlier)
        place = cells[name].place
        too = frozenset(place[key] for key in (hidden_too or {}).get(name, ()) if key in place)
        jobs.append(_Job(cells[name], rules, frozenset(known), too))
    masks = dict(zip(names, spread(_masked, jobs), strict=True))
    for (name, found), job in zip(masks.items(), jobs, strict=True):
        if found.exposed is not None:
            why = (
                "together with what was published before, what is shown gives it away"
                if job.known
                else "all that could be hidden with it is nought"
            )
            raise HnbError(
                f"{named(cells[name].keys[found.exposed])} in {name} cannot be kept hidden: {why}. Merge it with another "
                "category, or leave out what needs it; nothing was published."
            )
    frames = {
        table.name: polars.concat(
            [_frame(table, cells[name], masks[name].hidden, within, name) for name in names], how="vertical"
        )
        for table in tables
    }
    account = _account(cells, masks, measured, tables)
    return Publication(frames, rules, measured, account, cells, masks)


@dataclass(frozen=True)
class _Job:
    cells: Cells
    rules: Rules
    known: frozenset[int]
    hidden_too: frozenset[int]


def _masked(job: _Job) -> Mask:
    return mask(job.cells, job.rules, job.known, job.hidden_too)


def _cells(
    block: polars.DataFrame,
    tables: Sequence[TablePlan],
    measured: Measured,
    rules: Rules,
    rollups: Mapping[str, Rollup] | None,
    earlier: Sequence[Mapping[Cell, Mapping[str, float]]],
) -> tuple[Cells, set[int]]:
    """The cells of the tables and those that are known from before, and the places of the known.

    An earlier publication may have shown cells that this one has no table for. What they hold is known as well,
    if it has not changed; if it has, they say nothing of today.
    """
    present = {key for plan in tables for key in ((plan.only,) if plan.only is not None else ())}
    asked = dict.fromkeys(key for shown in earlier for key in shown if key not in present)
    plans = [*tables, *(TablePlan.of_cell("shown before", key) for key in asked)]
    cells = cells_of(block, plans, measured, rules, rollups)
    wanted = cells_of(block, tables, measured, rules, rollups) if asked else cells
    known = {
        place
        for shown in earlier
        for key, values in shown.items()
        if not cells.is_nought[place := cells.place[key]]
        and all(abs(cells.values[name][place] - value) < 0.005 for name, value in values.items())
    }
    besides = {
        place for place, key in enumerate(cells.keys) if key not in wanted.place and place not in known
    }
    kept = [place for place in range(len(cells.keys)) if place not in besides]
    return cells.without(besides), {place for place, old in enumerate(kept) if old in known}


def _frame(
    table: TablePlan, cells: Cells, hidden: frozenset[int], within: str, name: str
) -> polars.DataFrame:
    dimensions = set(table.dimensions)
    keys = [
        key for key in cells.place if {part[0] for part in key} <= dimensions and table.only in (None, key)
    ]
    keys.sort(key=lambda key: _order(key, table.dimensions))
    chosen = [cells.place[key] for key in keys]
    columns: dict[str, list[object]] = {within: [name] * len(chosen)}
    for dimension in table.dimensions:
        columns[dimension] = [dict(key).get(dimension, TOTAL) for key in keys]
    for measure in cells.measured.all:
        columns[measure] = [
            None if place in hidden else round(float(cells.values[measure][place]), 6) for place in chosen
        ]
    columns["status"] = ["suppressed" if place in hidden else "reported" for place in chosen]
    types = dict.fromkeys(cells.measured.all, polars.Float64)
    return polars.DataFrame(columns, schema_overrides=types)


def _order(key: Cell, dimensions: Sequence[str]) -> tuple[tuple[bool, str], ...]:
    """Totals after their parts, in the order of the table's dimensions."""
    of = dict(key)
    return tuple((name not in of, of.get(name, "")) for name in dimensions)


def _account(
    cells: Mapping[str, Cells], masks: Mapping[str, Mask], measured: Measured, tables: Sequence[TablePlan]
) -> Account:
    """What is published. Children and pounds are counted over the finest cells of the tables, which hold each of them
    as often as there are tables."""
    finest = {tuple(sorted(table.dimensions)) for table in tables if table.only is None}
    single = {table.only for table in tables if table.only is not None}
    total = shown = unsafe = complement = children = children_shown = 0
    amount = amount_shown = 0.0
    money = measured.costs[0] if measured.costs else measured.all[0]
    for name, block in cells.items():
        hidden = masks[name].hidden
        unsafe += len(masks[name].unsafe | masks[name].given_away)
        complement += len(masks[name].complement)
        for place, key in enumerate(block.keys):
            dimensions = tuple(part[0] for part in key)
            is_published = key in single or any(set(dimensions) <= set(whole) for whole in finest)
            if block.is_nought[place] or not is_published:
                continue
            total += 1
            shown += place not in hidden
            if dimensions not in finest:
                continue
            children += block.children[place]
            amount += float(block.values[money][place])
            if place not in hidden:
                children_shown += block.children[place]
                amount_shown += float(block.values[money][place])
    return Account(
        total, shown, unsafe, complement, children, children_shown, round(amount, 2), round(amount_shown, 2)
    )  # fmt: skip
