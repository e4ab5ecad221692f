"""[[wide]] of a proposed layout: columns of figures that become rows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from etl.propose import contexts
from etl.propose.columns import Column
from etl.propose.dated_columns import DatedColumns
from etl.propose.draft import escaped
from etl.propose.shapes import SPANS
from etl.propose.units import unit_of


class WideEntries(DatedColumns):
    """The entries of every column of figures; those that differ by years or months alone share one with a pattern."""

    def _wide(
        self, values: Sequence[Column], across: dict[str, dict[int, Any]]
    ) -> list[tuple[Column, str, dict[str, Any]]]:
        """[[wide]] of every column of figures; those that differ by years or months alone share one with a pattern."""
        places: list[tuple[Column, str, dict[str, Any]]] = []
        known: dict[tuple[Any, ...], int] = {}
        is_one = len(values) == 1 and not any(across.values()) and not self.groups
        for column in values:
            codes = {
                name: by[column.index]
                for name, by in across.items()
                if column.index in by and name != "month"
            }
            reason = self._reason(column, codes)
            if is_one and "money" not in self.shape.dims and self.shape.value not in self.draft.columns:
                self.draft.columns[self.shape.value] = entry = {"why": reason, **self.study.spelling(column)}
                places.append((column, f"columns.{self.shape.value}", entry))
                continue
            entry: dict[str, Any] = {"why": reason}
            pattern = self._pattern(column, across)
            unit = unit_of(self.study, column)[0]
            key = (pattern or column.heading, tuple(sorted(codes.items())), unit)
            if pattern and key in known:
                places.append((column, f"wide.{known[key]}", self.draft.wide[known[key]]))
                continue
            if pattern:
                entry["pattern"] = pattern
            else:
                entry |= self._spelling(column)
            if codes:
                entry["set"] = codes
            entry["value"] = self.shape.value
            known[key] = len(self.draft.wide)
            self.draft.wide.append(entry)
            places.append((column, f"wide.{len(self.draft.wide) - 1}", entry))
        dashes = {
            text
            for column in values
            for text in column.distinct
            if text in ("-", "–", "—", "n/a", "N/A", "nil", "Nil", "x", "z", "c", ":", "..")
        }
        if dashes:
            nothing = dict.fromkeys(sorted(dashes), "")
            self.draft.missing = {
                "why": f"{contexts.words(sorted(dashes))} stand where there is no figure",
                "symbols": nothing,
            }
        return places

    def _reason(self, column: Column, codes: dict[str, Any]) -> str:
        found = self.facets[column.index]
        said = []
        for name, code in codes.items():
            score = found.codes.get(self.money if name in ("money", "component") else name, ("", 0.9))[1]
            said.append(
                f"“{found.texts.get(self.money if name in ('money', 'component') else name, column.heading)}” is {name.replace('_', ' ')} {code} (confidence {score:.2f})"
            )
        return "; ".join(said) or f"figures under “{column.heading}”"

    def _pattern(self, column: Column, across: dict[str, dict[int, Any]]) -> str:
        """The heading as a pattern with named groups for what it says of year, date and month; "" where plain words do."""
        found = self.facets[column.index]
        groups = dict(self.groups.get(column.index, {}))
        names: dict[int, str] = {}
        month = across.get("month", {}).get(column.index)
        for place, span in enumerate(found.spans):
            if month is not None and span == month:
                names[place] = "month"
            elif span.name in groups:
                names[place] = groups[span.name]
        if "january" in groups:
            match = re.search(r"\b20\d{2}\b", column.heading)
            if match:
                return (
                    escaped(column.heading[: match.start()])
                    + r"(?P<year>20\d{2})"
                    + escaped(column.heading[match.end() :])
                )
        spans = sorted(enumerate(found.spans), key=lambda one: one[1].start)
        if not spans or (not names and self.study.is_repeated(column)):
            return ""
        pattern, at = "", 0
        used: set[str] = set()
        for place, span in spans:
            form = (
                SPANS[span.name]
                if span.name != "as_at" or not re.fullmatch(r"\d{4}-\d{2}-\d{2}", span.text)
                else r"\d{4}-\d{2}-\d{2}"
            )
            if span.name == "month_year" and re.fullmatch(r"[A-Za-z]+-\d{2}", span.text):
                form = r"[A-Za-z]{3,9}-\d{2}"
            name = names.get(place)
            pattern += escaped(column.heading[at : span.start])
            pattern += f"(?P<{name}>{form})" if name and name not in used else f"(?:{form})"
            used |= {name} if name else set()
            at = span.end
        pattern += escaped(column.heading[at:])
        if "month" in used and month is not None:
            self._read_months(month)
        return pattern

    def _read_months(self, span: Any) -> None:
        if "month" in self.draft.columns:
            return
        reads = {"month": "month_of_year", "period": "month_of_year"}.get(span.name, "month")
        if span.name == "as_at":
            reads = "date"
        self.draft.columns["month"] = {"why": f"the headings say the month (“{span.text}”)", "read": reads}
