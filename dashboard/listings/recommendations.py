"""The tables of the page Recommendations: the register measured, one recommendation's course, its worth and its notes."""

from __future__ import annotations

from typing import Any

from dashboard.components.records import Kind, RecordColumn
from dashboard.listing import Listing
from dashboard.pages.board_register import BoardRegister
from dashboard.roles import ANALYST, each_for_role
from hnb import counterfactual, wording, years
from hnb.codelists import CODELISTS
from hnb.counterfactual import Counterfactual
from hnb.findings import recommendations as findings
from hnb.metrics import Measure
from hnb.recommendation_gap import GAP_BASES
from hnb.recommendations import Assessment, Point, Update

_REGISTER = (
    "The register of recommendations that the board keeps; figures are worked out from their measures."
)
_TABLES = ("recommendations", "recommendation_updates")


def register_measured(query: str) -> Listing:
    """Every recommendation with its measure, in the register's order."""
    asked = BoardRegister.read(query)
    columns = (
        RecordColumn("number", "No", link=lambda row: BoardRegister.address(row["number"])),
        RecordColumn("title", "Recommendation", link=lambda row: BoardRegister.address(row["number"])),
        RecordColumn("standing", "How it stands"),
        RecordColumn("measured", "Measured by"),
        RecordColumn("baseline", "Baseline", "worded"),
        RecordColumn("latest", "Latest", "worded"),
        RecordColumn("direction", "Since the baseline"),
        RecordColumn("target", "Target", "worded"),
        RecordColumn("trend", "Last three years carried on", "worded"),
        RecordColumn("gap", "Gap to target", "worded"),
        RecordColumn("gap_placements", "Gap in placements", "years"),
        RecordColumn("gap_pounds", "Gap in £", "change"),
        RecordColumn("gap_basis", "How the £ are worked out"),
        RecordColumn("status", "Board's own status"),
        RecordColumn("owner", "Owner"),
        RecordColumn("evidence", "Where it is published"),
    )
    return Listing(
        "Recommendations",
        "The board's recommendations with what their measures show; a gap is the latest figure less the target",
        columns,
        [_register_row(asked, one) for one in asked.found],
        about=(("Source", _REGISTER),),
        caution="A gap in pounds is what that many placements cost where they are, and not a saving: whoever is not placed there is placed somewhere else. An illustrative target is an example and not the review's.",
        tables=_TABLES,
    )  # fmt: skip


def course(query: str) -> Listing:
    """One recommendation year by year: its figure, the straight path to its target, and its trend carried on."""
    asked = BoardRegister.read(query)
    one = asked.chosen
    title = "Course of a recommendation" if one is None else f"Course of {one.recommendation_id}"
    measure = None if one is None else one.measure
    kind = _kind(measure)
    columns = (
        RecordColumn("year", "Year"),
        RecordColumn("basis", "Figure"),
        RecordColumn("value", "What happened" if measure is None else measure.title, kind),
        RecordColumn("path", "Straight path to the target", kind),
        RecordColumn("trend", "Last three years carried on", kind),
    )
    rows = [] if one is None or measure is None else _course_rows(asked, one)
    return Listing(
        title,
        "Course, year by year" if one is None else f"{findings.measured_by(one)}, year by year; target: {_lowered(findings.target_words(one))}",
        columns,
        rows,
        about=(*(() if one is None else (("Recommendation", f"{one.recommendation_id}: {one.title}"), ("How it stands", findings.standing(one)), ("Target", findings.target_words(one)))), ("Source", _REGISTER if measure is None else measure.source)),
        caution="" if measure is None else measure.caution,
        tables=(*_TABLES, *(() if measure is None else measure.tables)),
    )  # fmt: skip


def worth(query: str) -> Listing:
    """What the shift since each earlier year was worth, at the latest year's volume and prices."""
    asked = BoardRegister.read(query)
    one = asked.chosen
    worths = () if one is None else asked.worths(one)
    number = "" if one is None else f" of {one.recommendation_id}"
    year = worths[0].financial_year if worths else ""
    columns = (
        RecordColumn("base_year", "Share as in"),
        RecordColumn("share_then", "Share of placement-years then", "share"),
        RecordColumn("share_now", "Share now", "share"),
        RecordColumn("moved", "Placement-years moved elsewhere", "years"),
        RecordColumn("own_price", "A placement-year here", "pounds"),
        RecordColumn("other_price", "A placement-year in the other settings", "pounds"),
        RecordColumn("freed", "No longer spent here", "change"),
        RecordColumn("placed_elsewhere", "Spent in the other settings", "change"),
        RecordColumn("worth", "The year would cost less by", "change"),
    )
    return Listing(
        f"What the shift{number} was worth",
        f"{year or 'The latest year'} at its own volume and prices, with the share of an earlier year"
        + ("" if one is None else f": {_lowered(one.selection.about())}"),
        columns,
        [_worth_row(found) for found in worths],
        about=(("Source", counterfactual.SOURCE),),
        caution=counterfactual.CAUTION,
        tables=("spend",),
    )


def notes(query: str) -> Listing:
    """The notes of progress and the decisions on one recommendation, the latest first."""
    one = BoardRegister.read(query).chosen
    columns = (
        RecordColumn("noted_on", "Date", "date"),
        RecordColumn("status", "Status"),
        RecordColumn("note", "Note"),
        RecordColumn("decision", "Decision"),
    )
    number = "" if one is None else f" on {one.recommendation_id}"
    return Listing(
        f"Notes and decisions{number}",
        f"Notes of progress and decisions{number}, the latest first",
        columns,
        [] if one is None else [_note_row(update) for update in one.updates],
        about=(("Source", "The board's register of recommendations, sheet of updates."),),
        tables=_TABLES,
    )


LISTINGS = each_for_role(
    ANALYST,
    {
        "recommendations": register_measured,
        "recommendation-course": course,
        "recommendation-worth": worth,
        "recommendation-notes": notes,
    },
)


def _register_row(asked: BoardRegister, one: Assessment) -> dict[str, Any]:
    gap, trend, measure = asked.gap(one), asked.trend(one), one.measure
    statuses = CODELISTS["recommendation_statuses"]
    carried = None
    if measure is not None and trend is not None and one.target is not None and one.target_year > trend.latest.financial_year:  # fmt: skip
        carried = f"{wording.value(measure, trend.value_in(one.target_year), 'chart')} in {one.target_year}"
    return {
        "number": one.recommendation_id,
        "title": one.title,
        "standing": findings.standing(one),
        "measured": findings.measured_by(one),
        "baseline": _worded(measure, one.baseline),
        "latest": _worded(measure, one.latest),
        "direction": findings.of_direction(one),
        "target": findings.target_words(one) if measure is not None else None,
        "trend": carried,
        "gap": findings.gap_words(one, gap) or None,
        "gap_placements": gap.placements,
        "gap_pounds": gap.pounds,
        "gap_basis": "" if measure is None else GAP_BASES[gap.basis],
        "status": statuses.label(one.status) if one.status in statuses.entries else "Not recorded",
        "owner": one.owner or "Not recorded",
        "evidence": one.evidence_source or "Not recorded",
    }


def _worded(measure: Measure | None, point: Point | None) -> str | None:
    if measure is None or point is None:
        return None
    return findings.point_words(measure, point)


def _course_rows(asked: BoardRegister, one: Assessment) -> list[dict[str, Any]]:
    by_year = {point.financial_year: point for point in one.series}
    baseline, trend = one.baseline, asked.trend(one)
    if one.baseline_is_given and baseline is not None:
        by_year.setdefault(baseline.financial_year, baseline)
    has_end = one.target is not None and bool(one.target_year)
    if not by_year:
        return []
    last = max(*by_year, one.target_year) if has_end else max(by_year)
    rows = []
    for year in years.year_range(min(by_year), last):
        point = by_year.get(year)
        is_after = trend is not None and year >= trend.latest.financial_year
        on_path = baseline is not None and year >= baseline.financial_year
        rows.append(
            {
                "year": year,
                "basis": _basis(point, year, one),
                "value": None if point is None else wording.missing(point.status) if point.value is None else point.value,
                "path": one.path_in(year) if on_path else None,
                "trend": trend.value_in(year) if trend is not None and is_after and has_end else None,
            }
        )  # fmt: skip
    return rows


def _basis(point: Point | None, year: str, one: Assessment) -> str:
    if point is None:
        return "Not yet" if one.latest is not None and year > one.latest.financial_year else "No figure"
    if point.status == "estimated":
        return "Forecast" if one.measure is None else findings.unsettled(one.measure).capitalize()
    if point.value is None:
        words = wording.missing_words(point.status)
        return words[:1].upper() + words[1:]
    if one.baseline_is_given and point == one.baseline:
        return "Baseline, as the register gives it"
    return "Reported"


def _worth_row(found: Counterfactual) -> dict[str, Any]:
    names = ("base_year", "share_then", "share_now", "moved", "own_price", "other_price", "freed", "placed_elsewhere", "worth")  # fmt: skip
    return {name: getattr(found, name) for name in names}


def _note_row(update: Update) -> dict[str, Any]:
    statuses = CODELISTS["recommendation_statuses"]
    return {
        "noted_on": update.noted_on,
        "status": statuses.label(update.status) if update.status in statuses.entries else "",
        "note": update.note,
        "decision": update.decision,
    }


def _kind(measure: Measure | None) -> Kind:
    """How a measure's values are written in a column."""
    if measure is None:
        return "years"
    if measure.in_pounds:
        return "pounds"
    if measure.unit == "share":
        return "share"
    return "count" if measure.unit in ("placements", "plans", "people") else "years"


def _lowered(words: str) -> str:
    return wording.lowered(words)
