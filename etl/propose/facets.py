"""What the words over a column of figures say about it: kind of money, year, month, setting, phase, unit. Pure.

A heading is a bundle of such facets ("Special schools | Forecast 2024/25 £'000"); each is taken out with the
place where it stood, so that a pattern for the same heading in another year can be made of it.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from etl.propose import vocabulary
from etl.propose.vocabulary import Meaning
from etl.values import Refused, date
from hnb import years
from hnb.codelists import CODELISTS, folded
from hnb.errors import HnbError

_MONTHS = "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
YEAR = r"(?:20\d{2}\s?(?:/|-|–|_|to)\s?(?:20)?\d{2}|FY ?(?:20)?\d{2}(?:[/–-](?:20)?\d{2})?|(?<![\d/])\d{2}/\d{2}(?![\d/]))"
FULL_DATE = rf"(?:\d{{1,2}}(?:st|nd|rd|th)? (?:{_MONTHS})\.?,? \d{{4}}|\d{{1,2}}[/.-]\d{{1,2}}[/.-](?:20)?\d{{2}}|\d{{4}}-\d{{2}}-\d{{2}})"
PERIOD = r"(?:(?:period|month|mth|p|m) ?0{0,2}(?:1[0-2]|[1-9])|(?:quarter|qtr|q) ?[1-4])"
MONTH_YEAR = rf"(?:{_MONTHS})\.?[ '’/–-]{{0,2}}(?:20)?\d{{2}}|\d{{4}}-\d{{2}}-01"
MONTH = rf"(?:{_MONTHS})"
UNIT = r"\(?\s*(?:in )?(£\s?['’`]?000['’]?s?|£ ?0{3}s|£ ?k\b|£ ?m(?:illions?|il)?\b|£ ?thousands?|(?<![\d,£])['’]?000s?\b|£s?)\s*\)?"
_PATTERNS = (
    ("as_at", FULL_DATE), ("financial_year", YEAR), ("month_year", MONTH_YEAR), ("period", PERIOD), ("month", MONTH),
)  # fmt: skip
_PERCENT = re.compile(r"%|\bper ?cent|percentage", re.IGNORECASE)
_LAST_TIME = re.compile(r"\b(?:last|previous|prior|prev)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Span:
    """Where in the joined heading a facet stood, and its text."""

    name: str
    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Facets:
    """What a heading says.

    `codes` are the possible readings by dimension ("setting": ("mainstream", 1.0)); `spans` the years, months
    and dates in it; `unit` as printed; `words` what is left.
    """

    heading: str
    codes: dict[str, tuple[str, float]] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    spans: tuple[Span, ...] = ()
    unit: str = ""
    worked_out: Meaning = vocabulary.NONE
    is_percent: bool = False
    is_last_time: bool = False
    words: str = ""

    def span(self, *names: str) -> Span | None:
        """The first year, month or date of these kinds in the heading."""
        return next((span for span in self.spans if span.name in names), None)


_LISTS = {"setting": "settings", "phase": "phases", "need": "needs", "age_band": "age_bands", "line": "budget_lines", "line_group": "line_groups",
          "stage": "stages", "provider_kind": "provider_kinds", "place_kind": "place_kinds"}  # fmt: skip
_MEANT = ("money", "month_money", "component")


@lru_cache(maxsize=20_000)
def facets(heading: str) -> Facets:
    """The facets of a joined heading."""
    unit = _unit(heading)
    spans = tuple(_spans(heading))
    pieces = list(_pieces(heading, spans))
    codes: dict[str, tuple[str, float]] = {}
    texts: dict[str, str] = {}
    for piece in pieces:
        for name, (code, score) in readings(piece).items():
            # The lower of two rows says it more closely: "Budget | Original".
            if score >= codes.get(name, ("", 0.0))[1]:
                codes[name], texts[name] = (code, score), piece
    words = " ".join(pieces)
    worked_out = max(
        (vocabulary.other_meaning("worked_out", piece) for piece in [*pieces, words] if piece),
        key=lambda meaning: meaning.score, default=vocabulary.NONE,
    )  # fmt: skip
    if worked_out.score < 0.8 and re.search(
        r"\bvarian|\bmovement\b|\bdifference\b|\bover ?/? ?\(?under|\bchange\b", heading, re.IGNORECASE
    ):
        worked_out = Meaning(0.85, "variance", False)
    return Facets(
        heading,
        codes,
        texts,
        spans,
        unit,
        worked_out,
        bool(_PERCENT.search(heading)),
        bool(_LAST_TIME.search(heading)),
        words,
    )


def _unit(heading: str) -> str:
    found = [match[1].strip() for match in re.finditer(UNIT, heading, re.IGNORECASE)]
    return max(found, key=len, default="")


def _spans(heading: str) -> Iterator[Span]:
    taken: list[tuple[int, int]] = []
    for name, pattern in _PATTERNS:
        for match in re.finditer(rf"(?<![A-Za-z\d]){pattern}(?![A-Za-z\d])", heading, re.IGNORECASE):
            if any(match.start() < end and start < match.end() for start, end in taken) or not _reads(
                name, match[0]
            ):
                continue
            taken.append((match.start(), match.end()))
            yield Span(name, match.start(), match.end(), match[0])


def _reads(name: str, text: str) -> bool:
    """Whether a text that looks like a year or a date is one."""
    try:
        if name == "as_at":
            return not isinstance(date(text), Refused)
        if name == "financial_year":
            return bool(years.financial_year(text))
        if name == "month_year":
            return bool(years.month(text.replace("'", " ").replace("’", " ")))
        if name in ("period", "month"):
            return bool(years.period(text))
    except HnbError:
        return False
    return False


def _pieces(heading: str, spans: tuple[Span, ...]) -> Iterator[str]:
    """The words of a heading without its years, dates and unit, part by part."""
    left = heading
    for span in sorted(spans, key=lambda one: -one.start):
        left = left[: span.start] + " " + left[span.end :]
    for part in left.split(" | "):
        whole = _tidy(vocabulary.bare(part))
        if whole:
            yield whole
        for piece in re.split(r"\s[-–—:]\s|[():;]", vocabulary.bare(part)):
            tidy = _tidy(piece)
            if tidy and tidy != whole:
                yield tidy


def _tidy(text: str) -> str:
    plain = re.sub(r"\s+", " ", text).strip(" -–—:;,.|()")
    return re.sub(r"\b(?:at|as at|to|for|in|of|end of)$", "", plain, flags=re.IGNORECASE).strip(" -–—:;,.|()")


@lru_cache(maxsize=20_000)
def readings(piece: str) -> dict[str, tuple[str, float]]:
    """What a piece of a heading (or a section's title) may mean, by dimension."""
    found: dict[str, tuple[str, float]] = {}
    for name in _MEANT:
        code, meaning = vocabulary.code_meant(name, piece)
        if meaning.score >= 0.7:
            found[name] = (code, meaning.score)
    for name, codelist in _LISTS.items():
        code = _code(piece, codelist)
        if code and code != "not_recorded":
            found[name] = (code, 1.0)
    return found


def _code(piece: str, codelist: str) -> str:
    known = CODELISTS[codelist]
    if not folded(piece):
        return ""
    if codelist == "budget_lines":
        found = re.match(r"(\d\.\d{1,2}\.\d{1,2})(?![\d.])", piece)
        if found and found[1] in known.entries:
            return found[1]
    return known.encode(piece) or ""


def as_month(cell: object) -> bool:
    """Whether a heading's cell is itself a date that stands for a month."""
    return isinstance(cell, datetime.date)
