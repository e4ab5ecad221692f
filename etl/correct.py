"""Known faults of a source, put right by name: where, what was found, what becomes of it, why, and who decided when. Pure.

Every correction has a guard: the source must still be as it was when the correction was written. One that matches
nothing, or something else, in a file that it is about has outlived its fault: a Problem, and nothing is changed.
The corrections are `etl/corrections/*.toml` (`etl.corrections_language` reads them); how to write one is said there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy

from etl.corrections_language import Cells, Correction, Drop, WhichStands, all_corrections, read_corrections
from etl.recognise import Dropped, Fit
from etl.reshape import with_cells
from etl.sheet_rows import DATA, SheetRows
from etl.values import cell_text
from hnb.contract import Problem

__all__ = ["Corrected", "Correction", "all_corrections", "corrected", "read_corrections"]

Mask = numpy.ndarray[Any, Any]
_PENNY = 0.005


@dataclass(frozen=True)
class Corrected:
    """A sheet with its corrections made: the indices of the rows touched, and what is to be said about it."""

    fit: Fit
    rows: frozenset[int]
    problems: tuple[Problem, ...]


def corrected(fit: Fit, corrections: Sequence[Correction]) -> Corrected:
    """The sheet with those corrections made that are about it, and a note for each.

    Cells are put right first; rows are taken away from what then stands there, so that a row that was put right
    is no longer an exact repeat. What stands among two sheets is decided later (`etl.which_stands`).
    """
    meant = [one for one in corrections if _is_about(one, fit)]
    if not meant:
        return Corrected(fit, frozenset(), ())
    touched: set[int] = set()
    problems: list[Problem] = []
    changes: dict[tuple[int, int], Any] = {}
    rows = SheetRows(fit)
    for one in meant:
        if isinstance(one, Cells):
            found = _rows_as_they_were(rows, one)
            if not found:
                problems.append(_without_fault(fit, one, f"a row with {_said(one.was)}", "matches nothing any more"))  # fmt: skip
                continue
            changes.update(_changed(rows, one, found))
            touched.update(found)
            problems.append(_note_of_cells(rows, one, found))
    after = replace(fit, sheet=with_cells(fit.sheet, changes)) if changes else fit
    dropped: dict[int, Dropped] = {}
    rows = SheetRows(after)
    for one in meant:
        if isinstance(one, Drop):
            at, problem = _dropped(rows, one, dropped)
            dropped.update(at)
            problems.append(problem)
    after = replace(after, dropped=dropped) if dropped else after
    return Corrected(after, frozenset(touched - set(dropped)), tuple(problems))


def _is_about(one: Correction, fit: Fit) -> bool:
    if isinstance(one, WhichStands):
        return False
    return one.layout == fit.layout.name and one.file.fullmatch(fit.sheet.file) is not None


# -- cells


def _rows_as_they_were(rows: SheetRows, one: Cells) -> list[int]:
    """The data rows that are meant and still hold in every cell what the correction says they held."""
    mask = rows.matching(one.where) & (rows.fate == DATA)
    for name, was in one.was.items():
        position = rows.fit.position(name)
        if position is None:
            return []
        mask &= numpy.array([text == was for text in rows.texts(position)], dtype=bool)
    return [int(row) for row in numpy.flatnonzero(mask)]


def _changed(rows: SheetRows, one: Cells, found: Sequence[int]) -> dict[tuple[int, int], Any]:
    positions = {name: position for name in one.becomes if (position := rows.fit.position(name)) is not None}
    return {
        (rows.fit.data_from + row, position): one.becomes[name]
        for row in found
        for name, position in positions.items()
    }


def _note_of_cells(rows: SheetRows, one: Cells, found: Sequence[int]) -> Problem:
    said = ", ".join(f'"{was}" was read as "{cell_text(one.becomes[name])}"' for name, was in one.was.items())
    position = rows.fit.position(next(iter(one.was)))
    where = rows.source(found[0]) if position is None else rows.address(found[0], position)
    return Problem(where, "corrected", f"{said} in {len(found)} row{'s' if len(found) > 1 else ''}: {one.why}",
                   "", _who(one), "note")  # fmt: skip


# -- rows


def _dropped(
    rows: SheetRows, one: Drop, already: Mapping[int, Dropped]
) -> tuple[dict[int, Dropped], Problem]:
    """The rows that a correction takes away, with the note; none, with the problem, where its guard does not hold."""
    mask = rows.matching(one.where) & (rows.fate == DATA)
    mask[list(already)] = False
    if one.repeats:
        mask &= _is_repeat(rows, mask)
    at = [int(row) for row in numpy.flatnonzero(mask)]
    sums = {name: _sum(rows, name, mask) for name in one.sums}
    holds = len(at) == one.rows and all(
        found is not None and abs(found - one.sums[name]) <= _PENNY for name, found in sums.items()
    )
    if not holds:
        found = f"now finds {_rows(len(at))}{_with_sums(sums)}" if at else "matches nothing any more"
        return {}, _without_fault(rows.fit, one, f"{_rows(one.rows)}{_with_sums(one.sums)}", found)
    of = " that are exactly like an earlier one" if one.repeats else ""
    note = Problem(rows.source(at[0]), "dropped", f"{_rows(len(at))}{of}{_with_sums(sums)}, were taken away, the first stands here ({one.what}): {one.why}",
                   "", _who(one), "note")  # fmt: skip
    return dict.fromkeys(at, Dropped(f"Correction: {one.what}", one.in_total)), note


def _is_repeat(rows: SheetRows, among: Mask) -> Mask:
    """Which rows are the same in every cell as an earlier one of those."""
    again = numpy.zeros(rows.count, dtype=bool)
    seen: set[tuple[Any, ...]] = set()
    for row in numpy.flatnonzero(among):
        cells = tuple(rows.rows[int(row)])
        again[row] = cells in seen
        seen.add(cells)
    return again


def _sum(rows: SheetRows, name: str, mask: Mask) -> float | None:
    """What a column prints in those rows, added up; None where the sheet has no such column."""
    position = rows.fit.position(name)
    return None if position is None else float(numpy.nansum(rows.numbers(position)[0][mask]))


# -- words


def _without_fault(fit: Fit, one: Cells | Drop, expected: str, found: str) -> Problem:
    return Problem(f"{fit.sheet.file}!{fit.sheet.name}", "correction_without_fault", f"{one.origin} ({one.what}) {found}; it was not made",
                   expected, "Delete the correction if the source was mended, otherwise correct it")  # fmt: skip


def _who(one: Cells | Drop) -> str:
    return f"Nothing to do; {one.who} decided it on {one.on:%d/%m/%Y} ({one.origin})"


def _said(was: Mapping[str, str]) -> str:
    return " and ".join(f'"{text}" under "{name}"' for name, text in was.items())


def _rows(count: int) -> str:
    return f"{count:,} row{'' if count == 1 else 's'}"


def _with_sums(sums: Mapping[str, float | None]) -> str:
    said = [f"£{value:,.2f} ({name})" if value is not None else f'no column "{name}"' for name, value in sums.items()]  # fmt: skip
    return f", together {' and '.join(said)}" if said else ""
