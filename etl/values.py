"""Reads the cells of one column: what is printed as our codes, keyed hashes, years, dates and numbers.

Nothing here knows where a cell stands: a cell that cannot be read gives a `Refused`, and the caller adds the
address. Each distinct value of a column is read once (`read_all`). What a number or a date looks like is said
in `etl.printed`, what follows from a year in `etl.periods`.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from etl import periods
from etl.cells import NEVER_CALCULATED, CellError
from etl.layout import UNSAID
from etl.printed import (
    LARGEST,
    Refused,
    cell_text,
    date,
    flag,
    number,
    refused,
    share,
    shown,
    unit_factor,
    whole,
)
from etl.pseudonyms import pseudonym
from hnb.codelists import CODELISTS, folded


@dataclass(frozen=True)
class Absent:
    """A symbol that stands where there is no number, and the status that it means."""

    status: str


_LINE = re.compile(r"(\d\.\d{1,2}\.\d{1,2})(?![\d.])[\s:–—-]*(.*)", re.DOTALL)


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
        f'"{shown(text)}" is not a known {known.noun}',
        f"a spelling in {file}",
        advice,
        shown(text),
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
        return Refused("line_title", f'"{shown(text)}" has the code {found[1]} and the title of {titled}', "a code with its own title",
                       "Correct whichever is wrong in the workbook", shown(text))  # fmt: skip
    return found[1]


@dataclass(frozen=True)
class Reader:
    """How the cells of one column are read. Called with a cell, it gives a value, None, an `Absent` or a `Refused`.

    `year` is the financial year of the rows, for what is read within one ("P7", "Summer").
    """

    read: str
    codes: str = ""
    factor: float = 1.0
    sign: int = 1
    blank: Any = UNSAID
    values: Mapping[str, Any] = field(default_factory=dict)
    otherwise: Any = UNSAID
    symbols: Mapping[str, str] = field(default_factory=dict)
    key: bytes = b""
    year: str = ""

    @property
    def takes_numbers_as_they_are(self) -> bool:
        """Whether a cell that is a number is that number, whatever it says: no spelling of it stands for anything else."""
        return (
            self.read in ("pounds", "number")
            and not self.values
            and not self.symbols
            and self.otherwise is UNSAID
        )

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
                else refused("bad_unit", value, "£, £'000 or £m", "Correct the workbook or the layout")
            )
        if self.read == "pseudonym":
            return pseudonym(text, self.key)
        if self.read in OTHER_READS:
            return OTHER_READS[self.read](value)
        if self.read in YEARLY_READS:
            return YEARLY_READS[self.read](value, self.year)
        return text


def read_all(cells: Sequence[Any], reader: Callable[[object], Any]) -> list[Any]:
    """Every cell of a column read, each distinct value once."""
    kinds = set(map(type, cells))
    if isinstance(reader, Reader) and reader.takes_numbers_as_they_are and kinds & {int, float}:
        return _numbers_read(cells, reader)
    if bool in kinds and len(kinds) > 1:  # True and 1 are one key of a dict, and two different cells
        return [reader(cell) for cell in cells]
    known = {cell: reader(cell) for cell in set(cells)}
    return [known[cell] for cell in cells]


def _numbers_read(cells: Sequence[Any], reader: Reader) -> list[Any]:
    """A column of money or numbers: most cells hold a number, of which nothing need be read but its unit and sign."""
    times = reader.factor * reader.sign
    is_number = [(kind := type(cell)) is float or kind is int for cell in cells]
    known = {
        cell: reader(cell)
        for cell in {cell for cell, number in zip(cells, is_number, strict=True) if not number}
    }
    return [
        (float(cell) * times if -LARGEST < cell < LARGEST else reader(cell)) if number else known[cell]
        for cell, number in zip(cells, is_number, strict=True)
    ]


def end_date(value: object) -> datetime.date | Refused | None:
    """A day on which something ends; None for what says that it goes on ("ongoing", "n/a", see hnb/codes/dates.toml)."""
    text, goes_on = cell_text(value), CODELISTS["open_ends"]
    if goes_on.encode(text) is not None or goes_on.is_rubbish(text):
        return None
    return date(value)


OTHER_READS: Mapping[str, Callable[[object], Any]] = {
    "line_code": line_code, "date": date, "end_date": end_date, "flag": flag, **periods.READS,
}  # fmt: skip
"""Ways to read a cell by itself, beside those that take a factor, a code list or a key."""

YEARLY_READS = periods.YEARLY_READS


def _signed(value: Any, sign: int) -> Any:
    return value if sign == 1 or isinstance(value, Refused) else -value


def _stated(value: Any) -> Any:
    return None if value is UNSAID or value == "" else value


def _faulty(error: CellError) -> Refused:
    if error == NEVER_CALCULATED:
        return Refused("uncached_formula", "the formula was never calculated, so the cell has no value", "a calculated value",
                       "Open the workbook in Excel, let it calculate, and save it")  # fmt: skip
    return Refused("error_cell", f"the cell shows {error}", "a value", "Mend the formula in the workbook")
