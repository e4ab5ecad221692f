"""What the pages about placements say: headings worked out from the months, the providers, the flow and the register."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

import polars

from hnb import wording
from hnb.codelists import CODELISTS
from hnb.metrics import MEASURES
from hnb.placement_flow import LEFT, NOT_PLACED, Flow
from hnb.placement_providers import making_half
from hnb.placement_register import Wanted

COUNTED_ON = 15
"""The day of a month on which its placements are counted, as `month_placements` does."""


def plural(number: float, one: str, many: str = "") -> str:
    """ "1 placement", "12 placements", "no placements"."""
    if not number:
        return f"no {many or one + 's'}"
    return f"{wording.count(number)} {one if number == 1 else many or one + 's'}"


def month(day: datetime.date) -> str:
    """ "October 2026"."""
    return wording.date(day).partition(" ")[2]


def by_month(totals: polars.DataFrame) -> str:
    """ "2,917 placements on 15 October 2026, 178 more than a year before". `totals`: month_placements by year and month."""
    known = totals.filter(polars.col("value").is_not_null() & (polars.col("status") != "estimated")).sort(
        "month"
    )
    if not known.height:
        return "Placements by month"
    day, value = known.select("month", "value").row(-1)
    said = f"{plural(value, 'placement')} on {wording.date(day.replace(day=COUNTED_ON))}"
    said, earlier = said[:1].upper() + said[1:], _a_year_before(known, day)
    if earlier is None:
        return said
    if value == earlier:
        return f"{said}, as many as a year before"
    word = "more" if value > earlier else "fewer"
    return f"{said}, {wording.count(abs(value - earlier))} {word} than a year before"


def cost_by_month(costs: polars.DataFrame) -> str:
    """ "Placements cost £4.6m in October 2026, £0.4m more than a year before"."""
    known = costs.filter(polars.col("value").is_not_null() & (polars.col("status") != "estimated")).sort(
        "month"
    )
    if not known.height:
        return "What placements cost by month"
    day, value = known.select("month", "value").row(-1)
    said = f"Placements cost {wording.pounds(value, 'sentence')} in {month(day)}"
    earlier = _a_year_before(known, day)
    return (
        said
        if earlier is None
        else f"{said}, {wording.compared(MEASURES['placement_cost'], value, earlier, 'a year before')}"
    )


def _a_year_before(known: polars.DataFrame, day: datetime.date) -> float | None:
    found = known.filter(polars.col("month") == day.replace(year=day.year - 1))["value"]
    return float(found[0]) if found.len() else None


def starts_and_ends(started: float | None, ended: float | None, starts: polars.DataFrame, year: str) -> str:
    """ "652 placements started and 528 ended in 2026-27; 508 of the starts were in September"."""
    if started is None or ended is None:
        return "Placements started and ended by month"
    said = f"{plural(started, 'placement')} started and {wording.count(ended)} ended in {year}".replace(
        "no placements started and 0 ended", "no placement started or ended"
    )
    said = said[:1].upper() + said[1:]
    largest = starts.filter(polars.col("value").is_not_null()).sort("value", descending=True)
    if not largest.height or started < 2 or largest["value"][0] < 2:
        return said
    day, value = largest.select("month", "value").row(0)
    return f"{said}; {'all' if value == started else wording.count(value)} of the starts were in {month(day).partition(' ')[0]}"


def full_year(whole_year: float | None, in_year: float | None, year: str, as_at: str = "") -> str:
    """ "Those placed on 31 October 2026 cost £54.4m in a whole year, £1.2m more than all placements cost in 2026-27".

    as_at: the register's date in words; "" where it has none.
    """
    if whole_year is None or in_year is None:
        return "The full-year effect"
    gap = wording.compared(MEASURES["whole_year_cost"], whole_year, in_year, f"all placements cost in {year}")
    placed = f"on {as_at}" if as_at else f"at the end of {year}"
    return f"Those placed {placed} cost {wording.pounds(whole_year, 'sentence')} in a whole year, {gap}"


def half(found: polars.DataFrame, total: float | None, about: str) -> str:
    """ "4 of 12 providers make half of £19.5m". `found` is an answer of `placement_providers.providers`."""
    paid = found.filter(polars.col("cost") > 0)
    number = making_half(paid)
    if not number or total is None:
        return f"Providers of {wording.lowered(about)}"
    if paid.height == 1:
        return f"One provider has all of {wording.pounds(total, 'sentence')}"
    make = "makes" if number == 1 else "make"
    return f"{number} of {found.height} providers {make} half of {wording.pounds(total, 'sentence')}"


def beside_the_register(by_part: polars.DataFrame, year: str) -> str:
    """ "Spend in 2026-27 is £73.2m, £19.9m more than these placements cost: £14.9m services, £4.6m places bought in bulk …".

    by_part: `spend` of the year by part. "" where placements are all of it, or a figure is missing.
    """
    amounts = dict(by_part.select("part", "value").rows())
    if None in amounts.values():
        return ""
    beside = {part: value for part, value in amounts.items() if part != "placements" and abs(value) >= 0.5}
    if not beside:
        return ""
    more = sum(beside.values())
    verb = "is forecast at" if "estimated" in by_part["status"].to_list() else "is"
    listed = wording.listed(
        f"{wording.pounds(beside[part], 'sentence')} {wording.lowered(wording.label('part', part))}"
        for part in sorted(beside, key=lambda part: -abs(beside[part]))
    )
    return (
        f"Spend in {year} {verb} {wording.pounds(sum(amounts.values()), 'sentence')}, {wording.pounds(abs(more), 'sentence')} "
        f"{'more' if more > 0 else 'less'} than these placements cost: {listed}."
    )


def moved(flow: Flow, label: Any) -> str:
    """ "235 children moved, most of them from mainstream to post-16 (46); 325 came and 166 left". `label` says a code."""
    came, left = flow.children(before=NOT_PLACED), flow.children(after=LEFT)
    ends = f"{wording.count(came) if came else 'nobody'} came and {wording.count(left) if left else 'nobody'} left"
    moves = flow.cells.filter(
        (polars.col("before") != polars.col("after"))
        & (polars.col("before") != NOT_PLACED)
        & (polars.col("after") != LEFT)
    ).sort("children", descending=True, maintain_order=True)
    if not moves.height:
        return f"No child moved; {ends}"
    source, target, most = moves.select("before", "after", "children").row(0)
    course = f"from {wording.lowered(label(source))} to {wording.lowered(label(target))}"
    which = course if moves.height == 1 else f"most often {course} ({wording.count(most)})"
    return f"{plural(flow.moved, 'child', 'children').capitalize()} moved, {which}; {ends}"


def to_look_at(kinds: polars.DataFrame) -> str:
    """ "31 things to look at, £8,662 in question". `kinds` is an answer of `placement_register.exceptions_by_kind`."""
    there = kinds.filter(polars.col("placements") > 0)
    if not there.height:
        return "Nothing to look at: none of what is looked for was found"
    found, cost = int(there["placements"].sum()), float(there["cost"].sum())
    first, number = there.select("exception", "placements").row(0)
    label = wording.lowered(CODELISTS["problem_kinds"].label(first))
    said = f"{plural(found, 'thing').capitalize()} to look at"
    if there.height == 1:
        return f"{said}, all of one kind: {label}" + (f", {wording.pounds(cost, 'sentence')}" if cost else "")
    return f"{said}, {wording.pounds(cost)} in question; {wording.count(number)} of them “{label}”"


def none_found(kinds: polars.DataFrame) -> str:
    """ "Looked for and not found: overlaps, ended and still costed." Empty where every kind was found."""
    codes = CODELISTS["problem_kinds"]
    names = [
        wording.lowered(codes.label(code))
        for code in kinds.filter(polars.col("placements") == 0)["exception"]
    ]
    return f"Looked for and not found: {'; '.join(names)}." if names else ""


def of_list(sums: Mapping[str, Any], wanted: Wanted, year: str) -> str:
    """ "55 placements started since 1 September 2026: £4.0m in a full year, £2.3m in 2026-27"."""
    if not sums["rows"]:
        return "No placement of this kind"
    verbs = {"started": "started", "ended": "ended", "open": "open", "planned": "planned"}
    said = plural(sums["rows"], "placement")
    said += f" {verbs[wanted.shown]}" if wanted.shown in verbs else f" on the register of {year}"
    if wanted.shown in ("started", "ended"):
        said += f" since {wording.date(wanted.since)}" if wanted.since else f" in {year}"
    annual, cost = (wording.pounds(sums[name], "sentence") for name in ("annual_cost", "cost"))
    # Those that have ended no longer cost a full year, so that theirs is not said where they may be among them.
    full = f"{annual} in a full year, " if wanted.shown in ("started", "open", "planned") else ""
    said = f"{said[:1].upper()}{said[1:]}"
    return f"{said}: {full}{cost} in {'that year' if said.endswith(year) else year}"


def of_placement(row: Mapping[str, Any]) -> str:
    """ "£66,011 a year since 5 July 2015": what one row of the register comes to."""
    cost = wording.pounds(row["annual_cost"])
    until = f", to {wording.date(row['end_on'])}" if row["end_on"] else ""
    return f"{cost} a full year, since {wording.date(row['start_on'])}{until}"


def of_years(history: polars.DataFrame) -> str:
    """ "£31,785 in 2022-23, £74,190 in 2021-22". `history`: one placement in each register, the latest first."""
    return ", ".join(
        f"{wording.pounds(row['cost'])} in {row['financial_year']}"
        for row in history.head(2).iter_rows(named=True)
    )


def of_history(history: polars.DataFrame) -> str:
    """ "In 8 registers: £66,011 a full year now, £55,920 in 2019-20"."""
    now, then = history.row(0, named=True), history.row(-1, named=True)
    if history.height == 1:
        return f"In one register, of {now['financial_year']}"
    costs = (wording.pounds(now["annual_cost"]), wording.pounds(then["annual_cost"]))
    course = (
        f"{costs[0]} a full year throughout"
        if costs[0] == costs[1]
        else f"{costs[0]} a full year in {now['financial_year']}, {costs[1]} in {then['financial_year']}"
    )
    return f"In {history.height} registers: {course}"
