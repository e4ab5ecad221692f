"""Something to take away on the clipboard: an address, a sentence, a table. The browser's part is assets/comfort.js."""

from __future__ import annotations

from dash.development.base_component import Component

from dashboard.components import html


def copy_button(text: str, words: str, *, what: str = "") -> Component:
    """A button that copies a text and says so in the status line.

    words: what stands on it. what: said after it to those who hear the button alone.
    """
    hidden = [html.Span(f" {what}", className="visually-hidden")] if what else []
    return html.Button([words, *hidden], type="button", className="copy-button", **{"data-copy": text})


def figure_button(figure: str, sentence: str = "") -> Component:
    """A figure that is copied as a sentence when it is pressed; without a sentence the browser makes one of its tile."""
    given = {"data-sentence": sentence} if sentence else {}
    return html.Button(
        figure,
        type="button",
        className="figure-copy",
        title="Copy as a sentence",
        **{"aria-label": f"{figure}, copy as a sentence", "data-copy-figure": "", **given},
    )


def copy_table_button(place: str) -> Component:
    """A button that copies the table in the element of that id, as text and as a table, with caption and date."""
    return html.Button("Copy table", type="button", **{"data-copy-table": place})


def copy_finding_button() -> Component:
    """A button that copies its panel's finding with what was measured and from which snapshot."""
    return html.Button("Copy finding", type="button", **{"data-copy-finding": ""})
