"""Findings of the page that lists the rows behind a figure: how many rows of how many files, and that they add up."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Literal

from hnb import wording
from hnb.load_findings import plural
from hnb.metrics import Measure
from hnb.provenance import Behind
from hnb.tables import TABLES

Kind = Literal["pounds", "count", "years"]

_WORDS: Mapping[str, Callable[[float | None], str]] = MappingProxyType(
    {"pounds": wording.pounds, "count": wording.count, "integer": wording.count}
)
"""How a column's kind is written; any other is a number that need not be whole."""


def kind_of_numerator(measure: Measure) -> Kind:
    """What kind of number the measure sums, as tables of records write it: "pounds", "count" or "years"."""
    kind = _kind(measure, measure.numerator) or "pounds"
    return "pounds" if kind == "pounds" else "count" if kind in ("count", "integer") else "years"


def _kind(measure: Measure, column: str) -> str:
    declared = TABLES[measure.table]
    return declared.column(column).kind if column in declared.names else ""


def quantity(measure: Measure, amount: float | None) -> str:
    """An amount of what the measure sums: "£13,694,852", "538", "513.6"."""
    return _WORDS.get(kind_of_numerator(measure), wording.number)(amount)


def of_rows(behind: Behind) -> str:
    """ "Spend of £13,694,852 is 604 rows of 1 sheet, and they add up to it to the penny"."""
    measure = behind.measure
    if behind.numerator is None:
        return "There is no figure for this, so there is no row behind it"
    if not behind.row_count and behind.numerator:
        return f"No row is kept behind the figure of {quantity(measure, behind.numerator)}"
    sheets = behind.sources.height
    rows = plural(behind.row_count, "row")
    of = f" of {plural(sheets, 'sheet')}" if sheets else ""
    figure = quantity(measure, behind.numerator)
    if behind.is_met:
        exactly = "to the penny" if kind_of_numerator(measure) == "pounds" else "exactly"
        verb = "is" if behind.row_count == 1 else "are"
        return f"{rows}{of} {verb} behind the figure of {figure}, and add up to it {exactly}"
    gap = quantity(measure, abs(behind.total - behind.numerator))
    return f"{rows}{of} come to {quantity(measure, behind.total)} of {figure}: {gap} is not followed to rows"


def repeated(behind: Behind) -> str:
    """ "22,684 rows stand more than once among the steps and are counted once together."; "" where none does."""
    number = behind.repeated_count
    if not number:
        return ""
    return f"{plural(number, 'row')} {'stands' if number == 1 else 'stand'} more than once among the steps and {'is' if number == 1 else 'are'} counted once together."


def divided(behind: Behind, value: float | None) -> str:
    """How a share or a unit cost comes of the sum: "£13,694,852 ÷ 513.6 = £26,665"; "" where nothing is divided."""
    measure = behind.measure
    if not measure.denominator or behind.denominator is None or behind.numerator is None:
        return ""
    whole = measure.denominator_scope == "whole"
    words = _WORDS.get(_kind(measure, measure.denominator), wording.number)
    of = ", the whole of the same years" if whole else ""
    return (
        f"{measure.title} is {wording.value(measure, value, 'chart')}: "
        f"{quantity(measure, behind.numerator)} ÷ {words(behind.denominator)}{of}"
    )


def reach(behind: Behind) -> str:
    """The sentence that says where the way to the files ends, "" where it reaches them."""
    if behind.reaches_files or not behind.row_count:
        return ""
    tables = wording.listed(
        dict.fromkeys(step.table.replace("_", " ") for step in behind.steps if not step.is_loaded)
    )
    return f"Rows of {tables} were worked out by the build from rows of several files, and say so in place of one address."
