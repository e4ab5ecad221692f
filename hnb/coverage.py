"""Which periods of each table are loaded, what they add up to, and where a period is missing in between.

The control total of a period is of one kind of figure, which it names: of a budget the outturn, or else the
forecast, of the report in force; never budget and forecast together. Pure; the table `coverage` is its answer.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping

import pandas
import polars

from hnb import wording, years
from hnb.codelists import CODELISTS
from hnb.contract import Table
from hnb.metrics.tables import Tables
from hnb.tables import TABLES
from hnb.tables.build import COVERAGE

_FIRST_OF: Mapping[str, tuple[str, ...]] = {
    "budget": ("outturn", "forecast", "revised_budget", "original_budget"),
    "grant": ("after_deductions", "before_deductions"),
}
"""Of these tables one kind of figure is the control total: the first that the period has."""

_BALANCE_LINE = (
    "1.9.3"  # a balance brought into the block's accounts, not spend; the Budget page leaves it out too
)
_TOTAL_OF: Mapping[str, str] = {
    "placements": "Full-year cost, register",
    "payments": "Payments",
    "place_deductions": "Deductions",
    "balances": "Balances at 31 March",
    "spend_returns": "Net spend reported",
}
_PERIOD = ("financial_year", "month")


def coverage(tables: Mapping[str, pandas.DataFrame]) -> pandas.DataFrame:
    """The table `coverage` from a build's conformed frames; tables that say no year are not in it.

    A series is what must have every year between its first and its last: a table, or, where a table holds
    several kinds of figure of which none stands for all, each kind. A table that comes month by month must
    have every month. What is missing in between is a row with the status `gap`.
    """
    covered = [table for table in TABLES.values() if table.name in tables and _is_dated(table)]
    held = Tables({table.name: tables[table.name] for table in covered})
    parts = [_of_table(table, held.table(table.name)) for table in covered if len(tables[table.name])]
    if not parts:
        return COVERAGE.empty()
    return COVERAGE.conform(polars.concat(parts, how="diagonal_relaxed").to_pandas())


def _is_dated(table: Table) -> bool:
    """Whether the table is brought by workbooks and says of which authority and year its rows are."""
    names = set(table.names)
    return not table.derived_from and "authority" in names and bool({"financial_year", "year"} & names)


def _of_table(table: Table, frame: polars.DataFrame) -> polars.DataFrame:
    rows = _with_periods(table, frame)
    loaded = rows.group_by("series", *_PERIOD).agg(
        rows=polars.len().cast(polars.Int64),
        files=polars.col("_file").n_unique().cast(polars.Int64),
        authorities=polars.col("authority").n_unique().cast(polars.Int64),
    )
    on = ["series", *_PERIOD]
    with_totals = loaded.join(_totals(table, rows), on=on, how="left", nulls_equal=True)
    gaps = [_gaps(table, series, of_series) for (series,), of_series in loaded.group_by("series")]
    return (
        polars.concat(
            [with_totals.with_columns(status=polars.lit("loaded")), *(gap for gap in gaps if len(gap))],
            how="diagonal_relaxed",
        )
        .with_columns(table=polars.lit(table.name))
        .sort("series", *_PERIOD, nulls_last=True)
    )


def _with_periods(table: Table, frame: polars.DataFrame) -> polars.DataFrame:
    """The frame with the series, the financial year, the month (missing where whole years) and the file of each row."""
    month: polars.Expr = polars.lit(None, dtype=polars.Date)
    if "financial_year" not in table.names:
        of = {january: years.year_of_january(january) for january in frame["year"].unique()}
        frame = frame.with_columns(
            financial_year=polars.col("year").replace_strict(of, return_dtype=polars.String)
        )
    if "month" in table.names:
        month = polars.col("month").dt.month_start()
    elif "period" in table.names:
        first = polars.col("financial_year").str.head(4).cast(polars.Int32)
        period = polars.col("period").cast(polars.Int32)
        month = polars.date(first + (period > 9).cast(polars.Int32), (period + 2) % 12 + 1, 1)
    return frame.with_columns(
        _series(table, frame), month.alias("month"), polars.col("source").str.extract("^([^!]*)").alias("_file")
    )  # fmt: skip


def _series(table: Table, frame: polars.DataFrame) -> polars.Series:
    """The series of each row in words; missing where the table is one series."""
    if not table.kinds or table.name in _FIRST_OF:
        return polars.Series("series", [None], dtype=polars.String).new_from_index(0, len(frame))
    distinct = frame.select(table.kinds).unique()
    words = [wording.kind_of_figure(table, row) for row in distinct.rows()]
    said = distinct.with_columns(polars.Series("series", words, dtype=polars.String))
    together = frame.select(table.kinds).join(
        said, on=list(table.kinds), how="left", nulls_equal=True, maintain_order="left"
    )
    return together["series"]


def _totals(table: Table, rows: polars.DataFrame) -> polars.DataFrame:
    """The control total of each series and period that has money, and what it is the sum of."""
    by = ["series", *_PERIOD]
    if not table.amount:
        return rows.select(by).clear().with_columns(amount_is=polars.lit(None, dtype=polars.String))
    rows = rows.filter(polars.col(table.amount).is_not_null())
    if table.name == "budget":
        rows = rows.filter(polars.col("line") != _BALANCE_LINE)
    if table.reported:
        # The report in force: of a grant each component has its own, as it is published at its own date.
        scope = ["authority", "financial_year", *(table.kinds if table.name == "grant" else ())]
        rows = rows.filter(polars.col(table.reported) == polars.col(table.reported).max().over(scope))
    if table.name in _FIRST_OF:
        rows = _of_one_kind(table, rows)
    pence = (polars.col(table.amount) * 100).round().cast(polars.Int64).sum()
    reported = polars.col(table.reported).max() if table.reported else polars.lit(None, dtype=polars.Date)
    kind = polars.col(table.kinds[0]).first() if table.name in _FIRST_OF else polars.lit(None, dtype=polars.String)  # fmt: skip
    totals = rows.group_by(by).agg(amount=pence / 100, _reported=reported, _kind=kind)
    words = [_words(table, code, date) for code, date in totals.select("_kind", "_reported").rows()]
    return totals.select(*by, "amount", polars.Series("amount_is", words, dtype=polars.String))


def _of_one_kind(table: Table, rows: polars.DataFrame) -> polars.DataFrame:
    """The rows of the first kind of figure, in order of preference, that the year has."""
    kind, order = table.kinds[0], _FIRST_OF[table.name]
    places = {code: place for place, code in enumerate(order)}
    ranked = rows.filter(polars.col(kind).is_in(order)).with_columns(
        polars.col(kind).replace_strict(places, return_dtype=polars.Int64).alias("_rank")
    )
    return ranked.filter(polars.col("_rank") == polars.col("_rank").min().over("financial_year"))


def _words(table: Table, kind: str | None, reported: datetime.date | None) -> str:
    """What a control total is: "Forecast as at 31 October 2026"."""
    name = (
        CODELISTS[table.column(table.kinds[0]).codes].label(kind)
        if kind
        else _TOTAL_OF.get(table.name, "Sum")
    )
    preposition = ", published" if table.reported == "published_on" else " as at"
    return name + (f"{preposition} {wording.date(reported)}" if reported else "")


def _gaps(table: Table, series: object, loaded: polars.DataFrame) -> polars.DataFrame:
    """The periods between the first and the last that have no rows, each with its neighbours in words."""
    monthly = loaded["month"].null_count() == 0
    there = sorted(loaded["month"] if monthly else map(years.year_start, loaded["financial_year"]))
    wanted = (
        _months(there[0], there[-1])
        if monthly
        else [
            years.year_start(year)
            for year in years.year_range(years.year_of(there[0]), years.year_of(there[-1]))
        ]
    )
    missing = [period for period in wanted if period not in set(there)]
    say = (
        _month_words if monthly else _january_words if "financial_year" not in table.names else years.year_of
    )
    notes = [
        f"{say(period)} is missing between {say(max(day for day in there if day < period))} and "
        f"{say(min(day for day in there if day > period))}"
        for period in missing
    ]
    return polars.DataFrame(
        {
            "series": [series] * len(missing),
            "financial_year": [years.year_of(period) for period in missing],
            "month": missing if monthly else [None] * len(missing),
            "status": ["gap"] * len(missing),
            "note": notes,
        },
        schema={
            "series": polars.String,
            "financial_year": polars.String,
            "month": polars.Date,
            "status": polars.String,
            "note": polars.String,
        },
    ).with_columns(polars.lit(0, dtype=polars.Int64).alias(name) for name in ("rows", "files", "authorities"))


def _months(first: datetime.date, last: datetime.date) -> list[datetime.date]:
    span = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    return [datetime.date(month // 12, month % 12 + 1, 1) for month in span]


def _january_words(start: datetime.date) -> str:
    """A count of January is known by its calendar year, not by the financial year that it falls in."""
    return f"January {years.january_of(years.year_of(start))}"


def _month_words(month: datetime.date) -> str:
    return wording.date(month).split(" ", 1)[1]
