"""What headings of the trade mean: the spellings of `headings.toml`, of every layout and of the code lists.

Answers how likely a heading means a column of a table, a kind of money, or something that is never loaded. It
looks at no values beneath (see `etl.propose.columns`).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import Any

from rapidfuzz import fuzz, process

from etl.layout_language import all_layouts
from hnb.codelists import CODELISTS, folded

_LEAST_LIKENESS = 82  # of 100; below it two headings share letters and not a meaning
_DECORATION = re.compile(
    r"\((?:£[^)]*|in £[^)]*|000s?|gbp|exc?l?\.? ?vat|ex\.? vat|excluding vat|net of vat|y/n|dd/mm/yyyy|text)\)|£['’`]?000s?|£k\b|£m\b|£",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Meaning:
    """What a heading is taken for: how sure (0 to 1), and the spelling that it is like."""

    score: float
    like: str
    exact: bool


NONE = Meaning(0.0, "", False)


@dataclass(frozen=True)
class Spellings:
    """Spellings that mean one thing, plain and with short forms written out."""

    plain: frozenset[str]
    written_out: tuple[str, ...]

    @classmethod
    def of(cls, texts: Iterable[str]) -> Spellings:
        """Spellings folded, each once."""
        kept = [text for text in dict.fromkeys(texts) if folded(text)]
        return cls(
            frozenset(folded(text) for text in kept), tuple(dict.fromkeys(written_out(text) for text in kept))
        )

    def meaning(self, heading: str) -> Meaning:
        """How well a heading is one of them: 1 for the same, less for a likeness, nought for none."""
        plain = folded(heading)
        if plain and plain in self.plain:
            return Meaning(1.0, heading, True)
        bare = written_out(heading)
        if not bare:
            return NONE
        if bare in self.written_out:
            return Meaning(0.95, bare, True)
        return _likeness(bare, self.written_out)


@lru_cache(maxsize=50_000)
def _likeness(bare: str, spellings: tuple[str, ...]) -> Meaning:
    best = process.extractOne(bare, spellings, scorer=fuzz.token_sort_ratio, score_cutoff=_LEAST_LIKENESS)
    if best is not None:
        return Meaning(0.9 * best[1] / 100, best[0], False)
    words = set(bare.split())
    # All the words of a spelling of several words, with others between or beside them.
    within = [text for text in spellings if len(text.split()) > 1 and set(text.split()) <= words]
    longest = max(within, key=len, default="")
    return Meaning(0.5 + 0.3 * len(longest.split()) / len(words), longest, False) if longest else NONE


def bare(heading: str) -> str:
    """A heading without its unit and the like: "Amount £ (Excl VAT)" → "Amount"."""
    return " ".join(_DECORATION.sub(" ", heading).split())


@lru_cache(maxsize=50_000)
def written_out(heading: str) -> str:
    """A heading folded, without its unit, its short forms written out: "Prim. need" → "primary need"."""
    stripped = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", bare(heading))
    words = folded(stripped).split() or folded(heading).split()
    return " ".join(_short_forms().get(word, word) for word in words)


@cache
def trade() -> Mapping[str, Any]:
    """The parsed `headings.toml`."""
    return tomllib.loads((resources.files("etl.propose") / "headings.toml").read_text(encoding="utf-8"))


@cache
def _short_forms() -> Mapping[str, str]:
    return {folded(short): long for short, long in trade()["short_forms"].items()}


@cache
def column_spellings(table: str) -> Mapping[str, Spellings]:
    """Spellings of each column of a table, from `headings.toml` and from every layout that feeds the table."""
    gathered: dict[str, list[str]] = {
        name: list(texts) for name, texts in trade()["tables"].get(table, {}).get("columns", {}).items()
    }
    for layout in all_layouts():
        if table in layout.tables and len(layout.tables) == 1:
            for name, column in layout.columns.items():
                if column.loaded:
                    gathered.setdefault(name, []).extend(column.spelling.headings)
    return {name: Spellings.of(texts) for name, texts in gathered.items()}


@cache
def code_spellings(column: str) -> Mapping[str, Spellings]:
    """Spellings of each code that a heading can stand for: "money", "month_money", "component"."""
    codelist = {"component": "grant_components"}.get(column, column)
    gathered: dict[str, list[str]] = {
        code: list(given["headings"]) for code, given in trade().get(column, {}).items()
    }
    if codelist in CODELISTS:
        for code in CODELISTS[codelist].codes:
            entry = CODELISTS[codelist].entry(code)
            gathered.setdefault(code, []).extend([entry.label, entry.short, *entry.aliases])
    for layout in all_layouts():
        for wide in layout.wide:
            if column in wide.codes:
                texts = [
                    text.split(" | ")[-1]
                    for text in wide.spelling.headings
                    if column != "money" or " | " not in text
                ]
                gathered.setdefault(str(wide.codes[column]), []).extend(texts)
    return {code: Spellings.of(texts) for code, texts in gathered.items()}


def code_meant(column: str, text: str) -> tuple[str, Meaning]:
    """The code that a heading means in a column, with how sure; ("", NONE) where none is."""
    found = {code: spellings.meaning(text) for code, spellings in code_spellings(column).items()}
    code = max(found, key=lambda one: found[one].score, default="")
    return (code, found[code]) if code and found[code].score else ("", NONE)


@cache
def _others() -> Mapping[str, Spellings]:
    given = trade()
    return {
        "worked_out": Spellings.of(given["worked_out"]["headings"]),
        "not_split": Spellings.of(given["not_split"]["headings"]),
        "free_text": Spellings.of(given["free_text"]["headings"]),
        "private": Spellings.of(given["private"]["headings"]),
        "date_of_birth": Spellings.of(given["private"]["dates_of_birth"]),
    }


def other_meaning(kind: str, heading: str) -> Meaning:
    """How likely a heading is "worked_out", "free_text", "private" or a "date_of_birth"."""
    return _others()[kind].meaning(heading)


@lru_cache(maxsize=50_000)
def is_known(heading: str) -> bool:
    """Whether the trade knows the heading at all: what tells a header from a row of values."""
    return any(
        spellings.meaning(heading).score >= 0.75
        for spellings in (*(one for table in trade()["tables"] for one in column_spellings(table).values()),
                          *code_spellings("money").values(), *_others().values())
    )  # fmt: skip


def cost_period(heading: str) -> str:
    """How often a cost under this heading is paid: "week", "month", "term", "day", "year"; "" where it does not say."""
    said = f" {' '.join(heading.lower().replace('/', ' /').split())} "
    plain = f" {written_out(heading)} "
    for period, words in trade()["cost_periods"].items():
        if any(f" {word} " in said or f" {folded(word)} " in plain for word in words):
            return str(period)
    return ""


def begins_like(text: str, kind: str) -> bool:
    """Whether a row's label begins with one of the words of `rows` in `headings.toml` ("footnotes", "income", …)."""
    said = text.lower().strip()
    return any(
        said.startswith(word) and not said[len(word) : len(word) + 1].isalnum()
        for word in trade()["rows"][kind]
    )


_TOTAL = re.compile(
    r"(?:grand |net |overall |sub[\s-]?|gross )?totals?\b.*|.*\b(?:sub-?)?totals?(?: \S+)?|sum of .*|overall\b.*",
    re.IGNORECASE | re.DOTALL,
)


def says_total(text: str) -> bool:
    """Whether a row's label says that it prints a total: "Sub-total SEN", "Total high needs", "High needs total"."""
    return len(text) <= 100 and _TOTAL.fullmatch(text.strip()) is not None


_WHOLE = re.compile(
    r"(?:net|gross|all|overall|result|sum|whole|high needs|dsg|grand|balance|position)\b.*", re.IGNORECASE
)


def says_whole(text: str) -> bool:
    """Whether a label could be of a whole without saying total: "Net expenditure", "All schools", "Result"."""
    return _WHOLE.fullmatch(text.strip()) is not None
