"""What the page What changed is asked to show: two years, two dates or two reports, and what stands in its rows."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl

import polars

from dashboard.access import Check, RefusedError
from dashboard.components.links import page_address
from dashboard.pages.crossed import narrow
from dashboard.pages.view import View
from hnb import growth as effects
from hnb import report_movement, wording, years
from hnb.codelists import CODELISTS
from hnb.errors import HnbError
from hnb.growth import growth
from hnb.metrics import Selection
from hnb.movers import movers
from hnb.open_placements import covered, offered_dates
from hnb.report_movement import reports

PATH = "/changed"
COMPARISONS = CODELISTS["comparisons"].codes
"""What can be compared: years, dates, reports."""

OWN_CHOICES = ("compare", "from", "to", "rows")
"""The page's own names in the query."""


@dataclass(frozen=True)
class Changed:
    """Two moments of a view and what the table has in its rows.

    compare: a code of `comparisons`. asked_from, asked_to: the dates that the query asks for, "" for none.
    asked_rows: the dimension that it asks for, "" where it leaves that to the page.
    """

    view: View
    compare: str
    asked_from: str
    asked_to: str
    asked_rows: str

    @classmethod
    def read(cls, query: str) -> Changed:
        """What the query asks for."""
        asked = dict(parse_qsl(query))
        compare = asked.get("compare", "")
        return cls(
            View.read(query),
            compare if compare in COMPARISONS else "years",
            asked.get("from", ""),
            asked.get("to", ""),
            asked.get("rows", ""),
        )

    @property
    def dimensions(self) -> tuple[str, ...]:
        """What the rows can be."""
        return report_movement.DIMENSIONS if self.compare == "reports" else effects.DIMENSIONS

    @cached_property
    def rows(self) -> str:
        """What stands in the rows: what was asked, or the first dimension that is still free."""
        if self.asked_rows in self.dimensions:
            return self.asked_rows
        if self.compare == "reports":
            return "line"
        selection = self.view.selection
        groups = {CODELISTS["settings"].group(code) for code in selection.settings}
        if len(groups) != 1:
            return "setting_group"
        if len(selection.settings) != 1:
            return "setting"
        return "need" if len(selection.needs) != 1 else "phase"

    # ------------------------------------------------------------------------------------- the two moments

    @cached_property
    def offered(self) -> tuple[str, ...]:
        """The years, dates or reports that can be chosen, the earliest first."""
        if self.compare == "years":
            return self.view.years
        if self.compare == "dates":
            return tuple(
                day.isoformat()
                for day in reversed(self.view.data.worked_out(offered_dates, self.view.authority_only))
            )
        return (
            reports(self.view.data, self.view.authority_only, self.report_year)
            if self.view.has("forecast")
            else ()
        )

    @cached_property
    def report_year(self) -> str:
        """The year whose reports are compared: the one in focus."""
        return self.view.year

    @cached_property
    def pair(self) -> tuple[str, str] | None:
        """The earlier and the later moment; None where there are not two."""
        if self.compare == "years":
            return self._pair_of_years
        asked = sorted({text for text in (self.asked_from, self.asked_to) if self._is_moment(text)})
        if len(asked) == 2:
            return (asked[0], asked[1])
        if len(self.offered) < 2:
            return None
        last = asked[0] if asked and asked[0] != self.offered[0] else self.offered[-1]
        return (self._before(last), last)

    @cached_property
    def _pair_of_years(self) -> tuple[str, str] | None:
        """The first and the last of the years chosen; the year before stands with one alone."""
        there, asked = self.view.years, self.view.selection.years
        known = [year for year in there if year in asked] or list(there[-1:])
        if len(known) == 1 and years.previous_year(known[0]) in there:
            known.insert(0, years.previous_year(known[0]))
        return (known[0], known[-1]) if len(known) > 1 else None

    def _before(self, moment: str) -> str:
        """What stands against a date by itself: the same day of the year before; of a report, the one before it."""
        earlier = [other for other in self.offered if other < moment]
        if self.compare == "reports":
            return earlier[-1]
        year_ago = f"{int(moment[:4]) - 1}{moment[4:]}"
        return year_ago if self._is_moment(year_ago) else earlier[0]

    def _is_moment(self, text: str) -> bool:
        """Whether a text is a date that registers cover, or of which there is a report."""
        if self.compare == "reports":
            return text in self.offered
        try:
            day = datetime.date.fromisoformat(text)
        except ValueError:
            return False
        spans = self.view.data.worked_out(covered, self.view.authority_only).values()
        return text == day.isoformat() and any(first <= day <= last for first, last in spans)

    @cached_property
    def notes(self) -> tuple[str, ...]:
        """A sentence for each date or report asked for that there is not."""
        if self.compare == "years":
            return ()
        what = "a report of the year" if self.compare == "reports" else "a date that a register covers"
        asked = [text for text in (self.asked_from, self.asked_to) if text]
        return tuple(
            f"“{text[:20]}” is not {what} and was left out." for text in asked if not self._is_moment(text)
        )

    @property
    def before(self) -> str:
        """The earlier year, or the earlier date as a query has it."""
        return self.pair[0] if self.pair else ""

    @property
    def after(self) -> str:
        """The later one."""
        return self.pair[1] if self.pair else ""

    def said(self, moment: str) -> str:
        """A year, date or report as a person reads it."""
        return moment if self.compare == "years" or not moment else wording.date(moment)

    @property
    def course(self) -> str:
        """Both in words: "2024-25 to 2025-26"."""
        return f"{self.said(self.before)} to {self.said(self.after)}"

    # ------------------------------------------------------------------------------------- the answers

    @cached_property
    def selection(self) -> Selection:
        """What is looked at, without years and without a report's date."""
        return self.view.selection.with_(years=(), as_at="")

    @property
    def effect_codes(self) -> str:
        """The name of the code list that tells the effects."""
        return "growth_effects_of_dates" if self.compare == "dates" else "growth_effects"

    def growth(self, *by: str) -> polars.DataFrame:
        """The change from the one to the other, in its effects. HnbError where there are not two."""
        return self.view.data.worked_out(growth, self.selection, *self.both, by)

    @cached_property
    def whole(self) -> dict[str, Any]:
        """The same, of everything selected."""
        return self.growth().row(0, named=True)

    @cached_property
    def by_row(self) -> polars.DataFrame:
        """The same, of each row."""
        return self.growth(self.rows)

    @cached_property
    def movers(self) -> polars.DataFrame:
        """The placements that moved it."""
        return self.view.data.worked_out(movers, self.selection, *self.both)

    def movement(self, *by: str) -> polars.DataFrame:
        """How the forecast moved from one report to the other."""
        return report_movement.report_movement(
            self.view.data, self.selection, self.report_year, *self.both, by
        )

    @property
    def both(self) -> tuple[str, str]:
        """The two moments. HnbError, which a page and a file say, where there are not two."""
        if self.pair is None:
            raise HnbError("There are not two of them to compare.")
        return self.pair

    @cached_property
    def is_forecast(self) -> bool:
        """Whether one of two years is a forecast."""
        if self.compare != "years":
            return False
        status = self.view.answer("spend", self.selection.with_(years=self.pair or ()))["status"].to_list()
        return "estimated" in status

    # ------------------------------------------------------------------------------------- the addresses

    def narrowed(self, **values: Any) -> str:
        """The page narrowed to a value of a dimension, its rows chosen anew; "" where that narrows nothing."""
        selection = self.view.selection
        for dimension, value in values.items():
            if dimension == "line_group":
                return ""
            selection = narrow(selection, dimension, value)
        return self.address(selection) if selection != self.view.selection else ""

    def address(self, selection: Selection) -> str:
        """The page on another selection, the same two moments compared."""
        own = (
            {}
            if self.compare == "years"
            else {"compare": self.compare, "from": self.before, "to": self.after}
        )
        return page_address(PATH, selection, **own)

    @cached_property
    def steps(self) -> list[tuple[str, str]]:
        """The way back from where the page is narrowed to: words and address of each step, the whole first."""
        selection = self.view.selection
        so_far = Selection(years=selection.years)
        steps = [("Everything", self.address(so_far))]
        for field in ("settings", "needs", "phases", "lines", "in_borough", "providers"):
            value = getattr(selection, field)
            if value in ((), None):
                continue
            groups = {CODELISTS["settings"].group(code) for code in value} if field == "settings" else set()
            if len(groups) == 1 and len(value) == 1:
                whole = CODELISTS["settings"].members(groups.pop())
                if len(whole) > 1:
                    steps.append(self._step(so_far.with_(settings=whole), Selection(settings=whole)))
            so_far = so_far.with_(**{field: value})
            steps.append(self._step(so_far, Selection(**{field: value})))
        return steps

    def _step(self, selection: Selection, alone: Selection) -> tuple[str, str]:
        words = alone.about().removeprefix("All settings, ")
        return words[:1].upper() + words[1:], self.address(selection)


def moment() -> Check:
    """The check of a year or a date; whether there are figures of it is the page's to say."""

    def check(value: Any) -> str:
        if value is None or value == "":
            return ""
        if isinstance(value, str) and (years.is_financial_year(value) or _is_date(value)):
            return value
        raise RefusedError("A year or a date was expected.")

    return check


def _is_date(text: str) -> bool:
    try:
        return datetime.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
