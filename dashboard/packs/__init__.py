"""The meeting's pack: the same views as its screen, as PDF, PPTX, XLSX and one page of HTML.

It reads a folder of publications and nothing else: neither dash nor the register is within its reach. The audience
is "pack", which is shown no more than the screen. `pack_bytes` makes one file; `KeptPacks` keeps what it made.
"""

from __future__ import annotations

import importlib
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from dashboard.packs.pack import Pack
from hnb import publications
from hnb.errors import HnbError
from hnb.meeting.questions import VIEW_ID, Question
from hnb.meeting.sequence import views

Kind = Literal["pdf", "pptx", "xlsx", "html"]

KINDS: Mapping[Kind, tuple[str, str, str]] = {
    "pdf": ("dashboard.packs.paper", "paper", "application/pdf"),
    "pptx": ("dashboard.packs.slides", "slides", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    "xlsx": ("dashboard.packs.workbook", "workbook", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "html": ("dashboard.packs.page", "page", "text/html; charset=utf-8"),
}  # fmt: skip
"""Each format: the module and the function that makes it, and its media type. A module is imported when it is asked for."""

TITLES: Mapping[Kind, str] = {
    "pdf": "PDF, to print and to circulate",
    "pptx": "PowerPoint, charts and tables to edit",
    "xlsx": "Excel, every table as numbers",
    "html": "Web page, one file",
}


@dataclass(frozen=True)
class PackFile:
    """One made file."""

    name: str
    content: bytes
    media_type: str


def pack_of(folder: Path, asked: Sequence[Question] | None = None) -> Pack:
    """The pack of a folder's latest publication.

    asked: the questions taken away; None leaves their view out, since what somebody typed in a meeting goes out with
    a paper only where somebody has said so. HnbError where nothing is published, or it is damaged.
    """
    latest = publications.latest(folder)["pack"]
    before = publications.before(folder, latest.publication_id)
    shown = views(latest, before["pack"] if before else None, tuple(asked or ()))
    return Pack(latest, tuple(view for view in shown if asked is not None or view.view_id != VIEW_ID))


def made(kind: Kind, pack: Pack) -> PackFile:
    """The pack in one format. HnbError where it cannot be made: no browser for the PDF."""
    if kind not in KINDS:
        raise HnbError(f"A pack is made as {', '.join(KINDS)}; there is no {kind}.")
    module, name, media_type = KINDS[kind]
    maker: Callable[[Pack], bytes] = getattr(importlib.import_module(module), name)
    return PackFile(f"{pack.stem}.{kind}", maker(pack), media_type)


def pack_bytes(kind: Kind, folder: Path) -> tuple[str, bytes, str]:
    """Name, bytes and media type of the pack of a folder's latest publication, in one format. HnbError as `made` says."""
    file = made(kind, pack_of(folder))
    return file.name, file.content, file.media_type


@dataclass
class KeptPacks:
    """The packs of one folder, each made once a publication and kept in memory. Safe to share between threads."""

    folder: Path
    _publication: str | None = field(default=None, repr=False)
    _files: dict[Kind, PackFile] = field(default_factory=dict, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def file(self, kind: Kind) -> PackFile:
        """The latest publication's pack in one format. HnbError as `made` says; what failed is tried again when asked."""
        with self._lock:
            self._look()
            if kind not in self._files:
                self._files[kind] = made(kind, pack_of(self.folder))
            return self._files[kind]

    def made_already(self) -> dict[Kind, int]:
        """The formats that are made, with how many bytes each has."""
        with self._lock:
            self._look()
            return {kind: len(file.content) for kind, file in self._files.items()}

    def _look(self) -> None:
        current = publications.latest_id(self.folder)
        if current != self._publication:
            self._publication, self._files = current, {}
