"""Providers by what their placements cost: places, placement-years, unit cost, the change on the year, and who makes half.

Every figure is an answer of `compute`; only shares and differences are worked out here.
"""

from __future__ import annotations

from typing import Any

import polars

from hnb import years
from hnb.metrics import Selection, compute

COLUMNS = (
    "provider", "in_borough", "placements", "placement_years", "cost", "unit_cost", "cost_before", "change",
    "share", "share_so_far", "next_year_cost",
)  # fmt: skip

HALF = 0.5


def providers(tables: Any, selection: Selection, year: str) -> polars.DataFrame:
    """Each provider of the placements selected in a financial year or in the one before, dearest first.

    Parameters
    ----------
    tables: what `compute` takes. selection: its years are not used. year: a financial year.

    Returns
    -------
    A Polars frame of `COLUMNS`: `in_borough` True, False, or missing where not recorded or both; placements on
    the count date; placement-years; `cost` of the year and `cost_before` of the year before in pounds (missing
    where there is no year before); `unit_cost` in pounds per placement-year, missing without a day of placement;
    `share` of the selection's cost as a fraction and `share_so_far` with all dearer providers; what today's
    placements will cost next year, missing where the table `placement_full_year` is not there.
    """
    of_year = selection.with_(years=(year,))
    unit = _by_provider(compute("spend_per_placement_year", tables, of_year, ("provider",)))
    unit = unit.select("provider", polars.col("numerator").alias("cost"), polars.col("denominator").alias("placement_years"), polars.col("value").alias("unit_cost"))  # fmt: skip
    before = compute(
        "spend_per_placement_year", tables, selection.with_(years=(years.previous_year(year),)), ("provider",)
    )
    previous = _by_provider(before).select("provider", polars.col("numerator").alias("cost_before"))
    placed = compute("placements", tables, of_year, ("provider",)).select(
        "provider", polars.col("value").alias("placements")
    )
    following = compute("next_year_cost", tables, of_year, ("provider",)).select(
        "provider", polars.col("value").alias("next_year_cost")
    )
    frame = unit
    for other in (previous, placed, following, _insides(tables, of_year)):
        frame = frame.join(
            other, on="provider", how="full" if other is previous else "left", coalesce=True, nulls_equal=True
        )
    nothing = polars.lit(None, dtype=polars.Float64)
    has_before, has_next = bool(before.height), bool(following.height)
    frame = frame.with_columns(
        # A provider that only one of two years knows cost nothing in the other.
        polars.col("cost").fill_null(0.0),
        polars.col("placement_years").fill_null(0.0),
        polars.col("placements").fill_null(0.0),
        (polars.col("cost_before").fill_null(0.0) if has_before else nothing).alias("cost_before"),
        (polars.col("next_year_cost").fill_null(0.0) if has_next else nothing).alias("next_year_cost"),
    )
    total = float(frame["cost"].sum())
    ordered = frame.sort("cost", polars.col("provider"), descending=[True, False], nulls_last=True)
    share = polars.col("cost") / total if total else nothing
    found: polars.DataFrame = ordered.with_columns(
        (polars.col("cost") - polars.col("cost_before")).round(2).alias("change"),
        share.alias("share"),
        (polars.col("cost").cum_sum() / total if total else nothing).alias("share_so_far"),
    ).select(COLUMNS)
    return found


def making_half(found: polars.DataFrame) -> int:
    """How many of the dearest providers make half of the cost together; 0 where there is none."""
    short = found.filter(polars.col("share_so_far") < HALF - 1e-9)
    return (
        min(short.height + 1, found.height)
        if found.height and found["share_so_far"].is_not_null().all()
        else 0
    )


def whole(tables: Any, selection: Selection, year: str) -> dict[str, Any]:
    """The same of all providers together, computed and not added up; `provider` and shares left out."""
    of_year = selection.with_(years=(year,))
    unit = compute("spend_per_placement_year", tables, of_year)
    before = compute("spend_per_placement_year", tables, selection.with_(years=(years.previous_year(year),)))
    cost = _first(unit, "numerator")
    cost_before = _first(before, "numerator")
    return {
        "placements": _first(compute("placements", tables, of_year), "value"),
        "placement_years": _first(unit, "denominator"),
        "cost": cost,
        "unit_cost": _first(unit, "value"),
        "cost_before": cost_before,
        "change": None if cost is None or cost_before is None else round(cost - cost_before, 2),
        "next_year_cost": _first(compute("next_year_cost", tables, of_year), "value"),
    }


def _first(answer: polars.DataFrame, column: str) -> Any:
    return answer[column][0] if answer.height else None


def _by_provider(answer: polars.DataFrame) -> polars.DataFrame:
    return answer.filter(polars.col("numerator").is_not_null())


def _insides(tables: Any, of_year: Selection) -> polars.DataFrame:
    """Whether each provider is in the borough: missing where its rows do not agree or do not say."""
    rows = compute("placement_years", tables, of_year, ("provider", "in_borough"))
    return rows.group_by("provider").agg(
        polars.when((polars.col("in_borough").n_unique() == 1) & polars.col("in_borough").is_not_null().all())
        .then(polars.col("in_borough").first())
        .alias("in_borough")
    )
