"""What stands around the figures: where they come from, how fresh and how sound they are, what is not loaded."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import parse_qsl, urlsplit

import polars
from dash import dcc
from dash.development.base_component import Component

from dashboard.components import html
from hnb import quality, wording
from hnb.method import anchor_of_measure
from hnb.metrics import MEASURES, Measure
from hnb.tables import TABLES, read_tables


def not_loaded(measure: Measure, loaded: Iterable[str]) -> str:
    """The sentence for a measure whose tables are not there: what is not loaded, and which workbook brings it."""
    lacking = [table for table in measure.tables if table not in set(loaded)]
    if not lacking:
        return f"{measure.title}: nothing of it is loaded for this authority."
    origins = dict.fromkeys(origin for table in lacking for origin in read_tables(table))
    books = [TABLES[origin].comes_from for origin in origins]
    return (
        f"{measure.title}: not yet loaded. It comes with {wording.listed(books, last='or')}. Put that into the folder of raw "
        "files and build again."
    )


def source(files: polars.DataFrame, tables: Iterable[str], words: str, *, rows: str = "") -> Component:
    """What the numbers come from, and behind one press the files and sheets, from the snapshot's `files` table.

    rows: the address of the page that lists the rows behind the figures (`links.rows_address`); the measure that
    it names has its entry on the page Method, to which the drawer leads.
    """
    shown = quality.sheets_of(files, tuple(tables))
    items = [
        html.Li(f"{file} · {sheet or 'sheet'} · {wording.count(loaded)} rows")
        for file, sheet, loaded in shown.head(40).rows()
    ]
    left = shown.height - len(items)
    body = [
        html.P(words),
        html.Ul(items, className="source-list")
        if items
        else html.P("The snapshot names no file for these figures."),
        *([html.P(f"and {left} more sheets")] if left > 0 else []),
        dcc.Link("The rows behind these figures, each with its file, sheet and row", href=rows)
        if rows
        else html.P("Every row of the snapshot says its file, sheet and row in its column “source”."),
        *_how_made(rows),
    ]
    return html.Details([html.Summary("Source"), html.Div(body, className="source-body")])


def _how_made(rows: str) -> list[Component]:
    """The link to the entry of the measure that an address of rows names; none where it names none."""
    name = dict(parse_qsl(urlsplit(rows).query)).get("measure", "")
    if name not in MEASURES:
        return []
    return [dcc.Link("How this number is made", href=f"/method#{anchor_of_measure(name)}")]


def freshness(*, files: int, refusals: int, notes: int, as_at: str, snapshot: str) -> Component:
    """How fresh and how sound the figures are, in one line."""
    said = [
        f"{wording.count(files)} file{'' if files == 1 else 's'} loaded",
        f"{wording.count(refusals)} refusal{'' if refusals == 1 else 's'} accepted"
        if refusals
        else "nothing refused",
        f"{wording.count(notes)} note{'' if notes == 1 else 's'}",
        f"as at {as_at}" if as_at else "no monitor or register loaded",
        f"snapshot {snapshot.partition('-')[0].lstrip('0')}",
    ]
    return html.P(
        [" · ".join(said), " · ", dcc.Link("can it be trusted?", href="/data")], className="freshness"
    )
