"""The look that docs/look.md promises: colours for every reader, gaps between neighbours, nothing named twice."""

from __future__ import annotations

import re
from typing import Any

import dash
import pytest

from dashboard.app import pages
from dashboard.figures import palette
from hnb.codelists import CODELISTS
from tests.conftest import ROOT
from tests.dashboard.conftest import layout_of
from tests.dashboard.reading import elements

ASSETS = ROOT / "dashboard" / "assets"
STYLES = {path.name: path.read_text("utf-8") for path in sorted(ASSETS.glob("*.css"))}
GROUPS = CODELISTS["setting_groups"].codes
MARKS = [*GROUPS, "accent", "adverse", "favourable", "neutral", "link", "ink", "muted"]

# How readers without one kind of cone see a colour: G. M. Machado, M. M. Oliveira, L. A. F. Fernandes, "A
# Physiologically-based Model for Simulation of Color Vision Deficiency", IEEE TVCG 15(6), 2009; severity 1.0, linear RGB.
SEEN_AS = {
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}  # fmt: skip


def seen(colour: str, reader: str) -> str:
    """The colour as a reader without one kind of cone sees it."""
    linear = [
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in (channel / 255 for channel in palette.channels(colour))
    ]
    mixed = [
        min(max(sum(part * value for part, value in zip(row, linear, strict=True)), 0.0), 1.0)
        for row in SEEN_AS[reader]
    ]
    back = [value * 12.92 if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055 for value in mixed]
    return "#" + "".join(f"{round(255 * value):02X}" for value in back)


def test_the_simulation_leaves_greys_as_they_are_and_confuses_red_with_green():
    for reader in SEEN_AS:
        assert all(abs(one - 128) <= 1 for one in palette.channels(seen("#808080", reader)))
    red, green = (palette.channels(seen(colour, "deuteranopia")) for colour in ("#C00000", "#508000"))
    assert max(abs(one - other) for one, other in zip(red[:2], green[:2], strict=True)) < 40


@pytest.mark.parametrize("reader", SEEN_AS)
@pytest.mark.parametrize("scheme", ["light", "dark"])  # paper has the light colours on white
@pytest.mark.parametrize("ground", ["card", "page"])
def test_every_mark_stands_out_from_its_ground_for_every_reader(reader: str, scheme: str, ground: str):
    below = seen(getattr(palette.TOKENS[ground], scheme), reader)
    weak = {
        name: ratio
        for name in MARKS
        if (ratio := palette.contrast(seen(getattr(palette.shade(name), scheme), reader), below)) < 3
    }
    assert weak == {}


@pytest.mark.parametrize("name", MARKS)
def test_every_mark_stands_out_from_paper(name: str):
    assert palette.contrast(palette.colour(name), "#FFFFFF") >= 3


@pytest.mark.parametrize("reader", SEEN_AS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_words_of_the_heat_table_read_for_every_reader(reader: str, scheme: str):
    for fill, text in palette.HEAT:
        ratio = palette.contrast(seen(getattr(fill, scheme), reader), seen(getattr(text, scheme), reader))
        assert ratio >= 4.5


def test_neighbours_that_touch_are_parted_by_two_pixels():
    style = STYLES["style.css"]
    assert re.search(r"\.pound \{[^}]*gap: 2px", style)
    assert re.search(r"\.heat \{[^}]*border-spacing: 2px", style)
    assert re.search(r"\.heat-scale \.steps \{[^}]*gap: 2px", style)


def test_the_parts_of_a_stacked_chart_are_parted_by_two_pixels_of_the_card(app: dash.Dash):
    for page in pages():
        for chart in elements(layout_of(app, page), "Graph"):
            figure = chart.figure if isinstance(chart.figure, dict) else chart.figure.to_plotly_json()
            if figure["layout"].get("barmode") != "stack":
                continue
            for trace in figure["data"]:
                line = trace["marker"]["line"]
                assert (line["width"] >= 2, line["color"]) == (True, palette.colour("card")), chart.id


@pytest.mark.parametrize("name", [name for name in STYLES if name.startswith("page_")])
def test_no_page_s_style_names_a_colour(name: str):
    bare = re.sub(r"/\*.*?\*/", "", STYLES[name], flags=re.S)
    bare = re.sub(
        r"box-shadow:[^;}]*|url\([^)]*\)|rgb\(0 0 0 / [\d.]+\)", "", bare
    )  # a shadow and a veil are no colours
    named = re.findall(
        r"#[0-9a-fA-F]{3,8}\b(?=[^{]*[;}])|\brgba?\(|\bhsla?\(|:\s*(?:red|green|blue|white|black|gr[ae]y)\b",
        bare,
    )
    assert named == []


def test_paper_has_no_controls_every_table_and_whole_panels():
    paper = STYLES["style_print.css"]
    for control in (".site-nav", ".site-search", ".controls", ".chooser", ".skip-link", ".downloads"):
        assert control in paper.partition("display: none")[0], control
    assert "size: A4" in paper and "break-inside: avoid" in paper and "table-header-group" in paper
    assert "beforeprint" in (ASSETS / "shell.js").read_text("utf-8")
    # A long table scrolls on a screen; on paper all its rows are there.
    assert "overflow: visible !important; max-height: none !important" in paper
    # A page whose table has more columns than an upright sheet takes lies across, and its charts with it.
    assert "@page wide { size: A4 landscape" in paper
    for style in (paper, (ASSETS / "shell.js").read_text("utf-8")):
        assert "thead tr:last-child > :nth-child(14)" in style


def test_the_document_says_what_the_styles_do():
    said = (ROOT / "docs" / "look.md").read_text("utf-8")
    for name in ("shell.css", "style.css", "style_print.css", "palette.py"):
        assert name in said
    for size in (
        "--size-small: 0.8125rem",
        "--size-text: 0.9375rem",
        "--size-lead: 1.0625rem",
        "--size-finding: 1.1875rem",
    ):
        assert size in STYLES["style.css"]
        assert size.rpartition(" ")[2].replace("rem", " rem") in said


def test_figures_are_tabular_and_right(app: dash.Dash):
    style = STYLES["style.css"]
    assert "font-variant-numeric: tabular-nums" in style
    assert re.search(r"\.numbers \.number[^{]*\{[^}]*text-align: right", style)
    checked: list[Any] = []
    for page in pages():
        for table in elements(layout_of(app, page), "Table"):
            if "numbers" not in (table.className or "").split():
                continue
            for cell in elements(table, "Td"):
                words = cell.children
                if isinstance(words, str) and re.fullmatch(r"[+−]?£[\d,]+(\.\d+m|k)?", words):
                    checked.append(cell)
                    assert "number" in (cell.className or ""), (page["path"], words)
    assert checked
