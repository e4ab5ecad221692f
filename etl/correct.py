"""Known faults of a source, put right by name: where, what was found, what it becomes, why, and who decided. Pure.

A correction has a guard: the cell must still hold what it held when the correction was written. One that
matches nothing in a file that it is about has outlived its fault, and is a Problem. The corrections are
`etl/corrections/*.toml`; how to write one is said in the README there.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any

from etl.recognise import Fit
from etl.reshape import with_cells
from etl.sheet_rows import DATA, SheetRows
from etl.values import cell_text
from hnb.contract import Problem
from hnb.errors import HnbError

_KEYS = frozenset({"layout", "file", "where", "column", "was", "becomes", "what", "why", "who", "on"})


@dataclass(frozen=True)
class Correction:
    """One cell, or the same cell of several rows, put right."""

    origin: str
    layout: str
    file: re.Pattern[str]
    where: Mapping[str, re.Pattern[str]]
    column: str
    was: str
    becomes: Any
    what: str
    why: str
    who: str


@dataclass(frozen=True)
class Corrected:
    """A sheet with its corrections made: the indices of the rows touched, and what is to be said about it."""

    fit: Fit
    rows: frozenset[int]
    problems: tuple[Problem, ...]


@cache
def all_corrections() -> tuple[Correction, ...]:
    """Every correction of the package. Read once."""
    folder = resources.files("etl") / "corrections"
    files = sorted(
        (path for path in folder.iterdir() if path.name.endswith(".toml")), key=lambda path: path.name
    )
    return tuple(
        correction
        for path in files
        for correction in read_corrections(path.read_text(encoding="utf-8"), path.name)
    )


def read_corrections(text: str, file: str) -> tuple[Correction, ...]:
    """The corrections of one TOML file. HnbError where one lacks a part: each needs its reason."""
    try:
        entries = tomllib.loads(text).get("corrections", [])
    except tomllib.TOMLDecodeError as error:
        raise HnbError(f"etl/corrections/{file} is not TOML: {error}. Correct it there.") from error
    corrections = []
    for number, entry in enumerate(entries, 1):
        origin = f"etl/corrections/{file}, correction {number}"
        lacking, unknown = sorted(_KEYS - {"file", "on"} - set(entry)), sorted(set(entry) - _KEYS)
        if lacking or unknown:
            raise HnbError(
                f"{origin}: "
                + (f"it lacks {', '.join(lacking)}" if lacking else f"it has no use for {', '.join(unknown)}")
                + "."
            )
        where = {name: re.compile(pattern, re.IGNORECASE) for name, pattern in entry["where"].items()}
        corrections.append(Correction(origin, entry["layout"], re.compile(entry.get("file", ".*"), re.IGNORECASE), MappingProxyType(where),
                                      entry["column"], entry["was"], entry["becomes"], entry["what"], entry["why"], entry["who"]))  # fmt: skip
    return tuple(corrections)


def corrected(fit: Fit, corrections: Sequence[Correction]) -> Corrected:
    """The sheet with those corrections made that are about it, and a note for each."""
    changes: dict[tuple[int, int], Any] = {}
    touched: set[int] = set()
    problems: list[Problem] = []
    meant = [
        one for one in corrections if one.layout == fit.layout.name and one.file.fullmatch(fit.sheet.file)
    ]
    if not meant:
        return Corrected(fit, frozenset(), ())
    rows = SheetRows(fit)
    for correction in meant:
        position = fit.position(correction.column)
        mask = rows.matching(correction.where) & (rows.fate == DATA)
        found = (
            []
            if position is None
            else [int(row) for row in mask.nonzero()[0] if rows.texts(position)[row] == correction.was]
        )
        if position is None or not found:
            problems.append(Problem(f"{fit.sheet.file}!{fit.sheet.name}", "correction_without_fault", f"{correction.origin} ({correction.what}) matches nothing any more",
                                    f'a cell under "{correction.column}" that holds "{correction.was}"', "Delete the correction if the source was mended, otherwise correct it"))  # fmt: skip
            continue
        changes.update({(fit.data_from + row, position): correction.becomes for row in found})
        touched.update(found)
        problems.append(Problem(rows.address(found[0], position), "corrected", f'"{correction.was}" was read as "{cell_text(correction.becomes)}" in {len(found)} row{"s" if len(found) > 1 else ""}: {correction.why}',
                                "", f"Nothing to do; {correction.who} decided it ({correction.origin})", "note"))  # fmt: skip
    after = replace(fit, sheet=with_cells(fit.sheet, changes)) if changes else fit
    return Corrected(after, frozenset(touched), tuple(problems))
