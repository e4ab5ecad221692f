"""The tables of the pages about placements: months, providers, flow, full-year effect, exceptions, placements, one placement."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars

from dashboard.components.records import RecordColumn
from dashboard.frame_rows import FrameRows
from dashboard.listing import Listing
from dashboard.pages.crossed import narrow
from dashboard.pages.placed import (
    A_PAGE,
    EXCEPTIONS_PATH,
    PATH,
    PROVIDERS_SHOWN,
    Placed,
    placement_number,
    row_address,
)
from dashboard.pages.view import View
from hnb import wording
from hnb.codelists import CODELISTS
from hnb.metrics import MEASURES
from hnb.placement_flow import LEFT, NOT_PLACED
from hnb.placement_register import (
    exceptions_by_kind,
    placement_by_month,
    placement_history,
    sums,
)

OFFICERS_ONLY = "Each row is a child: for officers only, never for the meeting."

_REGISTER = ("placements",)
_SAID_ONCE = ("setting", "phase", "need", "band")
"""What the history of a placement shows only where it changed; the page says once how it stands."""


def months(query: str) -> Listing:
    """Each month: placements, started, ended, placement-years and cost."""
    asked = Placed.read(query)
    by = ("financial_year", "month")
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
        polars.when(polars.col("_status") == "estimated").then(polars.lit("expected")).otherwise(polars.lit("known")).alias("stands")
    )  # fmt: skip
    columns = (
        RecordColumn("month", "Month", words=lambda month: wording.date(month).partition(" ")[2]),
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
        "Placements by month", f"Placements by month, {_about(asked)}", columns, FrameRows(frame.drop("_status")),
        about=_told(asked, "month_placements"), caution=MEASURES["month_placements"].caution, tables=_REGISTER,
    )  # fmt: skip


def full_year(query: str) -> Listing:
    """The full-year effect by when placements began or ended."""
    asked = Placed.read(query)
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
        "Full-year effect", f"What today's placements cost in a whole year, {_about(asked, asked.year)}", columns,
        [rows[code] for code in codes.codes if code in rows], whole if rows else None,
        about=_told(asked, "full_year_effect"), caution=MEASURES["full_year_effect"].caution, tables=_REGISTER,
    )  # fmt: skip


def of_providers(query: str) -> Listing:
    """Providers of the year in focus, the dearest first, each a way to narrow."""
    asked = Placed.read(query)

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
        RecordColumn("cost", f"Cost {asked.year}", "pounds"),
        RecordColumn("share", "Share", "share"),
        RecordColumn("share_so_far", "Share so far", "share"),
        RecordColumn("unit_cost", "Cost of a placement-year", "pounds"),
        RecordColumn("change", "Change on the year", "change"),
        RecordColumn("next_year_cost", "Next year, as the register stands", "pounds"),
    )  # fmt: skip
    return Listing(
        "Providers of placements", f"Providers by cost of placements, {_about(asked, asked.year)}", columns, FrameRows(asked.providers),
        {"provider": "All providers", "in_borough": "", **asked.all_providers}, about=_told(asked, "spend_per_placement_year"),
        caution="Change on the year is against the year before, for the whole of both years.", shown=PROVIDERS_SHOWN, tables=_REGISTER,
    )  # fmt: skip


def flow_of(query: str) -> Listing:
    """Where children moved from and to, a row a setting."""
    asked = Placed.read(query)
    found = asked.flow
    if found is None:
        return Listing("Flow between settings", "Flow between settings", (RecordColumn("before", "From"),), (), tables=_REGISTER)  # fmt: skip
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
        about=_told(asked, "placements"), caution=flow_caution(asked), tables=_REGISTER,
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


def exception_kinds(query: str) -> Listing:
    """What is to be looked at in the year's register, counted by kind; kinds of which there is none are in it."""
    asked = Placed.read(query)
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
        "Exceptions of the register", f"Placements to look at, {_about(asked, asked.year)}", columns, rows,
        about=_told(asked), caution="One placement may have several of them.", tables=_REGISTER, shown=kinds.filter(polars.col("placements") > 0).height,
    )  # fmt: skip


def exceptions(query: str) -> Listing:
    """Each exception with its placement and its row, of one kind or of all."""
    asked = Placed.read(query)
    columns = (
        RecordColumn("placement_id", "Placement", link=lambda row: asked.of_placement(row["placement_id"])),
        *([] if asked.kind else [RecordColumn("exception", "What", words=CODELISTS["problem_kinds"].label)]),
        RecordColumn("provider", "Provider"),
        RecordColumn("setting", "Setting", words=lambda code: wording.label("setting", code)),
        RecordColumn("phase", "Phase", words=lambda code: wording.label("phase", code, brief=True)),
        RecordColumn("need", "Need", words=lambda code: wording.label("need", code, brief=True)),
        RecordColumn("days", "Days in question", "count"),
        RecordColumn("cost", "£ in question", "pounds"),
        RecordColumn("annual_cost", "Annual cost", "pounds"),
        RecordColumn("other_placement_id", "The other placement", link=lambda row: asked.of_placement(row["other_placement_id"]) if row["other_placement_id"] else ""),
        RecordColumn("source", "Row", "address", link=lambda row: row_address(row["source"])),
    )  # fmt: skip
    has_other = (
        asked.exceptions["other_placement_id"].is_not_null().any() if asked.exceptions.height else False
    )
    shown = [column for column in columns if has_other or column.name != "other_placement_id"]
    whole = {"placement_id": f"All {wording.count(asked.exceptions.height)}", **{name: float(asked.exceptions[name].sum()) for name in ("cost", "annual_cost")}}  # fmt: skip
    kind = CODELISTS["problem_kinds"].label(asked.kind) if asked.kind else "Placements to look at"
    return Listing(
        "Exceptions of the register, row by row", f"{kind}, {_about(asked, asked.year)}", shown, FrameRows(asked.exceptions),
        whole if asked.exceptions.height else None, about=_told(asked), caution=OFFICERS_ONLY,
        shown=A_PAGE, first=(page_of(asked, asked.exceptions.height) - 1) * A_PAGE, tables=_REGISTER,
    )  # fmt: skip


def placements(query: str) -> Listing:
    """The placements of the list, in its order; the screen has a page of them, the file all."""
    asked = Placed.read(query)
    found = asked.listed
    told = sums(found)
    columns = (
        RecordColumn("placement_id", "Placement", link=lambda row: asked.of_placement(row["placement_id"])),
        RecordColumn("provider", "Provider"),
        RecordColumn("setting", "Setting", words=lambda code: wording.label("setting", code, brief=True) if code else ""),
        RecordColumn("phase", "Phase", words=lambda code: wording.label("phase", code, brief=True) if code else ""),
        RecordColumn("need", "Need", words=lambda code: wording.label("need", code, brief=True) if code else ""),
        RecordColumn("start_on", "Start", "date"),
        RecordColumn("end_on", "End", "date"),
        RecordColumn("annual_cost", "Annual cost", "pounds"),
        RecordColumn("cost", f"Cost {asked.year}", "pounds"),
        RecordColumn("source", "Row", "address", link=lambda row: row_address(row["source"])),
    )  # fmt: skip
    whole = {"placement_id": f"All {wording.count(told['rows'])}", "annual_cost": told["annual_cost"], "cost": told["cost"]}  # fmt: skip
    about = (*_told(asked), ("List", _list_words(asked)))
    return Listing(
        "Placements", f"{_list_words(asked)}, {_about(asked, asked.year)}", columns, FrameRows(found), whole if found.height else None,
        about=about, caution=OFFICERS_ONLY, shown=A_PAGE, first=(page_of(asked, found.height) - 1) * A_PAGE, tables=_REGISTER,
    )  # fmt: skip


def months_of_placement(query: str) -> Listing:
    """What one placement cost in each month."""
    view, number = View.read(query), placement_number(query)
    found = placement_by_month(view.data, view.selection.authority, number)
    columns = (
        RecordColumn("month", "Month", words=lambda month: wording.date(month).partition(" ")[2] if month else "All months"),
        RecordColumn("financial_year", "Year"),
        RecordColumn("days", "Days", "count"),
        RecordColumn("placement_years", "Placement-years", "years"),
        RecordColumn("cost", "Cost", "pounds"),
        RecordColumn("source", "Row", "address", link=lambda row: row_address(row["source"])),
    )  # fmt: skip
    whole = {"month": None, "days": int(found["days"].sum()), "placement_years": float(found["placement_years"].sum()), "cost": round(float(found["cost"].sum()), 2)}  # fmt: skip
    return Listing(
        f"Months of placement {number}", f"Placement {number} by month, each register's year", columns, FrameRows(found),
        whole if found.height else None, about=(("Placement", number),), caution=OFFICERS_ONLY, tables=_REGISTER,
    )  # fmt: skip


def history_of_placement(query: str) -> Listing:
    """One placement as each register has it, the latest first."""
    view, number = View.read(query), placement_number(query)
    found = placement_history(view.data, view.selection.authority, number)
    columns = (
        RecordColumn("financial_year", "Year"),
        RecordColumn("register_as_at", "Register as at", "date"),
        RecordColumn("status", "Status", words=CODELISTS["placement_statuses"].label),
        RecordColumn("provider", "Provider"),
        RecordColumn("setting", "Setting", words=lambda code: wording.label("setting", code)),
        RecordColumn("phase", "Phase", words=lambda code: wording.label("phase", code, brief=True)),
        RecordColumn("need", "Need", words=lambda code: wording.label("need", code, brief=True)),
        RecordColumn("band", "Band"),
        RecordColumn("start_on", "Start", "date"),
        RecordColumn("end_on", "End", "date"),
        RecordColumn("annual_cost", "Annual cost", "pounds"),
        RecordColumn("cost", "Cost in the year", "pounds"),
        RecordColumn("source", "Row", "address", link=lambda row: row_address(row["source"])),
    )  # fmt: skip
    moved = [
        column for column in columns if column.name not in _SAID_ONCE or found[column.name].n_unique() > 1
    ]
    return Listing(
        f"History of placement {number}", f"Placement {number} in each register", moved, FrameRows(found),
        about=(("Placement", number),), caution=OFFICERS_ONLY, tables=_REGISTER,
    )  # fmt: skip


LISTINGS = {
    "placement-months": months,
    "placement-full-year": full_year,
    "placement-providers": of_providers,
    "placement-flow": flow_of,
    "placement-exception-kinds": exception_kinds,
    "placement-exceptions": exceptions,
    "placements": placements,
    "placement-by-month": months_of_placement,
    "placement-history": history_of_placement,
}


def page_of(asked: Placed, rows: int) -> int:
    """The page that a list shows: the one asked for, or the last where there are fewer."""
    return min(asked.page, max(-(-rows // A_PAGE), 1))


def _list_words(asked: Placed) -> str:
    """Which placements the list has, in words: "Started since 1 September 2026, holding “oak”"."""
    wanted = asked.wanted
    said = CODELISTS["placement_lists"].label(wanted.shown)
    if wanted.shown in ("started", "ended"):
        said += f" since {wording.date(wanted.since)}" if wanted.since else f" in {asked.year}"
    return said + (f", holding “{wanted.text}”" if wanted.text else "")


def _inside(value: Any) -> str:
    return {True: "In", False: "Out", "": ""}.get(value, "Not said")


def _about(asked: Placed, when: str = "") -> str:
    chosen = asked.months_of.years
    when = when or (chosen[0] if len(chosen) == 1 else f"{chosen[0]} to {chosen[-1]}" if chosen else "")
    about = wording.lowered(asked.selection.about())
    return f"{when}; {about}" + (f"; register as at {asked.as_at}" if asked.as_at else "")


def _told(asked: Placed, measure: str = "") -> tuple[tuple[str, str], ...]:
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
