"""The cells of a publication: every table's cells with all their totals, each known by what it is of.

A cell that stands in several tables is one cell. Under the cells lie the atoms, the crossing of all the
dimensions: nobody sees those, and every cell is a sum of some of them. That is what ties related tables
together, and what an outsider reckons with.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TypeAlias, TypeVar

import numpy
import polars
from numpy.typing import NDArray

from hnb.disclosure.rules import Rules
from hnb.errors import HnbError

Cell: TypeAlias = tuple[tuple[str, str], ...]
"""What a cell is of: pairs of dimension and value, in order of the dimensions' names; () is everything."""

Vector: TypeAlias = NDArray[numpy.float64]
Places: TypeAlias = NDArray[numpy.intp]

_Item = TypeVar("_Item")

_DECIMALS = 6

CONTRIBUTORS = ("pupil_id", "provider")
"""Whose shares of a cost are looked at. A contribution without one (a service) has nobody to show."""


@dataclass(frozen=True)
class TablePlan:
    """A table to be published: its dimensions. All its totals are published with it.

    only: the one cell that is published instead, with none of its totals.
    """

    name: str
    dimensions: tuple[str, ...]
    only: Cell | None = None

    @classmethod
    def of_cell(cls, name: str, cell: Cell) -> TablePlan:
        """The table of a single cell."""
        return cls(name, tuple(part[0] for part in cell), cell)


@dataclass(frozen=True)
class Rollup:
    """A dimension that another determines: groups of settings, of settings. `of` gives each value's group."""

    base: str
    of: Mapping[str, str]


@dataclass(frozen=True)
class Measured:
    """What is published of each cell: columns that add up over cells. Counts are whole and never negative.

    costs: the amounts of which nobody may give nearly all.
    """

    counts: tuple[str, ...]
    amounts: tuple[str, ...]
    costs: tuple[str, ...]

    @property
    def all(self) -> tuple[str, ...]:
        """Counts, then amounts."""
        return (*self.counts, *self.amounts)


@dataclass(frozen=True)
class Cells:
    """The cells of one block of tables, with their values, and which are unsafe in themselves.

    keys: the cells; two that are of the very same are one, and `other_names` holds the second's name. atoms: for each
    the places of its atoms. values: measure → value of each cell. atom_values: measure → value of each atom. is_unsafe: by the rules alone; is_nought: nothing is in it,
    which is published as 0. children: how many children stand behind each, not published.
    """

    keys: tuple[Cell, ...]
    atoms: tuple[Places, ...] = field(repr=False)
    values: Mapping[str, Vector] = field(repr=False)
    atom_values: Mapping[str, Vector] = field(repr=False)
    is_unsafe: tuple[bool, ...] = field(repr=False)
    is_nought: tuple[bool, ...] = field(repr=False)
    children: tuple[int, ...] = field(repr=False)
    measured: Measured = field(repr=False)
    other_names: Mapping[Cell, Cell] = field(default_factory=dict, repr=False)

    @cached_property
    def place(self) -> Mapping[Cell, int]:
        """Where each cell stands, by every name that it has."""
        places = {key: place for place, key in enumerate(self.keys)}
        return places | {name: places[key] for name, key in self.other_names.items() if key in places}

    def without(self, places: Collection[int]) -> Cells:
        """The same cells without some: rows that nothing is published of."""
        kept = [place for place in range(len(self.keys)) if place not in places]

        def chosen(of: Sequence[_Item]) -> tuple[_Item, ...]:
            return tuple(of[place] for place in kept)

        return replace(
            self,
            keys=chosen(self.keys),
            atoms=chosen(self.atoms),
            values={name: values[kept] for name, values in self.values.items()},
            is_unsafe=chosen(self.is_unsafe),
            is_nought=chosen(self.is_nought),
            children=chosen(self.children),
        )

    @property
    def unsafe(self) -> frozenset[int]:
        """The places of the cells that are unsafe in themselves."""
        return frozenset(place for place, unsafe in enumerate(self.is_unsafe) if unsafe)


def cells_of(
    contributions: polars.DataFrame,
    tables: Sequence[TablePlan],
    measured: Measured,
    rules: Rules,
    rollups: Mapping[str, Rollup] | None = None,
) -> Cells:
    """The cells of tables over contributions.

    Parameters
    ----------
    contributions: one row a contribution: the dimensions of the tables as text, `pupil_id` and `provider`
        (missing where nobody stands behind it), and the columns of `measured`.
    rollups: dimensions of the tables that are no columns but groups of one: name → its groups. A table has
        a dimension or a rollup of it, not both.

    Raises HnbError where a dimension is missing in a row, or a count is negative.
    """
    rollups = rollups or {}
    asked = sorted({name for table in tables for name in table.dimensions})
    dimensions = tuple(sorted({rollups[name].base if name in rollups else name for name in asked}))
    _check(contributions, dimensions, measured)
    levels = {name: sorted(contributions[name].unique().to_list()) for name in dimensions}
    crossings = list(itertools.product(*levels.values()))
    number = {crossing: place for place, crossing in enumerate(crossings)}
    rows = numpy.array(
        [number[row] for row in contributions.select(dimensions).iter_rows()], dtype=numpy.intp
    )
    # Rounded, so that the order of the rows leaves no trace: the search for a mask must not hang on a last digit.
    atom_values = {
        name: numpy.bincount(
            rows, weights=contributions[name].cast(polars.Float64).to_numpy(), minlength=len(crossings)
        ).astype(numpy.float64).round(_DECIMALS)
        for name in measured.all
    }  # fmt: skip
    of_atom = _rows_by_atom(rows, len(crossings))

    columns = _columns(crossings, dimensions, asked, rollups)
    shown = {name: sorted(set(columns[name])) for name in asked}
    keys, atoms = [], []
    named: dict[bytes, Cell] = {}
    other_names: dict[Cell, Cell] = {}
    for key in _keys(tables, shown):
        chosen = numpy.full(len(crossings), fill_value=True)
        for name, value in key:
            chosen &= columns[name] == value
        first = named.setdefault(chosen.tobytes(), key)
        if first != key:
            other_names[key] = first
            continue
        keys.append(key)
        atoms.append(numpy.flatnonzero(chosen))
    values = {
        name: numpy.array([atom_values[name][places].sum() for places in atoms]).round(_DECIMALS)
        for name in measured.all
    }
    people = [contributions[name].to_list() for name in CONTRIBUTORS]
    costs = {name: contributions[name].cast(polars.Float64).to_list() for name in measured.costs}
    unsafe, nought, children = [], [], []
    for place, places in enumerate(atoms):
        inside = [row for atom in places for row in of_atom[atom]]
        behind = len({people[0][row] for row in inside} - {None})
        small = rules.is_small(behind) or any(rules.is_small(values[name][place]) for name in measured.counts)
        dominated = any(
            rules.is_dominated(shares)
            for name in measured.costs
            for who in people
            if (shares := _shares(who, costs[name], inside))
        )
        children.append(behind)
        unsafe.append(small or dominated)
        nought.append(not inside or (not behind and not any(values[name][place] for name in measured.all)))
    return Cells(
        tuple(keys), tuple(atoms), values, atom_values, tuple(unsafe), tuple(nought), tuple(children), measured,
        other_names,
    )  # fmt: skip


def _columns(
    crossings: Sequence[tuple[str, ...]],
    dimensions: Sequence[str],
    asked: Sequence[str],
    rollups: Mapping[str, Rollup],
) -> Mapping[str, NDArray[numpy.object_]]:
    """What each atom is of, by dimension and by rollup. HnbError where a value has no group."""
    columns: dict[str, NDArray[numpy.object_]] = {}
    for name in asked:
        rollup = rollups.get(name)
        place = dimensions.index(rollup.base if rollup else name)
        values = [crossing[place] for crossing in crossings]
        if rollup and (lacking := sorted({value for value in values if value not in rollup.of})):
            raise HnbError(f"{lacking[0]} belongs to no {name}.")
        columns[name] = numpy.array([rollup.of[value] if rollup else value for value in values], dtype=object)
    return columns


def _check(contributions: polars.DataFrame, dimensions: Sequence[str], measured: Measured) -> None:
    for name in (*dimensions, *CONTRIBUTORS, *measured.all):
        if name not in contributions.columns:
            raise HnbError(f"The contributions to a publication have no column {name}.")
    for name in dimensions:
        if contributions[name].null_count():
            raise HnbError(f"A contribution to a publication has no {name}: write not_recorded.")
    for name in measured.counts:
        if contributions.filter(polars.col(name) < 0).height:
            raise HnbError(f"The count {name} of a contribution is negative.")


def _keys(tables: Sequence[TablePlan], levels: Mapping[str, Sequence[str]]) -> Iterable[Cell]:
    """Each cell of each table once, totals first."""
    seen: dict[Cell, None] = {}
    for table in tables:
        if table.only is not None:
            seen[table.only] = None
            continue
        for size in range(len(table.dimensions) + 1):
            for chosen in itertools.combinations(sorted(table.dimensions), size):
                for values in itertools.product(*(levels[name] for name in chosen)):
                    seen[tuple(zip(chosen, values, strict=True))] = None
    return sorted(seen, key=lambda key: (len(key), key))


def _rows_by_atom(rows: Places, atoms: int) -> list[list[int]]:
    found: list[list[int]] = [[] for _ in range(atoms)]
    for row, atom in enumerate(rows.tolist()):
        found[atom].append(row)
    return found


def _shares(who: Sequence[str | None], costs: Sequence[float], inside: Iterable[int]) -> list[float]:
    """What each contributor gives to a cell; what nobody gives is not in it."""
    shares: dict[str, float] = {}
    for row in inside:
        name = who[row]
        if name is not None:
            shares[name] = shares.get(name, 0.0) + costs[row]
    return list(shares.values())
