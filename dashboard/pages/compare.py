"""Compare: how do we compare with our statistical neighbours, our region and England? Plans and pounds, both denominators."""

from __future__ import annotations

from typing import Any

import dash
import polars
from dash.dependencies import Input, Output, State
from dash.development.base_component import Component

from dashboard.access import Given, guarded_callback, one_of, view_query
from dashboard.components import html
from dashboard.components.download import listing_downloads
from dashboard.components.filter_bar import choice
from dashboard.components.graph import graph
from dashboard.components.links import rows_address
from dashboard.components.notes import not_loaded, source
from dashboard.components.panel import empty_panel, panel
from dashboard.figures.dots import Dot, dots
from dashboard.figures.palette import variable
from dashboard.figures.ranked import Ranked, ranked
from dashboard.figures.shares_across import shares_across
from dashboard.figures.trend import Series, trend
from dashboard.listing import listing_table
from dashboard.listings import compare as listings
from dashboard.pages import filters
from dashboard.pages.compared import ALL, PATH, QUANTITIES, Compared
from dashboard.roles import ANALYST
from hnb import wording
from hnb.codelists import CODELISTS
from hnb.findings import compare as findings
from hnb.metrics import MEASURES, Selection
from hnb.metrics.rates import RATES

QUESTION = "How do we compare?"

dash.register_page(
    __name__, path=PATH, name="Compare", title="How we compare", order=80, least_role=ANALYST, is_kept=True
)

NO_EDITION = "none"
"""What the control of the neighbours' edition has where no list of them is loaded."""

_SERIES = {"us": "accent", "neighbours_mean": "neutral", "region": "state_special", "england": "post_16"}
"""Lines of the trend and their palette colours."""

_DOTS = {"us": ("circle", "accent"), "neighbours_mean": ("diamond", "neutral"), "region": ("square-open", "state_special"), "england": ("triangle-up-open", "post_16")}  # fmt: skip


def _years() -> tuple[str, ...]:
    return Compared.read("").years


def _every_year() -> tuple[str, ...]:
    """Years of either quantity: the control may be sent as the other is chosen."""
    return tuple(sorted({*_years(), *Compared.read("measure=spend").years}))


def _editions() -> tuple[str, ...]:
    return tuple(day.isoformat() for day in Compared.read("").editions) or (NO_EDITION,)


def _edition(asked: Compared) -> str:
    return asked.company.edition.isoformat() if asked.company.edition else NO_EDITION


@guarded_callback(
    Output(filters.LOCATION, "search", allow_duplicate=True),
    [
        Given(Input("compare-year", "value"), one_of(_every_year)),
        Given(Input("compare-measure", "value"), one_of(tuple(QUANTITIES))),
        Given(Input("compare-group", "value"), one_of((ALL, *CODELISTS["setting_groups"].codes))),
        Given(Input("compare-edition", "value"), one_of(_editions)),
        Given(State(filters.LOCATION, "search"), view_query()),
    ],
    least_role=ANALYST,
    prevent_initial_call=True,
)
def chosen(year: str | None, measure: str | None, group: str | None, edition: str | None, query: str) -> Any:
    """The address with what was chosen; no change where the page shows that already."""
    shown = Compared.read(query)
    if (year, measure, group, edition) == (
        shown.year or None,
        shown.quantity,
        shown.group or None,
        _edition(shown),
    ):
        return dash.no_update
    selection = Selection.from_query(query)
    if year and year != shown.year:
        selection = selection.with_(years=(year,))
    if group and group != shown.group:
        selection = selection.with_(settings=() if group == ALL else (f"group:{group}",))
    latest = shown.editions[0].isoformat() if shown.editions else ""
    return filters.address_with(
        query,
        selection,
        measure=measure if measure and measure != "plans" else "",
        edition=edition if edition and edition not in (latest, NO_EDITION) else "",
    )


def layout(view: str = "") -> Component:
    """The page for the query of an address."""
    asked = Compared.read(view)
    said = _said(asked)
    return html.Div(
        [
            html.Div([html.H1(QUESTION), html.P(asked.when or "Nothing is loaded")], className="page-head"),
            html.P(said, **{"data-status": said}),
            *(html.P(sentence, className="dropped") for sentence in asked.dropped),
            *_narrowed(asked),
            *_body(asked),
        ],
        className="page",
    )


def _said(asked: Compared) -> str:
    if not asked.year:
        return "Nothing is loaded to compare."
    about = asked.about[:1].upper() + asked.about[1:]
    first = QUANTITIES[asked.quantity][1][0]
    covered = findings.coverage(asked.of_year(first))
    if not covered:
        return f"{about}, {asked.when}. No list of statistical neighbours is loaded"
    return f"{about}, {asked.when}, against {covered}. Statistical neighbours of {asked.edition_words}"


def _narrowed(asked: Compared) -> list[Component]:
    known = {"authority", "financial_year", "as_at", *(("setting",) if asked.quantity == "plans" else ())}
    others = [name for name in asked.view.selection.chosen if name not in known]
    title = QUANTITIES[asked.quantity][0]
    sentence = wording.not_split(f"The number of {title}" if asked.quantity == "plans" else title, others)
    return [html.P(sentence, className="dropped")] if sentence else []


def _body(asked: Compared) -> list[Component]:
    if not asked.year:
        empty = empty_panel("first", QUANTITIES[asked.quantity][0], _nothing(asked))
        return [_choosers(asked), empty] if asked.view.loaded else [empty]
    first, second = QUANTITIES[asked.quantity][1]
    return [
        _choosers(asked),
        html.Div(
            [_ranked(asked, first, "first"), _ranked(asked, second, "second")], className="side-by-side"
        ),
        _over_years(asked),
        html.Div([_mix(asked), _line_groups(asked)], className="side-by-side"),
        _table(asked),
    ]


def _nothing(asked: Compared) -> str:
    """Why there is no figure of ours in any year: the workbook that would bring it, or that every one is hidden."""
    measure = MEASURES[RATES[QUANTITIES[asked.quantity][1][0]].measure]
    if not set(measure.tables) <= set(asked.view.loaded):
        return not_loaded(measure, asked.view.loaded)
    answer = asked.view.answer(measure.name, asked.settings.with_(authority=asked.company.authority))
    status = answer["status"][0] if answer.height else "not_available"
    shown = status if wording.missing(status) else "not_available"
    return f"Our own figures of {asked.about} are {wording.missing_words(shown)}, so there is nothing to compare."


def _choosers(asked: Compared) -> Component:
    groups = CODELISTS["setting_groups"]
    offered = [
        (ALL, "All plans"),
        *((code, groups.label(code)) for code in groups.codes if code != "services"),
    ]
    years = [
        (year, f"January {int(year[:4]) + 1}" if asked.quantity == "plans" else year)
        for year in reversed(asked.years)
    ]
    editions = [(day.isoformat(), wording.date(day).partition(" ")[2]) for day in asked.editions] or [
        (NO_EDITION, "None is loaded")
    ]
    controls = [
        choice("compare", "measure", "What", [(code, words) for code, (words, _) in QUANTITIES.items()], asked.quantity),
        choice("compare", "year", "Year", years, asked.year),
        choice("compare", "group", "Plans in", offered, asked.group),
        choice("compare", "edition", "Neighbours of", editions, _edition(asked)),
    ]  # fmt: skip
    return html.Div(controls, className="chooser", role="group", **{"aria-label": "What is compared"})


# ---------------------------------------------------------------------------------------- figures


def _ranked(asked: Compared, name: str, place: str) -> Component:
    measure, rows = asked.measure(name), asked.of_year(name)
    finding = findings.place(rows, measure, asked.about)
    if not finding:
        return empty_panel(place, measure.title, _why_not(asked, name, rows))
    listing = listings.rates(asked.query)
    drawn = [
        Ranked(findings.name(row), row["value"], _words(row, measure), row["kind"])
        for row in sorted(
            rows.iter_rows(named=True), key=lambda row: (row["value"] is None, -(row["value"] or 0.0))
        )
        if row["kind"] != "neighbours_together" and (row["value"] is not None or row["kind"] == "neighbour")
    ]
    covered = findings.coverage(rows)
    return panel(
        place,
        finding,
        f"{asked.titled(measure)}, {asked.when}" + (f"; {covered}" if covered else "; no list of neighbours is loaded"),
        graph(
            ranked(drawn),
            heading_id=f"{place}-heading",
            description=f"{finding}. One bar for each authority, the highest first; the table has every figure.",
            id=f"compare-{place}-chart",
        ),
        table=listing_table(listing),
        downloads=listing_downloads("compare-rates", asked.query, subject=measure.title, graph_id=f"compare-{place}-chart"),
        source=_source(asked, name),
        caution=listings.caution(asked, name),
    )  # fmt: skip


def _words(row: dict[str, Any], measure: Any) -> str:
    if row["value"] is not None:
        return wording.value(measure, row["value"], "chart")
    return "did not report" if row["status"] != "no_denominator" else "nothing to divide by"


def _why_not(asked: Compared, name: str, rows: polars.DataFrame) -> str:
    """Why we have no rate: what is not loaded, or what is hidden."""
    ours = rows.filter(polars.col("kind") == "us")
    if ours.height and ours["numerator"][0] is not None:
        divisor = (
            "pupils"
            if RATES[name].divisor == "pupils"
            else "aged_0_24"
            if RATES[name].divisor == "people"
            else "plans"
        )
        return (
            not_loaded(MEASURES[divisor], asked.view.loaded)
            if not _has_people(asked)
            else f"There are no {'pupils' if divisor == 'pupils' else 'people'} of {asked.when} or before to divide by."
        )
    status = ours["status"][0] if ours.height else "not_available"
    return f"Our own figure of {asked.when} is {wording.missing_words(status if wording.missing(status) else 'not_available')}."


def _has_people(asked: Compared) -> bool:
    return "population" in asked.view.loaded


def _over_years(asked: Compared) -> Component:
    name = QUANTITIES[asked.quantity][1][0]
    measure = asked.measure(name)
    rows = asked.rates[name].filter(
        polars.col("kind").is_in(list(_SERIES)), polars.col("value").is_not_null()
    )
    finding = findings.over_years(asked.rates[name], measure, asked.said)
    if not finding:
        return empty_panel(
            "years", f"{measure.title}, year by year", _why_not(asked, name, asked.of_year(name))
        )
    listing = listings.over_years(asked.query)
    names = {row["kind"]: findings.name(row) for row in rows.iter_rows(named=True)}
    names |= {"neighbours_mean": "Neighbours"} if "neighbours_mean" in names else {}
    series = [Series(kind, names[kind], shade) for kind, shade in _SERIES.items() if kind in names]
    return panel(
        "years",
        finding,
        f"{asked.titled(measure)}, by year{asked.axis_note}" + _dashes(rows),
        graph(
            trend(rows, measure, by="kind", series=series, height=360),
            heading_id="years-heading",
            description=f"{finding}. One line for each, with its last value at its end; the table has every year.",
            id="compare-years-chart",
        ),
        table=listing_table(listing),
        downloads=listing_downloads("compare-years", asked.query, subject=listing.title, graph_id="compare-years-chart"),
        source=_source(asked, name),
        caution=listings.caution(asked, name),
    )  # fmt: skip


def _dashes(rows: polars.DataFrame) -> str:
    return (
        "; dashed where the people are those of an earlier January"
        if "estimated" in rows["status"].to_list()
        else ""
    )


def _mix(asked: Compared) -> Component:
    finding = findings.of_the_mix(asked.mix)
    january = f"January {int(asked.year[:4]) + 1}"
    if not finding:
        return empty_panel(
            "mix", "Mix of placements", f"Our plans of {january} are not loaded by kind of setting."
        )
    listing = listings.mix(asked.query)
    drawn: dict[str, dict[str, float]] = {}
    for row in asked.mix.iter_rows(named=True):
        if row["kind"] != "neighbour":
            drawn.setdefault(findings.name(row), {})[row["setting_group"]] = row["share"]
    groups = [
        code for code in CODELISTS["setting_groups"].codes if any(code in parts for parts in drawn.values())
    ]
    mean = asked.mix.filter(polars.col("kind") == "neighbours_mean")
    covered = (
        f"; {mean['authorities'][0]} of {mean['of'][0]} neighbours reported placements"
        if mean.height
        else "; no neighbour is loaded"
    )
    return panel(
        "mix",
        finding,
        f"Share of EHC plans by kind of setting, {january}{covered}",
        [
            _key(groups),
            graph(
                shares_across(list(drawn.items())),
                heading_id="mix-heading",
                description=f"{finding}. One bar each for us and those we compare with; the table has every share.",
                id="compare-mix-chart",
            ),
        ],
        table=listing_table(listing),
        downloads=listing_downloads("compare-mix", asked.query, subject=listing.title, graph_id="compare-mix-chart"),
        source=_source(asked, "plans_per_people"),
        caution=listing.caution,
    )  # fmt: skip


def _key(groups: list[str]) -> Component:
    """What each colour of the stack is, in words, above it."""
    items = [
        html.Li(
            [
                html.Span(className="swatch", style={"--segment": variable(code)}),
                CODELISTS["setting_groups"].short(code),
            ]
        )
        for code in groups
    ]
    return html.Ul(items, className="colour-key", **{"aria-label": "Colours of the kinds of setting"})


def _line_groups(asked: Compared) -> Component:
    rows, measure = asked.line_groups, asked.measure("spend_per_people")
    finding = findings.of_line_groups(rows, measure, asked.line_group_year)
    if not finding:
        what = (
            "Our outturn return is not loaded by DfE’s groups of lines, or there are no people to divide by."
        )
        return empty_panel("line-groups", "High needs outturn per head, by group of lines", what)
    listing = listings.line_groups(asked.query)
    drawn: dict[str, dict[str, float | None]] = {}
    names: dict[str, str] = {}
    for row in rows.iter_rows(named=True):
        if row["kind"] in _DOTS:
            drawn.setdefault(CODELISTS["line_groups"].label(row["line_group"]), {})[row["kind"]] = row[
                "value"
            ]
            names[row["kind"]] = findings.name(row)
    compared = [Dot(kind, names[kind], *_DOTS[kind]) for kind in _DOTS if kind in names]
    one = rows.filter(polars.col("line_group") == rows["line_group"][0])
    covered = findings.coverage(one)
    return panel(
        "line-groups",
        finding,
        f"{measure.title}, by DfE’s group of lines, {asked.line_group_year}" + (f"; {covered}" if covered else ""),
        [
            html.Ul(
                [html.Li([html.Span(_SIGNS[one.symbol], className="mark", style={"color": variable(one.shade)}, **{"aria-hidden": "true"}), one.label]) for one in compared],
                className="colour-key", **{"aria-label": "Marks"},
            ),
            graph(
                dots(list(drawn.items()), compared, measure),
                heading_id="line-groups-heading",
                description=f"{finding}. A line for each group with a mark for each compared; the table has every figure.",
                id="compare-line-groups-chart",
            ),
        ],
        table=listing_table(listing),
        downloads=listing_downloads("compare-line-groups", asked.query, subject=listing.title, graph_id="compare-line-groups-chart"),
        source=_source(asked, "spend_per_people", "return_spend"),
        caution=f"{listing.caution} {RATES['spend_per_people'].caution}",
    )  # fmt: skip


_SIGNS = {"circle": "●", "diamond": "◆", "square-open": "□", "triangle-up-open": "△"}
"""How each mark is written in the key."""


def _table(asked: Compared) -> Component:
    listing = listings.rates(asked.query)
    edition = (
        f"Statistical neighbours, edition of {asked.edition_words}"
        if asked.edition_words
        else "No list of statistical neighbours is loaded"
    )
    return panel(
        "rates",
        f"Every figure on both denominators, {asked.when}",
        f"{asked.about[:1].upper()}{asked.about[1:]}; {edition[:1].lower()}{edition[1:]}. The neighbours’ mean is the mean of their rates, each counting once; an area’s rate is its sums divided once",
        listing_table(listing),
        downloads=listing_downloads("compare-rates", asked.query, subject=listing.title),
        source=_source(asked, QUANTITIES[asked.quantity][1][0]),
        caution=listing.caution,
    )  # fmt: skip


def _source(asked: Compared, name: str, measure_name: str = "") -> Component:
    measure = MEASURES[measure_name or RATES[name].measure]
    tables = (*measure.tables, "population", "neighbours", "area_totals")
    selection = (
        asked.settings.with_(years=(asked.year,))
        if measure.name == "plans"
        else Selection(years=(asked.year,))
    )
    words = f"{measure.source} People, pupils, neighbours and totals of areas from the lists of the performance team or DfE."
    return source(asked.view.data.table("files"), tables, words, rows=rows_address(measure.name, selection))
