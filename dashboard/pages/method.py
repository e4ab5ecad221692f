"""Method: how is each number made? Written from the registries, each entry under an address of its own."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qsl

import dash
import dash_mantine_components as dmc
from dash import dcc
from dash.development.base_component import Component

from dashboard.components import html
from hnb import wording
from hnb.method import Entry, Fact, Section, sections

QUESTION = "How is each number made?"
PATH = "/method"
LONGEST = 120
"""Characters of what is looked for that are read."""

MOST_OPEN = 12
"""Entries found that stand open at once; more of them are folded."""

dash.register_page(__name__, path=PATH, name="Method", title="How each number is made", order=110)

_MACHINE = re.compile(r"(\b\w+_\w+\b)")
_PLAIN = ("words",)
"""Sections whose entries are one line each and need no folding."""

_LONG = {"codes-": "codes", "table-": "tables"}
"""By the beginning of its anchors, each section that is listed by name until they are asked for: together they are two thirds of the page."""


def layout(view: str = "") -> Component:
    """The page for the query of an address; `q` has the words that are looked for, `part` the one section wanted."""
    given = dict(parse_qsl(view))
    wanted, part = given.get("q", "")[:LONGEST].strip(), given.get("part", "")
    found = sections(wanted)
    names = [section.name for section in found]
    found = tuple(section for section in found if section.name == part) if part in names else found
    is_whole = len(found) == 1 or bool(wanted)
    is_short = bool(wanted) and sum(len(section.entries) for section in found) <= MOST_OPEN
    said = _said(wanted, found)
    return html.Div(
        [
            html.Div(
                [html.H1(QUESTION), html.P("Written from the registries that make the numbers")],
                className="page-head",
            ),
            _finder(wanted, is_narrowed=bool(wanted) or len(found) == 1),
            html.P(said, className="method-said", **{"data-status": said}),
            *([_contents(found)] if found else [_nothing()]),
            *(
                _section(section, is_open=is_short)
                if is_whole or section.name not in _LONG.values()
                else _listed(section)
                for section in found
            ),
        ],
        className="page method",
    )


def _said(wanted: str, found: tuple[Section, ...]) -> str:
    number = sum(len(section.entries) for section in found)
    counted = f"{wording.count(number)} {'entry' if number == 1 else 'entries'}"
    if wanted:
        return f"What says “{wanted}”: {counted if number else 'nothing'}"
    return f"All of it: {counted}" if len(found) > 1 else f"{found[0].title}: {counted}"


def _nothing() -> Component:
    return html.P(
        ["Nothing here says that. Try another word, or ", dcc.Link("show everything", href=PATH), "."],
        className="empty",
    )


def _finder(wanted: str, *, is_narrowed: bool) -> Component:
    """A plain form: what is looked for is in the address, so a link can be passed on."""
    return html.Form(
        [
            dmc.TextInput(
                id="method-q",
                name="q",
                label="Find a measure, rule, word, code or column",
                value=wanted,
                inputProps={"type": "search", "autoComplete": "off"},
            ),
            html.Button("Find", type="submit", className="button"),
            *([dcc.Link("Show everything", href=PATH)] if is_narrowed else []),
        ],
        action=PATH,
        method="get",
        className="finder",
    )


def _contents(found: tuple[Section, ...]) -> Component:
    links = [
        html.Li(html.A([section.title, html.Span(f" {len(section.entries):,}", className="beside")], href=f"#{section.name}"))
        for section in found
    ]  # fmt: skip
    return html.Nav(html.Ul(links), className="contents", **{"aria-label": "On this page"})


def _listed(section: Section) -> Component:
    """A long section by the names of its entries, each a link to where it stands in full."""
    links = [
        html.Li(
            dcc.Link(entry.title, href=_address(entry.anchor)),
            id=entry.anchor,
        )
        for entry in section.entries
    ]
    return _framed(section, html.Ul(links, className="names"))


def _section(section: Section, *, is_open: bool) -> Component:
    drawn = (
        html.Dl([part for entry in section.entries for part in _defined(entry)], className="defined")
        if section.name in _PLAIN
        else html.Div([_folded(entry, is_open=is_open) for entry in section.entries], className="entries")
    )
    return _framed(section, drawn)


def _framed(section: Section, drawn: Component) -> Component:
    return html.Section(
        [
            html.H2(section.title, id=f"{section.name}-heading"),
            html.P(section.about, className="measured"),
            drawn,
            html.P(["Kept in ", html.Code(section.kept_in)], className="kept"),
        ],
        id=section.name,
        className="panel",
        **{"aria-labelledby": f"{section.name}-heading"},
    )


def _defined(entry: Entry) -> list[Component]:
    return [html.Dt(entry.title, id=entry.anchor), html.Dd(entry.about)]


def _folded(entry: Entry, *, is_open: bool) -> Component:
    body: list[Component] = []
    if entry.facts:
        body.append(html.Dl([part for fact in entry.facts for part in _fact(fact)], className="facts"))
    if entry.rows:
        body.append(_table(entry))
    return html.Details(
        [html.Summary([html.H3(entry.title), html.Span(with_code(entry.about), className="beside")]), *body],
        id=entry.anchor,
        open=is_open,
    )


def _fact(fact: Fact) -> list[Component]:
    said: list[Any] = [*([html.Span(with_code(fact.words))] if fact.words else [])]
    said += [html.Code(code) for code in fact.codes]
    said += [dcc.Link(words.replace("_", " "), href=_address(anchor)) for anchor, words in fact.to]
    return [html.Dt(fact.heading), html.Dd(said)]


def _address(anchor: str) -> str:
    """Where an entry stands in full, whatever part of the page is shown now."""
    part = next((part for prefix, part in _LONG.items() if anchor.startswith(prefix)), "")
    return f"{PATH}?part={part}#{anchor}" if part else f"{PATH}#{anchor}"


def _table(entry: Entry) -> Component:
    head = html.Tr([html.Th(heading, scope="col") for heading in entry.headings])
    body = [
        html.Tr([html.Th(html.Code(row[0]), scope="row"), *(html.Td(with_code(cell)) for cell in row[1:])])
        for row in entry.rows
    ]
    table = html.Table(
        [html.Caption(f"{entry.title}: {wording.lowered(entry.headings[0])}s"), html.Thead(head), html.Tbody(body)],
        className="numbers records",
    )  # fmt: skip
    return html.Div(
        table, className="scroll", tabIndex=0, role="region", **{"aria-label": f"{entry.title}, table"}
    )


def with_code(words: str) -> list[Any]:
    """Words with the machine's names among them told apart as such."""
    parts = _MACHINE.split(words)
    return [html.Code(part) if place % 2 else part for place, part in enumerate(parts) if part]
