"""The pack of the shipped sample: every figure of every view in every format, and no hidden figure of the register in any.

The sample is published twice; what its register knows of the hidden cells is looked for in every byte.
"""

from __future__ import annotations

import io
from itertools import pairwise
from pathlib import Path

import openpyxl
import polars
import pptx
import pypdf
import pytest
from playwright.sync_api import Browser

from dashboard.packs import KINDS, made, pack_of
from dashboard.packs.pack import Pack, said_of
from dashboard.packs.workbook import sheet_names
from hnb import board, publications
from hnb.disclosure import TOTAL
from hnb.store import Snapshot
from tests.browser.watching import Watched, watched
from tests.dashboard.pack_reading import Element, parts, shown_figures

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def pack(published_twice: Path) -> Pack:
    return pack_of(published_twice)


@pytest.fixture(scope="module")
def files(pack: Pack) -> dict[str, bytes]:
    return {kind: made(kind, pack).content for kind in KINDS}


def rows_of(view):
    return [*view.table.rows, *([view.table.whole] if view.table.whole else [])]


def test_every_figure_of_every_view_stands_in_every_format(pack, files):
    page = Element(files["html"].decode())
    paper = pypdf.PdfReader(io.BytesIO(files["pdf"]))
    starts = [paper.get_destination_page_number(entry) for entry in paper.outline[1]]
    printed = [shown_figures(sheet.extract_text()) for sheet in paper.pages]
    slides = pptx.Presentation(io.BytesIO(files["pptx"]))
    tables = [shape for slide in slides.slides for shape in slide.shapes if shape.has_table]
    book = openpyxl.load_workbook(io.BytesIO(files["xlsx"]))
    found = 0
    sheets = sheet_names([view.part for view in pack.views])
    for view, sheet, first, after in zip(pack.views, sheets, starts, starts[1:], strict=False):
        on_page, on_paper = shown_figures(page.words[view.view_id]), "".join(printed[first:after])
        for said in (tile.said for tile in view.tiles):
            assert shown_figures(said.words) in on_page and shown_figures(said.words) in on_paper
        if view.table is None:
            continue
        cells = [[cell.text for cell in row.cells] for shape in tables if shape.name.startswith(view.table.caption) for row in shape.table.rows]  # fmt: skip
        for number, (name, figures) in enumerate(rows_of(view)):
            assert [name, *(said.words for said in figures)] in cells
            for column, said in enumerate(figures, start=2):
                found += 1
                assert shown_figures(said.words) in on_page and shown_figures(said.words) in on_paper
                cell = book[sheet].cell(5 + number, column).value
                #  A workbook keeps sixteen digits of a number.
                assert cell == (
                    said.words or None if said.value is None else pytest.approx(said.value, rel=1e-14)
                )
    assert found > 250  # figures of tables


def test_no_figure_of_a_hidden_cell_is_in_any_byte(pack, files, published_twice, sample_build):
    snapshot = Snapshot.open(sample_build.processed)
    given = board.contributions(snapshot, pack.published.authority)
    secrets: set[str] = set()
    for frame in publications.latest(published_twice)["pack"].tables.values():
        dimensions = [name for name in ("setting", "phase", "need") if name in frame.columns]
        for cell in frame.filter(polars.col("status") == "suppressed").to_dicts():
            chosen = [polars.col("financial_year") == cell["financial_year"]]
            chosen += [
                polars.col(name).is_in(pack.published.categories[name][cell[name]])
                for name in dimensions
                if cell[name] != TOTAL
            ]
            spend = float(given.filter(*chosen)["spend"].sum())
            if abs(spend) >= 1_000:  # a shorter number stands by chance in any long file
                secrets |= {f"{spend:.2f}", str(round(spend)), f"{round(spend):,}", repr(spend)}
    shown = {
        f"{round(said.value):,}" for view in pack.views for said in said_of(view) if said.value is not None
    }
    secrets -= shown
    assert len(secrets) > 10
    for kind, content in files.items():
        inside = list(parts(content)) if kind in ("pptx", "xlsx") else [(kind, content)]
        if kind == "pdf":
            paper = pypdf.PdfReader(io.BytesIO(content))
            inside = [
                (f"page {number}", sheet.extract_text().encode()) for number, sheet in enumerate(paper.pages)
            ]
        for name, part in inside:
            assert not [secret for secret in secrets if secret.encode() in part], (kind, name)


def test_no_view_is_split_over_more_than_two_sheets(pack, files):
    paper = pypdf.PdfReader(io.BytesIO(files["pdf"]))
    starts = [paper.get_destination_page_number(entry) for entry in paper.outline[1]]
    assert starts[0] == 1, "the contents take one sheet"
    assert max(after - first for first, after in pairwise(starts)) <= 2


@pytest.mark.parametrize("scheme, width", [("light", 1280), ("dark", 1280), ("light", 320)])
def test_the_page_opens_alone_and_axe_finds_nothing(files, tmp_path, browser: Browser, scheme, width):
    file = tmp_path / "pack.html"
    file.write_bytes(files["html"])
    look: Watched = watched(browser, file.as_uri(), width=width, scheme=scheme)
    asked: list[str] = []
    look.page.on("request", lambda request: asked.append(request.url))
    look.page.goto(file.as_uri())
    assert asked == [file.as_uri()]
    assert look.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert look.violations() == ""
    look.page.context.close()
