"""What is printed in one cell: money, counts, shares, dates, yes and no, in every spelling that real sheets have.

Nothing here knows a column, a code list or a year (see `etl.values`, `etl.periods`). What cannot be read gives
a `Refused`, to which the caller adds the address.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass, replace
from typing import Any

from etl.cells import CellError


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


_MINUS = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2212\ufe63\uff0d", "-"))
_NUMBER = re.compile(
    r"(?:£\s*)?(?P<open>\()?\s*(?P<sign>[-+])?\s*£?\s*(?P<sign2>[-+])?\s*"
    r"(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,3}(?: \d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)"
    r"\s*(?P<suffix>k|m|mil|mill|million|millions|bn|billion|thousand)?\s*(?P<trailing>-|cr|dr)?\s*(?P<close>\))?",
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
_SERIAL = re.compile(r"(\d{5})(?:\.\d+)?")
_FIRST_SERIAL, _LAST_SERIAL = 35_000, 60_000
_DAY_NOUGHT = datetime.date(
    1899, 12, 30
)  # Excel's count of days, 1900 system, for every day after February 1900
_MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
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


LARGEST = 1e18  # no sum of money comes near, and 400 digits are more than a float can hold


def number(value: object, factor: float = 1.0) -> float | Refused:
    """A printed number: "(£1,200)" → −1200, "£0.347m" → 347000, "961 200" → 961200, 12 with factor 1000 → 12000.

    A minus may stand before or after, so may CR (a credit, negative) and DR; DR leaves the number as it is.
    A suffix in the cell (k, m, mil, bn) stands for itself and is not multiplied by the factor.
    """
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return (
            float(value) * factor
            if abs(value) < LARGEST  # so neither infinity nor what is no number
            else refused("bad_number", value, "a number", "Correct the cell in the workbook")
        )
    text = cell_text(value).translate(_MINUS)
    found = _NUMBER.fullmatch(text)
    unsound = not found or bool(found["open"]) != bool(found["close"]) or (found["sign"] and found["sign2"])
    if not found or unsound or text.count("£") > 1:
        expected = "a number, such as 8,786 or (£1,200) or £0.347m"
        return refused(
            "bad_number", value, expected, "Write the number alone in the cell; put words in a cell beside it"
        )
    size = float(found["digits"].replace(",", "").replace(" ", ""))
    size *= _SUFFIXES[found["suffix"].lower()] if found["suffix"] else factor
    if size >= LARGEST:
        return refused("bad_number", value, "a number that money can be", "Correct the cell in the workbook")
    after = (found["trailing"] or "").lower()
    negative = [found["open"], "-" in (found["sign"] or found["sign2"] or ""), after in ("-", "cr")]
    if sum(map(bool, negative)) > 1:
        return refused("bad_number", value, "one sign", "Write either brackets or a minus")
    return -size if any(negative) else size


def is_figure(value: object) -> bool:
    """Whether a cell holds a number, an error where one may have been, or a text that reads as a number."""
    if value is None or isinstance(value, bool):
        return False
    return isinstance(value, (CellError, int, float)) or (
        isinstance(value, str) and not isinstance(number(value), Refused)
    )


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
        else refused("bad_number", value, "a whole number", "Correct the cell in the workbook")
    )


def date(value: object) -> datetime.date | Refused:
    """A date, day first where it is written in figures: "31/03/2024", "2024-03-31", "31st March 2024", "31-Mar-24".

    A number from 35000 (October 1995) to 60000 (April 2064) is Excel's own count of days, which a sheet shows
    where nobody formatted the column; 45382 is 31 March 2024.
    """
    if isinstance(value, datetime.datetime):
        return value.date()
    if isinstance(value, datetime.date):
        return value
    text = cell_text(value)
    if (
        (serial := _SERIAL.fullmatch(text))
        and _FIRST_SERIAL <= int(serial[1]) <= _LAST_SERIAL
        and not isinstance(value, bool)
    ):
        return _DAY_NOUGHT + datetime.timedelta(days=int(serial[1]))
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
            return refused(
                "bad_date",
                value,
                "a day of the calendar, day before month",
                "Correct the cell in the workbook",
            )
    if isinstance(value, (int, float)):
        return refused(
            "bad_date", value, "a date, not a number", "Format the cell as a date and save the workbook"
        )
    return refused("bad_date", value, "a date such as 31/03/2024", "Correct the cell in the workbook")


def flag(value: object) -> bool | Refused:
    """Yes or no, Y or N, true or false, 1 or 0."""
    text = cell_text(value).lower()
    if text in _YES or text in _NO:
        return text in _YES
    return refused(
        "bad_flag", value, "yes or no", "Correct the cell, or give the spelling under `values` in the layout"
    )


def _century(text: str) -> int:
    return int(text) if len(text) == 4 else 2000 + int(text)


def shown(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "…"


def refused(what: str, value: object, expected: str, action: str) -> Refused:
    text = shown(cell_text(value))
    return Refused(what, f'"{text}" cannot be read', expected, action, text)
