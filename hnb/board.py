"""What outside readers are shown: the fixed tables of a publication, over the board's own merged categories.

Nothing else leaves the office. The tables are made and audited when they are published (`hnb.disclosure`);
whoever shows them looks figures up and computes none. What is not about children (allocation, balance) is not
here: it has nothing to hide.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

import polars

from hnb.balance_statement import balance_statement
from hnb.board_cells import (
    MERGED,
    as_shown,
    board_categories,
    grid_of,
    plan_of,
    shown_by_board,
    single_cells,
    words_of,
)
from hnb.board_recommendations import board_recommendations, cells_needed
from hnb.configuration import Configuration
from hnb.disclosure import Measured, Publication, Rules, Spread, TablePlan, publication
from hnb.errors import HnbError
from hnb.published import Audience, Published

TABLES: Sequence[TablePlan] = (
    TablePlan("setting_by_phase", ("setting", "phase")),
    TablePlan("setting_by_need", ("setting", "need")),
    TablePlan("phase_by_need", ("phase", "need")),
)
"""The tables of the board, each year; totals come with them."""

MEASURED = Measured(
    counts=("placements",),
    amounts=("spend", "placement_cost", "placement_years"),
    costs=("spend", "placement_cost"),
)
"""Placements on the count date, spend of the year in pounds, what of it pays for single children, placement-years."""


def contributions(tables: Any, authority: str) -> polars.DataFrame:
    """What each child at each provider, and each amount that no child stands behind, gives to the board's tables.

    Parameters
    ----------
    tables: anything with `.has(name)` and `.table(name)`; `placement_months`, `spend` and `placements` are read.

    Returns a frame with `financial_year`, the dimensions of `MERGED` as codes, `pupil_id` and
    `provider` (missing for services and places bought in bulk) and the columns of `MEASURED`. Spend adds up to
    the measure “spend” and placements to the measure “placements”, year by year.
    """
    if not (tables.has("spend") and tables.table("spend").height):
        raise HnbError(
            "There is no spend to publish: build from a placement register or a budget monitor first."
        )
    bulk = tables.table("spend").filter(
        polars.col("authority") == authority, polars.col("part") != "placements"
    )
    parts = [
        bulk.select(
            "financial_year", *_codes(),
            polars.lit(None, polars.String).alias("pupil_id"), polars.lit(None, polars.String).alias("provider"),
            polars.col("amount").alias("spend"), polars.lit(0.0).alias("placement_cost"), "placement_years",
            polars.col("placements").cast(polars.Int64),
        )
    ]  # fmt: skip
    if tables.has("placement_months") and tables.table("placement_months").height:
        parts.append(_by_child(tables, authority))
    joined: polars.DataFrame = polars.concat(parts, how="vertical")
    # The same tables give the same publication: sums do not depend on the order in which the engine grouped.
    return joined.sort(joined.columns)


def board_publications(
    tables: Any,
    configuration: Configuration,
    before: Sequence[Mapping[Audience, Published]] = (),
    spread: Spread = map,
) -> Mapping[Audience, Publication]:
    """The board's tables and the single cells of its recommendations, every year, disclosed for each audience.

    before: all earlier publications; what they showed and what has not changed is reckoned with. The paper hides at
    least what the screen hides, since whoever has the paper may have seen the screen.

    Raises HnbError as `hnb.disclosure.publication` does, and where a year's whole would have to be hidden.
    """
    authority = configuration.authority
    rows, scopes = contributions(tables, authority), cells_needed(tables, authority)
    found: dict[Audience, Publication] = {}
    thresholds: Mapping[Audience, int] = {
        "screen": configuration.screen_threshold, "pack": configuration.pack_threshold,
    }  # fmt: skip
    for audience, threshold in thresholds.items():
        earlier = [
            shown_by_board(one[audience].tables, one[audience].selected, one[audience].categories, MEASURED)
            for one in before
            if one[audience].authority == authority
        ]
        grid = grid_of(rows, [*scopes, *(scope for shown in earlier for scope in shown)])
        screen = found.get("screen")
        found[audience] = publication(
            grid.parted(rows), [*TABLES, *(plan_of(scope) for scope in scopes)], MEASURED, Rules(threshold=threshold),
            within="financial_year", rollups=grid.rollups, before=[as_shown(shown) for shown in earlier],
            hidden_too=screen.hidden if screen is not None else None, named=words_of, spread=spread,
        )  # fmt: skip
    for year, hidden in (pair for made in found.values() for pair in made.hidden.items()):
        if () in hidden:
            raise HnbError(
                f"So few children or providers stand behind {year} as a whole that nothing of it can be shown."
            )
    return found


def published(
    tables: Any,
    configuration: Configuration,
    *,
    publication_id: str,
    published_at: datetime.datetime,
    snapshot_id: str,
    as_at: datetime.date | None,
    before: Sequence[Mapping[Audience, Published]] = (),
    spread: Spread = map,
) -> Mapping[Audience, Published]:
    """What each audience may see of the tables, as values; see `Published`. Raises HnbError as `board_publications` does.

    before, spread: as `board_publications` and `hnb.disclosure.publication` take them.
    """
    spend = tables.table("spend").filter(polars.col("authority") == configuration.authority)
    forecasts = spend.filter(polars.col("basis").cast(polars.String) == "forecast")["financial_year"]
    scopes = cells_needed(tables, configuration.authority)
    block = balance_statement(tables, configuration.authority)
    found: dict[Audience, Published] = {}
    for audience, made in board_publications(tables, configuration, before, spread).items():
        selected = single_cells(made.tables, scopes)
        found[audience] = Published(
            publication_id, published_at, snapshot_id, as_at, audience, configuration.authority,
            configuration.authority_name, configuration.board_name, configuration.board_initials,
            configuration.block_name, made.rules, made.account, {plan.name: made.tables[plan.name] for plan in TABLES},
            tuple(sorted(set(forecasts.to_list()))), block,
            board_recommendations(tables, configuration.authority, made.rules, selected), selected, board_categories(),
        )  # fmt: skip
    return found


def _by_child(tables: Any, authority: str) -> polars.DataFrame:
    """Each child at each provider: cost and time of the year, and whether it counts on the year's count date."""
    months = tables.table("placement_months").filter(polars.col("authority") == authority)
    keys = ["financial_year", *MERGED, "pupil_id", "provider"]
    costs = months.select(
        "financial_year", *_codes(), "pupil_id", "provider",
        polars.col("cost").alias("spend"), "placement_years",
    )  # fmt: skip
    costs = costs.group_by(keys).agg(polars.col("spend").sum().round(2), polars.col("placement_years").sum())
    counted = (
        _counted(tables, authority).group_by(keys).agg(polars.len().cast(polars.Int64).alias("placements"))
    )
    both = costs.join(counted, on=keys, how="full", coalesce=True, nulls_equal=True, validate="1:1")
    # A child that counts on the day and cost nothing has no month; one that left before the day has no count.
    told: polars.DataFrame = both.with_columns(
        polars.col("spend", "placement_years").fill_null(0.0), polars.col("placements").fill_null(0)
    ).select(*keys, "spend", polars.col("spend").alias("placement_cost"), "placement_years", "placements")
    return told


def _counted(tables: Any, authority: str) -> polars.DataFrame:
    """The placements that count on their year's count date, by the rule of `hnb.spend`, a row each."""
    spend = tables.table("spend").filter(
        polars.col("authority") == authority,
        polars.col("part") == "placements",
        polars.col("counted_on").is_not_null(),
    )
    counted_on = spend.group_by("financial_year").agg(polars.col("counted_on").max())
    register = tables.table("placements").filter(polars.col("authority") == authority)
    latest = polars.col("register_as_at") == polars.col("register_as_at").max().over("financial_year")
    open_then = (
        register.filter(latest)
        .join(counted_on, on="financial_year", how="inner", validate="m:1")
        .filter(
            polars.col("start_on") <= polars.col("counted_on"),
            polars.col("end_on").is_null() | (polars.col("end_on") > polars.col("counted_on")),
            polars.col("placement_rank").fill_null(1) == 1,
        )
    )
    chosen: polars.DataFrame = open_then.select("financial_year", *_codes(), "pupil_id", "provider")
    return chosen


def _codes() -> list[polars.Expr]:
    return [polars.col(name).cast(polars.String) for name in MERGED]
