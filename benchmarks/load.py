"""How many requests a second the deployed server holds, and how its memory moves, beside the plain dashboard's.

Both are served as deploy/ says (gunicorn, two processes of eight threads; waitress where there is no gunicorn), one
after the other in turns, each at rates that rise until it no longer holds. What is asked is `benchmarks.visits`, how it
is sent `benchmarks.arrivals`. No one signs in: the server answers this machine only, and limits no rate.

A rate is *held* when 19 answers in 20 are there in 100 ms (`AIM`), or in a second (`NATIONAL`), and none is wrong or
missing. The two ask differently (a choice is two questions of ours and one of the plain one's), so they are compared by
views: answers that draw a page. The processor's time is that of the server's processes, which a busy machine changes least.
"""

from __future__ import annotations

import importlib.util
import json
import os
import runpy
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import numpy
import polars
import psutil

from benchmarks.arrivals import Answered, answered
from benchmarks.dashboard import percentile
from benchmarks.plain_dashboard import FOLDER
from benchmarks.visits import Question, questions
from hnb.store import Snapshot
from tests.browser.serving import ROOT, ended, environment_of_others, free_port

AIM = 0.1
"""Seconds within which 19 answers in 20 are to be there."""

NATIONAL = 1.0
"""The same that the Department for Education's own services are asked for, at 20 a second."""

SAMPLE_EVERY = 1.0
"""Seconds between two looks at the memory."""

BLOCKS = 8
"""Parts of a soak whose mean memories are compared: looks that follow each other closely say the same."""

_GUNICORN = ROOT / "deploy" / "gunicorn.conf.py"


@dataclass(frozen=True)
class Plan:
    """How long, and at which rates. `soak` is of our server at `soak_rate`; then both rise, each `step` seconds a rate."""

    soak: float
    soak_rate: float
    step: float
    ours: tuple[float, ...]
    plain: tuple[float, ...]


FULL = Plan(300, 50, 30, (50, 100, 150, 200, 250, 300, 400), (2, 4, 6, 8, 10, 15, 20))
SHORT = Plan(30, 50, 10, (50, 100, 150, 200, 300), (2, 4, 6, 8, 12))


@dataclass(frozen=True)
class Drift:
    """Memory of all processes of a server, in MB: at the beginning, at the end, and by the hour in the second half, with its error."""

    first: float
    last: float
    slope: float
    error: float


@dataclass(frozen=True)
class Held:
    """What came of one rate: `who` was asked so many requests a second, and its processes worked so many seconds."""

    who: str
    rate: float
    answers: tuple[Answered, ...]
    drift: Drift
    processor: float

    @property
    def errors(self) -> int:
        """Answers that were wrong or did not come."""
        return sum(bool(one.fault) for one in self.answers)

    @property
    def achieved(self) -> float:
        """Right answers a second, until the last was there."""
        return (len(self.answers) - self.errors) / max(one.due + one.seconds for one in self.answers)

    @property
    def views(self) -> float:
        """Of these, the answers a second that drew a page with its figures."""
        return self.achieved * sum(one.is_view and not one.fault for one in self.answers) / max(len(self.answers) - self.errors, 1)  # fmt: skip

    def seconds(self, share: float, kinds: Sequence[str] = ()) -> float:
        """A percentile of the answers' seconds, of all kinds of questions or of some."""
        return percentile(tuple(one.seconds for one in self.answers if not kinds or one.kind in kinds), share)

    def is_held(self, within: float = AIM) -> bool:
        """Whether 19 answers in 20 came within so many seconds, and every one was right."""
        return not self.errors and self.seconds(0.95) <= within


@dataclass(frozen=True)
class Served:
    """A server that answers, the process whose children it may have, and what it is asked, once each."""

    who: str
    port: int
    process: psutil.Process
    asked: Iterator[Question]

    def held(self, rate: float, seconds: float) -> Held:
        """Ask so many a second for so long, its memory watched meanwhile."""
        wanted = max(int(rate * seconds), 1)
        asked = [next(self.asked) for _ in range(wanted)]
        before = _processor(self.process)
        with _watched(self.process) as memories:
            found = answered(self.port, asked, rate)
        return Held(self.who, rate, tuple(found), drift(memories), _processor(self.process) - before)


def report(folder: Path, plan: Plan) -> list[Held]:
    """Serve both over the snapshot of a folder, ask them in turns, print what came of it, and give it."""
    found: list[Held] = []
    with _ours(folder, plan) as ours, _plain(folder, plan) as plain:
        load = f", load of the machine before: {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
        print(f"\n{'gunicorn' if _has_gunicorn() else 'waitress'}{load}\n")
        print(
            "| who | asked a second | for | answered | views | p50 | p95 | p99 | processor | wrong or missing | memory | by the hour |"
        )
        print("|---|---|---|---|---|---|---|---|---|---|---|---|")
        found.append(_said(ours.held(plan.soak_rate, plan.soak), plan.soak))
        for number in range(max(len(plan.ours), len(plan.plain))):
            for served, rates in ((ours, plan.ours), (plain, plan.plain)):
                before = [one for one in found if one.who == served.who]
                if number < len(rates) and not (before and _is_beyond(before[-1])):
                    found.append(_said(served.held(rates[number], plan.step), plan.step))
    _compare(found)
    return found


def _is_beyond(held: Held) -> bool:
    """Whether more would only make a longer queue."""
    return bool(held.errors) or held.achieved < 0.75 * held.rate


def most_held(found: Sequence[Held], who: str, within: float = AIM) -> Held | None:
    """The highest rate that was held; None where none was."""
    return max(
        (one for one in found if one.who == who and one.is_held(within)),
        key=lambda one: one.rate,
        default=None,
    )


def _said(held: Held, seconds: float) -> Held:
    cells = [
        held.who, f"{held.rate:g}", f"{seconds:g} s", f"{held.achieved:,.1f}", f"{held.views:,.1f}",
        *(f"{held.seconds(share) * 1000:,.0f} ms" for share in (0.5, 0.95, 0.99)),
        f"{held.processor / len(held.answers) * 1000:,.1f} ms", f"{held.errors} of {len(held.answers):,}",
        f"{held.drift.first:,.0f} to {held.drift.last:,.0f} MB", _by_the_hour(held.drift),
    ]  # fmt: skip
    print(f"| {' | '.join(cells)} |", flush=True)
    for fault in sorted({one.fault for one in held.answers if one.fault}):
        kinds = sorted({one.kind for one in held.answers if one.fault == fault})
        print(f"\n{sum(one.fault == fault for one in held.answers):,} × {fault} ({', '.join(kinds)})\n")
    return held


def _by_the_hour(drift: Drift) -> str:
    return "too short" if numpy.isnan(drift.slope) else f"{drift.slope:+,.0f} ± {2 * drift.error:,.0f} MB"


def _compare(found: Sequence[Held]) -> None:
    print("\n| what | ours | the plain dashboard | ratio of views |")
    print("|---|---|---|---|")
    for within in (AIM, NATIONAL):
        held = [most_held(found, who, within) for who in ("ours", "plain")]
        cells = [f"{one.rate:g} a second, {one.views:,.1f} views" if one else "none" for one in held]
        ratio = f"{held[0].views / held[1].views:,.1f}×" if held[0] and held[1] and held[1].views else "–"
        print(f"| most that was held, 95% in {within * 1000:,.0f} ms | {' | '.join(cells)} | {ratio} |")
    most = [max((one.views for one in found if one.who == who), default=0) for who in ("ours", "plain")]
    ratio = f"{most[0] / most[1]:,.1f}×" if most[1] else "–"
    print(f"| most views a second, however late | {most[0]:,.1f} | {most[1]:,.1f} | {ratio} |")


# ------------------------------------------------------------------------------------------ memory


def drift(memories: Sequence[float]) -> Drift:
    """How memory moved, from looks at it once every `SAMPLE_EVERY` seconds.

    The slope is that of a straight line through the means of `BLOCKS` parts of the second half (in the first, what is
    remembered fills up), in MB by the hour, with its standard error from what the means are off the line; both are NaN
    where there are too few looks for three parts.
    """
    whole = numpy.asarray(memories, dtype=float)
    first, last = (float(whole[place]) if len(whole) else float("nan") for place in (0, -1))
    looks = whole[len(whole) // 2 :]
    blocks = min(BLOCKS, len(looks) // 3)
    if blocks < 3:
        return Drift(first, last, float("nan"), float("nan"))
    size = len(looks) // blocks
    means = looks[len(looks) - blocks * size :].reshape(blocks, size).mean(axis=1)
    hours = numpy.arange(blocks) * size * SAMPLE_EVERY / 3600
    slope, level = numpy.polyfit(hours, means, 1)
    off = means - (slope * hours + level)
    error = numpy.sqrt((off @ off) / (blocks - 2) / ((hours - hours.mean()) ** 2).sum())
    return Drift(first, last, float(slope), float(error))


def _processor(process: psutil.Process) -> float:
    """Seconds that a process and its children have worked."""
    return sum(sum(one.cpu_times()[:2]) for one in (process, *process.children(recursive=True)))


@contextmanager
def _watched(process: psutil.Process) -> Iterator[list[float]]:
    """The memory of a process and its children, looked at until the body ends."""
    looks: list[float] = []
    ended = threading.Event()

    def watch() -> None:
        while True:
            everybody = [process, *process.children(recursive=True)]
            looks.append(sum(one.memory_info().rss for one in everybody) / 1e6)
            if ended.wait(SAMPLE_EVERY):
                return

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield looks
    finally:
        ended.set()
        thread.join()


# ----------------------------------------------------------------------------------------- serving


@contextmanager
def _ours(folder: Path, plan: Plan) -> Iterator[Served]:
    port = free_port()
    if _has_gunicorn():
        command = ["gunicorn", "--config", str(_GUNICORN)]
    else:
        command = ["dashboard", "--port", str(port), "--processed", str(folder)]
    settings = {"HNB_PORT": str(port), "HNB_PROCESSED_FOLDER": str(folder)}
    most = int(plan.soak * plan.soak_rate + plan.step * sum(plan.ours)) + 2
    with _serving("ours", command, settings, port, folder, most) as served:
        yield served


@contextmanager
def _plain(folder: Path, plan: Plan) -> Iterator[Served]:
    port = free_port()
    settings = {FOLDER: str(folder / "snapshots" / Snapshot.open(folder).id)}
    if _has_gunicorn():
        deployed = runpy.run_path(str(_GUNICORN))
        numbers = [f"--{name.replace('_', '-')}={deployed[name]}" for name in ("workers", "worker_class", "threads", "timeout")]  # fmt: skip
        command = ["gunicorn", f"--bind=127.0.0.1:{port}", *numbers, "--log-level=warning", "benchmarks.plain_dashboard:application()"]  # fmt: skip
    else:
        command = ["benchmarks.plain_dashboard", str(port)]
    with _serving("plain", command, settings, port, folder, int(plan.step * sum(plan.plain)) + 2) as served:
        yield served


def _has_gunicorn() -> bool:
    return os.name != "nt" and importlib.util.find_spec("gunicorn") is not None


@contextmanager
def _serving(
    who: str, command: Sequence[str], settings: dict[str, str], port: int, folder: Path, most: int
) -> Iterator[Served]:
    """The server of a module's command while the body runs, once it answers."""
    process = subprocess.Popen(
        [sys.executable, "-m", *command], cwd=ROOT, env=environment_of_others() | settings,
        stdout=subprocess.DEVNULL, stderr=None,
    )  # fmt: skip
    with ended(process):
        callbacks = json.loads(_first_answer(port, process))
        spend = Snapshot.open(folder).table("spend")
        authority = spend["authority"].mode()[0]
        asked = iter(questions(spend.filter(polars.col("authority") == authority), callbacks, most))
        yield Served(who, port, psutil.Process(process.pid), asked)


def _first_answer(port: int, process: subprocess.Popen[bytes]) -> bytes:
    """What the server's callbacks are, when it answers and has had time to draw its pages once in each process."""
    until = time.monotonic() + 120
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with {process.returncode}")
        try:
            with urlopen(f"http://127.0.0.1:{port}/_dash-dependencies", timeout=20) as answer:
                found: bytes = answer.read()
            _settled(psutil.Process(process.pid))
            return found
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
    raise RuntimeError("the server did not answer within two minutes")


def _settled(process: psutil.Process) -> None:
    """Wait until the server's processes have nothing to do, a minute at most."""
    before = -1.0
    for _ in range(60):
        now = _processor(process)
        if now - before < 0.1:
            return
        before = now
        time.sleep(1)
