"""The budget as a tree: leaves (setting × phase) add up to lines, lines to groups, groups to the whole, to the penny.

The groups are those that DfE publishes. These do not add up to DfE's own total: place funding in mainstream
columns and lines outside the groups are in none, and no published row says so (domain.md, "Budget lines"). Here
they are the named reconciling row. Pure; the amounts are `hnb.budget_reports`'s.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars

from hnb import wording
from hnb.budget_reports import KINDS, LEAF, report_dates
from hnb.codelists import CODELISTS
from hnb.errors import HnbError

RECONCILING = "reconciling"
"""The group of everything that is in none of DfE's published groups: a code of `budget_tree_rows`."""

LEVELS = ("whole", "group", "line", "leaf")
"""From the root down."""

AMOUNTS = (*KINDS, "expected", "before", "variance", "movement")
"""What each row of the tree has, in pounds; a missing one is not in the report."""

_KEYS = ("group", *LEAF)


def published_group(line: str, setting: str) -> str:
    """The group of lines in whose published total a leaf is counted, or `RECONCILING`.

    >>> published_group("1.0.2", "special_academy"), published_group("1.0.2", "resourced")
    ('place_funding', 'reconciling')
    """
    group = CODELISTS["budget_lines"].group(line)
    counted = CODELISTS["line_groups"].entry(group).details.get("published_settings")
    if group == "other_high_needs" or (counted is not None and setting not in counted):
        return RECONCILING
    return group


def budget_tree(reports: polars.DataFrame, year: str, as_at: str) -> polars.DataFrame:
    """The tree of one report.

    Parameters
    ----------
    reports: `hnb.budget_reports.budget_reports`'s, with earlier reports of the year for the movement.
    year, as_at: of the report, among `report_dates`. HnbError where there is none.

    Returns
    -------
    A Polars frame in the tree's order, the whole last: `level` (one of `LEVELS`), `group`, `line`, `setting`,
    `phase` (missing above their level), and `AMOUNTS` in pounds to the penny. `expected` is the outturn of a
    closed year, else the forecast; `before` is what the report before expected, missing in a year's first;
    `variance` is `expected` less the revised budget, positive over it, `movement` the same less `before`. Every
    row is the sum of the rows a level down. Last comes `variance_share`, the variance as a share of the revised
    budget, divided in each row; missing where that is nought.
    """
    dates = report_dates(reports, year)
    if as_at not in dates:
        raise HnbError(f"There is no report of {year} as at {as_at}.")
    earlier = dates[dates.index(as_at) - 1] if dates.index(as_at) else ""
    leaves = _leaves(reports.filter(polars.col("financial_year") == year), as_at, earlier)
    rows = [_summed(leaves, _KEYS[:depth]) for depth in (1, 2, len(_KEYS))] + [_summed(leaves, ())]
    levels = ("group", "line", "leaf", "whole")
    tree = polars.concat(
        [
            frame.with_columns(polars.lit(level).alias("level"))
            for frame, level in zip(rows, levels, strict=True)
        ],
        how="diagonal_relaxed",
    )
    budget = polars.col("revised_budget")
    share = polars.when(budget != 0).then(polars.col("variance") / budget).alias("variance_share")
    return _in_order(tree).select("level", *_KEYS, *AMOUNTS, share)


def _leaves(of_year: polars.DataFrame, as_at: str, earlier: str) -> polars.DataFrame:
    """The report's leaves with their group, variance and movement; also those that only the report before had."""
    now = of_year.filter(polars.col("as_at") == as_at).select(*LEAF, *KINDS, "expected")
    before = of_year.filter(polars.col("as_at") == earlier).select(
        *LEAF, polars.col("expected").alias("before")
    )
    both = now.join(before, on=list(LEAF), how="full", coalesce=True, validate="1:1")
    has = {name: both[name].is_not_null().any() for name in (*KINDS, "expected", "before")}
    # A leaf that one of the two reports lacks had nothing in it: nought, where that report has the kind at all.
    known = both.with_columns(polars.col(name).fill_null(0.0) for name, there in has.items() if there)
    groups = [published_group(line, setting) for line, setting in known.select("line", "setting").rows()]
    return known.with_columns(
        polars.Series("group", groups, dtype=polars.String),
        (polars.col("expected") - polars.col("revised_budget")).round(2).alias("variance"),
        (polars.col("expected") - polars.col("before")).round(2).alias("movement"),
    )


def _summed(leaves: polars.DataFrame, keys: Sequence[str]) -> polars.DataFrame:
    # A column without a single figure is a kind that the report has not: its sum is missing, not nought.
    sums = [
        polars.when(polars.col(name).is_not_null().any())
        .then(polars.col(name).sum().round(2) + 0.0)
        .alias(name)
        for name in AMOUNTS
    ]
    return leaves.group_by(list(keys)).agg(sums) if keys else leaves.select(sums)


def _in_order(tree: polars.DataFrame) -> polars.DataFrame:
    groups = [code for code in CODELISTS["line_groups"].codes if code != "other_high_needs"]
    order = {
        "group": (*groups, RECONCILING),
        "line": CODELISTS["budget_lines"].codes,
        "setting": CODELISTS["settings"].codes,
        "phase": CODELISTS["phases"].codes,
    }
    places = [
        # A parent stands above its children, so a missing key comes first; the whole, without a group, last.
        polars.col(name)
        .replace_strict(
            {code: place for place, code in enumerate(codes)}, default=len(codes), return_dtype=polars.Int64
        )
        .fill_null(len(codes) if name == "group" else -1)
        .alias(f"_{name}")
        for name, codes in order.items()
    ]
    missing_first = [
        polars.when(polars.col(name).is_null()).then(-1).otherwise(polars.col(f"_{name}")).alias(f"_{name}")
        for name in ("line", "setting", "phase")
    ]
    return (
        tree.with_columns(places)
        .with_columns(missing_first)
        .with_columns((polars.col("level") == "whole").alias("_last"))
        .sort("_last", "_group", "_line", "_setting", "_phase")
    )


def row_name(row: Mapping[str, Any], *, brief: bool = False) -> str:
    """What a person reads for a row of the tree: its group, its line, or its setting and phase.

    A line that stands in two groups, as place funding does, says which part of it is outside the published one.
    """
    level, group, line = row["level"], row["group"], row["line"]
    if level == "whole":
        return "All high needs lines"
    if level == "group":
        codes = CODELISTS["budget_tree_rows" if group == RECONCILING else "line_groups"]
        return codes.short(group) if brief else codes.label(group)
    if level == "line":
        lines = CODELISTS["budget_lines"]
        name = lines.short(line) if brief else lines.label(line)
        is_part = group == RECONCILING and lines.group(line) != "other_high_needs"
        return f"{name}, other columns" if is_part else name
    return (
        f"{wording.label('setting', row['setting'])}, {wording.lowered(wording.label('phase', row['phase']))}"
    )


def largest_steps(tree: polars.DataFrame, amount: str, level: str, most: int) -> list[tuple[str, float]]:
    """The rows of a level by the size of an amount, largest first, as names and pounds; the rest under one name.

    They add up to the whole's amount to the penny. Rows that move by nothing are left out; empty where the
    amount is missing.
    """
    rows = tree.filter((polars.col("level") == level) & (polars.col(amount).fill_null(0.0) != 0))
    ranked = rows.sort(polars.col(amount).abs(), descending=True, maintain_order=True)
    first = ranked.head(most if ranked.height > most + 1 else most + 1)
    steps = [(row_name(row, brief=True), float(row[amount])) for row in first.iter_rows(named=True)]
    rest = ranked.slice(first.height)
    if rest.height:
        steps.append(
            (
                f"The other {rest.height} {'lines' if level == 'line' else 'rows'}",
                round(float(rest[amount].sum()), 2) + 0.0,
            )
        )
    return steps
