"""The table of exceptions between register and ledger: each provider's account, looked through, with its addresses.

What an exception is, is in `hnb.register_against_ledger`; here the two sides are brought together by line and provider.
A group of lines in which some of the ledger's money has no line is compared as a group.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas
import polars

from hnb.codelists import CODELISTS, folded
from hnb.ledger_months import dated_payments, months_compared, months_missing
from hnb.metrics.tables import Tables
from hnb.register_against_ledger import Account, Finding, Item, findings
from hnb.tables.ledger import LEDGER_EXCEPTIONS

Month = datetime.date

_LINES = CODELISTS["budget_lines"]


@dataclass
class _Side:
    """What is known of one provider on one line: its items by month, and the suppliers that were paid."""

    register: dict[Month, list[Item]] = field(default_factory=dict)
    ledger: dict[Month, list[Item]] = field(default_factory=dict)
    suppliers: dict[str, None] = field(default_factory=dict)


def ledger_exceptions(
    placements: pandas.DataFrame, months: pandas.DataFrame, payments: pandas.DataFrame,
    matches: pandas.DataFrame | None = None,
) -> pandas.DataFrame:  # fmt: skip
    """A frame of the `ledger_exceptions` table.

    Parameters
    ----------
    placements, months: frames of `placements` and `placement_months`; payments: of `payments`, mapped already.
    matches: of `supplier_matches`; only what a person confirmed there makes a supplier a provider, or the same name.

    Returns
    -------
    Over one authority and year, `difference` adds up to the payments of the compared months on lines that the register
    has, and those not mapped, less the register's cost of these months; to the penny. A year without payments has none.
    """
    if payments.empty:
        return LEDGER_EXCEPTIONS.empty()
    paid = dated_payments(payments)
    costs = Tables({"placement_months": months}).table("placement_months")
    as_at = _as_at(placements)
    parts = [_not_mapped(paid)]
    for (authority, year), of_year in paid.group_by("authority", "financial_year", maintain_order=True):
        here = (polars.col("authority") == authority) & (polars.col("financial_year") == year)
        register = costs.filter(here)
        if register.height:
            provider_of = provider_by_supplier(register["provider"].drop_nulls().unique().to_list(), matches)
            until = as_at.get((authority, year))
            compared = months_compared(str(year), set(of_year["month"].to_list()), until)
            missing = frozenset(months_missing(str(year), set(of_year["month"].to_list()))) & set(compared)
            rows = _rows(register, of_year, compared, frozenset(missing), provider_of)
            parts.append(rows.with_columns(authority=polars.lit(authority), financial_year=polars.lit(year)))
    return LEDGER_EXCEPTIONS.conform(polars.concat(parts, how="diagonal_relaxed").to_pandas())


def provider_by_supplier(providers: list[str], matches: pandas.DataFrame | None) -> Mapping[str, str]:
    """Provider by the supplier's folded name: what a person confirmed, and suppliers called as a provider is."""
    found = {folded(name): name for name in providers}
    if matches is not None and len(matches):
        confirmed = matches[matches["decision"] == "confirmed"]
        own = {folded(name): name for name in providers}
        for supplier, provider in zip(confirmed["supplier"], confirmed["provider"], strict=True):
            found[folded(supplier)] = own.get(folded(provider), str(provider))
    return found


def loose_groups(payments: polars.DataFrame) -> frozenset[str]:
    """The groups of lines in which some high needs money has no line of its own."""
    loose = payments.filter((polars.col("ledger_status") == "mapped") & polars.col("line").is_null())
    return frozenset(loose["line_group"].drop_nulls().unique().to_list())


def _rows(
    register: polars.DataFrame, paid: polars.DataFrame, compared: tuple[Month, ...], missing: frozenset[Month],
    provider_of: Mapping[str, str],
) -> polars.DataFrame:  # fmt: skip
    """The exceptions of one authority and year."""
    loose = loose_groups(paid)
    sides: dict[tuple[str, str, bool], _Side] = {}

    def side(line: str | None, group: str | None, name: str, *, is_provider: bool) -> _Side:
        key = group if group in loose else line
        return sides.setdefault((str(key), name, is_provider), _Side())

    wanted = register.select("line", "provider", "month", "cost", "placement_id", "source").filter(polars.col("cost") != 0)  # fmt: skip
    for line, provider, month, cost, placement, source in wanted.iter_rows():
        account = side(line, _LINES.group(line), provider or "Not recorded", is_provider=True)
        account.register.setdefault(month, []).append(Item(_pence(cost), placement, source))
    keys = {key for key, _, _ in sides}
    given = paid.filter((polars.col("ledger_status") == "mapped") & polars.col("month").is_in(list(compared)))
    for line, group, supplier, month, amount, number, source in given.select(
        "line", "line_group", "supplier", "month", "amount", "transaction_id", "source"
    ).iter_rows():
        if (group if group in loose else line) not in keys:
            continue  # a line that the register does not have is compared with monitor and return only
        called = supplier or "No supplier named"
        provider = provider_of.get(folded(called))
        account = side(line, group, provider or called, is_provider=provider is not None)
        account.suppliers[called] = None
        account.ledger.setdefault(month, []).append(Item(_pence(amount), number or "", source))
    rows = []
    for (key, name, is_provider), account in sides.items():
        for one in findings(Account(account.register, account.ledger, compared, missing)):
            rows.append(_row(one, key, name if is_provider else None, account.suppliers))
    return polars.DataFrame(rows, schema=_SCHEMA, orient="row")


_SCHEMA = {
    "exception": polars.String, "line": polars.String, "provider": polars.String, "supplier": polars.String,
    "placement_id": polars.String, "month": polars.Date, "paid_month": polars.Date, "register_amount": polars.Float64,
    "ledger_amount": polars.Float64, "difference": polars.Float64, "detail": polars.String, "source": polars.String,
    "ledger_source": polars.String,
}  # fmt: skip


def _row(one: Finding, key: str, provider: str | None, suppliers: Mapping[str, None]) -> tuple[object, ...]:
    line = key if key in _LINES.entries else None
    return (one.kind, line, provider, ", ".join(suppliers) or None, one.placement or None, one.month, one.paid,
            one.register / 100, one.ledger / 100, (one.ledger - one.register) / 100, one.detail,
            one.source or one.ledger_source, one.ledger_source or None)  # fmt: skip


def _not_mapped(paid: polars.DataFrame) -> polars.DataFrame:
    """What looks like SEND and no rule speaks of: one row a code, supplier and month."""
    code = polars.concat_str("expense_code", "expense_type", separator=" ", ignore_nulls=True).alias("detail")
    first = polars.col("source").first()
    return (
        paid.filter(polars.col("ledger_status") == "not_mapped")
        .with_columns(code)
        .group_by("authority", "financial_year", "month", "supplier", "detail", maintain_order=True)
        .agg(ledger_amount=polars.col("amount").sum().round(2), count=polars.len(), source=first)
        .with_columns(
            source=polars.when(polars.col("count") > 1).then(polars.format("{} and {} more", "source", polars.col("count") - 1)).otherwise("source"),
            exception=polars.lit("not_mapped"), paid_month=polars.col("month"), register_amount=polars.lit(0.0),
            difference=polars.col("ledger_amount"),
        )
        .with_columns(ledger_source=polars.col("source"))
        .drop("count")
    )  # fmt: skip


def _as_at(placements: pandas.DataFrame) -> dict[tuple[str, str], datetime.date]:
    """The date of the register in force, by authority and year."""
    held = Tables({"placements": placements}).table("placements")
    latest = held.group_by("authority", "financial_year").agg(polars.col("register_as_at").max())
    return {(authority, year): date for authority, year, date in latest.rows()}


def _pence(pounds: float) -> int:
    return round(pounds * 100)
