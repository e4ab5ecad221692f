"""Markdown of our own documents as elements of a page: headings, text, lists, tables, code. No HTML in it is let through.

Not for what comes from a workbook or a browser: that is text, and stays text.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dash import dcc
from dash.development.base_component import Component
from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from dashboard.components import html
from hnb.documents import heading_anchor

Address = Callable[[str], str]
"""Where a link of the document leads on this server; "" where nothing here is what it names."""


def markdown(text: str, address: Address, *, level: int = 2) -> list[Component]:
    """The elements of a document. `level` is that of a heading with one #; every heading can be linked to."""
    tree = SyntaxTreeNode(MarkdownIt("commonmark", {"html": False}).enable("table").parse(text))
    return [_element(node, address, level) for node in tree.children]


def _element(node: SyntaxTreeNode, address: Address, level: int) -> Any:
    def inside() -> list[Any]:
        return [_element(child, address, level) for child in node.children]

    match node.type:
        case "heading":
            size = min(int(node.tag[1]) - 1 + level, 6)
            return getattr(html, f"H{size}")(inside(), id=heading_anchor(_words(node)))
        case "inline":
            return html.Span(inside())
        case "text":
            return node.content
        case "softbreak":
            return " "
        case "code_inline":
            return html.Code(node.content)
        case "fence" | "code_block":
            return html.Pre(html.Code(node.content), tabIndex=0)
        case "link":
            return _link(inside(), str(node.attrs["href"]), address)
        case "table":
            return _table(node, inside())
        case kind if kind in _PLAIN:
            return _PLAIN[kind](inside())
    raise ValueError(f"a document holds {node.type}, which no page shows")


def _link(words: list[Any], href: str, address: Address) -> Component:
    if href.startswith("#"):
        return html.A(words, href=href)
    to = address(href)
    return dcc.Link(words, href=to) if to else html.Span(words)


def _table(node: SyntaxTreeNode, parts: list[Any]) -> Component:
    named = ", ".join(_words(cell) for cell in node.children[0].children[0].children)
    table = html.Table(parts, className="numbers records")
    return html.Div(table, className="scroll", tabIndex=0, role="region", **{"aria-label": f"Table: {named}"})


def _words(node: SyntaxTreeNode) -> str:
    """The words of an element, without what marks them."""
    return node.content if not node.children else "".join(_words(child) for child in node.children)


def _heading_cell(words: list[Any]) -> Component:
    return html.Th(words, scope="col")


_PLAIN: dict[str, Callable[[list[Any]], Component]] = {
    "paragraph": html.P,
    "em": html.Em,
    "strong": html.Strong,
    "bullet_list": html.Ul,
    "ordered_list": html.Ol,
    "list_item": html.Li,
    "thead": html.Thead,
    "tbody": html.Tbody,
    "tr": html.Tr,
    "th": _heading_cell,
    "td": html.Td,
    "hardbreak": lambda _: html.Br(),
}
