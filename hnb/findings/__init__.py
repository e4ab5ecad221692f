"""Sentences that say what the numbers show: the headings of charts, worked out and never typed.

A module holds the sentences of one page or noun; `hnb.findings.general` those that many pages use, which
can be had from here too.
"""

from hnb.findings.general import (
    dearest,
    growth,
    largest_cell,
    largest_row,
    last_two_reports,
    moved,
    moved_most,
    of_each_pound,
    of_recommendations,
    over_years,
    pence,
    shares_of,
    variance,
    who_moved,
    why_moved,
)

__all__ = [
    "dearest",
    "growth",
    "largest_cell",
    "largest_row",
    "last_two_reports",
    "moved",
    "moved_most",
    "of_each_pound",
    "of_recommendations",
    "over_years",
    "pence",
    "shares_of",
    "variance",
    "who_moved",
    "why_moved",
]
