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
