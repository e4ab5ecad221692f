"""Records as a real HTML table: files, problems, changes. One row a record, in the order given; nothing is added up here.

`result_table` shows answers of `compute`; this shows what the build wrote about itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from dash.development.base_component import Component

from dashboard.components import html
from dashboard.components.links import PageLink
from dashboard.components.words import YEAR, unbroken, with_code
from hnb import wording

Kind = Literal["text", "address", "count", "years", "pounds", "change", "share", "date", "worded"]
_NUMBERS = frozenset({"count", "years", "pounds", "change", "share", "worded"})
_LONG = 32
"""Characters from which a cell of words is given room, so that its row is not a tower beside short figures."""


@dataclass(frozen=True)
class RecordColumn:
    """One column: the record's field, its heading, and how it is written.

    kind: "address" may break anywhere; "change" is pounds with their sign, "years" placement-years; "worded" figures in words, each in a unit of its own.
    link: gives the address that a record's cell leads to, "" for none. words: a code's words.
    """

    name: str
    heading: str
    kind: Kind = "text"
    link: Callable[[Mapping[str, Any]], str] | None = None
    words: Callable[[Any], str] | None = None


def records_table(
    rows: Iterable[Mapping[str, Any]],
    columns: Sequence[RecordColumn],
    caption: str,
    *,
    whole: Mapping[str, Any] | None = None,
    class_of: Callable[[Mapping[str, Any]], str] | None = None,
) -> Component:
    """The table in a region that scrolls by itself. The first column heads its row.

    whole: the record of the total, computed like the others. class_of: a style for a record, beside its words.
    """
    head = html.Tr(
        [
            html.Th(
                unbroken(column.heading), scope="col", className="number" if column.kind in _NUMBERS else ""
            )
            for column in columns
        ]
    )
    body = [
        html.Tr(
            [
                html.Th(_cell(columns[0], row), scope="row", className=_style(columns[0], row)),
                *(html.Td(_cell(column, row), className=_style(column, row)) for column in columns[1:]),
            ],
            className=class_of(row) if class_of else "",
        )
        for row in rows
    ]
    foot = []
    if whole is not None:
        cells = [
            html.Td(_cell(column, whole, is_whole=True), className=_style(column, whole))
            for column in columns[1:]
        ]
        foot = [html.Tfoot(html.Tr([html.Th(_cell(columns[0], whole, is_whole=True), scope="row"), *cells]))]
    table = html.Table(
        [html.Caption(caption), html.Thead(head), html.Tbody(body), *foot], className="numbers records"
    )
    return html.Div(table, className="scroll", tabIndex=0, role="region", **{"aria-label": caption})


def _style(column: RecordColumn, row: Mapping[str, Any]) -> str:
    if column.kind in _NUMBERS:
        return "number"
    if column.kind == "address":
        return "address"
    said = _said(column, row)
    if not isinstance(said, str):
        return ""
    return "long" if len(said) > _LONG else "unbroken" if YEAR.fullmatch(said) else ""


def _cell(column: RecordColumn, row: Mapping[str, Any], *, is_whole: bool = False) -> Any:
    words = _said(column, row)
    if words == "" and not is_whole:
        words = _NONE
    elif column.kind == "text" and isinstance(words, str) and "`" in words:
        words = with_code(words)
    href = column.link(row) if column.link and not is_whole else ""
    return PageLink(words, href=href) if href and words is not _NONE else words


def _said(column: RecordColumn, row: Mapping[str, Any]) -> Any:
    """What the record says in the column; an empty text where it says nothing, which only a total may show."""
    value = row.get(column.name)
    return column.words(value) if column.words and column.name in row else _words(column.kind, value)


_NONE = html.Abbr("–", title="none")


def _words(kind: Kind, value: Any) -> Any:
    if value is None or value == "":
        return _NONE if kind in _NUMBERS else ""
    if isinstance(value, str) and kind in _NUMBERS and kind != "worded":
        return html.Abbr(value, title=wording.sign_words(value))
    if kind == "address":
        return _breakable(str(value))
    if kind == "count":
        return wording.count(value)
    if kind == "years":
        return wording.number(value)
    if kind == "pounds":
        return wording.pounds(value)
    if kind == "change":
        return wording.pounds(value, signed=True)
    if kind == "share":
        return wording.share(value)
    if kind == "date":
        return wording.date(value)
    return str(value)


def _breakable(address: str) -> list[Any]:
    """An address that may break after its marks, so that no line of it ends within a word."""
    parts = re.split(r"(?<=[!/_])", address)
    return [piece for part in parts for piece in (part, html.Wbr())][:-1]
