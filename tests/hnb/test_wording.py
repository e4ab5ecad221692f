"""Wording: one way to say a number, never "nan", never a nought with a sign."""

from __future__ import annotations

import datetime
import math

import pytest
from hypothesis import given
from hypothesis import strategies as some

from hnb import wording
from hnb.codelists import CODELISTS
from hnb.metrics import MEASURES

ANY_NUMBER = some.one_of(some.none(), some.floats(width=64), some.integers(-(10**10), 10**10))
STYLES = ("chart", "table", "sentence")


@pytest.mark.parametrize(
    ("amount", "chart", "table"),
    [
        (9_337_801, "£9.3m", "£9,337,801"),
        (-1_391_038, "−£1.4m", "−£1,391,038"),
        (57_734_683, "£57.7m", "£57,734,683"),
        (1_234_567_890, "£1,234.6m", "£1,234,567,890"),
        (999_600, "£1.0m", "£999,600"),
        (999_400, "£999k", "£999,400"),
        (290_000, "£290k", "£290,000"),
        (1_000, "£1k", "£1,000"),
        (999.4, "£999", "£999"),
        (999.6, "£1k", "£1,000"),
        (640, "£640", "£640"),
        (0, "£0", "£0"),
        (-0.0, "£0", "£0"),
        (-0.4, "£0", "£0"),
        (-0.6, "−£1", "−£1"),
        (None, "x", "x"),
        (math.nan, "x", "x"),
        (math.inf, "x", "x"),
    ],
)
def test_pounds(amount, chart: str, table: str):
    assert wording.pounds(amount, "chart") == chart
    assert wording.pounds(amount, "table") == table


@given(ANY_NUMBER, some.sampled_from(STYLES), some.booleans(), some.sampled_from(list(MEASURES.values())))
def test_no_number_is_said_badly(amount, style, signed, measure):
    said = [
        wording.value(measure, amount, style, signed=signed),
        wording.difference(measure, amount, style, signed=signed),
        wording.change(measure, amount, 1.0),
        wording.relative_change(amount, 5.0),
        wording.compared(measure, amount, 1.0, "last year"),
    ]
    for words in said:
        assert words
        assert "nan" not in words.replace("finance", "")
        assert "inf" not in words
        assert "-" not in words.replace("placement-year", "")
        digits = [sign for sign in words if sign.isdigit()]
        if digits and set(digits) == {"0"}:
            assert not words.startswith((wording.MINUS, "+"))


def test_a_half_is_rounded_as_spreadsheets_round_it():
    # As binary numbers 7.05 and 2.85 are a little less, 0.125 and 2.5 exactly halves.
    assert wording.pounds(7_050_000, "chart") == wording.millions(7_050_000) == "£7.1m"
    assert wording.millions(-7_050_000, signed=True) == "−£7.1m"
    assert wording.pounds(2.5) == "£3" and wording.pounds(-3.5) == "−£4" and wording.count(2.5) == "3"
    assert wording.pounds(112_500, "chart") == "£113k"
    assert wording.share(0.0285) == "2.9%" and wording.share(0.125, places=0) == "13%"
    assert wording.points(-0.0105) == "−1.1 points"
    assert wording.pounds(7_049_999.99, "chart") == "£7.0m"
    assert wording.pounds(0.49) == "£0" and wording.pounds(-0.5) == "−£1"
    assert wording.pounds(999_499, "chart") == "£999k" and wording.pounds(999_500, "chart") == "£1.0m"


def test_signs():
    assert wording.pounds(3_100_000, "chart", signed=True) == "+£3.1m"
    assert wording.share(0.062, signed=True) == "+6.2%"
    assert wording.share(-0.0001, signed=True) == "0.0%"
    assert wording.count(-12) == "−12"
    assert wording.number(-104.25) == "−104.3"


@pytest.mark.parametrize(
    ("name", "amount", "words"),
    [
        ("spend", 9_337_801, ("£9.3m", "£9,337,801", "£9.3m")),
        ("spend_share", 0.0832, ("8.3%", "8.3%", "8.3%")),
        ("placements", 174, ("174", "174", "174 placements")),
        ("plans", 1, ("1", "1", "1 plan")),
        ("plans", 2_582, ("2,582", "2,582", "2,582 plans")),
        ("placement_years", 104.25, ("104.3", "104.3", "104.3 placement-years")),
        ("placement_years", 1_204.4, ("1,204", "1,204", "1,204 placement-years")),
        ("spend_per_placement_year", 64_612.18, ("£64,612", "£64,612", "£64,612")),
    ],
)
def test_a_value_is_said_in_its_measure_s_unit(name: str, amount: float, words: tuple[str, ...]):
    assert tuple(wording.value(MEASURES[name], amount, style) for style in STYLES) == words


def test_what_is_missing_has_a_sign_and_words_by_its_status():
    plans = MEASURES["plans"]
    assert wording.value(plans, None, status="suppressed") == "c"
    assert wording.value(plans, None, status="not_collected") == "z"
    assert wording.value(plans, None, status="not_available") == "x"
    assert wording.value(plans, None, status="no_denominator") == "–"
    assert wording.value(plans, None, "sentence", status="not_collected") == "not collected"
    # A missing value whose status claims that it is there is still not called reported.
    assert wording.value(plans, None, "sentence", status="reported") == "not available"
    assert wording.value(plans, 0) == "0"
    assert wording.signs_note(["suppressed", "reported", "not_collected"]) == "z not collected; c hidden"
    assert wording.signs_note(["reported", "estimated"]) == ""


def test_every_status_without_a_value_has_its_own_sign():
    signs = [wording.missing(code) for code in CODELISTS["result_statuses"].codes]
    assert len({sign for sign in signs if sign}) == len([sign for sign in signs if sign])


def test_changes():
    spend, share = MEASURES["spend"], MEASURES["placements_share"]
    assert wording.change(spend, 12_905_175, 9_337_801) == "+£3.6m"
    assert wording.change(spend, 5, 5) == "£0"
    assert wording.change(share, 0.102, 0.083) == "+1.9 points"
    assert wording.change(spend, None, 5) == "x"
    assert wording.relative_change(106.2, 100) == "+6.2%"
    assert wording.relative_change(5, 0) == "–"
    assert wording.relative_change(5, -3) == "–"
    assert wording.relative_change(None, 3) == "x"


@pytest.mark.parametrize(
    ("name", "new", "old", "words", "favour"),
    [
        ("variance", 5_000_000, 4_600_000, "£400k worse than last year", "adverse"),
        ("variance", 4_000_000, 6_100_000, "£2.1m better than last year", "favourable"),
        ("spend", 4_000_000, 6_100_000, "£2.1m less than last year", ""),
        ("cumulative_balance", -10_600_000, -1_391_038, "£9.2m worse than last year", "adverse"),
        ("allocation", 57_734_683, 52_281_860, "£5.5m better than last year", "favourable"),
        ("placements", 174, 125, "49 placements more than last year", ""),
        ("placements", 101, 110, "9 placements fewer than last year", ""),
        ("spend_share", 0.10, 0.12, "2.0 points less than last year", ""),
        ("spend_per_placement_year", 64_612, 61_000, "£3,612 more than last year", ""),
        ("variance", 100.2, 100.1, "the same as last year", "adverse"),
    ],
)
def test_better_and_worse_follow_the_measure(name: str, new: float, old: float, words: str, favour: str):
    assert wording.compared(MEASURES[name], new, old, "last year") == words
    assert wording.favour(MEASURES[name], new - old) == favour


def test_nothing_is_compared_with_what_is_missing():
    assert wording.compared(MEASURES["spend"], 5, None, "last year") == "not to be compared with last year"
    assert wording.favour(MEASURES["spend"], None) == ""
    assert wording.favour(MEASURES["spend"], 0.0) == ""


def test_labels():
    assert wording.label("setting", "resourced") == "Resource base or SEN unit"
    assert wording.label("setting", "resourced", brief=True) == "Resource base"
    assert wording.label("setting_group", "independent", brief=True) == "Independent"
    assert wording.label("need", "not_recorded") == "Need not recorded"
    assert wording.label("financial_year", "2023-24") == "2023-24"
    assert wording.label("in_borough", True) == "In the borough"
    assert wording.label("in_borough", None) == "Not recorded, or not a placement"
    assert wording.label("provider", "Oak School") == "Oak School"
    assert wording.label("provider", None) == "Provider not recorded, or not a placement"
    assert wording.label("authority", None) == "Not recorded"
    assert wording.label("as_at", "2026-10-31") == "31 October 2026"


def test_every_dimension_has_a_title_and_every_code_a_label():
    for measure in MEASURES.values():
        for dimension in measure.dimensions:
            title = wording.dimension_title(dimension)
            assert title[0].isupper()
            assert "_" not in title


def test_dates_lists_and_captions():
    assert wording.date(datetime.date(2026, 10, 31)) == "31 October 2026"
    assert wording.date("2026-10-31") == "31 October 2026"
    assert wording.listed([]) == ""
    assert wording.listed(["a"]) == "a"
    assert wording.listed(["a", "b", "c"]) == "a, b and c"
    assert wording.not_split("Variance", ["need", "provider"]) == (
        "Variance is not split by primary need or provider: the figures are for all."
    )
    assert wording.not_split("Variance", []) == ""
