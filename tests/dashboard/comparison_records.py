"""Invented rows of whom the authority is compared with, for snapshots in which the page Compare has something to show."""

from __future__ import annotations

import datetime

import pandas

SUTTON = "E09000029"
ALIKE = ("E09000024", "E10000015", "E10000003")
"""Merton, Hertfordshire, Cambridgeshire; the last gives no placements."""


def comparison() -> dict[str, pandas.DataFrame]:
    """The tables of comparison, and the return, by name."""
    return {
        "neighbours": pandas.DataFrame(
            [
                {"authority": SUTTON, "edition": datetime.date(2025, 5, 1), "rank": rank, "neighbour": code, "closeness": None, "source": "invented"}
                for rank, code in enumerate(ALIKE, 1)
            ]
        ),
        "population": pandas.DataFrame(
            [
                {"authority": code, "year": 2025, "kind": kind, "people": people * share, "source": "invented"}
                for code, people in zip((SUTTON, *ALIKE), (60_000.0, 58_000.0, 350_000.0, 190_000.0), strict=True)
                for kind, share in (("aged_0_24", 1.0), ("pupils", 0.6))
            ]
        ),
        "area_totals": pandas.DataFrame(
            [
                {"area": area, "year": 2025, "figure": figure, "setting": setting, "line_group": None, "amount": amount, "source": "invented"}
                for area, figure, setting, amount in (
                    ("E12000007", "plans", "mainstream", 70_000.0), ("E12000007", "plans", "special_independent", 30_000.0),
                    ("E12000007", "aged_0_24", None, 2_600_000.0), ("E12000007", "pupils", None, 1_500_000.0),
                )
            ]
        ),
    }  # fmt: skip


def neighbour_plans() -> pandas.DataFrame:
    """Plans of the neighbours, January 2025."""
    rows = [
        (ALIKE[0], "mainstream", 1_500), (ALIKE[0], "special_independent", 400), (ALIKE[1], "mainstream", 9_000),
        (ALIKE[1], "special_independent", 600), (ALIKE[2], "mainstream", None), (ALIKE[2], "special_independent", None),
        (ALIKE[2], "not_recorded", 8_007),
    ]  # fmt: skip
    return pandas.DataFrame(
        [
            {
                "authority": code, "year": 2025, "setting": setting, "setting_detail": None, "need": "not_by_need", "age_band": "all_ages",
                "plans": plans, "status": "reported" if plans else "not_available", "source": "invented",
            }
            for code, setting, plans in rows
        ]
    )  # fmt: skip
