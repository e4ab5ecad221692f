"""What a person is to judge comes as one note a kind and sheet, with its number, its pounds and where to look."""

from __future__ import annotations

import datetime

from etl.judgement import judgements
from hnb.placement_exceptions import placement_exceptions
from tests.hnb.test_placement_exceptions import register

DATE = datetime.date


def test_one_note_a_kind_and_sheet_with_the_first_addresses():
    placements = register(*[{"need": "not_recorded", "annual_cost": 36600.0}] * 5)
    (note,) = judgements({"placements": placements, "placement_exceptions": placement_exceptions(placements)})
    assert (note.where, note.what, note.severity) == ("r.xlsx!Register", "need_not_recorded", "note")
    assert note.found == (
        "Need not recorded: 5 placements of £183,000.00 a year, £183,000.00 of it in question this year, "
        "in row 6, row 7, row 8 and 2 more"
    )
    assert note.action == "Enter the primary need from the plan."


def test_an_overlap_says_the_row_of_the_other_placement():
    first = {"pupil_id": "p", "end_on": DATE(2023, 10, 11), "status": "ended"}
    second = {"pupil_id": "p", "start_on": DATE(2023, 10, 1), "annual_cost": 73200.0}
    placements = register(first, second)
    (note,) = judgements({"placements": placements, "placement_exceptions": placement_exceptions(placements)})
    assert note.found == (
        "Two main placements at once: 1 placement of £73,200.00 a year, £2,000.00 of it in question this year, "
        "in row 7 (with row 6)"
    )


def test_a_sound_register_gives_none():
    placements = register({})
    assert (
        judgements({"placements": placements, "placement_exceptions": placement_exceptions(placements)}) == []
    )
