"""What a server's process holds after more and more views that nobody asked before: whether what it keeps has an end.

A soak at a polite rate takes an hour to fill what is kept (pages, compressed answers, answers of the model), and until
then its memory grows. Here they are asked as fast as they are drawn, in one process and without a network.
"""

from __future__ import annotations

import gc
from dataclasses import dataclass
from pathlib import Path

import psutil
from dash import html

from benchmarks.dashboard import server
from benchmarks.views import views
from dashboard.app import rendered_pages

_PATHS = ("/", "/spend")
_HOST = "http://127.0.0.1"


@dataclass(frozen=True)
class Look:
    """After so many views: the process's memory in MB, and how many pages are kept."""

    views: int
    memory: float
    pages: int


def looks(folder: Path, count: int, every: int) -> list[Look]:
    """Ask for `count` views of a folder's snapshot, each once, and look after every so many of them; the first before any."""
    app, source = server(folder)
    rendered_pages(app)
    data = source.data()
    spend = data.table("spend")
    spend = spend.filter(spend["authority"] == data.configuration.authority)
    client, process = app.server.test_client(), psutil.Process()
    gc.collect()
    found = [Look(0, process.memory_info().rss / 1e6, 0)]
    for number, query in enumerate(views("/", html.Div(), spend, count), start=1):
        referer = f"{_HOST}{_PATHS[number % len(_PATHS)]}?{query}"
        answer = client.get(
            "/_dash-layout", base_url=_HOST, headers={"Accept-Encoding": "br", "Referer": referer}
        )
        if answer.status_code != 200:
            raise RuntimeError(f"{referer} was answered with {answer.status_code}")
        if number % every == 0:
            found.append(Look(number, process.memory_info().rss / 1e6, data.drawn.count))
    return found


def report(folder: Path, count: int = 12_000, every: int = 1_000) -> list[Look]:
    """Ask, print the memory after every so many views, and give it."""
    print("| views, each for the first time | memory | pages kept |\n|---|---|---|")
    found = looks(folder, count, every)
    for look in found:
        print(f"| {look.views:,} | {look.memory:,.0f} MB | {look.pages:,} |")
    half = found[len(found) // 2]
    more = (found[-1].memory - half.memory) / max(found[-1].views - half.views, 1) * 1_000
    print(f"\nIn the second half {more:+,.2f} MB for each thousand views.")
    return found
