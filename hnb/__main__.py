"""Questions to the model from a terminal: `python -m hnb settings | snapshots | partition`, and its pages as Markdown.

It only shows, and writes a snapshot's tables for other engines; building is `python -m etl build`, serving is `python -m dashboard`.
"""

from __future__ import annotations

import argparse
import datetime
import shutil
import sys
import textwrap
from collections.abc import Sequence
from pathlib import Path

from hnb.configuration import CHOICES, Configuration, load
from hnb.documents import PAGES
from hnb.errors import HnbError
from hnb.partitions import contents, partition
from hnb.store import Snapshot, current_id, read_manifest, show_again, snapshot_folders, verify
from hnb.terminal import exit_code


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Gives its exit code: 0 well, 1 a snapshot is damaged, 2 something for the user to mend."""
    given = parser().parse_args(arguments)
    try:
        if given.command in PAGES:
            print(PAGES[given.command][1]())
            return 0
        configuration = load(given.settings)
        if given.command == "settings":
            print(settings(configuration, shutil.get_terminal_size().columns))
            return 0
        processed = given.processed or configuration.processed_folder
        if given.command == "partition":
            place = partition(Snapshot.open(processed), given.to or configuration.partitions_folder)
            rows = sum(table["rows"] for table in contents(place).values())
            print(f"{place} holds {len(contents(place))} tables, {rows:,} rows, by authority and year.")
            return 0
        if given.show:
            show_again(processed, given.show, datetime.datetime.now(datetime.UTC))
        return _snapshots(processed, given.verify)
    except HnbError as error:
        print(error, file=sys.stderr)
        return 2


def parser() -> argparse.ArgumentParser:
    """What can be asked, and how."""
    parser = argparse.ArgumentParser(prog="python -m hnb", description="Questions to the model.")
    parser.add_argument(
        "--settings", type=Path, metavar="FILE", help="settings file (default: settings.toml)"
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    commands.add_parser("settings", help="each setting: its value, where that came from, what it means")
    for name, (words, _) in PAGES.items():
        commands.add_parser(name, help=f"{words}, as Markdown")
    snapshots = commands.add_parser("snapshots", help="the published snapshots that are kept")
    snapshots.add_argument("--processed", type=Path, metavar="DIR", help="folder of snapshots")
    snapshots.add_argument("--verify", action="store_true", help="read and check every byte of them")
    snapshots.add_argument("--show", metavar="ID", help="have the dashboard show this one from now on")
    partitions = commands.add_parser(
        "partition", help="write the current snapshot's tables by authority and year, for other engines"
    )
    partitions.add_argument("--processed", type=Path, metavar="DIR", help="folder of snapshots")
    partitions.add_argument("--to", type=Path, metavar="DIR", help="folder of partitioned sets")
    return parser


def settings(configuration: Configuration, width: int) -> str:
    """Each setting with its value, where that came from, how to override it, and what it means, in lines."""
    parts = []
    for name, choice in CHOICES.items():
        value = getattr(configuration, name)
        shown = ", ".join(value) if isinstance(value, tuple) else value
        where = f"from {configuration.origins[name]}; in the environment {choice.variable}"
        meaning = textwrap.fill(
            f"{choice.meaning} ({where})", width, initial_indent="    ", subsequent_indent="    "
        )
        parts.append(f"{name} = {shown}\n{meaning}")
    return "\n\n".join(parts)


def _snapshots(processed: Path, check: bool) -> int:
    folders = snapshot_folders(processed)
    if not folders:
        raise HnbError(f"Nothing is published in {processed} yet. Run `python -m etl build`, or `make demo`.")
    problems = verify(processed) if check else []
    damaged = {Path(problem.where) for problem in problems}
    current = None if processed / "CURRENT" in damaged else current_id(processed)
    print(f"{'snapshot':23}  {'files':>5}  {'tables':>6}  {'rows':>11}  {'bytes':>12}  code")
    for folder in folders:
        if folder in damaged:
            print(f"{folder.name:23}  damaged")
            continue
        manifest = read_manifest(folder)
        tables = manifest["tables"].values()
        rows, size = (sum(table[what] for table in tables) for what in ("rows", "bytes"))
        mark = "  <- current" if folder.name == current else ""
        print(
            f"{folder.name:23}  {len(manifest['files']):>5}  {len(tables):>6}  {rows:>11,}  {size:>12,}"
            f"  {manifest['code_version']}{mark}"
        )
    for problem in problems:
        print(problem.sentence(), file=sys.stderr)
    if check and not problems:
        print(f"Every byte of {len(folders)} snapshot{'s' if len(folders) > 1 else ''} is as it was written.")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(exit_code(main))
