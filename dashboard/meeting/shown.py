"""What the meeting shows: the latest publication of a folder with the one before it, looked at again when there is a newer."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from hnb import publications
from hnb.meeting import sequence, story
from hnb.meeting.questions import Question
from hnb.meeting.story import Story
from hnb.meeting.view import View
from hnb.published import Audience, Published

AUDIENCE: Audience = "screen"


@dataclass(frozen=True)
class Pair:
    """One publication for the screen, and the one before it where there is one."""

    published: Published
    before: Published | None = None

    def views(self, asked: Sequence[Question] = ()) -> tuple[View, ...]:
        """The meeting from start to end."""
        return sequence.views(self.published, self.before, asked)

    @property
    def story(self) -> Story:
        """What moved since last time."""
        return story.story(self.published, self.before)


@dataclass
class Shown:
    """The publications of one folder. `pair` reads them once and again when another is the latest."""

    folder: Path
    _kept: tuple[str, Pair] | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def pair(self) -> Pair:
        """The publication to show. HnbError where there is none, or it is damaged."""
        with self._lock:
            current = publications.latest_id(self.folder)
            if self._kept is None or self._kept[0] != current:
                latest = publications.latest(self.folder)[AUDIENCE]
                earlier = publications.before(self.folder, latest.publication_id)
                pair = Pair(latest, earlier[AUDIENCE] if earlier else None)
                self._kept = (latest.publication_id, pair)
            return self._kept[1]
