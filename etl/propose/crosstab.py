"""A layout for a sheet of figures by rows and columns: a budget monitor, months, an allocation, plans, a return.

Each row gives some of what a figure is about (line, setting, phase), each heading the rest (kind of money, year,
month); titles and section rows give what is the same for many.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from etl.propose import common, contexts, signs, vocabulary
from etl.propose.anatomy import SECTION
from etl.propose.columns import Column
from etl.propose.draft import Draft, escaped, placed, why
from etl.propose.facets import FULL_DATE, MONTH, MONTH_YEAR, PERIOD, YEAR, facets, readings
from etl.propose.matching import Match, matches
from etl.propose.study import Study
from etl.staging import BROUGHT
from etl.values import cell_text
from hnb import years
from hnb.codelists import CODELISTS
from hnb.errors import HnbError


@dataclass(frozen=True)
class Shape:
    """What a table of figures needs: its dimensions, its column of figures, and what stands where nothing is said."""

    dims: tuple[str, ...]
    value: str
    dated: str
    defaults: dict[str, str]
    money: str = ""


SHAPES = {
    "budget": Shape(("line", "setting", "phase", "money", "financial_year", "as_at"), "amount", "as_at",
                    {"setting": "not_recorded", "phase": "not_by_phase"}, "money"),
    "budget_months": Shape(("line", "setting", "phase", "money", "month", "financial_year", "as_at"), "amount", "as_at",
                           {"setting": "not_recorded", "phase": "not_by_phase"}, "month_money"),
    "grant": Shape(("component", "financial_year", "published_on"), "amount", "published_on", {}, "component"),
    "plans": Shape(("setting", "need", "age_band", "year"), "plans", "", {"need": "not_by_need", "age_band": "all_ages", "setting": "not_recorded", "status": "reported"}),
    "spend_returns": Shape(("line", "line_group", "setting", "phase", "stage", "financial_year"), "amount", "",
                           {"phase": "not_by_phase", "setting": "central", "detail": "line_group"}),
    "place_deductions": Shape(("provider_kind", "place_kind", "financial_year", "published_on"), "amount", "published_on", {}),
}  # fmt: skip
_SPANS = {
    "financial_year": YEAR,
    "as_at": FULL_DATE,
    "month_year": MONTH_YEAR,
    "period": PERIOD,
    "month": MONTH,
}
_LISTS = {
    "setting": "settings",
    "phase": "phases",
    "need": "needs",
    "age_band": "age_bands",
    "line": "budget_lines",
}
_MOST_ASKED = 6  # values that a person is asked about one by one
_TOTAL_ONLY = re.compile(
    r"(?:grand |full year |year |annual |row )?totals?(?: .*)?|full year|sum|annual|year|all .*",
    re.IGNORECASE,
)


class Crosstab:
    """The proposal for one sheet and one table of figures, in the making."""

    def __init__(self, study: Study, draft: Draft) -> None:
        self.study, self.draft = study, draft
        self.table = draft.table
        self.shape = SHAPES[draft.table]
        self.money = self.shape.money
        self.found = self._rows()
        self.facets = {column.index: facets(column.heading) for column in study.measures}
        self.derived: dict[int, str] = {}

    def build(self) -> float:
        """Fills the draft; gives how well the sheet suits the table, from 0 to 1."""
        common.header(self.draft, self.study)
        self._sort_measures()
        values = [
            column
            for column in self.study.measures
            if column.index not in self.derived and column.index not in self._label_indices()
        ]
        across = self._across(values)
        values = [column for column in values if column.index not in self.derived]
        self._label_columns()
        self._constants(across, values)
        self._sections(across)
        entries = self._wide(values, across)
        if BROUGHT[self.table].column(self.shape.value).kind == "pounds":
            common.units(self.draft, self.study, entries)
        self._signs(entries, across)
        self._checks(values)
        self._left_out(values)
        self._rows_left_out(values)
        common.footnotes_and_sections(self.draft, self.study, None)
        names = {match.column.index: name for name, match in self.found.items()}
        common.totals(self.draft, self.study, names, [column.index for column in values])
        return self._suitability(values, across)

    # -- rows

    def _rows(self) -> dict[str, Match]:
        """The columns of words that say what a row is about."""
        wanted = (*self.shape.dims, "authority")
        measures = {column.index: "figures" for column in self.study.measures}
        found = matches(self.table, self.study.columns, measures)
        found = {
            name: match
            for name, match in found.items()
            if name in wanted and match.score >= 0.4 and not self._is_other(name, match)
        }
        return self._own_lines(found)

    def _own_lines(self, found: dict[str, Match]) -> dict[str, Match]:
        """With no column of lines: the column of words that knows most lines, else the first one that is not known."""
        if "line" not in self.shape.dims or "line" in found or self._has_sections("line"):
            return found
        taken = {match.column.index for match in found.values()}
        spare = [
            column for column in self.study.labels
            if column.index not in taken and len(column.distinct) > 1 and not column.is_prose and column.filled_share > 0.3
            and vocabulary.other_meaning("free_text", column.heading).score < 0.9
        ]  # fmt: skip
        if not spare:
            return found
        best = max(spare, key=lambda column: (column.known_share("budget_lines"), -column.index))
        known = best.known_share("budget_lines")
        if known < 0.3 and len(best.unknown("budget_lines")) > _MOST_ASKED:
            return found
        if known == 0 and ("setting" in found or "phase" in found) and best.index > min(taken, default=99):
            return found
        reason = (
            f"{known:.0%} of the values are lines that are known"
            if known
            else "the first column of words, none of them a known line"
        )
        return {**found, "line": Match("line", best, max(known, 0.2), reason)}

    def _is_other(self, name: str, match: Match) -> bool:
        """A heading alone is not enough for a code: some of the values must be known, or the whole is in own words."""
        codelist = BROUGHT[self.table].column(name).codes
        return (
            bool(codelist)
            and match.column.known_share(codelist) == 0
            and match.score < 0.5
            and name != "line"
        )

    def _label_indices(self) -> set[int]:
        return {match.column.index for match in self.found.values()}

    def _label_columns(self) -> None:
        for name, match in self.found.items():
            column = match.column
            entry: dict[str, Any] = {"why": why(match.reason, match.score), **self._spelling(column)}
            declared = BROUGHT[self.table].column(name)
            merged = self._is_merged_down(column)
            blanks = column.filled_share < 1
            if blanks and (
                merged
                or (
                    name in ("line", "setting")
                    and self._is_named_once(column)
                    and not self._income_blank(column)
                )
            ):
                entry["fill_down"] = True
                entry["why"] += "; a blank takes the cell above it" + (" (merged cells)" if merged else "")
            elif blanks and name in self.shape.defaults:
                entry["blank"] = self.shape.defaults[name]
            if name == "as_at" and column.date_share < 0.9:
                entry["read"] = "period_end"
            if name == "month" and column.date_share < 0.9:
                entry["read"] = (
                    "month" if any(re.search(r"\d", text) for text in column.distinct) else "month_of_year"
                )
            if name == "year":
                entry["read"] = "january"
            if (declared.codes and name != "line") or name == "line":
                self._own_words(name, column, entry)
            self.draft.columns[name] = entry

    def _spelling(self, column: Column) -> dict[str, Any]:
        if column.heading:
            return self.study.spelling(column)
        nameless = [other.index for other in self.study.columns if not other.heading]
        return {"headings": [""], **({"nth": nameless.index(column.index) + 1} if len(nameless) > 1 else {})}

    def _is_merged_down(self, column: Column) -> bool:
        for span in self.study.sheet.merged:
            first, _, last = span.partition(":")
            letters = re.sub(r"\d", "", first)
            if (
                letters == re.sub(r"\d", "", last)
                and first != last
                and _column_number(letters) == column.index + 1
            ) and (
                int(re.sub(r"\D", "", first))
                > self.study.sheet.first_row + self.study.anatomy.header_rows[-1]
            ):
                return True
        return False

    def _is_named_once(self, column: Column) -> bool:
        """Whether a column names a group in its first row only: never the same twice running, and the first row filled."""
        data = self.study.anatomy.data
        texts = [cell_text(self.study.sheet.rows[row][column.index]) for row in data]
        if not texts or not texts[0] or column.filled_share > 0.8:
            return False
        filled = [text for text in texts if text]
        return all(first != second for first, second in itertools.pairwise(filled))

    def _income_blank(self, column: Column) -> bool:
        del column
        return False

    def _own_words(self, name: str, column: Column, entry: dict[str, Any]) -> None:
        """Values that the code list does not know: a sure nearest code as a commented guess, a question for others."""
        codelist = BROUGHT[self.table].column(name).codes
        if not codelist:
            return
        sure, unsure = common.code_values(column, codelist)
        if name == "line":
            # A label with a code at its start is read by its code.
            unsure = [text for text in unsure if not re.match(r"\d\.\d{1,2}\.\d{1,2}(?!\d)", text)]
            for text in [one for one in column.unknown(codelist) if one not in sure and one not in unsure]:
                code = re.match(r"\d\.\d{1,2}\.\d{1,2}", text)
                if code and code[0] in CODELISTS[codelist].entries:
                    sure[text] = code[0]
        if sure:
            entry["values"] = sure
            entry["why"] += (
                f"; {', '.join(f'“{text}” is taken for {CODELISTS[codelist].label(code)}' for text, code in sure.items())}: please confirm"
            )
        if len(unsure) > _MOST_ASKED:
            entry["why"] += (
                f"; {len(unsure)} of {len(column.distinct)} different values are no known {CODELISTS[codelist].noun}: the build will refuse their rows until they are named under `values` or ignored"
            )
            return
        for number, text in enumerate(unsure):
            nearest = CODELISTS[codelist].nearest(text)
            told = (
                f"; the nearest known spelling is of {CODELISTS[codelist].label(nearest)}" if nearest else ""
            )
            self.draft.ask(f"{name}_{number + 1}" if len(unsure) > 1 else name, f"Which {CODELISTS[codelist].noun} is “{text}”?",
                           f"hnb/codes/{CODELISTS[codelist].file} does not know it{told}", [placed(f"columns.{name}.values", text)], CODELISTS[codelist].codes)  # fmt: skip

    # -- columns of figures

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

    def _has_sections(self, name: str) -> bool:
        return any(name in readings(self._section_text(row)) for row in self.study.anatomy.rows(SECTION))

    def _set_sums_aside(self, across: dict[str, dict[int, Any]], values: Sequence[Column]) -> None:
        """Columns that print the sum of others (needs across, a total of phases, of places and top-up) are checked, not loaded."""
        from etl.propose.arithmetic import identity

        indices = [column.index for column in values]
        if "need" in across and "need" not in self.shape.dims:
            parts = across.pop("need")
            others = [
                index
                for index in indices
                if index not in parts and not _TOTAL_ONLY.fullmatch(self.study.by_index[index].heading)
            ]
            unknown = {
                index for index in indices if index not in parts and "money" not in self.facets[index].codes
            }
            for index in {*parts, *unknown}:
                self.derived[index] = (
                    "Needs: the table holds none; checked against the row's total where that is printed"
                )
            del others
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

    # -- what holds for the sheet

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
            common.year_and_date(draft, self.study, "", has_year=False, has_date=True)
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
                common.year_and_date(
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
        pattern = _SPANS[span.name]
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

    # -- sections

    def _section_text(self, row: int) -> str:
        return next(cell_text(cell) for cell in self.study.sheet.rows[row] if cell_text(cell))

    def _section_dim(self) -> str:
        rows = self.study.anatomy.rows(SECTION)
        counted = Counter(
            name
            for row in rows
            for name in readings(self._section_text(row))
            if name in self.shape.dims and name not in self.found
        )
        best = max(("line", "setting", "phase", "money", "component"), key=lambda name: counted.get(name, 0))
        return best if counted.get(best, 0) >= 0.6 * len(rows) and rows else ""

    def _sections(self, across: dict[str, dict[int, Any]]) -> None:
        rows = self.study.anatomy.rows(SECTION)
        if not rows:
            return
        texts = list(dict.fromkeys(self._section_text(row) for row in rows))
        name = self._section_dim()
        if name and not across.get(name):
            known = [text for text in texts if name in readings(text)]
            coded = name == "line" and all(re.match(r"\d\.\d{1,2}\.\d{1,2}", text) for text in known)
            pattern = (
                rf"(?P<{name}>\d\.\d{{1,2}}\.\d{{1,2}}.*)"
                if coded
                else f"(?P<{name}>{'|'.join(escaped(text) for text in known)})"
            )
            self.draft.sections.append(
                {
                    "why": why(f"{len(known)} rows with one cell name the {name} of the block below", 0.9),
                    "pattern": pattern,
                    "reason": f"Names the {name} of the block below",
                }
            )
            texts = [text for text in texts if text not in known]
        for text in texts:
            self.draft.ignored_rows.append(
                {
                    "why": "a row of one cell that names a group whose rows say themselves what they are: please confirm",
                    "any_cell": escaped(text),
                    "reason": "The title of a group of rows",
                }
            )

    # -- wide entries

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
            unit = common.unit_of(self.study, column)[0]
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
            if any(cell_text(cell) == "-" for cell in column.texts):
                pass
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
                _SPANS[span.name]
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

    def _signs(
        self, entries: Sequence[tuple[Column, str, dict[str, Any]]], across: dict[str, dict[int, Any]]
    ) -> None:
        """Income, credits and deductions whose sign nothing proves are asked about."""
        places = [(column, path) for column, path, _ in entries]
        if self.table in ("budget", "budget_months"):
            names = {match.column.index: name for name, match in self.found.items()}
            signs.turn_income(self.draft, self.study, names, places, self.shape.value)
        elif self.table == "grant":
            signs.of_grant(self.draft, places, across.get("component", {}))

    # -- what proves and what is left

    def _checks(self, values: Sequence[Column]) -> None:
        units_of = {column.index: self._unit_of(column) for column in self.study.measures}
        for index in list(self.derived):
            column = self.study.by_index[index]
            if self.derived[index].startswith("A percentage") or index not in self.study.figures.values:
                continue
            made = common.checks(
                self.draft,
                self.study,
                column,
                [
                    other
                    for other in self.study.measures
                    if other.index != index
                    and not self.derived.get(other.index, "").startswith("A percentage")
                ],
                units_of,
            )
            if made:
                self.derived[index] = "Worked out from other columns: checked, not loaded"
        if any(reason.startswith("Needs") for reason in self.derived.values()):
            for column in values:
                parts = [
                    self.study.by_index[index]
                    for index, reason in self.derived.items()
                    if reason.startswith("Needs")
                ]
                common.checks(self.draft, self.study, column, parts, units_of)

    def _unit_of(self, column: Column) -> str:
        return common.unit_of(self.study, column)[0]

    def _left_out(self, values: Sequence[Column]) -> None:
        used = {column.index for column in values} | self._label_indices()
        nameless = False
        for column in self.study.columns:
            if column.index in used:
                continue
            if not column.heading:
                nameless = nameless or bool(column.values)
                continue
            if column.index in self.derived:
                reason = self.derived[column.index]
            elif not column.values:
                reason = "It is empty"
            elif column.is_prose or not column.is_figures:
                reason = "Words or codes that no column of the table is like: please confirm that they are not needed"
            else:
                reason = "No kind of money is like it: please confirm that it is not needed"
            self.draft.ignore(column.heading, reason)
        if nameless:
            self.draft.ignored_headings.append(
                {
                    "headings": [""],
                    "reason": "A column without a heading: please confirm that it is not needed",
                }
            )

    def _rows_left_out(self, values: Sequence[Column]) -> None:
        """Rows with words and no figure in any column that is loaded."""
        rows = [
            row
            for row in self.study.anatomy.data
            if all(not cell_text(self.study.sheet.rows[row][column.index]) for column in values)
        ]
        if rows and values and len(rows) < len(self.study.anatomy.data):
            when = {
                common.draft_name(self.draft, self.study, column.index): ""
                for column in values
                if not self.study.is_repeated(column)
            }
            if when:
                self.draft.ignored_rows.append(
                    {
                        "why": f"row {', '.join(str(self.study.sheet.first_row + row) for row in rows[:6])}: no figure in any column that is loaded",
                        "when": when,
                        "reason": "No figure in any column",
                    }
                )

    def _suitability(self, values: Sequence[Column], across: dict[str, dict[int, Any]]) -> float:
        if not values:
            return 0.0
        name = "component" if self.table == "grant" else "money"
        coded = len(across.get(name, {})) / len(values) if self.money else 0.5
        if self.money and name in self.draft.constants:
            coded = 0.7  # the title says it of all
        if self.table == "spend_returns" and not {"stage", "line_group"} & {*self.found, *across}:
            coded = 0.0
        dims = [
            dim
            for dim in self.shape.dims
            if dim not in ("financial_year", "as_at", "published_on", "money", "component")
        ]
        there = sum(dim in self.found or bool(across.get(dim)) or self._section_dim() == dim for dim in dims)
        shares = [
            self.found[dim].column.known_share(BROUGHT[self.table].column(dim).codes)
            for dim in dims
            if dim in self.found and BROUGHT[self.table].column(dim).codes
        ]
        known = sum(shares) / len(shares) if shares else 0.4
        return 0.45 * coded + 0.35 * (there / max(1, len(dims))) + 0.2 * known


def _year(text: str) -> str:
    try:
        return years.financial_year(text)
    except HnbError:
        return ""


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number
