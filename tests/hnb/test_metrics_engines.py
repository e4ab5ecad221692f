"""The same measure gives the same answer on any engine: nothing in a measure belongs to one of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars
import pytest

from hnb.metrics import MEASURES, Tables, compute, is_loaded
from hnb.selection import Selection
from tests.hnb import test_metrics_balance, test_metrics_budget, test_metrics_placements, test_metrics_spend

FRAMES: dict[str, polars.DataFrame] = {
    **test_metrics_balance.ALL,
    "spend": test_metrics_spend.TWO_YEARS.table("spend"),
    "plans": test_metrics_placements.CUTS.table("plans"),
    "budget": test_metrics_budget.MONITOR.table("budget"),
}


class Elsewhere:
    """Tables that another engine holds."""

    def __init__(self, carry: Callable[[polars.DataFrame], Any]) -> None:
        typed = Tables(FRAMES)
        self._held = {name: carry(typed.table(name)) for name in FRAMES}

    def has(self, name: str) -> bool:
        return name in self._held

    def table(self, name: str) -> Any:
        return self._held[name]


@pytest.mark.parametrize(
    "carry", [polars.DataFrame.lazy, polars.DataFrame.to_arrow, polars.DataFrame.to_pandas]
)
def test_every_measure_by_every_dimension(carry: Callable[[polars.DataFrame], Any]):
    here, elsewhere = Tables(FRAMES), Elsewhere(carry)
    selection = Selection(authority="E09000029")
    for measure in MEASURES.values():
        assert is_loaded(measure, elsewhere) == is_loaded(measure, here)
        for dimension in measure.dimensions:
            by = tuple(dict.fromkeys(("financial_year", dimension)))
            found, expected = (compute(measure, tables, selection, by) for tables in (elsewhere, here))
            assert found.equals(expected), (measure.name, by)
