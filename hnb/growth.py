"""Why spend moved between two years or two dates: volume, mix and price, which add up to the change to the penny.

Between two years spend is what each year cost. Between two dates it is what a whole year of the placements open
on each would cost (rule 3: begun, and not ended), q being how many are open and p the annual cost of one.

The rule of the trade (domain.md, rule 8). Per cell of setting × phase × need, with q placement-years and p
the cost of one, 0 before and 1 after, s the cell's setting, Q all placement-years of the selection:

    volume       q0 p0 (Q1/Q0 − 1)            as many more of everything as there are more placements
    mix_between  q0 p0 (qs1/qs0 − Q1/Q0)      placements moving between settings, at the old cost
    mix_within   (q1 − q0 qs1/qs0) p0         between phases and needs of one setting, at the old cost
    price        q1 (p1 − p0)                 the cost of one placement-year, at the new volume
    other        what is not bought by placement: services, places, what the register does not explain;
                 between dates, second placements beside a child's main one: their cost, the child counted once

Of the price, q1 p0 (d1/d0 − 1) is what the same would have come to had it gone with prices in general (d, the GDP
deflator of the two years), and the rest is above inflation. A cell that is new in its setting is measured against
the setting's old cost, in this as in the mix.

The five are worked out in the finest cells and rounded there, so that they add up the same way however the
answer is cut. Pure; every figure it starts from is an answer of `compute`.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

import polars

from hnb import real_terms, years
from hnb.codelists import CODELISTS
from hnb.errors import HnbError
from hnb.metrics import MEASURES, Selection, compute
from hnb.metrics.answer import ordered
from hnb.open_placements import open_on

EFFECTS = ("volume", "mix_between", "mix_within", "price", "other")
"""The effects in the order in which they are told."""

PRICE_PARTS = ("general_inflation", "above_inflation")
"""What the price effect is made of: prices in general, and what went beyond them."""

DIMENSIONS = ("setting_group", "setting", "phase", "need")
"""What the answer can be cut by."""

_FINEST = ("setting_group", "setting", "phase", "need")


def growth(
    tables: Any, selection: Selection, before: str, after: str, by: Sequence[str] = ()
) -> polars.DataFrame:
    """The change of spend from one financial year to another, or from one date to another, split into its effects.

    Parameters
    ----------
    tables: what `compute` takes. selection: its years are not used.
    before, after: two financial years ("2024-25"), or two dates ("2026-10-31") that registers cover.
    by: some of `DIMENSIONS`.

    Returns
    -------
    A Polars frame in code-list order with *by*, then in pounds to the penny ``spend_before``, ``spend_after``,
    ``change`` and the effects of `EFFECTS`, which add up to it in every row, and `PRICE_PARTS`, which add up to the
    price and are missing where a year has no deflator; ``years_before`` and ``years_after`` (placement-years, or
    placements open on the date), ``unit_before`` and ``unit_after`` (pounds of placements per one; missing where
    there are none). Without `by` one row; no rows where there is no spend on either side.

    Raises HnbError for a dimension that is not in `DIMENSIONS`, the same year or date twice, a year with a date, or
    a date that no register covers.
    """
    wrong = [name for name in by if name not in DIMENSIONS]
    if wrong:
        raise HnbError(f"Growth cannot be cut by {', '.join(wrong)}; it can be by {', '.join(DIMENSIONS)}.")
    if before == after:
        raise HnbError(f"Growth is between two years or two dates; both are {before}.")
    if years.is_financial_year(before) != years.is_financial_year(after):
        raise HnbError(f"Growth is between two years or between two dates, not from {before} to {after}.")
    if years.is_financial_year(before):
        cells = _cells_of_years(tables, selection.with_(years=(before, after)), before, after)
    else:
        cells = _cells_of_dates(tables, selection, before, after)
    cells = with_effects(cells, real_terms.inflation(year_of(before), year_of(after)))
    if not cells.height:
        return cells.select(*by).with_columns(_none(name) for name in _COLUMNS)
    sums = [
        *(polars.col(name).sum().round(2) for name in ("spend_before", "spend_after", "change", *EFFECTS)),
        *(
            polars.when(polars.col(name).null_count() == 0).then(polars.col(name).sum().round(2)).alias(name)
            for name in PRICE_PARTS
        ),
        polars.col("years_before", "years_after", "placed_before", "placed_after").sum(),
    ]
    summed = cells.group_by(list(by)).agg(sums) if by else cells.select(sums)
    summed = summed.with_columns(
        _unit("placed_before", "years_before").alias("unit_before"),
        _unit("placed_after", "years_after").alias("unit_after"),
    ).select(*by, *_COLUMNS)
    return ordered(summed, MEASURES["spend"], tuple(by)).select(*by, *_COLUMNS) if by else summed


def year_of(moment: str) -> str:
    """The financial year of a year or of a date, each as a text."""
    if years.is_financial_year(moment):
        return moment
    return years.year_of(datetime.date.fromisoformat(moment))


_COLUMNS = (
    "spend_before", "spend_after", "change", *EFFECTS, *PRICE_PARTS, "years_before", "years_after", "unit_before", "unit_after",
)  # fmt: skip


def _none(name: str) -> polars.Expr:
    return polars.lit(None, dtype=polars.Float64).alias(name)


def _unit(cost: str, years: str) -> polars.Expr:
    return polars.when(polars.col(years) > 0).then(polars.col(cost) / polars.col(years))


def _cells_of_years(tables: Any, asked: Selection, before: str, after: str) -> polars.DataFrame:
    """One row a finest cell: its spend, its spend on placements and its placement-years, before and after."""
    spend = compute("spend", tables, asked, ("financial_year", "part", *_FINEST))
    placement_years = compute("placement_years", tables, asked, ("financial_year", *_FINEST))
    placed = spend.filter(polars.col("part") == "placements")
    sides = {}
    for when, year in (("before", before), ("after", after)):
        of_year = polars.col("financial_year") == year
        for name, rows in (("spend", spend), ("placed", placed), ("years", placement_years)):
            found = rows.filter(of_year).group_by(_FINEST).agg(polars.col("value").sum())
            sides[f"{name}_{when}"] = found.rename({"value": f"{name}_{when}"})
    return _beside(sides)


def _cells_of_dates(tables: Any, selection: Selection, before: str, after: str) -> polars.DataFrame:
    """The same of the placements open on two dates: their annual cost, and how many children's main ones they are."""
    groups = {code: CODELISTS["settings"].group(code) for code in CODELISTS["settings"].codes}
    cost, is_main = polars.col("annual_cost"), polars.col("is_main")
    sides = {}
    for when, date in (("before", before), ("after", after)):
        rows = open_on(tables, selection, datetime.date.fromisoformat(date)).with_columns(
            polars.col("setting").replace_strict(groups, return_dtype=polars.String).alias("setting_group")
        )
        found = rows.group_by(_FINEST).agg(
            cost.sum().round(2).alias(f"spend_{when}"),
            cost.filter(is_main).sum().round(2).alias(f"placed_{when}"),
            is_main.sum().cast(polars.Float64).alias(f"years_{when}"),
        )
        for name in ("spend", "placed", "years"):
            sides[f"{name}_{when}"] = found.select(*_FINEST, f"{name}_{when}")
    return _beside(sides)


def _beside(sides: dict[str, polars.DataFrame]) -> polars.DataFrame:
    """The finest cells that any side has, each side a column; a cell that one side has not holds nothing there."""
    keys = list(_FINEST)
    frame = polars.concat([side.select(keys) for side in sides.values()]).unique()
    for side in sides.values():
        frame = frame.join(side, on=keys, how="left", nulls_equal=True)
    return frame.with_columns(polars.exclude(keys).fill_null(0.0))  # no row of a cell is no spend in it


def with_effects(cells: polars.DataFrame, inflation: float | None) -> polars.DataFrame:
    """The cells with their effects in pounds, rounded to the penny, price taking what rounding leaves.

    `growth` uses it on the finest cells; whoever has coarser cells (the board's, of settings alone) has the moves
    within them in the price.

    Parameters
    ----------
    cells: a row a cell with ``setting``, and before and after (``_before``, ``_after``) ``spend``, ``placed`` (the
        pounds among it that are paid for single placements) and ``years`` (placement-years); none missing.
    inflation: of prices in general between the two years, as a share; None where it is not known.

    Returns the cells with ``change``, the effects of `EFFECTS`, which add up to it, and `PRICE_PARTS`.
    """
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
    # Where there is no old cost to compare with there is no price effect, and no inflation in it either.
    at_old_prices = polars.when(nothing_before | new_setting).then(0.0).otherwise(c1 - polars.col("price"))
    general = at_old_prices * polars.lit(inflation, dtype=polars.Float64)
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
        .with_columns(general.round(2).alias("general_inflation"))
        .with_columns(
            (polars.col("price") - polars.col("general_inflation")).round(2).alias("above_inflation")
        )
        .drop("_s0", "_s1", "_cs0", "_q0", "_q1", "_cost_before", "_cost_after")
    )
