"""The pack as a workbook: a sheet a view with its figures as numbers, what is hidden as its sign, and no formula.

The sheet Contents leads to each; the sheet About says what is hidden and how much is shown.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from typing import Any

import xlsxwriter

from dashboard.figures import palette
from dashboard.packs.excel_words import format_of
from dashboard.packs.pack import Pack, has_total_column, heat_step
from dashboard.packs.settled import settled_zip
from hnb.meeting import Said, View
from hnb.meeting.view import Shape

_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_HEAD = 4
"""Rows above a view's table: headline, measure, a gap, and the table's own heading."""


def workbook(pack: Pack) -> bytes:
    """The XLSX file."""
    buffer = io.BytesIO()
    names = sheet_names([view.part for view in pack.views])
    with xlsxwriter.Workbook(buffer, _OPTIONS) as book:
        book.set_properties(
            {
                "title": f"{pack.title}: {pack.subtitle}",
                "subject": pack.as_at,
                "author": pack.published.board_name,
                "comments": f"Publication {pack.published.publication_id}",
                "created": pack.published.published_at.replace(tzinfo=None),
            }
        )
        looks = _Looks(book)
        _contents(book, looks, pack, names)
        for name, view in zip(names, pack.views, strict=True):
            _view(book, looks, pack, name, view)
        _about(book, looks, pack)
    return settled_zip(buffer.getvalue(), pack.published.published_at)


def sheet_names(parts: Sequence[str]) -> tuple[str, ...]:
    """A name for each sheet that Excel takes: at most 31 characters, none of []:*?/\\, no two alike.

    >>> sheet_names(["Position", "Position", "Phase / need: all?"])
    ('Position', 'Position 2', 'Phase need all')
    """
    taken, names = {"contents", "about", "history", ""}, []
    for part in parts:
        plain = " ".join(re.sub(r"[\[\]:*?/\\']", " ", part).split())[:31].strip() or "View"
        name, number = plain, 2
        while name.lower() in taken:
            name, number = f"{plain[: 31 - len(str(number)) - 1]} {number}", number + 1
        taken.add(name.lower())
        names.append(name)
    return tuple(names)


class _Looks:
    """The formats of a workbook, each made once."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self._book = book
        self._made: dict[tuple[tuple[str, Any], ...], Any] = {}

    def __call__(self, **wanted: Any) -> Any:
        key = tuple(sorted(wanted.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format(
                {"font_name": "Arial", "font_size": 11, "valign": "top", **wanted}
            )
        return self._made[key]


def _contents(book: xlsxwriter.Workbook, looks: _Looks, pack: Pack, names: Sequence[str]) -> None:
    sheet = book.add_worksheet("Contents")
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 1, 100)
    sheet.write_string(0, 0, pack.title, looks(bold=True, font_size=20))
    sheet.write_string(
        1,
        0,
        f"{pack.subtitle}. {pack.as_at}.",
        looks(font_color=palette.colour("muted")),
    )
    head = looks(bold=True, bottom=2)
    sheet.write_string(3, 0, "Sheet", head)
    sheet.write_string(3, 1, "What it says", head)
    link = looks(font_color=palette.colour("link"), underline=1)
    lines = [*((name, view.headline) for name, view in zip(names, pack.views, strict=True)), ("About", "What the figures are, what is hidden, and how much is shown")]  # fmt: skip
    for row, (name, words) in enumerate(lines, start=4):
        sheet.write_url(row, 0, f"internal:'{name}'!A1", link, name, f"To the sheet {name}")
        sheet.write_string(row, 1, words, looks(text_wrap=True))
    sheet.freeze_panes(4, 0)
    _print_setup(sheet, pack)


def _view(book: xlsxwriter.Workbook, looks: _Looks, pack: Pack, name: str, view: View) -> None:
    sheet = book.add_worksheet(name)
    sheet.hide_gridlines(2)
    muted = looks(font_color=palette.colour("muted"))
    sheet.write_string(0, 0, view.headline, looks(bold=True, font_size=16))
    sheet.write_string(1, 0, view.measured, muted)
    row = _HEAD
    if view.table is not None:
        row = _table(sheet, looks, view) + 1
    else:
        sheet.set_column(0, 0, 40)
        row = 3
    words = looks(text_wrap=False)
    if view.tiles:
        sheet.write_string(row, 0, "In large figures", looks(bold=True))
        for tile in view.tiles:
            row += 1
            sheet.write_string(row, 0, tile.label, words)
            sheet.write_string(row, 1, " ".join(filter(None, (tile.said.words, tile.tone_words))), looks(align="right"))  # fmt: skip
        row += 2
    for sentence in view.sentences:
        sheet.write_string(row, 0, sentence, words)
        row += 1
    if view.chart is not None:
        sheet.write_string(row, 0, f"The chart: {view.chart.described}", words)
        row += 1
        for mark in view.chart.marks:
            sheet.write_string(row, 0, f"{mark.category}: {mark.words}", words)
            row += 1
    if view.caution:
        sheet.write_string(row, 0, f"Caution: {view.caution}", looks(bold=True))
        row += 1
    sheet.write_string(row, 0, pack.source(view), muted)
    sheet.write_url(
        row + 1,
        0,
        "internal:'Contents'!A1",
        looks(font_color=palette.colour("link"), underline=1),
        "Back to the contents",
    )
    _print_setup(sheet, pack)


def _table(sheet: Any, looks: _Looks, view: View) -> int:
    """The view's table, with its caption above; gives the row after its last."""
    table = view.table
    assert table is not None  # noqa: S101 (the caller looked)
    sheet.write_string(_HEAD - 2, 0, table.caption, looks(bold=True))
    for column, heading in enumerate(table.headings):
        sheet.write_string(_HEAD - 1, column, heading, looks(bold=True, text_wrap=True, valign="bottom", bottom=2, align="right" if column else "left"))  # fmt: skip
    sheet.freeze_panes(_HEAD, 1)
    sheet.repeat_rows(_HEAD - 1)
    longest = max(len(name) for name in [table.headings[0], *(name for name, _ in table.rows), *(tile.label for tile in view.tiles)])  # fmt: skip
    sheet.set_column(0, 0, min(48, max(14, longest + 2)))
    sheet.set_column(1, max(1, len(table.headings) - 1), 17)
    step = heat_step(table)
    rows = [(*row, False) for row in table.rows] + ([(*table.whole, True)] if table.whole else [])
    row = _HEAD
    for row, (name, figures, is_whole) in enumerate(rows, start=_HEAD):
        edge = {"bold": True, "top": 2} if is_whole else {}
        sheet.write_string(row, 0, name, looks(**edge))
        for column, (said, shape) in enumerate(zip(figures, table.shapes, strict=True), start=1):
            is_total = is_whole or (has_total_column(table) and column == len(figures))
            heat = None if is_total else step(said)
            _figure(sheet, looks, row, column, said, shape, edge, heat, table.is_heat)
    estimated = not table.is_heat and any(said.is_forecast for _, figures, _ in rows for said in figures)
    notes = [
        *([table.signs] if table.signs else []),
        *(["Shaded and with a dotted edge: a forecast"] if estimated else []),
    ]
    for note in notes:
        row += 1
        sheet.write_string(row, 0, note, looks(font_color=palette.colour("muted"), font_size=9))
    return row + 1


def _figure(
    sheet: Any, looks: _Looks, row: int, column: int, said: Said, shape: Shape, edge: Mapping[str, Any],
    heat: int | None, is_heat: bool,
) -> None:  # fmt: skip
    if said.value is None:
        sheet.write_string(row, column, said.words, looks(align="right", font_color=palette.colour("muted"), **edge))  # fmt: skip
        return
    shade: dict[str, Any] = {}
    if heat is not None:
        fill, text = palette.HEAT[heat]
        shade = {"bg_color": fill.light, "font_color": text.light}
    elif said.is_forecast and not is_heat:
        shade = {
            "bg_color": palette.colour("accent_soft"),
            "bottom": 4,
            "bottom_color": palette.colour("rule"),
        }
    sheet.write_number(
        row, column, said.value, looks(num_format=format_of(said.value, shape, said.words), **shade, **edge)
    )


def _about(book: xlsxwriter.Workbook, looks: _Looks, pack: Pack) -> None:
    sheet = book.add_worksheet("About")
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 22)
    sheet.set_column(1, 1, 110)
    signs = [(f"Sign {sign}", meaning) for sign, meaning in pack.signs]
    for row, (heading, words) in enumerate((*pack.method, *signs)):
        sheet.write_string(row, 0, heading, looks(bold=True))
        sheet.write_string(row, 1, words, looks(text_wrap=True))
    _print_setup(sheet, pack)


def _print_setup(sheet: Any, pack: Pack) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    # An ampersand begins one of Excel's own codes in a header or a footer.
    sheet.set_header("&L" + f"{pack.title}. {pack.as_at}".replace("&", "&&")[:200])
    sheet.set_footer(f"&L{pack.published.publication_id}&R&P of &N")
