"""A year of the budget by month: profile against actual and forecast, month by month and added up so far."""

from __future__ import annotations

from typing import Any

import polars

from hnb.metrics import Selection, compute

COLUMNS = (
    "month", "profile", "actual", "forecast", "expected", "difference",
    "profile_to_date", "expected_to_date", "difference_to_date", "is_forecast",
)  # fmt: skip


def monthly_budget(tables: Any, selection: Selection) -> polars.DataFrame:
    """The months of the report in force of one year.

    Parameters
    ----------
    tables: what `compute` takes. selection: of one authority and one year; its `as_at` says which report.

    Returns
    -------
    A Polars frame of `COLUMNS`, a row a month in order, no rows without a report by month. `month` is its first
    day; pounds to the penny. `expected` is what the month cost, else what it is forecast to; where a month has
    both (the report ends within it) their sum. `difference` is that less the profile, positive over it. The columns
    `_to_date` add up from April; one is missing from the first month that is.
    """
    by = ("month",)
    kinds = {"profile": "month_profile", "actual": "month_actual", "forecast": "month_forecast"}
    frames = {
        name: compute(measure, tables, selection, by).select("month", polars.col("value").alias(name))
        for name, measure in kinds.items()
    }
    months = polars.concat([frame.select("month") for frame in frames.values()]).unique().sort("month")
    for frame in frames.values():
        months = months.join(frame, on="month", how="left", validate="1:1")
    known = polars.col("actual").is_not_null() | polars.col("forecast").is_not_null()
    expected = polars.when(known).then(polars.sum_horizontal("actual", "forecast").round(2))
    rows = months.with_columns(
        expected.alias("expected"), polars.col("forecast").is_not_null().alias("is_forecast")
    ).with_columns(_to_date("profile"), _to_date("expected"))
    return rows.with_columns(
        (polars.col("expected") - polars.col("profile")).round(2).alias("difference"),
        (polars.col("expected_to_date") - polars.col("profile_to_date")).round(2).alias("difference_to_date"),
    ).select(COLUMNS)


def _to_date(name: str) -> polars.Expr:
    missing_so_far = polars.col(name).is_null().cum_sum() > 0
    added_up = polars.col(name).fill_null(0.0).cum_sum().round(2)
    return polars.when(~missing_so_far).then(added_up).alias(f"{name}_to_date")
