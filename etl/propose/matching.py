"""Which column of a table each column of a sheet is: every pair scored, then settled as a whole. Pure.

A score is how likely the heading and the values beneath mean the column; the assignment that is best in all is
taken, so that "Start" does not go to the first that would have it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from etl.propose import vocabulary
from etl.propose.columns import Column
from etl.staging import BROUGHT
from hnb.contract import Column as Declared

_LEAST = 0.35
_BY_VALUES = 0.62  # how sure a column is of which only the values speak
_FOREIGN = 0.3  # what is left of a heading's word where the values speak against it


@dataclass(frozen=True)
class Match:
    """A column of the sheet taken for a column of the table: how sure, and why."""

    name: str
    column: Column
    score: float
    reason: str


def matches(
    table: str, columns: Sequence[Column], barred: Mapping[int, str] | None = None
) -> dict[str, Match]:
    """The best assignment of a sheet's columns to a table's, by name of the table's column."""
    barred = barred or {}
    targets = [declared for declared in BROUGHT[table].columns if declared.name != "source"]
    candidates = [
        column for column in columns if column.index not in barred and (column.heading or column.values)
    ]
    pairs: dict[tuple[int, int], Match] = {}
    for row, column in enumerate(candidates):
        for place, declared in enumerate(targets):
            found = likeness(table, declared, column)
            if found.score >= _LEAST:
                pairs[row, place] = found
    scores = [
        [pairs[row, place].score if (row, place) in pairs else 0.0 for place in range(len(targets))]
        for row in range(len(candidates))
    ]
    return {targets[place].name: pairs[row, place] for row, place in _best(scores) if (row, place) in pairs}


def likeness(table: str, declared: Declared, column: Column) -> Match:
    """How likely a column of the sheet is this column of the table."""
    spellings = vocabulary.column_spellings(table).get(declared.name)
    meaning = spellings.meaning(column.heading) if spellings else vocabulary.NONE
    if spellings and meaning.score < 0.9 and " | " in column.heading:
        last = spellings.meaning(column.parts[-1] or column.heading.split(" | ")[-1])
        meaning = max(
            meaning, vocabulary.Meaning(last.score * 0.9, last.like, False), key=lambda one: one.score
        )
    share, told = values_speak(declared, column)
    if meaning.score and column.values:
        score = (
            meaning.score * (_FOREIGN + (1 - _FOREIGN) * share) if share is not None else meaning.score * 0.95
        )
    elif meaning.score:
        score = meaning.score * 0.7
    elif share is not None and share > 0.8 and told:
        score = _BY_VALUES * share
    else:
        return Match(declared.name, column, 0.0, "")
    # Of two that say the same, the one with values.
    score *= 0.9 + 0.1 * column.filled_share
    heading = (
        ""
        if not meaning.score
        else ("the heading is a known spelling" if meaning.exact else f"the heading is like “{meaning.like}”")
    )
    beneath = f"{share:.0%} of the values are {told}" if told and share is not None else ""
    return Match(declared.name, column, score, "; ".join(text for text in (heading, beneath) if text))


def values_speak(declared: Declared, column: Column) -> tuple[float | None, str]:
    """The share of a column's values that suit a table's column, and what they are called; None where any would do.

    The words are empty where values alone could not tell the column (figures, texts).
    """
    if not column.values:
        return None, ""
    name, kind = declared.name, declared.kind
    if kind == "code" and declared.codes:
        share = column.known_share(declared.codes)
        alone = name in ("need", "setting", "status", "line", "phase") and len(column.distinct) > 1
        return share, f"{name}s that are known" if alone else ""
    if kind == "date":
        return max(column.date_share, 0.9 * column.serial_share), ""
    if kind == "year":
        return column.year_share, "financial years" if column.year_share > 0.9 else ""
    if kind == "flag":
        share = max(column.flag_share, 1.0 if column.pair(name) else 0.0)
        return share, ""
    if name == "year_group":
        return column.year_group_share, ""
    if name == "placement_id":
        return (column.record_share if column.is_unique else 0.3 * column.record_share), ""
    if name == "pupil_id":
        return (0.2 if column.is_prose or column.looks_like_names or column.date_share > 0.5 else 1.0), ""
    if name in ("authority",):
        share = column.known_share("authorities")
        return (share if share > 0.5 else 0.4), ""
    if kind in ("pounds", "number", "share", "count", "integer"):
        return column.number_share, ""
    if name in ("provider", "supplier"):
        return (0.3 if column.is_figures or column.date_share > 0.5 else 1.0), ""
    if kind == "identifier":
        return (0.4 if column.is_prose or column.date_share > 0.5 else 1.0), ""
    return (0.6 if column.is_figures or column.date_share > 0.5 else None), ""


def _best(scores: Sequence[Sequence[float]]) -> list[tuple[int, int]]:
    """The assignment of rows to columns with the greatest sum: the Hungarian method, by shortest augmenting paths."""
    if not scores or not scores[0]:
        return []
    height, width = len(scores), len(scores[0])
    if height > width:
        turned = [[scores[row][column] for row in range(height)] for column in range(width)]
        return [(row, column) for column, row in _best(turned)]
    infinite = float("inf")
    of_row, of_column = [0.0] * (height + 1), [0.0] * (width + 1)
    owner, way = [0] * (width + 1), [0] * (width + 1)
    for row in range(1, height + 1):
        owner[0], column = row, 0
        least, used = [infinite] * (width + 1), [False] * (width + 1)
        while True:
            used[column] = True
            mine, delta, following = owner[column], infinite, 0
            for other in range(1, width + 1):
                if used[other]:
                    continue
                cost = -scores[mine - 1][other - 1] - of_row[mine] - of_column[other]
                if cost < least[other]:
                    least[other], way[other] = cost, column
                if least[other] < delta:
                    delta, following = least[other], other
            for other in range(width + 1):
                if used[other]:
                    of_row[owner[other]] += delta
                    of_column[other] -= delta
                else:
                    least[other] -= delta
            column = following
            if owner[column] == 0:
                break
        while column:
            owner[column] = owner[way[column]]
            column = way[column]
    return [(owner[column] - 1, column - 1) for column in range(1, width + 1) if owner[column]]
