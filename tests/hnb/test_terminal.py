"""Commands whose reader goes before they have printed all end without a traceback."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.conftest import ROOT


@pytest.mark.parametrize("command", [["hnb", "dictionary"], ["etl", "layouts"]], ids=" ".join)
def test_a_reader_that_goes_is_no_fault(command):
    with subprocess.Popen([sys.executable, "-m", *command], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:  # fmt: skip
        assert process.stdout is not None and process.stderr is not None
        process.stdout.close()  # before it has printed anything
        errors = process.stderr.read()
    assert b"Traceback" not in errors and b"BrokenPipe" not in errors
    assert process.returncode in (1, 141)
