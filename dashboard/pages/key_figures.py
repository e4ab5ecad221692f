"""The overview's tiles: seven figures of the year in focus, each with its movement since the last report or year."""

from __future__ import annotations

from typing import Any

import polars
from dash.development.base_component import Component

from dashboard.components.links import has_page, page_address
from dashboard.components.metric_card import Movement, metric_card, tiles
from dashboard.pages.view import View
from hnb import findings, wording, years
from hnb.balance_statement import allocation_issues, balance_statement
from hnb.codelists import CODELISTS
from hnb.findings.overview import last_reissue, last_two_month_ends
from hnb.metrics import MEASURES, Selection


def key_figures(asked: View) -> Component:
    """The row of tiles, each with how it moved; a figure that is not there says why."""
    if not asked.year:
        return tiles([])
    last_year = years.previous_year(asked.year)
    independent = tuple(
        code
        for code in CODELISTS["settings"].members("independent")
        if not asked.selection.settings or code in asked.selection.settings
    )
    return tiles(
        [
            _whole_block(asked, "allocation"),
            _forecast(asked),
            _position(asked, last_year),
            _whole_block(asked, "cumulative_balance"),
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


def _whole_block(asked: View, name: str) -> Component:
    """The tile of a figure of the whole block: of the year in focus, or of the last before it that is known."""
    measure = MEASURES[name]
    known = asked.answer(name, asked.authority_only, ("financial_year",))
    known = known.filter((polars.col("financial_year") <= asked.year) & polars.col("value").is_not_null())
    if not known.height:
        return _absent(_block_title(name, asked.year, asked.year), name, asked)
    year, value, status = known.select("financial_year", "value", "status").row(-1)
    last_year = years.previous_year(year)
    before = dict(known.select("financial_year", "value").rows()).get(last_year)
    moves = [findings.moved(measure, value, before, f"on {last_year}")]
    beside = "Whole block" if asked.is_narrowed else ""
    if name == "allocation":
        issued = last_reissue(asked.data.worked_out(allocation_issues, asked.selection.authority), year)
        if issued:
            moves.insert(0, findings.moved(measure, value, value - issued[1], f"since the issue of {wording.date(issued[0])}"))  # fmt: skip
        # The position is worked out from this: the allocation less forecast spend is not it.
        available = asked.figure("available_grant", asked.authority_only.with_(years=(year,)))[0]
        if available is not None:
            beside = f"{wording.value(measure, available, 'chart')} after deductions and transfers"
    else:
        reports = _forecasts_of_block(asked, year) if status == "estimated" else None
        if reports:
            # What the forecast gained since then, the balance lost.
            day, old, new = reports
            moves.insert(0, findings.moved(measure, -new, -old, f"since {_day(day)}"))
        beside = _after_grant(asked, year) or beside
    return metric_card(
        _block_title(name, year, asked.year),
        wording.value(measure, value, "chart"),
        _movements(moves),
        beside,
        href=_page("/balance", asked),
    )


def _movements(moves: list[tuple[str, Any]]) -> tuple[Movement, ...]:
    """The movements that have words: the first with its tone, the others beside it."""
    said = [(words, tone) for words, tone in moves if words]
    return tuple(
        Movement(words, tone) if place == 0 else Movement(words, "", is_beside=True)
        for place, (words, tone) in enumerate(said)
    )


def _page(path: str, asked: View, selection: Selection | None = None) -> str:
    """The page that says more, on the same selection; "" where there is no such page."""
    return page_address(path, asked.selection if selection is None else selection) if has_page(path) else ""


def _forecasts_of_block(asked: View, year: str) -> tuple[str, float, float] | None:
    """The forecast of the whole block's year at the report before the last and at the last."""
    whole = asked.authority_only.with_(years=(year,))
    return findings.last_two_reports(asked.answer("forecast", whole, ("as_at",)))


def _after_grant(asked: View, year: str) -> str:
    """ "−£7.0m after the stability grant", of a year from which on there is one."""
    rows = asked.data.worked_out(balance_statement, asked.selection.authority)
    of_year = (
        rows.filter(polars.col("financial_year") == year).select("closing", "closing_after_grant").rows()
    )
    if not of_year or None in of_year[0] or of_year[0][0] == of_year[0][1]:
        return ""
    return f"{wording.pounds(of_year[0][1], 'chart')} after the stability grant"


def _block_title(name: str, year: str, focus: str) -> str:
    """The tile's title; an allocation of another year than the page's says which."""
    if name == "cumulative_balance":
        return f"Balance, March {years.year_end(year).year}"
    return "Block allocation" if year == focus else f"Block allocation {year}"


def _forecast(asked: View) -> Component:
    spend, variance = MEASURES["spend"], MEASURES["variance"]
    value, status = asked.figure("spend", asked.of_year)
    title = "Forecast spend" if status == "estimated" else "Spend"
    if value is None:
        return _absent(title, "spend", asked)
    moves: list[tuple[str, Any]] = []
    if not asked.not_split(variance):
        over, _ = asked.figure("variance", asked.of_year)
        if over is not None:
            size = wording.pounds(abs(over), "chart")
            words = (
                "on budget"
                if size == "£0"
                else f"{size} {'over' if over > 0 else 'under'} budget, {wording.favour(variance, over)}"
            )
            moves.append((words, wording.favour(variance, over)))
    reports = (
        findings.last_two_reports(asked.answer("forecast", asked.of_year, ("as_at",)))
        if status == "estimated"
        else None
    )
    if reports and not asked.not_split(MEASURES["forecast"]):
        day, old, new = reports
        # What the forecast gained, the variance gained.
        moves.append(findings.moved(variance, new, old, f"since {_day(day)}"))
    if not moves:
        before, _ = asked.figure("spend", asked.of_year.with_(years=(years.previous_year(asked.year),)))
        moves = [findings.moved(spend, value, before, f"on {years.previous_year(asked.year)}")]
    return metric_card(
        title, wording.value(spend, value, "chart"), _movements(moves), href=_page("/budget", asked)
    )


def _position(asked: View, last_year: str) -> Component:
    measure = MEASURES["in_year_position"]
    value, status = asked.figure("in_year_position", asked.of_year)
    title = "In-year position"
    if value is None:
        return _absent(title, "in_year_position", asked)
    reports = _forecasts_of_block(asked, asked.year) if status == "estimated" else None
    if reports:
        # The allocation did not move between the two: what the forecast gained, the position lost.
        day, old, new = reports
        words, tone = findings.moved(measure, -new, -old, f"since {_day(day)}")
    else:
        before, _ = asked.figure("in_year_position", asked.of_year.with_(years=(last_year,)))
        words, tone = findings.moved(measure, value, before, f"on {last_year}")
    beside = (
        "Whole block" if asked.is_narrowed else "Surplus" if value > 0 else "Deficit" if value < 0 else ""
    )
    return metric_card(
        title, wording.value(measure, value, "chart"), (Movement(words, tone),) if words else (), beside,
        href=_page("/balance", asked),
    )  # fmt: skip


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
    return metric_card(
        title, wording.value(measure, value, "chart"), moved, not_split, href=_page("/compare", asked)
    )


def _independent(asked: View, settings: tuple[str, ...], last_year: str) -> list[Component]:
    places, cost = "Independent placements", "Independent placement-year"
    if not settings:
        return [metric_card(title, "Not in the selection", is_missing=True) for title in (places, cost)]
    there = asked.of_year.with_(settings=settings)
    then = there.with_(years=(last_year,))
    count, _ = asked.figure("placements", there)
    unit, unit_status = asked.figure("spend_per_placement_year", there)
    share, share_before = (
        asked.figure("placements_share", there)[0],
        asked.figure("placements_share", then)[0],
    )
    cards = []
    chosen = asked.selection.with_(settings=settings)
    if count is None:
        cards.append(_absent(places, "placements", asked))
    else:
        was = f", was {wording.share(share_before)}" if share_before is not None else ""
        of_all = "all placements" if asked.is_narrowed else "placements"
        moved = Movement(f"{wording.share(share)} of {of_all}{was}")
        since = _since_last_month(asked, there)
        more, _ = findings.moved(
            MEASURES["placements"], count, asked.figure("placements", then)[0], f"on {last_year}"
        )
        moves = [(since, ""), (more, ""), (moved.words, "")]
        cards.append(
            metric_card(
                places, wording.count(count), _movements(moves), href=_page("/placements", asked, chosen)
            )
        )
    if unit is None:
        cards.append(_absent(cost, "spend_per_placement_year", asked))
    else:
        measure = MEASURES["spend_per_placement_year"]
        words, tone = findings.moved(
            measure, unit, asked.figure("spend_per_placement_year", then)[0], f"on {last_year}"
        )
        beside = "Forecast" if unit_status == "estimated" else ""
        cards.append(
            metric_card(
                cost,
                wording.value(measure, unit, "chart"),
                (Movement(words, tone),) if words else (),
                beside,
                href=_page("/unit-costs", asked, chosen),
            )
        )
    return cards


def _since_last_month(asked: View, there: Selection) -> str:
    """ "+2 since 30 September": how many more are placed than a month's end before, of the year in focus."""
    if not asked.has("month_end_placements"):
        return ""
    known = last_two_month_ends(asked.answer("month_end_placements", there, ("month",)))
    if known is None:
        return ""
    day, old, new = known
    return findings.moved(MEASURES["placements"], new, old, f"since {_day(day.isoformat())}")[0]
