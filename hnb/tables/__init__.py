"""Our tables: what each row is, each column's kind, unit, meaning and codes, and each table's key.

This is the place to add a column: its check, its Parquet field, its line in the data dictionary and its
export heading follow. A module holds a family of tables. Amounts are pounds, positive = spend, unless the
meaning says otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from hnb.contract import Table
from hnb.tables.build import COVERAGE, FILES, LOAD_CHANGES, PROBLEMS
from hnb.tables.comparison import AREA_TOTALS, NEIGHBOURS, POPULATION
from hnb.tables.ledger import (
    LEDGER_EXCEPTIONS,
    LEDGER_MAPPING,
    LEDGER_MONTHS,
    PAYMENTS,
    RECONCILIATION,
    SUPPLIER_MATCHES,
    SUPPLIER_OFFERS,
)
from hnb.tables.money import BALANCES, BUDGET, BUDGET_MONTHS, GRANT, PLACE_DEDUCTIONS, SPEND, SPEND_RETURNS
from hnb.tables.placements import (
    PLACEMENT_EXCEPTIONS,
    PLACEMENT_FULL_YEAR,
    PLACEMENT_MONTHS,
    PLACEMENT_SUMS,
    PLACEMENTS,
    PLANS,
)
from hnb.tables.review import RECOMMENDATION_UPDATES, RECOMMENDATIONS

TABLES: Mapping[str, Table] = MappingProxyType(
    {
        table.name: table
        for table in (
            BUDGET,
            BUDGET_MONTHS,
            PLACEMENTS,
            PLACEMENT_MONTHS,
            PLACEMENT_SUMS,
            PLACEMENT_FULL_YEAR,
            PLACEMENT_EXCEPTIONS,
            SPEND,
            PAYMENTS,
            LEDGER_MAPPING,
            SUPPLIER_MATCHES,
            LEDGER_MONTHS,
            RECONCILIATION,
            LEDGER_EXCEPTIONS,
            SUPPLIER_OFFERS,
            GRANT,
            PLACE_DEDUCTIONS,
            BALANCES,
            SPEND_RETURNS,
            PLANS,
            POPULATION,
            NEIGHBOURS,
            AREA_TOTALS,
            RECOMMENDATIONS,
            RECOMMENDATION_UPDATES,
            COVERAGE,
            LOAD_CHANGES,
            FILES,
            PROBLEMS,
        )
    }
)
"""Every table by name, in the order in which the data dictionary shows them."""

ABOUT_THE_BUILD = ("coverage", "load_changes", "files", "problems")
"""Tables that tell of the build itself; all others are of what it loaded."""


def read_tables(name: str) -> tuple[str, ...]:
    """The tables that workbooks bring and that a table is made of: itself, or what it is derived from."""
    derived_from = TABLES[name].derived_from
    return (
        tuple(found for origin in derived_from for found in read_tables(origin)) if derived_from else (name,)
    )
