"""Snapshots as large as an authority's or a country's, out of the generated sample, without writing workbooks.

Placements are the sample's several times over, each time other children's in other placements; everything that
follows from placements is derived from them as a build derives it. Nobody real is in it.
"""

from __future__ import annotations

import datetime
import subprocess
import sys
from pathlib import Path

import pandas
import polars

from etl.derive import derived
from hnb.store import Snapshot, publish
from hnb.tables import TABLES
from tests.browser.serving import ROOT

AUTHORITY_MONTHS = 360_000
"""Placement-months of one authority: some 30,000 episodes, eight years of registers."""

COUNTRY_MONTHS = 20_000_000


def sample(folder: Path) -> Path:
    """The generated workbooks, built, as `make demo` has them; gives the folder of snapshots."""
    raw, processed = folder / "raw", folder / "processed"
    for command in (
        ["sample", "--raw", raw],
        ["build", "--raw", raw, "--processed", processed],
    ):
        subprocess.run([sys.executable, "-m", "etl", *command], cwd=ROOT, check=True, capture_output=True)
    return processed


def authority(processed: Path, into: Path, months: int = AUTHORITY_MONTHS) -> Path:
    """The sample's snapshot with so many placements that they make that many placement-months, published anew."""
    snapshot = Snapshot.open(processed)
    tables = {name: snapshot.frame(name) for name in TABLES if snapshot.has(name)}
    placements = tables["placements"]
    wanted = round(len(placements) * months / snapshot.table("placement_months").height)
    copies = []
    for copy in range(-(-wanted // len(placements))):
        part = placements.head(wanted - copy * len(placements))
        copies.append(
            part.assign(**{name: part[name] + f"-{copy}" for name in ("placement_id", "pupil_id") if copy})
        )
    held = {name: frame for name, frame in tables.items() if not TABLES[name].derived_from}
    held["placements"] = TABLES["placements"].conform(pandas.concat(copies, ignore_index=True))
    publish(
        tables | held | derived(held), into, files=snapshot.manifest["files"],
        now=datetime.datetime.now(datetime.UTC), code_version="benchmark",
    )  # fmt: skip
    return into


def country(snapshot: Snapshot, months: int = COUNTRY_MONTHS) -> Snapshot:
    """A snapshot in memory of as many authorities like this one as have that many placement-months together.

    Each has the same figures under its own code, so that a page of the first shows what it showed.
    """
    times = round(months / snapshot.table("placement_months").height)
    codes = [f"E0{9_000_029 + place}" for place in range(times)]
    frames = {}
    for name in TABLES:
        if snapshot.has(name):
            frame = snapshot.table(name)
            is_own = "authority" in frame.columns and name != "plans"
            frames[name] = (
                polars.concat(
                    [frame.with_columns(authority=polars.lit(code)) for code in codes], rechunk=False
                )
                if is_own
                else frame
            )
    return Snapshot(f"{snapshot.id}", snapshot.manifest, snapshot._contents, frames)
