"""[[checks]] of a proposed layout: columns that are sums of others in every row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from etl.propose.arithmetic import Identity, identity
from etl.propose.columns import Column
from etl.propose.draft import Draft, why
from etl.propose.references import has_name, reference
from etl.propose.study import Study


def sums(
    draft: Draft, study: Study, total: Column, parts: Sequence[Column], units_of: Mapping[int, str]
) -> Identity | None:
    """A [[checks]] entry where a column is a sum of others in every row, and all of them are in one unit."""
    alike = [part.index for part in parts if units_of.get(part.index) == units_of.get(total.index)]
    found = identity(study.figures, total.index, alike)
    if found is None or any(
        study.is_repeated(study.by_index[index]) and not has_name(draft, study, index)
        for index in (total.index, *found.plus, *found.minus)
    ):
        return None
    entry: dict[str, Any] = {
        "why": why(f"holds in all {found.rows} rows", 0.99),
        "name": total.heading.split(" | ")[-1].lower() or "sum",
        "total": reference(draft, study, total.index),
        "plus": [reference(draft, study, index) for index in found.plus],
    }
    if found.minus:
        entry["minus"] = [reference(draft, study, index) for index in found.minus]
    draft.checks.append({**entry, "tolerance": 0.005})
    return found
