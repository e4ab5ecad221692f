"""Recommendations as an outside audience may see them: worked out from what a publication shows, and nothing else.

What a figure of a recommendation is made of are cells of the publication (`cells_needed`). It is shown only where
each of those is. Measures that are about no child are shown as they are; what would need a cell that no publication
has is not shown at all, and says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars

from hnb.board_cells import Scope
from hnb.counterfactual import Counterfactual, counterfactuals
from hnb.disclosure import Rules
from hnb.metrics import Measure, Selection
from hnb.published import BoardRecommendation
from hnb.recommendation_gap import Gap, gap
from hnb.recommendations import Assessment, Point, assessments

OF_CELLS = frozenset({
    "spend", "spend_share", "placements", "placements_share", "placement_years", "spend_per_placement_year",
})  # fmt: skip
"""The measures that a publication's cells hold: by the names of `hnb.metrics`."""

_WHOLE = Scope()
_SHARES = frozenset({"spend_share", "placements_share"})
_OF_NO_CHILD = frozenset({"grant", "balances", "population", "spend_returns"})
"""Tables of what is published anyway, whatever it is split by."""

_OF_THE_LEDGER = frozenset({"budget", "budget_months", "payments"})
"""Tables of money that children are paid from: as a whole it is in the accounts, by setting it is not."""

NOT_OUTSIDE = "This measure is not shown outside the office: it could lead back to single children"
"""Why a recommendation is not assessed for an outside audience."""


def cells_needed(tables: Any, authority: str) -> tuple[Scope, ...]:
    """What a publication must hold as single cells, so that the register's recommendations can be shown."""
    found: dict[Scope, None] = {_WHOLE: None}
    for one in assessments(tables, authority=authority):
        if one.measure is None:
            continue
        # What a shift between settings was worth takes the setting's cell and that of all settings.
        if one.measure.name in OF_CELLS or one.selection.settings:
            found[Scope.of(one.selection)] = None
            found[Scope.of(one.selection).of_all_settings] = None
    return tuple(found)


def board_recommendations(
    tables: Any, authority: str, rules: Rules, selected: polars.DataFrame
) -> tuple[BoardRecommendation, ...]:
    """The register's recommendations as an audience may see them.

    selected: the single cells of the publication, as `hnb.board_cells.single_cells` gives them.
    """
    sight = _Sight(authority, rules, _years_shown(selected))
    return tuple(
        BoardRecommendation(one, sight.gap(one, tables), sight.worth(one, tables), _hidden_years(one))
        for one in assessments(tables, sight.of_series, authority)
    )


class _Sight:
    """What one audience sees. shown: the years in which each scope's cell is shown."""

    def __init__(self, authority: str, rules: Rules, shown: Mapping[Scope, frozenset[str]]) -> None:
        self.authority, self.rules, self.shown = authority, rules, shown

    def sees(self, scope: Scope, year: str) -> bool:
        return year in self.shown.get(scope, frozenset())

    def of_series(
        self, measure: Measure, selection: Selection, series: tuple[Point, ...]
    ) -> tuple[Point, ...] | str:
        """The points that may be seen; or, of a measure that is not for outside, that it is not."""
        if measure.table in _OF_NO_CHILD or (
            measure.table in _OF_THE_LEDGER and Scope.of(selection) == _WHOLE and not selection.lines
        ):
            return series
        if measure.table == "plans":
            return tuple(
                _hidden(point) if point.value is not None and self.rules.is_small(point.value) else point
                for point in series
            )
        if measure.name not in OF_CELLS or selection.authority != self.authority:
            return NOT_OUTSIDE
        needed = [Scope.of(selection), *([_WHOLE] if measure.name in _SHARES else [])]
        return tuple(
            point if all(self.sees(scope, point.financial_year) for scope in needed) else _hidden(point)
            for point in series
        )

    def gap(self, one: Assessment, tables: Any) -> Gap:
        """The gap to the target, with its pounds where the cells that they need are shown."""
        found = gap(one, tables)
        if one.measure is None or one.latest is None or one.measure.name not in OF_CELLS:
            return found
        # The series has its own cell and, of a share, the whole; the price is that of its own cell.
        is_seen = self.sees(Scope.of(one.selection), one.latest.financial_year)
        return found if is_seen else Gap(found.amount, basis="hidden")

    def worth(self, one: Assessment, tables: Any) -> Counterfactual | None:
        """What the shift since the baseline was worth, where all four cells that it needs are shown."""
        if one.measure is None or one.baseline is None or one.selection.authority != self.authority:
            return None
        base = one.baseline.financial_year
        found = next(
            (other for other in counterfactuals(tables, one.selection) if other.base_year == base), None
        )
        own = Scope.of(one.selection)
        if found is None or not all(
            self.sees(scope, year)
            for scope in (own, own.of_all_settings)
            for year in (base, found.financial_year)
        ):
            return None
        return found


def _hidden(point: Point) -> Point:
    return Point(point.financial_year, None, "suppressed") if point.value is not None else point


def _hidden_years(one: Assessment) -> tuple[str, ...]:
    return tuple(point.financial_year for point in one.series if point.status == "suppressed")


def _years_shown(selected: polars.DataFrame) -> Mapping[Scope, frozenset[str]]:
    found: dict[Scope, set[str]] = {}
    for row in selected.filter(polars.col("status") == "reported").to_dicts():
        codes = (row[name] for name in Scope._fields)
        scope = Scope(*(() if text == "all" else tuple(text.split(",")) for text in codes))
        found.setdefault(scope, set()).add(row["financial_year"])
    return {scope: frozenset(years) for scope, years in found.items()}
