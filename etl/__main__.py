"""From workbooks to the model, in a terminal: `python -m etl build | check | describe | sample | layouts`.

Exit codes: 0 well; 1 something was refused; 2 something for the user to mend before it can run.
"""

from __future__ import annotations

import argparse
import datetime
import importlib
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from etl.layout_language import all_layouts
from etl.pipeline import build
from etl.pseudonyms import pupil_key
from etl.report import show
from etl.report_content import Content
from hnb.configuration import Configuration, load
from hnb.errors import HnbError
from hnb.measures_file import take_measures
from hnb.terminal import code_version, exit_code

_SEED = 2019
_LOG_WIDTH = 160  # of a report that goes to a file or another program


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and give its exit code."""
    given = parser().parse_args(arguments)
    console = Console()
    if not console.is_terminal:
        console = Console(width=_LOG_WIDTH)
    try:
        configuration = load(given.settings)
        if given.command == "layouts":
            for layout in all_layouts(*_layout_folders(None, configuration)):
                console.print(
                    f"{layout.name:32} {layout.title} ({layout.publisher}) → {', '.join(layout.tables)}",
                    highlight=False,
                    markup=False,
                )
            return 0
        # Each command brings its own modules: a build that changes nothing is over before the others' are there.
        if given.command == "describe":
            describing = importlib.import_module("etl.describe")
            console.print(
                describing.description(given.file, all_layouts(*_layout_folders(None, configuration))),
                highlight=False,
                markup=False,
                soft_wrap=True,
            )
            return 0
        if given.command == "propose":
            proposing = importlib.import_module("etl.propose.command")
            return proposing.propose(given.file, console, all_layouts(*_layout_folders(None, configuration)), sheet_name=given.sheet, folder=given.to,
                           anyway=given.anyway, table=given.table)  # fmt: skip
        if given.command == "sample" and given.zoo:
            return _zoo(given.zoo, given.seed, console)
        if given.command == "sample":
            return _sample(given.raw or configuration.raw_folder, given.seed, console)
        if given.command == "providers":
            naming = importlib.import_module("etl.providers_command")
            return naming.providers(given.processed or configuration.processed_folder, given.to, console)
        if given.command == "suppliers":
            matching = importlib.import_module("etl.suppliers_command")
            return matching.suppliers(given.processed or configuration.processed_folder, given.to, console)
        return _build(given, configuration, console)
    except HnbError as error:
        print(error, file=sys.stderr)
        return 2


def parser() -> argparse.ArgumentParser:
    """What can be asked, and how."""
    parser = argparse.ArgumentParser(prog="python -m etl", description="From workbooks to the model.")
    parser.add_argument(
        "--settings", type=Path, metavar="FILE", help="settings file (default: settings.toml)"
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, words in (
        ("build", "read every workbook, check it and publish the tables"),
        ("check", "the same, publishing nothing"),
    ):
        command = commands.add_parser(name, help=words)
        command.add_argument("--raw", type=Path, metavar="DIR", help="folder of workbooks")
        command.add_argument("--processed", type=Path, metavar="DIR", help="folder of snapshots")
        command.add_argument("--layouts", type=Path, metavar="DIR", help="folder of layouts beside those that come with the program")  # fmt: skip
        command.add_argument(
            "--mappings",
            type=Path,
            metavar="DIR",
            help="folder of what officers keep: ledger codes, suppliers, typed figures",
        )
        command.add_argument(
            "--anew", action="store_true", help="read every file again, whatever was read before"
        )
        command.add_argument(
            "--report", type=Path, metavar="DIR", help="write report.html and report.xlsx there"
        )
        if name == "build":
            command.add_argument("--accept-problems", action="store_true",
                                 help="publish the sound rows although others were refused (the exit code is still 1)")  # fmt: skip
    describe = commands.add_parser(
        "describe", help="what is in a file, and which layout fits it or comes nearest"
    )
    describe.add_argument("file", type=Path, metavar="FILE")
    proposing = commands.add_parser("propose", help="write a layout for a sheet that none fits")
    proposing.add_argument("file", type=Path, metavar="FILE")
    proposing.add_argument("--sheet", metavar="NAME", help="which sheet (default: the likeliest table)")
    proposing.add_argument("--table", metavar="TABLE", help="the table it is, where the evidence misleads")
    proposing.add_argument("--to", type=Path, metavar="DIR", help="folder to write to (default: etl/layouts)")
    proposing.add_argument("--anyway", action="store_true", help="even where a layout fits already")
    sample = commands.add_parser("sample", help="write generated workbooks, to try everything out")
    sample.add_argument("--raw", type=Path, metavar="DIR", help="folder to write to")
    sample.add_argument("--zoo", type=Path, metavar="DIR", help="write one spreadsheet of every shape there instead, with what it means")  # fmt: skip
    sample.add_argument("--seed", type=int, default=_SEED, help="the same seed gives the same workbooks")
    naming = commands.add_parser("providers", help="names of providers that may be one, for you to confirm")
    naming.add_argument("--processed", type=Path, metavar="DIR", help="folder of snapshots to look through")
    naming.add_argument("--to", type=Path, metavar="FILE", help="write the list there, beside what is confirmed")  # fmt: skip
    matching = commands.add_parser(
        "suppliers", help="suppliers of the ledger that may be providers, for you to confirm"
    )
    matching.add_argument("--processed", type=Path, metavar="DIR", help="folder of snapshots to look through")
    matching.add_argument(
        "--to", type=Path, metavar="FILE", help="write the list there, beside what is decided"
    )
    commands.add_parser("layouts", help="the shapes of sheets that are known")
    return parser


def _build(given: argparse.Namespace, configuration: Configuration, console: Console) -> int:
    publishing = given.command == "build"
    take_measures(configuration.measures_file)  # the register of recommendations may name them
    accept = publishing and given.accept_problems
    with Progress(TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed} of {task.total}"), TimeElapsedColumn(),
                  console=(shown := Console(stderr=True)), transient=True, disable=not shown.is_terminal) as bar:  # fmt: skip
        task = bar.add_task("reading")
        report = build(
            given.raw or configuration.raw_folder,
            given.processed or configuration.processed_folder,
            configuration,
            pupil_key=pupil_key(configuration.pupil_key_file),
            now=datetime.datetime.now(datetime.UTC),
            code_version=code_version(),
            progress=lambda what, done, of: bar.update(
                task, description=what[-60:], completed=done, total=of
            ),
            accept_problems=accept,
            publishing=publishing,
            anew=given.anew,
            layouts=all_layouts(*_layout_folders(given.layouts, configuration)),
            mappings=given.mappings or configuration.mappings_folder,
        )
    show(report, console, checked_only=not publishing, accept_problems=accept)
    if given.report or (publishing and not report.is_unchanged):
        # What writes pages and workbooks is large, and a build that changed nothing does without.
        folder = importlib.import_module("etl.report_folder")
        console.print(folder.left(Content(report, not publishing, accept), given.processed or configuration.processed_folder, given.report, publishing=publishing,
                                  now=datetime.datetime.now(datetime.UTC), keep=configuration.snapshots_kept), highlight=False, markup=False, soft_wrap=True)  # fmt: skip
    return report.exit_code


def _layout_folders(given: Path | None, configuration: Configuration) -> list[Path]:
    """The folders of layouts beside the package's own: the one named here, else the settings' if it is there."""
    if given is not None:
        return [given]
    return [configuration.layouts_folder] if configuration.layouts_folder.is_dir() else []


def _sample(raw: Path, seed: int, console: Console) -> int:
    # The generator is large and no other command needs it.
    generator = importlib.import_module("etl.sample")
    with Progress(TextColumn("{task.description}"), TimeElapsedColumn(),
                  console=(shown := Console(stderr=True)), transient=True, disable=not shown.is_terminal) as bar:  # fmt: skip
        task = bar.add_task("writing", total=None)
        generator.write_sample(
            raw, seed=seed, progress=lambda what, *_: bar.update(task, description=str(what))
        )
    console.print(f"Generated workbooks are in {raw}. Every child in them is invented.", highlight=False)
    return 0


def _zoo(folder: Path, seed: int, console: Console) -> int:
    generator = importlib.import_module("etl.sample.zoo")
    animals = generator.write_zoo(folder, seed)
    generator.write_truth(animals, folder / "truth")
    for animal in animals:
        console.print(f"{animal.name:24} {animal.shows}", highlight=False, markup=False, soft_wrap=True)
    console.print(
        f"{len(animals)} spreadsheets are in {folder}, each in a folder of its own, and what they mean in {folder / 'truth'}. "
        "Every council, child and cost in them is invented.", highlight=False, markup=False, soft_wrap=True,
    )  # fmt: skip
    return 0


if __name__ == "__main__":
    sys.exit(exit_code(main))
