"""The meeting from start to end: its views in the order in which they are shown."""

from __future__ import annotations

from collections.abc import Sequence

from hnb.meeting import crossing, each_pound, places, position, questions, recommendation, since_last_time
from hnb.meeting.questions import Question
from hnb.meeting.story import story
from hnb.meeting.view import View
from hnb.published import Published


def views(
    published: Published, before: Published | None = None, asked: Sequence[Question] = ()
) -> tuple[View, ...]:
    """Position; where each £1 goes; what changed; phase, need and setting; placements; the recommendations; questions.

    before: the publication before, for the same audience; None for the first. asked: the questions taken away.
    """
    found = (
        position.view(published),
        each_pound.view(published),
        since_last_time.view(published, story(published, before)),
        *crossing.views(published),
        places.view(published),
        *recommendation.views(published),
    )
    titles = {view.view_id: view.part.split(":")[0] for view in found}
    return (*found, questions.view(published, asked, titles))
