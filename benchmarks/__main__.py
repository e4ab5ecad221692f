"""`make bench`: every comparison, as a table of ratios with the machine that it was measured on.

`python -m benchmarks etl` measures one of them: reading, etl or computing. `python -m benchmarks dashboard` asks
every page of an authority's data (`dashboard short`: few views, under a minute; `dashboard country`: 20 million
placement-months, which takes some 10 GB). `python -m benchmarks packs [PUBLISHED]` makes the meeting's pack, of the
sample or of a folder of publications. `python -m benchmarks scale [FOLDER]` builds and asks sets of up to 150
authorities, which are kept where a folder is named (docs/scale.md). `python -m benchmarks load [short] [PROCESSED]`
has visitors come to the deployed server and to the plain dashboard for a quarter of an hour (short: three minutes),
over an authority's data or over a folder of snapshots that is there. `python -m benchmarks kept [PROCESSED]` asks
thousands of views once each, to see whether what the server keeps has an end.
"""

from __future__ import annotations

import importlib.util
import os
import platform
import sys
import tempfile
from pathlib import Path

from benchmarks import computing, etl, reading
from hnb.store import Snapshot

_ALL = {"reading": reading, "etl": etl, "computing": computing}


def main(*names: str) -> None:
    """Measure and print. Gives nothing to a test: what is fast today is for people to judge."""
    if names[:1] == ("packs",):
        from benchmarks import packs

        packs.report(Path(names[1]) if len(names) > 1 else None)
        return
    if names[:1] == ("scale",):
        from benchmarks import scale, scaled

        with tempfile.TemporaryDirectory() as place:
            folder = Path(names[1]) if len(names) > 1 else Path(place)
            scale.report(scaled.sample(Path(place)), folder)
        return
    if "load" in names:
        _load(*names)
        return
    if names[:1] == ("kept",):
        _kept(*names[1:])
        return
    if "dashboard" in names:
        _dashboard(*names)
        return
    print(
        f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.system()} {platform.machine()}\n"
    )
    print("| what | ours | the plain way | faster | memory | what each shows |")
    print("|---|---|---|---|---|---|")
    for module in [_ALL[name] for name in names] or _ALL.values():
        for row in module.comparisons():
            print(
                f"| {row.what} | {_seconds(row.ours.seconds)}, {row.ours.peak_mb:,.0f} MB "
                f"| {_seconds(row.plain.seconds)}, {row.plain.peak_mb:,.0f} MB "
                f"| {row.times_faster:.1f}× | {row.times_smaller:.1f}× "
                f"| {row.shows}: {row.ours.result:,} against {row.plain.result:,} |",
                flush=True,
            )
    if not names:
        _first_charts()


def _dashboard(*names: str) -> None:
    """The pages' server times, and unless it is to be short the first chart of each in a browser."""
    from benchmarks import dashboard, scaled

    is_short = "short" in names
    with tempfile.TemporaryDirectory() as place:
        folder = scaled.authority(scaled.sample(Path(place)), Path(place, "authority"))
        snapshot = Snapshot.open(folder)
        months = snapshot.table("placement_months").height
        app, source = dashboard.server(folder)
        count = 5 if is_short else 60
        times = dashboard.page_times(app, source, count)
        plain = dashboard.plain_times(folder / "snapshots" / snapshot.id, source, count)
        dashboard.report("One authority", times, plain, months)
        if "country" in names:
            whole = scaled.country(snapshot)
            app, source = dashboard.server(folder, whole)
            times = dashboard.page_times(app, source, count)
            dashboard.report("A country", times, (), whole.table("placement_months").height)
        elif not is_short:
            _first_charts()


def _load(*names: str) -> None:
    """What the deployed server holds, beside the plain dashboard, over a named folder or over the data of an authority."""
    from benchmarks import load, scaled

    plan = load.SHORT if "short" in names else load.FULL
    folders = [Path(name) for name in names if name not in ("load", "short")]
    if folders:
        load.report(folders[0].resolve(), plan)
        return
    with tempfile.TemporaryDirectory() as place:
        folder = scaled.authority(scaled.sample(Path(place)), Path(place, "authority"))
        load.report(folder, plan)


def _kept(*names: str) -> None:
    """What a process holds after thousands of views, over a named folder or over the data of an authority."""
    from benchmarks import kept, scaled

    with tempfile.TemporaryDirectory() as place:
        folder = Path(names[0]).resolve() if names else scaled.authority(scaled.sample(Path(place)), Path(place, "authority"))  # fmt: skip
        kept.report(folder)


def _first_charts() -> None:
    """The browser's comparison, which needs a browser: without one, a sentence says so."""
    if importlib.util.find_spec("playwright") is None:
        print("\nThe first chart was not measured: playwright is not installed.")
        return
    from benchmarks import first_chart
    from tests.browser.chromium import NoBrowserError

    try:
        with first_chart.sample() as processed:
            rows = first_chart.first_charts(processed)
    except NoBrowserError as missing:
        print(f"\nThe first chart was not measured. {missing}")
        return
    print("\n| first chart of | opened | after | at the least | main thread, whole page | layout, bytes |")
    print("|---|---|---|---|---|---|")
    for row in rows:
        print(
            f"| {row.path} | {row.state} | {_seconds(row.seconds)} | {_seconds(row.least)} "
            f"| {_seconds(row.processor)} | {row.layout_bytes:,} |"
        )


def _seconds(seconds: float) -> str:
    return f"{seconds * 1000:,.1f} ms" if seconds < 1 else f"{seconds:,.1f} s"


if __name__ == "__main__":
    main(*sys.argv[1:])
