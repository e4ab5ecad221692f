"""The documents are true: what they name exists, what they tell a reader to run runs."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from hnb.__main__ import dictionary
from hnb.codelists import CODELISTS
from hnb.metrics import MEASURES
from hnb.tables import TABLES
from tests.conftest import ROOT, Built, run_command

README = (ROOT / "README.md").read_text("utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")


def blocks(text: str, language: str) -> list[str]:
    """The commands of the fenced blocks in a language, a line each, without what follows a #."""
    found = re.findall(rf"```{language}\n(.*?)```", text, re.S)
    lines = [line.split("  #")[0].split(" # ")[0].strip() for block in found for line in block.splitlines()]
    return [line for line in lines if line]


def test_the_readme_s_make_targets_exist_and_are_explained():
    named = set(re.findall(r"`?make ([a-z]+)", README + CONTRIBUTING))
    targets = set(re.findall(r"^([a-z-]+):", MAKEFILE, re.M))
    assert {"demo", "test", "lint", "bench", "clean"} <= targets
    assert named <= targets
    assert {"demo", "test", "bench", "lock"} <= named


@pytest.mark.parametrize("text", [README, CONTRIBUTING], ids=["README", "CONTRIBUTING"])
def test_every_file_and_folder_that_is_named_exists(text):
    named = {
        match
        for match in re.findall(r"[`(]([\w./*-]+/[\w./*-]*|[\w-]+\.(?:toml|md|txt|in))[`)]", text)
        if not match.startswith(("http", "shared/"))
    }
    assert len(named) > 8
    made_at_set_up = {"my/folder", "data/processed/reports/"}
    missing = [name for name in named - made_at_set_up if not list(ROOT.glob(name.rstrip("/")))]
    assert missing == []


def test_the_windows_steps_are_the_steps_of_make():
    windows = [line.replace("\\", "/") for line in blocks(README, "powershell")]
    modules = [re.search(r"-m ([\w.]+(?: (?:sample|build))?)", line)[1] for line in windows]
    assert modules == [
        "venv", "pip", "dashboard.vendor", "etl sample", "etl build", "dashboard", "playwright", "pytest",
    ]  # fmt: skip
    for module in modules:
        assert f"-m {module}" in MAKEFILE


def commands() -> list[str]:
    """Every `python -m …` that the two documents tell of, once, without placeholders."""
    text = README + CONTRIBUTING
    quoted = re.findall(r"`(python -m (?:etl|hnb)[^`]*)`", text)
    shown = [line.replace(".venv/bin/", "") for line in blocks(README, "sh") if "-m etl" in line]
    return sorted({command for command in [*quoted, *shown] if "|" not in command})


def test_there_are_commands_to_run():
    assert len(commands()) >= 6


@pytest.mark.slow
@pytest.mark.parametrize("command", commands())
def test_every_command_of_the_readme_runs(command: str, sample_build: Built, tmp_path: Path, monkeypatch):
    register = sorted(sample_build.raw.glob("*register*.xlsx"))[-1]
    monkeypatch.setenv("HNB_PROCESSED_FOLDER", str(tmp_path / "processed"))
    monkeypatch.setenv("HNB_RAW_FOLDER", str(sample_build.raw))
    instead = {
        "my/folder": sample_build.raw,
        "FILE": register,
        "data/layouts": tmp_path / "layouts",
        "zoo": tmp_path / "zoo",
    }
    words = [str(instead.get(word, word)) for word in shlex.split(command.partition(" > ")[0])][1:]
    words = [str(register) if word.endswith(".xlsx") else word for word in words]
    if words[1:3] == ["etl", "providers"]:
        monkeypatch.setenv("HNB_PROCESSED_FOLDER", str(sample_build.processed))
    if words[1:3] == ["etl", "sample"] and "--zoo" not in words:
        words += ["--raw", str(tmp_path / "raw")]
    output = run_command(tmp_path, *words)
    assert output.strip()


def test_the_data_dictionary_tells_of_every_column_and_code():
    text = dictionary(TABLES.values())
    for table in TABLES.values():
        assert f"## {table.name}" in text
        for column in table.columns:
            assert f"`{column.name}`" in text
    used = {column.codes for table in TABLES.values() for column in table.columns if column.codes}
    for name in used:
        for code in CODELISTS[name].codes:
            assert code in text


def test_every_column_measure_and_code_says_what_it_means():
    for table in TABLES.values():
        assert table.row
        assert [column.name for column in table.columns if len(column.meaning) < 8] == []
    for measure in MEASURES.values():
        assert all((measure.title, measure.question, measure.unit, measure.source)), measure.name
    for codelist in CODELISTS.values():
        assert [code for code in codelist.codes if not codelist.label(code)] == []
