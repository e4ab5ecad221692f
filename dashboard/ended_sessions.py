"""Which sessions were ended by signing out before their time, so that a copy of their cookie is worth nothing.

One small file beside the key of sessions, read by every process of the server; a line is a session's number and when
it would have ended by itself.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

NAME = "ended_sessions"


@dataclass
class EndedSessions:
    """The sessions that were ended, by their numbers. Times are seconds since 1970."""

    file: Path
    _seen: tuple[int, int] = field(default=(0, 0), repr=False)
    _numbers: frozenset[str] = field(default=frozenset(), repr=False)

    def end(self, number: str, until: float, now: float) -> None:
        """Note a session as ended; those that would have ended by now are forgotten when the file has grown."""
        if self.file.exists() and self.file.stat().st_size > 100_000:
            kept = [line for line in self._lines() if float(line.partition(" ")[2]) > now]
            new = self.file.with_name(f".{NAME}-{os.getpid()}")
            new.write_text("".join(f"{line}\n" for line in kept), "ascii")
            new.replace(self.file)
        descriptor = os.open(self.file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(descriptor, f"{number} {until:.0f}\n".encode("ascii"))
        finally:
            os.close(descriptor)

    def has(self, number: str) -> bool:
        """Whether the session was ended, by whichever process of the server."""
        try:
            found = self.file.stat()
        except FileNotFoundError:
            return False
        if (found.st_mtime_ns, found.st_size) != self._seen:
            self._numbers = frozenset(line.partition(" ")[0] for line in self._lines())
            self._seen = (found.st_mtime_ns, found.st_size)
        return number in self._numbers

    def _lines(self) -> list[str]:
        return [line for line in self.file.read_text("ascii").splitlines() if line]
