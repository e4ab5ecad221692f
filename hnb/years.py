"""Financial and academic years: every spelling read, one way of writing, and which year holds a date.

A financial year runs from 1 April to 31 March and is written "2023-24"; nothing here reads a clock. A
spelling that could mean two things is refused in a sentence, never guessed.
"""

from __future__ import annotations

import datetime
import re
from typing import Any

import pandas

from hnb.errors import HnbError

_WRITTEN = re.compile(r"([0-9]{4})-([0-9]{2})")
_TWO_YEARS = re.compile(
    r"(?:f\.?y\.?|financial year|year)?\s*(\d{4}|\d{2})\s*(?:[/\\_–—-]|to|and)\s*(\d{4}|\d{2})",
    re.IGNORECASE | re.ASCII,
)
_YEAR_ENDING = re.compile(r"f\.?y\.?\s*(\d{4}|\d{2})", re.IGNORECASE | re.ASCII)
_MONTH_NAME = re.compile(r"([a-z]{3,9})\.?[\s/_–-]*(\d{4}|\d{2})", re.IGNORECASE | re.ASCII)
_MONTH_ISO = re.compile(r"(\d{4})[-/](\d{1,2})", re.ASCII)
_MONTH_SLASH = re.compile(r"(\d{1,2})/(\d{4})", re.ASCII)
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}(?: 00:00:00)?", re.ASCII)
_PERIOD = re.compile(r"(?:period|month|mth|p|m)\s*\.?\s*0?(\d{1,2})", re.IGNORECASE | re.ASCII)
_QUARTER = re.compile(r"(?:quarter|qtr|q)\s*\.?\s*([1-4])", re.IGNORECASE | re.ASCII)
_FIRST_YEAR, _LAST_YEAR = 1970, 2099
_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september",
           "october", "november", "december")  # fmt: skip


def is_financial_year(text: object) -> bool:
    """Whether a text is a financial year as we write it: "2023-24", the second the year after the first.

    Years outside 1970 to 2099 are slips of the finger and are not.
    """
    if not isinstance(text, str):
        return False
    match = _WRITTEN.fullmatch(text)
    return match is not None and _plausible(int(match[1])) and (int(match[1]) + 1) % 100 == int(match[2])


def financial_year(value: object) -> str:
    """The financial year that a spelling or a date stands for, as we write it.

    Reads "2023/24", "2023-24", "23-24", "2023 to 2024", "2023_24", "202324", "FY2023/24", "FY24" (the
    year that ends in 2024), a month with its year ("Apr-14"), an ISO date, and date objects.

    Raises HnbError where the spelling could mean two things: a plain "2023" (calendar, academic or
    financial?), "2021" (the year, or 2020-21?), "200910" (2009-10, or October 2009?), a period without
    a year ("P5"), or two years that do not follow each other.

    >>> financial_year("2023 to 2024"), financial_year("FY24"), financial_year(datetime.date(2024, 3, 31))
    ('2023-24', '2023-24', '2023-24')
    """
    if isinstance(value, datetime.date):  # a datetime and a pandas Timestamp are dates too
        return year_of(value)
    text = _cell_text(value)
    if is_financial_year(text):
        return text
    if text.isascii() and text.isdigit():
        return _from_digits(text)
    for read in (_from_two_years, _from_year_ending, _from_iso_date, _from_month):
        year = read(text)
        if year:
            return year
    raise HnbError(f'"{_shown(value)}" is not a financial year that can be read; write it as "2023-24"')


def financial_years(values: pandas.Series[Any]) -> tuple[pandas.Series[Any], dict[object, str]]:
    """A column of spellings as financial years, each distinct spelling read once.

    Returns the years (same index; missing where the value is blank or refused) and the refusals: each
    refused value with the sentence that says why.
    """
    years: dict[object, str | None] = {}
    refused: dict[object, str] = {}
    for value in values.dropna().unique():
        try:
            years[value] = financial_year(value)
        except HnbError as refusal:
            years[value] = None
            refused[value] = str(refusal)
    return values.map(years).astype("string"), refused


def year_of(date: datetime.date) -> str:
    """The financial year that holds a date: 31 March 2024 is in 2023-24, 1 April 2024 in 2024-25."""
    return written(date.year if date.month >= 4 else date.year - 1)


def written(first: int) -> str:
    """The financial year that begins in April of a calendar year, as we write it: 2023 → "2023-24"."""
    return f"{first}-{(first + 1) % 100:02d}"


def first_of(year: str) -> int:
    """The calendar year in which a financial year begins: "2023-24" → 2023."""
    if not is_financial_year(year):
        raise HnbError(
            f'"{_shown(year)}" is not a financial year as we write it; it must look like "2023-24"'
        )
    return int(year[:4])


def year_start(year: str) -> datetime.date:
    """1 April of the year: "2023-24" → 1 April 2023."""
    return datetime.date(first_of(year), 4, 1)


def year_end(year: str) -> datetime.date:
    """31 March of the year: "2023-24" → 31 March 2024."""
    return datetime.date(first_of(year) + 1, 3, 31)


def days_in_year(year: str) -> int:
    """365, or 366 where 29 February falls within the year: "2023-24" has it."""
    return (year_end(year) - year_start(year)).days + 1


def months_of(year: str) -> tuple[datetime.date, ...]:
    """The first days of the year's twelve months, April first."""
    first = first_of(year)
    return tuple(datetime.date(first + (month > 12), (month - 1) % 12 + 1, 1) for month in range(4, 16))


def next_year(year: str) -> str:
    """The year after: "2023-24" → "2024-25"."""
    return written(first_of(year) + 1)


def previous_year(year: str) -> str:
    """The year before: "2023-24" → "2022-23"."""
    return written(first_of(year) - 1)


def year_range(first: str, last: str) -> tuple[str, ...]:
    """All years from the first to the last, both included, ascending, whichever comes first."""
    low, high = sorted((first_of(first), first_of(last)))
    return tuple(written(year) for year in range(low, high + 1))


def short(year: str) -> str:
    """The year where room is short: "2023-24" → "23-24"."""
    first_of(year)
    return year[2:]


def january_of(year: str) -> int:
    """The calendar year of the January within a financial year: "2024-25" → 2025."""
    return first_of(year) + 1


def year_of_january(calendar_year: int) -> str:
    """The financial year that holds the January of a calendar year: 2025 → "2024-25"."""
    return written(calendar_year - 1)


def january_count_on(year: str) -> datetime.date:
    """The day of the January count within a financial year: the third Thursday of January.

    Source: DfE, school census and SEN2 guides (the census day and the SEN2 date are the same Thursday:
    16 January 2025, 18 January 2024, 19 January 2023).
    """
    first = datetime.date(january_of(year), 1, 1)
    to_thursday = (3 - first.weekday()) % 7
    return first + datetime.timedelta(days=to_thursday + 14)


def academic_year(value: object) -> str:
    """The academic year (1 September to 31 August) of a spelling or a date, written the same way.

    A date in August 2024 is in 2023-24, one in September 2024 in 2024-25. Spellings are those of
    `financial_year`, and refused for the same reasons; a month with its year counts as its first day.
    """
    if isinstance(value, datetime.date):
        return written(value.year if value.month >= 9 else value.year - 1)
    text = _cell_text(value)
    if re.search(r"[a-z]{3}", text, re.IGNORECASE | re.ASCII) and not _TWO_YEARS.fullmatch(text):
        return academic_year(month(text))
    if _ISO_DATE.fullmatch(text):
        return academic_year(_iso_date(text))
    return financial_year(text)


def month(value: object) -> datetime.date:
    """The first day of a month written with its year: "Apr-14", "April 2014", "Sept 23", "2014-04", "04/2014".

    Raises HnbError for a month without a year, and for "2023-24", which is a year. Beware that Excel
    itself turns a typed "Apr-14" into a date, 14 April of the year of typing or 1 April 2014 by its
    locale: such a cell arrives as a date and is taken at its word.
    """
    if isinstance(value, datetime.date):
        return datetime.date(value.year, value.month, 1)
    text = _cell_text(value)
    named = _MONTH_NAME.fullmatch(text)
    if named and _month_number(named[1]):
        return datetime.date(_full_year(named[2]), _month_number(named[1]), 1)
    if _ISO_DATE.fullmatch(text):
        return month(_iso_date(text))
    iso, slash = _MONTH_ISO.fullmatch(text), _MONTH_SLASH.fullmatch(text)
    if iso and is_financial_year(f"{iso[1]}-{iso[2]}"):
        raise HnbError(f'"{_shown(value)}" may be a month or a financial year; write the month as "Nov-10"')
    parts = (int(iso[1]), int(iso[2])) if iso else (int(slash[2]), int(slash[1])) if slash else None
    if parts and 1 <= parts[1] <= 12 and _FIRST_YEAR <= parts[0] <= _LAST_YEAR:
        return datetime.date(parts[0], parts[1], 1)
    raise HnbError(f'"{_shown(value)}" is not a month with its year; write it as "Apr-24"')


def period(value: object) -> tuple[int, ...]:
    """The months of a financial year that a period stands for, numbered from April = 1.

    "P5", "Period 05", "Month 5", "M5" and "August" give (5,); "Q2" gives (4, 5, 6). A bare number is
    refused: 5 may be May or August. So are periods after the twelfth (year-end adjustments).

    >>> period("Month 7"), period("Q2"), period("Aug")
    ((7,), (4, 5, 6), (5,))
    """
    text = _cell_text(value)
    quarter = _QUARTER.fullmatch(text)
    if quarter:
        last = int(quarter[1]) * 3
        return (last - 2, last - 1, last)
    numbered = _PERIOD.fullmatch(text)
    if numbered:
        number = int(numbered[1])
        if 1 <= number <= 12:
            return (number,)
        raise HnbError(
            f'"{_shown(value)}" is not one of the twelve periods of a year; '
            "put year-end adjustments into period 12"
        )
    if text.isascii() and text.isdigit():
        raise HnbError(f'"{_shown(value)}" may count from January or from April; write it as "P{text}" or "Month {text}"')  # fmt: skip
    named = _month_number(text.rstrip("."))
    if named:
        return ((named - 4) % 12 + 1,)
    raise HnbError(f'"{_shown(value)}" is not a period; write it as "P5", "Month 5" or "Q2"')


def part_year_places(places_before: float, places_after: float, *, post16: bool = False) -> float:
    """The places that a year pays for when their number changes during it.

    Before 16 the change is in September: five twelfths of the year at the old number (April to August)
    and seven at the new. Post-16 it is in August: four twelfths and eight. Rule 1 of the domain's rules
    of the trade; checked against DfE's published deductions for direct funding of places.

    >>> part_year_places(386, 418) * 10_000  # special academies in Sutton, 2023-24: £4,046,667
    4046666.666...
    """
    months_before = 4 if post16 else 5
    return (months_before * places_before + (12 - months_before) * places_after) / 12


def _cell_text(value: object) -> str:
    """A cell's value as the text that a person sees: 202324.0 is "202324"; spaces run together."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return " ".join(str(value).split())


def _shown(value: object) -> str:
    return str(value)[:40]


def _from_digits(text: str) -> str:
    if len(text) == 8:
        first, second = int(text[:4]), int(text[4:])
        if second == first + 1 and _FIRST_YEAR <= first <= _LAST_YEAR:
            return written(first)
    if len(text) == 6 and (int(text[:4]) + 1) % 100 == int(text[4:]) and _plausible(int(text[:4])):
        if 1 <= int(text[4:]) <= 12:
            raise HnbError(f'"{text}" may be {text[:4]}-{text[4:]} or a month of {text[:4]}; write the year as "{text[:4]}-{text[4:]}"')  # fmt: skip
        return written(int(text[:4]))
    if len(text) == 4:
        first, second = int(text[:2]), int(text[2:])
        follows = (first + 1) % 100 == second
        if 1900 <= int(text) <= _LAST_YEAR:
            pair = f", or mean {written(_full_year(text[:2]))}" if follows else ""
            raise HnbError(f'"{text}" may be a calendar, an academic or a financial year{pair}; write it as "2023-24"')  # fmt: skip
        if follows:
            return written(_full_year(text[:2]))
    if len(text) == 2:
        raise HnbError(f'"{text}" does not say which year it means; write it as "2023-24"')
    raise HnbError(f'"{text[:40]}" is not a financial year that can be read; write it as "2023-24"')


def _from_two_years(text: str) -> str | None:
    match = _TWO_YEARS.fullmatch(text)
    if not match or (len(match[1]) == 2 and len(match[2]) == 4):
        return None
    first = _full_year(match[1])
    if (first + 1) % 100 != int(match[2]) % 100 or (len(match[2]) == 4 and int(match[2]) != first + 1):
        hint = "it may be a month" if len(match[2]) == 2 and 1 <= int(match[2]) <= 12 else "a year is followed by the next"  # fmt: skip
        raise HnbError(f'"{text[:40]}" is not a financial year: {hint}; write it as "{written(first)}"')
    if not _plausible(first):
        raise HnbError(
            f'"{text[:40]}" is outside the years {_FIRST_YEAR} to {_LAST_YEAR}; write it as "2023-24"'
        )
    return written(first)


def _from_year_ending(text: str) -> str | None:
    match = _YEAR_ENDING.fullmatch(text)
    return written(_full_year(match[1]) - 1) if match else None


def _from_iso_date(text: str) -> str | None:
    return year_of(_iso_date(text)) if _ISO_DATE.fullmatch(text) else None


def _from_month(text: str) -> str | None:
    named = _MONTH_NAME.fullmatch(text)
    if named and _month_number(named[1]):
        return year_of(month(text))
    if _PERIOD.fullmatch(text) or _QUARTER.fullmatch(text) or _month_number(text):
        raise HnbError(f'"{text[:40]}" is a part of a year and does not say which; give the year beside it')
    return None


def _iso_date(text: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(text[:10])
    except ValueError as fault:
        raise HnbError(f'"{text[:40]}" is not a date of the calendar; write it as "2024-03-31"') from fault


def _full_year(text: str) -> int:
    """A year of two digits in its century: 69 and below are 2000 and after."""
    if len(text) == 4:
        return int(text)
    return int(text) + (2000 if int(text) < 70 else 1900)


def _plausible(year: int) -> bool:
    return _FIRST_YEAR <= year <= _LAST_YEAR


def _month_number(name: str) -> int:
    """1 for "Jan" to 12 for "December"; nought for anything else."""
    plain = name.lower()
    if plain == "sept":
        return 9
    for number, full in enumerate(_MONTHS, 1):
        if plain in (full, full[:3]):
            return number
    return 0
