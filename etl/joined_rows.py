"""Rows of a sheet that are one row of a table: a placement that is printed term by term, ages that make a band. Pure.

A row that is refused takes with it the rows that it would have been joined to: a placement with a term missing
would look like one that cost less.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import Any

import numpy
import pandas

from etl.layout import JoinRows, Layout
from etl.staging import BROUGHT

Members = Mapping[str, tuple[int, ...]]


def bound_to(
    frame: pandas.DataFrame, rule: JoinRows, refused: AbstractSet[int]
) -> dict[int, tuple[int, ...]]:
    """For each refused row, the sound rows alike in the rule's columns, which must not be loaded without it."""
    if frame.empty or not refused:
        return {}
    labels = pandas.Series(_labels(frame, rule), index=frame.index)
    is_refused = frame["_row"].isin(list(refused))
    bound: dict[int, tuple[int, ...]] = {}
    taken: set[int] = set()
    for label, row in zip(labels[is_refused], frame.loc[is_refused, "_row"], strict=True):
        others = frame.loc[(labels == label) & ~is_refused, "_row"]
        own = tuple(int(other) for other in others if int(other) not in taken)
        taken.update(own)
        if own:
            bound[int(row)] = own
    return bound


def joined(frame: pandas.DataFrame, rule: JoinRows) -> tuple[pandas.DataFrame, dict[str, tuple[int, ...]]]:
    """Rows that follow on in time, as one: the first one's start, the last one's end, some columns added up.

    Other columns are those of the last row. Rows that overlap are never joined. A sum with a part missing is
    missing. Gives the frame, and the rows behind each `source` where several were joined; `source` then names the
    first row and how many more.
    """
    if frame.empty:
        return frame, {}
    frame = frame.reset_index(drop=True)
    starts, ends = frame["start_on"].tolist(), frame["end_on"].tolist()
    by_label: dict[Any, list[int]] = {}
    for place, label in enumerate(_labels(frame, rule)):
        by_label.setdefault(label, []).append(place)
    runs: list[list[int]] = []
    for places in by_label.values():
        runs += _runs(places, starts, ends, rule.days_between)
    runs.sort(key=min)
    last = frame.loc[[run[-1] for run in runs]].reset_index(drop=True)
    first = frame.loc[[run[0] for run in runs]].reset_index(drop=True)
    after = last.assign(start_on=first["start_on"], _row=first["_row"], source=first["source"])
    for name in (name for name in rule.add if name in frame.columns):
        cells = frame[name].tolist()
        after[name] = pandas.Series([_sum([cells[place] for place in run]) for run in runs], dtype=object)
    sources = first["source"].tolist()
    members: dict[str, tuple[int, ...]] = {}
    own_rows = frame["_row"].tolist()
    for number, run in enumerate(runs):
        if len(run) > 1:
            sources[number] = f"{sources[number]} and {len(run) - 1} more"
            members[sources[number]] = tuple(own_rows[place] for place in run)
    after["source"] = sources
    return after, members


def _labels(frame: pandas.DataFrame, rule: JoinRows) -> list[Any]:
    names = [name for name in rule.same if name in frame.columns]
    return list(zip(*(frame[name].tolist() for name in names), strict=True))


def _runs(places: list[int], starts: list[Any], ends: list[Any], days_between: int) -> list[list[int]]:
    """Places of alike rows in runs that follow on, each in order of its start."""
    begun = sorted(
        (place for place in places if starts[place] is not None), key=lambda place: (starts[place], place)
    )
    runs = [[place] for place in places if starts[place] is None]
    for place in begun:
        for run in reversed(runs):
            end = ends[run[-1]]
            if starts[run[-1]] is None or end is None:
                continue
            gap = (starts[place] - end) / datetime.timedelta(days=1)
            if 0 <= gap <= days_between:
                run.append(place)
                break
        else:
            runs.append([place])
    return runs


def _sum(cells: list[Any]) -> float | None:
    numbers = [cell for cell in cells if isinstance(cell, (int, float))]
    return round(sum(numbers), 2) if len(numbers) == len(cells) else None


def added_up(
    frame: pandas.DataFrame, table: str, layout: Layout
) -> tuple[pandas.DataFrame, dict[str, tuple[int, ...]]]:
    """Rows that come to the same key added up, as the layout's `add_up` says; a part not reported makes the sum so."""
    names = [name for name in layout.add_up if name in frame.columns]
    if not names or frame.empty:
        return frame, {}
    key = [name for name in BROUGHT[table].key if name in frame.columns]
    group = frame.groupby(key, dropna=False, sort=False)
    size = group["_row"].transform("size")
    single, several = frame[size == 1], frame[size > 1]
    if several.empty:
        return frame, {}
    status = layout.missing.column if layout.missing else ""
    several = several.assign(**{name: several[name].astype("float64") for name in names})
    grouped = several.groupby(key, dropna=False, sort=False)
    first = grouped.first().reset_index()
    for name in names:
        # A sum with a missing part is missing: half a figure would look like a whole one.
        whole = grouped[name].count().to_numpy() == grouped.size().to_numpy()
        first[name] = numpy.where(whole, grouped[name].sum().to_numpy(), numpy.nan)
    if status in frame.columns and layout.missing:
        names_of = dict.fromkeys([layout.missing.reported, *several[status].dropna()])
        ranks = {name: rank for rank, name in enumerate(names_of)}
        worst = (
            several.assign(_rank=several[status].map(ranks))
            .groupby(key, dropna=False, sort=False)["_rank"]
            .max()
        )
        first[status] = worst.map({rank: name for name, rank in ranks.items()}).to_numpy()
    rows = grouped["_row"].agg(tuple).to_list()
    first["source"] = [
        f"{source} and {len(of) - 1} more" for source, of in zip(first["source"], rows, strict=True)
    ]
    members = dict(zip(first["source"], rows, strict=True))
    return pandas.concat([single, first[frame.columns]], ignore_index=True), members
