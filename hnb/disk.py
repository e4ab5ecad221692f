"""How `hnb.store` changes the disk: one method a change, and the lock that lets one build publish at a time.

It knows nothing of snapshots or tables. It is apart from the store so that a test can fail any write.
"""

from __future__ import annotations

import datetime
import os
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from hnb.errors import HnbError


class Disk:
    """Every change that publishing makes to the disk, one method each."""

    def make_folder(self, folder: Path) -> None:
        """Make a folder and those above it; one that is there already is left as it is."""
        folder.mkdir(parents=True, exist_ok=True)

    def write(self, path: Path, content: bytes) -> None:
        """Write a file and wait until the disk has it."""
        with path.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())

    def settle(self, folder: Path) -> None:
        """Wait until the disk has a folder's list of names. Windows keeps that list itself and has no call for it."""
        if os.name == "nt":
            return
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

    def rename(self, source: Path, target: Path) -> None:
        """Give a folder its other name, in one step."""
        source.rename(target)

    def replace(self, source: Path, target: Path) -> None:
        """Put a file in the place of another, in one step."""
        for _ in range(20):
            try:
                source.replace(target)
                return
            except PermissionError:
                # Windows refuses while somebody has the target open; readers of CURRENT do for microseconds.
                if os.name != "nt":
                    raise
                time.sleep(0.02)
        source.replace(target)

    def remove(self, path: Path) -> None:
        """Remove a file, or a folder with all that is in it."""
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()


@contextmanager
def sole_publisher(processed: Path, now: datetime.datetime) -> Iterator[None]:
    """Hold the folder's lock. Raises HnbError at once when another process or thread has it."""
    path = processed / ".lock"
    with path.open("a+") as file:
        if not _locked(file):
            file.seek(0)
            holder = file.read(200).strip() or "not yet named"
            raise HnbError(
                f"Another build is publishing into {processed} ({holder}). Wait for it to end, then build again."
            )
        # The lock goes when the file is closed, and with the process. The file itself stays: removing it
        # would let a third process lock a new file of the same name.
        file.truncate(0)
        file.write(f"process {os.getpid()}, since {now.astimezone(datetime.UTC):%Y-%m-%d %H:%M:%S} UTC\n")
        file.flush()
        yield


def _locked(file: IO[str]) -> bool:
    """Whether the lock on the open file could be had. It is not waited for."""
    try:
        if sys.platform == "win32":
            import msvcrt

            # A byte far beyond the text, since Windows does not let others read what is locked.
            file.seek(1 << 30)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    return True
