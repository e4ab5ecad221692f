"""The modules of SEN2 returns as they were read: which return each record is of, and which record it follows from. Pure.

Records of a return are joined by the return's own ids. One that cannot be joined is refused, and whatever follows
from it is refused with it, under the one Problem that is at the root. What placements cost is in
`etl.placement_costs`, what they become in `etl.sen2`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

import pandas

from etl.staging import STAGED
from hnb import years
from hnb.codelists import CODELISTS
from hnb.contract import Problem

MODULES = CODELISTS["sen2_modules"]

# What a record follows from: its own column, the module, and that module's column. The export links by ids of
# its own, DfE's template by the request all the way down: the first that a record gives counts.
_LINKS: Mapping[str, tuple[tuple[str, str, str], ...]] = {
    "sen2_requests": (("person_id", "sen2_persons", "person_id"),),
    "sen2_assessments": (("request_id", "sen2_requests", "request_id"),),
    "sen2_named_plans": (
        ("assessment_id", "sen2_assessments", "assessment_id"),
        ("request_id", "sen2_requests", "request_id"),
    ),
    "sen2_plan_details": (
        ("named_plan_id", "sen2_named_plans", "named_plan_id"),
        ("request_id", "sen2_requests", "request_id"),
    ),
    "sen2_active_plans": (("request_id", "sen2_requests", "request_id"),),
    "sen2_placement_details": (
        ("active_plan_id", "sen2_active_plans", "active_plan_id"),
        ("request_id", "sen2_active_plans", "request_id"),
    ),
    "sen2_needs": (
        ("active_plan_id", "sen2_active_plans", "active_plan_id"),
        ("request_id", "sen2_active_plans", "request_id"),
    ),
}

# Columns that may say the same only once in a return, and what a person calls them. A request leads to one plan.
_UNIQUE: Mapping[str, Mapping[str, str]] = {
    "sen2_persons": {"person_id": "person ID", "pupil_id": "UPN", "learner_id": "ULN"},
    "sen2_requests": {"request_id": "request ID"},
    "sen2_assessments": {"assessment_id": "assessment ID"},
    "sen2_named_plans": {"named_plan_id": "named plan ID"},
    "sen2_active_plans": {"active_plan_id": "active plan ID", "request_id": "request ID"},
    "sen2_placement_details": {"placement_id": "placement ID"},
}


class Refusals:
    """What a join refuses: each row under the Problem that it follows from, which counts its rows."""

    def __init__(self) -> None:
        self._problems: list[Problem] = []
        self._under: dict[str, int] = {}
        self._keyed: dict[tuple[str, ...], int] = {}

    def refuse(self, problem: Problem, sources: Iterable[str]) -> None:
        """Rows refused, as far as nothing has refused them before. Without any, there is no problem."""
        fresh = [source for source in sources if source not in self._under]
        if fresh:
            self._under.update(dict.fromkeys(fresh, len(self._problems)))
            self._problems.append(problem)

    def refuse_under(self, key: tuple[str, ...], problem: Problem, source: str) -> None:
        """A row more under the one Problem of this key."""
        if source in self._under:
            return
        if key not in self._keyed:
            self._keyed[key] = len(self._problems)
            self._problems.append(problem)
        self._under[source] = self._keyed[key]

    def follow(self, source: str, root: str) -> None:
        """A row refused because the row that it follows from is."""
        self._under.setdefault(source, self._under[root])

    def note(self, problem: Problem) -> None:
        """Something worth knowing that refuses nothing."""
        self._problems.append(replace(problem, severity="note", rows=0))

    def has(self, source: str) -> bool:
        """Whether a row is refused."""
        return source in self._under

    @property
    def sources(self) -> frozenset[str]:
        """The addresses of all refused rows."""
        return frozenset(self._under)

    @property
    def problems(self) -> list[Problem]:
        """Every Problem, with the number of rows that it refuses."""
        rows = [0] * len(self._problems)
        for number in self._under.values():
            rows[number] += 1
        return [replace(problem, rows=count) for problem, count in zip(self._problems, rows, strict=True)]


class Modules:
    """The records of all returns, with their return (`of_return`) and the source of the record they follow from (`parent`).

    `frames` by module, each row with `source`; refused rows are still in them (`sound` leaves them out).
    `returns` has one row a return: authority, financial_year, year, as_at (a date) and source, by its place.
    """

    def __init__(self, brought: Mapping[str, pandas.DataFrame], refusals: Refusals) -> None:
        self.refusals = refusals
        self.frames = {
            name: brought[name].reset_index(drop=True) if name in brought else _nothing(name)
            for name in MODULES.codes
        }
        self._tell_returns_apart()
        self.returns = self._returns()
        self._refuse_repeated_ids()
        for name in _LINKS:
            self._link(name)

    def sound(self, name: str) -> pandas.DataFrame:
        """The records of a module that nothing refuses, by their source."""
        frame = self.frames[name]
        kept = frame[~frame["source"].isin(self.refusals.sources)]
        return kept.set_index("source", drop=False)

    def refuse_return(self, place: str, problem: Problem) -> None:
        """A whole return refused: every record of every module."""
        for_return = [frame.loc[frame["of_return"] == place, "source"] for frame in self.frames.values()]
        self.refusals.refuse(problem, pandas.concat(for_return).tolist())

    # -- which return

    def _tell_returns_apart(self) -> None:
        """A workbook with a header is a return; single files belong to the return of the folder or zip they lie in."""
        header = self.frames["sen2_header"]
        whole = {file for file in header["source"].map(_file) if not file.lower().endswith(".csv")}
        for frame in self.frames.values():
            files = frame["source"].map(_file)
            frame["of_return"] = [file if file in whole else _folder(file) for file in files]

    def _returns(self) -> pandas.DataFrame:
        header = self.frames["sen2_header"]
        places = dict.fromkeys(place for frame in self.frames.values() for place in frame["of_return"])
        rows = {}
        for place in places:
            of_place = header[header["of_return"] == place]
            first = self._first_source(place)
            if of_place.empty:
                self.refuse_return(place, Problem(first, "return_without_header", "the return has no header record, so its year and authority are not known",
                                                  "the module with Collection, Year, Reference Date and LA Number beside the others",
                                                  "Put the header's file or sheet beside the others of the return"))  # fmt: skip
                continue
            if len(of_place) > 1:
                self.refuse_return(place, Problem(str(of_place["source"].iloc[1]), "two_headers", f"another header record of the same return is at {of_place['source'].iloc[0]}",
                                                  "one header a return", "Put each year's return into a workbook, folder or zip of its own"))  # fmt: skip
                continue
            rows[place] = self._return(place, of_place.iloc[0])
        told = pandas.DataFrame.from_dict(rows, orient="index", columns=["authority", "financial_year", "year", "as_at", "source"])  # fmt: skip
        self._refuse_second_returns(told)
        return told

    def _return(self, place: str, header: pandas.Series[object]) -> dict[str, object]:
        year = int(str(header["year"]))
        financial_year = years.year_of_january(year)
        counted_on = years.january_count_on(financial_year)
        given = header["reference_on"]
        as_at = counted_on if pandas.isna(given) else given
        if years.year_of(as_at) != financial_year:
            self.refuse_return(place, Problem(str(header["source"]), "wrong_reference_date", f"the year is {year} and the reference date {as_at:%d/%m/%Y}", f"the January count of that year, {counted_on:%d/%m/%Y}",
                                              "Correct whichever is wrong in the header"))  # fmt: skip
        return {"authority": header["authority"], "financial_year": financial_year, "year": year, "as_at": as_at, "source": header["source"]}  # fmt: skip

    def _refuse_second_returns(self, returns: pandas.DataFrame) -> None:
        again = returns[returns.duplicated(["authority", "financial_year"])]
        for place, row in again.iterrows():
            same = returns[(returns["authority"] == row["authority"]) & (returns["year"] == row["year"])]
            self.refuse_return(str(place), Problem(str(row["source"]), "second_return", f"the return of {row['year']} is at {same['source'].iloc[0]} too", "one return for each January",
                                                   "Take one of the two out of the folder: they would be counted twice"))  # fmt: skip

    def _first_source(self, place: str) -> str:
        return next(str(source) for frame in self.frames.values() for source in frame.loc[frame["of_return"] == place, "source"])  # fmt: skip

    # -- ids

    def _refuse_repeated_ids(self) -> None:
        for name, columns in _UNIQUE.items():
            frame = self.frames[name]
            for column, said in columns.items():
                given = frame[frame[column].notna()]
                key = ["of_return", column]
                again = given[given.duplicated(key)]
                firsts = given.drop_duplicates(key).set_index(key)["source"]
                for source, place, value in zip(again["source"], again["of_return"], again[column], strict=True):  # fmt: skip
                    self.refusals.refuse(Problem(source, "repeated_id", f"the same {said} is already at {firsts[(place, value)]}", f"each {said} once in {MODULES.label(name)}",
                                                 "Take one of the two out of the return, or correct its number"), [source])  # fmt: skip

    def _link(self, name: str) -> None:
        """Each record's parent; those that find none are refused, and those whose parent is refused follow it."""
        frame = self.frames[name]
        frame["parent"] = None
        wanted = pandas.Series("", index=frame.index, dtype=object)
        for column, of, theirs in _LINKS[name]:
            open_rows = frame[column].notna() & (wanted == "")
            known = self.frames[of]
            known = known[known[theirs].notna()].drop_duplicates(["of_return", theirs])
            sources = dict(zip(zip(known["of_return"], known[theirs], strict=True), known["source"], strict=True))  # fmt: skip
            keys = zip(frame.loc[open_rows, "of_return"], frame.loc[open_rows, column], strict=True)
            frame.loc[open_rows, "parent"] = [sources.get(key) for key in keys]
            wanted[open_rows] = of
        refused = self.refusals.sources
        for source, parent in zip(frame["source"], frame["parent"], strict=True):
            if parent in refused:
                self.refusals.follow(source, parent)
        self._refuse_unmatched(name, frame[frame["parent"].isna()], wanted)

    def _refuse_unmatched(self, name: str, lost: pandas.DataFrame, wanted: pandas.Series[str]) -> None:
        for (place, of), rows in lost.groupby(["of_return", wanted[lost.index]], sort=False):
            label = MODULES.label(name)
            there = self.frames[of]["of_return"].eq(place).any() if of else True
            if not there:
                self.refusals.refuse(Problem(str(rows["source"].iloc[0]), "module_missing", f"the return has {label} and no {MODULES.label(of)}", "every module of the return",
                                             "Put the module's file or sheet beside the others, or see above why it was refused"), rows["source"])  # fmt: skip
                continue
            for source in rows["source"]:
                found = f"no record of {MODULES.label(of)} that was read has the id that this record gives" if of else "the record does not say which it follows from"  # fmt: skip
                self.refusals.refuse(Problem(source, "unmatched_id", found, f"{label} that can be joined to the others by their ids",
                                             "Correct the id, or put the missing record into the return"), [source])  # fmt: skip


def _nothing(name: str) -> pandas.DataFrame:
    return pandas.DataFrame({column: pandas.Series([], dtype=object) for column in STAGED[name].names})


def _file(source: str) -> str:
    return source.split("!")[0]


def _folder(file: str) -> str:
    return file.rpartition("/")[0]
