"""Saved views: links under a name, kept in one TOML file that officers may edit. The only reader and writer of it.

A view is a page's path and its query, never a figure; what the query says is checked when it is opened, like
any other link. Whoever can use the dashboard shares the list.
"""

from __future__ import annotations

import datetime
import re
import threading
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

from dashboard.access import VIEW_LIMIT
from dashboard.kept_list import KeptList
from hnb.disk import Disk
from hnb.errors import HnbError
from hnb.metrics import Selection

LONGEST_NAME = 80
MOST_VIEWS = 300
LARGEST_FILE = 2_000_000
"""Bytes; three hundred views of the longest link are less."""

_NOTE = "Saved views of the dashboard: a name and a link each. See the README beside this file."
_NAME = re.compile(rf"[^\x00-\x1f\x7f<>]{{1,{LONGEST_NAME}}}")
_FILES = threading.Lock()
"""Held while a file is changed: the threads of one server must not undo one another's changes."""


@dataclass(frozen=True)
class SavedView:
    """A link under a name. `query` has no question mark; `saved_on` is the day on which it was saved."""

    name: str
    path: str
    query: str
    saved_on: datetime.date

    @property
    def address(self) -> str:
        """Where it leads."""
        return f"{self.path}?{self.query}" if self.query else self.path

    @property
    def selection(self) -> Selection:
        """What is selected in it."""
        return Selection.from_query(self.query)

    @property
    def gone(self) -> tuple[str, ...]:
        """A sentence for each thing in it that can no longer be read: a code that was taken away, a year misspelt."""
        return Selection.read(self.query)[1]


@dataclass(frozen=True)
class SavedViews:
    """The views of one file. `paths` are the pages that a view may be of."""

    file: Path
    paths: Collection[str]
    disk: Disk = field(default_factory=Disk, repr=False)

    def all(self) -> tuple[tuple[SavedView, ...], tuple[str, ...]]:
        """The views in the order of the file, and a sentence for each entry that is no view of ours.

        A file that is not there has none. Raises HnbError for one that cannot be read at all.
        """
        views: list[SavedView] = []
        faults: list[str] = []
        for number, entry in enumerate(self._list.entries()[:MOST_VIEWS], start=1):
            try:
                views.append(self._view(entry, {view.name for view in views}))
            except HnbError as error:
                faults.append(f"Entry {number} of {self.file.name}: {error}")
        return tuple(views), tuple(faults)

    def save(self, name: str, path: str, query: str, saved_on: datetime.date) -> SavedView:
        """Keep a link under a name that is not taken yet. Raises HnbError with what to do about it."""
        view = self._checked(name, path, query, saved_on)
        with self._changing() as views:
            if view.name in {other.name for other in views}:
                raise HnbError(f"There is a view called “{view.name}” already. Give this one another name.")
            if len(views) >= MOST_VIEWS:
                raise HnbError(f"There are {MOST_VIEWS} views already. Delete one that nobody needs.")
            views.append(view)
        return view

    def rename(self, name: str, new: str) -> SavedView:
        """Give a view another name. Raises HnbError when there is none, or the name is taken."""
        with self._changing() as views:
            place = _place(views, name)
            wanted = _name(new)
            if wanted != name and wanted in {view.name for view in views}:
                raise HnbError(f"There is a view called “{wanted}” already. Give this one another name.")
            views[place] = replace(views[place], name=wanted)
            return views[place]

    def delete(self, name: str) -> None:
        """Take a view away. Raises HnbError when there is none of that name."""
        with self._changing() as views:
            del views[_place(views, name)]

    # ------------------------------------------------------------------------------------- checks

    def _checked(self, name: str, path: str, query: str, saved_on: datetime.date) -> SavedView:
        if path not in self.paths:
            raise HnbError("Only a page of this dashboard can be saved.")
        text = query.removeprefix("?")
        if len(text) > VIEW_LIMIT or not (text.isprintable() or not text):
            raise HnbError("The link is too long to be saved. Narrow the selection.")
        # Written anew from its pairs, so that nothing but a query of ours is kept.
        pairs = urlencode(parse_qsl(text), safe=":,.")
        return SavedView(_name(name), path, pairs, saved_on)

    def _view(self, entry: Any, taken: Collection[str]) -> SavedView:
        if not isinstance(entry, dict) or not all(
            isinstance(entry.get(key, ""), str) for key in ("name", "path", "query")
        ):
            raise HnbError("it is no view; it has a name, a path and a query, each in quotes.")
        saved_on = entry.get("saved_on")
        if not isinstance(saved_on, datetime.date) or isinstance(saved_on, datetime.datetime):
            raise HnbError("its saved_on is no day; write it as 2026-11-24, without quotes.")
        view = self._checked(entry.get("name", ""), entry.get("path", ""), entry.get("query", ""), saved_on)
        if view.name in taken:
            raise HnbError(f"there is a view called “{view.name}” before it.")
        return view

    # --------------------------------------------------------------------------------------- file

    @property
    def _list(self) -> KeptList:
        return KeptList(self.file, "view", "views", _NOTE, LARGEST_FILE, self.disk)

    @contextmanager
    def _changing(self) -> Iterator[list[SavedView]]:
        """The views, to be changed in place and then written whole, while nobody else changes them.

        Nothing is written where the body raises, or where the file has an entry that writing would lose.
        """
        with _FILES:
            views, faults = self.all()
            if faults:
                raise HnbError(
                    f"Nothing can be saved until {self.file.name} is mended by hand. {' '.join(faults)}"
                )
            changed = list(views)
            yield changed
            if tuple(changed) != views:
                self._write(changed)

    def _write(self, views: Sequence[SavedView]) -> None:
        self._list.write(
            {name: getattr(view, name) for name in ("name", "path", "query", "saved_on")} for view in views
        )


def _name(text: str) -> str:
    name = " ".join(text.split())
    if not _NAME.fullmatch(name):
        raise HnbError(f"A name has 1 to {LONGEST_NAME} characters, and neither < nor >.")
    return name


def _place(views: Sequence[SavedView], name: str) -> int:
    for place, view in enumerate(views):
        if view.name == name:
            return place
    raise HnbError("There is no view of that name any more.")
