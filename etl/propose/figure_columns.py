"""What the headings over figures say: kind of money, month, setting, phase; and which columns only add up others."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from etl.propose import vocabulary
from etl.propose.arithmetic import identity
from etl.propose.columns import Column
from etl.propose.facets import facets
from etl.propose.label_columns import LabelColumns

_TOTAL_ONLY = re.compile(
    r"(?:grand |full year |year |annual |row )?totals?(?: .*)?|full year|sum|annual|year|all .*",
    re.IGNORECASE,
)


class FigureColumns(LabelColumns):
    """The columns of figures, with what their headings say."""

    def _sort_measures(self) -> None:
        """Columns that are worked out, percentages, empty or not money, with the reason why they are left out."""
        for column in self.study.measures:
            found = self.facets[column.index]
            shown = self.study.sheet.formats.get(column.index, "")
            money = found.codes.get(self.money, ("", 0.0))[1] if self.money else 0.0
            last = column.heading.split(" | ")[-1]
            if found.is_percent or ("%" in shown and found.unit == ""):
                self.derived[column.index] = "A percentage of what is loaded"
            elif (
                found.worked_out.score >= 0.8
                and (money < 1.0 or facets(last).worked_out.score >= 0.8)
                and not self._is_plain_money(last)
            ):
                self.derived[column.index] = "Worked out from other columns"
            elif not any(column.numbers):
                self.derived[column.index] = "It holds nothing but noughts"

    def _is_plain_money(self, text: str) -> bool:
        code = facets(text).codes.get(self.money, ("", 0.0)) if self.money else ("", 0.0)
        return code[1] == 1.0 and facets(text).worked_out.score < 1.0

    def _across(self, values: Sequence[Column]) -> dict[str, dict[int, Any]]:
        """What the headings say, by dimension and column; columns that only add up others are set aside."""
        across: dict[str, dict[int, Any]] = {}
        found = self.facets
        if self.money:
            name = "component" if self.table == "grant" else "money"
            across[name] = {
                column.index: found[column.index].codes[self.money][0]
                for column in values
                if self.money in found[column.index].codes
            }
        months = {column.index: span for column in values if (span := self._month_span(column))}
        if "month" in self.shape.dims and len(months) >= 3 and "month" not in self.found:
            across["month"] = months
        for name in (
            "need",
            "setting",
            "phase",
            "age_band",
            "line",
            "line_group",
            "stage",
            "provider_kind",
            "place_kind",
        ):
            if name not in self.shape.dims and name != "need":
                continue
            coded = {
                column.index: found[column.index].codes[name][0]
                for column in values
                if name in found[column.index].codes
            }
            if coded:
                across[name] = coded
        self._settle_words(across, values)
        for column in values if across.get("phase") else ():
            if (
                column.index not in across["phase"]
                and vocabulary.other_meaning("not_split", found[column.index].words).score >= 0.9
            ):
                across["phase"][column.index] = "not_by_phase"
        self._set_sums_aside(across, values)
        self._set_others_aside(across, values)
        return {
            name: {index: value for index, value in by.items() if index not in self.derived}
            for name, by in across.items()
        }

    def _month_span(self, column: Column) -> Any:
        found = self.facets[column.index]
        span = found.span("month_year", "month", "period")
        if span is None and (dated := found.span("as_at")) and re.fullmatch(r"\d{4}-\d{2}-01", dated.text):
            span = dated
        return span

    def _settle_words(self, across: dict[str, dict[int, Any]], values: Sequence[Column]) -> None:
        """A word like "Primary" is a phase or a setting: what the rows already say, and what suits most columns, decides."""
        for name in ("setting", "phase", "need", "age_band", "line"):
            if (
                name in across
                and (name in self.found or (name == "line" and self._has_sections("line")))
                and not self._overrides(name, across[name])
            ):
                across.pop(name)
        if "setting" in across and "phase" in across:
            weaker = min(("setting", "phase"), key=lambda name: (len(across[name]), name == "phase"))
            if weaker == "setting" or len(across["phase"]) == len(across["setting"]):
                across.pop("setting")
            else:
                across.pop("phase")
        for name in ("setting", "phase", "age_band", "stage", "line_group", "provider_kind", "place_kind"):
            # One word in one heading of many is not a dimension.
            if (
                name in across
                and len(values) > 2
                and len(across[name]) < 0.5 * len(values)
                and not self._overrides(name, across[name])
            ):
                across.pop(name)
        if "money" in across and "stage" in across:
            across.pop("stage")

    def _overrides(self, name: str, coded: dict[int, Any]) -> bool:
        """A group of columns that says a line of its own ("Place funding") beside rows that say theirs."""
        return (
            name == "line" and self.table in ("budget", "budget_months") and 0 < len(coded) < len(self.facets)
        )

    def _set_sums_aside(self, across: dict[str, dict[int, Any]], values: Sequence[Column]) -> None:
        """Columns that print the sum of others (needs across, a total of phases, of places and top-up) are checked, not loaded."""
        indices = [column.index for column in values]
        if "need" in across and "need" not in self.shape.dims:
            parts = across.pop("need")
            unknown = {
                index for index in indices if index not in parts and "money" not in self.facets[index].codes
            }
            for index in {*parts, *unknown}:
                self.derived[index] = (
                    "Needs: the table holds none; checked against the row's total where that is printed"
                )
        for column in values:
            heading = column.heading.split(" | ")
            if column.index in self.derived or not any(_TOTAL_ONLY.fullmatch(part) for part in heading):
                continue
            rest = [index for index in indices if index != column.index and index not in self.derived]
            if identity(self.study.figures, column.index, rest, signs=False):
                self.derived[column.index] = "The sum of other columns"
        if "month" in across:
            for column in values:
                if column.index not in across["month"] and column.index not in self.derived:
                    rest = list(across["month"])
                    alike = identity(self.study.figures, column.index, rest, signs=False)
                    self.derived[column.index] = (
                        "The sum of the months" if alike else "Of the whole year: not a month's figure"
                    )
        for name in ("phase", "setting"):
            if name in across:
                for column in values:
                    if column.index not in across[name] and column.index not in self.derived:
                        rest = list(across[name])
                        if identity(self.study.figures, column.index, rest, signs=False):
                            self.derived[column.index] = "The sum of other columns"

    def _set_others_aside(self, across: dict[str, dict[int, Any]], values: Sequence[Column]) -> None:
        """Beside columns that say their kind of money, one that says nothing of the kind is not loaded."""
        name = "component" if self.table == "grant" else "money"
        coded = {index for index in across.get(name, {}) if index not in self.derived}
        if not coded or name in self.found:
            return
        for column in values:
            others = (
                index
                for index in (across.get("month", {}), across.get("phase", {}), across.get("setting", {}))
            )
            if (
                column.index not in coded
                and column.index not in self.derived
                and not any(column.index in other for other in others)
            ):
                self.derived[column.index] = (
                    "No kind of money is like it: please confirm that it is not needed"
                )
