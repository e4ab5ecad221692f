"""Balance: what the block receives, what is left at the end of the year, and what has piled up."""

from __future__ import annotations

import narwhals as nw

from hnb import years
from hnb.metrics.measure import Measure, Question, Rows, of_every_question

_DIMENSIONS = ("authority", "financial_year")
_GRANT = "DfE, Dedicated Schools Grant allocations, and the authority's block transfers (table grant)."


def grant_in_force(question: Question) -> Rows:
    """The rows of `grant` in force: of each component the latest publication (rule 6 of the domain's rules).

    DfE issues the allocations of a year several times over; a transfer between blocks is published by the
    authority at its own date, so the latest is taken component by component.
    """
    grant = question.rows("grant").filter(~nw.col("amount").is_null())
    latest = nw.col("published_on").max().over("authority", "financial_year", "component")
    return grant.filter(nw.col("published_on") == latest)


def available_rows(question: Question) -> Rows:
    """What reaches the block, deductions and transfers done; only years whose allocation after deductions is known."""
    known = (
        (nw.col("component") == "after_deductions").cast(nw.Int8).max().over("authority", "financial_year")
    )
    rows = grant_in_force(question).with_columns(known.alias("_known"))
    return rows.filter(
        nw.col("_known") == 1, nw.col("component").is_in(["after_deductions", "block_transfer"])
    )


def position_rows(question: Question) -> Rows:
    """Available grant as it is and spend with its sign turned, for years that have both."""
    columns = ("authority", "financial_year", "amount", "_is_forecast", "_is_grant")
    grant = available_rows(question).with_columns(
        nw.lit(False).alias("_is_forecast"), nw.lit(1).alias("_is_grant")
    )
    spend = question.rows("spend").with_columns(
        (-nw.col("amount")).alias("amount"),
        (nw.col("basis") == "forecast").alias("_is_forecast"),
        nw.lit(0).alias("_is_grant"),
    )
    both = nw.concat([grant.select(*columns), spend.select(*columns)])
    year = ("authority", "financial_year")
    has_both = both.with_columns(
        nw.col("_is_grant").max().over(*year).alias("_has_grant"),
        nw.col("_is_grant").min().over(*year).alias("_lacks_spend"),
    )
    return has_both.filter(nw.col("_has_grant") == 1, nw.col("_lacks_spend") == 0)


def balance_rows(question: Question) -> Rows:
    """The balance at each 31 March; after the last one published, carried on by the in-year position.

    The years carried on are marked as estimated, and so is a balance of a year that still runs. A gap in
    the positions ends the carrying on; without grant or spend there is none.
    """
    known = question.rows("balances").filter(~nw.col("balance").is_null())
    collected = question.collected(known.select("authority", "financial_year", "balance"))
    positions: dict[tuple[str, str], float] = {}
    running_years: set[tuple[str, str]] = set()
    if question.tables.has("grant") and question.tables.has("spend"):
        in_year = (
            position_rows(question)
            .with_columns(nw.col("_is_forecast").cast(nw.Int64))
            .group_by("authority", "financial_year")
            .agg(nw.col("amount").sum(), nw.col("_is_forecast").sum())
        )
        for authority, year, amount, forecasts in question.collected(in_year).rows():
            positions[authority, year] = float(amount)
            if forecasts:
                running_years.add((authority, year))
    # A few rows an authority: the chain of years is walked in Python, whatever the engine.
    chain = [
        (authority, year, float(balance), (authority, year) in running_years)
        for authority, year, balance in sorted(collected.rows())
    ]
    for authority, (year, running) in {row[0]: (row[1], row[2]) for row in chain}.items():
        following, balance = years.next_year(year), running
        while (authority, following) in positions:
            balance = round(balance + positions[authority, following], 2)
            chain.append((authority, following, balance, True))
            following = years.next_year(following)
    names = ("authority", "financial_year", "balance", "_is_estimate")
    held = {name: [row[place] for row in chain] for place, name in enumerate(names)}
    schema = {**collected.schema, "_is_estimate": nw.Boolean()}
    rows: Rows = nw.from_dict(held, schema=schema, backend=collected.implementation).lazy()
    return rows


MEASURES = (
    Measure(
        name="allocation",
        title="Allocation before deductions",
        question="How large is the block?",
        unit="£",
        better="higher",
        caution="Before the deduction for places that DfE pays directly. Re-issued several times a year: the latest is in force.",
        source=_GRANT,
        table="grant",
        dimensions=_DIMENSIONS,
        numerator="amount",
        where={"component": ("before_deductions",)},
        rows=grant_in_force,
        rows_differ_by=of_every_question,
    ),
    Measure(
        name="available_grant",
        title="Available grant",
        question="How much can the block spend?",
        unit="£",
        better="higher",
        caution="After deductions for places that DfE pays directly, with transfers from other blocks.",
        source=_GRANT,
        table="grant",
        dimensions=_DIMENSIONS,
        numerator="amount",
        rows=available_rows,
        rows_differ_by=of_every_question,
    ),
    Measure(
        name="in_year_position",
        title="In-year position",
        question="Does the year's grant cover the year's spend?",
        unit="£",
        better="higher",
        caution="Available grant less the spend of the whole block; positive is a surplus. It cannot be split by setting.",
        source=f"{_GRANT} Spend as in the measure “spend”.",
        table="grant",
        also=("spend",),
        dimensions=_DIMENSIONS,
        numerator="amount",
        rows=position_rows,
        rows_differ_by=of_every_question,
        status_when={"estimated": nw.col("_is_forecast")},
    ),
    Measure(
        name="cumulative_balance",
        title="Cumulative balance",
        question="What has piled up by the end of the year?",
        unit="£",
        better="higher",
        caution="At 31 March; positive is a surplus, negative a deficit. Years without a published balance carry the last one on by the in-year position.",
        source="DfE and the authority's statements of the DSG balance (table balances); in-year position.",
        table="balances",
        dimensions=_DIMENSIONS,
        numerator="balance",
        is_stock=True,
        rows=balance_rows,
        rows_differ_by=of_every_question,
        status_when={"estimated": nw.col("_is_estimate")},
    ),
)  # fmt: skip
