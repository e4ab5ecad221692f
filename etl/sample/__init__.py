"""Generated workbooks, calibrated to what is published about Sutton: for the demo, the tests and the benchmarks.

`write_sample` makes the same children, costs and cells from the same seed. Published figures are in
`facts.toml`, with their sources; whatever goes beyond them is in `assumptions.toml`. No child, provider or
cost is real. This package writes workbooks; the loader knows nothing of it.
"""

from __future__ import annotations

import datetime
import zlib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy
import pandas

from etl.sample import funding, monitors, review_workbook
from etl.sample.children import children
from etl.sample.funding_workbook import write_funding
from etl.sample.monitor_workbooks import write_monthly_monitor, write_outturn_report
from etl.sample.placements import placements
from etl.sample.register_workbooks import write_register
from etl.sample.registers import register, with_costs
from etl.sample.review_workbook import write_review
from etl.sample.spend import outturn_leaves, settled
from hnb.years import year_end, year_range

SUTTON = "E09000029"
YEARS: tuple[str, ...] = year_range("2019-20", "2026-27")
"""The financial years of the sample; the last is in progress."""

TO_DATE = datetime.date(2026, 10, 31)
"""The date of the last monitor and the last register: the end of period 7."""

_PERIODS_TO_DATE = 7


@dataclass(frozen=True)
class Truth:
    """What the workbooks were meant to say, to hold the loader against: a frame a table, without `source`.

    Columns are those of `hnb.tables`. `placements["pupil_id"]` is the register's own reference: what is
    loaded is its keyed hash. `files` are the workbooks written, in order.
    """

    tables: Mapping[str, pandas.DataFrame]
    files: tuple[Path, ...]


def write_sample(
    raw: Path,
    *,
    seed: int = 2019,
    authority: str = SUTTON,
    progress: Callable[[str], None] | None = None,
    years: Collection[str] = YEARS,
    scale: float = 1.0,
) -> Truth:
    """Write the sample's workbooks into `raw` (made if it is not there), and say what they mean.

    `years` limits the registers and monitors that are written; `scale` below 1 has fewer children, for quick
    tests (the money stays the same, so costs by child do not). `progress` is told each file's name.
    """
    raw.mkdir(parents=True, exist_ok=True)
    year_in_progress = YEARS[-1]
    everyone = children(_generator(seed, "children"), scale)
    placed = placements(everyone, _generator(seed, "placements"))
    registers = settled({year: register(placed, year, _as_at(year)) for year in YEARS}, year_in_progress)
    ledger = {
        year: outturn_leaves(of_year, year, _generator(seed, "outturn", year))
        for year, of_year in registers.items()
    }
    files: list[Path] = []
    budget: list[pandas.DataFrame] = []
    shown: list[pandas.DataFrame] = []

    def written(path: Path) -> None:
        files.append(path)
        if progress is not None:
            progress(path.name)

    before: pandas.DataFrame | None = None
    for year in YEARS:
        generator = _generator(seed, "monitor", year)
        if year not in years:
            pass
        elif year == year_in_progress and before is not None:
            for as_at, monitor in monitors.monthly_monitors(
                year, ledger[year], before, _PERIODS_TO_DATE, generator
            ).items():
                budget.append(monitors.budget_rows(monitor, year, as_at))
                written(write_monthly_monitor(monitor, year, as_at, raw))
        else:
            monitor = monitors.closed_monitor(year, ledger[year], before, generator)
            budget.append(monitors.budget_rows(monitor, year, _as_at(year)))
            written(write_outturn_report(monitor, year, raw))
        before = ledger[year]
        if year in years:
            shown.append(with_costs(registers[year], _generator(seed, "costs", year)))
            written(write_register(shown[-1], raw, _generator(seed, "spellings", year)))

    spent = {year: round(float(leaves["amount"].sum()), 2) for year, leaves in ledger.items()}
    grant, balances = funding.grant(spent), funding.balances(YEARS)
    plans, plans_by_need = funding.plans(), funding.plans_by_need()
    written(write_funding(grant, balances, plans, plans_by_need, raw))
    written(write_review(raw))
    tables = {
        "budget": pandas.concat(budget, ignore_index=True),
        "placements": pandas.concat(shown, ignore_index=True),
        "grant": funding.components(grant),
        "balances": balances.drop(columns="is_published"),
        "plans": pandas.concat([plans, plans_by_need], ignore_index=True),
        "recommendations": review_workbook.recommendations(),
        "recommendation_updates": review_workbook.updates(),
    }
    return Truth({name: frame.assign(authority=authority) for name, frame in tables.items()}, tuple(files))


def _as_at(year: str) -> datetime.date:
    return min(year_end(year), TO_DATE)


def _generator(seed: int, *purpose: str) -> numpy.random.Generator:
    """Chance of its own for each purpose: a change in one part leaves the others as they were."""
    return numpy.random.default_rng([seed, zlib.crc32("/".join(purpose).encode())])
