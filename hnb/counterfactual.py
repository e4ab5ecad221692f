"""What a shift between settings was worth: the latest year as it would have cost, had an earlier year's mix held.

"Had the independent share stayed at its 2019-20 level, £2.4m less." Volume and prices are those of the latest
year; only the share is the earlier one's. What is so moved is taken out at the average cost of a placement-year
of the selection, and put in at that of the remaining settings of the same phases and needs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hnb.metrics import Selection, compute

CAUTION = (
    "Averages of placements: the children who would be placed elsewhere may need more or less than the average there, and "
    "there must be a place for them. Top-ups and fees only: in state schools and colleges the place itself (£6,000 or "
    "£10,000) is paid on top, so the difference to them is less than it seems."
)
"""What one must know before using a worth."""

SOURCE = "Placement register: cost and days in placement (table spend, part “placements”); worked out, not recorded."
"""Where the figures come from."""


@dataclass(frozen=True)
class Placed:
    """What was placed in one year: the placement-years and pounds of a selection, and of it with all other settings.

    is_forecast: whether the year is not closed.
    """

    financial_year: str
    own_years: float
    own_cost: float
    whole_years: float
    whole_cost: float
    is_forecast: bool = False

    @property
    def share(self) -> float | None:
        """The selection's share of placement-years; None in a year without any."""
        return self.own_years / self.whole_years if self.whole_years > 0 else None

    @property
    def own_price(self) -> float | None:
        """Pounds for a placement-year of the selection; None without one."""
        return self.own_cost / self.own_years if self.own_years > 0 else None

    @property
    def other_price(self) -> float | None:
        """Pounds for a placement-year of the remaining settings; None without one."""
        years = self.whole_years - self.own_years
        return (self.whole_cost - self.own_cost) / years if years > 1e-9 else None


@dataclass(frozen=True)
class Counterfactual:
    """A year, had its share been that of `base_year`.

    share_then, share_now: of placement-years. moved: placement-years beyond what the earlier share would have
    held (negative where there are fewer). freed: pounds that those cost here; placed_elsewhere: pounds that they
    would have cost in the remaining settings; worth: freed less placed_elsewhere, the pounds that the year would
    have cost less (negative: more). Each is to the penny, and the three agree.
    """

    base_year: str
    financial_year: str
    is_forecast: bool
    share_then: float
    share_now: float
    moved: float
    own_price: float
    other_price: float
    freed: float
    placed_elsewhere: float

    @property
    def worth(self) -> float:
        """Pounds that the year would have cost less; negative where it would have cost more."""
        return round(self.freed - self.placed_elsewhere, 2)


def counterfactual(then: Placed, now: Placed) -> Counterfactual | None:
    """The year `now` with the share of `then`; None where a share or one of today's prices cannot be known."""
    share_then, share_now = then.share, now.share
    own, other = now.own_price, now.other_price
    if share_then is None or share_now is None or own is None or other is None:
        return None
    moved = (share_now - share_then) * now.whole_years
    return Counterfactual(
        then.financial_year, now.financial_year, now.is_forecast, share_then, share_now, moved, own, other,
        freed=round(moved * own, 2), placed_elsewhere=round(moved * other, 2),
    )  # fmt: skip


def counterfactuals(tables: Any, selection: Selection) -> tuple[Counterfactual, ...]:
    """The latest year with the share of each earlier year that there are placements of, the earliest first.

    tables: what `hnb.metrics.compute` takes. selection: narrowed by setting, since there must be somewhere else
    to place; its years do not count. Empty where it is not, or nothing is loaded.
    """
    if not selection.settings:
        return ()
    years = placed_by_year(tables, selection)
    if not years:
        return ()
    found = (counterfactual(then, years[-1]) for then in years[:-1])
    return tuple(one for one in found if one is not None)


def placed_by_year(tables: Any, selection: Selection) -> tuple[Placed, ...]:
    """What was placed in each year that has placements of any setting, ascending."""
    own = _years_and_costs(tables, selection.with_(years=()))
    whole = _years_and_costs(tables, selection.with_(years=(), settings=()))
    found = []
    for year in sorted(whole):
        whole_years, whole_cost, is_forecast = whole[year]
        # A year with placements elsewhere and none here has none here: that is nought, and known.
        own_years, own_cost, _ = own.get(year, (0.0, 0.0, False))
        found.append(Placed(year, own_years, own_cost, whole_years, whole_cost, is_forecast))
    return tuple(found)


def _years_and_costs(tables: Any, selection: Selection) -> dict[str, tuple[float, float, bool]]:
    answer = compute("spend_per_placement_year", tables, selection, ("financial_year",))
    return {
        row["financial_year"]: (row["denominator"], row["numerator"], row["status"] == "estimated")
        for row in answer.to_dicts()
        if row["denominator"] is not None and row["numerator"] is not None
    }
