"""Layouts: what one shape of sheet looks like and what its cells mean, read from `etl/layouts/*.toml`.

The language is specified in `etl/layouts/README.md`. This module reads and checks it; it looks at no sheet
(see `etl.recognise`). A layout that breaks the language is the user's to mend: HnbError with file and key.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any, Literal

from hnb.codelists import folded
from hnb.contract import Column, Table
from hnb.errors import HnbError
from hnb.tables import TABLES

Over = Literal["all", "above", "same", "region"]
READS = ("authority", "pseudonym", "january", "year_of_month", "period_of_month", "month", "line_code",
         "code", "pounds", "number", "count", "share", "date", "flag", "year", "text", "identifier", "integer", "unit")  # fmt: skip
_SOURCES = ("title", "sheet_name", "file_name")


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
        return f'"{self.headings[0]}"' if self.headings else f"a heading like {self.pattern.pattern if self.pattern else ''}"


@dataclass(frozen=True)
class HeaderRow:
    """One of the rows that headings are made of."""

    find: tuple[str, ...]
    find_pattern: re.Pattern[str] | None
    fill_right: bool


@dataclass(frozen=True)
class Context:
    """A value that holds for a whole sheet, and where it is printed."""

    name: str
    source: str
    pattern: re.Pattern[str]
    read: str
    optional: bool
    values: Mapping[str, Any]


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

    @property
    def has_otherwise(self) -> bool:
        """Whether a cell that is not among `values` (or not meant by `when`) has a stated value."""
        return self.otherwise is not UNSAID


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


@cache
def all_layouts() -> tuple[Layout, ...]:
    """Every layout of the package, by name. Read once."""
    folder = resources.files("etl") / "layouts"
    files = sorted((path for path in folder.iterdir() if path.name.endswith(".toml")), key=lambda path: path.name)
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
            if name not in TABLES:
                raise self.fault("tables", f'there is no table "{name}"{_nearest(name, TABLES)}')
        declared = _declared(tables)
        columns = {name: self.column(name, given, declared) for name, given in document.get("columns", {}).items()}
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
        found = Spelling(tuple(given.get("headings", ())), self.pattern(given.get("pattern"), where), given.get("nth", 0))
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
        row = HeaderRow(tuple(given.get("find", ())), self.pattern(given.get("find_pattern"), "[[header]]"), bool(given.get("fill_right", False)))
        if not row.find and not row.find_pattern:
            raise self.fault("[[header]]", "it needs `find` or `find_pattern`")
        return row

    def a_context(self, name: str, given: Mapping[str, Any], declared: Mapping[str, Column]) -> Context:
        where = f"[context.{name}]"
        self.only(given, where, "from pattern read optional values")
        if given.get("from") not in _SOURCES:
            raise self.fault(where, f"`from` must be one of {', '.join(_SOURCES)}")
        if name != "unit" and name not in declared:
            raise self.fault(where, f"no table of this layout has a column {name}{_nearest(name, declared)}")
        pattern = self.pattern(given.get("pattern"), where)
        if pattern is None or not pattern.groups:
            raise self.fault(where, "it needs a `pattern` with a group (…) for the value")
        read = "unit" if name == "unit" else self.read(name, given, declared, where)
        return Context(name, given["from"], pattern, read, bool(given.get("optional", False)), _values(given))

    def the_constants(self, given: Mapping[str, Any], tables: tuple[str, ...], declared: Mapping[str, Column]) -> Mapping[str, Mapping[str, Any]]:
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
                    raise self.fault("[constants]", f"no table of this layout has a column {name}{_nearest(name, declared)}")
        return MappingProxyType({table: MappingProxyType(values) for table, values in constants.items()})

    def read(self, name: str, given: Mapping[str, Any], declared: Mapping[str, Column], where: str) -> str:
        read = given.get("read") or (_default_read(declared[name]) if name in declared else given.get("kind", "text"))
        if read not in READS:
            raise self.fault(where, f'"{read}" is no way to read a cell{_nearest(read, READS)}')
        return str(read)

    def column(self, name: str, given: Mapping[str, Any], declared: Mapping[str, Column]) -> Mapped:
        where = f"[columns.{name}]"
        self.only(given, where, "headings pattern nth required optional kind read blank values otherwise from when unit sign codes")
        if name not in declared and not {"kind", "read"} & set(given):
            raise self.fault(where, f"no table of this layout has this column{_nearest(name, declared)}; a column that is not loaded needs a `kind`")
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

    def a_wide(self, given: Mapping[str, Any], tables: tuple[str, ...], declared: Mapping[str, Column]) -> Wide:
        where = f"[[wide]] {given.get('name') or given.get('headings') or given.get('pattern') or ''}"
        self.only(given, where, "name headings pattern nth set value table product optional blank unit sign")
        table = self.table(given, tables, where)
        spelling = self.spelling(given, where, needed="product" not in given)
        value = given.get("value", "")
        for name in (value, *given.get("set", {}), *(spelling.pattern.groupindex if spelling.pattern else ())):
            if name not in TABLES[table].names:
                raise self.fault(where, f'table {table} has no column "{name}"{_nearest(name, TABLES[table].names)}')
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
        return Remainder(self.table(given, tables, where), given["total"], given["value"], MappingProxyType(dict(given.get("set", {}))), given.get("because", ""))

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
        self.only(given, where, "name total plus plus_pattern minus minus_pattern tolerance severity because when by")
        if not given.get("total") or not (given.get("plus") or given.get("plus_pattern") or given.get("minus")):
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
            raise self.fault(where, '`severity` is "refusal", or "note" with a `because` that explains the difference')
        return "note" if severity == "note" else "refusal"


def unit_factor(unit: Any) -> float | None:
    """What a printed number is multiplied by to give pounds (or, for %, a share); None for what is no unit.

    >>> unit_factor("£'000"), unit_factor("£m"), unit_factor("%"), unit_factor("£")
    (1000.0, 1000000.0, 0.01, 1.0)
    """
    if isinstance(unit, (int, float)) and not isinstance(unit, bool):
        return float(unit)
    plain = re.sub(r"[\s’'`‘.,()]", "", str(unit)).lower()
    factors = {"£": 1.0, "£s": 1.0, "pounds": 1.0, "%": 0.01, "£000": 1000.0, "£000s": 1000.0, "£k": 1000.0, "£thousand": 1000.0,
               "£thousands": 1000.0, "£m": 1e6, "£million": 1e6, "£millions": 1e6, "£mil": 1e6}  # fmt: skip
    return factors.get(plain)


def _declared(tables: tuple[str, ...]) -> dict[str, Column]:
    """The columns that these tables have, by name."""
    shown: tuple[Table, ...] = tuple(TABLES[name] for name in tables)
    return {column.name: column for table in shown for column in table.columns}


def _default_read(column: Column) -> str:
    special = {"authority": "authority", "pupil_id": "pseudonym", "line": "line_code"}
    return special.get(column.name, column.kind)


def _values(given: Mapping[str, Any]) -> Mapping[str, Any]:
    return MappingProxyType({folded(spelling) or spelling.strip(): value for spelling, value in given.get("values", {}).items()})


def _terms(given: Any) -> tuple[str | tuple[str, ...], ...]:
    return tuple(tuple(term) if isinstance(term, list) else term for term in given)


def _nearest(name: str, known: Any) -> str:
    near = difflib.get_close_matches(str(name), [str(item) for item in known], n=1, cutoff=0.6)
    return f'; perhaps "{near[0]}" was meant' if near else ""
