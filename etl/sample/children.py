"""Children who come, move and leave, so that every January's counts are met exactly.

Nobody here is real: a child is a number, an age and a history of placements.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field

import numpy

from etl.sample.facts import ASSUMPTIONS, BANDS
from etl.sample.january_counts import SETTINGS, january_counts
from hnb import years
from hnb.codelists import CODELISTS

_AGES = {
    code: CODELISTS["phases"].entry(CODELISTS["age_bands"].entry(code).details["phase"]).details["ages"]
    for code in BANDS
}
_FIRST_AGES = numpy.array([_AGES[band][0] for band in BANDS])
_OLDEST = _AGES[BANDS[-1]][1]
_DAY = datetime.timedelta(days=1)


@dataclass
class Stay:
    """One stretch of time in one kind of setting at one provider."""

    setting: str
    start_on: datetime.date
    end_on: datetime.date | None = None
    rank: int = 1

    def is_open_on(self, date: datetime.date) -> bool:
        """Whether it counts on the date: begun, and not ended (rule 3 of the domain's rules of the trade)."""
        return self.start_on <= date and (self.end_on is None or self.end_on > date)


@dataclass
class Child:
    """A child of the sample: reference, date-free age (on 31 August 2018), and stays in order of time."""

    reference: int
    age_in_2018: int
    stays: list[Stay] = field(default_factory=list)

    def age_on_31_august(self, year: int) -> int:
        """Age in whole years on 31 August of the calendar year."""
        return self.age_in_2018 + year - 2018

    def stay_on(self, date: datetime.date) -> Stay | None:
        """The main stay that is open on the date, if there is one."""
        for stay in reversed(self.stays):
            if stay.rank == 1 and stay.is_open_on(date):
                return stay
        return None


def children(generator: numpy.random.Generator, scale: float = 1.0) -> list[Child]:
    """All children with a plan between the first and the last January, with their stays.

    On each January's count date the open stays by setting and age band equal `january_counts`.
    """
    counts = january_counts(scale)
    januaries = sorted(counts)
    everyone: list[Child] = []
    for column, band in enumerate(BANDS):
        for row, setting in enumerate(SETTINGS):
            ages = generator.integers(
                max(_AGES[band][0], 3), _oldest_at_first(band) + 1, size=counts[januaries[0]][row, column]
            )
            for age in ages:
                opened = _count_date(januaries[0]) - _DAY * int(
                    generator.integers(30, 200 + 365 * max(1, min(3, int(age) - 3)))
                )
                everyone.append(_new_child(len(everyone), int(age), januaries[0], setting, opened))
    current = list(everyone)
    for january in januaries[1:]:
        current = _Year(january, current, counts[january], generator, everyone).moved()
    _add_second_stays(everyone, januaries, generator, scale)
    return everyone


def _oldest_at_first(band: str) -> int:
    """The oldest age that the sample starts with in a band: few stay to 25."""
    return min(_AGES[band][1], 23)


def _new_child(reference: int, age: int, january: int, setting: str, start_on: datetime.date) -> Child:
    return Child(reference, age - (january - 1 - 2018), [Stay(setting, start_on)])


def _count_date(january: int) -> datetime.date:
    return years.january_count_on(years.year_of_january(january))


def band_position(age: int) -> int:
    """Which of BANDS an age falls in."""
    return int(numpy.searchsorted(_FIRST_AGES, max(age, 0), side="right")) - 1


class _Year:
    """One year of moves: from the children of one January to the counts of the next."""

    def __init__(
        self,
        january: int,
        before: list[Child],
        wanted: numpy.ndarray,
        generator: numpy.random.Generator,
        everyone: list[Child],
    ) -> None:
        self.january = january
        self.since, self.until = _count_date(january - 1), _count_date(january)
        self.generator = generator
        self.everyone = everyone
        self.wanted = wanted
        self.cells: dict[tuple[int, int], list[Child]] = {
            (row, column): [] for row in range(len(SETTINGS)) for column in range(len(BANDS))
        }
        leaving = ASSUMPTIONS["leaving"]
        for child in before:
            age = child.age_on_31_august(january - 1)
            column = band_position(age)
            if age > _OLDEST or generator.random() < leaving[BANDS[column]]:
                self._leave(child, age)
            else:
                self.cells[SETTINGS.index(child.stays[-1].setting), column].append(child)

    def moved(self) -> list[Child]:
        """The children of this January; their stays are opened and closed on the way."""
        for column, band in enumerate(BANDS):
            self._meet_band(column, band)
        stayed = [child for cell in self.cells.values() for child in cell]
        return sorted(stayed, key=lambda child: child.reference)

    def _meet_band(self, column: int, band: str) -> None:
        pool: list[Child] = []
        for row in range(len(SETTINGS)):
            pool += self._take(row, column, len(self.cells[row, column]) - int(self.wanted[row, column]))
        # Costlier settings are filled first: by children set free, then by children drawn from elsewhere,
        # whose places the newcomers then take.
        order = sorted(range(len(SETTINGS)), key=lambda row: -ASSUMPTIONS["filled_by_movers"][SETTINGS[row]])
        for row in order:
            missing = int(self.wanted[row, column]) - len(self.cells[row, column])
            origins = ASSUMPTIONS["movers"][SETTINGS[row]]
            for _ in range(missing):
                mover = self._from_pool(pool, origins)
                if mover is None and self.generator.random() < ASSUMPTIONS["filled_by_movers"][SETTINGS[row]]:
                    mover = self._from_cells(column, origins)
                self._arrive(mover, row, column, band)
        for row in reversed(order):
            while len(self.cells[row, column]) < self.wanted[row, column]:
                self._arrive(self._from_pool(pool, ASSUMPTIONS["movers"][SETTINGS[row]]), row, column, band)
        for child in pool:
            self._leave(child, child.age_on_31_august(self.january - 1))

    def _take(self, row: int, column: int, number: int) -> list[Child]:
        """Children whom their setting has no room for any more: the ones at a change of phase first."""
        cell = self.cells[row, column]
        if number <= 0:
            return []
        weights = numpy.array([self._readiness(child) for child in cell])
        chosen = self.generator.choice(len(cell), size=number, replace=False, p=weights / weights.sum())
        taken = set(chosen.tolist())
        self.cells[row, column] = [child for position, child in enumerate(cell) if position not in taken]
        return [cell[position] for position in sorted(taken)]

    def _readiness(self, child: Child) -> float:
        """The weight with which a child moves: more at a change of phase, none twice in a year."""
        if child.stays[-1].start_on > self.since:
            return 0.0
        return 6.0 if child.age_on_31_august(self.january - 1) in (4, 5, 11, 16, 19) else 1.0

    def _ready(self, row: int, column: int) -> int:
        return sum(self._readiness(child) > 0 for child in self.cells[row, column])

    def _from_pool(self, pool: list[Child], origins: dict[str, float]) -> Child | None:
        fitting = [position for position, child in enumerate(pool) if child.stays[-1].setting in origins]
        if not fitting:
            return None
        weights = numpy.array(
            [origins[pool[position].stays[-1].setting] for position in fitting], dtype="float64"
        )
        return pool.pop(fitting[int(self.generator.choice(len(fitting), p=weights / weights.sum()))])

    def _from_cells(self, column: int, origins: dict[str, float]) -> Child | None:
        # Only from settings that newcomers commonly enter: others would have to be filled in turn.
        rows = [
            SETTINGS.index(setting)
            for setting in origins
            if setting in ("mainstream", "resourced", "early_years")
        ]
        sizes = numpy.array(
            [min(self._ready(row, column), 40) * origins[SETTINGS[row]] for row in rows], dtype="float64"
        )
        if not rows or sizes.sum() == 0:
            return None
        row = rows[int(self.generator.choice(len(rows), p=sizes / sizes.sum()))]
        return self._take(row, column, 1)[0]

    def _arrive(self, child: Child | None, row: int, column: int, band: str) -> None:
        setting = SETTINGS[row]
        if child is None:
            ages = ASSUMPTIONS["new_plan_ages"][band]
            weights = numpy.array(ages["weights"])
            age = ages["first"] + int(self.generator.choice(len(weights), p=weights / weights.sum()))
            child = _new_child(len(self.everyone), age, self.january, setting, self._first_day())
            self.everyone.append(child)
        else:
            start_on = self._first_day(september_share=0.72)
            child.stays[-1].end_on = start_on - _DAY
            child.stays.append(Stay(setting, start_on))
        self.cells[row, column].append(child)

    def _leave(self, child: Child, age: int) -> None:
        school_year_end = datetime.date(self.january - 1, 8, 31)
        if age >= 16 and self.generator.random() < 0.85:
            child.stays[-1].end_on = school_year_end
        else:
            child.stays[-1].end_on = self._some_day()

    def _first_day(self, september_share: float = 0.38) -> datetime.date:
        september = datetime.date(self.january - 1, 9, 1)
        return september if self.generator.random() < september_share else self._some_day()

    def _some_day(self) -> datetime.date:
        """A weekday after the last count and not after this one."""
        day = self.since + _DAY * int(self.generator.integers(4, (self.until - self.since).days - 2))
        return (
            day + _DAY * (7 - day.weekday() if day.weekday() > 4 else 0)
            if day + 3 * _DAY <= self.until
            else self.until
        )


def _add_second_stays(
    everyone: list[Child], januaries: list[int], generator: numpy.random.Generator, scale: float
) -> None:
    """Dual registration: a term or two at an alternative provider beside a mainstream school."""
    for january in januaries[1:]:
        term = datetime.date(january - 1, 9, 1)
        eligible = [
            child
            for child in everyone
            if (stay := child.stay_on(term)) and stay.setting == "mainstream" and 12 <= child.age_on_31_august(january - 1) <= 15
            and stay.is_open_on(term + 250 * _DAY)
        ]  # fmt: skip
        number = min(len(eligible), round(ASSUMPTIONS["second_placements"]["a_year"] * scale))
        for position in sorted(generator.choice(len(eligible), size=number, replace=False).tolist()):
            start_on = term + _DAY * int(generator.integers(0, 100))
            end_on = start_on + _DAY * int(generator.integers(60, 150))
            eligible[position].stays.append(Stay("alternative_provision", start_on, end_on, rank=2))
