"""Under a chart: the review's targets and decisions that it is marked with, in words, each a way to its recommendation."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dash import dcc
from dash.development.base_component import Component

from dashboard.components import html
from dashboard.components.links import has_page, page_address
from dashboard.figures.review_marks import target_words
from hnb import wording
from hnb.recommendation_marks import Decision
from hnb.recommendations import Assessment
from hnb.selection import Selection

PATH = "/recommendations"


def review_notes(targets: Iterable[Assessment], decisions: Sequence[Decision]) -> list[Component]:
    """A list of what the chart is marked with, the targets first; nothing where it is marked with nothing."""
    items = [
        html.Li([_link(one.recommendation_id), f" {one.title}: {target_words(one.measure, one)}."])
        for one in targets
        if one.measure is not None
    ]
    items += [
        html.Li(
            [
                f"▲ {wording.date(one.update.noted_on)}, ",
                _link(one.recommendation_id),
                f": {one.update.decision.rstrip('.')}.",
            ]
        )
        for one in decisions
    ]
    return [html.Ul(items, className="review-notes")] if items else []


def _link(number: str) -> Component:
    if not has_page(PATH):
        return html.Span(number)
    return dcc.Link(number, href=page_address(PATH, Selection(), recommendation=number))
