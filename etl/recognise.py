"""Which layout is this sheet, and where do its heading and its rows begin? Pure; nothing is found by position.

`fit` holds one layout against one sheet; `recognised` finds the one that fits, or says which came nearest
and what it lacked. What the cells mean is for `etl.reshape`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import PurePosixPath

from etl.cells import Sheet
from etl.layout import HeaderRow, Layout, Spelling, Wide
from etl.printed import cell_text
from hnb.codelists import folded
from hnb.contract import Problem

_SEARCHED_ROWS = 100  # a header further down than this would follow a page of words
_folded = lru_cache(maxsize=100_000)(folded)


@dataclass(frozen=True)
class WideColumn:
    """A column of the sheet that becomes rows: its layout entry, and the codes that its heading gave."""

    wide: Wide
    index: int
    groups: dict[str, str]


@dataclass(frozen=True)
class Dropped:
    """A row that a correction takes away: why, and whether the total that the file prints holds it."""

    reason: str
    in_total: bool


@dataclass(frozen=True)
class Fit:
    """A layout that fits a sheet, and where in the sheet everything is.

    `headings` are the joined texts of all columns ("" where there is none), `data_from` the index of the
    first row below the header, `columns` the indices of the mapped columns by name, `header_found` how many
    texts of the layout's header are there, `missing` what the layout asks for and the sheet has not: with
    that, it does not fit. `parts` are the indices of the columns that a column is the sum of, `sets` the indices
    by name of each set of columns that stand side by side, in the order of their numbers.
    `dropped` are rows, by index below the header, that a correction takes away.
    """

    layout: Layout
    sheet: Sheet
    header_rows: tuple[int, ...] = ()
    data_from: int = 0
    headings: tuple[str, ...] = ()
    columns: dict[str, int] = field(default_factory=dict)
    wides: tuple[WideColumn, ...] = ()
    missing: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    header_found: int = 0
    parts: dict[str, tuple[int, ...]] = field(default_factory=dict)
    sets: tuple[dict[str, int], ...] = ()
    dropped: dict[int, Dropped] = field(default_factory=dict)

    @property
    def fits(self) -> bool:
        """Whether the sheet has all that the layout asks for."""
        return not self.missing

    def position(self, reference: str) -> int | None:
        """The column that a rule means: by a mapped name, a wide entry's name, or a heading."""
        if reference in self.columns:
            return self.columns[reference]
        for column in self.wides:
            if column.wide.name == reference:
                return column.index
        wanted = _folded(reference)
        return next(
            (index for index, heading in enumerate(self.headings) if heading and _folded(heading) == wanted),
            None,
        )

    def positions(self, pattern: re.Pattern[str]) -> list[int]:
        """All columns whose headings match a pattern."""
        return [
            index for index, heading in enumerate(self.headings) if heading and pattern.fullmatch(heading)
        ]


@dataclass(frozen=True)
class Recognition:
    """What came of holding all layouts against a sheet: the one that fits, or why none does."""

    fit: Fit | None
    problem: Problem | None = None
    nearest: Fit | None = None


def recognised(sheet: Sheet, layouts: Sequence[Layout]) -> Recognition:
    """The one layout that fits a sheet; otherwise a Problem that says which came nearest and what it lacked."""
    top = _top(sheet)
    tried = [fit(sheet, layout, top) for layout in layouts]
    fitting = [one for one in tried if one.fits]
    if len(fitting) == 1:
        return Recognition(fitting[0])
    where = f"{sheet.file}!{sheet.name}"
    if fitting:
        names = ", ".join(one.layout.name for one in fitting)
        return Recognition(None, Problem(where, "several_layouts", f"the sheet fits {len(fitting)} layouts: {names}", "exactly one",
                                         "Ask in one of them for a heading or a sheet name that tells them apart"))  # fmt: skip
    near = max(tried, key=_nearness, default=None)
    if near is None or not _nearness(near)[0]:
        return Recognition(None, Problem(where, "unknown_sheet", "no layout fits this sheet, and none comes near", "a sheet that etl/layouts/ describes",
                                         "Write a layout for it, or name it under [[ignored_sheets]] in the file's layout"), near)  # fmt: skip
    lacks = "; ".join(near.missing[:4]) + (
        f"; and {len(near.missing) - 4} more" if len(near.missing) > 4 else ""
    )
    return Recognition(None, Problem(where, "unknown_sheet", f'no layout fits this sheet; "{near.layout.name}" comes nearest and lacks {lacks}',
                                     "a sheet that has them", f"Add the heading's new spelling to {near.layout.said}, or write a layout for it"), near)  # fmt: skip


def _nearness(tried: Fit) -> tuple[float, int]:
    found = len(tried.columns) + len({id(column.wide) for column in tried.wides}) + tried.header_found
    return found / max(1, found + len(tried.missing)), found


def _top(sheet: Sheet) -> list[dict[str, str]]:
    """The texts of the rows among which a header may be, each with its spelling folded."""
    rows = sheet.rows[:_SEARCHED_ROWS]
    return [
        {text: _folded(text) for cell in row if cell is not None and (text := cell_text(cell))}
        for row in rows
    ]


def fit(sheet: Sheet, layout: Layout, top: Sequence[Mapping[str, str]] | None = None) -> Fit:
    """A layout held against a sheet: everything it finds there, and what is missing.

    `top` is what `_top` gives; `recognised` works it out once for all layouts.
    """
    missing = []
    top = _top(sheet) if top is None else top
    if layout.sheet_pattern and not layout.sheet_pattern.fullmatch(sheet.name):
        missing.append(_named("sheet", layout.sheet_example))
    if layout.file_pattern and not _file_names_match(layout.file_pattern, sheet.file):
        missing.append(_named("file", layout.file_example))
    header_rows, lacking = _header_rows(top, layout)
    missing += lacking
    asked = [len(wanted.find) + (wanted.find_pattern is not None) for wanted in layout.header]
    if lacking:
        found = max(0, sum(asked[: len(header_rows) + 1]) - len(lacking))
        return Fit(layout, sheet, header_rows, missing=tuple(missing), header_found=found)
    headings = _headings(sheet, header_rows, layout.header)
    start = Fit(layout, sheet, header_rows, header_rows[-1] + 1, headings, missing=tuple(missing))
    return _mapped(replace(start, header_found=sum(asked)))


def _named(thing: str, example: str) -> str:
    """What a person is to look for; a pattern says nothing to an officer."""
    return f"a {thing} named like “{example}”" if example else f"the name that its {thing} must have"


def _file_names_match(pattern: re.Pattern[str], file: str) -> bool:
    path = PurePosixPath(file)
    names = [file, path.name, *("/".join(path.parts[start:]) for start in range(1, len(path.parts) - 1))]
    return any(pattern.fullmatch(name) for name in names)


def _header_rows(top: Sequence[Mapping[str, str]], layout: Layout) -> tuple[tuple[int, ...], list[str]]:
    """The indices of the header's rows, top first; and what could not be found."""
    found: list[int] = []
    for wanted in layout.header:
        start = found[-1] + 1 if found else 0
        spellings = {text: _spellings(text, layout) for text in wanted.find}
        best = [*(f'"{text}"' for text in wanted.find), *([wanted.wanted] if wanted.find_pattern else [])]
        for index in range(start, len(top)):
            lacking = _lacking(top[index], wanted, spellings)
            if not lacking:
                found.append(index)
                break
            best = min(best, lacking, key=len)
        else:
            return tuple(found), [f"the heading {text}" for text in best]
    return tuple(found), []


def _lacking(
    texts: Mapping[str, str], wanted: HeaderRow, spellings: Mapping[str, frozenset[str]]
) -> list[str]:
    there = set(texts.values())
    lacking = [f'"{text}"' for text in wanted.find if not there & spellings[text]]
    pattern = wanted.find_pattern
    if pattern and not any(pattern.fullmatch(text) for text in texts):
        lacking.append(wanted.wanted)
    return lacking


def _spellings(text: str, layout: Layout) -> frozenset[str]:
    """A heading of the header's row with all other spellings of its column: a new spelling is added in one place."""
    wanted = _folded(text)
    groups = [
        entry.spelling.headings
        for entry in (*layout.columns.values(), *layout.wide, *layout.ignored_headings)
    ]
    return frozenset(
        {wanted}.union(
            *({_folded(one) for one in group} for group in groups if wanted in map(_folded, group))
        )
    )


def _headings(sheet: Sheet, rows: Sequence[int], layout_rows: Sequence[HeaderRow]) -> tuple[str, ...]:
    """The heading of each column: the parts of its header rows joined by " | ", equal neighbours once.

    A filled row's blank takes the text on its left, as long as no row above it begins anew there.
    """
    parts: list[list[str]] = []
    for index, wanted in zip(rows, layout_rows, strict=True):
        own = [cell_text(cell) for cell in sheet.rows[index]]
        line, last = [], ""
        for column, text in enumerate(own):
            begins = any(
                above[column] and (column == 0 or above[column] != above[column - 1]) for above in parts
            )
            last = text or ("" if begins else last)
            line.append(last if wanted.fill_right else text)
        parts.append(line)
    headings = []
    for column in range(sheet.width):
        if not _holds_something(sheet, rows, column):
            headings.append("")  # a spacer: what is filled into it is a neighbour's
            continue
        texts = [line[column] for line in parts if line[column]]
        headings.append(
            " | ".join(text for place, text in enumerate(texts) if place == 0 or text != texts[place - 1])
        )
    return tuple(headings)


def _holds_something(sheet: Sheet, header_rows: Sequence[int], column: int) -> bool:
    """Whether a column has a heading of its own or any value below the header."""
    below = range(header_rows[-1] + 1, len(sheet.rows))
    return any(cell_text(sheet.rows[row][column]) for row in (*header_rows, *below))


def _mapped(start: Fit) -> Fit:
    """Each heading given to the column, wide entry or ignored entry that names it; the rest are problems."""
    layout, missing, problems = start.layout, list(start.missing), []
    taken: set[int] = set()
    columns: dict[str, int] = {}
    sides = _sides(start)
    sets: dict[int, dict[str, int]] = {number: {} for number in sides}
    for column in layout.columns.values():
        if column.source or column.spelling.is_empty:
            continue
        found = _telling(column.spelling, start.headings)
        if len(found) > 1:
            problems.append(_repeated(start, column.name, found))
        if found:
            columns[column.name] = found[0]
            taken.update(found)
            continue
        lacking = []
        for number, headings in sides.items():
            beside = _telling(column.spelling, headings)
            if beside:
                sets[number][column.name] = beside[0]
                taken.update(beside)
            else:
                lacking.append(number)
        made_elsewhere = column.is_summed or column.made_of or column.is_given
        if column.required and not made_elsewhere and (lacking or not sides):
            of_set = f" with the number {lacking[0]}" if lacking and len(lacking) < len(sides) else ""
            missing.append(f"the heading {column.spelling.words()}{of_set}")
    wides, taken_wide, lacking_wide = _wides(start, columns, taken)
    taken |= taken_wide
    parts = _parts(start, columns, taken)
    taken.update(index for found in parts.values() for index in found)
    missing += lacking_wide + _without_parts(layout, columns, parts)
    for ignored in layout.ignored_headings:
        taken.update(_telling(ignored.spelling, start.headings))
        for headings in sides.values():
            taken.update(_telling(ignored.spelling, headings))
    problems += [
        problem
        for index in range(start.sheet.width)
        if index not in taken
        for problem in _unmapped(start, index)
    ]
    complete = tuple({**columns, **own} for own in sets.values())
    return replace(
        start,
        columns=complete[0] if complete else columns,
        wides=wides,
        missing=tuple(missing),
        problems=tuple(problems),
        parts=parts,
        sets=complete,
    )


def _sides(start: Fit) -> dict[int, list[str]]:
    """Of columns that stand side by side: for each number the headings without it, "" at all other columns."""
    rule = start.layout.side_by_side
    if rule is None:
        return {}
    sides: dict[int, list[str]] = {}
    for index, heading in enumerate(start.headings):
        found = rule.pattern.fullmatch(heading) if heading else None
        if found and found["number"].isdigit():
            own = sides.setdefault(int(found["number"]), [""] * len(start.headings))
            own[index] = found["heading"].strip()
    return dict(sorted(sides.items()))


def _wides(
    start: Fit, columns: Mapping[str, int], taken: set[int]
) -> tuple[tuple[WideColumn, ...], set[int], list[str]]:
    """The columns that become rows, their indices, and what is missing."""
    wides: list[WideColumn] = []
    own: set[int] = set()
    missing: list[str] = []
    for wide in start.layout.wide:
        if wide.product:
            missing += [f"the column {name}" for name in wide.product if name not in columns]
            continue
        found = [
            index
            for index in _telling(wide.spelling, start.headings)
            if index not in taken and index not in own
        ]
        wides += [
            WideColumn(wide, index, wide.spelling.groups(start.headings[index]) or {}) for index in found
        ]
        own.update(found)
        if not found and not wide.optional:
            missing.append(f"the heading {wide.spelling.words()}")
    return tuple(wides), own, missing


def _parts(start: Fit, columns: Mapping[str, int], taken: set[int]) -> dict[str, tuple[int, ...]]:
    """The columns that others are the sum of, by a pattern of their headings."""
    return {
        column.name: tuple(index for index in start.positions(column.plus_pattern) if index not in taken)
        for column in start.layout.columns.values()
        if column.plus_pattern is not None and column.name not in columns
    }


def _without_parts(
    layout: Layout, columns: Mapping[str, int], parts: Mapping[str, Sequence[int]]
) -> list[str]:
    """The columns that are to be the sum of others of which the sheet has none."""
    return [
        f"the heading {column.spelling.words()}, or headings that {column.name} can be added up from"
        for column in layout.columns.values()
        if column.plus_pattern is not None and column.required and column.name not in columns
        and not parts.get(column.name) and not column.plus
    ]  # fmt: skip


def _telling(spelling: Spelling, headings: Sequence[str]) -> list[int]:
    """The columns whose headings a spelling means."""
    wanted = {_folded(text) for text in spelling.headings}
    pattern = spelling.pattern
    # A column without a heading is meant only by a layout that says "".
    found = [
        index for index, heading in enumerate(headings)
        if (_folded(heading) in wanted if heading or "" in spelling.headings else False)
        or (heading and pattern is not None and pattern.fullmatch(heading))
    ]  # fmt: skip
    return found[spelling.nth - 1 : spelling.nth] if spelling.nth else found


def _repeated(start: Fit, name: str, found: Sequence[int]) -> Problem:
    row = start.header_rows[-1]
    second = start.sheet.address(row, found[1])
    return Problem(second, "repeated_heading", f'the heading "{start.headings[found[1]]}" is there {len(found)} times for {name}', "one column",
                   f"Rename or delete the other column in the workbook, or say `nth` in {start.layout.said}")  # fmt: skip


def _unmapped(start: Fit, index: int) -> list[Problem]:
    """A Problem for a heading that nothing names, or for figures under no heading."""
    sheet, heading = start.sheet, start.headings[index]
    layout = start.layout.said
    if heading:
        row = max(
            (row for row in start.header_rows if cell_text(sheet.rows[row][index])),
            default=start.header_rows[-1],
        )
        return [Problem(sheet.address(row, index), "unmapped_heading", f'the heading "{heading}" is neither mapped nor ignored by name',
                        "every heading named in the layout", f"Add it to {layout}: to a column's `headings`, or to [[ignored_headings]] with a reason")]  # fmt: skip
    filled = next(
        (row for row in range(start.data_from, len(sheet.rows)) if cell_text(sheet.rows[row][index])), None
    )
    if filled is None:
        return []
    return [Problem(sheet.address(filled, index), "unmapped_heading", "the column holds values and has no heading", "a heading over every column",
                    f"Give the column a heading in the workbook, and name that in {layout}")]  # fmt: skip
