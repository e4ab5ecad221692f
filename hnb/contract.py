"""What a table promises, and the check of that promise.

A column is declared once, with its kind, unit, meaning and codes; the check of a frame, the Parquet
schema, the data dictionary and the export headings all follow from the declaration. This module knows
no table by name (see `hnb.tables`) and touches no file.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy
import pandas
import pyarrow

from hnb.codelists import CODELISTS
from hnb.years import is_financial_year

Kind = Literal[
    "text", "code", "identifier", "year", "date", "pounds", "number", "share", "count", "integer", "flag"
]
Severity = Literal["refusal", "note"]

_ARROW: dict[str, pyarrow.DataType] = {
    "text": pyarrow.string(),
    "code": pyarrow.string(),
    "identifier": pyarrow.string(),
    "year": pyarrow.string(),
    "date": pyarrow.date32(),
    "pounds": pyarrow.float64(),
    "number": pyarrow.float64(),
    "share": pyarrow.float64(),
    "count": pyarrow.int64(),
    "integer": pyarrow.int64(),
    "flag": pyarrow.bool_(),
}
_NUMERIC = frozenset({"pounds", "number", "share", "count", "integer"})
_WHOLE = frozenset({"count", "integer"})
_WORDS = frozenset({"text", "code", "identifier", "year"})


@dataclass(frozen=True, order=True)
class Problem:
    """One thing wrong, or worth knowing, about an input: where, what was found, what was expected, what to do.

    `where` is as exact as is known: ``file!sheet!C17``, ``file!sheet!17`` for a row, ``file`` at worst.
    `what` is the machine's name of the kind ("unknown_code"). A `refusal` holds publication up; a `note`
    is only worth knowing. `rows` is how many rows of the input it refuses. No part of it may hold a
    child's name, date of birth or UPN.
    """

    where: str
    what: str
    found: str
    expected: str = ""
    action: str = ""
    severity: Severity = "refusal"
    rows: int = 0

    def sentence(self) -> str:
        """The problem as a person reads it: where, found, expected, what to do."""
        parts = [f"{self.where}: {self.found.rstrip('.')}."]
        if self.expected:
            parts.append(f"Expected {self.expected.rstrip('.')}.")
        if self.action:
            parts.append(f"{self.action.rstrip('.')}.")
        return " ".join(parts)


@dataclass(frozen=True)
class Column:
    """One column of a table: everything that is true of it, said once.

    Parameters
    ----------
    name: canonical name, as in `shared/design/domain.md`.
    kind: text, code, identifier, year ("2023-24"), date, pounds, number, share (a fraction), count
        (whole, never negative), integer, flag (true or false).
    meaning: one sentence, shown in the data dictionary and in exports.
    unit: "£", "placement-years", "children" …; empty where the kind says it.
    codes: the name of the code list that a `code` column draws on.
    required: whether a blank is a Problem.
    minimum, maximum: inclusive bounds of a numeric column.
    pattern: regular expression that the whole of a text or identifier must match.
    """

    name: str
    kind: Kind
    meaning: str
    unit: str = ""
    codes: str = ""
    required: bool = True
    minimum: float | None = None
    maximum: float | None = None
    pattern: str = ""

    @property
    def heading(self) -> str:
        """The name as a person reads it: "annual_cost" → "Annual cost (£)"."""
        words = self.name.replace("_", " ")
        unit = "£" if self.kind == "pounds" else self.unit
        return f"{words[0].upper()}{words[1:]}" + (f" ({unit})" if unit else "")

    @property
    def arrow_field(self) -> pyarrow.Field:
        """The column as a Parquet field that carries its own meaning, unit and ordered codes."""
        metadata = {"kind": self.kind, "meaning": self.meaning}
        if self.unit or self.kind == "pounds":
            metadata["unit"] = "£" if self.kind == "pounds" else self.unit
        if self.codes:
            metadata["codes"] = self.codes
            metadata["ordered_codes"] = ",".join(CODELISTS[self.codes].codes)
        return pyarrow.field(self.name, _ARROW[self.kind], nullable=not self.required, metadata=metadata)


@dataclass(frozen=True)
class Table:
    """A table of data/processed: its name, what a row is, its columns and its key.

    `comes_from` says in words which workbooks bring it; a derived table has what it is derived from.
    `one_file` names columns within which all rows come from one file: where two sources cut the same total
    differently, no key would show that it was loaded twice. `in_order` are pairs of columns of which the first
    may never be after the second.
    `amount` is its column of money. Rows that differ in one of `kinds` are different kinds of figure, and rows
    that differ in `reported`, a date, are different reports of the same year: their amounts are never added.

    `check` looks at a frame and gathers every Problem; `conform` gives it the declared types. Both take
    a pandas frame and leave it unchanged.
    """

    name: str
    row: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    derived_from: tuple[str, ...] = ()
    one_file: tuple[str, ...] = ()
    in_order: tuple[tuple[str, str], ...] = ()
    comes_from: str = ""
    amount: str = ""
    kinds: tuple[str, ...] = ()
    reported: str = ""
    _by_name: dict[str, Column] = field(default_factory=dict, repr=False, compare=False)

    def __post_init__(self) -> None:
        self._by_name.update({column.name: column for column in self.columns})
        named = (*self.key, *self.kinds, *(name for name in (self.amount, self.reported) if name))
        unknown = [name for name in named if name not in self._by_name]
        if unknown or len(self._by_name) != len(self.columns):
            raise ValueError(
                f"table {self.name}: {unknown} of its key, kinds, amount or reported not among its columns, or a column twice"
            )

    @property
    def names(self) -> tuple[str, ...]:
        """Column names in declared order."""
        return tuple(column.name for column in self.columns)

    def column(self, name: str) -> Column:
        """The declaration of one column. KeyError if the table has none of that name."""
        return self._by_name[name]

    def arrow_schema(self) -> pyarrow.Schema:
        """The Parquet schema, with meanings, units and ordered codes in the fields' metadata."""
        return pyarrow.schema(
            [column.arrow_field for column in self.columns], metadata={"table": self.name, "row": self.row}
        )

    def empty(self) -> pandas.DataFrame:
        """A frame with the declared columns and types and no rows."""
        return self.conform(pandas.DataFrame({name: [] for name in self.names}))

    def conform(self, frame: pandas.DataFrame) -> pandas.DataFrame:
        """The frame with the declared columns, in order, each of its declared type; pounds to the penny.

        A column that is not required and not there comes as missing. Extra columns are a fault of the
        caller (ValueError): nothing is dropped in silence.
        """
        extra = [name for name in frame.columns if name not in self._by_name]
        if extra:
            raise ValueError(f"table {self.name} has no column {extra}")
        conformed = {}
        for column in self.columns:
            values = (
                frame[column.name]
                if column.name in frame.columns
                else pandas.Series([None] * len(frame), index=frame.index, dtype=object)
            )
            conformed[column.name] = _typed(values, column).reset_index(drop=True)
        return pandas.DataFrame(conformed)

    def check(self, frame: pandas.DataFrame) -> list[Problem]:
        """Every way in which the frame breaks the table's promise, each with the address of its row.

        The frame must have a `source` column (``file!sheet!row``). Problems are gathered, not raised,
        and come sorted by address. Rows that break it are those named by `where`.
        """
        problems: list[Problem] = []
        missing = [c.name for c in self.columns if c.required and c.name not in frame.columns]
        if missing:
            where = _first_source(frame)
            return [
                Problem(where, "missing_column", f"no column {', '.join(missing)} for table {self.name}",
                        f"each of {', '.join(self.names)}",
                        "Map the column in the layout, or give it there as a constant", rows=len(frame))
            ]  # fmt: skip
        for column in self.columns:
            if column.name in frame.columns:
                problems.extend(_column_problems(frame, column))
        broken = {problem.where for problem in problems}
        problems.extend(problem for problem in self._order_problems(frame) if problem.where not in broken)
        problems.extend(self._key_problems(frame))
        problems.extend(self._file_problems(frame, {problem.where for problem in problems}))
        return sorted(problems)

    def _order_problems(self, frame: pandas.DataFrame) -> Iterable[Problem]:
        for first, second in self.in_order:
            if first not in frame.columns or second not in frame.columns:
                continue
            columns = (frame[name].tolist() for name in ("source", first, second))
            for source, before, after in zip(*columns, strict=True):
                if isinstance(before, datetime.date) and isinstance(after, datetime.date) and before > after:
                    yield Problem(source, "wrong_order", f"{first} is {before:%d/%m/%Y} and {second} is {after:%d/%m/%Y}", f"{second} on or after {first}",
                                  "Correct whichever is wrong in the workbook", rows=1)  # fmt: skip

    def _key_problems(self, frame: pandas.DataFrame) -> Iterable[Problem]:
        if not self.key or frame.empty:
            return
        key = list(self.key)
        repeated = frame[frame.duplicated(key, keep="first")]
        if repeated.empty:
            return
        alike = frame[frame.duplicated(key, keep=False)]
        firsts = alike.drop_duplicates(key).set_index(key)["source"].to_dict()
        # In a table about children a cell of an identifier may hold anything: its address is enough.
        of_children = "pupil_id" in self._by_name
        hidden = {"authority"} | {
            name for name in key if of_children and self.column(name).kind == "identifier"
        }
        for values, source in zip(
            repeated[key].itertuples(index=False, name=None), repeated["source"], strict=True
        ):
            first = firsts.get(values if len(key) > 1 else values[0], "another row")
            shown = ", ".join(
                f"{name} {value}" for name, value in zip(key, values, strict=True) if name not in hidden
            )
            yield Problem(
                source, "repeated_key", f"the same {self.name} row is already at {first} ({shown})",
                "one row for each " + ", ".join(key),
                "Take one of the two out of the workbook, or say in a correction which of them stands", rows=1,
            )  # fmt: skip

    def _file_problems(self, frame: pandas.DataFrame, known: set[str]) -> Iterable[Problem]:
        if not self.one_file or frame.empty:
            return
        rows = frame[[*self.one_file, "source"]].assign(file=frame["source"].str.split("!").str[0])
        rows["first"] = rows.groupby(list(self.one_file), dropna=False)["file"].transform("first")
        for source, first in rows.loc[rows["file"] != rows["first"], ["source", "first"]].itertuples(
            index=False
        ):
            if source not in known:
                yield Problem(source, "second_file", f"{self.name} of the same {', '.join(self.one_file)} are in {first} too",
                              "one file for them, or they would be counted twice",
                              "Take one of the two files out of the folder", rows=1)  # fmt: skip


_DATE = pandas.ArrowDtype(pyarrow.date32())


def _typed(values: pandas.Series[Any], column: Column) -> pandas.Series[Any]:
    if column.kind in _WHOLE:
        return pandas.to_numeric(values).astype("Int64")
    if column.kind == "pounds":
        return pandas.to_numeric(values).astype("float64").round(2) + 0.0
    if column.kind in _NUMERIC:
        return pandas.to_numeric(values).astype("float64")
    if column.kind == "flag":
        return values.astype("boolean")
    if column.kind == "date":
        if values.dtype == _DATE:
            return values
        return pandas.to_datetime(values).astype("datetime64[s]").astype("date32[pyarrow]")
    return values.astype("string")


def _column_problems(frame: pandas.DataFrame, column: Column) -> Iterable[Problem]:
    values = frame[column.name]
    sources = frame["source"]
    blank = values.isna()
    if column.kind in _WORDS:
        spaces = {value for value in values.unique() if isinstance(value, str) and not value.strip()}
        blank |= values.isin(spaces) if spaces else False
    if column.required:
        for source in sources[blank]:
            yield Problem(source, "blank", f'"{column.name}" is blank', f"a value: {column.meaning}",
                          "Fill the cell in the workbook; if it is truly not known, write “not recorded”", rows=1)  # fmt: skip
    present, addresses = values[~blank], sources[~blank]
    if present.empty:
        return
    wrong, expected = _wrong_values(present, column)
    for source, value in zip(addresses[wrong], present[wrong], strict=True):
        shown = "a value" if column.kind == "identifier" else f'"{value}"'
        what = "unknown_code" if column.kind == "code" else "bad_value"
        yield Problem(source, what, f"{shown} in {column.name} is not {_kind_words(column)}", expected,
                      _advice(column, str(value)), rows=1)  # fmt: skip
    if column.kind in _NUMERIC and (column.minimum is not None or column.maximum is not None):
        numbers = pandas.to_numeric(present[~wrong], errors="coerce")
        low = -numpy.inf if column.minimum is None else column.minimum
        high = numpy.inf if column.maximum is None else column.maximum
        outside = ~numbers.between(low, high)
        for source, value in zip(addresses[~wrong][outside], numbers[outside], strict=True):
            yield Problem(source, "out_of_range", f"{column.name} is {value:,.10g}", f"between {low:,.10g} and {high:,.10g}",
                          "Correct the cell in the workbook", rows=1)  # fmt: skip


def _wrong_values(present: pandas.Series[Any], column: Column) -> tuple[pandas.Series[bool], str]:
    """Which of the values (none blank) are not of the column's kind, and what would be."""
    if column.kind == "code":
        good = CODELISTS[column.codes].codes
        shown = ", ".join(good) if len(good) <= 16 else f"a code of hnb/codes ({column.codes})"
        return ~present.isin(good), f"one of {shown}" if len(good) <= 16 else shown
    if column.kind == "year":
        distinct = {value: is_financial_year(value) for value in present.unique()}
        return ~present.map(distinct).astype(bool), 'a year written "2023-24"'
    if column.kind == "date":
        return _of_other_types(present, (datetime.date,)), "a date"
    if column.kind == "flag":
        return _of_other_types(present, (bool, numpy.bool_)), "yes or no"
    if column.kind in _NUMERIC:
        numbers = pandas.to_numeric(present, errors="coerce")
        wrong = numbers.isna() | ~numpy.isfinite(numbers.astype("float64"))
        if column.kind in _WHOLE:
            wrong |= numbers.mod(1).fillna(0).ne(0)
        if column.kind == "count":
            wrong |= numbers.lt(0)
        return wrong.astype(bool), "a whole number" if column.kind in _WHOLE else "a number"
    form = re.compile(column.pattern or ".*", re.DOTALL)
    right = {
        value: isinstance(value, str) and (not column.pattern or bool(form.fullmatch(value)))
        for value in present.unique()
    }
    is_right = numpy.array([right[value] for value in present.tolist()], dtype=bool)
    return pandas.Series(
        ~is_right, index=present.index
    ), "letters with at least one figure, as numbers of records have" if column.pattern else "text"


def _of_other_types(values: pandas.Series[Any], types: tuple[type, ...]) -> pandas.Series[bool]:
    """Which of the values are of none of the types."""
    of_each = list(map(type, values.tolist()))
    other = {kind for kind in set(of_each) if not issubclass(kind, types)}
    return pandas.Series([kind in other for kind in of_each], index=values.index, dtype=bool)


def _kind_words(column: Column) -> str:
    if column.kind == "code":
        return f"a known {CODELISTS[column.codes].noun}"
    return {"year": "a financial year", "date": "a date", "flag": "yes or no", "count": "a count",
            "text": "text", "identifier": "an identifier"}.get(column.kind, "a number")  # fmt: skip


def _advice(column: Column, value: str) -> str:
    if column.kind != "code":
        return "Correct the cell in the workbook"
    codelist = CODELISTS[column.codes]
    nearest = codelist.nearest(value)
    where = f"hnb/codes/{codelist.file}"
    if nearest:
        return (
            f'If it means "{codelist.label(nearest)}", add it to the aliases of {nearest} in {where}; '
            "otherwise correct the workbook"
        )
    return f"Correct the workbook, or add it to the aliases of the right code in {where}"


def _first_source(frame: pandas.DataFrame) -> str:
    return str(frame["source"].iloc[0]) if "source" in frame.columns and len(frame) else "(no rows)"
