"""What figures are split by: the code list of each dimension, and those that follow from a column held."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from hnb import years
from hnb.codelists import CODELISTS
from hnb.tables import TABLES


@dataclass(frozen=True)
class DerivedDimension:
    """A dimension that a table need not hold, since a column that it holds determines it."""

    source: str
    of: Callable[[Any], str]


def _group_of(codes: str) -> Callable[[Any], str]:
    return lambda code: CODELISTS[codes].group(code)


DERIVED: Mapping[str, DerivedDimension] = MappingProxyType(
    {
        "setting_group": DerivedDimension("setting", _group_of("settings")),
        "line_group": DerivedDimension("line", _group_of("budget_lines")),
        "phase": DerivedDimension("age_band", lambda code: str(CODELISTS["age_bands"].entry(code).details["phase"])),
        "financial_year": DerivedDimension("year", years.year_of_january),
    }
)  # fmt: skip
"""What is derived where a table lacks it: groups from codes, phase from DfE's age band, year from January."""


def codelist_of(dimension: str, table: str) -> str:
    """The name of the code list that a dimension of a table is written in; "" if it is not a code."""
    if dimension in ("setting_group", "line_group", "phase"):
        return f"{dimension}s"
    declared = TABLES[table]
    return declared.column(dimension).codes if dimension in declared.names else ""
