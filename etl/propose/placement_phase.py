"""The phase of a placement, where no column says it: by the curriculum year or the setting."""

from __future__ import annotations

import re

from etl.propose.draft import Draft, why
from etl.propose.matching import Match
from etl.propose.study import Study
from hnb.codelists import folded

_PHASES_OF_YEARS = (
    (-3, 0, "early_years"),
    (0, 6, "primary"),
    (7, 11, "secondary"),
    (12, 15, "post16"),
    (16, 25, "post19"),
)


def phase(draft: Draft, study: Study, found: dict[str, Match]) -> None:
    """The phase by the curriculum year where that is printed, else not recorded."""
    if "year_group" in found:
        column = found["year_group"].column
        values = {text: phase for text in column.distinct if (phase := _phase_of(text))}
        draft.columns["phase"] = {"why": why("no column says the phase: it follows from the curriculum year", 0.9), "from": "year_group",
                                  "values": values, "blank": "not_recorded"}  # fmt: skip
    elif "setting" in found and found["setting"].column.known_share("phases") > 0.9:
        draft.columns["phase"] = {
            "why": why("the setting says the phase too", 0.7),
            "from": "setting",
            "blank": "not_recorded",
        }
    else:
        draft.constants["phase"] = "not_recorded"
        draft.constants_why["phase"] = "no column says the phase or the curriculum year"


def curriculum_year(text: str) -> int | None:
    """ "Year 7" → 7, "R" → 0, "N2" → −1; None for what is no curriculum year."""
    plain = folded(text)
    if re.search(r"\b(?:r|reception)\b", plain):
        return 0
    if re.search(r"\b(?:n\d?|nursery)\b", plain):
        return -1
    digits = re.search(r"\d{1,2}", plain)
    return int(digits[0]) if digits else None


def _phase_of(text: str) -> str:
    plain = folded(text)
    if re.search(r"\b(?:r|reception)\b", plain):
        return "primary"
    if re.search(r"\b(?:n\d?|nursery)\b", plain):
        return "early_years"
    digits = re.search(r"-?\d+", text)
    if not digits:
        return ""
    year = int(digits[0])
    if year == 0:
        return "primary"
    return next((phase for low, high, phase in _PHASES_OF_YEARS if low <= year <= high), "")
