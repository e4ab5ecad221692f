"""Tables that workbooks bring and that are never published: parts that other tables are put together from.

A return that comes in modules (persons, plans, placements, needs), or a table of rates, is read into these by
layouts like any other sheet and held against a contract like any other table; `etl.sen2` then joins them into
tables of the model. To add one, add it to `STAGED`.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from hnb.contract import Table
from hnb.tables import TABLES

STAGED: Mapping[str, Table] = MappingProxyType({})
"""Every staged table by name."""

BROUGHT: Mapping[str, Table] = MappingProxyType(
    {
        **{
            name: table
            for name, table in TABLES.items()
            if not table.derived_from and name not in ("files", "problems", "load_changes")
        },
        **STAGED,
    }
)
"""Every table that a layout may feed: those of the model that workbooks bring, then the staged ones."""
