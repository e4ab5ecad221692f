"""Cells of every kind of spreadsheet come with their addresses, and an error never comes as a blank."""

from __future__ import annotations

import datetime
import hashlib
import zipfile
from pathlib import Path

import openpyxl
import openpyxl.chart
import pytest

from etl.cells import cell_name, cell_position, column_name
from etl.workbooks import NEVER_CALCULATED, CellError, CellFault, Limits, Sheet, read_file
from tests.etl.binary_workbooks import xls_file, xlsb_file


def edited(source: Path, target: Path, part: str, old: str, new: str) -> Path:
    """A copy of a workbook with one piece of one part's XML replaced."""
    with zipfile.ZipFile(source) as archive, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as copy:
        for name in archive.namelist():
            text = archive.read(name)
            if name == part:
                assert old.encode() in text
                text = text.replace(old.encode(), new.encode())
            copy.writestr(name, text)
    return target


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    """
         A            B         C       D           E                 F      G         H
    1   Placements ── merged to C1
    2   (blank)
    3   00100004      5         5.5     2024-04-01  2024-04-01 10:30  TRUE   #REF!     =B3*2, never calculated
    4   hidden        (row 4 is hidden)
    5                           #N/A
    and a hidden sheet, a very hidden one, a chart, and an empty one.
    """
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Placements"
    sheet["A1"] = "Placements"
    sheet.merge_cells("A1:C1")
    moment = datetime.datetime(2024, 4, 1, 10, 30)
    for column, value in enumerate(
        ("00100004", 5, 5.5, datetime.date(2024, 4, 1), moment, True, "#REF!", "=B3*2"), start=1
    ):
        sheet.cell(3, column, value)
    sheet["A4"] = "hidden"
    sheet.row_dimensions[4].hidden = True
    sheet["C5"] = "#N/A"
    book.create_sheet("Lookups").sheet_state = "hidden"
    book["Lookups"]["B2"] = "x"
    book.create_sheet("Secret").sheet_state = "veryHidden"
    book["Secret"]["A1"] = 1
    book.create_chartsheet("Chart").add_chart(openpyxl.chart.BarChart())
    book.create_sheet("Empty")
    path = tmp_path / "register.xlsx"
    book.save(path)
    return path


def test_cells_come_as_typed(workbook: Path) -> None:
    sheet = read_file(workbook).sheets[0]
    row = sheet.rows[2]
    assert row[:6] == [
        "00100004",
        5,
        5.5,
        datetime.date(2024, 4, 1),
        datetime.datetime(2024, 4, 1, 10, 30),
        True,
    ]
    assert [type(value) for value in row[:6]] == [str, int, float, datetime.date, datetime.datetime, bool]
    assert sheet.rows[1] == [None] * 8
    assert {len(row) for row in sheet.rows} == {8}


def test_errors_and_formulas_never_calculated_are_neither_blank_nor_plain_text(workbook: Path) -> None:
    sheet = read_file(workbook).sheets[0]
    assert sheet.rows[2][6] == "#REF!"
    assert sheet.rows[2][7] == NEVER_CALCULATED
    assert sheet.rows[4][2] == "#N/A"
    assert all(
        isinstance(value, CellError) for value in (sheet.rows[2][6], sheet.rows[2][7], sheet.rows[4][2])
    )
    assert sheet.faults == (
        CellFault("G3", "error", "#REF!"),
        CellFault("H3", "uncached_formula", NEVER_CALCULATED),
        CellFault("C5", "error", "#N/A"),
    )


def test_a_typed_error_word_is_text(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "#REF!"
    book.active["A1"].data_type = "s"
    book.save(tmp_path / "typed.xlsx")
    sheet = read_file(tmp_path / "typed.xlsx").sheets[0]
    assert sheet.rows == [["#REF!"]]
    assert not isinstance(sheet.rows[0][0], CellError)
    assert sheet.faults == ()


def test_hidden_and_merged_are_told(workbook: Path) -> None:
    reading = read_file(workbook)
    assert [(sheet.name, sheet.hidden) for sheet in reading.sheets] == [
        ("Placements", False), ("Lookups", True), ("Secret", True),
    ]  # fmt: skip
    assert reading.sheets[0].hidden_rows == frozenset({4})
    assert reading.sheets[0].merged == ("A1:C1",)
    assert reading.problems == ()


def test_addresses_are_the_spreadsheets_own(workbook: Path) -> None:
    lookups = read_file(workbook).sheets[1]
    assert lookups.rows == [[None, None], [None, "x"]]
    assert lookups.address(1, 1) == "register.xlsx!Lookups!B2"
    assert lookups.row_source(1) == "register.xlsx!Lookups!2"


def test_a_reading_says_which_bytes_it_read(workbook: Path) -> None:
    reading = read_file(workbook, name="2024/register.xlsx")
    assert reading.sha256 == hashlib.sha256(workbook.read_bytes()).hexdigest()
    assert reading.bytes == workbook.stat().st_size
    assert reading.sheets[0].row_source(0) == "2024/register.xlsx!Placements!1"


def test_blank_rows_and_columns_at_the_end_are_left_out(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active["B2"] = "last"
    for row in range(1, 40):
        book.active.cell(row, 9).font = openpyxl.styles.Font(bold=True)
    book.active.row_dimensions[30].hidden = True
    book.save(tmp_path / "padded.xlsx")
    sheet = read_file(tmp_path / "padded.xlsx").sheets[0]
    assert sheet.rows == [[None, None], [None, "last"]]
    assert (sheet.first_row, sheet.width, sheet.hidden_rows) == (1, 2, frozenset())


def test_control_characters_stay_as_found(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "two\nlines\tand a tab"
    book.active["A2"] = "Ann’s – £5 ✓"
    book.save(tmp_path / "odd.xlsx")
    assert read_file(tmp_path / "odd.xlsx").sheets[0].rows == [["two\nlines\tand a tab"], ["Ann’s – £5 ✓"]]


def test_a_formula_that_gives_empty_text_is_blank(workbook: Path, tmp_path: Path) -> None:
    path = edited(workbook, tmp_path / "text.xlsx", "xl/worksheets/sheet1.xml",
                  '<c r="H3"><f>B3*2</f><v /></c>', '<c r="H3" t="str"><f>""</f><v></v></c>')  # fmt: skip
    sheet = read_file(path).sheets[0]
    assert sheet.width == 7
    assert [fault.address for fault in sheet.faults] == ["G3", "C5"]


def test_results_that_a_program_guessed_are_noted(workbook: Path, tmp_path: Path) -> None:
    """XlsxWriter stores 0 beside each formula and asks Excel to calculate on opening; nothing else tells."""
    path = edited(
        workbook,
        tmp_path / "guessed.xlsx",
        "xl/worksheets/sheet1.xml",
        "<f>B3*2</f><v />",
        "<f>B3*2</f><v>0</v>",
    )
    reading = read_file(path)
    assert reading.sheets[0].rows[2][7] == 0
    assert [(problem.what, problem.severity) for problem in reading.problems] == [("stale_formulas", "note")]


def test_openpyxl_takes_over_where_calamine_refuses_and_says_so(workbook: Path, tmp_path: Path) -> None:
    path = edited(workbook, tmp_path / "odd_type.xlsx", "xl/worksheets/sheet1.xml", 't="n"', 't="zz"')
    reading = read_file(path)
    assert [(problem.what, problem.severity) for problem in reading.problems] == [("fallback_reader", "note")]
    sheet = reading.sheets[0]
    assert sheet.reader == "openpyxl"
    assert sheet.rows[2][0] == "00100004"
    assert isinstance(sheet.rows[2][6], CellError)
    assert isinstance(sheet.rows[2][7], CellError)
    assert (sheet.hidden_rows, sheet.merged) == (frozenset({4}), ("A1:C1",))


def test_xlsm_is_read_as_xlsx(workbook: Path) -> None:
    path = workbook.rename(workbook.with_suffix(".xlsm"))
    reading = read_file(path)
    assert reading.problems == ()
    assert reading.sheets[0].rows[2][1] == 5


def test_xls(tmp_path: Path) -> None:
    reading = read_file(xls_file(tmp_path / "old.xls"))
    (sheet,) = reading.sheets
    assert reading.problems == ()
    assert sheet.rows == [
        ["title", None, None, None],
        [None, None, None, None],
        [None, 5.5, "#N/A", "#REF!"],
        [7, None, None, None],
    ]
    assert sheet.faults == (CellFault("C3", "error", "#N/A"), CellFault("D3", "error", "#REF!"))
    assert (sheet.name, sheet.reader, sheet.hidden_rows) == ("Data", "calamine", frozenset({4}))


def test_xlsb(tmp_path: Path) -> None:
    reading = read_file(xlsb_file(tmp_path / "binary.xlsb"))
    (sheet,) = reading.sheets
    assert reading.problems == ()
    assert sheet.rows[2:] == [[None, 5.5, "#N/A", "#REF!"], [7, None, None, None]]
    assert sheet.faults == (CellFault("C3", "error", "#N/A"), CellFault("D3", "error", "#REF!"))
    assert (sheet.hidden_rows, sheet.merged) == (frozenset({4}), ("A6:B6",))


ODS_NAMESPACES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in (("office", "office"), ("table", "table"), ("text", "text"), ("style", "style"))
) + ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'  # fmt: skip
ODS_ROWS = """
<table:table-row><table:table-cell office:value-type="string" table:number-columns-spanned="2"><text:p>Title</text:p></table:table-cell>
  <table:covered-table-cell/></table:table-row>
<table:table-row table:number-rows-repeated="2"><table:table-cell/></table:table-row>
<table:table-row table:visibility="collapse">
  <table:table-cell office:value-type="float" office:value="5"><text:p>5</text:p></table:table-cell>
  <table:table-cell office:value-type="date" office:date-value="2024-04-01"><text:p>01/04/2024</text:p></table:table-cell>
  <table:table-cell office:value-type="string"><text:p>00100004</text:p><text:p>second line</text:p></table:table-cell>
  <table:table-cell table:formula="of:=[.A9]/0" office:value-type="string" office:string-value=""
    calcext:value-type="error"><text:p>#DIV/0!</text:p></table:table-cell>
  <table:table-cell table:formula="of:=[.#REF!]" office:value-type="string"><text:p>#REF!</text:p></table:table-cell>
  <table:table-cell table:formula="of:=[.A4]*2"/>
  <table:table-cell office:value-type="string"><office:annotation><text:p>a comment</text:p></office:annotation><text:p>x</text:p></table:table-cell>
</table:table-row>
<table:table-row table:number-rows-repeated="1048572"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>
"""


def without_breaks(xml: str) -> str:
    """The XML in one line: calamine refuses line breaks between the cells of an .ods."""
    return " ".join(line.strip() for line in xml.splitlines()).replace("> <", "><").strip()


def ods_file(path: Path, rows: str = ODS_ROWS, with_mimetype: bool = True) -> Path:
    """An .ods with one hidden sheet "Data"; without its mimetype entry python-calamine refuses it."""
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {ODS_NAMESPACES} office:version="1.2">'
        '<office:automatic-styles><style:style style:name="ta1" style:family="table">'
        '<style:table-properties table:display="false"/></style:style></office:automatic-styles>'
        f'<office:body><office:spreadsheet><table:table table:name="Data" table:style-name="ta1">{without_breaks(rows)}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    mimetype = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{mimetype}"/>'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
    )
    with zipfile.ZipFile(path, "w") as archive:
        if with_mimetype:
            archive.writestr("mimetype", mimetype)
        archive.writestr("content.xml", content, zipfile.ZIP_DEFLATED)
        archive.writestr("META-INF/manifest.xml", manifest)
    return path


@pytest.mark.parametrize(("with_mimetype", "reader"), [(True, "calamine"), (False, "odfpy")])
def test_ods_reads_the_same_by_either_reader(tmp_path: Path, with_mimetype: bool, reader: str) -> None:
    reading = read_file(ods_file(tmp_path / "open.ods", with_mimetype=with_mimetype))
    (sheet,) = reading.sheets
    assert sheet.reader == reader
    assert [problem.what for problem in reading.problems] == ([] if with_mimetype else ["fallback_reader"])
    assert sheet.rows[0] == ["Title", None, None, None, None, None, None]
    assert sheet.rows[1] == sheet.rows[2] == [None] * 7
    assert sheet.rows[3] == [
        5, datetime.date(2024, 4, 1), "00100004\nsecond line", "#DIV/0!", "#REF!", NEVER_CALCULATED, "x",
    ]  # fmt: skip
    assert [fault.address for fault in sheet.faults] == ["D4", "E4", "F4"]
    assert all(isinstance(value, CellError) for value in sheet.rows[3][3:6])
    assert (sheet.hidden, sheet.hidden_rows, sheet.merged) == (True, frozenset({4}), ("A1:B1",))


def test_a_row_repeated_a_million_times_is_one_sentence(tmp_path: Path) -> None:
    rows = (
        '<table:table-row table:number-rows-repeated="1048576"><table:table-cell office:value-type="float" office:value="1"'
        ' table:number-columns-repeated="16384"><text:p>1</text:p></table:table-cell></table:table-row>'
    )
    reading = read_file(ods_file(tmp_path / "bomb.ods", rows))
    assert reading.sheets == ()
    assert ("bomb.ods!Data!XFD1048576", "furthest_cell") in [(p.where, p.what) for p in reading.problems]
    assert [p.what for p in reading.problems if p.severity == "refusal"] == ["furthest_cell"]


def test_the_odd_spaces_of_an_ods_are_kept(tmp_path: Path) -> None:
    rows = (
        '<table:table-row><table:table-cell office:value-type="string"><text:p>a<text:s text:c="2"/>b<text:tab/>c'
        "<text:line-break/>d <text:span>e</text:span></text:p></table:table-cell></table:table-row>"
    )
    path = ods_file(tmp_path / "spaces.ods", rows, with_mimetype=False)
    assert read_file(path).sheets[0].rows == [["a  b\tc\nd e"]]


def test_a_value_in_the_last_cell_of_all_costs_that_sheet_only(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "Stray"
    book.active["A1"] = 1
    book.active["XFD1048576"] = "stray"
    book.create_sheet("Sound")["A1"] = 2
    book.save(tmp_path / "stray.xlsx")
    reading = read_file(tmp_path / "stray.xlsx")
    assert [sheet.name for sheet in reading.sheets] == ["Sound"]
    (problem,) = reading.problems
    assert (problem.where, problem.what) == ("stray.xlsx!Stray!XFD1048576", "furthest_cell")
    assert "17,179,869,184 cells" in problem.found


def test_formatted_cells_without_a_value_do_not_count(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = 1
    book.active["XFD1048576"].font = openpyxl.styles.Font(bold=True)
    book.save(tmp_path / "formatted.xlsx")
    reading = read_file(tmp_path / "formatted.xlsx")
    assert reading.problems == ()
    assert reading.sheets[0].rows == [[1]]


def test_one_broken_sheet_is_refused_by_name_and_the_others_are_read(workbook: Path, tmp_path: Path) -> None:
    path = edited(
        workbook, tmp_path / "broken.xlsx", "xl/worksheets/sheet2.xml", "</sheetData>", "</sheetDate>"
    )
    reading = read_file(path)
    assert [sheet.name for sheet in reading.sheets] == ["Placements", "Secret"]
    assert [(problem.where, problem.what) for problem in reading.problems] == [
        ("broken.xlsx!Lookups", "broken_sheet")
    ]


def test_sheets_stop_at_their_limit(workbook: Path) -> None:
    reading = read_file(workbook, Limits(cells=20))
    assert [sheet.name for sheet in reading.sheets] == ["Lookups", "Secret"]
    assert [problem.where for problem in reading.problems] == ["register.xlsx!Placements!H5"]


@pytest.mark.parametrize(
    ("number", "letters"), [(1, "A"), (26, "Z"), (27, "AA"), (702, "ZZ"), (703, "AAA"), (16384, "XFD")]
)
def test_columns_have_letters(number: int, letters: str) -> None:
    assert column_name(number) == letters
    assert cell_position(cell_name(17, number)) == (17, number)


@pytest.mark.parametrize("name", ["", "17", "C", "é3", "C-1"])
def test_what_is_no_cell_has_no_position(name: str) -> None:
    with pytest.raises(ValueError, match="not the name of a cell"):
        cell_position(name)


def test_the_first_row_counts_in_addresses() -> None:
    sheet = Sheet("x.csv", "x", [["a"]], first_row=7)
    assert (sheet.address(0, 0), sheet.row_source(0)) == ("x.csv!x!A7", "x.csv!x!7")
