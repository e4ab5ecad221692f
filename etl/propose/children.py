"""What of a sheet about children is never read, and which column is the number of a child."""

from __future__ import annotations

import re

from etl.propose import vocabulary
from etl.propose.matching import Match
from etl.propose.study import Study
from hnb.codelists import folded


def barred(study: Study) -> dict[int, str]:
    """Columns that are never read in a sheet about children, with the reason."""
    found: dict[int, str] = {}
    for column in study.columns:
        last = column.heading.split(" | ")[-1]
        stem = re.sub(r"\s*\d+$", "", last)
        private = max(
            (vocabulary.other_meaning("private", text) for text in {column.heading, last, stem}),
            key=lambda meaning: meaning.score,
        )
        born = vocabulary.other_meaning("date_of_birth", last)
        prose = vocabulary.other_meaning("free_text", last)
        if born.score >= 0.85:
            found[column.index] = "A date of birth is never kept"
        elif column.private:
            found[column.index] = f"It holds {column.private}, which are never read"
        elif private.score >= 0.9 and not (
            last.lower() in ("pupil", "child", "student") and column.record_share > 0.9
        ):
            found[column.index] = "It names or describes a child and is never read"
        elif column.looks_like_names and not _is_of_schools(last):
            found[column.index] = "It seems to hold people's names, which are never read"
        elif prose.score >= 0.9 or (column.is_prose and not _is_of_schools(last)):
            found[column.index] = "Free text is never read: it may speak of a child"
    return found


def holds_birthdays_or_upns(study: Study) -> bool:
    """Whether a column says when children were born, or their unique pupil numbers."""
    return any(reason.startswith("A date of birth") or "UPN" in reason for reason in barred(study).values())


def the_child(study: Study, found: dict[str, Match], private: dict[int, str]) -> None:
    """The child's identifier where no heading says one plainly: a number of a child's own, else the only number there is."""
    if "pupil_id" in found:
        return
    for index, reason in list(private.items()):
        column = study.by_index[index]
        if "UPN" in reason or folded(column.heading.split(" | ")[-1]) in (
            "upn",
            "pupil upn",
            "uln",
            "unique pupil number",
        ):
            del private[index]
            found["pupil_id"] = Match("pupil_id", column, 0.8, "the only number of a child")
            return
    if "placement_id" in found:
        match = found.pop("placement_id")
        found["pupil_id"] = Match(
            "pupil_id", match.column, 0.6, f"the only number in the sheet ({match.reason})"
        )


def _is_of_schools(heading: str) -> bool:
    return bool(
        re.search(
            r"provider|school|setting|establish|placement|college|institution|supplier|s251|line|need|provision|base\b|budget",
            heading,
            re.IGNORECASE,
        )
    )
