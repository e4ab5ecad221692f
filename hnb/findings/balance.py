"""Sentences on the block's balance: the year, what has piled up, the stability grant, and how the allocation moved."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars

from hnb import wording
from hnb.findings.general import pence
from hnb.stability_grant import StabilityGrant

Year = Mapping[str, Any]
"""One row of `hnb.balance_statement.balance_statement`."""


def of_the_year(row: Year) -> str:
    """ "2026-27 is forecast to spend £5.4m more than the block receives: 108p of each £1"; "" where it cannot be said."""
    in_year, year = row["in_year"], row["financial_year"]
    if in_year is None:
        return _allocation_alone(row)
    size = wording.pounds(abs(in_year), "sentence")
    verb = "is forecast to spend" if row["is_forecast"] else "spent"
    receives = "receives" if row["is_forecast"] else "received"
    if size == "£0":
        return f"{year} {verb} what the block {receives}"
    course = "more" if in_year < 0 else "less"
    spent = pence(row["spent_share"]) if row["spent_share"] is not None else ""
    # A hundred pence of each £1 would say that nothing is over.
    share = f": {spent} of each £1" if spent and spent != "100p" else ""
    return f"{year} {verb} {size} {course} than the block {receives}{share}"


def _allocation_alone(row: Year) -> str:
    if row["before_deductions"] is None:
        return ""
    words = (
        f"The allocation of {row['financial_year']} is {wording.pounds(row['before_deductions'], 'sentence')}"
    )
    if row["after_deductions"] is None:
        return words
    return f"{words}, of which {wording.pounds(row['after_deductions'], 'sentence')} reaches the authority"


def of_the_balance(statement: polars.DataFrame, terms: StabilityGrant) -> str:
    """ "The deficit is forecast to reach £21.9m by March 2027; the stability grant would leave £7.1m, if the local plan is approved"."""
    known = statement.filter(polars.col("closing").is_not_null())
    if not known.height:
        return ""
    last = known.row(-1, named=True)
    when = f"March {int(last['financial_year'][:4]) + 1}"
    verb = "is forecast to be" if last["is_forecast"] or last["is_carried_on"] else "was"
    standing = f"The balance {verb} {_side(last['closing'])} in {when}"
    return standing + after_the_grant(known, terms)


def of_the_chain(row: Year, terms: StabilityGrant) -> str:
    """ "2026-27 deepens the deficit by £5.4m; the stability grant would take off £14.9m, if the local plan is approved"."""
    moved, year = row["closing"] - row["opening"], row["financial_year"]
    size = wording.pounds(abs(moved), "sentence")
    if size == "£0":
        said = f"{year} leaves the balance where it was"
    elif moved < 0:
        course = (
            "deepens the deficit"
            if row["opening"] < 0
            else "eats into the surplus"
            if row["closing"] >= 0
            else "turns a surplus into a deficit"
        )
        said = (
            f"{year} {course} by {size}"
            if row["opening"] < 0 or row["closing"] >= 0
            else f"{year} {course} of {wording.pounds(-row['closing'], 'sentence')}"
        )
    else:
        said = f"{year} {_better(row, size)}"
    if not row["stability_grant"]:
        return said
    granted = wording.pounds(row["stability_grant"], "sentence")
    return (
        f"{said}; the stability grant took off {granted}"
        if row["is_paid"]
        else f"{said}; the stability grant would take off {granted}, {terms.condition}"
    )


def _better(row: Year, size: str) -> str:
    if row["opening"] >= 0:
        return f"adds {size} to the surplus"
    if row["closing"] <= 0:
        return f"takes {size} off the deficit"
    return f"turns a deficit into a surplus of {wording.pounds(row['closing'], 'sentence')}"


def after_the_grant(statement: polars.DataFrame, terms: StabilityGrant) -> str:
    """What the stability grant makes of the last balance, as the end of a sentence; "" where there is none of it.

    Before its year there is no balance that it changes: then what it would pay is said.
    """
    last = statement.row(-1, named=True)
    granted = statement.filter(polars.col("stability_grant").is_not_null())
    if granted.height:
        paid, amount = granted.select("is_paid", "stability_grant").row(-1)
        if not amount:
            return ""
        left = _side(last["closing_after_grant"])
        if paid:
            return f"; with the stability grant of {wording.pounds(amount, 'sentence')} paid it is {left}"
        return f"; the stability grant would leave {left}, {terms.condition}"
    of_year = statement.filter(polars.col("financial_year") == terms.deficit_at_end_of)
    amount = terms.of(of_year["closing"][0]) if of_year.height else 0.0
    if not amount:
        return ""
    return f"; the stability grant would pay {wording.pounds(amount, 'sentence')} in {terms.paid_when}, {terms.condition}"


def worst_year(statement: polars.DataFrame) -> str:
    """ "2024-25 went furthest beyond its grant: £9.2m, 117p of each £1"; "" where no year has a position."""
    known = statement.filter(polars.col("in_year").is_not_null())
    if not known.height:
        return ""
    row = known.sort("in_year").row(0, named=True)
    if row["in_year"] >= 0:
        return "No year went beyond its grant"
    forecast = " is forecast to go" if row["is_forecast"] else " went"
    size = wording.pounds(-row["in_year"], "sentence")
    return f"{row['financial_year']}{forecast} furthest beyond its grant: {size}, {pence(row['spent_share'])} of each £1"


def of_the_issues(issues: polars.DataFrame) -> str:
    """ "The 2023-24 allocation moved by +£102k between its issues; the latest is in force". Of one issue a year, that there was one."""
    before = issues.filter(polars.col("component") == "before_deductions")
    moved = before.filter(polars.col("moved").is_not_null() & (polars.col("moved") != 0))
    if not before.height:
        return ""
    if not moved.height:
        again = before.filter(polars.col("moved").is_not_null()).height
        return (
            "Allocations were issued again without a change"
            if again
            else "Each year's allocation was issued once in what is loaded"
        )
    year, amount = (
        moved.sort(polars.col("moved").abs(), descending=True).select("financial_year", "moved").row(0)
    )
    others = moved["financial_year"].n_unique() - 1
    also = f", and {others} other year{'s' if others > 1 else ''} moved too" if others else ""
    return f"The {year} allocation moved by {wording.pounds(amount, 'sentence', signed=True)} when it was issued again{also}"


def not_explained(statement: polars.DataFrame) -> str:
    """The sentence on the years whose published balance is not what grant and spend give; "" where all agree."""
    rows = statement.filter(
        polars.col("not_explained").is_not_null() & (polars.col("not_explained").abs() >= 0.5)
    )
    if not rows.height:
        return ""
    said = [
        f"{year} by {wording.pounds(amount, 'sentence', signed=True)}"
        for year, amount in rows.select("financial_year", "not_explained").rows()
    ]
    return f"The published balance differs from what grant and spend give in {wording.listed(said)}; the row says so."


def _side(balance: float) -> str:
    size = wording.pounds(abs(balance), "sentence")
    if size == "£0":
        return "£0"
    return f"a {'deficit' if balance < 0 else 'surplus'} of {size}"
