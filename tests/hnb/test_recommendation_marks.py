"""Which recommendations belong on which charts."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from hnb.metrics import MEASURES
from hnb.recommendation_marks import decisions_on, targets_by, targets_on
from hnb.recommendations import Assessment, Update
from hnb.selection import Selection

SHARE = MEASURES["placements_share"]
INDEPENDENT = Selection(settings=("group:independent",))


def recommendation(number: str, **more: Any) -> Assessment:
    given: dict[str, Any] = {
        "recommendation_id": number, "theme": "", "title": f"Title of {number}", "owner": "", "status": "in_progress",
        "evidence_source": "", "is_illustrative": True, "source": "r.xlsx!Register!2", "measure": SHARE,
        "selection": INDEPENDENT, "progress": "behind", "reason": "", "target": 0.075, "target_year": "2027-28",
    }  # fmt: skip
    return Assessment(**(given | more))


def decided(*days: str) -> tuple[Update, ...]:
    return tuple(
        Update(datetime.date.fromisoformat(day), "in_progress", "said", f"decided on {day}") for day in days
    )


R1 = recommendation("R1", updates=(*decided("2025-10-14"), Update(datetime.date(2026, 10, 13), "", "no decision", "")))  # fmt: skip
R2 = recommendation("R2", measure=MEASURES["placements"], selection=Selection(settings=("resourced",)), target=410.0, updates=decided("2025-06-16"))  # fmt: skip
R3 = recommendation("R3", target=None)
R8 = recommendation("R8", measure=MEASURES["in_year_position"], selection=Selection(), target=0.0, updates=decided("2026-10-13"))  # fmt: skip
R9 = recommendation("R9", measure=None, selection=Selection(), target=None, updates=decided("2026-01-01"))
FOUND = (R1, R2, R3, R8, R9)


def numbers(found: Any) -> list[str]:
    return [one.recommendation_id for one in found]


def test_a_target_belongs_where_its_very_measure_of_its_very_settings_is_drawn() -> None:
    assert numbers(targets_on(FOUND, SHARE, INDEPENDENT)) == ["R1"]
    assert numbers(targets_on(FOUND, SHARE, INDEPENDENT.with_(years=("2025-26",), authority="E09000029"))) == ["R1"]  # fmt: skip
    assert targets_on(FOUND, SHARE, Selection()) == ()
    assert targets_on(FOUND, MEASURES["spend_share"], INDEPENDENT) == ()
    assert targets_on(FOUND, SHARE, Selection(settings=("special_independent",))) == ()


@pytest.mark.parametrize(
    "narrowed", [{"providers": ("Oak",)}, {"in_borough": False}, {"lines": ("1.2.3",)}, {"phases": ("primary",)}]
)  # fmt: skip
def test_a_target_says_nothing_of_a_part(narrowed: dict[str, Any]) -> None:
    assert targets_on(FOUND, SHARE, INDEPENDENT.with_(**narrowed)) == ()


def test_of_a_chart_by_setting_the_row_that_a_target_is_about_is_marked() -> None:
    groups = ("mainstream", "state_special", "independent")
    marked = targets_by(FOUND, SHARE, Selection(), "setting_group", groups)
    assert {code: one.recommendation_id for code, one in marked.items()} == {"independent": "R1"}
    by_setting = targets_by(FOUND, MEASURES["placements"], Selection(), "setting", ("mainstream", "resourced"))  # fmt: skip
    assert {code: one.recommendation_id for code, one in by_setting.items()} == {"resourced": "R2"}
    assert targets_by(FOUND, SHARE, Selection(), "provider", ("Oak",)) == {}
    # A row outside what is selected is not there to be marked.
    assert targets_by(FOUND, SHARE, Selection(settings=("mainstream",)), "setting_group", groups) == {}


def test_decisions_stand_on_the_courses_that_hold_what_they_are_about() -> None:
    everything = decisions_on(FOUND, Selection())
    assert [(one.recommendation_id, str(one.update.noted_on)) for one in everything] == [
        ("R2", "2025-06-16"), ("R1", "2025-10-14"), ("R8", "2026-10-13"),
    ]  # fmt: skip
    # R8 is about everything, so a course of independent placements does not hold it.
    assert numbers(decisions_on(FOUND, INDEPENDENT)) == ["R1"]
    assert decisions_on(FOUND, INDEPENDENT.with_(in_borough=True)) == ()
    assert decisions_on(FOUND, Selection(needs=("ASD",))) == ()
