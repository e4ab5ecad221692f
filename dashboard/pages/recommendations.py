"""Recommendations: is the review being delivered, and does it show? The board's register against its measures."""

from __future__ import annotations

from typing import Any

import dash
from dash.dependencies import Input, Output, State
from dash.development.base_component import Component

from dashboard.access import Given, guarded_callback, one_of, view_query
from dashboard.components import html
from dashboard.components.download import listing_downloads
from dashboard.components.filter_bar import choice
from dashboard.components.graph import graph
from dashboard.components.links import rows_address
from dashboard.components.notes import source
from dashboard.components.panel import empty_panel, panel
from dashboard.figures.course import course as course_figure
from dashboard.figures.review_marks import DECISIONS
from dashboard.listing import listing_table
from dashboard.listings.recommendations import course, notes, register_measured, worth
from dashboard.pages import filters
from dashboard.pages.board_register import PATH, BoardRegister
from dashboard.roles import ANALYST
from hnb import counterfactual, wording
from hnb.codelists import CODELISTS
from hnb.findings import of_recommendations
from hnb.findings import recommendations as findings
from hnb.metrics import MEASURES, Selection
from hnb.recommendation_gap import GAP_BASES, Gap
from hnb.recommendations import Assessment

QUESTION = "Is the review being delivered, and does it show?"
_NO_REGISTER = (
    "No recommendations are loaded yet. They come with the recommendations register: put that workbook into the "
    "folder of raw files and build again."
)

dash.register_page(__name__, path=PATH, name="Recommendations", title="The review's recommendations", order=60, least_role=ANALYST, is_kept=True)  # fmt: skip


def _numbers() -> tuple[str, ...]:
    return BoardRegister.read("").numbers


@guarded_callback(
    Output(filters.LOCATION, "search", allow_duplicate=True),
    [
        Given(Input("recommendations-one", "value"), one_of(_numbers)),
        Given(State(filters.LOCATION, "search"), view_query()),
    ],
    least_role=ANALYST,
    prevent_initial_call=True,
)
def chosen(number: str | None, query: str) -> Any:
    """The address with the recommendation that was chosen; no change where the page shows it already."""
    shown = BoardRegister.read(query).chosen
    if not number or (shown is not None and number == shown.recommendation_id):
        return dash.no_update
    return filters.address_with(query, Selection.from_query(query), recommendation=number)


def layout(view: str = "") -> Component:
    """The page for the query of an address."""
    asked = BoardRegister.read(view)
    said = of_recommendations([one.progress for one in asked.found]) or "No register is loaded"
    return html.Div(
        [
            html.Div([html.H1(QUESTION), html.P(said, **{"data-status": said})], className="page-head"),
            *(html.P(sentence, className="dropped") for sentence in (*asked.view.dropped, *asked.notes)),
            *_body(asked),
        ],
        className="page",
    )


def _body(asked: BoardRegister) -> list[Component]:
    one = asked.chosen
    if one is None:
        return [empty_panel("register", "Against the review's recommendations", _NO_REGISTER)]
    options = [(other.recommendation_id, f"{other.recommendation_id}: {other.title}") for other in asked.found]  # fmt: skip
    return [
        html.Div([choice("recommendations", "one", "Recommendation", options, one.recommendation_id)], className="chooser one-recommendation", role="group", **{"aria-label": "Which recommendation"}),
        html.Div([html.H2(f"{one.recommendation_id}: {one.title}"), html.P(one.theme)], className="section-head"),
        _course(asked, one),
        _facts(asked, one),
        *([_worth(asked, one)] if one.measure is not None else []),
        _notes(asked, one),
        _register(asked),
    ]  # fmt: skip


# ----------------------------------------------------------------------------------------- panels


def _course(asked: BoardRegister, one: Assessment) -> Component:
    finding, measure = findings.standing(one), one.measure
    if measure is None or one.latest is None:
        why = (
            "The register names no measure for it" if measure is None else f"Its measure is “{measure.title}”"
        )
        return empty_panel("course", finding, f"{why}, so there is no course to draw. What was noted and decided stands below.")  # fmt: skip
    listing = course(asked.query)
    trend = asked.trend(one)
    carried, figure = findings.of_trend(one, trend), course_figure(one, trend)
    parts = (
        [f"dashed is {findings.unsettled(measure)}"]
        if any(point.status == "estimated" for point in one.series)
        else []
    )
    parts += ["grey dashes are the straight path to the target"] if one.path is not None else []
    parts += ["dotted is the trend carried on"] if carried else []
    parts += ["▲ is a decision"] if any(trace.get("name") == DECISIONS for trace in figure.traces) else []
    described = f"{finding}. {carried}{'. ' if carried else ''}The table has every figure."
    return panel(
        "course",
        finding,
        "; ".join([f"{findings.measured_by(one)}, by financial year", *parts]),
        graph(
            figure,
            heading_id="course-heading",
            description=described,
            id="recommendation-chart",
        ),
        table=listing_table(listing),
        downloads=listing_downloads(
            "recommendation-course", asked.query, subject=listing.title, graph_id="recommendation-chart"
        ),
        source=source(
            asked.view.data.table("files"),
            measure.tables,
            measure.source,
            rows=rows_address(measure.name, one.selection),
        ),
        caution=measure.caution,
    )


def _facts(asked: BoardRegister, one: Assessment) -> Component:
    """What the register and the figures say of it, a line each; what is not known is said so."""
    gap, measure = asked.gap(one), one.measure
    progress = CODELISTS["progress"]
    statuses = CODELISTS["recommendation_statuses"]
    work = statuses.label(one.status) if one.status in statuses.entries else "Not recorded"
    facts = [("Worked out from the figures", progress.label(one.progress))]
    if measure is not None:
        facts += [
            ("Measured by", findings.measured_by(one)),
            ("Baseline", _baseline(one)),
            ("Latest", _latest(one)),
            ("Since the baseline", findings.of_direction(one) or "Not to be said"),
        ]
    facts.append(("Target", findings.target_words(one)))
    if measure is not None and one.target is not None:
        facts += [
            ("Where the straight path is now", findings.of_path(one) or "No path: it needs a baseline and a later year for the target"),
            ("The last three years carried on", _carried(asked, one)),
            ("Gap to the target", findings.gap_words(one, gap) or "Not to be said"),
            ("In placements", wording.number(gap.placements, signed=True) if gap.placements is not None else "The measure does not count placements"),
            ("In pounds", _pounds(gap)),
        ]  # fmt: skip
    facts += [
        ("The board's own status", work),
        ("Owner", one.owner or "Not recorded"),
        ("Where it is published", one.evidence_source or "Not recorded"),
    ]
    pairs = [html.Div([html.Dt(name), html.Dd(value)]) for name, value in facts]
    caution = "The gap in pounds is what that many placements cost where they are, and not a saving." if gap.basis == "priced" else ""  # fmt: skip
    return panel(
        "facts",
        findings.of_gap(one, gap) or "What the register says, and what the figures say",
        f"{one.recommendation_id} in the register and in the figures"
        + ("; a gap is the latest figure less the target" if gap.amount is not None else ""),
        html.Dl(pairs, className="recommendation-facts"),
        caution=caution,
    )


def _baseline(one: Assessment) -> str:
    if one.measure is None or one.baseline is None:
        return "None: no figure of a baseline year"
    origin = ", as the register gives it" if one.baseline_is_given else ""
    return f"{findings.point_words(one.measure, one.baseline)}{origin}"


def _latest(one: Assessment) -> str:
    if one.measure is None or one.latest is None:
        return "None"
    return findings.point_words(one.measure, one.latest)


def _carried(asked: BoardRegister, one: Assessment) -> str:
    return findings.of_trend(one, asked.trend(one)) or "No trend: it needs figures of two years, and a target in a later one"  # fmt: skip


def _pounds(gap: Gap) -> str:
    basis = GAP_BASES[gap.basis]
    if gap.pounds is None:
        return f"Not worked out: {basis}"
    return f"{wording.pounds(gap.pounds, signed=True)}: {basis}"


def _worth(asked: BoardRegister, one: Assessment) -> Component:
    worths = asked.worths(one)
    if not worths:
        why = (
            "It is worked out for recommendations whose measure is about some settings' placements or spend, "
            "from two years of placements: this one is not, or has not."
        )
        return empty_panel("worth", "What a shift was worth cannot be worked out", why)
    listing = worth(asked.query)
    return panel(
        "worth",
        findings.of_worths(one, worths),
        f"{worths[0].financial_year} at its own volume and prices with an earlier year's share of placement-years, £",
        listing_table(listing),
        downloads=listing_downloads("recommendation-worth", asked.query, subject=listing.title),
        source=source(
            asked.view.data.table("files"),
            MEASURES["spend_per_placement_year"].tables,
            counterfactual.SOURCE,
            rows=rows_address("spend_per_placement_year", one.selection),
        ),
        caution=counterfactual.CAUTION,
    )


def _notes(asked: BoardRegister, one: Assessment) -> Component:
    listing = notes(asked.query)
    if not one.updates:
        return empty_panel("notes", "No note or decision is recorded", "Notes and decisions come with the register's sheet of updates.")  # fmt: skip
    return panel(
        "notes",
        findings.of_notes(one),
        "Notes of progress and decisions, the latest first",
        listing_table(listing),
        downloads=listing_downloads("recommendation-notes", asked.query, subject=listing.title),
        source=source(
            asked.view.data.table("files"),
            ("recommendation_updates",),
            "The board's register of recommendations, sheet of updates.",
        ),
    )


def _register(asked: BoardRegister) -> Component:
    listing = register_measured(asked.query)
    return panel(
        "register",
        f"All {len(asked.found)} recommendations: {of_recommendations([one.progress for one in asked.found])}",
        "Each with its measure; its number leads to its course",
        listing_table(listing),
        downloads=listing_downloads("recommendations", asked.query, subject=listing.title),
        source=source(
            asked.view.data.table("files"),
            ("recommendations",),
            "The register of recommendations that the board keeps; figures are worked out from their measures.",
        ),
        caution=listing.caution,
    )
