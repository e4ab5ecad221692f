"""Register, budget monitor, ledger and Section 251 return held against each other, by line, by year and by month.

One long answer: a row a pair of sources, line (or group of lines, or the whole block) and month (or the year). A pair
is there only where both sources have the year. Whether a difference matters is asked of it later (`hnb.tolerance`).
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import pandas
import polars

from hnb import wording, years
from hnb.codelists import CODELISTS
from hnb.ledger_exceptions import ledger_exceptions, loose_groups
from hnb.ledger_months import dated_payments, ledger_months, months_compared, months_missing
from hnb.metrics.tables import Tables
from hnb.tables import TABLES
from hnb.tables.ledger import RECONCILIATION

Sums = dict[tuple[str | None, str | None], float]
"""Pounds by line and group of lines."""

_LINES = CODELISTS["budget_lines"]
_BLOCK = "high_needs_total"
_OUTSIDE_BLOCK = ("place_funding",)
_SCHEMA = {
    "financial_year": polars.String, "month": polars.Date, "pair": polars.String, "line": polars.String,
    "line_group": polars.String, "first_amount": polars.Float64, "second_amount": polars.Float64,
    "months_covered": polars.Int64, "months_missing": polars.String, "source": polars.String,
}  # fmt: skip


def reconciled(tables: Mapping[str, pandas.DataFrame], months: pandas.DataFrame | None = None) -> dict[str, pandas.DataFrame]:  # fmt: skip
    """The derived tables about the ledger: ledger_months, ledger_exceptions and reconciliation; those that there are.

    `tables` are conformed frames by name; `months` the `placement_months`, None where there is no register.
    """
    frames = dict(tables)
    frames["placement_months"] = TABLES["placement_months"].empty() if months is None else months
    found = {"reconciliation": reconciliation(frames)}
    if "payments" in frames:
        placements = frames.get("placements", TABLES["placements"].empty())
        found["ledger_months"] = ledger_months(frames["payments"])
        found["ledger_exceptions"] = ledger_exceptions(placements, frames["placement_months"], frames["payments"], frames.get("supplier_matches"))  # fmt: skip
    return {name: frame for name, frame in found.items() if len(frame)}


def reconciliation(tables: Mapping[str, pandas.DataFrame]) -> pandas.DataFrame:
    """A frame of the `reconciliation` table. A whole block is compared on its 1.2 lines, as the return prints it."""
    wanted = ("placements", "placement_months", "budget", "budget_months", "payments", "spend_returns")
    held = Tables({name: tables.get(name, TABLES[name].empty()) for name in wanted})
    authorities = {
        authority
        for name in ("placement_months", "budget", "payments")
        for authority in held.table(name)["authority"].unique().to_list()
    }
    parts = []
    for authority in sorted(authorities):
        own = {name: held.table(name).filter(polars.col("authority") == authority) for name in wanted}
        if own["payments"].height:
            own["payments"] = dated_payments(own["payments"].to_pandas())
        rows = [row for year in _years(own) for row in _Year(own, year).rows()]
        frame = polars.DataFrame(rows, schema=_SCHEMA, orient="row")
        parts.append(frame.with_columns(authority=polars.lit(authority)))
    if not parts:
        return RECONCILIATION.empty()
    difference = (polars.col("second_amount") - polars.col("first_amount")).round(2)
    return RECONCILIATION.conform(polars.concat(parts).with_columns(difference=difference).to_pandas())


def _years(own: Mapping[str, polars.DataFrame]) -> list[str]:
    found = {year for frame in own.values() for year in frame["financial_year"].unique().to_list()}
    return sorted(found)


@dataclass(frozen=True)
class _Year:
    """The sources of one authority in one year."""

    tables: Mapping[str, polars.DataFrame]
    year: str

    def rows(self) -> Iterator[tuple[object, ...]]:
        """Every pair that both sources have, for the year and then by month."""
        if self.paid.height:
            yield from self._register_and_ledger()
            yield from self._monitor_and_ledger()
            for first in self._returned():
                yield from self._pair("return_ledger", first, self._paid_sums(None), only_first=True, source="spend_returns and payments")  # fmt: skip
        if self.register.height and self.monitor:
            lines = {line: self.monitor[line] for line in self.monitor if line in self.register_sums(None)}
            yield from self._pair("register_monitor", self.register_sums(None), lines, source="placement_months and budget")  # fmt: skip
        if self.monitor:
            for first in self._returned():
                yield from self._pair("return_monitor", first, self.monitor, only_first=True, source="spend_returns and budget")  # fmt: skip

    @cached_property
    def paid(self) -> polars.DataFrame:
        return self._of_year("payments")

    @cached_property
    def register(self) -> polars.DataFrame:
        return self._of_year("placement_months")

    @cached_property
    def compared(self) -> tuple[datetime.date, ...]:
        dates = self._of_year("placements")["register_as_at"]
        return months_compared(self.year, self.months_paid, dates.max() if len(dates) else None)  # type: ignore[arg-type]

    @cached_property
    def months_paid(self) -> set[datetime.date]:
        return set(self.paid["month"].to_list()) if self.paid.height else set()

    @cached_property
    def missing(self) -> tuple[datetime.date, ...]:
        return months_missing(self.year, self.months_paid)

    @cached_property
    def loose(self) -> frozenset[str]:
        return loose_groups(self.paid) if self.paid.height else frozenset()

    @cached_property
    def monitor(self) -> Sums:
        """The latest monitor's outturn, or its forecast where the year is not closed."""
        return self._monitor("outturn") or self._monitor("forecast")

    def register_sums(self, months: tuple[datetime.date, ...] | None) -> Sums:
        """The register's cost by line, of some months or of the year."""
        rows = (
            self.register if months is None else self.register.filter(polars.col("month").is_in(list(months)))
        )
        return self._sums(rows, "cost")

    def _of_year(self, name: str) -> polars.DataFrame:
        return self.tables[name].filter(polars.col("financial_year") == self.year)

    def _monitor(self, money: str) -> Sums:
        rows = self._of_year("budget").filter(polars.col("money") == money)
        return self._sums(rows.filter(polars.col("as_at") == polars.col("as_at").max()), "amount")

    def _paid_sums(self, months: tuple[datetime.date, ...] | None) -> Sums:
        rows = self.paid.filter(polars.col("ledger_status") == "mapped")
        rows = rows if months is None else rows.filter(polars.col("month").is_in(list(months)))
        return self._sums(rows, "amount")

    def _sums(self, rows: polars.DataFrame, amount: str) -> Sums:
        """Pounds by line and group; in a group where the ledger has money without a line, by the group."""
        if not rows.height:
            return {}
        by = [name for name in ("line", "line_group") if name in rows.columns]
        sums: Sums = {}
        for *names, pounds in rows.group_by(by).agg(polars.col(amount).sum()).rows():
            line = names[0]
            group = (_LINES.group(line) if line else None) or (names[1] if len(names) > 1 else None)
            key = (None, group) if group in self.loose or not line else (line, group)
            sums[key] = round(sums.get(key, 0.0) + pounds, 2)
        return sums

    def _register_and_ledger(self) -> Iterator[tuple[object, ...]]:
        if not self.register.height:
            return
        source = "placement_months and payments"
        of_register = set(self.register_sums(None))
        spent = {key: pounds for key, pounds in self._paid_sums(self.compared).items() if key in of_register}
        yield from self._pair("register_ledger", self.register_sums(self.compared), spent, source=source, months=self.compared)  # fmt: skip
        for month in self.compared:
            costs = self.register_sums((month,))
            spent = {key: pounds for key, pounds in self._paid_sums((month,)).items() if key in of_register}
            yield from self._pair("register_ledger", costs, spent, source=source, month=month)

    def _monitor_and_ledger(self) -> Iterator[tuple[object, ...]]:
        source = "budget and payments"
        if closed := self._monitor("outturn"):
            yield from self._pair("monitor_ledger", closed, self._paid_sums(None), source=source)
        elif actual := self._monitor("actual_to_date"):
            dates = self._of_year("budget").filter(polars.col("money") == "actual_to_date")["as_at"]
            months = months_compared(self.year, self.months_paid, dates.max())  # type: ignore[arg-type]
            yield from self._pair(
                "monitor_ledger", actual, self._paid_sums(months), source=source, months=months
            )
        by_month = self._of_year("budget_months").filter(polars.col("money") == "actual")
        by_month = by_month.filter(polars.col("as_at") == polars.col("as_at").max())
        for month in months_compared(self.year, self.months_paid):
            of_month = by_month.filter(polars.col("month") == month)
            if of_month.height:
                yield from self._pair("monitor_ledger", self._sums(of_month, "amount"), self._paid_sums((month,)), source="budget_months and payments", month=month)  # fmt: skip

    def _returned(self) -> Iterator[Sums]:
        """The outturn returned, at each level of detail that there is."""
        rows = self._of_year("spend_returns").filter(polars.col("stage") == "outturn")
        for detail in ("line", "line_group", "block"):
            of_detail = rows.filter(polars.col("detail") == detail)
            if detail == "block":
                of_detail = of_detail.filter(polars.col("line_group") == _BLOCK)
            sums: Sums = {}
            for line, group, pounds in of_detail.group_by("line", "line_group").agg(polars.col("amount").sum()).rows():  # fmt: skip
                key = (line, group) if line else (None, group)
                sums[key] = round(sums.get(key, 0.0) + pounds, 2)
            if sums:
                yield sums

    def _pair(
        self, pair: str, first: Sums, second: Sums, *, source: str, month: datetime.date | None = None,
        months: tuple[datetime.date, ...] | None = None, only_first: bool = False,
    ) -> Iterator[tuple[object, ...]]:  # fmt: skip
        """The rows of one pair. `only_first`: what the first has not is no difference, it was not asked."""
        keys = list(first) if only_first else sorted({*first, *second}, key=_order)
        with_ledger = pair.endswith("_ledger")
        missing = [one for one in self.missing if month in (None, one)] if with_ledger else []
        covered = 1 if month else len(months) if months is not None else 12
        if with_ledger and not month:
            covered = len(
                self.months_paid & set(months if months is not None else years.months_of(self.year))
            )
        for line, group in keys:
            there = _as_asked(first, line, group), _as_asked(second, line, group)
            yield (self.year, month, pair, line, group, *there, covered,
                   wording.listed(f"{one:%B %Y}" for one in missing) or None, source)  # fmt: skip


def _as_asked(sums: Sums, line: str | None, group: str | None) -> float:
    """What a source has of a line, a group, or of the block: the 1.2 lines, place funding and what is not 1.2 left out."""
    if (line, group) in sums and (line or group):
        return sums[line, group]
    if line:
        return sums.get((line, _LINES.group(line)), 0.0)
    if group != _BLOCK:
        return round(sum(pounds for (_, of), pounds in sums.items() if of == group), 2)
    return round(sum(pounds for key, pounds in sums.items() if _is_in_block(*key)), 2)


def _is_in_block(line: str | None, group: str | None) -> bool:
    return line.startswith("1.2.") if line else group not in _OUTSIDE_BLOCK


def _order(key: tuple[str | None, str | None]) -> tuple[int, str]:
    return (_LINES.position(key[0]) if key[0] else -1, key[1] or "")
