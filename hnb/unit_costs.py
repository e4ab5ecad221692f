"""What a placement-year costs in each kind of setting: not one average but the whole distribution.

Each placement of a year's register counts by its placement-years, so that a placement of three months does not
weigh as much as one of twelve, and one that the register writes in two rows weighs what it would in one. Costs
are divided by placement-years and never by a January headcount (rule 2 of the domain's rules of the trade).
Rows of children: for officers only. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import polars

from hnb import real_terms
from hnb.codelists import CODELISTS
from hnb.errors import HnbError
from hnb.metrics import MEASURES
from hnb.metrics.answer import ordered
from hnb.selection import DIMENSION_OF_FIELD, Selection

DIMENSIONS = ("setting_group", "setting", "phase", "need")
"""What a distribution can be cut by."""

COST_COLUMNS = (
    "placement_id", "provider", "setting_group", "setting", "phase", "need", "in_borough", "placement_years", "cost", "annual_cost", "source",
)  # fmt: skip
STATISTICS = (
    "placements", "placement_years", "cost", "mean", "median", "lower_decile", "lower_quartile", "upper_quartile", "upper_decile",
    "lowest", "highest",
)  # fmt: skip
PROVIDER_COLUMNS = (
    "provider", "setting", "placements", "placement_years", "cost", "unit_cost", "median", "gap", "above_median",
)  # fmt: skip
OUTLIER_COLUMNS = (*COST_COLUMNS, "median", "times_median", "above_median", "rule")

MEASURE = MEASURES["spend_per_placement_year"]
"""The measure whose value is the mean of a distribution."""

FEWEST = 5
"""Placements that a setting needs before any of them is called an outlier: quartiles of fewer say nothing."""

_QUANTILES = {
    "lower_decile": 0.1, "lower_quartile": 0.25, "median": 0.5, "upper_quartile": 0.75, "upper_decile": 0.9,
}  # fmt: skip
_TABLES = ("placements", "placement_months")


def is_loaded(tables: Any) -> bool:
    """Whether there is a register to take placements from."""
    return all(tables.has(name) and tables.table(name).height for name in _TABLES)


def placement_costs(
    tables: Any, selection: Selection, year: str, prices: str = real_terms.CASH
) -> polars.DataFrame:
    """One row for each placement with a day in a financial year: what it cost in the year and what a whole year of it costs.

    Parameters
    ----------
    tables: anything with `.has(name)` and `.table(name)`, Polars frames.
    selection: its years are not used. prices: "cash", or the financial year in whose prices.

    Returns
    -------
    A Polars frame of `COST_COLUMNS`: `cost` is the year's own (days ÷ days in the year), `annual_cost` of a full
    year, both pounds; `placement_years` days ÷ days in the year. Of the register in force, the latest of the year.

    Raises HnbError where the prices asked for need a deflator that there is not.
    """
    return costs_within(held_in(tables, year), selection, year, prices)


@dataclass(frozen=True)
class Held:
    """What a register and its months say of one year, before anything is selected: what is worth remembering.

    months: placement-years and cost of each placement, apart for whatever a selection can cut them by. register:
    the placements of the register in force.
    """

    months: polars.DataFrame
    register: polars.DataFrame


def held_in(tables: Any, year: str) -> Held | None:
    """The placements held in a financial year; None where there is no register to take them from."""
    if not is_loaded(tables):
        return None
    months = tables.table("placement_months").filter(polars.col("financial_year") == year)
    cut_by = [name for name in DIMENSION_OF_FIELD.values() if name in months.columns]
    register = tables.table("placements").filter(polars.col("financial_year") == year)
    register = register.filter(
        polars.col("register_as_at") == polars.col("register_as_at").max().over("authority")
    )
    groups = {code: CODELISTS["settings"].group(code) for code in CODELISTS["settings"].codes}
    group = polars.col("setting").replace_strict(groups, return_dtype=polars.String).alias("setting_group")
    there = [name for name in COST_COLUMNS if name not in ("placement_years", "cost", "setting_group")]
    return Held(
        months.group_by(*cut_by, "placement_id").agg(polars.col("placement_years", "cost").sum()),
        register.select("authority", *there, group),
    )


def costs_within(
    held: Held | None, selection: Selection, year: str, prices: str = real_terms.CASH
) -> polars.DataFrame:
    """`placement_costs` of a selection, cut from all that was held in the year."""
    worth = real_terms.factor(year, prices)
    if worth is None:
        raise HnbError(
            f"There is no deflator to put {year} into {prices} prices; see hnb/codes/deflator.toml."
        )
    if held is None:
        return _no_costs()
    months = selection.with_(years=(year,)).apply(held.months)
    summed = months.group_by("authority", "placement_id").agg(
        polars.col("placement_years").sum(), polars.col("cost").sum().round(2)
    )
    costs: polars.DataFrame = (
        held.register.join(summed, on=["authority", "placement_id"], how="inner", validate="1:1")
        .with_columns((polars.col(name) * worth).round(2).alias(name) for name in ("cost", "annual_cost"))
        .select(COST_COLUMNS)
    )
    return costs.sort("annual_cost", "placement_id", descending=[True, False])


def distribution(costs: polars.DataFrame, by: Sequence[str] = ()) -> polars.DataFrame:
    """How the yearly cost of placements is spread, by some of `DIMENSIONS`.

    `costs` is of `placement_costs`. Returns *by* in code-list order, then `STATISTICS`: how many placements,
    their placement-years and cost in the year, `mean` (cost ÷ placement-years), and the median, quartiles, deciles
    and ends of `annual_cost`, in pounds.

    A quantile is weighted by placement-years: the p-quantile is the cost at which placements that cost no more hold
    the share p of all placement-years; where they hold it exactly, the middle between that cost and the next one up,
    as the median of an even number of equals is. Without placements no rows.
    """
    wrong = [name for name in by if name not in DIMENSIONS]
    if wrong:
        raise HnbError(
            f"Unit costs cannot be cut by {', '.join(wrong)}; they can be by {', '.join(DIMENSIONS)}."
        )
    keys = list(by) or ["_all"]
    weight, held = polars.col("placement_years"), polars.col("placement_years").sum()
    ranked = costs.with_columns(polars.lit("all").alias("_all")).sort("annual_cost")
    ranked = ranked.with_columns(weight.cum_sum().over(keys).alias("_so_far"))
    summed = ranked.group_by(keys).agg(
        polars.len().cast(polars.Int64).alias("placements"),
        held.alias("placement_years"),
        polars.col("cost").sum().round(2),
        (polars.col("cost").sum() / held).round(2).alias("mean"),
        *(_quantile(share).round(2).alias(name) for name, share in _QUANTILES.items()),
        polars.col("annual_cost").min().alias("lowest"),
        polars.col("annual_cost").max().alias("highest"),
    )
    return ordered(summed, MEASURE, tuple(by)).select(*by, *STATISTICS)


def _quantile(share: float) -> polars.Expr:
    """The weighted quantile of annual costs that stand in ascending order with their running weight `_so_far`."""
    wanted = polars.col("placement_years").sum() * share
    dust = wanted * 1e-9 + 1e-12  # adding fractions of a year leaves some
    costs = polars.col("annual_cost")
    at = costs.filter(polars.col("_so_far") >= wanted - dust).min()
    after = costs.filter(polars.col("_so_far") > wanted + dust).min()
    return (at + polars.coalesce(after, at)) / 2


def on_the_year_before(
    now: polars.DataFrame, before: polars.DataFrame, by: Sequence[str]
) -> polars.DataFrame:
    """Two distributions side by side: `now` with `mean_before`, `median_before` and the changes of both in pounds.

    Missing where the year before had no placement of the kind.
    """
    keys, everything = list(by) or ["_all"], polars.lit("all").alias("_all")
    old = before.with_columns(everything).select(
        *keys, *(polars.col(name).alias(f"{name}_before") for name in ("mean", "median"))
    )
    joined = (
        now.with_columns(everything)
        .join(old, on=keys, how="left", nulls_equal=True, maintain_order="left")
        .drop("_all", strict=False)
    )
    return joined.with_columns(
        (polars.col(name) - polars.col(f"{name}_before")).round(2).alias(f"{name}_change")
        for name in ("mean", "median")
    )


def providers(costs: polars.DataFrame, beside: polars.DataFrame) -> polars.DataFrame:
    """Each provider in each setting against that setting's median, the most pounds above it first.

    Parameters
    ----------
    costs: `placement_costs` of the providers asked for. beside: `placement_costs` of what they are held against,
        which are all providers: narrowing to one provider must not make it its own yardstick.

    Returns
    -------
    A frame of `PROVIDER_COLUMNS`. `unit_cost` is cost ÷ placement-years, `gap` that less the median, and
    `above_median` the gap × placement-years: the pounds by which the year would have been cheaper, had each
    placement-year cost the median. A setting's providers together are its cost less median × placement-years.
    """
    medians = distribution(beside, ("setting",)).select("setting", "median")
    grouped = costs.group_by("provider", "setting").agg(
        polars.len().cast(polars.Int64).alias("placements"),
        polars.col("placement_years").sum(),
        polars.col("cost").sum().round(2),
    )
    found = grouped.join(medians, on="setting", how="left", validate="m:1")
    unit = polars.col("cost") / polars.col("placement_years")
    above = polars.col("cost") - polars.col("median") * polars.col("placement_years")
    return (
        found.with_columns(
            unit.round(2).alias("unit_cost"),
            (unit - polars.col("median")).round(2).alias("gap"),
            above.round(2).alias("above_median"),
        )
        .sort("above_median", "provider", "setting", descending=[True, False, False], nulls_last=True)
        .select(PROVIDER_COLUMNS)
    )


def outliers(costs: polars.DataFrame, beside: polars.DataFrame) -> polars.DataFrame:
    """The placements that cost far more than their setting usually does, the most pounds above its median first.

    A placement is one if its annual cost is more than 1.5 × (upper − lower quartile) above the upper quartile of its
    setting, or more than twice its median; `rule` says which (a code of `outlier_rules`). Settings with fewer than
    `FEWEST` placements have none. `costs` and `beside` are as of `providers`; returns a frame of
    `OUTLIER_COLUMNS`, `above_median` being (annual cost − median) × placement-years.
    """
    spread = distribution(beside, ("setting",)).filter(polars.col("placements") >= FEWEST)
    fence = polars.col("upper_quartile") + 1.5 * (polars.col("upper_quartile") - polars.col("lower_quartile"))
    spread = spread.select("setting", "median", fence.alias("_fence"))
    held = costs.join(spread, on="setting", how="inner", validate="m:1")
    cost, median = polars.col("annual_cost"), polars.col("median")
    is_beyond, is_twice = cost > polars.col("_fence"), (median > 0) & (cost > 2 * median)
    rule = (
        polars.when(is_beyond & is_twice)
        .then(polars.lit("both"))
        .when(is_beyond)
        .then(polars.lit("above_fence"))
        .otherwise(polars.lit("twice_the_median"))
    )
    return (
        held.filter(is_beyond | is_twice)
        .with_columns(
            polars.when(median > 0).then(cost / median).alias("times_median"),
            ((cost - median) * polars.col("placement_years")).round(2).alias("above_median"),
            rule.alias("rule"),
        )
        .sort("above_median", "placement_id", descending=[True, False])
        .select(OUTLIER_COLUMNS)
    )


def _no_costs() -> polars.DataFrame:
    numbers = {"placement_years", "cost", "annual_cost"}
    types = {"in_borough": polars.Boolean}
    return polars.DataFrame(
        schema={
            name: polars.Float64 if name in numbers else types.get(name, polars.String)
            for name in COST_COLUMNS
        }
    )
