"""What the rows of a table of figures are about: columns of words, and rows that head a block."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from typing import Any

from etl.propose import vocabulary
from etl.propose.anatomy import SECTION
from etl.propose.columns import Column
from etl.propose.draft import Draft, escaped, placed, why
from etl.propose.facets import facets, readings
from etl.propose.matching import Match, matches
from etl.propose.own_words import MOST_ASKED, ask_to_name, code_values
from etl.propose.shapes import SHAPES
from etl.propose.study import Study
from etl.staging import BROUGHT
from etl.values import cell_text
from hnb.codelists import CODELISTS


class LabelColumns:
    """The columns and the rows of words that say what figures are about."""

    def __init__(self, study: Study, draft: Draft) -> None:
        self.study, self.draft = study, draft
        self.table = draft.table
        self.shape = SHAPES[draft.table]
        self.money = self.shape.money
        self.found = self._rows()
        self.facets = {column.index: facets(column.heading) for column in study.measures}
        self.derived: dict[int, str] = {}

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
        if known < 0.3 and len(best.unknown("budget_lines")) > MOST_ASKED:
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
            if blanks and (merged or (name in ("line", "setting") and self._is_named_once(column))):
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

    def _own_words(self, name: str, column: Column, entry: dict[str, Any]) -> None:
        """Values that the code list does not know: a sure nearest code as a commented guess, a question for others."""
        codelist = BROUGHT[self.table].column(name).codes
        if not codelist:
            return
        sure, unsure = code_values(column, codelist)
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
        if len(unsure) > MOST_ASKED:
            ask_to_name(self.draft, name, column, unsure, codelist)
            return
        for number, text in enumerate(unsure):
            nearest = CODELISTS[codelist].nearest(text)
            told = (
                f"; the nearest known spelling is of {CODELISTS[codelist].label(nearest)}" if nearest else ""
            )
            self.draft.ask(f"{name}_{number + 1}" if len(unsure) > 1 else name, f"Which {CODELISTS[codelist].noun} is “{text}”?",
                           f"hnb/codes/{CODELISTS[codelist].file} does not know it{told}", [placed(f"columns.{name}.values", text)], CODELISTS[codelist].codes)  # fmt: skip

    def _has_sections(self, name: str) -> bool:
        return any(name in readings(self._section_text(row)) for row in self.study.anatomy.rows(SECTION))

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


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number
