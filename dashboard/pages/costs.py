"""What the page Unit costs is asked to show: a view's year in cash or in a year's prices, and what stands in the rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any
from urllib.parse import parse_qsl

import polars

from dashboard.components.links import page_address
from dashboard.data import Data
from dashboard.pages.crossed import narrow
from dashboard.pages.view import View
from hnb import real_terms, unit_costs, wording, years
from hnb.codelists import CODELISTS
from hnb.metrics import Selection

PATH = "/unit-costs"

SPLITS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "setting": ("setting",),
        "setting_group": ("setting_group",),
        "setting.phase": ("setting", "phase"),
        "setting.need": ("setting", "need"),
        "phase": ("phase",),
        "need": ("need",),
    }
)
"""What the rows can be, by the name that a query has for it."""


def split_title(split: str) -> str:
    """A split as its chooser says it: "Setting and phase"."""
    first, *rest = (wording.dimension_title(name) for name in SPLITS[split])
    return wording.listed([first, *map(wording.lowered, rest)])


@dataclass(frozen=True)
class Costs:
    """A view's year: the cost of its placements, how it is spread, and what it is held against."""

    view: View
    prices: str
    split: str
    notes: tuple[str, ...]

    @classmethod
    def read(cls, query: str) -> Costs:
        """What the query asks for; what it asks in vain is left out with a sentence."""
        view, asked, notes = View.read(query), dict(parse_qsl(query)), []
        prices = asked.get("prices", real_terms.CASH)
        if not real_terms.is_choice(prices):
            notes.append(f"There is no deflator for prices of “{prices[:20]}”; the figures are in cash.")
            prices = real_terms.CASH
        elif view.year and real_terms.factor(view.year, prices) is None:
            notes.append(f"There is no deflator for {view.year}; the figures are in cash.")
            prices = real_terms.CASH
        single = len(view.selection.settings) == 1
        split = asked.get("rows", "need" if single else "setting")
        return cls(view, prices, split if split in SPLITS else "setting", tuple(notes))

    @property
    def by(self) -> tuple[str, ...]:
        """The dimensions of the rows."""
        return SPLITS[self.split]

    @cached_property
    def selection(self) -> Selection:
        """What is looked at, without years."""
        return self.view.selection.with_(years=(), as_at="")

    @cached_property
    def _everyone(self) -> Selection:
        """The same at every provider, in and out of the borough: what a provider is held against."""
        return self.selection.with_(providers=(), in_borough=None)

    def _costs(self, selection: Selection, year: str) -> polars.DataFrame:
        return self.view.data.worked_out(_costs, selection, year, self.prices)

    @cached_property
    def has_register(self) -> bool:
        """Whether there is a register to take placements from."""
        return unit_costs.is_loaded(self.view.data)

    @cached_property
    def now(self) -> polars.DataFrame:
        """Each placement of the year."""
        return self._costs(self.selection, self.view.year)

    @cached_property
    def rows(self) -> polars.DataFrame:
        """How they are spread, each row beside the year before."""
        return self._beside(self.by)

    @cached_property
    def whole(self) -> dict[str, Any]:
        """The same, of everything selected."""
        return self._beside(()).row(0, named=True)

    def _beside(self, by: tuple[str, ...]) -> polars.DataFrame:
        before = years.previous_year(self.view.year)
        then = (
            self.now.clear()
            if real_terms.factor(before, self.prices) is None
            else self._costs(self.selection, before)
        )
        return unit_costs.on_the_year_before(
            unit_costs.distribution(self.now, by), unit_costs.distribution(then, by), by
        )

    @cached_property
    def providers(self) -> polars.DataFrame:
        """Each provider against its setting's median, the most pounds above it first."""
        return unit_costs.providers(self.now, self._costs(self._everyone, self.view.year))

    @cached_property
    def outliers(self) -> polars.DataFrame:
        """The placements that cost far more than their setting usually does."""
        return unit_costs.outliers(self.now, self._costs(self._everyone, self.view.year))

    @cached_property
    def trend(self) -> polars.DataFrame:
        """The cost of a placement-year of each kind of setting in every year there is, in the prices asked for."""
        measure = unit_costs.MEASURE
        answer = self.view.answer(measure.name, self.selection, ("financial_year", "setting_group"))
        return real_terms.in_prices(answer, measure, self.prices)

    @property
    def when(self) -> str:
        """The year with its prices: "2026-27, cash"."""
        return f"{self.view.year}, {real_terms.words(self.prices)}"

    @property
    def shade(self) -> str:
        """The palette's name for rows that are cut by no setting: the group of all that is selected, where it is one."""
        groups = {CODELISTS["settings"].group(code) for code in self.view.selection.settings}
        return groups.pop() if len(groups) == 1 else "accent"

    def narrowed(self, **values: Any) -> str:
        """The page narrowed to a row; "" where that narrows nothing."""
        selection = self.view.selection
        for dimension, value in values.items():
            selection = narrow(selection, dimension, value)
        return self.address(selection) if selection != self.view.selection else ""

    def address(self, selection: Selection) -> str:
        """The page on another selection, in the same prices."""
        return page_address(PATH, selection, prices="" if self.prices == real_terms.CASH else self.prices)


# What a snapshot remembers, from arguments that can be remembered by.


def _costs(data: Data, selection: Selection, year: str, prices: str) -> polars.DataFrame:
    return unit_costs.costs_within(data.worked_out(unit_costs.held_in, year), selection, year, prices)
