"""How good a load is: the figures of the Data page and of the build's report, from the tables a build leaves.

Each function takes a frame (Polars or pandas) of `files`, `problems`, `load_changes` or `coverage` and gives a
Polars frame. Nothing is estimated here: what the build did not count is missing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import narwhals as nw
import pandas
import polars

from hnb.tables import read_tables

Frame = polars.DataFrame | pandas.DataFrame

ROWS = ("rows_read", "rows_loaded", "rows_corrected", "rows_refused", "rows_ignored")
TOTALS = ("totals_printed", "totals_met")
_SHEET = ("file", "sheet", "rows_loaded")
AMOUNTS = ("amount_read", "amount_loaded", "amount_refused", "amount_ignored")


def sheets_of(files: Frame, tables: Sequence[str] = ()) -> polars.DataFrame:
    """The sheets that feed some tables, or what those are derived from: `file`, `sheet`, `rows_loaded`, once each.

    Without a table, every sheet of which a row was loaded.
    """
    frame = _polars(files)
    asked = {origin for table in tables for origin in read_tables(table)}
    # A few dozen sheets at every panel of every view: a loop here is ten times the quicker.
    sheets = zip(*(frame[name].to_list() for name in ("tables", *_SHEET)), strict=True)
    found = dict.fromkeys(
        tuple(sheet)
        for fed, *sheet in sheets
        if (not asked.isdisjoint((fed or "").split(", ")) if asked else sheet[-1])
    )
    return polars.DataFrame(list(found), schema={name: frame.schema[name] for name in _SHEET}, orient="row")


def account(files: Frame, by: Sequence[str] = ()) -> polars.DataFrame:
    """What became of the rows, the printed totals and the money, of all files together or split by `by`.

    Parameters
    ----------
    files: the table `files`.
    by: columns of it, such as ("file",) or ("file", "sheet", "layout"); none gives one row.

    Returns
    -------
    The columns of `by` in order of the rows, then ``sheets``, ``rows_…``, ``totals_printed``, ``totals_met``,
    ``totals_met_share`` (a fraction; missing where nothing is printed) and ``amount_…`` in pounds (missing
    where no sheet of the group holds money).
    """
    frame = _polars(files)
    frame = frame.with_columns(
        polars.lit(None, dtype=polars.Float64).alias(name) for name in AMOUNTS if name not in frame.columns
    )
    sums = [
        polars.len().cast(polars.Int64).alias("sheets"),
        *[polars.col(name).sum() for name in (*ROWS, *TOTALS)],
        *[_pounds(name, polars.col(name).is_not_null().any()) for name in AMOUNTS],
    ]
    summed = frame.group_by(list(by), maintain_order=True).agg(sums) if by else frame.select(sums)
    share = polars.when(polars.col("totals_printed") > 0).then(
        polars.col("totals_met") / polars.col("totals_printed")
    )
    return summed.with_columns(share.alias("totals_met_share")).select(
        *by, "sheets", *ROWS, *TOTALS, "totals_met_share", *AMOUNTS
    )


def problem_kinds(problems: Frame, by: Sequence[str] = ()) -> polars.DataFrame:
    """How many problems of each kind there are and how many rows they refuse, split further by `by`.

    Columns *by*, ``severity``, ``what``, ``problems``, ``rows``. Refusals come first, and totals that are
    not met last: most often they follow from a cell that is refused above them. Then the most frequent.
    """
    counted = (
        _polars(problems)
        .group_by([*by, "severity", "what"])
        .agg(problems=polars.len().cast(polars.Int64), rows=polars.col("rows").sum())
    )
    is_note, is_total = polars.col("severity") != "refusal", polars.col("what").str.starts_with("total_")
    return counted.sort(
        is_note, is_total, "problems", "what", *by, descending=[False, False, True, False, *[False] * len(by)]
    )


def changes(
    load_changes: Frame, cut: str, by: Sequence[str] = ("table", "file", "sheet")
) -> polars.DataFrame:
    """What changed since the last load, in one cut of the changes, by some of its columns.

    Parameters
    ----------
    load_changes: the table of that name.
    cut: "by_sheet" or "by_line"; the two are the same changes and are never added.
    by: columns of the table; with ``financial_year``, ``reported_on`` and ``kind`` among them the amounts
        are always there.

    Returns
    -------
    The columns of `by` in order of the rows, then ``rows_before``, ``rows_now``, ``rows_new``,
    ``rows_changed``, ``rows_vanished`` and ``amount_before``, ``amount_now``, ``amount_difference`` in pounds.
    An amount is missing where the group holds no money, or several tables, kinds of figure or reports, which
    are never added.
    """
    frame = _polars(load_changes).filter(polars.col("cut") == cut)
    rows = ("rows_before", "rows_now", "rows_new", "rows_changed", "rows_vanished")
    amounts = ("amount_before", "amount_now", "amount_difference")
    holds_money = polars.col("amount_difference").is_not_null().any()
    is_one = polars.struct("table", "reported_on", "kind").n_unique() == 1
    sums = [
        *[polars.col(name).sum() for name in rows],
        *[_pounds(name, holds_money & is_one) for name in amounts],
    ]
    return frame.group_by(list(by), maintain_order=True).agg(sums) if by else frame.select(sums)


def is_first_load(load_changes: Frame) -> bool:
    """Whether there was no load before this one to compare with. False where nothing was loaded at all."""
    frame = _polars(load_changes)
    return frame.height > 0 and bool(frame["is_first"].all())


def gaps(coverage: Frame) -> polars.DataFrame:
    """The periods that are missing between others, in the order of the table `coverage`."""
    return _polars(coverage).filter(polars.col("status") == "gap")


def _polars(frame: Frame) -> polars.DataFrame:
    held: Any = nw.from_native(frame, eager_only=True)
    converted: polars.DataFrame = held.to_polars()
    return converted


def _pounds(name: str, is_known: polars.Expr) -> polars.Expr:
    """A sum of pounds by whole pence, so that it does not depend on the order of the rows."""
    pence = (polars.col(name) * 100).round().cast(polars.Int64).sum()
    return polars.when(is_known).then((pence / 100).round(2)).alias(name)
