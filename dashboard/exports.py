"""A measure's answer as a file to take away: CSV for programs, XLSX for people. The same `compute` as the screen.

Both carry what is selected, the as-at date, the snapshot and the caution, so that a figure found in a
folder a year later still says what it is. Nothing a workbook would run gets into either.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import quote

import polars

from dashboard.components.links import rows_address
from dashboard.data import Data
from dashboard.table_file import Format, TableFile
from hnb.codelists import CODELISTS
from hnb.errors import HnbError
from hnb.metrics import Measure, Selection, compute
from hnb.metrics.answer import codelist_of
from hnb.tables import TABLES

ROW_LIMIT = 100_000
"""Rows that one file may have."""

_NUMBER_FORMATS = {"£": "£#,##0;-£#,##0", "share": "0.0%", "placement-years": "#,##0.0"}


@dataclass(frozen=True)
class Download:
    """An answer with everything that must be known of it. `to_csv` and `to_xlsx` give the bytes of a file.

    `notes` are sentences on what could not be done as asked, such as a link's unknown code. `whole` is the
    answer that is not split, the file's total.
    """

    measure: Measure
    selection: Selection
    by: tuple[str, ...]
    result: polars.DataFrame
    data: Data
    notes: tuple[str, ...] = ()
    whole: polars.DataFrame | None = None

    def filename(self, kind: Format) -> str:
        """Such as "spend-by-setting-phase-000007.csv": what, how split, of which snapshot."""
        split = f"-by-{'-'.join(self.by)}" if self.by else ""
        return f"{self.measure.name}{split}-{self.data.id.partition('-')[0]}.{kind}".replace("_", "-")

    @cached_property
    def headings(self) -> tuple[str, ...]:
        """The headings of the file: each dimension, its code where it has one, then the figures."""
        heads: list[str] = []
        for name in self.by:
            heads += [_heading(name), f"{_heading(name)} code"] if self._codes(name) else [_heading(name)]
        divided = [f"{self.measure.title}: numerator", f"{self.measure.title}: denominator"]
        return (
            *heads,
            f"{self.measure.title} ({self.measure.unit})",
            *(divided if self.measure.denominator else ()),
            *(("Placements or plans behind it",) if self.measure.count else ()),
            "Status",
        )

    def rows(self) -> list[tuple[Any, ...]]:
        """The file's rows, under `headings`: labels and codes as text, figures as numbers, a figure that is
        not there as the sign of its status."""
        return [tuple(self._cells(row)) for row in self.result.iter_rows(named=True)]

    def total(self) -> tuple[Any, ...] | None:
        """The cells of the answer that is not split, under `headings`; None where there is none, or it is the only row."""
        if self.whole is None or not self.whole.height or not self.by:
            return None
        text = [""] * sum(2 if self._codes(name) else 1 for name in self.by)
        text[0] = "Total"
        return (*text, *self._figures(self.whole.row(0, named=True)))

    def _cells(self, row: dict[str, Any]) -> list[Any]:
        cells: list[Any] = []
        for name in self.by:
            codes, value = self._codes(name), row[name]
            if codes:
                known = value in CODELISTS[codes].entries
                cells += [CODELISTS[codes].label(value) if known else "Not recorded", value or ""]
            elif isinstance(value, bool):
                cells.append("Yes" if value else "No")
            else:
                cells.append("Not recorded" if value is None else value)
        return [*cells, *self._figures(row)]

    def _figures(self, row: dict[str, Any]) -> list[Any]:
        status = CODELISTS["result_statuses"].entry(row["status"])
        missing = status.details["sign"] or "x"
        cells: list[Any] = [missing if row["value"] is None else row["value"]]
        if self.measure.denominator:
            cells += [missing if row[name] is None else row[name] for name in ("numerator", "denominator")]
        if self.measure.count:
            cells.append(missing if row["count"] is None else row["count"])
        cells.append(status.label)
        return cells

    def about(self) -> list[tuple[str, str]]:
        """What the file is, as pairs of a heading and a sentence."""
        signs = [
            f"{entry.details['sign']} = {entry.label.lower()}"
            for entry in CODELISTS["result_statuses"].entries.values()
            if entry.details["sign"]
        ]
        configuration, as_at = self.data.configuration, self.data.as_at_of(self.selection.years)
        return [
            (
                "What it is",
                f"{configuration.block_name}, {configuration.authority_name}: {self.measure.title}",
            ),
            ("The question", self.measure.question),
            ("Selected", self.selection.words()),
            ("Split by", ", ".join(_heading(name) for name in self.by) or "nothing: one figure"),
            ("Unit", self.measure.unit),
            ("Caution", self.measure.caution),
            ("Source", self.measure.source),
            (
                "As at",
                f"{as_at.day} {as_at:%B %Y}" if as_at else "the snapshot has no monitor and no register",
            ),
            ("Snapshot", f"{self.data.id}, published {self.data.made_at.isoformat(timespec='minutes')}"),
            ("Made from", ", ".join(self.data.sources) or "no file is named"),
            ("The rows behind it", f"On the dashboard at {rows_address(self.measure.name, self.selection)}"),
            ("Signs", "; ".join(signs)),
            *(("Note", note) for note in self.notes),
        ]

    @property
    def table(self) -> TableFile:
        """The same as a table ready to be written."""
        facts = dict(self.about())
        context = {
            "Selected": self.selection.words(),
            "As at": facts["As at"],
            "Snapshot": self.data.id,
            "Caution": self.measure.caution,
        }
        return TableFile(
            self.headings,
            tuple(self._formats()),
            self.rows(),
            self.about(),
            context,
            self.data,
            len(self.by),
            self.total(),
            self.measure.tables,
        )

    def to_csv(self) -> bytes:
        """The CSV of `table`."""
        return self.table.to_csv()

    def to_xlsx(self) -> bytes:
        """The workbook of `table`."""
        return self.table.to_xlsx()

    def _formats(self) -> list[str]:
        """The number format under each heading; "" where text stands."""
        text = len(self.headings) - 2 - 2 * bool(self.measure.denominator) - bool(self.measure.count)
        unit = self.measure.unit
        value = _NUMBER_FORMATS.get("£" if unit.startswith("£") else unit, "#,##0")
        parts = ["#,##0.00", "#,##0.00"] if self.measure.denominator else []
        return [*[""] * text, value, *parts, *(["#,##0"] if self.measure.count else []), ""]

    def _codes(self, dimension: str) -> str:
        return codelist_of(dimension, self.measure.table)


def download(
    measure: Measure, data: Data, selection: Selection, by: Sequence[str], notes: Sequence[str] = ()
) -> Download:
    """The answer to a question, ready to be written. Figures are those of the configured authority unless the
    selection names another. HnbError when the measure cannot be split so, or the answer is too long."""
    # Tables of the whole country hold every authority; a file without an authority would add them all up.
    asked = selection if selection.authority else selection.with_(authority=data.configuration.authority)
    result = compute(measure, data, asked, by)
    if result.height > ROW_LIMIT:
        raise HnbError(f"That is {result.height:,} rows; a file takes {ROW_LIMIT:,}. Narrow the selection.")
    missing = asked.unsupported(measure.dimensions)
    told = (
        [f"Not narrowed by {', '.join(map(_spelt, missing))}: this measure is not split by it."]
        if missing
        else []
    )
    whole = compute(measure, data, asked) if by else None
    return Download(measure, asked, tuple(by), result, data, (*notes, *told), whole)


def address(measure: Measure | str, selection: Selection, by: Sequence[str], kind: Format) -> str:
    """Where the file of an answer is had: "/export/spend.csv?settings=group:independent&by=setting,phase"."""
    name = measure if isinstance(measure, str) else measure.name
    split = f"by={quote(','.join(by), safe=',')}" if by else ""
    query = "&".join(part for part in (selection.to_query(), split) if part)
    return f"/export/{name}.{kind}" + (f"?{query}" if query else "")


def _heading(dimension: str) -> str:
    words = _spelt(dimension)
    return words[0].upper() + words[1:]


def _spelt(dimension: str) -> str:
    for table in TABLES.values():
        if dimension in table.names and table.column(dimension).codes:
            return CODELISTS[table.column(dimension).codes].noun
    return dimension.replace("_", " ")
