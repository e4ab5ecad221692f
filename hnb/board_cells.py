"""What a board's figure is of, in codes, and how figures of unlike code sets stand in one system of equations.

The board's tables are over its own merged categories, a recommendation is about any set of codes, and an earlier
publication may have had other categories. The codes of a dimension are split into parts, so that each of those
sets is made of whole parts; the tables' dimensions are then groups of parts (`hnb.disclosure.Rollup`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import polars

from hnb.codelists import CODELISTS
from hnb.disclosure import TOTAL, Cell, Measured, Rollup, Shown, TablePlan
from hnb.errors import HnbError
from hnb.selection import Selection
from hnb.wording import listed

MERGED: Mapping[str, str] = {"setting": "board_settings", "phase": "board_phases", "need": "board_needs"}
"""The dimensions that outside readers see, and the list of the board's categories of each."""

_CODES: Mapping[str, str] = {"setting": "settings", "phase": "phases", "need": "needs"}
_IN, _OUT = "in", "out"

Categories = Mapping[str, Mapping[str, tuple[str, ...]]]
"""Dimension → the board's category → the codes that it is made of."""


class Scope(NamedTuple):
    """What one figure is of: the codes of each dimension; () is all of them."""

    setting: tuple[str, ...] = ()
    phase: tuple[str, ...] = ()
    need: tuple[str, ...] = ()

    @classmethod
    def of(cls, selection: Selection) -> Scope:
        """The scope of what is selected, whatever the year."""
        return cls(selection.settings, selection.phases, selection.needs)

    @property
    def of_all_settings(self) -> Scope:
        """The same phases and needs, in whatever setting: what it is a share of."""
        return self._replace(setting=())


def board_categories() -> Categories:
    """The board's categories as `hnb/codes/board.toml` has them."""
    return {
        dimension: {name: tuple(entry.details["of"]) for name, entry in CODELISTS[codes].entries.items()}
        for dimension, codes in MERGED.items()
    }


def board_code(dimension: str, code: str) -> str:
    """The board's category of a code. HnbError where the board has none: `hnb/codes/board.toml` must name it.

    >>> board_code("setting", "special_academy"), board_code("need", "PMLD")
    ('state_special', 'severe_physical')
    """
    for name, codes in board_categories()[dimension].items():
        if code in codes:
            return name
    raise HnbError(
        f"The {dimension} {code} is in none of the board's categories: add it to one of {MERGED[dimension]} in hnb/codes/board.toml."
    )


def cell_of(scope: Scope) -> Cell:
    """The cell of a scope: by the board's category where it is just one, else by its codes.

    >>> cell_of(Scope(setting=("mainstream", "resourced"))), cell_of(Scope(phase=("early_years",)))
    ((('setting', 'mainstream'),), (('phase in early_years', 'in'),))
    """
    parts = []
    for dimension, codes in zip(MERGED, scope, strict=True):
        if codes:
            whole = next(
                (name for name, of in board_categories()[dimension].items() if set(of) == set(codes)), None
            )
            parts.append((_group(dimension, codes), _IN) if whole is None else (dimension, whole))
    return tuple(sorted(parts))


@dataclass(frozen=True)
class Grid:
    """The parts of each dimension and the groups of them. parts: dimension → code → part."""

    parts: Mapping[str, Mapping[str, str]]
    rollups: Mapping[str, Rollup]

    def parted(self, contributions: polars.DataFrame) -> polars.DataFrame:
        """Contributions with the parts in place of the codes."""
        return contributions.with_columns(
            polars.col(name).replace_strict(of, return_dtype=polars.String).alias(_part(name))
            for name, of in self.parts.items()
        ).drop(list(self.parts))


def grid_of(contributions: polars.DataFrame, scopes: Iterable[Scope]) -> Grid:
    """The parts that the board's categories and the scopes need, of the codes that occur."""
    scopes = list(scopes)
    parts, rollups = {}, {}
    for place, dimension in enumerate(MERGED):
        codes = [code for code in contributions[dimension].unique().sort().to_list() if code is not None]
        category = {code: board_code(dimension, code) for code in codes}
        sets = sorted({tuple(sorted(scope[place])) for scope in scopes if scope[place]})
        together: dict[tuple[Any, ...], list[str]] = {}
        for code in codes:
            together.setdefault((category[code], *(code in chosen for chosen in sets)), []).append(code)
        part = {code: "+".join(found) for found in together.values() for code in found}
        parts[dimension] = part
        rollups[dimension] = Rollup(_part(dimension), {part[code]: category[code] for code in codes})
        for chosen in sets:
            rollups[_group(dimension, chosen)] = Rollup(
                _part(dimension), {part[code]: _IN if code in chosen else _OUT for code in codes}
            )
    return Grid(parts, rollups)


def plan_of(scope: Scope) -> TablePlan:
    """The table that publishes the one figure of a scope."""
    return TablePlan.of_cell(str(scope), cell_of(scope))


def single_cells(tables: Mapping[str, polars.DataFrame], scopes: Iterable[Scope]) -> polars.DataFrame:
    """The figures of scopes, a row a year and scope: codes with commas in place of categories, `TOTAL` for all."""
    frames = []
    for scope in scopes:
        frame = tables[str(scope)]
        names = [polars.lit(",".join(codes) or TOTAL).alias(name) for name, codes in zip(MERGED, scope, strict=True)]  # fmt: skip
        kept = [name for name in frame.columns if name not in dict(cell_of(scope))]
        frames.append(frame.select(kept[0], *names, *kept[1:]))
    return polars.concat(frames, how="vertical")


def shown_by_board(
    tables: Mapping[str, polars.DataFrame],
    selected: polars.DataFrame,
    categories: Categories,
    measured: Measured,
) -> Mapping[Scope, Mapping[str, Mapping[str, float]]]:
    """What a board's publication showed, read from its frames alone: scope → year → measure → value.

    categories: those of the publication, not today's.
    """

    def of_categories(row: Mapping[str, Any]) -> Scope:
        return Scope(*(
            () if row.get(name, TOTAL) == TOTAL else tuple(sorted(categories[name][row[name]])) for name in MERGED
        ))  # fmt: skip

    def of_codes(row: Mapping[str, Any]) -> Scope:
        return Scope(*(() if row[name] == TOTAL else tuple(row[name].split(",")) for name in MERGED))

    found: dict[Scope, dict[str, Mapping[str, float]]] = {}
    readings: list[tuple[polars.DataFrame, Callable[[Mapping[str, Any]], Scope]]] = [
        *((frame, of_categories) for frame in tables.values()), (selected, of_codes)
    ]  # fmt: skip
    for frame, scope_of in readings:
        for row in frame.filter(polars.col("status") == "reported").to_dicts():
            values = {name: float(row[name]) for name in measured.all}
            found.setdefault(scope_of(row), {})[row["financial_year"]] = values
    return found


def as_shown(found: Mapping[Scope, Mapping[str, Mapping[str, float]]]) -> Shown:
    """The same by year and cell, as `hnb.disclosure.publication` takes it."""
    shown: dict[str, dict[Cell, Mapping[str, float]]] = {}
    for scope, by_year in found.items():
        for year, values in by_year.items():
            shown.setdefault(year, {})[cell_of(scope)] = values
    return shown


def words_of(cell: Cell) -> str:
    """What a cell is of, in the board's words.

    >>> words_of((("phase", "secondary"), ("setting", "independent")))
    'Independent and non-maintained schools × Secondary'
    """
    named: dict[str, str] = {}
    for name, value in cell:
        dimension, _, codes = name.partition(" in ")
        if codes:
            named[dimension] = listed([CODELISTS[_CODES[dimension]].label(code) for code in codes.split(",")])
        else:
            named[dimension] = CODELISTS[MERGED[dimension]].label(value)
    return " × ".join(named[dimension] for dimension in MERGED if dimension in named) or "The whole block"


def _part(dimension: str) -> str:
    return f"{dimension} part"


def _group(dimension: str, codes: Sequence[str]) -> str:
    return f"{dimension} in {','.join(sorted(codes))}"
