"""The register of a year as a list: who is in it, in which order, which page, and what is to be looked at.

For officers only: each row is one child's placement. Long lists are cut here, before anything is drawn. Pure.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

import polars

from hnb import years
from hnb.codelists import CODELISTS
from hnb.metrics import Selection

LISTS = tuple(CODELISTS["placement_lists"].codes)
ORDERS = tuple(CODELISTS["placement_orders"].codes)
COLUMNS = (
    "placement_id", "provider", "setting", "phase", "need", "in_borough", "cohort", "start_on", "end_on",
    "annual_cost", "cost", "next_year_cost", "source",
)  # fmt: skip
EXCEPTION_COLUMNS = (
    "exception", "placement_id", "provider", "setting", "phase", "need", "days", "cost", "annual_cost",
    "other_placement_id", "other_source", "source",
)  # fmt: skip
_ON = ["authority", "financial_year", "placement_id"]
_DESCENDING = ("annual_cost", "cost", "start_on", "end_on")


@dataclass(frozen=True)
class Wanted:
    """Which placements of a year's register a list shows.

    shown: a code of `placement_lists`; since: of those started or ended, the first day that counts; text: what
    provider or number must hold; order: a code of `placement_orders`.
    """

    shown: str = "all"
    since: datetime.date | None = None
    text: str = ""
    order: str = "annual_cost"


ALL = Wanted()
"""Every placement, the dearest first."""


def placement_list(tables: Any, selection: Selection, year: str, wanted: Wanted = ALL) -> polars.DataFrame:
    """The placements of the register in force of a financial year, as `COLUMNS`, in the order wanted.

    `tables` has `.has(name)` and `.table(name)`; `placements` and `placement_full_year` are read. `cost` is of the
    year, `annual_cost` of a full one, both pounds. No rows where there is no register.
    """
    rows = _joined(tables, selection, year)
    conditions = [_shown(wanted, year), *_holds(wanted.text)]
    found = rows.filter(*conditions)
    descending = wanted.order in _DESCENDING
    by = [wanted.order, "placement_id"] if wanted.order != "placement_id" else ["placement_id"]
    flags = [descending, False][: len(by)]
    listed: polars.DataFrame = found.sort(by, descending=flags, nulls_last=True).select(COLUMNS)
    return listed


def sums(found: polars.DataFrame) -> dict[str, Any]:
    """What a list of placements adds up to, in pounds, and how many there are."""
    return {
        "rows": found.height,
        **{name: round(float(found[name].sum()), 2) for name in ("annual_cost", "cost", "next_year_cost")},
    }


def exception_list(tables: Any, selection: Selection, year: str, kind: str = "") -> polars.DataFrame:
    """The year's exceptions among the placements selected, of one kind or of all, dearest in question first."""
    if not tables.has("placement_exceptions") or not tables.has("placements"):
        numbers = {"days": polars.Int64, "cost": polars.Float64, "annual_cost": polars.Float64}
        return polars.DataFrame(schema={name: numbers.get(name, polars.String) for name in EXCEPTION_COLUMNS})
    exceptions = _of_year(tables.table("placement_exceptions"), selection, year)
    keys = [*_ON, "register_as_at"]
    placed = selection.with_(years=(year,)).apply(tables.table("placements")).select(*keys, "phase", "need")
    found: polars.DataFrame = exceptions.join(placed, on=keys, how="inner")
    found = found.filter(polars.col("exception") == kind) if kind else found
    return found.sort("cost", "annual_cost", "placement_id", descending=[True, True, False]).select(
        EXCEPTION_COLUMNS
    )


def exceptions_by_kind(found: polars.DataFrame) -> polars.DataFrame:
    """Exceptions counted: `exception`, `placements`, `days`, `cost`, `annual_cost`, for every kind that is looked for.

    Kinds that were found come first, the most money in question first; those of which there is none follow in
    the order of the code list, with noughts: they were looked for.
    """
    kinds = polars.DataFrame({"exception": CODELISTS["problem_kinds"].members("placement")}).with_row_index(
        "_place"
    )
    counted = found.group_by("exception").agg(
        polars.len().cast(polars.Int64).alias("placements"), polars.col("days", "cost", "annual_cost").sum()
    )
    joined = kinds.join(counted, on="exception", how="left").with_columns(
        polars.col("placements", "days").fill_null(0).cast(polars.Int64),
        polars.col("cost", "annual_cost").fill_null(0.0).cast(polars.Float64).round(2),
    )
    return joined.sort(
        polars.col("placements") == 0, -polars.col("cost"), -polars.col("placements"), "_place"
    ).drop("_place")


def placement_history(tables: Any, authority: str, placement_id: str) -> polars.DataFrame:
    """One placement in each register that has it, the latest first: its row, with `cost` and `next_year_cost` of the year.

    No rows where no register has the number.
    """
    rows = _joined(tables, Selection(authority=authority), "", ("placement_id", placement_id))
    return rows.sort("financial_year", descending=True)


def placements_of_child(tables: Any, authority: str, pupil_id: str, but: str) -> polars.DataFrame:
    """The other placements of a child, each as the latest register has it, the latest begun first."""
    rows = _joined(tables, Selection(authority=authority), "", ("pupil_id", pupil_id)).filter(
        polars.col("placement_id") != but
    )
    latest = rows.sort("financial_year").unique("placement_id", keep="last", maintain_order=True)
    return latest.sort("start_on", descending=True)


def placement_by_month(tables: Any, authority: str, placement_id: str) -> polars.DataFrame:
    """The months of one placement, the latest first: `financial_year`, `month`, `days`, `placement_years`, `cost`, `source`."""
    months: polars.DataFrame = tables.table("placement_months").filter(
        (polars.col("authority") == authority) & (polars.col("placement_id") == placement_id)
    )
    return months.select("financial_year", "month", "days", "placement_years", "cost", "source").sort(
        "month", descending=True
    )


def placement_exceptions_of(tables: Any, authority: str, placement_id: str) -> polars.DataFrame:
    """What is to be looked at of one placement, in each register, the latest first."""
    found: polars.DataFrame = tables.table("placement_exceptions").filter(
        (polars.col("authority") == authority)
        & ((polars.col("placement_id") == placement_id) | (polars.col("other_placement_id") == placement_id))
    )
    return found.sort("financial_year", "exception", descending=[True, False])


def _joined(
    tables: Any, selection: Selection, year: str, only: tuple[str, str] | None = None
) -> polars.DataFrame:
    """Rows of the registers in force with what they cost in their year; `only` is a column and its value."""
    costs = tables.table("placement_full_year").select(
        *_ON, "register_as_at", "cohort", "cost", "next_year_cost", "whole_year_cost"
    )
    placements = tables.table("placements")
    if only:
        placements = placements.filter(polars.col(only[0]) == only[1])
    if year:
        placements = placements.filter(polars.col("financial_year") == year)
    rows: polars.DataFrame = (
        selection.with_(years=()).apply(placements).join(costs, on=[*_ON, "register_as_at"], how="inner")
    )
    return rows


def _of_year(frame: polars.DataFrame, selection: Selection, year: str) -> polars.DataFrame:
    rows = frame.filter(polars.col("financial_year") == year)
    return rows.filter(polars.col("authority") == selection.authority) if selection.authority else rows


def _shown(wanted: Wanted, year: str) -> polars.Expr:
    """The condition of a list; what started or ended did so since a day, or else within the register's year."""
    cohort = polars.col("cohort")
    since = wanted.since
    if wanted.shown == "open":
        return cohort.is_in(["existing", "started"])
    if wanted.shown == "planned":
        return cohort == "planned"
    if wanted.shown == "started":
        return (cohort != "planned") & (polars.col("start_on") >= (since or years.year_start(year)))
    if wanted.shown == "ended":
        return (cohort == "ended") & (polars.col("end_on") >= (since or years.year_start(year)))
    return polars.lit(value=True)


def _holds(text: str) -> list[polars.Expr]:
    """The condition of a search: every word is in the provider's name or in the placement's number."""
    where = polars.concat_str(
        polars.col("provider").fill_null(""), polars.col("placement_id"), separator=" "
    ).str.to_lowercase()
    return [where.str.contains(word, literal=True) for word in text.lower().split()]
