"""What can be searched for, and where each thing leads: pages, measures, providers, lines, codes, recommendations.

Nothing of a child can be found by searching, except that the exact number of a placement leads to its rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import polars

from dashboard.components.links import page_address
from dashboard.data import Data
from hnb import wording
from hnb.codelists import CODELISTS
from hnb.likeness import FITS, likeness
from hnb.metrics import MEASURES, Selection
from hnb.selection import CODED

LONGEST = 120
"""Characters that can be searched for; more are cut off."""

SHOWN = 12
"""Results of one group on the screen."""

GROUPS = {
    "page": "Pages",
    "provider": "Providers",
    "line": "Budget lines",
    "recommendation": "Recommendations",
    "measure": "Measures",
    "code": "Settings, phases and needs",
    "placement": "Placements",
}
"""The kinds of results in the order in which they are shown, and their headings."""


@dataclass(frozen=True)
class Entry:
    """Something that can be found: its kind, its name, what else is to be said of it, where it leads, other spellings."""

    kind: str
    name: str
    about: str
    address: str
    spellings: tuple[str, ...] = ()


def found(typed: str, data: Data, pages: Iterable[Mapping[str, Any]]) -> dict[str, list[Entry]]:
    """What fits the words, by kind, the best first; kinds without a result are not there.

    pages: the registered pages. A narrowed page is one of those that are registered, or Spend.
    """
    wanted = " ".join(typed.split())[:LONGEST]
    if not wanted:
        return {}
    listed = [page for page in pages if page.get("listed", True)]
    paths = {str(page["path"]) for page in listed}
    rated = [
        (likeness(wanted, (entry.name, *entry.spellings)), entry) for entry in _entries(data, listed, paths)
    ]
    best = sorted((item for item in rated if item[0] >= FITS), key=lambda item: -item[0])
    results: dict[str, list[Entry]] = {}
    for kind in GROUPS:
        hits = [entry for _, entry in best if entry.kind == kind]
        if kind == "placement":
            hits = _placements(wanted, data)
        if hits:
            results[kind] = hits
    return results


def _entries(data: Data, pages: list[Mapping[str, Any]], paths: set[str]) -> Iterator[Entry]:
    for page in pages:
        yield Entry("page", str(page["name"]), str(page["title"]), str(page["path"]))
    yield from _providers(data, paths)
    lines = "/budget" if "/budget" in paths else "/spend"
    for code, line in CODELISTS["budget_lines"].entries.items():
        yield Entry(
            "line", line.label, line.meaning, page_address(lines, Selection(lines=(code,))), (code, line.short, *line.aliases)
        )  # fmt: skip
    yield from _recommendations(data)
    for name, measure in MEASURES.items():
        yield Entry("measure", measure.title, measure.question, f"/rows?measure={name}", (name,))
    for field in ("settings", "phases", "needs"):
        codes = CODED[field].codelist
        for code, one in codes.entries.items():
            address = page_address("/spend", Selection(**{field: (code,)}))
            yield Entry("code", one.label, f"{codes.noun.capitalize()}. {one.meaning}".strip(), address, (code, one.short, *one.aliases))  # fmt: skip
        if CODED[field].groups:
            groups = CODELISTS[CODED[field].groups]
            for code, one in groups.entries.items():
                members = wording.listed(codes.short(member) for member in codes.members(code))
                address = page_address("/spend", Selection(**{field: (f"group:{code}",)}))
                yield Entry("code", one.label, f"Group of settings: {members}", address, (code, one.short, *one.aliases))  # fmt: skip


def _providers(data: Data, paths: set[str]) -> Iterator[Entry]:
    path = "/placements" if "/placements" in paths else "/spend"
    authority = data.configuration.authority
    answer = data.answer("spend", Selection(authority=authority), ("provider",))
    for name, value in answer.select("provider", "value").rows():
        if name:
            about = f"{wording.pounds(value, 'chart')} in all years"
            yield Entry("provider", name, about, page_address(path, Selection(providers=(name,))))


def _recommendations(data: Data) -> Iterator[Entry]:
    table = data.table("recommendations")
    for row in table.filter(polars.col("authority") == data.configuration.authority).iter_rows(named=True):
        about = " · ".join(filter(None, (row["theme"], row["owner"])))
        number = row["recommendation_id"]
        yield Entry("recommendation", row["title"], about, page_address("/recommendations", Selection(), recommendation=number), (number,))  # fmt: skip


def _placements(wanted: str, data: Data) -> list[Entry]:
    """The rows of the placement whose number was typed, exactly; the latest first."""
    own = polars.col("authority") == data.configuration.authority
    rows = data.table("placements").filter(own & (polars.col("placement_id") == wanted))
    return [
        Entry(
            "placement", wanted, f"Row of the register of {year}, as at {wording.date(as_at)}",
            f"/rows?source={quote(source, safe='')}",
        )
        for year, as_at, source in rows.sort("register_as_at", descending=True)
        .select("financial_year", "register_as_at", "source")
        .rows()
    ]  # fmt: skip
