"""What the page Compare is asked to show: whose company, which quantity, of which year and kind of setting."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl

import polars

from dashboard.components.links import page_address
from dashboard.data import Data
from dashboard.pages.view import View
from hnb import wording
from hnb.codelists import CODELISTS
from hnb.comparison import Company, Comparison, by_line_group, company, editions, mix, years_by_line_group
from hnb.metrics import Measure, Selection
from hnb.metrics.rates import RATES

PATH = "/compare"

QUANTITIES = {
    "plans": ("EHC plans", ("plans_per_people", "plans_per_pupil")),
    "spend": ("High needs outturn", ("spend_per_people", "spend_per_plan")),
}
"""What can be compared: its code in the address, its words, and its rate on both denominators."""

ALL = "all"
"""The value of the control for every kind of setting."""


@dataclass(frozen=True)
class Compared:
    """The question of an address. quantity: one of `QUANTITIES`. edition: of the neighbours, None for the latest."""

    view: View
    quantity: str
    edition: datetime.date | None
    dropped: tuple[str, ...]

    @classmethod
    def read(cls, query: str) -> Compared:
        """What the query asks for; what cannot be read is left out with a sentence."""
        view = View.read(query)
        given, dropped = dict(parse_qsl(query)), list(view.dropped)
        quantity = given.get("measure", "plans")
        if quantity not in QUANTITIES:
            dropped.append(f"“{quantity[:20]}” cannot be compared here and was left out.")
            quantity = "plans"
        edition = None
        if given.get("edition"):
            known = {day.isoformat(): day for day in view.data.worked_out(editions, view.selection.authority)}
            edition = known.get(given["edition"])
            if edition is None:
                dropped.append(f"“{given['edition'][:20]}” is no edition of the neighbours that is loaded.")
        return cls(view, quantity, edition, tuple(dropped))

    @cached_property
    def company(self) -> Company:
        """Whom the authority is compared with."""
        return self.view.data.worked_out(company, self.view.selection.authority, self.edition)

    @cached_property
    def editions(self) -> tuple[datetime.date, ...]:
        """The editions of the list of neighbours, the latest first."""
        return self.view.data.worked_out(editions, self.view.selection.authority)

    @cached_property
    def settings(self) -> Selection:
        """What the plans are narrowed to; pounds are of all settings."""
        return Selection(settings=self.view.selection.settings) if self.quantity == "plans" else Selection()

    @cached_property
    def group(self) -> str:
        """The group of settings that the plans are narrowed to; `ALL` for every one, "" for some other selection."""
        chosen = set(self.view.selection.settings)
        if not chosen:
            return ALL
        members = CODELISTS["settings"].members
        return next((code for code in CODELISTS["setting_groups"].codes if set(members(code)) == chosen), "")

    @property
    def about(self) -> str:
        """What is compared, in words: "independent placements", "all plans"."""
        if self.quantity == "spend":
            return "net high needs outturn"
        return wording.lowered(self.settings.about()) if self.settings.settings else "all plans"

    def titled(self, measure: Measure) -> str:
        """A rate's title with what is compared, where the title does not say that itself."""
        return measure.title if self.quantity == "spend" else f"{measure.title}, {self.about}"

    @cached_property
    def rates(self) -> dict[str, polars.DataFrame]:
        """The two rates over the years, by name."""
        return {
            name: self.view.data.worked_out(_rates, self.company, name, self.settings)
            for name in QUANTITIES[self.quantity][1]
        }

    def measure(self, name: str) -> Measure:
        """A rate as a measure, with its people in words."""
        rate = RATES[name]
        return rate.as_measure("pupils" if rate.divisor == "pupils" else self.company.per)

    @cached_property
    def years(self) -> tuple[str, ...]:
        """The years in which we have a figure, ascending."""
        return self.view.data.worked_out(_years, self.company, self.quantity, self.settings)[0]

    @cached_property
    def year(self) -> str:
        """The year in focus: the last of those that the link names, else the last that others have too, else the last."""
        ours, shared = self.view.data.worked_out(_years, self.company, self.quantity, self.settings)
        asked = [year for year in ours if year in self.view.selection.years]
        return (asked or shared or ours or ("",))[-1]

    def of_year(self, name: str) -> polars.DataFrame:
        """One of the two rates in the year in focus."""
        return self.rates[name].filter(polars.col("financial_year") == self.year)

    @cached_property
    def mix(self) -> polars.DataFrame:
        """The plans of the year in focus by group of settings."""
        return self.view.data.worked_out(mix, self.company, self.year)

    @cached_property
    def line_group_year(self) -> str:
        """The year whose return is loaded by group of lines: that in focus, else the nearest before it, else the last."""
        known = self.view.data.worked_out(years_by_line_group, self.company.authority)
        return ([year for year in known if year <= self.year] or list(known) or [""])[-1]

    @cached_property
    def line_groups(self) -> polars.DataFrame:
        """Net outturn per head by group of lines, of that year."""
        return self.view.data.worked_out(by_line_group, self.company, self.line_group_year)

    @property
    def when(self) -> str:
        """The year in focus as the quantity is told: "January 2025", "2024-25"."""
        return self.said(self.year)

    def said(self, year: str) -> str:
        """A financial year as the quantity is told: plans are counted in its January."""
        return f"January {int(year[:4]) + 1}" if self.quantity == "plans" and year else year

    @property
    def axis_note(self) -> str:
        """What a year of an axis is, where it is not the year itself: " (24-25 is January 2025)"."""
        return f" ({self.year[2:]} is {self.when})" if self.when != self.year else ""

    def people_note(self, name: str) -> str:
        """Which people divide, where they are not those of the year: "pupils of January 2022, the latest loaded"."""
        rows = self.of_year(name).filter(polars.col("kind") == "us")
        if not rows.height or RATES[name].divisor == "plans":
            return ""
        people_of = rows["people_of"][0]
        if people_of is None or people_of == int(self.year[:4]) + 1:
            return ""
        who = "pupils" if RATES[name].divisor == "pupils" else self.company.per
        return f"The {who} are those of January {people_of}, the latest loaded, so the rate is an estimate."

    @property
    def edition_words(self) -> str:
        """The edition of the neighbours in use: "May 2025"; "" without neighbours."""
        day = self.company.edition
        return wording.date(day).partition(" ")[2] if day else ""

    @property
    def query(self) -> str:
        """The page's address without its path: what its files are made from."""
        more: dict[str, Any] = {"measure": self.quantity if self.quantity != "plans" else "", "edition": self.edition.isoformat() if self.edition else ""}  # fmt: skip
        return page_address("", self.view.selection, **more).removeprefix("?")


# What a snapshot remembers, from arguments that can be remembered by.


def _rates(data: Data, of: Company, name: str, settings: Selection) -> polars.DataFrame:
    return Comparison(data, of, RATES[name], settings).rates()


def _years(
    data: Data, of: Company, quantity: str, settings: Selection
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The years in which we have a figure, and those of them in which others have a rate; ascending."""
    ours: set[str] = set()
    others: set[str] = set()
    for name in QUANTITIES[quantity][1]:
        rows = data.worked_out(_rates, of, name, settings)
        for kind, year, numerator, value in rows.select(
            "kind", "financial_year", "numerator", "value"
        ).rows():
            if kind == "us" and numerator is not None:
                ours.add(year)
            elif kind != "us" and value is not None:
                others.add(year)
    return tuple(sorted(ours)), tuple(sorted(ours & others))
