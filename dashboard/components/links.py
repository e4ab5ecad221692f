"""Addresses of pages with a selection in them: the view is the link."""

from __future__ import annotations

from urllib.parse import quote

import dash
from dash import dcc

from dashboard.components.html import unchecked
from hnb.metrics import Selection

PageLink = unchecked(dcc.Link, href="/")
"""Dash's link to another page of ours, of which a page has up to a hundred; a link elsewhere is `html.A`."""


def page_address(path: str, selection: Selection, **more: str) -> str:
    """The address of a page that shows the selection; `more` are the page's own choices, blank ones left out.

    The authority is the installation's, so it is never part of an address.
    """
    pairs = [f"{name}={quote(value, safe=':,.')}" for name, value in more.items() if value]
    query = "&".join(part for part in (selection.with_(authority="").to_query(), *pairs) if part)
    return f"{path}?{query}" if query else path


def has_page(path: str) -> bool:
    """Whether a page is registered at the path, so that a link to it leads somewhere."""
    return any(page["path"] == path for page in dash.page_registry.values())


def rows_address(measure: str, selection: Selection) -> str:
    """The address of the page that lists the very rows behind a measure of a selection, each with its file!sheet!row."""
    return page_address("/rows", selection, measure=measure)
