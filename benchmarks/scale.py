"""What a country costs: sets of more and more authorities, built, and asked by each engine in a process of its own.

Every authority has twelve years of registers like the sample's, from which its months are derived as a build derives
them; 150 of them have some 20 million placement-months. Nobody real is in it. Memory is read from Linux's /proc.
"""

from __future__ import annotations

import multiprocessing
import os
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import polars
from polars.testing import assert_frame_equal

from hnb import years
from hnb.errors import HnbError
from hnb.metrics import MEASURES, Measure, Tables, compute
from hnb.partitions import CONTENTS, PartitionWriter, SparkPartitions, StreamedPartitions, contents
from hnb.placement_months import placement_months
from hnb.placement_sums import placement_sums
from hnb.selection import Selection
from hnb.store import Snapshot
from hnb.tables import TABLES

SIZES = (2, 15, 150)
"""Authorities of the sets: some 0.27, 2 and 20 million placement-months."""

YEARS = years.year_range("2015-16", "2026-27")
PLACEMENTS = 1_160
"""Placements of an authority's register of one year."""

REPEATS = 3

_ROWS_COST = replace(
    MEASURES["placement_cost"], name="rows_cost", table="placement_months", count="", status_when={}
)
"""Cost summed over every placement-month by itself: the longest table there is."""

QUESTIONS: dict[str, tuple[Measure, Selection, tuple[str, ...]]] = {
    "country: cost of every placement-month, year × setting": (
        _ROWS_COST, Selection(), ("financial_year", "setting"),
    ),
    "country: cost by month's sums, year × setting × need": (
        MEASURES["placement_cost"], Selection(), ("financial_year", "setting", "need"),
    ),
    "country: placements on the 15th of each month": (
        MEASURES["month_placements"], Selection(), ("financial_year", "month"),
    ),
    "one authority: cost of every placement-month, year × setting × need": (
        _ROWS_COST, Selection(authority="E09000030"), ("financial_year", "setting", "need"),
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """One engine over one set: seconds to open it, of each question at first, again by the clock and again of the
    processor; the answers; and the most memory held, in MB."""

    opened: float
    first: dict[str, float]
    again: dict[str, float]
    processor: dict[str, float]
    answers: dict[str, polars.DataFrame]


# -------------------------------------------------------------------------------------- building


def build(processed: Path, folder: Path, authorities: int) -> float:
    """A set of so many authorities, one after another; gives the seconds it took."""
    began = time.perf_counter()
    register = Snapshot.open(processed).table("placements")
    writer = PartitionWriter(folder)
    for place in range(authorities):
        placements = TABLES["placements"].conform(_registers(register, place).to_pandas())
        months = placement_months(placements)
        writer.add("placement_months", Tables({"placement_months": months}).table("placement_months"))
        sums = placement_sums(placements, months)
        writer.add("placement_sums", Tables({"placement_sums": sums}).table("placement_sums"))
    writer.finish()
    return time.perf_counter() - began


def _registers(register: polars.DataFrame, place: int) -> polars.DataFrame:
    """An authority's registers of twelve years, drawn from the sample's; earlier years are four years before another."""
    drawn = []
    for number, year in enumerate(YEARS):
        is_there = year in register["financial_year"]
        of_year = year if is_there else years.written(years.first_of(year) + 4)
        rows = register.filter(polars.col("financial_year") == of_year).sample(
            PLACEMENTS, with_replacement=True, seed=place * len(YEARS) + number
        )
        dates = polars.col("register_as_at", "start_on", "end_on")
        drawn.append(
            rows.with_columns(
                dates if is_there else dates.dt.offset_by("-4y"),
                authority=polars.lit(f"E0{9_000_029 + place}"),
                financial_year=polars.lit(year),
                placement_id=polars.concat_str(polars.lit(f"P{number}-"), polars.int_range(PLACEMENTS)),
                pupil_id=polars.concat_str(polars.lit(f"{place}-{number}-"), polars.int_range(PLACEMENTS)),
                provider=polars.concat_str("provider", polars.lit(f" {place}")),
                annual_cost=(polars.col("annual_cost") * (0.8 + place % 40 / 100)).round(2),
            )
        )
    return polars.concat(drawn)


# ---------------------------------------------------------------------------------------- asking


def embedded(folder: Path) -> Tables:
    """The set's tables whole, in memory."""
    streamed = StreamedPartitions(folder)
    return Tables({name: streamed.table(name).collect() for name in contents(folder)})


ENGINES: dict[str, Callable[[Path], Any]] = {
    "embedded": embedded,
    "streaming": StreamedPartitions,
    "spark": SparkPartitions,
}


def asked(engine: str, folder: Path) -> Asked:
    """Every question of a set, by one engine."""
    began = time.perf_counter()
    tables = ENGINES[engine](folder)
    for name in contents(folder):
        tables.table(name)
    opened = time.perf_counter() - began
    found = Asked(opened, {}, {}, {}, {})
    for words, (measure, selection, by) in QUESTIONS.items():
        times, taken = [], []
        for _ in range(1 + REPEATS):
            before, began = _processor_seconds(), time.perf_counter()
            found.answers[words] = compute(measure, tables, selection, by)
            times.append(time.perf_counter() - began)
            taken.append(_processor_seconds() - before)
        found.first[words], found.again[words] = times[0], statistics.median(times[1:])
        found.processor[words] = statistics.median(taken[1:])
    return found


def in_process(work: Callable[..., Any], *arguments: Any) -> tuple[Any, float]:
    """What work gives in a fresh process, and the peak memory in MB of that process and those it began.

    Raises HnbError as the work does.
    """
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=_run, args=(there, work, arguments))
    process.start()
    there.close()
    try:
        result, peak = here.recv()
    except EOFError as error:
        raise RuntimeError(f"{work.__name__} did not finish") from error
    process.join()
    if isinstance(result, HnbError):
        raise result
    return result, peak


def _run(there: Connection, work: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    try:
        result = work(*arguments)
    except HnbError as error:
        result = error
    there.send((result, _peak_mb()))
    there.close()


def _peak_mb() -> float:
    """The most memory that this process and those it began have held, each at its own moment."""
    found = 0.0
    for folder in _family():
        lines = (folder / "status").read_text().splitlines()
        found += sum(float(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))
    return found


def _processor_seconds() -> float:
    """What this process and those it began have taken of all cores together."""
    ticks = 0
    for folder in _family():
        after_name = (folder / "stat").read_text().rpartition(")")[2].split()
        ticks += int(after_name[11]) + int(after_name[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def _family() -> list[Path]:
    """The folders in /proc of this process and of those that it began and that still run."""
    family, found = [], [Path("/proc", str(os.getpid()))]
    while found:
        family += found
        found = [
            Path("/proc", child)
            for folder in found
            for task in folder.glob("task/*/children")
            for child in task.read_text().split()
        ]
    return family


# ------------------------------------------------------------------------------------- reporting


def report(processed: Path, folder: Path, sizes: tuple[int, ...] = SIZES) -> None:
    """Build each set that is not in the folder yet, ask it by every engine, and print what that took."""
    print("| authorities | placement-months | rows of sums | files | on disk, MB | build | memory, MB |")
    print("|---|---|---|---|---|---|---|", flush=True)
    for size in sizes:
        place, took = folder / f"{size}-authorities", "made before | –"
        if not (place / CONTENTS).is_file():
            seconds, peak = in_process(build, processed, place, size)
            took = f"{seconds:,.0f} s | {peak:,.0f}"
        rows = [contents(place)[name]["rows"] for name in ("placement_months", "placement_sums")]
        files = [path.stat().st_size for path in place.rglob("*.parquet")]
        print(f"| {size} | {rows[0]:,} | {rows[1]:,} | {len(files):,} | {sum(files) / 1e6:,.0f} | {took} |", flush=True)  # fmt: skip
    print(
        "\n| engine | authorities | opened, s | memory, MB | question | first, s | again, s | of the processor, s |"
    )
    print("|---|---|---|---|---|---|---|---|", flush=True)
    for size in sizes:
        answers: dict[str, polars.DataFrame] = {}
        for engine in ENGINES:
            try:
                found, peak = in_process(asked, engine, folder / f"{size}-authorities")
            except HnbError as missing:
                print(f"{engine} was not measured. {missing}", file=sys.stderr)
                continue
            for words, again in found.again.items():
                print(
                    f"| {engine} | {size} | {found.opened:,.2f} | {peak:,.0f} | {words} "
                    f"| {found.first[words]:,.2f} | {again:,.2f} | {found.processor[words]:,.2f} |",
                    flush=True,
                )
                # The engines add up in different orders; to the penny it is the same.
                assert_frame_equal(found.answers[words], answers.setdefault(words, found.answers[words]), rel_tol=0, abs_tol=0.005)  # fmt: skip
