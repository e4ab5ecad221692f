"""Financial and academic years: every spelling read, one way of writing, and which year holds a date.

A financial year runs from 1 April to 31 March and is written "2023-24"; nothing here reads a clock.
"""

from __future__ import annotations

import re

_WRITTEN = re.compile(r"(\d{4})-(\d{2})")


def is_financial_year(text: object) -> bool:
    """Whether a text is a financial year as we write it: "2023-24", the second the year after the first."""
    if not isinstance(text, str):
        return False
    match = _WRITTEN.fullmatch(text)
    return bool(match) and (int(match[1]) + 1) % 100 == int(match[2])
