"""Numbered folders of files that never change, and a pointer to the one that counts: what the store of snapshots
and that of publications have in common. It knows neither.

A folder is written under another name, flushed, renamed, and then pointed to; so a crash leaves the old one or the
new one. Its `manifest.json` names its files under "tables" with their sha256, and `SHA256SUMS` covers all of them.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow
import pyarrow.parquet

from hnb.disk import Disk
from hnb.errors import HnbError

ID = re.compile(r"\d{6}-\d{8}T\d{6}Z")
"""What an id looks like: a number, and when in UTC."""


@dataclass(frozen=True)
class VersionFolders:
    """The versions in one folder.

    root: holds `CURRENT` and the lock. within: the folder under root that holds the versions; "" for root itself.
    noun: what a version is called ("snapshot"). remedy: what to do where one is damaged.
    """

    root: Path
    within: str
    noun: str
    remedy: str

    @property
    def folder(self) -> Path:
        """Where the versions are."""
        return self.root / self.within if self.within else self.root

    def current_id(self) -> str | None:
        """The id that readers open, or None before the first. HnbError when `CURRENT` does not hold an id."""
        pointer = self.root / "CURRENT"
        try:
            text = pointer.read_bytes().decode("utf-8", errors="replace").strip()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise HnbError(f"{pointer} cannot be read ({error.strerror}).") from error
        if not ID.fullmatch(text):
            raise HnbError(f"{pointer} does not hold the id of a {self.noun}. {self.remedy}.")
        return text

    def all(self) -> list[Path]:
        """The folders of all versions that are kept, oldest first."""
        if not self.folder.is_dir():
            return []
        return sorted(entry for entry in self.folder.iterdir() if ID.fullmatch(entry.name) and entry.is_dir())

    def points_somewhere(self) -> bool:
        """Whether `CURRENT` holds the id of a version that is there."""
        try:
            current = self.current_id()
        except HnbError:
            return False
        return current is not None and (self.folder / current).is_dir()

    def new_id(self, now: datetime.datetime) -> str:
        """The next id. Numbers, not times, order versions: a clock can be put back."""
        return f"{self._last_number() + 1:06d}-{now.astimezone(datetime.UTC):%Y%m%dT%H%M%SZ}"

    def put_in_place(
        self, version_id: str, manifest: Mapping[str, Any], contents: Mapping[str, bytes], disk: Disk
    ) -> None:
        """Write the folder under another name, rename it, then point to it. Undo what can be undone on failure.

        contents: file name → bytes, as the manifest names them. The lock is the caller's (`hnb.disk`).
        """
        building = self.root / f".building-{version_id}"
        published = self.folder / version_id
        manifest_content = (json.dumps(manifest, indent=1, ensure_ascii=False) + "\n").encode()
        try:
            disk.make_folder(building)
            for file, content in contents.items():
                disk.write(building / file, content)
            disk.write(building / "manifest.json", manifest_content)
            disk.write(building / "SHA256SUMS", _sums(manifest, manifest_content))
            disk.settle(building)
            disk.rename(building, published)
            disk.settle(published.parent)
            self.point_to(version_id, disk)
        except OSError:
            # If CURRENT already names the new folder it is published, whatever came after; it stays.
            if not (self.points_somewhere() and self.current_id() == version_id):
                self.remove(published, disk)
                for leftover in (building, self.root / ".current-new"):
                    with suppress(OSError):  # the next build sweeps what cannot be removed now
                        disk.remove(leftover)
            raise

    def point_to(self, version_id: str, disk: Disk) -> None:
        """Have `CURRENT` name a version, in one step."""
        disk.write(self.root / ".current-new", f"{version_id}\n".encode())
        disk.replace(self.root / ".current-new", self.root / "CURRENT")
        disk.settle(self.root)

    def sweep_leftovers(self, disk: Disk) -> None:
        """Remove what dead builds left: we hold the lock, so no build is alive but ours."""
        leftovers = [
            *self.root.glob(".building-*"),
            *self.root.glob(".removing-*"),
            *self.root.glob(".current-new"),
        ]
        for leftover in leftovers:
            with suppress(OSError):  # somebody on Windows has it open: next time
                disk.remove(leftover)
        if self.points_somewhere():
            current = _number(self.current_id() or "")
            for folder in self.all():
                if _number(folder.name) > current:  # renamed, but its build died before it was pointed to
                    self.remove(folder, disk)

    def remove(self, folder: Path, disk: Disk) -> None:
        """Take its name away first, so that no version is ever half there under its own name."""
        removing = self.root / f".removing-{folder.name}"
        with suppress(OSError):  # publication is done by now and must not fail for this: next time
            disk.rename(folder, removing)
            disk.remove(removing)

    def manifest(self, folder: Path, known_format: int) -> dict[str, Any]:
        """What a version's `manifest.json` says, checked against its `SHA256SUMS`.

        Raises HnbError when either is missing or changed, or was written by a later version of this software.
        """
        path = folder / "manifest.json"
        sums = self.content(folder / "SHA256SUMS")
        content = self.content(path)
        try:
            manifest: dict[str, Any] = json.loads(content)
            is_sound = sums == _sums(manifest, content)
        except (ValueError, TypeError, LookupError, AttributeError):
            # Bytes that were changed may be anything: no UTF-8, no JSON, or JSON of another shape.
            is_sound = False
        if not is_sound:
            raise HnbError(f"{path} is damaged, or the SHA256SUMS beside it is. {self.remedy}.")
        if manifest["format"] != known_format:
            raise HnbError(
                f"{folder} is written in format {manifest['format']} and this version reads format {known_format}. "
                f"Use the version that wrote it, or build again: {self.remedy}."
            )
        return manifest

    def content(self, path: Path) -> bytes:
        """The bytes of a file of a version."""
        try:
            return path.read_bytes()
        except FileNotFoundError as error:
            raise HnbError(f"{path} is missing from its {self.noun}. {self.remedy}.") from error
        except OSError as error:
            raise HnbError(f"{path} cannot be read ({error.strerror}).") from error

    def verified(self, path: Path, sha256: str) -> bytes:
        """The bytes of a file, which are those that were written."""
        content = self.content(path)
        if hashlib.sha256(content).hexdigest() != sha256:
            raise HnbError(
                f"{path} is damaged or was changed: its sha256 is not the one written with it. {self.remedy}."
            )
        return content

    def _last_number(self) -> int:
        numbers = [_number(folder.name) for folder in self.all()]
        with suppress(HnbError):  # a damaged CURRENT is about to be replaced
            numbers.append(_number(self.current_id() or "0-"))
        return max(numbers, default=0)


def encoded(arrow: pyarrow.Table) -> bytes:
    """The table as the bytes of a Parquet file, every page with its checksum."""
    sink = pyarrow.BufferOutputStream()
    pyarrow.parquet.write_table(
        arrow, sink, compression="zstd", compression_level=3, use_dictionary=True, write_page_checksum=True
    )
    content: bytes = sink.getvalue().to_pybytes()
    return content


def decoded(content: bytes) -> pyarrow.Table:
    """The table in the bytes of a Parquet file, every data page checked against its checksum (OSError)."""
    return pyarrow.parquet.read_table(pyarrow.BufferReader(content), page_checksum_verification=True)


def _sums(manifest: Mapping[str, Any], manifest_content: bytes) -> bytes:
    """The content of SHA256SUMS, with which anyone can check a copy: sha256sum -c SHA256SUMS."""
    sums = {entry["file"]: entry["sha256"] for entry in manifest["tables"].values()}
    sums["manifest.json"] = hashlib.sha256(manifest_content).hexdigest()
    return "".join(f"{digest}  {file}\n" for file, digest in sums.items()).encode()


def _number(version_id: str) -> int:
    return int(version_id.partition("-")[0])
