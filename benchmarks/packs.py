"""The pack of the sample: seconds of each format when warm, and of the PDF against one start of the browser a chart."""

from __future__ import annotations

import datetime
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks import scaled
from dashboard.packs import KINDS, made, pack_of
from dashboard.packs.browser import printed
from dashboard.packs.pack import Pack
from dashboard.publishing import publish
from hnb.configuration import Configuration

REPEATS = 5
CHART = b"<!doctype html><title>One chart</title><svg viewBox='0 0 10 10'><path d='M0 0L9 9'/></svg>"
"""What the plain way prints, once a chart; it is as light as a page can be."""


@dataclass(frozen=True)
class Made:
    """One format: median seconds, and its bytes."""

    kind: str
    seconds: float
    size: int


def formats(published: Path, repeats: int = REPEATS) -> tuple[list[Made], float, float, int]:
    """Each format alone; then all four as the command makes them, and the plain way's PDF; last how many charts there are."""
    rows = []
    for kind in KINDS:
        pack = pack_of(published)
        size = len(made(kind, pack).content)  # once before it is counted: what is imported then is imported
        rows.append(Made(kind, _median(lambda kind=kind, pack=pack: made(kind, pack), repeats), size))
    pack = pack_of(published)
    charts = sum(view.chart is not None for view in pack.views)
    whole = _median(lambda: _all(published), repeats)
    plain = charts * _median(lambda: printed(CHART), repeats)
    return rows, whole, plain, charts


def report(published: Path | None = None) -> None:
    """Print the table; without a folder of publications the sample is built and published first."""
    with tempfile.TemporaryDirectory() as place:
        folder = published or _sample(Path(place))
        rows, whole, plain, charts = formats(folder)
    print("| format | seconds, warm | size |\n|---|---|---|")
    for row in rows:
        print(f"| {row.kind} | {row.seconds:.2f} | {row.size / 1000:,.0f} kB |")
    print(f"| all, from the folder of publications | {whole:.2f} | |")
    ours = next(row.seconds for row in rows if row.kind == "pdf")
    print(f"\nPDF: {ours:.2f} s against {plain:.2f} s with a browser started for each of {charts} charts: {plain / ours:.1f}×")  # fmt: skip


def _sample(place: Path) -> Path:
    processed = scaled.sample(place)
    configuration = Configuration(processed_folder=processed, published_folder=place / "published")
    publish(processed, configuration.published_folder, configuration, datetime.datetime.now(datetime.UTC))
    return configuration.published_folder


def _all(published: Path) -> list[int]:
    pack: Pack = pack_of(published)
    return [len(made(kind, pack).content) for kind in KINDS]


def _median(work: Callable[[], object], repeats: int) -> float:
    times = []
    for _ in range(repeats):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return statistics.median(times)
