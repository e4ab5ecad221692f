"""Why published spend moved: number of placements, mix of settings, price, and what is not bought by placement.

Between two years of one publication, or one year of two publications (a revision). It is `hnb.growth`'s split (the
rule of the trade, domain.md, rule 8) on the published totals of the board's kinds of setting and on nothing finer, so
that moves between phases and needs of one kind of setting are in the price. Where a total is hidden, there is no
split: what would be left over could give the hidden one away.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars

from hnb import real_terms
from hnb.codelists import CODELISTS
from hnb.growth import with_effects
from hnb.meeting import cells
from hnb.meeting.names import SETTINGS, comparable
from hnb.published import Cell, Published

EFFECTS = CODELISTS["board_effects"].codes
"""The effects as a meeting has them, in the order in which they are told."""


@dataclass(frozen=True)
class SettingMovement:
    """One kind of setting, before and after, in pounds."""

    setting: str
    before: Cell
    after: Cell

    @property
    def change(self) -> Cell:
        """Pounds more (positive) or less; hidden where one of the two is."""
        return cells.less(self.after, self.before)


@dataclass(frozen=True)
class Movement:
    """The change of spend from one side to the other.

    before, after: all spend. settings: each kind of setting, in the board's order. effects: pounds of each of
    `EFFECTS`, which add up to the change to the penny; None where a setting's total is hidden, which `hidden` names.
    is_revision: whether it is one year in two publications.
    """

    before_year: str
    after_year: str
    is_revision: bool
    before: Cell
    after: Cell
    settings: tuple[SettingMovement, ...]
    effects: Mapping[str, float] | None
    hidden: tuple[str, ...]

    @property
    def change(self) -> Cell:
        """Pounds more (positive) or less."""
        return cells.less(self.after, self.before)

    def effect(self, name: str) -> Cell:
        """Pounds of one effect; hidden where there is no split."""
        if self.effects is None:
            return Cell(None, "suppressed")
        return Cell(self.effects[name], self.change.status)


def between_years(published: Published, before: str, after: str) -> Movement:
    """The movement between two years of one publication."""
    return _movement(published, before, published, after)


def revision(before: Published, after: Published, year: str) -> Movement:
    """The movement of one year between two publications."""
    return _movement(before, year, after, year)


def _movement(one: Published, before: str, other: Published, after: str) -> Movement:
    same = comparable(one, other)
    unknown = Cell(None, "not_available")
    settings = tuple(
        SettingMovement(
            code,
            one.cell("spend", before, setting=code) if code in same else unknown,
            other.cell("spend", after, setting=code),
        )
        for code in SETTINGS
    )  # fmt: skip
    hidden = tuple(moved.setting for moved in settings if moved.change.value is None)
    whole = cells.less(other.cell("spend", after), one.cell("spend", before)).value
    parts = sum(moved.change.value or 0.0 for moved in settings)
    # A publication of another time may have kinds of setting that are no longer told apart.
    is_all = not hidden and whole is not None and abs(whole - parts) < 0.5
    return Movement(
        before, after, before == after, one.cell("spend", before), other.cell("spend", after), settings,
        _effects(one, before, other, after) if is_all else None, hidden,
    )  # fmt: skip


def _effects(one: Published, before: str, other: Published, after: str) -> Mapping[str, float]:
    rows = {
        "setting": list(SETTINGS),
        **{
            f"{name}_{when}": [side.cell(amount, year, setting=code).value for code in SETTINGS]
            for when, side, year in (("before", one, before), ("after", other, after))
            for name, amount in (
                ("spend", "spend"),
                ("placed", "placement_cost"),
                ("years", "placement_years"),
            )
        },
    }
    split = with_effects(polars.DataFrame(rows), real_terms.inflation(before, after))
    return {
        name: round(sum(float(split[part].sum()) for part in entry.details["of"]), 2)
        for name, entry in CODELISTS["board_effects"].entries.items()
    }
