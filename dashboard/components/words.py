"""Words as they are set: a financial year stays on one line, and what is typed or named by a machine is told from prose."""

from __future__ import annotations

import re

from dash.development.base_component import Component

from dashboard.components import html

YEAR = re.compile(r"(\d{4}-\d{2})(?!\d|-)")


def unbroken(words: str) -> list[Component | str]:
    """The words with their financial years kept on one line: browsers break "2026-27" after its hyphen."""
    return [
        html.Span(part, className="unbroken") if YEAR.fullmatch(part) else part
        for part in YEAR.split(words)
        if part
    ]


def with_code(words: str) -> list[Component | str]:
    """The words with what stands between backticks set as code, without the backticks."""
    return [html.Code(part) if place % 2 else part for place, part in enumerate(words.split("`")) if part]
