"""A publication: tables with their totals, in which what must be hidden is hidden, and the account of it.

This is what outside readers get instead of the register: nothing here leads back to a row. One mask holds
for every measure of a cell, in every table in which the cell stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import polars

from hnb.disclosure.cells import Cell, Cells, Measured, Rollup, TablePlan, cells_of
from hnb.disclosure.protect import Mask, mask
from hnb.disclosure.rules import Rules
from hnb.errors import HnbError

TOTAL = "all"
"""What stands in a dimension's column where the row is of all its values."""


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


def publication(
    contributions: polars.DataFrame,
    tables: Sequence[TablePlan],
    measured: Measured,
    rules: Rules,
    *,
    within: str,
    rollups: Mapping[str, Rollup] | None = None,
    before: Iterable[Publication] = (),
) -> Publication:
    """Tables over contributions, disclosed.

    Parameters
    ----------
    contributions: as `cells_of` takes them, with the column `within`.
    within: the dimension that every table has and of which no totals are published, the financial year: what
        is hidden in one of its values is worked out by itself.
    before: earlier publications of the same tables. What they showed and what is still the same is reckoned
        with: an outsider has it.

    Raises HnbError where a cell cannot be protected, and as `cells_of` does.
    """
    if any(within in table.dimensions for table in tables):
        raise HnbError(f"{within} is in every table by itself and is not named among a table's dimensions.")
    names = sorted(contributions[within].unique().to_list())
    cells, masks = {}, {}
    for name in names:
        block = contributions.filter(polars.col(within) == name)
        cells[name] = cells_of(block, tables, measured, rules, rollups)
        masks[name] = mask(cells[name], rules, _known(name, cells[name], within, before))
    frames = {
        table.name: polars.concat(
            [_frame(table, cells[name], masks[name].hidden, within, name) for name in names], how="vertical"
        )
        for table in tables
    }
    return Publication(frames, rules, measured, _account(cells, masks, measured), cells, masks)


def _frame(
    table: TablePlan, cells: Cells, hidden: frozenset[int], within: str, name: str
) -> polars.DataFrame:
    chosen = [
        place for place, key in enumerate(cells.keys) if {part[0] for part in key} <= set(table.dimensions)
    ]
    chosen.sort(key=lambda place: _order(cells.keys[place], table.dimensions))
    columns: dict[str, list[object]] = {within: [name] * len(chosen)}
    for dimension in table.dimensions:
        columns[dimension] = [dict(cells.keys[place]).get(dimension, TOTAL) for place in chosen]
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


def _known(name: str, cells: Cells, within: str, before: Iterable[Publication]) -> set[int]:
    """The cells whose present values an earlier publication showed."""
    known: set[int] = set()
    for earlier in before:
        if name not in earlier.cells:
            continue
        old, hidden = earlier.cells[name], earlier.masks[name].hidden
        for place, key in enumerate(cells.keys):
            there = old.place.get(key)
            if there is None or there in hidden or cells.is_nought[place]:
                continue
            if all(
                abs(cells.values[measure][place] - old.values[measure][there]) < 0.005
                for measure in cells.measured.all
                if measure in old.values
            ):
                known.add(place)
    return known


def _account(cells: Mapping[str, Cells], masks: Mapping[str, Mask], measured: Measured) -> Account:
    """What is published, counted over the finest cells of the tables, which hold every child as often as there are tables."""
    total = shown = unsafe = complement = children = children_shown = 0
    amount = amount_shown = 0.0
    money = measured.costs[0] if measured.costs else measured.all[0]
    for name, block in cells.items():
        hidden = masks[name].hidden
        unsafe += len(masks[name].unsafe)
        complement += len(masks[name].complement)
        finest = max((len(key) for key in block.keys), default=0)
        for place, key in enumerate(block.keys):
            if block.is_nought[place]:
                continue
            total += 1
            shown += place not in hidden
            if len(key) < finest:
                continue
            children += block.children[place]
            amount += float(block.values[money][place])
            if place not in hidden:
                children_shown += block.children[place]
                amount_shown += float(block.values[money][place])
    return Account(
        total, shown, unsafe, complement, children, children_shown, round(amount, 2), round(amount_shown, 2)
    )  # fmt: skip
