"""What the report of a build says, before anyone says it: the same for the terminal, the page and the workbook.

The figures come from `hnb.quality` and the tables of the build; this module puts them in order and words them.
It names files, sheets, cells and kinds of problem, and never a row of a child.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import polars

from etl.pipeline import Report
from hnb import load_findings, quality, wording
from hnb.contract import Problem
from hnb.load_findings import plural
from hnb.tables import ABOUT_THE_BUILD, TABLES

REASONS = {
    "rows_corrected": "corrected",
    "rows_refused": "refused",
    "rows_ignored": "ignored by name",
}
"""What can become of a row that is not loaded as it stands, in words."""

_MOVED = (polars.col("rows_new") + polars.col("rows_changed") + polars.col("rows_vanished")) > 0
_IN_FULL = ("financial_year", "reported_on", "kind")


@dataclass(frozen=True)
class Kind:
    """All problems of one kind: its words, what mends it, and each of them."""

    severity: str
    code: str
    problems: tuple[Problem, ...]

    @property
    def label(self) -> str:
        """The kind in words: "Printed total not met"."""
        return load_findings.kind(self.code)

    @property
    def mend(self) -> str:
        """What mends it, a sentence; "" where the list of kinds says nothing."""
        return load_findings.mend(self.code)

    @property
    def rows(self) -> int:
        """How many rows these problems refuse; a row with two problems counts under each."""
        return sum(problem.rows for problem in self.problems)


@dataclass(frozen=True)
class SheetLine:
    """One sheet with what became of its rows: `account` is its row of `quality.account`; `refused` says why."""

    account: Mapping[str, Any]
    refused: tuple[tuple[str, int], ...]
    reasons: Mapping[str, int]

    @property
    def where(self) -> str:
        """The file and the sheet; a sheet that is called as its file is not said twice."""
        file = str(self.account["file"])
        return f"{file}!{self.account['sheet']}" if self.has_own_name else file

    @property
    def has_own_name(self) -> bool:
        """Whether the sheet is called otherwise than its file."""
        return (self.account["sheet"] or "") not in self.account["file"]

    @property
    def recognised_as(self) -> str:
        """The layout's name, or that there is none."""
        return self.account["layout"] or "not recognised"

    @property
    def is_left_out(self) -> bool:
        """Whether the whole sheet was ignored by name."""
        return not self.account["layout"] and not self.account["rows_refused"]

    @property
    def is_sound(self) -> bool:
        """Whether no row was refused and every printed total met."""
        return not self.account["rows_refused"] and self.account["totals_met"] == self.account["totals_printed"]  # fmt: skip

    def rows_words(self) -> str:
        """ "3,500 rows read: 3,469 loaded, 12 corrected, 19 refused"."""
        parts = [f"{self.account['rows_loaded']:,} loaded"]
        parts += [f"{self.account[name]:,} {word}" for name, word in REASONS.items() if self.account[name]]
        return f"{plural(self.account['rows_read'], 'row')} read: {', '.join(parts)}"

    def ignored_words(self) -> str:
        """Why its rows were ignored: "A total (3); a footnote (1)"; "" where none was."""
        return "; ".join(f"{reason} ({count:,})" for reason, count in self.reasons.items())

    def refused_words(self) -> str:
        """Why its rows were refused, the most frequent first: "unknown code (10), blank (5)"; "" where none was."""
        return ", ".join(f"{label} ({count:,})" for label, count in self.refused)

    def totals_words(self) -> str:
        """ "12 of 12 printed totals met"; "" where none is printed."""
        printed, met = self.account["totals_printed"], self.account["totals_met"]
        return f"{met:,} of {plural(printed, 'printed total')} met" if printed else ""

    def money_words(self) -> str:
        """ "every pound accounted for", "£200 refused, all others accounted for"; "" where the sheet holds no money."""
        return load_findings.pounds_of(self.account)


@dataclass(frozen=True)
class Content:
    """The report of one build. `made` names the build: its snapshot, or that it published nothing."""

    report: Report
    checked_only: bool = False
    accept_problems: bool = False

    @property
    def state(self) -> str:
        """How it ended: unchanged, published, accepted (published although something was refused), checked, refused, nothing."""
        if self.report.is_unchanged:
            return "unchanged"
        if self.report.snapshot:
            return "accepted" if self.report.refusals else "published"
        if self.report.refusals and not self.checked_only:
            return "refused"
        return "checked" if self.checked_only else "nothing"

    @property
    def verdict(self) -> str:
        """The end of the build in a sentence, with what to do."""
        snapshot = self.report.snapshot
        count = len(self.report.refusals)
        held = f"{plural(count, 'problem')} {'holds' if count == 1 else 'hold'} it up"
        return {
            "unchanged": f"Nothing changed since snapshot {snapshot.id}, so nothing new was published (--anew reads and publishes all the same)." if snapshot else "",
            "published": f"Published as snapshot {snapshot.id}." if snapshot else "",
            "accepted": f"Published as snapshot {snapshot.id}, as you asked, without what {plural(count, 'problem')} {'refuses' if count == 1 else 'refuse'}." if snapshot else "",
            "checked": "Nothing was published: this was only a check." + (f" A build would publish nothing: {held}." if count else ""),
            "refused": f"Nothing was published: {held}. Mend what is refused, or publish the rest with --accept-problems; what was published before still stands.",
            "nothing": "Nothing was published: no row of any file is sound. What was published before still stands.",
        }[self.state]  # fmt: skip

    @cached_property
    def whole(self) -> Mapping[str, Any]:
        """The account of all files together."""
        return quality.account(self.report.tables["files"]).row(0, named=True)

    @cached_property
    def sheets(self) -> tuple[SheetLine, ...]:
        """Sheets that a layout read, or of which rows were refused, in order of file and sheet."""
        return tuple(sheet for sheet in self.accounts if not sheet.is_left_out)

    @cached_property
    def left_out(self) -> tuple[str, ...]:
        """Sheets that were left out whole, by name: a line for all files with the same sheets and reason."""
        sheets: dict[tuple[str, str], list[str]] = {}
        for sheet in self.accounts:
            # Members of an archive stand under the archive's name.
            file = sheet.account["file"]
            archive = file.split(".zip/")[0] + ".zip" if ".zip/" in file else file
            for reason in sheet.reasons if sheet.is_left_out else ():
                sheets.setdefault((archive, reason), []).append(sheet.account["sheet"] or "")
        files: dict[tuple[str, str], list[str]] = {}
        for (file, reason), names in sheets.items():
            files.setdefault((", ".join(names), reason), []).append(file)
        return tuple(
            f"{alike[0]}{_and_more(len(alike) - 1)}: left out by name: {names} ({reason})"
            for (names, reason), alike in files.items()
        )

    @cached_property
    def accounts(self) -> tuple[SheetLine, ...]:
        """Every sheet, those left out by name too."""
        frame = quality.account(self.report.tables["files"], ("file", "sheet", "layout"))
        reasons = {(sheet.file, sheet.sheet): sheet.reasons for sheet in self.report.sheets}
        return tuple(
            SheetLine(account, self._refused.get(where, ()), reasons.get(where, {}))
            for account in frame.iter_rows(named=True)
            for where in [(account["file"], account["sheet"] or "")]
        )

    @cached_property
    def _refused(self) -> dict[tuple[str, str], tuple[tuple[str, int], ...]]:
        """Of each file and sheet, how many rows each kind of problem refuses."""
        counts: dict[tuple[str, str], dict[str, int]] = {}
        for problem in self.report.problems:
            if problem.rows and problem.severity == "refusal":
                of_sheet = counts.setdefault(_sheet_of(problem.where), {})
                label = wording.lowered(load_findings.kind(problem.what))
                of_sheet[label] = of_sheet.get(label, 0) + problem.rows
        return {
            where: tuple(sorted(of_sheet.items(), key=lambda found: -found[1]))
            for where, of_sheet in counts.items()
        }

    @cached_property
    def kinds(self) -> tuple[Kind, ...]:
        """The problems by kind: refusals before notes, causes before the totals that follow from them."""
        by_kind: dict[tuple[str, str], list[Problem]] = {}
        for problem in self.report.problems:
            by_kind.setdefault((problem.severity, problem.what), []).append(problem)
        order = quality.problem_kinds(self.report.tables["problems"]).select("severity", "what").rows()
        return tuple(Kind(severity, what, tuple(by_kind[severity, what])) for severity, what in order)

    @cached_property
    def is_first_load(self) -> bool:
        """Whether there was no load before this one."""
        return not self.report.is_unchanged and quality.is_first_load(self.report.tables["load_changes"])

    def changes(self, cut: str, by: Sequence[str] = ()) -> polars.DataFrame:
        """What moved since the last load, in one cut, split as finely as pounds need it unless `by` says else."""
        places = ("file", "sheet") if cut == "by_sheet" else ("line",)
        found = quality.changes(
            self.report.tables["load_changes"], cut, tuple(by) or ("table", *places, *_IN_FULL)
        )
        # The tables of a build that changed nothing tell of what the build before it changed.
        moved = found.clear() if self.report.is_unchanged else found.filter(_MOVED)
        # Lines of many years and kinds are too many to read in their own order: the largest difference first.
        return moved if cut == "by_sheet" else moved.sort(polars.col("amount_difference").abs(), descending=True, nulls_last=True, maintain_order=True)  # fmt: skip

    @cached_property
    def coverage(self) -> polars.DataFrame:
        """The table `coverage`; no rows where nothing was sound."""
        if "coverage" not in self.report.tables:
            return polars.DataFrame(schema=dict.fromkeys(TABLES["coverage"].names, polars.String))
        return polars.from_pandas(self.report.tables["coverage"])

    @property
    def tables(self) -> Mapping[str, int]:
        """The tables of the model that the build made, with their rows."""
        if self.report.snapshot:
            entries = self.report.snapshot.manifest["tables"]
            return {name: entry["rows"] for name, entry in entries.items() if name not in ABOUT_THE_BUILD}
        return {name: len(frame) for name, frame in self.report.tables.items() if name not in ABOUT_THE_BUILD}

    @cached_property
    def facts(self) -> tuple[tuple[str, str], ...]:
        """The summary: a heading and a sentence each."""
        kinds = quality.problem_kinds(self.report.tables["problems"])
        moved = quality.changes(self.report.tables["load_changes"], "by_sheet", ())
        totals = self.whole["totals_printed"]
        money = load_findings.pounds_of(self.whole)
        return (
            ("Result", self.verdict),
            ("Files", load_findings.of_files(self.whole, len(self.report.files)) + "."),
            *([("Money", f"{money[0].upper()}{money[1:]}.")] if money else []),
            (
                "Printed totals",
                f"{self.whole['totals_met']:,} of {plural(totals, 'printed total')} met." if totals else "No sheet prints a total.",
            ),
            ("Problems", load_findings.of_problems(kinds) + "."),
            (
                "Changes",
                "No row changed since the last load." if self.report.is_unchanged
                else load_findings.of_changes(moved.row(0, named=True), is_first=self.is_first_load) + ".",
            ),
            ("Coverage", load_findings.of_coverage(self.coverage) + "."),
            (
                "Tables",
                ", ".join(f"{name.replace('_', ' ')} {count:,}" for name, count in self.tables.items()) + " rows."
                if self.tables
                else "None.",
            ),
        )  # fmt: skip


def change_place(row: Mapping[str, Any]) -> str:
    """Where something changed: "register.xlsx!Register, placements of 2026-27 as at 31 October 2026"."""
    if "line" in row:
        place = wording.label("line", row["line"]) if row["line"] else "no budget line"
    else:
        place = row["file"] if not row["sheet"] or row["sheet"] in row["file"] else f"{row['file']}!{row['sheet']}"  # fmt: skip
    said = row["table"].replace("_", " ")
    said += f" ({wording.lowered(row['kind'])})" if row["kind"] else ""
    said += f" of {row['financial_year']}" if row["financial_year"] else ""
    said += f" as at {wording.date(row['reported_on'])}" if row["reported_on"] else ""
    return f"{place}, {said}"


def change_words(row: Mapping[str, Any]) -> str:
    """ "3 new, 1 changed; £1,200 before, £1,500 now (+£300)"."""
    counts = [f"{row[f'rows_{word}']:,} {word}" for word in ("new", "changed", "vanished") if row[f"rows_{word}"]]  # fmt: skip
    if row["amount_difference"] is None:
        return ", ".join(counts)
    before, now = wording.pounds(row["amount_before"]), wording.pounds(row["amount_now"])
    return f"{', '.join(counts)}; {before} before, {now} now ({wording.pounds(row['amount_difference'], signed=True)})"  # fmt: skip


def _and_more(files: int) -> str:
    return f" and {plural(files, 'more file')}" if files else ""


def _sheet_of(where: str) -> tuple[str, str]:
    """The file and the sheet of an address file!sheet!cell; the sheet may be missing."""
    file, _, rest = where.partition("!")
    return file, rest.rpartition("!")[0] or rest
