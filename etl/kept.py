"""What files gave at the last build, kept beside the snapshots, so that a file that is unchanged is not read again.

A reading is kept under the digest of the file's bytes, its name and all else that decides it, so it need never
be looked after: what no longer holds is no longer found. One that is damaged is read anew. It holds no child's
identifier: what is kept was pseudonymised before. The folder may be deleted at any time.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from etl.account import SheetAccount
from etl.one_file import FileRead, OneFile
from etl.packed import DamagedError, UnpackableError, packed, unpacked
from hnb.contract import Problem

_PASSING = frozenset({"file_changed", "unreadable_file", "reader_crashed", "too_slow"})
"""Problems that another try may not have: what they spoil is not kept."""


class Kept:
    """The folder of kept readings. Whatever the disk refuses is no fault: the file is then read again."""

    def __init__(self, folder: Path, fingerprint: str, *, anew: bool = False) -> None:
        self.folder, self.fingerprint, self.anew = folder, fingerprint, anew
        self._used: set[str] = set()

    def reading(self, name: str, sha256: str) -> OneFile | None:
        """What the file of that name and bytes gave before, if that is kept and whole."""
        path = self._path(name, sha256)
        if self.anew:
            return None
        try:
            one = unpacked(path.read_bytes())
        except (OSError, DamagedError):
            return None
        return one

    def keep(self, name: str, one: OneFile) -> None:
        """Keep what a file gave, unless it failed in a way that passes."""
        if one.file is None or not one.file.sha256 or _PASSING & {problem.what for problem in one.problems}:
            return
        with contextlib.suppress(UnpackableError):
            _write(self._path(name, one.file.sha256), packed(one))

    def sweep(self) -> None:
        """Remove every reading that this build had no use for, and what builds that were killed left half written."""
        for path in self.folder.glob("*"):
            if path.name not in self._used and path.suffix in (".reading", ".half"):
                with contextlib.suppress(OSError):
                    path.unlink()

    def _path(self, name: str, sha256: str) -> Path:
        decides = "\n".join((sha256, self.fingerprint, name))
        path = self.folder / f"{hashlib.sha256(decides.encode()).hexdigest()}.reading"
        self._used.add(path.name)
        return path


@dataclass(frozen=True)
class LastBuild:
    """The build that published a snapshot: all that decided it, as a fingerprint, and what it had to say."""

    fingerprint: str
    snapshot: str
    files: tuple[FileRead, ...]
    sheets: tuple[SheetAccount, ...]
    problems: tuple[Problem, ...]

    def write(self, folder: Path) -> None:
        """Keep it, in the place of the one before."""
        said = json.dumps(vars(self), ensure_ascii=False, default=_plain).encode()
        _write(folder / "last.json", hashlib.sha256(said).hexdigest().encode() + b"\n" + said)


def last_build(folder: Path) -> LastBuild | None:
    """The build that last published from this folder, if that is kept and whole."""
    try:
        digest, _, said = (folder / "last.json").read_bytes().partition(b"\n")
    except OSError:
        return None
    if hashlib.sha256(said).hexdigest().encode() != digest:
        return None
    last: Mapping[str, Any] = json.loads(said)
    return LastBuild(
        last["fingerprint"],
        last["snapshot"],
        tuple(FileRead(**file) for file in last["files"]),
        tuple(SheetAccount(**sheet) for sheet in last["sheets"]),
        tuple(Problem(**problem) for problem in last["problems"]),
    )


def _plain(value: Any) -> Any:
    return dict(value) if isinstance(value, Mapping) else vars(value)


def _write(path: Path, content: bytes) -> None:
    """Put a file in its place in one step; its own checksum tells if the power went before the disk had it."""
    half = path.with_name(f"{path.stem}-{os.getpid()}-{threading.get_ident()}.half")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        half.write_bytes(content)
        half.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            half.unlink(missing_ok=True)
