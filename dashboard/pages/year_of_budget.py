"""What the page Budget is asked to show: one report of one year, and how deep its tree is told."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl

import polars

from dashboard.components.links import page_address, rows_address
from dashboard.data import Data
from dashboard.pages.view import View
from hnb import forecast, wording, years
from hnb.budget_reports import report_amounts, reports_told, reports_within, whole_reports
from hnb.budget_tree import budget_tree
from hnb.codelists import CODELISTS
from hnb.metrics import MEASURES, Selection
from hnb.monthly_budget import monthly_budget

PATH = "/budget"
DEPTHS = CODELISTS["budget_levels"].codes
"""How deep the table can go: groups, lines, leaves."""

_BUDGET_FIELDS = ("financial_year", "setting", "phase", "line", "authority", "as_at")


@dataclass(frozen=True)
class YearOfBudget:
    """One report of one financial year of a view; `depth` is how deep its tree is told."""

    view: View
    depth: str

    @classmethod
    def read(cls, query: str) -> YearOfBudget:
        """What the query asks for."""
        asked = dict(parse_qsl(query)).get("depth", "")
        return cls(View.read(query), asked if asked in DEPTHS else "line")

    @cached_property
    def narrowed(self) -> Selection:
        """What is selected, of every year and report."""
        return self.view.selection.with_(years=(), as_at="")

    @cached_property
    def told_by(self) -> Selection:
        """The part of that by which a budget is told: what else is selected changes none of its figures."""
        return self.narrowed.with_(needs=(), providers=(), in_borough=None)

    @cached_property
    def reports(self) -> polars.DataFrame:
        """Every report of every year."""
        return self.view.data.worked_out(_reports, self.told_by)

    @cached_property
    def _told(self) -> dict[str, dict[str, bool]]:
        """The dates of each year's reports, and whether each has the outturn."""
        return self.view.data.worked_out(_reports_told, self.told_by)

    @cached_property
    def year(self) -> str:
        """The year in focus: the last of those selected that has a report, or the last that has one; "" for none."""
        asked = [year for year in self._told if year in self.view.selection.years]
        return (asked or ([] if self.view.selection.years else list(self._told)) or [""])[-1]

    @cached_property
    def dates(self) -> tuple[str, ...]:
        """The dates of the year's reports, ascending."""
        return tuple(self._told.get(self.year, ()))

    @cached_property
    def as_at(self) -> str:
        """The date of the report that is shown: the latest by the date that the link names, or of all."""
        wanted = self.view.selection.as_at
        by_then = [date for date in self.dates if not wanted or date <= wanted]
        return (by_then or list(self.dates) or [""])[-1]

    @cached_property
    def before(self) -> str:
        """The date of the report before that; "" where it is the year's first."""
        earlier = [date for date in self.dates if date < self.as_at]
        return earlier[-1] if earlier else ""

    @cached_property
    def is_closed(self) -> bool:
        """Whether the report has the year's outturn."""
        return self._told.get(self.year, {}).get(self.as_at, False)

    @cached_property
    def tree(self) -> polars.DataFrame:
        """The report's tree, every level."""
        return self.view.data.worked_out(_tree, self.told_by, self.year, self.as_at)

    @cached_property
    def whole(self) -> dict[str, Any]:
        """The tree's whole."""
        return self.tree.row(-1, named=True)

    @cached_property
    def level(self) -> str:
        """The level that charts and sentences tell: groups where the table stops there, leaves of a single line, else lines."""
        lines = self.tree.filter(polars.col("level") == "line").height
        return "group" if self.depth == "group" else "leaf" if lines == 1 else "line"

    @property
    def level_words(self) -> str:
        """The same in words."""
        return wording.lowered(CODELISTS["budget_levels"].short(self.level))

    @cached_property
    def report(self) -> Selection:
        """The selection of the report that is shown: its year and its date."""
        return self.narrowed.with_(years=(self.year,), as_at=self.as_at)

    @cached_property
    def _report_told_by(self) -> Selection:
        return self.told_by.with_(years=(self.year,), as_at=self.as_at)

    @cached_property
    def months(self) -> polars.DataFrame:
        """The report by month; no rows where it has no months of its own."""
        found = self.view.data.worked_out(monthly_budget, self._report_told_by)
        return found if self.has_months else found.clear()

    @cached_property
    def has_months(self) -> bool:
        """Whether the months that are loaded are this report's and no earlier one's."""
        held = (
            self.view.answer("month_profile", self._report_told_by, ("as_at",)),
            self.view.answer("month_actual", self._report_told_by, ("as_at",)),
        )
        return any(self.as_at in answer["as_at"].to_list() for answer in held)

    @cached_property
    def forecasts(self) -> polars.DataFrame:
        """The four forecasts by line; no rows once the year is closed."""
        found = self.view.data.worked_out(_forecasts, self.told_by, self.year, self.as_at)
        return found.clear() if self.is_closed or self.whole["actual_to_date"] is None else found

    @cached_property
    def past(self) -> polars.DataFrame:
        """What each way would have given in past years, by line."""
        return self.view.data.worked_out(_past_forecasts, self.told_by, self.year, self.as_at)

    @cached_property
    def past_years(self) -> polars.DataFrame:
        """The same in all, a row a year."""
        return forecast.added_up(self.past, ("financial_year",))

    @cached_property
    def in_common(self) -> tuple[str, ...]:
        """The past years on which every way was tested."""
        return forecast.years_in_common(self.past_years)

    @cached_property
    def errors_in_common(self) -> polars.DataFrame:
        """Each way's error on those years."""
        return forecast.errors(self.past_years.filter(polars.col("financial_year").is_in(self.in_common)))

    @cached_property
    def side_by_side(self) -> list[dict[str, Any]]:
        """A row a way to forecast with its error, none once the year is closed."""
        if not self.forecasts.height:
            return []
        return forecast.side_by_side(self.forecasts, self.past).to_dicts()

    @cached_property
    def past_with_errors(self) -> polars.DataFrame:
        """What each way would have given in each past year, and how far that was off."""
        return forecast.with_errors(self.past_years)

    @cached_property
    def when(self) -> str:
        """The year and the report's date, in words."""
        return f"{self.year}, as at {wording.date(self.as_at)}"

    @cached_property
    def about(self) -> str:
        """What is selected, for the line under a heading; "" where it is everything."""
        is_narrowed = set(self.told_by.chosen) - {"authority"}
        return f"; {wording.lowered(self.told_by.about())}" if is_narrowed else ""

    @cached_property
    def notes(self) -> tuple[str, ...]:
        """A sentence for each thing that was asked and cannot be shown."""
        wanted, found = self.view.selection.as_at, []
        if self.year and wanted and not any(date <= wanted for date in self.dates):
            found.append(f"No report of {self.year} was made by {wording.date(wanted)}: its latest is shown.")
        if self.year and len(self.view.selection.years) > 1:
            found.append(f"The budget is told one year at a time: {self.year} is shown.")
        lacking = [name for name in self.view.selection.chosen if name not in _BUDGET_FIELDS]
        said = wording.not_split(MEASURES["forecast"].title, lacking)
        return (*found, *([said] if said else []))

    def address(self, selection: Selection | None = None, **more: str) -> str:
        """The page on another selection or with other choices of its own."""
        own = {"depth": self.depth if self.depth != "line" else ""}
        return page_address(PATH, self.view.selection if selection is None else selection, **(own | more))

    @cached_property
    def leaves(self) -> list[dict[str, Any]]:
        """The keys of the tree's leaves."""
        return (
            self.tree.filter(polars.col("level") == "leaf")
            .select("group", "line", "setting", "phase")
            .to_dicts()
        )

    def selection_of(self, row: dict[str, Any]) -> Selection:
        """The selection of a row of the tree: its lines, and its settings and phase where they tell it from others."""
        place = tuple(row[name] for name in ("group", "line", "setting", "phase"))
        if place not in self._selections:
            self._selections[place] = self._selection_of(row)
        return self._selections[place]

    @cached_property
    def _selections(self) -> dict[tuple[Any, ...], Selection]:
        """Those asked for: each row of the tree leads to four places."""
        return {}

    def _selection_of(self, row: dict[str, Any]) -> Selection:
        keys = {name: row[name] for name in ("group", "line", "setting", "phase") if row[name] is not None}
        if not keys:
            return self.report
        of_row = [leaf for leaf in self.leaves if all(leaf[name] == value for name, value in keys.items())]
        lines = {leaf["line"] for leaf in of_row}
        chosen = self.report.with_(lines=tuple(lines))
        # A line that stands in two groups is told apart by its settings.
        groups = {leaf["group"] for leaf in self.leaves if leaf["line"] in lines}
        if row["setting"] is not None or len(groups) > 1:
            chosen = chosen.with_(settings=tuple({leaf["setting"] for leaf in of_row}))
        return chosen.with_(phases=(row["phase"],)) if row["phase"] in CODELISTS["phases"].codes else chosen

    def spend_address(self, row: dict[str, Any]) -> str:
        """The page Spend on a row of the tree."""
        return page_address("/spend", self.selection_of(row).with_(as_at=""))

    def changed_address(self, row: dict[str, Any]) -> str:
        """The page What changed on a row of the tree, from the year before."""
        pair = (years.previous_year(self.year), self.year)
        return page_address("/changed", self.selection_of(row).with_(years=pair, as_at=""))

    def rows_of(self, row: dict[str, Any]) -> str:
        """The very rows of the monitor behind a row of the tree."""
        return rows_address("outturn" if self.is_closed else "forecast", self.selection_of(row))


# What a snapshot remembers, from arguments that can be remembered by.


def _reports(data: Data, selection: Selection) -> polars.DataFrame:
    return reports_within(data.worked_out(report_amounts, whole_reports(selection)), selection)


def _reports_told(data: Data, selection: Selection) -> dict[str, dict[str, bool]]:
    return reports_told(data.worked_out(_reports, selection))


def _tree(data: Data, selection: Selection, year: str, as_at: str) -> polars.DataFrame:
    return budget_tree(data.worked_out(_reports, selection), year, as_at)


def _forecasts(data: Data, selection: Selection, year: str, as_at: str) -> polars.DataFrame:
    return forecast.forecasts(data, selection, data.worked_out(_reports, selection), year, as_at)


def _past_forecasts(data: Data, selection: Selection, year: str, as_at: str) -> polars.DataFrame:
    return forecast.past_forecasts(data, selection, data.worked_out(_reports, selection), year, as_at)
