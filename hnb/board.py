"""What outside readers are shown: the fixed tables of a publication, over the board's own merged categories.

Nothing else leaves the office. The tables are made and audited when they are published (`hnb.disclosure`);
whoever shows them looks figures up and computes none. What is not about children (allocation, balance) is not
here: it has nothing to hide.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import polars

from hnb.balance_statement import balance_statement
from hnb.codelists import CODELISTS
from hnb.configuration import Configuration
from hnb.counterfactual import counterfactuals
from hnb.disclosure import Measured, Publication, Rules, TablePlan, publication
from hnb.errors import HnbError
from hnb.published import Audience, BoardRecommendation, Published
from hnb.recommendation_gap import gap
from hnb.recommendations import assessments

MERGED: Mapping[str, str] = {"setting": "board_settings", "phase": "board_phases", "need": "board_needs"}
"""The dimensions that outside readers see, and the list of the board's categories of each."""

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


def board_code(dimension: str, code: str) -> str:
    """The board's category of a code. HnbError where the board has none: `hnb/codes/board.toml` must name it.

    >>> board_code("setting", "special_academy"), board_code("need", "PMLD")
    ('state_special', 'severe')
    """
    for name, entry in CODELISTS[MERGED[dimension]].entries.items():
        if code in entry.details["of"]:
            return name
    raise HnbError(
        f"The {dimension} {code} is in none of the board's categories: add it to one of {MERGED[dimension]} in hnb/codes/board.toml."
    )


def contributions(tables: Any, authority: str) -> polars.DataFrame:
    """What each child at each provider, and each amount that no child stands behind, gives to the board's tables.

    Parameters
    ----------
    tables: anything with `.has(name)` and `.table(name)`; `placement_months`, `spend` and `placements` are read.

    Returns a frame with `financial_year`, the dimensions of `MERGED` in the board's categories, `pupil_id` and
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
            "financial_year", *(_merged(bulk, name) for name in MERGED),
            polars.lit(None, polars.String).alias("pupil_id"), polars.lit(None, polars.String).alias("provider"),
            polars.col("amount").alias("spend"), polars.lit(0.0).alias("placement_cost"), "placement_years",
            polars.col("placements").cast(polars.Int64),
        )
    ]  # fmt: skip
    if tables.has("placement_months") and tables.table("placement_months").height:
        parts.append(_by_child(tables, authority))
    joined: polars.DataFrame = polars.concat(parts, how="vertical")
    return joined


def board_publication(
    tables: Any, authority: str, rules: Rules, *, before: Iterable[Publication] = ()
) -> Publication:
    """The board's tables of every year, disclosed. See `hnb.disclosure.publication` for what it holds and raises."""
    return publication(
        contributions(tables, authority), TABLES, MEASURED, rules, within="financial_year", before=before
    )


def published(
    tables: Any,
    configuration: Configuration,
    audience: Audience,
    *,
    publication_id: str,
    published_at: datetime.datetime,
    snapshot_id: str,
    as_at: datetime.date | None,
) -> Published:
    """What one audience may see of the tables, as a value; see `Published`. Raises HnbError as `board_publication` does."""
    threshold = configuration.screen_threshold if audience == "screen" else configuration.pack_threshold
    rules = Rules(threshold=threshold)
    made = board_publication(tables, configuration.authority, rules)
    spend = tables.table("spend").filter(polars.col("authority") == configuration.authority)
    forecasts = spend.filter(polars.col("basis").cast(polars.String) == "forecast")["financial_year"]
    found = []
    for one in assessments(tables):
        worths = counterfactuals(tables, one.selection) if one.measure is not None else ()
        base = one.baseline.financial_year if one.baseline is not None else ""
        worth = next((other for other in worths if other.base_year == base), None)
        found.append(BoardRecommendation(one, gap(one, tables), worth))
    return Published(
        publication_id, published_at, snapshot_id, as_at, audience, configuration.authority,
        configuration.authority_name, configuration.board_name, configuration.board_initials,
        configuration.block_name, rules, made.account, made.tables, tuple(sorted(set(forecasts.to_list()))),
        balance_statement(tables, configuration.authority), tuple(found),
    )  # fmt: skip


def _by_child(tables: Any, authority: str) -> polars.DataFrame:
    """Each child at each provider: cost and time of the year, and whether it counts on the year's count date."""
    months = tables.table("placement_months").filter(polars.col("authority") == authority)
    keys = ["financial_year", *MERGED, "pupil_id", "provider"]
    costs = months.select(
        "financial_year", *(_merged(months, name) for name in MERGED), "pupil_id", "provider",
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
    chosen: polars.DataFrame = open_then.select(
        "financial_year", *(_merged(open_then, name) for name in MERGED), "pupil_id", "provider"
    )
    return chosen


def _merged(frame: polars.DataFrame, dimension: str) -> polars.Expr:
    codes = [code for code in frame[dimension].cast(polars.String).unique().to_list() if code is not None]
    of = {code: board_code(dimension, code) for code in codes}
    return (
        polars.col(dimension)
        .cast(polars.String)
        .replace_strict(of, return_dtype=polars.String)
        .alias(dimension)
    )
