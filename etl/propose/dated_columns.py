"""What holds for a whole table of figures: its year and date, its line, its kind of money."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from etl.propose import contexts
from etl.propose.anatomy import SECTION
from etl.propose.columns import Column
from etl.propose.dates import year_and_date
from etl.propose.draft import escaped, why
from etl.propose.facets import readings
from etl.propose.figure_columns import FigureColumns
from etl.propose.shapes import SPANS
from etl.staging import BROUGHT
from hnb import years
from hnb.codelists import CODELISTS
from hnb.errors import HnbError


class DatedColumns(FigureColumns):
    """Figures with their years and dates: of each heading, of the rows or of the whole sheet."""

    groups: dict[int, dict[str, str]]
    years_across = False

    def _constants(self, across: dict[str, dict[int, Any]], values: Sequence[Column]) -> None:
        draft, table = self.draft, BROUGHT[self.table]
        if "authority" not in self.found:
            draft.constants["authority"] = "ours"
        given = {*self.found, *(name for name, by in across.items() if by)}
        sections = {
            name for row in self.study.anatomy.rows(SECTION) for name in readings(self._section_text(row))
        }
        self.year = self._year_and_date(values)
        for name, value in self.shape.defaults.items():
            if (
                name not in given
                and not (name in sections and self._section_dim() == name)
                and name in table.names
            ):
                draft.constants[name] = value
                draft.constants_why[name] = f"neither rows nor headings say the {name.replace('_', ' ')}"
        if (
            "line" in self.shape.dims
            and "line" not in given
            and self._section_dim() != "line"
            and table.column("line").required
        ):
            self._line_of_title()
        if self.money and ("component" if self.table == "grant" else "money") not in given:
            self._money_of_title()

    def _line_of_title(self) -> None:
        for text in (*self.study.anatomy.titles, self.study.sheet.name):
            found = readings(text).get("line")
            if found:
                self.draft.constants["line"] = found[0]
                self.draft.constants_why["line"] = why(f"“{text}”", 0.9)
                return
        self.draft.ask(
            "line",
            "Which budget line are all the figures of?",
            "neither rows nor headings say a line",
            ["constants.line"],
            CODELISTS["budget_lines"].codes,
        )

    def _money_of_title(self) -> None:
        name = "component" if self.table == "grant" else "money"
        codelist = BROUGHT[self.table].column(name).codes
        for text in (*self.study.anatomy.titles, self.study.sheet.name):
            found = [
                (code, text)
                for code in CODELISTS[codelist].codes
                if re.search(rf"\b{escaped(CODELISTS[codelist].label(code))}\b", text, re.IGNORECASE)
            ]
            if len(found) == 1:
                self.draft.constants[name] = found[0][0]
                self.draft.constants_why[name] = why(f"“{text}”", 0.85)
                return
        self.draft.ask(
            name,
            f"Which {CODELISTS[codelist].noun} are the figures?",
            "neither headings nor titles say it",
            [f"constants.{name}"],
            CODELISTS[codelist].codes,
        )

    def _year_and_date(self, values: Sequence[Column]) -> None:
        """Years and dates: of each heading, of the rows, or of the whole sheet."""
        draft, dated = self.draft, self.shape.dated
        self.groups: dict[int, dict[str, str]] = {}
        year = contexts.financial_year(self.study.anatomy) if "financial_year" not in self.found else None
        when = (
            contexts.as_at(self.study.anatomy, year.value if year else None)
            if dated and dated not in self.found
            else None
        )
        spans = {column.index: self.facets[column.index].span("financial_year") for column in values}
        by_year = {index: _year(span.text) for index, span in spans.items() if span}
        several = len(set(by_year.values())) > 1 or (
            year is not None and any(value != year.value for value in by_year.values())
        )
        self.years_across = (
            bool(by_year) and (several or year is None) and "financial_year" in self.shape.dims
        )
        if self.years_across:
            for index in by_year:
                self.groups.setdefault(index, {})["financial_year"] = "financial_year"
        if "year" in self.shape.dims and "year" not in self.found:
            self._januaries(values)
        elif (
            (not self.years_across or len(by_year) < len(values))
            and "financial_year" in self.shape.dims
            and "financial_year" not in self.found
        ):
            year_and_date(draft, self.study, "", has_year=False, has_date=True)
        if not dated or dated in self.found:
            return
        periods = {}
        for column in values:
            span = self.facets[column.index].span("as_at") or self.facets[column.index].span(
                "period", "month"
            )
            if span and "month" not in self.shape.dims:
                periods[column.index] = span
        different = {span.text.lower() for span in periods.values()}
        if len(different) > 1:
            for index, span in periods.items():
                self.groups.setdefault(index, {})[span.name] = dated
            draft.columns[dated] = {
                "why": "several headings say a date or a period of their own",
                "read": "date" if all(span.name == "as_at" for span in periods.values()) else "period_end",
            }
        closed = self.years_across and when is None
        if closed:
            draft.columns[dated] = {
                "why": why("years side by side and no date: the end of each year", 0.8),
                "from": "financial_year",
                "read": "year_end",
            }
        elif len(different) <= 1 or len(periods) < len(values):
            if when is None and len(different) == 1:
                self._date_of_heading(next(iter(periods.values())), year.value if year else None)
            elif when is None and self._is_closed(values) and year is not None:
                draft.columns[dated] = {
                    "why": why("an outturn without a date is as at the end of its year", 0.85),
                    "from": "financial_year",
                    "read": "year_end",
                }
            else:
                year_and_date(
                    draft, self.study, dated, has_year=True, has_date=False
                ) if year is None else self._dated(year.value)

    def _dated(self, year: str) -> None:
        when = contexts.as_at(self.study.anatomy, year)
        dated = self.shape.dated
        if when is None:
            self.draft.ask(dated, "To which date does the sheet report? Write it as 2025-10-31.",
                           "no title, sheet name or file name says a date or a period", [f"constants.{dated}"])  # fmt: skip
            return
        told = (
            f"read as {when.value:%d/%m/%Y} here"
            if "read" not in when.entry
            else f"“{when.said}” says the period: its last day"
        )
        self.draft.context[dated] = {"why": told, **when.entry}

    def _date_of_heading(self, span: Any, year: str | None) -> None:
        pattern = SPANS[span.name]
        entry: dict[str, Any] = {
            "why": f"only a heading says it: “{span.text}”",
            "from": "title",
            "pattern": rf"(?<![A-Za-z\d])({pattern})(?![A-Za-z\d])",
            "example": span.text,
        }
        if span.name != "as_at":
            entry["read"] = "period_end"
        del year
        self.draft.context[self.shape.dated] = entry

    def _is_closed(self, values: Sequence[Column]) -> bool:
        codes = {self.facets[column.index].codes.get("money", ("", 0))[0] for column in values}
        return "outturn" in codes and "forecast" not in codes and "actual_to_date" not in codes

    def _januaries(self, values: Sequence[Column]) -> None:
        dated = [column for column in values if re.search(r"\b20\d{2}\b", column.heading)]
        if len(dated) >= max(1, len(values) // 2):
            self.januaries = True
            for column in dated:
                self.groups.setdefault(column.index, {})["january"] = "year"
            return
        for source, text in contexts.places(self.study.anatomy):
            if re.search(r"\b20\d{2}\b", text):
                self.draft.context["year"] = {
                    "why": why(f"“{text}”", 0.8),
                    "from": source,
                    "pattern": r"\b(20\d{2})\b",
                    "example": text,
                }
                return
        self.draft.ask(
            "year",
            "Of which January are the plans?",
            "no title, heading or sheet name says a year",
            ["constants.year"],
        )


def _year(text: str) -> str:
    try:
        return years.financial_year(text)
    except HnbError:
        return ""
