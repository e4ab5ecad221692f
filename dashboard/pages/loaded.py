"""What the Data page is asked to show, and the figures of it, from `hnb.quality`: nothing is added up in a page."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl, urlencode

import polars

from dashboard.data import Data, request_data
from hnb import load_findings, quality, wording
from hnb.codelists import CODELISTS

PATH = "/data"

SHOWN = 100
"""Problems on the screen at once."""


@dataclass(frozen=True)
class Loaded:
    """The snapshot's own account of itself, narrowed to a file, a kind of problem, or both.

    `dropped` has a sentence for each thing in the address that could not be read; `at` counts screens of
    problems from 1.
    """

    data: Data
    file: str = ""
    kind: str = ""
    severity: str = ""
    at: int = 1
    dropped: tuple[str, ...] = ()

    @classmethod
    def read(cls, query: str) -> Loaded:
        """What a query asks for of the request's snapshot."""
        data, given, dropped = request_data(), dict(parse_qsl(query)), []
        files = set(data.table("files")["file"].to_list()) | set(data.table("problems")["file"].to_list())
        known = {
            "file": files,
            "kind": set(CODELISTS["problem_kinds"].codes),
            "severity": set(CODELISTS["severities"].codes),
        }
        said = {"file": "a file of this load", "kind": "a kind of problem", "severity": "a severity"}
        asked = {}
        for name, values in known.items():
            if given.get(name) and given[name] not in values:
                dropped.append(f"“{given[name][:60]}” is not {said[name]} and was left out.")
            elif given.get(name):
                asked[name] = given[name]
        at = given.get("at", "1")
        return cls(
            data, **asked, at=int(at) if at.isdigit() and 0 < int(at) < 10_000 else 1, dropped=tuple(dropped)
        )

    def address(self, **changed: Any) -> str:
        """The page's address with some of its choices changed; "" takes one away."""
        now = {"file": self.file, "kind": self.kind, "severity": self.severity, "at": "", **changed}
        query = urlencode({name: value for name, value in now.items() if value})
        return f"{PATH}?{query}" if query else PATH

    @property
    def is_narrowed(self) -> bool:
        """Whether anything is chosen."""
        return bool(self.file or self.kind or self.severity)

    @property
    def said(self) -> str:
        """What the page covers, in a sentence."""
        parts = [self.file or "all files", *([load_findings.kind(self.kind)] if self.kind else [])]
        parts += (
            [CODELISTS["severities"].label(self.severity).lower()] if self.severity and not self.kind else []
        )
        words = ", ".join(wording.lowered(part) if part is not self.file else part for part in parts)
        return f"Shown: {words}"

    @cached_property
    def files(self) -> polars.DataFrame:
        """The table `files`, of the file chosen where one is."""
        frame = self.data.table("files")
        return frame.filter(polars.col("file") == self.file) if self.file else frame

    @cached_property
    def whole(self) -> dict[str, Any]:
        """The account of all files together, or of the file chosen."""
        return next(quality.account(self.files).iter_rows(named=True), {})

    def account(self, by: tuple[str, ...]) -> polars.DataFrame:
        """The account of sheets that a layout reads, or that were refused; those left out by name are `left_out`."""
        return quality.account(self.files.filter(~_left_out), by)

    @cached_property
    def left_out(self) -> polars.DataFrame:
        """Sheets that were left out whole, by name."""
        return self.files.filter(_left_out)

    @cached_property
    def file_count(self) -> int:
        """Files of the load, an archive counted once; one where a file is chosen."""
        return 1 if self.file else len(self.data.sources)

    @cached_property
    def problems(self) -> polars.DataFrame:
        """The problems of the file chosen, of every kind."""
        frame = self.data.table("problems")
        return frame.filter(polars.col("file") == self.file) if self.file else frame

    @cached_property
    def kinds(self) -> polars.DataFrame:
        """How many problems of each kind, and how many rows they refuse."""
        return quality.problem_kinds(self.problems)

    @cached_property
    def listed(self) -> polars.DataFrame:
        """The problems of the kind and severity chosen."""
        frame = self.problems
        for column, value in (("what", self.kind), ("severity", self.severity)):
            frame = frame.filter(polars.col(column) == value) if value else frame
        return frame

    @cached_property
    def changes(self) -> polars.DataFrame:
        """The table `load_changes`; the cut by sheet narrowed to the file chosen."""
        frame = self.data.table("load_changes")
        return (
            frame.filter((polars.col("file") == self.file) | (polars.col("cut") == "by_line"))
            if self.file
            else frame
        )

    @cached_property
    def is_first_load(self) -> bool:
        """Whether there was no load before this one."""
        return quality.is_first_load(self.data.table("load_changes"))


_left_out = polars.col("layout").fill_null("").eq("") & polars.col("rows_refused").eq(0)
