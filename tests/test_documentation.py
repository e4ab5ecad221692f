"""The documents are true: what they name exists, what they tell a reader to run runs."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from dashboard.guides import HOW_TO, REFERENCE, guides
from docs.__main__ import PAGES
from etl.layout_language import all_layouts
from hnb.codelists import CODELISTS
from hnb.configuration import CHOICES
from hnb.documents import heading_anchor
from hnb.method import OWN_SECTIONS
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
    made_later = {"my/folder", "data/processed/reports/", "data/measures/measures.toml"}
    missing = [name for name in named - made_later if not list(ROOT.glob(name.rstrip("/")))]
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


DOCS = ROOT / "docs"
HAND = sorted([*DOCS.glob("how-to/*.md"), *(DOCS / name for name in ("README.md", "look.md")), ROOT / "notebooks" / "README.md", ROOT / "data" / "measures" / "README.md"])  # fmt: skip


def page(name: str) -> str:
    return (DOCS / f"{name}.md").read_text("utf-8")


@pytest.mark.parametrize("name", PAGES)
def test_a_page_that_is_written_from_a_registry_is_as_the_registry_says(name):
    assert page(name) == PAGES[name]() + "\n", "run `make docs`"


def test_the_data_dictionary_tells_of_every_column_and_leads_to_its_codes():
    text = page("dictionary")
    for table in TABLES.values():
        assert f"\n## {table.name}\n" in text
        for column in table.columns:
            assert f"| `{column.name}` |" in text
            if column.codes:
                assert f"\n## {column.codes}\n" in page("codes")


def test_every_code_and_measure_and_setting_is_documented():
    for codelist in (one for name, one in CODELISTS.items() if name not in OWN_SECTIONS):
        (told,) = [part for part in page("codes").split("\n## ") if part.startswith(f"{codelist.name}\n")]
        assert [code for code in codelist.codes if f"| `{code}` |" not in told] == []
    for name, measure in MEASURES.shipped.items():
        assert f"`{name}`" in page("measures") and f"\n## {measure.title}\n" in page("measures")
    assert [name for name in CHOICES if f"| `{name}` |" not in page("settings")] == []


def test_every_layout_and_command_is_documented():
    assert [one.name for one in all_layouts() if f"\n## {one.name}\n" not in page("layouts")] == []
    told = set(re.findall(r"python -m (?:etl|hnb) (\w+)", README + CONTRIBUTING)) - {"COMMAND"}
    assert [
        name for name in told if not re.search(rf"^### python -m \w+ {name}$", page("commands"), re.M)
    ] == []
    for option in ("--accept-problems", "--verify", "--check", "--zoo"):
        assert f"`{option}" in page("commands")


def test_the_how_to_pages_are_those_that_the_dashboard_lists():
    assert {path.stem for path in DOCS.glob("how-to/*.md")} == set(HOW_TO)
    assert {guide.name for guide in guides()} == {*HOW_TO, *REFERENCE}
    listed = page("README")
    for path in [*DOCS.glob("how-to/*.md"), *(path for path in DOCS.glob("*.md") if path.stem != "README")]:
        assert f"({path.relative_to(DOCS).as_posix()})" in listed


def test_an_installation_without_its_documents_has_none(tmp_path):
    assert guides(tmp_path) == ()


@pytest.mark.parametrize("path", [*HAND, *sorted(DOCS.glob("*.md"))], ids=lambda path: path.stem)
def test_every_link_of_a_document_leads_somewhere(path):
    text = path.read_text("utf-8")
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        file, _, anchor = target.partition("#")
        to = (path.parent / file).resolve() if file else path
        assert to.exists(), target
        if anchor:
            headings = re.findall(r"^#+ (.*)$", to.read_text("utf-8"), re.M)
            assert anchor in {heading_anchor(heading) for heading in headings}, target


@pytest.mark.parametrize("path", HAND, ids=lambda path: path.stem)
def test_what_a_hand_written_document_names_is_there(path):
    """Settings, commands and files in it are real."""
    text = path.read_text("utf-8")
    told = set(re.findall(r"`python -m (?:etl|hnb|dashboard) ([a-z]\w+)", text))
    assert [
        name for name in told if not re.search(rf"^### python -m \w+ {name}$", page("commands"), re.M)
    ] == []
    for name in re.findall(r"`((?:hnb|etl|dashboard|data|notebooks|docs|tests)/[\w./-]+)`", text):
        made_later = name.startswith(("data/processed/reports", "data/layouts/our", "data/measures/measures.toml", "dashboard/pages/outside"))  # fmt: skip
        assert made_later or (ROOT / name).exists(), name


def test_every_column_measure_and_code_says_what_it_means():
    for table in TABLES.values():
        assert table.row
        assert [column.name for column in table.columns if len(column.meaning) < 8] == []
    for measure in MEASURES.values():
        assert all((measure.title, measure.question, measure.unit, measure.source)), measure.name
    for codelist in CODELISTS.values():
        assert [code for code in codelist.codes if not codelist.label(code)] == []
