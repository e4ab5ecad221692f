"""What becomes of a mutant: the file is built alone and its totals are held against those of the sound file.

As a command it makes as many trials as it is told and prints the figures: ``python -m tests.etl.mutant_trials 2000``.
"""

from __future__ import annotations

import datetime
import io
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import openpyxl
import pandas

from etl.layout import Layout
from etl.layout_language import all_layouts, read_layout
from etl.pipeline import Report, build
from hnb.configuration import Configuration
from hnb.errors import HnbError
from hnb.tables import TABLES
from tests.etl.mutants import Mutant, NotPossibleError, Subject, mutant, rewritten

NOW = datetime.datetime(2026, 11, 23, 21, 0, tzinfo=datetime.UTC)
KEY = b"k" * 32
MOST_SECONDS = 60  # the longest of any, on a machine that others use too, is a tenth of it
TOLERANCE = 0.011  # pounds: what two sums may differ by and be the same

Verdict = Literal["same", "told", "change", "silent", "traceback", "hang"]
"""same: the totals are as before. told: a problem about the file says what is wrong. change: another figure or
name on a sheet that cannot know better, shown by what changed since the last load. silent: other totals, and no word."""

Totals = Mapping[tuple[str, ...], float]


@dataclass(frozen=True)
class Known:
    """A subject with its layouts, what its sound file gives, and how often each kind of problem it has.

    `with_totals` are the tables whose sheets print totals.
    """

    subject: Subject
    layouts: tuple[Layout, ...]
    totals: Totals
    problems: Counter[str]
    with_totals: frozenset[str]
    processed: Path


@dataclass(frozen=True)
class Trial:
    """One mutant and what became of it. `again` names what makes it again."""

    again: str
    mutant: Mutant
    verdict: Verdict
    seconds: float
    detail: str = ""


def known(subject: Subject, folder: Path) -> Known:
    """Builds and publishes the sound file, which every mutant of it is then a later load of."""
    layouts = tuple(read_layout(path.read_text("utf-8"), path.name) for path in subject.layouts) or tuple(
        all_layouts()
    )
    raw, processed = folder / "sound", folder / "processed"
    raw.mkdir(parents=True)
    (raw / subject.name).write_bytes(subject.data)
    report = _built(raw, processed, layouts, publishing=True)
    if report.refusals or report.snapshot is None:
        raise ValueError(
            f"{subject.name} is not sound: {[problem.sentence() for problem in report.problems[:3]]}"
        )
    with_totals = frozenset(
        name for sheet in report.sheets if sheet.totals_printed for name in sheet.tables.split(", ")
    )
    return Known(
        subject, layouts, totals(report), Counter(p.what for p in report.problems), with_totals, processed
    )


def _built(raw: Path, processed: Path, layouts: tuple[Layout, ...], *, publishing: bool = False) -> Report:
    return build(raw, processed, Configuration(reading_processes=1), pupil_key=KEY, now=NOW, code_version="mutants", layouts=layouts,
                 corrections=[], publishing=publishing, accept_problems=publishing, anew=True)  # fmt: skip


def totals(report: Report) -> Totals:
    """For each table that was brought, year and kind of money: the sum of every numeric column, or the rows where there is none."""
    found: dict[tuple[str, ...], float] = {}
    for name, frame in report.tables.items():
        table = TABLES[name]
        if table.derived_from or "source" not in table.names:
            continue
        by = [
            c.name
            for c in table.columns
            if c.name in frame
            and (c.kind == "year" or c.name in {"money", "measure", "kind", "line", "line_group"})
        ]
        numeric = [
            c.name
            for c in table.columns
            if c.kind in {"pounds", "number", "count", "share"} and c.name in frame
        ]
        keys = (
            frame[by].astype("string").fillna("").agg(" ".join, axis=1)
            if by
            else pandas.Series("", index=frame.index)
        )
        sums = frame[numeric].astype("float64").groupby(keys).sum()
        if not numeric:
            found |= {(name, str(key), "rows"): float(count) for key, count in keys.value_counts().items()}
        for column in numeric:
            found |= {(name, str(key), column): float(value) for key, value in sums[column].items()}
    return found


def differences(before: Totals, now: Totals) -> list[str]:
    """Which totals are not as before, as words for a person."""
    return [
        f"{' '.join(key)}: {before.get(key, 0.0):,.2f} → {now.get(key, 0.0):,.2f}"
        for key in sorted({*before, *now})
        if abs(before.get(key, 0.0) - now.get(key, 0.0)) > TOLERANCE
    ]


def trial(one: Known, seed: int, folder: Path) -> Trial:
    """Makes the mutant of a seed, builds it, and judges what became of its totals."""
    made = mutant(one.subject, seed)
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / one.subject.name
    file.write_bytes(made.data)
    again = f"{one.subject.name} seed {seed}: {made.level.strip()} {made.change}"
    began = time.monotonic()
    try:
        with _bounded():
            report = _built(folder, one.processed, one.layouts)
    except TimeoutError:
        return Trial(again, made, "hang", time.monotonic() - began)
    except HnbError as error:
        return Trial(again, made, "told", time.monotonic() - began, str(error))
    except Exception:  # noqa: BLE001 (whatever it is, it is what this looks for)
        return Trial(again, made, "traceback", time.monotonic() - began, traceback.format_exc(limit=-6))
    finally:
        file.unlink()
    seconds = time.monotonic() - began
    found = Counter(problem.what for problem in report.problems if problem.where.startswith(one.subject.name))
    told = [what for what, count in found.items() if count > one.problems[what]]
    other = differences(one.totals, totals(report))
    if not other:
        return Trial(again, made, "same", seconds, ", ".join(told))
    if told or any(problem.severity == "refusal" for problem in report.problems):
        return Trial(again, made, "told", seconds, ", ".join(told))
    alone = one.subject.unguarded
    tables = {detail.split()[0] for detail in other if not any(code in detail for code in alone)}
    is_evident = made.meaning == "label" or (made.meaning == "figure" and not tables & one.with_totals)
    if is_evident and _shows(report):
        return Trial(again, made, "change", seconds, "; ".join(other[:3]))
    return Trial(again, made, "silent", seconds, "; ".join(other[:6]))


def _shows(report: Report) -> bool:
    """Whether the table of changes since the last load shows that anything is not as it was."""
    changes = report.tables.get("load_changes")
    if changes is None or not len(changes):
        return False
    counted = ["rows_new", "rows_changed", "rows_vanished"]
    return bool((changes[counted].fillna(0).sum(axis=1) > 0).any())


@contextmanager
def _bounded() -> Iterator[None]:
    """TimeoutError when it takes too long; without a limit where there are no alarms (Windows)."""
    if not hasattr(signal, "SIGALRM"):
        yield
        return

    def late(*_: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(MOST_SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def subjects(sample: Path, zoo: Path, published: Path | None, every: int = 1) -> list[Subject]:
    """The sound files: of the sample, of the zoo (every so many of those with a layout by hand), and of the published files."""
    found = [
        Subject(name, rewritten((sample / name).read_bytes()))
        for name in (
            "budget_monitor_2026-27_P05.xlsx",
            "budget_outturn_2024-25.xlsx",
            "funding_and_balance.xlsx",
            "recommendations_register.xlsx",
        )
    ]
    found += [
        Subject(f"as_written_{name}", (sample / name).read_bytes())
        for name in ("budget_monitor_2026-27_P05.xlsx",)
    ]
    found.append(
        Subject(
            "placement_register_2019-20.xlsx",
            _short_register((sample / "placement_register_2019-20.xlsx").read_bytes()),
        )
    )
    by_hand = Path(__file__).parent / "zoo_layouts"
    animals = [
        (path, by_hand / f"{path.parent.name}.toml")
        for path in sorted(zoo.rglob("*"))
        if path.suffix in {".xlsx", ".csv", ".xls"} and (by_hand / f"{path.parent.name}.toml").exists()
    ]
    found += [Subject(path.name, path.read_bytes(), (layout,)) for path, layout in animals[::every]]
    if published is not None:
        name = "dsg_cumulative_balance_pct_2019-20_to_2021-22.xlsx"
        found.append(Subject(name, (published / name).read_bytes()))
        name = "s251_high_needs_benchmark_2021-22_budget_and_outturn.xlsx"
        alone = ("ap_services", "hospital_services", "sen_support_and_inclusion", "therapies")
        found.append(Subject(name, (published / name).read_bytes(), unguarded=alone))
        payments = (
            (published / "sutton_spend_over_500" / "sutton_2023_12.csv")
            .read_bytes()
            .splitlines(keepends=True)
        )
        found.append(Subject("sutton_2023_12.csv", b"".join(payments[:400])))
        name = "dsg_allocations_2022-23_2023_07_20.ods"
        found.append(Subject(name, (published / name).read_bytes()))
    return found


def _short_register(data: bytes) -> bytes:
    """The first rows of a register: enough for every kind of column, few enough for two thousand builds."""
    book = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    sheet = book.worksheets[0]
    rows = list(sheet.iter_rows(values_only=True))
    last = next(number for number, row in enumerate(rows, start=1) if row[0] == "Total")
    for column, value in enumerate(rows[last - 1], start=1):
        if isinstance(value, (int, float)):
            figures = [row[column - 1] for row in rows[4:60]]
            sheet.cell(last, column).value = round(sum(f for f in figures if isinstance(f, (int, float))), 2)
    sheet.delete_rows(61, last - 61)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def knowns(found: list[Subject], folder: Path) -> list[Known]:
    """The subjects that are sound; one that is not is said and left out."""
    sound = []
    for subject in found:
        try:
            sound.append(known(subject, folder / f"{len(sound)}_{subject.name}"))
        except (ValueError, HnbError) as error:
            sys.stderr.write(f"left out: {str(error)[:300]}\n")
    return sound


def say(words: str) -> None:
    """A line for who runs the command."""
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def main(count: int, first: int = 0) -> None:
    """So many trials over all subjects, from a first seed on, and the figures."""
    from etl.sample import write_sample
    from etl.sample.zoo import write_zoo

    shared = Path(__file__).resolve().parents[3] / "shared" / "data" / "published"
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        write_sample(folder / "sample")
        write_zoo(folder / "zoo")
        sound = knowns(
            subjects(folder / "sample", folder / "zoo", shared if shared.is_dir() else None), folder / "known"
        )
        say(
            f"{len(sound)} subjects: "
            + ", ".join(f"{one.subject.name}{' (totals)' * bool(one.with_totals)}" for one in sound)
        )
        verdicts: Counter[tuple[str, str]] = Counter()
        slowest = 0.0
        for seed in range(first, first + count):
            one = sound[seed % len(sound)]
            try:
                tried = trial(one, seed, folder / "trial")
            except NotPossibleError:
                continue
            verdicts[tried.mutant.level.strip(), tried.verdict] += 1
            slowest = max(slowest, tried.seconds)
            if tried.verdict in {"silent", "traceback", "hang"}:
                say(f"{tried.verdict}: {tried.again}\n    {tried.detail}")
        say(f"{sum(verdicts.values())} mutants, the slowest took {slowest:.1f} s")
        for (level, verdict), number in sorted(verdicts.items()):
            say(f"{level:6} {verdict:10} {number:5}")


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:] or ("200",)))
