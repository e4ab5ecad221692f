"""The questions taken away, kept in one TOML file that a clerk may edit. The only reader and writer of it.

A question has the view that it was asked at, its text, a role and a day; never a name. Whoever can use the meeting's
page shares the list.
"""

from __future__ import annotations

import datetime
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from dashboard.kept_list import KeptList
from hnb.disk import Disk
from hnb.errors import HnbError
from hnb.meeting.questions import Question, checked_role, checked_text

MOST_QUESTIONS = 500
LARGEST_FILE = 1_000_000
_NOTE = "Questions taken away from meetings. Who asked is a role; no child is named."
_FILES = threading.Lock()
"""Held while a file is changed: the threads of one server must not undo one another's changes."""


@dataclass(frozen=True)
class QuestionsFile:
    """The questions of one file; a file that is not there has none."""

    file: Path
    disk: Disk = field(default_factory=Disk, repr=False)

    def all(self) -> tuple[Question, ...]:
        """The questions in the order in which they were asked. HnbError for a file that cannot be read."""
        return tuple(
            self._question(entry, number) for number, entry in enumerate(self._list.entries(), start=1)
        )

    def add(self, view_id: str, text: str, asked_by: str, asked_on: datetime.date) -> Question:
        """Keep a question. HnbError, with what to do about it, for one that must not be kept."""
        question = Question(0, view_id, checked_text(text), checked_role(asked_by), asked_on)
        with self._changing() as questions:
            if len(questions) >= MOST_QUESTIONS:
                raise HnbError(f"There are {MOST_QUESTIONS} questions already. Take answered ones out of {self.file.name}.")  # fmt: skip
            question = replace(
                question, question_id=max((one.question_id for one in questions), default=0) + 1
            )
            questions.append(question)
        return question

    def mark(self, question_id: int, answered_on: datetime.date | None) -> Question:
        """Say that a question is answered, or is open again. HnbError where there is none of that number."""
        with self._changing() as questions:
            for place, one in enumerate(questions):
                if one.question_id == question_id:
                    questions[place] = replace(one, answered_on=answered_on)
                    return questions[place]
        raise HnbError("There is no question of that number any more.")

    @property
    def _list(self) -> KeptList:
        return KeptList(self.file, "question", "questions", _NOTE, LARGEST_FILE, self.disk)

    def _question(self, entry: Any, number: int) -> Question:
        where = f"Entry {number} of {self.file.name}"
        texts = ("view_id", "text", "asked_by")
        is_one = isinstance(entry, dict) and all(isinstance(entry.get(name), str) for name in texts)
        if not (
            is_one and type(entry.get("question_id")) is int and type(entry.get("asked_on")) is datetime.date
        ):
            raise HnbError(
                f"{where} is no question; it has question_id, view_id, text, asked_by (a role) and asked_on (a day). "
                "Mend it, or take it out."
            )
        answered_on = entry.get("answered_on")
        if answered_on is not None and type(answered_on) is not datetime.date:
            raise HnbError(f"{where}: its answered_on is no day; write it as 2026-11-24, without quotes.")
        try:
            text, asked_by = checked_text(entry["text"]), checked_role(entry["asked_by"])
        except HnbError as error:
            raise HnbError(f"{where}: {error}") from error
        return Question(
            entry["question_id"], entry["view_id"], text, asked_by, entry["asked_on"], answered_on
        )

    @contextmanager
    def _changing(self) -> Iterator[list[Question]]:
        """The questions, to be changed in place and then written whole, while nobody else changes them."""
        with _FILES:
            before = self.all()
            questions = list(before)
            yield questions
            if tuple(questions) != before:
                self._write(questions)

    def _write(self, questions: list[Question]) -> None:
        names = ("question_id", "view_id", "text", "asked_by", "asked_on", "answered_on")
        told = [{name: getattr(question, name) for name in names} for question in questions]
        self._list.write({name: value for name, value in one.items() if value is not None} for one in told)
