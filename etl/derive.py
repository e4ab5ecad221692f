"""The tables that follow from the ones that workbooks brought. Pure; the rules themselves are in `hnb`."""

from __future__ import annotations

from collections.abc import Mapping

import pandas

from etl.suppliers import offered
from hnb.coverage import coverage
from hnb.placement_exceptions import placement_exceptions
from hnb.placement_full_year import placement_full_year
from hnb.placement_months import placement_months
from hnb.placement_sums import placement_sums
from hnb.reconciliation import reconciled
from hnb.spend import spend
from hnb.tables import TABLES


def derived(tables: Mapping[str, pandas.DataFrame]) -> dict[str, pandas.DataFrame]:
    """Each derived table whose origins are there. `tables` are conformed frames by name; so is what comes back."""
    covered = {"coverage": coverage(tables)} if tables else {}
    if "placements" not in tables and "budget" not in tables:
        return {**covered, **reconciled(tables)}
    placements = tables.get("placements", TABLES["placements"].empty())
    budget = tables.get("budget", TABLES["budget"].empty())
    months = placement_months(placements)
    return {
        "placement_months": months,
        "placement_sums": placement_sums(placements, months),
        "placement_full_year": placement_full_year(placements, months),
        "placement_exceptions": placement_exceptions(placements),
        "spend": spend(placements, months, budget),
        **covered,
        **reconciled(tables, months),
        **offered(tables),
    }
