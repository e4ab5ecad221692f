"""What moved spend as listings: its effects, its rows, the placements, and the lines of a forecast that moved."""

from __future__ import annotations

from typing import Any

from dashboard.components.records import RecordColumn
from dashboard.listing import Listing
from dashboard.pages.between import Changed
from dashboard.roles import ANALYST, OFFICER, each_for_role
from hnb import real_terms, wording
from hnb.codelists import CODELISTS
from hnb.growth import EFFECTS, PRICE_PARTS, year_of
from hnb.metrics import MEASURES
from hnb.movers import rows_to_half

MOVERS_SHOWN, MOST_MOVERS_SHOWN = 20, 60
"""Placements on the screen: this many, and as many as make half of the change, up to the second."""


def effects_of(changed: Changed) -> list[tuple[str, str, float]]:
    """The whole change in the order of its telling: name, meaning, pounds; the price in its two parts where that can be told."""
    whole, codes, parts = changed.whole, CODELISTS[changed.effect_codes], CODELISTS["price_parts"]
    told = []
    for code in EFFECTS:
        if code == "price" and whole["above_inflation"] is not None:
            told += [(parts.label(part), parts.meaning(part), whole[part]) for part in PRICE_PARTS]
        else:
            told.append((codes.label(code), codes.meaning(code), whole[code]))
    return told


def effects_listing(changed: Changed) -> Listing:
    """What the change is made of."""
    return Listing(
        title=f"What the change is made of, {changed.course}",
        caption=f"What the change is made of, {changed.course}",
        columns=[
            RecordColumn("effect", "Effect"),
            RecordColumn("meaning", "What it is"),
            RecordColumn("amount", "£", "change"),
        ],
        rows=[
            {"effect": name, "meaning": meaning, "amount": amount}
            for name, meaning, amount in effects_of(changed)
        ],
        whole={"effect": "The whole change", "amount": changed.whole["change"]},
        about=_about(changed),
        caution=deflator_note(changed),
        tables=_tables(changed),
    )


def change_listing(changed: Changed) -> Listing:
    """The change of each row alone, the table of its chart."""
    by = changed.rows
    return Listing(
        title=f"{_what(changed)} by {_lower(by)}, change {changed.course}",
        caption=f"Change of {wording.lowered(_what(changed))} by {_lower(by)}, {changed.course}",
        columns=[_named(by), RecordColumn("change", "Change (£)", "change")],
        rows=list(changed.by_row.select(by, "change").iter_rows(named=True)),
        whole={by: "All together", "change": changed.whole["change"]},
        about=_about(changed),
        tables=_tables(changed),
    )


def rows_listing(changed: Changed) -> Listing:
    """Both sides of each row with every effect; a row leads one step further down."""
    codes, parts, by = CODELISTS[changed.effect_codes], CODELISTS["price_parts"], changed.rows
    before, after = changed.said(changed.before), changed.said(changed.after)
    counted = "Placements open" if changed.compare == "dates" else "Placement-years"
    has_deflator = changed.whole["above_inflation"] is not None
    columns = [
        _named(by, lambda row: changed.narrowed(**{by: row[by]})),
        RecordColumn("spend_before", before, "pounds"),
        RecordColumn("spend_after", after, "pounds"),
        RecordColumn("change", "Change", "change"),
        *(RecordColumn(code, codes.short(code), "change") for code in EFFECTS),
        *(RecordColumn(part, parts.short(part), "change") for part in PRICE_PARTS if has_deflator),
        RecordColumn("years_before", f"{counted} {before}", "years"),
        RecordColumn("years_after", f"{counted} {after}", "years"),
        RecordColumn("unit_before", f"Cost of one {before}", "pounds"),
        RecordColumn("unit_after", f"Cost of one {after}", "pounds"),
    ]
    return Listing(
        title=f"Why spend moved, by {_lower(by)}, {changed.course}",
        caption=f"Why spend moved, by {_lower(by)}, {changed.course}",
        columns=columns,
        rows=list(changed.by_row.iter_rows(named=True)),
        whole={by: "All together", **changed.whole},
        about=[*_about(changed), *((codes.label(code), codes.meaning(code)) for code in EFFECTS)],
        caution=" ".join(
            part
            for part in (
                "The effects add up to the change to the penny in every row.",
                deflator_note(changed),
            )
            if part
        ),
        tables=_tables(changed),
    )


def movers_listing(changed: Changed) -> Listing:
    """The placements that moved it, the largest change first."""
    found = changed.movers
    shown = min(max(MOVERS_SHOWN, rows_to_half(found)), MOST_MOVERS_SHOWN)
    before, after = changed.said(changed.before), changed.said(changed.after)
    columns = [
        RecordColumn("placement_id", "Placement"),
        RecordColumn("provider", "Provider", words=lambda name: wording.label("provider", name)),
        RecordColumn("setting", "Setting", words=lambda code: wording.label("setting", code, brief=True)),
        RecordColumn("phase", "Phase", words=lambda code: wording.label("phase", code, brief=True)),
        RecordColumn("need", "Need", words=lambda code: wording.label("need", code, brief=True)),
        RecordColumn("why", "Why", words=CODELISTS["movements"].label),
        RecordColumn("cost_before", before, "pounds"),
        RecordColumn("cost_after", after, "pounds"),
        RecordColumn("change", "Change", "change"),
        RecordColumn("share_so_far", "Share so far", "share"),
        RecordColumn("source", "Row", "address"),
    ]
    whole = {
        "placement_id": f"All {wording.count(found.height)}",
        **{name: round(float(found[name].sum()), 2) for name in ("cost_before", "cost_after", "change")},
    }
    return Listing(
        title=f"The placements that moved spend, {changed.course}",
        caption=f"The placements that moved spend most, {changed.course}",
        columns=columns,
        rows=list(found.iter_rows(named=True)),
        whole=whole,
        about=[
            *_about(changed),
            (
                "Share so far",
                "Of the whole change, what this placement and the larger ones that go the same way make.",
            ),
        ],
        caution="Each row is a child: for officers only, never for the meeting.",
        shown=shown,
        tables=("placements",),
    )


def report_listing(changed: Changed) -> Listing:
    """The forecast in two reports of one year, by line or another dimension."""
    by, whole = changed.rows, changed.movement().row(0, named=True)
    columns = [
        _named(by, lambda row: changed.narrowed(**{by: row[by]})),
        RecordColumn("forecast_before", f"As at {changed.said(changed.before)}", "pounds"),
        RecordColumn("forecast_after", f"As at {changed.said(changed.after)}", "pounds"),
        RecordColumn("movement", "Movement", "change"),
    ]
    return Listing(
        title=f"Forecast of {changed.report_year} by {_lower(by)}, moved between reports",
        caption=f"Forecast of {changed.report_year} by {_lower(by)}, {changed.course}",
        columns=columns,
        rows=list(changed.movement(by).iter_rows(named=True)),
        whole={by: "All together", **whole},
        about=[
            ("Selected", changed.selection.about()),
            ("Reports", f"{changed.course}, of {changed.report_year}"),
            *(
                [("Not split", changed.view.not_split(MEASURES["forecast"]))]
                if changed.view.not_split(MEASURES["forecast"])
                else []
            ),
        ],
        tables=("budget",),
    )


def deflator_note(changed: Changed) -> str:
    """Where general inflation is from, and which years have none; "" where there is no price to tell apart."""
    asked = {year_of(moment) for moment in changed.both}
    lacking = real_terms.without_deflator(asked, real_terms.LAST_OUTTURN)
    if lacking:
        return f"There is no deflator for {wording.listed(lacking)}, so the price effect is not split."
    forecast = sorted(asked & real_terms.FORECAST)
    said = f"General inflation is {real_terms.source()}"
    return said + (f"; {wording.listed(forecast)} is a forecast." if forecast else ".")


def _named(by: str, link: Any = None) -> RecordColumn:
    return RecordColumn(
        by, wording.dimension_title(by), link=link, words=lambda code: wording.label(by, code)
    )


def _what(changed: Changed) -> str:
    return "Annual cost of open placements" if changed.compare == "dates" else "Spend"


def _lower(dimension: str) -> str:
    return wording.lowered(wording.dimension_title(dimension))


def _about(changed: Changed) -> list[tuple[str, str]]:
    said = CODELISTS["comparisons"].meaning(changed.compare)
    return [
        ("Selected", changed.selection.about()),
        ("Compared", f"{changed.course}: {wording.lowered(said)}"),
    ]


def _tables(changed: Changed) -> tuple[str, ...]:
    return ("placements",) if changed.compare == "dates" else ("spend",)


LISTINGS = each_for_role(
    ANALYST,
    {
        "changed-effects": lambda query: effects_listing(Changed.read(query)),
        "changed-by-row": lambda query: change_listing(Changed.read(query)),
        "changed-rows": lambda query: rows_listing(Changed.read(query)),
        "report-movement": lambda query: report_listing(Changed.read(query)),
    },
) | each_for_role(OFFICER, {"movers": lambda query: movers_listing(Changed.read(query))})
