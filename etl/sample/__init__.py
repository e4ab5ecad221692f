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

from etl.sample import comparators, funding, monitors, review_workbook
from etl.sample.children import children
from etl.sample.comparators_workbook import write_comparators
from etl.sample.funding_workbook import write_funding
from etl.sample.monitor_months import month_rows, months_of
from etl.sample.monitor_workbooks import write_monthly_monitor, write_outturn_report
from etl.sample.payments import payments
from etl.sample.payments_workbook import write_mapping, write_payments, write_suppliers
from etl.sample.placement_exceptions import with_exceptions
from etl.sample.placements import placements
from etl.sample.providers import PROVIDERS
from etl.sample.register_workbooks import write_register
from etl.sample.registers import register, with_costs
from etl.sample.review_workbook import write_review
from etl.sample.spend import outturn_leaves, settled
from hnb.years import first_of as years_first
from hnb.years import year_end, year_of, year_range

SUTTON = "E09000029"
YEARS: tuple[str, ...] = year_range("2019-20", "2026-27")
"""The financial years of the sample; the last is in progress."""

TO_DATE = datetime.date(2026, 10, 31)
"""The date of the last monitor and the last register: the end of period 7."""

_PERIODS_TO_DATE = 7
_YEARS_OF_PAYMENTS = 2

_MONITORED_YEARS = YEARS[-4:-1]
"""Closed years of which the monitor of the same month is kept, as it was written then, without its months."""


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
    registers, ledger = _years_of_money(seed, scale)
    work = _Written(raw, progress)
    for year, before in zip(YEARS, (None, *YEARS), strict=False):
        if year in years:
            _write_monitors(year, ledger[year], ledger[before] if before else None, seed, work)
            listed, planted = with_exceptions(registers[year], year, _generator(seed, "exceptions", year))
            shown = with_costs(listed, _generator(seed, "costs", year))
            work.add("placements", shown)
            work.add("placement_exceptions", planted)
            work.told(write_register(shown, raw, _generator(seed, "spellings", year)))
        if year in years and year in YEARS[-_YEARS_OF_PAYMENTS:]:
            _write_payments(shown, year, work)

    spent = {year: round(float(leaves["amount"].sum()), 2) for year, leaves in ledger.items()}
    grant, balances = funding.grant(spent), funding.balances(YEARS)
    plans, plans_by_need = funding.plans(), funding.plans_by_need()
    work.told(write_funding(grant, balances, plans, plans_by_need, raw))
    _write_comparators(authority, work)
    work.told(write_review(raw))
    work.add("grant", funding.components(grant))
    work.add("balances", balances.drop(columns="is_published").assign(basis="pounds"))
    work.add("plans", plans, plans_by_need)
    work.add("recommendations", review_workbook.recommendations())
    work.add("recommendation_updates", review_workbook.updates())
    return work.truth(authority)


def _write_payments(register: pandas.DataFrame, year: str, work: _Written) -> None:
    """The ledger's payments of a year; with the first of them the mapping of its accounts and its suppliers."""
    posted, meant = payments(register, year, _as_at(year))
    work.add("payments", posted.assign(financial_year=year))
    work.add("ledger_exceptions", meant)
    work.told(write_payments(posted, year, work.raw))
    if year == YEARS[-1]:
        work.told(write_mapping(work.raw))
        work.told(write_suppliers([provider.name for of in PROVIDERS.values() for provider in of], work.raw))


def _write_comparators(authority: str, work: _Written) -> None:
    """Whom the authority is compared with: published figures, in a workbook of their own."""
    frames = {
        "neighbours": comparators.neighbours(authority),
        "population": comparators.population(),
        "plans": comparators.plans(),
        "spend_returns": comparators.spend_returns(),
        "area_totals": comparators.area_totals(),
    }
    for table, frame in frames.items():
        work.add(table, frame)
    work.told(write_comparators(**frames, folder=work.raw))


def _years_of_money(
    seed: int, scale: float
) -> tuple[dict[str, pandas.DataFrame], dict[str, pandas.DataFrame]]:
    """Every year's register with its settled costs, and every year's ledger by line, setting and phase."""
    everyone = children(_generator(seed, "children"), scale)
    placed = placements(everyone, _generator(seed, "placements"))
    registers = settled({year: register(placed, year, _as_at(year)) for year in YEARS}, YEARS[-1])
    ledger = {
        year: outturn_leaves(of_year, year, _generator(seed, "outturn", year))
        for year, of_year in registers.items()
    }
    return registers, ledger


def _write_monitors(
    year: str, leaves: pandas.DataFrame, before: pandas.DataFrame | None, seed: int, work: _Written
) -> None:
    """The outturn report of a closed year, with the monitor of one month of the last few; all those of the year in progress."""
    generator = _generator(seed, "monitor", year)
    if year != YEARS[-1] or before is None:
        report, by_date = monitors.closed_monitors(year, leaves, before, generator)
        months = months_of(by_date, _as_at(year), year)
        work.add("budget", monitors.budget_rows(report, year, _as_at(year)))
        work.add("budget_months", month_rows(months, year, _as_at(year)))
        work.told(write_outturn_report(report, months, year, work.raw))
        if year in _MONITORED_YEARS:
            as_at = _same_day(TO_DATE, year)
            work.add("budget", monitors.budget_rows(by_date[as_at], year, as_at))
            work.told(write_monthly_monitor(by_date[as_at], None, year, as_at, work.raw))
        return
    by_date = monitors.monthly_monitors(year, leaves, before, _PERIODS_TO_DATE, generator)
    for as_at, monitor in by_date.items():
        work.add("budget", monitors.budget_rows(monitor, year, as_at))
        by_month = months_of(by_date, as_at, year)
        work.add("budget_months", month_rows(by_month, year, as_at))
        work.told(write_monthly_monitor(monitor, by_month, year, as_at, work.raw))


class _Written:
    """What has been written so far: the files, and the rows that they mean."""

    def __init__(self, raw: Path, progress: Callable[[str], None] | None) -> None:
        self.raw = raw
        self.progress = progress
        self.files: list[Path] = []
        self.frames: dict[str, list[pandas.DataFrame]] = {}

    def add(self, table: str, *frames: pandas.DataFrame) -> None:
        """Rows of a table that a workbook means."""
        self.frames.setdefault(table, []).extend(frames)

    def told(self, path: Path) -> None:
        """A workbook that is finished."""
        self.files.append(path)
        if self.progress is not None:
            self.progress(path.name)

    def truth(self, authority: str) -> Truth:
        """All of it, as one value."""
        tables = {name: pandas.concat(frames, ignore_index=True) for name, frames in self.frames.items()}
        # A frame says whose its rows are where they are of others; the rest are the authority's own.
        ours = {
            name: frame.assign(
                authority=frame["authority"].fillna(authority) if "authority" in frame else authority
            )
            for name, frame in tables.items()
        }
        return Truth(ours, tuple(self.files))


def _same_day(day: datetime.date, year: str) -> datetime.date:
    """The day of that financial year which is so far into it as another day is into its own."""
    passed = day.year - years_first(year_of(day))
    return day.replace(year=years_first(year) + passed)


def _as_at(year: str) -> datetime.date:
    return min(year_end(year), TO_DATE)


def _generator(seed: int, *purpose: str) -> numpy.random.Generator:
    """Chance of its own for each purpose: a change in one part leaves the others as they were."""
    return numpy.random.default_rng([seed, zlib.crc32("/".join(purpose).encode())])
