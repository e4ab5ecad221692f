"""What the page Balance is asked to show: the block's balance year by year, and the year in focus."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import polars

from dashboard.components.links import page_address
from dashboard.pages.view import View
from hnb import wording, years
from hnb.balance_statement import allocation_issues, balance_statement
from hnb.stability_grant import stability_grant

PATH = "/balance"

STEPS = (
    ("before_deductions", "Allocation before deductions", "What the Department for Education allocates to the high needs block."),
    ("place_deductions", "Less places that DfE pays directly", "Places in academies and colleges that never reach the authority."),
    ("other_adjustments", "Other adjustments of the allocation", "What the published allocation after deductions differs by."),
    ("block_transfer", "Transfers and other income", "Moved into or out of the block by the schools forum, with other income."),
    ("spend", "Less spend", "What the whole block costs in the year."),
)  # fmt: skip
"""From the allocation to the in-year position: column of the statement, words, meaning."""


@dataclass(frozen=True)
class BlockYears:
    """The balance statement of a view; the year in focus is the last of those that the link names, or of all."""

    view: View

    @classmethod
    def read(cls, query: str) -> BlockYears:
        """What the query asks for."""
        return cls(View.read(query))

    @cached_property
    def statement(self) -> polars.DataFrame:
        """Every year's row, ascending."""
        return balance_statement(self.view.data, self.view.selection.authority)

    @cached_property
    def issues(self) -> polars.DataFrame:
        """The block's allocation as it was published, every time."""
        return allocation_issues(self.view.data, self.view.selection.authority)

    @cached_property
    def years(self) -> tuple[str, ...]:
        """The years of the statement that have anything to show, ascending."""
        return tuple(self.statement["financial_year"].to_list())

    @cached_property
    def year(self) -> str:
        """The year in focus; "" where there is none."""
        asked = [year for year in self.years if year in self.view.selection.years]
        told = self.statement.filter(
            polars.col("before_deductions").is_not_null() | polars.col("closing").is_not_null()
        )
        last = told["financial_year"].to_list() or list(self.years)
        return (asked or last or [""])[-1]

    @cached_property
    def row(self) -> dict[str, Any]:
        """The year in focus; no keys where there is none."""
        rows = self.statement.filter(polars.col("financial_year") == self.year)
        return rows.row(0, named=True) if rows.height else {}

    @cached_property
    def steps(self) -> list[dict[str, Any]]:
        """From the allocation to the in-year position of the year in focus: name, words, meaning, signed amount.

        None where the year has no in-year position; an adjustment of nought is no step.
        """
        if not self.row or self.row["in_year"] is None:
            return []
        found = []
        for name, words, meaning in STEPS:
            amount = self.row[name]
            if amount is None or (name == "other_adjustments" and amount == 0):
                continue
            found.append({"step": words, "meaning": meaning, "amount": -amount if name == "spend" else amount, "is_forecast": name == "spend" and self.row["is_forecast"]})  # fmt: skip
        return found

    @cached_property
    def chain(self) -> list[dict[str, Any]]:
        """From the balance brought forward to the one at the year's end: the same fields as `steps`.

        None where the year has no balance, or none before it to start from. The last step is the stability
        grant where there is one; a difference of nought is no step.
        """
        row, terms = self.row, stability_grant()
        if not row or None in (row["opening"], row["in_year"], row["closing"]):
            return []
        forecast, granted = row["is_forecast"] or row["is_carried_on"], row["stability_grant"]
        condition = "paid" if row["is_paid"] else "if approved"
        steps = [
            ("Balance brought forward", "At the end of the year before.", row["opening"], False),
            ("In-year position", "What is available, less spend.", row["in_year"], forecast),
            (
                "Published balance differs by",
                "What the published balance has beyond grant and spend.",
                row["not_explained"] or None,
                False,
            ),
            (
                f"{terms.short} ({condition})",
                f"{wording.share(terms.share, places=0)} of the deficit at the end of {terms.deficit_at_end_of}.",
                granted or None,
                not row["is_paid"],
            ),
        ]
        return [
            {"step": step, "meaning": meaning, "amount": amount, "is_forecast": hatched}
            for step, meaning, amount, hatched in steps
            if amount is not None
        ]  # fmt: skip

    @cached_property
    def chain_end(self) -> tuple[str, float | None]:
        """What the chain ends with: its words and its pounds."""
        after = bool(self.row and self.row["stability_grant"])
        last = self.row["closing"] if self.row else None
        if last is not None and after:
            last = round(last + self.row["stability_grant"], 2)
        return (
            f"At {self.closing_words}, after the grant" if after else f"Balance at {self.closing_words}",
            last,
        )

    @property
    def query(self) -> str:
        """The page's address without its path: what its files are made from."""
        return page_address("", self.view.selection).removeprefix("?")

    @property
    def closing_words(self) -> str:
        """The day on which the year in focus ends: "31 March 2027"."""
        return wording.date(years.year_end(self.year)) if self.year else ""
