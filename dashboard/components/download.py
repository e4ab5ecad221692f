"""The links under a chart or table: the same figures as CSV and XLSX, and the chart as a picture.

The files are plain links that carry the selection: they work without callbacks, can be copied, and give
the same numbers to whoever may open them.
"""

from __future__ import annotations

from collections.abc import Sequence

from dash.development.base_component import Component

from dashboard.components import html
from dashboard.exports import address
from dashboard.listing import listing_address
from dashboard.record_exports import record_address
from dashboard.table_file import Format
from hnb.metrics import Measure, Selection


def downloads(
    measure: Measure, selection: Selection, by: Sequence[str], *, subject: str, graph_id: str = ""
) -> Component:
    """A list of links to the answer's files, and buttons for the chart's picture when `graph_id` is given.

    `subject` says of what, for those who hear the links out of context: "Spend by setting".
    """
    items = [_file(kind, subject, address(measure, selection, by, kind)) for kind in ("csv", "xlsx")]
    return _listed([*items, *_pictures(graph_id, subject)])


def record_downloads(name: str, *, subject: str, **narrowed: str) -> Component:
    """The same for a table that the build wrote about itself, such as its problems."""
    return _listed([_file(kind, subject, record_address(name, kind, **narrowed)) for kind in ("csv", "xlsx")])


def listing_downloads(name: str, query: str, *, subject: str, graph_id: str = "") -> Component:
    """The same for a listing of `dashboard.listings`, made anew from the page's query."""
    files = [_file(kind, subject, listing_address(name, query, kind)) for kind in ("csv", "xlsx")]
    return _listed([*files, *_pictures(graph_id, subject)])


def _file(kind: Format, subject: str, href: str) -> Component:
    words = [kind.upper(), html.Span(f": {subject}", className="visually-hidden")]
    return html.A(words, href=href, download="", className="download-link")


def _pictures(graph_id: str, subject: str) -> list[Component]:
    """The buttons for a chart's picture; none without a chart."""
    return [
        html.Button(
            [kind.upper(), html.Span(f": picture of {subject}", className="visually-hidden")],
            type="button",
            className="download-link",
            **{"data-picture": graph_id, "data-format": kind, "data-filename": graph_id},
        )
        for kind in ("png", "svg")
        if graph_id
    ]


def _listed(items: Sequence[Component]) -> Component:
    return html.Ul([html.Li(item) for item in items], className="downloads", **{"aria-label": "Download"})
