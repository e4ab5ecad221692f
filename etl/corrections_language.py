"""What a correction is, and how `etl/corrections/*.toml` says it. Says of every mistake in such a file what to mend.

`etl/corrections/README.md` shows each kind with an example.
"""

from __future__ import annotations

import datetime
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any

from hnb.errors import HnbError

Patterns = Mapping[str, re.Pattern[str]]


@dataclass(frozen=True)
class Cells:
    """Cells of one or several rows put right: a value, or a row that belongs to another line or setting."""

    origin: str
    layout: str
    file: re.Pattern[str]
    where: Patterns
    was: Mapping[str, str]
    becomes: Mapping[str, Any]
    what: str
    why: str
    who: str
    on: datetime.date


@dataclass(frozen=True)
class Drop:
    """Rows taken away: those that match, or of those the exact repeats. `rows` and `sums` are the guard.

    `in_total`: whether the total that the file prints holds them.
    """

    origin: str
    layout: str
    file: re.Pattern[str]
    where: Patterns
    repeats: bool
    rows: int
    sums: Mapping[str, float]
    in_total: bool
    what: str
    why: str
    who: str
    on: datetime.date


@dataclass(frozen=True)
class WhichStands:
    """Of two sources of the same key, the one that stands: what `gives_way` has of it is taken away.

    Both are patterns for file!sheet. `rows` and `amount` are the guard: rows of the table, and their pounds.
    """

    origin: str
    table: str
    stands: re.Pattern[str]
    gives_way: re.Pattern[str]
    rows: int
    amount: float | None
    what: str
    why: str
    who: str
    on: datetime.date


Correction = Cells | Drop | WhichStands

_ALWAYS = frozenset({"what", "why", "who", "on"})
_OF_ROWS = _ALWAYS | {"layout", "file", "where"}
_NEEDED: Mapping[str, tuple[frozenset[str], frozenset[str]]] = MappingProxyType(
    {  # what each kind needs, and what it may have besides
        "corrections": (_OF_ROWS - {"file"} | {"column", "was", "becomes"}, frozenset({"file"})),
        "moves": (_OF_ROWS - {"file"} | {"was", "becomes"}, frozenset({"file"})),
        "drops": (_OF_ROWS | {"guard"}, frozenset({"in_total"})),
        "drop_repeats": (_OF_ROWS - {"where"} | {"guard"}, frozenset({"where", "in_total"})),
        "which_stands": (_ALWAYS | {"table", "stands", "gives_way", "guard"}, frozenset()),
    }
)


@cache
def all_corrections() -> tuple[Correction, ...]:
    """Every correction of the package. Read once. The list of providers is of another kind (`etl.providers`)."""
    folder = resources.files("etl") / "corrections"
    files = sorted(
        (path for path in folder.iterdir() if path.name.endswith(".toml") and path.name != "providers.toml"),
        key=lambda path: path.name,
    )
    return tuple(
        correction
        for path in files
        for correction in read_corrections(path.read_text(encoding="utf-8"), path.name)
    )


def read_corrections(text: str, file: str) -> tuple[Correction, ...]:
    """The corrections of one TOML file. HnbError where one lacks a part: each needs its reason, its person and its guard."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise HnbError(f"etl/corrections/{file} is not TOML: {error}. Correct it there.") from error
    unknown = sorted(set(document) - set(_NEEDED))
    if unknown:
        raise HnbError(
            f"etl/corrections/{file}: there is no kind of correction [[{unknown[0]}]]; there are {', '.join(_NEEDED)}."
        )
    corrections: list[Correction] = []
    for kind, entries in document.items():
        for number, entry in enumerate(entries, 1):
            one = "correction" if kind == "corrections" else kind
            origin = f"etl/corrections/{file}, {one} {number}"
            _check(entry, kind, origin)
            try:
                corrections.append(_READERS[kind](entry, origin))
            except (re.error, TypeError, ValueError, AttributeError) as error:
                raise HnbError(f"{origin}: {error}. Compare it with etl/corrections/README.md.") from error
    return tuple(corrections)


def _check(entry: Mapping[str, Any], kind: str, origin: str) -> None:
    needed, besides = _NEEDED[kind]
    lacking = sorted(needed - set(entry)) + sorted(
        name for name in needed & {"what", "why", "who"} if not str(entry.get(name, "x")).strip()
    )
    unknown = sorted(set(entry) - needed - besides)
    if lacking or unknown:
        fault = f"it lacks {', '.join(lacking)}" if lacking else f"it has no use for {', '.join(unknown)}"
        raise HnbError(f"{origin}: {fault}.")
    if not isinstance(entry["on"], datetime.date):
        raise HnbError(f"{origin}: on is the day on which it was decided, written 2026-11-24 without quotes.")


def _cell(entry: Mapping[str, Any], origin: str) -> Cells:
    column = entry["column"]
    return _cells({**entry, "was": {column: entry["was"]}, "becomes": {column: entry["becomes"]}}, origin)


def _cells(entry: Mapping[str, Any], origin: str) -> Cells:
    was, becomes = dict(entry["was"]), dict(entry["becomes"])
    if not was or set(was) != set(becomes):
        raise ValueError("was and becomes must name the same columns")
    return Cells(origin, entry["layout"], _pattern(entry.get("file", ".*")), _patterns(entry["where"]), MappingProxyType(was),
                 MappingProxyType(becomes), *_decided(entry))  # fmt: skip


def _drop(entry: Mapping[str, Any], origin: str, *, repeats: bool = False) -> Drop:
    count = "copies" if repeats else "rows"
    guard = entry["guard"]
    if set(guard) != {count, "sum"} or not guard["sum"]:
        raise ValueError(f"its guard is {{ {count} = …, sum = {{ column = … }} }}")
    sums = {name: float(value) for name, value in guard["sum"].items()}
    return Drop(origin, entry["layout"], _pattern(entry["file"]), _patterns(entry.get("where", {})), repeats, int(guard[count]),
                MappingProxyType(sums), bool(entry.get("in_total", True)), *_decided(entry))  # fmt: skip


def _drop_repeats(entry: Mapping[str, Any], origin: str) -> Drop:
    return _drop(entry, origin, repeats=True)


def _which_stands(entry: Mapping[str, Any], origin: str) -> WhichStands:
    guard = entry["guard"]
    if not {"rows"} <= set(guard) <= {"rows", "amount"}:
        raise ValueError("its guard is { rows = …, amount = … }, amount only where the table has pounds")
    amount = float(guard["amount"]) if "amount" in guard else None
    return WhichStands(origin, entry["table"], _pattern(entry["stands"]), _pattern(entry["gives_way"]), int(guard["rows"]), amount,
                       *_decided(entry))  # fmt: skip


_READERS: Mapping[str, Callable[[Mapping[str, Any], str], Correction]] = MappingProxyType(
    {
        "corrections": _cell,
        "moves": _cells,
        "drops": _drop,
        "drop_repeats": _drop_repeats,
        "which_stands": _which_stands,
    }
)


def _decided(entry: Mapping[str, Any]) -> tuple[str, str, str, datetime.date]:
    return entry["what"], entry["why"], entry["who"], entry["on"]


def _patterns(where: Mapping[str, str]) -> Patterns:
    return MappingProxyType({name: _pattern(pattern) for name, pattern in where.items()})


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE)
