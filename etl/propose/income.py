"""Rows of an unknown sheet that are income, by their labels and by the sections that they stand under. Pure.

A label only suggests; whether such a row is printed with a minus or taken off is for arithmetic and `etl.propose.signs`.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from etl.propose import vocabulary
from etl.propose.anatomy import DATA, SECTION, Anatomy, number_of
from etl.values import cell_text, line_code
from hnb.codelists import CODELISTS


@lru_cache(maxsize=50_000)
def is_income(text: str) -> bool:
    """Whether a label speaks of income; the plain name of a line of spend does not, whatever words are in it."""
    if not _words().search(text) and not _INCOME_LINE.match(text):
        return False
    code = CODELISTS["budget_lines"].encode(text)
    return code is None or code.startswith("1.9.")


_INCOME_LINE = re.compile(r"1\.9\.\d(?!\d)")


@cache
def _words() -> re.Pattern[str]:
    """A pattern for any of the words of income in `headings.toml`."""
    words = "|".join(re.escape(word) for word in vocabulary.trade()["rows"]["income"])
    return re.compile(rf"\b(?:{words})(?!\w)", re.IGNORECASE)


def income_rows(found: Anatomy) -> list[int]:
    """Rows of data that say that they are income, in a label of their own or in the section that they stand under."""
    rows: list[int] = []
    is_below = False
    for row, fate in enumerate(found.fates):
        if fate == SECTION:
            is_below = is_income(found.label(row)) and not isinstance(line_code(found.label(row)), str)
        elif fate == DATA and (is_below or any(is_income(text) for text in _labels(found, row))):
            rows.append(row)
    return rows


def _labels(found: Anatomy, row: int) -> list[str]:
    return [
        text
        for cell in found.sheet.rows[row]
        if isinstance(cell, str) and len(text := cell_text(cell)) <= 120 and number_of(cell) is None
    ]
