"""Reads layouts from `etl/layouts/*.toml` and checks that they keep to the language of the README there.

It looks at no sheet (see `etl.recognise`). A layout that breaks the language is the user's to mend: HnbError
with the file and the key.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any, Literal

from etl.layout import (
    UNSAID,
    Across,
    Check,
    Context,
    HeaderRow,
    Ignored,
    IgnoredRows,
    Layout,
    Mapped,
    Missing,
    Remainder,
    Spelling,
    Totals,
    Wide,
)
from etl.staging import BROUGHT
from etl.values import unit_factor
from hnb.codelists import folded
from hnb.contract import Column
from hnb.errors import HnbError

READS = ("authority", "pseudonym", "january", "year_of_month", "period_of_month", "month", "line_code",
         "code", "pounds", "number", "count", "share", "date", "flag", "year", "text", "identifier", "integer", "unit", "academic_year_of_date")  # fmt: skip
_SOURCES = ("title", "sheet_name", "file_name")


@cache
def all_layouts() -> tuple[Layout, ...]:
    """Every layout of the package, by name. Read once."""
    folder = resources.files("etl") / "layouts"
    files = sorted(
        (path for path in folder.iterdir() if path.name.endswith(".toml")), key=lambda path: path.name
    )
    return tuple(read_layout(path.read_text(encoding="utf-8"), path.name) for path in files)


def read_layout(text: str, file: str) -> Layout:
    """A layout from its TOML. HnbError names the file and the key that breaks the language."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise HnbError(f"etl/layouts/{file} is not TOML: {error}. Correct it there.") from error
    return _Reader(file).layout(document)


class _Reader:
    """Turns the parsed TOML of one layout into a Layout, and says what is wrong with it by key."""

    def __init__(self, file: str) -> None:
        self.file = file

    def fault(self, where: str, what: str) -> HnbError:
        return HnbError(f"etl/layouts/{self.file}, {where}: {what}. See etl/layouts/README.md.")

    def layout(self, document: Mapping[str, Any]) -> Layout:
        self.only(document, "the file", "name title publisher version tables sheet header context constants columns wide "
                  "remainders add_up missing ignored_headings ignored_rows totals checks across ignored_sheets run")  # fmt: skip
        for key in ("name", "title", "tables", "header"):
            if not document.get(key):
                raise self.fault(key, "it is not there")
        if f"{document['name']}.toml" != self.file:
            raise self.fault("name", f'it must be the file\'s own name, "{self.file.removesuffix(".toml")}"')
        tables = tuple(document["tables"])
        for name in tables:
            if name not in BROUGHT:
                raise self.fault("tables", f'there is no table "{name}"{_nearest(name, BROUGHT)}')
        declared = _declared(tables)
        columns = {
            name: self.column(name, given, declared) for name, given in document.get("columns", {}).items()
        }
        sheet = document.get("sheet", {})
        self.only(sheet, "[sheet]", "name file")
        missing = document.get("missing")
        return Layout(
            name=document["name"],
            title=document["title"],
            publisher=document.get("publisher", ""),
            version=document.get("version", 1),
            tables=tables,
            sheet_pattern=self.pattern(sheet.get("name"), "[sheet] name"),
            file_pattern=self.pattern(sheet.get("file"), "[sheet] file"),
            header=tuple(self.header_row(given) for given in document["header"]),
            context=tuple(self.a_context(name, given, declared) for name, given in document.get("context", {}).items()),
            constants=self.the_constants(document.get("constants", {}), tables, declared),
            columns=MappingProxyType(columns),
            wide=tuple(self.a_wide(given, tables, declared) for given in document.get("wide", ())),
            remainders=tuple(self.a_remainder(given, tables) for given in document.get("remainders", ())),
            add_up=tuple(document.get("add_up", {}).get("columns", ())),
            missing=Missing(MappingProxyType({folded(k) or k.strip(): v for k, v in missing["symbols"].items()}),
                            missing.get("column", ""), missing.get("reported", "")) if missing else None,
            ignored_headings=tuple(self.an_ignored(given, "[[ignored_headings]]") for given in document.get("ignored_headings", ())),
            ignored_rows=tuple(self.rows(given) for given in document.get("ignored_rows", ())),
            totals=tuple(self.the_totals(given) for given in document.get("totals", ())),
            checks=tuple(self.a_check(given) for given in document.get("checks", ())),
            across=tuple(self.an_across(given, tables) for given in document.get("across", ())),
            ignored_sheets=tuple(
                Ignored(Spelling(pattern=self.pattern(given.get("name"), "[[ignored_sheets]] name")), self.reason(given, "[[ignored_sheets]]"))
                for given in document.get("ignored_sheets", ())
            ),
            run=document.get("run", {}).get("by", ""),
            _file=self.file,
        )  # fmt: skip

    def only(self, given: Mapping[str, Any], where: str, keys: str) -> None:
        known = keys.split()
        for key in given:
            if key not in known:
                raise self.fault(where, f'there is no key "{key}"{_nearest(key, known)}')

    def pattern(self, text: str | None, where: str) -> re.Pattern[str] | None:
        if text is None:
            return None
        try:
            return re.compile(text, re.IGNORECASE | re.DOTALL)
        except re.error as error:
            raise self.fault(where, f'"{text}" is not a pattern ({error})') from error

    def spelling(self, given: Mapping[str, Any], where: str, *, needed: bool = True) -> Spelling:
        found = Spelling(
            tuple(given.get("headings", ())), self.pattern(given.get("pattern"), where), given.get("nth", 0)
        )
        if needed and not found.headings and not found.pattern:
            raise self.fault(where, "it needs `headings` or `pattern`")
        return found

    def reason(self, given: Mapping[str, Any], where: str) -> str:
        if not given.get("reason"):
            raise self.fault(where, "it needs a `reason`: nothing is left out without one")
        return str(given["reason"])

    def conditions(self, given: Mapping[str, str], where: str) -> Mapping[str, re.Pattern[str]]:
        patterns = {name: self.pattern(text, where) for name, text in given.items()}
        return MappingProxyType({name: pattern for name, pattern in patterns.items() if pattern is not None})

    def factor(self, unit: Any, where: str) -> float | None:
        if unit is None:
            return None
        factor = unit_factor(unit)
        if factor is None:
            raise self.fault(where, f'"{unit}" is not a unit: £, £\'000, £m, % or a number to multiply by')
        return factor

    def header_row(self, given: Mapping[str, Any]) -> HeaderRow:
        self.only(given, "[[header]]", "find find_pattern fill_right")
        row = HeaderRow(
            tuple(given.get("find", ())),
            self.pattern(given.get("find_pattern"), "[[header]]"),
            bool(given.get("fill_right", False)),
        )
        if not row.find and not row.find_pattern:
            raise self.fault("[[header]]", "it needs `find` or `find_pattern`")
        return row

    def a_context(self, name: str, given: Mapping[str, Any], declared: Mapping[str, Column]) -> Context:
        where = f"[context.{name}]"
        self.only(given, where, "from pattern example read optional values")
        if given.get("from") not in _SOURCES:
            raise self.fault(where, f"`from` must be one of {', '.join(_SOURCES)}")
        if name != "unit" and name not in declared:
            raise self.fault(where, f"no table of this layout has a column {name}{_nearest(name, declared)}")
        pattern = self.pattern(given.get("pattern"), where)
        if pattern is None or not pattern.groups:
            raise self.fault(where, "it needs a `pattern` with a group (…) for the value")
        example = str(given.get("example", ""))
        if example and not pattern.search(example):
            raise self.fault(where, f"its `example` “{example}” does not match its pattern")
        read = "unit" if name == "unit" else self.read(name, given, declared, where)
        return Context(
            name, given["from"], pattern, read, bool(given.get("optional", False)), _values(given), example
        )

    def the_constants(
        self, given: Mapping[str, Any], tables: tuple[str, ...], declared: Mapping[str, Column]
    ) -> Mapping[str, Mapping[str, Any]]:
        """Constants by table; those for every table under ""."""
        constants: dict[str, dict[str, Any]] = {"": {}}
        for name, value in given.items():
            if isinstance(value, dict):
                if name not in tables:
                    raise self.fault(f"[constants.{name}]", "it is no table of this layout")
                constants[name] = dict(value)
            else:
                constants[""][name] = value
        for values in constants.values():
            for name in values:
                if name not in declared:
                    raise self.fault(
                        "[constants]",
                        f"no table of this layout has a column {name}{_nearest(name, declared)}",
                    )
        return MappingProxyType({table: MappingProxyType(values) for table, values in constants.items()})

    def read(self, name: str, given: Mapping[str, Any], declared: Mapping[str, Column], where: str) -> str:
        read = given.get("read") or (
            _default_read(declared[name]) if name in declared else given.get("kind", "text")
        )
        if read not in READS:
            raise self.fault(where, f'"{read}" is no way to read a cell{_nearest(read, READS)}')
        return str(read)

    def column(self, name: str, given: Mapping[str, Any], declared: Mapping[str, Column]) -> Mapped:
        where = f"[columns.{name}]"
        self.only(
            given,
            where,
            "headings pattern nth required optional kind read blank values otherwise from when unit sign codes",
        )
        if name not in declared and not {"kind", "read"} & set(given):
            raise self.fault(
                where,
                f"no table of this layout has this column{_nearest(name, declared)}; a column that is not loaded needs a `kind`",
            )
        return Mapped(
            name=name,
            spelling=self.spelling(given, where, needed="from" not in given),
            read=self.read(name, given, declared, where),
            codes=given.get("codes", declared[name].codes if name in declared else ""),
            required=bool(given.get("required", not given.get("optional", False))),
            loaded=name in declared,
            blank=given.get("blank", UNSAID),
            values=_values(given),
            otherwise=given.get("otherwise", UNSAID),
            source=given.get("from", ""),
            when=self.conditions(given.get("when", {}), where),
            factor=self.factor(given.get("unit"), where),
            sign=int(given.get("sign", 1)),
        )

    def a_wide(
        self, given: Mapping[str, Any], tables: tuple[str, ...], declared: Mapping[str, Column]
    ) -> Wide:
        where = f"[[wide]] {given.get('name') or given.get('headings') or given.get('pattern') or ''}"
        self.only(given, where, "name headings pattern nth set value table product optional blank unit sign")
        table = self.table(given, tables, where)
        spelling = self.spelling(given, where, needed="product" not in given)
        value = given.get("value", "")
        for name in (
            value,
            *given.get("set", {}),
            *(spelling.pattern.groupindex if spelling.pattern else ()),
        ):
            if name not in BROUGHT[table].names:
                raise self.fault(
                    where, f'table {table} has no column "{name}"{_nearest(name, BROUGHT[table].names)}'
                )
        return Wide(
            name=given.get("name", ""),
            spelling=spelling,
            table=table,
            codes=MappingProxyType(dict(given.get("set", {}))),
            value=value,
            product=tuple(given.get("product", ())),
            optional=bool(given.get("optional", False)),
            blank=given.get("blank", UNSAID),
            factor=self.factor(given.get("unit"), where),
            sign=int(given.get("sign", 1)),
        )

    def table(self, given: Mapping[str, Any], tables: tuple[str, ...], where: str) -> str:
        table = given.get("table", tables[0] if len(tables) == 1 else "")
        if table not in tables:
            raise self.fault(where, f"`table` must say which of {', '.join(tables)} it feeds")
        return str(table)

    def a_remainder(self, given: Mapping[str, Any], tables: tuple[str, ...]) -> Remainder:
        where = "[[remainders]]"
        self.only(given, where, "table total value set because")
        return Remainder(
            self.table(given, tables, where),
            given["total"],
            given["value"],
            MappingProxyType(dict(given.get("set", {}))),
            given.get("because", ""),
        )

    def an_ignored(self, given: Mapping[str, Any], where: str) -> Ignored:
        self.only(given, where, "headings pattern reason")
        return Ignored(self.spelling(given, where), self.reason(given, where))

    def rows(self, given: Mapping[str, Any]) -> IgnoredRows:
        where = "[[ignored_rows]]"
        self.only(given, where, "when any_cell to_end reason")
        if not given.get("when") and not given.get("any_cell"):
            raise self.fault(where, "it needs `when` or `any_cell`")
        return IgnoredRows(self.conditions(given.get("when", {}), where), self.pattern(given.get("any_cell"), where),
                           bool(given.get("to_end", False)), self.reason(given, where))  # fmt: skip

    def the_totals(self, given: Mapping[str, Any]) -> Totals:
        where = "[[totals]]"
        self.only(given, where, "when over same named columns tolerance optional severity because")
        if not given.get("when"):
            raise self.fault(where, "it needs `when`: how a total's row is told from the others")
        over = given.get("over", "all")
        if over not in ("all", "above", "same", "region"):
            raise self.fault(where, f'`over` cannot be "{over}"; it is all, above, same or region')
        if (over == "same") != bool(given.get("same")) or (over == "region") != bool(given.get("named")):
            raise self.fault(where, '`same` goes with over = "same", `named` with over = "region"')
        return Totals(self.conditions(given["when"], where), over, tuple(given.get("same", ())), given.get("named", ""),
                      tuple(given.get("columns", ())), given.get("tolerance"), bool(given.get("optional", False)),
                      self.severity(given, where), given.get("because", ""))  # fmt: skip

    def a_check(self, given: Mapping[str, Any]) -> Check:
        where = f"[[checks]] {given.get('name', '')}"
        self.only(
            given,
            where,
            "name total plus plus_pattern minus minus_pattern tolerance severity because when by",
        )
        if not given.get("total") or not (
            given.get("plus") or given.get("plus_pattern") or given.get("minus")
        ):
            raise self.fault(where, "it needs `total`, and `plus`, `plus_pattern` or `minus`")
        return Check(given.get("name", given["total"]), given["total"], _terms(given.get("plus", ())),
                     self.pattern(given.get("plus_pattern"), where), _terms(given.get("minus", ())), self.pattern(given.get("minus_pattern"), where), given.get("tolerance"),
                     self.severity(given, where), given.get("because", ""), self.conditions(given.get("when", {}), where), tuple(given.get("by", ())))  # fmt: skip

    def an_across(self, given: Mapping[str, Any], tables: tuple[str, ...]) -> Across:
        where = "[[across]]"
        self.only(given, where, "table column value total plus any_of tolerance")
        return Across(self.table(given, tables, where), given["column"], given["value"], given["total"], tuple(given["plus"]),
                      bool(given.get("any_of", False)), given.get("tolerance"))  # fmt: skip

    def severity(self, given: Mapping[str, Any], where: str) -> Literal["refusal", "note"]:
        severity = given.get("severity", "refusal")
        if severity not in ("refusal", "note") or (severity == "note" and not given.get("because")):
            raise self.fault(
                where, '`severity` is "refusal", or "note" with a `because` that explains the difference'
            )
        return "note" if severity == "note" else "refusal"


def _declared(tables: tuple[str, ...]) -> dict[str, Column]:
    """The columns that these tables have, by name."""
    return {column.name: column for name in tables for column in BROUGHT[name].columns}


def _default_read(column: Column) -> str:
    special = {"authority": "authority", "pupil_id": "pseudonym", "line": "line_code"}
    return special.get(column.name, column.kind)


def _values(given: Mapping[str, Any]) -> Mapping[str, Any]:
    return MappingProxyType(
        {folded(spelling) or spelling.strip(): value for spelling, value in given.get("values", {}).items()}
    )


def _terms(given: Any) -> tuple[str | tuple[str, ...], ...]:
    return tuple(tuple(term) if isinstance(term, list) else term for term in given)


def _nearest(name: str, known: Any) -> str:
    near = difflib.get_close_matches(str(name), [str(item) for item in known], n=1, cutoff=0.6)
    return f'; perhaps "{near[0]}" was meant' if near else ""
