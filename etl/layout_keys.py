"""The keys of a layout's TOML: which are known, what each may hold, and what to say of one that breaks the language.

What the keys mean together is for `etl.layout_columns` and `etl.layout_rows`; nothing here looks at a sheet.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Literal

from etl.layout import Spelling
from etl.staging import BROUGHT
from etl.values import unit_factor
from hnb.codelists import folded
from hnb.contract import Column
from hnb.errors import HnbError

README = "etl/layouts/README.md"


class Keys:
    """Reads the parts of one layout's TOML and says by key what is wrong with them.

    `said` is how messages call the file, `tables` what it feeds, `open_paths` the places that unanswered
    questions are still to fill: what is missing there is no fault yet.
    """

    def __init__(
        self, said: str, tables: tuple[str, ...] = (), open_paths: frozenset[str] = frozenset()
    ) -> None:
        self.said = said
        self.tables = tables
        self.open_paths = open_paths
        self.declared: dict[str, Column] = {
            column.name: column for name in tables for column in BROUGHT[name].columns
        }

    def fault(self, where: str, what: str) -> HnbError:
        """The error for a key that breaks the language."""
        return HnbError(f"{self.said}, {where}: {what}. See {README}.")

    def only(self, given: Mapping[str, Any], where: str, keys: str) -> None:
        """Refuses a key that is none of these."""
        known = keys.split()
        for key in given:
            if key not in known:
                raise self.fault(where, f'there is no key "{key}"{nearest(key, known)}')

    def pattern(self, text: str | None, where: str) -> re.Pattern[str] | None:
        """A pattern; None where none is given."""
        if text is None:
            return None
        try:
            return re.compile(text, re.IGNORECASE | re.DOTALL)
        except (re.error, TypeError) as error:
            raise self.fault(where, f'"{text}" is not a pattern ({error})') from error

    def spelling(self, given: Mapping[str, Any], where: str, *, needed: bool = True) -> Spelling:
        """How a heading is told."""
        found = Spelling(tuple(given.get("headings", ())), self.pattern(given.get("pattern"), where),
                         given.get("nth", 0), self.example(given, where))  # fmt: skip
        if needed and found.is_empty:
            raise self.fault(where, "it needs `headings` or `pattern`")
        return found

    def example(
        self, given: Mapping[str, Any], where: str, pattern: str = "pattern", key: str = "example"
    ) -> str:
        """What a person reads in place of a pattern; it must match the pattern as a whole."""
        plain = str(given.get(pattern) or "")
        # A pattern of plain words is its own example.
        text, wanted = (
            str(given.get(key, "" if re.search(r"[\\.*+?()\[\]|^$]", plain) else plain)),
            self.pattern(given.get(pattern), where),
        )
        if text and wanted is not None and not wanted.fullmatch(text):
            raise self.fault(where, f"its `{key}` “{text}” does not match its pattern")
        return text

    def reason(self, given: Mapping[str, Any], where: str) -> str:
        """Why something is left out."""
        if not given.get("reason"):
            raise self.fault(where, "it needs a `reason`: nothing is left out without one")
        return str(given["reason"])

    def conditions(self, given: Mapping[str, str], where: str) -> Mapping[str, re.Pattern[str]]:
        """Patterns by the column that they are held against."""
        patterns = {name: self.pattern(text, where) for name, text in given.items()}
        return MappingProxyType({name: pattern for name, pattern in patterns.items() if pattern is not None})

    def factor(self, unit: Any, where: str) -> float | None:
        """What a printed number is multiplied by; None where no unit is given."""
        if unit is None:
            return None
        factor = unit_factor(unit)
        if factor is None:
            raise self.fault(where, f'"{unit}" is not a unit: £, £\'000, £m, % or a number to multiply by')
        return factor

    def table(self, given: Mapping[str, Any], where: str) -> str:
        """The table that a part feeds."""
        table = given.get("table", self.tables[0] if len(self.tables) == 1 else "")
        if table not in self.tables:
            raise self.fault(where, f"`table` must say which of {', '.join(self.tables)} it feeds")
        return str(table)

    def column_name(self, name: str, where: str) -> str:
        """A name that must be a column of the tables."""
        if name not in self.declared:
            raise self.fault(
                where, f"no table of this layout has a column {name}{nearest(name, self.declared)}"
            )
        return name

    def severity(self, given: Mapping[str, Any], where: str) -> Literal["refusal", "note"]:
        """How bad a difference is."""
        severity = given.get("severity", "refusal")
        if severity not in ("refusal", "note") or (severity == "note" and not given.get("because")):
            raise self.fault(where, '`severity` is "refusal", or "note" with a `because` that explains the difference')  # fmt: skip
        return "note" if severity == "note" else "refusal"

    def is_open(self, *paths: str) -> bool:
        """Whether a question that nobody has answered yet is to fill one of these places."""
        return any(path in self.open_paths for path in paths)


def values(given: Mapping[str, Any]) -> Mapping[str, Any]:
    """The spellings under `values`, folded."""
    return MappingProxyType(
        {folded(spelling) or spelling.strip(): value for spelling, value in given.get("values", {}).items()}
    )


def nearest(name: str, known: Any) -> str:
    """The known name that was perhaps meant, as the end of a sentence."""
    near = difflib.get_close_matches(str(name), [str(item) for item in known], n=1, cutoff=0.6)
    return f'; perhaps "{near[0]}" was meant' if near else ""
