"""The only reader and writer of `data/processed`: snapshots published whole, or not at all.

Use `publish` at the end of a build, `Snapshot.open` to read, `current_id` to notice a new snapshot. What
the tables mean is not said here (see `hnb.tables`); whether they are fit to publish is the build's to say.

The folder::

    processed/
      CURRENT                       one line, the id of the snapshot that readers open
      .lock                         held by the one build that is publishing
      .building-000007-…/           a build in progress; left over if its process died
      snapshots/
        000007-20261123T211300Z/    never changed once it has this name
          manifest.json  SHA256SUMS  budget.parquet  placements.parquet  …

Choices, and why:

* **Publication is two atomic steps**: rename the finished folder, then replace `CURRENT`. Every file and
  folder is flushed to the disk first, so a crash or a power cut leaves the old snapshot or the new one.
* **The lock is the operating system's** (`flock`, or `msvcrt` on Windows), not a file that is there or
  not: it ends with its process, even by kill −9, so it cannot go stale.
* **Readers hold bytes, not files.** `Snapshot.open` reads every file (a few megabytes) and checks it
  against the manifest's sha256; a table is decoded when first asked for. So a reader keeps its snapshot
  whole while later ones are published and old ones are swept, on Windows too.
* **sha256 and page checksums, both.** Page checksums do not cover Parquet's footer, where row counts and
  units stand; sha256 does. The page checksums go with a file that is copied elsewhere.
* **Words are plain text in Polars, not Enum or Categorical.** Measured, 300,000 rows: grouping by three
  keys 10.5 ms as text, 7.6 as Enum, 8.0 as Categorical; by one 3.6, 2.0, 3.9. Against those three
  milliseconds: polars 2.1 refuses to join or concatenate an Enum with text, a Categorical, or an Enum of
  another list. The order of codes is in the code lists and in each field's metadata.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import sys
import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, cast

import pandas
import polars
import pyarrow
import pyarrow.parquet

from hnb.contract import Problem, Table
from hnb.disk import Disk, sole_publisher
from hnb.errors import HnbError
from hnb.tables import TABLES
from hnb.version_folders import VersionFolders, decoded, encoded

FORMAT = 1
"""The layout of a snapshot folder. A reader refuses a number that it does not know."""

_BUILD_AGAIN = "Run `python -m etl build` to publish a fresh snapshot"

_PANDAS_TYPES = {
    pyarrow.string(): pandas.StringDtype(),
    pyarrow.int64(): pandas.Int64Dtype(),
    pyarrow.bool_(): pandas.BooleanDtype(),
    pyarrow.date32(): pandas.ArrowDtype(pyarrow.date32()),
}


@dataclass(frozen=True)
class Snapshot:
    """One published set of tables, as it was when it was opened. Safe to share between threads.

    `id` names it ("000007-20261123T211300Z": the seventh, and when in UTC); `manifest` says when, from
    which files, by which version of the code it was made, and the rows, columns, kinds and units of each
    table.
    """

    id: str
    manifest: Mapping[str, Any] = field(repr=False)
    _contents: Mapping[str, bytes] = field(repr=False, compare=False)
    _frames: dict[str, polars.DataFrame] = field(default_factory=dict, repr=False, compare=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False, compare=False)

    @classmethod
    def open(cls, processed: Path) -> Snapshot:
        """The snapshot that `CURRENT` names, every file of it checked against its sha256.

        Raises HnbError when nothing was published yet, or when a file is missing, truncated or changed.
        """
        for _ in range(10):
            current = current_id(processed)
            if current is None:
                raise HnbError(
                    f"Nothing is published in {processed} yet. Run `python -m etl build`; for generated data, `make demo`."
                )
            try:
                return cls.read(processed / "snapshots" / current)
            except HnbError:
                # A build may have published and swept this one between our two reads: then look again.
                if current_id(processed) == current:
                    raise
        raise HnbError(f"{processed} was published anew ten times while it was being read. Try again.")

    @classmethod
    def read(cls, folder: Path) -> Snapshot:
        """The snapshot in one folder of `snapshots`, checked in the same way. Raises HnbError likewise."""
        manifest = read_manifest(folder)
        folders = _folders(folder.parent.parent)
        contents = {
            name: folders.verified(folder / entry["file"], entry["sha256"])
            for name, entry in manifest["tables"].items()
        }
        return cls(manifest["snapshot"], MappingProxyType(manifest), MappingProxyType(contents))

    def has(self, name: str) -> bool:
        """Whether the snapshot holds a table of that name."""
        return name in self._contents

    def table(self, name: str) -> polars.DataFrame:
        """A table as a Polars frame, decoded once: rows sorted by key, words as String, dates as Date,
        pounds, numbers and shares as Float64, counts as Int64, flags as Boolean.

        Raises HnbError when the snapshot has no such table.
        """
        with self._lock:
            if name not in self._frames:
                self._frames[name] = cast(polars.DataFrame, polars.from_arrow(self.arrow(name)))
            return self._frames[name]

    def frame(self, name: str) -> pandas.DataFrame:
        """The same table as a pandas frame with the types of `Table.conform`; the caller's own copy."""
        frame: pandas.DataFrame = self.arrow(name).to_pandas(types_mapper=_PANDAS_TYPES.get)
        return frame

    def arrow(self, name: str) -> pyarrow.Table:
        """The same table as Arrow, whose fields carry kind, unit, meaning and ordered codes."""
        if name not in self._contents:
            raise HnbError(f"Snapshot {self.id} holds no table {name}. {_BUILD_AGAIN}.")
        return _decoded(self._contents[name])


def current_id(processed: Path) -> str | None:
    """The id of the snapshot that readers open, or None before the first. Reads one line: cheap to ask often.

    Raises HnbError when `CURRENT` does not hold an id.
    """
    return _folders(processed).current_id()


def snapshot_folders(processed: Path) -> list[Path]:
    """The folders of all published snapshots that are still kept, oldest first."""
    return _folders(processed).all()


def read_manifest(folder: Path) -> dict[str, Any]:
    """What a snapshot's `manifest.json` says, checked against its `SHA256SUMS`.

    Raises HnbError when either is missing or changed, or was written by a later version of this software.
    """
    return _folders(folder.parent.parent).manifest(folder, FORMAT)


def show_again(processed: Path, snapshot_id: str, now: datetime.datetime, disk: Disk | None = None) -> None:
    """Have readers open an earlier snapshot that is still kept, or a later one again.

    None is taken away by it; the next build takes away those that are later than the one shown, and goes on from there.
    Whoever reads meanwhile goes on with the one they have. Raises HnbError when there is no such snapshot, when a file of
    it is missing or changed, or when a build is publishing.
    """
    disk = disk or Disk()
    folder = processed / "snapshots" / snapshot_id
    if folder not in snapshot_folders(processed):
        raise HnbError(
            f"There is no snapshot {snapshot_id[:60]} in {processed}. `python -m hnb snapshots` lists those that are kept."
        )
    with sole_publisher(processed, now):
        Snapshot.read(folder)
        _folders(processed).point_to(snapshot_id, disk)


def verify(processed: Path) -> list[Problem]:
    """Every fault of every kept snapshot: files missing, changed or not decodable, rows not as the manifest says.

    A folder of which nothing is wrong gives nothing. Reads all bytes of all snapshots.
    """
    problems = []
    try:
        current = current_id(processed)
        if current and not (processed / "snapshots" / current).is_dir():
            problems.append(
                _fault(
                    processed / "CURRENT", f"it names {current}, which is not in {processed / 'snapshots'}"
                )
            )
    except HnbError as error:
        problems.append(_fault(processed / "CURRENT", str(error)))
    for folder in snapshot_folders(processed):
        try:
            manifest = read_manifest(folder)
        except HnbError as error:
            problems.append(_fault(folder, str(error)))
            continue
        for entry in manifest["tables"].values():
            path = folder / entry["file"]
            try:
                rows = _decoded(_folders(processed).verified(path, entry["sha256"])).num_rows
            except (HnbError, OSError, pyarrow.ArrowException) as error:
                problems.append(_fault(path, str(error)))
                continue
            if rows != entry["rows"]:
                problems.append(_fault(path, f"{rows} rows where the manifest says {entry['rows']}"))
    return problems


def publish(
    tables: Mapping[str, pandas.DataFrame],
    processed: Path,
    *,
    files: Sequence[Mapping[str, Any]] = (),
    problems: Sequence[Problem] = (),
    keep: int = 5,
    now: datetime.datetime,
    code_version: str,
    contract: Mapping[str, Table] = TABLES,
    disk: Disk | None = None,
) -> Snapshot:
    """Publish the tables together as a new snapshot, and make it the one that readers open.

    Parameters
    ----------
    tables: pandas frames by table name, each with the columns that `contract` declares.
    processed: the folder of snapshots; made if it is not there.
    files: what was read, one mapping a file: name, sha256, bytes, rows and whatever else is worth keeping.
    problems: what was found; only the number of each kind goes into the manifest.
    keep: how many snapshots stay, this one included; older ones are removed.
    now: when, with a time zone.
    code_version: which version of the code made the tables.

    The same rows give the same bytes whatever their order, so the manifest's `content` tells whether a
    build changed anything (`load_changes` is no part of it: it tells of the load before).

    Raises HnbError when another build is publishing, or when the disk refuses; what was published before
    then still stands. A frame that breaks its contract is ours: ValueError.
    """
    if keep < 1:
        raise ValueError("keep must be at least 1: the current snapshot is never removed")
    if now.tzinfo is None:
        raise ValueError("now must have a time zone")
    disk = disk or Disk()
    unknown = [name for name in tables if name not in contract]
    if unknown:
        raise ValueError(f"no contract for table {unknown}")
    names = [name for name in contract if name in tables]
    # Sorting and compressing are done outside of Python's own lock, so tables are encoded beside one another.
    with ThreadPoolExecutor(2, "encoding") as pool:
        packed = dict(zip(names, pool.map(lambda name: _encoded(tables[name], contract[name]), names), strict=True))  # fmt: skip
    folders = _folders(processed)
    try:
        disk.make_folder(processed / "snapshots")
        with sole_publisher(processed, now):
            folders.sweep_leftovers(disk)
            previous = folders.current_id() if folders.points_somewhere() else None
            snapshot_id = folders.new_id(now)
            manifest = _manifest(snapshot_id, packed, contract, now, code_version, previous, files, problems)
            contents = {f"{name}.parquet": table.content for name, table in packed.items()}
            folders.put_in_place(snapshot_id, manifest, contents, disk)
            for old in folders.all()[:-keep]:  # the last is the current one
                folders.remove(old, disk)
    except OSError as error:
        raise HnbError(
            f"{error.filename or processed} cannot be written ({error.strerror or error}), so nothing new was "
            "published; what was published before still stands. Make room or get leave to write there, and build again."
        ) from error
    return Snapshot(snapshot_id, MappingProxyType(manifest), MappingProxyType(_bytes(packed)))


# ---------------------------------------------------------------------------------------- writing


@dataclass(frozen=True)
class _Encoded:
    content: bytes
    rows: int
    sha256: str


def _encoded(frame: pandas.DataFrame, table: Table) -> _Encoded:
    """The frame as the bytes of a Parquet file: typed, sorted by key and then by every other column."""
    schema = table.arrow_schema()
    arrow = pyarrow.Table.from_pandas(table.conform(frame), schema=schema, preserve_index=False)
    # from_pandas adds a description of the pandas index, which no reader of ours needs.
    arrow = arrow.replace_schema_metadata(schema.metadata)
    order = (*table.key, *(name for name in table.names if name not in table.key))
    arrow = arrow.sort_by([(name, "ascending") for name in order])
    content = encoded(arrow)
    return _Encoded(content, arrow.num_rows, hashlib.sha256(content).hexdigest())


def _bytes(packed: Mapping[str, _Encoded]) -> dict[str, bytes]:
    return {name: table.content for name, table in packed.items()}


def _manifest(
    snapshot_id: str,
    packed: Mapping[str, _Encoded],
    contract: Mapping[str, Table],
    now: datetime.datetime,
    code_version: str,
    previous: str | None,
    files: Sequence[Mapping[str, Any]],
    problems: Sequence[Problem],
) -> dict[str, Any]:
    content = hashlib.sha256(
        "\n".join(
            f"{name} {table.sha256}" for name, table in sorted(packed.items()) if name != "load_changes"
        ).encode()
    ).hexdigest()
    manifest = {
        "format": FORMAT,
        "snapshot": snapshot_id,
        "made_at": now.astimezone(datetime.UTC).isoformat(timespec="seconds"),
        "previous": previous,
        "content": content,
        "code_version": code_version,
        "written_with": {"python": sys.version.split()[0], "pyarrow": pyarrow.__version__},
        "files": [dict(file) for file in files],
        "problems": dict(sorted(Counter(problem.severity for problem in problems).items())),
        "tables": {
            name: {
                "file": f"{name}.parquet",
                "sha256": table.sha256,
                "bytes": len(table.content),
                "rows": table.rows,
                "row": contract[name].row,
                "columns": [
                    {
                        "name": column.name,
                        "kind": column.kind,
                        "unit": "£" if column.kind == "pounds" else column.unit,
                    }
                    for column in contract[name].columns
                ],
            }
            for name, table in packed.items()
        },
    }
    # What the caller reads from the snapshot is what a later reader will read from the file.
    read_back: dict[str, Any] = json.loads(json.dumps(manifest))
    return read_back


# ---------------------------------------------------------------------------------------- reading


def _decoded(content: bytes) -> pyarrow.Table:
    """The table in the bytes of a Parquet file, every data page checked against its checksum (OSError)."""
    return decoded(content)


def _folders(processed: Path) -> VersionFolders:
    return VersionFolders(processed, "snapshots", "snapshot", _BUILD_AGAIN)


def _fault(path: Path, found: str) -> Problem:
    return Problem(str(path), "damaged_snapshot", found, "what was published", _BUILD_AGAIN)
