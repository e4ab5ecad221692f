"""The tables of one row a placement: exceptions, the list, and one placement by month and by register. For officers only."""

from __future__ import annotations

from dashboard.components.records import RecordColumn
from dashboard.frame_rows import FrameRows
from dashboard.listing import Listing
from dashboard.listings.placements import MONTH, REGISTER, about, of_view, told
from dashboard.pages.placed import A_PAGE, Placed, placement_number, row_address
from dashboard.pages.view import View
from dashboard.roles import OFFICER, each_for_role
from hnb import wording
from hnb.codelists import CODELISTS
from hnb.placement_register import placement_by_month, placement_history, sums

OFFICERS_ONLY = "Each row is a child: for officers only, never for the meeting."

_SAID_ONCE = ("setting", "phase", "need", "band")
"""What the history of a placement shows only where it changed; the page says once how it stands."""


def exceptions(asked: Placed) -> Listing:
    """Each exception with its placement and its row, of one kind or of all."""
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
        "Exceptions of the register, row by row", f"{kind}, {about(asked, asked.year)}", shown, FrameRows(asked.exceptions),
        whole if asked.exceptions.height else None, about=told(asked), caution=OFFICERS_ONLY,
        shown=A_PAGE, first=(page_of(asked, asked.exceptions.height) - 1) * A_PAGE, tables=REGISTER,
    )  # fmt: skip


def placements(asked: Placed) -> Listing:
    """The placements of the list, in its order; the screen has a page of them, the file all."""
    found = asked.listed
    sums_of = sums(found)
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
    whole = {"placement_id": f"All {wording.count(sums_of['rows'])}", "annual_cost": sums_of["annual_cost"], "cost": sums_of["cost"]}  # fmt: skip
    about_it = (*told(asked), ("List", _list_words(asked)))
    return Listing(
        "Placements", f"{_list_words(asked)}, {about(asked, asked.year)}", columns, FrameRows(found), whole if found.height else None,
        about=about_it, caution=OFFICERS_ONLY, shown=A_PAGE, first=(page_of(asked, found.height) - 1) * A_PAGE, tables=REGISTER,
    )  # fmt: skip


def months_of_placement(query: str) -> Listing:
    """What one placement cost in each month."""
    view, number = View.read(query), placement_number(query)
    found = placement_by_month(view.data, view.selection.authority, number)
    columns = (
        MONTH,
        RecordColumn("financial_year", "Year"),
        RecordColumn("days", "Days", "count"),
        RecordColumn("placement_years", "Placement-years", "years"),
        RecordColumn("cost", "Cost", "pounds"),
        RecordColumn("source", "Row", "address", link=lambda row: row_address(row["source"])),
    )  # fmt: skip
    whole = {"month": None, "days": int(found["days"].sum()), "placement_years": float(found["placement_years"].sum()), "cost": round(float(found["cost"].sum()), 2)}  # fmt: skip
    return Listing(
        f"Months of placement {number}", f"Placement {number} by month, each register's year", columns, FrameRows(found),
        whole if found.height else None, about=(("Placement", number),), caution=OFFICERS_ONLY, tables=REGISTER,
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
        about=(("Placement", number),), caution=OFFICERS_ONLY, tables=REGISTER,
    )  # fmt: skip


LISTINGS = each_for_role(
    OFFICER,
    {
        "placement-exceptions": of_view(exceptions),
        "placements": of_view(placements),
        "placement-by-month": months_of_placement,
        "placement-history": history_of_placement,
    },
)


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
