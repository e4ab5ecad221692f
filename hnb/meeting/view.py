"""What one view of the meeting holds: values with their words, and no drawing.

A drawing (SVG on screen and paper, a native chart in slides) reads `Chart`; a table (HTML, slides, workbook)
reads `Table`. Each number stands once, with its value, its words and its status, so that they cannot differ.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["lines", "bars", "columns"]
Tone = Literal["favourable", "adverse", ""]
Stroke = Literal["actual", "path", "trend", "target"]
Shape = Literal["pounds", "count", "number", "share", "price"]


@dataclass(frozen=True)
class Said:
    """A number and how it is said. value: None where it is missing; words then hold the sign of its status ("c")."""

    value: float | None
    words: str
    status: str = "reported"

    @property
    def is_forecast(self) -> bool:
        """Whether it is estimated: hatched, dashed or open, never solid."""
        return self.status == "estimated"


@dataclass(frozen=True)
class Tile:
    """One large figure with its label below: "£73.2m", "forecast for 2026-27"."""

    said: Said
    label: str
    tone: Tone = ""
    tone_words: str = ""


@dataclass(frozen=True)
class Series:
    """One line, or the bars of one kind. points: one for each of the chart's categories.

    colour: a name of `dashboard.figures.palette` (a setting group, "accent", "muted"); is_accent: the one that the
    headline speaks of. stroke: what happened, a straight path to a target, a trend carried on, a target.
    """

    name: str
    points: tuple[Said, ...]
    colour: str = "muted"
    is_accent: bool = False
    stroke: Stroke = "actual"


@dataclass(frozen=True)
class Mark:
    """A remark at a category: a decision's date, a break of the series. kind: "decision" or "break"."""

    category: str
    words: str
    kind: Literal["decision", "break"]


@dataclass(frozen=True)
class Chart:
    """A chart. kind: lines over years, bars across (one a category), or columns over years, up and down from nought.

    categories: in order, as said. shape: what the values are (pounds, a count, a share …), for axis and slides.
    described: what the chart says, in a sentence, for those who do not see it. colours: of bars, the colour of each
    category, where each has its own (a name of the palette, as in `Series`).
    """

    kind: Kind
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    shape: Shape
    described: str
    marks: tuple[Mark, ...] = ()
    colours: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """A table of the view's numbers. headings: the first heads the names of the rows. rows: name, then figures.

    whole: the row of the total, worked out like the others. is_heat: the larger the value the darker the cell, but
    for the last `unshaded` columns, which are of all or of what is not split.
    """

    caption: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Said, ...]], ...]
    shapes: tuple[Shape, ...]
    whole: tuple[str, tuple[Said, ...]] | None = None
    is_heat: bool = False
    signs: str = ""
    unshaded: int = 1


@dataclass(frozen=True)
class View:
    """One full screen: a headline, at most four large figures, a chart or a table, and what to say with it.

    view_id: short, stable, for the address ("position", "recommendation-R1"). part: what it is of ("Recommendation
    1 of 9"). headline: a sentence with the finding. measured: measure, unit, years. chart: what the screen draws;
    without one the screen shows the table. table: every number of the view. sentences: at most three more, in
    plain words. notes: what the speaker may say. caution: what one must know. source: where the figures come from.
    """

    view_id: str
    part: str
    headline: str
    measured: str
    source: str
    tiles: tuple[Tile, ...] = ()
    chart: Chart | None = None
    table: Table | None = None
    sentences: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    caution: str = ""
