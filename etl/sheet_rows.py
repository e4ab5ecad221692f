"""The rows below a sheet's header: their cells column by column, and what each row is. Pure.

Which rows are data, which are blank or ignored by name, which head a block and which print totals, is decided
here once, for corrections, reshaping and reconciling alike; so is what a blank cell takes from the one above.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy

from etl.layout import Section
from etl.recognise import Fit
from etl.values import Absent, Reader, cell_text, read_all

Numbers = numpy.ndarray[Any, Any]
DATA, BLANK, IGNORED, TOTAL, SECTION, DROPPED = range(6)


class SheetRows:
    """The rows below a header, column by column, and what each row is (data, blank, ignored, a total or a section).

    `sections` holds, by column, what the section above each row says of it ("" above the first), and
    `section_rows` the index of the row that says so (below nought above the header, None where none does).
    """

    def __init__(self, fit: Fit) -> None:
        self.fit = fit
        self.rows = fit.sheet.rows[fit.data_from :]
        self.count = len(self.rows)
        self._texts: dict[int, list[str]] = {}
        self._numbers: dict[int, tuple[Numbers, Numbers]] = {}
        self.fate = numpy.zeros(self.count, dtype="int8")
        self.total_rule = numpy.full(self.count, -1, dtype="int16")
        self.reasons: dict[str, int] = {}
        self.sections: dict[str, list[Any]] = {}
        self.section_rows: dict[str, list[int | None]] = {}
        self._decide()
        self._begin_sections()
        self.data = numpy.flatnonzero(self.fate == DATA)
        self._fill_down()

    def cells(self, index: int) -> list[Any]:
        """The cells of a column, all rows below the header."""
        return [row[index] for row in self.rows]

    def texts(self, index: int) -> list[str]:
        """The same as text."""
        if index not in self._texts:
            self._texts[index] = read_all(self.cells(index), cell_text)
        return self._texts[index]

    def numbers(self, index: int) -> tuple[Numbers, Numbers]:
        """The cells of a column as printed numbers (what is none is missing), and which hold a symbol for a figure not given."""
        if index not in self._numbers:
            missing = self.fit.layout.missing
            read = read_all(self.cells(index), Reader("number", symbols=missing.symbols if missing else {}))
            values = [value if type(value) is float else numpy.nan for value in read]
            self._numbers[index] = (
                numpy.array(values, dtype="float64"),
                numpy.array([type(value) is Absent for value in read], dtype=bool),
            )
        return self._numbers[index]

    def named_texts(self, reference: str, fit: Fit | None = None) -> list[str] | None:
        """The texts of a column that a rule names, or of the sections that give it; None where neither is there."""
        position = (fit or self.fit).position(reference)
        if position is not None:
            return self.texts(position)
        return read_all(self.sections[reference], cell_text) if reference in self.sections else None

    def matching(
        self, when: Mapping[str, re.Pattern[str]], fit: Fit | None = None
    ) -> numpy.ndarray[Any, Any]:
        """Which rows match all conditions; a column that the sheet has not counts as blank.

        `fit` is another than the sheet's own where columns stand side by side.
        """
        mask = numpy.ones(self.count, dtype=bool)
        for reference, pattern in when.items():
            texts = self.named_texts(reference, fit) or [""] * self.count
            mask &= numpy.array(
                read_all(texts, lambda text, p=pattern: p.fullmatch(text) is not None), dtype=bool
            )
        return mask

    def turned(self, name: str, fit: Fit | None = None) -> numpy.ndarray[Any, Any]:
        """Which rows print a column with the other sign than ours."""
        mask = numpy.zeros(self.count, dtype=bool)
        for rule in self.fit.layout.turn_sign:
            if name in rule.columns:
                mask |= self.matching(rule.when, fit)
        return mask

    def signs(self, index: int) -> Numbers:
        """What the printed numbers of a column are multiplied by to have our sign: 1, or -1 where they are turned."""
        fit = self.fit
        names = {name for name, at in fit.columns.items() if at == index}
        names |= {column.wide.value for column in fit.wides if column.index == index}
        names |= {name for name, at in fit.parts.items() if index in at}
        turned = numpy.zeros(self.count, dtype=bool)
        for name in names:
            turned |= self.turned(name)
        return numpy.where(turned, -1.0, 1.0)

    @property
    def in_totals(self) -> Numbers:
        """Which rows a printed total is the sum of: the data, and rows taken away that it was printed with."""
        return (self.fate == DATA) | (self.fate == DROPPED)

    def source(self, row: int) -> str:
        """The address of a row, by its index below the header."""
        return self.fit.sheet.row_source(self.fit.data_from + row)

    def sources(self, rows: Sequence[int]) -> list[str]:
        """The addresses of many rows."""
        sheet, first = self.fit.sheet, self.fit.sheet.first_row + self.fit.data_from
        return [f"{sheet.file}!{sheet.name}!{first + row}" for row in rows]

    def address(self, row: int, column: int) -> str:
        """The address of a cell, by its row's index below the header."""
        return self.fit.sheet.address(self.fit.data_from + row, column)

    def _decide(self) -> None:
        """Gives each row its fate: the first rule that matches counts."""
        layout = self.fit.layout
        blank = numpy.array([not any(map(cell_text, row)) for row in self.rows], dtype=bool)
        self._mark(blank, BLANK, "Blank")
        for dropped in dict.fromkeys(self.fit.dropped.values()):
            mask = numpy.zeros(self.count, dtype=bool)
            mask[[row for row, of in self.fit.dropped.items() if of == dropped]] = True
            self._mark(mask, DROPPED if dropped.in_total else IGNORED, dropped.reason)
        if layout.repeated_header:
            self._mark(self._header_again(), IGNORED, layout.repeated_header)
        for rule in layout.ignored_rows:
            mask = self.matching(rule.when)
            if rule.any_cell is not None:
                mask &= self._with_a_cell(rule.any_cell)
            if rule.to_end and mask.any():
                mask[int(mask.argmax()) :] = True
            self._mark(mask, IGNORED, rule.reason)
        for number, totals in enumerate(layout.totals):
            mask = self.matching(totals.when) & (self.fate == DATA)
            self.total_rule[mask] = number
            self._mark(mask, TOTAL, "Printed totals")

    def _with_a_cell(self, pattern: re.Pattern[str]) -> numpy.ndarray[Any, Any]:
        """Rows of which any filled cell matches: looked for column by column, for a column has few distinct cells."""
        found = numpy.zeros(self.count, dtype=bool)
        for index in range(self.fit.sheet.width):
            cells = self.cells(index)
            matches = read_all(
                cells, lambda cell: cell is not None and pattern.fullmatch(cell_text(cell)) is not None
            )
            found |= numpy.array(matches, dtype=bool)
        return found

    def _header_again(self) -> numpy.ndarray[Any, Any]:
        """Rows whose filled cells all say what a row of the header says in their columns."""
        again = numpy.zeros(self.count, dtype=bool)
        for header in self.fit.header_rows:
            wanted = [cell_text(cell) for cell in self.fit.sheet.rows[header]]
            for row, cells in enumerate(self.rows):
                filled = [(at, text) for at, cell in enumerate(cells) if (text := cell_text(cell))]
                again[row] |= len(filled) > 1 and all(text == wanted[at] for at, text in filled)
        return again

    def _begin_sections(self) -> None:
        """Finds the rows that head a block, and what they say of every row down to the next."""
        rules = self.fit.layout.sections
        if not rules:
            return
        whens = [self.matching(rule.when) if rule.when else None for rule in rules]
        # A section of an earlier rule is the outer one: it ends those of the rules after it.
        names = [rule.names for rule in rules]
        self.sections = {name: [""] * self.count for of_rule in names for name in of_rule}
        self.section_rows = {name: [None] * self.count for name in self.sections}
        now = self._section_above_header(rules)
        for row, cells in enumerate(self.rows):
            if self.fate[row] == DATA:
                filled = [cell for cell in cells if cell is not None and cell_text(cell)]
                for number, (rule, when) in enumerate(zip(rules, whens, strict=True)):
                    said = _said_by_section(rule, filled, when is not None and bool(when[row]))
                    if said is None:
                        continue
                    now.update(
                        dict.fromkeys((name for after in names[number:] for name in after), ("", None))
                    )
                    now.update({name: (value, row) for name, value in said.items()})
                    self.fate[row] = SECTION
                    self.reasons[rule.reason] = self.reasons.get(rule.reason, 0) + 1
                    break
            for name, (value, of) in now.items():
                self.sections[name][row], self.section_rows[name][row] = value, of

    def _section_above_header(self, rules: Sequence[Section]) -> dict[str, tuple[Any, int]]:
        """What holds for the first block: where each block has a header of its own, its name stands above that."""
        now: dict[str, tuple[Any, int | None]] = dict.fromkeys(self.sections, ("", None))
        for row in range(-self.fit.data_from, 0):
            # The first block's line stands above the header where the header is printed in each block.
            above = self.fit.sheet.rows[self.fit.data_from + row]
            filled = [cell for cell in above if cell is not None and cell_text(cell)]
            for rule in rules if filled else ():
                said = _said_by_section(rule, filled, False)
                now.update({name: (value, row) for name, value in (said or {}).items()})
        for row, cells in enumerate(self.fit.sheet.rows[: self.fit.header_rows[0]]):
            filled = [cell for cell in cells if cell is not None and cell_text(cell)]
            for rule in rules:
                for name, value in (_said_by_section(rule, filled, matches=False) or {}).items():
                    now[name] = (value, row - self.fit.data_from)
        return now

    def _fill_down(self) -> None:
        """Gives a blank the cell above it where the layout says so; totals, sections and outer columns end it."""
        fit = self.fit
        names = [name for name, column in fit.layout.columns.items() if column.fill_down]
        where = {columns[name] for columns in (fit.columns, *fit.sets) for name in names if name in columns}
        if not where:
            return
        positions, above = sorted(where), dict[int, Any]()
        rows = list(self.rows)
        for row in range(self.count):
            if self.fate[row] in (TOTAL, SECTION):
                above.clear()
            if self.fate[row] != DATA:
                continue
            filled: dict[int, Any] = {}
            for position in positions:
                if cell_text(self.rows[row][position]):
                    # What begins anew ends what stands to the right of it: a group within a group begins anew too.
                    above = {at: cell for at, cell in above.items() if at < position}
                    above[position] = self.rows[row][position]
                elif position in above:
                    filled[position] = above[position]
            if filled:
                rows[row] = [filled.get(at, cell) for at, cell in enumerate(self.rows[row])]
        self.rows = rows
        for position in positions:
            self._texts.pop(position, None)
            self._numbers.pop(position, None)

    def _mark(self, mask: numpy.ndarray[Any, Any], fate: int, reason: str) -> None:
        mask = mask & (self.fate == DATA)
        if mask.any():
            self.fate[mask] = fate
            self.reasons[reason] = self.reasons.get(reason, 0) + int(mask.sum())


def _said_by_section(rule: Section, filled: list[Any], matches: bool) -> dict[str, Any] | None:
    """What a row says by a rule for sections; None where it is none. A row with a figure never heads a block."""
    if any(isinstance(cell, (int, float)) and not isinstance(cell, bool) for cell in filled):
        return None
    if rule.pattern is None:
        return dict(rule.sets) if matches else None
    found = rule.pattern.fullmatch(cell_text(filled[0])) if len(filled) == 1 else None
    return {**rule.sets, **{name: text or "" for name, text in found.groupdict().items()}} if found else None
