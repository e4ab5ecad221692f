"""The sheet that a chart is drawn on: marks as SVG elements with classes, escaped words, hatches of forecasts."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from xml.sax.saxutils import escape, quoteattr

from dashboard.figures.board.labels import LINE


@dataclass
class Canvas:
    """Marks in the order in which they are drawn. width, height, text: in the drawing's own units."""

    width: float
    height: float
    text: float
    title: str
    described: str
    marks: list[str] = field(default_factory=list)
    hatches: dict[str, str] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """What the drawing's identifiers begin with, so that several stand in one document."""
        given = f"{self.title}|{self.described}|{self.width}|{self.height}|{self.text}"
        return f"board-{zlib.crc32(given.encode()):08x}"

    def line(self, x1: float, y1: float, x2: float, y2: float, kind: str) -> None:
        """A straight line; kind: its classes."""
        self.marks.append(f'<line class="{kind}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>')

    def path(self, points: Sequence[tuple[float, float]], kind: str) -> None:
        """A line through points; nothing of fewer than two."""
        if len(points) > 1:
            through = "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
            self.marks.append(f'<path class="{kind}" d="M{through}"/>')

    def box(self, x: float, y: float, width: float, height: float, kind: str, fill: str = "") -> None:
        """A rectangle. fill: the address of a hatch."""
        filled = f' fill="url(#{fill})"' if fill else ""
        self.marks.append(f'<rect class="{kind}" x="{x:.1f}" y="{y:.1f}" width="{max(width, 0.0):.1f}" height="{max(height, 0.0):.1f}"{filled}/>')  # fmt: skip

    def dot(self, x: float, y: float, radius: float, kind: str) -> None:
        """A round mark."""
        self.marks.append(f'<circle class="{kind}" cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}"/>')

    def diamond(self, x: float, y: float, size: float, kind: str) -> None:
        """A square standing on its corner: a decision."""
        self.marks.append(
            f'<path class="{kind}" d="M{x:.1f} {y - size:.1f}L{x + size:.1f} {y:.1f}L{x:.1f} {y + size:.1f}L{x - size:.1f} {y:.1f}Z"/>'
        )

    def words(
        self,
        x: float,
        y: float,
        lines: Sequence[str],
        kind: str = "",
        anchor: str = "start",
        halo: bool = False,
    ) -> None:
        """Lines of words; y is the middle of them all."""
        first = y - (len(lines) - 1) / 2 * LINE * self.text + 0.35 * self.text
        names = " ".join(name for name in ("halo" if halo else "", kind) if name)
        classes = f' class="{names}"' if names else ""
        for number, said in enumerate(lines):
            down = first + number * LINE * self.text
            self.marks.append(f'<text{classes} x="{x:.1f}" y="{down:.1f}" text-anchor="{anchor}">{escape(said)}</text>')  # fmt: skip

    def hatch(self, colour: str) -> str:
        """The address of a colour's hatch, which is what a forecast is filled with."""
        name = f"{self.key}-{colour.replace('_', '-')}"
        step = max(self.text * 0.5, 5.0)
        self.hatches[name] = (
            f'<pattern id="{name}" width="{step:.1f}" height="{step:.1f}" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
            f'<rect class="fill-{colour.replace("_", "-")}" width="{step:.1f}" height="{step:.1f}"/>'
            f'<rect class="ground" width="{step * 0.16:.1f}" height="{step:.1f}"/></pattern>'
        )
        return name

    def drawn(self) -> str:
        """The whole element."""
        key = self.key
        hatches = f"<defs>{''.join(self.hatches.values())}</defs>" if self.hatches else ""
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="board" viewBox="0 0 {self.width:g} {self.height:g}" role="img" font-size="{self.text:g}" '
            f"aria-labelledby={quoteattr(f'{key}-title')} aria-describedby={quoteattr(f'{key}-desc')}>"
            f'<title id="{key}-title">{escape(self.title)}</title><desc id="{key}-desc">{escape(self.described)}</desc>'
            f"{hatches}{''.join(self.marks)}</svg>"
        )
