"""The pack as one self-contained page: styles and drawings in it, no script, nothing asked of any address.

The same page, printed, is the paper (`dashboard.packs.paper`).
"""

from __future__ import annotations

import re
from importlib.resources import files

import jinja2
from markupsafe import Markup, escape

from dashboard.figures import palette
from dashboard.figures.board import stylesheet, svg
from dashboard.packs.pack import METHOD, Pack, brief_part, has_total_column, heat_step
from dashboard.packs.room import ACROSS, room_of, table_of
from hnb import wording
from hnb.meeting import View

WIDTH, TEXT = 1180, 19
"""A drawing's width in its own units, and the height of its letters in them: 11 points on A4 across."""

NARROW = (420, 360, 17)
"""Width, height and letters of the drawing that a phone shows in place of the other."""

_YEAR = re.compile(r"\b(\d{4}-\d{2})\b")
_NAMED = re.compile(r'aria-labelledby="([^"]+)" aria-describedby="([^"]+)"')
_FOLDER = files("dashboard.packs")


def page(pack: Pack) -> bytes:
    """The page, UTF-8."""
    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined)
    environment.filters["years"] = years_kept_whole
    template = environment.from_string(_FOLDER.joinpath("page.html").read_text("utf-8"))
    rooms = {view.view_id: room_of(view) for view in pack.views}
    text = template.render(
        pack=pack,
        published_on=wording.date(pack.published.published_at.date()),
        style=_ready(style(pack)),
        drawings={
            view.view_id: (
                _drawing(view, WIDTH, rooms[view.view_id].chart * WIDTH / ACROSS, TEXT),
                _drawing(view, *NARROW),
            )
            for view in pack.views
            if view.chart
        },
        tables={view.view_id: table_of(view) for view in pack.views},
        heats={view.view_id: heat_step(view.table) for view in pack.views},
        has_total_column=has_total_column,
        method=METHOD,
        rooms=rooms,
        brief_part=brief_part,
    )
    return text.encode()


def years_kept_whole(words: str) -> Markup:
    """The words, escaped, in which no line ends within a year: "2026-27"."""
    return _ready(_YEAR.sub(r'<span class="year">\1</span>', str(escape(words))))


def style(pack: Pack) -> str:
    """The style sheet: the palette's colours in both schemes, how the page looks, and the margins of each printed page."""
    sheet = _FOLDER.joinpath("page.css").read_text("utf-8")
    feet = [(view.view_id, brief_part(view), pack.source(view)) for view in pack.views]
    feet.append(("method", "Method", f"{pack.title}. {pack.as_at}."))
    board = pack.published.board_name
    margins = (_printed_page(name, f"{board}: {part}", source) for name, part, source in feet)
    return "\n".join((*palette.variables("data-scheme"), sheet, stylesheet(), *margins))


def _ready(markup: str) -> Markup:
    """Markup of our own making, in which what the pack says has been escaped already."""
    return Markup(markup)  # noqa: S704


def _drawing(view: View, width: float, height: float, text: float) -> Markup:
    """The chart's SVG. Its name holds what it says as well: a browser prints no description but the name."""
    assert view.chart is not None  # noqa: S101 (the caller asks for charts alone)
    drawn = svg(view.chart, width=width, height=height, text=text, title=view.measured)
    return _ready(_NAMED.sub(r'aria-labelledby="\1 \2"', drawn, count=1))


def _printed_page(name: str, part: str, source: str) -> str:
    """The margins of the printed pages of one view: whose and of what above, source and date below."""
    view, own = _css_name(name), _css_name(f"page-{name}")
    margins = (
        f"@top-right{{content:{_css_text(part)}}}",
        f"@bottom-left{{content:{_css_text(source)}}}",
    )
    return f"@media print{{#{view}{{page:{own}}}}}@page {own}{{{''.join(margins)}}}"


def _css_name(name: str) -> str:
    """A name that a style sheet takes as it stands; view ids are short and plain, and are held to that here."""
    return re.sub(r"[^A-Za-z0-9_-]", "-", name)


def _css_text(words: str) -> str:
    """Text inside a style sheet: everything but letters, digits and a few marks is written by its number."""
    safe = "".join(
        letter if letter.isalnum() or letter in " .,:;()-–" else f"\\{ord(letter):06x}" for letter in words
    )
    return f'"{safe}"'
