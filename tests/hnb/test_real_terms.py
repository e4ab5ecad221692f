"""Real terms: pounds in the prices of a year, by hand; nothing else is ever changed."""

from __future__ import annotations

import polars
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hnb import real_terms
from hnb.metrics import MEASURES

UNIT = MEASURES["spend_per_placement_year"]


def answer(*rows: tuple[str, float | None, str]) -> polars.DataFrame:
    """Rows of (year, value, status), with ten times the value as numerator and ten as denominator."""
    return polars.DataFrame(
        [
            {"financial_year": year, "numerator": None if value is None else value * 10, "denominator": 10.0, "value": value, "count": 9, "status": status}
            for year, value, status in rows
        ],
        schema_overrides={"value": polars.Float64, "numerator": polars.Float64},
    )  # fmt: skip


def test_a_pound_of_2019_20_is_worth_one_pound_28_in_2025_26():
    # 100 ÷ 78.1735 = 1.279206; £50,000 × 1.279206 = £63,960.29.
    found = real_terms.in_prices(answer(("2019-20", 50_000.0, "reported")), UNIT, "2025-26")
    assert found["value"].to_list() == [63_960.29]
    assert found["numerator"].to_list() == [639_602.93]
    assert found["denominator"].to_list() == [10.0] and found["count"].to_list() == [9]


def test_a_forecast_year_stands_on_the_year_before_it():
    # 2026-27 is 2.005742% above 2025-26 = 100, and 2027-28 is 1.94198% above that.
    assert real_terms.INDEX["2026-27"] == pytest.approx(102.005742)
    assert real_terms.INDEX["2027-28"] == pytest.approx(102.005742 * 1.0194198)
    assert {"2026-27", "2027-28"} == real_terms.FORECAST
    assert real_terms.LAST_OUTTURN == "2025-26"


def test_the_deflator_agrees_with_the_edition_of_march_2026():
    # HM Treasury's edition before, 2024-25 = 100: those years stand to each other as they did.
    march = {
        "2014-15": 74.0662,
        "2017-18": 77.0388,
        "2019-20": 80.8738,
        "2020-21": 85.1002,
        "2022-23": 91.2996,
    }
    for year, index in march.items():
        assert real_terms.factor(year, "2022-23") == pytest.approx(91.2996 / index, abs=3e-6)


def test_a_year_without_a_deflator_has_no_figure_and_is_named():
    found = real_terms.in_prices(
        answer(("2009-10", 9.0, "reported"), ("2025-26", 9.0, "reported")), UNIT, "2025-26"
    )
    assert found.select("value", "status").rows() == [(None, "not_available"), (9.0, "reported")]
    assert real_terms.without_deflator(found["financial_year"], "2025-26") == ("2009-10",)
    assert "There is no deflator for 2009-10." in real_terms.note(found["financial_year"], "2025-26")


def test_the_note_names_the_publication_and_what_is_forecast():
    note = real_terms.note(("2024-25", "2026-27"), "2025-26")
    assert note.startswith("In 2025-26 prices, by HM Treasury's GDP deflator of 30 June 2026.")
    assert "June 2026 (Quarterly National Accounts)" in real_terms.publication()
    assert "The deflator of 2026-27 is a forecast." in note
    assert real_terms.note(("2024-25",), "cash") == ""


def test_what_is_missing_stays_missing_with_its_own_status():
    found = real_terms.in_prices(answer(("2019-20", None, "no_denominator")), UNIT, "2025-26")
    assert found.select("value", "status").row(0) == (None, "no_denominator")


YEARS = st.sampled_from(sorted(real_terms.INDEX))
ROWS = st.lists(
    st.tuples(
        YEARS,
        st.floats(-1e7, 1e7).map(lambda value: round(value, 2)),
        st.sampled_from(["reported", "estimated"]),
    ),
    min_size=1,
    max_size=8,
)


@given(ROWS, YEARS)
def test_the_base_year_is_unchanged_and_cash_changes_nothing(rows, prices):
    given_answer = answer(*rows)
    assert real_terms.in_prices(given_answer, UNIT, "cash").equals(given_answer)
    of_base = polars.col("financial_year") == prices
    found = real_terms.in_prices(given_answer, UNIT, prices)
    assert found.filter(of_base)["value"].to_list() == given_answer.filter(of_base)["value"].to_list()


@given(ROWS, YEARS)
def test_a_share_or_a_count_is_never_changed(rows, prices):
    given_answer = answer(*rows)
    for name in ("spend_share", "placements", "placement_years", "plans"):
        assert real_terms.in_prices(given_answer, MEASURES[name], prices).equals(given_answer)


@given(YEARS, YEARS)
def test_there_and_back_is_where_it_was(one, other):
    assert (real_terms.factor(one, other) or 0) * (real_terms.factor(other, one) or 0) == pytest.approx(1.0)
    assert real_terms.inflation(one, one) == 0.0
