"""Small snapshots to look at the dashboard in every state: full, one row, empty. Invented, and made in a moment."""

from __future__ import annotations

import datetime
from pathlib import Path

import pandas

from hnb.store import Snapshot, publish
from hnb.tables import TABLES
from tests.dashboard import (
    budget_records,
    comparison_records,
    ledger_records,
    load_records,
    placement_records,
)

SUTTON = "E09000029"
YEARS = ("2022-23", "2023-24", "2024-25", "2025-26", "2026-27")
NOW = datetime.datetime(2026, 11, 2, 9, 30, tzinfo=datetime.UTC)

# line, setting, phase, need, part, cost of a placement-year, placements in the first year, more each year
_CELLS = (
    ("1.2.1", "mainstream", "primary", "SLCN", "placements", 9_000, 240, 18),
    ("1.2.1", "mainstream", "secondary", "ASD", "placements", 10_500, 190, 20),
    ("1.2.1", "resourced", "primary", "ASD", "placements", 15_500, 90, 4),
    ("1.2.1", "resourced", "secondary", "MLD", "placements", 14_000, 70, -2),
    ("1.2.2", "special_academy", "primary", "PMLD", "placements", 24_000, 80, 3),
    ("1.2.2", "special_academy", "secondary", "ASD", "placements", 22_500, 120, 6),
    ("1.2.1", "special_maintained", "secondary", "SEMH", "placements", 21_000, 60, 2),
    ("1.2.3", "special_independent", "secondary", "SEMH", "placements", 64_000, 75, 9),
    ("1.2.3", "special_independent", "primary", "ASD", "placements", 58_000, 30, 5),
    ("1.2.3", "special_non_maintained", "secondary", "HI", "placements", 61_000, 12, 1),
    ("1.2.2", "further_education", "post16", "MLD", "placements", 9_500, 110, 10),
    ("1.2.3", "specialist_post16", "post19", "PMLD", "placements", 55_000, 14, 2),
    ("1.2.7", "alternative_provision", "secondary", "not_recorded", "placements", 19_000, 25, 3),
    ("1.2.5", "central", "not_by_phase", "not_by_need", "services", 0, 0, 0),
    ("1.0.2", "special_academy", "not_by_phase", "not_by_need", "places", 0, 0, 0),
    ("1.2.3", "special_independent", "secondary", "not_by_need", "not_explained", 0, 0, 0),
)
REPORTS = ((datetime.date(2026, 9, 30), 1.006), (datetime.date(2026, 10, 31), 1.0))
"""The last year's reports, and how much more each forecast than the spend of the year comes to."""
LEANING = {"1.2.1": 1.06, "1.2.5": 1.07, "1.2.3": 0.98}
"""How generously each line was budgeted, against the others."""
_BULK = {"services": 2_400_000.0, "places": 3_100_000.0, "not_explained": -41_250.37}


def spend_rows() -> pandas.DataFrame:
    """Rows of `spend` for five years; the last is a forecast."""
    rows = []
    for step, year in enumerate(YEARS):
        for line, setting, phase, need, part, price, first, growth in _CELLS:
            placements = first + growth * step
            years = placements * 0.97
            amount = years * price * 1.04**step if part == "placements" else _BULK[part] * 1.05**step
            rows.append(
                {
                    "authority": SUTTON, "financial_year": year, "part": part, "line": line, "setting": setting,
                    "basis": "forecast" if year == YEARS[-1] else "outturn", "phase": phase, "need": need,
                    "in_borough": None if part != "placements" else not setting.startswith("special_i"),
                    "provider": f"Provider of {setting.replace('_', ' ')} {phase}" if part == "placements" else None,
                    "amount": round(amount, 2), "placement_years": years if part == "placements" else 0.0,
                    "placements": placements if part == "placements" else 0,
                    "counted_on": datetime.date(2023 + step, 1, 19), "source": f"invented {year}",
                }
            )  # fmt: skip
    return pandas.DataFrame(rows)


def budget_rows() -> pandas.DataFrame:
    """Two monitors for the last year: budget, actual, forecast of every line × setting × phase of `spend`."""
    last = spend_rows().query("financial_year == @YEARS[-1]")
    leaves = last.groupby(["line", "setting", "phase"], as_index=False)["amount"].sum()
    shares = {
        "original_budget": 0.94,
        "revised_budget": 0.96,
        "actual_to_date": 0.55,
        "commitment": 0.3,
        "forecast": 1.0,
    }
    rows = [
        {
            "authority": SUTTON, "financial_year": YEARS[-1], "as_at": as_at, "line": leaf.line,
            "setting": leaf.setting, "phase": leaf.phase, "money": money,
            "amount": round(leaf.amount * share * (moved if money == "forecast" else 1.0) * LEANING.get(leaf.line, 1.0) ** (money != "forecast"), 2),
            "source": "invented monitor",
        }
        for leaf in leaves.itertuples()
        for as_at, moved in REPORTS
        for money, share in shares.items()
    ]  # fmt: skip
    return pandas.DataFrame(rows)


def grant_rows() -> pandas.DataFrame:
    """An allocation a year."""
    rows = []
    for step, year in enumerate(YEARS):
        before, places = 52_000_000.0 + 4_000_000 * step, -6_000_000.0
        for component, amount in (
            ("before_deductions", before), ("place_deductions", places), ("after_deductions", before + places),
            ("block_transfer", 500_000.0),
        ):  # fmt: skip
            rows.append(
                {
                    "authority": SUTTON, "financial_year": year, "published_on": datetime.date(2022 + step, 3, 28),
                    "component": component, "amount": amount, "source": "invented allocation",
                }
            )  # fmt: skip
    return pandas.DataFrame(rows)


def balance_rows() -> pandas.DataFrame:
    """The balance at the end of each closed year."""
    amounts = (1_100_000.0, -1_391_038.0, -10_600_000.0, -17_200_000.0)
    return pandas.DataFrame(
        [
            {
                "authority": SUTTON,
                "financial_year": year,
                "basis": "pounds",
                "balance": amount,
                "balance_share": None,
                "source": "invented",
            }
            for year, amount in zip(YEARS, amounts, strict=False)
        ]
    )


def plan_rows() -> pandas.DataFrame:
    """Plans each January, by setting."""
    rows = []
    for year, base in ((2023, 2_164), (2024, 2_304), (2025, 2_582), (2026, 2_790)):
        for setting, share in (
            ("mainstream", 0.45),
            ("resourced", 0.15),
            ("special_academy", 0.25),
            ("special_independent", 0.15),
        ):
            rows.append(
                {
                    "authority": SUTTON, "year": year, "setting": setting, "setting_detail": None, "need": "not_by_need",
                    "age_band": "all_ages", "plans": round(base * share), "status": "reported", "source": "invented",
                }
            )  # fmt: skip
    return pandas.DataFrame(rows)


def recommendation_rows() -> pandas.DataFrame:
    """Three recommendations: one with an illustrative target, one without a target, one without a measure."""
    common = {
        "authority": SUTTON,
        "owner": "Commissioning",
        "need": None,
        "evidence_source": "invented",
        "source": "invented",
    }
    return pandas.DataFrame(
        [
            {
                **common, "recommendation_id": "R1", "theme": "Sufficiency", "measure": "placements", "setting": "independent",
                "title": "Use fewer independent and non-maintained placements", "phase": None, "baseline_year": "2022-23",
                "baseline": None, "target": 110.0, "target_year": "2027-28", "status": "in_progress", "is_illustrative": True,
            },
            {
                **common, "recommendation_id": "R2", "theme": "Sufficiency", "measure": "placements", "setting": "resourced",
                "title": "Grow resource bases", "phase": "secondary", "baseline_year": "2022-23", "baseline": 70.0,
                "target": None, "target_year": None, "status": "in_progress", "is_illustrative": False,
            },
            {
                **common, "recommendation_id": "R3", "theme": "Governance", "measure": None, "setting": None,
                "title": "Make decisions about the block together", "phase": None, "baseline_year": None, "baseline": None,
                "target": None, "target_year": None, "status": "done", "is_illustrative": False,
            },
        ]
    )  # fmt: skip


def update_rows() -> pandas.DataFrame:
    """A note with a decision on the first recommendation, and one without."""
    common = {"authority": SUTTON, "recommendation_id": "R1", "status": "in_progress", "source": "invented"}
    return pandas.DataFrame(
        [
            {**common, "noted_on": datetime.date(2025, 10, 1), "note": "A panel looks at each.", "decision": "Report it each term."},
            {**common, "noted_on": datetime.date(2026, 6, 16), "note": "Fewer were asked for.", "decision": None},
        ]
    )  # fmt: skip


def full(processed: Path, *, keep_years: int = len(YEARS)) -> Snapshot:
    """Publish a snapshot in which every page has something to show."""
    return _published(
        processed,
        {
            "spend": spend_rows().query("financial_year in @YEARS[:@keep_years]"),
            "budget": budget_rows(),
            "budget_months": budget_records.by_month(budget_rows()),
            "grant": grant_rows(),
            "balances": balance_rows(),
            "plans": plan_rows(),
            "recommendations": recommendation_rows(),
            "recommendation_updates": update_rows(),
            **placement_records.tables(),
            **ledger_records.tables(),
            **comparison_records.comparison(),
            **about_the_build(),
        },
    )


def about_the_build(**instead: pandas.DataFrame) -> dict[str, pandas.DataFrame]:
    """What an invented build wrote about itself, by table."""
    return {
        "files": load_records.files(),
        "problems": load_records.problems(),
        "load_changes": load_records.load_changes(),
        "coverage": load_records.coverage(),
        **instead,
    }


def with_load(processed: Path, **instead: pandas.DataFrame) -> Snapshot:
    """Publish a snapshot with nothing but what a build wrote about itself; `instead` replaces a table of it."""
    return _published(processed, about_the_build(**instead))


def one_row(processed: Path) -> Snapshot:
    """Publish a snapshot whose only figure is one row of spend."""
    return _published(processed, {"spend": spend_rows().head(1)})


def published_only(processed: Path, *, grant_until: str = YEARS[-1]) -> Snapshot:
    """Publish what published files alone give: allocation, balances and plans; no budget, no placements."""
    grant = grant_rows().query("financial_year <= @grant_until")
    return _published(processed, {"grant": grant, "balances": balance_rows(), "plans": plan_rows()})


def plans_suppressed(processed: Path) -> Snapshot:
    """Publish what published files give where every count of plans is hidden to protect confidentiality."""
    plans = plan_rows().assign(plans=None, status="suppressed")
    return _published(processed, {"grant": grant_rows(), "balances": balance_rows(), "plans": plans})


def empty(processed: Path) -> Snapshot:
    """Publish a snapshot in which every table is there and none has a row."""
    return _published(processed, {})


def _published(processed: Path, frames: dict[str, pandas.DataFrame]) -> Snapshot:
    tables = {name: frames.get(name, table.empty()) for name, table in TABLES.items()}
    files = [
        {"name": "invented.xlsx", "sha256": "0" * 64, "bytes": 0, "rows": sum(map(len, frames.values()))}
    ]
    return publish(tables, processed, files=files, now=NOW, code_version="test")
