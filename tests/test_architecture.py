"""The architecture stays true: who imports whom, where callbacks live, what no committed file may hold."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def tracked(*patterns: str) -> list[Path]:
    """Files that git tracks (or would, being neither ignored nor committed yet)."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z", "--", *patterns],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    return [path for name in listed.split("\0") if name and (path := ROOT / name).is_file()]


PACKAGES = tracked("hnb/*.py", "etl/*.py", "dashboard/*.py")


def test_the_import_contracts_hold():
    command = Path(sys.executable).with_name("lint-imports")
    result = subprocess.run([str(command)], cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr


def test_hnb_is_typed_strictly():
    result = subprocess.run(
        [sys.executable, "-m", "mypy"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stdout


def test_the_code_is_clean_for_ruff():
    result = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "."], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stdout


def test_no_module_is_a_drawer_for_odds_and_ends():
    refused = {"utils", "util", "helpers", "common", "core", "misc", "base"}
    assert [path for path in PACKAGES if path.stem in refused or refused & set(path.parts)] == []


def test_every_module_says_what_it_is_for():
    silent = [
        path.relative_to(ROOT)
        for path in PACKAGES
        if not ast.get_docstring(ast.parse(path.read_text("utf-8")))
    ]
    assert silent == []


def test_only_the_workbook_readers_and_the_sample_open_spreadsheets():
    allowed = {"readers", "ods_cells"}
    opens = re.compile(r"^\s*(?:import|from)\s+(?:openpyxl|python_calamine|odf|xlrd)\b|read_excel\(", re.M)
    culprits = [
        path.relative_to(ROOT)
        for path in PACKAGES
        if opens.search(path.read_text("utf-8")) and path.stem not in allowed and "sample" not in path.parts
    ]
    assert culprits == []


def test_callbacks_live_in_pages_and_in_the_guard_they_pass_through():
    # The shell keeps its links up with the address in the browser; that callback sees no data.
    registers = re.compile(r"@(?:dash\.|app\.)?callback\b|\.callback\(|@guarded_callback\b")
    culprits = [
        path.relative_to(ROOT)
        for path in tracked("dashboard/*.py")
        if registers.search(path.read_text("utf-8")) and path.parent.name != "pages" and path.stem != "access"
    ]
    assert culprits == []


#  Spelt in pieces, so that this file does not hold what it looks for.
HOSTS = "|".join(
    re.escape(host) for host in ("pypi" + ".org", "pythonhosted" + ".org", "npmjs" + ".org", "npmjs" + ".com")
)
MACHINE = r"(?<![\w.])/(?:" + "|".join(("wo" + "rk", "ro" + "ot", "fa" + "rm")) + r")/"


@pytest.mark.parametrize(
    "pattern", [HOSTS, r"--(?:extra-)?index" + "-url[ =]", MACHINE], ids=["registry", "index", "machine path"]
)
def test_no_committed_file_names_a_registry_or_a_path_of_one_machine(pattern):
    found = [
        f"{path.relative_to(ROOT)}: {match.group(0)}"
        for path in tracked()
        if path.suffix not in {".png", ".parquet", ".xlsx"}
        for match in re.finditer(pattern, path.read_text("utf-8", errors="ignore"))
        if "no-emit-index"
        not in path.read_text("utf-8", errors="ignore")[max(0, match.start() - 12) : match.start() + 12]
    ]
    assert found == []


def test_lock_files_hold_hashes_and_no_address():
    fewest = {"requirements.txt": 20, "requirements-test.txt": 20, "requirements-spark.txt": 2}
    for name, least in fewest.items():
        text = (ROOT / name).read_text("utf-8")
        pins = re.findall(r"^[a-z0-9][\w.-]*==", text, re.M)
        assert len(pins) >= least
        assert text.count("--hash=sha256:") >= len(pins)
        assert "://" not in text
