"""How slides look before anything is on them: sixteen to nine, two layouts, the palette's colours, one font.

It starts from the template that python-pptx brings, so no file of ours has to be kept in step with the palette.
"""

from __future__ import annotations

import re
from typing import Any

import pptx
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.presentation import Presentation
from pptx.util import Emu, Inches

from dashboard.figures.palette import colour
from hnb.codelists import CODELISTS

FONT = "Arial"
"""One that Windows, macOS and LibreOffice have or have the like of, so that lines break alike everywhere."""

WIDTH, HEIGHT = Inches(13.333), Inches(7.5)
LEFT, ACROSS = Inches(0.6), Inches(12.133)
TOP, FOOT = Inches(1.95), Inches(6.88)
"""Where what is on a slide begins and ends, below the title and above the foot."""


def designed() -> Presentation:
    """An empty presentation; its first layout is the cover's, its second has a title, a foot and a number."""
    made = pptx.Presentation()
    made.slide_width, made.slide_height = WIDTH, HEIGHT
    layouts = list(made.slide_layouts)
    for layout in (*layouts[1:5], *layouts[6:]):
        made.slide_layouts.remove(layout)
    cover, titled = made.slide_layouts
    cover.name, titled.name = "Cover", "Title, chart or table"
    for held in (made.slide_master, cover, titled):
        for shape in list(held.placeholders):
            _placed(shape, is_cover=held is cover)
    theme = made.slide_master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    theme._blob = _theme(theme.blob.decode()).encode()
    _styled(made)
    _without_leavings(made)
    return made


def _placed(shape: Any, *, is_cover: bool) -> None:
    kind = shape.placeholder_format.type
    boxes = {
        PP_PLACEHOLDER.FOOTER: (LEFT, Inches(6.98), Inches(11.0), Inches(0.34)),
        PP_PLACEHOLDER.SLIDE_NUMBER: (Inches(11.733), Inches(6.98), Inches(1.0), Inches(0.34)),
        PP_PLACEHOLDER.TITLE: (LEFT, Inches(0.62), ACROSS, Inches(0.92)),
        PP_PLACEHOLDER.CENTER_TITLE: (LEFT, Inches(2.1), ACROSS, Inches(1.3)),
        PP_PLACEHOLDER.SUBTITLE: (LEFT, Inches(3.55), ACROSS, Inches(2.0)),
        PP_PLACEHOLDER.BODY: (LEFT, TOP, ACROSS, FOOT - TOP),
    }
    if kind not in boxes or (is_cover and kind in (PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER)):
        shape._element.getparent().remove(shape._element)
        return
    shape.left, shape.top, shape.width, shape.height = (Emu(edge) for edge in boxes[kind])
    body = shape._element.txBody.find(qn("a:bodyPr"))
    for edge in ("lIns", "rIns", "tIns", "bIns"):
        body.set(edge, "0")
    body.set("anchor", "b" if kind == PP_PLACEHOLDER.CENTER_TITLE else "t")
    styles = shape._element.txBody.find(qn("a:lstStyle"))
    if kind == PP_PLACEHOLDER.CENTER_TITLE:
        _restyled(styles, 4400, "tx1", is_bold=True)
    elif kind == PP_PLACEHOLDER.SUBTITLE:
        _restyled(styles, 2000, "tx2")
    elif kind == PP_PLACEHOLDER.FOOTER:
        _restyled(styles, 1100, "tx2")
    elif kind == PP_PLACEHOLDER.SLIDE_NUMBER:
        _restyled(styles, 1100, "tx2", align="r")


def _restyled(styles: Any, size: int, ink: str, *, is_bold: bool = False, align: str = "l") -> None:
    for old in list(styles):
        styles.remove(old)
    styles.append(
        parse_xml(
            f'<a:lvl1pPr {nsdecls("a")} marL="0" indent="0" algn="{align}"><a:buNone/><a:defRPr sz="{size}" b="{int(is_bold)}">'
            f'<a:solidFill><a:schemeClr val="{ink}"/></a:solidFill></a:defRPr></a:lvl1pPr>'
        )
    )


def _styled(made: Presentation) -> None:
    """The master's titles: to the left, bold, of the size that two lines of a headline take."""
    style = made.slide_master._element.find(qn("p:txStyles")).find(qn("p:titleStyle")).find(qn("a:lvl1pPr"))
    style.set("algn", "l")
    words = style.find(qn("a:defRPr"))
    words.set("sz", "2600")
    words.set("b", "1")


def _theme(xml: str) -> str:
    """The theme's colours and fonts, by the names that PowerPoint offers them under."""
    groups = [colour(group) for group in CODELISTS["setting_groups"].codes]
    offered = {
        "dk1": colour("ink"), "lt1": "#FFFFFF", "dk2": colour("muted"), "lt2": colour("page"),
        "hlink": colour("link"), "folHlink": colour("link"),
        **{f"accent{number}": shade for number, shade in enumerate([colour("accent"), *groups][:6], start=1)},
    }  # fmt: skip
    for name, shade in offered.items():
        xml = re.sub(
            rf"<a:{name}>.*?</a:{name}>",
            f'<a:{name}><a:srgbClr val="{shade.removeprefix("#")}"/></a:{name}>',
            xml,
        )
    named = xml.replace('name="Office Theme"', 'name="High needs"')
    return re.sub(r'<a:latin typeface="[^"]*"/>', f'<a:latin typeface="{FONT}"/>', named)


def _without_leavings(made: Presentation) -> None:
    """Take out what the template has of its maker: a picture of its first slide, and the settings of a printer."""
    package = made.part.package
    for relations in (package._rels, made.part.rels):
        for relation_id, relation in list(relations.items()):
            if relation.reltype in (RELATIONSHIP_TYPE.THUMBNAIL, RELATIONSHIP_TYPE.PRINTER_SETTINGS):
                relations.pop(relation_id)
