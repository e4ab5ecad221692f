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
    example: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether it means no heading at all."""
        return not self.headings and self.pattern is None

    def groups(self, heading: str) -> dict[str, str] | None:
        """None where the heading is not meant; else what the pattern's named groups hold."""
        if folded(heading) in {folded(text) for text in self.headings}:
            return {}
        found = self.pattern.fullmatch(heading) if self.pattern else None
        return {name: text for name, text in found.groupdict().items() if text} if found else None

    def words(self) -> str:
        """What a person would look for in the sheet; never a pattern."""
        if self.headings:
            return f'"{self.headings[0]}"'
        return f"such as “{self.example}”" if self.example else "that its pattern describes"


@dataclass(frozen=True)
class HeaderRow:
    """One of the rows that headings are made of."""

    find: tuple[str, ...]
    find_pattern: re.Pattern[str] | None
    fill_right: bool
    example: str = ""

    @property
    def wanted(self) -> str:
        """What a person would look for where a pattern tells the row."""
        return self.example or "that its pattern describes"


@dataclass(frozen=True)
class Question:
    """What only a person can answer. `choices` are the words to choose from, each with the value that it stands for.

    `sets` are the places in the file that the answer fills; `answer` is "" while there is none.
    """

    name: str
    ask: str
    because: str
    choices: Mapping[str, Any]
    sets: tuple[str, ...]
    answer: Any = ""

    @property
    def is_answered(self) -> bool:
        """Whether somebody has answered; nought and false are answers."""
        return not (isinstance(self.answer, str) and not self.answer.strip())

    @property
    def value(self) -> Any:
        """What the answer stands for."""
        return self.choices.get(self.answer, self.answer) if self.choices else self.answer


@dataclass(frozen=True)
class Context:
    """A value that holds for a whole sheet, and where it is printed: the first of `sources` that matches.

    `example` is how it may be written there.
    """

    name: str
    sources: tuple[str, ...]
    pattern: re.Pattern[str]
    read: str
    optional: bool
    values: Mapping[str, Any]
    example: str = ""

    @property
    def wanted(self) -> str:
        """What a person is to look for: "in the title, such as “as at 31 October 2026”"."""
        place = " or ".join(f"in the {source.replace('_', ' ')}" for source in self.sources)
        return f"{place}, such as “{self.example}”" if self.example else place


@dataclass(frozen=True)
class Mapped:
    """One column of the sheet (or one value looked up from another) and how its cells are read.

    `source` is the column, context or constant whose value it reads instead of a heading's cell; `times` how often
    the printed cost is paid in a year (`per` says what for); `plus`, `minus`, `plus_pattern` the parts that it is
    the sum of where no heading prints it; `made_of` the columns whose keyed hash it is; `is_given` whether a
    group of a heading or of a section may give it.
    """

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
    fill_down: bool = False
    per: str = ""
    times: float | None = None
    plus: tuple[str, ...] = ()
    plus_pattern: re.Pattern[str] | None = None
    minus: tuple[str, ...] = ()
    annualise: bool = False
    made_of: tuple[str, ...] = ()
    is_given: bool = False

    @property
    def is_summed(self) -> bool:
        """Whether it is made of other columns of the row where no heading prints it."""
        return bool(self.plus or self.minus or self.plus_pattern)


@dataclass(frozen=True)
class Wide:
    """Columns that become rows: the codes that a heading stands for, and the column that its cells fill.

    `sources` are codes taken from another column of the row instead.
    """

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
    sources: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Section:
    """Rows that head a block of rows and give its values: by a pattern's named groups, by `sets`, or both."""

    pattern: re.Pattern[str] | None
    when: Mapping[str, re.Pattern[str]]
    sets: Mapping[str, Any]
    reason: str

    @property
    def names(self) -> tuple[str, ...]:
        """The columns that it gives."""
        return (*(self.pattern.groupindex if self.pattern else ()), *self.sets)


@dataclass(frozen=True)
class SideBySide:
    """Sets of columns of one kind beside each other: the heading without its number, and the number of its set."""

    pattern: re.Pattern[str]
    needs: tuple[str, ...]


@dataclass(frozen=True)
class JoinRows:
    """Rows alike in some columns that follow on in time and are one placement; `add` are added up."""

    same: tuple[str, ...]
    add: tuple[str, ...]
    days_between: int


@dataclass(frozen=True)
class TurnSign:
    """Rows in which some columns are printed with the other sign than ours, such as income."""

    when: Mapping[str, re.Pattern[str]]
    columns: tuple[str, ...]


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
    example: str = ""


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
    """One shape of sheet. See `etl/layouts/README.md` for what each part means; `said` is how messages call its file."""

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
    questions: tuple[Question, ...] = ()
    sections: tuple[Section, ...] = ()
    repeated_header: str = ""
    side_by_side: SideBySide | None = None
    join_rows: JoinRows | None = None
    turn_sign: tuple[TurnSign, ...] = ()
    sheet_example: str = ""
    file_example: str = ""
    said: str = field(default="", compare=False)

    @property
    def unanswered(self) -> tuple[Question, ...]:
        """The questions that nobody has answered yet: until then no sheet is loaded by this layout."""
        return tuple(question for question in self.questions if not question.is_answered)

    @property
    def given(self) -> frozenset[str]:
        """The columns that a group of a heading or of a section may give."""
        groups = [wide.spelling.pattern.groupindex for wide in self.wide if wide.spelling.pattern]
        return frozenset(name for names in (*groups, *(one.names for one in self.sections)) for name in names)


class _Unsaid:
    """Stands for a key that a layout does not give, where None means a blank."""

    def __repr__(self) -> str:
        return "(not said)"


UNSAID = _Unsaid()
