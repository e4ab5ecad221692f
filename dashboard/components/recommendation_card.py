"""One recommendation: how it stands against its target, its course in a few strokes, and the figures in words."""

from __future__ import annotations

from dash import dcc
from dash.development.base_component import Component

from dashboard.components import html
from dashboard.components.links import has_page, page_address
from dashboard.figures import sparkline
from hnb import wording
from hnb.codelists import CODELISTS
from hnb.recommendations import Assessment
from hnb.selection import Selection

PATH = "/recommendations"
_TONES = {"met": "favourable", "on_course": "favourable", "behind": "adverse"}


def recommendation_card(assessment: Assessment) -> Component:
    """A card. It says “no target published” where there is none, and marks an illustrative target as such."""
    progress = CODELISTS["progress"].label(assessment.progress)
    status = CODELISTS["recommendation_statuses"]
    work = status.label(assessment.status) if assessment.status in status.entries else "Not recorded"
    return html.Li(
        [
            html.P(progress, className=f"course {_TONES.get(assessment.progress, 'neutral')}"),
            html.H3(_title(assessment)),
            *_measured(assessment),
            *_picture(assessment),
            html.P(f"{assessment.reason}.", className="sentence"),
            _figures(assessment),
            html.P([f"Work: {wording.lowered(work)}", *([f" · {assessment.owner}"] if assessment.owner else [])], className="told"),
        ],
        className="recommendation",
    )  # fmt: skip


def _title(assessment: Assessment) -> Component | str:
    """The title, which leads to the recommendation's own view."""
    if not has_page(PATH):
        return assessment.title
    number = assessment.recommendation_id
    return dcc.Link(assessment.title, href=page_address(PATH, Selection(), recommendation=number))


def _measured(assessment: Assessment) -> list[Component]:
    """What the line below shows, since a title says what is wanted and not what is counted."""
    if assessment.measure is None:
        return []
    what = assessment.selection.about()
    about = "" if what == Selection().about() else f": {wording.lowered(what.removesuffix(' placements'))}"
    return [html.P(f"{assessment.measure.title}{about}", className="measured")]


def _picture(assessment: Assessment) -> list[Component]:
    if assessment.measure is None:
        return []
    target = wording.value(assessment.measure, assessment.target, "chart") + _mark(assessment)
    svg = sparkline.sparkline(assessment, target)
    if not svg:
        return []
    return [
        html.Img(
            src=sparkline.address(svg),
            alt=alternative(assessment),
            width=sparkline.WIDTH,
            height=sparkline.HEIGHT,
        )
    ]


def alternative(assessment: Assessment) -> str:
    """The picture in words: where the line begins, where it stands, and where it should go."""
    measure, known = assessment.measure, [point for point in assessment.series if point.value is not None]
    if measure is None or not known:
        return ""
    first, last = known[0], known[-1]
    target = (
        f" Target {wording.value(measure, assessment.target, 'chart')} by {assessment.target_year}{_mark(assessment)}."
        if assessment.target is not None
        else " No target published."
    )
    return (
        f"{measure.title}: {wording.value(measure, first.value, 'chart')} in {first.financial_year}, "
        f"{wording.value(measure, last.value, 'chart')} in {last.financial_year}.{target}"
    )


def _mark(assessment: Assessment) -> str:
    """The mark of a target that is an example, wherever the target shows."""
    return " (illustrative)" if assessment.is_illustrative else ""


def _figures(assessment: Assessment) -> Component:
    measure = assessment.measure
    if measure is None or assessment.latest is None:
        return html.Div()
    rows: list[tuple[str, str]] = []
    if assessment.baseline is not None:
        rows.append(
            (
                f"Baseline {assessment.baseline.financial_year}",
                wording.value(measure, assessment.baseline.value, "chart"),
            )
        )
    latest = assessment.latest
    forecast = " forecast" if latest.status == "estimated" else ""
    rows.append((f"Latest {latest.financial_year}{forecast}", wording.value(measure, latest.value, "chart")))
    if assessment.target is None:
        rows.append(("Target", "none published"))
    else:
        rows.append(
            (
                f"Target {assessment.target_year}{_mark(assessment)}",
                wording.value(measure, assessment.target, "chart"),
            )
        )
    return html.Dl([item for name, words in rows for item in (html.Dt(name), html.Dd(words))])
