"""Times and peak memory of two ways of doing the same thing, each in a process of its own.

A ratio taken in one run on one machine is what counts; the seconds beside it are only of that day.
"""

from __future__ import annotations

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
    """What one way of doing it took: median seconds of wall clock, and the peak memory of its process in MB."""

    seconds: float
    peak_mb: float
    result: Any


def cost(work: Callable[..., Any], *arguments: Any, repeats: int = 3, setup: Callable[..., Any] | None = None) -> Cost:
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
    there: Connection, work: Callable[..., Any], arguments: tuple[Any, ...], repeats: int, setup: Callable[..., Any] | None
) -> None:
    if setup is not None:
        arguments = (setup(*arguments),)
    result = work(*arguments)
    times = []
    for _ in range(repeats):
        began = time.perf_counter()
        work(*arguments)
        times.append(time.perf_counter() - began)
    unit = 1024 * 1024 if sys.platform == "darwin" else 1024
    there.send((statistics.median(times), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit, result))
    there.close()
