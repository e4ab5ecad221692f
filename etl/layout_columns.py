"""The part of the layout language that is about columns: headings, what cells are read as, columns across.

It reads TOML and looks at no sheet. What each key means is said in `etl/layouts/README.md`.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from etl.layout import UNSAID, Context, Mapped, SideBySide, Wide
from etl.layout_keys import Keys, nearest, values
from etl.staging import BROUGHT
from etl.values import OTHER_READS, YEARLY_READS, Reader, Refused
from hnb.contract import Column

READS = ("authority", "pseudonym", "line_code", "code", "pounds", "number", "count", "share", "text", "identifier", "integer",
         "unit", "status_by_end", *OTHER_READS, *YEARLY_READS)  # fmt: skip
PERIODS = ("day", "week", "month", "term", "year")
_SOURCES = ("title", "sheet_name", "file_name")
_SPECIAL_READS = {
    "authority": "authority",
    "neighbour": "authority",
    "pupil_id": "pseudonym",
    "line": "line_code",
    "end_on": "end_date",
}


class Columns:
    """Reads the parts of a layout that are about columns. `given` are those that groups of headings or sections give."""

    def __init__(self, keys: Keys, given: frozenset[str]) -> None:
        self.keys = keys
        self.given = given

    def column(self, name: str, given: Mapping[str, Any]) -> Mapped:
        """[columns.NAME]"""
        keys, where, path = self.keys, f"[columns.{name}]", f"columns.{name}"
        keys.only(given, where, "headings pattern example nth required optional kind read blank values otherwise from when unit sign codes "
                  "fill_down per times plus plus_pattern minus annualise made_of")  # fmt: skip
        declared = keys.declared.get(name)
        if declared is None and not {"kind", "read"} & set(given):
            raise keys.fault(where, f"no table of this layout has this column{nearest(name, keys.declared)}; a column that is not loaded needs a `kind`")  # fmt: skip
        from_elsewhere = {"from", "plus", "plus_pattern", "minus", "made_of"} & set(
            given
        ) or name in self.given
        column = Mapped(
            name=name,
            spelling=keys.spelling(given, where, needed=not from_elsewhere),
            read=self.read(name, given, where),
            codes=given.get("codes", declared.codes if declared else ""),
            required=bool(given.get("required", not given.get("optional", False))),
            loaded=declared is not None,
            blank=given.get("blank", UNSAID),
            values=values(given),
            otherwise=given.get("otherwise", UNSAID),
            source=given.get("from", ""),
            when=keys.conditions(given.get("when", {}), where),
            factor=keys.factor(given.get("unit"), where),
            sign=int(given.get("sign", 1)),
            fill_down=bool(given.get("fill_down", False)),
            per=given.get("per", ""),
            times=given.get("times"),
            plus=tuple(given.get("plus", ())),
            plus_pattern=keys.pattern(given.get("plus_pattern"), where),
            minus=tuple(given.get("minus", ())),
            annualise=bool(given.get("annualise", False)),
            made_of=tuple(given.get("made_of", ())),
            is_given=name in self.given,
        )  # fmt: skip
        self._cost(column, where, path)
        if column.fill_down and column.spelling.is_empty:
            raise keys.fault(where, "`fill_down` goes with a heading: only cells of the sheet can be filled")
        return column

    def _cost(self, column: Mapped, where: str, path: str) -> None:
        keys = self.keys
        if column.per and column.per not in PERIODS:
            raise keys.fault(where, f'`per` cannot be "{column.per}"; it is {", ".join(PERIODS)}')
        if column.times is not None and not (isinstance(column.times, (int, float)) and column.times > 0):
            raise keys.fault(where, f'`times` must be a number above nought, not "{column.times}"')
        if column.per not in ("", "year") and column.times is None and not keys.is_open(f"{path}.times"):
            raise keys.fault(where, f"`per` needs `times`: how many {column.per}s are paid in a year")
        if column.read == "status_by_end" and not (column.source and "register_as_at" in keys.declared):
            raise keys.fault(
                where,
                "`status_by_end` goes with `from` (the column of the end), in a table with register_as_at",
            )
        if (column.per or column.annualise or column.is_summed) and column.read != "pounds":
            raise keys.fault(where, "`per`, `plus`, `minus` and `annualise` are for columns of pounds")
        if column.annualise and (column.per or not {"start_on", "financial_year"} <= set(keys.declared)):
            raise keys.fault(where, "`annualise` is for a cost of the row's own days, in a table with start_on and financial_year, and not with `per`")  # fmt: skip

    def read(self, name: str, given: Mapping[str, Any], where: str) -> str:
        """What the cells of a column are read as."""
        declared = self.keys.declared.get(name)
        read = given.get("read") or (default_read(declared) if declared else given.get("kind", "text"))
        if read not in READS:
            raise self.keys.fault(where, f'"{read}" is no way to read a cell{nearest(read, READS)}')
        return str(read)

    def context(self, name: str, given: Mapping[str, Any]) -> Context:
        """[context.NAME]"""
        keys, where = self.keys, f"[context.{name}]"
        keys.only(given, where, "from pattern example read optional values")
        source = given.get("from")
        sources = tuple(source) if isinstance(source, list) else (source,)
        if not sources or any(one not in _SOURCES for one in sources):
            raise keys.fault(where, f"`from` must be one of {', '.join(_SOURCES)}, or a list of them")
        if name != "unit":
            keys.column_name(name, where)
        pattern = keys.pattern(given.get("pattern"), where)
        if pattern is None or not pattern.groups:
            raise keys.fault(where, "it needs a `pattern` with a group (…) for the value")
        example = str(given.get("example", ""))
        if example and not pattern.search(example):
            raise keys.fault(where, f"its `example` “{example}” does not match its pattern")
        read = "unit" if name == "unit" else self.read(name, given, where)
        return Context(
            name, sources, pattern, read, bool(given.get("optional", False)), values(given), example
        )

    def constants(self, given: Mapping[str, Any]) -> Mapping[str, Mapping[str, Any]]:
        """[constants]: by table, those for every table under ""; each read as a cell of its column."""
        constants: dict[str, dict[str, Any]] = {"": {}}
        for name, value in given.items():
            if isinstance(value, dict):
                if name not in self.keys.tables:
                    raise self.keys.fault(f"[constants.{name}]", "it is no table of this layout")
                constants[name] = {key: self.constant(key, inner) for key, inner in value.items()}
            else:
                constants[""][name] = self.constant(name, value)
        return MappingProxyType({table: MappingProxyType(of) for table, of in constants.items()})

    def constant(self, name: str, value: Any) -> Any:
        """One constant as its column has it: "31 October 2026" is a date, "2026/27" a year."""
        column = self.keys.declared[self.keys.column_name(name, "[constants]")]
        if name == "authority" and value == "ours":
            return value
        if column.kind == "pounds":
            return float(value)
        if value == "" or column.kind not in ("date", "year", "code"):
            return value
        read = Reader(default_read(column), column.codes)(value)
        if isinstance(read, Refused):
            raise self.keys.fault("[constants]", f"{name}: {read.found}")
        return read

    def wide(self, given: Mapping[str, Any]) -> Wide:
        """[[wide]]"""
        keys = self.keys
        where = f"[[wide]] {given.get('name') or given.get('headings') or given.get('pattern') or ''}"
        keys.only(
            given,
            where,
            "name headings pattern example nth set from value table product optional blank unit sign",
        )
        table = keys.table(given, where)
        spelling = keys.spelling(given, where, needed="product" not in given)
        names = BROUGHT[table].names
        groups = spelling.pattern.groupindex if spelling.pattern else ()
        for name in (given.get("value", ""), *given.get("set", {}), *given.get("from", {}), *groups):
            if name not in names:
                raise keys.fault(where, f'table {table} has no column "{name}"{nearest(name, names)}')
        return Wide(
            name=given.get("name", ""),
            spelling=spelling,
            table=table,
            codes=MappingProxyType(dict(given.get("set", {}))),
            value=given.get("value", ""),
            product=tuple(given.get("product", ())),
            optional=bool(given.get("optional", False)),
            blank=given.get("blank", UNSAID),
            factor=keys.factor(given.get("unit"), where),
            sign=int(given.get("sign", 1)),
            sources=MappingProxyType(dict(given.get("from", {}))),
        )

    def side_by_side(self, given: Mapping[str, Any]) -> SideBySide:
        """[side_by_side]"""
        keys, where = self.keys, "[side_by_side]"
        keys.only(given, where, "pattern needs")
        pattern = keys.pattern(given.get("pattern"), where)
        if pattern is None or not {"heading", "number"} <= set(pattern.groupindex):
            raise keys.fault(where, "it needs a `pattern` with the groups (?P<heading>…) and (?P<number>…)")
        if not given.get("needs"):
            raise keys.fault(where, "it needs `needs`: the columns that a set must fill to give a row")
        return SideBySide(pattern, tuple(given["needs"]))


def groups_given(document: Mapping[str, Any], keys: Keys) -> frozenset[str]:
    """The columns that a named group of a wide heading, or a section, may give."""
    names: set[str] = set()
    for part in ("wide", "sections"):
        for given in document.get(part, ()):
            pattern = keys.pattern(given.get("pattern"), f"[[{part}]]")
            names.update(pattern.groupindex if pattern else ())
            names.update(given.get("sets", {}))
    return frozenset(names)


def default_read(column: Column) -> str:
    """What a column's cells are read as where a layout does not say it."""
    return _SPECIAL_READS.get(column.name, column.kind)
