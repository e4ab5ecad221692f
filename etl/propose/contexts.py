"""What holds for a whole sheet and is printed around its table: financial year, date, unit. Pure.

Looks into the titles, then the sheet's name, then the file's; gives the entry of a layout's [context] with a
pattern that reads next month's file too, and the value that it gives here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from etl.propose.anatomy import UNITS, Anatomy
from etl.propose.facets import FULL_DATE, MONTH, PERIOD, YEAR
from etl.values import Refused, cell_text, date, unit_factor
from hnb import years
from hnb.errors import HnbError

_MADE = re.compile(
    r"\b(?:printed|produced|prepared|created|run|extracted by|report date|version|author)\b", re.IGNORECASE
)
_LEAD = re.compile(
    r"\b(as at|as of|at|to|up to|position|snapshot|snapshot date|register|as at date)\b\W{0,3}$",
    re.IGNORECASE,
)
_UNIT_SAID = re.compile(
    r"(?:£\s?['’`‘]?000['’]?s?|£ ?0{3}s|£ ?k\b|£ ?m(?:illions?|il)?\b|£ ?thousands?|thousands? of pounds|['’]000s?\b|£s?\b|£(?=\W|$)|\bpounds\b)",
    re.IGNORECASE,
)
_SAID_UNITS = {
    "thousands of pounds": "£'000",
    "thousand of pounds": "£'000",
    "'000": "£'000",
    "’000": "£'000",
    "'000s": "£'000",
    "’000s": "£'000",
}


@dataclass(frozen=True)
class Found:
    """A value for the whole sheet: the entry of the layout, the value it gives here, and the words that say so."""

    entry: dict[str, Any]
    value: Any
    said: str


def places(found: Anatomy) -> Iterator[tuple[str, str]]:
    """Where a context may be printed, and the texts there: the titles first."""
    for text in found.titles:
        yield "title", text
    yield "sheet_name", found.sheet.name
    yield "file_name", PurePosixPath(found.sheet.file).name


def financial_year(found: Anatomy) -> Found | None:
    """The financial year of the whole sheet, where exactly one is printed first."""
    for source, text in places(found):
        for match in re.finditer(rf"(?<![A-Za-z\d]){YEAR}(?![A-Za-z\d])", text, re.IGNORECASE):
            value = _year(match[0])
            if value and not _MADE.search(text[max(0, match.start() - 25) : match.start()]):
                pattern = rf"(?<![A-Za-z\d])({YEAR})(?![A-Za-z\d])"
                return Found({"from": source, "pattern": pattern, "example": text}, value, text)
    return None


def year_of_date(as_at: Found | None) -> Found | None:
    """The financial year that holds the sheet's own date, where no year is printed."""
    if as_at is None or "read" in as_at.entry:
        return None
    return Found({**as_at.entry, "read": "year_of_date"}, years.year_of(as_at.value), as_at.said)


def as_at(found: Anatomy, year: str | None) -> Found | None:
    """The date to which the sheet reports: a date that words lead up to, else a period of its year, else any date."""
    loose: Found | None = None
    for source, text in places(found):
        for match in re.finditer(rf"(?<![\w/]){FULL_DATE}(?![\w/])", text, re.IGNORECASE):
            value = date(match[0])
            lead = _LEAD.search(text[: match.start()])
            if isinstance(value, Refused) or (
                lead is None and _MADE.search(text[max(0, match.start() - 25) : match.start()])
            ):
                continue
            before = rf"\b{lead[1]}\W{{0,3}}" if lead else ""
            entry = {"from": source, "pattern": rf"{before}({FULL_DATE})(?![\w/])", "example": text}
            if lead:
                return Found(entry, value, text)
            loose = loose or Found(entry, value, text)
    return (_period(found, year) if year else None) or loose


def _period(found: Anatomy, year: str) -> Found | None:
    for pattern in (PERIOD, rf"{MONTH}(?= \d{{2,4}}\b)"):
        for source, text in places(found):
            match = re.search(rf"(?<![A-Za-z\d]){pattern}(?![A-Za-z\d])", text, re.IGNORECASE)
            if match and (value := _period_end(match[0], year)):
                entry = {
                    "from": source,
                    "pattern": rf"(?<![A-Za-z\d])({pattern})(?![A-Za-z\d])",
                    "example": text,
                    "read": "period_end",
                }
                return Found(entry, value, text)
    return None


def unit(found: Anatomy) -> Found | None:
    """The unit that a title (or a lone cell under or over the header) says the figures are in."""
    said: list[tuple[str, str]] = [("title", text) for text in found.titles]
    for source, text in [*said, ("sheet_name", found.sheet.name)]:
        for match in _UNIT_SAID.finditer(text):
            if re.match(r"\d|\.\d", text[match.end() :].lstrip()):
                continue  # an amount in a sentence: "payments over £500"
            written = _SAID_UNITS.get(match[0].lower(), match[0])
            factor = unit_factor(written)
            if factor is None:
                continue
            entry: dict[str, Any] = {
                "from": source,
                "pattern": "(£\\s?['’`‘]?000['’]?s?|£ ?k\\b|£ ?m(?:illions?|il)?\\b|£ ?thousands?|thousands? of pounds|['’]000s?\\b|£s?|pounds)(?! ?[,.]?\\d)",
                "example": text,
            }
            shown = {words: unit for words, unit in _SAID_UNITS.items() if words in text.lower()}
            if shown:
                entry["values"] = dict.fromkeys(shown, 1000)
            return Found(entry, factor, text)
    return None


def unit_rows(found: Anatomy) -> dict[int, str]:
    """The unit that a row of units says under (or over) each heading, by column."""
    units: dict[int, str] = {}
    for row in found.rows(UNITS):
        for column, cell in enumerate(found.sheet.rows[row]):
            text = cell_text(cell)
            if text and unit_factor(text) is not None:
                units.setdefault(column, text)
    return units


def format_unit(shown: str) -> str:
    """The unit that a number format says its cells are in, as they are stored; "" where it says none.

    A comma at the end of the digits only hides thousands: the cell itself is in pounds ('#,##0,"k"').
    """
    plain = shown.split(";")[0].replace("\\", "").replace('"', "")
    digits = re.search(r"[#0][#0,.]*", plain)
    if not digits or "%" in plain:
        return ""
    hidden = len(digits[0]) - len(digits[0].rstrip(","))
    after = plain[digits.end() :].strip().lower()
    pound = "£" in plain
    if hidden:
        return "£"
    if re.match(r"k\b|000s?", after):
        return "£'000"
    if re.match(r"m\b", after):
        return "£m"
    return "£" if pound else ""


def _year(text: str) -> str | None:
    try:
        return years.financial_year(text.strip())
    except HnbError:
        return None


def _period_end(text: str, year: str) -> Any:
    try:
        last = years.period(text)[-1]
    except HnbError:
        return None
    return years.months_of(year)[last - 1]


def words(texts: Sequence[str]) -> str:
    """Texts in quotes, for a comment."""
    return ", ".join(f"“{text}”" for text in texts)
