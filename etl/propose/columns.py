"""What the values under a heading look like: dates, figures, codes of a list, flags, numbers of records, words. Pure.

Only kinds and shares come out, never a cell: a column may be about children.
"""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from etl.cells import CellError
from etl.propose import vocabulary
from etl.propose.anatomy import Anatomy, number_of
from etl.values import Refused, cell_text, date
from hnb import years
from hnb.codelists import CODELISTS, folded
from hnb.errors import HnbError

_LOOKED_AT = 1500  # rows of data, spread over the sheet
_WORDS_LOOKED_UP = 500  # different values of a column, the most frequent first
_LINE = re.compile(r"\d\.\d{1,2}\.\d{1,2}(?!\d)")
_LISTS = ("needs", "settings", "phases", "placement_statuses", "authorities", "money", "month_money", "age_bands", "grant_components",
          "line_groups", "stages", "regions", "provider_kinds", "place_kinds")  # fmt: skip
_UPN = re.compile(r"[A-HJ-NP-RT-Z]\d{11}[\dA-Z]")
_POSTCODE = re.compile(r"[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}", re.IGNORECASE)
_PERSON = re.compile(
    r"[A-Z][a-z'’-]+,? [A-Z][a-z'’-]+(?: [A-Z][a-z'’-]+)?|[A-Z][A-Z'’-]+, ?[A-Z][A-Za-z'’-]+(?: [A-Z][A-Za-z'’-]*)?"
)
_YEAR_GROUP = re.compile(r"(?:y(?:ea)?r?\.? ?)?(?:-?\d{1,2}|[rn]\d?|reception|nursery)", re.IGNORECASE)
_RECORD = re.compile(r"(?=.*\d)[\w ./-]{1,40}")
_FLAGS = frozenset({"yes", "no", "y", "n", "true", "false"})
_PAIRS = {
    "residential": ({"residential", "resi", "boarding", "boarder", "res", "r", "52 week", "38 week", "weekly boarding", "termly boarding"}, {"day", "d", "day pupil", "non residential", "non resi", "day placement"}),
    "in_borough": ({"in", "in borough", "in la", "in area", "in county", "in city", "local", "inborough", "own la", "in house"}, {"out", "out of borough", "out of la", "out of area", "out of county", "out of city", "oob", "ooa", "ool", "oola", "outborough", "other la"}),
}  # fmt: skip
_NOTHING = frozenset({"-", "–", "—", "n/a", "N/A", "nil", "Nil", "x", "z", "c", ":", ".."})
_SERIALS = (29_000, 62_000)  # 1979 to 2069, as a spreadsheet counts days


@dataclass(frozen=True)
class Column:
    """One column of an unknown sheet: its heading and its values, which stay inside.

    `values` are the filled cells of rows of data; `of` is how many rows of data there are.
    """

    index: int
    heading: str
    parts: tuple[str, ...]
    values: tuple[Any, ...]
    of: int

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """The values as text."""
        return tuple(cell_text(value) for value in self.values)

    @cached_property
    def distinct(self) -> tuple[str, ...]:
        """Each text once, most frequent first."""
        return tuple(text for text, _ in Counter(self.texts).most_common())

    @property
    def filled_share(self) -> float:
        """The share of rows that have a value here."""
        return len(self.values) / self.of if self.of else 0.0

    @cached_property
    def number_share(self) -> float:
        """The share of values that are numbers, dashes and the like left out."""
        given = [value for value, text in zip(self.values, self.texts, strict=True) if text not in _NOTHING]
        return _share(given, lambda value: number_of(value) is not None)

    @cached_property
    def numbers(self) -> tuple[float, ...]:
        """The values that are numbers."""
        return tuple(found for value in self.values if (found := number_of(value)) is not None)

    @cached_property
    def is_figures(self) -> bool:
        """Whether it holds figures (and not years, record numbers or codes that look like numbers)."""
        return self.number_share >= 0.5

    @cached_property
    def open_ended(self) -> tuple[str, ...]:
        """Words that stand where a date would, such as "ongoing"."""
        words = {folded(word) for word in vocabulary.trade()["rows"]["open_ended"]}
        return tuple(text for text in self.distinct if folded(text) in words or text == "-")

    @cached_property
    def date_share(self) -> float:
        """The share of values that are dates, written dates or words for none."""
        spare = set(self.open_ended)
        read = [value for value, text in zip(self.values, self.texts, strict=True) if text not in spare]
        if not read:
            return 0.0
        return _share(read, _is_date)

    @cached_property
    def serial_share(self) -> float:
        """The share of values that could be dates as a spreadsheet's day numbers."""
        spare = set(self.open_ended)
        read = [value for value, text in zip(self.values, self.texts, strict=True) if text not in spare]
        return _share(read, lambda value: _is_serial(value) or _is_date(value))

    @cached_property
    def year_share(self) -> float:
        """The share of values that are financial years."""
        return _share(self.distinct, is_year)

    @cached_property
    def month_share(self) -> float:
        """The share of values that are months, with or without a year, or periods."""
        return _share(self.distinct, is_month)

    @cached_property
    def year_group_share(self) -> float:
        """The share of values that are curriculum years."""
        return _share(self.distinct, lambda text: _YEAR_GROUP.fullmatch(text) is not None)

    @cached_property
    def is_unique(self) -> bool:
        """Whether no value is there twice and hardly any row is blank."""
        return len(self.values) > 1 and len(set(self.texts)) == len(self.texts) and self.filled_share > 0.95

    @cached_property
    def record_share(self) -> float:
        """The share of values that look like numbers of records: letters and figures, no words."""
        return _share(
            self.distinct, lambda text: _RECORD.fullmatch(text) is not None and len(text.split()) <= 3
        )

    def known_share(self, codelist: str) -> float:
        """The share of the different values that a code list knows, weighted by how often they come."""
        if codelist not in self._shares:
            self._shares[codelist] = _known_share(self.texts, codelist)
        return self._shares[codelist]

    @cached_property
    def _shares(self) -> dict[str, float]:
        """What `known_share` found, by code list."""
        return {}

    def unknown(self, codelist: str) -> tuple[str, ...]:
        """The different values that a code list does not know."""
        return tuple(text for text in self.distinct if not _is_known(text, codelist))

    @cached_property
    def best_list(self) -> tuple[str, float]:
        """The code list that knows most of the values, and the share that it knows."""
        shares = {name: self.known_share(name) for name in ("budget_lines", *_LISTS)}
        best = max(shares, key=lambda name: shares[name])
        return best, shares[best]

    @cached_property
    def flag_share(self) -> float:
        """The share of values that say yes or no."""
        return _share(self.distinct, lambda text: text.lower() in _FLAGS)

    def pair(self, name: str) -> dict[str, bool]:
        """What the words of a pair mean for a flag ("Day" and "Residential"); empty where they are no pair of it."""
        yes, no = _PAIRS.get(name, (set(), set()))
        meant = {
            text: (plain in yes) for text in self.distinct if (plain := folded(text)) in yes or plain in no
        }
        return meant if meant and len(meant) == len(self.distinct) else {}

    @cached_property
    def private(self) -> str:
        """What makes the values a person's own ("UPNs", "postcodes", "names"); "" where nothing does."""
        if not self.texts or self.is_figures:
            return ""
        for what, pattern in (("UPNs", _UPN), ("postcodes", _POSTCODE)):
            if _share(self.distinct, lambda text, p=pattern: p.fullmatch(text) is not None) > 0.5:
                return what
        return ""

    @cached_property
    def looks_like_names(self) -> bool:
        """Whether most values are written as people's names and hardly any comes twice."""
        return (
            len(self.distinct) > 0.6 * max(1, len(self.texts))
            and _share(self.distinct, lambda text: _PERSON.fullmatch(text) is not None) > 0.7
        )

    @cached_property
    def is_prose(self) -> bool:
        """Whether the values are sentences."""
        words = [len(text.split()) for text in self.distinct]
        return bool(words) and sum(words) / len(words) > 6

    @cached_property
    def has_errors(self) -> bool:
        """Whether some cell shows an error."""
        return any(isinstance(value, CellError) for value in self.values)


def columns(found: Anatomy) -> tuple[Column, ...]:
    """The columns of a sheet, by its rows of data."""
    data = found.data
    step = max(1, len(data) // _LOOKED_AT)
    rows = [found.sheet.rows[index] for index in data[::step]]
    return tuple(
        Column(
            index, heading, found.parts[index],
            tuple(row[index] for row in rows if cell_text(row[index])), len(rows),
        )
        for index, heading in enumerate(found.headings)
    )  # fmt: skip


def is_year(text: str) -> bool:
    """Whether a text is a financial year that can be read."""
    try:
        years.financial_year(text)
    except HnbError:
        return False
    return True


def is_month(text: str) -> bool:
    """Whether a text is a month or a period of a year."""
    for read in (years.month, years.period):
        try:
            read(text)
        except HnbError:
            continue
        return True
    return False


def _is_date(value: Any) -> bool:
    return isinstance(value, datetime.date) or (isinstance(value, str) and _is_written_date(value))


@lru_cache(maxsize=100_000)
def _is_written_date(text: str) -> bool:
    return not isinstance(date(text), Refused)


def _is_serial(value: Any) -> bool:
    size = number_of(value)
    return size is not None and size.is_integer() and _SERIALS[0] <= size <= _SERIALS[1]


@lru_cache(maxsize=200_000)
def _is_known(text: str, codelist: str) -> bool:
    known = CODELISTS.get(codelist)
    if known is None:
        return False
    if codelist == "budget_lines" and (code := _LINE.match(text)) and code[0] in known.entries:
        return True
    return known.encode(text) is not None or known.is_rubbish(text)


def _known_share(texts: Sequence[str], codelist: str) -> float:
    if not texts:
        return 0.0
    counted = Counter(dict(Counter(texts).most_common(_WORDS_LOOKED_UP)))
    known = {text: _is_known(text, codelist) for text in counted}
    different = sum(known.values()) / len(known)
    often = sum(count for text, count in counted.items() if known[text]) / counted.total()
    return (different + often) / 2


def _share(values: Sequence[Any], holds: Any) -> float:
    return sum(bool(holds(value)) for value in values) / len(values) if values else 0.0
