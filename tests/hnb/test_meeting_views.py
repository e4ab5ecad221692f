"""The views of a meeting: one headline each, every figure with its status, targets as what they are."""

from __future__ import annotations

import datetime

import pytest

from hnb.errors import HnbError
from hnb.meeting import questions
from hnb.meeting.questions import Question
from hnb.meeting.sequence import views
from hnb.recommendation_gap import Gap
from hnb.recommendations import Point, Update
from tests.hnb.board_values import TOTAL, Placed, publication, recommendation

LAST, THIS = "2025-26", "2026-27"
SHARES = {"2023-24": 0.075, "2024-25": 0.087, "2025-26": 0.090, "2026-27": 0.094}
TARGET = {
    "target": 0.075,
    "target_year": "2027-28",
    "is_illustrative": True,
    "path": 0.079,
    "distance": 0.015,
}
BEHIND = recommendation(
    values=SHARES, reason="9.4% in 2026-27; 1.5 points above its path to 7.5% by 2027-28", change=0.019, direction="adverse",
    gap=Gap(0.019, 55.1, 4_059_304.06, "priced", 73_671.58),
    updates=[Update(datetime.date(2025, 10, 14), "in_progress", "A panel looks at each.", "Report each term.")], **TARGET,
)  # fmt: skip
MET = recommendation(
    recommendation_id="R2", theme="Resource bases", progress="met", measure="placements", values={"2025-26": 380.0, "2026-27": 412.0},
    reason="412 placements in 2026-27; the target of 410 placements is met", target=410.0, target_year="2027-28",
)  # fmt: skip
MISSED = recommendation(
    recommendation_id="R3", theme="Early help", progress="behind", measure="placements", values={"2025-26": 380.0, "2026-27": 390.0},
    reason="390 placements in 2026-27; the target of 410 placements by 2026-27 was missed by 20 placements",
    target=410.0, target_year="2026-27",
)  # fmt: skip
ABSENT = recommendation(
    recommendation_id="R4", theme="Special school places", progress="no_target", measure="placements",
    values={"2025-26": 596.0, "2026-27": 621.0}, reason="621 placements in 2026-27; no target published",
)  # fmt: skip
UNMEASURABLE = recommendation(
    recommendation_id="R5",
    theme="Clusters",
    progress="not_assessed",
    measure="",
    reason="No measure shows this",
    status="done",
)
HIDDEN = recommendation(
    recommendation_id="R6", theme="Hearing", progress="not_assessed", measure="placements", values={"2025-26": None, "2026-27": None},
    reason="Its figures are hidden", baseline=None, latest=None,
)  # fmt: skip
BLOCK = [
    {"financial_year": LAST, "available": 62_743_000.0, "spend": 68_643_000.0, "in_year": -5_900_000.0, "closing": -16_500_000.0, "closing_after_grant": -16_500_000.0},
    {"financial_year": THIS, "available": 67_754_000.0, "spend": 73_154_000.0, "in_year": -5_400_000.0, "closing": -21_900_000.0,
     "stability_grant": 14_850_000.0, "closing_after_grant": -7_050_000.0, "is_forecast": True},
]  # fmt: skip
PUBLISHED = publication(
    {
        (LAST, "independent"): Placed(248, 17_000_000, 17_000_000, 240),
        (LAST, "state_special"): Placed(596, 15_000_000, 15_000_000, 590),
        (LAST, "services"): Placed(0, 8_000_000, 0, 0),
        (THIS, "independent"): Placed(275, 20_000_000, 19_855_000, 271),
        (THIS, "state_special"): Placed(621, 16_000_000, 16_000_000, 610),
        (THIS, "services"): Placed(0, 9_000_000, 0, 0),
    },
    cells={
        (THIS, "independent", TOTAL, "ASD"): Placed(140, 11_000_000, 11_000_000, 138),
        (THIS, "state_special", TOTAL, "ASD"): Placed(300, 7_000_000, 7_000_000, 299),
        (THIS, TOTAL, "secondary", TOTAL): Placed(500, 25_000_000, 25_000_000, 490),
    },
    hidden_cells=[(THIS, "independent", TOTAL, "SEMH")],
    block=BLOCK,
    recommendations=[BEHIND, MET, MISSED, ABSENT, UNMEASURABLE, HIDDEN],
    forecast_years=(THIS,),
)  # fmt: skip
VIEWS = {view.view_id: view for view in views(PUBLISHED)}


def shown(view_id):
    return {tile.label: tile.said.words for tile in VIEWS[view_id].tiles}


def test_the_sequence_is_position_pounds_changes_crossings_places_recommendations_questions():
    assert list(VIEWS) == [
        "position", "each-pound", "since-last-time", "setting-by-need", "setting-by-phase", "need-by-phase", "places",
        *(f"recommendation-r{number}" for number in range(1, 7)), "questions",
    ]  # fmt: skip


@pytest.mark.parametrize("view", VIEWS.values(), ids=list(VIEWS))
def test_every_view_has_one_headline_and_says_little(view):
    assert view.headline and not view.headline.endswith(".") and len(view.headline) < 200
    assert len(view.tiles) <= 4 and len(view.sentences) <= 3
    assert "Numbers under 6 are hidden" in view.source and "as at 31 October 2026" in view.source
    assert all("None" not in note and note.strip() for note in view.notes)
    figures = [figure for row in (view.table.rows if view.table else ()) for figure in row[1]]
    assert all(figure.words for figure in figures if figure.status), (
        "a missing figure is a sign, never a blank"
    )


def test_the_position_is_said_with_what_got_better_and_what_got_worse():
    assert VIEWS["position"].headline == (
        "We are forecast to spend £5.4m more than the block receives in 2026-27; the deficit would be £21.9m by March 2027"
    )
    assert shown("position") == {
        "forecast spend, 2026-27": "£73.2m", "what the block receives, 2026-27": "£67.8m",
        "the year’s position, 2026-27": "−£5.4m", "balance, March 2027": "−£21.9m",
    }  # fmt: skip
    year, balance = VIEWS["position"].tiles[2:]
    assert (year.tone, year.tone_words) == ("favourable", "£0.5m better than 2025-26")
    assert (balance.tone, balance.tone_words) == ("adverse", "£5.4m worse than March 2026")
    before, after = VIEWS["position"].chart.series
    assert [point.is_forecast for point in before.points] == [False, True]
    assert [point.value for point in after.points] == [None, -7_050_000.0]


def test_pence_of_each_pound_are_shares_of_all_spend():
    # 20 of 45 million is 44p, 16 of 45 is 36p
    assert VIEWS["each-pound"].headline == (
        "Of each £1, 44p goes to independent and non-maintained schools and 36p to state special schools"
    )
    assert VIEWS["each-pound"].chart.series[0].points[0].words == "44p · £20.0m"


def test_a_hidden_cell_is_a_sign_with_its_words_and_no_superlative_passes_over_it():
    table = VIEWS["setting-by-need"].table
    by_name = dict(table.rows)
    cell = by_name["Independent and non-maintained schools"][table.headings.index("Mental health") - 1]
    assert (cell.value, cell.words, cell.status) == (None, "c", "suppressed")
    assert table.signs == "c hidden"
    assert VIEWS["setting-by-need"].headline == (
        "Of what is shown, most is forecast to be spent on autism in independent and non-maintained schools: £11.0m, "
        "24p of each £1"
    )
    assert (
        VIEWS["setting-by-phase"].headline
        == "Most is forecast to be spent on secondary: £25.0m, 56p of each £1"
    )


def test_placements_and_what_a_placement_year_costs():
    assert VIEWS["places"].headline == (
        "896 children and young people are placed, 52 more than in 2025-26; independent and non-maintained schools took "
        "most of the rise"
    )
    assert shown("places")["in an independent or non-maintained school"] == "£73,266"  # 19,855,000 ÷ 271
    assert shown("places")["in independent and non-maintained schools"] == "30.7%"  # 275 ÷ 896


def test_placements_are_counted_and_money_of_a_year_that_runs_is_expected():
    counted = VIEWS["places"].chart.series[0].points[-1]
    assert (counted.status, counted.is_forecast) == ("reported", False)
    assert PUBLISHED.cell("placements", THIS, setting="independent").status == "reported"
    assert {PUBLISHED.cell(amount, THIS).status for amount in ("spend", "placement_cost", "placement_years")} == {"estimated"}  # fmt: skip


def test_no_line_is_drawn_through_a_break_of_series_in_silence():
    years = ("2021-22", "2022-23", "2023-24")
    placed = {(year, "independent"): Placed(100 + 10 * place, 7_000_000, 7_000_000, 100) for place, year in enumerate(years)}  # fmt: skip
    counted = recommendation(recommendation_id="R1", measure="placements", values=dict(zip(years, (100.0, 110.0, 120.0), strict=True)))  # fmt: skip
    spent = recommendation(recommendation_id="R2", measure="spend", values=dict(zip(years, (7e6, 7e6, 7e6), strict=True)))  # fmt: skip
    found = {view.view_id: view for view in views(publication(placed, recommendations=[counted, spent]))}
    for view_id in ("places", "recommendation-r1"):
        marks = [(mark.category, mark.words) for mark in found[view_id].chart.marks if mark.kind == "break"]
        assert marks == [("2022-23", "return changed, January 2023")]
        assert any("first person-level SEN2 return" in note for note in found[view_id].notes)
    assert not found["recommendation-r2"].chart.marks
    # Where the chart begins after the break there is nothing to be drawn through.
    assert not VIEWS["places"].chart.marks


def test_a_target_that_is_behind_shows_gap_trend_mark_and_that_it_is_illustrative():
    view = VIEWS["recommendation-r1"]
    assert view.headline == (
        "Independent placements: behind, at 9.4% in 2026-27; 1.5 points above its path to 7.5% by 2027-28 "
        "(illustrative target)"
    )
    assert shown("recommendation-r1") == {
        "baseline, 2023-24": "7.5%", "latest, 2026-27": "9.4%", "target by 2027-28 (illustrative)": "7.5%",
        "a year: the gap of 55 placements": "£4.1m",
    }  # fmt: skip
    names = {series.stroke: series for series in view.chart.series}
    assert names["target"].name == "Target (illustrative)" and names["target"].points[-1].words == "7.5%"
    # Three years from 7.5% to 9.4% are 0.63 points a year: 10.0% a year later.
    assert names["trend"].points[-1].words == "10.0%"
    assert (
        view.sentences[0]
        == "Carried on as since 2023-24, it would be 10.0% in 2027-28, 2.5 points above the target"
    )
    assert [(mark.category, mark.words) for mark in view.chart.marks] == [
        ("2025-26", "decision, 14 October 2025")
    ]
    assert view.sentences[-1] == "Decided on 14 October 2025: Report each term"


def test_a_target_met_missed_absent_and_unmeasurable_is_each_shown_as_what_it_is():
    assert VIEWS["recommendation-r2"].headline.startswith("Resource bases: target met, at 412 placements")
    assert VIEWS["recommendation-r2"].tiles[2].tone_words == "Target met"
    assert VIEWS["recommendation-r3"].headline.startswith("Early help: target missed, at 390 placements")
    assert VIEWS["recommendation-r3"].tiles[2].tone_words == "Target missed"
    assert VIEWS["recommendation-r4"].headline.endswith("no target published")
    assert VIEWS["recommendation-r4"].tiles[-1].label == "no target published"
    assert {series.stroke for series in VIEWS["recommendation-r4"].chart.series} == {"actual"}
    assert VIEWS["recommendation-r5"].headline == "Clusters: not assessed, because no measure shows this"
    assert VIEWS["recommendation-r5"].chart is None and VIEWS["recommendation-r5"].table is None
    assert VIEWS["recommendation-r5"].sentences[0] == "The board’s own status: done"
    assert VIEWS["recommendation-r6"].headline == "Hearing: not assessed, because its figures are hidden"
    assert VIEWS["recommendation-r6"].chart is None


def test_a_hidden_year_of_a_recommendation_is_a_gap_with_its_sign():
    one = recommendation(
        values={"2024-25": 0.08, "2025-26": None, "2026-27": 0.09}, progress="no_target", reason="9.0%"
    )
    view = views(publication({(THIS, "independent"): Placed(1, 1, 1, 1)}, recommendations=[one]))[-2]
    assert [point.words for point in view.chart.series[0].points] == ["8.0%", "c", "9.0%"]
    assert view.table.signs == "c hidden"


def test_a_given_baseline_before_the_series_is_shown():
    one = recommendation(values={"2025-26": 0.08}, baseline=Point("2023-24", 0.05), baseline_is_given=True, progress="no_target", reason="8.0%")  # fmt: skip
    view = views(publication({(THIS, "independent"): Placed(1, 1, 1, 1)}, recommendations=[one]))[-2]
    assert view.chart.categories == ("2023-24", "2024-25", "2025-26")
    assert [point.words for point in view.chart.series[0].points] == ["5.0%", "", "8.0%"]


def test_a_block_that_nothing_is_known_of_says_so():
    view = views(publication({(THIS, "independent"): Placed(1, 1, 1, 1)}))[0]
    assert view.headline == "Neither the allocation nor the balance of the block is known"
    assert view.chart is None and not view.tiles


def test_questions_are_counted_and_the_open_ones_stand_in_the_last_view():
    asked = [
        Question(
            1, "places", "Why more?", "head teacher", datetime.date(2026, 11, 30), datetime.date(2026, 12, 1)
        ),
        Question(2, "places", "What will it cost?", "governor", datetime.date(2026, 11, 30)),
    ]
    view = views(PUBLISHED, None, asked)[-1]
    assert view.headline == "1 question taken away is open, 1 answered"
    assert view.sentences == ("What will it cost? (governor, 30 November 2026 on “Places and placements”)",)


@pytest.mark.parametrize(
    "text",
    [
        "A123456789012 moved",
        "child of 03/04/2012",
        "born in June",
        "2012-04-03",
        "D.O.B. known",
        " ",
        "x" * 301,
    ],
)
def test_what_looks_like_one_child_is_refused_plainly(text):
    with pytest.raises(HnbError) as refused:
        questions.checked_text(text)
    assert text.strip() == "" or text not in str(refused.value)


@pytest.mark.parametrize(
    "text", ["Why did 2026-27 cost £73.2m?", "What of the 24/7 helpline?", "Is 12.5% the share?"]
)
def test_a_question_about_figures_is_kept(text):
    assert questions.checked_text(f"  {text} ") == text
