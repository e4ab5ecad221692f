"""Columns that become rows: what a heading stands for as codes, and what is left of a printed total. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy
import pandas

from etl.layout import Wide
from etl.layout_columns import default_read
from etl.printed import Refused
from etl.recognise import WideColumn
from etl.row_values import RowValues, as_numbers
from etl.staging import BROUGHT
from etl.values import YEARLY_READS, Absent, Reader
from hnb.contract import Problem

Codes = tuple[tuple[str, Any], ...]


@dataclass(frozen=True)
class OfRow:
    """Stands for a code that each row takes from another of its columns."""

    column: str


class WideColumns:
    """The wide columns of one table in one sheet. `base` has one row for each data row, in the order of `values`."""

    def __init__(self, table: str, base: pandas.DataFrame, values: RowValues) -> None:
        self.table, self.base, self.row_values = table, base, values
        self.fit, self.layout = values.fit, values.layout
        self.declared = {column.name: column for column in BROUGHT[table].columns}
        self.values = values.all()

    def frame(self) -> pandas.DataFrame:
        """One frame for each set of codes, one below the other."""
        groups: dict[Codes, dict[str, list[Any]]] = {}
        for codes, value_name, values, index in self._wide_values():
            group = groups.setdefault(codes, {})
            if value_name in group:
                self._two_columns_for_one(codes, index)
            group.setdefault(value_name, values)
        frames = [self._group_frame(dict(codes), values) for codes, values in groups.items()]
        frames += [self._remainder_frame(list(groups.values()))]
        frames = [frame for frame in frames if len(frame)]
        return pandas.concat(frames, ignore_index=True) if frames else self.base.iloc[:0]

    def _wide_values(self) -> Iterable[tuple[Codes, str, list[Any], int]]:
        """Of each wide column: its codes, the column that its cells fill, the cells, and where it stands."""
        for wide in self.layout.wide:
            if wide.product and wide.table == self.table:
                index = self.fit.columns[wide.product[0]]
                yield tuple(sorted(wide.codes.items())), wide.value, self._product(wide), index
        for column in self.fit.wides:
            wide = column.wide
            if wide.table == self.table:
                cells = self.row_values.read(self.row_values.cells_at(column.index), self._reader(wide))
                codes = tuple(sorted(self._codes(column).items()))
                yield codes, wide.value, self._turned(wide.value, cells), column.index

    def _codes(self, column: WideColumn) -> dict[str, Any]:
        """What a heading says: by `set`, by the groups of its pattern, by what follows from these, by another column."""
        codes = dict(column.wide.codes)
        # The year first: a month or a period is read within it.
        for name in sorted(column.groups, key=lambda name: name != "financial_year"):
            self._add(codes, name, column.groups[name], column.index)
        for name, mapped in self.layout.columns.items():
            if mapped.source and name in self.declared and name not in codes:
                origin = self._origin(mapped.source)
                if origin in column.groups or origin in column.wide.codes:
                    self._add(codes, name, codes.get(origin), column.index)
        codes.update({name: OfRow(source) for name, source in column.wide.sources.items()})
        return codes

    def _origin(self, name: str) -> str:
        while name in self.layout.columns and self.layout.columns[name].source:
            name = self.layout.columns[name].source
        return name

    def _add(self, codes: dict[str, Any], name: str, said: Any, index: int) -> None:
        column, mapped = self.declared[name], self.layout.columns.get(name)
        read = mapped.read if mapped else ("line_code" if name == "line" else column.kind)
        year = ""
        if read in YEARLY_READS:
            of_rows = self.row_values.years()
            year = str(
                codes.get("financial_year") or (of_rows if isinstance(of_rows, str) else _one(of_rows))
            )
        spellings = mapped.values if mapped else {}  # noqa: PD011
        value = Reader(read, column.codes, values=spellings, year=year)(said)
        if isinstance(value, Refused):
            where = self.fit.sheet.address(self.fit.header_rows[-1], index)
            # Without its code the column means nothing, and a row without it would look whole.
            self.row_values.refusals.at(where, value, map(int, self.row_values.at))
        elif value is not None:
            codes[name] = value

    def _two_columns_for_one(self, codes: Codes, index: int) -> None:
        """Two headings that mean the same would overwrite each other: refused, never added or dropped in silence."""
        said = ", ".join(
            f"{name} {value.column if isinstance(value, OfRow) else value}" for name, value in codes
        )
        self.row_values.refusals.problem(Problem(self.fit.sheet.address(self.fit.header_rows[-1], index), "repeated_heading",
                                     f'the heading "{self.fit.headings[index]}" means {said}, as another heading does', "one column for each",
                                     f"Rename one of them in the workbook, or tell them apart in {self.layout.said}"))  # fmt: skip

    def _reader(self, wide: Wide) -> Reader:
        column = self.declared[wide.value]
        factor = wide.factor if wide.factor is not None else (
            self.row_values.context.unit if column.kind == "pounds" else 1.0
        )  # fmt: skip
        return Reader(
            default_read(column), column.codes, factor, wide.sign, wide.blank, symbols=self.row_values.symbols
        )

    def _turned(self, name: str, cells: list[Any]) -> list[Any]:
        turned = self.row_values.rows.turned(name)[self.row_values.at]
        if not turned.any():
            return cells
        return [
            -cell if is_turned and isinstance(cell, (int, float)) else cell
            for cell, is_turned in zip(cells, turned, strict=True)
        ]

    def _product(self, wide: Wide) -> list[Any]:
        factors = [self.values[name] for name in wide.product]
        return [
            None
            if any(value is None or isinstance(value, Absent) for value in cells)
            else float(numpy.prod(cells)) * wide.sign
            for cells in zip(*factors, strict=True)
        ]

    def _group_frame(self, codes: Mapping[str, Any], values: Mapping[str, list[Any]]) -> pandas.DataFrame:
        there = numpy.zeros(len(self.base), dtype=bool)
        for cells in values.values():
            there |= numpy.array([cell is not None for cell in cells], dtype=bool)
        frame = self.base[there].copy()
        for name, code in codes.items():
            frame[name] = self._of_rows(code.column, there) if isinstance(code, OfRow) else code
        missing = self.layout.missing
        status: list[str] | None = None
        for name, cells in values.items():
            kept = [cell for cell, is_there in zip(cells, there, strict=True) if is_there]
            if missing and missing.column:
                before = status or [missing.reported] * len(kept)
                status = [
                    cell.status if isinstance(cell, Absent) else old
                    for cell, old in zip(kept, before, strict=True)
                ]
            frame[name] = as_numbers(kept) if self.declared[name].kind != "identifier" else kept
        if missing and not missing.column:
            # Without a column for the status a symbol is a blank, and a blank gives no row.
            frame = frame[frame[list(values)].notna().any(axis=1)]
        elif status is not None and missing:
            frame[missing.column] = status
        return frame

    def _of_rows(self, column: str, there: numpy.ndarray[Any, Any]) -> pandas.Series:
        values = self.row_values.of(column) if column in self.layout.columns else [self.row_values.context.value(column)] * len(there)  # fmt: skip
        kept = [value for value, is_there in zip(values, there, strict=True) if is_there]
        return pandas.Series(kept, dtype=object, index=self.base.index[there])

    def _remainder_frame(self, groups: Sequence[Mapping[str, list[Any]]]) -> pandas.DataFrame:
        """What a printed total holds beyond its wide parts, as a named row where it is not nought."""
        frames = []
        for remainder in self.layout.remainders:
            if remainder.table != self.table or remainder.total not in self.values:
                continue
            left = as_numbers(self.values[remainder.total])
            for values in groups:
                left = left - numpy.nan_to_num(
                    as_numbers(values.get(remainder.value, [None] * len(self.base)))
                )
            there = ~numpy.isnan(left) & (numpy.abs(left) > 1e-6)
            frame = self.base[there].copy()
            frame[remainder.value] = left[there]
            for name, code in remainder.codes.items():
                frame[name] = code
            frames.append(frame)
        return pandas.concat(frames, ignore_index=True) if frames else self.base.iloc[:0]


def _one(years: Sequence[Any]) -> str:
    """The year of all rows; "" where they have several, so that what needs one is refused."""
    distinct = set(years)
    return str(next(iter(distinct)) or "") if len(distinct) == 1 else ""
