"""The pack: the same numbers in four formats, none that is hidden, and all that a reader with any aid needs."""

from __future__ import annotations

import getpass
import io
import re
import socket
import tempfile
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import openpyxl
import pptx
import pypdf
import pytest
from pptx.enum.chart import XL_CHART_TYPE
from pptx.enum.shapes import PP_PLACEHOLDER

from dashboard.packs import KINDS, made
from dashboard.packs.excel_words import FORMATS, displayed, format_of
from dashboard.packs.native_charts import is_plain, number_format, scale
from dashboard.packs.pack import Pack, brief_part, heat_step, said_of
from dashboard.packs.room import room_of, table_of
from dashboard.packs.workbook import sheet_names
from hnb.errors import HnbError
from hnb.meeting import Said, Series
from tests.dashboard.pack_reading import Element, parts, plain, scope, shown_figures, tagged
from tests.dashboard.pack_records import (
    COURSE,
    HEAT,
    HIDDEN,
    PACK,
    POSITION,
    POUND,
    PUBLISHED,
    QUESTIONS,
    RECOMMENDATION,
    SOURCE,
    VIEWS,
    fraction,
    money,
    with_view,
)  # fmt: skip

#  What no reader may find: Bases in 2024-25 and Other places in 2025-26 are hidden in the records. Here is what they were.
SECRETS = ("1300413", "1,300,413", "1.300413", "£1.3m (2024-25)", "0.0421", "4.2%", "1406772")


@pytest.fixture(scope="module")
def page() -> str:
    return made("html", PACK).content.decode()


@pytest.fixture(scope="module")
def slides() -> bytes:
    return made("pptx", PACK).content


@pytest.fixture(scope="module")
def book() -> bytes:
    return made("xlsx", PACK).content


@pytest.fixture(scope="module")
def paper() -> bytes:
    return made("pdf", PACK).content


@pytest.fixture(scope="module")
def reader(paper: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(paper))


def figures(view) -> list[Said]:
    """What a view's table says, row by row, its whole last."""
    rows = [*view.table.rows, *([view.table.whole] if view.table.whole else [])]
    return [said for _, found in rows for said in found]


# ------------------------------------------------------------------------------------ what a pack is


def test_a_view_that_holds_a_hidden_value_makes_no_pack():
    leaking = replace(POUND, tiles=(replace(POSITION.tiles[0], said=Said(4.0, "c", "suppressed")),))
    with pytest.raises(HnbError, match="pound holds a figure that is hidden"):
        with_view(leaking)


def test_the_same_publication_gives_the_same_name_without_user_or_machine():
    assert [made(kind, PACK).name for kind in ("html", "xlsx")] == [
        "high-needs-block-sutton-pack-000003-2026-10-31.html",
        "high-needs-block-sutton-pack-000003-2026-10-31.xlsx",
    ]
    assert Pack(replace(PUBLISHED, as_at=None), ()).stem == "high-needs-block-sutton-pack-000003"


@pytest.mark.parametrize("kind", ["html", "pptx", "xlsx"])
def test_the_same_figures_give_the_same_bytes(kind, request):
    before = request.getfixturevalue({"html": "page", "pptx": "slides", "xlsx": "book"}[kind])
    again = made(kind, PACK).content
    assert again == (before.encode() if isinstance(before, str) else before)


def test_the_method_says_what_is_hidden_and_how_much_is_shown():
    said = dict(PACK.method)
    assert "from 1 to 9 is hidden" in said["Small numbers"] and "threshold of 10" in said["Small numbers"]
    #  690 of 920 cells; 54,780 of 66,000 placements; £984m of £1,200m
    assert "690 of 920 cells that are not nought (75.0%)" in said["How much is shown"]
    assert "placements in them 83.0%, of the pounds 82.0%" in said["How much is shown"]
    assert "20% each way" in said["What else is hidden"] and "more than 90%" in said["Costs of a few"]
    assert {sign for sign, _ in PACK.signs} == {"c", "z", "x", "–"}


def test_source_and_date_are_said_once():
    assert PACK.source(POSITION) == f"Source: {SOURCE}."  # the date is in it
    other = replace(POSITION, source="Source: budget monitor")
    assert PACK.source(other) == "Source: budget monitor. Figures as at 31 October 2026."
    assert brief_part(replace(POSITION, part="Recommendation 1 of 9: Rely less")) == "Recommendation 1 of 9"


def test_a_format_that_there_is_none_of_is_refused():
    with pytest.raises(HnbError, match="there is no doc"):
        made("doc", PACK)


# ---------------------------------------------------------------------------- the same numbers in all


def test_every_figure_stands_in_its_view_on_the_page(page):
    read = Element(page)
    for view in VIEWS:
        words = shown_figures(read.words[view.view_id])
        for said in said_of(replace(view, chart=None)):
            assert shown_figures(said.words) in words, (view.view_id, said)
        for sentence in (view.headline, view.measured, *view.sentences, view.caution):
            assert shown_figures(sentence) in words


@pytest.mark.browser
def test_every_figure_stands_on_its_views_pages_of_the_paper(reader):
    starts = [reader.get_destination_page_number(entry) for entry in reader.outline[1]]
    text = [page.extract_text() for page in reader.pages]
    for view, first, after in zip(VIEWS, starts, starts[1:], strict=False):
        words = shown_figures("".join(text[first:after]))
        for said in said_of(replace(view, chart=None)):
            assert shown_figures(said.words) in words, (view.view_id, said)
        assert shown_figures(view.headline) in words
        assert all(shown_figures(sentence) in words for sentence in view.sentences)


def test_every_figure_stands_in_the_tables_of_the_slides(slides):
    shown = pptx.Presentation(io.BytesIO(slides))
    for view in VIEWS:
        if view.table is None:
            continue
        tables = [
            shape.table
            for slide in shown.slides
            for shape in slide.shapes
            if shape.has_table and shape.name.startswith(view.table.caption)
        ]
        rows = [[cell.text for cell in row.cells] for table in tables for row in table.rows]
        whole = [view.table.whole] if view.table.whole else []
        assert rows == [
            list(view.table.headings),
            *([name, *(said.words for said in found)] for name, found in [*view.table.rows, *whole]),
        ]


def test_every_point_stands_in_the_charts_of_the_slides_and_in_their_workbooks(slides):
    charts = [
        shape.chart
        for slide in pptx.Presentation(io.BytesIO(slides)).slides
        for shape in slide.shapes
        if shape.has_chart
    ]
    views = [view for view in VIEWS if view.chart]
    assert len(charts) == len(views)
    for view, drawn in zip(views, charts, strict=True):
        assert [series.name for series in drawn.series] == [series.name for series in view.chart.series]
        for series, given in zip(drawn.series, view.chart.series, strict=True):
            assert list(series.values) == [said.value for said in given.points]
        sheet = openpyxl.load_workbook(io.BytesIO(drawn.part.chart_workbook.xlsx_part.blob)).active
        for column, given in enumerate(view.chart.series, start=2):
            cells = [sheet.cell(row, column).value for row in range(2, 2 + len(given.points))]
            assert cells == [said.value for said in given.points]


def test_every_figure_is_a_number_in_the_workbook_and_what_is_hidden_its_sign(book):
    opened = openpyxl.load_workbook(io.BytesIO(book))
    for view in VIEWS:
        if view.table is None:
            continue
        sheet = opened[view.part]
        rows = [*view.table.rows, *([view.table.whole] if view.table.whole else [])]
        assert [cell.value for cell in sheet[4]][: len(view.table.headings)] == list(view.table.headings)
        for row, (name, found) in enumerate(rows, start=5):
            assert sheet.cell(row, 1).value == name
            for column, said in enumerate(found, start=2):
                assert sheet.cell(row, column).value == (said.words if said.value is None else said.value)


@pytest.mark.parametrize("kind", ["html", "pptx", "xlsx", "pdf"])
def test_what_is_hidden_is_in_no_byte_of_any_part(kind, request):
    content = {
        "html": lambda: [("page", request.getfixturevalue("page").encode())],
        "pptx": lambda: list(parts(request.getfixturevalue("slides"))),
        "xlsx": lambda: list(parts(request.getfixturevalue("book"))),
        "pdf": lambda: [
            (f"page {number}", page.extract_text().encode() + page.get_contents().get_data())
            for number, page in enumerate(request.getfixturevalue("reader").pages)
        ],
    }[kind]()
    assert content
    for name, inside in content:
        for secret in SECRETS:
            assert secret.encode() not in inside, (name, secret)


@pytest.mark.parametrize("kind", ["html", "pptx", "xlsx", "pdf"])
def test_no_file_tells_who_made_it_on_which_machine_or_where(kind, request):
    named = {"html": "page", "pptx": "slides", "xlsx": "book", "pdf": "paper"}[kind]
    content = request.getfixturevalue(named)
    inside = [content.encode()] if isinstance(content, str) else [content]
    if kind in ("pptx", "xlsx"):
        inside = [part for _, part in parts(content)]
    told = [
        str(Path.home()),
        str(Path.cwd()),
        tempfile.gettempdir() + "/",
        socket.gethostname(),
        "Steve Canny",
    ]
    user = getpass.getuser()
    told += [f">{user}<", f"({user})"]
    for secret in told:
        if len(secret) > 3:
            assert not any(secret.encode() in part for part in inside), secret


# --------------------------------------------------------------------------------------- the page


def test_the_page_asks_nothing_of_anybody(page):
    read = Element(page)
    assert not read.all("script") and not read.all("link") and not read.all("img") and not read.all("iframe")
    addresses = [
        given.get(name) for _, given in read.tags for name in ("href", "src", "action") if given.get(name)
    ]
    assert addresses and all(address.startswith("#") for address in addresses)
    assert not re.search(r"url\((?!#)|@import", page)
    #  A namespace is a name and no address that is asked.
    assert set(re.findall(r"https?://[^\"'\s<]+", page)) <= {"http://www.w3.org/2000/svg"}
    policy = next(
        given["content"] for given in read.all("meta") if given.get("http-equiv") == "Content-Security-Policy"
    )
    assert policy.startswith("default-src 'none'") and "script" not in policy
    assert not any(name.startswith("on") for _, given in read.tags for name in given)


def test_the_page_is_in_order_for_those_who_hear_it(page):
    read = Element(page)
    assert read.all("html")[0]["lang"] == "en-GB"
    levels = [int(tag[1]) for tag, _ in read.tags if re.fullmatch(r"h\d", tag)]
    assert levels[0] == 1 and levels.count(1) == 1 and set(levels[1:]) == {2}
    ids = [given["id"] for _, given in read.tags if given.get("id")]
    assert len(ids) == len(set(ids))
    links = [given["href"][1:] for given in read.all("a")]
    assert [view.view_id for view in VIEWS] == links[1:-1] and set(links) <= set(ids)
    charts = [given for given in read.all("svg") if given.get("role") == "img"]
    #  Each is drawn twice, across and upright for a phone; one of the two is shown and heard.
    drawn = [view for view in VIEWS if view.chart for _ in ("across", "upright")]
    for given, view in zip(charts, drawn, strict=True):
        name, words = given["aria-labelledby"].split()
        assert (plain(read.words[name]), plain(read.words[words])) == (view.measured, view.chart.described)
    assert len(read.all("caption")) == len(read.all("table")) == 6  # five tables and the signs
    assert all(given.get("scope") in ("col", "row") for given in read.all("th"))


def test_what_somebody_typed_is_text_on_the_page(page):
    assert "“other” &lt;settings&gt;" in page and "<settings>" not in page
    hostile = replace(POSITION, view_id="x", source='"} body{display:none} </style><script>alert(1)</script>')
    words = made("html", with_view(hostile)).content.decode()
    assert (
        "<script" not in words
        and "</style><" not in words
        and "body{display" not in words.partition("</style>")[0]
    )


def test_the_page_is_light_dark_and_on_paper_by_the_palette(page):
    assert "prefers-color-scheme:dark" in page and "@media print" in page and "A4 landscape" in page
    sheet = files("dashboard.packs").joinpath("page.css").read_text("utf-8")
    assert not re.search(r"#[0-9a-fA-F]{3,6}\b", sheet)  # no sheet but the palette names a colour


# -------------------------------------------------------------------------------------- the paper


@pytest.mark.browser
def test_the_paper_is_tagged_titled_and_in_its_language(reader):
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] and root["/Lang"] == "en-GB"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert root["/PageMode"] == "/UseOutlines"
    about = reader.metadata
    assert about.title == "High Needs Block, Sutton: Paper for the Sutton Education Partnership"
    assert about.author == "Sutton Education Partnership" and about.creator is None
    assert about.subject == "Figures as at 31 October 2026. Publication 000003-20261130T101500Z"
    assert about.creation_date_raw == about.modification_date_raw == "D:20261130101500+00'00'"


@pytest.mark.browser
def test_the_paper_has_headings_real_tables_and_words_for_every_chart(reader):
    elements = tagged(reader)
    kinds = [str(element["/S"]) for element in elements]
    assert kinds.count("/H1") == 1 and kinds.count("/H2") == len(VIEWS) + 1
    assert kinds.count("/Table") == kinds.count("/Caption") == 6
    scopes = [scope(element) for element in elements if element["/S"] == "/TH"]
    assert set(scopes) == {"/Column", "/Row"}
    #  columns: position, turned or not, has 2 and 5 rows of years at most; counted as the page lays the tables out
    laid = [table_of(view) for view in VIEWS if view.table]
    assert scopes.count("/Column") == sum(len(table.headings) for table in laid) + 2
    assert scopes.count("/Row") == sum(len(table.rows) + bool(table.whole) for table in laid) + len(
        PACK.signs
    )
    told = [str(element["/Alt"]) for element in elements if element["/S"] == "/Figure"]
    charts = [view.chart for view in VIEWS if view.chart]
    assert len(told) == len(charts)
    assert all(chart.described in words for chart, words in zip(charts, told, strict=True))


@pytest.mark.browser
def test_the_paper_has_a_bookmark_for_every_view_and_says_source_date_and_number_on_every_page(reader):
    first, below = reader.outline
    assert first.title == "High Needs Block, Sutton"
    headlines = [plain(entry.title) for entry in below]
    assert headlines == [*(view.headline for view in VIEWS), "What the figures are, and what is hidden"]
    assert len(reader.pages) <= 1 + 2 * len(VIEWS) + 1
    starts = [reader.get_destination_page_number(entry) for entry in below]
    assert starts[0] == 1 and len(set(starts)) == len(starts)  # each on a page of its own
    for number, page in enumerate(reader.pages, start=1):
        words = plain(page.extract_text())
        assert f"Page {number} of {len(reader.pages)}" in words
        assert round(page.mediabox.width) == 842 and round(page.mediabox.height) == 595  # A4 across
        at = max((place for place, start in enumerate(starts) if start < number), default=None)
        if at is not None and at < len(VIEWS):
            assert plain(PACK.source(VIEWS[at])) in words, number
        if number > 1:
            assert "31 October 2026" in words


@pytest.mark.browser
def test_the_papers_charts_are_drawn_and_no_pictures(reader):
    for page in reader.pages:
        objects = page["/Resources"].get("/XObject", {})
        assert all(found.get_object()["/Subtype"] != "/Image" for found in objects.values())
        links = [found.get_object() for found in page.get("/Annots", [])]
        assert all("/URI" not in link.get("/A", {}) for link in links)
    assert "/JavaScript" not in reader.trailer["/Root"].get("/Names", {})


# ------------------------------------------------------------------------------------- the slides


def test_every_slide_has_a_title_a_foot_and_a_number(slides):
    shown = pptx.Presentation(io.BytesIO(slides))
    assert round(shown.slide_width / shown.slide_height, 2) == 1.78
    titles = [slide.shapes.title.text_frame.text for slide in shown.slides]
    assert all(titles) and titles[0] == "High Needs Block, Sutton"
    for view in VIEWS:
        assert view.headline in titles
    for slide in list(shown.slides)[1:]:
        kinds = {shape.placeholder_format.type: shape for shape in slide.placeholders}
        assert PP_PLACEHOLDER.SLIDE_NUMBER in kinds
        assert "31 October 2026" in kinds[PP_PLACEHOLDER.FOOTER].text_frame.text
        assert 'type="slidenum"' in kinds[PP_PLACEHOLDER.SLIDE_NUMBER]._element.xml


def test_charts_are_powerpoints_own_with_words_for_those_who_do_not_see_them(slides):
    shown = pptx.Presentation(io.BytesIO(slides))
    frames = [shape for slide in shown.slides for shape in slide.shapes if shape.has_chart or shape.has_table]
    described = [frame._element.nvGraphicFramePr.cNvPr.get("descr") for frame in frames]
    assert all(described)
    for view in VIEWS:
        if view.chart:
            assert view.chart.described in described
    kinds = [frame.chart.chart_type for frame in frames if frame.has_chart]
    assert kinds == [XL_CHART_TYPE.COLUMN_CLUSTERED, XL_CHART_TYPE.BAR_CLUSTERED, *[XL_CHART_TYPE.LINE] * 2]
    for slide in shown.slides:
        rules = [shape for shape in slide.shapes if shape.name == "Rule"]
        assert all("decorative" in rule._element.xml for rule in rules)
        assert not [shape for shape in slide.shapes if shape.shape_type is not None and "PICTURE" in str(shape.shape_type)]  # fmt: skip


def test_a_forecast_is_dashed_open_or_hatched_and_said_in_the_category(slides):
    by_name = {
        shape.name: shape.chart
        for slide in pptx.Presentation(io.BytesIO(slides)).slides
        for shape in slide.shapes
        if shape.has_chart
    }
    lines = by_name[f"Chart: {COURSE.measured}"]
    assert list(lines.plots[0].categories)[-1] == "2026-27 forecast"
    accent = lines.series[0]
    assert 'prstDash val="dash"' in accent.points[3].format.line._ln.xml
    assert [point.find("{*}idx").get("val") for point in accent._element.findall("{*}dPt")] == ["3"]
    #  Bases: a figure, a gap, two figures; the first stands alone, so it has a mark of its own
    bases = lines.series[2]
    assert bases.values == (1_100_413.0, None, 1_300_415.0, 1_400_416.0)
    assert 'c:symbol val="circle"' in bases.points[0]._element.xml
    columns = by_name[f"Chart: {POSITION.measured}"]
    assert "pattFill" in columns.series[0].points[3].format.fill._xPr.xml
    bars = by_name[f"Chart: {POUND.measured}"]
    assert list(bars.plots[0].categories)[-1] == "Other places (c)"


def test_the_speaker_finds_the_notes_the_caution_and_the_chart_in_words(slides):
    shown = pptx.Presentation(io.BytesIO(slides))
    for view in VIEWS:
        slide = next(slide for slide in shown.slides if slide.shapes.title.text_frame.text == view.headline)
        notes = slide.notes_slide.notes_text_frame.text
        assert all(note in notes for note in (*view.notes, *view.sentences, view.caution))
        if view.chart:
            assert view.chart.described in notes


def test_a_gap_in_a_line_is_said_under_the_chart(slides):
    shown = pptx.Presentation(io.BytesIO(slides))
    slide = next(slide for slide in shown.slides if slide.shapes.title.text_frame.text == COURSE.headline)
    words = next(shape.text_frame.text for shape in slide.shapes if shape.name == "What it says")
    assert words.splitlines()[0] == "2025-26: Register replaced; Hidden (c): Bases in 2024-25"


def test_slides_and_workbook_lead_nowhere_outside_themselves(slides, book):
    for content in (slides, book):
        for name, inside in parts(content):
            assert b'TargetMode="External"' not in inside, name
            assert not name.endswith((".bin", "vbaProject")), name
            assert "thumbnail" not in name


def test_slides_keep_to_the_order_and_the_names_that_powerpoint_asks_for(slides):
    for slide in pptx.Presentation(io.BytesIO(slides)).slides:
        ids = [shape.shape_id for shape in slide.shapes]
        assert len(ids) == len(set(ids))
        for shape in slide.shapes:
            if shape.has_table:
                for cell in shape.table.iter_cells():
                    order = [child.tag.rpartition("}")[2] for child in cell._tc.tcPr]
                    assert order in (
                        ["lnB", "noFill"],
                        ["lnB", "solidFill"],
                        ["lnT", "lnB", "noFill"],
                        ["lnT", "lnB", "solidFill"],
                    )


def test_slides_say_what_they_are(slides):
    about = pptx.Presentation(io.BytesIO(slides)).core_properties
    assert about.title == "High Needs Block, Sutton: Paper for the Sutton Education Partnership"
    assert about.author == about.last_modified_by == "Sutton Education Partnership"
    assert about.created.isoformat() == about.modified.isoformat() == "2026-11-30T10:15:00"
    assert about.language == "en-GB"


def test_a_long_table_goes_on_on_the_next_slide():
    rows = tuple((f"Kind {number}", (money(number * 1_000),)) for number in range(1, 31))
    long = replace(POSITION, chart=None, table=replace(POSITION.table, rows=rows))
    shown = pptx.Presentation(io.BytesIO(made("pptx", with_view(long)).content))
    tables = [shape.table for slide in shown.slides for shape in slide.shapes if shape.has_table]
    assert [len(table.rows) for table in tables] == [14, 14, 5]  # thirteen and a heading, twice, and four
    titles = [slide.shapes.title.text_frame.text for slide in shown.slides][1:4]
    assert titles[1:] == [
        "In-year position by financial year (2 of 3)",
        "In-year position by financial year (3 of 3)",
    ]


# ----------------------------------------------------------------------------------- the workbook


def test_the_workbook_opens_on_its_contents_and_each_sheet_says_what_it_is(book):
    opened = openpyxl.load_workbook(io.BytesIO(book))
    assert opened.sheetnames == ["Contents", *sheet_names([view.part for view in VIEWS]), "About"]
    contents = opened["Contents"]
    assert [contents.cell(row, 1).hyperlink.location for row in range(5, 12)] == [
        f"'{name}'!A1" for name in opened.sheetnames[1:]
    ]
    for view in VIEWS:
        sheet = opened[view.part]
        words = [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None]
        assert words[0] == view.headline and words[1] == view.measured
        assert PACK.source(view) in words
        assert not view.caution or f"Caution: {view.caution}" in words
        assert not view.table or sheet.freeze_panes == "B5"
    about = {row[0].value: row[1].value for row in opened["About"].iter_rows()}
    assert about["How much is shown"].startswith("690 of 920 cells")
    assert about["Sign c"] == "Hidden. Hidden to protect confidentiality."


def test_figures_have_the_format_of_their_shape_and_nothing_is_a_formula(book):
    opened = openpyxl.load_workbook(io.BytesIO(book))
    sheet = opened[POUND.part]
    assert [sheet.cell(5, column).number_format for column in (2, 3, 4)] == [
        "0.0%;−0.0%;0.0%", "£#,##0;−£#,##0;£0", "#,##0;−#,##0;0",
    ]  # fmt: skip
    cells = [cell for one in opened for row in one.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    typed = [cell for cell in cells if cell.value == "=2+2 is what the clerk typed"]
    assert [cell.data_type for cell in typed] == ["s"]


def test_sheets_are_named_as_excel_takes_names():
    long = "Recommendation 1 of 9: Rely less on costlier independent placements"
    assert sheet_names([long, long, "a/b:c[d]*?", "About", "''"]) == (
        "Recommendation 1 of 9 Rely less", "Recommendation 1 of 9 Rely le 2", "a b c d", "About 2", "View",
    )  # fmt: skip
    assert all(len(name) <= 31 for name in sheet_names([long] * 12))


# ------------------------------------------------------------------------------- drawing and layout


def test_the_axis_of_slides_has_round_steps_from_nought():
    assert scale(COURSE.chart) == (0.0, 20_000_000.0, 5_000_000.0)
    assert scale(POSITION.chart) == (-4_000_000.0, 1_000_000.0, 1_000_000.0)
    assert scale(RECOMMENDATION.chart) == (0.0, 0.1, 0.025)


def test_number_formats_say_what_the_words_say():
    assert number_format(COURSE.chart) == '£#,##0.0,,"m";−£#,##0.0,,"m";£0'
    assert number_format(POUND.chart) == "0.0%;−0.0%;0.0%"
    small = replace(COURSE.chart, series=(Series("A", (money(640), money(290_400))),))
    assert number_format(small) == '£#,##0,"k";−£#,##0,"k";£0'
    signed = replace(COURSE.chart, series=(Series("A", (Said(2_200_000.0, "+£2.2m"),)),))
    assert number_format(signed) == '+£#,##0.0,,"m";−£#,##0.0,,"m";£0'
    assert is_plain(signed, signed.series[0].points[0]) and is_plain(POUND.chart, fraction(0.4461))
    assert not is_plain(POUND.chart, Said(0.27, "27p · £19.7m"))


#  A half is rounded away from nought there, and by what the binary number is here: 7.05 is a hair less than it looks.
@pytest.mark.parametrize(
    "value, shape, step, shown, said",
    [
        (-7_050_000.0, "pounds", "m", "−£7.1m", "−£7.0m"),
        (1_234.5, "pounds", "", "£1,235", "£1,234"),
        (0.0705, "share", "", "7.1%", "7.0%"),
        (15_600_999.0, "pounds", "m", "£15.6m", "£15.6m"),
        (290_400.0, "pounds", "k", "£290k", "£290k"),
        (0.0, "pounds", "m", "£0", "£0"),
        (0.0, "share", "", "0.0%", "0.0%"),
        (-300.0, "pounds", "m", "−£0.0m", "−£300"),
        (2_582.0, "count", "", "2,582", "2,582"),
        (610.72, "number", "", "610.7", "610.7"),
    ],
)
def test_what_excel_shows_is_known_and_a_figure_that_it_would_round_otherwise_gets_its_words(
    value, shape, step, shown, said
):
    assert displayed(value, shape, step) == shown
    chart = replace(COURSE.chart, shape=shape, series=(Series("A", (Said(value, said),)),), categories=("2023-24",), marks=())  # fmt: skip
    if abs(value) > 1e6 or not step:
        assert is_plain(chart, chart.series[0].points[0]) is (shown == said)
    if not step:
        pattern = format_of(value, shape, said)
        assert (pattern == FORMATS[shape]) is (shown == said) and (shown == said or pattern == f'"{said}"')


def test_a_label_and_a_cell_say_what_the_screen_says_where_excel_would_round_otherwise():
    half = Said(-7_050_000.0, "−£7.0m", "estimated")
    chart = replace(POSITION.chart, series=(replace(POSITION.chart.series[0], points=(*POSITION.chart.series[0].points[:3], half)),))  # fmt: skip
    pence = replace(POSITION.table, rows=(("2023-24", (Said(1_234.5, "£1,234"),)),))
    odd = with_view(replace(POSITION, chart=chart, table=pence))
    drawn = next(
        inside
        for name, inside in parts(made("pptx", odd).content)
        if re.search(r"charts/chart[^/]*\.xml$", name)
    )
    assert "−£7.0m".encode() in drawn
    cell = openpyxl.load_workbook(io.BytesIO(made("xlsx", odd).content))["Position"].cell(5, 2)
    assert (cell.value, cell.number_format) == (1_234.5, '"£1,234"')
    #  Said in other units, a cell shows its figure in full.
    assert format_of(14_090_363.0, "pounds", "£14.1m") == FORMATS["pounds"]


def test_words_that_say_more_than_their_number_stand_at_the_bar():
    worded = replace(POUND.chart, series=(replace(POUND.chart.series[0], points=(Said(0.27, "27p · £19.7m"), *POUND.chart.series[0].points[1:])),))  # fmt: skip
    content = made("pptx", with_view(replace(POUND, chart=worded))).content
    chart = next(
        inside for name, inside in parts(content) if "charts/chart" in name and name.endswith(".xml")
    )
    assert "27p · £19.7m".encode() in chart


def test_a_cell_is_the_darker_the_more_it_has_and_totals_are_not_coloured():
    step = heat_step(HEAT.table)
    #  the largest cell that is no total is 312; 290/312 of seven steps is 6.5, 77/312 is 1.7
    assert [step(Said(value, "")) for value in (312.0, 290.0, 77.0, 1.0, 0.0)] == [6, 6, 1, 0, None]
    assert step(HIDDEN) is None and heat_step(COURSE.table)(money(5)) is None


def test_years_go_across_where_a_chart_stands_above_them():
    years = tuple(f"20{year}-{year + 1}" for year in range(19, 27))
    rows = tuple((year, (fraction(0.1 * at), money(at * 1_000))) for at, year in enumerate(years))
    table = replace(RECOMMENDATION.table, rows=rows)
    chart = replace(RECOMMENDATION.chart, categories=years, marks=(), series=(Series("A", tuple(fraction(0.1) for _ in years)),))  # fmt: skip
    turned = table_of(replace(RECOMMENDATION, table=table, chart=chart))
    assert turned.headings == ("Year", *years)
    assert [name for name, _ in turned.rows] == ["Independent share", "Straight path"]
    assert turned.rows[1][1][3].words == "£3,000"
    assert table_of(RECOMMENDATION) is RECOMMENDATION.table  # four years are short as they are
    assert table_of(HEAT) is HEAT.table and table_of(QUESTIONS) is None


def test_a_chart_gets_what_the_page_has_left_and_a_table_a_page_where_there_is_too_little():
    alone = room_of(replace(POUND, table=None, sentences=()))
    assert alone.chart == 118.0 and not alone.has_own_page
    crowded = room_of(replace(POSITION, sentences=("Of this much could be said. " * 12,) * 3))
    assert crowded.has_own_page and crowded.has_words_below and crowded.chart >= 52.0


def test_four_formats_are_known():
    assert list(KINDS) == ["pdf", "pptx", "xlsx", "html"]
