"""Times and peak memory of two ways of doing the same thing, each in a process of its own.

A ratio taken in one run on one machine is what counts; the seconds beside it are only of that day.
"""

from __future__ import annotations

import atexit
import multiprocessing
import resource
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any


@dataclass(frozen=True)
class Cost:
    """What one way of doing it took: median seconds of wall clock, and the peak memory in MB of its
    process and of its largest child together."""

    seconds: float
    peak_mb: float
    result: Any


def cost(
    work: Callable[..., Any], *arguments: Any, repeats: int = 3, setup: Callable[..., Any] | None = None
) -> Cost:
    """Run `work(*arguments)` in a fresh process, `repeats` times, after one run that is not counted.

    `setup(*arguments)` is run first and not timed; what it gives is then the only argument of `work`.
    """
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=_run, args=(there, work, arguments, repeats, setup))
    process.start()
    there.close()
    try:
        seconds, peak, result = here.recv()
    except EOFError as error:
        raise RuntimeError(f"{work.__name__} did not finish") from error
    process.join()
    return Cost(seconds, peak, result)


def _run(
    there: Connection,
    work: Callable[..., Any],
    arguments: tuple[Any, ...],
    repeats: int,
    setup: Callable[..., Any] | None,
) -> None:
    if setup is not None:
        arguments = (setup(*arguments),)
    result = work(*arguments)
    times = []
    for _ in range(repeats):
        began = time.perf_counter()
        work(*arguments)
        times.append(time.perf_counter() - began)
    atexit._run_exitfuncs()  # ends what the work keeps running: a child that has not ended is not counted
    unit = 1024 * 1024 if sys.platform == "darwin" else 1024
    peaks = (
        resource.getrusage(who).ru_maxrss / unit for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    there.send((statistics.median(times), sum(peaks), result))
    there.close()


@dataclass(frozen=True)
class Comparison:
    """Two ways of the same work, measured in one run. `shows` names what their results say."""

    what: str
    ours: Cost
    plain: Cost
    shows: str

    @property
    def times_faster(self) -> float:
        """How many times faster ours is; below one where it is slower."""
        return self.plain.seconds / self.ours.seconds

    @property
    def times_smaller(self) -> float:
        """How many times less memory ours takes at its peak."""
        return self.plain.peak_mb / self.ours.peak_mb


def compare(
    what: str,
    ours: Callable[..., Any],
    plain: Callable[..., Any],
    *arguments: Any,
    shows: str,
    setup_ours: Callable[..., Any] | None = None,
    setup_plain: Callable[..., Any] | None = None,
    repeats: int = 3,
) -> Comparison:
    """Measure both ways on the same arguments, one after the other."""
    return Comparison(
        what,
        cost(ours, *arguments, repeats=repeats, setup=setup_ours),
        cost(plain, *arguments, repeats=repeats, setup=setup_plain),
        shows,
    )
