"""Pieces of page: real tables, missing values told apart, the strip and its key, tiles in words."""

from __future__ import annotations

import polars
import pytest

from dashboard.components.crumbs import crumbs
from dashboard.components.filter_bar import filter_bar, provider_options, setting_options
from dashboard.components.links import page_address
from dashboard.components.metric_card import Movement, metric_card
from dashboard.components.notes import freshness, not_loaded, source
from dashboard.components.pound_strip import pound_strip
from dashboard.components.recommendation_card import alternative, recommendation_card
from dashboard.components.records import RecordColumn, records_table
from dashboard.components.tables import Crossing, Part, cross_table, heat_table, result_table
from dashboard.components.words import unbroken, with_code
from hnb import findings
from hnb.metrics import MEASURES, Selection, compute
from hnb.recommendations import assessments
from hnb.tables import TABLES, read_tables
from tests.dashboard import snapshots
from tests.dashboard.reading import elements, text

LAST = Selection(years=(snapshots.YEARS[-1],))
SPEND = MEASURES["spend"]


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory):
    return snapshots.full(tmp_path_factory.mktemp("full"))


def crossing(snapshot, measure, rows="setting_group", columns="phase", **more):
    def of(*by):
        return compute(measure, snapshot, LAST, by=by)

    return Crossing(measure, rows, columns, of(rows, columns), of(rows), of(columns), of(), **more)


def pounds(words: str) -> int:
    return int(words.replace("£", "").replace(",", "").replace("−", "-"))


def figures(table):
    """The figures of each row of a table's body and foot, as words; what is for the ear alone is left out."""
    return [
        [text(cell).partition(", narrow to")[0] for cell in elements(row, "Td")]
        for row in elements(table, "Tr")[1:]
    ]


def test_a_table_has_caption_scopes_and_the_numbers_of_compute(snapshot):
    result = compute(SPEND, snapshot, LAST, by=("setting_group",))
    table = result_table(
        result, SPEND, "setting_group", "Spend by group", whole=compute(SPEND, snapshot, LAST)
    )
    assert text(elements(table, "Caption")[0]) == "Spend by group"
    assert {cell.scope for cell in elements(elements(table, "Thead")[0], "Th")} == {"col"}
    assert {cell.scope for cell in elements(elements(table, "Tbody")[0], "Th")} == {"row"}
    assert all(cell.className == "number" for cell in elements(table, "Td"))
    shown = [pounds(row[0]) for row in figures(table)]
    assert shown[:-1] == [round(value) for value in result["value"]]
    assert abs(sum(shown[:-1]) - shown[-1]) <= len(shown)  # each shown figure is rounded to the pound


def test_a_table_can_be_reached_and_scrolled_by_keyboard(snapshot):
    table = cross_table(crossing(snapshot, SPEND), "Spend")
    (region,) = [part for part in elements(table, "Div") if getattr(part, "role", "") == "region"]
    assert region.tabIndex == 0 and getattr(region, "aria-label") == "Spend"


def test_leaves_make_parents_make_the_total(snapshot):
    table = heat_table(crossing(snapshot, SPEND), "Spend")
    *rows, total = [[pounds(word) for word in row] for row in figures(table)]
    for row in rows:
        assert abs(sum(row[:-1]) - row[-1]) <= len(row)
    for column in zip(*rows, total, strict=True):
        assert abs(sum(column[:-1]) - column[-1]) <= len(column)


def test_the_reconciling_row_is_named(snapshot):
    part = Part(
        "of which not explained",
        {"secondary": (-50_000.4, "estimated")},
        (-50_000.4, "estimated"),
        is_reconciling=True,
    )
    table = heat_table(crossing(snapshot, SPEND, parts=(part,)), "Spend")
    row = elements(table, "Tr")[-1]
    assert "reconciling" in row.className and text(elements(row, "Th")[0]) == "of which not explained"
    assert [text(cell) for cell in elements(row, "Td")].count("−£50,000") == 2


def test_a_cell_without_rows_is_nought_for_money_and_no_unit_cost(snapshot):
    money, unit = crossing(snapshot, SPEND), crossing(snapshot, MEASURES["spend_per_placement_year"])
    assert money.figure("post_16", "primary") == (0.0, "reported")
    assert unit.figure("post_16", "primary") == (None, "no_denominator")
    table = heat_table(unit, "Unit cost")
    abbreviation = next(item for item in elements(table, "Abbr"))
    assert text(abbreviation) == "–" and abbreviation.title == "nothing to divide by"
    assert "– nothing to divide by" in text(table)


def test_no_cell_is_ever_blank(snapshot):
    for name in ("spend", "placements", "spend_per_placement_year", "placements_share"):
        table = heat_table(crossing(snapshot, MEASURES[name]), name)
        assert all(text(cell).strip() for cell in elements(table, "Td"))


def test_a_cell_narrows_by_a_link_that_says_where_it_goes(snapshot):
    table = heat_table(
        crossing(snapshot, SPEND), "Spend", cell_link=lambda row, column: f"/spend?{row}-{column}"
    )
    links = elements(table, "Link")
    assert "/spend?independent-secondary" in [link.href for link in links]
    assert any("narrow to Independent and non-maintained schools, Secondary" in text(link) for link in links)


def test_the_darkest_cell_is_the_largest(snapshot):
    table = heat_table(crossing(snapshot, SPEND), "Spend")
    shaded = {
        cell.className: pounds(text(cell))
        for cell in elements(elements(table, "Tbody")[0], "Td")
        if "heat-" in cell.className
    }
    cells = compute(SPEND, snapshot, LAST, by=("setting_group", "phase"))["value"]
    assert shaded["heat-6"] == round(cells.max())


def test_a_row_without_a_name_takes_no_shade_from_the_others():
    def answer(*rows, by):
        return polars.DataFrame(
            [(*row, "reported") for row in rows],
            schema=[*by, "value", "status"],
            orient="row",
            infer_schema_length=None,
        )

    cells = answer(("Oak School", "primary", 4.0), (None, "primary", 90.0), by=("provider", "phase"))
    whole = polars.DataFrame({"value": [94.0], "status": ["reported"]})
    table = heat_table(
        Crossing(
            MEASURES["spend"], "provider", "phase", cells,
            answer(("Oak School", 4.0), (None, 90.0), by=("provider",)), answer(("primary", 94.0), by=("phase",)), whole,
        ),
        "Spend",
    )  # fmt: skip
    oak, nameless = (elements(row, "Td")[0].className for row in elements(elements(table, "Tbody")[0], "Tr"))
    assert (oak, nameless) == ("heat-6", "")


def test_the_strip_has_a_key_for_every_group_and_parts_as_wide_as_their_share(snapshot):
    spend = compute(SPEND, snapshot, LAST, by=("setting_group",))
    shares = findings.shares_of(spend, compute(SPEND, snapshot, LAST))
    strip = pound_strip(spend, shares, total="£39.9m")
    bar, key = elements(strip, "Ul")
    assert [part.style["flexGrow"] for part in elements(bar, "Li")] == [
        round(share * 10_000) for share in shares["value"]
    ]
    assert len(elements(key, "Li")) == spend.height + 1
    assert strip.className == "is-forecast"


def test_a_refund_has_no_place_in_the_bar_and_stays_in_the_key():
    spend = polars.DataFrame(
        {"setting_group": ["mainstream", "services"], "value": [110.0, -10.0], "status": ["reported"] * 2}
    )
    strip = pound_strip(spend, findings.shares_of(spend, polars.DataFrame({"value": [100.0]})))
    bar, key = elements(strip, "Ul")
    assert len(elements(bar, "Li")) == 1 and len(elements(key, "Li")) == 2 and strip.className == ""
    assert "−10p" in text(key)


def test_a_tile_words_what_its_colour_says():
    tile = metric_card("Forecast spend", "£68.8m", (Movement("£1.6m over budget, adverse", "adverse"),))
    assert "adverse" in text(tile)
    assert [part for part in elements(tile, "P") if "adverse" in part.className]
    assert text(metric_card("Balance", "Not yet loaded", is_missing=True)).endswith("Not yet loaded")


def test_a_year_is_kept_on_one_line():
    before, year, after = unbroken("+£3.2m on 2025-26, favourable")
    assert (before, year.children, after) == ("+£3.2m on ", "2025-26", ", favourable")
    # A month, a day and the name of a file hold no financial year that could be parted.
    assert unbroken("from 2026-10-31 on") == ["from 2026-10-31 on"]


def test_what_stands_between_backticks_is_set_as_code():
    before, named, after = with_code("Add a rule to `data/mappings/ledger_mapping.csv`: high needs")
    assert (before, named.children, after) == (
        "Add a rule to ", "data/mappings/ledger_mapping.csv", ": high needs",
    )  # fmt: skip


def test_a_record_s_cell_is_never_blank_and_long_words_get_room():
    columns = [
        RecordColumn("placement", "Placement"),
        RecordColumn("end", "End 2026-27", "date"),
        RecordColumn("note", "Note"),
        RecordColumn("cost", "Cost", "pounds"),
    ]
    rows = [
        {
            "placement": "P1",
            "end": None,
            "note": "Enter the end date, or correct the status.",
            "cost": 5_000.0,
        },
        {"placement": "P2", "end": "2026-08-31", "note": "", "cost": None},
    ]
    table = records_table(rows, columns, "Placements", whole={"placement": "All 2", "cost": 5_000.0})
    cells = [text(cell) for cell in elements(table, "Td")]
    assert cells == ["–", rows[0]["note"], "£5,000", "31 August 2026", "–", "–", "", "", "£5,000"]
    assert {sign.title for sign in elements(table, "Abbr")} == {"none"}
    assert [cell.className for cell in elements(table, "Td")][:3] == ["", "long", "number"]
    assert "End 2026-27" in [text(heading) for heading in elements(table, "Th")]


def test_a_card_says_no_target_published_and_marks_an_illustrative_one(snapshot):
    illustrative, without, unmeasured = (recommendation_card(one) for one in assessments(snapshot))
    assert "(illustrative)" in text(illustrative)
    assert "Placements: independent" in text(illustrative)  # what is counted, beside what is wanted
    assert "No target published" in text(without) and "illustrative" not in text(without)
    assert "Not assessed" in text(unmeasured) and not elements(unmeasured, "Img")
    assert elements(illustrative, "Img")[0].alt == alternative(assessments(snapshot)[0]) != ""
    assert "(illustrative)" in elements(illustrative, "Img")[0].alt
    assert "%28illustrative%29" in elements(illustrative, "Img")[0].src


def test_the_filter_bar_says_what_is_shown_and_labels_every_control():
    bar = filter_bar(
        "overview",
        Selection(settings=("independent",)),
        years=("2025-26",),
        providers=("A", "B"),
        said="All: 3 placements",
    )
    controls = elements(bar, "MultiSelect") + elements(bar, "Select")
    assert len(controls) == 6 and all(control.label for control in controls)
    assert elements(bar, "MultiSelect")[1].value == ["group:independent"]
    (said,) = [part for part in elements(bar, "P") if getattr(part, "data-status", "")]
    assert getattr(said, "data-status") == "All: 3 placements"


def test_settings_are_offered_by_group_and_as_whole_groups():
    offered = setting_options()
    independent = next(group for group in offered if group["group"].startswith("Independent"))
    assert independent["items"][0]["value"] == "group:independent"
    values = [item["value"] for group in offered for item in group["items"]]
    assert len(values) == len(set(values))


def test_chosen_providers_stay_in_the_list():
    assert [option["value"] for option in provider_options(("B", "C"), ("A", "B"))] == ["A", "B", "C"]


def test_addresses_leave_out_the_authority_and_blank_choices():
    selection = Selection(settings=("independent",), authority="E09000029")
    assert (
        page_address("/spend", selection, rows="need", measure="")
        == "/spend?settings=group:independent&rows=need"
    )
    assert page_address("/", Selection()) == "/"


def test_the_last_step_of_the_way_back_is_where_one_is():
    trail = crumbs([("Everything", "/spend"), ("Secondary", "/spend?phases=secondary")])
    assert [link.href for link in elements(trail, "Link")] == ["/spend"]
    assert [getattr(part, "aria-current") for part in elements(trail, "Span")] == ["page"]


def test_what_is_not_loaded_is_said_with_the_workbook_that_brings_it():
    sentence = not_loaded(MEASURES["variance"], loaded=("grant", "plans"))
    assert "not yet loaded" in sentence and "the budget monitor" in sentence
    for measure in MEASURES.values():
        if set(measure.tables) & {"spend", "budget", "grant", "balances", "plans"}:
            assert "It comes with the" in not_loaded(measure, ()) or "It comes with DfE" in not_loaded(
                measure, ()
            )


def test_a_source_names_the_files_of_its_tables_only():
    files = polars.DataFrame(
        {
            "file": ["m.xlsx", "p.csv"],
            "sheet": ["P7", None],
            "layout": ["budget_monitor", "plans_by_january"],
            "tables": ["budget", "plans"],
            "rows_loaded": [320, 5],
        }
    )
    said = text(source(files, ("budget",), "Budget monitor."))
    assert "m.xlsx · P7 · 320 rows" in said and "p.csv" not in said
    assert "m.xlsx" in text(source(files, ("spend",), "Spend."))  # derived from the budget
    assert "names no file" in text(source(files.clear(), ("budget",), "Budget monitor."))


def test_freshness_counts_files_refusals_and_notes():
    line = text(
        freshness(files=14, refusals=2, notes=1, as_at="31 October 2026", snapshot="000007-20261123T090000Z")
    )
    assert (
        line
        == "14 files loaded · 2 refusals accepted · 1 note · as at 31 October 2026 · snapshot 7 · can it be trusted?"
    )


def test_every_table_that_is_read_says_which_workbook_brings_it():
    for name, table in TABLES.items():
        if name not in ("files", "problems"):
            assert [
                TABLES[origin].comes_from for origin in read_tables(name) if not TABLES[origin].comes_from
            ] == []
            assert not (table.comes_from and table.derived_from)
