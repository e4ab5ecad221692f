"""The invented children of the zoo's registers: nobody could take "Child 0001 (fictitious)" for a real one."""

from __future__ import annotations

import datetime

import numpy
import pandas

from etl.sample.providers import PROVIDERS
from etl.sample.zoo.ledger import read_toml
from hnb import years
from hnb.codelists import CODELISTS

YEAR = "2025-26"
AS_AT = datetime.date(2026, 1, 31)
"""The year of every register of the zoo, and the date to which it is kept."""

_PLACES = read_toml("leaves.toml")["places"]
_NEEDS = ("ASD", "SEMH", "SLCN", "MLD", "SLD", "PMLD", "PD", "HI")
_STARTS = tuple(datetime.date(year, month, 1) for year in (2022, 2023, 2024) for month in (1, 4, 9))
_STARTS_THIS_YEAR = tuple(
    datetime.date(2025, month, day) for month, day in ((4, 23), (6, 2), (9, 1), (11, 3))
)
_ENDS = tuple(datetime.date(2025, month, day) for month, day in ((7, 19), (9, 1), (10, 27), (12, 20)))


def placements(generator: numpy.random.Generator, count: int = 24) -> pandas.DataFrame:
    """One placement of each of so many children.

    Columns: number, upn, name, born_on, age, year_group, phase, need, setting, provider, line, start_on, end_on (None
    = goes on), status, annual_cost (pounds, a full year) and days (in the placement within `YEAR`).
    """
    settings = list(_PLACES)
    rows = []
    for number in range(1, count + 1):
        setting = settings[int(generator.integers(len(settings)))]
        age = _age(setting, generator)
        # Nobody is born on the first of a month here, so that no birthday equals the first day of a placement.
        born_on = datetime.date(
            2025 - age - 1, int(generator.integers(9, 13)), int(generator.integers(2, 28))
        )
        of_kind = [p for p in PROVIDERS[setting] if p.first_age <= age <= p.last_age] or list(
            PROVIDERS[setting]
        )
        is_new = generator.random() < 0.3
        starts = _STARTS_THIS_YEAR if is_new else _STARTS
        has_ended = not is_new and generator.random() < 0.3
        rows.append(
            {
                "number": number,
                "upn": f"Z99{number:010d}",
                "name": f"Child {number:04d} (fictitious)",
                "born_on": born_on,
                "age": age,
                "year_group": age - 4,
                "phase": _phase(age),
                "need": _NEEDS[int(generator.integers(len(_NEEDS)))],
                "setting": setting,
                "provider": of_kind[int(generator.integers(len(of_kind)))].name,
                "line": _PLACES[setting]["line"],
                "start_on": starts[int(generator.integers(len(starts)))],
                "end_on": _ENDS[int(generator.integers(len(_ENDS)))] if has_ended else None,
                "status": "ended" if has_ended else "open",
                "annual_cost": round(float(_PLACES[setting]["median"] * generator.uniform(0.6, 1.6)), 2),
            }
        )
    frame = pandas.DataFrame(rows)
    return frame.assign(days=[days_in_year(start, end) for start, end in zip(frame["start_on"], frame["end_on"], strict=True)])  # fmt: skip


def days_in_year(start_on: datetime.date, end_on: datetime.date | None) -> int:
    """Days of a placement within `YEAR`; the day on which it ends is not counted."""
    after = years.year_end(YEAR) + datetime.timedelta(days=1)
    return (min(end_on or after, after) - max(start_on, years.year_start(YEAR))).days


def secrets(children: pandas.DataFrame) -> tuple[str, ...]:
    """What no table and no problem may hold of these children: numbers, names, birthdays as people write them."""
    born = children["born_on"]
    return (*children["upn"], *children["name"], *born.map(lambda day: f"{day:%d/%m/%Y}"), *born.map(lambda day: day.isoformat()))  # fmt: skip


def _age(setting: str, generator: numpy.random.Generator) -> int:
    """Age on 31 August 2025: young people in the settings of after 16, pupils in the others."""
    low, high = (19, 23) if setting == "specialist_post16" else (16, 18) if setting == "further_education" else (5, 15)  # fmt: skip
    return int(generator.integers(low, high + 1))


def _phase(age: int) -> str:
    for code in CODELISTS["phases"].codes:
        first, last = CODELISTS["phases"].entry(code).details.get("ages", (99, 0))
        if first <= age <= last:
            return code
    raise ValueError(f"no phase for the age of {age}")
