"""The part of the layout language that is about rows: which are left out, head a block, print totals, belong together.

It reads TOML and looks at no sheet. What each key means is said in `etl/layouts/README.md`.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from etl.layout import (
    Across,
    Check,
    HeaderRow,
    Ignored,
    IgnoredRows,
    JoinRows,
    Remainder,
    Section,
    Spelling,
    Totals,
    TurnSign,
)
from etl.layout_keys import Keys


def header_row(keys: Keys, given: Mapping[str, Any]) -> HeaderRow:
    """[[header]]"""
    where = "[[header]]"
    keys.only(given, where, "find find_pattern example fill_right")
    row = HeaderRow(tuple(given.get("find", ())), keys.pattern(given.get("find_pattern"), where),
                    bool(given.get("fill_right", False)), keys.example(given, where, "find_pattern"))  # fmt: skip
    if not row.find and not row.find_pattern:
        raise keys.fault(where, "it needs `find` or `find_pattern`")
    return row


def ignored_heading(keys: Keys, given: Mapping[str, Any]) -> Ignored:
    """[[ignored_headings]]"""
    where = "[[ignored_headings]]"
    keys.only(given, where, "headings pattern reason")
    return Ignored(keys.spelling(given, where), keys.reason(given, where))


def ignored_sheet(keys: Keys, given: Mapping[str, Any]) -> Ignored:
    """[[ignored_sheets]]"""
    where = "[[ignored_sheets]]"
    keys.only(given, where, "name reason")
    return Ignored(Spelling(pattern=keys.pattern(given.get("name"), where)), keys.reason(given, where))


def ignored_rows(keys: Keys, given: Mapping[str, Any]) -> IgnoredRows:
    """[[ignored_rows]]"""
    where = "[[ignored_rows]]"
    keys.only(given, where, "when any_cell to_end reason")
    if not given.get("when") and not given.get("any_cell"):
        raise keys.fault(where, "it needs `when` or `any_cell`")
    return IgnoredRows(keys.conditions(given.get("when", {}), where), keys.pattern(given.get("any_cell"), where),
                       bool(given.get("to_end", False)), keys.reason(given, where))  # fmt: skip


def section(keys: Keys, given: Mapping[str, Any]) -> Section:
    """[[sections]]"""
    where = "[[sections]]"
    keys.only(given, where, "pattern when sets reason")
    found = Section(keys.pattern(given.get("pattern"), where), keys.conditions(given.get("when", {}), where),
                    MappingProxyType(dict(given.get("sets", {}))), keys.reason(given, where))  # fmt: skip
    if (found.pattern is None) == (not found.when):
        raise keys.fault(where, "it needs either `pattern` or `when`")
    if not found.names:
        raise keys.fault(
            where, "it gives no column: name a group of its pattern after one, or say it under `sets`"
        )
    return found


def repeated_header(keys: Keys, given: Any) -> str:
    """[[repeated_header]]: the reason for leaving out a header that is printed again; "" where none is."""
    where = "[[repeated_header]]"
    rules = given if isinstance(given, list) else [given]
    for rule in rules:
        keys.only(rule, where, "reason")
    return keys.reason(rules[0], where) if rules else ""


def totals(keys: Keys, given: Mapping[str, Any]) -> Totals:
    """[[totals]]"""
    where = "[[totals]]"
    keys.only(given, where, "when over same named columns tolerance optional severity because example")
    if not given.get("when"):
        raise keys.fault(where, "it needs `when`: how a total's row is told from the others")
    over = given.get("over", "all")
    if over not in ("all", "above", "same", "region"):
        raise keys.fault(where, f'`over` cannot be "{over}"; it is all, above, same or region')
    if (over == "same") != bool(given.get("same")) or (over == "region") != bool(given.get("named")):
        raise keys.fault(where, '`same` goes with over = "same", `named` with over = "region"')
    return Totals(keys.conditions(given["when"], where), over, tuple(given.get("same", ())), given.get("named", ""),
                  tuple(given.get("columns", ())), given.get("tolerance"), bool(given.get("optional", False)),
                  keys.severity(given, where), given.get("because", ""), _named(keys, given, where))  # fmt: skip


def _named(keys: Keys, given: Mapping[str, Any], where: str) -> str:
    """How a total's row is named, for messages; its first condition where that is plain words."""
    first = next(iter(given["when"].values()))
    return str(given["example"]) if "example" in given else keys.example({"pattern": first}, where)


def check(keys: Keys, given: Mapping[str, Any]) -> Check:
    """[[checks]]"""
    where = f"[[checks]] {given.get('name', '')}"
    keys.only(
        given, where, "name total plus plus_pattern minus minus_pattern tolerance severity because when by"
    )
    if not given.get("total") or not (given.get("plus") or given.get("plus_pattern") or given.get("minus")):
        raise keys.fault(where, "it needs `total`, and `plus`, `plus_pattern` or `minus`")
    return Check(given.get("name", given["total"]), given["total"], _terms(given.get("plus", ())),
                 keys.pattern(given.get("plus_pattern"), where), _terms(given.get("minus", ())),
                 keys.pattern(given.get("minus_pattern"), where), given.get("tolerance"), keys.severity(given, where),
                 given.get("because", ""), keys.conditions(given.get("when", {}), where), tuple(given.get("by", ())))  # fmt: skip


def across(keys: Keys, given: Mapping[str, Any]) -> Across:
    """[[across]]"""
    where = "[[across]]"
    keys.only(given, where, "table column value total plus any_of tolerance")
    return Across(keys.table(given, where), given["column"], given["value"], given["total"], tuple(given["plus"]),
                  bool(given.get("any_of", False)), given.get("tolerance"))  # fmt: skip


def remainder(keys: Keys, given: Mapping[str, Any]) -> Remainder:
    """[[remainders]]"""
    where = "[[remainders]]"
    keys.only(given, where, "table total value set because")
    return Remainder(keys.table(given, where), given["total"], given["value"],
                     MappingProxyType(dict(given.get("set", {}))), given.get("because", ""))  # fmt: skip


def join_rows(keys: Keys, given: Mapping[str, Any]) -> JoinRows:
    """[join_rows]"""
    where = "[join_rows]"
    keys.only(given, where, "same add days_between")
    if not given.get("same"):
        raise keys.fault(where, "it needs `same`: the columns in which the rows of one placement are alike")
    for name in ("start_on", "end_on", *given["same"], *given.get("add", ())):
        keys.column_name(name, where)
    return JoinRows(tuple(given["same"]), tuple(given.get("add", ())), int(given.get("days_between", 1)))


def turn_sign(keys: Keys, given: Mapping[str, Any]) -> TurnSign:
    """[[turn_sign]]"""
    where = "[[turn_sign]]"
    keys.only(given, where, "when columns")
    if not given.get("when") or "columns" not in given:  # an answer may leave no column to turn
        raise keys.fault(where, "it needs `when` and `columns`")
    for name in given["columns"]:
        keys.column_name(name, where)
    return TurnSign(keys.conditions(given["when"], where), tuple(given["columns"]))


def _terms(given: Any) -> tuple[str | tuple[str, ...], ...]:
    return tuple(tuple(term) if isinstance(term, list) else term for term in given)
