"""What a person should judge about sound rows: overlaps, costs after the end, spellings of one provider … Pure.

Each is a note with its addresses; nothing is changed here. What a person decides goes into `etl/corrections/`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas

from hnb.contract import Problem
from hnb.recommendations import register_problems


def judgements(tables: Mapping[str, pandas.DataFrame]) -> list[Problem]:
    """The notes on a build's tables, derived ones included."""
    return list(register_problems(_rows(tables, "recommendations"), _rows(tables, "recommendation_updates")))


def _rows(tables: Mapping[str, pandas.DataFrame], name: str) -> list[dict[str, Any]]:
    """A table's rows as plain values, None where missing; none where the table is not there."""
    if name not in tables:
        return []
    frame = tables[name].astype(object)
    return [
        {str(column): value for column, value in row.items()}
        for row in frame.where(frame.notna(), None).to_dict("records")
    ]
