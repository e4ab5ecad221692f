"""What a page is asked to show: the address read against the request's snapshot, once for the whole page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import polars

from dashboard.data import Data, request_data
from hnb import wording
from hnb.metrics import MEASURES, Measure, Selection, is_loaded, unsupported
from hnb.recommendation_marks import Decision, decisions_on, within_years
from hnb.recommendations import Assessment, assessments
from hnb.tables import TABLES

_WHICH_YEARS = (("spend",), ("placements",), ("forecast",), ("allocation", "plans"))
"""Measures whose years a page offers: the first of them that are loaded say which there are. Published files
alone come for different years, and each is shown at its own."""


@dataclass(frozen=True)
class View:
    """One page's question. `selection` carries the installation's authority; addresses leave it out.

    `query` is the address's query, `dropped` a sentence for each thing in it that could not be read.
    """

    data: Data
    query: str
    selection: Selection
    dropped: tuple[str, ...]

    @classmethod
    def read(cls, query: str) -> View:
        """The view that a query asks for of the request's snapshot."""
        data = request_data()
        selection, dropped = Selection.read(query)
        return cls(data, query, selection.with_(authority=data.configuration.authority), dropped)

    def answer(
        self, measure: str, selection: Selection | None = None, by: tuple[str, ...] = ()
    ) -> polars.DataFrame:
        """`compute`, of this view's selection unless another is given."""
        return self.data.answer(measure, self.selection if selection is None else selection, by)

    def figure(self, measure: str, selection: Selection | None = None) -> tuple[float | None, str]:
        """One value and its status; missing and "not_available" where there are no rows."""
        answer = self.answer(measure, selection)
        return answer[["value", "status"]].row(0) if answer.height else (None, "not_available")

    def has(self, measure: str) -> bool:
        """Whether the measure's tables are loaded."""
        return is_loaded(measure, self.data)

    @cached_property
    def recommendations(self) -> tuple[Assessment, ...]:
        """Every recommendation of this authority's register with what its measure shows, in the register's order."""
        return self.data.worked_out(assessments, None, self.data.configuration.authority)

    def decisions(self, drawn: Iterable[str]) -> tuple[Decision, ...]:
        """The decisions on what is selected that fall within the financial years that a chart draws."""
        return within_years(decisions_on(self.recommendations, self.selection), drawn)

    @cached_property
    def loaded(self) -> frozenset[str]:
        """The names of the tables that are there and have rows."""
        return frozenset(name for name in TABLES if self.data.has(name) and self.data.table(name).height)

    @cached_property
    def authority_only(self) -> Selection:
        """Everything of this authority."""
        return Selection(authority=self.selection.authority)

    @cached_property
    def years(self) -> tuple[str, ...]:
        """The financial years that there are figures for, ascending."""
        for names in _WHICH_YEARS:
            answers = [
                self.data.answer(name, self.authority_only, ("financial_year",))
                for name in names
                if self.has(name)
            ]
            found = {year for answer in answers for year in answer["financial_year"].to_list()}
            if found:
                return tuple(sorted(found))
        return ()

    @cached_property
    def year(self) -> str:
        """The year in focus: the last of those selected, or the last that there is; "" where there is none."""
        there = [year for year in self.years if not self.selection.years or year in self.selection.years]
        return (there or list(self.selection.years) or [""])[-1]

    @cached_property
    def of_year(self) -> Selection:
        """The selection of the year in focus alone."""
        return self.selection.with_(years=(self.year,) if self.year else ())

    @cached_property
    def is_narrowed(self) -> bool:
        """Whether anything but years and authority is selected."""
        return bool(set(self.selection.chosen) - {"authority", "financial_year", "as_at"})

    @cached_property
    def as_at(self) -> str:
        """The date of the figures of the year in focus, in words; an empty text where no monitor or register says."""
        of_year = self.data.as_at_of((self.year,))
        return wording.date(of_year) if of_year else ""

    @cached_property
    def latest_as_at(self) -> str:
        """The date of the latest figures of all, in words, or an empty text."""
        return wording.date(self.data.as_at) if self.data.as_at else ""

    @cached_property
    def providers(self) -> tuple[str, ...]:
        """Every provider's name, in order."""
        if not self.has("placements"):
            return ()
        names = self.data.answer("spend", self.authority_only, ("provider",))["provider"]
        return tuple(names.drop_nulls().to_list())

    @cached_property
    def said(self) -> str:
        """What is selected and how many placements that is, in one sentence."""
        words = self.selection.words()
        if not self.has("placements"):
            return f"{words}. No placement register is loaded"
        placements = MEASURES["placements"]
        value, status = self.figure("placements", self.of_year)
        if value is None and status == "suppressed":
            return f"{words}: how many placements in {self.year} is {wording.missing_words(status)}"
        number = wording.value(placements, value if value is not None else 0.0, "sentence")
        return f"{words}: {number} in {self.year}"

    def is_forecast(self, status: str) -> bool:
        """Whether a figure of that status is to be drawn as a forecast."""
        return status == "estimated"

    def not_split(self, measure: Measure) -> str:
        """The sentence that says which of the narrowed dimensions the measure does not know; "" if it knows all."""
        return wording.not_split(measure.title, unsupported(measure, self.selection))
