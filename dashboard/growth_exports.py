"""Why spend moved as a file to take away: the rows of the page's table with all their effects."""

from __future__ import annotations

from urllib.parse import quote

from dashboard.data import Data
from dashboard.table_file import Format, TableFile
from hnb import wording
from hnb.codelists import CODELISTS
from hnb.growth import EFFECTS, growth
from hnb.metrics import Selection

_POUNDS = "£#,##0.00;-£#,##0.00"


def growth_file(data: Data, selection: Selection, before: str, after: str, by: str) -> TableFile:
    """The change of spend between two years by one dimension, a row each and then all together.

    HnbError for a dimension that growth cannot be cut by, or one year twice.
    """
    asked = selection.with_(authority=data.configuration.authority, years=())
    codes = CODELISTS["growth_effects"]
    rows = growth(data, asked, before, after, (by,))
    whole = growth(data, asked, before, after)
    figures = (
        "spend_before",
        "spend_after",
        "change",
        *EFFECTS,
        "years_before",
        "years_after",
        "unit_before",
        "unit_after",
    )
    headings = (
        wording.dimension_title(by), f"Spend {before} (£)", f"Spend {after} (£)", "Change (£)", *(f"{codes.label(code)} (£)" for code in EFFECTS),
        f"Placement-years {before}", f"Placement-years {after}", f"Cost of a placement-year {before} (£)", f"Cost of a placement-year {after} (£)",
    )  # fmt: skip
    missing = wording.missing("no_denominator")

    def cells(label: str, row: dict[str, float | None]) -> tuple[object, ...]:
        return (label, *(missing if row[name] is None else row[name] for name in figures))

    lines = [cells(wording.label(by, row[by]), row) for row in rows.iter_rows(named=True)]
    lines += [cells("All together", row) for row in whole.iter_rows(named=True)]
    about = [
        (
            "What it is",
            f"{data.configuration.block_name}, {data.configuration.authority_name}: why spend moved from {before} to {after}",
        ),
        ("Selected", asked.about()),
        *((codes.label(code), codes.meaning(code)) for code in EFFECTS),
        ("Caution", "The effects add up to the change to the penny in every row."),
        ("Snapshot", f"{data.id}, published {data.made_at.isoformat(timespec='minutes')}"),
    ]
    years = "#,##0.00"
    formats = ("", *[_POUNDS] * (3 + len(EFFECTS)), years, years, _POUNDS, _POUNDS)
    context = {"Selected": asked.about(), "Snapshot": data.id}
    return TableFile(headings, formats, lines, about, context, data, 1)


def growth_address(selection: Selection, before: str, after: str, by: str, kind: Format) -> str:
    """Where the file is had: "/export/growth/setting.csv?from=2024-25&to=2025-26&settings=…"."""
    query = "&".join(
        part
        for part in (
            selection.with_(authority="", years=()).to_query(),
            f"from={quote(before)}&to={quote(after)}",
        )
        if part
    )
    return f"/export/growth/{by}.{kind}?{query}"
