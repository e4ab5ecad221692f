"""The tables of the page Balance: the steps of a year, the years, and the allocation as it was issued."""

from __future__ import annotations

from typing import Any

import polars

from dashboard.components.records import RecordColumn
from dashboard.listing import Listing
from dashboard.pages.block_years import BlockYears
from dashboard.roles import ANALYST, each_for_role
from hnb.findings import balance as balance_findings
from hnb.metrics import MEASURES
from hnb.stability_grant import stability_grant

_SOURCES = (
    f"{MEASURES['available_grant'].source} {MEASURES['spend'].source} {MEASURES['cumulative_balance'].source}"
)


def steps_of_the_year(query: str) -> Listing:
    """From the allocation to the in-year position of the year in focus."""
    asked = BlockYears.read(query)
    columns = (
        RecordColumn("step", "Step"),
        RecordColumn("meaning", "What it is"),
        RecordColumn("amount", "£", "change"),
    )
    whole = {"step": "In-year position", "amount": asked.row["in_year"]} if asked.steps else None
    return Listing(
        "From allocation to in-year position",
        f"From the allocation to the in-year position, {asked.year}" + (", spend is a forecast" if asked.row.get("is_forecast") else ""),
        columns,
        asked.steps,
        whole,
        about=(("Year", asked.year), ("Source", _SOURCES)),
        caution=MEASURES["in_year_position"].caution,
    )  # fmt: skip


def chain_of_the_year(query: str) -> Listing:
    """From the balance brought forward to the balance at the end of the year in focus."""
    asked = BlockYears.read(query)
    columns = (
        RecordColumn("step", "Step"),
        RecordColumn("meaning", "What it is"),
        RecordColumn("amount", "£", "change"),
    )
    words, amount = asked.chain_end
    return Listing(
        "From balance to balance",
        f"From the balance brought forward to the balance at {asked.closing_words}",
        columns,
        asked.chain,
        {"step": words, "amount": amount} if asked.chain else None,
        about=(("Year", asked.year), ("Source", _SOURCES)),
        caution=_caution(asked),
    )


def grant_and_spend(query: str) -> Listing:
    """From the allocation to the in-year position, a row a year."""
    asked = BlockYears.read(query)
    adjusted = asked.statement.filter(polars.col("other_adjustments").abs() > 0).height > 0
    columns = (
        RecordColumn("year", "Year"),
        RecordColumn("before_deductions", "Allocation before deductions", "pounds"),
        RecordColumn("place_deductions", "Places that DfE pays directly", "change"),
        *((RecordColumn("other_adjustments", "Other adjustments", "change"),) if adjusted else ()),
        RecordColumn("block_transfer", "Transfers and other income", "change"),
        RecordColumn("available", "Available", "pounds"),
        RecordColumn("spend", "Spend", "pounds"),
        RecordColumn("spent_share", "Spent of what is available", "share"),
        RecordColumn("in_year", "In-year position", "change"),
    )
    return Listing(
        "Grant and spend, year by year",
        "From the allocation to the in-year position, year by year, £",
        columns,
        [_year(row) for row in asked.statement.iter_rows(named=True)],
        about=(("Source", _SOURCES),),
        caution=MEASURES["in_year_position"].caution,
    )


def years_of_the_balance(query: str) -> Listing:
    """From the balance brought forward to the one at 31 March, before and after the stability grant, a row a year."""
    asked = BlockYears.read(query)
    terms = stability_grant()
    columns = (
        RecordColumn("year", "Year"),
        RecordColumn("opening", "Balance brought forward", "change"),
        RecordColumn("in_year", "In-year position", "change"),
        RecordColumn("not_explained", "Published balance differs by", "change"),
        RecordColumn("closing", "Balance at 31 March", "change"),
        RecordColumn("balance_share", "As a share of what is available", "share"),
        RecordColumn("stability_grant", terms.short, "change"),
        RecordColumn("closing_after_grant", "Balance after the grant", "change"),
        RecordColumn("stands", "How it stands", words=lambda words: words),
    )
    return Listing(
        "Balance of the block, year by year",
        "The balance at 31 March, year by year, £; a deficit has a minus sign",
        columns,
        [_year(row) for row in asked.statement.iter_rows(named=True)],
        about=(("Source", _SOURCES), (terms.label, f"{terms.meaning} {terms.source}")),
        caution=_caution(asked),
    )


def issues_of_the_allocation(query: str) -> Listing:
    """Every publication of the block's allocation, one a row."""
    asked = BlockYears.read(query)
    columns = (
        RecordColumn("year", "Year"),
        RecordColumn("published_on", "Published or known at", "date"),
        RecordColumn("before_deductions", "Before deductions", "pounds"),
        RecordColumn("before_deductions_moved", "Moved since the issue before", "change"),
        RecordColumn("after_deductions", "After deductions", "pounds"),
        RecordColumn("after_deductions_moved", "Moved since the issue before", "change"),
        RecordColumn("stands", "How it stands", words=lambda words: words),
    )
    return Listing(
        "Allocation of the block, as issued",
        "The block's allocation as it was published, oldest first, £",
        columns,
        _publications(asked),
        about=(("Source", MEASURES["allocation"].source),),
        caution="Of each component the latest publication is in force, and is what every page shows.",
    )


def _publications(asked: BlockYears) -> list[dict[str, Any]]:
    """One record a year and date of publication, with what each component was and how it moved."""
    found: dict[tuple[str, Any], dict[str, Any]] = {}
    for row in asked.issues.iter_rows(named=True):
        key = (row["financial_year"], row["published_on"])
        record = found.setdefault(key, {"year": key[0], "published_on": key[1], "stands": "Replaced"})
        record[row["component"]] = row["amount"]
        record[f"{row['component']}_moved"] = row["moved"]
        if row["is_in_force"]:
            record["stands"] = "In force"
    return [found[key] for key in sorted(found)]


def _caution(asked: BlockYears) -> str:
    terms = stability_grant()
    sentences = [balance_findings.not_explained(asked.statement)]
    if asked.statement["stability_grant"].drop_nulls().len():
        sentences.append(terms.caution)
    return " ".join(sentence for sentence in sentences if sentence)


def _year(row: dict[str, Any]) -> dict[str, Any]:
    stands = [
        "forecast" if row["is_forecast"] else "",
        "balance carried on, none published" if row["is_carried_on"] else "",
        _granted(row),
    ]
    said = "; ".join(words for words in stands if words)
    return {
        **row,
        "year": row["financial_year"],
        "stands": f"{said[:1].upper()}{said[1:]}"
        if said
        else "As published"
        if row["closing"] is not None
        else "",
    }


def _granted(row: dict[str, Any]) -> str:
    if not row["stability_grant"]:
        return ""
    terms = stability_grant()
    return "stability grant paid" if row["is_paid"] else f"stability grant {terms.condition}"


LISTINGS = each_for_role(
    ANALYST,
    {
        "balance-year": steps_of_the_year,
        "balance-chain": chain_of_the_year,
        "grant-and-spend": grant_and_spend,
        "balance-years": years_of_the_balance,
        "allocation-issues": issues_of_the_allocation,
    },
)
