"""Who saw which view and took which file: a line of JSON each, a file a day, kept as long as the settings say.

A line has no figure, nothing of a child and nothing that somebody typed: of an address only the selection that the
model knows is kept, its providers as a number. Where nobody signs in nothing is written.
"""

from __future__ import annotations

import datetime
import json
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import flask

from dashboard import roles
from hnb.errors import HnbError
from hnb.selection import Selection

_EXTENSION = "hnb_audit"
_NAMED = "audit-{:%Y-%m-%d}.jsonl"


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


@dataclass
class AuditLog:
    """The lines of one installation. Several processes may write at once: a line is one write at the end of the file."""

    folder: Path
    days_kept: int
    clock: Callable[[], datetime.datetime] = field(default=_now, repr=False)
    _day: datetime.date | None = field(default=None, repr=False)

    def write(self, person: roles.Person, did: str, what: str, query: str = "", status: int = 200) -> None:
        """Add a line. Raises HnbError when it cannot be written: what cannot be told afterwards is not shown."""
        now = self.clock()
        selection, providers = said_of(query)
        line = {
            "at": now.isoformat(timespec="seconds"),
            "who": person.subject,
            "role": person.role,
            "did": did,
            "what": what,
            "selection": selection,
            **({"providers": providers} if providers else {}),
            "status": status,
        }
        try:
            self._begin(now.date())
            descriptor = os.open(self._file(now.date()), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            try:
                os.write(descriptor, (json.dumps(line, ensure_ascii=True) + "\n").encode())
            finally:
                os.close(descriptor)
        except OSError as error:
            raise HnbError(
                f"The audit log cannot be written ({error.strerror}), so nothing is shown. Tell those who run the server."
            ) from error

    def _begin(self, day: datetime.date) -> None:
        """At the first line of a day, take away the files that have been kept long enough."""
        if day == self._day:
            return
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        oldest = self._file(day - datetime.timedelta(days=self.days_kept)).name
        for path in self.folder.glob("audit-*.jsonl"):
            if path.name < oldest:
                path.unlink(missing_ok=True)
        self._day = day

    def _file(self, day: datetime.date) -> Path:
        return self.folder / _NAMED.format(day)


def said_of(query: str) -> tuple[str, int]:
    """What is written of an address's query: the selection without its providers, and how many of these it names."""
    try:
        selection, _ = Selection.read(query)
    except HnbError:
        return "", 0
    return selection.with_(providers=()).to_query(), len(selection.providers)


def keep(server: flask.Flask, log: AuditLog) -> None:
    """Have an application write to the log."""
    server.extensions[_EXTENSION] = log


def record(did: str, what: str, query: str = "", status: int = 200) -> None:
    """Add a line about the person asking. What the server draws by itself is nobody's view."""
    log: AuditLog | None = flask.current_app.extensions.get(_EXTENSION)
    person = roles.person()
    is_server = person is roles.AT_THIS_MACHINE or person is roles.AS_AN_ANALYST
    if log is not None and not is_server:
        log.write(person, did, what, query, status)
