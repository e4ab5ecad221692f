"""The how-to pages, walked by an outside reader: from a clean copy of the project, with what the page says and nothing else."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import openpyxl
import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

from hnb.store import Snapshot
from tests.conftest import ROOT, Built

HOW_TO = ROOT / "docs" / "how-to"


def blocks(page: str, language: str) -> list[str]:
    """The fenced blocks of a how-to page in a language, in order."""
    return re.findall(rf"```{language}\n(.*?)```", (HOW_TO / f"{page}.md").read_text("utf-8"), re.S)


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What somebody has who has just cloned the project: the files that git keeps, and no others."""
    folder = tmp_path_factory.mktemp("clone")
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, folder / name)
    return folder


def python(clone: Path, *arguments: str, expected: int = 0, **settings: Path) -> str:
    """What a command of the clone prints, with some settings in the environment."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("HNB_")}
    given = {f"HNB_{name.upper()}": str(value) for name, value in settings.items()}
    result = subprocess.run(
        [sys.executable, *arguments], cwd=clone, env={**ours, **given, "PYTHONUTF8": "1"},
        capture_output=True, text=True, encoding="utf-8", check=False, timeout=300,
    )  # fmt: skip
    assert result.returncode == expected, result.stdout + result.stderr
    return result.stdout


@pytest.mark.browser
def test_a_measure_from_a_notebook_to_the_dashboard(
    clone: Path, sample_build: Built, browser: Any, monkeypatch, tmp_path
):
    from tests.browser.serving import served

    # 2. Try it in a notebook: the page's own cells, in the clone, on the sample.
    monkeypatch.setenv("JUPYTER_PREFER_ENV_PATH", "1")
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    cells = [*blocks("add-a-measure", "python"), 'print(hnb.__file__, round(by_year["value"].iloc[-2]))']
    book = new_notebook(cells=[new_code_cell(source) for source in cells])
    environment = {
        **os.environ,
        "PYTHONPATH": str(clone),
        "HNB_PROCESSED_FOLDER": str(sample_build.processed),
    }
    resources = {"metadata": {"path": str(clone / "notebooks")}}
    NotebookClient(book, timeout=300, kernel_name="python3", resources=resources).execute(env=environment)
    nbformat.validate(book)
    assert any("application/vnd.plotly.v1+json" in output.get("data", {}) for output in book.cells[1].outputs)
    where, value = book.cells[-1].outputs[0].text.rsplit(" ", 1)
    assert where == str(clone / "hnb" / "__init__.py")

    # 3. Put it on the dashboard: save the text where the page says, start again, go where it says.
    (entry,) = blocks("add-a-measure", "toml")
    assert entry in cells[0]
    page = (HOW_TO / "add-a-measure.md").read_text("utf-8")
    (file,) = re.findall(r"Save the text as `([^`]+)`", page)
    (address,) = re.findall(r"\(`(/spend\?[^`]+)`\)", page)
    (clone / file).write_text(entry, encoding="utf-8")
    with served(sample_build.processed, clone) as root:
        shown = browser.new_page(viewport={"width": 1440, "height": 1000})
        shown.goto(f"{root}{address}&years=2025-26")
        title = shown.get_by_text("Cost of an independent placement-year")
        title.locator("visible=true").first.wait_for()
        assert f"£{int(value):,}" in str(shown.locator("main").text_content())
        shown.goto(f"{root}/method#measure-independent-year-cost")
        question = shown.get_by_text("What does a year in an independent school cost the block?")
        question.locator("visible=true").first.wait_for()
        shown.close()


def test_a_layout_written_by_hand_loads_to_the_penny(clone: Path, tmp_path: Path):
    (csv,), (layout,) = blocks("add-a-layout", "csv"), blocks("add-a-layout", "toml")
    raw, layouts, processed = tmp_path / "raw", tmp_path / "layouts", tmp_path / "processed"
    for folder in (raw, layouts):
        folder.mkdir()
    (raw / "balances.csv").write_text(csv, encoding="utf-8")
    (layouts / "our_balances.toml").write_text(layout, encoding="utf-8")
    given = {"layouts_folder": layouts, "processed_folder": processed, "raw_folder": raw, "pupil_key_file": tmp_path / "key"}  # fmt: skip
    assert 'fits the layout "our_balances"' in python(clone, "-m", "etl", "describe", str(raw / "balances.csv"), **given)  # fmt: skip
    python(clone, "-m", "etl", "build", **given)
    rows = Snapshot.open(processed).table("balances").select("financial_year", "balance").rows()
    assert rows == [("2023-24", -1_250_000.0), ("2024-25", -2_310_500.5)]


def test_a_recommendation_is_a_row_of_the_register(clone: Path, sample_build: Built, tmp_path: Path):
    page = (HOW_TO / "add-a-recommendation.md").read_text("utf-8")
    head, row = (
        [cell.strip() for cell in line.strip("| \n").split(" |")]
        for line in (line for line in page.splitlines() if line.startswith(("| No |", "| R20 |")))
    )
    raw, processed = tmp_path / "raw", tmp_path / "processed"
    raw.mkdir()
    workbook = openpyxl.load_workbook(sample_build.raw / "recommendations_register.xlsx")
    sheet = next(sheet for sheet in workbook for cells in sheet.iter_rows(values_only=True) if "Recommendation" in cells)  # fmt: skip
    header = next(cells for cells in sheet.iter_rows() if "Recommendation" in [cell.value for cell in cells])
    columns = {" ".join(str(cell.value).split()): cell.column for cell in header if cell.value}
    below = max(cell.row for cells in sheet.iter_rows() for cell in cells if cell.value is not None) + 1
    assert set(head) <= set(columns)
    for name, text in zip(head, row, strict=True):
        if text:
            sheet.cell(below, columns[name], float(text) if text.isdigit() else text)
    workbook.save(raw / "recommendations_register.xlsx")
    python(
        clone,
        "-m",
        "etl",
        "build",
        raw_folder=raw,
        processed_folder=processed,
        pupil_key_file=tmp_path / "key",
    )
    table = Snapshot.open(processed).table("recommendations")
    found = table.filter(table["recommendation_id"] == "R20").row(0, named=True)
    assert (found["measure"], found["setting"], found["target"], found["target_year"], found["is_illustrative"]) == (
        "spend_per_placement_year", "special_independent", 70_000.0, "2027-28", True,
    )  # fmt: skip


def test_a_page_is_one_file(clone: Path, sample_build: Built):
    (source,) = blocks("add-a-page", "python")
    (file,) = re.findall(
        r"^`(dashboard/pages/\w+\.py)`:", (HOW_TO / "add-a-page.md").read_text("utf-8"), re.M
    )
    (clone / file).write_text(source, encoding="utf-8")
    said = python(clone, "-m", "dashboard", "--check", "--processed", str(sample_build.processed))
    (clone / file).unlink()
    assert re.search(r"^/outside is well: [\d,]+ characters$", said, re.M)
