"""A council's own words in a column of codes: the ones that are beyond doubt, and the others."""

from __future__ import annotations

from rapidfuzz import fuzz

from etl.propose.columns import Column
from hnb.codelists import CODELISTS, folded

MOST_ASKED = 6  # values that a person is asked about one by one


def code_values(column: Column, codelist: str) -> tuple[dict[str, str], list[str]]:
    """Of the values that a list does not know: those whose nearest code is beyond doubt, and the others."""

    sure: dict[str, str] = {}
    unsure: list[str] = []
    known = CODELISTS[codelist]
    for text in column.unknown(codelist):
        nearest = known.nearest(text)
        likeness = 0.0
        if nearest:
            entry = known.entry(nearest)
            likeness = max(
                fuzz.token_sort_ratio(folded(text), folded(one))
                for one in (entry.label, entry.short, *entry.aliases, nearest)
            )
        if nearest and likeness >= 90:
            sure[text] = nearest
        else:
            unsure.append(text)
    return sure, unsure
