"""How a number, a share, a change, a date or a code is said: the same on card, axis, table, export and pack.

Nothing here works a number out; it is handed one with its status and gives words. "nan" and "−£0.0m" are
never among them. A half is rounded away from nought, as spreadsheets round it: £7.05m is £7.1m here and in the workbook.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import TYPE_CHECKING, Any, Literal

from hnb.codelists import CODELISTS

if TYPE_CHECKING:
    from hnb.contract import Table
    from hnb.metrics.measure import Measure

Style = Literal["chart", "table", "sentence"]

MINUS = "−"
_PLACES = (Decimal("1"), Decimal("0.1"), Decimal("0.01"))
"""What a number is rounded to, by its decimal places."""
_ROUNDING = Context(prec=400, rounding=ROUND_HALF_UP)
"""With room for the digits of any number that a computer holds."""
_NUMBER_UNITS = ("placements", "plans", "people")


def pounds(amount: float | None, style: Style = "table", *, signed: bool = False) -> str:
    """Money. In a table in full, £9,337,801; on a chart or in a sentence £9.3m, £290k or £640.

    Pence are shown nowhere. `signed` puts a plus before an increase. What rounds to nought is "£0",
    without a sign.

    >>> pounds(9_337_801), pounds(9_337_801, "chart"), pounds(-289_600, "chart"), pounds(-0.3)
    ('£9,337,801', '£9.3m', '−£290k', '£0')
    """
    if _missing(amount):
        return missing("not_available")
    whole = _size(amount)
    if style == "table" or whole < 1_000:
        words = f"£{whole:,}"
    elif (thousands := _size(amount, per=1_000)) < 1_000:
        words = f"£{thousands}k"
    else:
        words = f"£{_size(amount, 1, per=1_000_000):,}m"
    nought = whole == 0
    return _sign(amount or 0.0, nought, signed) + words


def millions(amount: float | None, *, signed: bool = False) -> str:
    """Money as a meeting reads it: £m with one decimal from £50,000 up, £0.3m beside £19.7m; less in £k, or £640.

    >>> millions(19_659_168), millions(-289_600), millions(45_900), millions(0.2)
    ('£19.7m', '−£0.3m', '£46k', '£0')
    """
    if _missing(amount) or abs(amount or 0.0) < 50_000:
        return pounds(amount, "sentence", signed=signed)
    return f"{_sign(amount or 0.0, False, signed)}£{_size(amount, 1, per=1_000_000):,}m"


def part_of(amount: float | None, whole: float | None, *, signed: bool = False) -> str:
    """A part of a sum of money, as coarse as the sum is large: £m beside millions, £k where all of it is less.

    >>> part_of(131_000, 300_000, signed=True), part_of(131_000, 4_511_000, signed=True)
    ('+£131k', '+£0.1m')
    """
    if _missing(whole) or abs(whole or 0.0) >= 1_000_000:
        return millions(amount, signed=signed)
    return pounds(amount, "sentence", signed=signed)


def share(fraction: float | None, *, places: int = 1, signed: bool = False) -> str:
    """A fraction as a percentage with one decimal: 0.0832 → "8.3%"."""
    if _missing(fraction):
        return missing("not_available")
    size = _size(fraction, places, times=100)
    return f"{_sign(fraction or 0.0, size == 0, signed)}{size:,}%"


def points(fraction: float | None, *, signed: bool = False) -> str:
    """A difference between two shares, in percentage points: 0.019 → "1.9 points", 0.01 → "1.0 points"."""
    if _missing(fraction):
        return missing("not_available")
    size = _size(fraction, 1, times=100)
    return f"{_sign(fraction or 0.0, size == 0, signed)}{size:,} points"


def count(number: float | None, *, signed: bool = False) -> str:
    """A whole number with commas: 2582 → "2,582"."""
    if _missing(number):
        return missing("not_available")
    size = _size(number)
    return f"{_sign(number or 0.0, size == 0, signed)}{size:,}"


def number(amount: float | None, *, signed: bool = False) -> str:
    """A number that need not be whole, with one decimal below a thousand: 104.25 → "104.3"."""
    if _missing(amount):
        return missing("not_available")
    size = _size(amount, 0 if abs(amount or 0.0) >= 1_000 else 1)
    return f"{_sign(amount or 0.0, size == 0, signed)}{size:,}"


def value(
    measure: Measure, amount: float | None, style: Style = "table", *, status: str = "reported", signed: bool = False
) -> str:  # fmt: skip
    """A measure's value in its own unit; where it is missing, the sign of its status.

    In a sentence a missing value is words ("not recorded"), and a count says what it counts ("174
    placements"). Money keeps pounds in tables and £m on charts; a unit cost is in full pounds below
    £100,000 everywhere, since a tenth of a million hides what it says.
    """
    if _missing(amount):
        status = status if CODELISTS["result_statuses"].entry(status).details["sign"] else "not_available"
        return missing_words(status) if style == "sentence" else missing(status)
    shown = float(amount or 0.0)
    if measure.unit.startswith("£ per "):
        return pounds(shown, "table" if abs(shown) < 1_000_000 else style, signed=signed)
    if measure.unit == "£":
        return pounds(shown, style, signed=signed)
    if measure.unit == "share":
        return share(shown, signed=signed)
    plain = count(shown, signed=signed) if measure.unit in _NUMBER_UNITS else number(shown, signed=signed)
    return f"{plain} {_one_or_many(measure.unit, plain)}" if style == "sentence" else plain


def difference(measure: Measure, amount: float | None, style: Style = "chart", *, signed: bool = True) -> str:
    """A difference between two values of a measure: "+£3.1m", "−12", and "+1.9 points" between shares."""
    if measure.unit == "share":
        return points(amount, signed=signed)
    return value(measure, amount, style, signed=signed)


def change(measure: Measure, new: float | None, old: float | None, style: Style = "chart") -> str:
    """The change from an old to a new value: "+£3.1m"; the sign of what is not available if either is missing."""
    if _missing(new) or _missing(old):
        return missing("not_available")
    return difference(measure, float(new or 0.0) - float(old or 0.0), style)


def relative_change(new: float | None, old: float | None) -> str:
    """The change as a share of the old value: "+6.2%". From nought or from a deficit there is none to give."""
    if _missing(new) or _missing(old):
        return missing("not_available")
    if float(old or 0.0) <= 0:
        return missing("no_denominator")
    return share(float(new or 0.0) / float(old or 1.0) - 1.0, signed=True)


def favour(measure: Measure, amount: float | None) -> Literal["favourable", "adverse", ""]:
    """Whether a rise (positive) or fall of the measure is favourable or adverse; "" where neither, or none."""
    if _missing(amount) or not amount or measure.better == "neither":
        return ""
    return "favourable" if (amount > 0) == (measure.better == "higher") else "adverse"


def compared(measure: Measure, new: float | None, old: float | None, with_what: str) -> str:
    """A value beside another, in words: "£0.4m worse than last year", "12 placements more than in 2023-24".

    What is better or worse follows the measure; where neither is, it says more or less.
    """
    if _missing(new) or _missing(old):
        return f"not to be compared with {with_what}"
    gap = float(new or 0.0) - float(old or 0.0)
    size = difference(measure, abs(gap), "sentence", signed=False)
    if size == difference(measure, 0.0, "sentence", signed=False):
        return f"the same as {with_what}"
    less = "fewer than" if measure.unit in _NUMBER_UNITS else "less than"
    neutral = "more than" if gap > 0 else less
    judged = {"favourable": "better than", "adverse": "worse than"}.get(favour(measure, gap), neutral)
    return f"{size} {judged} {with_what}"


def missing(status: str) -> str:
    """The sign of a value that is not there: c hidden, z not collected, x not available, – nothing to divide by."""
    return str(CODELISTS["result_statuses"].entry(status).details["sign"])


def missing_words(status: str) -> str:
    """The same in words, as they stand inside a sentence: "not collected"."""
    return lowered(CODELISTS["result_statuses"].label(status))


def sign_words(sign: str) -> str:
    """What a sign in place of a figure means: "c" → "hidden"; the sign itself where it is none of ours."""
    for code in CODELISTS["result_statuses"].codes:
        if sign and missing(code) == sign:
            return missing_words(code)
    return sign


def signs_note(statuses: Iterable[str]) -> str:
    """The line under a table that explains the signs in it: "c hidden; z not collected". Empty if none."""
    present = set(statuses)
    codes = [code for code in CODELISTS["result_statuses"].codes if code in present]
    return "; ".join(f"{missing(code)} {missing_words(code)}" for code in codes if missing(code))


_DIMENSION_CODES = {
    "authority": "authorities", "setting": "settings", "setting_group": "setting_groups", "phase": "phases", "need": "needs",
    "line": "budget_lines", "line_group": "line_groups", "part": "spend_parts", "basis": "spend_bases",
    "age_band": "age_bands", "money": "money", "status": "result_statuses",
}  # fmt: skip
_DIMENSION_TITLES = {
    "financial_year": "Year", "setting_group": "Kind of setting", "in_borough": "In or out of borough",
    "line": "Budget line", "line_group": "Group of lines", "part": "Part of spend", "as_at": "Report as at",
    "need": "Primary need",
}  # fmt: skip
_FLAGS: Mapping[str, Mapping[Any, str]] = {
    "in_borough": {
        True: "In the borough",
        False: "Out of the borough",
        None: "Not recorded, or not a placement",
    },
    "provider": {None: "Provider not recorded, or not a placement"},
}


def label(dimension: str, code: Any, *, brief: bool = False) -> str:
    """What a person reads for a value of a dimension: label("setting", "resourced") → "Resource base or SEN unit".

    `brief` takes the shorter label, for axes and chips. A year or a provider reads as it
    is written; a missing key as "Not recorded".
    """
    if dimension in _FLAGS and code in _FLAGS[dimension]:
        return _FLAGS[dimension][code]
    codes = _DIMENSION_CODES.get(dimension)
    if codes and code in CODELISTS[codes].entries:
        return CODELISTS[codes].short(code) if brief else CODELISTS[codes].label(code)
    if dimension == "as_at" and code:
        return date(code)
    if dimension == "month" and code:
        return month(code)
    return "Not recorded" if code is None else str(code)


def kind_of_figure(table: Table, codes: Sequence[str | None]) -> str:
    """The kind of a table's figure, from the codes of its columns `kinds`: "outturn return, by line"."""
    lists = [CODELISTS[table.column(name).codes] for name in table.kinds]
    said = [codelist.label(code) if code is not None and code in codelist.entries else "not recorded"
            for codelist, code in zip(lists, codes, strict=True)]  # fmt: skip
    return ", ".join([*said[:1], *map(lowered, said[1:])])


def dimension_title(dimension: str) -> str:
    """The heading of a dimension's column: "financial_year" → "Year", "setting" → "Setting"."""
    return _DIMENSION_TITLES.get(dimension, f"{dimension[0].upper()}{dimension[1:]}".replace("_", " "))


def date(day: datetime.date | str) -> str:
    """A date in words: "31 October 2026". Takes a date or its ISO text."""
    given = datetime.date.fromisoformat(day[:10]) if isinstance(day, str) else day
    return f"{given.day} {_MONTHS[given.month - 1]} {given.year}"


def month(day: datetime.date | str) -> str:
    """A month in words: "October 2026". Takes any of its days or the ISO text of one."""
    given = datetime.date.fromisoformat(day[:10]) if isinstance(day, str) else day
    return f"{_MONTHS[given.month - 1]} {given.year}"


def listed(names: Iterable[str], *, last: str = "and") -> str:
    """Names in a sentence: "a", "a and b", "a, b and c". Nothing gives an empty text."""
    items = list(names)
    return f" {last} ".join([", ".join(items[:-1]), items[-1]]) if len(items) > 1 else "".join(items)


def not_split(title: str, dimensions: Iterable[str]) -> str:
    """An honest caption: "Variance is not split by primary need: the figures are for all." Empty if nothing is to be said."""
    names = [lowered(dimension_title(name)) for name in dimensions]
    return f"{title} is not split by {listed(names, last='or')}: the figures are for all." if names else ""


# Month names do not come from the locale: a Windows machine in another language must say the same.
_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September",
           "October", "November", "December")  # fmt: skip


def lowered(words: str) -> str:
    """A label inside a sentence: its first letter small, unless it begins with initials ("FE college")."""
    is_word = words[1:2].islower() or words.startswith("A ")
    return words[0].lower() + words[1:] if is_word else words


def _size(amount: float | None, places: int = 0, *, times: int = 1, per: int = 1) -> Decimal:
    """How large an amount is, however signed, in decimals that a person would write.

    Taken from how it is written, since 7.05 as a binary number is a little less, and rounding that gives 7.0.
    """
    written = abs(Decimal(repr(float(amount or 0.0)))) * times / per
    return written.quantize(_PLACES[places], context=_ROUNDING)


def _missing(amount: float | None) -> bool:
    # Times a hundred, since a percentage of the finite may not be.
    return amount is None or not math.isfinite(amount * 100)


def _sign(amount: float, nought: bool, signed: bool) -> str:
    if nought:
        return ""
    return MINUS if amount < 0 else "+" if signed else ""


def _one_or_many(unit: str, plain: str) -> str:
    return unit.removesuffix("s") if plain.lstrip("+" + MINUS) in ("1", "1.0") else unit
