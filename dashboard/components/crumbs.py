"""The way back: what the selection was narrowed to, step by step, each step a link."""

from __future__ import annotations

from collections.abc import Sequence

from dash import dcc
from dash.development.base_component import Component

from dashboard.components import html


def crumbs(steps: Sequence[tuple[str, str]]) -> Component:
    """A trail of (words, address); the last step is where one is, and no link."""
    items = [
        html.Li(
            dcc.Link(words, href=address)
            if index < len(steps) - 1
            else html.Span(words, **{"aria-current": "page"})
        )
        for index, (words, address) in enumerate(steps)
    ]
    return html.Nav(html.Ol(items), className="crumbs", **{"aria-label": "Narrowed to"})
