"""The sample's ledger: what each provider was paid in each month, true to the register but for what is planted.

`payments` gives the postings of a year and the exceptions that a reconciliation must find in them, worked out from
what was planted and never from the reconciliation. What is planted is in `payments.toml`.
"""

from __future__ import annotations

import datetime
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any

import pandas

from etl.sample.spend import service_leaves
from hnb import years
from hnb.placement_months import placement_months

LEDGER: Mapping[str, Any] = tomllib.loads((resources.files("etl.sample") / "payments.toml").read_text(encoding="utf-8"))  # fmt: skip

EXCEPTION = ["financial_year", "exception", "provider", "supplier", "placement_id", "month", "difference"]
"""Columns of the exceptions that are meant to be found."""

POSTING = ["period", "paid_on", "transaction_id", "supplier", "category", "expense_area", "expense_code", "expense_type", "amount"]  # fmt: skip

_QUARTER = {4: 5, 5: 5, 6: 5, 7: 8, 8: 8, 9: 8, 10: 11, 11: 11, 12: 11, 1: 2, 2: 2, 3: 2}
_TERM = {4: 5, 5: 5, 6: 5, 7: 5, 8: 5, 9: 10, 10: 10, 11: 10, 12: 10, 1: 2, 2: 2, 3: 2}


@dataclass
class _Books:
    """The postings and exceptions of a year as they are written. A posting is (month, line or account, supplier, amount)."""

    postings: list[tuple[datetime.date, Sequence[str], str, float]]
    exceptions: list[tuple[str, str | None, str | None, str | None, datetime.date, float]]


def payments(register: pandas.DataFrame, year: str, until: datetime.date) -> tuple[pandas.DataFrame, pandas.DataFrame]:  # fmt: skip
    """A year's postings up to the month of `until` (columns POSTING), and what is to be found in them (EXCEPTION).

    `register` is a year's with `annual_cost`. Each provider is paid what its placements cost in the month, to the
    penny, or by the quarter or term; services in twelve equal parts. No posting is in the missing month.
    """
    months = [month for month in years.months_of(year) if month <= until]
    missing = _month(LEDGER["missing_month"])
    costs = placement_months(register.assign(authority="", source=""))
    sums = costs.groupby(["line", "provider", "month"])["cost"].sum().round(2)
    books = _Books([], [])
    due: dict[tuple[str, str], dict[datetime.date, float]] = {}
    for (line, provider, month), cost in sums.items():
        if cost:
            due.setdefault((line, provider), {})[month] = cost
    planted = [one for one in LEDGER["planted"] if one.get("provider")]
    for (line, provider), of_month in due.items():
        _provider(books, line, provider, of_month, months, missing, [one for one in planted if one["provider"] == provider], costs)  # fmt: skip
    for one in LEDGER["planted"]:
        if "provider" not in one:
            account = one.get("account") or LEDGER["accounts"]["1.2.3"]
            for name, amount in zip(one["months"], one["amounts"], strict=True):
                if (month := _month(name)) in months:
                    books.postings.append((month, account, one["supplier"], amount))
                    books.exceptions.append((one["kind"], None, one["supplier"], None, month, amount))
    _services(books, year, months, missing)
    return _posted(books, year), _meant(books, year)


def supplier_of(provider: str) -> str:
    """How the ledger spells a provider: in capitals, shortened, with a legal form, as its suppliers' list grew."""
    turn = sum(map(ord, provider)) % 3
    if turn == 0:
        return f"{provider.upper()} LTD"
    if turn == 1:
        return provider.replace("School", "Sch").replace("Academy", "Acad").upper()
    return f"{provider.removeprefix('The ')} (Trust)"


def _provider(
    books: _Books, line: str, provider: str, due: dict[datetime.date, float], months: list[datetime.date],
    missing: datetime.date, planted: list[Mapping[str, Any]], costs: pandas.DataFrame,
) -> None:  # fmt: skip
    """One provider's payments of a year on one line, and what is odd about them."""
    supplier, account = supplier_of(provider), LEDGER["accounts"][line]
    paid = {month: cost for month, cost in due.items() if month in months}
    unmatched = provider in LEDGER["unconfirmed"]
    meant: list[tuple[str, str | None, str | None, str | None, datetime.date, float]] = []
    by = next((name for name in ("quarter", "term") if provider in LEDGER["paid_by"][name]), "")
    if by:
        paid = {}
        for month, cost in due.items():
            when = _paid_in(month, _QUARTER if by == "quarter" else _TERM)
            if when in months:
                paid[when] = round(paid.get(when, 0.0) + cost, 2)
                if month in months:
                    ahead = _ahead(month, due, months, _QUARTER if by == "quarter" else _TERM)
                    meant.append(("timing", provider, supplier, None, month, ahead))
            elif month in months:
                meant.append(("timing", provider, supplier, None, month, -cost))
    for one in planted:
        _plant(one, provider, supplier, line, paid, due, meant, costs)
    if missing in paid:
        meant.append(("month_missing", provider, supplier, None, missing, -paid.pop(missing)))
    if unmatched:
        meant = [("not_paid", provider, None, None, month, -due[month]) for month in months if month in due and month != missing]  # fmt: skip
        meant += [("not_in_register", None, supplier, None, month, amount) for month, amount in paid.items()]
        meant += [("month_missing", provider, None, None, missing, -due[missing])] if missing in months and missing in due else []  # fmt: skip
    books.postings += [(month, account, supplier, amount) for month, amount in sorted(paid.items()) if amount]
    books.postings += [
        (_month(name), account, supplier, paid[_month(name)])
        for one in planted
        if one["kind"] == "paid_twice"
        for name in one["months"]
        if _month(name) in paid
    ]
    books.exceptions += meant


def _plant(
    one: Mapping[str, Any], provider: str, supplier: str, line: str, paid: dict[datetime.date, float],
    due: Mapping[datetime.date, float], meant: list[Any], costs: pandas.DataFrame,
) -> None:  # fmt: skip
    """Change what is paid as one planted thing says, in the months that the provider has a cost in."""
    months = [_month(name) for name in one["months"] if _month(name) in paid]
    if one["kind"] == "not_paid":
        placement = _unpaid(costs, provider, line, months)
        for month in months if placement else []:
            of_month = costs[(costs["placement_id"] == placement) & (costs["month"] == month)]
            cost = round(float(of_month["cost"].sum()), 2)
            if 0 < cost < paid[month]:
                paid[month] = round(paid[month] - cost, 2)
                meant.append(("not_paid", provider, supplier, placement, month, -cost))
    for month in months:
        if one["kind"] == "price_differs":
            given = round(paid[month] * (1 + one["share"]), 2)
            meant.append(("price_differs", provider, supplier, None, month, round(given - due[month], 2)))
            paid[month] = given
        elif one["kind"] == "timing" and (when := _month(one["paid"])) in paid:
            paid[when] = round(paid[when] + paid.pop(month), 2)
            meant.append(("timing", provider, supplier, None, month, 0.0))
        elif one["kind"] == "paid_twice":
            meant.append(("not_in_register", provider, supplier, None, month, paid[month]))


def _unpaid(costs: pandas.DataFrame, provider: str, line: str, months: list[datetime.date]) -> str:
    """The dearest placement of the provider that costs something in all of the months; "" where there is none."""
    rows = costs[(costs["provider"] == provider) & (costs["line"] == line) & costs["month"].isin(months) & (costs["cost"] > 0)]  # fmt: skip
    by_placement = rows.groupby("placement_id")["cost"].agg(["size", "sum"])
    whole = by_placement[by_placement["size"] == len(months)]
    return str(whole["sum"].idxmax()) if len(whole) and len(by_placement) > 1 else ""


def _services(books: _Books, year: str, months: list[datetime.date], missing: datetime.date) -> None:
    """What is not bought by child, in twelve parts that add up to the year."""
    for line, amount in service_leaves(year).groupby("line")["amount"].sum().items():
        part, left = round(amount / 12, 2), round(amount, 2)
        for number, month in enumerate(years.months_of(year), start=1):
            given = part if number < 12 else round(left, 2)
            left -= given
            if month in months and month != missing:
                books.postings.append(
                    (month, LEDGER["accounts"][line], LEDGER["service_suppliers"][line], given)
                )


def _posted(books: _Books, year: str) -> pandas.DataFrame:
    of_year = years.months_of(year)
    rows = []
    for number, (month, account, supplier, amount) in enumerate(sorted(books.postings, key=lambda one: (one[0], one[1][0], one[2])), 1):  # fmt: skip
        rows.append((of_year.index(month) + 1, month.replace(day=1 + number % 27), f"V{of_year[0].year % 100}{number:05d}",
                     supplier, "SEND providers", account[2], account[0], account[1], amount))  # fmt: skip
    return pandas.DataFrame(rows, columns=POSTING)


def _meant(books: _Books, year: str) -> pandas.DataFrame:
    frame = pandas.DataFrame(
        books.exceptions, columns=[name for name in EXCEPTION if name != "financial_year"]
    )
    return frame.assign(financial_year=year)[EXCEPTION]


def _paid_in(month: datetime.date, when: Mapping[int, int]) -> datetime.date:
    paid = when[month.month]
    # The second month of a block is in the block's own calendar year: no block spans a new year.
    return datetime.date(month.year, paid, 1)


def _ahead(month: datetime.date, due: Mapping[datetime.date, float], months: Sequence[datetime.date], when: Mapping[int, int]) -> float:  # fmt: skip
    """What the payment for a month's block pays beyond the months so far, said of the last of these; else nought."""
    block = [one for one in due if when[one.month] == when[month.month]]
    if month != max(one for one in block if one in months):
        return 0.0
    return round(sum(due[one] for one in block if one not in months), 2)


def _month(name: str) -> datetime.date:
    return datetime.date.fromisoformat(f"{name}-01")
