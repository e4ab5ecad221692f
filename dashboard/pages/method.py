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
from dashboard.components.markdown import markdown
from dashboard.guides import Guide, guides
from dashboard.roles import ANALYST
from hnb import wording
from hnb.codelists import folded
from hnb.method import Entry, Fact, Section, sections

QUESTION = "How is each number made?"
PATH = "/method"
LONGEST = 120
"""Characters of what is looked for that are read."""

MOST_OPEN = 12
"""Entries found that stand open at once; more of them are folded."""

dash.register_page(
    __name__, path=PATH, name="Method", title="How each number is made", order=110, least_role=ANALYST
)

_MACHINE = re.compile(r"(\b\w+_\w+\b)")
_PLAIN = ("words",)
"""Sections whose entries are one line each and need no folding."""

_LONG = {"codes-": "codes", "table-": "tables"}
"""By the beginning of its anchors, each section that is listed by name until they are asked for: together they are two thirds of the page."""

_SECTION_OF = {"dictionary.md": "tables", "measures.md": "measures", "codes.md": "codes", "rules.md": "rules"}
"""Documents that are sections of this page, by the name of their file."""


def layout(view: str = "") -> Component:
    """The page for the query of an address.

    `q` has the words that are looked for, `part` the one section wanted, `guide` the one document.
    """
    given = dict(parse_qsl(view))
    wanted, part = given.get("q", "")[:LONGEST].strip(), given.get("part", "")
    documents = guides()
    asked = next((guide for guide in documents if guide.name == given.get("guide", "")), None)
    if asked:
        return _document(asked)
    found = sections(wanted)
    names = [section.name for section in found]
    found = tuple(section for section in found if section.name == part) if part in names else found
    is_whole = len(found) == 1 or bool(wanted)
    is_short = bool(wanted) and sum(len(section.entries) for section in found) <= MOST_OPEN
    told = [guide for guide in documents if _says(guide, wanted)] if not part else []
    said = _said(wanted, found, len(told))
    return html.Div(
        [
            html.Div(
                [html.H1(QUESTION), html.P("Written from the registries that make the numbers")],
                className="page-head",
            ),
            _finder(wanted, is_narrowed=bool(wanted) or len(found) == 1),
            html.P(said, className="method-said", **{"data-status": said}),
            *([_contents(found, told)] if found or told else [_nothing()]),
            *([_guides(told)] if told else []),
            *(
                _section(section, is_open=is_short)
                if is_whole or section.name not in _LONG.values()
                else _listed(section)
                for section in found
            ),
        ],
        className="page method",
    )


def _said(wanted: str, found: tuple[Section, ...], documents: int) -> str:
    number = sum(len(section.entries) for section in found) + documents
    counted = f"{wording.count(number)} {'entry' if number == 1 else 'entries'}"
    if wanted:
        return f"What says “{wanted}”: {counted if number else 'nothing'}"
    return f"All of it: {counted}" if len(found) != 1 else f"{found[0].title}: {counted}"


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


def _says(guide: Guide, wanted: str) -> bool:
    """Whether every word that is looked for stands in a document, whatever its case."""
    held = folded(f"{guide.title} {guide.about} {guide.text}")
    return all(word in held for word in folded(wanted).split())


def _guides(told: list[Guide]) -> Component:
    """The documents by name: how things are done, and what is written from the programs."""
    listed = [
        html.Li([dcc.Link(guide.title, href=f"{PATH}?guide={guide.name}"), html.Span(f" {guide.about}", className="beside")] if guide.is_how_to
                else [dcc.Link(guide.title, href=f"{PATH}?guide={guide.name}")])
        for guide in told
    ]  # fmt: skip
    return html.Section(
        [
            html.H2("How to", id="guides-heading"),
            html.P("Step by step, for each who uses it; and lists of what the programs know.", className="measured"),
            html.Ul(listed, className="guides"),
            html.P(["Kept in ", html.Code("docs")], className="kept"),
        ],
        id="guides",
        className="panel",
        **{"aria-labelledby": "guides-heading"},
    )  # fmt: skip


def _document(guide: Guide) -> Component:
    """One document in full."""
    return html.Div(
        [
            html.Div([html.H1(guide.title), html.P(guide.about if guide.is_how_to else "Written from the programs")], className="page-head"),
            html.P([dcc.Link("All of Method", href=PATH)], className="method-said", **{"data-status": guide.title}),
            html.Section(markdown(guide.text, _address_of, level=1), className="panel document", **{"aria-label": guide.title}),
        ],
        className="page method",
    )  # fmt: skip


def _address_of(href: str) -> str:
    """Where a document's link to another leads; "" for a file that this server does not show."""
    path, _, anchor = href.partition("#")
    file = path.rpartition("/")[2]
    if file in _SECTION_OF:
        name = _SECTION_OF[file]
        prefix = next((prefix for prefix, part in _LONG.items() if part == name and anchor), "")
        return f"{PATH}?part={name}#{prefix}{anchor.replace('_', '-')}" if prefix else f"{PATH}?part={name}"
    name = file.removesuffix(".md")
    return f"{PATH}?guide={name}{f'#{anchor}' if anchor else ''}" if any(guide.name == name for guide in guides()) else ""  # fmt: skip


def _contents(found: tuple[Section, ...], told: list[Guide]) -> Component:
    documents = [html.Li(html.A(["How to", html.Span(f" {len(told)}", className="beside")], href="#guides"))]
    links = [
        html.Li(html.A([section.title, html.Span(f" {len(section.entries):,}", className="beside")], href=f"#{section.name}"))
        for section in found
    ]  # fmt: skip
    return html.Nav(
        html.Ul([*(documents if told else []), *links]),
        className="contents",
        **{"aria-label": "On this page"},
    )


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
