"""`make bench`: every comparison, as a table of ratios with the machine that it was measured on."""

from __future__ import annotations

import os
import platform

from benchmarks import computing, reading


def main() -> None:
    """Measure and print. Gives nothing to a test: what is fast today is for people to judge."""
    print(
        f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.system()} {platform.machine()}\n"
    )
    print("| what | ours | the plain way | faster | memory | what each shows |")
    print("|---|---|---|---|---|---|")
    for module in (reading, computing):
        for row in module.comparisons():
            print(
                f"| {row.what} | {_seconds(row.ours.seconds)}, {row.ours.peak_mb:,.0f} MB "
                f"| {_seconds(row.plain.seconds)}, {row.plain.peak_mb:,.0f} MB "
                f"| {row.times_faster:.1f}× | {row.times_smaller:.1f}× "
                f"| {row.shows}: {row.ours.result:,} against {row.plain.result:,} |",
                flush=True,
            )


def _seconds(seconds: float) -> str:
    return f"{seconds * 1000:,.1f} ms" if seconds < 1 else f"{seconds:,.1f} s"


if __name__ == "__main__":
    main()
