"""Small publications by hand: what a test says of a kind of setting, and nought everywhere else.

publication(
    {("2025-26", "independent"): Placed(10, 500_000, 480_000, 9.5), …}, hidden={("2025-26", "other")},
)
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

import polars

from hnb.codelists import CODELISTS
from hnb.disclosure import TOTAL, Account, Rules
from hnb.metrics import measure_named
from hnb.published import BoardRecommendation, Published
from hnb.recommendation_gap import Gap
from hnb.recommendations import Assessment, Point, Update
from hnb.selection import Selection

SETTINGS = CODELISTS["board_settings"].codes
PHASES = CODELISTS["board_phases"].codes
NEEDS = CODELISTS["board_needs"].codes
_BLOCK = (
    "before_deductions", "place_deductions", "other_adjustments", "after_deductions", "block_transfer", "available",
    "spend", "in_year", "opening", "not_explained", "closing", "stability_grant", "closing_after_grant", "spent_share",
    "balance_share",
)  # fmt: skip


class Placed(NamedTuple):
    """What a test says of one cell."""

    placements: float = 0.0
    spend: float = 0.0
    placement_cost: float = 0.0
    placement_years: float = 0.0


def publication(
    settings: Mapping[tuple[str, str], Placed],
    *,
    hidden: Collection[tuple[str, str]] = (),
    cells: Mapping[tuple[str, str, str, str], Placed] | None = None,
    hidden_cells: Collection[tuple[str, str, str, str]] = (),
    block: Sequence[Mapping[str, Any]] = (),
    recommendations: Sequence[BoardRecommendation] = (),
    forecast_years: tuple[str, ...] = (),
    number: int = 1,
    as_at: datetime.date | None = datetime.date(2026, 10, 31),
) -> Published:
    """A publication for the screen.

    settings: (year, kind of setting) → its total. hidden: those of them that are hidden; the year's total stands.
    cells: (year, setting, phase, need) → a cell of one of the tables, TOTAL where it is of all; hidden_cells likewise.
    """
    years = sorted({year for year, _ in settings})
    rows: dict[tuple[str, str, str, str], tuple[Placed, str]] = {}
    for year in years:
        for setting in SETTINGS:
            for phase in PHASES:
                rows[year, setting, phase, TOTAL] = (Placed(), "reported")
            for need in NEEDS:
                rows[year, setting, TOTAL, need] = (Placed(), "reported")
            status = "suppressed" if (year, setting) in hidden else "reported"
            rows[year, setting, TOTAL, TOTAL] = (settings.get((year, setting), Placed()), status)
        for phase in PHASES:
            rows[year, TOTAL, phase, TOTAL] = (Placed(), "reported")
            for need in NEEDS:
                rows[year, TOTAL, phase, need] = (Placed(), "reported")
        for need in NEEDS:
            rows[year, TOTAL, TOTAL, need] = (Placed(), "reported")
        of_year = [placed for (when, _), placed in settings.items() if when == year]
        rows[year, TOTAL, TOTAL, TOTAL] = (
            Placed(*(sum(amounts) for amounts in zip(*of_year, strict=True))),
            "reported",
        )
    for key, placed in (cells or {}).items():
        rows[key] = (placed, "reported")
    for key in hidden_cells:
        rows[key] = (Placed(), "suppressed")
    return Published(
        f"{number:06d}-20261130T101500Z", datetime.datetime(2026, 11, number, 10, 15, tzinfo=datetime.UTC),
        "000001-20261130T000000Z", as_at, "screen", "E09000029", "Sutton", "Sutton Education Partnership", "SEP",
        "High Needs Block", Rules(), Account(1, 1, 0, 0, 1, 1, 1.0, 1.0),
        {
            "setting_by_phase": _table(rows, ("setting", "phase")),
            "setting_by_need": _table(rows, ("setting", "need")),
            "phase_by_need": _table(rows, ("phase", "need")),
        },
        forecast_years, _block(block), tuple(recommendations),
    )  # fmt: skip


def recommendation(
    *,
    recommendation_id: str = "R1",
    theme: str = "Independent placements",
    progress: str = "behind",
    reason: str = "9.0% in 2025-26; 1.0 points above its path to 8.0% by 2026-27",
    measure: str = "placements_share",
    values: Mapping[str, float | None] | None = None,
    status: str = "in_progress",
    gap: Gap | None = None,
    updates: Sequence[Update] = (),
    **more: Any,
) -> BoardRecommendation:
    """One recommendation as the audience may see it; values: year → the measure, None where it is hidden."""
    series = tuple(
        Point(year, value, "reported" if value is not None else "suppressed")
        for year, value in (values or {}).items()
    )
    known = [point for point in series if point.value is not None]
    given: dict[str, Any] = {
        "recommendation_id": recommendation_id, "theme": theme, "title": f"The recommendation on {theme.lower()}",
        "owner": "Head of commissioning", "status": status, "evidence_source": "A published strategy",
        "is_illustrative": False, "source": "register.xlsx!Recommendations!4",
        "measure": measure_named(measure) if measure else None, "selection": Selection(settings=("special_independent",)),
        "progress": progress, "reason": reason, "series": series, "updates": tuple(updates),
        "baseline": known[0] if known else None, "latest": known[-1] if known else None,
    }  # fmt: skip
    hidden = tuple(point.financial_year for point in series if point.value is None)
    return BoardRecommendation(Assessment(**{**given, **more}), gap or Gap(None), None, hidden)


def _table(
    rows: Mapping[tuple[str, str, str, str], tuple[Placed, str]], dimensions: tuple[str, str]
) -> polars.DataFrame:
    found = []
    for (year, setting, phase, need), (placed, status) in rows.items():
        codes = {"setting": setting, "phase": phase, "need": need}
        (other,) = set(codes) - set(dimensions)
        if codes[other] != TOTAL:
            continue
        amounts = placed._asdict() if status == "reported" else dict.fromkeys(Placed._fields)
        found.append(
            {
                "financial_year": year,
                **{name: codes[name] for name in dimensions},
                **amounts,
                "status": status,
            }
        )
    schema = dict.fromkeys(Placed._fields, polars.Float64)
    return polars.DataFrame(found, schema_overrides=schema)


def _block(rows: Sequence[Mapping[str, Any]]) -> polars.DataFrame:
    schema: dict[str, Any] = {
        "financial_year": polars.String, **dict.fromkeys(_BLOCK, polars.Float64),
        "is_forecast": polars.Boolean, "is_carried_on": polars.Boolean, "is_paid": polars.Boolean,
    }  # fmt: skip
    blank = {**dict.fromkeys(_BLOCK), "is_forecast": False, "is_carried_on": False, "is_paid": False}
    return polars.DataFrame([{**blank, **row} for row in rows], schema=schema)
