"""The rows below a sheet's header: their cells column by column, and what each row is. Pure.

Which rows are data, which are blank or ignored by name, and which print totals, is decided here once, for
corrections, reshaping and reconciling alike.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import numpy

from etl.recognise import Fit
from etl.values import Absent, Reader, Refused, cell_text, read_all

Numbers = numpy.ndarray[Any, Any]
DATA, BLANK, IGNORED, TOTAL, _, DROPPED = range(6)


class SheetRows:
    """The rows below a header, column by column, and what each row is (data, blank, ignored or a total)."""

    def __init__(self, fit: Fit) -> None:
        self.fit = fit
        self.rows = fit.sheet.rows[fit.data_from :]
        self.count = len(self.rows)
        self._texts: dict[int, list[str]] = {}
        self._numbers: dict[int, tuple[Numbers, Numbers]] = {}
        self.fate = numpy.zeros(self.count, dtype="int8")
        self.total_rule = numpy.full(self.count, -1, dtype="int16")
        self.reasons: dict[str, int] = {}
        self._decide()
        self.data = numpy.flatnonzero(self.fate == DATA)

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
            values = [
                numpy.nan if value is None or isinstance(value, (Absent, Refused)) else value
                for value in read
            ]
            self._numbers[index] = (
                numpy.array(values, dtype="float64"),
                numpy.array([type(value) is Absent for value in read], dtype=bool),
            )
        return self._numbers[index]

    def matching(self, when: Mapping[str, re.Pattern[str]]) -> numpy.ndarray[Any, Any]:
        """Which rows match all conditions; a column that the sheet has not counts as blank."""
        mask = numpy.ones(self.count, dtype=bool)
        for reference, pattern in when.items():
            position = self.fit.position(reference)
            texts = self.texts(position) if position is not None else [""] * self.count
            mask &= numpy.array(
                read_all(texts, lambda text, p=pattern: p.fullmatch(text) is not None), dtype=bool
            )
        return mask

    @property
    def in_totals(self) -> Numbers:
        """Which rows a printed total is the sum of: the data, and rows taken away that it was printed with."""
        return (self.fate == DATA) | (self.fate == DROPPED)

    def source(self, row: int) -> str:
        """The address of a row, by its index below the header."""
        return self.fit.sheet.row_source(self.fit.data_from + row)

    def address(self, row: int, column: int) -> str:
        """The address of a cell, by its row's index below the header."""
        return self.fit.sheet.address(self.fit.data_from + row, column)

    def _decide(self) -> None:
        """Gives each row its fate: the first rule that matches counts."""
        layout = self.fit.layout
        blank = numpy.array(
            [not any(cell is not None and cell_text(cell) for cell in row) for row in self.rows], dtype=bool
        )
        self._mark(blank, BLANK, "Blank")
        for dropped in dict.fromkeys(self.fit.dropped.values()):
            mask = numpy.zeros(self.count, dtype=bool)
            mask[[row for row, of in self.fit.dropped.items() if of == dropped]] = True
            self._mark(mask, DROPPED if dropped.in_total else IGNORED, dropped.reason)
        for rule in layout.ignored_rows:
            mask = self.matching(rule.when)
            if rule.any_cell is not None:
                pattern = rule.any_cell
                mask &= numpy.array(
                    [
                        any(pattern.fullmatch(cell_text(cell)) for cell in row if cell is not None)
                        for row in self.rows
                    ],
                    dtype=bool,
                )
            if rule.to_end and mask.any():
                mask[int(mask.argmax()) :] = True
            self._mark(mask, IGNORED, rule.reason)
        for number, totals in enumerate(layout.totals):
            mask = self.matching(totals.when) & (self.fate == DATA)
            self.total_rule[mask] = number
            self._mark(mask, TOTAL, "Printed totals")

    def _mark(self, mask: numpy.ndarray[Any, Any], fate: int, reason: str) -> None:
        mask = mask & (self.fate == DATA)
        if mask.any():
            self.fate[mask] = fate
            self.reasons[reason] = self.reasons.get(reason, 0) + int(mask.sum())
