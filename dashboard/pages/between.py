"""What the page What changed is asked to show: two years of a view, and what the table has in its rows."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl

import polars

from dashboard.components.links import page_address
from dashboard.pages.crossed import narrow
from dashboard.pages.view import View
from hnb import years
from hnb.codelists import CODELISTS
from hnb.growth import DIMENSIONS, growth
from hnb.metrics import Selection

PATH = "/changed"


@dataclass(frozen=True)
class Changed:
    """Two years of a view, and what the table has in its rows."""

    view: View
    rows: str

    @classmethod
    def read(cls, query: str) -> Changed:
        """What the query asks for."""
        view = View.read(query)
        asked = dict(parse_qsl(query)).get("rows")
        groups = {CODELISTS["settings"].group(code) for code in view.selection.settings}
        usual = (
            "setting"
            if len(groups) == 1 and len(view.selection.settings) != 1
            else "need"
            if len(groups) == 1
            else "setting_group"
        )
        return cls(view, asked if asked in DIMENSIONS else usual)

    @cached_property
    def pair(self) -> tuple[str, str] | None:
        """The first and the last of the years chosen; the year before stands with one alone; None without two."""
        there, asked = self.view.years, self.view.selection.years
        known = [year for year in there if year in asked] or list(there[-1:])
        if len(known) == 1 and years.previous_year(known[0]) in there:
            known.insert(0, years.previous_year(known[0]))
        return (known[0], known[-1]) if len(known) > 1 else None

    @property
    def before(self) -> str:
        """The earlier year."""
        return self.pair[0] if self.pair else ""

    @property
    def after(self) -> str:
        """The later year."""
        return self.pair[1] if self.pair else ""

    @cached_property
    def selection(self) -> Selection:
        """What is looked at, without years."""
        return self.view.selection.with_(years=())

    def growth(self, *by: str) -> polars.DataFrame:
        """The change between the two years, in its effects."""
        return growth(self.view.data, self.selection, self.before, self.after, by)

    @cached_property
    def whole(self) -> dict[str, Any]:
        """The same, of everything selected."""
        return self.growth().row(0, named=True)

    @cached_property
    def is_forecast(self) -> bool:
        """Whether one of the two years is a forecast."""
        status = self.view.answer("spend", self.selection.with_(years=self.pair or ()))["status"].to_list()
        return "estimated" in status

    def address(self, **values: Any) -> str:
        """The page narrowed to a value of a dimension, its rows chosen anew; "" where that narrows nothing."""
        selection = self.view.selection
        for dimension, value in values.items():
            selection = narrow(selection, dimension, value)
        return page_address(PATH, selection) if selection != self.view.selection else ""
