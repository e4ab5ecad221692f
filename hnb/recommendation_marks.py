"""Which recommendations belong on a chart of another page: their targets where it draws their measure, their decisions.

A target belongs where the very measure of the very settings, phases and needs is drawn, and nowhere else: a
target for the share of independent placements says nothing of their share of spend. A decision belongs on
every course that holds what the recommendation is about. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from hnb import years
from hnb.metrics import Measure
from hnb.recommendations import Assessment, Update
from hnb.selection import Selection

_ABOUT = ("settings", "phases", "needs")
_FIELD_OF: Mapping[str, str] = {
    "setting_group": "settings", "setting": "settings", "phase": "phases", "need": "needs",
}  # fmt: skip


@dataclass(frozen=True)
class Decision:
    """One decision with the number and the title of its recommendation."""

    recommendation_id: str
    title: str
    update: Update


def targets_on(found: Iterable[Assessment], measure: Measure, selection: Selection) -> tuple[Assessment, ...]:
    """The recommendations with a target whose measure, settings, phases and needs are those of a drawn selection.

    None where the selection is narrowed by what a recommendation cannot say: a provider, the borough, lines.
    """
    if selection.providers or selection.in_borough is not None or selection.lines:
        return ()
    return tuple(
        one
        for one in found
        if one.target is not None
        and one.measure is not None
        and one.measure.name == measure.name
        and all(getattr(one.selection, name) == getattr(selection, name) for name in _ABOUT)
    )


def targets_by(
    found: Iterable[Assessment], measure: Measure, selection: Selection, by: str, codes: Iterable[str]
) -> Mapping[str, Assessment]:
    """Of a chart with a row for each code of `by`, the rows that a recommendation has a target for.

    by: "setting_group", "setting", "phase" or "need"; another has none. Of two for one row the first of the
    register stands.
    """
    field = _FIELD_OF.get(by)
    if field is None:
        return {}
    known = tuple(found)
    marked: dict[str, Assessment] = {}
    for code in codes:
        text = f"group:{code}" if by == "setting_group" else code
        alone = Selection().with_(**{field: (text,)})
        within = getattr(selection, field)
        if within and not set(getattr(alone, field)) <= set(within):
            continue
        row = targets_on(known, measure, selection.with_(**{field: getattr(alone, field)}))
        if row:
            marked[code] = row[0]
    return marked


def decisions_on(found: Iterable[Assessment], selection: Selection) -> tuple[Decision, ...]:
    """The decisions on recommendations that are measured and lie wholly within a selection, by date.

    A recommendation about everything lies within a selection of everything only.
    """
    told = [
        Decision(one.recommendation_id, one.title, update)
        for one in found
        if one.measure is not None and _within(one.selection, selection)
        for update in one.updates
        if update.decision
    ]
    return tuple(sorted(told, key=lambda one: (one.update.noted_on, one.recommendation_id)))


def within_years(decisions: Iterable[Decision], drawn: Iterable[str]) -> tuple[Decision, ...]:
    """The decisions that were taken within the financial years that a chart draws."""
    wanted = set(drawn)
    return tuple(one for one in decisions if years.year_of(one.update.noted_on) in wanted)


def _within(inner: Selection, outer: Selection) -> bool:
    if outer.providers or outer.in_borough is not None or outer.lines:
        return False
    for name in _ABOUT:
        wanted, there = getattr(inner, name), getattr(outer, name)
        if there and (not wanted or not set(wanted) <= set(there)):
            return False
    return True
