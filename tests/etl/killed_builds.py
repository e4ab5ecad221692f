"""Builds that are killed at random moments, and what they leave: `python -m tests.etl.killed_builds FOLDER KILLS SEED`.

Run as a process of its own that has imported all and opened nothing yet, so that each build is a fork of it and
costs no start. Prints what came of the kills as JSON; ends with 1 and a sentence when anything was not whole.
"""

from __future__ import annotations

import datetime
import json
import os
import shutil
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy

from etl.pipeline import Report, build
from hnb.configuration import Configuration
from hnb.store import Snapshot, verify
from tests.etl.pictures import csv_text, layout, sound_monitor

MONITOR = layout()
NOW = datetime.datetime(2026, 11, 23, 21, 0, tzinfo=datetime.UTC)
FILES = 4


def built(folder: Path, processed: str) -> Report:
    """One build of the folder's workbooks."""
    return build(folder / "raw", folder / processed, Configuration(), pupil_key=b"k" * 32, now=NOW, code_version="test",
                 layouts=[MONITOR], corrections=[])  # fmt: skip


def write(folder: Path, number: int) -> None:
    """The workbooks of one moment: one of them changes each time, and what it sums to tells which moment it was."""
    for file in range(FILES):
        budget = number if file == number % FILES else 1000
        text = csv_text(sound_monitor(budget=(budget, 50), total=budget + 50))
        year = 2010 + file
        path = folder / "raw" / f"monitor{file}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.replace("2023-24", f"{year}-{year % 100 + 1}"), encoding="utf-8")


def in_a_fork(work: Callable[[], None]) -> int:
    """Run it in a copy of this process; its number."""
    process = os.fork()
    if process:
        return process
    status = 1
    try:
        work()
        status = 0
    finally:
        os._exit(status)


def ended(process: int) -> int:
    """The exit status of a copy, once it has ended; negative where a signal ended it."""
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


def contents(processed: Path) -> dict[str, str]:
    """The sha256 of each table that readers open, and that every kept snapshot is whole."""
    assert not verify(processed), verify(processed)
    snapshot = Snapshot.open(processed)
    about = ("load_changes", "problems", "coverage")
    return {name: entry["sha256"] for name, entry in snapshot.manifest["tables"].items() if name not in about}


def look(folder: Path, before: str) -> None:
    """In a fork, after a kill: what is there is the old or the new, and the next build finds what one from nothing does."""
    processed = folder / "processed"
    seen = contents(processed)
    shutil.rmtree(folder / "nothing", ignore_errors=True)
    built(folder, "nothing")
    new = contents(folder / "nothing")
    old = json.loads(before)
    assert seen in (old, new), "neither the old nor the new"
    built(folder, "processed")
    assert contents(processed) == new, "the next build finds something else than a build from nothing"
    assert not [path for path in (processed / "read").iterdir() if path.suffix == ".half"]
    (folder / "seen.json").write_text(json.dumps({"is_new": seen == new, "contents": new}))


def main(folder: Path, kills: int, seed: int) -> dict[str, float]:
    """Kill so many builds; how many were killed, and how many of these had published before."""
    chance = numpy.random.default_rng(seed)
    write(folder, 0)
    began = time.perf_counter()
    assert ended(in_a_fork(lambda: built(folder, "processed") and None)) == 0
    lasts = time.perf_counter() - began
    write(folder, 1)
    assert ended(in_a_fork(lambda: look(folder, json.dumps(contents(folder / "processed"))))) == 0
    counts = {"kills": 0, "new": 0, "old": 0, "too late": 0}
    for number in range(2, kills * 3):
        before = json.dumps(json.loads((folder / "seen.json").read_text())["contents"])
        write(folder, number)
        began = time.perf_counter()
        process = in_a_fork(lambda: built(folder, "processed") and None)
        time.sleep(chance.random() * lasts)
        os.kill(process, signal.SIGKILL)
        was_killed = ended(process) == -signal.SIGKILL
        if ended(in_a_fork(lambda before=before: look(folder, before))):
            raise SystemExit(f"kill {number} left something that is not whole")
        is_new = json.loads((folder / "seen.json").read_text())["is_new"]
        counts["too late" if not was_killed else "new" if is_new else "old"] += 1
        counts["kills"] += was_killed
        # What a build lasts changes with the machine's load; the end, where files are put in place, counts most.
        lasts *= 0.93 if not was_killed else 1.03
        if counts["kills"] == kills:
            break
    return counts


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))) + "\n")
