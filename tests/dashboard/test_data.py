"""What a request reads: one snapshot throughout, the newest at most a second late."""

from __future__ import annotations

import datetime
from dataclasses import replace
from pathlib import Path

import dash
import pytest

from dashboard.data import Data, Source, request_data
from hnb.configuration import Configuration
from hnb.errors import HnbError
from hnb.metrics import MEASURES, Selection, compute
from hnb.metrics.measure import Question
from hnb.tables import TABLES
from tests.dashboard import snapshots


class Clock:
    """A clock that goes when it is told to."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def source(tmp_path: Path, clock: Clock) -> Source:
    snapshots.full(tmp_path)
    return Source(tmp_path, Configuration(), clock)


def test_without_a_snapshot_it_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(HnbError, match="python -m etl build"):
        Source(tmp_path, Configuration()).data()


def test_a_new_snapshot_is_seen_within_a_second_and_not_looked_for_before(
    source: Source, clock: Clock
) -> None:
    first = source.data()
    newer = snapshots.one_row(source.processed)
    assert source.data() is first, "the folder was looked at less than a second ago"
    clock.seconds += 1
    assert source.data().id == newer.id


def test_what_was_read_stays_as_it_was(source: Source, clock: Clock) -> None:
    first = source.data()
    rows = first.table("spend").height
    snapshots.one_row(source.processed)
    clock.seconds += 1
    assert source.data().table("spend").height == 1
    assert first.table("spend").height == rows


def test_a_damaged_newer_snapshot_leaves_the_older_one_and_says_so(source: Source, clock: Clock) -> None:
    first = source.data()
    newer = snapshots.one_row(source.processed)
    (source.processed / "snapshots" / newer.id / "spend.parquet").write_bytes(b"not parquet")
    clock.seconds += 1
    assert source.data().id == first.id
    assert "spend.parquet" in source.data().fault


def test_a_request_reads_one_snapshot_whatever_is_published_meanwhile(
    source: Source, clock: Clock, app: dash.Dash
) -> None:
    with app.server.test_request_context("/"):
        server_source, app.server.extensions["hnb"] = app.server.extensions["hnb"], source
        try:
            before = request_data()
            snapshots.one_row(source.processed)
            clock.seconds += 5
            assert request_data() is before
        finally:
            app.server.extensions["hnb"] = server_source


def test_the_as_at_date_is_that_of_the_authoritys_own_monitor_or_register(source: Source) -> None:
    assert source.data().as_at == datetime.date(2026, 10, 31)


def test_the_as_at_date_of_a_year_is_its_own(source: Source) -> None:
    data = source.data()
    assert data.as_at_of(("2025-26", "2026-27")) == datetime.date(2026, 10, 31)
    assert data.as_at_of(()) == data.as_at
    #  No monitor or register of 2022-23 is in this snapshot: the date of a later one is not its date.
    assert data.as_at_of(("2022-23",)) is None


def test_without_monitor_and_register_there_is_no_as_at_date(tmp_path: Path) -> None:
    snapshots.empty(tmp_path)
    assert Source(tmp_path, Configuration()).data().as_at is None


def test_a_table_that_the_snapshot_does_not_hold_has_its_columns_and_no_rows(
    tmp_path: Path, source: Source
) -> None:
    held = source.data()
    del_name = "payments"
    contents = {name: content for name, content in held.snapshot._contents.items() if name != del_name}
    bare = type(held.snapshot)(held.snapshot.id, held.snapshot.manifest, contents)
    table = type(held)(bare, held.configuration).table(del_name)
    assert table.columns == list(TABLES[del_name].names)
    assert table.height == 0


def test_an_answer_is_computes_and_is_computed_once(source: Source) -> None:
    data = source.data()
    independent = Selection(settings=("independent",), authority=snapshots.SUTTON)
    first = data.answer("spend", independent, ("setting",))
    assert first.equals(compute("spend", data, independent, ("setting",)))
    assert data.answer("spend", independent, ("setting",)) is first


def test_an_answer_is_of_its_own_snapshot(source: Source, clock: Clock) -> None:
    everything = Selection(authority=snapshots.SUTTON)
    before = source.data().answer("spend", everything)
    snapshots.one_row(source.processed)
    clock.seconds += 1
    assert not source.data().answer("spend", everything).equals(before)


def test_what_the_model_says_of_a_snapshot_is_worked_out_once(source: Source) -> None:
    data, asked = source.data(), []

    def height(tables: Data, name: str) -> int:
        asked.append(name)
        return tables.table(name).height

    assert data.worked_out(height, "spend") == data.worked_out(height, "spend") > 0
    data.worked_out(height, "budget")
    assert asked == ["spend", "budget"]


def test_a_snapshot_answers_from_its_own_cubes(source: Source) -> None:
    data = source.data()
    data.answer("spend", Selection(authority=snapshots.SUTTON), ("setting",))
    assert data.cubes.cube(MEASURES["spend"], Question(data, Selection(), ())) is not None


def test_of_childrens_placements_only_the_authoritys_own_are_handed_out(source: Source) -> None:
    data = source.data()
    own = data.table("placements")
    assert own.height and set(own["authority"]) == {snapshots.SUTTON}
    assert data.table("placements") is own, "cut out once"
    elsewhere = type(data)(data.snapshot, replace(data.configuration, authority="E10000003"))
    assert elsewhere.table("placements").height == 0
    assert elsewhere.table("spend").equals(data.table("spend")), (
        "sums of others are there to be compared with"
    )
