"""One recommendation against spend: baseline, latest, target, where it leads, how far it is, what it was worth."""

from __future__ import annotations

from hnb import wording, years
from hnb.codelists import CODELISTS
from hnb.counterfactual import CAUTION as WORTH_CAUTION
from hnb.findings import meeting as findings
from hnb.findings import recommendations as of_one
from hnb.meeting import names, said
from hnb.meeting.view import Chart, Mark, Said, Series, Shape, Table, Tile, View
from hnb.metrics import Measure
from hnb.published import BoardRecommendation, Cell, Published
from hnb.recommendation_gap import GAP_BASES, Trend, trend_of
from hnb.recommendations import Assessment, Point, Update

_NONE = said.pounds(Cell(None, "not_collected"))
"""In a table, a year that has no such figure: the path before its baseline."""


def views(published: Published) -> tuple[View, ...]:
    """One view a recommendation, in the register's order."""
    number = len(published.recommendations)
    return tuple(
        view(published, one, f"Recommendation {place} of {number}")
        for place, one in enumerate(published.recommendations, start=1)
    )


def view_id(assessment: Assessment) -> str:
    """The address of a recommendation's view: "recommendation-r1"."""
    return names.view_id("recommendation", assessment.recommendation_id)


def view(published: Published, one: BoardRecommendation, place: str) -> View:
    """One recommendation; where it cannot be assessed the view says why and shows what is recorded."""
    assessment = one.assessment
    headline = findings.of_recommendation(assessment)
    chart, table = None, None
    if assessment.measure is not None and any(point.value is not None for point in assessment.series):
        trend = trend_of(assessment)
        chart = _chart(assessment, assessment.measure, trend, f"{headline}.")
        table = _table(assessment, assessment.measure, trend)
    return View(
        view_id(assessment),
        f"{place}: {assessment.title}",
        headline,
        _measured(assessment),
        names.source(published, "register of recommendations, budget monitor and placement register"),
        _tiles(one),
        chart,
        table,
        _sentences(one),
        _notes(one),
        _caution(one),
    )  # fmt: skip


def _measured(assessment: Assessment) -> str:
    owner = f"owner: {assessment.owner}" if assessment.owner else "no owner is recorded"
    if assessment.measure is None:
        return f"No measure shows it · {owner}"
    line = of_one.measured_by(assessment)
    if assessment.series:
        line += f", {assessment.series[0].financial_year} to {assessment.series[-1].financial_year}"
    return f"{line} · {owner}"


def _tiles(one: BoardRecommendation) -> tuple[Tile, ...]:
    assessment, measure = one.assessment, one.assessment.measure
    latest, baseline = assessment.latest, assessment.baseline
    if measure is None or latest is None:
        return ()
    tiles = []
    if baseline is not None:
        given = ", as the register gives it" if assessment.baseline_is_given else ""
        tiles.append(Tile(_point(measure, baseline), f"baseline, {baseline.financial_year}{given}"))
    still = f" ({of_one.unsettled(measure)})" if latest.status == "estimated" else ""
    tone = assessment.direction if assessment.direction in ("favourable", "adverse") else ""
    tiles.append(Tile(_point(measure, latest), f"latest, {latest.financial_year}{still}", tone, findings.direction_words(assessment)))  # type: ignore[arg-type]  # fmt: skip
    if assessment.target is None:
        tiles.append(Tile(Said(None, "None", "not_available"), "no target published"))
        return tuple(tiles)
    mark = f" ({of_one.ILLUSTRATIVE})" if assessment.is_illustrative else ""
    by = f" by {assessment.target_year}" if assessment.target_year else ""
    tiles.append(Tile(said.of_measure(measure, Cell(assessment.target, "reported")), f"target{by}{mark}", "", _progress(assessment)))  # fmt: skip
    gap = _gap_tile(one, measure)
    return (*tiles, gap) if gap else tuple(tiles)


def _progress(assessment: Assessment) -> str:
    return findings.progress_words(assessment)


def _gap_tile(one: BoardRecommendation, measure: Measure) -> Tile | None:
    """The gap in pounds where it has a price, and in placements; else in the measure's own unit."""
    gap, latest = one.gap, one.assessment.latest
    if gap.amount is None or latest is None:
        return None
    where = of_one.gap_words(one.assessment, gap)
    if gap.pounds is None or gap.basis == "money" or not gap.amount:
        figure = said.difference(measure, Cell(abs(gap.amount), latest.status), signed=False)
        side = "above" if gap.amount > 0 else "below"
        return Tile(figure, f"{side} the target" if gap.amount else "from the target: it is reached")
    counted = "a year is the gap"
    if gap.placements is not None:
        counted = f"a year: the gap of {wording.count(abs(gap.placements))} placements"
    is_said = measure.unit in ("placements", "placement-years")
    return Tile(said.millions(Cell(abs(gap.pounds), latest.status)), counted, "", "" if is_said else where)


def _chart(assessment: Assessment, measure: Measure, trend: Trend | None, described: str) -> Chart:
    span = _span(assessment)
    by_year = {point.financial_year: point for point in assessment.series}
    baseline = assessment.baseline
    if baseline is not None and assessment.baseline_is_given:
        by_year.setdefault(baseline.financial_year, baseline)
    actual = tuple(_point(measure, by_year[year]) if year in by_year else said.NOTHING for year in span)
    series = [Series(_what(assessment), actual, _colour(assessment), is_accent=True)]
    if (
        assessment.target is not None
        and assessment.target_year
        and baseline is not None
        and baseline.value is not None
    ):
        path = tuple(_at(measure, assessment.path_in(year) if year >= baseline.financial_year else None) for year in span)  # fmt: skip
        if any(point.value is not None for point in path):
            series.append(Series("Path to the target", path, "muted", stroke="path"))
        if trend is not None and trend.latest.financial_year < assessment.target_year:
            ahead = tuple(_at(measure, trend.value_in(year) if year >= trend.latest.financial_year else None) for year in span)  # fmt: skip
            series.append(Series("As the last three years", ahead, "muted", stroke="trend"))
    if assessment.target is not None and assessment.target_year in span:
        mark = f" ({of_one.ILLUSTRATIVE})" if assessment.is_illustrative else ""
        there = tuple(
            Said(
                assessment.target,
                said.of_measure(measure, Cell(assessment.target, "reported")).words,
                "reported",
            )
            if year == assessment.target_year
            else said.NOTHING
            for year in span
        )
        series.append(Series(f"Target{mark}", there, "ink", stroke="target"))
    return Chart(
        "lines",
        span,
        tuple(series),
        _shape(measure),
        described,
        (*names.breaks(measure.name, span), *_decisions(assessment.updates, span)),
    )


def _table(assessment: Assessment, measure: Measure, trend: Trend | None) -> Table:
    span = _span(assessment)
    by_year = {point.financial_year: point for point in assessment.series}
    has_path = assessment.target is not None and assessment.path is not None
    headings = ["Year", "Figure", *(["Path to the target", "As the last three years"] if has_path else [])]
    rows = []
    for year in span:
        figures = [_full(measure, by_year[year]) if year in by_year else _NONE]
        if has_path and assessment.baseline is not None:
            figures.append(
                _there(
                    measure, assessment.path_in(year) if year >= assessment.baseline.financial_year else None
                )
            )
            later = trend is not None and year >= trend.latest.financial_year
            figures.append(_there(measure, trend.value_in(year) if trend is not None and later else None))
        rows.append((year, tuple(figures)))
    shape = _shape(measure)
    return Table(
        f"{of_one.measured_by(assessment)}; target: {wording.lowered(of_one.target_words(assessment))}",
        tuple(headings),
        tuple(rows),
        (shape,) * (len(headings) - 1),
        signs=names.signs(figure for _, figures in rows for figure in figures),
    )  # fmt: skip


def _sentences(one: BoardRecommendation) -> tuple[str, ...]:
    """Where the trend leads, what it was worth, and the last decision; of what is not assessed, what is recorded."""
    assessment = one.assessment
    found = [of_one.of_trend(assessment, trend_of(assessment)), of_one.of_worth(assessment, one.worth)]
    decided = next((update for update in assessment.updates if update.decision), None)
    noted = next(iter(assessment.updates), None)
    if decided is not None:
        found.append(f"Decided on {wording.date(decided.noted_on)}: {decided.decision.rstrip('.')}")
    elif noted is not None:
        found.append(f"Noted on {wording.date(noted.noted_on)}: {noted.note.rstrip('.')}")
    else:
        found.append("No note or decision is recorded")
    if assessment.progress == "not_assessed":
        found = [findings.status_words(assessment), _published_where(assessment), found[-1]]
    return tuple(sentence for sentence in found if sentence)[:3]


def _published_where(assessment: Assessment) -> str:
    return f"Where it is published: {assessment.evidence_source}" if assessment.evidence_source else ""


def _notes(one: BoardRecommendation) -> tuple[str, ...]:
    assessment, gap = one.assessment, one.gap
    notes = [f"In plain words: {findings.plain_words(assessment)}."]
    if assessment.measure is not None:
        notes.append(
            f"How it is worked out: the measure answers “{assessment.measure.question}” {_method(assessment)}"
        )
    if gap.amount is not None:
        notes.append(f"If asked “how far is it?”: {of_one.of_gap(assessment, gap)} ({GAP_BASES[gap.basis]}).")
    elif assessment.measure is not None and assessment.latest is not None:
        notes.append("If asked “what is the target?”: none is published, and none is made up here.")
    worth = of_one.of_worth(assessment, one.worth)
    if worth:
        notes.append(f"If asked “what was it worth?”: {worth}. Caution: {WORTH_CAUTION}")
    if assessment.measure is not None and assessment.series:
        notes += names.break_notes(assessment.measure.name, _span(assessment))
    if one.hidden_years:
        notes.append(
            f"Hidden here: {wording.listed(one.hidden_years)}, since few children stand behind the figure."
        )
    notes += [f"{where}." for where in (_published_where(assessment),) if where]
    notes += [_update_words(update) for update in assessment.updates]
    if assessment.is_illustrative and assessment.target is not None:
        notes.append("Caution: the target is an example and not the review’s.")
    if assessment.measure is not None and assessment.measure.caution:
        notes.append(f"Caution: {assessment.measure.caution}")
    return tuple(notes)


def _method(assessment: Assessment) -> str:
    if assessment.path is None:
        return "The latest figure is held against the baseline; without a target there is no path."
    return (
        "The path is the straight line from baseline to target; it is on course while the latest figure is at or "
        "beyond the path."
    )


def _update_words(update: Update) -> str:
    decided = f" Decision: {update.decision}" if update.decision else ""
    return f"{wording.date(update.noted_on)}: {update.note}{decided}"


def _caution(one: BoardRecommendation) -> str:
    if one.worth is not None and one.assessment.measure is not None:
        return "Worth is at today’s volume and average prices; children placed elsewhere may need more or less than the average there."
    return ""


def _decisions(updates: tuple[Update, ...], span: tuple[str, ...]) -> tuple[Mark, ...]:
    """Decisions as marks at their years, the earliest first; those of one year together."""
    days: dict[str, list[str]] = {}
    for update in sorted(updates, key=lambda one: one.noted_on):
        year = years.year_of(update.noted_on)
        if update.decision and year in span:
            days.setdefault(year, []).append(wording.date(update.noted_on))
    return tuple(Mark(year, f"decision, {wording.listed(found)}", "decision") for year, found in days.items())


def _span(assessment: Assessment) -> tuple[str, ...]:
    """Every year from the first figure or baseline to the last figure or target."""
    known = [point.financial_year for point in assessment.series]
    known += [assessment.baseline.financial_year] if assessment.baseline is not None else []
    known += [assessment.target_year] if assessment.target is not None and assessment.target_year else []
    return tuple(years.year_range(min(known), max(known)))


def _what(assessment: Assessment) -> str:
    return assessment.theme or "Figure"


def _colour(assessment: Assessment) -> str:
    """The colour of the one group of settings that it is of; the accent where it is of several or of all."""
    groups = {CODELISTS["settings"].group(code) for code in assessment.selection.settings}
    return groups.pop() if len(groups) == 1 else "accent"


def _point(measure: Measure, point: Point) -> Said:
    return said.of_measure(
        measure, Cell(point.value, point.status if point.value is None or point.status else "reported")
    )


def _full(measure: Measure, point: Point) -> Said:
    if point.value is None:
        return said.of_measure(measure, Cell(None, point.status))
    return Said(point.value, wording.value(measure, point.value, "table"), point.status)


def _there(measure: Measure, value: float | None) -> Said:
    return _NONE if value is None else said.of_measure(measure, Cell(value, "reported"))


def _at(measure: Measure, value: float | None) -> Said:
    return said.NOTHING if value is None else said.of_measure(measure, Cell(value, "reported"))


def _shape(measure: Measure) -> Shape:
    if measure.unit == "£":
        return "pounds"
    if measure.unit.startswith("£ per"):
        return "price"
    if measure.unit == "share":
        return "share"
    return "count" if measure.unit in ("placements", "plans", "people") else "number"
