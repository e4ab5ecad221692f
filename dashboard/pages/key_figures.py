"""The overview's tiles: seven figures of the year in focus, each with its movement since the last report or year."""

from __future__ import annotations

import polars
from dash.development.base_component import Component

from dashboard.components.metric_card import Movement, metric_card, tiles
from dashboard.pages.view import View
from hnb import findings, wording, years
from hnb.codelists import CODELISTS
from hnb.metrics import MEASURES


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
    words, tone = findings.moved(measure, value, before, f"on {last_year}")
    beside = "Whole block" if asked.is_narrowed else "Forecast" if status == "estimated" else ""
    return metric_card(
        _block_title(name, year, asked.year),
        wording.value(measure, value, "chart"),
        (Movement(words, tone),) if words else (),
        beside,
    )


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
    moves = []
    if not asked.not_split(variance):
        over, _ = asked.figure("variance", asked.of_year)
        if over is not None:
            size = wording.pounds(abs(over), "chart")
            words = (
                "on budget"
                if size == "£0"
                else f"{size} {'over' if over > 0 else 'under'} budget, {wording.favour(variance, over)}"
            )
            moves.append(Movement(words, wording.favour(variance, over)))
    reports = (
        findings.last_two_reports(asked.answer("forecast", asked.of_year, ("as_at",)))
        if status == "estimated"
        else None
    )
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
    reports = (
        findings.last_two_reports(asked.answer("forecast", whole, ("as_at",)))
        if status == "estimated"
        else None
    )
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
        title, wording.value(measure, value, "chart"), (Movement(words, tone),) if words else (), beside
    )


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
    share, share_before = (
        asked.figure("placements_share", there)[0],
        asked.figure("placements_share", then)[0],
    )
    cards = []
    if count is None:
        cards.append(_absent(places, "placements", asked))
    else:
        was = f", was {wording.share(share_before)}" if share_before is not None else ""
        moved = Movement(f"{wording.share(share)} of placements{was}")
        more, _ = findings.moved(
            MEASURES["placements"], count, asked.figure("placements", then)[0], f"on {last_year}"
        )
        cards.append(metric_card(places, wording.count(count), (Movement(more), moved) if more else (moved,)))
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
                cost, wording.value(measure, unit, "chart"), (Movement(words, tone),) if words else (), beside
            )
        )
    return cards
