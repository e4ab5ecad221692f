"""Sheets drawn as text, so that a test shows the data that it is about."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from etl.cells import CellError, Sheet
from etl.layout import Layout
from etl.layout_language import read_layout

MONITOR_LAYOUT = """
name = "monitor"
title = "A small monitor"
tables = ["budget"]
[[header]]
find = ["Budget line", "Setting"]
[context.financial_year]
from = "title"
pattern = 'Year (\\S+)'
[context.as_at]
from = "title"
pattern = 'as at (.*)'
[context.unit]
from = "title"
pattern = "(£'000|£m)"
optional = true
[constants]
authority = "ours"
phase = "not_by_phase"
[columns.line]
headings = ["Budget line", "S251 line"]
[columns.setting]
headings = ["Setting"]
[[wide]]
headings = ["Budget"]
set = { money = "revised_budget" }
value = "amount"
[[wide]]
headings = ["Actual"]
set = { money = "actual_to_date" }
value = "amount"
[[ignored_headings]]
headings = ["Remarks"]
reason = "Words"
[[ignored_rows]]
when = { line = "Note.*" }
to_end = true
reason = "Footnotes"
[[totals]]
when = { line = "Subtotal.*" }
over = "above"
optional = true
[[totals]]
when = { line = "Total" }
over = "all"
[[checks]]
name = "variance"
total = "Variance"
plus = ["Actual"]
minus = ["Budget"]
[[ignored_headings]]
headings = ["Variance"]
reason = "Worked out again"
[[ignored_sheets]]
name = "Cover"
reason = "No figures"
"""


def layout(text: str = MONITOR_LAYOUT, more: str = "") -> Layout:
    """A layout from its TOML, under the name that it gives itself."""
    name = text.split('name = "', 1)[1].split('"', 1)[0]
    return read_layout(text + more, f"{name}.toml")


def picture(text: str, *, file: str = "m.xlsx", name: str = "Sheet1", first_row: int = 1) -> Sheet:
    """A sheet from a drawing: one line a row, cells between bars; numbers are numbers, "" is blank, "#REF!" an error."""
    rows = [
        [_cell(part.strip()) for part in line.strip().strip("|").split("|")]
        for line in text.strip().splitlines()
    ]
    width = max(map(len, rows))
    return Sheet(file, name, [row + [None] * (width - len(row)) for row in rows], first_row=first_row)


def csv_text(sheet: Sheet) -> str:
    """The same as the text of a csv file."""
    return (
        "\n".join(",".join(f'"{"" if cell is None else cell}"' for cell in row) for row in sheet.rows) + "\n"
    )


def sound_monitor(
    *,
    budget: Sequence[Any] = (100, 50),
    total: Any = 150,
    heading: str = "Remarks",
    setting: str = "Special - independent",
) -> Sheet:
    """A small monitor whose total is met, unless a test breaks something in it."""
    return picture(f"""
        | High needs block. Year 2023-24, as at 31/10/2023 |
        | Budget line                   | Setting     | Budget      | Actual | {heading} |
        | 1.2.3 Independent top-up      | {setting}   | {budget[0]} | 60     |           |
        | 1.2.5                         | Central     | {budget[1]} | 20     | so so     |
        | Total                         |             | {total}     | 80     |           |
        | Notes                         |             |             |        |           |
    """)


def _cell(text: str) -> Any:
    if not text:
        return None
    if text.startswith("#") and text[1:2].isupper():
        return CellError(text)
    try:
        return int(text)
    except ValueError:
        pass
    try:
        return float(text)
    except ValueError:
        return text
