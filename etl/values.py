"""Reads one cell: money, counts, shares, dates, yes and no, years, codes, in every spelling that real sheets have.

Nothing here knows where a cell stands: a cell that cannot be read gives a `Refused`, and the caller adds the
address. Each distinct value of a column is read once (`read_all`).
"""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from etl.cells import NEVER_CALCULATED, CellError
from etl.layout import UNSAID
from etl.pseudonyms import pseudonym
from hnb import years
from hnb.codelists import CODELISTS, folded
from hnb.errors import HnbError


@dataclass(frozen=True)
class Refused:
    """Why a cell cannot be read: the parts of a Problem that do not depend on where it stands.

    `quoted` is the text of the cell, as `found` repeats it.
    """

    what: str
    found: str
    expected: str
    action: str
    quoted: str = ""

    def unquoted(self) -> Refused:
        """The same without the cell's text: in a sheet about children a shifted row may hold a name or number there."""
        if not self.quoted:
            return self
        return replace(self, found=self.found.replace(f'"{self.quoted}"', "the text of the cell"), quoted="")


@dataclass(frozen=True)
class Absent:
    """A symbol that stands where there is no number, and the status that it means."""

    status: str


_NUMBER = re.compile(
    r"(?P<open>\()?\s*(?P<sign>[-+])?\s*£?\s*(?P<sign2>[-+])?\s*(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)"
    r"\s*(?P<suffix>k|m|mil|mill|million|millions|bn|billion|thousand)?\s*(?P<trailing>-|cr)?\s*(?P<close>\))?",
    re.IGNORECASE,
)
_SUFFIXES = {
    "k": 1e3,
    "thousand": 1e3,
    "m": 1e6,
    "mil": 1e6,
    "mill": 1e6,
    "million": 1e6,
    "millions": 1e6,
    "bn": 1e9,
    "billion": 1e9,
}
_DATE_DMY = re.compile(r"(\d{1,2})[/.\-_](\d{1,2})[/.\-_](\d{4}|\d{2})(?: 00:00(?::00)?)?")
_DATE_YMD = re.compile(r"(\d{4})[/.\-_](\d{1,2})[/.\-_](\d{1,2})(?:[ T]00:00(?::00(?:\.0+)?)?)?")
_DATE_EXPORT = re.compile(r"(\d{4})-([a-z]{3})-(\d{1,2})(?: 00:00:00)?", re.IGNORECASE)
_DATE_WORDS = re.compile(
    r"(?:[a-z]+,?\s+)?(\d{1,2})(?:st|nd|rd|th)?[\s\-]+([a-z]{3,9})\.?,?[\s\-]+(\d{4}|\d{2})", re.IGNORECASE
)
_MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_LINE = re.compile(r"(\d\.\d{1,2}\.\d{1,2})(?![\d.])[\s:–—-]*(.*)", re.DOTALL)
_YES = frozenset({"yes", "y", "true", "1"})
_NO = frozenset({"no", "n", "false", "0"})


def cell_text(value: object) -> str:
    """A cell as the text that a person sees, spaces run together: 319.0 is "319", a blank is ""."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value if value.isalnum() else " ".join(value.split())
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        return value.date().isoformat()
    return str(value)


def number(value: object, factor: float = 1.0) -> float | Refused:
    """A printed number: "(£1,200)" → −1200, "£0.347m" → 347000, 12 with factor 1000 → 12000.

    A suffix in the cell (k, m, mil, bn) stands for itself and is not multiplied by the factor.
    """
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return (
            float(value) * factor
            if math.isfinite(value)
            else _refused("bad_number", value, "a number", "Correct the cell in the workbook")
        )
    text = cell_text(value).replace("−", "-").replace("–", "-").replace("\u00a0", " ").strip()
    found = _NUMBER.fullmatch(text)
    if not found or bool(found["open"]) != bool(found["close"]) or (found["sign"] and found["sign2"]):
        expected = "a number, such as 8,786 or (£1,200) or £0.347m"
        return _refused(
            "bad_number", value, expected, "Write the number alone in the cell; put words in a cell beside it"
        )
    size = float(found["digits"].replace(",", ""))
    size *= _SUFFIXES[found["suffix"].lower()] if found["suffix"] else factor
    negative = [found["open"], "-" in (found["sign"] or found["sign2"] or ""), found["trailing"]]
    if sum(map(bool, negative)) > 1:
        return _refused("bad_number", value, "one sign", "Write either brackets or a minus")
    return -size if any(negative) else size


def unit_factor(unit: Any) -> float | None:
    """What a printed number is multiplied by to give pounds (or, for %, a share); None for what is no unit.

    >>> unit_factor("£'000"), unit_factor("£m"), unit_factor("%"), unit_factor("£")
    (1000.0, 1000000.0, 0.01, 1.0)
    """
    if isinstance(unit, (int, float)) and not isinstance(unit, bool):
        return float(unit)
    plain = re.sub(r"[\s’'`‘.,()]", "", str(unit)).lower()
    factors = {"£": 1.0, "£s": 1.0, "pounds": 1.0, "%": 0.01, "£000": 1000.0, "£000s": 1000.0, "£k": 1000.0, "£thousand": 1000.0,
               "£thousands": 1000.0, "£m": 1e6, "£million": 1e6, "£millions": 1e6, "£mil": 1e6}  # fmt: skip
    return factors.get(plain)


def share(value: object, factor: float = 1.0) -> float | Refused:
    """A share as a fraction: "12%" → 0.12; 12 with factor 0.01 → 0.12."""
    text = cell_text(value)
    return number(text[:-1], 0.01) if text.endswith("%") else number(value, factor)


def whole(value: object) -> int | Refused:
    """A whole number: "1,653" → 1653."""
    size = number(value)
    if isinstance(size, Refused):
        return size
    return (
        int(size)
        if size.is_integer()
        else _refused("bad_number", value, "a whole number", "Correct the cell in the workbook")
    )


def date(value: object) -> datetime.date | Refused:
    """A date, day first where it is written in figures: "31/03/2024", "2024-03-31", "31st March 2024", "31-Mar-24"."""
    if isinstance(value, datetime.datetime):
        return value.date()
    if isinstance(value, datetime.date):
        return value
    text = cell_text(value)
    parts: tuple[int, int, int] | None = None
    if found := _DATE_YMD.fullmatch(text):
        parts = int(found[1]), int(found[2]), int(found[3])
    elif found := _DATE_DMY.fullmatch(text):
        parts = _century(found[3]), int(found[2]), int(found[1])
    elif (found := _DATE_EXPORT.fullmatch(text)) and found[2].lower() in _MONTH_NAMES:
        # How COLLECT exports the dates of a return: "2022-Sep-28 00:00:00".
        parts = int(found[1]), _MONTH_NAMES.index(found[2].lower()) + 1, int(found[3])
    elif (found := _DATE_WORDS.fullmatch(text)) and found[2][:3].lower() in _MONTH_NAMES:
        parts = _century(found[3]), _MONTH_NAMES.index(found[2][:3].lower()) + 1, int(found[1])
    if parts:
        try:
            return datetime.date(*parts)
        except ValueError:
            return _refused(
                "bad_date",
                value,
                "a day of the calendar, day before month",
                "Correct the cell in the workbook",
            )
    if isinstance(value, (int, float)):
        return _refused(
            "bad_date", value, "a date, not a number", "Format the cell as a date and save the workbook"
        )
    return _refused("bad_date", value, "a date such as 31/03/2024", "Correct the cell in the workbook")


def flag(value: object) -> bool | Refused:
    """Yes or no, Y or N, true or false, 1 or 0."""
    text = cell_text(value).lower()
    if text in _YES or text in _NO:
        return text in _YES
    return _refused(
        "bad_flag", value, "yes or no", "Correct the cell, or give the spelling under `values` in the layout"
    )


def code(value: object, codelist: str) -> str | Refused | None:
    """The code that a spelling stands for; None for what is known to say nothing and has no code of its own."""
    text = cell_text(value)
    known = CODELISTS[codelist]
    found = known.encode(text)
    if found is not None or known.is_rubbish(text):
        return found
    nearest, file = known.nearest(text), f"hnb/codes/{known.file}"
    advice = (
        f'If it means "{known.label(nearest)}", add it to the aliases of {nearest} in {file}; otherwise correct the workbook'
        if nearest
        else f"Correct the workbook, or add it to the aliases of the right code in {file}"
    )
    return Refused(
        "unknown_code",
        f'"{_shown(text)}" is not a known {known.noun}',
        f"a spelling in {file}",
        advice,
        _shown(text),
    )


def line_code(value: object) -> str | Refused | None:
    """A Section 251 line by the code at its start, exactly (1.2.1 is not 1.2.10), or by its title alone.

    A title that belongs to another line than the code is refused: it shows that lines were renumbered.
    """
    text = cell_text(value)
    lines = CODELISTS["budget_lines"]
    found = _LINE.fullmatch(text)
    if not found or found[1] not in lines.entries:
        return code(text, "budget_lines")
    titled = lines.encode(found[2]) if found[2] else None
    if titled not in (None, found[1]):
        return Refused("line_title", f'"{_shown(text)}" has the code {found[1]} and the title of {titled}', "a code with its own title",
                       "Correct whichever is wrong in the workbook", _shown(text))  # fmt: skip
    return found[1]


@dataclass(frozen=True)
class Reader:
    """How the cells of one column are read. Called with a cell, it gives a value, None, an `Absent` or a `Refused`."""

    read: str
    codes: str = ""
    factor: float = 1.0
    sign: int = 1
    blank: Any = UNSAID
    values: Mapping[str, Any] = field(default_factory=dict)
    otherwise: Any = UNSAID
    symbols: Mapping[str, str] = field(default_factory=dict)
    key: bytes = b""

    def __call__(self, value: object) -> Any:
        """The cell's value. "" in a layout stands for a blank."""
        if isinstance(value, CellError):
            return _faulty(value)
        text = cell_text(value)
        if not text:
            return _stated(self.blank)
        if self.values or self.symbols:
            spelling = folded(text) or text
            if spelling in self.values:
                return _stated(self.values[spelling])
            if spelling in self.symbols:
                return Absent(self.symbols[spelling])
        if self.otherwise is not UNSAID:
            return _stated(self.otherwise)
        return self._read(value, text)

    def _read(self, value: object, text: str) -> Any:
        if self.read in ("pounds", "number"):
            return _signed(number(value, self.factor), self.sign)
        if self.read == "share":
            return _signed(share(value, self.factor), self.sign)
        if self.read in ("count", "integer"):
            return _signed(whole(value), self.sign)
        if self.read == "code":
            return code(value, self.codes)
        if self.read == "authority":
            return code(value, "authorities")
        if self.read == "unit":
            factor = unit_factor(text)
            return (
                factor
                if factor is not None
                else _refused("bad_unit", value, "£, £'000 or £m", "Correct the workbook or the layout")
            )
        if self.read == "pseudonym":
            return pseudonym(text, self.key)
        if self.read in _OTHERS:
            return _OTHERS[self.read](value)
        return text


def read_all(cells: Sequence[Any], reader: Callable[[object], Any]) -> list[Any]:
    """Every cell of a column read, each distinct value once."""
    kinds = set(map(type, cells))
    if bool in kinds and len(kinds) > 1:  # True and 1 are one key of a dict, and two different cells
        return [reader(cell) for cell in cells]
    known = {cell: reader(cell) for cell in set(cells)}
    return [known[cell] for cell in cells]


def _year(value: object) -> str | Refused:
    return _by_years(years.financial_year, value)


def _january(value: object) -> int | Refused:
    year = _year(value)
    return year if isinstance(year, Refused) else years.january_of(year)


def _academic_year_of_date(value: object) -> str | Refused:
    """Of a date of birth, what ages on 31 August follow from; the date itself goes no further."""
    day = date(value)
    return day if isinstance(day, Refused) else years.academic_year(day)


def _month(value: object) -> datetime.date | Refused:
    return _by_years(years.month, _dashed(value))


def _year_of_month(value: object) -> str | Refused:
    first = _month(value)
    return first if isinstance(first, Refused) else years.year_of(first)


def _period_of_month(value: object) -> int | Refused:
    first = _month(value)
    return first if isinstance(first, Refused) else (first.month - 4) % 12 + 1


_OTHERS: Mapping[str, Callable[[object], Any]] = {
    "line_code": line_code, "date": date, "flag": flag, "year": _year, "january": _january, "month": _month, "academic_year_of_date": _academic_year_of_date,
    "year_of_month": _year_of_month, "period_of_month": _period_of_month,
}  # fmt: skip


def _by_years(read: Callable[[object], Any], value: object) -> Any:
    try:
        return read(value)
    except HnbError as refusal:
        return Refused(
            "bad_year",
            str(refusal),
            "",
            "Correct it in the workbook, or the pattern in the layout",
            _shown(cell_text(value)),
        )


def _dashed(value: object) -> object:
    """File names write months as 2023_04; a month that could also be a year (2010_11) is a month there."""
    found = re.fullmatch(r"(\d{4})_(\d{1,2})", value) if isinstance(value, str) else None
    return datetime.date(int(found[1]), int(found[2]), 1) if found and 1 <= int(found[2]) <= 12 else value


def _signed(value: Any, sign: int) -> Any:
    return value if sign == 1 or isinstance(value, Refused) else -value


def _stated(value: Any) -> Any:
    return None if value is UNSAID or value == "" else value


def _century(text: str) -> int:
    return int(text) if len(text) == 4 else 2000 + int(text)


def _shown(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "…"


def _refused(what: str, value: object, expected: str, action: str) -> Refused:
    shown = _shown(cell_text(value))
    return Refused(what, f'"{shown}" cannot be read', expected, action, shown)


def _faulty(error: CellError) -> Refused:
    if error == NEVER_CALCULATED:
        return Refused("uncached_formula", "the formula was never calculated, so the cell has no value", "a calculated value",
                       "Open the workbook in Excel, let it calculate, and save it")  # fmt: skip
    return Refused("error_cell", f"the cell shows {error}", "a value", "Mend the formula in the workbook")
