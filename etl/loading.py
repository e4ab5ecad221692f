"""All files of a build together: their rows as the tables of the model, checked, with the account of every sheet.

Files come in one at a time (`take`); `loaded` makes the tables. What cannot be told from one file alone is
told here: the contract, sums over several sheets, gaps in a run, and how this load stands to the last one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pandas
import polars

from etl.account import SheetAccount, copy_of, files_frame, settled
from etl.changes import load_changes
from etl.corrections_language import Correction
from etl.derive import derived
from etl.judgement import judgements
from etl.layout import Layout
from etl.magnitude import MONEY_TABLES, Sizes, between_reports, rows_since_last_load, since_last_load, sizes
from etl.money import money_problem
from etl.one_file import FileRead, OneFile, SheetRead
from etl.providers import confirmed_providers, unified
from etl.reconcile import gaps, sums_across
from etl.repeated_keys import gathered
from etl.sen2 import assembled
from etl.staging import BROUGHT, STAGED
from etl.which_stands import standing
from hnb.configuration import Configuration
from hnb.contract import Problem
from hnb.errors import HnbError
from hnb.ledger_mapping import mapped_payments
from hnb.store import Snapshot, current_id
from hnb.tables import ABOUT_THE_BUILD, TABLES


@dataclass(frozen=True)
class Load:
    """What all files together give: the tables, the accounts in order of file and sheet, the problems in order of weight."""

    files: tuple[FileRead, ...]
    sheets: tuple[SheetAccount, ...]
    problems: tuple[Problem, ...]
    tables: Mapping[str, pandas.DataFrame]


@dataclass(frozen=True)
class LastLoad:
    """How many rows each table had at the last load, how large its figures were, and the tables themselves.

    `tables` is None where there was no last load.
    """

    rows: Mapping[str, int] = field(default_factory=dict)
    sizes: Sizes = field(default_factory=dict)
    tables: Mapping[str, polars.DataFrame] | None = None


class Loading:
    """Gathers files in their order, and makes the tables of them at the end."""

    def __init__(
        self, configuration: Configuration, layouts: Sequence[Layout], corrections: Sequence[Correction] = ()
    ) -> None:
        self.configuration = configuration
        self.corrections = corrections
        self.layouts = {layout.name: layout for layout in layouts}
        self.files: list[FileRead] = []
        self.problems: list[Problem] = []
        self.others: list[SheetAccount] = []
        self.sheets: list[SheetRead] = []
        self.refused: list[set[int]] = []

    def take_all(self, files: Iterable[OneFile]) -> None:
        """Many files, each let go by everybody else once it is taken."""
        for one in files:
            self.take(one)

    def take(self, one: OneFile) -> None:
        """One file more; a copy of one that was taken before is not counted again."""
        if one.file is None:
            self.problems += one.problems
            return
        copied = next(
            (file.name for file in self.files if file.sha256 and file.sha256 == one.file.sha256), None
        )
        self.files.append(one.file)
        if copied:
            self.problems.append(Problem(one.file.name, "same_file_twice", f"it is the same file as {copied}, byte for byte, and was not counted again", "each file once",
                                         "Take one of the two out of the folder", "note"))  # fmt: skip
            accounts = (*(sheet.account for sheet in one.sheets), *one.others)
            self.others += [copy_of(account, account.file, copied) for account in accounts]
            return
        self.problems += one.problems
        self.others += one.others
        self.sheets += one.sheets
        self.refused += [set(sheet.refused) for sheet in one.sheets]

    def loaded(self, last_load: LastLoad) -> Load:
        """The tables, checked, with everything that was found on the way."""
        self.sheets, told = standing(self.sheets, self.corrections)
        self.problems += told
        staged = {name: self._table(name) for name in STAGED}
        joined = self._joined(staged)
        tables = {name: self._table(name, joined.get(name)) for name in BROUGHT if name not in STAGED}
        tables = {name: frame for name, frame in tables.items() if len(frame)}
        used = [self.layouts[name] for name in dict.fromkeys(sheet.layout for sheet in self.sheets)]
        for across in dict.fromkeys(across for layout in used for across in layout.across):
            if across.table in tables:
                self.problems += sums_across(tables[across.table], across, self.configuration.total_tolerance)
        for layout in used:
            if layout.run:
                of_layout = [sheet for sheet in self.sheets if sheet.layout == layout.name]
                self.problems += gaps(
                    layout, [(sheet.account.file, sheet.frames[layout.tables[0]]) for sheet in of_layout]
                )
        # The rows are in the tables now; the sheets need them no more.
        self.sheets = [replace(sheet, frames={}) for sheet in self.sheets]
        tables = {name: TABLES[name].conform(frame) for name, frame in tables.items() if name in TABLES}
        if "placements" in tables:
            tables["placements"], notes = unified(tables["placements"], confirmed_providers())
            self.problems += notes
        if "payments" in tables:
            tables["payments"], notes = mapped_payments(tables["payments"], tables.get("ledger_mapping"))
            self.problems += notes
        tables |= derived(tables)
        self.problems += judgements(tables)
        rows_now = {name: len(frame) for name, frame in tables.items() if name not in ABOUT_THE_BUILD}
        most = self.configuration.magnitude_change_share
        self.problems += rows_since_last_load(rows_now, last_load.rows, most)
        self.problems += since_last_load(sizes(tables), last_load.sizes, most)
        self.problems += between_reports(tables["budget"]) if "budget" in tables else []
        for sheet, refused in zip(self.sheets, self.refused, strict=True):
            where = f"{sheet.account.file}!{sheet.account.sheet}"
            if sheet.money and (problem := money_problem(sheet.money, refused, where)):
                self.problems.append(problem)
        accounts = sorted(
            [
                settled(sheet.account, sheet.produced, sheet.corrected_rows, refused, sheet.money)
                for sheet, refused in zip(self.sheets, self.refused, strict=True)
            ]
            + self.others,
            key=lambda account: (account.file, account.sheet),
        )
        problems = tuple(sorted(self.problems, key=lambda problem: (problem.severity != "refusal", problem)))
        tables["load_changes"] = load_changes(tables, last_load.tables)
        tables["files"] = TABLES["files"].conform(files_frame(accounts))
        tables["problems"] = TABLES["problems"].conform(
            _problems_frame(
                problems, [*(account.file for account in accounts), *(file.name for file in self.files)]
            )
        )
        return Load(tuple(self.files), tuple(accounts), problems, tables)

    def _frames(self, name: str) -> list[pandas.DataFrame]:
        """The rows of a table as they were read, a frame for each sheet, with the sheet's number."""
        return [
            sheet.frames[name].assign(_sheet=number)
            for number, sheet in enumerate(self.sheets)
            if name in sheet.frames and len(sheet.frames[name])
        ]

    def _joined(self, staged: Mapping[str, pandas.DataFrame]) -> dict[str, pandas.DataFrame]:
        """Rows put together from staged tables, each on the account of the staged row that is its source."""
        registers = self._frames("placements")
        placements = {"placements": pandas.concat(registers, ignore_index=True)} if registers else {}
        done = assembled({**{name: frame for name, frame in staged.items() if len(frame)}, **placements})
        self.problems += done.problems
        origins = [frame[["source", "_sheet", "_row"]] for name in STAGED for frame in self._frames(name)]
        if not origins:
            return {}
        origin = pandas.concat(origins, ignore_index=True)
        self._refuse(origin[origin["source"].isin(done.refused)])
        return {
            name: frame.merge(origin, on="source", how="left", validate="many_to_one")
            for name, frame in done.frames.items()
        }

    def _refuse(self, rows: pandas.DataFrame) -> None:
        """Rows on the account of their sheets as refused; `rows` has `_sheet`, `_row` and `source`."""
        for number, row, source in rows[["_sheet", "_row", "source"]].itertuples(index=False, name=None):
            self.refused[number].update(self.sheets[number].members.get(source, (int(row),)))

    def _table(self, name: str, joined: pandas.DataFrame | None = None) -> pandas.DataFrame:
        """All sound rows of a table, from all sheets; the contract's refusals taken out, with their problems.

        `joined` are rows that were put together from staged tables.
        """
        frames = self._frames(name) + ([] if joined is None else [joined])
        if not frames:
            return pandas.DataFrame()
        table = BROUGHT[name]
        frame = pandas.concat(frames, ignore_index=True)
        unsaid = {
            column.name: None
            for column in table.columns
            if not column.required and column.name not in frame.columns
        }
        rows = frame.drop(columns=["_row", "_sheet"]).assign(**unsaid)
        found = table.check(rows)
        self.problems += gathered(found, rows, table)
        refused = {problem.where for problem in found if problem.severity == "refusal"}
        if any(problem.what == "missing_column" for problem in found):
            refused = set(frame["source"])
        if not refused:
            return rows
        is_refused = frame["source"].isin(refused)
        self._refuse(frame[is_refused])
        return rows[~is_refused].reset_index(drop=True)


def _problems_frame(problems: Sequence[Problem], files: Iterable[str]) -> pandas.DataFrame:
    """The problems as a table, each with its file: the longest name that its address begins with, since a name may hold a "!"."""
    known = sorted(set(files), key=len, reverse=True)

    def file_of(where: str) -> str:
        named = (file for file in known if where == file or where.startswith((f"{file}!", f"{file}/")))
        return next(named, where.split("!")[0])

    of_place = {where: file_of(where) for where in {problem.where for problem in problems}}
    return pandas.DataFrame(
        [{"file": of_place[problem.where], **vars(problem)} for problem in problems],
        columns=TABLES["problems"].names,
    )


def last_load(processed: Path) -> LastLoad:
    """What the published snapshot in a folder holds; nothing where there is none that is whole."""
    try:
        if not current_id(processed):
            return LastLoad()
        snapshot = Snapshot.open(processed)
        tables = {name: snapshot.frame(name) for name in MONEY_TABLES if snapshot.has(name)}
    except HnbError:
        # A damaged snapshot must not keep the build from publishing a sound one.
        return LastLoad()
    entries = snapshot.manifest["tables"].items()
    rows = {name: entry["rows"] for name, entry in entries if name not in ABOUT_THE_BUILD}
    before = {name: snapshot.table(name) for name, table in TABLES.items() if not table.derived_from and snapshot.has(name)}  # fmt: skip
    return LastLoad(rows, sizes(tables), before)
