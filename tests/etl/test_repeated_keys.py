"""Two files of the same register are told in one sentence, and each row of the second is refused all the same."""

from __future__ import annotations

import pandas

from etl.repeated_keys import gathered
from hnb.tables import TABLES
from tests.hnb.test_placement_exceptions import register

PLACEMENTS = TABLES["placements"]


def two_files(rows: int) -> pandas.DataFrame:
    first = register(*[{}] * rows).astype(object)
    second = first.assign(source=[f"again.xlsx!Register!{number + 6}" for number in range(rows)])
    return (
        pandas.concat([first, second], ignore_index=True)
        .astype(object)
        .where(lambda frame: frame.notna(), None)
    )


def test_one_sentence_a_pair_of_sheets():
    frame = two_files(5)
    found = PLACEMENTS.check(frame)
    assert len(found) == 5
    (problem,) = gathered(found, frame, PLACEMENTS)
    assert (problem.where, problem.what, problem.rows) == ("again.xlsx!Register", "repeated_keys", 5)
    assert problem.found == (
        "5 rows of placements are already at r.xlsx!Register, together £183,000.00: "
        "row 6 (as row 6), row 7 (as row 7), row 8 (as row 8) and 2 more"
    )


def test_one_row_is_told_by_itself():
    frame = two_files(1)
    assert gathered(PLACEMENTS.check(frame), frame, PLACEMENTS) == PLACEMENTS.check(frame)
