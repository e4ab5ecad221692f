"""One pack: a publication's views with what every page of every format says about them. Draws and writes nothing.

The four formats (`page`, `paper`, `slides`, `workbook`) read this and work nothing out, so that they cannot differ.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

from dashboard.figures.palette import HEAT
from hnb import wording
from hnb.codelists import CODELISTS
from hnb.errors import HnbError
from hnb.meeting import Said, Table, View
from hnb.published import Published

METHOD = "What the figures are, and what is hidden"
"""The heading of what stands at the end of every format."""


@dataclass(frozen=True)
class Pack:
    """The views of a publication for the audience "pack". HnbError where one holds a value that is hidden."""

    published: Published
    views: tuple[View, ...]

    def __post_init__(self) -> None:
        for view in self.views:
            if any(one.value is not None and one.status == "suppressed" for one in said_of(view)):
                raise HnbError(
                    f"The view {view.view_id} holds a figure that is hidden, so no pack is made. Publish again: "
                    "python -m dashboard publish. If it stays so, it is a fault of the program."
                )

    @property
    def title(self) -> str:
        """Such as "High Needs Block, Sutton"."""
        return f"{self.published.block_name}, {self.published.authority_name}"

    @property
    def subtitle(self) -> str:
        """For whom: "Paper for the Sutton Education Partnership"."""
        return f"Paper for the {self.published.board_name}"

    @property
    def as_at(self) -> str:
        """The date of the figures in words, as it stands on every page: "Figures as at 31 October 2026"."""
        day = self.published.as_at
        return f"Figures as at {wording.date(day)}" if day else "The figures carry no date"

    def source(self, view: View) -> str:
        """Where a view's figures come from and as at when, as it stands at the foot of each of its pages."""
        day = self.published.as_at
        is_said = day is not None and wording.date(day) in view.source
        said = view.source if view.source.startswith("Source") else f"Source: {view.source}"
        return said.rstrip(".") + "." + ("" if is_said else f" {self.as_at}.")

    @property
    def number(self) -> str:
        """The publication's number: "000003"."""
        return self.published.publication_id.partition("-")[0]

    @property
    def stem(self) -> str:
        """The name of the files without its ending, the same for the same publication."""
        words = re.sub(r"[^a-z0-9]+", "-", self.title.lower()).strip("-")
        day = self.published.as_at
        return "-".join([words, "pack", self.number, *([day.isoformat()] if day else [])])

    @cached_property
    def method(self) -> tuple[tuple[str, str], ...]:
        """What a reader must know of the figures, as pairs of a heading and a sentence or two."""
        published, rules, account = self.published, self.published.rules, self.published.account
        most = wording.count(rules.threshold - 1)
        forecasts = wording.listed(published.forecast_years)
        return (
            ("What this is", f"{self.title}: what is published to the {published.board_name}. No row about one child is in it or was read to make it."),
            ("Figures as at", wording.date(published.as_at) if published.as_at else "No date is recorded"),
            ("Publication", f"{published.publication_id}, made on {wording.date(published.published_at.date())} from the tables {published.snapshot_id}"),
            *([("Forecasts", f"{forecasts} is not closed: its figures are estimates. They are drawn dashed, hatched or with an open mark, and have a dotted line or a shade in tables.")] if forecasts else []),
            ("Small numbers", f"A count of children from 1 to {most} is hidden, and with it every figure of the same cell: its spend, average, share and change. Nought is shown as nought. The threshold of {wording.count(rules.threshold)} is a setting; the council's data protection officer decides it."),
            ("Costs of a few", f"A cost is also hidden where its two largest children or providers make more than {wording.share(rules.two_largest, places=0)} of it, or where the rest is less than {wording.share(rules.remainder, places=0)} of the largest, so that the one could work the other out."),
            ("What else is hidden", f"Some further cells are hidden so that no hidden one can be worked out from totals and neighbours: a hidden small count may be anything from 1 to {most}, and a hidden cost stays uncertain by {wording.share(rules.margin, places=0)} each way. The two kinds are not told apart."),
            ("How much is shown", f"{wording.count(account.cells_shown)} of {wording.count(account.cells)} cells that are not nought ({wording.share(account.share_shown)}), over all tables and years; of the placements in them {wording.share(account.children_share)}, of the pounds {wording.share(account.amount_share)}. Categories were merged before anything was hidden, so that as little as possible had to be."),
        )  # fmt: skip

    @property
    def signs(self) -> tuple[tuple[str, str], ...]:
        """Each sign that can stand for a figure, with what it means."""
        return tuple(
            (entry.details["sign"], f"{entry.label}. {entry.meaning}")
            for entry in CODELISTS["result_statuses"].entries.values()
            if entry.details["sign"]
        )


def brief_part(view: View) -> str:
    """What a view is of, in a word or two: "Recommendation 1 of 9" without the recommendation's own words."""
    return view.part.partition(":")[0]


def said_of(view: View) -> Iterator[Said]:
    """Every number of a view: of its tiles, its chart and its table."""
    yield from (tile.said for tile in view.tiles)
    if view.chart is not None:
        for series in view.chart.series:
            yield from series.points
    if view.table is not None:
        rows = [*view.table.rows, *([view.table.whole] if view.table.whole else [])]
        for _, figures in rows:
            yield from figures


def heat_step(table: Table | None) -> Callable[[Said], int | None]:
    """How dark a cell of the table is, 0 the weakest; None where it is not to be coloured. A column of totals never is."""
    if table is None or not table.is_heat:
        return lambda said: None
    of_total = has_total_column(table)
    parts = [figures[:-1] if of_total else figures for _, figures in table.rows]
    largest = max(
        (said.value for figures in parts for said in figures if said.value is not None), default=0.0
    )

    def step(said: Said) -> int | None:
        if said.value is None or said.value <= 0 or largest <= 0:
            return None
        return min(int(said.value / largest * len(HEAT)), len(HEAT) - 1)

    return step


def has_total_column(table: Table) -> bool:
    """Whether the last column is of totals: it is headed as the row of the whole is named."""
    return table.whole is not None and table.headings[-1] == table.whole[0]
