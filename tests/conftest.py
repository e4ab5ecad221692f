"""Fixtures that several folders of tests share."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared" / "data"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real published files; tests that need it skip where it is not there."""
    if not SHARED.is_dir():
        pytest.skip("real published files are not here: ../shared/data is absent")
    return SHARED


@pytest.fixture(scope="session")
def published(shared_data: Path) -> Path:
    """The folder of published workbooks, as a user would point the build at it."""
    return shared_data / "published"
