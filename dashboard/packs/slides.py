"""The pack as slides: sixteen to nine, charts and tables that can be edited, what the speaker may say in the notes.

Titles, footers and slide numbers are placeholders of the layout, so that the outline, a screen reader and a
council's own template find them.
"""

from __future__ import annotations

import copy
import io
from collections.abc import Iterator, Sequence
from typing import Any

from pptx.dml.color import RGBColor
from pptx.enum.shapes import MSO_SHAPE, PP_PLACEHOLDER
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.presentation import Presentation
from pptx.slide import Slide
from pptx.util import Emu, Inches, Pt

from dashboard.figures import palette
from dashboard.packs.native_charts import add_chart, rgb
from dashboard.packs.pack import Pack, has_total_column, heat_step
from dashboard.packs.settled import settled_zip
from dashboard.packs.slide_design import ACROSS, FOOT, LEFT, TOP, designed
from hnb import wording
from hnb.meeting import Chart, Said, Table, Tile, View

_TITLE_LINE = 66
"""Characters of a title that stand on one line, or a few less."""

_FOOT_LINES = 270
"""Characters of the foot that stand on two lines of its own type."""

ROWS = 13
"""Rows of a table that one slide takes, its total among them; a longer table goes on on the next."""

_NO_STYLE = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"


def slides(pack: Pack) -> bytes:
    """The PPTX file."""
    made = designed()
    _cover(made, pack)
    for view in pack.views:
        _view_slides(made, pack, view)
    _method(made, pack)
    about = made.core_properties
    about.title, about.subject = f"{pack.title}: {pack.subtitle}", pack.as_at
    about.author = about.last_modified_by = pack.published.board_name
    about.language, about.keywords, about.comments = "en-GB", "", f"Publication {pack.number}"
    about.created = about.modified = pack.published.published_at.replace(tzinfo=None)
    about.revision = 1
    buffer = io.BytesIO()
    made.save(buffer)
    return settled_zip(buffer.getvalue(), pack.published.published_at)


# ---------------------------------------------------------------------------------------- slides


def _cover(made: Presentation, pack: Pack) -> None:
    slide = made.slides.add_slide(made.slide_layouts[0])
    slide.shapes.title.text = pack.title
    _rule(slide, LEFT, Inches(1.6), Inches(1.6), Inches(0.09), "accent")
    slide.placeholders[1].text = f"{pack.subtitle}\n{pack.as_at}\nPublished on {wording.date(pack.published.published_at.date())}, publication {pack.number}"  # fmt: skip
    _say(slide, [" ".join(pair) for pair in pack.method[:3]])


def _view_slides(made: Presentation, pack: Pack, view: View) -> None:
    if view.chart is not None or view.table is None:
        _drawn_slide(made, pack, view)
    if view.table is not None:
        _table_slides(made, pack, view, view.table)


def _drawn_slide(made: Presentation, pack: Pack, view: View) -> None:
    slide = _slide(made, pack, view, view.headline)
    top = _tiles(slide, view.tiles, _top(view.headline)) if view.tiles else _top(view.headline)
    caution = [f"Note: {view.caution}"] if view.caution else []
    if view.chart is not None:
        # The chart comes first: what it leaves no room for stands under the table, and in the notes.
        marks = "; ".join(
            (*(f"{mark.category}: {mark.words}" for mark in view.chart.marks), *_hidden(view.chart))
        )
        lines = [*([marks] if marks else []), *view.sentences[:1], *caution]
        height = _text_height(lines)
        box = (LEFT, top, ACROSS, FOOT - height - top - Inches(0.05))
        add_chart(slide, view.chart, box, name=f"Chart: {view.measured}", described=view.chart.described)
        _sentences(slide, lines, FOOT - height, height, Pt(14))
    else:
        _sentences(slide, [*view.sentences, *caution], top, FOOT - top, Pt(24))


def _hidden(chart: Chart) -> Iterator[str]:
    """What a gap in a line is: "Hidden (c): Independent in 2019-20". A bar that is not there says so itself."""
    for series in chart.series if chart.kind == "lines" else ():
        gaps = [
            (said.words, category)
            for category, said in zip(chart.categories, series.points, strict=True)
            if said.status == "suppressed"
        ]
        if gaps:
            yield f"Hidden ({gaps[0][0]}): {series.name} in {wording.listed(category for _, category in gaps)}"


def _table_slides(made: Presentation, pack: Pack, view: View, table: Table) -> None:
    parts = list(_in_parts(table))
    for number, rows in enumerate(parts, start=1):
        of = f" ({number} of {len(parts)})" if len(parts) > 1 else ""
        brief = table.caption.partition(". ")[0]
        title = view.headline if view.chart is None and number == 1 else f"{brief}{of}"
        slide = _slide(made, pack, view, title)
        top = _top(title)
        if view.tiles and view.chart is None and number == 1:
            top = _tiles(slide, view.tiles, top)
        lines = [table.signs] if table.signs and number == len(parts) else []
        if number == len(parts):
            lines += view.sentences
            lines += [f"Note: {view.caution}"] if view.caution and view.chart is None else []
        room = FOOT - top - _text_height(lines) - Inches(0.1)
        end = _table(slide, table, rows, top, room, f"{table.caption}{of}")
        _sentences(slide, lines, end + Inches(0.1), FOOT - end - Inches(0.1), Pt(14))


def _in_parts(
    table: Table,
) -> Iterator[Sequence[tuple[str, tuple[Said, ...], bool]]]:
    """The table's rows, at most `ROWS` a part; the total is told by its third item."""
    rows = [(name, figures, False) for name, figures in table.rows]
    rows += [(*table.whole, True)] if table.whole else []
    for start in range(0, len(rows), ROWS):
        yield rows[start : start + ROWS]


def _method(made: Presentation, pack: Pack) -> None:
    """Two slides: what the figures are, and what stands for one that is hidden."""
    halves = (pack.method[:4], pack.method[4:])
    for title, pairs in zip(
        ("What the figures are", "What is hidden, and how much is shown"), halves, strict=True
    ):
        slide = _slide(made, pack, None, title)
        text = _text_box(slide, LEFT, _top(title) - Inches(0.3), ACROSS, FOOT - TOP, "Method")
        for number, (heading, words) in enumerate(pairs):
            paragraph = text.paragraphs[0] if number == 0 else text.add_paragraph()
            paragraph.space_after = Pt(9)
            _run(paragraph, f"{heading}. ", Pt(16), "ink", is_bold=True)
            _run(paragraph, words, Pt(16), "ink")
        if pairs is halves[1]:
            paragraph = text.add_paragraph()
            _run(paragraph, "Signs. ", Pt(16), "ink", is_bold=True)
            _run(
                paragraph,
                " ".join(f"{sign}: {meaning}" for sign, meaning in pack.signs),
                Pt(16),
                "ink",
            )


def _slide(made: Presentation, pack: Pack, view: View | None, title: str) -> Slide:
    """An empty slide with its title, its part, and the foot."""
    layout = made.slide_layouts[1]
    slide = made.slides.add_slide(layout)
    slide.shapes.title.text = title
    if len(title) > 2 * _TITLE_LINE:
        slide.shapes.title.text_frame.paragraphs[0].runs[0].font.size = Pt(26 * 2 * _TITLE_LINE / len(title))
    part = _text_box(slide, LEFT, Inches(0.34), ACROSS, Inches(0.34), "Part")
    of = view.part if view else "Method"
    _run(part.paragraphs[0], of, Pt(14 if len(of) < 100 else 11), "accent", is_bold=True)
    if view is not None:
        measured = _text_box(slide, LEFT, _top(title) - Inches(0.45), ACROSS, Inches(0.34), "Measure")
        _run(measured.paragraphs[0], view.measured, Pt(14), "muted")
        notes = [*view.notes, *view.sentences, *([f"Caution: {view.caution}"] if view.caution else [])]
        if view.chart is not None:
            notes.append(f"The chart: {view.chart.described}")
        _say(slide, [*notes, pack.source(view)])
    foot = pack.source(view) if view else f"{pack.title}. {pack.as_at}."
    for held in layout.placeholders:
        kind = held.placeholder_format.type
        if kind in (PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER):
            element = copy.deepcopy(held._element)
            element.nvSpPr.cNvPr.set("id", str(max(shape.shape_id for shape in slide.shapes) + 1))
            slide.shapes._spTree.append(element)
            if kind == PP_PLACEHOLDER.FOOTER:
                slide.shapes[-1].text_frame.text = foot
                if len(foot) > _FOOT_LINES:
                    slide.shapes[-1].text_frame.paragraphs[0].runs[0].font.size = Pt(9)
    return slide


def _top(title: str) -> int:
    """Where what is on a slide begins: higher below a title of one line."""
    return TOP if len(title) > _TITLE_LINE else TOP - Inches(0.42)


def _say(slide: Slide, lines: Sequence[str]) -> None:
    slide.notes_slide.notes_text_frame.text = "\n".join(lines)


# ----------------------------------------------------------------------------------- what is on them


def _tiles(slide: Slide, tiles: Sequence[Tile], top: int) -> int:
    """The large figures in a row; gives where they end."""
    gap = Inches(0.3)
    width = (ACROSS - gap * 3) // 4
    for number, tile in enumerate(tiles):
        left = LEFT + (width + gap) * number
        _rule(slide, left, top, width, Inches(0.055), tile.tone or "accent")
        text = _text_box(slide, left, top + Inches(0.08), width, Inches(1.0), tile.label)
        _run(text.paragraphs[0], tile.said.words, Pt(28), "ink", is_bold=True)
        _run(text.add_paragraph(), tile.label, Pt(13), "muted")
        if tile.tone_words:
            _run(text.add_paragraph(), tile.tone_words, Pt(13), tile.tone or "muted", is_bold=True)
    letters = int(width / Inches(0.092))
    most = max(
        1 + len(tile.label) // letters + (1 + len(tile.tone_words) // letters if tile.tone_words else 0)
        for tile in tiles
    )
    return top + Inches(0.62) + Inches(0.22) * most


def _text_height(lines: Sequence[str]) -> int:
    """How much room lines of 14 points take, with those that wrap counted."""
    return Inches(0.26) * sum(1 + len(line) // 132 for line in lines) + (Inches(0.12) if lines else 0)


def _sentences(slide: Slide, lines: Sequence[str], top: int, height: int, size: Any) -> None:
    if not lines:
        return
    text = _text_box(slide, LEFT, top, ACROSS, height, "What it says")
    for number, line in enumerate(lines):
        paragraph = text.paragraphs[0] if number == 0 else text.add_paragraph()
        paragraph.space_after = Pt(size.pt / 7)
        _run(paragraph, line, size, "ink")


def _table(
    slide: Slide, table: Table, rows: Sequence[tuple[str, tuple[Said, ...], bool]], top: int, room: int, name: str
) -> int:  # fmt: skip
    """The table; gives where it ends."""
    columns = len(table.headings)
    size, row_height, head = _type_size(table, rows, room)
    tall = row_height * (len(rows) + head)
    frame = slide.shapes.add_table(len(rows) + 1, columns, LEFT, Emu(top), ACROSS, Emu(tall))
    frame.name = name
    frame._element.nvGraphicFramePr.cNvPr.set("descr", name)
    drawn = frame.table
    drawn.first_row, drawn.first_col, drawn.horz_banding = True, True, False
    drawn._tbl.tblPr.find(qn("a:tableStyleId")).text = _NO_STYLE
    for at, width in enumerate(_widths(table)):
        drawn.columns[at].width = Emu(width)
    step, of_total = heat_step(table), has_total_column(table)
    for at, heading in enumerate(table.headings):
        _cell(drawn.cell(0, at), heading, is_bold=True, is_right=at > 0, below=("ink", 19050), size=size)
    for number, (title, figures, is_whole) in enumerate(rows, start=1):
        above = ("ink", 19050) if is_whole else None
        below = ("border", 9525)
        _cell(drawn.cell(number, 0), title, is_bold=is_whole, above=above, below=below, size=size)
        for at, said in enumerate(figures, start=1):
            _cell(
                drawn.cell(number, at), said.words, is_bold=is_whole, is_right=True, above=above, below=below,
                size=size, is_missing=said.value is None, is_forecast=said.is_forecast and not table.is_heat, heat=None if is_whole or (of_total and at == columns - 1) else step(said),
            )  # fmt: skip
    for number, row in enumerate(drawn.rows):
        row.height = Emu(row_height * (head if number == 0 else 1))
    return top + tall


_TYPES = ((Pt(18), Inches(0.5)), (Pt(16), Inches(0.44)), (Pt(14), Inches(0.38)), (Pt(13), Inches(0.34)), (Pt(12), Inches(0.31)))  # fmt: skip


def _type_size(
    table: Table, rows: Sequence[tuple[str, tuple[Said, ...], bool]], room: int
) -> tuple[Any, int, int]:
    """The largest type of a table that its place holds, the height of its rows, and how many of them its headings take."""
    widths = _widths(table)
    named = [name for name, _, _ in rows]
    for size, height in _TYPES:
        wide, narrow = (_letters(width, size.pt, share) for width, share in ((widths[0], 0.51), (widths[-1], 0.57)))  # fmt: skip
        head = max(_lines_of(heading, narrow) for heading in table.headings[1:])
        parts = [part for heading in table.headings[1:] for part in heading.replace("-", "- ").split()]
        figures = [said.words for _, found, _ in rows for said in found]
        is_whole = all(len(words) <= narrow for words in [*parts, *figures]) and max(map(len, named)) <= wide
        if is_whole and height * (len(rows) + head) <= room:
            return size, height, head
    return size, height, head


def _letters(width: int, points: float, share: float) -> int:
    """Letters that go across a cell, each that share of its type's size wide."""
    return int((width / Inches(1) - 0.14) / (points / 72 * share))


def _lines_of(words: str, letters: int) -> int:
    """How many lines words take where a line has so many letters and no word is broken."""
    lines, left = 1, letters
    for word in words.split():
        if len(word) > left and left < letters:
            lines, left = lines + 1, letters
        left -= len(word) + 1
    return lines


def _widths(table: Table) -> list[int]:
    """The first column by its longest name, the others alike."""
    others = len(table.headings) - 1
    names = [table.headings[0], *(name for name, _ in table.rows)]
    first = max(Inches(1.6), min(Inches(5.2), Inches(0.14) * max(map(len, names))))
    # Many columns take from the first: its names may stand on two lines, a figure may not.
    first = max(Inches(1.6), min(first, ACROSS - others * Inches(1.06)))
    width = min((ACROSS - first) // max(others, 1), Inches(3.2))
    return [first, *[width] * others]


def _cell(
    cell: Any, words: str, *, size: Any, is_bold: bool = False, is_right: bool = False, is_missing: bool = False,
    is_forecast: bool = False, heat: int | None = None, above: tuple[str, int] | None = None,
    below: tuple[str, int] | None = None,
) -> None:  # fmt: skip
    fill, ink = (None, "muted" if is_missing else "ink")
    paragraph = cell.text_frame.paragraphs[0]
    paragraph.alignment = PP_ALIGN.RIGHT if is_right else PP_ALIGN.LEFT
    _run(paragraph, words, size, ink, is_bold=is_bold)
    cell.margin_top = cell.margin_bottom = Inches(0.03)
    cell.margin_left = cell.margin_right = Inches(0.07)
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE
    if heat is not None:
        fill, text = palette.HEAT[heat]
        cell.fill.solid()
        cell.fill.fore_color.rgb = RGBColor.from_string(fill.light[1:])
        paragraph.runs[0].font.color.rgb = RGBColor.from_string(text.light[1:])
    elif is_forecast:
        cell.fill.solid()
        cell.fill.fore_color.rgb = rgb("accent_soft")
    else:
        cell.fill.background()
    # Edges come before the fill: PowerPoint takes the elements in the order of their schema and no other.
    edges = [(edge, *drawn) for edge, drawn in (("lnT", above), ("lnB", below)) if drawn is not None]
    for number, (edge, name, width) in enumerate(edges):
        line = f'<a:{edge} {nsdecls("a")} w="{width}"><a:solidFill><a:srgbClr val="{rgb(name)}"/></a:solidFill></a:{edge}>'
        cell._tc.get_or_add_tcPr().insert(number, parse_xml(line))


def _text_box(slide: Slide, left: int, top: int, width: int, height: int, name: str) -> Any:
    shape = slide.shapes.add_textbox(Emu(left), Emu(top), Emu(width), Emu(height))
    shape.name = name
    frame = shape.text_frame
    frame.word_wrap = True
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    return frame


def _run(paragraph: Any, words: str, size: Any, ink: str, *, is_bold: bool = False) -> None:
    run = paragraph.add_run()
    run.text = words
    run.font.size, run.font.bold = size, is_bold
    run.font.color.rgb = rgb(ink)
    run._r.get_or_add_rPr().set("lang", "en-GB")


def _rule(slide: Slide, left: int, top: int, width: int, height: int, ink: str) -> None:
    """A thin bar that means nothing, and says so, so that a screen reader passes over it."""
    shape = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, Emu(left), Emu(top), Emu(width), Emu(height))
    shape.name = "Rule"
    shape.fill.solid()
    shape.fill.fore_color.rgb = rgb(ink)
    shape.line.fill.background()
    # The shape's style would give it the theme's shadow.
    shape._element.remove(shape._element.find(qn("p:style")))
    shape._element.nvSpPr.cNvPr.append(
        parse_xml(
            f'<a:extLst {nsdecls("a")}><a:ext uri="{{C183D7F6-B498-43B3-948B-1728B52AA6E4}}">'
            '<adec:decorative xmlns:adec="http://schemas.microsoft.com/office/drawing/2017/decorative" val="1"/></a:ext></a:extLst>'
        )
    )
