"""What an unknown sheet shows of itself, in lines for a person: which rows are what, what totals prove, what columns hold.

It gives headings, titles, kinds and shares, never a cell of a row of data; of a sheet about children no label below
the header either.
"""

from __future__ import annotations

from collections.abc import Sequence

from etl.cells import Sheet
from etl.propose import children, contexts
from etl.propose.anatomy import BLANK, FOOTNOTE, LETTERS, REPEATED, SECTION, TITLE, UNITS
from etl.propose.arithmetic import TotalRow
from etl.propose.columns import Column
from etl.propose.study import Study
from etl.propose.units import unit_of
from hnb.codelists import CODELISTS
from hnb.load_findings import plural

_MOST_CELLS = 1_500_000  # a larger sheet is described without the account of its rows
_SHOWN_TOTALS = 12
_KNOWN_FROM = 0.5  # of the values; fewer known ones are chance


def studied(sheet: Sheet) -> Study | None:
    """The study of a sheet; None where it is too large to be looked at from all sides, or holds no rows."""
    if not sheet.rows or len(sheet.rows) * sheet.width > _MOST_CELLS:
        return None
    return Study.of(sheet)


def row_lines(study: Study) -> list[str]:
    """Which rows are titles, units, sections, totals (with what proves them), footnotes and blank."""
    found, sheet = study.anatomy, study.sheet
    of_children = is_about_children(study)
    lines = []
    for row in found.rows(TITLE):
        texts = [str(cell) for cell in sheet.rows[row] if cell is not None and str(cell).strip()]
        shown = f" “{texts[0]}”" if len(texts) == 1 else ""
        lines.append(f"row {sheet.first_row + row}: title{shown}")
    for fate, words in ((UNITS, "units"), (LETTERS, "letters or formulas of the columns"), (REPEATED, "the header again"),
                        (SECTION, "one cell alone, as the heading of a block"), (FOOTNOTE, "footnotes"), (BLANK, "blank")):  # fmt: skip
        if rows := [sheet.first_row + row for row in found.rows(fate)]:
            lines.append(f"{_rows(rows)}: {words}")
    for total in study.totals[:_SHOWN_TOTALS]:
        label = f" “{total.label}”" if total.label and not of_children else ""
        lines.append(f"row {sheet.first_row + total.row}{label}{_proof(study, total)}")
    if len(study.totals) > _SHOWN_TOTALS:
        lines.append(f"… and {len(study.totals) - _SHOWN_TOTALS} more rows of totals")
    lines.append(f"{plural(len(found.data), 'row')} of data")
    if study.unit is not None:
        lines.append(f"unit: “{study.unit.said}”")
    year = contexts.financial_year(found)
    dated = contexts.as_at(found, year.value if year else None)
    if year is not None:
        lines.append(f"financial year: {year.value}, in the {str(year.entry['from']).replace('_', ' ')}")
    if dated is not None:
        lines.append(f"date: “{dated.said}”")
    return lines


def _proof(study: Study, total: TotalRow) -> str:
    if not total.over:
        return " says total, and the rows do not add up to it"
    first = study.sheet.first_row
    rows = _rows([first + part for part in total.parts])
    less = (
        f", rows of income ({_rows([first + row for row in total.turned])}) taken off" if total.turned else ""
    )
    return f" = the sum of {rows}{less} in {len(total.proved)} of {plural(len(total.printed), 'column')}"


def _rows(rows: Sequence[int]) -> str:
    """Numbers of rows with runs drawn together: "rows 6–26, 28"."""
    runs: list[list[int]] = []
    for row in rows:
        if runs and row == runs[-1][1] + 1:
            runs[-1][1] = row
        else:
            runs.append([row, row])
    shown = [str(first) if first == last else f"{first}–{last}" for first, last in runs[:8]]
    more = f" and {len(runs) - 8} more" if len(runs) > 8 else ""
    return f"row{'' if len(rows) == 1 else 's'} {', '.join(shown)}{more}"


def is_about_children(study: Study) -> bool:
    """Whether a sheet has a column that names or describes a child."""
    return any(not reason.startswith("Free text") for reason in children.barred(study).values())


def column_words(study: Study, column: Column) -> str:
    """What a column seems to hold, beyond the kinds of its cells: "settings: 14 of 15 values known", "£'000", "dates"."""
    said = []
    if reason := (children.barred(study).get(column.index) if is_about_children(study) else ""):
        return reason[0].lower() + reason[1:]
    known, share = column.best_list
    if share >= _KNOWN_FROM and len(column.distinct) > 1 and not column.is_figures:
        unknown = len(column.unknown(known))
        said.append(
            f"{CODELISTS[known].noun}: {len(column.distinct) - unknown} of {len(column.distinct)} different values known"
        )
    elif column.values and column.date_share > 0.9:
        said.append("dates")
    elif column.values and column.year_share > 0.9 and not column.is_figures:
        said.append("financial years")
    if column.index in study.figures.values:
        unit, told = unit_of(study, column)
        said.append(f"unit {unit}: {told}" if unit else (f"unit as in {told}" if told else "no unit said"))
    shown = study.sheet.formats.get(column.index, "")
    if shown and shown != "General":
        said.append(f"format {shown}")
    return "; ".join(said)
