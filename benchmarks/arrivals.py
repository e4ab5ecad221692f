"""A stream of requests that does not wait for answers, from a process of its own, bounded in number and in time.

Requests are due at moments drawn beforehand (people do not wait for each other, so the gaps are exponential), and an
answer's time is counted from when its request was due, not from when there was a hand free to send it: a server that
stands still for a second is late for everything due in that second (no *coordinated omission*).
"""

from __future__ import annotations

import http.client
import multiprocessing
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import brotli
import numpy

from benchmarks.visits import Question

CONNECTIONS = 96
"""Requests that can be under way at once. Where there are more, the others wait, and their waiting counts."""

PATIENCE = 20.0
"""Seconds after which a request is given up, and within which the stream ends after its last is due."""


@dataclass(frozen=True)
class Answered:
    """One request: when it was due, in seconds from the first; seconds until its answer was whole; and what was wrong."""

    kind: str
    is_view: bool
    due: float
    seconds: float
    fault: str = ""


def answered(port: int, asked: Sequence[Question], rate: float) -> list[Answered]:
    """Send every question at its moment, so many a second on average, and give what came of each, in order.

    Runs in a process of its own. It ends by itself: at the latest `PATIENCE` seconds after the last is due.
    """
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=_run, args=(there, port, list(asked), rate), daemon=True)
    process.start()
    there.close()
    found: list[Answered] = here.recv()
    process.join()
    return found


def _run(there: object, port: int, asked: list[Question], rate: float) -> None:
    there.send(_sent(port, asked, rate))  # type: ignore[attr-defined]


def _sent(port: int, asked: list[Question], rate: float) -> list[Answered]:
    gaps = numpy.random.default_rng(len(asked)).exponential(1 / rate, len(asked))
    due = (gaps.cumsum() - gaps[0]).tolist()
    found: list[Answered | None] = [None] * len(asked)
    waiting: Iterator[int] = iter(range(len(asked)))
    one_at_a_time = threading.Lock()
    began = time.perf_counter() + 0.5
    last = began + due[-1] + PATIENCE

    def send() -> None:
        while True:
            with one_at_a_time:
                number = next(waiting, None)
            if number is None:
                return
            moment = began + due[number]
            time.sleep(max(moment - time.perf_counter(), 0))
            left = last - time.perf_counter()
            fault = _fault(port, asked[number], min(PATIENCE, left)) if left > 0 else "not sent in time"
            found[number] = Answered(
                asked[number].kind, asked[number].is_view, due[number], time.perf_counter() - moment, fault
            )

    threads = [threading.Thread(target=send, daemon=True) for _ in range(min(CONNECTIONS, len(asked)))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [one for one in found if one is not None]


def _fault(port: int, question: Question, patience: float) -> str:
    """Ask, on a connection of its own, and say what is wrong with the answer; "" when it is as it must be."""
    address = f"http://127.0.0.1:{port}"
    headers = {"Accept-Encoding": "br", "Connection": "close"}
    if question.referer:
        headers["Referer"] = address + question.referer
    if question.body:
        headers |= {"Content-Type": "application/json", "Origin": address}
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=max(patience, 0.01))
    try:
        connection.request("POST" if question.body else "GET", question.path, question.body or None, headers)
        answer = connection.getresponse()
        content = answer.read()
        if answer.status != 200:
            return f"answered with {answer.status}"
        if answer.headers.get("Content-Encoding") == "br":
            content = brotli.decompress(content)
        return "" if question.holds.encode() in content else f"without {question.holds}"
    except (OSError, http.client.HTTPException) as error:
        return type(error).__name__
    finally:
        connection.close()
