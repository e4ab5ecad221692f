"""Small tables drawn in a test: what a reader sees is what is computed on."""

from __future__ import annotations

from typing import Any

import polars

# What a picture need not say, so that it shows only what the test is about.
UNSAID: dict[str, dict[str, Any]] = {
    "spend": {
        "authority": "E09000029", "financial_year": "2024-25", "basis": "outturn", "part": "placements",
        "line": "1.2.3", "setting": "special_independent", "phase": "primary", "need": "ASD",
        "in_borough": True, "provider": "Oak School", "amount": 0.0, "placement_years": 0.0, "placements": 0,
    },
    "placement_sums": {
        "authority": "E09000029", "financial_year": "2024-25", "month": "2024-04-01", "is_expected": False, "line": "1.2.3",
        "setting": "special_independent", "phase": "primary", "need": "ASD", "in_borough": True, "provider": "Oak School",
        "placement_years": 0.0, "cost": 0.0, "placements": 0, "mid_month_placements": 0, "started": 0, "ended": 0, "annual_cost": 0.0,
    },
    "placement_full_year": {
        "authority": "E09000029", "financial_year": "2024-25", "cohort": "existing", "line": "1.2.3",
        "setting": "special_independent", "phase": "primary", "need": "ASD", "in_borough": True, "provider": "Oak School",
        "placements": 1, "cost": 0.0, "whole_year_cost": 0.0, "effect": 0.0, "next_year_cost": 0.0,
    },
    "budget": {
        "authority": "E09000029", "financial_year": "2024-25", "as_at": "2024-10-31", "line": "1.2.3",
        "setting": "special_independent", "phase": "primary", "money": "forecast", "amount": 0.0,
    },
    "budget_months": {
        "authority": "E09000029", "financial_year": "2024-25", "as_at": "2024-10-31", "month": "2024-04-01", "line": "1.2.3",
        "setting": "special_independent", "phase": "primary", "money": "actual", "amount": 0.0,
    },
    "grant": {
        "authority": "E09000029", "financial_year": "2024-25", "published_on": "2024-07-18",
        "component": "before_deductions", "amount": 0.0,
    },
    "balances": {"authority": "E09000029", "financial_year": "2024-25", "basis": "pounds", "balance": None},
    "plans": {
        "authority": "E09000029", "year": 2025, "setting": "mainstream", "setting_detail": None,
        "need": "not_by_need", "age_band": "all_ages", "plans": None, "status": "reported",
    },
    "spend_returns": {
        "authority": "E09000029", "financial_year": "2021-22", "stage": "outturn", "detail": "line_group",
        "line": None, "line_group": "top_up_independent", "setting": "not_recorded", "phase": "not_by_phase",
        "is_income": False, "amount": 0.0,
    },
    "recommendations": {
        "authority": "E09000029", "recommendation_id": "R1", "theme": "Places", "title": "Fewer costly placements",
        "owner": "Head of SEND", "measure": "spend", "setting": None, "phase": None, "need": None,
        "baseline_year": None, "baseline": None, "target": None, "target_year": None, "aim": None, "status": "in_progress",
        "evidence_source": None, "is_illustrative": False, "source": "register.xlsx!Recommendations!5",
    },
    "recommendation_updates": {
        "authority": "E09000029", "recommendation_id": "R1", "noted_on": "2025-01-01", "status": None,
        "note": None, "decision": None, "source": "register.xlsx!Updates!5",
    },
}  # fmt: skip


def drawn(table: str, picture: str) -> polars.DataFrame:
    """A table from its picture: the first line names columns, "|" parts cells, "." is a missing cell.

    Columns that the picture leaves out hold what `UNSAID` says.
    """
    lines = [line.strip() for line in picture.strip().splitlines() if line.strip()]
    names = [name.strip() for name in lines[0].split("|")]
    rows = [dict(zip(names, (_cell(cell) for cell in line.split("|")), strict=True)) for line in lines[1:]]
    whole = [{**UNSAID[table], **row} for row in rows]
    frame = polars.DataFrame(whole, schema=list(UNSAID[table]), infer_schema_length=None)
    dates = [name for name in ("as_at", "published_on", "noted_on", "month") if name in frame.columns]
    return frame.with_columns(polars.col(name).cast(polars.String).str.to_date() for name in dates)


def answered(frame: polars.DataFrame, *columns: str) -> list[tuple[Any, ...]]:
    """The rows of an answer with the columns of interest, in its order."""
    return frame.select(*columns).rows()


def _cell(text: str) -> Any:
    plain = text.strip()
    if plain == ".":
        return None
    if plain in ("yes", "no"):
        return plain == "yes"
    for kind in (int, float):
        try:
            return kind(plain.replace("_", "")) if plain[:1].isdigit() or plain[:1] == "-" else plain
        except ValueError:
            continue
    return plain
