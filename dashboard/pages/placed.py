"""What the pages about placements are asked to show: a view of the register with the choices of each page."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl, quote

import polars

from dashboard.components.links import page_address
from dashboard.data import Data
from dashboard.pages.view import View
from hnb import wording, years
from hnb.codelists import CODELISTS
from hnb.errors import HnbError
from hnb.findings import placements as findings
from hnb.metrics import Selection
from hnb.placement_flow import DIMENSIONS, Flow, flow_between, placed_on_count, years_between
from hnb.placement_providers import providers, whole
from hnb.placement_register import LISTS, ORDERS, Wanted, exception_list, placement_list

PATH, LIST_PATH, ONE_PATH, EXCEPTIONS_PATH = (
    "/placements", "/placements/list", "/placements/one", "/placements/exceptions",
)  # fmt: skip

A_PAGE = 50
"""Placements that a page of the list has."""

PROVIDERS_SHOWN = 25
FIRST_SHOWN = 10
"""Placements that the page about all of them shows of its list."""

YEARS_SHOWN = 2
"""Years whose months are drawn where none is chosen."""

_LONGEST_TEXT, _LONGEST_NUMBER = 80, 60


@dataclass(frozen=True)
class Placed:
    """A view of the register with what its pages' choices are; `notes` says which of them could not be read.

    between: what the flow is between. kind: a kind of exception, "" for all. page: of a list, from 1.
    """

    view: View
    between: str
    wanted: Wanted
    kind: str
    page: int
    notes: tuple[str, ...]

    @classmethod
    def read(cls, query: str) -> Placed:
        """What the query asks for."""
        view = View.read(query)
        given = dict(parse_qsl(query))
        notes: list[str] = []

        def among(name: str, known: tuple[str, ...], usual: str) -> str:
            asked = given.get(name, "")
            if asked and asked not in known:
                notes.append(f"“{asked[:20]}” is not among what “{name}” can be and was left out.")
            return asked if asked in known else usual

        since = _since(given.get("since", ""), notes)
        text = " ".join(given.get("find", "").split())[:_LONGEST_TEXT]
        wanted = Wanted(among("list", LISTS, "all"), since, text, among("order", ORDERS, "annual_cost"))
        kind = among("exception", CODELISTS["problem_kinds"].members("placement"), "")
        page = given.get("page", "1")
        if not (page.isascii() and page.isdigit() and int(page[:9]) > 0):
            notes.append(f"“{page[:20]}” is not the number of a page and was left out.")
            page = "1"
        return cls(
            view, among("between", DIMENSIONS, "setting_group"), wanted, kind, int(page[:9]), tuple(notes)
        )

    @property
    def year(self) -> str:
        """The year in focus."""
        return self.view.year

    @property
    def selection(self) -> Selection:
        """What is looked at, without years."""
        return self.view.selection.with_(years=())

    @property
    def is_loaded(self) -> bool:
        """Whether there is a register with its sums."""
        return self.view.has("month_placements") and self.view.has("full_year_effect")

    @cached_property
    def months_of(self) -> Selection:
        """The years whose months are drawn: those chosen, or else the last two."""
        chosen = self.view.selection.years or self.view.years[-YEARS_SHOWN:]
        return self.view.selection.with_(years=tuple(chosen))

    @cached_property
    def split(self) -> str:
        """What the lines of the months are: groups of settings, or the settings of the one that is chosen."""
        groups = {CODELISTS["settings"].group(code) for code in self.view.selection.settings}
        return "setting" if len(groups) == 1 else "setting_group"

    @cached_property
    def register_on(self) -> datetime.date | None:
        """The date to which the register of the year in focus is kept; None where there is none."""
        return self.view.data.worked_out(_register_on, self.view.selection.authority, self.year)

    @property
    def as_at(self) -> str:
        """The same in words, or an empty text."""
        return wording.date(self.register_on) if self.register_on else ""

    # ---------------------------------------------------------------------------- the tables

    @cached_property
    def providers(self) -> polars.DataFrame:
        """Providers of the year in focus, the dearest first."""
        return self.view.data.worked_out(providers, self.selection, self.year)

    @cached_property
    def all_providers(self) -> dict[str, Any]:
        """The same of all of them together."""
        return self.view.data.worked_out(whole, self.selection, self.year)

    @cached_property
    def beside(self) -> str:
        """What is spent beside the placements of the year in focus, in a sentence; "" where nothing is."""
        by_part = self.view.answer("spend", self.view.of_year, ("part",)) if self.view.has("spend") else None
        return "" if by_part is None else findings.beside_the_register(by_part, self.year)

    @cached_property
    def flow_years(self) -> tuple[str, str] | None:
        """The two years between which children moved; None without two."""
        return years_between(self.view.years, self.view.selection.years)

    @cached_property
    def flow(self) -> Flow | None:
        """Where children moved from and to; None without two registers."""
        if self.flow_years is None:
            return None
        try:
            return self.view.data.worked_out(_flow, self.selection, *self.flow_years, self.between)
        except HnbError:  # a year of figures without a register
            return None

    @cached_property
    def exceptions(self) -> polars.DataFrame:
        """What is to be looked at of the year's register."""
        return self.view.data.worked_out(exception_list, self.selection, self.year, self.kind)

    @cached_property
    def listed(self) -> polars.DataFrame:
        """The placements that the list shows, in its order."""
        return self.view.data.worked_out(placement_list, self.selection, self.year, self.wanted)

    # ---------------------------------------------------------------------------- addresses

    def address(self, path: str, selection: Selection | None = None, **changes: str) -> str:
        """A page on this or another selection with the choices made so far, some of them changed; "" takes one away."""
        own = {
            "list": self.wanted.shown if self.wanted.shown != "all" else "",
            "since": str(self.wanted.since) if self.wanted.since else "",
            "find": self.wanted.text,
            "order": self.wanted.order if self.wanted.order != "annual_cost" else "",
        }
        keep = own if path == LIST_PATH else {}
        return page_address(path, selection or self.view.selection, **(keep | changes))

    def of_placement(self, placement_id: str) -> str:
        """The page of one placement."""
        return f"{ONE_PATH}?placement={quote(placement_id)}"

    def starts_since(self) -> list[tuple[str, str]]:
        """The first days of the months of the year in focus, up to its register: what a list can begin from."""
        if not self.year or self.register_on is None:
            return []
        edge = self.register_on
        return [(str(month), wording.date(month)) for month in years.months_of(self.year) if month <= edge]


# What a snapshot remembers, from arguments that can be remembered by.


def _register_on(data: Data, authority: str, year: str) -> datetime.date | None:
    is_own = (polars.col("authority") == authority) & (polars.col("financial_year") == year)
    found: Any = data.table("placements").filter(is_own)["register_as_at"].max()
    return found


def _flow(data: Data, selection: Selection, before: str, after: str, by: str) -> Flow:
    held = [data.worked_out(placed_on_count, selection.authority, year) for year in (before, after)]
    return flow_between(held[0], held[1], selection, by)


def _since(given: str, notes: list[str]) -> datetime.date | None:
    if not given:
        return None
    try:
        return datetime.date.fromisoformat(given[:10])
    except ValueError:
        notes.append(f"“{given[:20]}” is not a date and was left out.")
        return None


def row_address(source: Any) -> str:
    """The page that shows what stands at a file's row; "" where the address is not of a file."""
    return f"/rows?source={quote(str(source))}" if source and "!" in str(source) else ""


def placement_number(query: str) -> str:
    """The number of the placement that a query asks for, or an empty text."""
    return dict(parse_qsl(query)).get("placement", "").strip()[:_LONGEST_NUMBER]
