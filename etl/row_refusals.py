"""What is refused while a sheet is reshaped: the problems found on the way, and the rows that they refuse."""

from __future__ import annotations

from collections.abc import Iterable

from etl.printed import Refused
from etl.sheet_rows import SheetRows
from hnb.contract import Problem


class RowRefusals:
    """Gathers the problems of one sheet and the indices, below the header, of the rows that they refuse."""

    def __init__(self, rows: SheetRows) -> None:
        self.rows = rows
        self.problems: list[Problem] = list(rows.fit.problems)
        self.refused: set[int] = set()
        # In a sheet about children a shifted row may hold a name or a number anywhere.
        self.is_about_children = "pupil_id" in rows.fit.layout.columns

    def cell(self, row: int, column: int | None, refused: Refused) -> None:
        """A cell that cannot be read: a Problem with its address (its row's where it is not known); refuses the row."""
        where = self.rows.source(row) if column is None else self.rows.address(row, column)
        self.at(where, refused, [row])

    def at(self, where: str, refused: Refused, rows: Iterable[int]) -> None:
        """The same at an address of the caller's; refuses some rows, or none."""
        told = refused.unquoted() if self.is_about_children else refused
        self.problem(Problem(where, told.what, told.found, told.expected, told.action), rows)

    def problem(self, problem: Problem, rows: Iterable[int] = ()) -> None:
        """Any other problem; it counts the rows that are refused by it and were not before."""
        more = set(rows) - self.refused
        self.refused |= more
        self.problems.append(
            Problem(
                problem.where,
                problem.what,
                problem.found,
                problem.expected,
                problem.action,
                problem.severity,
                len(more),
            )
        )
