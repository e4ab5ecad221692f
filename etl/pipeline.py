"""One build: every file of data/raw through recognise, reshape, correct, contract and reconcile, and published once.

`build` is the whole way; it goes on with the other files after a bad one. The clock, the key for pupils'
identifiers and the version of the code come in as values; what it did comes out as a `Report`.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas

from etl.account import SheetAccount
from etl.correct import Correction, all_corrections
from etl.layout import Layout
from etl.layout_language import all_layouts
from etl.loading import Loading, last_load
from etl.one_file import FileRead, Reading, one_file
from etl.reshape import Surroundings
from hnb.configuration import Configuration
from hnb.contract import Problem
from hnb.errors import HnbError
from hnb.store import Snapshot, publish
from hnb.tables import ABOUT_THE_BUILD

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Report:
    """What a build found and did. `snapshot` is None where nothing was published."""

    files: tuple[FileRead, ...]
    sheets: tuple[SheetAccount, ...]
    problems: tuple[Problem, ...]
    tables: Mapping[str, pandas.DataFrame]
    snapshot: Snapshot | None = None

    @property
    def refusals(self) -> tuple[Problem, ...]:
        """The problems that hold publication up."""
        return tuple(problem for problem in self.problems if problem.severity == "refusal")

    @property
    def exit_code(self) -> int:
        """1 if anything was refused, published or not; otherwise 0."""
        return 1 if self.refusals else 0


def build(
    raw: Path,
    processed: Path,
    configuration: Configuration,
    *,
    pupil_key: bytes,
    now: datetime.datetime,
    code_version: str,
    progress: Progress = lambda _what, _done, _of: None,
    accept_problems: bool = False,
    publishing: bool = True,
    layouts: Sequence[Layout] | None = None,
    corrections: Sequence[Correction] | None = None,
) -> Report:
    """Read every workbook of a folder and publish the tables together, or say why not.

    Parameters
    ----------
    raw: folder of workbooks, looked through with its subfolders.
    processed: folder of snapshots.
    pupil_key: 32 bytes that turn a child's identifier into `pupil_id`.
    now: when, with a time zone.
    accept_problems: publish the sound rows although others were refused.
    publishing: False only checks.
    layouts, corrections: those of the package unless others are given.

    Nothing is published when anything was refused, unless accepted, nor when no row is sound; notes hold
    nothing up. Raises HnbError when there is no workbook to read or the folder of snapshots refuses.
    """
    paths = workbook_paths(raw)
    known = all_layouts() if layouts is None else layouts
    reading = Reading(known, all_corrections() if corrections is None else corrections, Surroundings(configuration.authority, pupil_key),
                      configuration.total_tolerance)  # fmt: skip
    loading = Loading(configuration, known)
    for number, path in enumerate(paths):
        progress(path.relative_to(raw).as_posix(), number, len(paths))
        loading.take(one_file(path, path.relative_to(raw).as_posix(), reading))
    progress("contract", len(paths), len(paths))
    load = loading.loaded(last_load(processed))
    report = Report(load.files, load.sheets, load.problems, load.tables)
    nothing_sound = set(report.tables) <= set(ABOUT_THE_BUILD)
    if not publishing or nothing_sound or (report.refusals and not accept_problems):
        return report
    progress("publication", len(paths), len(paths))
    snapshot = publish(report.tables, processed, files=[vars(file) for file in report.files], problems=report.problems,
                       keep=configuration.snapshots_kept, now=now, code_version=code_version)  # fmt: skip
    return replace(report, snapshot=snapshot)


def workbook_paths(raw: Path) -> list[Path]:
    """Every file of the folder and its subfolders, in order of name; not READMEs, hidden files or Excel's lock files."""
    if not raw.is_dir():
        raise HnbError(
            f"There is no folder {raw}. Make it and put the workbooks there, or give another with --raw."
        )
    paths = [
        path for path in raw.rglob("*")
        if path.is_file() and not any(part.startswith((".", "~$")) for part in path.relative_to(raw).parts)
        and not path.name.lower().startswith("readme")
    ]  # fmt: skip
    if not paths:
        raise HnbError(
            f"There is no workbook in {raw}. Put some there, or run `python -m etl sample` for generated ones."
        )
    return sorted(paths, key=lambda path: path.relative_to(raw).as_posix())
