"""The block's allocation and the balance of the grant by year: published where it is, assumed where it is not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas

from etl.sample.facts import ASSUMPTIONS, FACTS, setting_of
from etl.sample.january_counts import SETTINGS, january_counts, whole_shares
from hnb import years

_PUBLISHED = FACTS["grant"]
_ASSUMED = ASSUMPTIONS["grant"]


def grant(spent: Mapping[str, float]) -> pandas.DataFrame:
    """One row a year and issue, oldest first: published_on, the four components in pounds, and `is_published`.

    The last issue of a year is in force; one before it gives only what is published of it.
    `block_transfer` is what makes available grant − spend equal the change of the balance, so that the
    in-year position and the published balances agree; where no earlier balance exists it is assumed.
    """
    held = balances(tuple(spent)).set_index("financial_year")["balance"]
    published_on = {**_ASSUMED["published_on"], **_PUBLISHED["published_on"]}
    rows: list[dict[str, Any]] = []
    for year, amount in spent.items():
        if issued_before := _PUBLISHED["issued_before"].get(year):
            rows.append({"financial_year": year, **issued_before, "is_published": True})
        before = {**_ASSUMED["before_deductions"], **_PUBLISHED["before_deductions"]}[year]
        after = _PUBLISHED["after_deductions"].get(year)
        deductions = after - before if after is not None else _ASSUMED["place_deductions"][year]
        earlier = held.get(years.previous_year(year))
        transfer = _ASSUMED["block_transfer"].get(year)
        if transfer is None and earlier is not None:
            transfer = held[year] - earlier + amount - (before + deductions)
        rows.append(
            {
                "financial_year": year,
                "published_on": published_on[year],
                "before_deductions": float(before),
                "place_deductions": float(deductions),
                "after_deductions": float(before + deductions),
                "block_transfer": round(float(transfer), 2) if transfer is not None else None,
                "is_published": year in _PUBLISHED["before_deductions"],
            }
        )
    return pandas.DataFrame(rows)


def components(grant: pandas.DataFrame) -> pandas.DataFrame:
    """The allocation as rows of the `grant` table: one a year, issue and component that is known."""
    names = ["before_deductions", "place_deductions", "after_deductions", "block_transfer"]
    known = grant.melt(
        id_vars=["financial_year", "published_on"],
        value_vars=names,
        var_name="component",
        value_name="amount",
    )
    return known.dropna(subset="amount", ignore_index=True)


def balances(for_years: tuple[str, ...]) -> pandas.DataFrame:
    """The balance at 31 March of each year in pounds, positive = surplus, and whether it `is_published`."""
    known = {**ASSUMPTIONS["balances"], **FACTS["balances"]}
    rows = [(year, float(known[year]), year in FACTS["balances"]) for year in for_years]
    return pandas.DataFrame(rows, columns=["financial_year", "balance", "is_published"])


def plans(scale: float = 1.0) -> pandas.DataFrame:
    """EHC plans each January by the published columns, and one estimated January: `plans` rows.

    A column that has no plans in a January gives no row: the source cannot say whether it was asked for.
    """
    last = max(FACTS["plans"]["januaries"])
    rows = []
    for name, figures in FACTS["plans"]["by_setting"].items():
        for january, figure in zip(FACTS["plans"]["januaries"], figures, strict=True):
            rows.append((january, setting_of(name), name, figure, "reported"))
    estimated = january_counts(scale)[last + 1].sum(axis=1)
    for setting, total in zip(SETTINGS, estimated, strict=True):
        names = {
            name: figures[-1]
            for name, figures in FACTS["plans"]["by_setting"].items()
            if setting_of(name) == setting and figures[-1]
        }
        for name, part in zip(names, whole_shares(int(total), list(names.values())), strict=True):
            rows.append((last + 1, setting, name, part, "estimated"))
    frame = pandas.DataFrame(rows, columns=["year", "setting", "setting_detail", "plans", "status"])
    frame = frame[frame["plans"] > 0].assign(need="not_by_need", age_band="all_ages")
    return frame.reset_index(drop=True)


def plans_by_need() -> pandas.DataFrame:
    """EHC plans of the one January that is published by setting and need: `plans` rows, noughts and all."""
    by_need = FACTS["plans"]["by_need"]
    rows = [
        (by_need["january"], setting_of(name), name, need, figure, "reported", "all_ages")
        for name, figures in by_need["by_setting"].items()
        for need, figure in zip(by_need["needs"], figures, strict=True)
    ]
    columns = ["year", "setting", "setting_detail", "need", "plans", "status", "age_band"]
    return pandas.DataFrame(rows, columns=columns)
