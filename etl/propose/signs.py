"""Which figures may be printed with the other sign than ours, and the questions about them.

In our tables spend is positive and income to the block negative. What a printed total proves is taken from it; where
nothing proves a sign it is asked, in words, and never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from etl.propose.columns import Column
from etl.propose.draft import Draft, escaped, why
from etl.propose.income import income_rows
from etl.propose.study import Study
from etl.values import cell_text

INCOME = "income or a contribution: it lowers what is spent"
SPEND = "spend: it stays as printed"
NEGATIVE_SPEND = "spend is printed with a minus: turn it"
AS_PRINTED = "leave them as printed: credits, refunds or income"
_DEDUCTIONS = ("place_deductions",)


def of_columns(draft: Draft, places: Sequence[tuple[Column, str]], *, noun: str = "spend") -> list[str]:
    """Asks about columns whose figures are negative on the whole; gives their paths. `places` are columns and paths."""
    negative = [(column, path) for column, path in places if sum(column.numbers) < 0]
    if negative:
        headed = ", ".join(
            f"“{heading}”" for heading in dict.fromkeys(column.heading for column, _ in negative)
        )
        ask_sign(draft, list(dict.fromkeys(path for _, path in negative)),
                 f"Most of what stands under {headed} is negative. Is that {noun}, printed with a minus?",
                 "in our tables spend is positive, and no total can prove which sign is meant")  # fmt: skip
    return [path for _, path in negative]


def ask_sign(draft: Draft, paths: Sequence[str], ask: str, because: str) -> None:
    """The question that turns whole columns."""
    draft.ask("sign", ask, because, [f"{path}.sign" for path in paths], {NEGATIVE_SPEND: -1, AS_PRINTED: 1})


def turn_income(
    draft: Draft, study: Study, names: dict[int, str], places: Sequence[tuple[Column, str]], value: str
) -> None:
    """Income among rows of spend: turned where a total proves that it is taken off, otherwise asked.

    `names` gives how rules call the columns of words, `places` are the columns of figures that are loaded.
    """
    income = set(income_rows(study.anatomy))
    spent = [row for row in study.anatomy.data if row not in income]
    turned = sorted({row for total in study.totals for row in total.turned})
    if turned:
        when = _when(study, turned, [row for row in study.anatomy.data if row not in turned], names)
        if when:
            draft.turn_sign.append({"why": "income is printed without a minus and taken off in the total: proved by arithmetic",
                                    "when": when, "columns": [value]})  # fmt: skip
            return
    credit = [(column, path) for column, path in places if _sum(study, column, spent) < 0]
    if credit:
        headed = ", ".join(
            f"“{heading}”" for heading in dict.fromkeys(column.heading for column, _ in credit)
        )
        ask_sign(draft, list(dict.fromkeys(path for _, path in credit)),
                 f"Most of what stands under {headed} is negative. Is that spend, printed with a minus as a ledger prints credits?",
                 "in our tables spend is positive and income negative; a total adds up either way")  # fmt: skip
        return
    printed = [column for column, _ in places]
    positive = [row for row in sorted(income) if sum(study.figures.of(column.index, [row])[0] > 0 for column in printed) * 2 > sum(bool(abs(study.figures.of(column.index, [row])[0]) > 0) for column in printed)]  # fmt: skip
    proved = {
        row for total in study.totals if total.over and not total.turned and set(spent) & set(total.parts) for row in total.parts
    }  # fmt: skip
    unproved = [row for row in positive if row not in proved]
    if not unproved:
        return
    when = _when(study, unproved, [row for row in study.anatomy.data if row not in unproved], names)
    shown = list(dict.fromkeys(study.anatomy.label(row) for row in unproved))
    asked = f"{', '.join(f'“{text}”' for text in shown[:4])}{f' and {len(shown) - 4} more' if len(shown) > 4 else ''}"
    because = "the word speaks of income, the figures have no minus, and no printed total shows whether they are added or taken off"
    if not when:
        draft.ask("turn_sign", f"Are {asked} spend? Other rows bear the same labels; if these are income, name them apart in the workbook.",
                  because, ["version"], {SPEND: 1})  # fmt: skip
        return
    draft.turn_sign.append(
        {
            "why": why("it depends on the answer above; without a column nothing is turned"),
            "when": when,
            "columns": [],
        }
    )
    draft.ask("turn_sign", f"Are {asked} income, printed without a minus, or spend?", because,
              [f"turn_sign.{len(draft.turn_sign) - 1}.columns"], {INCOME: [value], SPEND: []})  # fmt: skip


def _sum(study: Study, column: Column, rows: Sequence[int]) -> float:
    sizes = study.figures.of(column.index, rows)
    return float(sizes[sizes == sizes].sum())  # a missing figure is not itself


def _when(study: Study, rows: Sequence[int], others: Sequence[int], names: dict[int, str]) -> dict[str, str]:
    """What tells some rows from all others by one column of words; empty where none does."""
    for column in study.labels:
        texts = {cell_text(study.sheet.rows[row][column.index]) for row in rows}
        elsewhere = {cell_text(study.sheet.rows[row][column.index]) for row in others}
        if "" in texts or texts & elsewhere or (not column.heading and column.index not in names):
            continue
        word = r".*\bincome\b.*"
        fits = all(re.fullmatch(word, text, re.IGNORECASE) for text in texts)
        barred = any(re.fullmatch(word, text, re.IGNORECASE) for text in elsewhere)
        pattern = word if fits and not barred else "|".join(escaped(text) for text in sorted(texts))
        own = set(rows)  # a total of these rows alone is turned with them
        of_them = [total.label for total in study.totals if total.label_column == column.index and total.parts and set(total.parts) <= own]  # fmt: skip
        pattern = "|".join(
            [
                pattern,
                *(escaped(label) for label in of_them if not re.fullmatch(pattern, label, re.IGNORECASE)),
            ]
        )
        return {names.get(column.index, column.heading): pattern}
    return {}


def of_grant(draft: Draft, places: Sequence[tuple[Column, str]], components: dict[int, str]) -> None:
    """A deduction of the grant is negative in our table: one that is printed positive is asked about."""
    printed = [(column, path) for column, path in places if components.get(column.index) in _DEDUCTIONS and sum(column.numbers) > 0]  # fmt: skip
    if printed:
        headed = ", ".join(f"“{column.heading}”" for column, _ in printed)
        draft.ask("sign", f"Is what stands under {headed} taken off the grant?", "a deduction is negative in our table, and it is printed without a minus",
                  [f"{path}.sign" for _, path in printed], {"it is taken off: turn it": -1, "it is added: leave it as printed": 1})  # fmt: skip


def of_balance(draft: Draft, study: Study, column: Column, path: str) -> None:
    """A balance below nought is a deficit in our table; a sheet that speaks of a deficit alone may print it positive."""
    said = " ".join([column.heading, *study.anatomy.titles]).lower()
    if "deficit" in said and "surplus" not in said and sum(column.numbers) > 0:
        draft.ask("sign", f"Is a positive figure under “{column.heading}” a deficit?", "the sheet speaks of a deficit, and the figures have no minus",
                  [f"{path}.sign"], {"a positive figure is a deficit: turn it": -1, "a positive figure is a surplus": 1})  # fmt: skip
