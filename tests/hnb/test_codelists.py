"""Code lists: every spelling means one thing, every group and cross-reference exists, rubbish is told apart."""

from __future__ import annotations

import csv
import itertools
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as some

from hnb.codelists import CODELISTS, CodeList, folded, read_codelist

EVERY = pytest.mark.parametrize("codelist", CODELISTS.values(), ids=CODELISTS)
GROUPED_BY = {"settings": "setting_groups", "budget_lines": "line_groups"}


@EVERY
def test_every_code_has_a_label_and_a_file_to_correct_it_in(codelist: CodeList):
    assert codelist.codes
    assert codelist.file.endswith(".toml")
    for code in codelist.codes:
        assert codelist.label(code).strip()
        assert codelist.short(code).strip()


@EVERY
def test_a_code_its_label_and_its_aliases_encode_to_it(codelist: CodeList):
    for code, entry in codelist.entries.items():
        for spelling in (code, entry.label, entry.short, *entry.aliases):
            assert codelist.encode(spelling) == code, spelling
            assert codelist.encode(f"  {spelling.upper()}\n") == code, spelling


@EVERY
def test_labels_are_told_apart_by_a_reader(codelist: CodeList):
    labels = [codelist.label(code) for code in codelist.codes]
    assert len(set(labels)) == len(labels)


@pytest.mark.parametrize(("name", "groups"), GROUPED_BY.items())
def test_every_group_exists_and_members_are_those_of_the_group(name: str, groups: str):
    codelist = CODELISTS[name]
    assert {codelist.group(code) for code in codelist.codes} <= set(CODELISTS[groups].codes)
    members = itertools.chain.from_iterable(codelist.members(group) for group in CODELISTS[groups].codes)
    assert sorted(members) == sorted(codelist.codes)


def test_every_age_band_is_a_phase():
    for code, entry in CODELISTS["age_bands"].entries.items():
        assert entry.details["phase"] in CODELISTS["phases"].codes, code


def test_every_budget_line_says_what_it_buys():
    bought = {code: entry.details["bought_by"] for code, entry in CODELISTS["budget_lines"].entries.items()}
    assert set(bought.values()) <= {"placement", "place", "service", "balance"}
    assert bought["1.2.3"] == "placement"
    assert bought["1.9.3"] == "balance"


@pytest.mark.parametrize(
    ("name", "spelling", "code"),
    [
        ("settings", "Indep. special", None),
        ("settings", "INDEPENDENT  SPECIAL", "special_independent"),
        ("settings", "E_INSS", "special_independent"),
        ("settings", "special_academy_free", "special_academy"),
        ("settings", "PRU & AP", "alternative_provision"),
        ("settings", "Mainstream – academy (SEN unit)", "resourced"),
        ("settings", "n/a", "not_recorded"),
        ("settings", "  ", "not_recorded"),
        ("needs", "Autism", "ASD"),
        ("needs", "pLD", "PMLD"),
        ("needs", "SpLD", "SPLD"),
        ("needs", "ALD", "MLD"),
        ("needs", "LCN", "SLCN"),
        ("phases", "3 11-15", "secondary"),
        ("phases", "age 19", "post16"),
        ("budget_lines", "1.2.1", "1.2.1"),
        ("budget_lines", "1.2.10", "1.2.10"),
        ("budget_lines", "1.2", None),
        ("money", "Full year forecast", "forecast"),
    ],
)
def test_spellings_that_councils_use(name: str, spelling: str, code: str | None):
    assert CODELISTS[name].encode(spelling) == code


def test_rubbish_means_not_recorded_only_where_that_is_a_code():
    assert CODELISTS["needs"].encode("tbc") == "not_recorded"
    assert CODELISTS["money"].encode("tbc") is None
    assert not CODELISTS["needs"].is_rubbish("ASD")


def test_the_nearest_spelling_is_offered():
    assert CODELISTS["settings"].nearest("Independant special school") == "special_independent"
    assert CODELISTS["settings"].nearest("zzzzzz") is None


def test_position_sorts_as_declared_and_the_unknown_last():
    needs = CODELISTS["needs"]
    assert sorted(["not_recorded", "SEMH", "ASD"], key=needs.position) == ["ASD", "SEMH", "not_recorded"]
    assert needs.position("?") == len(needs.codes)


def test_folding_takes_away_what_does_not_count():
    assert folded("SEN  &\nSpecial") == folded("sen and special") == "sen and special"
    assert folded("Café – 16+") == "cafe 16"


@given(some.text(max_size=30))
def test_folding_again_changes_nothing(text: str):
    assert folded(folded(text)) == folded(text)


@given(some.text(max_size=30))
def test_any_text_is_encoded_to_a_code_or_to_none(text: str):
    for codelist in CODELISTS.values():
        assert codelist.encode(text) in (None, *codelist.codes)


def test_two_codes_cannot_share_a_spelling():
    document = tomllib.loads("""
        [codes.oak]
        label = "Oak"
        aliases = ["Tree"]
        [codes.ash]
        label = "Ash"
        aliases = ["TREE"]
    """)
    with pytest.raises(ValueError, match=r"trees\.toml: 'tree' is a spelling of both oak and ash"):
        read_codelist("trees", "trees.toml", document)


SEN2_LISTS = {"SENsetting": "settings", "Case-system": "settings", "SENtype (": "needs"}


def test_the_codes_of_the_sen2_return_and_of_case_systems_are_known_with_their_meanings(shared_data):
    with (shared_data / "reference" / "sen2_code_lists.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    wrong = []
    for row in rows:
        name = next((found for field, found in SEN2_LISTS.items() if field in row["field"]), None)
        if name is not None:
            meaning = row["meaning"].split(" (added")[0]  # a remark of the list's author
            codes = {CODELISTS[name].encode(row["code"]), CODELISTS[name].encode(meaning)}
            wrong += [] if len(codes) == 1 and None not in codes else [(row["code"], codes)]
    assert len(rows) > 40
    assert wrong == []


@pytest.mark.parametrize(("kind", "code"), [
    ("Community special school", "special_maintained"), ("Other independent special school", "special_independent"), ("Academy special converter", "special_academy"),
    ("Academy converter", "mainstream"), ("Other independent school", "independent_mainstream"), ("Special post 16 institution", "specialist_post16"),
    ("Pupil referral unit", "alternative_provision"), ("Miscellaneous", None), ("Secure units", None),
])  # fmt: skip
def test_kinds_of_establishment_of_the_national_register(kind, code, shared_data):
    with (shared_data / "reference" / "gias_establishment_types_20250422.csv").open(encoding="utf-8-sig", newline="") as file:  # fmt: skip
        assert kind in {row["type-of-establishment-name"] for row in csv.DictReader(file)}
    assert CODELISTS["settings"].encode(kind) == code


@pytest.mark.parametrize("name", ["needs", "settings", "phases"])
@pytest.mark.parametrize("text", ["", "-", "#N/A", "TBC", "n/k", "See notes", "unknown", "To be confirmed", "Please select"])  # fmt: skip
def test_rubbish_is_not_recorded_and_no_spelling_of_a_code(name, text):
    codelist = CODELISTS[name]
    assert codelist.encode(text) == "not_recorded"
    assert codelist.is_rubbish(text)


@pytest.mark.parametrize("codelist", CODELISTS.values(), ids=lambda codelist: codelist.name)
def test_no_rubbish_is_also_a_spelling_of_a_code(codelist: CodeList):
    spellings = {folded(text) for entry in codelist.entries.values() for text in (entry.code, entry.label, *entry.aliases)}  # fmt: skip
    assert spellings & codelist.rubbish == set()
