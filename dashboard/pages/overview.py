"""Overview: where does each £1 go, and are we on course?"""

from __future__ import annotations

import dash
import polars
from dash import dcc
from dash.development.base_component import Component

from dashboard.components import html
from dashboard.components.download import downloads
from dashboard.components.filter_bar import filter_bar
from dashboard.components.graph import graph
from dashboard.components.links import has_page, page_address, rows_address
from dashboard.components.notes import freshness, not_loaded, source
from dashboard.components.panel import empty_panel, panel
from dashboard.components.pound_strip import pound_strip
from dashboard.components.recommendation_card import recommendation_card
from dashboard.components.review_notes import review_notes
from dashboard.components.tables import Crossing, cross_table, result_table
from dashboard.figures.bars import variances
from dashboard.figures.trend import Series, trend
from dashboard.pages import filters
from dashboard.pages.key_figures import key_figures
from dashboard.pages.view import View
from dashboard.roles import ANALYST
from hnb import findings, wording
from hnb.codelists import CODELISTS
from hnb.findings.reconcile import sources_agree
from hnb.metrics import MEASURES, Selection
from hnb.recommendations import Assessment
from hnb.tolerance import USUAL, with_status

PATH = "/"
QUESTION = "Where does each £1 go, and are we on course?"

dash.register_page(
    __name__,
    path=PATH,
    name="Overview",
    title="Overview: where does each £1 go?",
    order=0,
    is_kept=True,
    least_role=ANALYST,
)
filters.register("overview", least_role=ANALYST)


def layout(view: str = "") -> Component:
    """The page for the query of an address, every figure in it."""
    asked = View.read(view)
    return html.Div(
        [
            html.Div([html.H1(QUESTION), html.P(_when(asked))], className="page-head"),
            filter_bar(
                "overview",
                asked.selection,
                years=asked.years,
                providers=asked.providers[: filters.PROVIDERS_SHOWN],
                said=asked.said,
                dropped=asked.dropped,
                beside=html.Div([_freshness(asked), *_ties(asked)], className="freshness"),
                clear=PATH if asked.is_narrowed or asked.selection.years else "",
            ),
            key_figures(asked),
            _of_each_pound(asked),
            html.Div([_over_the_years(asked), _variance(asked)], className="two-to-one"),
            _recommendations(asked),
        ],
        className="page",
    )


def _when(asked: View) -> str:
    if not asked.year:
        return "Nothing is loaded yet"
    return f"{asked.year}, as at {asked.as_at}" if asked.as_at else asked.year


# ----------------------------------------------------------------------------------------- panels


def _of_each_pound(asked: View) -> Component:
    measure = MEASURES["spend"]
    spend = asked.answer("spend", asked.of_year, ("setting_group",))
    if not spend.height:
        return _nothing("of-each-pound", "Where each £1 goes", "spend", asked)
    # Of what is selected: one year, cut by group, so a share of the selection and not of the block.
    shares = findings.shares_of(spend, asked.answer("spend", asked.of_year))
    value, status = asked.figure("spend", asked.of_year)
    kind = "Forecast spend" if status == "estimated" else "Spend"
    measured = f"{kind} {asked.year} by kind of setting, £m and pence in each £1{_selected(asked)}{_as_at(asked.as_at)}"
    by = ("setting_group",)
    return panel(
        "of-each-pound",
        findings.of_each_pound(shares) or "Where each £1 goes",
        measured + ("; hatched is forecast" if status == "estimated" else ""),
        pound_strip(spend, shares, total=wording.value(measure, value, "chart")),
        table=result_table(
            spend, measure, "setting_group", measured, whole=asked.answer("spend", asked.of_year)
        ),
        downloads=downloads(measure, asked.of_year, by, subject="Spend by kind of setting"),
        links=_more("/spend", "Open spend", asked),
        source=_source(asked, "spend"),
    )


def _over_the_years(asked: View) -> Component:
    measure = MEASURES["spend"]
    by = ("financial_year", "setting_group")
    spend = asked.answer("spend", by=by)
    if not spend.height:
        return _nothing("over-the-years", "Spend over the years", "spend", asked)
    by_year = asked.answer("spend", by=("financial_year",))
    if by_year.height == 1:
        return empty_panel(
            "over-the-years",
            findings.over_years(by_year, measure),
            f"Only {by_year['financial_year'][0]} is in the selection, so there is no course to draw. Choose more years to see one.",
        )
    if by_year["value"].is_null().all():
        return empty_panel(
            "over-the-years",
            "Spend over the years",
            f"There is no figure to draw: {wording.missing_words(by_year['status'][-1])}.",
        )
    groups = CODELISTS["setting_groups"]
    series = [Series(code, groups.short(code), code) for code in groups.codes]
    whole = asked.answer("spend", by=("setting_group",))
    finding = findings.growth(spend, asked.answer("spend_per_placement_year", by=by)) or findings.over_years(
        by_year, measure
    )
    is_forecast = "estimated" in by_year["status"].to_list()
    dashed = "; dashed is forecast" if is_forecast else ""
    # Of years that have ended the figures are those of the last of them, not of the year in progress.
    measured = f"Spend by kind of setting, £m{dashed}{_selected(asked)}{_as_at(asked.as_at)}"
    course = findings.over_years(by_year, measure)
    decisions = asked.decisions(by_year["financial_year"].to_list())
    crossing = Crossing(
        measure, "financial_year", "setting_group", spend, by_year, whole, asked.answer("spend")
    )
    return panel(
        "over-the-years",
        finding,
        measured,
        [
            graph(
                trend(spend, measure, by="setting_group", series=series, decisions=decisions, height=500),
                heading_id="over-the-years-heading",
                description=f"{'' if course == finding else f'{course}. '}{finding}. Each kind of setting is a line; the table has every figure.",
                id="over-the-years-chart",
            ),
            *review_notes((), decisions),
        ],
        table=cross_table(crossing, measured),
        downloads=downloads(
            measure,
            asked.selection,
            by,
            subject="Spend by year and kind of setting",
            graph_id="over-the-years-chart",
        ),
        links=_more("/changed", "Why did it move?", asked),
        source=_source(asked, "spend", asked.selection),
    )


def _variance(asked: View) -> Component:
    measure = MEASURES["variance"]
    by = ("line",)
    found = asked.answer("variance", asked.of_year, by)
    if not found.height:
        return _nothing("variance", "Forecast against budget", "variance", asked)
    total, status = asked.figure("variance", asked.of_year)
    found = found.sort("value", descending=True, nulls_last=True)
    kind = "Forecast" if status == "estimated" else "Outturn"
    finding = findings.variance(found, total) or f"{kind} against budget, by line"
    measured = f"{kind} against revised budget {asked.year}, by budget line, £m{_as_at(asked.as_at)}; to the right is over budget"
    return panel(
        "variance",
        finding,
        measured,
        graph(
            variances(found, measure, by="line"),
            heading_id="variance-heading",
            description=f"{finding}. Each line is a bar, over budget to the right; the table has every figure.",
            id="variance-chart",
        ),
        table=result_table(found, measure, "line", measured, whole=asked.answer("variance", asked.of_year)),
        downloads=downloads(
            measure, asked.of_year, by, subject="Variance by budget line", graph_id="variance-chart"
        ),
        links=_more("/budget", "Open budget", asked),
        source=_source(asked, "variance"),
        caution=asked.not_split(measure),
    )


def _more(path: str, words: str, asked: View) -> list[Component]:
    """The way to the page that says more, on the same selection; none where there is no such page."""
    return [dcc.Link(words, href=page_address(path, asked.selection))] if has_page(path) else []


def _recommendations(asked: View) -> Component:
    found = asked.recommendations
    if not found:
        return empty_panel(
            "recommendations",
            "Against the review's recommendations",
            "No recommendations are loaded yet. They come with the recommendations register: put that workbook into the folder of raw files and build again.",
        )
    order = ("behind", "on_course", "met", "no_target", "not_assessed")
    ranked = sorted(found, key=lambda one: order.index(one.progress))
    shown = [one for one in ranked if one.progress != "not_assessed"]
    return html.Section(
        [
            html.Div(
                [
                    html.H2("Against the review's recommendations", id="recommendations-heading"),
                    html.P(findings.of_recommendations([one.progress for one in found])),
                ],
                className="section-head",
            ),
            html.Ul([recommendation_card(one) for one in shown], className="recommendations"),
            *_not_assessed([one for one in ranked if one.progress == "not_assessed"]),
        ],
        id="recommendations",
        className="page",
        **{"aria-labelledby": "recommendations-heading"},
    )


def _not_assessed(found: list[Assessment]) -> list[Component]:
    """Those that no figure shows, in a line each: what they are, and why there is nothing to draw."""
    if not found:
        return []
    items = [html.Li([html.B(f"{one.title}:"), f" {wording.lowered(one.reason)}."]) for one in found]
    return [html.Div([html.H3("Not assessed"), html.Ul(items)], className="panel not-assessed")]


def _freshness(asked: View) -> Component:
    problems = asked.data.table("problems")["severity"].to_list()
    return freshness(files=len(asked.data.sources), refusals=problems.count("refusal"), notes=problems.count("note"),
                     as_at=asked.latest_as_at, snapshot=asked.data.id)  # fmt: skip


def _ties(asked: View) -> list[Component]:
    """Whether the year's sources agree, in one sentence that leads to the page Reconcile; nothing where none are loaded."""
    if not (has_page("/reconcile") and asked.data.has("reconciliation")):
        return []
    compared = asked.data.table("reconciliation").filter(
        polars.col("authority") == asked.selection.authority,
        polars.col("financial_year") == asked.year,
        polars.col("month").is_null(),
    )
    if not compared.height:
        return []
    said = sources_agree(with_status(compared, USUAL))
    words = f"Register, budget, ledger and returns of {asked.year}: {wording.lowered(said)} · "
    return [
        html.P([words, dcc.Link("do the sources agree?", href=page_address("/reconcile", asked.of_year))])
    ]


def _nothing(name: str, heading: str, measure: str, asked: View) -> Component:
    """The panel of an answer without rows: not loaded, or nothing for the selection."""
    if not asked.has(measure):
        return empty_panel(name, heading, not_loaded(MEASURES[measure], asked.loaded))
    return empty_panel(
        name,
        heading,
        f"There is nothing for {wording.lowered(asked.selection.words())}. Widen the selection to see figures.",
    )


def _source(asked: View, measure: str, selection: Selection | None = None) -> Component:
    selection = selection or asked.of_year
    return source(
        asked.data.table("files"), MEASURES[measure].tables, MEASURES[measure].source, rows=rows_address(measure, selection)
    )  # fmt: skip


def _selected(asked: View) -> str:
    """What the figures were narrowed to, for the line under a heading."""
    if not asked.is_narrowed:
        return ""
    return f"; {wording.lowered(asked.selection.about())}"


def _as_at(date: str) -> str:
    return f", as at {date}" if date else ""
