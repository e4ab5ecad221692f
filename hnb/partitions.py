"""The tables as a partitioned Parquet set, for more rows than one machine's memory holds: a country's, a partnership's.

`compute` takes a set as it takes a snapshot. Which engine reads it, Polars' streaming one or Spark, is one setting
(`engine`), and the answers are the same. The set is made from a snapshot (`python -m hnb partition`); pages and
whatever else needs whole tables read the snapshot.

A set::

    partitions/000007-20261123T211300Z/
      contents.json                 which tables, their columns and types; written last
      spend/authority=E09000029/financial_year=2025-26/rows-0.parquet
      area_totals/rows-0.parquet    a table without authorities is one file

Numbers of children and placements and addresses of rows are left out: no measure needs them.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, Protocol

import polars

from hnb.configuration import Configuration
from hnb.errors import HnbError
from hnb.identifiers import STAND_IN, TREATMENTS, WITHOUT_ROW
from hnb.store import Snapshot
from hnb.tables import TABLES

FORMAT = 1
"""The layout of a set. A reader refuses a number that it does not know."""

CONTENTS = "contents.json"
PARTITIONED_BY = ("authority", "financial_year")
LEFT_OUT = frozenset(name for name, treatment in TREATMENTS.items() if treatment in (STAND_IN, WITHOUT_ROW))
"""Columns that stay in the snapshot."""

_SQL_TYPES: Mapping[Any, str] = MappingProxyType(
    {
        polars.String: "STRING",
        polars.Float64: "DOUBLE",
        polars.Int64: "BIGINT",
        polars.Boolean: "BOOLEAN",
        polars.Date: "DATE",
    }
)


class Held(Protocol):
    """What `compute` asks: a snapshot, `Tables`, or a set."""

    def has(self, name: str) -> bool: ...
    def table(self, name: str) -> Any: ...


# ---------------------------------------------------------------------------------------- writing


class PartitionWriter:
    """Writes a set piece by piece, so that no more than a piece need be in memory."""

    def __init__(self, folder: Path) -> None:
        """`folder` is the set's own, which must not be there yet. It has its name only when `finish` has run."""
        self._folder = folder
        self._building = folder.with_name(f".building-{folder.name}")
        shutil.rmtree(self._building, ignore_errors=True)
        self._building.mkdir(parents=True)
        self._columns: dict[str, dict[str, str]] = {}
        self._rows: dict[str, int] = {}
        self._pieces: dict[str, int] = {}

    def add(self, name: str, frame: polars.DataFrame) -> None:
        """Rows of a table, some or all of them: a file in each partition that they touch."""
        kept = frame.drop(column for column in frame.columns if column in LEFT_OUT)
        self._columns[name] = {column: _SQL_TYPES[kind] for column, kind in kept.schema.items()}
        self._rows[name] = self._rows.get(name, 0) + kept.height
        piece = self._pieces[name] = self._pieces.get(name, -1) + 1
        keys = partition_keys(name)
        parts = kept.partition_by(keys, as_dict=True, include_key=False) if keys else {(): kept}
        for values, part in parts.items():
            folder = self._building / name
            for key, value in zip(keys, values, strict=True):
                folder = folder / f"{key}={value}"
            folder.mkdir(parents=True, exist_ok=True)
            part.write_parquet(folder / f"rows-{piece}.parquet", compression="zstd")

    def finish(self) -> Path:
        """Say what the set holds and give it its name."""
        contents = {
            "format": FORMAT,
            "tables": {
                name: {"rows": self._rows[name], "columns": columns}
                for name, columns in self._columns.items()
            },
        }
        (self._building / CONTENTS).write_text(json.dumps(contents, indent=1), encoding="utf-8", newline="\n")
        self._building.rename(self._folder)
        return self._folder


def partition_keys(name: str) -> tuple[str, ...]:
    """The columns by which a table is partitioned: its authority and year, where every row has them."""
    table = TABLES[name]
    if "authority" not in table.names:
        return ()
    return tuple(key for key in PARTITIONED_BY if key in table.names and table.column(key).required)


def partition(snapshot: Snapshot, folder: Path, keep: int = 2) -> Path:
    """A snapshot's tables as a set of its own name within `folder`; gives the set's folder.

    A set that is there already stays: a snapshot never changes. Of earlier ones the last stay, `keep` in all.
    Raises HnbError when the disk refuses.
    """
    place = folder / snapshot.id
    try:
        if not (place / CONTENTS).is_file():
            writer = PartitionWriter(place)
            for name in TABLES:
                if snapshot.has(name) and snapshot.table(name).height:
                    writer.add(name, snapshot.table(name))
            writer.finish()
        for old in _sets(folder)[:-keep]:
            if old != place:
                shutil.rmtree(old)
    except OSError as error:
        raise HnbError(
            f"{error.filename or folder} cannot be written ({error.strerror or error}). Make room or get leave to write there."
        ) from error
    return place


# ---------------------------------------------------------------------------------------- reading


@dataclass(frozen=True)
class StreamedPartitions:
    """A set that Polars reads as it goes: what a question asks for, and no more of it at a time than is worked on."""

    folder: Path
    collecting: Mapping[str, Any] = field(
        default_factory=lambda: MappingProxyType({"engine": "streaming"}), repr=False
    )
    """How `Question.collected` is to have rows worked out."""

    def has(self, name: str) -> bool:
        """Whether the set holds a table of that name."""
        return name in contents(self.folder)

    def table(self, name: str) -> polars.LazyFrame:
        """A table as a lazy Polars frame. HnbError if there is none."""
        columns = _columns(self.folder, name)
        keys = dict.fromkeys(partition_keys(name), polars.String)
        rows = polars.scan_parquet(
            self.folder / name / "**" / "*.parquet", hive_partitioning=bool(keys), hive_schema=keys or None
        )
        return rows.select(list(columns))


class SparkPartitions:
    """A set that Spark reads: in this process, or on the cluster that Spark's own configuration names.

    Needs PySpark (`requirements-spark.txt`) and Java; both are asked for when the first table is.
    """

    def __init__(self, folder: Path, session: Any = None) -> None:
        self.folder = folder
        self._session = session
        self._frames: dict[str, Any] = {}

    def has(self, name: str) -> bool:
        """Whether the set holds a table of that name."""
        return name in contents(self.folder)

    def table(self, name: str) -> Any:
        """A table as a PySpark frame. HnbError if there is none, or where PySpark or Java is not there."""
        if name not in self._frames:
            columns = _columns(self.folder, name)
            schema = ", ".join(f"`{column}` {kind}" for column, kind in columns.items())
            if self._session is None:
                self._session = spark_session()
            rows = self._session.read.schema(schema).parquet(str(self.folder / name))
            self._frames[name] = rows.select(*columns)
        return self._frames[name]


def spark_session() -> Any:
    """The Spark session of this process, begun if there is none.

    Where Spark's own configuration names no cluster, it runs in this process on all cores, listens to this
    machine alone and serves no page. Raises HnbError where PySpark or Java is not there.
    """
    try:
        from pyspark import SparkConf
        from pyspark.errors import PySparkRuntimeError
        from pyspark.sql import SparkSession
    except ImportError as missing:
        raise HnbError(
            'engine is "spark" and PySpark is not installed. '
            "Run `python -m pip install --require-hashes -r requirements-spark.txt`, or set engine to streaming."
        ) from missing
    active = SparkSession.getActiveSession()
    if active is not None:
        return active
    if not os.environ.get("JAVA_HOME") and shutil.which("java") is None:
        raise HnbError(
            'engine is "spark" and Java is not found. Install Java 17 or later, or set engine to streaming.'
        )
    try:
        chosen = SparkConf()
        if chosen.get("spark.master", "local[*]").startswith("local"):
            for name, value in _HERE_ALONE.items():
                chosen = chosen.setIfMissing(name, value)
        return SparkSession.builder.config(conf=chosen).appName("high-needs-block").getOrCreate()
    except PySparkRuntimeError as error:
        raise HnbError(f'engine is "spark" and Spark does not start: {error}') from error


_HERE_ALONE: Mapping[str, str] = MappingProxyType(
    {
        "spark.master": "local[*]",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        # Two hundred, Spark's own choice, is for a cluster: answers are a few hundred rows.
        "spark.sql.shuffle.partitions": "8",
    }
)


def tables_by_engine(configuration: Configuration, snapshot: Snapshot) -> Held:
    """What `compute` is to read, by the setting `engine`: the snapshot itself, or the set that was made of it.

    Raises HnbError where there is no set of this snapshot.
    """
    if configuration.engine == "embedded":
        return snapshot
    folder = configuration.partitions_folder / snapshot.id
    if not (folder / CONTENTS).is_file():
        raise HnbError(
            f"engine is {configuration.engine}, and {folder.parent} holds no set of snapshot {snapshot.id}. "
            "Run `python -m hnb partition`."
        )
    return StreamedPartitions(folder) if configuration.engine == "streaming" else SparkPartitions(folder)


def contents(folder: Path) -> Mapping[str, Mapping[str, Any]]:
    """The tables of a set, each with its `rows` and `columns`. HnbError where it is no set, or a later version's."""
    try:
        said = json.loads((folder / CONTENTS).read_bytes())
    except (OSError, ValueError) as error:
        raise HnbError(f"{folder} is no partitioned set. Run `python -m hnb partition`.") from error
    if said.get("format") != FORMAT:
        raise HnbError(f"{folder} was written by another version of this software. Run it with that one.")
    tables: Mapping[str, Mapping[str, Any]] = said["tables"]
    return tables


def _columns(folder: Path, name: str) -> Mapping[str, str]:
    held = contents(folder)
    if name not in held:
        raise HnbError(f"{folder} holds no table {name}.")
    columns: Mapping[str, str] = held[name]["columns"]
    return columns


def _sets(folder: Path) -> list[Path]:
    return sorted(entry.parent for entry in folder.glob(f"*/{CONTENTS}"))
