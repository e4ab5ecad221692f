"""The placements that moved spend between two years: who started, who left, whose cost changed.

For officers only: each row is one child's placements at one provider. What the movement is made of in all
is for `hnb.growth`.
"""

from __future__ import annotations

from typing import Any

import polars

from hnb.metrics import Selection

COLUMNS = (
    "placement_id", "provider", "setting", "phase", "need", "why", "cost_before", "cost_after", "change",
    "years_before", "years_after", "source",
)  # fmt: skip

_PLACED = ["pupil_id", "provider", "setting"]
_LATEST = ("placement_id", "phase", "need", "source")


def movers(tables: Any, selection: Selection, before: str, after: str) -> polars.DataFrame:
    """Each child's placements at one provider, with what they cost in two financial years, largest change first.

    Parameters
    ----------
    tables: anything with `.has(name)` and `.table(name)`, Polars frames; `placement_months` is read.
    selection: its years are not used. before, after: financial years.

    Returns
    -------
    A Polars frame of `COLUMNS`: pounds to the penny, placement-years, and a code of `movements` for why:
    started or ended between the two years, or else the larger of a change of cost and of time placed.
    `placement_id`, `phase`, `need` and `source` are the later year's where there is one. Only what changed
    is in it, and the changes of all rows add up to the change of the register's cost.
    """
    if not tables.has("placement_months"):
        return _empty()
    months = selection.with_(years=(before, after)).apply(tables.table("placement_months"))
    months = months.filter(polars.col("financial_year").is_in([before, after]))
    if not months.height:
        return _empty()
    sums = []
    for when, year in (("before", before), ("after", after)):
        of_year = polars.col("financial_year") == year
        sums += [
            polars.col("cost").filter(of_year).sum().round(2).alias(f"cost_{when}"),
            polars.col("placement_years").filter(of_year).sum().alias(f"years_{when}"),
        ]
    latest = [polars.col(name).sort_by("month").last() for name in _LATEST]
    frame = months.group_by(_PLACED).agg(*sums, *latest)
    frame = frame.with_columns(
        (polars.col("cost_after") - polars.col("cost_before")).round(2).alias("change")
    )
    frame = frame.filter(polars.col("change") != 0).with_columns(_why().alias("why"))
    moved: polars.DataFrame = frame.sort(
        polars.col("change").abs(),
        "placement_id",
        "provider",
        descending=[True, False, False],
        nulls_last=True,
    ).select(COLUMNS)
    return moved


def _why() -> polars.Expr:
    years0, years1, cost0 = polars.col("years_before"), polars.col("years_after"), polars.col("cost_before")
    by_time = (years1 - years0) * cost0 / years0
    by_cost = polars.col("change") - by_time
    return (
        polars.when(years0 <= 0)
        .then(polars.lit("started"))
        .when(years1 <= 0)
        .then(polars.lit("ended"))
        .when(by_cost.abs() >= by_time.abs())
        .then(polars.lit("cost_changed"))
        .otherwise(polars.lit("time_changed"))
    )


def _empty() -> polars.DataFrame:
    numbers = {name: polars.Float64 for name in COLUMNS if name.split("_")[0] in ("cost", "change", "years")}
    return polars.DataFrame(schema={name: numbers.get(name, polars.String) for name in COLUMNS})
