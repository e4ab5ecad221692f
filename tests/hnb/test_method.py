"""The method is written from the registries: nothing registered is missing, and what it names exists."""

from __future__ import annotations

import importlib

import pytest

from hnb import real_terms
from hnb.codelists import CODELISTS
from hnb.method import OWN_SECTIONS, anchor_of_measure, anchors, sections
from hnb.metrics import MEASURES
from hnb.tables import TABLES

SECTIONS = {section.name: section for section in sections()}
ENTRIES = {entry.anchor: entry for section in sections() for entry in section.entries}


def everything(entry):
    facts = [" ".join((fact.heading, fact.words, *fact.codes)) for fact in entry.facts]
    return " ".join((entry.title, entry.about, entry.name, *facts, *(" ".join(row) for row in entry.rows)))


def test_every_measure_is_there_with_its_words():
    for name, measure in MEASURES.items():
        said = everything(ENTRIES[anchor_of_measure(name)])
        for words in (measure.title, measure.question, measure.unit, measure.caution, measure.source, measure.numerator):  # fmt: skip
            assert words in said, name
        assert ("nothing is divided" in said) == (not measure.denominator)
        to = {words for fact in ENTRIES[anchor_of_measure(name)].facts for _, words in fact.to}
        assert set(measure.tables) <= to


def test_every_table_and_column_is_there():
    for name, table in TABLES.items():
        entry = ENTRIES[f"table-{name.replace('_', '-')}"]
        assert [row[0] for row in entry.rows] == list(table.names)
        assert [row[-1] for row in entry.rows] == [column.meaning for column in table.columns]


def test_every_code_of_every_list_is_there_with_its_spellings():
    for name, codelist in CODELISTS.items():
        if name in OWN_SECTIONS:
            continue
        entry = ENTRIES[f"codes-{name.replace('_', '-')}"]
        assert [row[0] for row in entry.rows] == list(codelist.codes)
        for row, code in zip(entry.rows, codelist.entries.values(), strict=True):
            assert code.label in row
            assert all(alias in row[-1] for alias in code.aliases), (name, code.code)


def test_every_rule_word_break_and_deflator_is_there():
    for name, prefix in (("rules", "rule"), ("glossary", "word"), ("series_breaks", "break")):
        for code, entry in CODELISTS[name].entries.items():
            said = ENTRIES[f"{prefix}-{code.lower().replace('_', '-')}"]
            assert entry.meaning in everything(said), code
    (deflator,) = SECTIONS["prices"].entries
    assert [row[0] for row in deflator.rows] == list(real_terms.INDEX)


@pytest.mark.parametrize("code", CODELISTS["rules"].codes)
def test_the_functions_that_a_rule_names_exist_and_the_rule_has_a_source(code):
    rule = CODELISTS["rules"].entry(code)
    assert rule.details["source"] and rule.details["checked"] and rule.details["functions"]
    for function in rule.details["functions"]:
        module, _, name = function.rpartition(".")
        assert hasattr(importlib.import_module(module), name), function


def test_anchors_are_unique_and_links_lead_to_entries():
    found = list(anchors())
    assert len(found) == len(set(found))
    for entry in ENTRIES.values():
        for fact in entry.facts:
            assert {anchor for anchor, _ in fact.to} <= set(found), entry.anchor


def test_what_is_looked_for_narrows_to_the_entries_and_rows_that_say_it():
    found = {section.name: section.entries for section in sections("resource base")}
    (settings,) = [entry for entry in found["codes"] if entry.anchor == "codes-settings"]
    assert [row[0] for row in settings.rows] == ["resourced"]
    assert all("resource" in everything(entry).lower() for entries in found.values() for entry in entries)


def test_a_title_that_says_it_keeps_all_of_its_rows():
    (entry,) = [
        entry for section in sections("kind of setting") for entry in section.entries
        if entry.anchor == "codes-settings"
    ]  # fmt: skip
    assert len(entry.rows) == len(CODELISTS["settings"].codes)


def test_nothing_found_gives_no_section_and_blank_gives_all():
    assert sections("zzzz nothing") == ()
    assert sections("  ") == sections()
