"""What stands at one address of a file: the rows that it gave, what was worked out from them, what was said of them.

From a figure to its rows is for `hnb.provenance`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars

from hnb.metrics import Tables
from hnb.provenance import ADDRESS
from hnb.tables import ABOUT_THE_BUILD, TABLES

_CELL = re.compile(r"(?:[A-Za-z]{1,3})?(\d+)")
_WORKED_OUT = {
    "placements": (
        "authority",
        "financial_year",
        "line",
        "setting",
        "phase",
        "need",
        "in_borough",
        "provider",
    ),
    "budget": ("authority", "financial_year", "line", "setting", "phase"),
}
"""By which columns a row of a table goes into rows of `spend`; see `hnb.spend`."""


@dataclass(frozen=True)
class SourceRow:
    """One row of a sheet, as the model has it.

    address: file!sheet!row. loaded: the rows of the tables that it was read into, by table. derived: rows
    that the build worked out from it alone or with others, by table. problems: rows of `problems` at the row
    or at a cell of it; a correction is one of them. of_sheet: problems of the sheet as a whole.
    """

    address: str
    file: str
    sheet: str
    row: int
    loaded: Mapping[str, polars.DataFrame]
    derived: Mapping[str, polars.DataFrame]
    problems: polars.DataFrame
    of_sheet: polars.DataFrame


def is_address(text: str) -> bool:
    """Whether a text is an address, file!sheet!row."""
    return len(text) <= 400 and bool(re.fullmatch(ADDRESS, text))


def source_row(tables: Any, address: str) -> SourceRow:
    """What stands at an address. An address of nothing gives no rows; ValueError for a text that is no address."""
    if not is_address(address):
        raise ValueError("an address is file!sheet!row")
    held = Tables(tables) if isinstance(tables, Mapping) else tables
    place, _, row = address.rpartition("!")
    file, _, sheet = place.rpartition("!")
    loaded: dict[str, polars.DataFrame] = {}
    derived: dict[str, polars.DataFrame] = {}
    for name, table in TABLES.items():
        if name in ABOUT_THE_BUILD or "source" not in table.names or not held.has(name):
            continue
        found = held.table(name).filter(polars.col("source") == address)
        if found.height:
            (derived if table.derived_from else loaded)[name] = found
    spent = _spend_of(held, loaded)
    if spent is not None and spent.height:
        derived["spend"] = spent
    problems = held.table("problems") if held.has("problems") else _no_problems()
    of_file = problems.filter(polars.col("where").str.starts_with(place))
    numbers = [_row_of(where, place) for where in of_file["where"].to_list()]
    at_row = polars.Series([number == int(row) for number in numbers], dtype=polars.Boolean)
    return SourceRow(
        address, file, sheet, int(row), loaded, derived,
        of_file.filter(at_row), of_file.filter(polars.col("where") == place),
    )  # fmt: skip


def _spend_of(tables: Any, loaded: Mapping[str, polars.DataFrame]) -> polars.DataFrame | None:
    """The rows of `spend` that rows of the register or of the monitor go into."""
    if not tables.has("spend"):
        return None
    spend = tables.table("spend")
    of_child = polars.col("part") == "placements"
    parts = [
        spend.filter(of_child if name == "placements" else ~of_child).join(
            loaded[name].select(keys).unique(), on=list(keys), how="semi", nulls_equal=True
        )
        for name, keys in _WORKED_OUT.items()
        if name in loaded
    ]
    return polars.concat(parts) if parts else None


def _row_of(where: str, place: str) -> int | None:
    """The row that an address is about, of a cell or of a row; None when it is about more."""
    cell = _CELL.fullmatch(where.removeprefix(f"{place}!"))
    return int(cell.group(1)) if cell else None


def _no_problems() -> polars.DataFrame:
    frame = polars.from_arrow(TABLES["problems"].arrow_schema().empty_table())
    assert isinstance(frame, polars.DataFrame)  # noqa: S101 (a table, never a single column)
    return frame
