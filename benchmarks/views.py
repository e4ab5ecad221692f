"""Addresses that an officer could have come to: pages with selections and choices at random, the same every time.

What a page can be asked besides a selection is read from the page itself: from its choosers and from its links to
itself. So a new page is measured without a word here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import numpy
import polars
from dash.development.base_component import Component

from hnb.codelists import CODELISTS
from hnb.metrics import Selection

_SELECTION = {"years", "settings", "phases", "needs", "lines", "in_borough", "provider", "authority", "as_at"}


def views(path: str, layout: Component, spend: polars.DataFrame, count: int) -> list[str]:
    """Queries of a page, each once: half of them narrowed in two or more ways, most with a choice of the page's own.

    `spend` is the table of the page's snapshot, whose years and providers are to be had.
    """
    chance = numpy.random.default_rng([2019, *path.encode()])
    years, providers = (
        spend[name].drop_nulls().unique().sort().to_list() for name in ("financial_year", "provider")
    )
    choices = own_choices(path, layout)
    found: dict[str, None] = {}
    for _ in range(20 * count):
        if len(found) == count:
            break
        parts = [_selection(chance, years, providers).to_query()]
        own = {
            name: str(chance.choice(sorted(values)))
            for name, values in choices.items()
            if chance.random() < 0.4
        }
        parts.append(urlencode(own))
        found["&".join(part for part in parts if part)] = None
    return list(found)


def own_choices(path: str, layout: Component) -> dict[str, set[str]]:
    """The page's own parameters with the values that its choosers and its links to itself offer."""
    page = path.strip("/") or "overview"
    found: dict[str, set[str]] = {}
    for part in _parts(layout):
        name = getattr(part, "id", "")
        if part._type == "Select" and isinstance(name, str) and name.startswith(f"{page}-"):
            values = {item["value"] for item in part.data if "value" in item}
            found.setdefault(name.removeprefix(f"{page}-"), set()).update(values)
        address = urlsplit(getattr(part, "href", "") or "")
        if address.path == path:
            for name, value in parse_qsl(address.query):
                found.setdefault(name, set()).add(value)
    return {name: values for name, values in found.items() if name not in _SELECTION and values}


def _selection(chance: numpy.random.Generator, years: list[str], providers: list[str]) -> Selection:
    def some_of(values: Any, often: float, most: int = 3) -> tuple[str, ...]:
        return (
            tuple(chance.choice(values, int(chance.integers(1, most + 1)))) if chance.random() < often else ()
        )

    return Selection(
        years=some_of(years, 0.6, 2),
        settings=some_of(CODELISTS["settings"].codes, 0.4),
        phases=some_of(CODELISTS["phases"].codes, 0.3),
        needs=some_of(CODELISTS["needs"].codes, 0.3),
        in_borough=(None, None, None, True, False)[int(chance.integers(5))],
        providers=some_of(providers, 0.1) if providers else (),
    )


def _parts(part: Any) -> Iterator[Component]:
    if isinstance(part, list | tuple):
        for item in part:
            yield from _parts(item)
    elif isinstance(part, Component):
        yield part
        yield from _parts(getattr(part, "children", None))
