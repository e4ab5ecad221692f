"""What an outside audience may see: one publication's disclosed figures, as values. No row of a child is in it.

Everything on the meeting's screen, in its packs and in its story is worked out from a `Published` and from
nothing else, so that nothing can be worked out from those that is not in it. How one is made is
`hnb.board`'s affair, how it is kept is `hnb.publications`'.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

import polars

from hnb.counterfactual import Counterfactual
from hnb.disclosure import TOTAL, Account, Rules
from hnb.recommendation_gap import Gap
from hnb.recommendations import Assessment

Audience = Literal["screen", "pack"]
"""Who is shown it: those in the room, or whoever gets the paper. The paper never shows more than the screen."""

AMOUNTS = ("placements", "spend", "placement_cost", "placement_years")
"""The columns of every published table: placements on the count date, all pounds of the year, the pounds among
them that are paid for placements of single children, and placement-years."""


COUNTS = ("placements",)
"""Those of `AMOUNTS` that are counted on a date, and are no estimate before the year is over."""


@dataclass(frozen=True)
class Cell:
    """One published figure. value: missing where status is not "reported" or "estimated"."""

    value: float | None
    status: str


@dataclass(frozen=True)
class BoardRecommendation:
    """One recommendation as the audience may see it.

    assessment: its series, baseline, latest and all that follows from them are worked out from shown figures
    alone; a year that is hidden is a point without a value and with the status "suppressed". gap, worth: None
    or without pounds where a figure that they need is hidden. hidden_years: the years that are hidden.
    """

    assessment: Assessment
    gap: Gap
    worth: Counterfactual | None = None
    hidden_years: tuple[str, ...] = ()


@dataclass(frozen=True)
class Published:
    """One publication for one audience.

    Parameters
    ----------
    publication_id: "000003-20261130T101500Z". published_at: when, in UTC. snapshot_id: of the tables it was made
        from. as_at: the latest date of the figures.
    tables: "setting_by_phase", "setting_by_need", "phase_by_need" → a frame with `financial_year`, the two
        dimensions in the board's categories (`hnb/codes/board.toml`; `TOTAL` where the row is of all), the
        columns of `AMOUNTS` (missing where hidden) and `status`, "reported" or "suppressed".
    forecast_years: the years that are not closed; their figures are estimates.
    block: the balance statement (`hnb.balance_statement`), which is of no child.
    recommendations: in the register's order.
    rules, account: the thresholds, and how much of what there is is shown.
    selected: the figures that recommendations are worked out from, by codes and not by the board's categories: a
        frame with `financial_year`, `setting`, `phase`, `need` (codes with commas, or `TOTAL`), `AMOUNTS`, `status`.
    categories: dimension → the board's category → the codes that it was made of.
    """

    publication_id: str
    published_at: datetime.datetime
    snapshot_id: str
    as_at: datetime.date | None
    audience: Audience
    authority: str
    authority_name: str
    board_name: str
    board_initials: str
    block_name: str
    rules: Rules
    account: Account
    tables: Mapping[str, polars.DataFrame] = field(repr=False)
    forecast_years: tuple[str, ...]
    block: polars.DataFrame = field(repr=False)
    recommendations: tuple[BoardRecommendation, ...] = field(repr=False)
    selected: polars.DataFrame = field(default_factory=polars.DataFrame, repr=False)
    categories: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict, repr=False)

    @property
    def years(self) -> tuple[str, ...]:
        """The financial years, ascending."""
        return tuple(sorted(self.tables["setting_by_phase"]["financial_year"].unique().to_list()))

    @property
    def latest_year(self) -> str:
        """The last financial year there are figures of."""
        return self.years[-1]

    def year_before(self, year: str) -> str:
        """The year before one of the publication's; "" where there is none."""
        at = self.years.index(year)
        return self.years[at - 1] if at else ""

    def cell(
        self, amount: str, year: str, *, setting: str = TOTAL, phase: str = TOTAL, need: str = TOTAL
    ) -> Cell:
        """One figure; at most two dimensions may be narrowed. "not_available" where the publication has no such cell.

        amount: one of `AMOUNTS`. Pounds and time of a year that is not closed are "estimated"; placements are
        counted on a date that has been, and are "reported" whatever the year.
        """
        row = self._cells.get((year, setting, phase, need))
        if row is None:
            return Cell(None, "not_available")
        if row["status"] != "reported":
            return Cell(None, str(row["status"]))
        is_expected = amount not in COUNTS and year in self.forecast_years
        return Cell(float(row[amount]), "estimated" if is_expected else "reported")

    @cached_property
    def _cells(self) -> Mapping[tuple[str, str, str, str], Mapping[str, Any]]:
        found = {}
        for frame in self.tables.values():
            for row in frame.to_dicts():
                found[
                    row["financial_year"], row.get("setting", TOTAL), row.get("phase", TOTAL), row.get("need", TOTAL)
                ] = row  # fmt: skip
        return found
