"""A small invented register of two years, with something of everything that a person should look at."""

from __future__ import annotations

import datetime

import pandas

from hnb.placement_exceptions import placement_exceptions
from hnb.placement_full_year import placement_full_year
from hnb.placement_months import placement_months
from hnb.placement_sums import placement_sums
from hnb.tables.placements import PLACEMENTS

DATE = datetime.date
REGISTERS = {"2025-26": DATE(2026, 3, 31), "2026-27": DATE(2026, 10, 31)}

# number, child, need, setting, phase, provider, in borough, start, end, status, annual cost, age
_PLACED = (
    ("P1", "a", "ASD", "special_independent", "secondary", "Oak School", False, DATE(2022, 9, 1), None, "open", 73_000.0, 14),
    ("P2", "b", "SEMH", "special_independent", "secondary", "Oak School", False, DATE(2026, 9, 1), None, "open", 73_000.0, 13),
    ("P3", "c", "SLCN", "mainstream", "primary", "Ash Primary", True, DATE(2023, 9, 1), None, "open", 7_300.0, 8),
    ("P4", "d", "not_recorded", "mainstream", "primary", "Ash Primary", True, DATE(2025, 9, 1), None, "open", 7_300.0, 7),
    ("P5", "e", "MLD", "special_academy", "secondary", "Elm Academy", True, DATE(2020, 9, 1), DATE(2026, 8, 31), "ended", 21_900.0, 16),
    ("P6", "e", "MLD", "further_education", "post16", "Holly College", True, DATE(2026, 9, 1), None, "open", 10_950.0, 16),
    ("P7", "f", "ASD", "special_independent", "secondary", "Fir House", False, DATE(2024, 9, 1), None, "ended", 54_750.0, 15),
    ("P8", "g", "ASD", "special_independent", "secondary", "Fir House", False, DATE(2021, 9, 1), None, "open", 54_750.0, 12),
    ("P9", "g", "ASD", "special_academy", "secondary", "Elm Academy", True, DATE(2026, 9, 21), None, "open", 21_900.0, 12),
    ("P10", "h", "PMLD", "specialist_post16", "post19", "Yew Trust", False, DATE(2019, 9, 1), None, "open", 54_750.0, 25),
    ("P11", "i", "ASD", "special_independent", "primary", "Oak School", False, DATE(2027, 1, 4), None, "planned", 65_700.0, 9),
)  # fmt: skip
_NAMES = ("placement_id", "pupil_id", "need", "setting", "phase", "provider", "in_borough", "start_on", "end_on", "status", "annual_cost", "age")  # fmt: skip
_LINES = {"mainstream": "1.2.1", "special_academy": "1.2.2", "further_education": "1.2.2"}


def placements() -> pandas.DataFrame:
    """The registers of both years; the first knows nothing yet of what begins after it."""
    rows = []
    for year, as_at in REGISTERS.items():
        for place, placed in enumerate(_PLACED, start=6):
            row = dict(zip(_NAMES, placed, strict=True))
            if row["start_on"] > as_at and row["status"] != "planned":
                continue
            if year == "2025-26":
                row |= {"end_on": None, "status": "open"} if row["status"] != "planned" else {}
                if row["start_on"] > as_at:
                    continue
            rows.append(
                {
                    **row, "authority": "E09000029", "financial_year": year, "register_as_at": as_at,
                    "line": _LINES.get(row["setting"], "1.2.3"), "source": f"register_{year}.xlsx!Placements!{place}",
                }
            )  # fmt: skip
    return PLACEMENTS.conform(pandas.DataFrame(rows))


def tables() -> dict[str, pandas.DataFrame]:
    """The register with all that a build derives from it, but for spend."""
    register = placements()
    months = placement_months(register)
    return {
        "placements": register,
        "placement_months": months,
        "placement_sums": placement_sums(register, months),
        "placement_full_year": placement_full_year(register, months),
        "placement_exceptions": placement_exceptions(register),
    }
