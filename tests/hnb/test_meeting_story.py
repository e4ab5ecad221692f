"""The story since last time: what moved and why, which recommendations changed, what was decided; its parts add up."""

from __future__ import annotations

import datetime
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hnb.meeting.sequence import views
from hnb.meeting.story import markdown, story
from hnb.recommendations import Update
from tests.hnb.board_values import SETTINGS, Placed, publication, recommendation

LAST, THIS = "2025-26", "2026-27"
NOTE = Update(datetime.date(2026, 9, 8), "in_progress", "A panel meets.", "")
DECISION = Update(datetime.date(2026, 10, 13), "in_progress", "Numbers rise.", "Bring options in January.")

THEN = publication(
    {
        (LAST, "independent"): Placed(240, 17_000_000, 17_000_000, 230),
        (THIS, "independent"): Placed(270, 19_000_000, 19_000_000, 260),
        (THIS, "state_special"): Placed(600, 15_000_000, 15_000_000, 590),
    },
    forecast_years=(THIS,),
    recommendations=[recommendation(progress="on_course", updates=[NOTE]), recommendation(recommendation_id="R2", theme="Resource bases", progress="behind")],
    as_at=datetime.date(2026, 9, 30),
)  # fmt: skip
NOW = publication(
    {
        (LAST, "independent"): Placed(240, 17_000_000, 17_000_000, 230),
        (THIS, "independent"): Placed(275, 20_500_000, 20_500_000, 265),
        (THIS, "state_special"): Placed(603, 15_000_000, 15_000_000, 590),
    },
    forecast_years=(THIS,),
    recommendations=[
        recommendation(updates=[DECISION, NOTE], is_illustrative=True, target=0.08),
        recommendation(recommendation_id="R3", theme="Early years", progress="no_target"),
    ],
    number=2,
)  # fmt: skip


def words(told, heading):
    return [one.words for section in told.sections if section.heading == heading for one in section.sentences]


def test_what_moved_is_told_between_the_two_publications():
    told = story(NOW, THEN)
    assert told.since == "since the publication of 1 November 2026 (as at 30 September 2026)"
    first, effects, settings, placed = words(told, "What moved")
    assert first.startswith("Forecast spend in 2026-27 is £1.5m higher than at the last publication, ")
    assert first.endswith(": £34.0m then, £35.5m now")
    assert effects.startswith(
        "The change of +£1.5m in 2026-27 since the last publication is made of the number of placements "
    )
    assert "independent and non-maintained schools +£1.5m" in settings
    assert placed == (
        "878 children and young people are placed in 2026-27, 8 more than at the last publication: state special schools "
        "+3 and independent and non-maintained schools +5"
    )


def test_recommendations_that_stand_differently_and_new_decisions_are_told_with_their_views():
    told = story(NOW, THEN)
    assert words(told, "Recommendations") == [
        "Independent placements went from “on course” to “behind”: 9.0% in 2025-26; 1.0 points above its path to 8.0% by "
        "2026-27 (illustrative target)",
        "Early years is new in the register",
        "Resource bases is no longer in the register",
    ]
    assert told.status_changes == 3
    assert words(told, "Decisions and notes") == [
        "Independent placements, 13 October 2026, decided: Bring options in January"
    ]


def test_nothing_new_is_said_to_be_nothing_new():
    told = story(NOW, NOW)
    assert words(told, "Recommendations") == [
        "No recommendation stands differently than at the last publication"
    ]
    assert words(told, "Decisions and notes") == [
        "No decision and no note has been recorded since the last publication"
    ]
    assert (
        words(told, "What moved")[0]
        == "Forecast spend in 2026-27 is as it was at the last publication, £35.5m"
    )


def test_the_first_publication_says_so_and_tells_the_movement_since_the_year_before():
    told = story(NOW)
    assert told.is_first and "this is the first publication" in told.since
    assert words(told, "Since the year before")[0].startswith(
        "Spend is forecast to rise £18.5m from 2025-26 to 2026-27"
    )


def test_the_text_for_the_minutes_leads_to_views_that_there_are():
    text = markdown(story(NOW, THEN), "http://127.0.0.1:8051")
    addresses = set(re.findall(r"\(http://127\.0\.0\.1:8051/meeting/([a-z0-9-]+)\)", text))
    assert addresses and addresses <= {view.view_id for view in views(NOW, THEN)}
    assert text.startswith("# What changed since last time: High Needs Block, Sutton\n")


_cell = st.builds(
    lambda placements, cost, bulk, years: Placed(placements, round(cost + bulk, 2), cost, years),
    st.integers(0, 2_000), st.integers(0, 2_000_000_000).map(lambda pence: pence / 100),
    st.integers(0, 300_000_000).map(lambda pence: pence / 100), st.integers(1, 200_000).map(lambda days: days / 100),
)  # fmt: skip
_settings = st.fixed_dictionaries(dict.fromkeys(SETTINGS, _cell))


@given(_settings, _settings, _settings)
def test_the_parts_of_every_sentence_add_up_to_its_whole_and_stand_in_it(last, then, now):
    before = publication({**{(LAST, code): one for code, one in last.items()}, **{(THIS, code): one for code, one in then.items()}})  # fmt: skip
    after = publication({**{(LAST, code): one for code, one in last.items()}, **{(THIS, code): one for code, one in now.items()}}, number=2)  # fmt: skip
    told = story(after, before)
    with_parts = [sentence for sentence in told.sentences if sentence.parts]
    for sentence in with_parts:
        whole, parts = sentence.whole, [figure for _, figure in sentence.parts]
        assert sum(figure.value for figure in parts) == pytest.approx(whole.value, abs=0.005)
        assert whole.words in sentence.words or whole.words.lstrip("+−") in sentence.words
        assert all(figure.words in sentence.words for figure in parts if figure.value)
    moved = abs(sum(one.spend for one in now.values()) - sum(one.spend for one in then.values())) >= 0.5
    assert bool(with_parts) >= moved
