"""From a recognised sheet to tidy frames: headings to columns, wide to long, spellings to codes, units to pounds. Pure.

Every row of a frame has its `source` (file!sheet!row). What cannot be read is a Problem with the cell's
address and refuses its row; every row of the sheet ends up loaded, refused, or ignored by name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy
import pandas

from etl.cells import Sheet
from etl.layout import UNSAID, Context, Layout, Mapped, Wide
from etl.recognise import Fit
from etl.sheet_rows import SheetRows
from etl.staging import BROUGHT
from etl.values import Absent, Reader, Refused, cell_text, read_all
from hnb.contract import Column, Problem

_NUMERIC_READS = frozenset({"pounds", "number", "count", "share", "integer"})


@dataclass(frozen=True)
class Surroundings:
    """What an installation adds to a layout: whose workbooks these are, and the key for pupils' identifiers."""

    authority: str
    pupil_key: bytes = field(default=b"", repr=False)


@dataclass(frozen=True)
class Reshaped:
    """What a sheet gave.

    `frames` by table, each with `source` and `_row` (the index of its first row below the header);
    `refused` the indices of rows that a cell refuses; `produced` those of rows that gave a row of a table;
    `members` the rows behind each source where several were added up.
    """

    rows: SheetRows
    frames: dict[str, pandas.DataFrame]
    problems: tuple[Problem, ...]
    refused: frozenset[int]
    produced: frozenset[int]
    members: dict[str, tuple[int, ...]] = field(default_factory=dict)


def reshaped(fit: Fit, surroundings: Surroundings) -> Reshaped:
    """The tidy frames of a recognised sheet, with the problems of its cells and the account of its rows."""
    return _Reshaping(fit, surroundings).done()


class _Reshaping:
    """One sheet on its way into frames; gathers the problems while it goes."""

    def __init__(self, fit: Fit, surroundings: Surroundings) -> None:
        self.fit, self.layout, self.sheet = fit, fit.layout, fit.sheet
        self.surroundings = surroundings
        self.rows = SheetRows(fit)
        self.problems: list[Problem] = list(fit.problems)
        self.refused: set[int] = set()
        self.symbols = fit.layout.missing.symbols if fit.layout.missing else {}
        self.unit = 1.0
        self.context = self._context()
        self.values = self._mapped_columns()

    def done(self) -> Reshaped:
        """All tables of the layout."""
        frames = {name: self._frame(name) for name in self.layout.tables}
        produced: set[int] = set()
        for frame in frames.values():
            produced.update(frame["_row"].tolist() if len(frame) else ())
        self._rows_that_gave_nothing(produced)
        produced -= self.refused
        members: dict[str, tuple[int, ...]] = {}
        for name, frame in frames.items():
            kept = frame[~frame["_row"].isin(list(self.refused))] if self.refused else frame
            frames[name], grouped = _added_up(kept, name, self.layout)
            members.update(grouped)
        return Reshaped(
            self.rows, frames, tuple(self.problems), frozenset(self.refused), frozenset(produced), members
        )

    # -- values for the whole sheet

    def _context(self) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for context in self.layout.context:
            text = self._context_text(context)
            where = f"{self.sheet.file}!{self.sheet.name}"
            if text is None:
                if not context.optional:
                    # Without its date or its unit no figure of the sheet means anything.
                    unknown = {int(row) for row in self.rows.data} - self.refused
                    self.refused |= unknown
                    self.problems.append(Problem(where, "no_context", f"the sheet does not say its {_said(context.name)}",
                                                 context.wanted,
                                                 f"Write it there, or correct the pattern in etl/layouts/{self.layout.name}.toml", rows=len(unknown)))  # fmt: skip
                continue
            value = Reader(context.read, self._codes(context.name), values=context.values)(text)
            if isinstance(value, Refused):
                self.problems.append(_problem(where, value))
            elif context.name == "unit":
                self.unit = float(value)
            else:
                values[context.name] = value
        return values

    def _context_text(self, context: Context) -> str | None:
        if context.source == "file_name":
            texts: Iterable[str] = [self.sheet.file]
        elif context.source == "sheet_name":
            texts = [self.sheet.name]
        else:
            above = self.sheet.rows[: self.fit.data_from]
            texts = (" ".join(text for cell in row if (text := cell_text(cell))) for row in above)
        found = next((match for text in texts if (match := context.pattern.search(text))), None)
        return found[1].strip(" ,;:.") if found else None  # a value often ends a clause

    # -- columns

    def _codes(self, name: str) -> str:
        return next(
            (
                BROUGHT[table].column(name).codes
                for table in self.layout.tables
                if name in BROUGHT[table].names
            ),
            "",
        )

    def _mapped_columns(self) -> dict[str, list[Any]]:
        """The values of every mapped column, data rows only, in their order."""
        return {
            name: self._column(mapped)
            for name, mapped in self.layout.columns.items()
            if mapped.source or name in self.fit.columns
        }

    def _column(self, mapped: Mapped) -> list[Any]:
        position = self._position(mapped)
        if position is None:
            return [None] * len(self.rows.data)
        factor = (
            mapped.factor if mapped.factor is not None else (self.unit if mapped.read == "pounds" else 1.0)
        )
        reader = Reader(mapped.read, mapped.codes, factor, mapped.sign, mapped.blank, mapped.values,
                        UNSAID if mapped.when else mapped.otherwise, self.symbols if mapped.read in _NUMERIC_READS else {},
                        self.surroundings.pupil_key)  # fmt: skip
        if not mapped.when:
            return self._read(position, self.rows.data, reader)
        meant = self.rows.matching(mapped.when)[self.rows.data]
        read = iter(self._read(position, self.rows.data[meant], reader))
        otherwise = None if mapped.otherwise in (UNSAID, "") else mapped.otherwise
        return [next(read) if is_meant else otherwise for is_meant in meant]

    def _position(self, mapped: Mapped) -> int | None:
        seen = set()
        while mapped.source and mapped.name not in seen:
            seen.add(mapped.name)
            if mapped.source not in self.layout.columns:
                return self.fit.position(mapped.source)
            mapped = self.layout.columns[mapped.source]
        return self.fit.columns.get(mapped.name)

    def _read(self, position: int, rows: numpy.ndarray[Any, Any], reader: Reader) -> list[Any]:
        """Cells read; one that cannot be is a Problem, refuses its row and gives None."""
        every = self.rows.rows
        read = read_all([every[row][position] for row in rows], reader)
        if any(type(value) is Refused for value in read):
            for place, value in enumerate(read):
                if isinstance(value, Refused):
                    row = int(rows[place])
                    told = value.unquoted() if "pupil_id" in self.layout.columns else value
                    self.problems.append(
                        _problem(self.rows.address(row, position), told, rows=int(row not in self.refused))
                    )
                    self.refused.add(row)
                    read[place] = None
        return read

    # -- frames

    def _frame(self, table: str) -> pandas.DataFrame:
        declared = {column.name: column for column in BROUGHT[table].columns}
        base = self._base(declared, table)
        wides = [wide for wide in self.layout.wide if wide.table == table]
        frame = self._long(base, table, declared, wides) if wides else self._with_status(base, declared)
        return frame.reset_index(drop=True)

    def _base(self, declared: Mapping[str, Column], table: str) -> pandas.DataFrame:
        """What every row of the table has, one row for each data row of the sheet."""
        data = self.rows.data
        columns: dict[str, Any] = {"_row": data, "source": [self.rows.source(int(row)) for row in data]}
        constants = {
            **self.context,
            **self.layout.constants.get("", {}),
            **self.layout.constants.get(table, {}),
        }
        for name, value in constants.items():
            if name in declared:
                columns[name] = pandas.Series(
                    [self._constant(name, value, declared[name])] * len(data), dtype=object
                )
        for name, values in self.values.items():
            if name in declared:
                columns[name] = pandas.Series(values, dtype=object)
        return pandas.DataFrame(columns)

    def _constant(self, name: str, value: Any, column: Column) -> Any:
        if name == "authority" and value == "ours":
            return self.surroundings.authority
        return float(value) if column.kind == "pounds" else value

    def _with_status(self, base: pandas.DataFrame, declared: Mapping[str, Column]) -> pandas.DataFrame:
        """A frame without wide columns: symbols for missing taken out, and their status put into its column."""
        missing = self.layout.missing
        if missing is None:
            return base
        status = pandas.Series([missing.reported] * len(base), dtype=object)
        for name in base.columns:
            absent = base[name].map(lambda value: isinstance(value, Absent)).astype(bool)
            if absent.any():
                status[absent] = [value.status for value in base.loc[absent, name]]
                base[name] = base[name].where(~absent, None)
        if missing.column in declared and missing.column not in base.columns:
            base[missing.column] = status
        return base

    def _long(
        self, base: pandas.DataFrame, table: str, declared: Mapping[str, Column], wides: Sequence[Wide]
    ) -> pandas.DataFrame:
        """Wide columns as rows: one frame for each set of codes, one below the other."""
        groups: dict[tuple[tuple[str, Any], ...], dict[str, list[Any]]] = {}
        for codes, value_name, values, index in self._wide_values(table, declared, wides):
            group = groups.setdefault(codes, {})
            if value_name in group:
                self._two_columns_for_one(codes, index)
            group.setdefault(value_name, values)
        frames = [self._group_frame(base, dict(codes), values) for codes, values in groups.items()]
        frames += [self._remainder_frame(base, table, list(groups.values()))]
        frames = [frame for frame in frames if len(frame)]
        return pandas.concat(frames, ignore_index=True) if frames else base.iloc[:0]

    def _wide_values(
        self, table: str, declared: Mapping[str, Column], wides: Sequence[Wide]
    ) -> Iterable[tuple[tuple[tuple[str, Any], ...], str, list[Any], int]]:
        """Of each wide column: its codes, the column that its cells fill, the cells, and where it stands."""
        for wide in wides:
            if wide.product:
                yield (
                    tuple(sorted(wide.codes.items())),
                    wide.value,
                    self._product(wide),
                    self.fit.columns[wide.product[0]],
                )
        for column in self.fit.wides:
            wide = column.wide
            if wide.table != table:
                continue
            codes = dict(wide.codes)
            for name, text in column.groups.items():
                value = self._heading_code(declared[name], text, column.index)
                if value is not None:
                    codes[name] = value
            cells = self._read(column.index, self.rows.data, self._wide_reader(wide, declared))
            yield tuple(sorted(codes.items())), wide.value, cells, column.index

    def _two_columns_for_one(self, codes: Sequence[tuple[str, Any]], index: int) -> None:
        """Two headings that mean the same would overwrite each other: refused, never added or dropped in silence."""
        said = ", ".join(f"{name} {value}" for name, value in codes)
        self.problems.append(Problem(self.sheet.address(self.fit.header_rows[-1], index), "repeated_heading",
                                     f'the heading "{self.fit.headings[index]}" means {said}, as another heading does', "one column for each",
                                     f"Rename one of them in the workbook, or tell them apart in etl/layouts/{self.layout.name}.toml"))  # fmt: skip

    def _wide_reader(self, wide: Wide, declared: Mapping[str, Column]) -> Reader:
        kind = declared[wide.value].kind
        factor = wide.factor if wide.factor is not None else (self.unit if kind == "pounds" else 1.0)
        return Reader(kind, declared[wide.value].codes, factor, wide.sign, wide.blank, symbols=self.symbols)

    def _product(self, wide: Wide) -> list[Any]:
        factors = [self.values[name] for name in wide.product]
        return [
            None
            if any(value is None or isinstance(value, Absent) for value in cells)
            else float(numpy.prod(cells)) * wide.sign
            for cells in zip(*factors, strict=True)
        ]

    def _heading_code(self, column: Column, text: str, index: int) -> Any:
        mapped = self.layout.columns.get(column.name)
        read = mapped.read if mapped else ("line_code" if column.name == "line" else column.kind)
        value = Reader(read, column.codes)(text)
        if not isinstance(value, Refused):
            return value
        where = self.sheet.address(self.fit.header_rows[-1], index)
        self.problems.append(_problem(where, value))
        return None

    def _group_frame(
        self, base: pandas.DataFrame, codes: Mapping[str, Any], values: Mapping[str, list[Any]]
    ) -> pandas.DataFrame:
        there = numpy.zeros(len(base), dtype=bool)
        for cells in values.values():
            there |= numpy.array([cell is not None for cell in cells], dtype=bool)
        frame = base[there].copy()
        for name, code in codes.items():
            frame[name] = code
        status: list[str] | None = None
        for name, cells in values.items():
            kept = [cell for cell, is_there in zip(cells, there, strict=True) if is_there]
            if self.layout.missing and self.layout.missing.column:
                before = status or [self.layout.missing.reported] * len(kept)
                status = [
                    cell.status if isinstance(cell, Absent) else old
                    for cell, old in zip(kept, before, strict=True)
                ]
            frame[name] = numpy.array(
                [numpy.nan if cell is None or isinstance(cell, Absent) else cell for cell in kept],
                dtype="float64",
            )
        if status is not None and self.layout.missing:
            frame[self.layout.missing.column] = status
        return frame

    def _remainder_frame(
        self, base: pandas.DataFrame, table: str, groups: Sequence[Mapping[str, list[Any]]]
    ) -> pandas.DataFrame:
        """What a printed total holds beyond its wide parts, as a named row where it is not nought."""
        frames = []
        for remainder in self.layout.remainders:
            if remainder.table != table or remainder.total not in self.values:
                continue
            left = _numbers(self.values[remainder.total])
            for values in groups:
                left = left - numpy.nan_to_num(_numbers(values.get(remainder.value, [None] * len(base))))
            there = ~numpy.isnan(left) & (numpy.abs(left) > 1e-6)
            frame = base[there].copy()
            frame[remainder.value] = left[there]
            for name, code in remainder.codes.items():
                frame[name] = code
            frames.append(frame)
        return pandas.concat(frames, ignore_index=True) if frames else base.iloc[:0]

    def _rows_that_gave_nothing(self, produced: set[int]) -> None:
        """A data row that gave no row of any table must not go in silence."""
        for row in self.rows.data:
            if int(row) not in produced and int(row) not in self.refused:
                self.refused.add(int(row))
                self.problems.append(Problem(self.rows.source(int(row)), "empty_row", "the row has no figure in any column that is loaded", "a figure, or a rule that ignores the row by name",
                                             f"Fill it in the workbook, or name such rows under [[ignored_rows]] in etl/layouts/{self.layout.name}.toml", rows=1))  # fmt: skip


def _added_up(
    frame: pandas.DataFrame, table: str, layout: Layout
) -> tuple[pandas.DataFrame, dict[str, tuple[int, ...]]]:
    """Rows that come to the same key added up, as the layout's `add_up` says; a part not reported makes the sum so."""
    names = [name for name in layout.add_up if name in frame.columns]
    if not names or frame.empty:
        return frame, {}
    key = [name for name in BROUGHT[table].key if name in frame.columns]
    group = frame.groupby(key, dropna=False, sort=False)
    size = group["_row"].transform("size")
    single, several = frame[size == 1], frame[size > 1]
    if several.empty:
        return frame, {}
    status = layout.missing.column if layout.missing else ""
    several = several.assign(**{name: several[name].astype("float64") for name in names})
    grouped = several.groupby(key, dropna=False, sort=False)
    first = grouped.first().reset_index()
    for name in names:
        # A sum with a missing part is missing: half a figure would look like a whole one.
        whole = grouped[name].count().to_numpy() == grouped.size().to_numpy()
        first[name] = numpy.where(whole, grouped[name].sum().to_numpy(), numpy.nan)
    if status in frame.columns and layout.missing:
        names_of = dict.fromkeys([layout.missing.reported, *several[status].dropna()])
        ranks = {name: rank for rank, name in enumerate(names_of)}
        worst = (
            several.assign(_rank=several[status].map(ranks))
            .groupby(key, dropna=False, sort=False)["_rank"]
            .max()
        )
        first[status] = worst.map({rank: name for name, rank in ranks.items()}).to_numpy()
    rows = grouped["_row"].agg(tuple).to_list()
    first["source"] = [
        f"{source} and {len(of) - 1} more" for source, of in zip(first["source"], rows, strict=True)
    ]
    members = dict(zip(first["source"], rows, strict=True))
    return pandas.concat([single, first[frame.columns]], ignore_index=True), members


def _numbers(values: Sequence[Any]) -> numpy.ndarray[Any, Any]:
    return numpy.array(
        [numpy.nan if value is None or isinstance(value, (Absent, Refused)) else value for value in values],
        dtype="float64",
    )


def _problem(where: str, refused: Refused, rows: int = 0) -> Problem:
    return Problem(where, refused.what, refused.found, refused.expected, refused.action, rows=rows)


def with_cells(sheet: Sheet, changes: Mapping[tuple[int, int], Any]) -> Sheet:
    """The sheet with some cells changed (row and column by index); the original stays as it is."""
    touched = {row for row, _ in changes}
    rows = [list(cells) if row in touched else cells for row, cells in enumerate(sheet.rows)]
    for (row, column), value in changes.items():
        rows[row][column] = value
    return replace(sheet, rows=rows)


def _said(name: str) -> str:
    """A context as a person says it: "register_as_at" → "date (register as at)"."""
    words = name.replace("_", " ")
    return f"date ({words})" if name.endswith(("_at", "_on")) else words
