"""Comparison: rates on both denominators by hand, three kinds of average told apart, and coverage said."""

from __future__ import annotations

import datetime
from typing import Any

import polars
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hnb.codelists import CODELISTS
from hnb.comparison import ENGLAND, KINDS, Comparison, by_line_group, company, editions, mix
from hnb.findings import compare as findings
from hnb.metrics import MEASURES, Selection, Tables
from hnb.metrics.rates import PEOPLE_KINDS, RATES

SUTTON, MERTON, KENT, CAMBRIDGESHIRE = "E09000029", "E09000024", "E10000016", "E10000003"
LONDON = "E12000007"
MAY_2025 = datetime.date(2025, 5, 1)


def picture(
    plans: dict[str, dict[str, int | None]],
    people: dict[str, float],
    *,
    neighbours: dict[datetime.date, tuple[str, ...]] | None = None,
    pupils: dict[str, float] | None = None,
    areas: list[tuple[str, str, str | None, float]] = (),
    returns: dict[str, float] | None = None,
    year: int = 2025,
    people_year: int = 2025,
    kind: str = "aged_0_24",
) -> Tables:  # fmt: skip
    """plans: authority → setting → plans. people, pupils, returns: authority → number. areas: (area, figure, setting, amount)."""
    of_people = [(code, kind, number) for code, number in people.items()]
    of_people += [(code, "pupils", number) for code, number in (pupils or {}).items()]
    alike = (
        neighbours if neighbours is not None else {MAY_2025: tuple(code for code in plans if code != SUTTON)}
    )
    frames: dict[str, Any] = {
        "plans": polars.DataFrame(
            [
                {
                    "authority": code, "year": year, "setting": setting, "setting_detail": setting, "need": "not_by_need", "age_band": "all_ages",
                    "plans": number, "status": "reported" if number is not None else "not_available", "source": "by hand",
                }
                for code, settings in plans.items()
                for setting, number in settings.items()
            ],
            infer_schema_length=None,
        ),
        "population": polars.DataFrame(
            [{"authority": code, "year": people_year, "kind": which, "people": float(number), "source": "by hand"} for code, which, number in of_people]
        ),
        "neighbours": polars.DataFrame(
            [
                {"authority": SUTTON, "edition": edition, "rank": rank, "neighbour": code, "closeness": None, "source": "by hand"}
                for edition, codes in alike.items()
                for rank, code in enumerate(codes, 1)
            ],
            schema_overrides={"closeness": polars.String},
        ),
    }  # fmt: skip
    if areas:
        frames["area_totals"] = polars.DataFrame(
            [{"area": area, "year": year, "figure": figure, "setting": setting, "line_group": None, "amount": float(amount), "source": "by hand"} for area, figure, setting, amount in areas],
            schema_overrides={"line_group": polars.String, "setting": polars.String},
        )  # fmt: skip
    if returns:
        frames["spend_returns"] = polars.DataFrame(
            [
                {
                    "authority": code, "financial_year": f"{year - 1}-{year % 100:02d}", "stage": "outturn", "detail": "block", "line": None,
                    "line_group": "high_needs_total", "setting": "central", "phase": "not_by_phase", "is_income": False, "amount": float(amount), "source": "by hand",
                }
                for code, amount in returns.items()
            ],
            schema_overrides={"line": polars.String},
        )  # fmt: skip
    return Tables(frames)


def rates(tables: Tables, name: str = "plans_per_people", selection: Selection | None = None, year: str = "2024-25") -> polars.DataFrame:  # fmt: skip
    return Comparison(tables, company(tables, SUTTON), RATES[name], selection or Selection()).of_year(year)


def value(rows: polars.DataFrame, kind: str, area: str = "") -> Any:
    found = rows.filter(polars.col("kind") == kind, (polars.col("area") == area) if area else True)
    return found.row(0, named=True)


PLANS = {
    SUTTON: {"mainstream": 200, "special_independent": 40},
    MERTON: {"mainstream": 300, "special_independent": 100},
    KENT: {"mainstream": 5_000, "special_independent": 1_000},
}
PEOPLE = {SUTTON: 10_000, MERTON: 8_000, KENT: 200_000}


def test_a_rate_on_both_denominators_by_hand():
    tables = picture(PLANS, PEOPLE, pupils={SUTTON: 6_000, MERTON: 5_000, KENT: 120_000})
    # 240 of 10,000; 400 of 8,000; 6,000 of 200,000. By pupils 240 of 6,000, 400 of 5,000, 6,000 of 120,000.
    assert value(rates(tables), "us")["value"] == pytest.approx(240.0)
    assert value(rates(tables), "neighbour", MERTON)["value"] == pytest.approx(500.0)
    assert value(rates(tables), "neighbour", KENT)["value"] == pytest.approx(300.0)
    by_pupils = rates(tables, "plans_per_pupil")
    assert [row["value"] for row in by_pupils.head(3).iter_rows(named=True)] == pytest.approx(
        [400.0, 800.0, 500.0]
    )
    independent = rates(tables, selection=Selection(settings=("independent",)))
    assert value(independent, "us")["value"] == pytest.approx(40.0)


def test_the_mean_of_rates_is_not_the_rate_of_the_sums():
    rows = rates(picture(PLANS, PEOPLE))
    # (500 + 300) / 2, each authority once; (400 + 6,000) / 208,000 of all their children together.
    assert value(rows, "neighbours_mean")["value"] == pytest.approx(400.0)
    assert value(rows, "neighbours_together")["value"] == pytest.approx(6_400 / 20.8)
    assert (value(rows, "neighbours_mean")["numerator"], value(rows, "neighbours_together")["numerator"]) == (
        None,
        6_400.0,
    )


def test_places_are_counted_from_the_highest_and_ties_share():
    plans = {SUTTON: {"mainstream": 100}, MERTON: {"mainstream": 100}, KENT: {"mainstream": 50}}
    rows = rates(picture(plans, dict.fromkeys(plans, 1_000)))
    assert [row["position"] for row in rows.head(3).iter_rows(named=True)] == [1, 1, 3]


def test_an_authority_that_did_not_report_is_in_no_average_and_is_named():
    silent = {
        **PLANS,
        CAMBRIDGESHIRE: {"mainstream": None, "special_independent": None, "not_recorded": 8_007},
    }
    people = {**PEOPLE, CAMBRIDGESHIRE: 100_000}
    rows = rates(picture(silent, people), selection=Selection(settings=("independent",)))
    assert value(rows, "neighbour", CAMBRIDGESHIRE)["value"] is None
    assert (value(rows, "neighbours_mean")["authorities"], value(rows, "neighbours_mean")["of"]) == (2, 3)
    assert value(rows, "neighbours_mean")["value"] == pytest.approx((125.0 + 50.0) / 2)
    assert findings.coverage(rows) == "2 of 3 neighbours: Cambridgeshire did not report"
    # Its total is known, so that it is in the rate of all plans.
    assert value(rates(picture(silent, people)), "neighbours_mean")["authorities"] == 3


def test_an_area_has_its_own_rate_from_its_published_totals_and_is_not_made_of_three_authorities():
    areas = [
        (LONDON, "plans", "mainstream", 90_000),
        (LONDON, "plans", "special_independent", 10_000),
        (LONDON, "aged_0_24", None, 2_500_000),
    ]
    rows = rates(picture(PLANS, PEOPLE, areas=areas))
    assert value(rows, "region")["value"] == pytest.approx(400.0)
    assert value(rows, "england")["value"] is None  # 3 of the country's authorities do not make it up
    assert value(rows, "england")["status"] == "not_available"
    independent = rates(picture(PLANS, PEOPLE, areas=areas), selection=Selection(settings=("independent",)))
    assert value(independent, "region")["value"] == pytest.approx(40.0)


def test_an_area_whose_authorities_are_all_loaded_is_their_sum_divided_once():
    codes = CODELISTS["authorities"].members(LONDON)
    plans = {code: {"mainstream": 10 * place} for place, code in enumerate(codes, 1)}
    rows = rates(
        picture(
            plans,
            {code: 1_000 * place**2 for place, code in enumerate(codes, 1)},
            neighbours={MAY_2025: (MERTON,)},
        )
    )
    whole, people = (
        sum(10 * place for place in range(1, len(codes) + 1)),
        sum(1_000 * place**2 for place in range(1, len(codes) + 1)),
    )
    assert value(rows, "region")["value"] == pytest.approx(whole / people * 10_000)
    assert (value(rows, "region")["authorities"], value(rows, "region")["of"]) == (len(codes), len(codes))


def test_people_of_an_earlier_january_stand_in_and_make_it_an_estimate():
    rows = rates(picture(PLANS, PEOPLE, people_year=2022))
    assert (value(rows, "us")["people_of"], value(rows, "us")["status"]) == (2022, "estimated")
    assert value(rates(picture(PLANS, PEOPLE)), "us")["status"] == "reported"
    # People counted after the January never do.
    later = rates(picture(PLANS, PEOPLE, people_year=2026))
    assert (value(later, "us")["value"], value(later, "us")["status"]) == (None, "no_denominator")


def test_the_preferred_people_that_we_have_divide():
    assert company(picture(PLANS, PEOPLE), SUTTON).people == PEOPLE_KINDS[0] == "aged_0_24"
    assert company(picture(PLANS, PEOPLE, kind="aged_2_18"), SUTTON).people == "aged_2_18"
    assert company(picture(PLANS, PEOPLE, kind="aged_2_18"), SUTTON).per == "people aged 2 to 18"
    assert company(picture(PLANS, {MERTON: 1.0}), SUTTON).people == ""


def test_neighbours_are_those_of_an_edition_the_latest_unless_another_is_asked_for():
    older = datetime.date(2021, 3, 1)
    tables = picture(PLANS, PEOPLE, neighbours={MAY_2025: (MERTON,), older: (KENT, MERTON)})
    assert editions(tables, SUTTON) == (MAY_2025, older)
    assert company(tables, SUTTON).neighbours == (MERTON,)
    assert company(tables, SUTTON, older).neighbours == (KENT, MERTON)
    assert company(tables, SUTTON, datetime.date(1999, 1, 1)).edition == MAY_2025


def test_pounds_per_head_and_per_plan():
    tables = picture(PLANS, PEOPLE, returns={SUTTON: 4_800_000, MERTON: 8_000_000})
    assert value(rates(tables, "spend_per_people"), "us")["value"] == pytest.approx(480.0)
    assert value(rates(tables, "spend_per_plan"), "us")["value"] == pytest.approx(20_000.0)
    assert value(rates(tables, "spend_per_plan"), "neighbour", KENT)["value"] is None
    assert findings.coverage(rates(tables, "spend_per_plan")) == "1 of 2 neighbours: Kent did not report"


def test_the_mix_adds_up_to_one_and_leaves_out_who_gave_no_placements():
    silent = {**PLANS, CAMBRIDGESHIRE: {"mainstream": None, "not_recorded": 8_007}}
    found = mix(picture(silent, PEOPLE), company(picture(silent, PEOPLE), SUTTON), "2024-25")
    shares = {
        (kind, area, group): share
        for kind, area, group, share in found.select("kind", "area", "setting_group", "share").rows()
    }
    assert shares["us", SUTTON, "independent"] == pytest.approx(40 / 240)
    # Merton a quarter, Kent a sixth.
    assert shares["neighbours_mean", "", "independent"] == pytest.approx((1 / 4 + 1 / 6) / 2)
    assert not [key for key in shares if key[1] == CAMBRIDGESHIRE]
    assert found.filter(polars.col("kind") == "neighbours_mean")["authorities"].unique().to_list() == [2]
    for (_, _), of in found.group_by("kind", "area"):
        assert of["share"].sum() == pytest.approx(1.0)


def test_nothing_loaded_gives_no_rows_and_no_names():
    nothing = Tables({})
    alone = company(nothing, SUTTON)
    assert (alone.neighbours, alone.edition, alone.people) == ((), None, "")
    assert Comparison(nothing, alone, RATES["plans_per_people"]).rates().height == 0
    assert mix(nothing, alone, "2024-25").height == 0 and by_line_group(nothing, alone, "").height == 0


def test_the_finding_says_the_place_the_rate_and_the_mean():
    tables = picture(PLANS, PEOPLE)
    measure = RATES["plans_per_people"].as_measure("people aged 0 to 24")
    assert findings.place(rates(tables), measure, "all plans") == (
        "Sutton is lowest of 3 for all plans: 240.0 plans per 10,000 people aged 0 to 24, neighbours’ mean 400.0"
    )
    assert [findings.ordinal(place, 14) for place in (1, 2, 3, 4, 11, 12, 14)] == [
        "highest", "second highest", "third highest", "fourth highest", "11th highest", "third lowest", "lowest",
    ]  # fmt: skip


def test_the_course_is_said_from_january_to_january_and_both_ways():
    def over(ours: tuple[float, float], theirs: tuple[float, float] | None) -> str:
        courses = [("us", SUTTON, ours)] + ([("neighbours_mean", "", theirs)] if theirs else [])
        rows = polars.DataFrame(
            [(kind, area, year, value) for kind, area, values in courses
             for year, value in zip(("2019-20", "2024-25"), values, strict=True)],
            schema=["kind", "area", "financial_year", "value"], orient="row",
        )  # fmt: skip
        measure = RATES["plans_per_people"].as_measure("people aged 0 to 24")
        return findings.over_years(rows, measure, lambda year: f"January {int(year[:4]) + 1}")

    # 300 of 200 is half more, 330 of 300 a tenth; 150 of 200 a quarter less.
    start = "Sutton’s rate rose by 50% from January 2020 to January 2025"
    assert over((200.0, 300.0), (300.0, 330.0)) == f"{start}, and its neighbours’ by 10%"
    assert over((200.0, 300.0), (200.0, 150.0)) == f"{start}, and its neighbours’ fell by 25%"
    assert over((200.0, 300.0), None) == start


NUMBERS = st.dictionaries(
    st.sampled_from([SUTTON, MERTON, KENT, CAMBRIDGESHIRE]),
    st.tuples(st.none() | st.integers(0, 9_000), st.none() | st.integers(1, 300_000)),
    min_size=1,
)


@settings(max_examples=40, deadline=None)
@given(NUMBERS)
def test_an_average_lies_between_the_rates_it_is_of_and_places_are_whole(
    numbers: dict[str, tuple[int | None, int | None]],
):
    plans = {code: {"mainstream": number} for code, (number, _) in numbers.items()}
    people = {code: number for code, (_, number) in numbers.items() if number is not None} or {MERTON: 1}
    rows = rates(picture(plans, people, neighbours={MAY_2025: (MERTON, KENT, CAMBRIDGESHIRE)}))
    known = [
        row["value"]
        for row in rows.filter(polars.col("kind") == "neighbour").iter_rows(named=True)
        if row["value"] is not None
    ]
    if not rows.height:
        return
    for kind in ("neighbours_mean", "neighbours_together"):
        average = value(rows, kind)
        assert average["authorities"] == len(known)
        assert (average["value"] is None) == (not known)
        if known:
            assert min(known) - 1e-9 <= average["value"] <= max(known) + 1e-9
    places = sorted(rows["position"].drop_nulls().to_list())
    assert not places or (places[0] == 1 and places[-1] <= len(places))
    assert [KINDS.index(kind) for kind in rows["kind"].to_list()] == sorted(
        KINDS.index(kind) for kind in rows["kind"].to_list()
    )


def test_codes_of_areas_are_those_of_the_regions():
    regions = CODELISTS["regions"]
    assert set(CODELISTS["areas"].codes) == {*regions.codes, ENGLAND}
    assert all(CODELISTS["areas"].label(code) == regions.label(code) for code in regions.codes)
    assert all(kind in MEASURES for kind in CODELISTS["population_kinds"].codes)
