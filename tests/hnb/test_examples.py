"""The examples in the model's docstrings run, and give what they say."""

from __future__ import annotations

import doctest
import importlib

import pytest


@pytest.mark.parametrize(
    "module", ["hnb.years", "hnb.selection", "hnb.wording", "hnb.board_cells", "hnb.disclosure.rules"]
)
def test_the_examples_of_a_module(module: str):
    result = doctest.testmod(importlib.import_module(module), optionflags=doctest.ELLIPSIS)
    assert result.attempted
    assert not result.failed
