"""The units of a proposed layout: what something printed says, what size proves, and otherwise a question; never a guess."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from etl.propose import contexts
from etl.propose.columns import Column
from etl.propose.draft import Draft, why
from etl.propose.facets import facets
from etl.propose.study import Study
from etl.values import unit_factor

UNITS = ("£", "£'000", "£m")


_TOO_MUCH_IN_THOUSANDS = (
    2_000_000  # a sum that would be £2bn in £'000: no authority's block is a quarter of that
)


_TOO_DEAR_IN_THOUSANDS = 500  # a median that would be half a million pounds a child in £'000


def unit_of(study: Study, column: Column) -> tuple[str, str]:
    """The unit of one column of figures as something printed says it, and what says so; empty where nothing does."""
    said = facets(column.heading).unit
    if said and (written := _unit(said)):
        return written, "the heading says so"
    if column.index in study.units_below:
        return _unit(study.units_below[column.index]) or "", "the row of units says so"
    if study.unit is not None:
        return "", f"“{study.unit.said}”"
    shown = contexts.format_unit(study.sheet.formats.get(column.index, ""))
    if shown and shown != "£":
        return shown, f"the number format {study.sheet.formats[column.index]} says so"
    with_pound = [text for text in column.texts if "£" in text]
    if len(with_pound) > 0.5 * len(column.texts):
        return "£", "the cells themselves say £"
    if shown:
        return shown, f"the number format {study.sheet.formats[column.index]} says so"
    return "", ""


def _unit(text: str) -> str | None:
    plain = re.sub(r"[()]|^in ", "", text.strip()).strip()
    plain = f"£{plain}" if re.fullmatch(r"['’]?000s?", plain) else plain
    factor = unit_factor(plain)
    return {1.0: "£", 1000.0: "£'000", 1e6: "£m"}.get(factor) if factor else None


def units(
    draft: Draft, study: Study, places: Sequence[tuple[Column, str, dict[str, Any]]], *, a_child: bool = False
) -> None:
    """Gives each entry of money its unit. `places` are the column, the entry's dotted path, and the entry itself.

    Where nothing printed says a unit and the size does not prove pounds, one question is asked for all such entries.
    """
    unsaid: list[tuple[Column, str]] = []
    by_title: list[str] = []
    for column, path, entry in places:
        unit, told = unit_of(study, column)
        if unit:
            entry["unit"] = unit
            _also(entry, f"unit {unit}: {told}")
        elif told:
            by_title.append(path)
        else:
            unsaid.append((column, path))
    if told_otherwise := _denied(
        study, [entry["unit"] for _, _, entry in places if "unit" in entry], by_title
    ):
        draft.ask("unit", f"{told_otherwise} Which is right?", "two things printed on the sheet say different units",
                  [f"{path}.unit" for _, path, entry in places if "unit" in entry], UNITS)  # fmt: skip
    if by_title and study.unit is not None:
        draft.context["unit"] = {
            "why": why("the title says the unit of all that has none of its own"),
            **study.unit.entry,
        }
    unproved = []
    for column, path in unsaid:
        if not is_surely_pounds(column, a_child=a_child):
            unproved.append((column, path))
    if unproved and len(unproved) < len(unsaid):
        # One size for all columns that say nothing: their sizes must be alike to share a proof.
        sure = [abs(sum(column.numbers)) for column, _ in unsaid if is_surely_pounds(column, a_child=a_child)]
        unproved = [
            (column, path) for column, path in unproved if not _is_alike(column, sure, a_child=a_child)
        ]
    if unproved:
        sizes = [abs(size) for column, _ in unproved for size in column.numbers if size]
        span = (
            f"the figures run from {min(sizes):,.6g} to {max(sizes):,.6g}"
            if sizes
            else "there is no figure to judge by"
        )
        headed = contexts.words([column.heading for column, _ in unproved][:4])
        draft.ask("unit", f"Are the figures under {headed} in pounds, in thousands of pounds or in millions?",
                  f"no title, heading, row of units or number format says; {span}", [f"{path}.unit" for _, path in unproved], UNITS)  # fmt: skip


def _denied(study: Study, units_said: Sequence[str], by_title: Sequence[str]) -> str:
    """How the title's unit is denied by every column of money, in a sentence; "" where it holds for one, or for all alike."""
    if study.unit is None or by_title or len(set(units_said)) != 1:
        return ""
    titled = _unit(study.unit.value)
    if titled is None or titled == units_said[0]:
        return ""
    return f"“{study.unit.said}” says {titled}, and the columns say {units_said[0]}."


def _is_alike(column: Column, sure: Sequence[float], *, a_child: bool) -> bool:
    size = abs(sum(column.numbers))
    if a_child:
        return True
    return size == 0 or any(known / 30 <= size for known in sure)


def is_surely_pounds(column: Column, *, a_child: bool = False) -> bool:
    """Whether the figures are so large that in thousands they could not be: then they are pounds."""
    sizes = sorted(abs(size) for size in column.numbers if size)
    if not sizes:
        return True
    return (
        sizes[len(sizes) // 2] >= _TOO_DEAR_IN_THOUSANDS if a_child else sum(sizes) >= _TOO_MUCH_IN_THOUSANDS
    )


def _also(entry: dict[str, Any], reason: str) -> None:
    before = entry.get("why", "")
    entry["why"] = f"{before}; {reason}" if before else reason
