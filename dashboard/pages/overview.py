"""Overview: where does each £1 go, and are we on course?"""

from __future__ import annotations

import dash
import polars
from dash import dcc, html
from dash.development.base_component import Component

from dashboard.components.download import downloads
from dashboard.components.filter_bar import filter_bar
from dashboard.components.graph import graph
from dashboard.components.links import page_address
from dashboard.components.metric_card import Movement, metric_card, tiles
from dashboard.components.notes import freshness, not_loaded, source
from dashboard.components.panel import empty_panel, panel
from dashboard.components.pound_strip import pound_strip
from dashboard.components.recommendation_card import recommendation_card
from dashboard.components.tables import Crossing, cross_table, result_table
from dashboard.figures.bars import variances
from dashboard.figures.trend import Series, trend
from dashboard.pages import filters
from dashboard.pages.view import View
from hnb import findings, wording, years
from hnb.codelists import CODELISTS
from hnb.metrics import MEASURES
from hnb.recommendations import assessments

PATH = "/"
QUESTION = "Where does each £1 go, and are we on course?"

dash.register_page(__name__, path=PATH, name="Overview", title="Overview: where does each £1 go?", order=0)
filters.register("overview")


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
                beside=_freshness(asked),
                clear=PATH if asked.is_narrowed or asked.selection.years else "",
            ),
            _tiles(asked),
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


# ------------------------------------------------------------------------------------------ tiles


def _tiles(asked: View) -> Component:
    if not asked.year:
        return tiles([])
    last_year = years.previous_year(asked.year)
    independent = tuple(
        code for code in CODELISTS["settings"].members("independent") if not asked.selection.settings or code in asked.selection.settings
    )
    return tiles(
        [
            _whole_block(asked, "allocation", "Block allocation", last_year),
            _forecast(asked),
            _position(asked, last_year),
            _whole_block(asked, "cumulative_balance", f"Balance, March {years.year_end(asked.year).year}", last_year),
            _plans(asked),
            *_independent(asked, independent, last_year),
        ]
    )


def _day(day: str) -> str:
    """A report's date without its year, which stands in the page's head: "30 September"."""
    return wording.date(day).rpartition(" ")[0]


def _absent(title: str, measure: str, asked: View) -> Component:
    """The tile of a figure that is not there: not loaded, or no figure for the year."""
    missing = "not yet loaded" if not asked.has(measure) else "no figure for the year"
    return metric_card(title, missing.capitalize(), is_missing=True)


def _whole_block(asked: View, name: str, title: str, last_year: str) -> Component:
    measure = MEASURES[name]
    value, status = asked.figure(name, asked.of_year)
    if value is None:
        return _absent(title, name, asked)
    before, _ = asked.figure(name, asked.of_year.with_(years=(last_year,)))
    words, tone = findings.moved(measure, value, before, f"on {last_year}")
    beside = "Whole block" if asked.is_narrowed else "Forecast" if status == "estimated" else ""
    return metric_card(title, wording.value(measure, value, "chart"), (Movement(words, tone),) if words else (), beside)


def _forecast(asked: View) -> Component:
    spend, variance = MEASURES["spend"], MEASURES["variance"]
    value, status = asked.figure("spend", asked.of_year)
    title = "Forecast spend" if status == "estimated" else "Spend"
    if value is None:
        return _absent(title, "spend", asked)
    moves = []
    if not asked.not_split(variance):
        over, _ = asked.figure("variance", asked.of_year)
        if over is not None:
            size = wording.pounds(abs(over), "chart")
            words = "on budget" if size == "£0" else f"{size} {'over' if over > 0 else 'under'} budget, {wording.favour(variance, over)}"
            moves.append(Movement(words, wording.favour(variance, over)))
    reports = findings.last_two_reports(asked.answer("forecast", asked.of_year, ("as_at",))) if status == "estimated" else None
    if reports and not asked.not_split(MEASURES["forecast"]):
        day, old, new = reports
        # What the forecast gained, the variance gained.
        words, tone = findings.moved(variance, new, old, f"since {_day(day)}")
        moves.append(Movement(words, tone))
    if not moves:
        before, _ = asked.figure("spend", asked.of_year.with_(years=(years.previous_year(asked.year),)))
        words, tone = findings.moved(spend, value, before, f"on {years.previous_year(asked.year)}")
        moves = [Movement(words, tone)] if words else []
    return metric_card(title, wording.value(spend, value, "chart"), tuple(moves))


def _position(asked: View, last_year: str) -> Component:
    measure = MEASURES["in_year_position"]
    value, status = asked.figure("in_year_position", asked.of_year)
    title = "In-year position"
    if value is None:
        return _absent(title, "in_year_position", asked)
    whole = asked.authority_only.with_(years=(asked.year,))
    reports = findings.last_two_reports(asked.answer("forecast", whole, ("as_at",))) if status == "estimated" else None
    if reports:
        # The allocation did not move between the two: what the forecast gained, the position lost.
        day, old, new = reports
        words, tone = findings.moved(measure, -new, -old, f"since {_day(day)}")
    else:
        before, _ = asked.figure("in_year_position", asked.of_year.with_(years=(last_year,)))
        words, tone = findings.moved(measure, value, before, f"on {last_year}")
    beside = "Whole block" if asked.is_narrowed else "Surplus" if value > 0 else "Deficit" if value < 0 else ""
    return metric_card(title, wording.value(measure, value, "chart"), (Movement(words, tone),) if words else (), beside)


def _plans(asked: View) -> Component:
    measure = MEASURES["plans"]
    counted = asked.answer("plans", asked.selection.with_(years=()), ("financial_year",))
    counted = counted.filter((polars.col("financial_year") <= asked.year) & polars.col("value").is_not_null())
    if not counted.height:
        return _absent("Education, health and care plans", "plans", asked)
    rows = counted.select("financial_year", "value").tail(2).rows()
    year, value = rows[-1]
    title = f"Plans, January {years.january_of(year)}"
    moved = ()
    if len(rows) == 2 and years.next_year(rows[0][0]) == year:
        moved = (Movement(f"{wording.relative_change(value, rows[0][1])} in a year"),)
    not_split = "All needs and providers" if asked.not_split(measure) else ""
    return metric_card(title, wording.value(measure, value, "chart"), moved, not_split)


def _independent(asked: View, settings: tuple[str, ...], last_year: str) -> list[Component]:
    places, cost = "Independent placements", "Independent placement-year"
    if not settings:
        return [metric_card(title, "Not in the selection", is_missing=True) for title in (places, cost)]
    there = asked.of_year.with_(settings=settings)
    then = there.with_(years=(last_year,))
    count, _ = asked.figure("placements", there)
    unit, unit_status = asked.figure("spend_per_placement_year", there)
    share, share_before = asked.figure("placements_share", there)[0], asked.figure("placements_share", then)[0]
    cards = []
    if count is None:
        cards.append(_absent(places, "placements", asked))
    else:
        was = f", was {wording.share(share_before)}" if share_before is not None else ""
        moved = Movement(f"{wording.share(share)} of placements{was}")
        more, _ = findings.moved(MEASURES["placements"], count, asked.figure("placements", then)[0], f"on {last_year}")
        cards.append(metric_card(places, wording.count(count), (Movement(more), moved) if more else (moved,)))
    if unit is None:
        cards.append(_absent(cost, "spend_per_placement_year", asked))
    else:
        measure = MEASURES["spend_per_placement_year"]
        words, tone = findings.moved(measure, unit, asked.figure("spend_per_placement_year", then)[0], f"on {last_year}")
        beside = "Forecast" if unit_status == "estimated" else ""
        cards.append(metric_card(cost, wording.value(measure, unit, "chart"), (Movement(words, tone),) if words else (), beside))
    return cards


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
    measured = f"{kind} {asked.year} by kind of setting, £m and pence in each £1{_selected(asked)}{_as_at(asked)}"
    by = ("setting_group",)
    return panel(
        "of-each-pound",
        findings.of_each_pound(shares) or "Where each £1 goes",
        measured + ("; hatched is forecast" if status == "estimated" else ""),
        pound_strip(spend, shares, total=wording.value(measure, value, "chart")),
        table=result_table(spend, measure, "setting_group", measured, whole=asked.answer("spend", asked.of_year)),
        downloads=downloads(measure, asked.of_year, by, subject="Spend by kind of setting"),
        links=[dcc.Link("Open spend", href=page_address("/spend", asked.selection))],
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
    groups = CODELISTS["setting_groups"]
    series = [Series(code, groups.short(code), code) for code in groups.codes]
    whole = asked.answer("spend", by=("setting_group",))
    finding = findings.growth(spend, asked.answer("spend_per_placement_year", by=by)) or findings.over_years(by_year, measure)
    measured = f"Spend by kind of setting, £m; dashed is forecast{_selected(asked)}{_as_at(asked)}"
    crossing = Crossing(measure, "financial_year", "setting_group", spend, by_year, whole, asked.answer("spend"))
    return panel(
        "over-the-years",
        finding,
        measured,
        graph(
            trend(spend, measure, by="setting_group", series=series, height=500),
            heading_id="over-the-years-heading",
            description=f"{findings.over_years(by_year, measure)}. {finding}. Each kind of setting is a line; the table has every figure.",
            id="over-the-years-chart",
        ),
        table=cross_table(crossing, measured),
        downloads=downloads(measure, asked.selection, by, subject="Spend by year and kind of setting", graph_id="over-the-years-chart"),
        source=_source(asked, "spend"),
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
    measured = f"{kind} against revised budget {asked.year}, by budget line, £m{_as_at(asked)}; to the right is over budget"
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
        downloads=downloads(measure, asked.of_year, by, subject="Variance by budget line", graph_id="variance-chart"),
        source=_source(asked, "variance"),
        caution=asked.not_split(measure),
    )


def _recommendations(asked: View) -> Component:
    found = assessments(asked.data)
    if not found:
        return empty_panel(
            "recommendations",
            "Against the review's recommendations",
            "No recommendations are loaded yet. They come with the recommendations register: put that workbook into the folder of raw files and build again.",
        )
    return html.Section(
        [
            html.Div(
                [
                    html.H2("Against the review's recommendations", id="recommendations-heading"),
                    html.P(findings.of_recommendations([one.progress for one in found])),
                ],
                className="section-head",
            ),
            html.Ul([recommendation_card(one) for one in found], className="recommendations"),
        ],
        id="recommendations",
        className="page",
        **{"aria-labelledby": "recommendations-heading"},
    )


def _freshness(asked: View) -> Component:
    problems = asked.data.table("problems")["severity"].to_list()
    return freshness(files=len(asked.data.sources), refusals=problems.count("refusal"), notes=problems.count("note"),
                     as_at=asked.as_at, snapshot=asked.data.id)  # fmt: skip


def _nothing(name: str, heading: str, measure: str, asked: View) -> Component:
    """The panel of an answer without rows: not loaded, or nothing for the selection."""
    if not asked.has(measure):
        return empty_panel(name, heading, not_loaded(MEASURES[measure], asked.loaded))
    return empty_panel(name, heading, f"There is nothing for {asked.selection.words()}. Widen the selection to see figures.")


def _source(asked: View, measure: str) -> Component:
    return source(asked.data.table("files"), MEASURES[measure].tables, MEASURES[measure].source)


def _selected(asked: View) -> str:
    """What the figures were narrowed to, for the line under a heading."""
    if not asked.is_narrowed:
        return ""
    return f"; {wording.lowered(asked.selection.with_(years=()).words().removesuffix(', all years'))}"


def _as_at(asked: View) -> str:
    return f", as at {asked.as_at}" if asked.as_at else ""


