"""Findings of two selections beside each other: which costs more, and where the difference lies."""

from __future__ import annotations

from collections.abc import Sequence

import polars

from hnb import wording
from hnb.side_by_side import Beside


def which_costs_more(lines: Sequence[Beside], *, is_same: bool = False) -> str:
    """ "B costs £2.3m less than A (−13.2%), and a placement-year £1,204 more"; "" where either has no spend."""
    known = {line.name: line for line in lines}
    spend, unit = known["spend"], known["spend_per_placement_year"]
    if spend.first is None or spend.second is None:
        return "One of the two has no spend, so there is nothing to compare"
    gap = spend.second - spend.first
    if wording.pounds(gap, "sentence") == "£0":
        said = f"A and B cost the same, {wording.pounds(spend.first, 'sentence')}"
        if is_same:
            return f"{said}: they are one selection until you choose another"
    else:
        share = f" ({wording.relative_change(spend.second, spend.first)})" if spend.first > 0 else ""
        said = f"B costs {_more_or_less(gap, 'sentence')} than A{share}"
    if unit.first is None or unit.second is None or wording.pounds(unit.second - unit.first) == "£0":
        return said
    return f"{said}, and a placement-year {_more_or_less(unit.second - unit.first, 'table')}"


def differ_most(frame: polars.DataFrame, by: str) -> str:
    """ "They differ most in Independent special: B spends £1.2m more". `frame` is one of `spend_beside`."""
    moved = frame.filter(polars.col("difference").abs() >= 0.5)
    if not moved.height:
        return f"By {wording.lowered(wording.dimension_title(by))} the two are the same"
    code, gap = moved.sort(polars.col("difference").abs(), descending=True).select(by, "difference").row(0)
    place = wording.label(by, code)
    return f"They differ most in {place}: B spends {_more_or_less(gap, 'sentence')}"


def _more_or_less(gap: float, style: wording.Style) -> str:
    return f"{wording.pounds(abs(gap), style)} {'more' if gap > 0 else 'less'}"
