"""The officers' mapping: the most specific rule wins, a tie is a problem, and what looks like SEND is never lost in silence."""

from __future__ import annotations

import datetime

import pandas
import pytest

from hnb.ledger_mapping import looks_like_send, mapped_payments, rules
from hnb.tables import TABLES

SUTTON = "E09000029"


def mapping(*given: dict[str, object]) -> pandas.DataFrame:
    """Rules by what they name and give: {"rule_id": "S1", "expense_code": "A1", "line": "1.2.3"}."""
    usual = {"authority": SUTTON, "is_high_needs": True, "certainty": "certain", "reason": "because", "decided_by": "finance",
             "decided_on": datetime.date(2026, 4, 1), "source": "mappings/ledger_mapping.csv!ledger_mapping!2"}  # fmt: skip
    return TABLES["ledger_mapping"].conform(pandas.DataFrame([{**usual, **one} for one in given]))


def paid(*given: dict[str, object]) -> pandas.DataFrame:
    usual = {"authority": SUTTON, "financial_year": "2023-24", "paid_on": datetime.date(2023, 4, 3), "period": 1,
             "amount": 100.0, "source": "a.csv!a!2"}  # fmt: skip
    return TABLES["payments"].conform(pandas.DataFrame([{**usual, **one} for one in given]))


def first(payments: pandas.DataFrame, known: pandas.DataFrame | None) -> dict[str, object]:
    done, _ = mapped_payments(payments, known)
    return done.astype(object).where(done.notna(), None).to_dict("records")[0]


def test_a_rule_gives_line_group_and_setting():
    row = first(paid({"expense_code": "A56002"}), mapping({"rule_id": "S1", "expense_code": "A56002", "line": "1.2.3", "setting": "special_independent"}))  # fmt: skip
    assert (row["line"], row["line_group"], row["setting"]) == (
        "1.2.3",
        "top_up_independent",
        "special_independent",
    )
    assert (row["ledger_status"], row["rule_id"]) == ("mapped", "S1")


def test_a_group_alone_leaves_the_line_blank():
    row = first(
        paid({"expense_code": "A1"}),
        mapping({"rule_id": "S1", "expense_code": "A1", "line_group": "top_up_state"}),
    )
    assert (row["line"], row["line_group"], row["ledger_status"]) == (None, "top_up_state", "mapped")


@pytest.mark.parametrize(
    ("named", "wins"),
    [
        ({"expense_code": "A1"}, "1.2.2"),  # one column, and the code tells more than the category
        ({"expense_code": "A1", "category": "SEN*"}, "1.2.1"),  # two columns beat one
        ({"supplier": "Oak School"}, "1.2.1"),  # the supplier tells more than the code
        ({"expense_area": "*Services"}, "1.2.2"),  # the code tells more than the cost centre
    ],
)
def test_the_most_specific_rule_wins(named: dict[str, str], wins: str):
    payments = paid({"expense_code": "A1", "category": "SEN services", "supplier": "Oak School", "expense_area": "People's Services"})  # fmt: skip
    known = mapping(
        {"rule_id": "code", "expense_code": "A1", "line": "1.2.2"},
        {"rule_id": "category", "category": "SEN services", "line": "1.2.5"},
        {"rule_id": "other", **named, "line": wins},
    )
    assert first(payments, known)["line"] == wins


def test_two_rules_that_tie_are_a_problem_and_neither_is_taken():
    known = mapping(
        {"rule_id": "S1", "expense_code": "A1", "line": "1.2.1", "source": "m.csv!m!2"},
        {"rule_id": "S2", "expense_code": "A1", "line": "1.2.2", "source": "m.csv!m!3"},
    )
    done, problems = mapped_payments(paid({"expense_code": "A1"}), known)
    assert done["ledger_status"].tolist() == ["not_mapped"] and done["line"].isna().all()
    (tie,) = [problem for problem in problems if problem.what == "mapping_tie"]
    assert (
        tie.where == "m.csv!m!2"
        and "S1" in tie.found
        and "S2 (m.csv!m!3)" in tie.found
        and tie.severity == "refusal"
    )


def test_two_rules_that_say_the_same_do_not_tie():
    known = mapping(
        {"rule_id": "S1", "category": "SEN*", "line": "1.2.5"},
        {"rule_id": "S2", "category": "*services", "line": "1.2.5"},
    )
    done, problems = mapped_payments(paid({"category": "SEN services"}), known)
    assert done["line"].tolist() == ["1.2.5"] and problems == []


def test_words_that_mislead_are_not_high_needs_by_rule():
    row = first(paid({"expense_code": "A56006", "expense_type": "Independent Placements"}), mapping({"rule_id": "N1", "expense_code": "A56006", "is_high_needs": False}))  # fmt: skip
    assert (row["ledger_status"], row["line"], row["line_group"]) == ("not_high_needs", None, None)


def test_what_looks_like_send_and_has_no_rule_is_said_in_pounds():
    done, problems = mapped_payments(
        paid({"expense_code": "A9", "expense_type": "SEND placements", "amount": 70.5}, {"expense_code": "A8", "expense_type": "Present for staff"}), None
    )  # fmt: skip
    assert done["ledger_status"].tolist() == ["not_mapped", "other"]
    assert "1 payments of £70.50" in problems[0].found and "A9 SEND placements £70" in problems[0].found


@pytest.mark.parametrize(("text", "looks"), [("SEN services", True), ("Top-up Funding", True), ("Absent", False), ("Presents", False), ("Sending post", False)])  # fmt: skip
def test_words_are_whole_words(text: str, looks: bool):
    assert looks_like_send(text) is looks


def test_a_rule_of_another_authority_does_not_speak():
    assert first(paid({"expense_code": "A1"}), mapping({"rule_id": "S1", "expense_code": "A1", "line": "1.2.1", "authority": "E09000001"}))["line"] is None  # fmt: skip


def test_a_line_that_the_file_says_itself_stays_where_no_rule_speaks():
    row = first(paid({"line": "1.2.7"}), None)
    assert (row["line"], row["line_group"], row["ledger_status"]) == ("1.2.7", "ap_services", "mapped")


def test_a_rule_that_names_nothing_speaks_of_nothing():
    assert rules(mapping({"rule_id": "S1", "category": "*", "line": "1.2.1"})) == ()


def test_the_mapping_that_comes_with_the_program_is_sound(tmp_path):
    from pathlib import Path

    from etl.layout_language import all_layouts
    from etl.one_file import Reading, one_file
    from etl.reshape import Surroundings

    path = Path(__file__).resolve().parents[2] / "data" / "mappings" / "ledger_mapping.csv"
    read = one_file(
        path, "mappings/ledger_mapping.csv", Reading(all_layouts(), (), Surroundings(SUTTON, b"k" * 32), 0.01)
    )
    assert [problem.sentence() for problem in read.problems] == []
    known = rules(
        TABLES["ledger_mapping"].conform(read.sheets[0].frames["ledger_mapping"].drop(columns=["_row"]))
    )
    assert len(known) == 22 and {rule.rule_id for rule in known if not rule.is_high_needs} == {
        f"N{number:02d}" for number in range(1, 14)
    }
