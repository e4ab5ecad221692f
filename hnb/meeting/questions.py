"""Questions taken away from a meeting: what was asked at which view, by whom (a role, never a name), and what became of it.

Kept as data by `dashboard.meeting`; here they are values, and the last view shows them.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass

from hnb import wording
from hnb.errors import HnbError
from hnb.meeting import names
from hnb.meeting.view import View
from hnb.published import Published

VIEW_ID = "questions"
LONGEST_TEXT = 300
LONGEST_ROLE = 60

_UPN = re.compile(r"\b[A-Za-z]\d{11}[\dA-Za-z]\b")
_DATE = re.compile(r"\b\d{1,2}\s*[./-]\s*\d{1,2}\s*[./-]\s*(?:\d{4}|\d{2})\b|\b\d{4}-\d{2}-\d{2}\b")
_BORN = re.compile(r"\b(?:d\.?o\.?b|born|date of birth)\b", re.IGNORECASE)
_PRINTED = re.compile(r"[^\x00-\x1f\x7f]+")


@dataclass(frozen=True)
class Question:
    """One question. view_id: the view that was on the screen. asked_by: a role ("head teacher"). answered_on: the
    day on which it was answered; None while it is open."""

    question_id: int
    view_id: str
    text: str
    asked_by: str
    asked_on: datetime.date
    answered_on: datetime.date | None = None


def checked_text(text: str) -> str:
    """A question's text as it may be kept. HnbError where it is blank, too long, or looks as if it were of one child."""
    return _checked(text, "question", LONGEST_TEXT)


def checked_role(text: str) -> str:
    """Who asked, as a role; the same checks."""
    return _checked(text, "role of who asked", LONGEST_ROLE)


def view(published: Published, questions: Sequence[Question], titles: dict[str, str] | None = None) -> View:
    """The last view: what is open, the latest three; the meeting's own page lists all of them."""
    unanswered = [one for one in questions if one.answered_on is None]
    answered = len(questions) - len(unanswered)
    if not questions:
        headline = "No question has been taken away yet"
    elif not unanswered:
        headline = f"{_counted(answered)} taken away, and {'it is' if answered == 1 else 'all are'} answered"
    else:
        headline = f"{_counted(len(unanswered))} taken away {'is' if len(unanswered) == 1 else 'are'} open" + (f", {answered} answered" if answered else "")  # fmt: skip
    return View(
        VIEW_ID,
        "Questions taken away",
        headline,
        "What was asked in the meeting and is to be answered after it",
        names.source(published),
        sentences=tuple(_words(one, titles or {}) for one in unanswered[-3:]),
        notes=(
            "In plain words: read the open questions out, and agree for each who answers it and when.",
            "Caution: no child’s name is to be written down here; who asked is a role.",
        ),
    )


def _words(one: Question, titles: dict[str, str]) -> str:
    about = f" on “{titles[one.view_id]}”" if one.view_id in titles else ""
    return f"{one.text} ({one.asked_by}, {wording.date(one.asked_on)}{about})"


def _counted(number: int) -> str:
    return f"{wording.count(number)} question{'' if number == 1 else 's'}"


def _checked(text: str, what: str, longest: int) -> str:
    plain = " ".join(text.split())
    if not plain:
        raise HnbError(f"The {what} is blank. Write it in a few words.")
    if len(plain) > longest or not _PRINTED.fullmatch(plain):
        raise HnbError(
            f"The {what} is longer than {longest} characters, or holds signs that cannot be printed. Shorten it."
        )
    if _UPN.search(plain) or _DATE.search(plain) or _BORN.search(plain):
        raise HnbError(
            f"The {what} looks as if it held a pupil number or a date of birth. Nothing about one child may be written "
            "here: ask it in general words."
        )
    return plain
