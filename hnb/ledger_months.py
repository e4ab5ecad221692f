"""What was paid in each month, by line and kind of setting; which months of payments are missing, and what is repeated."""

from __future__ import annotations

import datetime

import pandas
import polars

from hnb import years
from hnb.metrics.tables import Tables
from hnb.tables.ledger import LEDGER_MONTHS, PAYMENTS

_BY = ["authority", "financial_year", "month", "ledger_status", "line", "line_group", "setting", "expense_code", "expense_type"]  # fmt: skip
_NAMED = ("mapped", "not_mapped")


def dated_payments(payments: pandas.DataFrame) -> polars.DataFrame:
    """The payments with `month`, the first day of the month of their file, and `is_repeat`.

    A payment belongs to the month of the ledger that it was taken from (its period), whatever the date on it: that is
    the month in which the ledger counts it. A repeat is a row alike in every cell to an earlier one of the same file.
    """
    held = Tables({"payments": payments}).table("payments")
    pairs = held.select("financial_year", "period").unique().rows()
    months = {(year, period): years.months_of(year)[period - 1] for year, period in pairs}
    found = polars.DataFrame(
        [(*key, month) for key, month in months.items()],
        schema={"financial_year": polars.String, "period": polars.Int64, "month": polars.Date},
        orient="row",
    )
    alike = [name for name in PAYMENTS.names if name != "source"]
    file = polars.col("source").str.split("!").list.first().alias("_file")
    return (
        held.join(found, on=["financial_year", "period"], how="left")
        .with_columns(file)
        .with_columns(is_repeat=polars.int_range(polars.len()).over([*alike, "_file"]) > 0)
        .drop("_file")
    )


def ledger_months(payments: pandas.DataFrame) -> pandas.DataFrame:
    """A frame of the `ledger_months` table. Codes are told apart for high needs and for what is not mapped only."""
    if payments.empty:
        return LEDGER_MONTHS.empty()
    named = polars.col("ledger_status").is_in(_NAMED)
    sums = (
        dated_payments(payments)
        .with_columns(
            polars.col("ledger_status").fill_null("other"),
            *(polars.when(named).then(polars.col(name)).alias(name) for name in ("expense_code", "expense_type")),
        )
        .group_by(_BY)
        .agg(
            payments=polars.len().cast(polars.Int64),
            amount=polars.col("amount").sum().round(2),
            repeats=polars.col("is_repeat").sum().cast(polars.Int64),
            repeated_amount=polars.col("amount").filter(polars.col("is_repeat")).sum().round(2),
            source=polars.col("source").first() + polars.when(polars.len() > 1).then(polars.format(" and {} more", polars.len() - 1)).otherwise(polars.lit("")),
        )
        .sort(_BY, nulls_last=True)
    )  # fmt: skip
    return LEDGER_MONTHS.conform(sums.to_pandas())


def months_compared(year: str, paid: set[datetime.date], until: datetime.date | None = None) -> tuple[datetime.date, ...]:  # fmt: skip
    """The months of a year that payments can be held against: April to the last month paid, or to `until` if earlier."""
    here = [month for month in years.months_of(year) if month in paid]
    last = max(here, default=None)
    if last is None:
        return ()
    last = min(last, until.replace(day=1)) if until else last
    return tuple(month for month in years.months_of(year) if month <= last)


def months_missing(year: str, paid: set[datetime.date]) -> tuple[datetime.date, ...]:
    """The months up to the last one paid of which no payment is loaded."""
    return tuple(month for month in months_compared(year, paid) if month not in paid)
