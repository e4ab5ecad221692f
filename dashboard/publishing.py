"""`python -m dashboard publish`: what outside audiences may see, made from the current snapshot and kept."""

from __future__ import annotations

import argparse
import datetime
import multiprocessing
import os
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from dashboard.data import Data
from hnb import board, publications, wording
from hnb.configuration import Configuration, load
from hnb.measures_file import take_measures
from hnb.publications import Publications
from hnb.store import Snapshot
from hnb.terminal import code_version

_PROCESSES = min(4, os.cpu_count() or 1)
AUDIENCES = {"screen": "On the meeting's screen", "pack": "In packs that leave the room"}


def add(commands: Any) -> None:
    """Add the command's options to the parser."""
    command = commands.add_parser("publish", help="make what the meeting and the packs may show, and keep it")
    command.add_argument("--processed", type=Path, metavar="DIR", help="folder of snapshots")
    command.add_argument("--published", type=Path, metavar="DIR", help="folder of publications")
    command.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    """Publish for both audiences and tell what is shown. Gives the exit code."""
    configuration = load()
    processed = given.processed or configuration.processed_folder
    folder = given.published or configuration.published_folder
    made = publish(processed, folder, configuration, datetime.datetime.now(datetime.UTC))
    sys.stdout.write(account_of(made, folder))
    return 0


def publish(
    processed: Path, folder: Path, configuration: Configuration, now: datetime.datetime
) -> Publications:
    """Publish the current snapshot of one folder into another. HnbError as `hnb.publications.publish` says."""
    snapshot = Snapshot.open(processed)
    # A recommendation may name a measure of the installation's own.
    take_measures(configuration.measures_file)
    as_at = Data(snapshot, configuration).as_at
    # A year's tables are a programme of their own: as many years at once as there are cores to count on. Processes
    # and not threads, since the solver holds Python's lock; started afresh, since those of Polars do not survive a fork.
    with ProcessPoolExecutor(
        _PROCESSES, mp_context=multiprocessing.get_context("spawn"), initializer=_quiet
    ) as pool:
        return publications.publish(
            folder,
            lambda publication_id, before: board.published(
                snapshot, configuration, publication_id=publication_id, published_at=now, snapshot_id=snapshot.id,
                as_at=as_at, before=before, spread=pool.map,
            ),
            now=now,
            code_version=code_version(),
        )  # fmt: skip


def _quiet() -> None:
    """The solver's library greets on the terminal when it is first used; a process that only works says nothing."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


def account_of(made: Publications, folder: Path) -> str:
    """What was published, for whom, and how much of what there is it shows."""
    first = made["screen"]
    lines = [
        f"Published {first.publication_id} in {folder}, from snapshot {first.snapshot_id}"
        + (f", as at {wording.date(first.as_at)}." if first.as_at else ".")
    ]
    for audience, where in AUDIENCES.items():
        one = made[audience]
        account = one.account
        assessed = [found for found in one.recommendations if found.assessment.measure is not None]
        hidden = [found.assessment.recommendation_id for found in assessed if found.hidden_years]
        lines += [
            f"{where} (counts from 1 to {one.rules.threshold - 1} hidden):",
            f"  cells     {account.cells_shown:,} of {account.cells:,} shown, {account.share_shown:.1%}",
            f"  children  {account.children_shown:,} of {account.children:,} in the tables' cells, {account.children_share:.1%}",
            f"  money     {account.amount_share:.1%} of the pounds in the tables' cells",
            f"  attacked  {account.cells_hidden:,} hidden cells, each count and each amount: none can be worked out",
            "  recommendations with years that are hidden: " + (wording.listed(hidden) or "none"),
        ]
    return "\n".join(lines) + "\n"
