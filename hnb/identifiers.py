"""The tables as an analyst sees them: no number of a child or placement, no address of a row, no small provider by name.

It is done to the tables, before anything is computed, so that no page, file or measure can show what is not there.
It is not disclosure control (`hnb.disclosure`, for what leaves the room): an analyst is inside the council, and a
figure of a large provider, split finely enough, may still be of one child, without number, address or name.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Any

import polars

from hnb.contract import Table
from hnb.tables import TABLES

STAND_IN, POOLED, WITHOUT_ROW, BLANK, KEPT = "stand_in", "pooled", "without_row", "blank", "kept"

TREATMENTS: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(("pupil_id", "placement_id", "other_placement_id"), STAND_IN),
        "provider": POOLED,
        **dict.fromkeys(("source", "other_source", "ledger_source", "where"), WITHOUT_ROW),
        # A supplier is a provider by another name; what somebody typed freely may be about a child.
        **dict.fromkeys(("provider_id", "supplier", "transaction_id", "found", "expected"), BLANK),
        **dict.fromkeys(("detail", "reason", "decided_by", "decision", "note", "band"), BLANK),
        **dict.fromkeys(("authority", "neighbour", "expense_code", "rule_id", "recommendation_id"), KEPT),
        **dict.fromkeys(("financial_year", "baseline_year", "target_year", "months_missing"), KEPT),
        **dict.fromkeys(("category", "expense_area", "expense_type", "closeness", "setting_detail"), KEPT),
        **dict.fromkeys(("need", "phase", "setting", "measure", "owner", "theme", "title"), KEPT),
        **dict.fromkeys(("evidence_source", "action", "amount_is", "file", "kind", "layout"), KEPT),
        **dict.fromkeys(("reader", "series", "sheet", "table", "tables"), KEPT),
    }
)
"""What becomes of each column of words without a code list. A test fails for a column that is not here."""

KEPT_OF_TABLE: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"coverage": ("note",), "recommendation_updates": ("note", "decision")}
)
"""Columns that are kept in one table though blanked elsewhere: the program's own words, and the board's."""


@dataclass(frozen=True)
class WithoutIdentifiers:
    """Tables (whatever has `.has(name)` and `.table(name)`) with each column as `TREATMENTS` says.

    fewest: a provider with fewer children in a financial year is counted with the others of its kind.
    key: what turns a number into its stand-in; by itself another one in every process, so that it cannot be kept.
    """

    tables: Any
    fewest: int
    key: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)

    @property
    def pooled_name(self) -> str:
        """What providers with too few children are called together."""
        return f"Providers with fewer than {self.fewest} children"

    def table(self, name: str) -> polars.DataFrame:
        """A table of that name, its rows in the order in which they stand."""
        frame: polars.DataFrame = self.tables.table(name)
        changes: list[polars.Series | polars.Expr] = []
        for column in treated(TABLES[name]):
            treatment = TREATMENTS.get(column, BLANK)
            if treatment == STAND_IN:
                changes.append(self._stand_ins(frame[column]))
            elif treatment == WITHOUT_ROW:
                changes.append(polars.col(column).str.replace(r"![^!]*\d[^!]*$", ""))
            elif treatment == BLANK:
                changes.append(polars.lit(None, polars.String).alias(column))
        frame = frame.with_columns(changes)
        return self._pooled(frame) if "provider" in frame.columns else frame

    def _stand_ins(self, numbers: polars.Series) -> polars.Series:
        known = numbers.drop_nulls().unique()
        stand_ins = [hmac.digest(self.key, str(number).encode(), "sha256").hex()[:16] for number in known]
        return numbers.replace_strict(known, polars.Series(stand_ins, dtype=polars.String), default=None)

    def _pooled(self, frame: polars.DataFrame) -> polars.DataFrame:
        named = polars.col("provider").is_not_null()
        if "financial_year" not in frame.columns:
            none_by_name = polars.when(named).then(polars.lit(self.pooled_name)).alias("provider")
            return frame.with_columns(none_by_name)
        by = ["financial_year", "provider"]
        marked = frame.join(self._large.with_columns(is_large=True), on=by, how="left", maintain_order="left")
        pooled: polars.DataFrame = marked.with_columns(
            polars.when(named & polars.col("is_large").is_null())
            .then(polars.lit(self.pooled_name))
            .otherwise(polars.col("provider"))
            .alias("provider")
        ).drop("is_large")
        return pooled

    @cached_property
    def _large(self) -> polars.DataFrame:
        """The years and names of the providers that have enough children: by the register, else by the spend."""
        by = ["financial_year", "provider"]
        placed = self.tables.table("placements").group_by(by).agg(polars.col("pupil_id").n_unique().alias("children"))  # fmt: skip
        spent = self.tables.table("spend").group_by(by).agg(polars.col("placements").sum().alias("children"))
        counted = polars.concat(
            [placed, spent.join(placed, on=by, how="anti")], how="vertical_relaxed"
        ).drop_nulls()
        large: polars.DataFrame = counted.filter(polars.col("children") >= self.fewest).select(by)
        return large


def treated(table: Table) -> tuple[str, ...]:
    """The columns of a table that an analyst does not see as they are."""
    kept = KEPT_OF_TABLE.get(table.name, ())
    return tuple(
        column.name
        for column in table.columns
        if is_words(column)
        and TREATMENTS.get(column.name, BLANK) not in (KEPT, POOLED)
        and column.name not in kept
    )


def is_words(column: Any) -> bool:
    """Whether a column holds words that no code list knows."""
    return column.kind in ("text", "identifier", "year") and not column.codes
