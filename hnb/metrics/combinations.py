"""The whole grid of an answer: a row for every combination, where nought is told apart from missing."""

from __future__ import annotations

import polars

from hnb.metrics.answer import RESULT_COLUMNS, ordered
from hnb.metrics.measure import Measure


def grid_of(answer: polars.DataFrame, measure: Measure, by: tuple[str, ...]) -> polars.DataFrame:
    """An answer with a row for every combination of the values that occur in it; see `hnb.metrics.grid`."""
    frame = answer.select(by[0]).unique() if by else answer.select()
    for name in by[1:]:
        frame = frame.join(answer.select(name).unique(), how="cross")
    if not by or not answer.height:
        return answer
    filled = frame.join(answer, on=list(by), how="left", nulls_equal=True, validate="1:1")

    absent = polars.col("status").is_null()
    of_whole = measure.denominator_scope == "whole"
    scope = [name for name in by if name in ("authority", "financial_year")]
    whole, every_estimated = polars.col("denominator").max(), (polars.col("status") == "estimated").all()
    if scope:
        whole, every_estimated = whole.over(scope), every_estimated.over(scope)
    # No rows where the year has some is nought; nought divided by the rows that there are not is nothing.
    is_nought = absent & polars.lit(of_whole or not measure.denominator)
    stands = polars.when(every_estimated).then(polars.lit("estimated")).otherwise(polars.lit("reported"))
    return ordered(
        filled.with_columns(
            numerator=polars.when(absent).then(0.0).otherwise(polars.col("numerator")),
            denominator=polars.when(absent & polars.lit(of_whole))
            .then(whole)
            .otherwise(polars.col("denominator")),
            value=polars.when(is_nought).then(0.0).otherwise(polars.col("value")),
            count=polars.when(absent & polars.lit(bool(measure.count)))
            .then(0)
            .otherwise(polars.col("count")),
            status=polars.when(~absent)
            .then(polars.col("status"))
            .when(is_nought)
            .then(stands)
            .otherwise(polars.lit("no_denominator")),
        ),
        measure,
        by,
    ).select(*by, *RESULT_COLUMNS)
