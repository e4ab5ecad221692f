"""Every kind of problem that the code can report is explained in `hnb/codes/problems.toml`, and in docs/problems.md."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from hnb.codelists import CODELISTS
from tests.conftest import ROOT

MAKERS = {"Problem": 1, "Finding": 1, "Refused": 0, "_refused": 0}
"""What makes a problem, and which of its arguments names the kind."""
KIND = re.compile(r"[a-z]+(_[a-z]+)*")
WORKED_OUT = {"missing_month", "missing_year"}  # from the layout's `run`


def kinds_in(path: Path) -> set[str]:
    """The kinds that a module's calls name."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in MAKERS:
            place = MAKERS[getattr(node.func, "id", "")]
            for given in node.args[place : place + 1]:
                for part in ast.walk(given):
                    if (
                        isinstance(part, ast.Constant)
                        and isinstance(part.value, str)
                        and KIND.fullmatch(part.value)
                    ):
                        found.add(part.value)
    return found


def modules() -> list[Path]:
    return [path for package in ("etl", "hnb") for path in sorted((ROOT / package).rglob("*.py"))]


@pytest.mark.parametrize("path", [path for path in modules() if kinds_in(path)], ids=lambda path: path.name)
def test_every_kind_that_the_code_names_is_explained(path):
    assert kinds_in(path) - set(CODELISTS["problem_kinds"].codes) == set()


def test_no_kind_is_explained_that_the_code_does_not_know():
    text = "".join(path.read_text("utf-8") for path in modules())
    unknown = [
        code
        for code in CODELISTS["problem_kinds"].codes
        if f'"{code}"' not in text and code not in WORKED_OUT
    ]
    assert unknown == []


def test_every_kind_has_its_group_its_meaning_and_its_mend():
    kinds = CODELISTS["problem_kinds"]
    for code, entry in kinds.entries.items():
        assert entry.group in CODELISTS["problem_groups"].codes, code
        for sentence in (entry.meaning, entry.details["mend"]):
            assert sentence.endswith(".") and len(sentence) < 160, code
