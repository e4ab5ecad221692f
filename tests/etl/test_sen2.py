"""The modules of a SEN2 return joined: what cannot be joined, counted or priced is refused under one problem at its root."""

from __future__ import annotations

import datetime
from typing import Any

import pandas
import pytest

from etl.sen2 import Assembled, assembled
from etl.sen2_template import parts
from etl.staging import STAGED
from etl.workbooks import Sheet
from hnb.codelists import CODELISTS
from hnb.tables import TABLES

SUTTON = "E09000029"


def frame(table: str, *rows: dict[str, Any], file: str = "return.xlsx") -> pandas.DataFrame:
    """Rows of a staged table at return.xlsx!table!2, 3, …; columns that are not said are blank."""
    said = [{"source": f"{file}!{table}!{number}", **row} for number, row in enumerate(rows, start=2)]
    return pandas.DataFrame(said, columns=STAGED[table].names, dtype=object)


def a_return(**changed: Any) -> dict[str, pandas.DataFrame]:
    """One child with one plan at a maintained special school, priced by a rate; `changed` replaces whole tables."""
    tables = {
        "sen2_header": frame("sen2_header", {"authority": SUTTON, "collection": "SEN2", "year": 2026}),
        "sen2_persons": frame("sen2_persons", {"person_id": "hash-1", "pupil_id": "upn-1", "born_in": "2014-15"}),
        "sen2_requests": frame("sen2_requests", {"request_id": "51", "person_id": "hash-1"}),
        "sen2_active_plans": frame("sen2_active_plans", {"request_id": "51"}),
        "sen2_placement_details": frame("sen2_placement_details", placement()),
        "sen2_needs": frame("sen2_needs", {"request_id": "51", "need": "ASD", "rank": 1}),
        "establishments": frame("establishments", {"urn": "100001", "provider": "Hazelquill School", "setting": "special_maintained", "in_borough": True}, file="list.xlsx"),
        "rates": frame("rates", rate(top_up_cost=12_000.0), file="rates.xlsx"),
    }  # fmt: skip
    return {name: table for name, table in {**tables, **changed}.items() if table is not None}


def placement(**said: Any) -> dict[str, Any]:
    return {"request_id": "51", "urn": "100001", "rank": 1, "start_on": datetime.date(2023, 9, 1), **said}


def rate(**said: Any) -> dict[str, Any]:
    return {"authority": SUTTON, "financial_year": "2025-26", "setting": "special_maintained", **said}


def cost(**said: Any) -> dict[str, Any]:
    return {"authority": SUTTON, "financial_year": "2025-26", **said}


def refusals(done: Assembled) -> dict[str, int]:
    """The kinds of refusal, and how many rows each refuses."""
    return {problem.what: problem.rows for problem in done.problems if problem.severity == "refusal"}


def notes(done: Assembled) -> list[str]:
    return [problem.what for problem in done.problems if problem.severity == "note"]


def only(done: Assembled) -> dict[str, Any]:
    (row,) = done.frames["placements"].to_dict("records")
    return row


# -- one child


def test_a_child_a_plan_and_a_placement_make_one_row_that_the_contract_takes():
    done = assembled(a_return())
    assert done.problems == () and done.refused == frozenset()
    assert TABLES["placements"].check(done.frames["placements"]) == []
    row = only(done)
    assert (row["pupil_id"], row["need"], row["setting"], row["phase"], row["line"]) == ("upn-1", "ASD", "special_maintained", "primary", "1.2.1")  # fmt: skip
    assert (row["financial_year"], row["register_as_at"], row["status"]) == ("2025-26", datetime.date(2026, 1, 15), "open")  # fmt: skip
    assert (row["annual_cost"], row["placement_id"], row["provider"]) == (12_000.0, "51-1", "Hazelquill School")  # fmt: skip
    assert row["source"] == "return.xlsx!sen2_placement_details!2"


def test_nothing_staged_gives_nothing():
    assert assembled({}) == Assembled({}, (), frozenset())


def test_no_argument_is_changed():
    brought = a_return()
    before = {name: table.copy() for name, table in brought.items()}
    assembled(brought)
    for name, table in before.items():
        pandas.testing.assert_frame_equal(brought[name], table)


@pytest.mark.parametrize(("born_in", "age", "phase"), [("2014-15", 10, "primary"), ("2013-14", 11, "secondary"), ("1980-81", None, "not_recorded"), (None, None, "not_recorded")])  # fmt: skip
def test_the_phase_follows_from_the_age_on_31_august(born_in, age, phase):
    done = assembled(a_return(sen2_persons=frame("sen2_persons", {"person_id": "hash-1", "pupil_id": "upn-1", "born_in": born_in})))  # fmt: skip
    assert only(done)["phase"] == phase
    assert only(done).get("age", age) == age
    assert notes(done) == ([] if age else ["no_age"])


def test_a_child_without_upn_is_known_by_its_uln_and_else_by_its_number_within_the_return():
    by_uln = frame("sen2_persons", {"person_id": "hash-1", "learner_id": "uln-1", "born_in": "2014-15"})
    by_number = frame("sen2_persons", {"person_id": "hash-1", "born_in": "2014-15"})
    assert only(assembled(a_return(sen2_persons=by_uln)))["pupil_id"] == "uln-1"
    this_year = only(assembled(a_return(sen2_persons=by_number)))["pupil_id"]
    other_header = frame("sen2_header", {"authority": SUTTON, "collection": "SEN2", "year": 2025})
    other_rates = frame("rates", rate(financial_year="2024-25", top_up_cost=1.0))
    next_year = only(assembled(a_return(sen2_persons=by_number, sen2_header=other_header, rates=other_rates)))["pupil_id"]  # fmt: skip
    assert len({this_year, next_year, "hash-1"}) == 3


# -- where it is


def test_a_unit_or_resourced_provision_of_a_mainstream_school_is_resourced():
    school = frame("establishments", {"urn": "100001", "provider": "Owlsthorn", "setting": "mainstream", "run_by": "academy"})  # fmt: skip
    rates = frame("rates", rate(setting="resourced", top_up_cost=7_000.0))
    for flag in ("in_sen_unit", "in_resourced_provision"):
        done = assembled(a_return(establishments=school, rates=rates, sen2_placement_details=frame("sen2_placement_details", placement(**{flag: True}))))  # fmt: skip
        assert (only(done)["setting"], only(done)["line"]) == ("resourced", "1.2.2")


def test_a_provider_that_no_list_has_is_not_guessed():
    done = assembled(a_return(establishments=None, placement_costs=frame("placement_costs", cost(pupil_id="upn-1", provider_id="100001", line="1.2.1", annual_cost=9.0))))  # fmt: skip
    assert (only(done)["setting"], only(done)["provider"], only(done)["in_borough"]) == ("not_recorded", "URN 100001", None)  # fmt: skip
    assert notes(done) == ["unknown_establishment"]


def test_a_line_that_nothing_settles_refuses_the_placement():
    school = frame("establishments", {"urn": "100001", "provider": "Owlsthorn", "setting": "mainstream"})
    done = assembled(a_return(establishments=school, rates=frame("rates", rate(setting="mainstream", top_up_cost=1.0))))  # fmt: skip
    assert refusals(done) == {"no_line": 1} and "placements" not in done.frames


def test_lists_of_establishments_may_not_contradict_each_other():
    twice = frame("establishments", {"urn": "100001", "provider": "A", "setting": "special_maintained"}, {"urn": "100001", "provider": "A", "setting": "special_academy"})  # fmt: skip
    assert refusals(assembled(a_return(establishments=twice))) == {"repeated_id": 1}


def test_top_up_lines_are_lines_and_every_school_has_one_by_setting_or_by_who_runs_it():
    lines = CODELISTS["budget_lines"].codes
    for codelist in ("settings", "run_by"):
        for entry in CODELISTS[codelist].entries.values():
            assert entry.details.get("top_up_line", "1.2.1") in lines
    without = {code for code, entry in CODELISTS["settings"].entries.items() if "top_up_line" not in entry.details}  # fmt: skip
    assert without == {"mainstream", "resourced", "special_state", "alternative_provision", "central", "not_recorded"}  # fmt: skip


# -- what it costs


def test_the_councils_own_cost_comes_before_any_rate():
    done = assembled(a_return(placement_costs=frame("placement_costs", cost(pupil_id="upn-1", provider_id="100001", top_up_cost=20_000.0, care_contribution=2_500.0))))  # fmt: skip
    assert only(done)["annual_cost"] == 17_500.0


def test_the_most_specific_rate_wins():
    rates = frame("rates", rate(top_up_cost=1.0), rate(phase="primary", top_up_cost=2.0), rate(phase="primary", need="ASD", place_cost=10_000.0, top_up_cost=3.5), rate(need="SEMH", provider_id="100001", top_up_cost=4.0))  # fmt: skip
    assert only(assembled(a_return(rates=rates)))["annual_cost"] == 10_003.5


def test_rates_that_fit_equally_well_are_refused_once_for_all_their_placements():
    rates = frame("rates", rate(phase="primary", top_up_cost=2.0), rate(need="ASD", top_up_cost=3.0))
    details = frame("sen2_placement_details", placement(end_on=datetime.date(2025, 7, 20)), placement(start_on=datetime.date(2025, 9, 1)))  # fmt: skip
    assert refusals(assembled(a_return(rates=rates, sen2_placement_details=details))) == {"tied_rates": 2}


def test_a_missing_rate_is_one_problem_that_names_it():
    details = frame("sen2_placement_details", placement(end_on=datetime.date(2025, 7, 20)), placement(start_on=datetime.date(2025, 9, 1)))  # fmt: skip
    done = assembled(a_return(rates=frame("rates", rate(phase="secondary", top_up_cost=1.0)), sen2_placement_details=details))  # fmt: skip
    (problem,) = done.problems
    assert (problem.what, problem.rows) == ("no_cost", 2)
    assert "Maintained special school, Primary, Autistic spectrum disorder" in problem.found
    assert refusals(assembled(a_return(rates=None))) == {"no_cost": 1}


def test_a_rate_of_nought_is_a_cost_and_a_rate_without_an_amount_is_not():
    assert only(assembled(a_return(rates=frame("rates", rate(top_up_cost=0.0)))))["annual_cost"] == 0.0
    assert refusals(assembled(a_return(rates=frame("rates", rate())))) == {"blank": 1, "no_cost": 1}


@pytest.mark.parametrize(
    ("costs", "expected"),
    [
        ([cost(pupil_id="upn-2", annual_cost=1.0)], {"cost_without_placement": 1}),
        ([cost(pupil_id="upn-1", provider_id="100009", annual_cost=1.0)], {"cost_without_placement": 1}),
        ([cost(financial_year="2019-20", pupil_id="upn-1", annual_cost=1.0)], {"cost_without_placement": 1}),
        ([cost(pupil_id="upn-1", annual_cost=1.0), cost(pupil_id="hash-1", annual_cost=2.0)], {"repeated_cost": 1}),
    ],
)  # fmt: skip
def test_a_cost_that_is_of_no_placement_or_of_one_that_has_its_cost_is_refused(costs, expected):
    assert refusals(assembled(a_return(placement_costs=frame("placement_costs", *costs)))) == expected


def test_a_cost_that_may_be_of_two_placements_is_refused():
    details = frame("sen2_placement_details", placement(), placement(urn="100002", rank=2))
    schools = frame("establishments", *({"urn": urn, "provider": urn, "setting": "special_maintained"} for urn in ("100001", "100002")))  # fmt: skip
    done = assembled(a_return(sen2_placement_details=details, establishments=schools, placement_costs=frame("placement_costs", cost(pupil_id="upn-1", annual_cost=1.0))))  # fmt: skip
    assert refusals(done) == {"several_placements": 1}


# -- what cannot be joined


def test_whatever_follows_from_a_record_that_cannot_be_joined_is_refused_with_it_under_one_problem():
    done = assembled(a_return(sen2_requests=frame("sen2_requests", {"request_id": "51", "person_id": "hash-9"})))  # fmt: skip
    assert refusals(done) == {"unmatched_id": 4}  # the request, its plan, the placement and the need
    assert done.problems[0].where == "return.xlsx!sen2_requests!2"


@pytest.mark.parametrize("table", ["sen2_placement_details", "sen2_needs"])
def test_an_orphan_is_refused_by_its_address_and_the_rest_goes_on(table):
    orphan = {"request_id": "99", "rank": 1, "need": "ASD", "urn": "100001"}
    rows = a_return()[table].to_dict("records")
    done = assembled(a_return(**{table: frame(table, *rows, orphan)}))
    assert refusals(done) == {"unmatched_id": 1}
    assert done.refused == {f"return.xlsx!{table}!3"}
    assert len(done.frames["placements"]) == 1


@pytest.mark.parametrize("table", ["sen2_persons", "sen2_requests", "sen2_active_plans", "sen2_placement_details"])  # fmt: skip
def test_a_whole_module_that_is_missing_is_one_problem(table):
    assert set(refusals(assembled(a_return(**{table: None})))) == {"module_missing"}


def test_a_return_without_a_header_or_with_two_is_refused_as_a_whole():
    assert refusals(assembled(a_return(sen2_header=None))) == {"return_without_header": 5}
    header = {"authority": SUTTON, "collection": "SEN2", "year": 2026}
    assert refusals(assembled(a_return(sen2_header=frame("sen2_header", header, {**header, "year": 2025})))) == {"two_headers": 7}  # fmt: skip


def test_a_reference_date_of_another_year_refuses_the_return():
    header = frame("sen2_header", {"authority": SUTTON, "collection": "SEN2", "year": 2026, "reference_on": datetime.date(2024, 1, 18)})  # fmt: skip
    assert refusals(assembled(a_return(sen2_header=header))) == {"wrong_reference_date": 6}


def test_the_same_upn_twice_is_refused():
    persons = frame("sen2_persons", *({"person_id": number, "pupil_id": "upn-1", "born_in": "2014-15"} for number in ("hash-1", "hash-2")))  # fmt: skip
    done = assembled(a_return(sen2_persons=persons))
    assert refusals(done) == {"repeated_id": 1} and len(done.frames["placements"]) == 1


def test_two_primary_needs_are_refused_and_two_main_placements_at_once_are_noted():
    needs = frame("sen2_needs", *({"request_id": "51", "need": need, "rank": 1} for need in ("ASD", "SEMH")))
    assert refusals(assembled(a_return(sen2_needs=needs))) == {"repeated_need": 1}
    details = frame("sen2_placement_details", placement(), placement(start_on=datetime.date(2024, 9, 1)))
    done = assembled(a_return(sen2_placement_details=details))
    assert notes(done) == ["same_rank"] and len(done.frames["placements"]) == 2


def test_what_a_plan_lacks_is_noted():
    plans = frame("sen2_active_plans", {"request_id": "51"}, {"request_id": "52"})
    requests = frame("sen2_requests", *({"request_id": number, "person_id": "hash-1"} for number in ("51", "52")))  # fmt: skip
    done = assembled(a_return(sen2_needs=None, sen2_active_plans=plans, sen2_requests=requests))
    assert only(done)["need"] == "not_recorded"
    assert sorted(notes(done)) == ["no_primary_need", "plan_without_placement"]


def test_dates_that_a_placement_does_not_give_are_its_plans():
    named = frame("sen2_named_plans", {"request_id": "51", "start_on": datetime.date(2025, 5, 6), "ceased_on": datetime.date(2025, 12, 1)})  # fmt: skip
    done = assembled(a_return(sen2_named_plans=named, sen2_placement_details=frame("sen2_placement_details", placement(start_on=None))))  # fmt: skip
    row = only(done)
    assert (row["start_on"], row["end_on"], row["status"]) == (datetime.date(2025, 5, 6), datetime.date(2025, 12, 1), "ended")  # fmt: skip
    assert notes(done) == ["dates_of_plan", "dates_of_plan"]


# -- counted once


def test_a_year_comes_from_a_register_or_from_a_return_never_from_both():
    register = pandas.DataFrame({"authority": [SUTTON], "financial_year": ["2025-26"], "source": ["register.xlsx!Register!5"]})  # fmt: skip
    done = assembled({**a_return(), "placements": register})
    assert refusals(done) == {"year_in_register": 6} and not done.frames
    assert "register.xlsx" in done.problems[0].found
    assert refusals(assembled({**a_return(), "placements": register.assign(financial_year="2024-25")})) == {}


def test_the_costs_of_a_refused_return_are_refused_with_it():
    register = pandas.DataFrame({"authority": [SUTTON], "financial_year": ["2025-26"], "source": ["register.xlsx!Register!5"]})  # fmt: skip
    costs = frame("placement_costs", cost(pupil_id="upn-1", annual_cost=1.0))
    assert refusals(assembled({**a_return(placement_costs=costs), "placements": register})) == {"year_in_register": 7}  # fmt: skip


def test_two_returns_of_one_january_are_counted_once():
    again = {name: pandas.concat([table, table.assign(source=table["source"].str.replace("return.xlsx", "resent.xlsx"))], ignore_index=True) if name.startswith("sen2_") else table for name, table in a_return().items()}  # fmt: skip
    done = assembled(again)
    assert refusals(done) == {"second_return": 6} and len(done.frames["placements"]) == 1


# -- DfE's template


def test_a_sheet_without_the_modules_titles_comes_back_as_it_is():
    sheet = Sheet("x.xlsx", "Costs", [["Header Record"], ["UPN"]])
    assert parts(sheet) == (sheet,)
