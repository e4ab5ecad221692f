"""Questions to the model from a terminal: `python -m hnb settings | dictionary | problems | snapshots`.

It only shows; building is `python -m etl build`, serving is `python -m dashboard`.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import textwrap
from collections.abc import Iterable, Sequence
from pathlib import Path

from hnb.codelists import CODELISTS
from hnb.configuration import CHOICES, Configuration, load
from hnb.contract import Column, Table
from hnb.errors import HnbError
from hnb.store import current_id, read_manifest, snapshot_folders, verify
from hnb.tables import TABLES
from hnb.terminal import exit_code


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Gives its exit code: 0 well, 1 a snapshot is damaged, 2 something for the user to mend."""
    parser = argparse.ArgumentParser(prog="python -m hnb", description=__doc__.splitlines()[0])
    parser.add_argument(
        "--settings", type=Path, metavar="FILE", help="settings file (default: settings.toml)"
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    commands.add_parser("settings", help="each setting: its value, where that came from, what it means")
    commands.add_parser("dictionary", help="the data dictionary of all tables and code lists, as Markdown")
    commands.add_parser(
        "problems", help="every kind of problem, what it means and what mends it, as Markdown"
    )
    snapshots = commands.add_parser("snapshots", help="the published snapshots that are kept")
    snapshots.add_argument("--processed", type=Path, metavar="DIR", help="folder of snapshots")
    snapshots.add_argument("--verify", action="store_true", help="read and check every byte of them")
    given = parser.parse_args(arguments)
    try:
        if given.command == "dictionary":
            print(dictionary(TABLES.values()))
            return 0
        if given.command == "problems":
            print(problem_kinds())
            return 0
        configuration = load(given.settings)
        if given.command == "settings":
            print(settings(configuration, shutil.get_terminal_size().columns))
            return 0
        return _snapshots(given.processed or configuration.processed_folder, given.verify)
    except HnbError as error:
        print(error, file=sys.stderr)
        return 2


def dictionary(tables: Iterable[Table]) -> str:
    """The data dictionary as Markdown: every table's columns, then the code lists that they draw on."""
    tables = list(tables)
    parts = [
        "# Data dictionary",
        "Written by `python -m hnb dictionary` from `hnb/tables/` and `hnb/codes/`.",
    ]
    for table in tables:
        key = ", ".join(f"`{name}`" for name in table.key) or "none: each row of the source stands"
        parts.append(f"## {table.name}")
        derived = f" Derived from {', '.join(table.derived_from)}." if table.derived_from else ""
        parts.append(f"A row is {table.row}. Key: {key}.{derived}")
        parts.append(
            _markdown(
                ["column", "kind", "unit", "may be blank", "meaning"], map(_column_cells, table.columns)
            )
        )
    for name in sorted({column.codes for table in tables for column in table.columns if column.codes}):
        codelist = CODELISTS[name]
        parts.append(f"## Codes: {name}")
        parts.append(f"Kept in `hnb/codes/{codelist.file}`, in this order.")
        rows = [
            [f"`{entry.code}`", entry.label, entry.group, entry.meaning]
            for entry in codelist.entries.values()
        ]
        parts.append(_markdown(["code", "label", "group", "meaning"], rows))
    return "\n\n".join(parts)


def problem_kinds() -> str:
    """Every kind of problem that a build can report, as Markdown, by what it is about."""
    kinds = CODELISTS["problem_kinds"]
    parts = [
        "# Problems that a build can report",
        "Written by `python -m hnb problems` from `hnb/codes/problems.toml`. Each problem in a report also says where it is "
        "(`file!sheet!cell`), what was found and what was expected. A problem that refuses holds publication up; a note does not.",
    ]
    for group, about in CODELISTS["problem_groups"].entries.items():
        rows = [
            [f"`{code}`", kinds.label(code), kinds.meaning(code), str(kinds.entry(code).details["mend"])]
            for code in kinds.members(group)
        ]
        parts += [f"## {about.label}", _markdown(["kind", "in words", "what it means", "what to do"], rows)]
    return "\n\n".join(parts)


def _column_cells(column: Column) -> list[str]:
    kind = f"code of {column.codes}" if column.codes else column.kind
    unit = "£" if column.kind == "pounds" else column.unit
    return [f"`{column.name}`", kind, unit, "" if column.required else "yes", column.meaning]


def _markdown(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines)


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
