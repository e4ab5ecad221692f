"""Headings that no column of a table is like, left out by name for a person to confirm."""

from __future__ import annotations

from etl.propose.draft import Draft
from etl.propose.study import Study


def left_out(draft: Draft, study: Study, used: set[int], private: dict[int, str]) -> None:
    """Every other heading by name, with a reason for a person to confirm."""
    nameless = False
    read = {heading for entry in draft.columns.values() for heading in entry.get("headings", ())}
    for column in study.columns:
        if column.index in used or (column.index in private and column.heading in read):
            continue
        if not column.heading:
            nameless = nameless or bool(column.values)
            continue
        reason = private.get(column.index) or (
            "It is empty"
            if not column.values
            else "No column of the table is like it: please confirm that it is not needed"
        )
        draft.ignore(column.heading, reason)
    if nameless:
        draft.ignored_headings.append(
            {"headings": [""], "reason": "A column without a heading: please confirm that it is not needed"}
        )
