"""One unknown sheet looked at from all sides: its anatomy, columns, figures, totals, and what is printed around it.

Everything that proposals and descriptions share; it decides nothing about tables.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from etl.cells import Sheet
from etl.propose import contexts
from etl.propose.anatomy import LETTERS, UNITS, Anatomy, anatomy
from etl.propose.arithmetic import Figures, TotalRow, as_totals, total_rows
from etl.propose.columns import Column, columns
from etl.propose.draft import escaped
from etl.propose.facets import facets
from etl.values import cell_text
from hnb.codelists import folded

_CODE_HEADING = re.compile(
    r"\b(?:code|cost cent(?:re|er)|number|no\.?|urn|ukprn|id|ref|year|ncy|age)\b", re.IGNORECASE
)


@dataclass(frozen=True)
class Study:
    """A sheet and what it shows of itself."""

    anatomy: Anatomy
    columns: tuple[Column, ...]
    figures: Figures = field(repr=False)
    totals: tuple[TotalRow, ...] = ()

    @classmethod
    def of(cls, sheet: Sheet) -> Study:
        """The study of a sheet; rows of figures that turn out to be totals are no data."""
        found = anatomy(sheet)
        first = columns(found)
        figures = Figures(found, [column.index for column in first if is_measure(column)])
        totals, hidden = total_rows(found, figures)
        if hidden:
            found = as_totals(found, hidden)
            first = columns(found)
            figures = Figures(found, [column.index for column in first if is_measure(column)])
        return cls(found, first, figures, totals)

    @property
    def sheet(self) -> Sheet:
        """The sheet itself."""
        return self.anatomy.sheet

    @cached_property
    def by_index(self) -> dict[int, Column]:
        """Each column by where it stands in the sheet."""
        return {column.index: column for column in self.columns}

    @cached_property
    def measures(self) -> tuple[Column, ...]:
        """The columns of figures."""
        return tuple(column for column in self.columns if column.index in self.figures.values)

    @cached_property
    def labels(self) -> tuple[Column, ...]:
        """The columns of words, codes and dates that hold anything."""
        return tuple(
            column for column in self.columns if column.values and column.index not in self.figures.values
        )

    @cached_property
    def units_below(self) -> dict[int, str]:
        """Units that a row of units under the header says, by column."""
        return contexts.unit_rows(self.anatomy)

    @cached_property
    def unit(self) -> contexts.Found | None:
        """The unit that a title says."""
        return contexts.unit(self.anatomy)

    def header_entries(self) -> list[dict[str, Any]]:
        """The [[header]] entries that find the header's rows by what they say."""
        rows = self.sheet.rows
        entries: list[dict[str, Any]] = []
        start = 0
        for row, fills in zip(self.anatomy.header_rows, self.anatomy.fill_right, strict=True):
            texts = [text for text in dict.fromkeys(cell_text(cell) for cell in rows[row]) if folded(text)]
            steady = [text for text in texts if not facets(text).spans and len(text) < 80] or texts
            find: list[str] = []
            for text in [*steady, *[text for text in texts if text not in steady]]:
                find.append(text)
                if len(find) >= min(3, len(steady)) and self._first_with(find, start) == row:
                    break
            entry: dict[str, Any] = {"find": find}
            if fills:
                entry["fill_right"] = True
            entries.append(entry)
            start = row + 1
        return entries

    def _first_with(self, find: list[str], start: int) -> int:
        wanted = {folded(text) for text in find}
        for index in range(start, len(self.sheet.rows)):
            if wanted <= {folded(cell_text(cell)) for cell in self.sheet.rows[index] if cell is not None}:
                return index
        return -1

    def spelling(self, column: Column) -> dict[str, Any]:
        """`headings` (with `nth` where others say the same) that mean exactly this column."""
        same = [other.index for other in self.columns if folded(other.heading) == folded(column.heading)]
        entry: dict[str, Any] = {"headings": [column.heading]}
        if len(same) > 1:
            entry["nth"] = same.index(column.index) + 1
        return entry

    def is_repeated(self, column: Column) -> bool:
        """Whether another column has the same heading."""
        return sum(folded(other.heading) == folded(column.heading) for other in self.columns) > 1

    def odd_rows(self) -> list[dict[str, Any]]:
        """[[ignored_rows]] for rows of units and of letters under the header."""
        entries: list[dict[str, Any]] = []
        if self.anatomy.rows(UNITS):
            texts = {
                cell_text(cell)
                for row in self.anatomy.rows(UNITS)
                for cell in self.sheet.rows[row]
                if cell_text(cell)
            }
            entries.append(
                {
                    "any_cell": "|".join(escaped(text) for text in sorted(texts)),
                    "reason": "Units under the headings",
                }
            )
        if self.anatomy.rows(LETTERS):
            entries.append(
                {
                    "any_cell": r"\[[A-Z]{1,2}\]|= ?\[?[A-Z]\]?.*|\(?[a-z]\).*",
                    "reason": "Letters or formulas of the columns",
                }
            )
        return entries


def is_measure(column: Column) -> bool:
    """Whether a column holds figures that may be added up, and not codes, years or dates that are written as numbers."""
    if not column.values or not column.is_figures:
        return False
    whole = all(value.is_integer() for value in column.numbers)
    last = column.heading.split(" | ")[-1]
    if whole and _CODE_HEADING.search(last) and not facets(last).codes.get("money"):
        return False
    if column.serial_share > 0.9 and re.search(
        r"\b(?:date|start|end|from|to|began|left|until|dob)\b", last, re.IGNORECASE
    ):
        return False
    known, share = column.best_list
    return not (known == "budget_lines" and share > 0.9)
