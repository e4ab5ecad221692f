"""[[totals]] of a proposed layout: proved ones with what they are over, others so that the build refuses."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from etl.propose import contexts
from etl.propose.arithmetic import TotalRow
from etl.propose.draft import Draft, escaped
from etl.propose.references import reference
from etl.propose.study import Study
from etl.values import cell_text


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
    printed = [column for column in loaded if any(column in total.printed for total in found)]
    proved = [
        column
        for column in printed
        if all(column in total.proved or column not in total.printed for total in found)
    ]
    words = {
        "same": "the rows alike in one column",
        "all": "all rows of data",
        "above": "the rows since the one before",
        "outer": "the rows since the one before of its kind",
    }[over]
    entry["why"] = f"row {rows}: proved to be the sum of {words} in {len(proved)} of {len(printed)} columns"
    if over == "outer":
        entry["why"] += "; these stand over the subtotals within"
    if astray := [column for column in printed if column not in proved]:
        # A row that adds up in one column is a total; where it does not in another, somebody must look.
        headed = contexts.words([study.by_index[column].heading for column in astray[:4]])
        entry["why"] += (
            f"; under {headed} the rows do not add up to it: the build will refuse the sheet until the workbook or this rule is mended"
        )
    entry |= {"when": when, "over": "above" if over == "outer" else over}
    if over == "same":
        entry["same"] = [reference(draft, study, found[0].same)]
    if set(printed) != set(loaded):
        entry["columns"] = [reference(draft, study, column) for column in printed]
    entry["tolerance"] = 0.005
    draft.totals.append(entry)
