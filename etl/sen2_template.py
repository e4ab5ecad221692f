"""Takes DfE's Excel template of the SEN2 return apart: nine modules, one below the other on one sheet.

Each module stands under its title ("Person Record") and the row of its headings. What comes out are sheets
like any other, for `etl.recognise`; what their cells mean is in `etl/layouts/sen2_*.toml`.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from etl.cells import Sheet, cell_position
from etl.values import cell_text
from hnb.codelists import CODELISTS, folded

_FEWEST = 2  # one such title alone may be a sheet's own


def parts(sheet: Sheet) -> tuple[Sheet, ...]:
    """The sheet cut at the titles of the return's modules, each part named after its title; itself if it has none.

    Addresses stay those of the sheet, and every row is in exactly one part: what stands above the first title
    belongs to the first part.

    >>> rows = [["Header Record"], ["Year"], [2026], [None], ["Person Record"], ["UPN"], ["A1"]]
    >>> [(part.name, part.first_row, len(part.rows)) for part in parts(Sheet("return.xlsx", "Template", rows))]
    [('Template: Header Record', 1, 4), ('Template: Person Record', 5, 3)]
    """
    starts = [index for index, row in enumerate(sheet.rows) if _is_title(row)]
    if len(starts) < _FEWEST:
        return (sheet,)
    edges = [0, *starts[1:], len(sheet.rows)]
    return tuple(
        _part(sheet, cell_text(_first(sheet.rows[start])), begin, end)
        for start, begin, end in zip(starts, edges, edges[1:], strict=False)
    )


def _is_title(row: list[object]) -> bool:
    # Most rows of most sheets hold more than one cell: they are told without looking at a text.
    if row.count(None) != len(row) - 1:
        return False
    text = cell_text(_first(row))
    return bool(text) and folded(text) in _titles()


def _first(row: list[object]) -> object:
    return row[0] if row else None


@cache
def _titles() -> frozenset[str]:
    modules = CODELISTS["sen2_modules"]
    return frozenset(folded(modules.label(code)) for code in modules.codes)


def _part(sheet: Sheet, title: str, begin: int, end: int) -> Sheet:
    """The rows from `begin` up to `end`, with what is known of them."""
    first, after = sheet.first_row + begin, sheet.first_row + end
    return replace(
        sheet,
        name=f"{sheet.name}: {title}",
        rows=sheet.rows[begin:end],
        first_row=first,
        hidden_rows=frozenset(row for row in sheet.hidden_rows if first <= row < after),
        merged=tuple(area for area in sheet.merged if first <= _row_of(area.split(":")[0]) < after),
        faults=tuple(fault for fault in sheet.faults if first <= _row_of(fault.address) < after),
        formats={},  # a column of the sheet is another column in each part
    )


def _row_of(cell: str) -> int:
    return cell_position(cell)[0]
