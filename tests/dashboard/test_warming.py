"""Pages drawn ahead of the first question: once a snapshot, and not after the server has ended."""

from __future__ import annotations

import gc
import threading
from pathlib import Path

import pytest

from dashboard import warming
from dashboard.data import Source
from hnb.configuration import Configuration
from tests.dashboard import snapshots


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warming, "LOOK_EVERY", 0.01)


def test_each_snapshot_is_drawn_once(tmp_path: Path, quick: None) -> None:
    first = snapshots.full(tmp_path, keep_years=4)
    ticks = iter(range(1_000_000))
    source = Source(tmp_path, Configuration(), clock=lambda: float(next(ticks)))
    drawn: list[str] = []
    once, twice = threading.Event(), threading.Event()

    def draw() -> None:
        drawn.append(source.data().id)
        (twice if once.is_set() else once).set()

    with warming.kept_warm(source, draw):
        assert once.wait(5)
        second = snapshots.full(tmp_path)
        assert twice.wait(5)
    assert drawn == [first.id, second.id]


def test_a_page_that_fails_ends_the_warming_and_not_the_server(
    tmp_path: Path, quick: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    snapshots.one_row(tmp_path)
    said = threading.Event()
    faults: list[type[BaseException]] = []

    def heard(fault: threading.ExceptHookArgs) -> None:
        faults.append(fault.exc_type)
        said.set()

    def draw() -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(threading, "excepthook", heard)
    with warming.kept_warm(Source(tmp_path, Configuration()), draw):
        assert said.wait(5)
    assert faults == [ZeroDivisionError]
    assert not [thread for thread in threading.enumerate() if thread.name == "warming"]


def test_what_is_loaded_for_good_is_walked_no_more() -> None:
    try:
        warming.settle_memory()
        assert gc.get_freeze_count() > 50_000
    finally:
        gc.unfreeze()
