"""Fixtures that several folders of tests share: the real published files, and one build of the sample."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import hypothesis
import pytest

# openpyxl writes other XML where lxml is installed, and decides when it is imported, which is after this. Tests that
# edit the XML of a workbook name it to the letter.
os.environ["OPENPYXL_LXML"] = "False"

# A machine that others use too makes any test slow for a moment; how fast things are is benchmarks/ to say.
hypothesis.settings.register_profile("shared machine", deadline=None)
hypothesis.settings.load_profile("shared machine")

FIRST = (
    "test_browser.py",
    "test_meeting_browser.py",
    "test_pack_sample.py",
    "test_browser_comfort.py",
    "test_mutants.py",
)
"""The files of tests that take longest, in their order. Small ones fill what is left of the time, so none of these must be
what is left; and while one worker is at the first of them, the other publishes once what two of them read."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest files, and keep the order of the others."""
    places = {name: place for place, name in enumerate(FIRST)}
    items.sort(key=lambda item: places.get(item.path.name, len(FIRST)))


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


@dataclass(frozen=True)
class Built:
    """One build: the workbooks it read, where it published, and what its command printed."""

    raw: Path
    processed: Path
    output: str


@pytest.fixture(scope="session")
def sample_build(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The shipped sample, written and built once a run by the two commands that a new user gives."""

    def make(folder: Path) -> None:
        raw, processed = folder / "raw", folder / "processed"
        run_command(folder, "-m", "etl", "sample", "--raw", str(raw))
        output = run_command(folder, "-m", "etl", "build", "--raw", str(raw), "--processed", str(processed))
        (folder / "output.txt").write_text(output, encoding="utf-8")

    folder = once_a_run(tmp_path_factory, "sample", make)
    return Built(folder / "raw", folder / "processed", (folder / "output.txt").read_text("utf-8"))


@pytest.fixture(scope="session")
def published_twice(sample_build: Built, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of two publications of the shipped sample: as it stood a month before, and as it is."""

    def make(folder: Path) -> None:
        from tests import month_before

        earlier, published = folder / "processed", folder / "published"
        month_before.write(sample_build.raw, folder / "raw")
        run_command(folder, "-m", "etl", "build", "--raw", str(folder / "raw"), "--processed", str(earlier))
        for processed in (earlier, sample_build.processed):
            run_command(
                folder,
                "-m",
                "dashboard",
                "publish",
                "--processed",
                str(processed),
                "--published",
                str(published),
            )

    return once_a_run(tmp_path_factory, "published twice", make) / "published"


@pytest.fixture(scope="session")
def sample_published(tmp_path_factory: pytest.TempPathFactory, sample_build: Built) -> Path:
    """A folder of publications with one of the shipped sample, made once a run by the command."""

    def make(folder: Path) -> None:
        output = run_command(
            folder, "-m", "dashboard", "publish", "--processed", str(sample_build.processed),
            "--published", str(folder / "published"),
        )  # fmt: skip
        (folder / "output.txt").write_text(output, encoding="utf-8")

    return once_a_run(tmp_path_factory, "sample_published", make) / "published"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A browser for a module's tests (a Playwright `Browser`); without one they skip, in CI they fail."""
    from tests.browser import chromium  # a suite without its browser tests need not have Playwright

    try:
        with chromium.opened() as opened:
            yield opened
    except chromium.NoBrowserError as missing:
        if os.environ.get("CI", "").lower() in ("true", "1"):
            raise
        pytest.skip(str(missing))


@pytest.fixture(scope="module")
def address(browser: Any, sample_build: Built) -> Iterator[str]:
    """Where the shipped sample is served for a module's tests."""
    from tests.browser.serving import served

    with served(sample_build.processed) as where:
        yield where


def run_command(folder: Path, *arguments: str, expected: int = 0) -> str:
    """What `python …` prints, run from the project's root with the test's own key; fails on another exit code."""
    environment = {**os.environ, "HNB_PUPIL_KEY_FILE": str(folder / "pupil.key"), "PYTHONUTF8": "1"}
    result = subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT, env=environment, capture_output=True, text=True, encoding="utf-8", check=False, timeout=600,
    )  # fmt: skip
    output = result.stdout + result.stderr
    assert result.returncode == expected, f"python {' '.join(arguments)} gave {result.returncode}:\n{output}"
    return output


def once_a_run(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """A folder that `make` fills once, however many workers of pytest-xdist ask for it."""
    base = factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    folder, done, failed = shared / name, shared / f"{name}.done", shared / f"{name}.failed"
    try:
        folder.mkdir()
    except FileExistsError:
        deadline = time.monotonic() + 600
        while not done.exists():
            if failed.exists() or time.monotonic() > deadline:
                pytest.fail(f"another worker could not make the {name}")
            time.sleep(0.1)
        return folder
    try:
        make(folder)
    except BaseException:
        failed.touch()
        raise
    done.touch()
    return folder
