"""What every file of a folder gives, in the order of their names: kept from before where nothing changed, else read.

Files are read beside one another, so that one's cells are turned into rows here while another's are read in a
child process. Few are on their way at a time: memory is that of the largest files, not of all.
"""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from etl.kept import Kept
from etl.one_file import OneFile, Reading, one_file
from etl.printable import one_line


@dataclass(frozen=True)
class RawFile:
    """A file of the raw folder: where it is, what addresses call it, and which bytes it held when looked at.

    `sha256` is "" where it could not be opened; reading it will say why.
    """

    path: Path
    name: str
    sha256: str


def raw_file(path: Path, raw: Path) -> RawFile:
    """The file at a path below the raw folder; its name as an address can show it."""
    try:
        with path.open("rb") as opened:
            sha256 = hashlib.file_digest(opened, "sha256").hexdigest()
    except OSError:
        sha256 = ""
    return RawFile(path, one_line(path.relative_to(raw).as_posix()), sha256)


def readings(
    files: Sequence[RawFile],
    reading: Reading,
    kept: Kept,
    at_once: int,
    progress: Callable[[str, int], None] = lambda _name, _done: None,
) -> Iterator[OneFile]:
    """What each file gives, in the order given. `progress` hears the name of each and how many are done."""
    if at_once <= 1:
        for number, file in enumerate(files):
            progress(file.name, number)
            yield _reading(file, reading, kept)
        return
    pool = ThreadPoolExecutor(at_once, "reading")
    on_their_way: deque[Future[OneFile]] = deque()
    coming = iter(files)
    try:
        for number, file in enumerate(files):
            while len(on_their_way) <= at_once and (following := next(coming, None)):
                on_their_way.append(pool.submit(_reading, following, reading, kept))
            progress(file.name, number)
            yield on_their_way.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)


def _reading(file: RawFile, reading: Reading, kept: Kept) -> OneFile:
    before = kept.reading(file.name, file.sha256) if file.sha256 else None
    if before is not None:
        return before
    one = one_file(file.path, file.name, reading)
    kept.keep(file.name, one)
    return one
