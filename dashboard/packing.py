"""`python -m dashboard pack`: the meeting's paper, slides, workbook and page, from what is published and nothing else."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import Any, cast

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from dashboard.meeting.questions_file import QuestionsFile
from dashboard.packs import KINDS, Kind, made, pack_of
from dashboard.packs.pack import Pack
from hnb import wording
from hnb.configuration import load
from hnb.disk import Disk
from hnb.errors import HnbError


def add(commands: Any) -> None:
    """Add the command's options to the parser."""
    command = commands.add_parser("pack", help="make the meeting's paper, slides, workbook and page")
    command.add_argument(
        "--published", type=Path, metavar="DIR", help="folder of publications (default: the setting)"
    )
    command.add_argument(
        "--to", type=Path, metavar="DIR", default=Path(), help="where the files go (default: here)"
    )
    command.add_argument(
        "--only", type=_kinds, metavar="KINDS", default=tuple(KINDS), help=f"some of {','.join(KINDS)}"
    )
    command.add_argument(
        "--questions", action="store_true", help="with the questions taken away, as people typed them"
    )
    command.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    """Make the files and tell where they are. Gives the exit code: 2 where a format could not be made."""
    configuration = load()
    asked = QuestionsFile(configuration.questions_file).all() if given.questions else None
    pack = pack_of(given.published or configuration.published_folder, asked)
    lines: dict[Kind, str] = {}
    faults: dict[Kind, str] = {}
    # The browser prints in a process of its own while the others are made here.
    with _progress() as progress, ThreadPoolExecutor(max_workers=2) as makers:
        task = progress.add_task(_making(given.only), total=len(given.only))
        running = {makers.submit(_file, kind, pack, given.to): kind for kind in given.only}
        for done in as_completed(running):
            kind = running[done]
            try:
                lines[kind] = done.result()
            except HnbError as error:
                faults[kind] = str(error)
            left = [other for future, other in running.items() if not future.done()]
            progress.update(task, advance=1, description=_making(left))
    published = pack.published
    sys.stdout.write(
        f"{pack.title}: {len(pack.views)} views of publication {published.publication_id}. {pack.as_at}; "
        f"counts from 1 to {published.rules.threshold - 1} are hidden.\n"
    )
    sys.stdout.writelines(f"  {lines[kind]}\n" for kind in given.only if kind in lines)
    sys.stderr.writelines(f"{fault}\n" for fault in faults.values())
    return 2 if faults else 0


def _file(kind: Kind, pack: Pack, folder: Path) -> str:
    """Make one format and put it in the folder; gives the line that tells so."""
    begun = time.perf_counter()
    file = made(kind, pack)
    _write(folder / file.name, file.content)
    return f"{folder / file.name}  {len(file.content) / 1000:,.0f} kB in {time.perf_counter() - begun:.1f} s"


def _making(kinds: Sequence[Kind]) -> str:
    return f"Making {wording.listed(kind.upper() for kind in kinds)}" if kinds else "Made"


def _kinds(words: str) -> tuple[Kind, ...]:
    wanted = [word.strip().lower() for word in words.split(",") if word.strip()]
    unknown = [word for word in wanted if word not in KINDS]
    if unknown or not wanted:
        raise argparse.ArgumentTypeError(f"it takes some of {','.join(KINDS)}, with commas between them")
    return tuple(cast(Kind, word) for word in dict.fromkeys(wanted))


def _write(file: Path, content: bytes) -> None:
    """Put a file in place whole, or not at all."""
    disk = Disk()
    try:
        disk.make_folder(file.parent)
        half = file.with_name(f".{file.name}.part")
        disk.write(half, content)
        disk.replace(half, file)
    except OSError as error:
        raise HnbError(
            f"{file} cannot be written ({error.strerror}). Close it if it is open in another program, or give another "
            "folder with --to."
        ) from error


def _progress() -> Progress:
    """A bar on a terminal, gone when all is made; nothing where the output goes elsewhere."""
    console = Console(stderr=True)
    return Progress(
        TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), console=console, transient=True,
        disable=not console.is_terminal,
    )  # fmt: skip
