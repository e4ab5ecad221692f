"""What every proposed layout has, whatever its table: header, context, units, totals, checks, and what is left out.

A question is asked only where nothing printed decides; a unit or a sign is never guessed.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from etl.propose import contexts, vocabulary
from etl.propose.anatomy import FOOTNOTE, REPEATED
from etl.propose.arithmetic import Identity, TotalRow, identity
from etl.propose.columns import Column
from etl.propose.draft import Draft, escaped, why
from etl.propose.facets import facets
from etl.propose.study import Study
from etl.values import cell_text, unit_factor
from hnb.codelists import CODELISTS, folded

UNITS = ("£", "£'000", "£m")
_TOO_MUCH_IN_THOUSANDS = (
    2_000_000  # a sum that would be £2bn in £'000: no authority's block is a quarter of that
)
_TOO_DEAR_IN_THOUSANDS = 500  # a median that would be half a million pounds a child in £'000


def header(draft: Draft, study: Study) -> None:
    """The rows that headings are made of."""
    draft.header = study.header_entries()
    rows = [study.sheet.first_row + row for row in study.anatomy.header_rows]
    draft.header[0]["why"] = (
        f"the header is in row{'s' if len(rows) > 1 else ''} {' and '.join(map(str, rows))}: known headings over columns of another kind"
    )
    if study.anatomy.rows(REPEATED):
        draft.repeated_header.append({"pattern": "", "reason": "The header again above a later block"})
        draft.repeated_header[-1].pop("pattern")


def year_and_date(draft: Draft, study: Study, date_name: str, *, has_year: bool, has_date: bool) -> None:
    """The financial year and the date of the sheet, from where they are printed; otherwise questions."""
    year = None if has_year else contexts.financial_year(study.anatomy)
    dated = contexts.as_at(study.anatomy, year.value if year else None)
    if not has_year:
        year = year or contexts.year_of_date(dated)
        if year:
            draft.context["financial_year"] = {"why": why(f"read as {year.value} here"), **year.entry}
        else:
            draft.ask("financial_year", "Which financial year are the figures of? Write it as 2025-26.",
                      "no title, sheet name or file name says a financial year", ["constants.financial_year"])  # fmt: skip
    if has_date or not date_name:
        return
    if dated:
        draft.context[date_name] = {
            "why": why(
                f"read as {dated.value:%d/%m/%Y} here"
                if "read" not in dated.entry
                else f"“{dated.said}” gives the end of that period"
            ),
            **dated.entry,
        }
    else:
        draft.ask(date_name, "To which date does the sheet report? Write it as 2025-10-31.",
                  "no title, sheet name or file name says a date or a period", [f"constants.{date_name}"])  # fmt: skip


def unit_of(study: Study, column: Column) -> tuple[str, str]:
    """The unit of one column of figures as something printed says it, and what says so; empty where nothing does."""
    said = facets(column.heading).unit
    if said and (written := _unit(said)):
        return written, "the heading says so"
    if column.index in study.units_below:
        return _unit(study.units_below[column.index]) or "", "the row of units says so"
    if study.unit is not None:
        return "", f"“{study.unit.said}”"
    shown = contexts.format_unit(study.sheet.formats.get(column.index, ""))
    if shown and shown != "£":
        return shown, f"the number format {study.sheet.formats[column.index]} says so"
    with_pound = [text for text in column.texts if "£" in text]
    if len(with_pound) > 0.5 * len(column.texts):
        return "£", "the cells themselves say £"
    if shown:
        return shown, f"the number format {study.sheet.formats[column.index]} says so"
    return "", ""


def _unit(text: str) -> str | None:
    plain = re.sub(r"[()]|^in ", "", text.strip()).strip()
    plain = f"£{plain}" if re.fullmatch(r"['’]?000s?", plain) else plain
    factor = unit_factor(plain)
    return {1.0: "£", 1000.0: "£'000", 1e6: "£m"}.get(factor) if factor else None


def units(
    draft: Draft, study: Study, places: Sequence[tuple[Column, str, dict[str, Any]]], *, a_child: bool = False
) -> None:
    """Gives each entry of money its unit. `places` are the column, the entry's dotted path, and the entry itself.

    Where nothing printed says a unit and the size does not prove pounds, one question is asked for all such entries.
    """
    unsaid: list[tuple[Column, str]] = []
    by_title: list[str] = []
    for column, path, entry in places:
        unit, told = unit_of(study, column)
        if unit:
            entry["unit"] = unit
            _also(entry, f"unit {unit}: {told}")
        elif told:
            by_title.append(path)
        else:
            unsaid.append((column, path))
    if by_title and study.unit is not None:
        draft.context["unit"] = {
            "why": why("the title says the unit of all that has none of its own"),
            **study.unit.entry,
        }
    unproved = []
    for column, path in unsaid:
        if not is_surely_pounds(column, a_child=a_child):
            unproved.append((column, path))
    if unproved and len(unproved) < len(unsaid):
        # One size for all columns that say nothing: their sizes must be alike to share a proof.
        sure = [abs(sum(column.numbers)) for column, _ in unsaid if is_surely_pounds(column, a_child=a_child)]
        unproved = [
            (column, path) for column, path in unproved if not _is_alike(column, sure, a_child=a_child)
        ]
    if unproved:
        sizes = [abs(size) for column, _ in unproved for size in column.numbers if size]
        span = (
            f"the figures run from {min(sizes):,.6g} to {max(sizes):,.6g}"
            if sizes
            else "there is no figure to judge by"
        )
        headed = contexts.words([column.heading for column, _ in unproved][:4])
        draft.ask("unit", f"Are the figures under {headed} in pounds, in thousands of pounds or in millions?",
                  f"no title, heading, row of units or number format says; {span}", [f"{path}.unit" for _, path in unproved], UNITS)  # fmt: skip


def _is_alike(column: Column, sure: Sequence[float], *, a_child: bool) -> bool:
    size = abs(sum(column.numbers))
    if a_child:
        return True
    return size == 0 or any(known / 30 <= size for known in sure)


def is_surely_pounds(column: Column, *, a_child: bool = False) -> bool:
    """Whether the figures are so large that in thousands they could not be: then they are pounds."""
    sizes = sorted(abs(size) for size in column.numbers if size)
    if not sizes:
        return True
    return (
        sizes[len(sizes) // 2] >= _TOO_DEAR_IN_THOUSANDS if a_child else sum(sizes) >= _TOO_MUCH_IN_THOUSANDS
    )


def _also(entry: dict[str, Any], reason: str) -> None:
    before = entry.get("why", "")
    entry["why"] = f"{before}; {reason}" if before else reason


# -- rows


def footnotes_and_sections(draft: Draft, study: Study, label: str | None) -> None:
    """Footnotes ignored by what they say; odd rows under the header by name."""
    draft.ignored_rows += study.odd_rows()
    rows = study.anatomy.rows(FOOTNOTE)
    if not rows:
        return
    sheet = study.sheet
    first_texts = []
    for row in rows:
        column, text = next(
            (place, cell_text(cell)) for place, cell in enumerate(sheet.rows[row]) if cell_text(cell)
        )
        first_texts.append((row, column, text))
    data_end = max(list(study.anatomy.data) + [total.row for total in study.totals], default=-1)
    after = [found for found in first_texts if found[0] > data_end]
    among = [found for found in first_texts if found[0] <= data_end]
    for _, _, text in among if draft.table != "placements" else ():
        draft.ignored_rows.append({"any_cell": escaped(text), "reason": "A remark between the rows"})
    if after:
        _, _, text = after[0]
        draft.ignored_rows.append(
            {
                "why": "words below the last figures",
                "any_cell": _opening(text, of_children=draft.table == "placements"),
                "to_end": True,
                "reason": "Footnotes",
            }
        )


def _opening(text: str, *, of_children: bool) -> str:
    """A pattern for a footnote: its first word and anything after, where the word is one that footnotes begin with."""
    first = text.split()[0]
    word = first.rstrip(":.0123456789")
    if vocabulary.begins_like(text, "footnotes") and len(word) > 2:
        return f"{escaped(word)}.*"
    # A remark below a register may speak of a child: no more of it is written down than its first word.
    return f"{escaped(first)}.*" if of_children else escaped(text)


def totals(draft: Draft, study: Study, names: Mapping[int, str], loaded: Sequence[int]) -> None:
    """[[totals]] for the rows that print them: proved ones with what they are over, others so that the build refuses.

    `names` gives the reference of a column in `when` (a mapped name or a heading); `loaded` are the columns whose
    figures are loaded.
    """
    rules: dict[str, list[TotalRow]] = {}
    for total in study.totals:
        rules.setdefault(total.over, []).append(total)
    for over in ("all", "outer", "same", "above", ""):
        of_rule = rules.get(over, [])
        if not of_rule:
            continue
        others = [total for total in study.totals if total not in of_rule]
        for when, found in _whens(study, of_rule, others, names):
            _a_total(draft, study, over, when, found, loaded)


def _whens(
    study: Study, of_rule: Sequence[TotalRow], others: Sequence[TotalRow], names: Mapping[int, str]
) -> Iterable[tuple[dict[str, str], list[TotalRow]]]:
    """How rows of a rule are told from all others: by their label, or by blanks where data have words."""
    by_column: dict[int, list[TotalRow]] = {}
    for total in of_rule:
        by_column.setdefault(total.label_column, []).append(total)
    for column, found in by_column.items():
        if column < 0:
            blanks = [
                label.index for label in study.labels if label.filled_share > 0.9 and label.index in names
            ][:3]
            yield {names[index]: "" for index in blanks}, found
            continue
        barred = {cell_text(study.sheet.rows[row][column]) for row in study.anatomy.data} | {
            total.label for total in others if total.label_column == column
        }
        yield (
            {
                names.get(column, study.anatomy.headings[column]): _pattern(
                    [total.label for total in found], barred
                )
            },
            found,
        )


def _pattern(labels: Sequence[str], barred: set[str]) -> str:
    """A pattern for these labels that means none of the barred texts, as general as that allows."""
    different = list(dict.fromkeys(labels))
    tried = []
    if all(re.match(r"sub-? ?total", label, re.IGNORECASE) for label in different):
        tried.append(r"Sub[- ]?total.*")
    if len(different) > 1:
        first = {label.split()[0].lower() for label in different}
        last = {label.split()[-1].lower() for label in different}
        tried += [f"{escaped(different[0].split()[0])} .*"] if len(first) == 1 else []
        tried += [f".* {escaped(different[0].split()[-1])}"] if len(last) == 1 else []
    for pattern in tried:
        if not any(re.fullmatch(pattern, text, re.IGNORECASE | re.DOTALL) for text in barred) and all(
            re.fullmatch(pattern, text, re.IGNORECASE) for text in different
        ):
            return pattern
    return "|".join(escaped(label) for label in different)


def _a_total(
    draft: Draft,
    study: Study,
    over: str,
    when: dict[str, str],
    found: Sequence[TotalRow],
    loaded: Sequence[int],
) -> None:
    if not when:
        return
    sheet = study.sheet
    rows = ", ".join(str(sheet.first_row + total.row) for total in found[:6]) + (
        f" and {len(found) - 6} more" if len(found) > 6 else ""
    )
    entry: dict[str, Any] = {}
    if not over:
        entry["why"] = (
            f"row {rows} says it is a total, but the rows do not add up to it: the build will refuse the sheet until the workbook or this rule is mended"
        )
        draft.totals.append({**entry, "when": when, "over": "all", "tolerance": 0.005})
        return
    proved = [
        column
        for column in loaded
        if all(column in total.proved or column not in total.printed for total in found)
    ]
    proved = [column for column in proved if any(column in total.proved for total in found)]
    printed = [column for column in loaded if any(column in total.printed for total in found)]
    words = {
        "same": "the rows alike in one column",
        "all": "all rows of data",
        "above": "the rows since the one before",
        "outer": "the rows since the one before of its kind",
    }[over]
    entry["why"] = f"row {rows}: proved to be the sum of {words} in {len(proved)} of {len(printed)} columns"
    if over == "outer":
        entry["why"] += "; these stand over the subtotals within"
    entry |= {"when": when, "over": "above" if over == "outer" else over}
    if over == "same":
        entry["same"] = [draft_name(draft, study, found[0].same)]
    if set(proved) != set(loaded):
        entry["columns"] = [draft_name(draft, study, column) for column in proved]
    entry["tolerance"] = 0.005
    draft.totals.append(entry)


def draft_name(draft: Draft, study: Study, column: int) -> str:
    """How rules refer to a column: the mapped name, the wide entry's name, or the heading."""
    heading = study.anatomy.headings[column]
    for name, entry in draft.columns.items():
        if heading in entry.get("headings", ()):
            return name
    return heading


def checks(
    draft: Draft, study: Study, total: Column, parts: Sequence[Column], units_of: Mapping[int, str]
) -> Identity | None:
    """A [[checks]] entry where a column is a sum of others in every row, and all of them are in one unit."""
    alike = [part.index for part in parts if units_of.get(part.index) == units_of.get(total.index)]
    found = identity(study.figures, total.index, alike)
    if found is None or any(
        study.is_repeated(study.by_index[index]) and not _has_name(draft, study, index)
        for index in (total.index, *found.plus, *found.minus)
    ):
        return None
    entry: dict[str, Any] = {
        "why": why(f"holds in all {found.rows} rows", 0.99),
        "name": total.heading.split(" | ")[-1].lower() or "sum",
        "total": draft_name(draft, study, total.index),
        "plus": [draft_name(draft, study, index) for index in found.plus],
    }
    if found.minus:
        entry["minus"] = [draft_name(draft, study, index) for index in found.minus]
    draft.checks.append({**entry, "tolerance": 0.005})
    return found


def _has_name(draft: Draft, study: Study, index: int) -> bool:
    return draft_name(draft, study, index) in draft.columns


def code_values(column: Column, codelist: str) -> tuple[dict[str, str], list[str]]:
    """Of the values that a list does not know: those whose nearest code is beyond doubt, and the others."""
    from rapidfuzz import fuzz

    sure: dict[str, str] = {}
    unsure: list[str] = []
    known = CODELISTS[codelist]
    for text in column.unknown(codelist):
        nearest = known.nearest(text)
        likeness = 0.0
        if nearest:
            entry = known.entry(nearest)
            likeness = max(
                fuzz.token_sort_ratio(folded(text), folded(one))
                for one in (entry.label, entry.short, *entry.aliases, nearest)
            )
        if nearest and likeness >= 90:
            sure[text] = nearest
        else:
            unsure.append(text)
    return sure, unsure


def as_date(text: str) -> datetime.date | None:
    """A date that a person wrote as an answer."""
    from etl.values import Refused, date

    read = date(text)
    return None if isinstance(read, Refused) else read
