"""What browsers ask of the server while people open Overview and Spend and go from selection to selection.

A visit opens Overview (document, the layout with the page in it, the callbacks, the router's first question, which
changes nothing), chooses twice there, goes on to Spend with what was chosen, and chooses twice again. A choice is
two questions: the filter bar's, which answers with the new address, and the router's, which draws it. Scripts are
not asked for: a browser has kept them. Questions to callbacks are built from `/_dash-dependencies`, as Dash builds it.

The mix: three choices in four are among `SHARED`, which others chose before; one in four nobody ever made. So of the
six views of a visit some four and a half were asked before, and of its thirteen questions six draw a page.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, count, islice
from typing import Any

import numpy
import polars
from dash import html

from benchmarks.views import views
from hnb.metrics import Selection
from hnb.selection import CODED

SHARED = 40
"""Selections that people share: links in papers, the years and kinds of setting that everybody looks at."""

NEVER_ASKED_SHARE = 0.25

UNDER_WAY = 20
"""Visits that go on at once; their questions take turns."""

PATHS = {"/": "overview", "/spend": "spend"}

_LOCATION = "_pages_location"


@dataclass(frozen=True)
class Question:
    """One request. `kind` is document, layout, dependencies, choice or view; `holds` a text of every right answer."""

    kind: str
    path: str
    holds: str
    referer: str = ""
    body: str = ""

    @property
    def is_view(self) -> bool:
        """Whether the answer draws a page with its figures."""
        return self.kind in ("layout", "view")


def questions(spend: polars.DataFrame, callbacks: Sequence[Mapping[str, Any]], most: int) -> list[Question]:
    """The first `most` questions of as many visits as that takes, to a server with these callbacks; the same every time.

    `spend` is the table of the snapshot, whose years and providers can be chosen. A server of which no callback is a
    page's router is taken for the plain dashboard, whose page follows its filters at once.
    """
    visit = (
        _Ours(callbacks).visit if any("_pages_content" in one["output"] for one in callbacks) else plain_visit
    )
    asked = _choices(spend, most)
    visits = (visit([next(asked) for _ in range(4)]) for _ in count())
    return list(islice(_in_turns(visits), most))


def _choices(spend: polars.DataFrame, most: int) -> Iterator[str]:
    """Queries of selections, without end: three in four of the shared ones, the others each once."""
    chance = numpy.random.default_rng(2019)
    every = [query for query in views("/", html.Div(), spend, SHARED + 100 + most // 6) if query]
    shared, new = every[:SHARED], iter(every[SHARED:])
    before = ""
    while True:
        is_new = chance.random() < NEVER_ASKED_SHARE
        chosen = next(new) if is_new else shared[int(chance.integers(SHARED))]
        if chosen != before:  # the filter bar does not ask for what is shown
            yield chosen
        before = chosen


def _in_turns(visits: Iterator[list[Question]]) -> Iterator[Question]:
    """The visits' questions, `UNDER_WAY` visits at a time, each of which is somewhere on its way."""
    chance = numpy.random.default_rng(2026)
    while True:
        under_way = list(chain.from_iterable(islice(visits, UNDER_WAY)))
        yield from (under_way[place] for place in chance.permutation(len(under_way)))


class _Ours:
    """The questions of our own dashboard."""

    def __init__(self, callbacks: Sequence[Mapping[str, Any]]) -> None:
        self._router = next(one for one in callbacks if "_pages_content" in one["output"])
        self._filters = {
            name: next(one for one in callbacks if one["inputs"][0]["id"] == f"{name}-years")
            for name in PATHS.values()
        }

    def visit(self, chosen: Sequence[str]) -> list[Question]:
        """Overview opened, two choices, on to Spend, two choices."""
        first, second, third, fourth = chosen
        return [
            *self._opened("/"),
            *self._chosen("/", "", first),
            *self._chosen("/", first, second),
            self._drawn("/spend", second),
            *self._chosen("/spend", second, third),
            *self._chosen("/spend", third, fourth),
        ]

    def _opened(self, path: str) -> list[Question]:
        return [
            Question("document", path, "_dash-layout"),
            Question("layout", "/_dash-layout", "provenance", path),
            Question("dependencies", "/_dash-dependencies", "_pages_content", path),
            self._drawn(path, "", {"drawn": [path, ""]}),
        ]

    def _chosen(self, path: str, before: str, after: str) -> list[Question]:
        callback = self._filters[PATHS[path]]
        selection = Selection.from_query(after)
        inside = {None: None, True: "in", False: "out"}[selection.in_borough]
        values = [
            list(selection.years), CODED["settings"].compact(selection.settings), list(selection.phases), list(selection.needs),
            inside, list(selection.providers),
        ]  # fmt: skip
        search = f"?{before}" if before else ""
        return [
            Question("choice", "/_dash-update-component", "search", _address(path, before), _body(callback, values, [search])),
            self._drawn(path, after),
        ]  # fmt: skip

    def _drawn(self, path: str, query: str, store: Any = None) -> Question:
        search = f"?{query}" if query else ""
        body = _body(self._router, [path, search], [search, store or {"title": ""}])
        kind, holds = ("unchanged", "_pages_store") if store else ("view", "provenance")
        return Question(kind, "/_dash-update-component", holds, _address(path, query), body)


def plain_visit(chosen: Sequence[str]) -> list[Question]:
    """The same visit to `benchmarks.plain_dashboard`: a choice is one question, and the first view comes by one too."""
    first, second, third, fourth = chosen
    return [
        Question("document", "/", "_dash-config"),
        Question("dependencies", "/_dash-layout", "page", "/"),
        Question("dependencies", "/_dash-dependencies", "page", "/"),
        *(
            _plain_view(path, query)
            for path, query in (
                ("/", ""), ("/", first), ("/", second), ("/spend", second), ("/spend", third), ("/spend", fourth)
            )
        ),
    ]  # fmt: skip


def _plain_view(path: str, query: str) -> Question:
    callback = {
        "output": "page.children",
        "inputs": [{"id": "address", "property": name} for name in ("pathname", "search")],
        "state": [],
    }
    body = _body(callback, [path, f"?{query}" if query else ""], [])
    return Question("view", "/_dash-update-component", "Tbody", _address(path, query), body)


def _address(path: str, query: str) -> str:
    return f"{path}?{query}" if query else path


def _body(callback: Mapping[str, Any], inputs: Sequence[Any], states: Sequence[Any]) -> str:
    """What Dash's renderer posts for a callback with these values."""

    def given(kind: str, values: Sequence[Any]) -> list[dict[str, Any]]:
        return [{**one, "value": value} for one, value in zip(callback[kind], values, strict=True)]

    output = callback["output"]
    outputs: Any
    if output.startswith(".."):
        names = output.strip(".").split("...")
        outputs = [dict(zip(("id", "property"), name.rsplit(".", 1), strict=True)) for name in names]
    else:
        outputs = dict(zip(("id", "property"), output.rsplit(".", 1), strict=True))
    first = callback["inputs"][0]
    return json.dumps(
        {
            "output": output,
            "outputs": outputs,
            "inputs": given("inputs", inputs),
            "changedPropIds": [f"{first['id']}.{first['property']}"],
            "state": given("state", states),
        }
    )
