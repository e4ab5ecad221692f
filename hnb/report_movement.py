"""How the forecast of a year moved from one budget report to another, line by line.

Not why spend moved between years (`hnb.growth`): the same year, seen on two dates. Pure; every figure is an
answer of `compute`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars

from hnb.errors import HnbError
from hnb.metrics import MEASURES, Selection, compute
from hnb.metrics.answer import ordered

DIMENSIONS = ("line", "line_group", "setting_group", "setting", "phase")
"""What the movement can be cut by: a monitor knows lines, settings and phases, not needs."""

COLUMNS = ("forecast_before", "forecast_after", "movement")


def reports(tables: Any, selection: Selection, year: str) -> tuple[str, ...]:
    """The dates ("2026-10-31") of the year's reports that have a forecast, ascending."""
    found = compute("forecast", tables, selection.with_(years=(year,), as_at=""), ("as_at",))
    return tuple(sorted(found.filter(polars.col("value").is_not_null())["as_at"].to_list()))


def report_movement(
    tables: Any, selection: Selection, year: str, before: str, after: str, by: Sequence[str] = ()
) -> polars.DataFrame:
    """The forecast of a financial year in two reports and what it moved by.

    Parameters
    ----------
    tables: what `compute` takes. selection: its years and its report are not used.
    before, after: the dates of two reports of the year. by: some of `DIMENSIONS`.

    Returns
    -------
    A Polars frame in code-list order: *by*, then `COLUMNS`, pounds to the penny; the rows' movements add up to the
    whole. What only one report has is nought in the other: it was not foreseen, or is no more.

    Raises HnbError for a dimension that is not in `DIMENSIONS`, or a report that the year has not.
    """
    wrong = [name for name in by if name not in DIMENSIONS]
    if wrong:
        raise HnbError(f"A report is not split by {', '.join(wrong)}; it is by {', '.join(DIMENSIONS)}.")
    known = reports(tables, selection, year)
    missing = [date for date in (before, after) if date not in known]
    if missing:
        raise HnbError(f"{year} has no report as at {missing[0][:20]}; it has {', '.join(known) or 'none'}.")
    asked = selection.with_(years=(year,), as_at="")
    answers = compute("forecast", tables, asked, ("as_at", *by))
    keys = list(by) or ["_all"]
    frames = [
        answers.filter(polars.col("as_at") == date)
        .with_columns(polars.lit("all").alias("_all"))
        .select(*keys, polars.col("value").alias(name))
        for date, name in ((before, "forecast_before"), (after, "forecast_after"))
    ]
    joined = frames[0].join(frames[1], on=keys, how="full", nulls_equal=True, coalesce=True, validate="1:1")
    moved = joined.with_columns(polars.col("forecast_before", "forecast_after").fill_null(0.0)).with_columns(
        (polars.col("forecast_after") - polars.col("forecast_before")).round(2).alias("movement")
    )
    return ordered(moved, MEASURES["forecast"], tuple(by)).select(*by, *COLUMNS)
