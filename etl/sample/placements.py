"""The placements that the registers list: each stay at a provider, with its need and its cost before calibration.

What a year's register shows of them is in `registers.py`; what a year costs in all is settled in `spend.py`.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

import numpy

from etl.sample.children import Child, Stay, band_position
from etl.sample.facts import ASSUMPTIONS, BANDS, FACTS, published_needs
from etl.sample.january_counts import SETTINGS, hidden_counts
from etl.sample.providers import Provider, provider_for
from hnb import years

_DAY = datetime.timedelta(days=1)
_CHANGES_SCHOOL_AT = (11, 16)
_SAME_SCHOOL_AT_16 = 0.6
_RESIDENTIAL_FROM = 95_000
_SECOND_NEED_SHARE = 0.22

# Which needs are commoner early and which late, so that ages and needs go together: the published table of
# needs by age (January 2025) has SLCN and PMLD youngest, SEMH and SPLD oldest.
_NEEDS_BY_AGE = (
    "SLCN",
    "PMLD",
    "ASD",
    "HI",
    "PD",
    "VI",
    "MSI",
    "SLD",
    "OTH",
    "MLD",
    "SEMH",
    "SPLD",
    "not_recorded",
)


@dataclass(frozen=True)
class Placement:
    """One child's stay at one provider.

    `cost` is a full year of it in 2021-22 prices before calibration, in pounds. `hidden_in`: Januaries whose
    return did not record where the child was.
    """

    number: int
    child: Child
    setting: str
    provider: Provider
    need: str
    secondary_need: str | None
    start_on: datetime.date
    end_on: datetime.date | None
    rank: int
    cost: float
    hidden_in: frozenset[int]

    @property
    def residential(self) -> bool:
        """Whether the child lives there: the dearest of the schools and colleges that take boarders."""
        return (
            self.setting in ("special_independent", "special_non_maintained", "specialist_post16")
            and self.cost > _RESIDENTIAL_FROM
        )

    def is_open_on(self, date: datetime.date) -> bool:
        """Whether it counts on the date: begun, and not ended."""
        return self.start_on <= date and (self.end_on is None or self.end_on > date)


def placements(everyone: list[Child], generator: numpy.random.Generator) -> list[Placement]:
    """Every placement of every child; numbers follow the day on which they began."""
    needs = _needs(everyone, generator)
    hidden = _hidden(everyone, generator)
    found = []
    for child in everyone:
        need = needs[child.reference]
        second = _second_need(need, generator)
        hidden_in = frozenset(
            january for january, references in hidden.items() if child.reference in references
        )
        for stay in child.stays:
            arranged = _is_paid(stay, generator)
            cost = _yearly_cost(stay, need, generator) if arranged else 0.0
            provider: Provider | None = None
            for start_on, end_on, age in _stretches(child, stay):
                stays_on = age >= _CHANGES_SCHOOL_AT[1] and generator.random() < _SAME_SCHOOL_AT_16
                if provider is None or not stays_on:
                    provider = provider_for(stay.setting if arranged else "not_arranged", age, generator)
                found.append(
                    (
                        child,
                        stay.setting,
                        provider,
                        need,
                        second,
                        start_on,
                        end_on,
                        stay.rank,
                        cost,
                        hidden_in,
                    )
                )
    found.sort(key=lambda fields: (fields[5], fields[0].reference, fields[7]))
    return [Placement(number, *fields) for number, fields in enumerate(found, start=1)]


def _stretches(child: Child, stay: Stay) -> Iterator[tuple[datetime.date, datetime.date | None, int]]:
    """A stay cut at the Septembers in which the child changes school: start, end, and age at the start."""
    cuts = []
    if stay.setting in ("mainstream", "resourced") and stay.rank == 1:
        for age in _CHANGES_SCHOOL_AT:
            september = datetime.date(2018 + age - child.age_in_2018, 9, 1)
            if stay.start_on < september and (stay.end_on is None or september < stay.end_on):
                cuts.append(september)
    starts = [stay.start_on, *cuts]
    ends = [*(cut - _DAY for cut in cuts), stay.end_on]
    for start_on, end_on in zip(starts, ends, strict=True):
        autumn = start_on.year if start_on.month >= 9 else start_on.year - 1
        yield start_on, end_on, child.age_on_31_august(autumn)


def _is_paid(stay: Stay, generator: numpy.random.Generator) -> bool:
    """Whether the authority arranges it: all but some of those educated elsewhere."""
    if stay.setting != "elsewhere":
        return True
    shares = ASSUMPTIONS["arranged_elsewhere"]
    first, last = int(min(shares)), int(max(shares))
    january = min(max(stay.start_on.year + (stay.start_on.month > 1), first), last)
    return bool(generator.random() < shares[str(january)])


def _yearly_cost(stay: Stay, need: str, generator: numpy.random.Generator) -> float:
    entry = ASSUMPTIONS["second_placements" if stay.rank > 1 else "costs"]
    entry = entry if stay.rank > 1 else entry[stay.setting]
    times_median = float(numpy.exp(generator.normal(0.0, entry["spread"])))
    drawn = entry["median"] * min(times_median, ASSUMPTIONS["most"]["times_median"])
    if generator.random() < entry.get("free", 0.0):
        return 0.0
    return drawn * float(ASSUMPTIONS["cost_by_need"].get(need, 1.0))


def _needs(everyone: list[Child], generator: numpy.random.Generator) -> dict[int, str]:
    """Each child's need. In the January whose needs are published they are met setting by setting."""
    january = FACTS["plans"]["by_need"]["january"]
    date = years.january_count_on(years.year_of_january(january))
    published = published_needs()
    needs: dict[int, str] = {}
    placed: dict[str, list[Child]] = {setting: [] for setting in SETTINGS}
    others: list[Child] = []
    for child in everyone:
        stay = child.stay_on(date)
        (placed[stay.setting] if stay else others).append(child)
    for setting, group in placed.items():
        counts = published[setting]
        # A quick test's sample has fewer children: then the counts are shares.
        wanted = [need for need in _NEEDS_BY_AGE for _ in range(counts[need])]
        if len(wanted) != len(group):
            wanted = _by_age([_drawn_need(counts, generator) for _ in group])
        ages = numpy.array([child.age_on_31_august(january - 1) for child in group]) + generator.normal(
            0, 4.0, len(group)
        )
        for need, position in zip(wanted, numpy.argsort(ages, kind="stable"), strict=True):
            needs[group[position].reference] = need
    missing = ASSUMPTIONS["need_not_recorded"]["share"]
    for child in others:
        drawn = _drawn_need(published[child.stays[-1].setting], generator)
        needs[child.reference] = "not_recorded" if generator.random() < missing else drawn
    return needs


def _by_age(needs: list[str]) -> list[str]:
    return sorted(needs, key=_NEEDS_BY_AGE.index)


def _drawn_need(counts: dict[str, int], generator: numpy.random.Generator) -> str:
    weights = numpy.array(list(counts.values()), dtype="float64")
    return list(counts)[int(generator.choice(len(weights), p=weights / weights.sum()))]


def _second_need(need: str, generator: numpy.random.Generator) -> str | None:
    if generator.random() >= _SECOND_NEED_SHARE:
        return None
    second = ("SLCN", "SEMH", "MLD", "ASD", "SPLD")[int(generator.integers(0, 5))]
    return None if second == need else second


def _hidden(everyone: list[Child], generator: numpy.random.Generator) -> dict[int, set[int]]:
    """For each January with plans whose placement is not recorded: which children they are."""
    hidden: dict[int, set[int]] = {}
    for january in FACTS["plans"]["januaries"]:
        counts = hidden_counts(january)
        if not counts.any():
            continue
        date = years.january_count_on(years.year_of_january(january))
        cells: dict[tuple[str, str], list[int]] = {}
        for child in everyone:
            if stay := child.stay_on(date):
                band = BANDS[band_position(child.age_on_31_august(january - 1))]
                cells.setdefault((stay.setting, band), []).append(child.reference)
        hidden[january] = set()
        for row, setting in enumerate(SETTINGS):
            for column, band in enumerate(BANDS):
                there = cells.get((setting, band), [])
                number = min(int(counts[row, column]), len(there))
                hidden[january].update(
                    generator.choice(there, size=number, replace=False).tolist() if number else ()
                )
    return hidden
