"""A register with a child a row and placements beside each other: "Provider 1", "Start 1", …, "Provider 2", …. Pure.

The sets of columns are folded into one, so that they are matched and judged as the columns of one placement.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace
from typing import Any

from etl.propose import vocabulary
from etl.propose.columns import Column
from etl.propose.draft import why
from etl.propose.study import Study

_NUMBERED = (
    re.compile(r"(?P<heading>.+?) ?(?P<number>\d)"),
    re.compile(r"(?:Placement|School|Provision|Provider) (?P<number>\d) [|–-] (?P<heading>.+)"),
    re.compile(r"(?P<number>\d)(?:st|nd|rd|th) (?P<heading>.+)"),
)
_LEAST_HEADINGS = 3
_OF_A_PLACEMENT = ("provider", "setting", "start_on")


def folded_sets(study: Study) -> tuple[Study, dict[str, Any]]:
    """The study with each set of columns folded into the first, and the [side_by_side] entry; unchanged and {} without sets."""
    for pattern in _NUMBERED:
        sets: dict[str, dict[int, Column]] = defaultdict(dict)
        for column in study.columns:
            match = pattern.fullmatch(column.heading)
            if match:
                sets[match["heading"]][int(match["number"])] = column
        several = {heading: by for heading, by in sets.items() if len(by) > 1 and min(by) == 1}
        spellings = vocabulary.column_spellings("placements")
        meant = {
            name
            for name in _OF_A_PLACEMENT
            for heading in several
            if spellings[name].meaning(heading).score >= 0.8
        }
        if len(several) < _LEAST_HEADINGS or not meant:
            continue
        return _folded(study, several), {
            "why": why(f"{len(several)} headings come {max(map(len, several.values()))} times with a number: placements of one child beside each other", 0.9),
            "pattern": pattern.pattern,
            "needs": [],
        }  # fmt: skip
    return study, {}


def _folded(study: Study, several: dict[str, dict[int, Column]]) -> Study:
    parts = list(study.anatomy.parts)
    later = {column.index for by in several.values() for number, column in by.items() if number != min(by)}
    firsts: dict[int, Column] = {}
    for heading, by in several.items():
        first = by[min(by)]
        values = tuple(value for number in sorted(by) for value in by[number].values)
        firsts[first.index] = Column(first.index, heading, (heading,), values, max(first.of, len(values)))
        for column in by.values():
            parts[column.index] = (heading,)
    columns = tuple(firsts.get(column.index, column) for column in study.columns if column.index not in later)
    return replace(study, columns=columns, anatomy=replace(study.anatomy, parts=tuple(parts)))
