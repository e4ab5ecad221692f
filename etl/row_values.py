"""The value of every column of a layout in every data row of a sheet: cells read, looked up, added up, turned.

Columns are read one at a time and each distinct cell once; a column that needs another asks for it. What a
heading across becomes is for `etl.wide_columns`.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy

from etl.annual_cost import full_year
from etl.layout import UNSAID, Mapped
from etl.printed import Refused
from etl.pseudonyms import pseudonym
from etl.recognise import Fit
from etl.row_refusals import RowRefusals
from etl.sheet_context import SheetContext
from etl.sheet_rows import SheetRows
from etl.values import YEARLY_READS, Absent, Reader, read_all

Numbers = numpy.ndarray[Any, Any]
NUMERIC_READS = frozenset({"pounds", "number", "count", "share", "integer"})


@dataclass(frozen=True)
class Cells:
    """The unread cells of a column in the rows that are looked at, and how each is addressed: column or section row.

    `once` says that all are one value of the whole sheet.
    """

    cells: list[Any]
    position: int | None = None
    section_rows: Sequence[int | None] | None = None
    once: bool = False


class RowValues:
    """The values of one set of columns. `at` are the indices of its rows below the header; lists go by these.

    `fit` says where the columns are: the sheet's own, or one set of those that stand side by side.
    """

    def __init__(
        self, fit: Fit, rows: SheetRows, at: Numbers, context: SheetContext, refusals: RowRefusals, key: bytes
    ) -> None:
        self.fit, self.layout = fit, fit.layout
        self.rows, self.at = rows, at
        self.context, self.refusals = context, refusals
        self.key = key
        self.symbols = self.layout.missing.symbols if self.layout.missing else {}
        self._known: dict[str, list[Any]] = {}

    def all(self) -> dict[str, list[Any]]:
        """Every column that the sheet gives a value of, in the order of the layout."""
        return {name: self.of(name) for name, mapped in self.layout.columns.items() if self._is_there(mapped)}

    def of(self, name: str) -> list[Any]:
        """The values of one column, one for each row; None, or an `Absent`, where there is none."""
        if name not in self._known:
            mapped = self.layout.columns[name]
            self._known[name] = self._turned(name, self._paid(mapped, self._column(mapped)))
        return self._known[name]

    def years(self) -> str | list[Any]:
        """The financial year of the rows: one, or one for each; "" where the sheet does not say it."""
        mapped = self.layout.columns.get("financial_year")
        if mapped is not None and self._is_there(mapped):
            return self.of("financial_year")
        return str(self.context.value("financial_year") or "")

    def read(self, cells: Cells, reader: Reader, chosen: Numbers | None = None) -> list[Any]:
        """Cells read; one that cannot be is a Problem, refuses its row and gives None. `chosen` are places to read."""
        places = numpy.arange(len(self.at)) if chosen is None else chosen
        given = cells.cells if chosen is None else [cells.cells[place] for place in places]
        read = (
            self._within_years(given, reader, places)
            if reader.read in YEARLY_READS
            else read_all(given, reader)
        )
        if Refused in set(map(type, read)):
            self._refuse(cells, read, places)
        return read

    def cells_at(self, position: int) -> Cells:
        """The cells of a column of the sheet."""
        every = self.rows.rows
        return Cells([every[row][position] for row in self.at], position)

    def pounds_reader(self, mapped_factor: float | None, read: str = "pounds") -> Reader:
        """How money of the sheet is read: with a unit of its own, or the sheet's."""
        return Reader(
            read, factor=self.context.unit if mapped_factor is None else mapped_factor, symbols=self.symbols
        )

    # -- where the cells of a column come from

    def _is_there(self, mapped: Mapped) -> bool:
        if mapped.made_of:
            return False  # made when its parts are whole rows, see `with_hashes`
        return (
            mapped.name in self.fit.columns
            or mapped.name in self.rows.sections
            or (self.root(mapped.name) is not None if mapped.source else mapped.is_summed)
        )

    def root(self, name: str) -> str | None:
        """The name of what a column is read from in the end; None where that is given by headings across."""
        seen = set()
        while name in self.layout.columns and self.layout.columns[name].source and name not in seen:
            seen.add(name)
            name = self.layout.columns[name].source
        groups = {group for column in self.fit.wides for group in (*column.groups, *column.wide.codes)}
        return None if name in groups and self.fit.position(name) is None else name

    def _cells(self, mapped: Mapped) -> Cells | None:
        """The cells that a column is read from; None where the sheet has none."""
        name = self.root(mapped.name) if mapped.source else mapped.name
        if name is None:
            return None
        position = self.fit.columns.get(name)
        if position is None and name not in self.layout.columns:
            position = self.fit.position(name)
        if name in self.rows.sections:
            of_rows = [self.rows.section_rows[name][row] for row in self.at]
            texts = [self.rows.sections[name][row] for row in self.at]
            if position is None:
                return Cells(texts, None, of_rows)
            own = self.cells_at(position)
            return replace(
                own,
                cells=[text if cell is None else cell for cell, text in zip(own.cells, texts, strict=True)],
            )
        if position is not None:
            return self.cells_at(position)
        value = self.context.value(name)
        return Cells([value] * len(self.at), once=True) if value is not None else None

    # -- reading

    def _column(self, mapped: Mapped) -> list[Any]:
        if mapped.read == "status_by_end":
            return self._status_by_end(mapped)
        cells = self._cells(mapped)
        if mapped.is_summed and mapped.name not in self.fit.columns:
            return self._summed(mapped)
        if cells is None:
            return [None] * len(self.at)
        factor = (
            self.pounds_reader(mapped.factor).factor
            if mapped.read == "pounds"
            else (1.0 if mapped.factor is None else mapped.factor)
        )
        reader = Reader(mapped.read, mapped.codes, factor, mapped.sign, mapped.blank, mapped.values,
                        UNSAID if mapped.when else mapped.otherwise, self.symbols if mapped.read in NUMERIC_READS else {},
                        self.key)  # fmt: skip
        if not mapped.when:
            return self.read(cells, reader)
        meant = self.rows.matching(mapped.when, self.fit)[self.at]
        read = iter(self.read(cells, reader, numpy.flatnonzero(meant)))
        otherwise = None if mapped.otherwise in (UNSAID, "") else mapped.otherwise
        return [next(read) if is_meant else otherwise for is_meant in meant]

    def _status_by_end(self, mapped: Mapped) -> list[Any]:
        """ "ended" where the end (a day not counted) is not after the register's date, else "open"; None without that date."""
        dates = self.layout.columns.get("register_as_at")
        if dates is not None and self._is_there(dates):
            as_at = self.of("register_as_at")
        else:
            as_at = [self.context.value("register_as_at")] * len(self.at)
        return [
            None
            if not isinstance(day, datetime.date)
            else ("ended" if isinstance(end, datetime.date) and end <= day else "open")
            for end, day in zip(self.of(mapped.source), as_at, strict=True)
        ]

    def _within_years(self, cells: list[Any], reader: Reader, places: Numbers) -> list[Any]:
        """Cells read that mean something only within a year, once for each year and cell."""
        years = self.years()
        if isinstance(years, str):
            return read_all(cells, replace(reader, year=years))
        of_cells = [years[place] or "" for place in places]
        read: list[Any] = [None] * len(cells)
        for year in dict.fromkeys(of_cells):
            own = [place for place, of in enumerate(of_cells) if of == year]
            values = read_all([cells[place] for place in own], replace(reader, year=year))
            for place, value in zip(own, values, strict=True):
                read[place] = value
        return read

    def _refuse(self, cells: Cells, read: list[Any], places: Numbers) -> None:
        """Puts None for each `Refused`, tells it at its address and refuses its row."""
        at_section: dict[int | None, tuple[Refused, list[int]]] = {}
        for number, value in [(number, value) for number, value in enumerate(read) if type(value) is Refused]:
            place = places[number]
            row = int(self.at[place])
            read[number] = None
            if cells.once:
                at_section.setdefault(None, (value, []))[1].append(row)
            elif cells.section_rows is not None:
                at_section.setdefault(cells.section_rows[place], (value, []))[1].append(row)
            else:
                self.refusals.cell(row, cells.position, value)
        sheet = self.fit.sheet
        for head, (value, refused) in at_section.items():
            where = f"{sheet.file}!{sheet.name}" if head is None else self.rows.source(head)
            self.refusals.at(where, value, refused)

    # -- money made of money

    def _paid(self, mapped: Mapped, values: list[Any]) -> list[Any]:
        """A cost by the week or the term as that of a full year."""
        if mapped.times is None:
            return values
        return self._changed(values, lambda numbers: full_year(numbers, float(mapped.times or 1)))

    def _turned(self, name: str, values: list[Any]) -> list[Any]:
        turned = self.rows.turned(name, self.fit)[self.at]
        if not turned.any():
            return values
        return self._changed(values, lambda numbers: numpy.where(turned, -numbers, numbers))

    def _summed(self, mapped: Mapped) -> list[Any]:
        """A column as the sum of others of its row. A blank part counts as nothing, unless all are blank."""
        plus = [self.of(name) for name in mapped.plus if self._is_there(self.layout.columns[name])]
        minus = [self.of(name) for name in mapped.minus if self._is_there(self.layout.columns[name])]
        reader = replace(self.pounds_reader(mapped.factor), sign=mapped.sign)
        plus += [
            self.read(self.cells_at(position), reader) for position in self.fit.parts.get(mapped.name, ())
        ]
        total, is_there = numpy.zeros(len(self.at)), numpy.zeros(len(self.at), dtype=bool)
        for sign, part in [*((1.0, part) for part in plus), *((-1.0, part) for part in minus)]:
            numbers = as_numbers(part)
            total += sign * numpy.nan_to_num(numbers)
            is_there |= ~numpy.isnan(numbers)
        # A sum with a part that is not given would look whole.
        for part in (*plus, *minus):
            is_there &= numpy.array([type(value) is not Absent for value in part], dtype=bool)
        return [
            float(value) if there else None
            for value, there in zip(numpy.round(total, 6), is_there, strict=True)
        ]

    @staticmethod
    def _changed(values: list[Any], change: Callable[[Numbers], Numbers]) -> list[Any]:
        """Numbers changed; what is none stays as it is."""
        changed = change(as_numbers(values)).tolist()
        return [
            new if isinstance(old, (int, float)) else old for old, new in zip(values, changed, strict=True)
        ]


def as_numbers(values: Sequence[Any]) -> Numbers:
    """A list of values as numbers, missing where there is none."""
    return numpy.array(
        [value if isinstance(value, (int, float)) else numpy.nan for value in values], dtype="float64"
    )


def hashed(parts: Sequence[Sequence[Any]], key: bytes) -> list[str | None]:
    """A keyed hash for each row of some columns; None where all are blank. Case and spaces do not count.

    For a register that has no number of its own for a placement: the hash tells rows apart and says nothing.
    """
    rows = list(zip(*parts, strict=True))
    known = {
        row: pseudonym("placement\x1f" + "\x1f".join("" if part is None else str(part) for part in row), key)
        for row in set(rows)
    }
    return [known[row] if any(part is not None for part in row) else None for row in rows]
