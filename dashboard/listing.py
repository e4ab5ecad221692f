"""A listing: a table of records that is the same on the screen and in the file taken away.

Use it for every table that is not one answer of `compute` (those have `dashboard.components.tables` and
`dashboard.exports`): lines of the budget, providers, exceptions, movers. A page draws
`listing_table(listing)` and offers `listing_downloads(…)`; the file comes from the very same `Listing`, made
anew from the address's query. The makers are in `dashboard.listings`, one module a page.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from dash.development.base_component import Component

from dashboard.components.records import RecordColumn, records_table
from dashboard.data import Data
from dashboard.table_file import Format, TableFile

ROW_LIMIT = 100_000
"""Rows that one file may have."""

_FORMATS: Mapping[str, str] = {
    "pounds": "£#,##0.00;-£#,##0.00",
    "change": "+£#,##0.00;-£#,##0.00;£0.00",
    "count": "#,##0",
    "years": "#,##0.00",
    "share": "0.0%",
}


@dataclass(frozen=True)
class Listing:
    """Records with their columns and what must be known of them.

    Parameters
    ----------
    title: what it is, for the file's About and name ("Budget lines").
    caption: of the table on the screen, with years and as-at.
    columns: in order; the first heads its row.
    rows: all records, in order. The screen shows `shown` of them (all where None) from `first` on, the file all.
    whole: the record of the total, computed like the others and never added up here; None for none.
    about: pairs of a heading and a sentence that the file's About sheet carries: selected, as at, source.
    caution: what one must know before using it. tables: the tables that it is made of, whose files the file
        names; all where none is named. class_of: a style for a record, beside its words.
    """

    title: str
    caption: str
    columns: Sequence[RecordColumn]
    rows: Sequence[Mapping[str, Any]]
    whole: Mapping[str, Any] | None = None
    about: Sequence[tuple[str, str]] = ()
    caution: str = ""
    shown: int | None = None
    first: int = 0
    tables: Sequence[str] = ()
    class_of: Callable[[Mapping[str, Any]], str] | None = field(default=None, repr=False)

    @property
    def on_screen(self) -> Sequence[Mapping[str, Any]]:
        """The records that the screen shows."""
        return self.rows if self.shown is None else self.rows[self.first : self.first + self.shown]


def listing_table(listing: Listing) -> Component:
    """The listing as a real HTML table."""
    return records_table(
        listing.on_screen, listing.columns, listing.caption, whole=listing.whole, class_of=listing.class_of
    )


def listing_file(listing: Listing, data: Data) -> TableFile:
    """The whole listing as a file to take away."""
    about = [
        (
            "What it is",
            f"{data.configuration.block_name}, {data.configuration.authority_name}: {listing.title}",
        ),
        *listing.about,
        *([("Caution", listing.caution)] if listing.caution else []),
        ("Snapshot", f"{data.id}, published {data.made_at.isoformat(timespec='minutes')}"),
        ("Made from", ", ".join(data.sources) or "no file is named"),
    ]
    rows = [tuple(_cell(column, row) for column in listing.columns) for row in listing.rows]
    whole = listing.whole
    total = None if whole is None else [_cell(column, whole) if column.name in whole else "" for column in listing.columns]  # fmt: skip
    return TableFile(
        headings=[column.heading for column in listing.columns],
        formats=[_FORMATS.get(column.kind, "") for column in listing.columns],
        rows=rows,
        about=about,
        context={"Snapshot": data.id},
        data=data,
        frozen=1,
        whole=total,
        tables=listing.tables,
    )


def listing_address(name: str, query: str, kind: Format) -> str:
    """Where the file of a listing is had, for the query of the page that shows it."""
    return f"/export/listing/{quote(name)}.{kind}" + (f"?{query}" if query else "")


def _cell(column: RecordColumn, row: Mapping[str, Any]) -> Any:
    value = row.get(column.name)
    if column.words and column.name in row:
        return str(column.words(value))
    if value is None:
        return "" if column.kind not in _FORMATS else "–"
    # A date stays a date, which a workbook sorts and shows in words.
    return value
