"""The board's register of recommendations against the measures: is the review being delivered, and does it show?

The register says what was recommended, which measure shows it and what its target is; everything else here
is worked out. A row that cannot be assessed says why; no target is ever made up.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from hnb import wording, years
from hnb.contract import Problem
from hnb.errors import HnbError
from hnb.metrics import Measure, compute, is_loaded, measure_named, unsupported
from hnb.selection import Selection


@dataclass(frozen=True)
class Point:
    """A measure in one year: the value in its unit, missing with a status that says why."""

    financial_year: str
    value: float | None
    status: str = "reported"


@dataclass(frozen=True)
class Update:
    """One note of progress."""

    noted_on: datetime.date
    status: str
    note: str
    decision: str


@dataclass(frozen=True)
class Assessment:
    """One recommendation with what its measure shows.

    status is the board's own (code of `recommendation_statuses`); progress is worked out (code of
    `progress`: met, on_course, behind, no_target, not_assessed) and `reason` says it in words.
    baseline, latest and `series` (every year that has rows, ascending) are points in the measure's unit.
    aim is which way the measure is to go, "rise" or "fall": as the register says, else
    as the measure is better, else from baseline toward target; "" where none of them says.
    path is where the straight line from baseline to target stands in the latest year; distance is latest
    less path; change is latest less baseline; direction says whether that change is "favourable",
    "adverse" or neither (""). is_illustrative marks a target that is an example and not the review's:
    show that wherever the target is shown.
    """

    recommendation_id: str
    theme: str
    title: str
    owner: str
    status: str
    evidence_source: str
    is_illustrative: bool
    source: str
    measure: Measure | None
    selection: Selection
    progress: str
    reason: str
    baseline: Point | None = None
    baseline_is_given: bool = False
    latest: Point | None = None
    target: float | None = None
    target_year: str = ""
    aim: str = ""
    path: float | None = None
    distance: float | None = None
    change: float | None = None
    direction: str = ""
    series: tuple[Point, ...] = ()
    updates: tuple[Update, ...] = ()

    def path_in(self, year: str) -> float | None:
        """Where the straight line from baseline to target stands in a year; missing without both ends."""
        if self.baseline is None or self.target is None or not self.target_year:
            return None
        return path_value(self.baseline, self.target, self.target_year, year)


Seen: TypeAlias = Callable[[Measure, Selection, tuple[Point, ...]], "tuple[Point, ...] | str"]
"""What an audience sees of a series: the same points, of which hidden ones have no value and the status
"suppressed"; or, where it sees nothing of it, why."""


def assessments(tables: Any, seen: Seen | None = None, authority: str = "") -> tuple[Assessment, ...]:
    """Every recommendation of the register with its assessment, in the register's order.

    tables: a snapshot, or anything that `hnb.metrics.compute` takes as tables. seen: what of a series may be seen;
    all that is said follows from that alone. authority: whose register, of all where none is named. Without a
    register there is nothing: an empty tuple.
    """
    if not tables.has("recommendations"):
        return ()
    updates = _updates(tables)
    return tuple(
        _assessment(
            row, tables, updates.get((_text(row, "authority"), _text(row, "recommendation_id")), ()), seen
        )
        for row in tables.table("recommendations").to_dicts()
        if not authority or row["authority"] == authority
    )


def register_problems(
    register: Sequence[dict[str, Any]], updates: Sequence[dict[str, Any]] = ()
) -> list[Problem]:
    """What a register asks for that the model does not know: measures, settings, phases and needs.

    Each is a refusal that holds publication up and leaves the row where it is, so that no recommendation
    vanishes from the board's list. A note of progress on a recommendation that is not there is a note.
    Both are rows as their tables declare them, None where blank.
    """
    problems = []
    for row in register:
        name = _text(row, "measure")
        try:
            if name:
                measure_named(name)
            _selection(row)
        except HnbError as fault:
            problems.append(Problem(_text(row, "source"), "unknown_code", str(fault), "a spelling that the model knows",
                                    "Correct it in the register; until then the recommendation is shown as not assessed"))  # fmt: skip
    known = {row["recommendation_id"] for row in register}
    for row in updates:
        if row["recommendation_id"] not in known:
            problems.append(Problem(_text(row, "source"), "unknown_recommendation", f"a note of progress on {row['recommendation_id']}, which the register does not list",
                                    "the number of a recommendation of the register", "Correct the number; until then the note is shown nowhere", "note"))  # fmt: skip
    return sorted(problems)


def path_value(baseline: Point, target: float, target_year: str, year: str) -> float | None:
    """The straight line from the baseline to the target, in one year, in the measure's unit.

    Before the baseline's year it is the baseline, from the target's year on it is the target. Missing
    where the baseline has no value or the target does not come after it.
    """
    first, last, here = (years.first_of(text) for text in (baseline.financial_year, target_year, year))
    if baseline.value is None or last <= first:
        return None
    along = min(max((here - first) / (last - first), 0.0), 1.0)
    return baseline.value + (target - baseline.value) * along


def _assessment(
    row: dict[str, Any], tables: Any, updates: tuple[Update, ...], seen: Seen | None
) -> Assessment:
    known: dict[str, Any] = {
        name: _text(row, name)
        for name in ("recommendation_id", "theme", "title", "owner", "status", "evidence_source", "source")
    }
    known |= {
        "is_illustrative": bool(row.get("is_illustrative")),
        "target": _number(row, "target"),
        "target_year": _text(row, "target_year"),
        "updates": updates,
    }
    name = _text(row, "measure")
    if not name:
        return _not_assessed(known, "No measure shows this")
    try:
        measure, selection = measure_named(name), _selection(row)
    except HnbError as fault:
        return _not_assessed(known, str(fault))
    known |= {"measure": measure, "selection": selection}
    lacking = unsupported(measure, selection)
    if lacking:
        return _not_assessed(known, wording.not_split(f"“{measure.title}”", lacking).split(":")[0])
    if not is_loaded(measure, tables):
        return _not_assessed(known, f"The figures for “{measure.title}” are not loaded")
    try:
        series = tuple(
            Point(point["financial_year"], point["value"], point["status"])
            for point in compute(measure, tables, selection, by=("financial_year",)).to_dicts()
        )
        visible = series if seen is None else seen(measure, selection, series)
        if isinstance(visible, str):
            return _not_assessed(known, visible)
        return _measured(known, measure, visible, row)
    except HnbError as fault:  # a year of the register that is not a year
        return _not_assessed(known, str(fault))


def _measured(
    known: dict[str, Any], measure: Measure, series: tuple[Point, ...], row: dict[str, Any]
) -> Assessment:
    with_value = [point for point in series if point.value is not None]
    hidden = [point.financial_year for point in series if point.status == "suppressed"]
    if not with_value:
        why = f"Its figures are hidden: {_FEW}" if hidden else "There is no figure for what it is about"
        return _not_assessed(known | {"series": series}, why)
    latest = with_value[-1]
    baseline, is_given = _baseline(row, series)
    change = None if baseline is None or baseline.value is None else _gap(latest, baseline.value)
    aim = _aim(_text(row, "aim"), measure, baseline, known["target"])
    known |= {
        "series": series,
        "latest": latest,
        "baseline": baseline,
        "baseline_is_given": is_given,
        "change": change,
        "path": None,
        "distance": None,
        "aim": aim,
        "direction": _direction(aim, change),
    }
    target, target_year = known["target"], known["target_year"]
    if target is not None and target_year and baseline is not None:
        known["path"] = path_value(baseline, target, target_year, latest.financial_year)
        known["distance"] = None if known["path"] is None else _gap(latest, known["path"])
    progress, reason = _progress(measure, known)
    later = [year for year in hidden if year > latest.financial_year]
    if later:
        reason += f"; the figure of {wording.listed(later)} is hidden: {_FEW}"
    return Assessment(**known, progress=progress, reason=reason)


def _progress(measure: Measure, known: dict[str, Any]) -> tuple[str, str]:
    """The progress code, and the reason in words."""
    latest: Point = known["latest"]
    baseline: Point | None = known["baseline"]
    target: float | None = known["target"]
    stands = f"{wording.value(measure, latest.value, 'sentence')} in {latest.financial_year}"
    stands += " (estimated)" if latest.status == "estimated" else ""
    if target is None:
        since = ""
        if (
            baseline is not None
            and baseline.value is not None
            and baseline.financial_year < latest.financial_year
        ):
            since = f", {wording.compared(measure, latest.value, baseline.value, f'in {baseline.financial_year}')}"
        return "no_target", f"{stands}{since}; no target published"
    aim = f"{wording.value(measure, target, 'sentence')}" + (
        f" by {known['target_year']}" if known["target_year"] else ""
    )
    if baseline is not None and baseline.status == "suppressed":
        return "not_assessed", f"{stands}; the baseline of {baseline.financial_year} is hidden: {_FEW}"
    if baseline is None or baseline.value is None:
        return "not_assessed", f"{stands}; without a baseline there is no path to {aim}"
    if latest.financial_year <= baseline.financial_year:
        return "not_assessed", f"{stands}; there is no figure after the baseline year yet"
    wanted = _WANTED[known["aim"]]
    if _reached(latest.value, target, wanted):
        return "met", f"{stands}; the target of {wording.value(measure, target, 'sentence')} is met"
    path: float | None = known["path"]
    if path is None:
        return "not_assessed", f"{stands}; a target without a later year has no path ({aim})"
    if latest.financial_year >= known["target_year"]:
        gap = wording.difference(measure, abs(_gap(latest, target)), "sentence", signed=False)
        return "behind", f"{stands}; the target of {aim} was missed by {gap}"
    distance = known["distance"]
    gap = wording.difference(measure, abs(distance), "sentence", signed=False)
    where = f"{gap} {'above' if distance > 0 else 'below'} its path to {aim}"
    if gap == wording.difference(measure, 0.0, "sentence", signed=False):
        where = f"on its path to {aim}"
    return ("on_course" if _reached(latest.value, path, wanted) else "behind"), f"{stands}; {where}"


_FEW = "few children or few providers stand behind it, or behind one that it would give away"

_WANTED = {"rise": 1, "fall": -1, "": 0}


def _aim(given: str, measure: Measure, baseline: Point | None, target: float | None) -> str:
    """Which way the measure is to go, "rise" or "fall"; "" where nothing says.

    A baseline may lie beyond the target: the share of independent placements was 6% when the review began,
    is 9% now, and is to come back to 7.5%. So what the register and the measure say goes first.
    """
    if given:
        return given
    if measure.better != "neither":
        return {"higher": "rise", "lower": "fall"}[measure.better]
    if baseline is None or baseline.value is None or target is None or math.isclose(target, baseline.value):
        return ""
    return "rise" if target > baseline.value else "fall"


def _direction(aim: str, change: float | None) -> str:
    if not aim or not change:
        return ""
    return "favourable" if change * _WANTED[aim] > 0 else "adverse"


def _reached(value: float | None, mark: float, wanted: int) -> bool:
    """Whether a value is at or beyond a mark in the wanted direction; the dust of division does not count."""
    if value is None:
        return False
    return math.isclose(value, mark, rel_tol=1e-9, abs_tol=1e-9) or (value - mark) * wanted > 0


def _baseline(row: dict[str, Any], series: tuple[Point, ...]) -> tuple[Point | None, bool]:
    """The baseline that the register gives, or the measure's own in the baseline year; and whether given."""
    year, given = _text(row, "baseline_year"), _number(row, "baseline")
    if not year:
        return None, False
    if given is not None:
        return Point(year, given), True
    return next((point for point in series if point.financial_year == year), None), False


def _not_assessed(known: dict[str, Any], reason: str) -> Assessment:
    defaults = {"measure": None, "selection": Selection()}
    return Assessment(**{**defaults, **known}, progress="not_assessed", reason=reason.rstrip("."))


def _updates(tables: Any) -> dict[tuple[str, str], tuple[Update, ...]]:
    """Each recommendation's notes of progress, the latest first."""
    if not tables.has("recommendation_updates"):
        return {}
    found: dict[tuple[str, str], tuple[Update, ...]] = {}
    rows = tables.table("recommendation_updates").sort("noted_on", descending=True, maintain_order=True)
    for row in rows.to_dicts():
        key = (_text(row, "authority"), _text(row, "recommendation_id"))
        update = Update(row["noted_on"], _text(row, "status"), _text(row, "note"), _text(row, "decision"))
        found[key] = (*found.get(key, ()), update)
    return found


def _gap(latest: Point, other: float) -> float:
    return float(latest.value or 0.0) - other


def _selection(row: dict[str, Any]) -> Selection:
    """What a row of the register is about. HnbError for a code that is not known."""
    return Selection(
        settings=_items(row, "setting"),
        phases=_items(row, "phase"),
        needs=_items(row, "need"),
        authority=_text(row, "authority"),
    )


def _items(row: dict[str, Any], name: str) -> tuple[str, ...]:
    return tuple(item.strip() for item in _text(row, name).split(",") if item.strip())


def _text(row: dict[str, Any], name: str) -> str:
    return str(row[name]).strip() if row.get(name) is not None else ""


def _number(row: dict[str, Any], name: str) -> float | None:
    number = row.get(name)
    return float(number) if number is not None and math.isfinite(number) else None
