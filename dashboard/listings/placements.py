"""The tables of the pages about placements: months, providers, flow, full-year effect, exceptions, placements, one placement."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import polars

from dashboard.components.records import RecordColumn
from dashboard.frame_rows import FrameRows
from dashboard.listing import Listing
from dashboard.pages.crossed import narrow
from dashboard.pages.placed import (
    EXCEPTIONS_PATH,
    PATH,
    PROVIDERS_SHOWN,
    Placed,
)
from dashboard.roles import ANALYST, each_for_role
from hnb import wording
from hnb.codelists import CODELISTS
from hnb.metrics import MEASURES
from hnb.placement_flow import LEFT, NOT_PLACED
from hnb.placement_register import (
    exceptions_by_kind,
)

REGISTER = ("placements",)
_BY_MONTH = ("financial_year", "month")
_STANDS = {False: "known", True: "expected"}
MONTH = RecordColumn("month", "Month", words=lambda month: wording.date(month).partition(" ")[2] if month else "All months")  # fmt: skip


def months(asked: Placed) -> Listing:
    """Each month: placements, started, ended, placement-years and cost."""
    by = _BY_MONTH
    names = {
        "month_placements": "placements", "placement_starts": "started", "placement_ends": "ended",
        "month_end_placements": "at_end", "month_placement_years": "placement_years", "placement_cost": "cost",
        "annualised_cost": "annual_cost",
    }  # fmt: skip
    frame: polars.DataFrame | None = None
    for measure, name in names.items():
        answer = asked.view.answer(measure, asked.months_of, by).select(*by, polars.col("value").alias(name), polars.col("status").alias("_status"))  # fmt: skip
        frame = answer if frame is None else frame.join(answer.drop("_status"), on=list(by), how="left")
    assert frame is not None  # noqa: S101 (there are measures)
    frame = frame.sort("month").with_columns(
        polars.when(polars.col("_status") == "estimated").then(polars.lit(_STANDS[True])).otherwise(polars.lit(_STANDS[False])).alias("stands")
    )  # fmt: skip
    columns = (
        MONTH,
        RecordColumn("stands", "Known or expected"),
        RecordColumn("placements", "Placements on the 15th", "count"),
        RecordColumn("started", "Started", "count"),
        RecordColumn("ended", "Ended", "count"),
        RecordColumn("at_end", "Open on the last day", "count"),
        RecordColumn("placement_years", "Placement-years", "years"),
        RecordColumn("cost", "Cost of the month", "pounds"),
        RecordColumn("annual_cost", "Annual cost of those open on the last day", "pounds"),
    )
    return Listing(
        "Placements by month", f"Placements by month, {about(asked)}", columns, FrameRows(frame.drop("_status")),
        about=told(asked, "month_placements"), caution=MEASURES["month_placements"].caution, tables=REGISTER,
    )  # fmt: skip


def months_by_setting(asked: Placed) -> Listing:
    """Each month's placements by kind of setting, and all of them."""
    measure, split = MEASURES["month_placements"], asked.split
    totals = asked.view.answer(measure.name, asked.months_of, _BY_MONTH).sort("month")
    found = asked.view.answer(measure.name, asked.months_of, (*_BY_MONTH, split))
    there = set(found[split].to_list())
    codes = [code for code in CODELISTS[f"{split}s"].codes if code in there]
    cells = {(month, code): value for month, code, value in found.select("month", split, "value").rows()}
    # A kind of setting without a row in a month that has rows has nobody in it; a hidden figure stays missing.
    rows = [
        {"month": month, "stands": _STANDS[status == "estimated"], "all": value, **{code: cells.get((month, code), 0) for code in codes}}
        for month, value, status in totals.select("month", "value", "status").rows()
    ]  # fmt: skip
    columns = (
        MONTH,
        RecordColumn("stands", "Known or expected"),
        *(RecordColumn(code, wording.label(split, code, brief=True), "count") for code in codes),
        RecordColumn("all", "All", "count"),
    )
    return Listing(
        "Placements by month and setting", f"Placements on the 15th of each month, {about(asked)}", columns, rows,
        about=told(asked, measure.name), caution=measure.caution, tables=REGISTER,
    )  # fmt: skip


def moves(asked: Placed) -> Listing:
    """Each month of the year in focus: placements started, ended, and open on its last day."""
    of_year = asked.view.of_year
    starts, ends, at_end = (
        dict(asked.view.answer(name, of_year, _BY_MONTH).select("month", "value").rows())
        for name in ("placement_starts", "placement_ends", "month_end_placements")
    )
    states = (
        asked.view.answer("placement_starts", of_year, _BY_MONTH)
        .sort("month")
        .select("month", "status")
        .rows()
    )
    rows = [
        {"month": month, "stands": _STANDS[status == "estimated"], "started": starts[month], "ended": ends.get(month), "at_end": at_end.get(month)}
        for month, status in states
    ]  # fmt: skip
    whole = {"month": None, "started": asked.view.figure("placement_starts", of_year)[0], "ended": asked.view.figure("placement_ends", of_year)[0]}  # fmt: skip
    columns = (
        MONTH,
        RecordColumn("stands", "Known or expected"),
        RecordColumn("started", "Started", "count"),
        RecordColumn("ended", "Ended", "count"),
        RecordColumn("at_end", "Open on the last day", "count"),
    )
    return Listing(
        "Placements started and ended", f"Placements started and ended by month, {about(asked, asked.year)}", columns, rows,
        whole if rows else None, about=told(asked, "placement_starts"), caution=MEASURES["placement_starts"].caution, tables=REGISTER,
    )  # fmt: skip


def full_year(asked: Placed) -> Listing:
    """The full-year effect by when placements began or ended."""
    names = {"full_year_placements": "placements", "cost_in_year": "cost", "whole_year_cost": "whole_year_cost", "full_year_effect": "effect", "next_year_cost": "next_year_cost"}  # fmt: skip
    rows: dict[str, dict[str, Any]] = {}
    whole: dict[str, Any] = {"cohort": None}
    for measure, name in names.items():
        for code, value in asked.view.answer(measure, asked.view.of_year, ("cohort",)).select("cohort", "value").rows():  # fmt: skip
            rows.setdefault(code, {"cohort": code})[name] = value
        whole[name], _ = asked.view.figure(measure, asked.view.of_year)
    codes = CODELISTS["placement_cohorts"]
    columns = (
        RecordColumn("cohort", "Placements", words=lambda code: codes.short(code) if code else "All of the register"),
        RecordColumn("placements", "Main placements", "count"),
        RecordColumn("cost", f"Cost in {asked.year}", "pounds"),
        RecordColumn("whole_year_cost", "A whole year", "pounds"),
        RecordColumn("effect", "Full-year effect", "change"),
        RecordColumn("next_year_cost", "Next year", "pounds"),
    )  # fmt: skip
    return Listing(
        "Full-year effect", f"What today's placements cost in a whole year, {about(asked, asked.year)}", columns,
        [rows[code] for code in codes.codes if code in rows], whole if rows else None,
        about=told(asked, "full_year_effect"), caution=MEASURES["full_year_effect"].caution, tables=REGISTER,
    )  # fmt: skip


def of_providers(asked: Placed) -> Listing:
    """Providers of the year in focus, the dearest first, each a way to narrow."""

    def link(row: Mapping[str, Any]) -> str:
        if row["provider"] is None:
            return ""
        narrowed = narrow(asked.view.selection, "provider", row["provider"])
        return asked.address(PATH, narrowed) if narrowed != asked.view.selection else ""

    columns = (
        RecordColumn("provider", "Provider", link=link, words=lambda name: "Not recorded" if name is None else name),
        RecordColumn("in_borough", "Borough", words=_inside),
        RecordColumn("placements", "Placements", "count"),
        RecordColumn("placement_years", "Placement-years", "years"),
        RecordColumn("cost", f"Cost in {asked.year}", "pounds"),
        RecordColumn("share", "Share", "share"),
        RecordColumn("share_so_far", "Share so far", "share"),
        RecordColumn("unit_cost", "Cost of a placement-year", "pounds"),
        RecordColumn("change", "Change on the year", "change"),
        RecordColumn("next_year_cost", "Next year, as the register stands", "pounds"),
    )  # fmt: skip
    return Listing(
        "Providers of placements", f"Providers by cost of placements, {about(asked, asked.year)}", columns, FrameRows(asked.providers),
        {"provider": "All providers", "in_borough": "", **asked.all_providers}, about=told(asked, "spend_per_placement_year"),
        caution="Change on the year is against the year before, for the whole of both years.", shown=PROVIDERS_SHOWN, tables=REGISTER,
    )  # fmt: skip


def flow_of(asked: Placed) -> Listing:
    """Where children moved from and to, a row a setting."""
    found = asked.flow
    if found is None:
        return Listing("Flow between settings", "Flow between settings", (RecordColumn("before", "From"),), (), tables=REGISTER)  # fmt: skip
    columns = (
        RecordColumn("before", "From", words=lambda code: "All children" if code is None else flow_label(asked.between, code)),
        *(RecordColumn(code, flow_label(asked.between, code), "count") for code in found.after),
        RecordColumn("all", "All", "count"),
    )  # fmt: skip
    rows = [
        {"before": before, "all": found.children(before), **{after: found.children(before, after) for after in found.after}}
        for before in found.before
    ]  # fmt: skip
    whole = {"before": None, "all": found.children(), **{after: found.children(after=after) for after in found.after}}  # fmt: skip
    return Listing(
        "Flow between settings", f"Children by where they were placed, {flow_course(asked)}", columns, rows, whole,
        about=told(asked, "placements"), caution=flow_caution(asked), tables=REGISTER,
    )  # fmt: skip


def flow_label(by: str, code: str) -> str:
    """What a row or column of the flow is called."""
    absences = CODELISTS["placement_absences"]
    return absences.label(code) if code in (NOT_PLACED, LEFT) else wording.label(by, code, brief=True)


def flow_course(asked: Placed) -> str:
    """From which date to which, in words."""
    found = asked.flow
    return f"{wording.date(found.before_on)} to {wording.date(found.after_on)}" if found else ""


def flow_caution(asked: Placed) -> str:
    """What must be known of the flow."""
    said = "Rows are where a child was on the first date, columns where on the second; the diagonal stayed."
    if asked.flow and asked.flow.several:
        said += f" {wording.count(asked.flow.several)} with two main placements at once count in the one begun later."
    return said


def exception_kinds(asked: Placed) -> Listing:
    """What is to be looked at in the year's register, counted by kind; kinds of which there is none are in it."""
    codes = CODELISTS["problem_kinds"]
    kinds = exceptions_by_kind(asked.exceptions)
    columns = (
        RecordColumn("exception", "What", link=lambda row: asked.address(EXCEPTIONS_PATH, exception=row["exception"]) if row["placements"] else "", words=codes.label),
        RecordColumn("placements", "Placements", "count"),
        RecordColumn("cost", "£ in question this year", "pounds"),
        RecordColumn("meaning", "What it means"),
        RecordColumn("mend", "What to do"),
    )  # fmt: skip
    rows = [
        {**row, "meaning": codes.meaning(row["exception"]), "mend": str(codes.entry(row["exception"]).details.get("mend", ""))}
        for row in kinds.iter_rows(named=True)
    ]  # fmt: skip
    return Listing(
        "Exceptions of the register", f"Placements to look at, {about(asked, asked.year)}", columns, rows,
        about=told(asked), caution="One placement may have several of them.", tables=REGISTER, shown=kinds.filter(polars.col("placements") > 0).height,
    )  # fmt: skip


def of_view(make: Callable[[Placed], Listing]) -> Callable[[str], Listing]:
    """The maker that reads the query first; the page, which has read it, calls `make` itself."""
    return lambda query: make(Placed.read(query))


LISTINGS = each_for_role(
    ANALYST,
    {
        "placement-months": of_view(months),
        "placement-months-by-setting": of_view(months_by_setting),
        "placement-moves": of_view(moves),
        "placement-full-year": of_view(full_year),
        "placement-providers": of_view(of_providers),
        "placement-flow": of_view(flow_of),
        "placement-exception-kinds": of_view(exception_kinds),
    },
)


def _inside(value: Any) -> str:
    return {True: "In", False: "Out", "": ""}.get(value, "Not said")


def about(asked: Placed, when: str = "") -> str:
    chosen = asked.months_of.years
    when = when or (chosen[0] if len(chosen) == 1 else f"{chosen[0]} to {chosen[-1]}" if chosen else "")
    about = wording.lowered(asked.selection.about())
    return f"{when}; {about}" + (f"; register as at {asked.as_at}" if asked.as_at else "")


def told(asked: Placed, measure: str = "") -> tuple[tuple[str, str], ...]:
    """What the file's About sheet carries: what is selected, as at when, where from."""
    source = (
        MEASURES[measure].source
        if measure
        else "Placement register of the year, row by row (table placements)."
    )
    return (
        ("Selected", asked.view.selection.with_(years=(asked.year,) if asked.year else ()).words()),
        *((("Register as at", asked.as_at),) if asked.as_at else ()),
        ("Source", source),
    )
