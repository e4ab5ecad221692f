"""Where the report of a build is left: beside the snapshots, one folder a build, or a folder that a user names.

The folder::

    processed/reports/
      000007-20261123T211300Z/    report.html  report.xlsx    of the build that published this snapshot
      refused-20261123T210900Z/   report.html  report.xlsx    of a build that published nothing

A report is no part of its snapshot, which nothing may change; it can be sent round or thrown away.
"""

from __future__ import annotations

import datetime
import shutil
from pathlib import Path

from etl.report_content import Content
from etl.report_page import page
from etl.report_workbook import workbook

_REFUSED = "refused-"


def leave(content: Content, processed: Path, *, now: datetime.datetime, keep: int) -> Path:
    """Write the report beside the snapshots and give its folder; older ones than the last `keep` of its sort go.

    The report of a snapshot has the snapshot's name. OSError where the disk refuses.
    """
    reports = processed / "reports"
    snapshot = content.report.snapshot
    folder = reports / (
        snapshot.id if snapshot else f"{_REFUSED}{now.astimezone(datetime.UTC):%Y%m%dT%H%M%SZ}"
    )
    if not (content.report.is_unchanged and folder.is_dir()):
        write(content, folder)
    is_refused = folder.name.startswith(_REFUSED)
    alike = sorted(
        entry
        for entry in reports.iterdir()
        if entry.is_dir() and entry.name.startswith(_REFUSED) == is_refused
    )
    for old in alike[:-keep]:
        shutil.rmtree(old, ignore_errors=True)  # somebody on Windows has it open: next time
    return folder


def left(
    content: Content,
    processed: Path,
    named: Path | None,
    *,
    publishing: bool,
    now: datetime.datetime,
    keep: int,
) -> str:
    """Leave the report where it belongs and give the sentence that says where.

    A build leaves it beside the snapshots, and in the folder that a user names as well; a check only there.
    A disk that refuses is told in the sentence: what was published stands all the same.
    """
    try:
        folders = [leave(content, processed, now=now, keep=keep)] if publishing else []
        if named is not None:
            write(content, named)
            folders.append(named)
    except OSError as error:
        return f"The report cannot be written to {error.filename or processed} ({error.strerror or error})."
    return f"Report: {folders[-1] / 'report.html'}, with report.xlsx beside it." if folders else ""


def write(content: Content, folder: Path) -> None:
    """Write report.html and report.xlsx into a folder, each whole or not at all. OSError where the disk refuses."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, held in (("report.html", page(content).encode()), ("report.xlsx", workbook(content))):
        new = folder / f".{name}.new"
        new.write_bytes(held)
        new.replace(folder / name)
