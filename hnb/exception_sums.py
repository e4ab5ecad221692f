"""Exceptions between register and ledger brought together: by kind, by provider, and month after month as one line."""

from __future__ import annotations

import datetime

import polars

from hnb import wording
from hnb.codelists import CODELISTS

KINDS = CODELISTS["ledger_exceptions"].codes

TO_RING = ("not_paid", "not_in_register", "price_differs")
"""Kinds that a provider can be rung about; the others are the calendar's, the mapping's or a missing file's."""

_ONE = ["exception", "line", "provider", "supplier", "placement_id", "detail"]


def by_kind(exceptions: polars.DataFrame) -> polars.DataFrame:
    """One row a kind that occurs, in the order of the code list: exception, lines (exceptions, months run together),
    providers, register_amount, ledger_amount, difference; pounds."""
    sums = (
        exceptions.group_by("exception")
        .agg(
            polars.struct(_ONE).n_unique().alias("lines"),
            polars.coalesce("provider", "supplier").n_unique().alias("providers"),
            *(polars.col(name).sum().round(2) for name in ("register_amount", "ledger_amount", "difference")),
        )
        .to_dicts()
    )
    ordered = sorted(sums, key=lambda row: KINDS.index(row["exception"]))
    schema = {"exception": polars.String, "lines": polars.Int64, "providers": polars.Int64,
              "register_amount": polars.Float64, "ledger_amount": polars.Float64, "difference": polars.Float64}  # fmt: skip
    return polars.DataFrame(ordered, schema=schema)


def whole(exceptions: polars.DataFrame) -> dict[str, float | int]:
    """All exceptions together: how many, of how many providers, and their pounds."""
    sums = {
        name: round(float(exceptions[name].sum()), 2)
        for name in ("register_amount", "ledger_amount", "difference")
    }
    named = exceptions.select(polars.coalesce("provider", "supplier")).to_series()
    return {"lines": exceptions.select(_ONE).unique().height, "providers": named.n_unique(), **sums}


def run_together(exceptions: polars.DataFrame) -> polars.DataFrame:
    """Exceptions alike but for the month as one row: `months` in words, `first_month`, sums, `size` (the pounds at stake,
    each month's without its sign) and the first addresses. What a provider can be rung about comes first, the largest at stake first."""
    at_stake = polars.max_horizontal(polars.col("difference").abs(), polars.when(polars.col("exception") == "timing").then(polars.col("register_amount")).otherwise(0.0))  # fmt: skip
    found = (
        exceptions.sort("month")
        .group_by(_ONE, maintain_order=True)
        .agg(
            polars.col("month").alias("of_months"),
            polars.col("paid_month").alias("paid_months"),
            polars.col("month").first().alias("first_month"),
            *(polars.col(name).sum().round(2) for name in ("register_amount", "ledger_amount", "difference")),
            at_stake.sum().round(2).alias("size"),
            polars.col("source").first(),
            polars.col("ledger_source").drop_nulls().first(),
        )
        .sort(polars.col("exception").is_in(TO_RING), "size", "first_month", descending=[True, True, False])
    )
    words = [_months(months) for months in found["of_months"].to_list()]
    paid = [_months(months) for months in found["paid_months"].to_list()]
    return found.with_columns(
        months=polars.Series(words, dtype=polars.String), paid=polars.Series(paid, dtype=polars.String)
    ).drop("of_months", "paid_months")


def to_ring(exceptions: polars.DataFrame, offers: polars.DataFrame) -> polars.DataFrame:
    """One row a provider, or a supplier that is none, with exceptions that it can be rung about; the largest first.

    Columns name, is_supplier, lines, overpaid (paid and not due), unpaid (due and not paid, positive), at_stake (both
    together) and offer: the supplier or provider that a person has only to confirm, blank where there is none.
    Overpaid and unpaid are not set against each other: an overpayment here does not make good a debt there.
    """
    rows = exceptions.filter(polars.col("exception").is_in(TO_RING))
    name = polars.coalesce("provider", "supplier").alias("name")
    difference = polars.col("difference")
    found = rows.group_by(name, polars.col("provider").is_null().alias("is_supplier")).agg(
        polars.struct(_ONE).n_unique().alias("lines"),
        polars.col("exception").unique().sort().alias("kinds"),
        difference.filter(difference > 0).sum().round(2).alias("overpaid"),
        (-difference.filter(difference < 0).sum()).round(2).alias("unpaid"),
    )
    known = {
        provider: supplier for supplier, provider in offers.select("supplier", "provider").rows() if provider
    }
    known |= {supplier: provider for provider, supplier in list(known.items())}
    offer = [known.get(one) for one in found["name"].to_list()]
    kinds = [wording.listed(wording.lowered(CODELISTS["ledger_exceptions"].label(kind)) for kind in sorted(of, key=KINDS.index)) for of in found["kinds"].to_list()]  # fmt: skip
    return (
        found.with_columns(
            at_stake=(polars.col("overpaid") + polars.col("unpaid")).round(2),
            offer=polars.Series(offer, dtype=polars.String),
            kinds=polars.Series(kinds, dtype=polars.String),
        )
        .sort(polars.col("offer").is_not_null(), "at_stake", "name", descending=[False, True, False])
    )  # fmt: skip


def _months(months: list[datetime.date | None]) -> str:
    """Months in words, those that follow on as a span: "Apr to Jun 2025 and Sep 2025"."""
    known = sorted({month for month in months if month is not None})
    spans: list[list[datetime.date]] = []
    for month in known:
        if spans and (month.year * 12 + month.month) - (spans[-1][-1].year * 12 + spans[-1][-1].month) == 1:
            spans[-1].append(month)
        else:
            spans.append([month])
    return wording.listed(_span(span) for span in spans)


def _span(span: list[datetime.date]) -> str:
    first, last = span[0], span[-1]
    if first == last:
        return f"{first:%b %Y}"
    return f"{first:%b}{'' if first.year == last.year else f' {first.year}'} to {last:%b %Y}"
