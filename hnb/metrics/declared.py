"""Measures that an analyst declares as text: a numerator, a denominator, a table, conditions, and their words.

A declaration is TOML and no Python, so a server that takes it runs nothing that somebody wrote into a file. What it
cannot say is a `rows` of its own: it takes those of the measure that it is like. Pure; see `hnb.measures_file` for
the file.
"""

from __future__ import annotations

import difflib
import functools
import operator
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, get_args

import narwhals as nw

from hnb.codelists import CODELISTS
from hnb.contract import Column, Table
from hnb.errors import HnbError
from hnb.metrics.dimensions import DERIVED, codelist_of
from hnb.metrics.measure import Better, Measure, Unit
from hnb.tables import ABOUT_THE_BUILD, TABLES

_NAME = re.compile(r"[a-z][a-z0-9_]{2,39}")
_WORDS = ("title", "question", "caution", "source")
_KEYS = (
    "like", *_WORDS, "unit", "better", "table", "dimensions", "numerator", "denominator", "denominator_scope", "count",
    "sides", "is_stock", "where", "estimated_when",
)  # fmt: skip
_NEEDED = (*_WORDS, "unit", "better", "table", "dimensions", "numerator")
"""What a measure that is like no other must say."""

_NEEDED_BESIDE_LIKE = ("title", "question")
_ADDABLE = ("pounds", "number", "count", "integer")


def declared_measures(
    text: str, known: Mapping[str, Measure], file: str = "the declaration"
) -> tuple[Measure, ...]:
    """The measures that a text declares, in its order.

    known: the measures that one may be like, and whose names are taken. Raises HnbError that says everything wrong
    at once, each with the entry and the key: nothing of the text is taken then.
    """
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise HnbError(
            f"{file} is not TOML: {error}. Begin each measure with its name in brackets, [independent_year_cost], and "
            'write one `key = "value"` on a line.'
        ) from error
    entries = [_Entry(file, name, given, known) for name, given in document.items()]
    measures = [entry.measure() for entry in entries]
    faults = [fault for entry in entries for fault in entry.faults]
    titles = [measure.title for measure in (*known.values(), *filter(None, measures))]
    faults += [f"{file}: the title “{title}” is there twice. Give each measure a title of its own." for title in sorted({title for title in titles if titles.count(title) > 1})]  # fmt: skip
    if faults:
        raise HnbError(
            faults[0] if len(faults) == 1 else "\n".join([f"{len(faults)} things to mend:", *faults])
        )
    return tuple(measure for measure in measures if measure is not None)


@dataclass
class _Entry:
    """One entry on its way to a measure; `faults` fills with a sentence for each thing that is wrong."""

    file: str
    name: str
    given: Any
    known: Mapping[str, Measure]
    faults: list[str] = field(default_factory=list)

    def measure(self) -> Measure | None:
        """The measure; None where something is wrong."""
        if not _NAME.fullmatch(self.name):
            self._wrong("name", f"“{self.name}” is no name", "3 to 40 small letters, digits and _, such as independent_year_cost")  # fmt: skip
        if self.name in self.known:
            self._wrong("name", f"“{self.name}” comes with the program", "a name that is free")
        if not isinstance(self.given, dict):
            self._wrong("name", "it stands alone", f"a heading in brackets, [{self.name}], and keys under it")
            return None
        for key in self.given:
            if key not in _KEYS:
                self._wrong(key, "there is no such key", f"one of {', '.join(_KEYS)}{_nearest(key, _KEYS)}")
        like = self._like()
        if "like" in self.given and like is None:
            return None
        needed = _NEEDED_BESIDE_LIKE if like else _NEEDED
        for key in needed:
            if key not in self.given:
                self._wrong(key, "it is missing", "a value: it stands in every entry" + ("" if like else " that is like no other measure"))  # fmt: skip
        table = TABLES.get(like.table if like else self._text("table"))
        if table is None or (like and "table" in self.given):
            if like:
                self._wrong("table", "it is given beside `like`", "one of the two: the table comes with the other measure")  # fmt: skip
            elif "table" in self.given:
                self._wrong("table", f"“{self._text('table')}” is no table", f"one of {', '.join(_countable())}{_nearest(self._text('table'), _countable())}")  # fmt: skip
            return None
        if not like and table.name not in _countable():
            self._wrong("table", f"{table.name} holds reports of one year beside one another, or nothing by year, so its rows cannot be added up", f"`like` with a measure of it, or one of {', '.join(_countable())}")  # fmt: skip
            return None
        changes = self._changes(table, like)
        if self.faults:
            return None
        if like:
            return replace(like, name=self.name, **changes)
        return Measure(name=self.name, table=table.name, **changes)

    def _changes(self, table: Table, like: Measure | None) -> dict[str, Any]:
        changes: dict[str, Any] = {key: self._text(key) for key in _WORDS if key in self.given}
        for key, allowed in (
            ("unit", get_args(Unit)),
            ("better", get_args(Better)),
            ("denominator_scope", ("same", "whole")),
        ):
            if key in self.given:
                changes[key] = self._one_of(key, allowed)
        for key in ("numerator", "denominator", "count"):
            if key in self.given:
                changes[key] = self._sum(key, table, may_be_blank=key != "numerator")
        if "dimensions" in self.given:
            changes["dimensions"] = self._dimensions(table)
        if "is_stock" in self.given:
            changes["is_stock"] = self._flag("is_stock")
        if "sides" in self.given:
            changes["sides"] = self._sides()
        conditions = self._conditions("where", table)
        changes["where"] = {**(like.where if like else {}), **conditions}
        if "estimated_when" in self.given:
            estimated = self._conditions("estimated_when", table)
            parts = [nw.col(name).is_in(list(values)) for name, values in estimated.items()]
            if parts:
                changes["status_when"] = {"estimated": functools.reduce(operator.and_, parts)}
        for kind in table.kinds:
            is_seen_to = like is not None and like.rows is not None and kind not in like.where
            if not is_seen_to and len(changes["where"].get(kind, ())) != 1:
                self._wrong("where", f"rows of {table.name} that differ in `{kind}` are never added up", f"one value of `{kind}`: {', '.join(_codes(table.column(kind)))}")  # fmt: skip
        return changes

    def _like(self) -> Measure | None:
        if "like" not in self.given:
            return None
        name = self._text("like")
        if name not in self.known:
            self._wrong("like", f"“{name}” is no measure that comes with the program", f"the name of one, as in docs/measures.md{_nearest(name, self.known)}")  # fmt: skip
            return None
        return self.known[name]

    def _text(self, key: str) -> str:
        value = self.given.get(key, "")
        if not isinstance(value, str) or (key in self.given and not value.strip()):
            self._wrong(key, f"{value!r} is no text", "words between quotes")
            return ""
        return value.strip()

    def _flag(self, key: str) -> bool:
        value = self.given[key]
        if not isinstance(value, bool):
            self._wrong(key, f"{value!r} is neither", "true or false")
        return bool(value)

    def _one_of(self, key: str, allowed: tuple[str, ...]) -> str:
        value = self._text(key)
        if value and value not in allowed:
            self._wrong(
                key, f"“{value}” is not known", f"one of {', '.join(allowed)}{_nearest(value, allowed)}"
            )
        return value

    def _sum(self, key: str, table: Table, *, may_be_blank: bool) -> str:
        if may_be_blank and self.given[key] == "":
            return ""
        value = self._text(key)
        allowed = tuple(column.name for column in table.columns if column.kind in _ADDABLE)
        if value and value not in allowed:
            self._wrong(key, f"“{value}” is no column of {table.name} that can be added up", f"one of {', '.join(allowed)}{_nearest(value, allowed)}")  # fmt: skip
        return value

    def _dimensions(self, table: Table) -> tuple[str, ...]:
        given = self.given["dimensions"]
        allowed = _dimensions_of(table)
        if not isinstance(given, list) or not all(isinstance(name, str) for name in given):
            self._wrong("dimensions", f"{given!r} is no list of names", '["financial_year", "setting"]')
            return ()
        for name in given:
            if name not in allowed:
                self._wrong("dimensions", f"{table.name} cannot be split by “{name}”", f"some of {', '.join(allowed)}{_nearest(name, allowed)}")  # fmt: skip
        for name in ("authority", "financial_year"):
            if name not in given:
                self._wrong("dimensions", f"`{name}` is not among them", "it stands in every list: pages ask by authority and year")  # fmt: skip
        return tuple(dict.fromkeys(given))

    def _sides(self) -> tuple[str, str] | None:
        given = self.given["sides"]
        if isinstance(given, list) and len(given) == 2 and all(isinstance(side, str) and side.strip() for side in given):  # fmt: skip
            return given[0].strip(), given[1].strip()
        self._wrong("sides", f"{given!r} is no pair of words", 'what is positive, then what is negative: ["more", "less"]')  # fmt: skip
        return None

    def _conditions(self, key: str, table: Table) -> dict[str, tuple[Any, ...]]:
        """Column → the values that a row must have; a group of codes stands for its members."""
        given = self.given.get(key, {})
        if not isinstance(given, dict):
            self._wrong(key, f"{given!r} is no list of conditions", '{ setting_group = ["independent"] }')
            return {}
        found: dict[str, tuple[Any, ...]] = {}
        for name, values in given.items():
            wanted = values if isinstance(values, list) else [values]
            derived = DERIVED.get(name)
            if name in table.names and table.column(name).kind in ("code", "flag", "year", "text"):
                found[name] = self._values(key, name, table.column(name), wanted)
            elif derived and derived.source in table.names and codelist_of(name, table.name):
                of = CODELISTS[table.column(derived.source).codes]
                groups = self._values(key, name, Column(name, "code", "", codes=codelist_of(name, table.name)), wanted)  # fmt: skip
                members = tuple(code for code in of.codes if derived.of(code) in groups)
                before = found.get(derived.source)
                found[derived.source] = members if before is None else tuple(code for code in before if code in members)  # fmt: skip
            else:
                allowed = [column.name for column in table.columns if column.kind in ("code", "flag", "year", "text")]  # fmt: skip
                self._wrong(key, f"{table.name} has no column “{name}” of codes", f"one of {', '.join(allowed)}{_nearest(name, allowed)}")  # fmt: skip
        return found

    def _values(self, key: str, name: str, column: Column, wanted: list[Any]) -> tuple[Any, ...]:
        if not wanted:
            self._wrong(key, f"`{name}` has no value", f'one or several: {name} = ["…"]')
        if column.kind == "flag":
            for value in wanted:
                if not isinstance(value, bool):
                    self._wrong(key, f"{value!r} of `{name}` is neither", "true or false")
            return tuple(wanted)
        codes = _codes(column)
        for value in wanted:
            if not isinstance(value, str) or (codes and value not in codes):
                self._wrong(key, f"{value!r} is no code of `{name}`", f"one of {', '.join(codes)}{_nearest(str(value), codes)}" if codes else "text between quotes")  # fmt: skip
        return tuple(wanted)

    def _wrong(self, key: str, found: str, expected: str) -> None:
        self.faults.append(f"{self.file}, [{self.name}], {key}: {found}. Expected {expected}.")


def _countable() -> tuple[str, ...]:
    """The tables whose rows can be added up by year as they stand: one report a year, about what was loaded."""
    return tuple(
        name
        for name, table in TABLES.items()
        if name not in ABOUT_THE_BUILD
        and not table.reported
        and {"authority", "financial_year"} <= set(table.names)
        and any(column.kind in _ADDABLE for column in table.columns)
    )


def _dimensions_of(table: Table) -> tuple[str, ...]:
    held = [
        column.name
        for column in table.columns
        if column.kind in ("code", "flag", "year", "date") or column.name in ("authority", "provider")
    ]
    return (
        *held,
        *(name for name, derived in DERIVED.items() if derived.source in held and name not in held),
    )


def _codes(column: Column) -> tuple[str, ...]:
    return CODELISTS[column.codes].codes if column.codes else ()


def _nearest(name: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(name, list(known), n=1, cutoff=0.6)
    return f"; perhaps {near[0]} was meant" if near else ""
