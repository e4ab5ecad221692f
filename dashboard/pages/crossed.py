"""What the spend page crosses: a measure by two dimensions of a view, and how it narrows from there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl

import polars

from dashboard.components.links import has_page, page_address
from dashboard.pages.view import View
from hnb import real_terms, wording
from hnb.codelists import CODELISTS
from hnb.courses import Course, course, courses
from hnb.metrics import MEASURES, Measure, Selection

PATH = "/spend"
PLACEMENTS_PATH = "/placements"
COURSES_SHOWN = 12
"""Rows whose course is shown."""
DIMENSIONS = ("setting_group", "setting", "phase", "need", "line", "in_borough", "provider")
"""What can stand in rows; all but the providers, who are too many, can stand in columns."""


def choices() -> tuple[str, ...]:
    """The measures that the page can cross: of spend, placements and unit cost, each kind of money, and the installation's own."""
    return tuple(name for name, measure in MEASURES.items() if _can_be_crossed(measure))


def _can_be_crossed(measure: Measure) -> bool:
    """Whether a measure is of this page, or the installation's own, and has two dimensions to be crossed by."""
    is_of_page = measure.table in ("spend", "budget") or measure in MEASURES.declared
    return is_of_page and len((set(DIMENSIONS) - {"provider"}) & set(measure.dimensions)) > 1


@dataclass(frozen=True)
class Crossed:
    """What the page crosses: the view with the measure and the two dimensions that its address asks for.

    A dimension that the measure does not have, or that is asked for twice, gives way to the first that
    fits; `notes` says so.
    """

    view: View
    measure: Measure
    rows: str
    columns: str
    notes: tuple[str, ...]
    prices: str = real_terms.CASH

    @classmethod
    def read(cls, view: View) -> Crossed:
        """The crossing of a view."""
        given = dict(parse_qsl(view.query))
        measure = MEASURES[given["measure"]] if given.get("measure") in choices() else MEASURES["spend"]
        known = [name for name in DIMENSIONS if name in measure.dimensions]
        notes = []
        asked = {name: given[name] for name in ("rows", "columns") if given.get(name) in DIMENSIONS}
        for wanted in asked.values():
            if wanted not in known:
                notes.append(wording.not_split(measure.title, (wanted,)).split(":")[0] + ".")
        free = free_dimensions(view.selection, known)
        rows = asked.get("rows") if asked.get("rows") in known else free[0]
        columns = asked.get("columns")
        if columns not in known or columns in (rows, "provider"):
            columns = next(name for name in (*free[1:], *free, *known) if name not in (rows, "provider"))
        prices = given.get("prices", real_terms.CASH)
        if not real_terms.is_choice(prices):
            notes.append("There is no deflator for the prices asked for, so figures are in cash.")
            prices = real_terms.CASH
        return cls(view, measure, str(rows), columns, tuple(notes), prices)

    @cached_property
    def selection(self) -> Selection:
        """The years that are selected together, or the latest alone where none is."""
        return self.view.selection if self.view.selection.years else self.view.of_year

    @cached_property
    def when(self) -> str:
        """Of which years the table is, in words."""
        chosen = self.selection.years
        if self.measure.is_stock and len(chosen) > 1:
            return self.view.year
        return Selection(years=chosen).words().rpartition("needs, ")[2]

    def answer(self, *by: str, selection: Selection | None = None) -> polars.DataFrame:
        """The measure of the table's selection, split by some dimensions."""
        return self.view.answer(self.measure.name, self.selection if selection is None else selection, by)

    @cached_property
    def all_years(self) -> Selection:
        """What the charts over the years show: every year there is, unless several were chosen."""
        selection = self.view.selection
        return selection if len(selection.years) > 1 else selection.with_(years=())

    def over_the_years(self, *by: str, measure: str = "") -> polars.DataFrame:
        """A measure (the page's own by default) by the dimensions given and by year, in the prices chosen."""
        name = measure or self.measure.name
        answer = self.view.answer(name, self.all_years, (*by, "financial_year"))
        return real_terms.in_prices(answer, MEASURES[name], self.prices)

    @cached_property
    def courses(self) -> tuple[Course, ...]:
        """The course of each row over the years; of a long list the rows that are largest in their last year."""
        found = courses(self.over_the_years(self.rows), self.measure, self.rows)
        if len(found) <= COURSES_SHOWN:
            return found
        size = {one.code: abs(one.value(one.last) or 0.0) for one in found}
        kept = set(sorted(size, key=lambda code: -size[code])[:COURSES_SHOWN])
        return tuple(one for one in found if one.code in kept)

    @cached_property
    def course(self) -> Course:
        """The course of all that is selected."""
        return course(self.over_the_years())

    @property
    def unit(self) -> str:
        """The measure's unit with its prices where they are not cash: "£, 2025-26 prices"."""
        is_real = self.measure.in_pounds and self.prices != real_terms.CASH
        return f"{self.measure.unit}, {real_terms.words(self.prices)}" if is_real else self.measure.unit

    def behind(self, row: Any, column: Any) -> str:
        """The address of the placements behind a cell; "" where none can be, as of services."""
        cut = {self.rows: row, self.columns: column}
        if self.measure.table != "spend" or not is_of_placements(cut):
            return ""
        selection = self.selection
        for dimension, value in cut.items():
            selection = narrow(selection, dimension, value)
        return page_address(PLACEMENTS_PATH, selection)

    def cell(self, row: Any, column: Any) -> str:
        """Where a figure of the table leads: it narrows, and once two dimensions are narrowed, to the placements."""
        if self.is_narrow and has_page(PLACEMENTS_PATH):
            return self.behind(row, column) or self.narrowed(**{self.rows: row, self.columns: column})
        return self.narrowed(**{self.rows: row, self.columns: column})

    @property
    def is_narrow(self) -> bool:
        """Whether two dimensions are narrowed already, so that the next press asks for the placements."""
        return len(set(self.view.selection.chosen) - {"authority", "financial_year", "as_at"}) > 1

    def address(self, selection: Selection, **more: str) -> str:
        """The page on another selection, with its own choices."""
        own = {
            "prices": self.prices if self.prices != real_terms.CASH else "",
            "rows": self.rows,
            "columns": self.columns,
            "measure": self.measure.name if self.measure.name != "spend" else "",
        }
        return page_address(PATH, selection, **(own | more))

    def narrowed(self, **values: Any) -> str:
        """The address that narrows to a value of one or two dimensions, crossing what is still free; "" if it cannot."""
        selection = self.view.selection
        for dimension, value in values.items():
            if value is None:
                return ""
            selection = narrow(selection, dimension, value)
        if selection == self.view.selection:
            return ""
        known = [name for name in DIMENSIONS if name in self.measure.dimensions]
        free = free_dimensions(selection, known)
        rows = (
            self.rows
            if self.rows in free
            else next((name for name in free if name != self.columns), self.rows)
        )
        across = [name for name in free if name not in (rows, "provider")]
        columns = (
            self.columns
            if self.columns in across
            else (across or [name for name in known if name not in (rows, "provider")])[0]
        )
        return self.address(selection, rows=rows, columns=columns)


def is_of_placements(cut: Mapping[str, Any]) -> bool:
    """Whether a cell of these dimensions can hold children's placements."""
    nobody = {"not_by_phase", "not_by_need", "central", "services", None}
    return not nobody & set(cut.values())


def narrow(selection: Selection, dimension: str, value: Any) -> Selection:
    """The selection cut to one value of a dimension; a group stands for those of its settings that are selected."""
    if dimension == "setting_group":
        members = CODELISTS["settings"].members(value)
        kept = tuple(code for code in members if not selection.settings or code in selection.settings)
        return selection.with_(settings=kept or members)
    field = {
        "setting": "settings",
        "phase": "phases",
        "need": "needs",
        "line": "lines",
        "provider": "providers",
    }
    if dimension == "in_borough":
        return selection.with_(in_borough=value)
    return selection.with_(**{field[dimension]: (value,)})


def free_dimensions(selection: Selection, known: list[str]) -> list[str]:
    """The dimensions that a selection leaves more than one value of, in order; all of them if none is left."""
    groups = {CODELISTS["settings"].group(code) for code in selection.settings}
    single = {
        "setting_group": len(groups) == 1,
        "setting": len(selection.settings) == 1,
        "phase": len(selection.phases) == 1,
        "need": len(selection.needs) == 1,
        "line": len(selection.lines) == 1,
        "in_borough": selection.in_borough is not None,
        "provider": len(selection.providers) == 1,
    }
    order = ("setting_group", "setting", "phase", "need", "provider", "line", "in_borough")
    # Without a selection the page opens on groups by phase, not on groups by setting.
    order = (
        order
        if len(groups) == 1
        else ("setting_group", "phase", "need", "setting", "provider", "line", "in_borough")
    )
    free = [name for name in order if name in known and not single[name]]
    return free or list(known)
