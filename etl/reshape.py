"""From a recognised sheet to tidy frames: headings to columns, wide to long, spellings to codes, units to pounds. Pure.

Every row of a frame has its `source` (file!sheet!row). What cannot be read is a Problem with the cell's
address and refuses its row; every row of the sheet ends up loaded, refused, or ignored by name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy
import pandas

from etl.annual_cost import annualised, days_within
from etl.cells import Sheet
from etl.joined_rows import added_up, bound_to, joined
from etl.recognise import Fit
from etl.row_refusals import RowRefusals
from etl.row_values import RowValues, as_numbers, hashed
from etl.sheet_context import SheetContext
from etl.sheet_rows import SheetRows
from etl.staging import BROUGHT
from etl.values import Absent
from etl.wide_columns import WideColumns
from hnb.contract import Problem


@dataclass(frozen=True)
class Surroundings:
    """What an installation adds to a layout: whose workbooks these are, and the key for pupils' identifiers."""

    authority: str
    pupil_key: bytes = field(default=b"", repr=False)


@dataclass(frozen=True)
class Reshaped:
    """What a sheet gave.

    `frames` by table, each with `source` and `_row` (the index of its first row below the header);
    `refused` the indices of rows that a cell refuses; `produced` those of rows that gave a row of a table;
    `members` the rows behind each source where several were added up or joined.
    """

    rows: SheetRows
    frames: dict[str, pandas.DataFrame]
    problems: tuple[Problem, ...]
    refused: frozenset[int]
    produced: frozenset[int]
    members: dict[str, tuple[int, ...]] = field(default_factory=dict)


def reshaped(fit: Fit, surroundings: Surroundings) -> Reshaped:
    """The tidy frames of a recognised sheet, with the problems of its cells and the account of its rows.

    A layout with a question that nobody has answered gives none: every row is refused, and each question is a
    Problem of its own.
    """
    rows = SheetRows(fit)
    return _unanswered(rows) if fit.layout.unanswered else _Reshaping(fit, rows, surroundings).done()


def _unanswered(rows: SheetRows) -> Reshaped:
    refusals, layout, sheet = RowRefusals(rows), rows.fit.layout, rows.fit.sheet
    for question in layout.unanswered:
        because = f" ({question.because})" if question.because else ""
        choices = ", ".join(f"“{choice}”" for choice in question.choices)
        refusals.problem(
            Problem(f"{sheet.file}!{sheet.name}", "unanswered_question", f"nobody has answered yet: {question.ask}{because}",
                    f"one of {choices}" if choices else "an answer",
                    f"Write it in {layout.said} as `answer` under [questions.{question.name}]"),
            map(int, rows.data),
        )  # fmt: skip
    empty = {name: pandas.DataFrame({"_row": [], "source": []}) for name in layout.tables}
    return Reshaped(rows, empty, tuple(refusals.problems), frozenset(refusals.refused), frozenset())


class _Reshaping:
    """One sheet on its way into frames; gathers the problems while it goes."""

    def __init__(self, fit: Fit, rows: SheetRows, surroundings: Surroundings) -> None:
        self.layout, self.rows = fit.layout, rows
        self.key = surroundings.pupil_key
        self.refusals = RowRefusals(rows)
        self.context = SheetContext(fit, self.refusals, surroundings.authority)
        self.sets = [
            RowValues(of_set, rows, self._rows_of(of_set), self.context, self.refusals, self.key)
            for of_set in ([replace(fit, columns=columns) for columns in fit.sets] or [fit])
        ]

    def done(self) -> Reshaped:
        """All tables of the layout."""
        members: dict[str, tuple[int, ...]] = {}
        frames = {name: self._frame(name, members) for name in self.layout.tables}
        produced: set[int] = set()
        for frame in frames.values():
            produced.update(frame["_row"].tolist() if len(frame) else ())
        produced.update(row for of_source in members.values() for row in of_source)
        self._rows_that_gave_nothing(produced)
        refused = self.refusals.refused
        produced -= refused
        for name, frame in frames.items():
            kept = frame[~frame["_row"].isin(list(refused))] if refused else frame
            frames[name], grouped = added_up(kept, name, self.layout)
            members.update(grouped)
        return Reshaped(self.rows, frames, tuple(self.refusals.problems), frozenset(refused), frozenset(produced), members)  # fmt: skip

    def _rows_of(self, fit: Fit) -> numpy.ndarray[Any, Any]:
        """The data rows; of a set of columns that stand side by side, those in which it is filled."""
        rule = self.layout.side_by_side
        if rule is None:
            return self.rows.data
        filled = numpy.ones(self.rows.count, dtype=bool)
        for name in rule.needs:
            position = fit.position(name)
            texts = self.rows.texts(position) if position is not None else [""] * self.rows.count
            filled &= numpy.array([bool(text) for text in texts], dtype=bool)
        return self.rows.data[filled[self.rows.data]]

    def _frame(self, table: str, members: dict[str, tuple[int, ...]]) -> pandas.DataFrame:
        declared = set(BROUGHT[table].names)
        frames = []
        for values in self.sets:
            base = self._base(values, table)
            across = [wide for wide in self.layout.wide if wide.table == table]
            frames.append(WideColumns(table, base, values).frame() if across else self._with_status(base, declared))  # fmt: skip
        frame = (
            pandas.concat(frames, ignore_index=True) if len(frames) > 1 else frames[0].reset_index(drop=True)
        )
        rule = self.layout.join_rows
        if rule is not None and {"start_on", "end_on"} <= set(frame.columns):
            self._refuse_with(frame)
            frame, of_source = joined(frame[~frame["_row"].isin(list(self.refusals.refused))], rule)
            members.update(of_source)
        for name, column in self.layout.columns.items():
            if column.annualise and name in frame.columns:
                frame[name] = self._annualised(name, frame, members)
        for name, column in self.layout.columns.items():
            if column.made_of and name in declared:
                parts = [frame[part].tolist() for part in column.made_of if part in frame.columns]
                frame[name] = pandas.Series(hashed(parts, self.key), dtype=object, index=frame.index)
        return frame.drop(
            columns=[name for name in frame.columns if name not in declared | {"_row", "source"}]
        )

    def _base(self, values: RowValues, table: str) -> pandas.DataFrame:
        """What every row of the table has, one row for each data row of the sheet."""
        wanted = {*BROUGHT[table].names, *(part for column in self.layout.columns.values() for part in column.made_of)}  # fmt: skip
        columns: dict[str, Any] = {
            "_row": values.at,
            "source": self.rows.sources(values.at.tolist()),
        }
        for name, value in self.context.constants(table).items():
            columns[name] = pandas.Series([value] * len(values.at), dtype=object)
        for name, of_rows in values.all().items():
            if name in wanted:
                columns[name] = pandas.Series(of_rows, dtype=object)
        return pandas.DataFrame(columns)

    def _with_status(self, base: pandas.DataFrame, declared: set[str]) -> pandas.DataFrame:
        """A frame without wide columns: symbols for missing taken out, and their status put into its column."""
        missing = self.layout.missing
        if missing is None:
            return base
        status = pandas.Series([missing.reported] * len(base), dtype=object)
        for name in base.columns:
            absent = base[name].map(lambda value: isinstance(value, Absent)).astype(bool)
            if absent.any():
                status[absent] = [value.status for value in base.loc[absent, name]]
                base[name] = base[name].where(~absent, None)
        if missing.column in declared and missing.column not in base.columns:
            base[missing.column] = status
        return base

    def _annualised(
        self, name: str, frame: pandas.DataFrame, members: Mapping[str, tuple[int, ...]]
    ) -> pandas.Series:
        """What a full year costs, of a column that prints what the row's own days in the year cost."""
        cost = as_numbers(frame[name].tolist())
        after: list[float | None] = [None] * len(frame)
        years = frame["financial_year"].tolist() if "financial_year" in frame.columns else [None] * len(frame)
        ends = frame["end_on"].tolist() if "end_on" in frame.columns else [None] * len(frame)
        starts = frame["start_on"].tolist()
        for year in dict.fromkeys(year for year in years if year):
            at = [place for place, of in enumerate(years) if of == year]
            days = days_within(year, [starts[place] for place in at], [ends[place] for place in at])
            for place, whole, paid in zip(at, annualised(cost[at], days, year), cost[at], strict=True):
                after[place] = None if numpy.isnan(whole) else float(whole)
                if numpy.isnan(whole) and not numpy.isnan(paid):
                    row, source = int(frame["_row"].iloc[place]), str(frame["source"].iloc[place])
                    self.refusals.problem(
                        Problem(source, "cost_without_days", f"the row has a cost of £{paid:,.2f} and no day in {year}", "a start and an end within the year that the cost is for",
                                "Correct the dates or the cost in the workbook"), members.get(source, (row,)))  # fmt: skip
        return pandas.Series(after, dtype=object, index=frame.index)

    def _refuse_with(self, frame: pandas.DataFrame) -> None:
        """Refuses the rows that would be joined to a refused one."""
        rule = self.layout.join_rows
        for row, others in (bound_to(frame, rule, self.refusals.refused) if rule else {}).items():
            self.refusals.problem(Problem(self.rows.source(row), "joined_row_refused", "this row is refused, and so are the other rows of the same placement, which would look whole without it",
                                          "rows of a placement that can all be read", "Mend this row; the others follow"), others)  # fmt: skip

    def _rows_that_gave_nothing(self, produced: set[int]) -> None:
        """A data row that gave no row of any table must not go in silence."""
        for row in map(int, self.rows.data):
            if row not in produced and row not in self.refusals.refused:
                self.refusals.problem(Problem(self.rows.source(row), "empty_row", "the row has no figure in any column that is loaded", "a figure, or a rule that ignores the row by name",
                                              f"Fill it in the workbook, or name such rows under [[ignored_rows]] in {self.layout.said}"), [row])  # fmt: skip


def with_cells(sheet: Sheet, changes: Mapping[tuple[int, int], Any]) -> Sheet:
    """The sheet with some cells changed (row and column by index); the original stays as it is."""
    touched = {row for row, _ in changes}
    rows = [list(cells) if row in touched else cells for row, cells in enumerate(sheet.rows)]
    for (row, column), value in changes.items():
        rows[row][column] = value
    return replace(sheet, rows=rows)
