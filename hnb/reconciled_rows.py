"""Rows of the reconciliation as a page wants them: of a line, in order, lines together, months with those that are missing."""

from __future__ import annotations

from typing import Any

import polars

from hnb import tolerance, years
from hnb.codelists import CODELISTS

_LINES, _GROUPS, _PAIRS = CODELISTS["budget_lines"], CODELISTS["line_groups"], CODELISTS["ledger_pairs"]
_BLOCK = "high_needs_total"


def of_line(rows: polars.DataFrame, line: str) -> polars.DataFrame:
    """The rows of one line, with those of the whole group that it is in; all where the line is ""."""
    if not line:
        return rows
    in_group = polars.col("line").is_null() & (polars.col("line_group") == _LINES.group(line))
    return rows.filter((polars.col("line") == line) | in_group)


def exceptions_of_line(rows: polars.DataFrame, line: str) -> polars.DataFrame:
    """The exceptions of one line; what is not mapped has no line, and is left out. All where the line is ""."""
    if not line:
        return rows
    return rows.filter((polars.col("line") == line) & (polars.col("exception") != "not_mapped"))


def ordered(rows: polars.DataFrame) -> polars.DataFrame:
    """Line by line in their order, groups after lines, the whole block last; within each the pairs in their order."""
    last = len(_LINES.codes)
    places = [
        last + 99 if group == _BLOCK and not line else _LINES.position(line) if line else last + _GROUPS.position(group or "")
        for line, group in rows.select("line", "line_group").rows()
    ]  # fmt: skip
    pairs = [_PAIRS.position(pair) for pair in rows["pair"].to_list()]
    return (
        rows.with_columns(
            _place=polars.Series(places, dtype=polars.Int64), _pair=polars.Series(pairs, dtype=polars.Int64)
        )
        .sort("_place", "_pair")
        .drop("_place", "_pair")
    )


def item(line: str | None, group: str | None) -> str:
    """What a row is about, in words: the line, the group of lines, or the whole block."""
    return _LINES.label(line) if line else _GROUPS.label(group) if group else "Not known"


def together(rows: polars.DataFrame, pair: str, chosen: str) -> dict[str, Any] | None:
    """All lines of one pair as one row with its status; None where there is none. The whole block is no line."""
    of_pair = _lines_of(rows, pair)
    if not of_pair.height:
        return None
    missing = [words for words in of_pair["months_missing"].to_list() if words]
    row = {
        "first_amount": round(float(of_pair["first_amount"].sum()), 2),
        "second_amount": round(float(of_pair["second_amount"].sum()), 2),
        "difference": round(float(of_pair["difference"].sum()), 2),
        "months_missing": missing[0] if missing else None,
        "months_covered": of_pair["months_covered"].max(),
    }
    schema = {"first_amount": polars.Float64, "second_amount": polars.Float64, "difference": polars.Float64,
              "months_missing": polars.String, "months_covered": polars.Int64}  # fmt: skip
    return tolerance.with_status(polars.DataFrame([row], schema=schema), chosen).row(0, named=True)


def by_month(rows: polars.DataFrame, pair: str) -> polars.DataFrame:
    """One row a month of one pair, its lines together: month, first_amount, second_amount, difference, months_missing."""
    sums = [polars.col(name).sum().round(2) for name in ("first_amount", "second_amount", "difference")]
    months = _lines_of(rows, pair, monthly=True)
    return months.group_by("month").agg(*sums, polars.col("months_missing").first()).sort("month")


def _lines_of(rows: polars.DataFrame, pair: str, *, monthly: bool = False) -> polars.DataFrame:
    of_pair = rows.filter((polars.col("pair") == pair) & (polars.col("line_group") != _BLOCK))
    return of_pair.filter(polars.col("month").is_not_null() if monthly else polars.col("month").is_null())


def average_month(row: dict[str, Any]) -> float | None:
    """What a month of the second source comes to on average over the months that are loaded; None without any."""
    return round(row["second_amount"] / row["months_covered"], 2) if row["months_covered"] else None


def paid_by_month(rows: polars.DataFrame, year: str, line: str) -> polars.DataFrame:
    """What was paid as high needs in each month: month, amount, payments, is_missing; amount is missing where no
    payment of the month is loaded. Up to the last month of the year that is loaded. `rows` are of `ledger_months`."""
    there = set(rows["month"].to_list())
    of_line_ = rows.filter(polars.col("ledger_status") == "mapped")
    of_line_ = of_line_.filter(polars.col("line") == line) if line else of_line_
    sums = of_line_.group_by("month").agg(polars.col("amount").sum().round(2), polars.col("payments").sum())
    known = {month: (amount, payments) for month, amount, payments in sums.rows()}
    last = max(there, default=None)
    found = []
    for month in years.months_of(year) if last and year else ():
        if last and month <= last:
            amount, payments = known.get(month, (0.0, 0)) if month in there else (None, None)
            found.append((month, amount, payments, month not in there))
    schema = {
        "month": polars.Date,
        "amount": polars.Float64,
        "payments": polars.Int64,
        "is_missing": polars.Boolean,
    }
    return polars.DataFrame(found, schema=schema, orient="row")


def by_code(
    months: polars.DataFrame, payments: polars.DataFrame, mapping: polars.DataFrame
) -> polars.DataFrame:
    """One row a code that looks like SEND or is mapped: expense_code, expense_type, ledger_status, line, line_group,
    rule_id, certainty, reason, payments, amount, source; what is not mapped first, then by pounds."""
    sendish = payments.filter(polars.col("ledger_status").is_in(["mapped", "not_mapped", "not_high_needs"]))
    sums = sendish.group_by("expense_code", "expense_type", "ledger_status", "line", "line_group", "rule_id").agg(
        payments=polars.len().cast(polars.Int64), amount=polars.col("amount").sum().round(2), source=polars.col("source").first()
    )  # fmt: skip
    rules = mapping.select("rule_id", "certainty", "reason", "decided_by")
    first = (polars.col("ledger_status") == "not_mapped").alias("_first")
    return (
        sums.join(rules, on="rule_id", how="left")
        .sort(first, polars.col("ledger_status") == "mapped", "amount", descending=True)
        .filter(polars.lit(value=True) if months.height else polars.lit(value=False))
    )


def most_repeated(months: polars.DataFrame) -> dict[str, Any] | None:
    """The month with most exact repeats: month, repeats, repeated_amount, and of_send, the pounds of them that are mapped
    or look like SEND; None where no row is repeated."""
    send = polars.col("ledger_status").is_in(["mapped", "not_mapped"])
    sums = (
        months.group_by("month")
        .agg(
            polars.col("repeats").sum(),
            polars.col("repeated_amount").sum().round(2),
            of_send=polars.col("repeated_amount").filter(send).sum().round(2),
        )
        .sort("repeats", descending=True)
    )
    return sums.row(0, named=True) if sums.height and sums["repeats"][0] else None
