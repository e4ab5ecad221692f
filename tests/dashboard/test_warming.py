"""Pages drawn ahead of the first question: once a snapshot, and not after the server has ended."""

from __future__ import annotations

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


def test_what_fails_is_logged_and_tried_no_second_time(
    tmp_path: Path, quick: None, caplog: pytest.LogCaptureFixture
) -> None:
    snapshots.one_row(tmp_path)
    called = threading.Event()

    def draw() -> None:
        called.set()
        raise ZeroDivisionError

    with warming.kept_warm(Source(tmp_path, Configuration()), draw):
        assert called.wait(5)
    assert len(caplog.records) == 1
    assert not [thread for thread in threading.enumerate() if thread.name == "warming"]
