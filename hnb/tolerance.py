"""Whether two sources agree as nearly as is asked. The tolerances are data: `hnb/codes/ledger.toml`."""

from __future__ import annotations

import polars

from hnb.codelists import CODELISTS

USUAL = "usual"
"""The tolerance where none is asked for."""

TOLERANCES = CODELISTS["tolerances"].codes


def allowed(first: float, tolerance: str) -> float:
    """The pounds that two sources may stand apart: the larger of the tolerance's pounds and its share of the first."""
    details = CODELISTS["tolerances"].entry(tolerance).details
    return max(float(details["pounds"]), float(details["share"]) * abs(first))


def with_status(rows: polars.DataFrame, tolerance: str) -> polars.DataFrame:
    """Rows of `reconciliation` with `share` (difference ÷ first, missing where that is nought), `allowed` and `status`.

    status: a code of `reconciled_statuses`. A month of payments that is not loaded makes it incomplete where the
    difference is more than is allowed; where it is not, the two agree all the same.
    """
    details = CODELISTS["tolerances"].entry(tolerance).details
    first, difference = polars.col("first_amount"), polars.col("difference")
    return rows.with_columns(
        share=polars.when(first != 0).then(difference / first.abs()),
        allowed=polars.max_horizontal(polars.lit(float(details["pounds"])), first.abs() * float(details["share"])),
    ).with_columns(
        status=polars.when(difference.abs() <= polars.col("allowed")).then(polars.lit("within"))
        .when(polars.col("months_missing").is_not_null()).then(polars.lit("incomplete"))
        .otherwise(polars.lit("outside"))
    )  # fmt: skip
