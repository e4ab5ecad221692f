"""How rules of a proposed layout call a column: by its name in the table, else by its heading."""

from __future__ import annotations

from etl.propose.draft import Draft
from etl.propose.study import Study


def reference(draft: Draft, study: Study, column: int) -> str:
    """How rules refer to a column: the mapped name, the wide entry's name, or the heading."""
    heading = study.anatomy.headings[column]
    for name, entry in draft.columns.items():
        if heading in entry.get("headings", ()):
            return name
    return heading


def has_name(draft: Draft, study: Study, index: int) -> bool:
    return reference(draft, study, index) in draft.columns
