"""From a measure's rows to its answer: filter, sum, derive, divide once and last, say how it stands, sort.

The summing runs on whatever engine holds the rows, through Narwhals; what comes back is a few hundred
rows at most, and the rest is done on those in Polars.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import narwhals as nw
import polars

from hnb.codelists import CODELISTS
from hnb.metrics.dimensions import DERIVED, codelist_of
from hnb.metrics.measure import Measure, Question, Rows
from hnb.selection import Selection
from hnb.tables import TABLES

RESULT_COLUMNS: Mapping[str, Any] = MappingProxyType(
    {
        "numerator": polars.Float64,
        "denominator": polars.Float64,
        "value": polars.Float64,
        "count": polars.Int64,
        "status": polars.String,
    }
)
"""The columns that follow the dimensions in every answer, with their types."""

STATUS_WITHOUT_VALUE = ("suppressed", "not_available", "not_collected", "no_denominator")
"""How a figure stands that has no value."""


def answer(measure: Measure, question: Question) -> polars.DataFrame:
    """The answer of a measure to a question by the engine that holds the rows; see `hnb.metrics.compute` for its shape.

    `hnb.metrics.cube_answer` gives the same from rows that are held as numbers.
    """
    sums = _sums(measure, question, question.selection, question.by)
    if measure.denominator and measure.denominator_scope == "whole":
        sums = _with_whole(sums, measure, question)
    return ordered(_divided(sums, measure), measure, question.by).select(*question.by, *RESULT_COLUMNS)


def empty_answer(by: tuple[str, ...]) -> polars.DataFrame:
    """An answer with the columns of any other and no rows."""
    types = {
        "in_borough": polars.Boolean,
        "is_income": polars.Boolean,
        "year": polars.Int64,
        "month": polars.Date,
    }
    return polars.DataFrame(
        schema={**{name: types.get(name, polars.String) for name in by}, **RESULT_COLUMNS}
    )


def summed_rows(
    measure: Measure, question: Question, selection: Selection, by: tuple[str, ...]
) -> tuple[Rows, nw.Expr]:
    """The very rows that a measure sums for a selection, and what each of them counts for in `count`.

    `hnb.provenance` shows these rows; whatever is summed is summed over them.
    """
    rows = measure.rows(question) if measure.rows else question.rows(measure.table)
    columns = rows.collect_schema().names()
    conditions = [nw.col(name).is_in(list(values)) for name, values in measure.where.items()]
    counted = nw.col(measure.count) if measure.count else nw.lit(0)
    if (measure.is_stock or measure.count) and not {"financial_year", "year"} & set(by):
        # The last year is that of the whole, not of what is selected: what a setting held in a year gone by
        # is not what it holds now. Spend adds over years; the placements counted behind it never do.
        rows = _filtered(rows, [*conditions, *whole_of(selection).predicates(columns)])
        year = "financial_year" if "financial_year" in columns else "year"
        rows = rows.with_columns((nw.col(year) == nw.col(year).max().over("authority")).alias("_is_last"))
        if measure.is_stock:
            rows = rows.filter(nw.col("_is_last"))
        else:
            counted = nw.when(nw.col("_is_last")).then(counted).otherwise(0)
        conditions = []
    return _filtered(rows, [*conditions, *selection.predicates(columns)]), counted


def _sums(
    measure: Measure, question: Question, selection: Selection, by: tuple[str, ...]
) -> polars.DataFrame:
    """What is summed, by the dimensions: `_numerator`, `_denominator`, `_count`, how many were known, flags, rows."""
    rows, counted = summed_rows(measure, question, selection, by)
    columns = rows.collect_schema().names()
    held = {name: name if name in columns else DERIVED[name].source for name in by}
    keys = list(dict.fromkeys(held.values()))
    summed = ["_numerator", "_denominator", "_count", "_known", "_divisors", "_rows", *(f"_{name}" for name in measure.status_when)]  # fmt: skip
    nothing = nw.lit(None, dtype=nw.Float64)
    divisor = (
        nw.col(measure.denominator)
        if measure.denominator and measure.denominator_scope == "same"
        else nothing
    )
    parts = rows.select(
        *keys,
        nw.col(measure.numerator).cast(nw.Float64).alias("_numerator"),
        divisor.cast(nw.Float64).alias("_denominator"),
        counted.cast(nw.Int64).alias("_count"),
        (~nw.col(measure.numerator).is_null()).cast(nw.Int64).alias("_known"),
        (~divisor.is_null()).cast(nw.Int64).alias("_divisors"),
        nw.lit(1, dtype=nw.Int64).alias("_rows"),
        *(when.cast(nw.Int64).alias(f"_{name}") for name, when in measure.status_when.items()),
    )
    totals = [nw.col(name).sum() for name in summed]
    grouped = parts.group_by(*keys).agg(*totals) if keys else parts.select(*totals)
    small = question.collected(grouped).to_polars()

    derived = [name for name in by if held[name] != name]
    if derived:
        # Derived on the few summed rows, not on the many: a group is a sum of its codes' sums.
        small = small.with_columns(_derived(small, name, held[name]) for name in derived)
        small = small.group_by(*by).agg(polars.col(name).sum() for name in summed)
    return small.filter(polars.col("_rows") > 0)


def _derived(frame: polars.DataFrame, name: str, source: str) -> polars.Series:
    of = {value: DERIVED[name].of(value) for value in frame[source].unique() if value is not None}
    return frame[source].replace_strict(of, default=None, return_dtype=polars.String).alias(name)


def _filtered(rows: Rows, conditions: list[nw.Expr]) -> Rows:
    return rows.filter(*conditions) if conditions else rows


def whole_of(selection: Selection) -> Selection:
    """The same years, authority and report, of everything in them."""
    return Selection(years=selection.years, authority=selection.authority, as_at=selection.as_at)


def _with_whole(sums: polars.DataFrame, measure: Measure, question: Question) -> polars.DataFrame:
    """The sums with what all of the year and authority comes to, whatever else was selected, as denominator."""
    scope = tuple(name for name in question.by if name in ("authority", "financial_year"))
    whole = _sums(measure, question, whole_of(question.selection), scope).select(
        *scope, polars.col("_numerator").alias("_denominator"), polars.col("_known").alias("_divisors")
    )
    narrow = sums.drop("_denominator", "_divisors")
    if not scope:
        return narrow.join(whole, how="cross")
    return narrow.join(whole, on=list(scope), how="left", validate="m:1")


def _divided(sums: polars.DataFrame, measure: Measure) -> polars.DataFrame:
    """The sums as numerator, denominator, value, count and status: the one place where anything is divided."""
    numerator = polars.when(polars.col("_known") > 0).then(
        _rounded(measure.table, measure.numerator, "_numerator")
    )
    denominator = polars.when(polars.col("_divisors") > 0).then(
        _rounded(measure.table, measure.denominator, "_denominator")
    )
    stands = sums.with_columns(
        numerator.alias("numerator"), denominator.alias("denominator"), _status(measure).alias("status")
    )
    value = polars.col("numerator")
    if measure.denominator:
        divisible = polars.col("denominator").is_not_null() & (polars.col("denominator") != 0)
        value = polars.col("numerator") / polars.col("denominator")
        stands = stands.with_columns(
            polars.when(divisible | polars.col("status").is_in(STATUS_WITHOUT_VALUE))
            .then(polars.col("status"))
            .otherwise(polars.lit("no_denominator"))
            .alias("status")
        )
    value = value.round(2) + 0.0 if measure.in_pounds else value
    return stands.with_columns(
        polars.when(~polars.col("status").is_in(STATUS_WITHOUT_VALUE)).then(value).alias("value"),
        polars.when(polars.lit(bool(measure.count))).then(polars.col("_count")).alias("count"),
    )


def _rounded(table: str, column: str, sum_name: str) -> polars.Expr:
    return polars.col(sum_name).round(decimal_places(table, column)) + 0.0


def decimal_places(table: str, column: str) -> int:
    """How a sum of a column is given: pounds to the penny, counts whole, the rest without the dust of adding fractions."""
    declared = TABLES[table]
    kind = declared.column(column).kind if column in declared.names else ""
    return {"pounds": 2, "count": 0, "integer": 0}.get(kind, 9)


def _status(measure: Measure) -> polars.Expr:
    """How each figure stands: the gravest of what its rows say; not collected only if all of them say so."""
    status = (
        polars.when(polars.col("_known") > 0)
        .then(polars.lit("reported"))
        .otherwise(polars.lit("not_available"))
    )
    for name in CODELISTS["result_statuses"].codes:  # from sound to grave: the later overrides
        if name in measure.status_when:
            flagged = polars.col(f"_{name}")
            applies = flagged == polars.col("_rows") if name == "not_collected" else flagged > 0
            status = polars.when(applies).then(polars.lit(name)).otherwise(status)
    return status


def ordered(frame: polars.DataFrame, measure: Measure, by: tuple[str, ...]) -> polars.DataFrame:
    """Rows in code-list order, the first dimension slowest, what is not recorded last."""
    keys = []
    for name in by:
        codes = codelist_of(name, measure.table)
        if codes:
            order = {code: place for place, code in enumerate(CODELISTS[codes].codes)}
            key = polars.col(name).replace_strict(order, default=len(order), return_dtype=polars.Int64)
        elif frame.schema[name] == polars.Boolean:
            key = ~polars.col(name)
        else:
            key = polars.col(name)
        keys.append(key.alias(f"_order_{name}"))
    if not keys:
        return frame
    names = [f"_order_{name}" for name in by]
    return frame.with_columns(keys).sort(*names, nulls_last=True)
