"""What the page Reconcile is asked to show: a year, one line or all, a tolerance, one kind of exception or all."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl

import polars

from dashboard.components.links import page_address
from dashboard.pages.view import View
from hnb import exception_sums, reconciled_rows, recoupment, tolerance
from hnb.codelists import CODELISTS
from hnb.metrics import Selection

PATH = "/reconcile"
ALL = "all"
LINES = CODELISTS["budget_lines"]


@dataclass(frozen=True)
class HeldAgainst:
    """One view of the page. `said_not` is a sentence for each choice of the address that could not be read."""

    view: View
    tolerance: str
    kind: str
    said_not: tuple[str, ...]

    @classmethod
    def read(cls, query: str) -> HeldAgainst:
        """What the query asks for."""
        asked = dict(parse_qsl(query))
        view, said = View.read(query), []
        chosen = asked.get("tolerance", tolerance.USUAL)
        if chosen not in tolerance.TOLERANCES:
            said.append("The tolerance of the address is none of those offered; the usual one is taken.")
            chosen = tolerance.USUAL
        kind = asked.get("kind", ALL)
        if kind != ALL and kind not in exception_sums.KINDS:
            said.append("The kind of exception of the address is none of those offered; all are shown.")
            kind = ALL
        return cls(view, chosen, kind, tuple(said))

    def table(self, name: str) -> polars.DataFrame:
        """The authority's own rows of a table."""
        own = polars.col("authority") == self.view.selection.authority
        return self.view.data.table(name).filter(own)

    @cached_property
    def years(self) -> tuple[str, ...]:
        """The years of which two sources, or payments, are loaded; ascending."""
        found = {
            year
            for name in ("reconciliation", "ledger_months")
            for year in self.table(name)["financial_year"].unique().to_list()
        }
        return tuple(sorted(found))

    @cached_property
    def year(self) -> str:
        """The last of the years selected that there is, or the last with payments, or the last; "" without any."""
        wanted = [year for year in self.years if year in self.view.selection.years]
        paid = sorted(set(self.table("ledger_months")["financial_year"].to_list()))
        return (wanted or paid or list(self.years) or [""])[-1]

    @cached_property
    def line(self) -> str:
        """The one line selected; "" for all, or where several are."""
        lines = self.view.selection.lines
        return lines[0] if len(lines) == 1 and lines[0] in LINES.entries else ""

    @cached_property
    def name(self) -> str:
        """The line in words, or that it is all of them."""
        return f"Line {self.line}" if self.line else "All lines"

    @cached_property
    def of_year(self) -> polars.DataFrame:
        """Every comparison of the year, with its status at the tolerance; of the line where one is chosen."""
        rows = self.table("reconciliation").filter(polars.col("financial_year") == self.year)
        return tolerance.with_status(reconciled_rows.of_line(rows, self.line), self.tolerance)

    @cached_property
    def yearly(self) -> polars.DataFrame:
        """The comparisons of whole years, or of the year to date."""
        return reconciled_rows.ordered(self.of_year.filter(polars.col("month").is_null()))

    def together(self, pair: str) -> dict[str, Any] | None:
        """One pair of the year, all its lines together; None where there is none."""
        return reconciled_rows.together(self.yearly, pair, self.tolerance)

    def monthly(self, pair: str) -> polars.DataFrame:
        """One pair by month, the lines together."""
        return reconciled_rows.by_month(self.of_year, pair)

    @cached_property
    def paid_by_month(self) -> polars.DataFrame:
        """What was paid in each month of the year, with the months that are not loaded; of the line where one is chosen."""
        rows = self.table("ledger_months").filter(polars.col("financial_year") == self.year)
        return reconciled_rows.paid_by_month(rows, self.year, self.line)

    @cached_property
    def exceptions(self) -> polars.DataFrame:
        """The exceptions of the year; of the line and provider where these are selected. What is not mapped has no line."""
        rows = self.table("ledger_exceptions").filter(polars.col("financial_year") == self.year)
        rows = reconciled_rows.exceptions_of_line(rows, self.line)
        named = self.view.selection.providers
        return rows.filter(polars.col("provider").is_in(list(named))) if named else rows

    @cached_property
    def listed(self) -> polars.DataFrame:
        """The exceptions of the kind that is asked for, months run together."""
        rows = self.exceptions
        rows = rows if self.kind == ALL else rows.filter(polars.col("exception") == self.kind)
        return exception_sums.run_together(rows)

    @cached_property
    def by_kind(self) -> polars.DataFrame:
        """The exceptions by kind."""
        return exception_sums.by_kind(self.exceptions)

    @cached_property
    def to_ring(self) -> polars.DataFrame:
        """Whom to ring."""
        return exception_sums.to_ring(self.exceptions, self.table("supplier_offers"))

    @cached_property
    def codes(self) -> polars.DataFrame:
        """The year's ledger by code, with the rule that speaks of it."""
        months = self.table("ledger_months").filter(polars.col("financial_year") == self.year)
        return reconciled_rows.by_code(months, self.table("payments").filter(polars.col("financial_year") == self.year), self.table("ledger_mapping"))  # fmt: skip

    @cached_property
    def repeats(self) -> dict[str, Any] | None:
        """The month with most rows that are exactly like an earlier one; None where none is."""
        return reconciled_rows.most_repeated(
            self.table("ledger_months").filter(polars.col("financial_year") == self.year)
        )

    @cached_property
    def bridge_year(self) -> str:
        """The year in focus where both returns of it are loaded, else the last of which they are; "" for none."""
        known = recoupment.bridged_years(self.view.data, str(self.view.selection.authority))
        return self.year if self.year in known else (list(known) or [""])[-1]

    @cached_property
    def bridge(self) -> polars.DataFrame:
        """The recoupment bridge of that year."""
        return recoupment.recoupment_bridge(
            self.view.data, str(self.view.selection.authority), self.bridge_year
        )

    @cached_property
    def coverage(self) -> dict[str, float]:
        """What the seeming underspend on places is made of."""
        return recoupment.place_coverage(
            self.bridge, self.view.data, str(self.view.selection.authority), self.bridge_year
        )

    @cached_property
    def selection(self) -> Selection:
        """The year and line in focus, for addresses of rows."""
        chosen = Selection(authority=self.view.selection.authority)
        return chosen.with_(years=(self.year,) if self.year else (), lines=(self.line,) if self.line else ())

    def address(self, **more: str) -> str:
        """The page with another choice."""
        kept = {
            "tolerance": "" if self.tolerance == tolerance.USUAL else self.tolerance,
            "kind": "" if self.kind == ALL else self.kind,
        }
        return page_address(PATH, self.selection, **{**kept, **more})

    def of_line(self, line: str | None) -> str:
        """The page narrowed to a line; "" where it is that already, or there is none."""
        if not line or line == self.line:
            return ""
        return page_address(
            PATH,
            self.selection.with_(lines=(line,)),
            tolerance="" if self.tolerance == tolerance.USUAL else self.tolerance,
        )
