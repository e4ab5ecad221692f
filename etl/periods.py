"""Reads what is about time within a financial year: years, months, periods, terms, ages on 31 August.

Some cells say all by themselves ("Oct-25"); some mean something only within a year ("P7", "Summer"), which is
then the financial year of their row. What could mean two things is refused, never guessed.
"""

from __future__ import annotations

import contextlib
import datetime
import re
from collections.abc import Callable, Mapping
from typing import Any

from etl.printed import Refused, cell_text, date, shown
from hnb import years
from hnb.codelists import CODELISTS
from hnb.errors import HnbError

_TERM = re.compile(
    r"(?P<before>\d[\d/ –-]*?)?[\s,]*(?P<term>[a-z]+\.?(?:\s+term)?)[\s,]*(?P<after>\d[\d/ –-]*)?",
    re.IGNORECASE,
)
_WITH_YEAR = re.compile(r"(.+?)[\s,]+(\S*\d{2}\S*)")


def _year(value: object) -> str | Refused:
    return by_years(years.financial_year, value)


def _january(value: object) -> int | Refused:
    year = _year(value)
    return year if isinstance(year, Refused) else years.january_of(year)


def _academic_year_of_date(value: object) -> str | Refused:
    """Of a date of birth, what ages on 31 August follow from; the date itself goes no further."""
    day = date(value)
    return day if isinstance(day, Refused) else years.academic_year(day)


def _month(value: object) -> datetime.date | Refused:
    return by_years(years.month, _dashed(value))


def _year_of_month(value: object) -> str | Refused:
    first = _month(value)
    return first if isinstance(first, Refused) else years.year_of(first)


def _period_of_month(value: object) -> int | Refused:
    first = _month(value)
    return first if isinstance(first, Refused) else (first.month - 4) % 12 + 1


def by_years(read: Callable[[object], Any], value: object) -> Any:
    try:
        return read(value)
    except HnbError as refusal:
        return Refused(
            "bad_year",
            str(refusal),
            "",
            "Correct it in the workbook, or the pattern in the layout",
            shown(cell_text(value)),
        )


def _dashed(value: object) -> object:
    """File names write months as 2023_04; a month that could also be a year (2010_11) is a month there."""
    found = re.fullmatch(r"(\d{4})_(\d{1,2})", value) if isinstance(value, str) else None
    return datetime.date(int(found[1]), int(found[2]), 1) if found and 1 <= int(found[2]) <= 12 else value


def _year_end(value: object) -> datetime.date | Refused:
    year = _year(value)
    return year if isinstance(year, Refused) else years.year_end(year)


def _year_of_date(value: object) -> str | Refused:
    day = date(value)
    return day if isinstance(day, Refused) else years.year_of(day)


def _period_of_date(value: object) -> int | Refused:
    day = date(value)
    return day if isinstance(day, Refused) else (day.month - 4) % 12 + 1


def period_end(value: object, year: str = "") -> datetime.date | Refused:
    """The last day of a period: "P7", "Month 7" or "Oct" within `year`; "Q2", its last month; "Oct-25" by itself.

    >>> period_end("P7", "2025-26"), period_end("Q2", "2025-26"), period_end("Oct-24")
    (datetime.date(2025, 10, 31), datetime.date(2025, 9, 30), datetime.date(2024, 10, 31))
    """
    months = _months(value, year)
    return months if isinstance(months, Refused) else _month_end(months[-1])


def month_of_year(value: object, year: str = "") -> datetime.date | Refused:
    """The first day of a month: "Apr" or "P1" within `year`, "Apr-25" by itself. A quarter is refused.

    >>> month_of_year("Feb", "2025-26")
    datetime.date(2026, 2, 1)
    """
    months = _months(value, year)
    if isinstance(months, Refused):
        return months
    if len(months) > 1:
        return _unread(value, "is a quarter", "one month", "Say in the layout which column holds months")
    return months[0]


def term_start(value: object, year: str = "") -> datetime.date | Refused:
    """The first day of a school term: spring 1 January, summer 1 April, autumn 1 September.

    "Summer 2025" says its year; "Summer" alone is that within `year`.

    >>> term_start("Summer 2025"), term_start("Spring", "2025-26")
    (datetime.date(2025, 4, 1), datetime.date(2026, 1, 1))
    """
    term = _term(value, year)
    return term if isinstance(term, Refused) else datetime.date(term[1], _term_months(term[0])[0], 1)


def term_end(value: object, year: str = "") -> datetime.date | Refused:
    """The day after a school term, on which a placement of that term is no longer counted.

    Terms follow on without a gap (1 September, 1 January, 1 April), so that three of them are a whole year.

    >>> term_end("Summer 2025"), term_end("Autumn 2025")
    (datetime.date(2025, 9, 1), datetime.date(2026, 1, 1))
    """
    term = _term(value, year)
    if isinstance(term, Refused):
        return term
    last = _month_end(datetime.date(term[1], _term_months(term[0])[1], 1))
    return last + datetime.timedelta(days=1)


def age_on_31_august(value: object, year: str = "") -> int | Refused:
    """The age on the 31 August within `year`, from a date of birth, which goes no further.

    >>> age_on_31_august("31/08/2015", "2025-26"), age_on_31_august("01/09/2015", "2025-26")
    (10, 9)
    """
    born = date(value)
    if isinstance(born, Refused):
        return born.unquoted()
    if not year:
        return Refused("bad_year", "the age on 31 August cannot be told: the row has no financial year", "a financial year",
                       "Say in the layout where the year is printed")  # fmt: skip
    then = datetime.date(years.first_of(year), 8, 31)
    return then.year - born.year - ((born.month, born.day) > (then.month, then.day))


def _months(value: object, year: str) -> tuple[datetime.date, ...] | Refused:
    """The first days of the months of a period, which says its year itself or lies within `year`."""
    if isinstance(value, datetime.date):
        return (years.month(value),)
    text = cell_text(value)
    day = date(value)
    if not isinstance(day, Refused):
        return (years.month(day),)
    try:
        return (years.month(text),)
    except HnbError:
        pass  # it does not say its year, or is no month: a period, perhaps
    spelled = _WITH_YEAR.fullmatch(text)
    if spelled:
        with contextlib.suppress(HnbError):  # where what stands there is no year: "Month 12"
            text, year = spelled[1], years.financial_year(spelled[2])
    try:
        numbers = years.period(text)
    except HnbError as refusal:
        return Refused("bad_year", str(refusal), "", "Correct it in the workbook, or the pattern in the layout", shown(text))  # fmt: skip
    if not year:
        return _unread(value, "does not say its year, and the row has none", "a period with its year", "Say in the layout where the financial year is printed")  # fmt: skip
    return tuple(years.months_of(year)[number - 1] for number in numbers)


def _month_end(first: datetime.date) -> datetime.date:
    return (first + datetime.timedelta(days=31)).replace(day=1) - datetime.timedelta(days=1)


def _term(value: object, year: str) -> tuple[str, int] | Refused:
    """A term's code and the calendar year that it lies in."""
    text = cell_text(value)
    found = _TERM.fullmatch(text)
    code = CODELISTS["terms"].encode(found["term"]) if found else None
    if not found or code is None or (found["before"] and found["after"]):
        return _unread(value, "is not a school term", "a term such as Summer 2025", "Write it so in the workbook")  # fmt: skip
    said = (found["before"] or found["after"] or "").strip()
    if not said:
        if not year:
            return _unread(value, "does not say its year, and the row has none", "a term such as Summer 2025", "Write it so in the workbook")  # fmt: skip
        return code, years.first_of(year) + (code == "spring")
    if said.isdigit() and len(said) in (2, 4):
        return code, int(said) if len(said) == 4 else 2000 + int(said)
    try:
        first = years.first_of(years.financial_year(said))
    except HnbError as refusal:
        return Refused("bad_year", str(refusal), "", "Correct it in the workbook", shown(text))
    if code == "summer":
        return _unread(value, f"may be the summer of {first} (financial year) or of {first + 1} (school year)", "a term with one year",
                       f"Write Summer {first} or Summer {first + 1}")  # fmt: skip
    return code, first + (code == "spring")


def _term_months(code: str) -> tuple[int, int]:
    """The first and the last month of a term, as the code list has them."""
    first, last = CODELISTS["terms"].entry(code).details["months"]
    return int(first), int(last)


def _unread(value: object, why: str, expected: str, action: str) -> Refused:
    quoted = shown(cell_text(value))
    return Refused("bad_year", f'"{quoted}" {why}', expected, action, quoted)


READS: Mapping[str, Callable[[object], Any]] = {
    "year": _year, "january": _january, "month": _month, "academic_year_of_date": _academic_year_of_date,
    "year_of_month": _year_of_month, "period_of_month": _period_of_month, "year_end": _year_end,
    "year_of_date": _year_of_date, "period_of_date": _period_of_date,
}  # fmt: skip
"""Ways to read a cell that says its time by itself."""

YEARLY_READS: Mapping[str, Callable[[object, str], Any]] = {
    "period_end": period_end, "month_of_year": month_of_year, "term_start": term_start, "term_end": term_end,
    "age_on_31_august": age_on_31_august,
}  # fmt: skip
"""Ways to read a cell within a financial year, which is given beside it."""
