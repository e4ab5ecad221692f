"""What an outsider can work out: the lowest and the highest that a hidden cell may be, given all that is shown.

The outsider knows every shown cell, that every cell is a sum of atoms, that counts are whole and not
negative, and how far below nought an amount may be. Solved exactly by HiGHS, as a linear programme;
for counts as one in whole numbers.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import highspy
import numpy

from hnb.disclosure.cells import Cells, Places, Vector

_WHOLE, _ANY = int(highspy.HighsVarType.kInteger), int(highspy.HighsVarType.kContinuous)
_NONE = numpy.array([], dtype=numpy.intp)


def solver(rows: Sequence[Places], atoms: int) -> highspy.Highs:
    """A quiet solver with a column an atom, not bounded, and a row a sum of atoms, not bounded either."""
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = atoms, len(rows)
    model.col_cost_ = numpy.zeros(atoms)
    model.col_lower_, model.col_upper_ = numpy.zeros(atoms), numpy.full(atoms, highspy.kHighsInf)
    model.row_lower_ = numpy.full(len(rows), -highspy.kHighsInf)
    model.row_upper_ = numpy.full(len(rows), highspy.kHighsInf)
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = numpy.cumsum([0, *(len(row) for row in rows)]).astype(numpy.int32)
    model.a_matrix_.index_ = numpy.concatenate([*rows, _NONE]).astype(numpy.int32)
    model.a_matrix_.value_ = numpy.ones(sum(len(row) for row in rows))
    quiet = quiet_solver()
    quiet.passModel(model)
    return quiet


def quiet_solver() -> highspy.Highs:
    """HiGHS with nothing on the terminal and one thread. The programmes are small: presolving costs more than it saves."""
    quiet = highspy.Highs()  # type: ignore[no-untyped-call]  # highspy declares no types here
    for option, value in (
        ("output_flag", False), ("log_to_console", False), ("threads", 1), ("presolve", "off"), ("solver", "simplex"),
    ):  # fmt: skip
        quiet.setOptionValue(option, value)
    return quiet


def least_of(atoms: Vector) -> float:
    """What no atom is below, as an outsider may guess: nought, or where something was paid back the most of that."""
    return min(0.0, float(atoms.min(initial=0.0)))


class Outsider:
    """One who knows the shown cells of one measure. Bounds are asked cell by cell, and shown cells may be added.

    known: the places of the cells that are shown, now or before.
    """

    def __init__(self, cells: Cells, measure: str, known: Iterable[int]) -> None:
        self.cells = cells
        self.is_count = measure in cells.measured.counts
        values, atoms = cells.values[measure], cells.atom_values[measure]
        # Pounds of a block run to millions: solved in a unit in which they are some thousands.
        largest = float(numpy.abs(values).max(initial=0.0))
        self.unit = 1.0 if self.is_count or not largest else largest / 1_000.0
        self._values = values / self.unit
        self._solver = solver(cells.atoms, len(atoms))
        self._atoms = len(atoms)
        lowest = least_of(atoms) / self.unit
        places = numpy.arange(self._atoms, dtype=numpy.int32)
        self._solver.changeColsBounds(
            self._atoms, places, numpy.full(self._atoms, lowest), numpy.full(self._atoms, highspy.kHighsInf)
        )
        for place in known:
            self.show(place)

    def show(self, place: int) -> None:
        """From now on the cell is known."""
        value = float(self._values[place])
        self._solver.changeRowBounds(place, value, value)

    def hide(self, place: int) -> None:
        """From now on the cell is not known."""
        self._solver.changeRowBounds(place, -highspy.kHighsInf, highspy.kHighsInf)

    def bounds(self, place: int) -> tuple[float, float]:
        """The lowest and the highest that the cell may be; infinite where nothing bounds it."""
        atoms = self.cells.atoms[place].astype(numpy.int32)
        self._solver.changeColsCost(len(atoms), atoms, numpy.ones(len(atoms)))
        low = self._extreme(highspy.ObjSense.kMinimize)
        high = self._extreme(highspy.ObjSense.kMaximize)
        self._solver.changeColsCost(len(atoms), atoms, numpy.zeros(len(atoms)))
        return low * self.unit, high * self.unit

    def _extreme(self, sense: highspy.ObjSense) -> float:
        """The best of the programme; of a count, the best in whole numbers, which needs a second look only
        where the first one's answer is in fractions."""
        self._solver.changeObjectiveSense(sense)
        best = self._solved(sense)
        if not self.is_count or math.isinf(best) or self._is_whole():
            return best
        places = numpy.arange(self._atoms, dtype=numpy.int32)
        self._solver.changeColsIntegrality(
            self._atoms, places, numpy.full(self._atoms, _WHOLE, dtype=numpy.uint8)
        )
        best = self._solved(sense)
        self._solver.changeColsIntegrality(
            self._atoms, places, numpy.full(self._atoms, _ANY, dtype=numpy.uint8)
        )
        return best

    def _is_whole(self) -> bool:
        solution = numpy.array(self._solver.getSolution().col_value)
        return bool(numpy.abs(solution - numpy.round(solution)).max(initial=0.0) < 1e-6)

    def _solved(self, sense: highspy.ObjSense) -> float:
        self._solver.run()
        status = self._solver.getModelStatus()
        if status == highspy.HighsModelStatus.kOptimal:
            return float(self._solver.getInfo().objective_function_value)
        if status in (highspy.HighsModelStatus.kUnbounded, highspy.HighsModelStatus.kUnboundedOrInfeasible):
            return -highspy.kHighsInf if sense == highspy.ObjSense.kMinimize else highspy.kHighsInf
        raise ArithmeticError(f"the solver ended with {self._solver.modelStatusToString(status)}")
