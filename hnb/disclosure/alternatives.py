"""Other tables that an outsider must reckon with: the same shown cells, and one hidden cell that is different.

Such a table is the proof that a cell is protected. It is looked for as the linear programme of least loss
(Fischetti and Salazar, Models and algorithms for the 2-dimensional cell suppression problem; Willenborg and
de Waal, Elements of Statistical Disclosure Control, chapter 4): the cells that it changes must be hidden.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import highspy
import numpy

from hnb.disclosure.attack import least_of, quiet_solver
from hnb.disclosure.cells import Cells, Vector

_DUST = 1e-6
_RATHER_NOT = 1e-3
"""What it costs to move a hidden cell, so that proofs move few: a cell in no proof can be shown again."""
_SHARPENINGS = 2


class Alternatives:
    """Finds other tables of one measure. `fixed` cells never change: noughts, and what was shown before."""

    def __init__(self, cells: Cells, measure: str, fixed: Collection[int]) -> None:
        values, atoms = cells.values[measure], cells.atom_values[measure]
        self.is_count = measure in cells.measured.counts
        largest = float(numpy.abs(values).max(initial=0.0))
        # Solved in a unit in which the cells are some thousands, whatever the measure.
        self._unit = 1.0 if self.is_count or not largest else largest / 1_000.0
        self._atoms, self._count = len(atoms), len(cells.keys)
        self._fixed = frozenset(fixed)
        self._model = quiet_solver()
        infinite = highspy.kHighsInf
        lowest = (least_of(atoms) - atoms) / self._unit
        self._model.addVars(self._atoms, lowest, numpy.full(self._atoms, infinite))
        free = [0.0 if place in self._fixed else infinite for place in range(self._count)]
        self._model.addVars(2 * self._count, numpy.zeros(2 * self._count), numpy.array(free * 2))
        for place, inside in enumerate(cells.atoms):
            # What a cell's atoms change by is what it goes up less what it goes down.
            index = numpy.concatenate([inside, [self._up(place), self._down(place)]]).astype(numpy.int32)
            signs = numpy.concatenate([numpy.ones(len(inside)), [-1.0, 1.0]])
            self._model.addRow(0.0, 0.0, len(index), index, signs)
        self._moving = numpy.arange(self._atoms, self._atoms + 2 * self._count, dtype=numpy.int32)

    def _up(self, place: int) -> int:
        return self._atoms + place

    def _down(self, place: int) -> int:
        return self._atoms + self._count + place

    def changed(
        self, place: int, distance: float, hidden: Collection[int], losses: Sequence[float] | None
    ) -> frozenset[int] | None:
        """The cells that change in an alternative in which a cell is higher (or lower) by at least the distance.

        hidden: cells that may change for nothing. losses: of each cell, what hiding it would lose; None where
        no other may be hidden. None where there is no alternative.
        """
        shown = [other for other in range(self._count) if other not in hidden and other not in self._fixed]
        weights = numpy.full(self._count, _RATHER_NOT)
        if losses is None:
            self._bound(shown, 0.0)
        else:
            weights[shown] = numpy.array([losses[other] for other in shown])
        column = self._up(place) if distance > 0 else self._down(place)
        other_way = self._down(place) if distance > 0 else self._up(place)
        self._model.changeColBounds(column, abs(distance) / self._unit, highspy.kHighsInf)
        self._model.changeColBounds(other_way, 0.0, 0.0)
        found = self._least(weights)
        if found is not None and losses is not None:
            for _ in range(_SHARPENINGS):
                # Dear per pound moved becomes dear per cell moved: a large move through few cells wins.
                found = self._least(weights / (found + 0.05 * max(abs(distance) / self._unit, _DUST)))
                if found is None:
                    break
        for end in (column, other_way):
            self._model.changeColBounds(end, 0.0, highspy.kHighsInf)
        if losses is None:
            self._bound(shown, highspy.kHighsInf)
        return None if found is None else frozenset(numpy.flatnonzero(found > _DUST).tolist())

    def _bound(self, places: Sequence[int], highest: float) -> None:
        columns = numpy.array(
            [end(place) for place in places for end in (self._up, self._down)], dtype=numpy.int32
        )
        if len(columns):
            self._model.changeColsBounds(
                len(columns), columns, numpy.zeros(len(columns)), numpy.full(len(columns), highest)
            )

    def _least(self, weights: Vector) -> Vector | None:
        """How far each cell moves in the cheapest alternative; of counts, in whole numbers."""
        costs = numpy.concatenate([weights, weights])
        self._model.changeColsCost(len(costs), self._moving, costs)
        self._model.run()
        if self._model.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        solution: Vector | None = numpy.array(self._model.getSolution().col_value, dtype=numpy.float64)
        if self.is_count and _is_fractional(solution):
            solution = self._whole()
        if solution is None:
            return None
        moved = solution[self._atoms :]
        return moved[: self._count] + moved[self._count :]

    def _whole(self) -> Vector | None:
        everything = numpy.arange(self._atoms, dtype=numpy.int32)
        solution: Vector | None = None
        for kind in (highspy.HighsVarType.kInteger, highspy.HighsVarType.kContinuous):
            self._model.changeColsIntegrality(
                self._atoms, everything, numpy.full(self._atoms, int(kind), dtype=numpy.uint8)
            )
            if kind == highspy.HighsVarType.kInteger:
                self._model.run()
                if self._model.getModelStatus() == highspy.HighsModelStatus.kOptimal:
                    solution = numpy.array(self._model.getSolution().col_value, dtype=numpy.float64)
        return solution


def _is_fractional(solution: Vector | None) -> bool:
    return solution is not None and bool(numpy.abs(solution - numpy.round(solution)).max(initial=0.0) > _DUST)
