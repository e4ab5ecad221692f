"""What changed since the last load: new, changed and vanished rows and their pounds, by sheet and by budget line.

Pure, and never about a single row: only counts and sums come out, so that nothing of a child is shown.

A row is the same row at both loads if the table's key says so; where a table has no key (payments), if all it
says is the same, each copy counted once. Where a row stands is no part of what it says: a row that only moved
to another address is unchanged, and by sheet it counts where it stands now, at both loads. A budget line is
part of what it says: by line a row counts where its line was and where it is. A register or monitor that took
the place of an earlier one of the year is compared with that one.

Sums are of whole pence, so that the differences of all sheets, and of all lines, add up to the table's exactly.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas
import polars

from hnb import wording, years
from hnb.contract import Table
from hnb.metrics.tables import Tables
from hnb.tables import TABLES

LOAD_CHANGES = TABLES["load_changes"]

_COMPARED = tuple(table for table in TABLES.values() if not table.derived_from and "source" in table.names)
_TIME_AND_KIND = ("financial_year", "reported_on", "kind")
_CUTS: Mapping[str, tuple[str, ...]] = {"by_sheet": ("file", "sheet"), "by_line": ("line",)}
_COUNTED = ("rows_before", "rows_now", "rows_new", "rows_changed", "rows_vanished")
_PENCE = ("pence_before", "pence_now")


def load_changes(
    tables: Mapping[str, pandas.DataFrame | polars.DataFrame],
    before: Mapping[str, pandas.DataFrame | polars.DataFrame] | None,
) -> pandas.DataFrame:
    """The table `load_changes`: what the tables of two loads differ in.

    Parameters
    ----------
    tables: this load's conformed frames by name; derived tables and those about the build are not looked at.
    before: the last load's, or None where there was none, and everything is new.

    Columns that only one of the loads has (a column declared since) are not compared: they are no change of
    the workbooks.
    """
    now, old = Tables(_compared(tables)), Tables(_compared(before or {}))
    parts = [
        _changes(table, now.table(table.name) if now.has(table.name) else None, old.table(table.name) if old.has(table.name) else None)
        for table in _COMPARED
        if now.has(table.name) or old.has(table.name)
    ]  # fmt: skip
    if not parts:
        return LOAD_CHANGES.empty()
    together = polars.concat(parts, how="diagonal_relaxed").with_columns(
        polars.lit(before is None).alias("is_first")
    )
    return LOAD_CHANGES.conform(together.to_pandas())


def _compared(
    tables: Mapping[str, pandas.DataFrame | polars.DataFrame],
) -> dict[str, pandas.DataFrame | polars.DataFrame]:
    return {table.name: tables[table.name] for table in _COMPARED if table.name in tables}


def _changes(table: Table, now: polars.DataFrame | None, old: polars.DataFrame | None) -> polars.DataFrame:
    """The changes of one table in both cuts; None is a table that was not loaded."""
    if now is None or old is None:
        shape = old if now is None else now
        if shape is None:
            raise ValueError("a table of neither load has no changes")
        now, old = (shape.clear() if now is None else now), (shape.clear() if old is None else old)
    said = [name for name in table.names if name in now.columns and name in old.columns and name != "source"]
    now, old = _whole(table, now), _whole(table, old)
    now, old = _placed(table, now), _placed(table, _redated(table, now, old))
    pairs = _pairs(now, old, [name for name in table.key if name in said], said)
    now, old = _matched(now, old, pairs)
    cuts = [cut for cut in _CUTS if cut == "by_sheet" or "line" in table.names]
    return polars.concat([_counted(now, old, cut) for cut in cuts], how="diagonal_relaxed").with_columns(
        polars.lit(table.name).alias("table")
    )


def _whole(table: Table, frame: polars.DataFrame) -> polars.DataFrame:
    """The frame with every column of the table; one that an older load did not have is missing throughout."""
    whole = Tables({table.name: table.empty()}).table(table.name)
    lacking = [polars.lit(None, dtype=kind).alias(name)
               for name, kind in whole.schema.items() if name not in frame.columns]  # fmt: skip
    return frame.with_columns(lacking)


def _redated(table: Table, now: polars.DataFrame, old: polars.DataFrame) -> polars.DataFrame:
    """The last load with each report that another took the place of under that other's date.

    A council that puts November's register in place of October's wants to see what November changed, not
    every row vanish and come anew. Only where one report of the year is gone and one has come is it plain
    which took whose place.
    """
    if not table.reported:
        return old
    scope, dated = ["authority", "financial_year"], ["authority", "financial_year", table.reported]
    reports, earlier = now.select(dated).unique(), old.select(dated).unique()
    gone, come = earlier.join(reports, on=dated, how="anti"), reports.join(earlier, on=dated, how="anti")
    only = [frame.filter(polars.len().over(scope) == 1) for frame in (gone, come)]
    replaced = only[0].join(only[1], on=scope, suffix="_now")
    if replaced.is_empty():
        return old
    date = polars.coalesce(f"{table.reported}_now", table.reported).alias(table.reported)
    return (
        old.join(replaced, on=dated, how="left", maintain_order="left")
        .with_columns(date)
        .drop(f"{table.reported}_now")
    )


def _placed(table: Table, frame: polars.DataFrame) -> polars.DataFrame:
    """The frame with a number for each row, where the row stands, its year, report and kind, and its pence.

    What is added has a name of its own (`_file`, `_row` …), so that no column of the table is hidden by it.
    """
    # file!sheet!row: a sheet's name may hold an exclamation mark, a file's and a row's do not.
    address = polars.col("source").str.extract_groups(r"^(?<file>[^!]*)(?:!(?<sheet>.*))?![^!]*$")
    nothing = polars.lit(None, dtype=polars.String)
    if "financial_year" in table.names:
        year = polars.col("financial_year")
    elif "year" in table.names:
        of = {january: years.year_of_january(january) for january in frame["year"].drop_nulls().unique()}
        year = polars.col("year").replace_strict(of, default=None, return_dtype=polars.String)
    else:
        year = nothing
    pence = (polars.col(table.amount) * 100).round().cast(polars.Int64) if table.amount else polars.lit(None, dtype=polars.Int64)  # fmt: skip
    return frame.with_row_index("_row").with_columns(
        address.struct.field("file").alias("_file"),
        address.struct.field("sheet").alias("_sheet"),
        (polars.col("line") if "line" in table.names else nothing).alias("_line"),
        year.alias("_financial_year"),
        (
            polars.col(table.reported) if table.reported else polars.lit(None, dtype=polars.Date)
        ).alias("_reported_on"),
        _kind(table, frame).alias("_kind"),
        pence.alias("_pence"),
    )  # fmt: skip


def _kind(table: Table, frame: polars.DataFrame) -> polars.Series:
    """The kind of figure of each row, in words; missing where the table has one kind."""
    if not table.kinds:
        return polars.Series("_kind", [None], dtype=polars.String).new_from_index(0, len(frame))
    codes = frame.select(table.kinds)
    distinct = codes.unique()
    words = [wording.kind_of_figure(table, row) for row in distinct.rows()]
    said = distinct.with_columns(polars.Series("_kind", words, dtype=polars.String))
    return codes.join(said, on=list(table.kinds), how="left", nulls_equal=True, maintain_order="left")[
        "_kind"
    ]


def _pairs(
    now: polars.DataFrame, old: polars.DataFrame, key: Sequence[str], said: Sequence[str]
) -> polars.DataFrame:
    """Which row now is which row of the last load: `_row`, `_row_old` and whether it `_differs`."""
    if key:
        pairs = _joined(now, old, key)
        compared = [name for name in said if name not in key]
    else:
        # Equal rows may stand on several sheets: first each sheet with itself, then what is left with the rest.
        same_sheet = _joined(now, old, [*said, "_file", "_sheet"])
        # In order of their sheets, so that it does not depend on the order of the rows which of them are matched.
        places = ["_file", "_sheet"]
        rest = _joined(
            now.join(same_sheet, on="_row", how="anti").sort(places, nulls_last=True),
            old.join(same_sheet, left_on="_row", right_on="_row_old", how="anti").sort(
                places, nulls_last=True
            ),
            said,
        )
        pairs, compared = polars.concat([same_sheet, rest]), []
    if not compared:
        return pairs.with_columns(polars.lit(False).alias("_differs"))
    both = polars.concat(
        [
            now.select(compared)[pairs["_row"]],
            old.select(polars.col(compared).name.suffix("_old"))[pairs["_row_old"]],
        ],
        how="horizontal",
    )
    differs = both.select(
        polars.any_horizontal([polars.col(name).ne_missing(polars.col(f"{name}_old")) for name in compared])
    )
    return pairs.with_columns(differs.to_series().alias("_differs"))


def _joined(now: polars.DataFrame, old: polars.DataFrame, on: Sequence[str]) -> polars.DataFrame:
    """The rows of both that are alike in some columns, the first with the first, the second with the second."""
    sides = []
    for frame in (now, old):
        keyed = frame.select("_row", *on)
        if keyed.select(polars.struct(on).is_duplicated().any()).item():
            nth = polars.int_range(polars.len(), dtype=polars.UInt32).over(on)
            keyed = keyed.with_columns(nth.alias("_nth"))
        else:
            keyed = keyed.with_columns(polars.lit(0, dtype=polars.UInt32).alias("_nth"))
        sides.append(keyed)
    return sides[0].join(sides[1], on=[*on, "_nth"], how="inner", nulls_equal=True, suffix="_old").select("_row", "_row_old")  # fmt: skip


def _matched(
    now: polars.DataFrame, old: polars.DataFrame, pairs: polars.DataFrame
) -> tuple[polars.DataFrame, polars.DataFrame]:
    """Both loads with what became of each row; the rows of the last load with where they stand and say now."""
    new = now.join(pairs, on="_row", how="left")
    places = [f"_{name}" for names in (*_CUTS.values(), _TIME_AND_KIND) for name in names]
    old = old.join(pairs.rename({"_row": "_row_now", "_row_old": "_row"}), on="_row", how="left")
    there = now.select(polars.col("_row").alias("_row_now"), polars.col(places).name.suffix("_now"))
    return new, old.join(there, on="_row_now", how="left")


def _counted(now: polars.DataFrame, old: polars.DataFrame, cut: str) -> polars.DataFrame:
    """Rows and pence of both loads by the cut, the year, the report and the kind."""
    by = [*_CUTS[cut], *_TIME_AND_KIND]
    is_matched = polars.col("_row_now").is_not_null()
    # A row counts as changed once in each place where it is: where it is now, and where else it was.
    place = {name: polars.col(f"_{name}") for name in by}
    if cut == "by_sheet":
        place |= {
            name: polars.when(is_matched).then(polars.col(f"_{name}_now")).otherwise(polars.col(f"_{name}"))
            for name in _CUTS[cut]
        }
    elsewhere = polars.any_horizontal([place[name].ne_missing(polars.col(f"_{name}_now")) for name in by])
    nought = polars.lit(0, dtype=polars.Int64)
    is_now = now.select(
        *[polars.col(f"_{name}").alias(name) for name in by],
        rows_before=nought,
        rows_now=polars.lit(1, dtype=polars.Int64),
        rows_new=polars.col("_row_old").is_null().cast(polars.Int64),
        rows_changed=polars.col("_differs").fill_null(False).cast(polars.Int64),
        rows_vanished=nought,
        pence_before=polars.lit(None, dtype=polars.Int64),
        pence_now=polars.col("_pence"),
    )
    was = old.select(
        *[place[name].alias(name) for name in by],
        rows_before=polars.lit(1, dtype=polars.Int64),
        rows_now=nought,
        rows_new=nought,
        rows_changed=(polars.col("_differs").fill_null(False) & elsewhere).cast(polars.Int64),
        rows_vanished=(~is_matched).cast(polars.Int64),
        pence_before=polars.col("_pence"),
        pence_now=polars.lit(None, dtype=polars.Int64),
    )
    summed = (
        polars.concat([is_now, was])
        .group_by(by)
        .agg(
            *[polars.col(name).sum() for name in (*_COUNTED, *_PENCE)],
            has_money=polars.any_horizontal([polars.col(name).is_not_null().any() for name in _PENCE]),
        )
    )
    # Nothing there before, or now, is nought pounds; a table without money has none to give.
    pounds = {
        "amount_before": polars.col("pence_before"),
        "amount_now": polars.col("pence_now"),
        "amount_difference": polars.col("pence_now") - polars.col("pence_before"),
    }
    return summed.select(
        *by,
        *_COUNTED,
        *[polars.when("has_money").then(pence / 100).alias(name) for name, pence in pounds.items()],
        cut=polars.lit(cut),
    ).sort(by, nulls_last=True)
