"""The generated sample, written once for all the tests of its workbooks."""

from __future__ import annotations

import pytest

from etl.sample import Truth, write_sample


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Truth:
    """The whole sample, as `python -m etl sample` writes it, with what its workbooks mean."""
    return write_sample(tmp_path_factory.mktemp("sample"))
