"""A build that is killed at any moment leaves what was published whole, and nothing that misleads the next build."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from tests.conftest import ROOT

KILLS = 200 if os.environ.get("HNB_LONG_TESTS") else 12


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has neither fork nor kill -9")
def test_whenever_a_build_is_killed_the_snapshot_is_whole_and_the_next_build_right(tmp_path):
    done = subprocess.run([sys.executable, "-m", "tests.etl.killed_builds", str(tmp_path), str(KILLS), "2019"],
                          cwd=ROOT, capture_output=True, text=True, timeout=1800, check=False)  # fmt: skip
    assert done.returncode == 0, done.stderr
    counts = json.loads(done.stdout)
    assert counts["kills"] == KILLS and counts["old"] + counts["new"] == KILLS
