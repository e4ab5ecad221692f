"""No mutant of a sound file brings the build down, holds it up, or changes a total without a word.

Two hundred mutants here, two thousand with HNB_LONG_TESTS=1. A failure names the subject and seed that make the
mutant again; `python -m tests.etl.mutant_trials 2000` prints the figures of all of them.
"""

from __future__ import annotations

import functools
import os
from pathlib import Path

import pytest

from etl.sample.zoo import write_zoo
from tests.conftest import SHARED, Built
from tests.etl.mutant_trials import Known, knowns, subjects, trial
from tests.etl.mutants import NotPossibleError, Subject, mutant

BATCHES = 10
IS_LONG = os.environ.get("HNB_LONG_TESTS") == "1"
IN_A_BATCH = 200 if IS_LONG else 20


@pytest.fixture(scope="session")
def sound(sample_build: Built, tmp_path_factory: pytest.TempPathFactory) -> list[Known]:
    """The sound files with their totals, of sample, zoo and published files as far as they are there."""
    folder = tmp_path_factory.mktemp("mutants")
    write_zoo(folder / "zoo")
    published = SHARED / "published"
    return _known(sample_build.raw, folder, published if published.is_dir() else None)


@functools.cache
def _known(raw: Path, folder: Path, published: Path | None) -> list[Known]:
    return knowns(subjects(raw, folder / "zoo", published, 1 if IS_LONG else 4), folder / "known")


@pytest.mark.parametrize("batch", range(BATCHES))
def test_no_mutant_passes_unnoticed(sound: list[Known], tmp_path: Path, batch: int) -> None:
    failed, tried = [], 0
    for seed in range(batch * IN_A_BATCH, (batch + 1) * IN_A_BATCH):
        try:
            one = trial(sound[seed % len(sound)], seed, tmp_path / "trial")
        except NotPossibleError:
            continue
        tried += 1
        if one.verdict in {"silent", "traceback", "hang"}:
            failed.append(f"{one.verdict}: {one.again}\n{one.detail}")
    assert not failed, "\n".join(failed)
    assert tried > IN_A_BATCH * 0.9


def test_a_seed_makes_the_same_mutant_again() -> None:
    subject = Subject("ledger.csv", b"line,amount\n1.2.3,5\n1.2.4,6\n" * 20)
    assert [mutant(subject, seed) for seed in range(20)] == [mutant(subject, seed) for seed in range(20)]
    assert len({mutant(subject, seed).data for seed in range(20)}) > 10


def test_most_of_the_sound_files_are_there(sound: list[Known]) -> None:
    names = {one.subject.name for one in sound}
    assert {
        "budget_monitor_2026-27_P05.xlsx",
        "funding_and_balance.xlsx",
        "placement_register_2019-20.xlsx",
    } <= names
    assert len(sound) >= 8
