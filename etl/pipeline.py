"""One build: every file of data/raw through recognise, reshape, correct, contract and reconcile, and published once.

`build` is the whole way; it goes on with the other files after a bad one. The clock, the key for pupils'
identifiers and the version of the code come in as values; what it did comes out as a `Report`.
"""

from __future__ import annotations

import datetime
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import pandas

from etl.account import SheetAccount
from etl.correct import Correction, all_corrections
from etl.fingerprint import of_build, of_reading
from etl.kept import Kept, LastBuild, last_build
from etl.layout import Layout
from etl.layout_language import all_layouts
from etl.loading import Loading, last_load
from etl.one_file import FileRead, Reading
from etl.printable import one_line
from etl.readings import RawFile, raw_file, readings
from etl.reshape import Surroundings
from hnb.configuration import Configuration
from hnb.contract import Problem
from hnb.errors import HnbError
from hnb.store import Snapshot, current_id, publish
from hnb.tables import ABOUT_THE_BUILD

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Report:
    """What a build found and did. `snapshot` is None where nothing was published.

    `is_unchanged`: all is as it was when `snapshot` was published, and so nothing was published again; the
    rest is what that build found, its tables read from the snapshot when asked for.
    """

    files: tuple[FileRead, ...]
    sheets: tuple[SheetAccount, ...]
    problems: tuple[Problem, ...]
    tables: Mapping[str, pandas.DataFrame]
    snapshot: Snapshot | None = None
    is_unchanged: bool = False

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
    anew: bool = False,
    layouts: Sequence[Layout] | None = None,
    corrections: Sequence[Correction] | None = None,
    mappings: Path | None = None,
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
    anew: read every file and publish, whatever was read before.
    layouts, corrections: those of the package unless others are given.
    mappings: folder of what officers keep beside the workbooks, read as if it stood in `raw` under its own name.

    A file that was read before, by the same code, layouts and settings, is not read again; when all is as it
    was at the last publication, nothing is published. Nothing is published either when anything was refused,
    unless accepted, nor when no row is sound; notes hold nothing up. Raises HnbError when there is no workbook to read or the folder of snapshots refuses.
    """
    files = [raw_file(path, raw) for path in workbook_paths(raw)] + kept_beside(mappings)
    known = all_layouts() if layouts is None else layouts
    reading = Reading(known, all_corrections() if corrections is None else corrections, Surroundings(configuration.authority, pupil_key),
                      configuration.total_tolerance)  # fmt: skip
    fingerprint = of_reading(reading)
    decides = of_build(fingerprint, _that_matter(configuration), {file.name: file.sha256 for file in files})
    folder, strays = processed / "read", no_files(raw)
    if (
        publishing
        and not anew
        and not strays
        and (same := _unchanged(folder, processed, decides, accept_problems))
    ):
        return same
    kept, loading = Kept(folder, fingerprint, anew=anew), Loading(configuration, known, reading.corrections)
    at_once = min(configuration.reading_processes or os.cpu_count() or 1, len(files))
    loading.problems += strays
    loading.take_all(readings(files, reading, kept, at_once, lambda name, done: progress(name, done, len(files))))  # fmt: skip
    kept.sweep()
    progress("contract", len(files), len(files))
    load = loading.loaded(last_load(processed))
    report = Report(load.files, load.sheets, load.problems, load.tables)
    nothing_sound = set(report.tables) <= set(ABOUT_THE_BUILD)
    if not publishing or nothing_sound or (report.refusals and not accept_problems):
        return report
    progress("publication", len(files), len(files))
    snapshot = publish(report.tables, processed, files=[vars(file) for file in report.files], problems=report.problems,
                       keep=configuration.snapshots_kept, now=now, code_version=code_version)  # fmt: skip
    LastBuild(decides, snapshot.id, report.files, report.sheets, report.problems).write(folder)
    return replace(report, snapshot=snapshot)


def kept_beside(mappings: Path | None) -> list[RawFile]:
    """The files of the officers' folder, in order of name; none where there is no such folder or nothing in it."""
    if mappings is None or not mappings.is_dir():
        return []
    paths = (path for path in mappings.rglob("*") if path.is_file() and _is_meant(path, mappings))
    return [raw_file(path, mappings.parent) for path in sorted(paths)]


def _that_matter(configuration: Configuration) -> dict[str, Any]:
    """The settings that can change what a build finds: not where things are, nor how they are done."""
    settings = {field.name: getattr(configuration, field.name) for field in fields(configuration)}
    return {
        name: value
        for name, value in settings.items()
        if not isinstance(value, Path)
        and name not in ("origins", "port", "snapshots_kept", "reading_processes")
    }


def _unchanged(folder: Path, processed: Path, decides: str, accept_problems: bool) -> Report | None:
    """The report of the build that published what is current, if a build now would do the same; else None."""
    last = last_build(folder)
    try:
        if last is None or last.fingerprint != decides or last.snapshot != current_id(processed):
            return None
        snapshot = Snapshot.open(processed)
    except HnbError:
        return None  # what is published is damaged: publish anew
    report = Report(last.files, last.sheets, last.problems, _Published(snapshot), snapshot, is_unchanged=True)
    return report if accept_problems or not report.refusals else None


class _Published(Mapping[str, pandas.DataFrame]):
    """The tables of a snapshot, each decoded when it is asked for."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot

    def __getitem__(self, name: str) -> pandas.DataFrame:
        if not self.snapshot.has(name):
            raise KeyError(name)
        return self.snapshot.frame(name)

    def __iter__(self) -> Iterator[str]:
        return iter(self.snapshot.manifest["tables"])

    def __len__(self) -> int:
        return len(self.snapshot.manifest["tables"])


def no_files(raw: Path) -> list[Problem]:
    """What stands in the folder as a file would and is none, each refused by name: a link that leads nowhere, a pipe, a device."""
    return [
        Problem(one_line(path.relative_to(raw).as_posix()), "unreadable_file",
                "it is a link that leads nowhere" if path.is_symlink() else "it is no file but a pipe, a socket or a device", "a file that can be read",
                "Take it out of the folder, or put the file itself there")
        for path in sorted(raw.rglob("*"))
        if not path.is_dir() and not path.is_file() and _is_meant(path, raw)
    ]  # fmt: skip


def _is_meant(path: Path, raw: Path) -> bool:
    """Whether it is there to be read: no README, no hidden file, no lock file of Excel's."""
    is_hidden = any(part.startswith((".", "~$")) for part in path.relative_to(raw).parts)
    return not is_hidden and not path.name.lower().startswith("readme")


def workbook_paths(raw: Path) -> list[Path]:
    """Every file of the folder and its subfolders, in order of name; not READMEs, hidden files or Excel's lock files."""
    if not raw.is_dir():
        raise HnbError(
            f"There is no folder {raw}. Make it and put the workbooks there, or give another with --raw."
        )
    paths = [path for path in raw.rglob("*") if path.is_file() and _is_meant(path, raw)]
    if not paths:
        raise HnbError(
            f"There is no workbook in {raw}. Put some there, or run `python -m etl sample` for generated ones."
        )
    return sorted(paths, key=lambda path: path.relative_to(raw).as_posix())
