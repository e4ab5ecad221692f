"""Two selections beside each other as listings: the core measures, and spend by year, setting and need."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl, urlencode

import polars

from dashboard.components.records import RecordColumn
from dashboard.data import Data, request_data
from dashboard.listing import Listing
from dashboard.roles import ANALYST, each_for_role
from hnb import wording
from hnb.metrics import MEASURES, Selection
from hnb.side_by_side import DIMENSIONS, Beside, figures_beside, spend_beside

PATH = "/side-by-side"
SIDES = ("a", "b")
"""The two parameters of the address, each the query of a selection."""


@dataclass(frozen=True)
class Pair:
    """The two selections of an address, with the years each is taken at; `dropped` says what could not be read."""

    data: Data
    queries: tuple[str, str]
    selections: tuple[Selection, Selection]
    dropped: tuple[str, ...]

    @classmethod
    def read(cls, query: str) -> Pair:
        """The pair of a query; a side that is not there is everything."""
        data, given = request_data(), dict(parse_qsl(query))
        queries = (given.get("a", ""), given.get("b", ""))
        read = [Selection.read(text) for text in queries]
        selections = tuple(selection.with_(authority=data.configuration.authority) for selection, _ in read)
        dropped = tuple(
            f"{side.upper()}: {sentence}"
            for side, (_, notes) in zip(SIDES, read, strict=True)
            for sentence in notes
        )
        return cls(data, queries, (selections[0], selections[1]), dropped)

    @cached_property
    def at_years(self) -> tuple[Selection, Selection]:
        """The two at a year: the last of those selected, or the last that there is spend of."""
        first, second = (self._at_year(selection) for selection in self.selections)
        return first, second

    def _at_year(self, selection: Selection) -> Selection:
        authority = Selection(authority=selection.authority)
        there = self.data.answer("spend", authority, ("financial_year",))["financial_year"].to_list()
        known = [year for year in there if not selection.years or year in selection.years]
        return selection.with_(years=(known[-1],)) if known else selection

    @property
    def is_same(self) -> bool:
        """Whether both are one selection, as on a page that nothing was chosen on yet."""
        return self.at_years[0] == self.at_years[1]

    @cached_property
    def words(self) -> tuple[str, str]:
        """What each of the two is, in words."""
        first, second = (
            f"{side.upper()}: {selection.words()}"
            for side, selection in zip(SIDES, self.at_years, strict=True)
        )
        return first, second

    @cached_property
    def figures(self) -> tuple[Beside, ...]:
        """The core measures of both."""
        return figures_beside(self.data, *self.at_years)

    def spend(self, by: str) -> polars.DataFrame:
        """The spend of both by one dimension; by year over all years, whatever the year of either."""
        return spend_beside(self.data, *self.for_split(by), by)

    def for_split(self, by: str) -> tuple[Selection, Selection]:
        """The two as a split by a dimension takes them."""
        if by != "financial_year":
            return self.at_years
        first, second = (selection.with_(years=()) for selection in self.selections)
        return first, second

    def address(self, **sides: str) -> str:
        """The page with one of its sides changed."""
        now = dict(zip(SIDES, self.queries, strict=True)) | sides
        return f"{PATH}?{urlencode({side: text for side, text in now.items() if text})}"

    @property
    def query(self) -> str:
        """The query of the page as it is."""
        return self.address().partition("?")[2]


def figures(query: str) -> Listing:
    """The core measures of two selections and their differences."""
    pair = Pair.read(query)
    columns = (
        RecordColumn("title", "Figure"),
        RecordColumn("first_words", pair.words[0], "worded"),
        RecordColumn("second_words", pair.words[1], "worded"),
        RecordColumn("difference", "B against A", "worded"),
    )
    rows = [
        {name: getattr(line, name) for name in ("title", "first_words", "second_words", "difference")}
        for line in pair.figures
    ]
    return Listing(
        "Two selections side by side", f"{pair.words[0]}; {pair.words[1]}", columns, rows, about=_about(pair),
        caution=MEASURES["spend"].caution, tables=("spend",),
    )  # fmt: skip


def spend_by(pair: Pair, by: str) -> Listing:
    """Spend of two selections by one dimension, with the difference in pounds and in words."""
    frame = pair.spend(by)
    whole = spend_total(pair, by)
    title = wording.lowered(wording.dimension_title(by))
    columns = (
        RecordColumn(by, wording.dimension_title(by), words=lambda code: wording.label(by, code) if code != "Together" else code),
        RecordColumn("first", "A", "pounds"),
        RecordColumn("second", "B", "pounds"),
        RecordColumn("difference", "B less A", "change"),
        RecordColumn("words", "In words"),
    )  # fmt: skip
    rows = [
        {**row, "words": wording.compared(MEASURES["spend"], row["second"], row["first"], "A")}
        for row in frame.iter_rows(named=True)
    ]
    selected = "; ".join(
        f"{side.upper()}: {selection.words()}"
        for side, selection in zip(SIDES, pair.for_split(by), strict=True)
    )
    return Listing(
        f"Spend by {title}, side by side", f"Spend by {title}, £. {selected}", columns, rows,
        {by: "Together", **whole}, about=_about(pair), caution=MEASURES["spend"].caution, tables=("spend",),
    )  # fmt: skip


def spend_total(pair: Pair, by: str) -> dict[str, Any]:
    """The spend of both, undivided, and the difference: answers of their own, not sums of rows."""
    values = [pair.data.answer("spend", selection)["value"].to_list() for selection in pair.for_split(by)]
    first, second = (found[0] if found else None for found in values)
    gap = round(second - first, 2) if first is not None and second is not None else None
    return {"first": first, "second": second, "difference": gap}


def _about(pair: Pair) -> tuple[tuple[str, str], ...]:
    return (("A", pair.words[0]), ("B", pair.words[1]), ("Source", MEASURES["spend"].source))


def _maker(by: str) -> Any:
    return lambda query: spend_by(Pair.read(query), by)


LISTINGS = each_for_role(
    ANALYST,
    {
        "side-by-side": figures,
        **{f"side-by-side-{by.replace('_', '-')}": _maker(by) for by in DIMENSIONS},
    },
)
