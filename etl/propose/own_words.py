"""A council's own words in a column of codes: the ones that are beyond doubt, and the others."""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz import fuzz

from etl.propose.columns import Column
from etl.propose.draft import Draft
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


def ask_to_name(
    draft: Draft, name: str, column: Column, words: Sequence[str], codelist: str, *, of_children: bool = False
) -> None:
    """One question for more unknown words than can be asked one by one: it names them, and holds the layout up till all are placed.

    In a sheet about children a word is shown only where most of the column are words of the list, and it has no figure.
    """
    noun = CODELISTS[codelist].noun
    shown = [text for text in words if len(text) <= 40]
    if of_children:
        is_coded = column.known_share(codelist) >= 0.5 and not column.looks_like_names
        shown = [text for text in shown if is_coded and not any(letter.isdigit() for letter in text)]
    named = f": {', '.join(f'“{text}”' for text in shown[:20])}" if shown else ""
    more = f" and {len(words) - len(shown[:20])} more" if shown and len(words) > len(shown[:20]) else ""
    draft.ask(
        f"{name}_words",
        f"{len(words)} different words under “{column.heading}” are no known {noun}{named}{more}. Have you named each under [columns.{name}] values, with its code?",
        f"hnb/codes/{CODELISTS[codelist].file} does not know them, and every row with one would be refused",
        ["version"],
        {"yes, each is named": 1},
    )
