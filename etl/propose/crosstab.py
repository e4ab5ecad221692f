"""A layout for a sheet of figures by rows and columns: a budget monitor, months, an allocation, plans, a return.

Each row gives some of what a figure is about (line, setting, phase), each heading the rest (kind of money, year,
month); titles and section rows give what is the same for many.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from etl.propose import signs
from etl.propose.columns import Column
from etl.propose.footnotes import footnotes
from etl.propose.header import header
from etl.propose.references import reference
from etl.propose.sums import sums
from etl.propose.totals import totals
from etl.propose.units import unit_of, units
from etl.propose.wide_entries import WideEntries
from etl.staging import BROUGHT
from etl.values import cell_text


class Crosstab(WideEntries):
    """The proposal for one sheet and one table of figures, in the making."""

    def build(self) -> float:
        """Fills the draft; gives how well the sheet suits the table, from 0 to 1."""
        header(self.draft, self.study)
        self._sort_measures()
        values = [
            column
            for column in self.study.measures
            if column.index not in self.derived and column.index not in self._label_indices()
        ]
        across = self._across(values)
        values = [column for column in values if column.index not in self.derived]
        self._label_columns()
        self._constants(across, values)
        self._sections(across)
        entries = self._wide(values, across)
        if BROUGHT[self.table].column(self.shape.value).kind == "pounds":
            units(self.draft, self.study, entries)
        self._signs(entries, across)
        self._checks(values)
        self._left_out(values)
        self._rows_left_out(values)
        footnotes(self.draft, self.study, None)
        names = {match.column.index: name for name, match in self.found.items()}
        totals(self.draft, self.study, names, [column.index for column in values])
        return self._suitability(values, across)

    def _signs(
        self, entries: Sequence[tuple[Column, str, dict[str, Any]]], across: dict[str, dict[int, Any]]
    ) -> None:
        """Income, credits and deductions whose sign nothing proves are asked about."""
        places = [(column, path) for column, path, _ in entries]
        if self.table in ("budget", "budget_months"):
            names = {match.column.index: name for name, match in self.found.items()}
            signs.turn_income(self.draft, self.study, names, places, self.shape.value)
        elif self.table == "grant":
            signs.of_grant(self.draft, places, across.get("component", {}))

    def _checks(self, values: Sequence[Column]) -> None:
        units_of = {column.index: self._unit_of(column) for column in self.study.measures}
        for index in list(self.derived):
            column = self.study.by_index[index]
            if self.derived[index].startswith("A percentage") or index not in self.study.figures.values:
                continue
            made = sums(
                self.draft,
                self.study,
                column,
                [
                    other
                    for other in self.study.measures
                    if other.index != index
                    and not self.derived.get(other.index, "").startswith("A percentage")
                ],
                units_of,
            )
            if made:
                self.derived[index] = "Worked out from other columns: checked, not loaded"
        if any(reason.startswith("Needs") for reason in self.derived.values()):
            for column in values:
                parts = [
                    self.study.by_index[index]
                    for index, reason in self.derived.items()
                    if reason.startswith("Needs")
                ]
                sums(self.draft, self.study, column, parts, units_of)

    def _unit_of(self, column: Column) -> str:
        return unit_of(self.study, column)[0]

    def _left_out(self, values: Sequence[Column]) -> None:
        used = {column.index for column in values} | self._label_indices()
        nameless = False
        for column in self.study.columns:
            if column.index in used:
                continue
            if not column.heading:
                nameless = nameless or bool(column.values)
                continue
            if column.index in self.derived:
                reason = self.derived[column.index]
            elif not column.values:
                reason = "It is empty"
            elif column.is_prose or not column.is_figures:
                reason = "Words or codes that no column of the table is like: please confirm that they are not needed"
            else:
                reason = "No kind of money is like it: please confirm that it is not needed"
            self.draft.ignore(column.heading, reason)
        if nameless:
            self.draft.ignored_headings.append(
                {
                    "headings": [""],
                    "reason": "A column without a heading: please confirm that it is not needed",
                }
            )

    def _rows_left_out(self, values: Sequence[Column]) -> None:
        """Rows with words and no figure in any column that is loaded."""
        rows = [
            row
            for row in self.study.anatomy.data
            if all(not cell_text(self.study.sheet.rows[row][column.index]) for column in values)
        ]
        if rows and values and len(rows) < len(self.study.anatomy.data):
            when = {
                reference(self.draft, self.study, column.index): ""
                for column in values
                if not self.study.is_repeated(column)
            }
            if when:
                self.draft.ignored_rows.append(
                    {
                        "why": f"row {', '.join(str(self.study.sheet.first_row + row) for row in rows[:6])}: no figure in any column that is loaded",
                        "when": when,
                        "reason": "No figure in any column",
                    }
                )

    def _holds_money(self, values: Sequence[Column]) -> bool:
        """Whether something says pounds, or figures have pence: no count of plans."""
        if self.study.unit is not None or any(self._unit_of(column) for column in values):
            return True
        return any(not size.is_integer() for column in values for size in column.numbers)

    def _suitability(self, values: Sequence[Column], across: dict[str, dict[int, Any]]) -> float:
        if not values:
            return 0.0
        if self.table == "plans" and self._holds_money(values):
            return 0.0
        name = "component" if self.table == "grant" else "money"
        coded = len(across.get(name, {})) / len(values) if self.money else 0.5
        if self.money and name in self.draft.constants:
            coded = 0.7  # the title says it of all
        if self.table == "spend_returns" and not {"stage", "line_group"} & {*self.found, *across}:
            coded = 0.0
        dims = [
            dim
            for dim in self.shape.dims
            if dim not in ("financial_year", "as_at", "published_on", "money", "component")
        ]
        there = sum(dim in self.found or bool(across.get(dim)) or self._section_dim() == dim for dim in dims)
        shares = [
            self.found[dim].column.known_share(BROUGHT[self.table].column(dim).codes)
            for dim in dims
            if dim in self.found and BROUGHT[self.table].column(dim).codes
        ]
        known = sum(shares) / len(shares) if shares else 0.4
        return 0.45 * coded + 0.35 * (there / max(1, len(dims))) + 0.2 * known
