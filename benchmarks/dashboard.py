"""What the server takes for a view: every page at addresses at random, never asked before and asked again.

A view is the answer to the question that a browser puts when a page is opened: selection read, figures worked out,
elements made, written as JSON and compressed. Beside it, in turns, a page of four figures the plain way.
"""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import brotli
import dash
import flask.testing
from plotly.io.json import to_json_plotly

from benchmarks.plain_page import PlainPage
from benchmarks.views import views
from dashboard.app import create_app, pages
from dashboard.data import Data, Source
from dashboard.warming import settle_memory
from hnb.configuration import load
from hnb.metrics import Selection
from hnb.store import Snapshot

_HOST = "http://127.0.0.1"


@dataclass(frozen=True)
class PageTimes:
    """One page: seconds of each view never asked before (cold) and asked again (warm), and the bytes of its answers.

    `processor` is of the cold views what they took of all cores together, which a busy machine changes least.
    """

    path: str
    cold: tuple[float, ...]
    processor: tuple[float, ...]
    warm: tuple[float, ...]
    raw_bytes: int
    sent_bytes: int
    slowest: str

    def percentile(self, which: str, share: float) -> float:
        """A percentile of the cold, the processor's or the warm seconds."""
        return percentile(getattr(self, which), share)


def percentile(seconds: tuple[float, ...], share: float) -> float:
    """The value that a share of the others do not exceed."""
    ordered = sorted(seconds)
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)]


def server(processed: Path, snapshot: Snapshot | None = None) -> tuple[dash.Dash, Source]:
    """The application over a folder of snapshots, or over one in memory, with every page drawn once as at its start."""
    configuration = replace(load(), processed_folder=processed)
    # A folder is looked at once a second; a snapshot in memory is to stay, so the clock stands.
    source = Source(processed, configuration, clock=(lambda: 0.0) if snapshot else time.monotonic)
    if snapshot is not None:
        source._data = Data(snapshot, configuration)
    app = create_app(source, configuration)
    settle_memory()
    return app, source


def page_times(app: dash.Dash, source: Source, count: int, paths: tuple[str, ...] = ()) -> list[PageTimes]:
    """Every page (or those named) at `count` addresses of its own, the same every time."""
    client, found = app.server.test_client(), []
    spend = source.data().table("spend")
    authority = source.data().configuration.authority
    spend = spend.filter(spend["authority"] == authority)
    with app.server.test_request_context("/", base_url=_HOST):
        layouts = {page["path"]: page["layout"]() for page in pages() if not paths or page["path"] in paths}
    for path, layout in layouts.items():
        asked = views(path, layout, spend, count)
        cold = [_view(client, path, query) for query in asked]
        warm = [_view(client, path, query) for query in asked]
        seconds, processor, sizes = zip(*cold, strict=True)
        slowest = max(zip(seconds, asked, strict=True))[1]
        raw = len(brotli.decompress(_answer(client, path, "")))
        found.append(
            PageTimes(path, seconds, processor, tuple(one[0] for one in warm), raw, int(statistics.median(sizes)), slowest)
        )  # fmt: skip
    return found


def plain_times(folder: Path, source: Source, count: int) -> tuple[float, ...]:
    """Seconds of the plain page at the selections of our Spend page, over the snapshot's own folder."""
    plain = PlainPage(folder)
    spend = source.data().table("spend")
    return tuple(
        _timed(lambda query=query: brotli.compress(to_json_plotly(plain.layout(Selection.from_query(query))).encode(), quality=4))
        for query in views("/spend", dash.html.Div(), spend, count)
    )  # fmt: skip


def _view(client: flask.testing.FlaskClient, path: str, query: str) -> tuple[float, float, int]:
    """Seconds by the clock and of the processor, and the answer's bytes."""
    size = 0

    def ask() -> None:
        nonlocal size
        size = len(_answer(client, path, query))

    before = time.process_time()
    seconds = _timed(ask)
    return seconds, time.process_time() - before, size


def _answer(client: flask.testing.FlaskClient, path: str, query: str) -> bytes:
    address = f"{_HOST}{path}{'?' if query else ''}{query}"
    answer = client.get(
        "/_dash-layout", base_url=_HOST, headers={"Referer": address, "Accept-Encoding": "br"}
    )
    if answer.status_code != 200:
        raise RuntimeError(f"{address} was answered with {answer.status_code}")
    body: bytes = answer.get_data()
    return body


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def report(title: str, times: list[PageTimes], plain: tuple[float, ...], rows: int) -> None:
    """Print a table of milliseconds and bytes, the plain way in its last row."""
    gc.collect()
    print(f"\n{title}: {rows:,} placement-months, {len(times[0].cold)} views a page; milliseconds")
    print(
        "\n| page | never asked, half | 95% | of the processor, half | 95% | asked again, half | 95% | sent, bytes | before brotli |"
    )
    print("|---|---|---|---|---|---|---|---|---|")
    for page in times:
        numbers = [
            page.percentile(which, share) * 1000
            for which in ("cold", "processor", "warm")
            for share in (0.5, 0.95)
        ]
        cells = " | ".join(f"{number:,.0f}" for number in numbers)
        print(f"| {page.path} | {cells} | {page.sent_bytes:,} | {page.raw_bytes:,} |", flush=True)
    if plain:
        half, most = (percentile(plain, share) * 1000 for share in (0.5, 0.95))
        print(
            f"| pandas and plotly.express, four figures | {half:,.0f} | {most:,.0f} | | | {half:,.0f} | {most:,.0f} | | |"
        )
