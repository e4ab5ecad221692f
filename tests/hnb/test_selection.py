"""A selection survives its link, says itself in words, and cuts any frame by what the frame has."""

from __future__ import annotations

import dataclasses
from urllib.parse import parse_qs

import pandas
import polars
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from hnb.codelists import CODELISTS
from hnb.errors import HnbError
from hnb.selection import CODED, DIMENSION_OF_FIELD, Selection
from hnb.years import written

NAMES = some.text(some.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=40).filter(str.strip)


def codes(name: str) -> some.SearchStrategy[tuple[str, ...]]:
    return some.lists(some.sampled_from(CODELISTS[name].codes), max_size=6).map(tuple)


SELECTIONS = some.builds(
    Selection,
    years=some.lists(some.integers(1990, 2090).map(written), max_size=6).map(tuple),
    settings=codes("settings"), phases=codes("phases"), needs=codes("needs"), lines=codes("budget_lines"),
    in_borough=some.sampled_from([None, True, False]),
    providers=some.lists(NAMES, max_size=3).map(tuple),
    authority=some.sampled_from(["", "E09000029", "319"]),
    as_at=some.sampled_from(["", "2026-10-31"]),
)  # fmt: skip


@settings(max_examples=200)
@given(SELECTIONS)
def test_a_selection_survives_its_link(selection: Selection):
    back, notes = Selection.read(selection.to_query())
    assert back == selection
    assert notes == ()
    assert Selection.from_query("?" + selection.to_query()) == selection


@given(SELECTIONS)
def test_every_selection_says_itself_in_one_line(selection: Selection):
    words = selection.words()
    assert words[0].isupper()
    assert "group:" not in words


@given(some.text(max_size=200))
def test_any_query_at_all_opens(query: str):
    selection, notes = Selection.read(query)
    assert isinstance(selection, Selection)
    assert all(note.endswith(".") for note in notes)


@given(
    some.sampled_from(
        ["years", "settings", "phases", "needs", "lines", "in_borough", "authority", "as_at", "provider"]
    ),
    NAMES,
)
def test_any_value_of_a_known_name_opens(name: str, value: str):  # fmt: skip
    selection, notes = Selection.read(f"{name}={value}")
    assert selection == Selection.from_query(selection.to_query())
    assert selection == Selection() or not any(note.startswith(f"“{value}”") for note in notes)


def test_links_are_short_and_stable():
    selection = Selection(
        years=("2023-24", "2024-25", "2025-26"), settings=("independent", "hospital"),
        phases=("secondary",), needs=("ASD", "SEMH"), in_borough=False, lines=("1.2.3",), providers=("Oak & Ash",),
    )  # fmt: skip
    assert selection.to_query() == (
        "years=2023-24..2025-26&settings=group:independent,hospital&phases=secondary&needs=ASD,SEMH"
        "&lines=1.2.3&in_borough=no&provider=Oak%20%26%20Ash"
    )
    assert Selection().to_query() == ""
    assert Selection(years=("2020-21", "2023-24")).to_query() == "years=2020-21,2023-24"


def test_a_group_in_a_link_stands_for_its_members():
    members = CODELISTS["settings"].members("independent")
    assert Selection.from_query("settings=independent").settings == members
    assert Selection.from_query("settings=group:independent").settings == members
    # "mainstream" is a setting and a group: bare it is the setting.
    assert Selection.from_query("settings=mainstream").settings == ("mainstream",)
    assert Selection.from_query("settings=group:mainstream").settings == ("mainstream", "resourced")
    # A group's own code is the group, though "State special" is also how a setting is called.
    assert Selection(settings=("state_special",)).settings == CODELISTS["settings"].members("state_special")
    assert Selection.from_query("lines=group:top_up_state").lines == ("1.2.1", "1.2.2", "1.2.4", "1.2.11")


def test_what_a_link_gets_wrong_is_left_out_and_said():
    selection, notes = Selection.read(
        "years=2023,2021-22..2023-24,x..y&settings=castle,hospital&needs=&in_borough=maybe&as_at=yesterday&authority=!&measure=spend"
    )
    assert selection == Selection(years=("2021-22", "2022-23", "2023-24"), settings=("hospital",))
    assert notes == (
        "“2023” is not a year and was left out.",
        "“x..y” is not a year and was left out.",
        "“castle” is not a known kind of setting and was left out.",
        "“maybe” says neither in nor out of the borough and was left out.",
        "“!” is not the code of an authority and was left out.",
        "“yesterday” is not a date and was left out.",
    )


def test_a_link_is_bounded():
    assert "The link is too long; its end was left out." in Selection.read("needs=ASD&x=" + "y" * 10_000)[1]
    many, notes = Selection.read("&".join(f"provider=P{number}" for number in range(200)))
    assert len(many.providers) == 50
    assert notes == ("Some providers of the link were left out.",)
    assert Selection.read("provider=" + "z" * 500)[0].providers == ()


def test_two_selections_of_the_same_things_are_equal():
    assert Selection(needs=("SEMH", "ASD", "ASD")) == Selection(needs=("ASD", "SEMH"))
    assert Selection(settings=("Independent special school",)) == Selection(settings=("special_independent",))
    assert Selection(phases=CODELISTS["phases"].codes) == Selection()
    assert hash(Selection(years=("2023-24",))) == hash(Selection(years=("2023-24", "2023-24")))


@pytest.mark.parametrize(
    "wrong",
    [{"years": ("2023/24",)}, {"settings": ("castle",)}, {"needs": ("",)}, {"authority": "a b"}, {"as_at": "31/10/2026"}],
)  # fmt: skip
def test_a_selection_made_wrong_is_refused(wrong: dict[str, object]):
    with pytest.raises(HnbError, match=r'^"'):
        Selection(**wrong)


@pytest.mark.parametrize(
    ("selection", "words"),
    [
        (Selection(), "All settings, phases and needs, all years"),
        (Selection(years=("2024-25",)), "All settings, phases and needs, 2024-25"),
        (
            Selection(settings=("independent",), phases=("secondary",), years=("2023-24", "2024-25", "2025-26")),
            "Independent placements, secondary, 2023-24 to 2025-26",
        ),
        (Selection(needs=("ASD", "DS")), "All settings, Autism (ASD) and Down syndrome (DS), all years"),
        (
            Selection(settings=("further_education", "hospital"), in_borough=False),
            "Hospital and FE college placements, out of the borough, all years",
        ),
        (Selection(settings=("central",), lines=("1.2.5",)), "Services, line 1.2.5, all years"),
        (Selection(providers=("Oak School",), in_borough=True), "All settings, in the borough, at Oak School, all years"),
        (Selection(providers=("A", "B", "C", "D")), "All settings, at 4 providers, all years"),
        (Selection(years=("2020-21", "2022-23"), as_at="2026-10-31"), "All settings, phases and needs, 2020-21 and 2022-23, as at 31 October 2026"),
    ],
)  # fmt: skip
def test_words(selection: Selection, words: str):
    assert selection.words() == words


FRAME = polars.DataFrame(
    {
        "financial_year": ["2023-24", "2024-25", "2024-25"],
        "setting": ["mainstream", "mainstream", "special_independent"],
        "in_borough": [True, None, False],
        "amount": [1.0, 2.0, 3.0],
    }
)


def test_only_what_the_frame_has_is_filtered():
    selection = Selection(years=("2024-25",), settings=("mainstream",), needs=("ASD",))
    assert selection.apply(FRAME)["amount"].to_list() == [2.0]
    assert selection.unsupported(FRAME.columns) == ("need",)
    assert selection.unsupported(["year", "setting", "need"]) == ()
    assert selection.chosen == ("financial_year", "setting", "need")


def test_a_frame_comes_back_as_its_own_kind():
    selection = Selection(in_borough=False)
    assert isinstance(selection.apply(FRAME), polars.DataFrame)
    assert isinstance(selection.apply(FRAME.lazy()), polars.LazyFrame)
    from_pandas = selection.apply(FRAME.to_pandas().convert_dtypes())
    assert isinstance(from_pandas, pandas.DataFrame)
    assert from_pandas["amount"].tolist() == [3.0]


def test_in_or_out_of_the_borough_leaves_out_what_is_not_recorded():
    assert Selection(in_borough=True).apply(FRAME)["amount"].to_list() == [1.0]
    assert Selection().apply(FRAME).equals(FRAME)


def test_plans_are_cut_by_the_january_and_the_age_band():
    plans = polars.DataFrame({"year": [2024, 2025], "age_band": ["age_5_10", "age_11_15"]})
    assert Selection(years=("2024-25",)).apply(plans)["year"].to_list() == [2025]
    assert Selection(phases=("primary",)).apply(plans)["year"].to_list() == [2024]


def test_every_field_says_which_dimension_it_cuts_and_what_its_name_in_a_link_is():
    fields = [field.name for field in dataclasses.fields(Selection)]
    assert list(DIMENSION_OF_FIELD) == fields
    full = Selection(("2023-24",), ("hospital",), ("primary",), ("ASD",), True, ("Oak",), ("1.2.3",), "E1", "2024-01-01")  # fmt: skip
    assert full.chosen == tuple(DIMENSION_OF_FIELD.values())
    assert set(parse_qs(full.to_query())) == {"years", *CODED, "in_borough", "provider", "authority", "as_at"}


def test_what_a_selection_is_about_leaves_years_and_report_out():
    chosen = Selection(
        settings=("independent",), phases=("secondary",), years=("2025-26",), as_at="2025-10-31"
    )
    assert chosen.about() == "Independent placements, secondary"
    assert chosen.words() == "Independent placements, secondary, 2025-26, as at 31 October 2025"
    assert Selection(as_at="2025-10-31").about() == "All settings, phases and needs"
