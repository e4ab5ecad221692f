"""The High Needs Stability Grant: what the government is to pay towards the deficit of the Dedicated Schools Grant.

The rule of the trade (domain.md, rule 11). Its terms are data, in `hnb/codes/stability_grant.toml`, with their
sources. Until a row of the table `grant` says that it was paid, it is only what would be paid.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from functools import cache

from hnb.codelists import CODELISTS

COMPONENT = "stability_grant"
"""The component under which `grant` holds it once it is paid."""


@dataclass(frozen=True)
class StabilityGrant:
    """The terms: the share of the deficit at the end of one year that is paid in a later one, and their words."""

    label: str
    short: str
    share: float
    deficit_at_end_of: str
    paid_in: str
    paid_when: str
    condition: str
    meaning: str
    caution: str
    source: str

    def of(self, balance: float) -> float:
        """Pounds to the penny that it pays on a balance (negative = deficit). A surplus earns nothing.

        >>> stability_grant().of(-16_500_000.0), stability_grant().of(900_000.0)
        (14850000.0, 0.0)
        """
        return round(max(-balance, 0.0) * self.share, 2)


@dataclass(frozen=True)
class StatutoryOverride:
    """Until when a deficit is kept apart from the council's own money, and what that means in plain words."""

    label: str
    last_day: datetime.date
    meaning: str
    while_it_lasts: str
    when_it_ends: str
    source: str


@cache
def stability_grant() -> StabilityGrant:
    """The terms as they stand in the code list."""
    entry = CODELISTS["deficit_schemes"].entry("stability_grant")
    return StabilityGrant(label=entry.label, short=entry.short, meaning=entry.meaning, **entry.details)


@cache
def statutory_override() -> StatutoryOverride:
    """The override as it stands in the code list."""
    entry = CODELISTS["deficit_schemes"].entry("statutory_override")
    return StatutoryOverride(label=entry.label, meaning=entry.meaning, **entry.details)
