"""Real terms: pounds of one financial year in the prices of another, by the GDP deflator.

The deflator is data (`hnb/codes/deflator.toml`, which names its publication). Only pounds are changed, never
a share or a count; a year without a deflator gets no figure, never the cash one. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

import polars

from hnb import wording
from hnb.codelists import CODELISTS
from hnb.metrics.measure import Measure

CASH = "cash"
"""The choice of prices that changes nothing."""

_SERIES = CODELISTS["deflator_series"].entry("gdp_deflator")


def _chained() -> Mapping[str, float]:
    """The index of each year; a year that is published as a change stands on the year before it."""
    found: dict[str, float] = {}
    last: float | None = None
    for year, entry in CODELISTS["deflators"].entries.items():
        index = entry.details.get("index")
        if index is None and last is not None:
            index = last * (1.0 + entry.details["growth"])
        if index is None:
            raise ValueError(
                f"{CODELISTS['deflators'].file}: {year} has neither an index nor a year before it"
            )
        found[year] = last = float(index)
    return MappingProxyType(found)


INDEX: Mapping[str, float] = _chained()
"""The deflator of each financial year, in the index of the publication."""

FORECAST = frozenset(
    year for year, entry in CODELISTS["deflators"].entries.items() if "index" not in entry.details
)
"""The years whose deflator is a forecast."""

LAST_OUTTURN = max(set(INDEX) - FORECAST)
"""The latest year whose prices are known, in which real terms are given unless another is asked for."""


def choices() -> tuple[tuple[str, str], ...]:
    """What a page offers: cash, and the prices of the latest year that is known."""
    return ((CASH, "Cash"), (LAST_OUTTURN, f"{LAST_OUTTURN} prices"))


def is_choice(prices: str) -> bool:
    """Whether figures can be given in these prices: "cash", or a year that has a deflator."""
    return prices == CASH or prices in INDEX


def words(prices: str) -> str:
    """How a unit says its prices: "cash" or "2025-26 prices"."""
    return CASH if prices == CASH else f"{prices} prices"


def factor(year: str, prices: str) -> float | None:
    """What a pound of a financial year is worth in the prices asked for; None where a deflator is missing.

    >>> factor("2025-26", "2025-26"), factor("2019-20", "cash"), round(factor("2019-20", "2025-26") or 0, 4)
    (1.0, 1.0, 1.2792)
    """
    if prices == CASH or year == prices:
        return 1.0
    if year not in INDEX or prices not in INDEX:
        return None
    return INDEX[prices] / INDEX[year]


def inflation(before: str, after: str) -> float | None:
    """By how much prices in general rose from one financial year to another, as a share; None without a deflator."""
    ratio = factor(before, after)
    return None if ratio is None else ratio - 1.0


def in_prices(answer: polars.DataFrame, measure: Measure, prices: str) -> polars.DataFrame:
    """An answer of `compute` that is split by financial year, its pounds in the prices of one year.

    Numerator and value are changed, and a denominator only where it is pounds as well; of a measure that is
    not in pounds nothing is. A year without a deflator has no figure and the status "not_available":
    `without_deflator` names it.
    """
    if not measure.in_pounds or prices == CASH:
        return answer
    factors = {year: factor(year, prices) for year in answer["financial_year"].unique().to_list()}
    by_year = polars.col("financial_year").replace_strict(factors, default=None, return_dtype=polars.Float64)
    return answer.with_columns(
        *((polars.col(name) * by_year).round(2).alias(name) for name in ("numerator", "value")),
        polars.when(by_year.is_null() & polars.col("value").is_not_null())
        .then(polars.lit("not_available"))
        .otherwise(polars.col("status"))
        .alias("status"),
    )


def without_deflator(years: Iterable[str], prices: str) -> tuple[str, ...]:
    """The years among these that cannot be put into the prices asked for, ascending."""
    return tuple(sorted({year for year in years if factor(year, prices) is None}))


def note(years: Iterable[str], prices: str) -> str:
    """What a reader must know of figures in these prices: where the deflator is from, which years it lacks or forecasts.

    An empty text in cash.
    """
    if prices == CASH:
        return ""
    used = {*years, prices}
    lacking, forecast = without_deflator(used, prices), sorted(used & FORECAST)
    said = [f"In {words(prices)}, by {source()}."]
    if forecast:
        said.append(f"The deflator of {wording.listed(forecast)} is a forecast.")
    if lacking:
        said.append(f"There is no deflator for {wording.listed(lacking)}.")
    return " ".join(said)


def source() -> str:
    """The deflator and its publication in short: "HM Treasury's GDP deflator of 30 June 2026"."""
    return f"HM Treasury's GDP deflator of {wording.date(_SERIES.details['published_on'])}"


def publication() -> str:
    """The publication in full, for a file's About and the page of methods."""
    return f"{_SERIES.details['publication']}, {wording.date(_SERIES.details['published_on'])}. {_SERIES.meaning}"
