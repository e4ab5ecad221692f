"""The report of a build in a terminal: what became of each file's rows, then the problems, refusals before notes.

Only wording and layout; it counts nothing itself.
"""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from etl.account import SheetAccount
from etl.pipeline import Report
from hnb.contract import Problem
from hnb.tables import ABOUT_THE_BUILD

_SHOWN_OF_A_KIND = 15
_WIDE = 130  # columns that the table of files needs; in a narrower terminal each sheet is a line of words


def show(
    report: Report, console: Console, *, checked_only: bool = False, accept_problems: bool = False
) -> None:
    """Print the whole report."""
    read = [sheet for sheet in report.sheets if sheet.layout or sheet.rows_refused]
    if console.width >= _WIDE:
        console.print(_files(read))
    else:
        for line in file_lines(read):
            console.print(Text(line), soft_wrap=True)
    for line in ignored_lines([sheet for sheet in report.sheets if sheet not in read]):
        console.print(Text(line), soft_wrap=True)
    for severity, title in (("refusal", "Refused"), ("note", "Worth knowing")):
        found = [problem for problem in report.problems if problem.severity == severity]
        _problems(found, title, console, is_published=report.snapshot is not None)
    for line in conclusion(report, checked_only=checked_only, accept_problems=accept_problems):
        console.print(Text(line), soft_wrap=True)


def conclusion(report: Report, *, checked_only: bool = False, accept_problems: bool = False) -> list[str]:
    """The last lines: what was published, or why not."""
    refusals, notes = len(report.refusals), len(report.problems) - len(report.refusals)
    rows = {name: len(frame) for name, frame in report.tables.items() if name not in ABOUT_THE_BUILD}
    lines = [
        f"{len(report.files)} file{'' if len(report.files) == 1 else 's'}, {sum(sheet.rows_read for sheet in report.sheets):,} rows; {refusals:,} refused, {notes:,} worth knowing."
    ]
    if rows:
        lines.append("Tables: " + ", ".join(f"{name} {count:,}" for name, count in rows.items()) + " rows.")
    if report.snapshot:
        accepted = " although problems were refused, as you asked" if refusals else ""
        lines.append(f"Published as snapshot {report.snapshot.id}{accepted}.")
    elif checked_only:
        lines.append("Nothing was published: this was only a check.")
    elif refusals:
        lines.append(
            "Nothing was published. Mend what is refused, or publish the rest with --accept-problems; what was published before still stands."
        )
    return lines


def file_lines(sheets: Sequence[SheetAccount]) -> list[str]:
    """Each sheet in one line of words: what it is, and what became of its rows."""
    lines = []
    for sheet in sheets:
        where = sheet.file if sheet.sheet in sheet.file else f"{sheet.file}!{sheet.sheet}"
        parts = [f"{sheet.rows_read:,} rows read", f"{sheet.rows_loaded:,} loaded"]
        parts += [
            f"{count:,} {word}"
            for count, word in (
                (sheet.rows_corrected, "corrected"),
                (sheet.rows_refused, "refused"),
                (sheet.rows_ignored, "ignored by name"),
            )
            if count
        ]
        if sheet.totals_printed:
            parts.append(f"{sheet.totals_met:,} of {sheet.totals_printed:,} printed totals met")
        lines.append(f"{where} ({_recognised_as(sheet)}): {', '.join(parts)}")
    return lines


def ignored_lines(sheets: Sequence[SheetAccount]) -> list[str]:
    """Sheets that were left out by name, one line for each file and reason."""
    by_reason: dict[tuple[str, str], list[str]] = {}
    for sheet in sheets:
        for reason in sheet.reasons:
            # Members of an archive stand under the archive's name.
            archive = sheet.file.split(".zip/")[0] + ".zip" if ".zip/" in sheet.file else sheet.file
            by_reason.setdefault((archive, reason), []).append(sheet.sheet)
    return [
        f"{file}: left out by name: {', '.join(names)} ({reason})"
        for (file, reason), names in by_reason.items()
    ]


def _recognised_as(sheet: SheetAccount) -> str:
    return sheet.layout or "not recognised"


def _files(sheets: Sequence[SheetAccount]) -> Table:
    table = Table(title="Files", title_justify="left", header_style="bold", expand=False)
    for heading in ("file", "sheet", "recognised as"):
        table.add_column(heading, overflow="fold")
    for heading in ("read", "loaded", "corrected", "refused", "ignored", "totals met"):
        table.add_column(heading, justify="right", no_wrap=True)
    for sheet in sheets:
        totals = f"{sheet.totals_met:,} of {sheet.totals_printed:,}" if sheet.totals_printed else ""
        style = "red" if sheet.rows_refused or sheet.totals_met < sheet.totals_printed else ""
        shown = "" if sheet.sheet in sheet.file else sheet.sheet
        table.add_row(Text(sheet.file), Text(shown), Text(_recognised_as(sheet)), f"{sheet.rows_read:,}", f"{sheet.rows_loaded:,}", f"{sheet.rows_corrected:,}",
                      f"{sheet.rows_refused:,}", f"{sheet.rows_ignored:,}", totals, style=style)  # fmt: skip
    return table


def _problems(problems: Sequence[Problem], title: str, console: Console, *, is_published: bool) -> None:
    """Problems of one severity, by kind; of a kind that fills the screen, the first ones and how many more."""
    if not problems:
        return
    console.print(Text(f"\n{title}", style="bold"))
    kinds: dict[str, list[Problem]] = {}
    for problem in problems:
        kinds.setdefault(problem.what, []).append(problem)
    # A total that is not met is most often what follows from a cell refused above.
    for kind, of_kind in sorted(kinds.items(), key=lambda found: found[0].startswith("total_")):
        console.print(Text(f"{kind.replace('_', ' ')} ({len(of_kind):,})", style="underline"))
        for problem in of_kind[:_SHOWN_OF_A_KIND]:
            console.print(Text(f"  {problem.sentence()}"), soft_wrap=True)
        if len(of_kind) > _SHOWN_OF_A_KIND:
            where = "; all are in the snapshot's table `problems`" if is_published else " like these"
            console.print(Text(f"  … and {len(of_kind) - _SHOWN_OF_A_KIND:,} more{where}"))
