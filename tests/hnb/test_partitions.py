"""A partitioned set answers as the snapshot does, whichever engine reads it.

The picture: three rows of spend, of two authorities and two years, make three files::

    spend/authority=E09000029/financial_year=2023-24/   £10.10
    spend/authority=E09000029/financial_year=2024-25/   £20.25
    spend/authority=E09000024/financial_year=2024-25/   £5.05
"""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars
import pytest
from polars.testing import assert_frame_equal

import hnb
from hnb.__main__ import main
from hnb.configuration import Configuration
from hnb.errors import HnbError
from hnb.metrics import MEASURES, Tables, compute, is_loaded
from hnb.partitions import (
    CONTENTS,
    PartitionWriter,
    SparkPartitions,
    StreamedPartitions,
    contents,
    partition,
    tables_by_engine,
)
from hnb.selection import Selection
from hnb.store import Snapshot
from hnb.tables import TABLES
from tests.conftest import Built
from tests.hnb.test_metrics_engines import FRAMES

SUTTON = Selection(authority="E09000029")
THREE = polars.DataFrame(
    {
        "authority": ["E09000029", "E09000029", "E09000024"],
        "financial_year": ["2023-24", "2024-25", "2024-25"],
        "basis": ["outturn"] * 3,
        "setting": ["special_independent"] * 3,
        "amount": [10.10, 20.25, 5.05],
        "placements": [1, 2, 1],
        "source": ["register.xlsx!2023!4", "register.xlsx!2024!4", "other.xlsx!1!9"],
    }
)  # fmt: skip

_lacking = [
    *(["pyspark is not installed (requirements-spark.txt)"] if importlib.util.find_spec("pyspark") is None else []),
    *(["Java is not on this machine"] if not os.environ.get("JAVA_HOME") and shutil.which("java") is None else []),
]  # fmt: skip
needs_spark = pytest.mark.skipif(bool(_lacking), reason=" and ".join(_lacking) or "Spark is here")


def written(folder: Path, frames: dict[str, polars.DataFrame]) -> Path:
    """A set of some frames."""
    writer = PartitionWriter(folder)
    for name, frame in frames.items():
        writer.add(name, frame)
    return writer.finish()


def assert_same(found: polars.DataFrame, expected: polars.DataFrame, asked: object) -> None:
    """The same rows in the same order. Pounds, rounded to the penny, and counts cannot differ by less than this;
    placement-years, added up in another order, may in the ninth decimal."""
    try:
        assert_frame_equal(found, expected, rel_tol=0, abs_tol=1e-8)
    except AssertionError as different:
        raise AssertionError(f"{asked}: {different}") from different


@pytest.fixture(scope="module")
def snapshot(sample_build: Built) -> Snapshot:
    return Snapshot.open(sample_build.processed)


@pytest.fixture(scope="module")
def sample_set(snapshot: Snapshot, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample's snapshot as a set."""
    return partition(snapshot, tmp_path_factory.mktemp("partitions"))


@pytest.fixture(scope="module")
def small_set(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small frames on which engines are compared, as a set."""
    typed = Tables(FRAMES)
    return written(tmp_path_factory.mktemp("small") / "set", {name: typed.table(name) for name in FRAMES})


class TestTheSet:
    def test_is_a_folder_an_authority_and_year_without_addresses_of_rows(self, tmp_path):
        folder = written(tmp_path / "set", {"spend": THREE})
        files = {
            str(path.parent.relative_to(folder)): polars.read_parquet(path, hive_partitioning=False)
            for path in folder.rglob("*.parquet")
        }
        assert {place: frame["amount"].to_list() for place, frame in files.items()} == {
            "spend/authority=E09000029/financial_year=2023-24": [10.10],
            "spend/authority=E09000029/financial_year=2024-25": [20.25],
            "spend/authority=E09000024/financial_year=2024-25": [5.05],
        }
        assert all("source" not in frame.columns for frame in files.values())
        assert contents(folder)["spend"]["rows"] == 3

    def test_gives_figures_worked_out_by_hand(self, tmp_path):
        held = StreamedPartitions(written(tmp_path / "set", {"spend": THREE}))
        by_year = compute("spend", held, by=("financial_year",))
        assert by_year.select("financial_year", "value", "count").rows() == [
            ("2023-24", 10.10, 1),
            ("2024-25", 25.30, 3),
        ]
        assert compute("spend", held, SUTTON)["value"].to_list() == [30.35]

    def test_is_written_piece_by_piece(self, tmp_path):
        writer = PartitionWriter(tmp_path / "set")
        writer.add("spend", THREE.head(1))
        writer.add("spend", THREE.tail(2))
        assert not (tmp_path / "set").exists()  # until it is whole
        held = StreamedPartitions(writer.finish())
        assert compute("spend", held)["value"].to_list() == [35.40]

    def test_keeps_every_row_of_the_snapshot_and_no_number_of_a_child(self, snapshot, sample_set):
        rows = {name: snapshot.table(name).height for name in TABLES if snapshot.has(name)}
        held = contents(sample_set)
        assert {name: table["rows"] for name, table in held.items()} == {
            name: height for name, height in rows.items() if height
        }
        streamed = StreamedPartitions(sample_set)
        assert {
            name: streamed.table(name).select(polars.len()).collect().item() for name in held
        } == {name: table["rows"] for name, table in held.items()}  # fmt: skip
        columns = {column for table in held.values() for column in table["columns"]}
        assert not columns & {"pupil_id", "placement_id", "other_placement_id", "source"}

    def test_stays_as_it_is_when_it_is_there_and_the_older_ones_go(self, snapshot, tmp_path):
        for number in ("000001", "000002", "000003"):
            partition(replace(snapshot, id=f"{number}-20261101T000000Z"), tmp_path)
        latest = tmp_path / "000003-20261101T000000Z"
        before = (latest / CONTENTS).stat().st_mtime_ns
        partition(replace(snapshot, id=latest.name), tmp_path)
        assert (latest / CONTENTS).stat().st_mtime_ns == before
        assert sorted(path.name[:6] for path in tmp_path.iterdir()) == ["000002", "000003"]

    def test_is_refused_where_it_is_none(self, tmp_path):
        with pytest.raises(HnbError, match="is no partitioned set"):
            StreamedPartitions(tmp_path).has("spend")
        folder = written(tmp_path / "set", {"spend": THREE})
        with pytest.raises(HnbError, match="holds no table plans"):
            StreamedPartitions(folder).table("plans")
        (folder / CONTENTS).write_text(json.dumps({"format": 2, "tables": {}}), encoding="utf-8")
        with pytest.raises(HnbError, match="another version"):
            StreamedPartitions(folder).has("spend")


class TestTheStreamingEngine:
    def test_every_measure_by_every_dimension_of_the_small_frames(self, small_set):
        here, streamed = Tables(FRAMES), StreamedPartitions(small_set)
        for measure in MEASURES.values():
            assert is_loaded(measure, streamed) == is_loaded(measure, here)
            for dimension in measure.dimensions:
                by = tuple(dict.fromkeys(("financial_year", dimension)))
                found, expected = (compute(measure, tables, SUTTON, by) for tables in (streamed, here))
                assert_same(found, expected, (measure.name, by))

    def test_every_measure_by_every_dimension_of_the_sample(self, snapshot, sample_set):
        streamed = StreamedPartitions(sample_set)
        for measure in MEASURES.values():
            for dimension in measure.dimensions:
                by = (dimension,)
                found, expected = (compute(measure, tables, SUTTON, by) for tables in (streamed, snapshot))
                assert_same(found, expected, (measure.name, by))


@pytest.fixture(scope="module")
def session() -> Iterator[Any]:
    """Spark in this process, on two cores, as small as it gets."""
    from pyspark.sql import SparkSession

    os.environ["PYSPARK_PYTHON"] = sys.executable
    spark = (
        SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.ui.showConsoleProgress", "false")
        .config("spark.sql.shuffle.partitions", "1")
        # A few rows a question: compiling more thoroughly what is run once costs more than it saves.
        .config("spark.driver.extraJavaOptions", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")
        .getOrCreate()
    )
    spark.sparkContext.setLogLevel("ERROR")
    yield spark
    spark.stop()


@needs_spark
class TestSpark:
    def test_gives_figures_worked_out_by_hand(self, session, tmp_path):
        held = SparkPartitions(written(tmp_path / "set", {"spend": THREE}), session)
        by_year = compute("spend", held, by=("financial_year",))
        assert by_year.select("financial_year", "value", "count").rows() == [
            ("2023-24", 10.10, 1),
            ("2024-25", 25.30, 3),
        ]
        assert compute("spend", held, SUTTON)["value"].to_list() == [30.35]

    def test_every_measure_of_the_sample(self, session, snapshot, sample_set):
        spark = SparkPartitions(sample_set, session)
        for place, measure in enumerate(MEASURES.values()):
            # A second each: every measure by its year and one dimension, another one from measure to measure.
            others = [name for name in measure.dimensions if name != "financial_year"]
            by = ("financial_year", others[place % len(others)]) if others else ("financial_year",)
            by = tuple(name for name in by if name in measure.dimensions)
            found, expected = (compute(measure, tables, SUTTON, by) for tables in (spark, snapshot))
            assert_same(found, expected, (measure.name, by))

    @pytest.mark.parametrize("measure", ["spend", "plans", "variance", "cumulative_balance"])
    def test_dimensions_of_the_small_frames(self, session, small_set, measure):
        here, spark = Tables(FRAMES), SparkPartitions(small_set, session)
        for by in ((), MEASURES[measure].dimensions[-2:]):
            found, expected = (compute(measure, tables, SUTTON, by) for tables in (spark, here))
            assert_same(found, expected, (measure, by))

    def test_is_begun_when_the_first_table_is_asked_for(self, session, small_set):
        spark = SparkPartitions(small_set)  # finds the session that runs
        assert spark.table("spend").sparkSession is session


class TestTheSetting:
    def test_chooses_what_compute_reads(self, snapshot, sample_set):
        chosen = Configuration(partitions_folder=sample_set.parent)
        assert tables_by_engine(chosen, snapshot) is snapshot
        streaming = tables_by_engine(replace(chosen, engine="streaming"), snapshot)
        assert streaming == StreamedPartitions(sample_set)
        assert isinstance(tables_by_engine(replace(chosen, engine="spark"), snapshot), SparkPartitions)

    def test_says_when_the_set_is_not_there(self, snapshot, tmp_path):
        with pytest.raises(
            HnbError, match=r"engine is streaming, and .* holds no set of snapshot .* hnb partition"
        ):
            tables_by_engine(Configuration(engine="streaming", partitions_folder=tmp_path), snapshot)

    def test_reaches_a_notebook(self, sample_build, snapshot, tmp_path, capsys):
        settings = tmp_path / "settings.toml"
        lines = [
            f"processed_folder = '{sample_build.processed}'",
            f"partitions_folder = '{tmp_path / 'sets'}'",
        ]
        settings.write_text("\n".join(lines), encoding="utf-8")
        assert main(["--settings", str(settings), "partition"]) == 0
        rows = sum(snapshot.table(name).height for name in TABLES if snapshot.has(name))
        assert f"{rows:,} rows" in capsys.readouterr().out
        plain = hnb.load(settings=settings)
        settings.write_text("\n".join([*lines, 'engine = "streaming"']), encoding="utf-8")
        streaming = hnb.load(settings=settings)
        assert streaming.held == StreamedPartitions(tmp_path / "sets" / snapshot.id)
        for measure in ("spend", "cumulative_balance", "month_placements"):
            given = [hnb.compute(measure, data, by=("financial_year",)) for data in (plain, streaming)]
            assert given[0].equals(given[1])

    def test_leaves_rows_of_children_to_whoever_has_the_key(self, sample_build, sample_set, tmp_path):
        settings = tmp_path / "settings.toml"
        settings.write_text(
            f"processed_folder = '{sample_build.processed}'\npartitions_folder = '{sample_set.parent}'\n"
            f"pupil_key_file = '{tmp_path / 'no.key'}'\nengine = \"streaming\"\n",
            encoding="utf-8",
        )
        with pytest.raises(HnbError, match="A row of “placement_full_year” is about one child"):
            hnb.compute("full_year_effect", hnb.load(settings=settings))

    def test_without_pyspark_it_is_a_sentence(self, monkeypatch, small_set):
        monkeypatch.setitem(sys.modules, "pyspark", None)
        with pytest.raises(HnbError, match=r"PySpark is not installed.*requirements-spark\.txt"):
            SparkPartitions(small_set).table("spend")
