"""What is in a file, in words: its sheets, where the header seems to be, which layout fits or what it lacks.

It shows titles, headings and kinds of cells, never the cells of rows of data: a register's rows hold children.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from etl.cells import CellError, Sheet
from etl.layout import Layout
from etl.one_file import recognitions
from etl.propose.account import column_words, row_lines, studied
from etl.recognise import Fit, Recognition
from etl.values import cell_text
from etl.workbooks import read_file
from hnb import wording
from hnb.errors import HnbError
from hnb.load_findings import plural

_SHOWN_HEADINGS = 60
_LOOKED_AT = 50  # rows under the header whose kinds are counted


def description(path: Path, layouts: Sequence[Layout]) -> str:
    """The description of one file, in lines. HnbError where there is no such file."""
    if not path.is_file():
        raise HnbError(f"There is no file {path}. Give the path of a workbook.")
    reading = read_file(path)
    lines = [f"{path.name}: {reading.bytes:,} bytes, {plural(len(reading.sheets), 'sheet')} with values"]
    lines += [f"  {problem.sentence()}" for problem in reading.problems]
    for sheet, recognition, reason in recognitions(reading.sheets, layouts):
        lines += ["", *_sheet_lines(sheet, recognition, reason)]
    return "\n".join(lines)


def _sheet_lines(sheet: Sheet, recognition: Recognition, reason: str) -> list[str]:
    name = sheet.file.split("/", 1)[1] if "/" in sheet.file else sheet.name
    hidden = ", hidden" if sheet.hidden else ""
    encoding = f", {sheet.encoding}" if sheet.encoding else ""
    lines = [
        f"{name}{hidden}: {plural(len(sheet.rows), 'row')} × {plural(sheet.width, 'column')}, read by {sheet.reader}{encoding}"
    ]
    if sheet.hidden_rows:
        shown_rows = ", ".join(str(row) for row in sorted(sheet.hidden_rows)[:12])
        more = f" and {len(sheet.hidden_rows) - 12} more" if len(sheet.hidden_rows) > 12 else ""
        lines.append(f"  {plural(len(sheet.hidden_rows), 'hidden row')}: {shown_rows}{more}")
    study = studied(sheet)
    if sheet.faults:
        kinds = Counter(fault.text for fault in sheet.faults)
        lines.append(
            "  "
            + ", ".join(f"{count:,} × {text}" for text, count in kinds.most_common())
            + f" (the first in {sheet.faults[0].address})"
        )
    if recognition.fit:
        rows = [sheet.first_row + row for row in recognition.fit.header_rows]
        header = f"row{'s' if len(rows) > 1 else ''} {wording.listed([str(row) for row in rows])}"
        lines.append(f'  fits the layout "{recognition.fit.layout.name}"; the header is in {header}')
        lines += [f"  {problem.sentence()}" for problem in recognition.fit.problems]
        below = recognition.fit.data_from
        headings = recognition.fit.headings
    else:
        guess = likely_header(sheet.rows)
        below = guess + 1
        headings = tuple(cell_text(cell) for cell in sheet.rows[guess])
        at = f"row {sheet.first_row + guess}"
        if study is not None and study.anatomy.header_rows:
            below, headings = study.anatomy.data_from, study.anatomy.headings
            rows = [sheet.first_row + row for row in study.anatomy.header_rows]
            at = f"row{'s' if len(rows) > 1 else ''} {wording.listed([str(row) for row in rows])}"
        said = (
            f"ignored by name: {reason}"
            if reason
            else (recognition.problem.sentence() if recognition.problem else "")
        )
        lines += [f"  {said}", f"  the header seems to be in {at}"]
        lines += _not_named(recognition.nearest)
    if study is not None:
        lines += [f"    {line}" for line in row_lines(study)]
    shown = []
    for index, heading in enumerate(headings):
        words = column_words(study, study.by_index[index]) if study is not None else ""
        kinds = _kinds(sheet.rows[below : below + _LOOKED_AT], index)
        shown.append(f"{heading or '(no heading)'}: {kinds}{f' — {words}' if words else ''}")
    if len(sheet.rows) - below > _LOOKED_AT:
        lines.append(f"  its columns, by the first {_LOOKED_AT} rows under the header:")
    lines += [f"    {line}" for line in shown[:_SHOWN_HEADINGS]]
    if len(shown) > _SHOWN_HEADINGS:
        lines.append(f"    … and {len(shown) - _SHOWN_HEADINGS} more columns")
    return lines


def _not_named(near: Fit | None) -> list[str]:
    """The headings that the nearest layout neither maps nor ignores: what it would have to name."""
    if near is None or not near.headings:
        return []
    named = [problem.found for problem in near.problems if problem.what == "unmapped_heading"]
    return (
        [
            f"  “{near.layout.name}” does not name: {'; '.join(named[:8])}{f' and {len(named) - 8} more' if len(named) > 8 else ''}"
        ]
        if named
        else []
    )


def likely_header(rows: Sequence[Sequence[Any]]) -> int:
    """The index of the row that looks most like a header: most different texts, and values under them."""

    def likeness(index: int) -> tuple[int, int]:
        texts = {cell_text(cell) for cell in rows[index] if isinstance(cell, str) and cell_text(cell)}
        below = sum(cell is not None for cell in rows[index + 1]) if index + 1 < len(rows) else 0
        return (len(texts) + min(below, len(texts)), -index)

    return max(range(min(len(rows), 30)), key=likeness, default=0)


def _kinds(rows: Sequence[Sequence[Any]], index: int) -> str:
    """The kinds of a column's first cells, most frequent first: "40 text, 10 blank"."""
    counted = Counter(_kind(row[index]) for row in rows)
    return ", ".join(f"{count} {kind}" for kind, count in counted.most_common())


def _kind(cell: object) -> str:
    if cell is None:
        return "blank"
    if isinstance(cell, CellError):
        return "error"
    return {
        "str": "text",
        "int": "number",
        "float": "number",
        "bool": "yes/no",
        "date": "date",
        "datetime": "date",
    }.get(type(cell).__name__, type(cell).__name__)
