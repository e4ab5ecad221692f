"""A scan sees each error, uncalculated formula, hidden row and merge, whatever legal spelling the XML has."""

from __future__ import annotations

import zipfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl import sheet_scan
from etl.cells import NEVER_CALCULATED
from etl.preflight import Archive, Limits, RefusedError
from etl.sheet_scan import Screen, SheetScan, UnusualXmlError, xlsx_parse, xlsx_sheet_scan

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"


def sheet_xml(rows: str, after: str = "", before: str = "") -> str:
    """A sheet's XML as Excel writes it, around some rows."""
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="{MAIN}">{before}'
        f"<sheetData>{rows}</sheetData>{after}</worksheet>"
    )


def parsed(xml: str | bytes) -> SheetScan:
    return xlsx_parse([xml if isinstance(xml, bytes) else xml.encode()], "sheet1.xml")


def screened(xml: str | bytes, size: int = 40) -> SheetScan:
    """The scan as a large sheet gets it, in chunks of a few bytes; by the parser alone where the screen gives up."""
    data = xml if isinstance(xml, bytes) else xml.encode()
    screen = Screen()
    try:
        scan = xlsx_parse(screen.telling(data[i : i + size] for i in range(0, len(data), size)), "sheet1.xml")
    except UnusualXmlError:
        return parsed(data)
    scan.reach(screen.last_row, screen.last_column)
    return scan


SOUND_ROW = '<row r="{0}"><c r="A{0}"><v>1</v></c><c r="B{0}" t="s"><v>0</v></c></row>'
ERROR_ROW = '<row r="3"><c r="A3"><v>1</v></c><c r="B3" t="e"><v>#REF!</v></c></row>'
SPELLINGS = {
    "as Excel writes it": sheet_xml(SOUND_ROW.format(1) + ERROR_ROW + SOUND_ROW.format(4)),
    "single quotes": sheet_xml(SOUND_ROW.format(1) + ERROR_ROW.replace('t="e"', "t='e'") + SOUND_ROW.format(4)),
    "spaces about =": sheet_xml(SOUND_ROW.format(1) + ERROR_ROW.replace('t="e"', 't = "e"') + SOUND_ROW.format(4)),
    "a line break before =": sheet_xml(SOUND_ROW.format(1) + ERROR_ROW.replace('t="e"', 't\n="e"')),
    "a tab after =": sheet_xml(SOUND_ROW.format(1) + ERROR_ROW.replace('t="e"', 't=\t"e"')),
    "a character by number": sheet_xml(SOUND_ROW.format(1) + ERROR_ROW.replace('t="e"', 't="&#101;"')),
    "the attribute first": sheet_xml(SOUND_ROW.format(1) + ERROR_ROW.replace('<c r="B3" t="e">', '<c t="e" r="B3">')),
    "the cell on two lines": sheet_xml(SOUND_ROW.format(1) + ERROR_ROW.replace('<c r="B3" t="e">', '<c\nr="B3"\nt="e"\n>')),
    "cells without a place": sheet_xml(SOUND_ROW.format(1) + ERROR_ROW.replace(' r="A3"', "").replace(' r="B3"', "")),
    "a place only for the first": sheet_xml(SOUND_ROW.format(1) + ERROR_ROW.replace(' r="B3"', "")),
    "rows without a number": sheet_xml(
        SOUND_ROW.format(1) + "<row/>" + ERROR_ROW.replace(' r="3"', "").replace(' r="A3"', "").replace(' r="B3"', "")
    ),
    "text in pieces": sheet_xml(SOUND_ROW.format(1) + ERROR_ROW.replace("#REF!", "#R<!-- -->EF<![CDATA[!]]>")),
    "a prefix": sheet_xml(SOUND_ROW.format(1) + ERROR_ROW)
    .replace("<", "<x:").replace("<x:/", "</x:").replace("<x:?", "<?").replace("xmlns=", "xmlns:x="),
    "a prefix for one row": sheet_xml(
        SOUND_ROW.format(1)
        + ERROR_ROW.replace("<", "<y:").replace("<y:/", "</y:").replace("<y:row", f'<y:row xmlns:y="{MAIN}"')
    ),
    "the strict namespace": sheet_xml(SOUND_ROW.format(1) + ERROR_ROW).replace(MAIN, STRICT),
}  # fmt: skip


@pytest.mark.parametrize("scan", [parsed, screened])
@pytest.mark.parametrize("spelling", SPELLINGS)
def test_an_error_is_seen_in_every_legal_spelling(spelling: str, scan: object) -> None:
    assert callable(scan)
    assert scan(SPELLINGS[spelling]).faults == {(3, 2): "#REF!"}


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "iso-8859-1"])
def test_an_error_is_seen_in_every_encoding(encoding: str) -> None:
    declared = {"utf-8-sig": "UTF-8"}.get(encoding, encoding.upper())
    data = SPELLINGS["as Excel writes it"].replace("UTF-8", declared).encode(encoding)
    assert parsed(data).faults == screened(data).faults == {(3, 2): "#REF!"}


@pytest.mark.parametrize("scan", [parsed, screened])
@pytest.mark.parametrize(
    ("cell", "fault"),
    [
        ('<c r="A1"><f>B1</f><v>5</v></c>', None),
        ('<c r="A1"><f>B1</f><v>0</v></c>', None),
        ('<c r="A1" t="str"><f>""</f><v></v></c>', None),
        ('<c r="A1" t="str"><f>""</f><v/></c>', None),
        ('<c r="A1"><f>B1</f><v></v></c>', NEVER_CALCULATED),
        ('<c r="A1"><f>B1</f><v/></c>', NEVER_CALCULATED),
        ('<c r="A1"><f>B1</f></c>', NEVER_CALCULATED),
        ('<c r="A1" t="str"><f>B1</f></c>', NEVER_CALCULATED),
        ('<c r="A1"><f t="shared" si="0"/></c>', NEVER_CALCULATED),
        ('<c r="A1" t="e"><f>1/0</f><v>#DIV/0!</v></c>', "#DIV/0!"),
        ('<c r="A1" t="e"/>', "#ERROR!"),
        ('<c r="A1" t="str"><v>#REF!</v></c>', None),
        ('<c r="A1" t="inlineStr"><is><t>#REF!</t></is></c>', None),
        ('<c r="A1" s="4"/>', None),
    ],
)
def test_which_cells_are_faults(cell: str, fault: str | None, scan: object) -> None:
    assert callable(scan)
    xml = sheet_xml(f'<row r="1">{cell}</row>' + SOUND_ROW.format(2))
    assert scan(xml).faults == ({(1, 1): fault} if fault else {})


@pytest.mark.parametrize("scan", [parsed, screened])
def test_hidden_rows_and_merges(scan: object) -> None:
    assert callable(scan)
    rows = "".join(SOUND_ROW.format(row) for row in range(1, 6)).replace('r="2"', 'r="2" hidden="1"')
    rows = rows.replace('r="3"', 'r="3" hidden="0"').replace('r="5"', 'hidden="true" r="5"')
    found = scan(
        sheet_xml(rows, '<mergeCells count="2"><mergeCell ref="A1:C1"/><mergeCell ref="A9:B9"/></mergeCells>')
    )
    assert found.hidden_rows == {2, 5}
    assert found.merged == ["A1:C1", "A9:B9"]


def test_only_cells_with_a_value_reach() -> None:
    rows = SOUND_ROW.format(1) + '<row r="900"><c r="C900" t="e"><v>#N/A</v></c><c r="XFD900" s="1"/></row>'
    found = parsed(sheet_xml(rows))
    assert (found.last_row, found.last_column) == (900, 3)


MISPLACED = {
    "a cell of another row": '<row r="3"><c r="A3"><v>1</v></c><c r="B4"><v>2</v></c></row>',
    "a cell of a row that ends alike": '<row r="3"><c r="A13"><v>1</v></c></row>',
    "a row again": SOUND_ROW.format(3) + SOUND_ROW.format(3),
    "rows in disorder": SOUND_ROW.format(4) + SOUND_ROW.format(3),
    "row nought": SOUND_ROW.format(0),
    "a text by no number": '<row r="3"><c r="A3" t="s"><v>-1</v></c></row>',
}


@pytest.mark.parametrize("scan", [parsed, screened])
@pytest.mark.parametrize("rows", MISPLACED)
def test_a_cell_that_would_take_anothers_place_is_refused(rows: str, scan: object) -> None:
    assert callable(scan)
    before = "" if rows == "row nought" else SOUND_ROW.format(1) + SOUND_ROW.format(2)
    with pytest.raises(RefusedError) as refused:
        scan(sheet_xml(before + MISPLACED[rows] + SOUND_ROW.format(9)))
    assert refused.value.finding.what == "broken_sheet"


def test_the_same_cell_twice_is_refused() -> None:
    with pytest.raises(RefusedError, match="broken"):
        parsed(sheet_xml('<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row>'))


def test_the_screen_leaves_out_what_cannot_tell() -> None:
    xml = sheet_xml(
        "".join(SOUND_ROW.format(row) for row in range(1, 2000)) + ERROR_ROW.replace("3", "2000")
    ).encode()
    screen = Screen()
    passed = b"".join(screen.telling(xml[i : i + 1000] for i in range(0, len(xml), 1000)))
    assert len(passed) < len(xml) / 20
    assert b"#REF!" in passed
    assert (screen.last_row, screen.last_column) == (2000, 26)


cells = st.sampled_from([
    "", '<c r="{0}" s="1"/>', '<c r="{0}"><v>1</v></c>', '<c r="{0}" t="s"><v>0</v></c>', '<c r="{0}" t="e"><v>#N/A</v></c>',
    '<c r="{0}"><f>1+1</f><v>2</v></c>', '<c r="{0}"><f>1+1</f></c>', "<c t='e' r='{0}'><v>#REF!</v></c>",
    '<c r="{0}" t="str"><v>a = "b" &amp; c</v></c>', '<c t="e" r="{0}"><v>#NUM!</v></c>', '<c r="{0}"><v>1</v></c><!-- t="e" -->',
])  # fmt: skip
some_rows = st.lists(
    st.tuples(st.sampled_from(["", ' hidden="1"', " hidden='1'"]), st.lists(cells, max_size=4)), max_size=12
)


@given(some_rows, st.integers(min_value=1, max_value=500))
def test_the_screen_never_hides_what_the_parser_finds(rows: list[tuple[str, list[str]]], size: int) -> None:
    xml = sheet_xml(
        "".join(
            f'<row r="{row}"{hidden}>'
            + "".join(c.format(f"{'ABCD'[i]}{row}") for i, c in enumerate(cells))
            + "</row>"
            for row, (hidden, cells) in enumerate(rows, start=1)
        )
    )
    quick, whole = screened(xml, size), parsed(xml)
    assert (quick.faults, quick.hidden_rows) == (whole.faults, whole.hidden_rows)
    assert quick.last_row >= whole.last_row
    assert quick.last_column >= whole.last_column


@pytest.mark.parametrize(
    "rows", ['<row r="x"/>', '<row r="1"><c r="1A"><v>1</v></c></row>', '<row r="1"><c r="A1"></row>']
)
def test_broken_xml_is_refused(rows: str) -> None:
    with pytest.raises(RefusedError) as refused:
        parsed(sheet_xml(rows + SOUND_ROW.format(2)))
    assert refused.value.finding.what == "broken_sheet"


def test_a_document_type_is_refused() -> None:
    xml = sheet_xml("").replace("?>\n", '?>\n<!DOCTYPE worksheet [<!ENTITY a "aaaa">]>')
    with pytest.raises(RefusedError) as refused:
        parsed(xml)
    assert refused.value.finding.what == "document_type"


def test_the_scan_agrees_with_openpyxl(published: Path) -> None:
    """Every error of the Section 251 workbook, in value and in place, as another library finds them."""
    path = published / "s251_high_needs_benchmark_2021-22_budget_and_outturn.xlsx"
    book = openpyxl.load_workbook(path, data_only=True)
    sheet = book.active
    errors = {
        (cell.row, cell.column): cell.value
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "e"
    }
    hidden = {row for row, dimension in sheet.row_dimensions.items() if dimension.hidden}
    merged = {str(area) for area in sheet.merged_cells.ranges}
    scan = xlsx_sheet_scan(Archive(path, Limits()), "xl/worksheets/sheet1.xml")
    assert scan.faults == errors
    assert (scan.hidden_rows, set(scan.merged)) == (hidden, merged)


def test_the_scan_agrees_with_openpyxl_on_what_it_wrote(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in range(1, 200):
        sheet.append([row, "#REF!" if row % 50 == 0 else "x", f"=A{row}*2" if row % 70 == 0 else 1.5])
        sheet.row_dimensions[row].hidden = row % 60 == 0
    sheet.merge_cells("E1:F2")
    book.save(tmp_path / "made.xlsx")
    archive = Archive(tmp_path / "made.xlsx", Limits())
    scan = xlsx_sheet_scan(archive, "xl/worksheets/sheet1.xml")
    assert scan.faults == {
        **{(row, 2): "#REF!" for row in (50, 100, 150)}, **{(row, 3): NEVER_CALCULATED for row in (70, 140)},
    }  # fmt: skip
    assert scan.hidden_rows == {60, 120, 180}
    assert scan.merged == ["E1:F2"]


def test_a_large_sheet_is_screened_and_a_small_one_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both ways give one scan, but for how far empty formatted cells reach."""
    path = tmp_path / "sheet.zip"
    rows = "".join(SOUND_ROW.format(row) for row in range(1, 500)) + ERROR_ROW.replace("3", "500")
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("sheet.xml", sheet_xml(rows))
    small = xlsx_sheet_scan(Archive(path, Limits()), "sheet.xml")
    monkeypatch.setattr(sheet_scan, "SCREENED_FROM", 1)
    large = xlsx_sheet_scan(Archive(path, Limits()), "sheet.xml")
    exact = xlsx_sheet_scan(Archive(path, Limits(cells=1500)), "sheet.xml")
    assert small.faults == large.faults == exact.faults == {(500, 2): "#REF!"}
    assert (small.last_column, large.last_column, exact.last_column) == (2, 26, 2)
