"""Sentences that say what the numbers show: the headings of charts, worked out and never typed.

A module holds the sentences of one page or noun; `hnb.findings.general` those that many pages use, which
can be had from here too.
"""

from hnb.findings.changed import dearest, half_is_made_by, moved_most, report_moved, why_moved
from hnb.findings.general import (
    growth,
    largest_cell,
    largest_row,
    last_two_reports,
    moved,
    of_each_pound,
    of_recommendations,
    over_years,
    pence,
    shares_of,
    variance,
)

__all__ = [
    "dearest",
    "growth",
    "half_is_made_by",
    "largest_cell",
    "largest_row",
    "last_two_reports",
    "moved",
    "moved_most",
    "of_each_pound",
    "of_recommendations",
    "over_years",
    "pence",
    "report_moved",
    "shares_of",
    "variance",
    "why_moved",
]
