"""The rows behind a figure as a listing: those of one step of the way from the figure to the files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl, quote

import polars

from dashboard.components.links import page_address
from dashboard.components.records import Kind, RecordColumn
from dashboard.data import Data, request_data
from dashboard.listing import Listing
from dashboard.roles import OFFICER, each_for_role
from hnb import wording
from hnb.codelists import CODELISTS
from hnb.contract import Column
from hnb.findings import provenance as findings
from hnb.metrics import MEASURES, Measure, Selection
from hnb.provenance import CONTRIBUTION, DIVISOR, Behind, Step, rows_behind
from hnb.tables import TABLES

PATH = "/rows"
SHOWN = 100
"""Rows on the screen at once."""

_NEVER = ("authority", "pupil_id", "source")
"""Columns that stand nowhere in the list: the same in every row, a key without a meaning, or placed last."""

_LISTED = {
    "placements": ("placement_id", "financial_year", "provider", "setting", "phase", "need", "line", "start_on", "end_on", "annual_cost"),
    "placement_months": ("month", "days", "placement_years", "cost"),
}  # fmt: skip
"""The columns of a wide table that a list of its rows has room for; what they leave out stands in the row itself."""

_NOT_FIRST = ("authority", "financial_year", "as_at", "register_as_at", "published_on", "year", "month")
_KINDS: dict[str, Kind] = {
    "pounds": "pounds",
    "count": "count",
    "number": "years",
    "share": "share",
    "date": "date",
}


@dataclass(frozen=True)
class Traced:
    """What is asked: a measure of a selection, one step of its way, and the screen of a hundred, from 1.

    `notes` has a sentence for what could not be read.
    """

    data: Data
    measure: Measure
    selection: Selection
    step_name: str
    at: int
    notes: tuple[str, ...]

    @classmethod
    def read(cls, query: str) -> Traced:
        """What a query asks for of the request's snapshot."""
        data, given = request_data(), dict(parse_qsl(query))
        selection, dropped = Selection.read(query)
        name, notes = given.get("measure", "spend"), list(dropped)
        if name not in MEASURES:
            notes.append(f"“{name[:40]}” is no measure and was left out.")
            name = "spend"
        at = given.get("at", "1")
        return cls(
            data, MEASURES[name], selection.with_(authority=data.configuration.authority), given.get("step", ""),
            int(at) if at.isdigit() and 0 < int(at) < 100_000 else 1, tuple(notes),
        )  # fmt: skip

    @cached_property
    def behind(self) -> Behind:
        """The rows, and whether they add up."""
        return rows_behind(self.measure, self.data, self.selection)

    @cached_property
    def step(self) -> Step:
        """The step that is looked at: the one named, or the first with rows."""
        steps = self.behind.steps
        named = [step for step in steps if step.name == self.step_name]
        return (named or [step for step in steps if step.rows.height] or list(steps))[0]

    def address(self, **changed: str) -> str:
        """The page with some of its choices changed."""
        own = {"measure": self.measure.name, "step": self.step.name, "at": "", **changed}
        return page_address(PATH, self.selection, **own)

    @cached_property
    def query(self) -> str:
        """What the listing's file is asked by."""
        return self.address().partition("?")[2]


def source_address(row: Any) -> str:
    """The address of the page about one row of a file, of a record with its `source`; "" where it has none."""
    source = row.get("source") or ""
    return f"{PATH}?source={quote(source, safe='')}" if "!" in source else ""


def rows(query: str) -> Listing:
    """The rows of the step that a query asks for, what each adds to the figure, and their total."""
    return listing_of(Traced.read(query))


def listing_of(traced: Traced) -> Listing:
    """The same, of what was read from a query."""
    step, measure = traced.step, traced.measure
    leading, *others = columns_of(step.table, step.rows)
    # What a row adds and where it was read stand first: that is what the page is for.
    columns = [leading, *_figures(traced), _source_column(), *others]
    names = [column.name for column in columns]
    label = CODELISTS["provenance_steps"].label(step.name)
    what = f"{label} behind {wording.lowered(measure.title)}"
    whole = {
        columns[0].name: f"All {wording.count(step.rows.height)}",
        CONTRIBUTION: step.total,
        DIVISOR: float(step.rows[DIVISOR].sum()),
    }
    return Listing(
        title=what,
        caption=f"{what}, {traced.selection.words()}",
        columns=columns,
        rows=step.rows.select(names).to_dicts(),
        whole={name: value for name, value in whole.items() if name in names},
        about=(
            ("Selected", traced.selection.words()),
            ("The step", CODELISTS["provenance_steps"].meaning(step.name)),
            ("Control", findings.of_rows(traced.behind)),
            ("Source", measure.source),
        ),
        caution=measure.caution,
        shown=SHOWN,
        first=(traced.at - 1) * SHOWN,
    )


def columns_of(table: str, frame: polars.DataFrame, *, whole: bool = False) -> list[RecordColumn]:
    """The columns of a table's rows that say something, the one that names the row first.

    Of a wide table the few that a list has room for, unless the whole row is wanted.
    """
    declared = TABLES[table]
    there = [name for name in declared.names if name in frame.columns and name not in _NEVER]
    if table in _LISTED and not whole:
        there = [name for name in _LISTED[table] if name in there]
    filled = [name for name in there if not frame.height or frame[name].is_not_null().any()]
    leading = next((name for name in declared.key if name in filled and name not in _NOT_FIRST), filled[0])
    return [
        _column(declared.column(name)) for name in (leading, *(name for name in filled if name != leading))
    ]


def _column(column: Column) -> RecordColumn:
    if column.codes:
        codes = CODELISTS[column.codes]
        return RecordColumn(
            column.name,
            column.heading,
            words=lambda code: codes.short(code) if code in codes.entries else code or "",
        )
    if column.kind == "flag":
        return RecordColumn(
            column.name, column.heading, words=lambda value: {True: "Yes", False: "No"}.get(value, "")
        )
    if column.kind == "integer":
        return RecordColumn(
            column.name, column.heading, words=lambda value: "" if value is None else str(value)
        )
    return RecordColumn(column.name, column.heading, _KINDS.get(column.kind, "text"))


def said_value(column: RecordColumn, row: Mapping[str, Any]) -> str:
    """A record's value as a table of records writes it."""
    value = row.get(column.name)
    if column.words:
        return column.words(value)
    if value is None:
        return ""
    writers = {"pounds": wording.pounds, "count": wording.count, "share": wording.share, "date": wording.date}
    return writers[column.kind](value) if column.kind in writers else wording.number(value) if column.kind == "years" else str(value)  # fmt: skip


def _figures(traced: Traced) -> list[RecordColumn]:
    kind: Kind = findings.kind_of_numerator(traced.measure)
    unit = " (£)" if kind == "pounds" else ""
    found = [RecordColumn(CONTRIBUTION, f"In the figure{unit}", kind)]
    if traced.step.rows[DIVISOR].is_not_null().any():
        found.append(RecordColumn(DIVISOR, "Divided by", "years"))
    return found


def _source_column() -> RecordColumn:
    return RecordColumn("source", "File, sheet and row", "address", link=source_address)


LISTINGS = each_for_role(OFFICER, {"rows": rows})
