"""The placements that moved spend between two years or two dates: who started, who left, whose cost changed.

For officers only: each row is one child's placements at one provider. What the movement is made of in all
is for `hnb.growth`.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

import polars

from hnb import years
from hnb.metrics import Selection
from hnb.open_placements import open_on

COLUMNS = (
    "placement_id", "provider", "setting", "phase", "need", "why", "cost_before", "cost_after", "change",
    "years_before", "years_after", "source", "share_so_far",
)  # fmt: skip

_PLACED = ["pupil_id", "provider", "setting"]
_LATEST = ("placement_id", "phase", "need", "source")


@dataclass(frozen=True)
class Half:
    """How few placements make half of a change: the largest that go its way.

    placements: how many; pounds: what they come to; whole: the whole change. ten_share: what share of the whole
    the ten largest make, None where the change comes to nothing.
    """

    placements: int
    pounds: float
    whole: float
    ten_share: float | None


def movers(tables: Any, selection: Selection, before: str, after: str) -> polars.DataFrame:
    """Each child's placements at one provider, with what they cost in two years or on two dates, largest change first.

    Parameters
    ----------
    tables: anything with `.has(name)` and `.table(name)`, Polars frames.
    selection: its years are not used. before, after: as of `hnb.growth.growth`: two financial years, or two dates,
        of which the cost is the annual cost of the placements open then.

    Returns
    -------
    A Polars frame of `COLUMNS`: pounds to the penny, placement-years (or placements open), and a code of
    `movements` for why: started or ended in between, or else the larger of a change of cost and of time placed.
    `placement_id`, `phase`, `need` and `source` are the later one's where there is one. Only what changed is in it,
    and the changes of all rows add up to the change of the register's cost. `share_so_far`, of those that go the way
    of the whole change, is what share of it they and the larger ones make; missing for the others.

    Raises HnbError for a date that no register covers.
    """
    if years.is_financial_year(before):
        sides = _of_years(tables, selection, before, after)
    else:
        sides = _of_dates(tables, selection, before, after)
    if sides is None or not sides.height:
        return _empty()
    frame = sides.with_columns(
        (polars.col("cost_after") - polars.col("cost_before")).round(2).alias("change")
    )
    frame = frame.filter(polars.col("change") != 0).with_columns(_why().alias("why"))
    moved = frame.sort(
        polars.col("change").abs(),
        "placement_id",
        "provider",
        descending=[True, False, False],
        nulls_last=True,
    )
    change, whole = polars.col("change"), polars.col("change").sum().round(2)
    along = polars.when(change * whole > 0).then(change)
    found: polars.DataFrame = moved.with_columns((along.cum_sum() / whole).alias("share_so_far")).select(
        COLUMNS
    )
    return found


def half_of(rows: polars.DataFrame) -> Half:
    """The fewest placements that make half of the change. `rows` are of `movers`."""
    whole = round(float(rows["change"].sum()), 2)
    along = rows.filter(polars.col("share_so_far").is_not_null())
    if not whole or not along.height:
        return Half(0, 0.0, whole, None)
    number = along.filter(polars.col("share_so_far") < 0.5).height + 1
    ten = along["share_so_far"][min(10, along.height) - 1]
    return Half(number, round(float(along["change"].head(number).sum()), 2), whole, float(ten))


def rows_to_half(rows: polars.DataFrame) -> int:
    """How many rows from the first show the placements that make half; 0 where none do. `rows` are of `movers`.

    Those that go the other way stand between them, so it is no fewer than `half_of` counts.
    """
    half = rows.with_row_index("place", 1).filter(polars.col("share_so_far") >= 0.5)
    return int(half["place"][0]) if half.height else 0


def _of_years(tables: Any, selection: Selection, before: str, after: str) -> polars.DataFrame | None:
    """What each child's placements at one provider cost in two years, by the days in each."""
    if not tables.has("placement_months"):
        return None
    months = selection.with_(years=(before, after)).apply(tables.table("placement_months"))
    sums = []
    for when, year in (("before", before), ("after", after)):
        of_year = polars.col("financial_year") == year
        sums += [
            polars.col("cost").filter(of_year).sum().round(2).alias(f"cost_{when}"),
            polars.col("placement_years").filter(of_year).sum().alias(f"years_{when}"),
        ]
    latest = [polars.col(name).sort_by("month").last() for name in _LATEST]
    found: polars.DataFrame = months.group_by(_PLACED).agg(*sums, *latest)
    return found


def _of_dates(tables: Any, selection: Selection, before: str, after: str) -> polars.DataFrame:
    """What a whole year of each child's placements at one provider would cost, of those open on two dates."""
    kept = [*_PLACED, *_LATEST, "annual_cost"]
    both = polars.concat(
        [
            open_on(tables, selection, datetime.date.fromisoformat(date)).select(
                *kept, polars.lit(when).alias("_when")
            )
            for when, date in ((0, before), (1, after))
        ]
    )
    sums = []
    for when, name in ((0, "before"), (1, "after")):
        then = polars.col("_when") == when
        sums += [
            polars.col("annual_cost").filter(then).sum().round(2).alias(f"cost_{name}"),
            then.sum().cast(polars.Float64).alias(f"years_{name}"),
        ]
    latest = [polars.col(name).sort_by("_when").last() for name in _LATEST]
    return both.group_by(_PLACED).agg(*sums, *latest)


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
    numbers = {
        name: polars.Float64 for name in COLUMNS if name.split("_")[0] in ("cost", "change", "years", "share")
    }
    return polars.DataFrame(schema={name: numbers.get(name, polars.String) for name in COLUMNS})
