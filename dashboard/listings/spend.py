"""The table of the page Spend that is not one answer: each row's figure year by year, in the prices chosen."""

from __future__ import annotations

from typing import Any

from dashboard.components.records import Kind, RecordColumn
from dashboard.listing import Listing
from dashboard.pages.crossed import Crossed
from dashboard.pages.view import View
from dashboard.roles import ANALYST, each_for_role
from hnb import real_terms, wording
from hnb.courses import Course
from hnb.metrics import Measure

_KINDS: dict[str, Kind] = {"£": "pounds", "£ per placement-year": "pounds", "share": "share", "placement-years": "years"}  # fmt: skip


def over_the_years(query: str) -> Listing:
    """Every row of the page's table with its figure of each year and what moved."""
    return of_crossed(Crossed.read(View.read(query)))


def of_crossed(crossed: Crossed) -> Listing:
    """The same of what a page crosses."""
    measure, by = crossed.measure, crossed.rows
    years = list(crossed.course.points)
    kind = _KINDS.get(measure.unit, "count")
    title = f"{measure.title} by {wording.lowered(wording.dimension_title(by))} and year"
    columns = [
        RecordColumn("code", wording.dimension_title(by), words=lambda code: wording.label(by, code)),
        *(RecordColumn(year, _heading(crossed, year), kind) for year in years),
        RecordColumn("change", "Change", "change" if kind == "pounds" else kind),
    ]
    return Listing(
        title,
        f"{title}, {crossed.unit}",
        columns,
        [_row(one, measure) for one in crossed.courses],
        whole={**_row(crossed.course, measure), "code": "All together"},
        about=(
            ("Selected", crossed.all_years.words()),
            ("Unit", crossed.unit),
            ("Source", measure.source),
            *([("Prices", note)] if (note := real_terms.note(years, crossed.prices)) else []),
        ),
        caution=measure.caution,
        tables=measure.tables,
    )


def _heading(crossed: Crossed, year: str) -> str:
    _, status = crossed.course.points[year]
    return f"{year} (forecast)" if status == "estimated" else year


def _row(one: Course, measure: Measure) -> dict[str, Any]:
    figures = {
        year: value if value is not None else wording.missing(status) or wording.missing("not_available")
        for year, (value, status) in one.points.items()
    }
    change = one.change if one.change is not None else wording.missing("no_denominator")
    return {"code": one.code, **figures, "change": change}


LISTINGS = each_for_role(ANALYST, {"spend-over-years": over_the_years})
