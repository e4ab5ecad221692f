"""The notebooks run on the sample, hold no logic and no outputs of their own, and what they import says what it gives."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pandas
import polars
import pyarrow
import pytest
from nbclient import NotebookClient

import hnb
from hnb.errors import HnbError
from hnb.metrics import MEASURES
from hnb.metrics import compute as compute_measure
from hnb.notebook import Data
from hnb.tables import TABLES
from tests.conftest import ROOT, Built

FOLDER = ROOT / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
EVERY = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)

ADDING_UP = {
    "agg", "aggregate", "apply", "cumsum", "diff", "div", "eval", "groupby", "group_by", "join", "mean", "median", "merge", "mul",
    "pct_change", "pivot_table", "prod", "quantile", "resample", "rolling", "sub", "sum", "transform", "with_columns",
}  # fmt: skip
"""Methods that make a number out of others: what does so is a measure, and belongs in hnb."""


def cells(path: Path, kind: str) -> list[str]:
    """The sources of a notebook's cells of a kind, "code" or "markdown"."""
    return [cell.source for cell in nbformat.read(path, 4).cells if cell.cell_type == kind]


def environment(built: Built) -> dict[str, str]:
    """The sample as this installation's data, with the key to its rows and no measures of its own."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("HNB_")}
    return {
        **ours,
        "HNB_PROCESSED_FOLDER": str(built.processed),
        "HNB_PUPIL_KEY_FILE": str(built.processed.parent / "pupil.key"),
        "HNB_MEASURES_FILE": str(built.processed.parent / "measures.toml"),
        "PYTHONPATH": str(ROOT),
        "PYTHONUTF8": "1",
    }


def test_there_are_five():
    assert len(NOTEBOOKS) == 5
    told = (FOLDER / "README.md").read_text("utf-8")
    assert [path.name for path in NOTEBOOKS if f"({path.name})" not in told] == []


@EVERY
def test_it_runs_on_the_sample_from_top_to_bottom(path, sample_build: Built, monkeypatch, tmp_path):
    # This environment's kernel, whatever other kernels and start-up files the tester has.
    monkeypatch.setenv("JUPYTER_PREFER_ENV_PATH", "1")
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    book = nbformat.read(path, 4)
    NotebookClient(
        book, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(FOLDER)}}
    ).execute(env=environment(sample_build))
    outputs = [output for cell in book.cells for output in cell.get("outputs", [])]
    charts = [output for output in outputs if "application/vnd.plotly.v1+json" in output.get("data", {})]
    assert charts
    said = "".join(output.get("text", "") for output in outputs)
    assert "Traceback" not in said
    assert [output for output in outputs if output.get("name") == "stderr"] == []
    for chart in charts:
        # Nothing is sent to plotly's cloud, and nothing is fetched from elsewhere.
        config = chart["data"]["application/vnd.plotly.v1+json"]["config"]
        assert (config["showSendToCloud"], config["plotlyServerURL"]) == (False, "")
        assert "src=" not in chart["data"]["text/html"] and "import " not in chart["data"]["text/html"]


@EVERY
def test_it_is_kept_without_outputs(path):
    book = nbformat.read(path, 4)
    nbformat.validate(book)
    assert [cell for cell in book.cells if cell.get("outputs") or cell.get("execution_count")] == []
    assert json.loads(path.read_text("utf-8"))["metadata"]["kernelspec"]["name"] == "python3"


@EVERY
def test_it_holds_no_logic_of_its_own(path):
    found = []
    for source in cells(path, "code"):
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.FunctionDef | ast.Lambda | ast.ClassDef):
                found.append(f"a definition: {ast.unparse(node)}")
            if isinstance(node, ast.Attribute) and node.attr in ADDING_UP:
                found.append(f"adding up: {ast.unparse(node)}")
            if isinstance(node, ast.BinOp) and not any(_is_text(side) for side in (node.left, node.right)):
                found.append(f"arithmetic: {ast.unparse(node)}")
    assert found == []


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


@EVERY
def test_it_asks_a_question_and_has_text_around_every_chart(path):
    words = cells(path, "markdown")
    assert words[0].startswith("# ") and "?*" in words[0]
    assert len(words) >= 5
    assert not any("£" in text for text in words)  # a figure in the text would be stale with the next load


# ------------------------------------------------------------------------------- what `import hnb` gives


@pytest.fixture(scope="module")
def data(sample_build: Built, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Data]:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment(sample_build).items():
            if name.startswith("HNB_"):
                patch.setenv(name, value)
        yield hnb.load()
    MEASURES.declare(())


def test_importing_it_brings_no_library_along():
    asked = (
        "import sys, hnb; print(sorted({name.split('.')[0] for name in sys.modules} & "
        "{'pandas', 'polars', 'plotly', 'dash', 'dashboard'})); hnb.figures; print('plotly' in sys.modules)"
    )
    said = subprocess.run(
        [sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    assert said.split("\n")[:2] == ["[]", "True"]


def test_every_name_that_the_readme_tells_of_is_there():
    told = (FOLDER / "README.md").read_text("utf-8")
    for name in (*hnb.__all__, "figures"):
        assert f"hnb.{name}" in told
        assert getattr(hnb, name)
        assert name in dir(hnb)
    with pytest.raises(AttributeError, match="nonsense"):
        hnb.nonsense  # noqa: B018


def test_a_frame_has_the_figures_of_compute_with_units_and_meanings_beside_it(data):
    by = ["financial_year", "setting_group"]
    frame = hnb.compute("spend_per_placement_year", data, by=by)
    polar = compute_measure("spend_per_placement_year", data, data.selection(), by)
    assert isinstance(frame, pandas.DataFrame)
    assert list(frame.columns) == polar.columns
    assert polars.from_pandas(frame).equals(polar)
    assert frame.attrs["units"] == {
        "financial_year": "", "setting_group": "", "numerator": "£", "denominator": "placement-years",
        "value": "£ per placement-year", "count": "placements or plans", "status": "",
    }  # fmt: skip
    assert set(frame.attrs["meanings"]) == set(frame.columns)
    assert (frame.attrs["measure"], frame.attrs["selection"]) == (
        "spend_per_placement_year",
        "All settings, phases and needs, all years",
    )
    said = hnb.about("spend_per_placement_year", by)
    assert dict(said["unit"]) == frame.attrs["units"]


def test_polars_and_arrow_are_there_for_those_who_ask(data):
    assert isinstance(hnb.compute("spend", data, kind="polars"), polars.DataFrame)
    table = hnb.compute("spend", data, by=["phase"], kind="arrow")
    assert isinstance(table, pyarrow.Table)
    assert table.schema.field("value").metadata[b"unit"] == "£".encode()
    assert isinstance(data.frame("spend", "arrow"), pyarrow.Table)
    with pytest.raises(HnbError, match="pandas, polars and arrow"):
        hnb.compute("spend", data, kind="excel")


def test_a_table_has_units_and_meanings_beside_it_too(data):
    frame = data.frame("spend")
    assert frame.attrs["units"]["amount"] == "£"
    assert frame.attrs["meanings"]["amount"] == TABLES["spend"].column("amount").meaning
    assert frame.attrs["row"] == TABLES["spend"].row
    with pytest.raises(HnbError, match="“spent” is no table"):
        data.frame("spent")


def test_the_catalogue_tells_of_every_measure(data):
    assert list(hnb.catalogue().index) == list(MEASURES)


# --------------------------------------------------------------------------------- rows about children


def of_children() -> list[str]:
    return [
        "placements",
        "placement_months",
        "placement_full_year",
        "placement_exceptions",
        "ledger_exceptions",
    ]


def test_rows_about_children_are_there_with_the_key(data):
    assert data.has_key
    assert data.contents().loc[of_children(), "to be read"].all()
    frame = data.frame("placements")
    assert set(frame["authority"]) == {data.authority}


def test_every_table_that_names_a_child_or_a_placement_is_among_them():
    named = [name for name, table in TABLES.items() if {"pupil_id", "placement_id"} & set(table.names)]
    assert named == of_children()


@pytest.mark.parametrize("name", of_children())
def test_without_the_key_they_are_refused_in_a_sentence_and_sums_are_not(data, name):
    without = Data(data.snapshot, data.configuration, has_key=False)
    for ask in (without.table, without.frame):
        with pytest.raises(HnbError, match=r"about one child, and the key to such rows is not here"):
            ask(name)
    assert not without.contents().loc[name, "to be read"]
    assert hnb.compute("spend", without)["value"][0] == hnb.compute("spend", data)["value"][0]


def test_a_measure_of_such_rows_is_refused_too_and_never_nothing(data):
    without = Data(data.snapshot, data.configuration, has_key=False)
    with pytest.raises(HnbError, match="the key to such rows is not here"):
        hnb.compute("full_year_effect", without)
    assert len(hnb.compute("full_year_effect", data))


# ------------------------------------------------------------------------------------------ its charts


def test_a_chart_of_a_pandas_frame_is_the_chart_of_the_page(data):
    from dashboard.figures.bars import bars

    by = ["setting_group"]
    frame = hnb.compute("spend", data, by=by)
    drawn: Any = hnb.figures.bars(frame, "spend", by="setting_group")
    assert drawn.chart.to_plotly_json() == bars(
        hnb.compute("spend", data, by=by, kind="polars"), MEASURES["spend"], by="setting_group"
    ).to_plotly_json()  # fmt: skip
    assert repr(drawn) == "Drawing(1 traces)"
    assert hnb.figures.script().startswith("<script>")
