"""A few invented placements with what they cost by month, for pages that look at single placements."""

from __future__ import annotations

import datetime
from pathlib import Path

import pandas

from hnb.placement_months import placement_months
from hnb.spend import spend
from hnb.store import Snapshot, publish
from hnb.tables import TABLES

NOW = datetime.datetime(2026, 11, 2, 9, 30, tzinfo=datetime.UTC)

# child, setting, provider, start, end, annual cost: two at dear places among five usual ones, one of them for a quarter
PLACED = (
    ("a", "special_independent", "Dear School", "2025-04-01", None, 90_000.0),
    ("b", "special_independent", "Dear School", "2025-04-01", "2025-06-30", 120_000.0),
    ("c", "special_independent", "Plain School", "2025-04-01", None, 40_000.0),
    ("d", "special_independent", "Plain School", "2025-04-01", None, 40_000.0),
    ("e", "special_independent", "Plain School", "2025-04-01", None, 42_000.0),
    ("f", "mainstream", "Town Primary", "2025-04-01", None, 6_000.0),
    ("g", "mainstream", "Town Primary", "2025-09-01", None, 8_000.0),
)


def placement_rows(year: str, placed: tuple[tuple, ...] = PLACED, *, dearer: float = 1.0) -> pandas.DataFrame:
    """The register of a financial year, kept to its end; `dearer` multiplies every cost."""
    first = int(year[:4])
    moved = first - 2025

    def date(text: str | None) -> datetime.date | None:
        if text is None:
            return None
        day = datetime.date.fromisoformat(text)
        return day.replace(year=day.year + moved)

    rows = [
        {
            "authority": "E09000029", "financial_year": year, "register_as_at": datetime.date(first + 1, 3, 31), "placement_id": f"P-{child}1",
            "pupil_id": f"{child}{child}", "need": "ASD", "setting": setting, "phase": "secondary", "provider": provider, "in_borough": False,
            "line": "1.2.3", "start_on": date(start), "end_on": date(end), "status": "ended" if end else "open", "placement_rank": 1,
            "annual_cost": round(annual * dearer, 2), "source": f"register {year}.xlsx!Register!{number}",
        }
        for number, (child, setting, provider, start, end, annual) in enumerate(placed, 5)
    ]  # fmt: skip
    return TABLES["placements"].conform(pandas.DataFrame(rows))


def published(processed: Path, placements: pandas.DataFrame) -> Snapshot:
    """Publish a snapshot of a register and what is derived from it, without a budget."""
    months = placement_months(placements)
    frames = {
        "placements": placements,
        "placement_months": months,
        "spend": spend(placements, months, TABLES["budget"].empty()),
    }
    tables = {name: frames.get(name, table.empty()) for name, table in TABLES.items()}
    files = [{"name": "invented.xlsx", "sha256": "0" * 64, "bytes": 0, "rows": len(placements)}]
    return publish(tables, processed, files=files, now=NOW, code_version="test")
