"""From the address to the first chart, in a browser: opened for the first time, again, and once it is a habit.

A browser keeps a file's compiled form only when it was opened a few times and stood for some seconds, so that the
third state is what somebody has who uses the dashboard, and the first what a colleague has who follows a link.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.request import Request, urlopen

import brotli
from playwright.sync_api import CDPSession, Page

from tests.browser import chromium
from tests.browser.serving import ROOT, served

PATHS = (
    "/",
    "/spend",
    "/budget",
    "/placements",
    "/unit-costs",
    "/changed",
    "/balance",
    "/compare",
    "/reconcile",
)
REPEATS = 3
"""New profiles that each page is opened in."""

STATES = ("cold", "again", "by habit")
STAY = 3_000
"""Milliseconds that a page stands before it is opened again: the browser writes down what it compiled by then."""

# The moment, since the navigation began, at which a chart first had marks; asked at every frame that is drawn.
_WATCH = """
(function look() {
  if (document.querySelector("main .js-plotly-plot .main-svg")) window.firstChart = performance.now();
  else requestAnimationFrame(look);
})();
"""


@dataclass(frozen=True)
class FirstChart:
    """One page in one of `STATES`: median and least seconds to its first chart, the processor's seconds of the browser's
    main thread until the whole page stands, and the layout's bytes as they are sent."""

    path: str
    state: str
    seconds: float
    least: float
    processor: float
    layout_bytes: int


def first_charts(processed: Path, paths: tuple[str, ...] = PATHS) -> list[FirstChart]:
    """Each page in each state, over a folder of snapshots. NoBrowserError without a browser."""
    found = []
    with served(processed) as address:
        for path in paths:
            urlopen(address + path, timeout=30).close()  # noqa: S310 (our own)
            layout = _layout_bytes(address, address + path)
            times: dict[str, list[tuple[float, float]]] = {state: [] for state in STATES}
            for _ in range(REPEATS):
                for state, time in zip(STATES, _in_a_new_profile(address + path), strict=True):
                    times[state].append(time)
            for state, measured in times.items():
                charts, processor = zip(*measured, strict=True)
                found.append(
                    FirstChart(
                        path,
                        state,
                        statistics.median(charts),
                        min(charts),
                        statistics.median(processor),
                        layout,
                    )
                )
    return found


def _in_a_new_profile(address: str) -> list[tuple[float, float]]:
    """Seconds to the first chart, and of the main thread, at the first, the second and the fourth opening."""
    with chromium.profile(viewport={"width": 1280, "height": 900}, reduced_motion="reduce") as context:
        context.add_init_script(_WATCH)
        page = context.pages[0]
        session = context.new_cdp_session(page)
        session.send("Performance.enable", {"timeDomain": "threadTicks"})
        opened = []
        for _ in range(4):
            opened.append(_first_chart(page, session, address))
            page.wait_for_timeout(STAY)
    return [opened[0], opened[1], opened[3]]


def _first_chart(page: Page, session: CDPSession, address: str) -> tuple[float, float]:
    page.goto("about:blank")
    before = _main_thread(session)
    page.goto(address)
    page.wait_for_selector("main .js-plotly-plot .main-svg", state="attached")
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(
        200
    )  # the frame that notes it; a policy against eval keeps us from waiting for that
    return float(page.evaluate("window.firstChart")) / 1000, _main_thread(session) - before


def _main_thread(session: CDPSession) -> float:
    metrics = session.send("Performance.getMetrics")["metrics"]
    return float(next(one["value"] for one in metrics if one["name"] == "TaskDuration"))


def _layout_bytes(address: str, referer: str) -> int:
    """Bytes of the layout's answer under brotli, which is what a browser is sent."""
    headers = {"Accept-Encoding": "br"} | ({"Referer": referer} if referer else {})
    with urlopen(Request(f"{address}/_dash-layout", headers=headers), timeout=30) as answer:  # noqa: S310 (our own)
        body = answer.read()
    assert brotli.decompress(body)
    return len(body)


@contextmanager
def sample() -> Iterator[Path]:
    """The generated workbooks, built, as `make demo` has them; gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        raw, processed = Path(folder, "raw"), Path(folder, "processed")
        for command in (
            ["sample", "--raw", raw],
            ["build", "--raw", raw, "--processed", processed],
        ):
            subprocess.run([sys.executable, "-m", "etl", *command], cwd=ROOT, check=True, capture_output=True)
        yield processed
