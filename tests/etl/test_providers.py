"""Names of providers: what is offered as one, what never is, and that only a person's word makes them one."""

from __future__ import annotations

import datetime

import pandas
import pytest

from etl.judgement import judgements
from etl.providers import Group, provider_groups, providers_toml, read_providers, unified
from hnb.errors import HnbError
from hnb.tables.placements import PLACEMENTS

DATE = datetime.date


def register(*providers: str | tuple[str, str]) -> pandas.DataFrame:
    """A register of one placement a provider: a name, or a name and its number."""
    rows = [
        {
            "authority": "E09000029", "financial_year": "2023-24", "register_as_at": DATE(2024, 3, 31), "placement_id": str(number),
            "pupil_id": f"p{number}", "need": "ASD", "setting": "special_independent", "phase": "secondary", "start_on": DATE(2020, 9, 1),
            "status": "open", "line": "1.2.3", "annual_cost": 1000.0, "source": f"r.xlsx!Register!{number + 5}",
            "provider": provider if isinstance(provider, str) else provider[0],
            "provider_id": None if isinstance(provider, str) else provider[1],
        }
        for number, provider in enumerate(providers, 1)
    ]  # fmt: skip
    return PLACEMENTS.conform(pandas.DataFrame(rows))


@pytest.mark.parametrize("names", [
    ("Birchfield School", "BIRCHFIELD SCHOOL"), ("Birchfield School", "Birchfield Sch"), ("Birchfield School", "The Birchfield School Ltd"),
    ("Birchfield School", "Birchfeild School"), ("St Mary's School", "Saint Marys School"), ("Birchfield School (Croydon)", "Birchfield School, Croydon"),
    ("Silverfennel College", "Silverfenell Coll"), ("Birchfield", "Birchfield School"), ("Birchfield & Oak School", "Birchfield and Oak School"),
])  # fmt: skip
def test_these_are_offered_as_one(names):
    (group,) = provider_groups(register(*names))
    assert set(group.spellings) == set(names)


@pytest.mark.parametrize("names", [
    ("St Mary's (Carshalton)", "St Mary's (Croydon)"), ("Carew Academy", "Carew Manor"), ("Carew Academy", "Carew School"),
    ("Eastfield School", "Westfield School"), ("Area 1 Tuition", "Area 2 Tuition"), ("Oak House 12", "Oak House"),
    ("Wandle School", "Wandle School: Opportunity Base"), ("Oakwood Infant School", "Oakwood Junior School"),
    ("Northquill Academy", "Southquill Academy"), ("Birchfield School", "Birchfield School (Croydon)"), ("Marlow School", "Marley School"),
    (("Birchfield School", "990001"), ("Birchfield Sch", "990002")),
])  # fmt: skip
def test_these_are_never_offered(names):
    assert provider_groups(register(*names)) == ()


def test_one_number_speaks_for_names_that_are_less_alike():
    (group,) = provider_groups(
        register(("Carew School", "990001"), ("Carew Academy", "990001"), ("Carew School", "990001"))
    )
    assert group == Group("Carew School", ("Carew Academy", "Carew School"))
    assert provider_groups(register(("Oak School", "1"), ("Oak School: Language Base", "1"))) == ()


def test_a_name_between_two_that_cannot_be_one_does_not_join_them():
    # Without a number "Birchfield Sch" could be either; it goes with one, and the two numbers stay apart.
    groups = provider_groups(
        register(("Birchfield School", "1"), ("Birchfield School Ltd", "2"), "Birchfield Sch")
    )
    assert all(not {"Birchfield School", "Birchfield School Ltd"} <= set(group.spellings) for group in groups)


def test_a_group_is_a_note_and_nothing_is_merged():
    placements = register("Birchfield School", "Birchfield School", "Birchfield Sch")
    (note,) = judgements({"placements": placements})
    assert (note.what, note.severity, note.where) == ("provider_spellings", "note", "r.xlsx!Register!8")
    assert '"Birchfield School" (2 rows, first r.xlsx!Register!6)' in note.found
    assert "£3,000.00 a year" in note.found
    assert set(placements["provider"]) == {"Birchfield School", "Birchfield Sch"}


CONFIRMED = """
[[providers]]
name = "Birchfield School"
spellings = ["Birchfield School", "Birchfield Sch", "Birchfld"]
confirmed = true
who = "SEND finance"
on = 2026-11-20
"""


def test_a_confirmed_group_is_read_as_one_and_said():
    placements = register("Birchfield  Sch", "Oak School", "Birchfield School")
    after, notes = unified(placements, read_providers(CONFIRMED))
    assert after["provider"].tolist() == ["Birchfield School", "Oak School", "Birchfield School"]
    assert [note.what for note in notes] == ["provider_unified", "provider_spelling_gone"]
    assert '1 row was read as "Birchfield School": "Birchfield Sch" (1)' in notes[0].found
    assert "SEND finance confirmed it on 20/11/2026" in notes[0].action
    assert "Birchfld" in notes[1].found
    assert placements["provider"].tolist()[0] == "Birchfield  Sch"


@pytest.mark.parametrize(("change", "said"), [
    (("who = ", "# who = "), "does not say who"), (("on = ", "# on = "), "does not say who"), (("name = ", "called = "), "no use for called"),
])  # fmt: skip
def test_a_confirmation_without_its_person_or_day_is_refused(change, said):
    with pytest.raises(HnbError, match=said):
        read_providers(CONFIRMED.replace(*change))


def test_a_spelling_cannot_be_two_providers():
    with pytest.raises(HnbError, match="Birchfld"):
        read_providers(CONFIRMED + CONFIRMED.replace('"Birchfield School"', '"Other School"').replace('"Birchfield Sch", ', ""))  # fmt: skip


def test_the_list_for_a_person_keeps_what_is_known_and_confirms_nothing():
    known = read_providers(CONFIRMED)
    found = provider_groups(register("Oakmere College", "Oakmere Coll"))
    text = providers_toml(found, known)
    again = read_providers(text)
    assert again[0] == known[0]
    assert again[1] == Group("Oakmere Coll", ("Oakmere Coll", "Oakmere College"))
    assert read_providers(providers_toml((), again)) == again
    assert read_providers(providers_toml(())) == ()
