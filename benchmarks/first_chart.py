"""From the address to the first chart, in a browser: the figures in the first layout against a second question.

Without a Referer the dashboard draws a page as Dash has it, by its router after the layout, so the plain way is
the same server asked by a browser that keeps the Referer to itself.
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
from playwright.sync_api import Browser, Page

from tests.browser import chromium
from tests.browser.serving import ROOT, served
from tests.browser.watching import KEEP_REFERER

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
REPEATS = 6

# The moment, since the navigation began, at which a chart first had marks; asked at every frame that is drawn.
_WATCH = """
(function look() {
  if (document.querySelector("main .js-plotly-plot .main-svg")) window.firstChart = performance.now();
  else requestAnimationFrame(look);
})();
"""


@dataclass(frozen=True)
class FirstChart:
    """One page opened both ways: median seconds to its first chart, and the layout's bytes as they are sent."""

    path: str
    state: str
    ours: float
    plain: float
    ours_bytes: int
    plain_bytes: int

    @property
    def times_faster(self) -> float:
        """How many times sooner the chart stands; below one where it is later."""
        return self.plain / self.ours


def first_charts(processed: Path) -> list[FirstChart]:
    """Each page with nothing kept by the browser (cold) and with its files kept (warm), over a folder of snapshots.

    The two ways take turns, so that a busy moment of the machine falls on both. NoBrowserError without a browser.
    """
    found = []
    with chromium.opened() as browser, served(processed) as address:
        for path in PATHS:
            _seconds(
                browser, address + path, referer=True
            )  # the server's own first time is not the browser's
            sizes = [_layout_bytes(address, address + path if referer else "") for referer in (True, False)]
            times: dict[tuple[str, bool], list[float]] = {}
            for turn in range(REPEATS):
                # Whoever is first after another browser was closed is slower, so each is first in turn.
                for referer in (turn % 2 == 0, turn % 2 == 1):
                    cold, warm = _seconds(browser, address + path, referer=referer)
                    times.setdefault(("cold", referer), []).append(cold)
                    times.setdefault(("warm", referer), []).append(warm)
            for state in ("cold", "warm"):
                ours, plain = (statistics.median(times[state, referer]) for referer in (True, False))
                found.append(FirstChart(path, state, ours, plain, *sizes))
    return found


def _seconds(browser: Browser, address: str, *, referer: bool) -> tuple[float, float]:
    """Seconds to the first chart in a fresh profile, and again when that has kept the files."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    try:
        context.add_init_script(_WATCH)
        if not referer:
            context.add_init_script(KEEP_REFERER)
        page = context.new_page()
        return _first_chart(page, address), _first_chart(page, address)
    finally:
        context.close()


def _first_chart(page: Page, address: str) -> float:
    page.goto("about:blank")
    page.goto(address)
    page.wait_for_selector("main .js-plotly-plot .main-svg", state="attached")
    page.wait_for_timeout(
        100
    )  # the frame that notes it; a policy against eval keeps us from waiting for that
    return float(page.evaluate("window.firstChart")) / 1000


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
