"""The comparators: the sample's figures are the published ones, and the real list of neighbours loads."""

from __future__ import annotations

import json

import pandas
import pytest

from etl.sample import SUTTON, comparators, funding
from etl.sample.comparators import COMPARATORS, NOT_GIVEN
from hnb.codelists import CODELISTS
from hnb.comparison import Comparison, company
from hnb.findings import compare as compare_findings
from hnb.metrics import Selection, Tables
from hnb.metrics.rates import RATES

AUTHORITIES = CODELISTS["authorities"]


def test_the_neighbours_are_those_of_the_published_edition_in_order(shared_data):
    found = pandas.read_excel(
        shared_data / "reference" / "statistical_neighbours_may_2025.xlsx", header=2, engine="calamine"
    )
    sutton = found[found["LA Name"] == "Sutton"].iloc[0]
    published = [AUTHORITIES.encode(str(int(sutton[f"SN{rank}"]))) for rank in range(1, 11)]
    assert published == COMPARATORS["neighbours"]["in_order"]


@pytest.mark.parametrize("year", COMPARATORS["totals"]["years"])
def test_the_outturn_is_that_of_the_published_totals(shared_data, year):
    path = shared_data / "reference" / f"s251_outturn_bucket_totals_{year}.json"
    published = {
        AUTHORITIES.encode(code): row["value"]
        for code, entry in json.loads(path.read_text(encoding="utf-8")).items()
        for row in entry["education_breakdown"]
        if row["name"] == "High needs (SEND)"
    }
    place = COMPARATORS["totals"]["years"].index(year)
    for code, figures in COMPARATORS["totals"]["of"].items():
        assert figures[place] in (published.get(code), NOT_GIVEN)
    assert COMPARATORS["totals"]["of_area"]["E92000001"][place] == sum(published.values())


def test_the_plans_of_england_are_the_published_total_each_january():
    england = COMPARATORS["plans"]["of_area"]["E92000001"].values()
    assert [sum(figures) for figures in zip(*england, strict=True)][-1] == 638_745
    london = COMPARATORS["plans"]["of_area"]["E12000007"].values()
    assert [sum(figures) for figures in zip(*london, strict=True)][-1] == 99_116


def test_the_people_are_those_of_the_published_tables(shared_data):
    found = pandas.read_csv(shared_data / "reference" / "s251_specialist_topups_by_LA_2018-19_to_2021-22.csv")
    sutton = found[(found["la_name"] == "Sutton") & (found["category"] == "Total")].sort_values("year")
    assert COMPARATORS["aged_2_18"]["of"]["E09000029"] == pytest.approx(sutton["pop_est"].round(3).tolist())


def test_the_journey_are_we_at_the_top_for_independent_placements_on_both_denominators():
    tables = Tables(
        {
            "plans": pandas.concat([comparators.plans(), funding.plans().assign(authority=SUTTON)], ignore_index=True),
            "population": comparators.population(),
            "neighbours": comparators.neighbours(SUTTON),
            "area_totals": comparators.area_totals(),
        }
    )  # fmt: skip
    independent = Selection(settings=("independent",))
    for name, rate, mean in (("plans_per_people", 48.131, 40.680), ("plans_per_pupil", 65.291, 66.115)):
        rows = Comparison(tables, company(tables, SUTTON), RATES[name], independent).of_year("2024-25")
        us = rows.row(0, named=True)
        # 224 plans of 46,540 people and 34,308 pupils: Merton, Bournemouth and West Sussex are above us on both.
        assert (us["position"], rows["position"].drop_nulls().len()) == (4, 10)
        assert us["value"] == pytest.approx(rate, abs=0.001)
        assert rows.filter(rows["kind"] == "neighbours_mean")["value"][0] == pytest.approx(mean, abs=0.001)
        assert compare_findings.coverage(rows) == "9 of 10 neighbours: Cambridgeshire did not report"
