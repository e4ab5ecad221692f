"""Which cells to hide: the unsafe ones, and as few others as keep anybody from working those out.

Hiding the unsafe alone protects nothing where totals are shown. Every hidden cell gets its proofs, other
tables with the same shown cells in which it is lower and higher by the room that the rules ask
(`hnb.disclosure.alternatives`); what a proof changes is hidden too. Then cells are given back, largest first,
as long as new proofs can be found, and at the end an outsider (`hnb.disclosure.attack`) tries everything.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy

from hnb.disclosure.alternatives import Alternatives
from hnb.disclosure.attack import Outsider
from hnb.disclosure.cells import Cells
from hnb.disclosure.rules import Rules

_DUST = 1e-6
_CHILDREN_A_CELL = 40
"""So many children are as great a loss as a cell."""
_TOTAL = 30.0
"""What a total of a dimension weighs against a cell within it, and the whole against such a total."""
_ATTEMPTS = 4
"""How often a mask is searched for, where anything must be hidden for others' sake."""
_NOISE = 0.6
"""By how much of themselves cells are weighed anew in later attempts."""
_WEIGHTS = (1.0, 4.0, 1_000.0)
"""What a cell, a total and the whole weigh in the search for other tables."""

Need: TypeAlias = tuple[str, int, int]
"""A measure, a cell, and whether it must be able to be lower (−1) or higher (1)."""


@dataclass(frozen=True)
class Mask:
    """What is hidden. Places of cells.

    unsafe: in itself. complement: besides, so that the others stay hidden. given_away: unsafe by today's rules, but
    an earlier publication showed the very figure; it is not shown again, and nothing can protect it.
    exposed: a cell that could not be protected, whatever is hidden: then nothing may be published.
    """

    unsafe: frozenset[int]
    complement: frozenset[int]
    given_away: frozenset[int] = frozenset()
    exposed: int | None = None

    @property
    def hidden(self) -> frozenset[int]:
        """All that is hidden: one mask for every measure of a cell."""
        return self.unsafe | self.complement | self.given_away

    @property
    def secret(self) -> frozenset[int]:
        """What is hidden and known to nobody: what an attacker may try to work out."""
        return self.unsafe | self.complement


class _UnprotectedError(Exception):
    """A cell that cannot be protected."""


def mask(
    cells: Cells, rules: Rules, known_before: Collection[int] = (), hidden_too: Collection[int] = ()
) -> Mask:
    """The cells to hide, audited.

    Parameters
    ----------
    known_before: places of cells whose present value an earlier publication showed. They cannot be kept secret
        any more, and an outsider reckons with them.
    hidden_too: places of cells that are hidden whatever the rules say, since another audience's mask hides them.

    Where not even hiding every cell protects one, which an earlier publication may bring about, it is `exposed`.
    """
    known = frozenset(known_before)
    found = []
    # No way of searching is always the best: costs first or counts first, and cells weighed a little differently.
    for attempt in range(_ATTEMPTS):
        search = _Search(cells, rules, known, frozenset(hidden_too) - known, attempt)
        try:
            search.hide()
        except _UnprotectedError as fault:
            return Mask(search.unsafe, frozenset(), exposed=int(fault.args[0]))
        search.give_back()
        found.append(search)
        if not search.loss:
            break
    search = min(found, key=lambda one: one.loss)
    if exposed := exposures(cells, rules, search.hidden, known):
        raise AssertionError(f"{len(exposed)} proofs of protection were wrong")
    return Mask(
        search.unsafe, frozenset(search.hidden) - search.unsafe, known & (cells.unsafe | set(hidden_too))
    )


def exposures(
    cells: Cells, rules: Rules, hidden: Collection[int], known_before: Collection[int] = ()
) -> list[tuple[str, int]]:
    """The hidden cells that an outsider knows too well, by measure: the audit of a publication. Empty if none."""
    shown = {place for place in range(len(cells.keys)) if place not in hidden} | set(known_before)
    found = []
    for measure in cells.measured.all:
        outsider = Outsider(cells, measure, shown)
        found += [
            (measure, place)
            for place in sorted(hidden)
            if _is_exposed(outsider, cells, rules, measure, place)
        ]
    return found


def _is_exposed(outsider: Outsider, cells: Cells, rules: Rules, measure: str, place: int) -> bool:
    value = float(cells.values[measure][place])
    is_cost = measure in cells.measured.costs
    below, above = rules.room(
        value, is_count=outsider.is_count, is_unsafe=cells.is_unsafe[place], is_cost=is_cost
    )
    if not below and not above:
        return False
    low, high = outsider.bounds(place)
    dust = _DUST * max(1.0, abs(value))
    lacks_below, lacks_above = low > value - below + dust, high < value + above - dust
    if rules.needs_both(value, is_count=outsider.is_count, is_unsafe=cells.is_unsafe[place]):
        return lacks_below or lacks_above
    return lacks_below and lacks_above


@dataclass
class _Search:
    """The search for a mask: what is hidden so far, and for each need the cells that its proof changes."""

    cells: Cells
    rules: Rules
    known: frozenset[int]
    forced: frozenset[int] = frozenset()
    attempt: int = 0
    hidden: set[int] = field(default_factory=set)
    proofs: dict[Need, frozenset[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        noughts = {place for place, nought in enumerate(self.cells.is_nought) if nought}
        self.fixed = frozenset(noughts | self.known)
        self.unsafe = self.cells.unsafe - self.known
        self.hidden |= self.unsafe | {place for place in self.forced if not self.cells.is_nought[place]}
        # A total says more than a cell, and what a year came to in all is in the accounts: those go last.
        by_size = [2 - min(len(key), 2) for key in self.cells.keys]
        self.losses = [
            (1.0 + behind / _CHILDREN_A_CELL) * _TOTAL**size
            for behind, size in zip(self.cells.children, by_size, strict=True)
        ]
        # The linear programme is led by counts of cells alone: led by children it goes long ways through small cells.
        chance = numpy.random.default_rng(self.attempt // 2)
        noise = chance.random(len(by_size)) * (_NOISE if self.attempt >= 2 else 0.0)
        self.weights = [_WEIGHTS[size] * (1.0 + more) for size, more in zip(by_size, noise, strict=True)]
        measured = self.cells.measured
        self.order = (*measured.amounts, *measured.counts) if self.attempt % 2 == 0 else measured.all
        self.alternatives = {
            measure: Alternatives(self.cells, measure, self.fixed) for measure in self.cells.measured.all
        }

    @property
    def loss(self) -> float:
        """What is lost by hiding what is hidden for others' sake."""
        return sum(self.losses[place] for place in self.hidden - self.unsafe - self.forced)

    def hide(self) -> None:
        """Hide what it takes until every hidden cell has its proofs."""
        waiting = sorted(self.hidden, key=self._least_first)
        while waiting:
            place = waiting.pop(0)
            if self._proven([place], self.hidden) or self._hide_rectangle(place):
                continue
            for measure in self.order:
                waiting += self._prove(measure, place)

    def _proven(self, places: Iterable[int], hidden: Collection[int]) -> bool:
        """Whether all needs of some cells have proofs that change nothing but hidden cells. Keeps those if so."""
        found: dict[Need, frozenset[int]] = {}
        for place in places:
            for measure in self.cells.measured.all:
                ways = self._distances(measure, place)
                needs_both = self._needs_both(measure, place)
                proven = 0
                for way, distance in ways:
                    changed = self.alternatives[measure].changed(place, way * distance, hidden, None)
                    if changed is not None:
                        proven += 1
                        found[measure, place, way] = changed
                        if not needs_both:
                            break
                    elif needs_both:
                        return False
                if ways and not proven:
                    return False
        self.proofs |= found
        return True

    def _hide_rectangle(self, place: int) -> bool:
        """Hide with a cell the least of the rectangles that protect it: one more in its row, one in its column, and
        the one where those meet. False where none does by itself, or the cell is in no table of two dimensions.

        (Giessing and Repsilber, Tools and strategies to protect multiple tables with the GHQUAR cell suppression
        engine, 2002; there without the proof by programming that follows here.)
        """
        key = self.cells.keys[place]
        if len(key) != 2:
            return False
        (row, of_row), (column, of_column) = key
        cells = self.cells.place
        candidates = []
        for other in cells:
            if len(other) != 2 or (other[0][0], other[1][0]) != (row, column):
                continue
            (_, other_row), (_, other_column) = other
            if other_row == of_row or other_column == of_column:
                continue
            corners = (other, ((row, of_row), other[1]), (other[0], (column, of_column)))
            places = frozenset(cells[corner] for corner in corners if corner in cells)
            if len(places) == len(corners) and not places & self.fixed:
                new = places - self.hidden
                candidates.append((sum(self.losses[one] for one in new), sorted(new)))
        for _, besides in sorted(candidates):
            if self._proven([place, *besides], self.hidden | set(besides)):
                self.hidden |= set(besides)
                return True
        return False

    def _prove(self, measure: str, place: int) -> list[int]:
        """Find the proofs of a cell in a measure; the cells that are hidden for them, which need proofs too."""
        distances = self._distances(measure, place)
        if len(distances) == 2 and not self._needs_both(measure, place):
            distances = [self._easier(measure, place, distances)]
        new: list[int] = []
        for direction, distance in distances:
            changed = self._changed(measure, place, direction * distance, self.weights)
            if changed is None:
                raise _UnprotectedError(place)
            self.proofs[measure, place, direction] = changed
            new += sorted(changed - self.hidden)
            self.hidden |= changed
        return new

    def _easier(self, measure: str, place: int, distances: list[tuple[int, float]]) -> tuple[int, float]:
        """Of lower and higher, that which takes less hiding."""
        costs = []
        for direction, distance in distances:
            changed = self._changed(measure, place, direction * distance, self.weights)
            new = None if changed is None else changed - self.hidden
            if not new and new is not None:
                return direction, distance
            costs.append(math.inf if new is None else sum(self.weights[other] for other in new))
        return distances[costs.index(min(costs))]

    def _changed(
        self, measure: str, place: int, distance: float, losses: list[float] | None
    ) -> frozenset[int] | None:
        return self.alternatives[measure].changed(place, distance, self.hidden, losses)

    def _distances(self, measure: str, place: int) -> list[tuple[int, float]]:
        value = float(self.cells.values[measure][place])
        is_count = self.alternatives[measure].is_count
        below, above = self.rules.room(
            value, is_count=is_count, is_unsafe=self.cells.is_unsafe[place],
            is_cost=measure in self.cells.measured.costs,
        )  # fmt: skip
        dust = _DUST * max(1.0, abs(value))
        return [(way, distance) for way, distance in ((-1, below), (1, above)) if distance > dust]

    def _needs_both(self, measure: str, place: int) -> bool:
        value = float(self.cells.values[measure][place])
        is_count = self.alternatives[measure].is_count
        return self.rules.needs_both(value, is_count=is_count, is_unsafe=self.cells.is_unsafe[place])

    def give_back(self) -> None:
        """Show again, largest first, what no proof needs or what every proof that changes it can do without."""
        for place in sorted(self.hidden - self.unsafe - self.forced, key=self._least_first, reverse=True):
            hidden = self.hidden - {place}
            instead: dict[Need, frozenset[int]] = {}
            for need, changed in self.proofs.items():
                if need[1] == place or place not in changed:
                    continue
                measure, other, direction = need
                ways = dict(self._distances(measure, other))
                if not self._needs_both(measure, other):
                    ways = {direction: ways[direction]} | ways
                else:
                    ways = {direction: ways[direction]}
                found = None
                for way, distance in ways.items():
                    found = self.alternatives[measure].changed(other, way * distance, hidden, None)
                    if found is not None:
                        instead[need] = found
                        break
                if found is None:
                    break
            else:
                self.hidden = hidden
                kept = {need: changed for need, changed in self.proofs.items() if need[1] != place}
                self.proofs = kept | instead

    def _least_first(self, place: int) -> tuple[int, int]:
        return (self.cells.children[place], place)
