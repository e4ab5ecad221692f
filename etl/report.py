"""The report of a build in a terminal: the summary, each file's account, the problems, what changed, the gaps.

Only layout; what is said, and every figure, is `etl.report_content`'s.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from rich.console import Console
from rich.table import Table
from rich.text import Text

from etl.pipeline import Report
from etl.report_content import Content, SheetLine, change_place, change_words
from hnb import load_findings, quality
from hnb.load_findings import plural

_SHOWN_OF_A_KIND = 15
_SHOWN_CHANGES = 15
_WIDE = (
    130  # columns that the table of files needs; in a narrower terminal each sheet is a few lines of words
)


def show(
    report: Report, console: Console, *, checked_only: bool = False, accept_problems: bool = False
) -> None:
    """Print the whole report."""
    content = Content(report, checked_only, accept_problems)
    if report.is_unchanged:
        # All of it was said when that snapshot was published; its report and the Data page still say it.
        refused, notes = len(report.refusals), len(report.problems) - len(report.refusals)
        _line(
            f"{plural(len(report.files), 'file')}; {plural(refused, 'problem')} and {plural(notes, 'note')}, as that snapshot's report says.",
            console,
        )
        _line(content.verdict, console)
        return
    _facts(content, console)
    _heading("Files", console)
    if console.width >= _WIDE:
        console.print(_files(content))
    else:
        for sheet in content.sheets:
            for number, line in enumerate(sheet_lines(sheet)):
                _line(line, console, indent=2 if number else 0)
    for line in content.left_out:
        _line(line, console)
    for severity, title in (("refusal", "Refused"), ("note", "Worth knowing")):
        _problems(content, severity, title, console)
    _changes(content, console)
    _gaps(content, console)
    # Once more where the eye is when all has been printed.
    console.print()
    _line(content.verdict, console)


def sheet_lines(sheet: SheetLine) -> list[str]:
    """A sheet in words: one line where all is well, else a line each for its rows, why some were refused, its money, its totals."""
    parts = [sheet.rows_words(), sheet.money_words(), sheet.totals_words()]
    if sheet.is_sound:
        return [f"{sheet.where} ({sheet.recognised_as}): {'; '.join(part for part in parts if part)}"]
    parts.insert(1, f"refused: {sheet.refused_words()}" if sheet.refused else "")
    return [f"{sheet.where} ({sheet.recognised_as})", *(part for part in parts if part)]


def _line(words: str, console: Console, indent: int = 0) -> None:
    # In a terminal a long line goes on under itself; in a log it stays one line, for grep.
    if console.is_terminal:
        space = " " * indent
        words = textwrap.fill(words, console.width, initial_indent=space, subsequent_indent=space + "  ", break_on_hyphens=False)  # fmt: skip
        console.print(Text(words))
    else:
        console.print(Text(" " * indent + words), soft_wrap=True)


def _heading(words: str, console: Console) -> None:
    console.print(Text(f"\n{words}", style="bold"))


def _facts(content: Content, console: Console) -> None:
    table = Table.grid(padding=(0, 2))
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for name, sentence in content.facts:
        table.add_row(
            name, Text(sentence, style="red" if name == "Result" and content.report.refusals else "")
        )
    console.print(table)


def _files(content: Content) -> Table:
    table = Table(header_style="bold", expand=False)
    for heading in ("file", "sheet", "recognised as"):
        table.add_column(heading, overflow="fold")
    for heading in ("read", "loaded", "corrected", "refused", "ignored", "totals met"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("pounds", overflow="fold")
    table.add_column("why refused", overflow="fold")
    for sheet in content.sheets:
        account = sheet.account
        totals = f"{account['totals_met']:,} of {account['totals_printed']:,}" if account["totals_printed"] else ""  # fmt: skip
        shown = account["sheet"] if sheet.has_own_name else ""
        table.add_row(
            Text(account["file"]), Text(shown), Text(sheet.recognised_as), *[f"{account[name]:,}" for name in quality.ROWS], totals,
            Text(sheet.money_words()), Text(sheet.refused_words()), style="" if sheet.is_sound else "red",
        )  # fmt: skip
    return table


def _problems(content: Content, severity: str, title: str, console: Console) -> None:
    """Problems of one severity, by kind; of a kind that fills the screen, the first ones and how many more."""
    kinds = [kind for kind in content.kinds if kind.severity == severity]
    if kinds:
        _heading(title, console)
    for kind in kinds:
        rows = f", {plural(kind.rows, 'row')} refused" if kind.rows else ""
        console.print(
            Text(
                f"{kind.label} ({plural(len(kind.problems), 'problem' if severity == 'refusal' else 'note')}{rows})",
                style="underline",
            )
        )
        for problem in kind.problems[:_SHOWN_OF_A_KIND]:
            _line(problem.sentence(), console, indent=2)
        if len(kind.problems) > _SHOWN_OF_A_KIND:
            more = len(kind.problems) - _SHOWN_OF_A_KIND
            _line(f"… and {more:,} more; all are in the report's sheet Problems", console, indent=2)


def _changes(content: Content, console: Console) -> None:
    """What moved since the last load, by sheet and by line; of a first load the summary has said all."""
    if content.is_first_load or content.changes("by_sheet").is_empty():
        return
    _heading("What changed since the last load, by sheet", console)
    _some(_change_lines(content, "by_sheet"), console)
    lines = list(_change_lines(content, "by_line"))
    if lines:
        _heading("The same changes by budget line (not to be added to those above)", console)
        _some(iter(lines), console)


def _change_lines(content: Content, cut: str) -> Iterator[str]:
    for row in content.changes(cut).iter_rows(named=True):
        yield f"{change_place(row)}: {change_words(row)}"


def _some(lines: Iterator[str], console: Console) -> None:
    for number, line in enumerate(lines):
        if number == _SHOWN_CHANGES:
            left = 1 + sum(1 for _ in lines)
            _line(f"… and {left:,} more; all are in the report's sheet Changes", console)
            return
        _line(line, console)


def _gaps(content: Content, console: Console) -> None:
    gaps = quality.gaps(content.coverage)
    if gaps.is_empty():
        return
    _heading("Gaps", console)
    for gap in gaps.iter_rows(named=True):
        _line(f"{load_findings.series(gap)}: {gap['note']}", console)
