"""Layouts: what one shape of sheet looks like and what its cells mean.

The parts of a layout as values; what each means is specified in `etl/layouts/README.md`. They are read from
TOML by `etl.layout_language` and held against sheets by `etl.recognise`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from hnb.codelists import folded

Over = Literal["all", "above", "same", "region"]


@dataclass(frozen=True)
class Spelling:
    """How a heading is told: by spellings (folded) or by a pattern for the whole of it."""

    headings: tuple[str, ...] = ()
    pattern: re.Pattern[str] | None = None
    nth: int = 0

    def groups(self, heading: str) -> dict[str, str] | None:
        """None where the heading is not meant; else what the pattern's named groups hold."""
        if folded(heading) in {folded(text) for text in self.headings}:
            return {}
        found = self.pattern.fullmatch(heading) if self.pattern else None
        return {name: text for name, text in found.groupdict().items() if text} if found else None

    def words(self) -> str:
        """What a person would look for in the sheet."""
        return (
            f'"{self.headings[0]}"'
            if self.headings
            else f"a heading like {self.pattern.pattern if self.pattern else ''}"
        )


@dataclass(frozen=True)
class HeaderRow:
    """One of the rows that headings are made of."""

    find: tuple[str, ...]
    find_pattern: re.Pattern[str] | None
    fill_right: bool


@dataclass(frozen=True)
class Context:
    """A value that holds for a whole sheet, and where it is printed. `example` is how it may be written there."""

    name: str
    source: str
    pattern: re.Pattern[str]
    read: str
    optional: bool
    values: Mapping[str, Any]
    example: str = ""

    @property
    def wanted(self) -> str:
        """What a person is to look for: "in the title, such as “as at 31 October 2026”"."""
        place = f"in the {self.source.replace('_', ' ')}"
        return f"{place}, such as “{self.example}”" if self.example else f"{place}: {self.pattern.pattern}"


@dataclass(frozen=True)
class Mapped:
    """One column of the sheet (or one value looked up from another) and how its cells are read."""

    name: str
    spelling: Spelling
    read: str
    codes: str
    required: bool
    loaded: bool
    blank: Any
    values: Mapping[str, Any]
    otherwise: Any
    source: str
    when: Mapping[str, re.Pattern[str]]
    factor: float | None
    sign: int


@dataclass(frozen=True)
class Wide:
    """Columns that become rows: the codes that a heading stands for, and the column that its cells fill."""

    name: str
    spelling: Spelling
    table: str
    codes: Mapping[str, Any]
    value: str
    product: tuple[str, ...]
    optional: bool
    blank: Any
    factor: float | None
    sign: int


@dataclass(frozen=True)
class IgnoredRows:
    """Rows that are left out by name."""

    when: Mapping[str, re.Pattern[str]]
    any_cell: re.Pattern[str] | None
    to_end: bool
    reason: str


@dataclass(frozen=True)
class Totals:
    """Rows that print a total of other rows, and of which ones."""

    when: Mapping[str, re.Pattern[str]]
    over: Over
    same: tuple[str, ...]
    named: str
    columns: tuple[str, ...]
    tolerance: float | None
    optional: bool
    severity: Literal["refusal", "note"]
    because: str


@dataclass(frozen=True)
class Check:
    """A column that prints a total of others in its row."""

    name: str
    total: str
    plus: tuple[str | tuple[str, ...], ...]
    plus_pattern: re.Pattern[str] | None
    minus: tuple[str | tuple[str, ...], ...]
    minus_pattern: re.Pattern[str] | None
    tolerance: float | None
    severity: Literal["refusal", "note"]
    because: str
    when: Mapping[str, re.Pattern[str]]
    by: tuple[str, ...]


@dataclass(frozen=True)
class Across:
    """Codes of one table whose values print a total of others, over all sheets that feed it."""

    table: str
    column: str
    value: str
    total: str
    plus: tuple[str, ...]
    any_of: bool
    tolerance: float | None


@dataclass(frozen=True)
class Remainder:
    """The named row for what a printed total holds beyond the wide columns that were read."""

    table: str
    total: str
    value: str
    codes: Mapping[str, Any]
    because: str


@dataclass(frozen=True)
class Ignored:
    """Headings or sheets that are left out by name."""

    spelling: Spelling
    reason: str


@dataclass(frozen=True)
class Missing:
    """Symbols that stand where there is no number, and the status that each means."""

    symbols: Mapping[str, str]
    column: str
    reported: str


@dataclass(frozen=True)
class Layout:
    """One shape of sheet. See `etl/layouts/README.md` for what each part means."""

    name: str
    title: str
    publisher: str
    version: int
    tables: tuple[str, ...]
    sheet_pattern: re.Pattern[str] | None
    file_pattern: re.Pattern[str] | None
    header: tuple[HeaderRow, ...]
    context: tuple[Context, ...]
    constants: Mapping[str, Mapping[str, Any]]
    columns: Mapping[str, Mapped]
    wide: tuple[Wide, ...]
    remainders: tuple[Remainder, ...]
    add_up: tuple[str, ...]
    missing: Missing | None
    ignored_headings: tuple[Ignored, ...]
    ignored_rows: tuple[IgnoredRows, ...]
    totals: tuple[Totals, ...]
    checks: tuple[Check, ...]
    across: tuple[Across, ...]
    ignored_sheets: tuple[Ignored, ...]
    run: str
    _file: str = field(default="", repr=False, compare=False)


class _Unsaid:
    """Stands for a key that a layout does not give, where None means a blank."""

    def __repr__(self) -> str:
        return "(not said)"


UNSAID = _Unsaid()
