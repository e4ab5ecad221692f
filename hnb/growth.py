"""Why spend moved between two years: volume, mix and price, which add up to the change to the penny.

The rule of the trade (domain.md, rule 8). Per cell of setting × phase × need, with q placement-years and p
the cost of one, 0 before and 1 after, s the cell's setting, Q all placement-years of the selection:

    volume       q0 p0 (Q1/Q0 − 1)            as many more of everything as there are more placements
    mix_between  q0 p0 (qs1/qs0 − Q1/Q0)      placements moving between settings, at the old cost
    mix_within   (q1 − q0 qs1/qs0) p0         between phases and needs of one setting, at the old cost
    price        q1 (p1 − p0)                 the cost of one placement-year, at the new volume
    other        what is not bought by placement: services, places, what the register does not explain

The five are worked out in the finest cells and rounded there, so that they add up the same way however the
answer is cut. Pure; every figure it starts from is an answer of `compute`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars

from hnb.errors import HnbError
from hnb.metrics import Selection, compute

EFFECTS = ("volume", "mix_between", "mix_within", "price", "other")
"""The effects in the order in which they are told."""

DIMENSIONS = ("setting_group", "setting", "phase", "need")
"""What the answer can be cut by."""

_FINEST = ("setting_group", "setting", "phase", "need")


def growth(
    tables: Any, selection: Selection, before: str, after: str, by: Sequence[str] = ()
) -> polars.DataFrame:
    """The change of spend from one financial year to another, split into its effects.

    Parameters
    ----------
    tables: what `compute` takes. selection: its years are not used.
    before, after: financial years. by: some of `DIMENSIONS`.

    Returns
    -------
    A Polars frame in code-list order with *by*, then in pounds to the penny ``spend_before``, ``spend_after``,
    ``change`` and the effects of `EFFECTS`, which add up to it in every row; ``years_before`` and
    ``years_after`` (placement-years), ``unit_before`` and ``unit_after`` (pounds of placements per
    placement-year; missing where there are none). Without `by` one row; no rows where neither year has spend.

    Raises HnbError for a dimension that is not in `DIMENSIONS`, or the same year twice.
    """
    wrong = [name for name in by if name not in DIMENSIONS]
    if wrong:
        raise HnbError(f"Growth cannot be cut by {', '.join(wrong)}; it can be by {', '.join(DIMENSIONS)}.")
    if before == after:
        raise HnbError(f"Growth is between two years; both are {before}.")
    asked = selection.with_(years=(before, after))
    cells = _with_effects(_cells(tables, asked, before, after))
    sums = [
        *(polars.col(name).sum().round(2) for name in ("spend_before", "spend_after", "change", *EFFECTS)),
        polars.col("years_before", "years_after", "placed_before", "placed_after").sum(),
    ]
    if not cells.height:
        return cells.select(*by).with_columns(_none(name) for name in _COLUMNS)
    summed = cells.group_by(list(by)).agg(sums) if by else cells.select(sums)
    summed = summed.with_columns(
        _unit("placed_before", "years_before").alias("unit_before"),
        _unit("placed_after", "years_after").alias("unit_after"),
    ).select(*by, *_COLUMNS)
    if not by:
        return summed
    order = compute("spend", tables, asked, tuple(by)).select(by).with_row_index("_order")
    return summed.join(order, on=list(by), how="left", nulls_equal=True).sort("_order").drop("_order")


_COLUMNS = (
    "spend_before", "spend_after", "change", *EFFECTS, "years_before", "years_after", "unit_before", "unit_after",
)  # fmt: skip


def _none(name: str) -> polars.Expr:
    return polars.lit(None, dtype=polars.Float64).alias(name)


def _unit(cost: str, years: str) -> polars.Expr:
    return polars.when(polars.col(years) > 0).then(polars.col(cost) / polars.col(years))


def _cells(tables: Any, asked: Selection, before: str, after: str) -> polars.DataFrame:
    """One row a finest cell: its spend, its spend on placements and its placement-years, before and after."""
    spend = compute("spend", tables, asked, ("financial_year", "part", *_FINEST))
    years = compute("placement_years", tables, asked, ("financial_year", *_FINEST))
    placed = spend.filter(polars.col("part") == "placements")
    keys = list(_FINEST)
    frame = spend.select(keys).unique()
    for name, rows, year in (
        ("spend_before", spend, before), ("spend_after", spend, after), ("placed_before", placed, before),
        ("placed_after", placed, after), ("years_before", years, before), ("years_after", years, after),
    ):  # fmt: skip
        found = (
            rows.filter(polars.col("financial_year") == year)
            .group_by(keys)
            .agg(polars.col("value").sum().alias(name))
        )
        frame = frame.join(found, on=keys, how="left", nulls_equal=True)
    return frame.with_columns(polars.exclude(keys).fill_null(0.0))  # no row of a cell is no spend in it


def _with_effects(cells: polars.DataFrame) -> polars.DataFrame:
    """The cells with their effects in pounds, rounded to the penny, price taking what rounding leaves."""
    q0, q1, c0, c1 = (
        polars.col(name) for name in ("years_before", "years_after", "_cost_before", "_cost_after")
    )
    # Cost of a cell without a day of placement has no unit cost: it is told as other.
    costs = cells.with_columns(
        polars.when(polars.col(f"years_{when}") > 0)
        .then(polars.col(f"placed_{when}"))
        .otherwise(0.0)
        .alias(f"_cost_{when}")
        for when in ("before", "after")
    )
    within = costs.with_columns(
        q0.sum().over("setting").alias("_s0"), q1.sum().over("setting").alias("_s1"), c0.sum().over("setting").alias("_cs0"),
        q0.sum().alias("_q0"), q1.sum().alias("_q1"),
    )  # fmt: skip
    setting0, setting1, all0, all1 = (polars.col(name) for name in ("_s0", "_s1", "_q0", "_q1"))
    nothing_before, new_setting, new_cell = all0 <= 0, setting0 <= 0, q0 <= 0
    all_ratio = polars.when(all0 > 0).then(all1 / all0).otherwise(0.0)
    own_ratio = polars.when(setting0 > 0).then(setting1 / setting0).otherwise(0.0)
    # A cell that is new is measured against its setting's old cost; a setting that is new has none.
    new_at = polars.when(setting0 > 0).then(q1 * polars.col("_cs0") / setting0).otherwise(0.0)
    volume = polars.when(nothing_before).then(c1).otherwise(c0 * (all_ratio - 1.0))
    between = (
        polars.when(nothing_before)
        .then(0.0)
        .when(new_setting)
        .then(c1)
        .otherwise(c0 * (own_ratio - all_ratio))
    )
    old_unit = polars.when(q0 > 0).then(c0 / q0).otherwise(0.0)
    mixed = (
        polars.when(nothing_before | new_setting)
        .then(0.0)
        .when(new_cell)
        .then(new_at)
        .otherwise((q1 - q0 * own_ratio) * old_unit)
    )
    change = (polars.col("spend_after") - polars.col("spend_before")).round(2)
    return (
        within.with_columns(
            change.alias("change"),
            volume.round(2).alias("volume"),
            between.round(2).alias("mix_between"),
            mixed.round(2).alias("mix_within"),
            (change - (c1 - c0)).round(2).alias("other"),
        )
        .with_columns(
            (polars.col("change") - polars.sum_horizontal("volume", "mix_between", "mix_within", "other"))
            .round(2)
            .alias("price")
        )
        .drop("_s0", "_s1", "_cs0", "_q0", "_q1", "_cost_before", "_cost_after")
    )
