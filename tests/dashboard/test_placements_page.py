"""Placements: the page's numbers are those of the register, its lists are its files, and each row leads to its address."""

from __future__ import annotations

import csv
import datetime
import io
import re
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import dash
import polars
import pytest

from dashboard.app import create_app, pages
from dashboard.data import Data, Source
from dashboard.frame_rows import FrameRows
from dashboard.listings import listings
from dashboard.pages.placed import A_PAGE, PATH
from hnb.configuration import Configuration
from hnb.metrics import Selection, compute
from hnb.placement_flow import flow
from hnb.placement_providers import making_half, providers
from hnb.placement_register import (
    Wanted,
    exception_list,
    exceptions_by_kind,
    placement_list,
    sums,
)
from hnb.store import Snapshot
from tests.dashboard import snapshots
from tests.dashboard.conftest import HERE, get, layout_of, post
from tests.dashboard.reading import elements, text, walk

YEAR, BEFORE = "2026-27", "2025-26"
INDEPENDENT = "settings=group:independent"
SUTTON = Selection(authority="E09000029")
SEPTEMBER = datetime.date(2026, 9, 1)
PATHS = (PATH, "/placements/list", "/placements/exceptions", "/placements/one")


def app_of(folder: Path) -> dash.Dash:
    configuration = Configuration(processed_folder=folder)
    return create_app(Source(folder, configuration), configuration)


def drawn(app: dash.Dash, search: str = "", path: str = PATH):
    return layout_of(app, next(found for found in pages() if found["path"] == path), search)


def section(layout, name):
    return next(part for part in walk(layout) if getattr(part, "id", None) == name)


def heading(layout, name) -> str:
    return text(elements(section(layout, name), "H2")[0])


def table_of(layout, name) -> tuple[list[list[str]], list[str]]:
    table = elements(section(layout, name), "Table")[-1]
    rows = [[text(cell) for cell in row.children] for row in elements(elements(table, "Tbody")[0], "Tr")]
    foot = [
        text(cell)
        for part in elements(table, "Tfoot")
        for row in elements(part, "Tr")
        for cell in row.children
    ]
    return rows, foot


def pounds(words: str) -> int:
    return int(words.replace("£", "").replace(",", "").replace("−", "-").replace("+", ""))


def as_records(response) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(response.data.decode("utf-8-sig"))))


@pytest.fixture(scope="module")
def app(sample_build) -> dash.Dash:
    return app_of(sample_build.processed)


@pytest.fixture(scope="module")
def held(sample_build) -> Data:
    return Data(Snapshot.open(sample_build.processed), Configuration(processed_folder=sample_build.processed))


@pytest.fixture(scope="module")
def invented(tmp_path_factory) -> dash.Dash:
    folder = tmp_path_factory.mktemp("placements")
    snapshots.full(folder)
    return app_of(folder)


# --------------------------------------------------------------- the officer's questions, in numbers


def test_which_providers_make_half_of_independent_spend(app, held):
    layout = drawn(app, INDEPENDENT)
    found = providers(held, SUTTON.with_(settings=("independent",)), YEAR)
    number = making_half(found)
    total = compute("spend_per_placement_year", held, SUTTON.with_(settings=("independent",), years=(YEAR,)))[
        "numerator"
    ][0]
    assert heading(layout, "providers").startswith(
        f"{number} of {found.height} providers make half of £{total / 1e6:.1f}m"
    )
    rows, foot = table_of(layout, "providers")
    assert [row[0] for row in rows[:number]] == found["provider"].head(number).to_list()
    assert sum(pounds(row[4]) for row in rows[:number]) >= total / 2
    assert pounds(foot[4]) == round(total)


def test_who_started_since_september(app, held):
    layout = drawn(app, f"{INDEPENDENT}&list=started&since=2026-09-01", "/placements/list")
    found = placement_list(held, SUTTON.with_(settings=("independent",)), YEAR, Wanted("started", SEPTEMBER))
    assert heading(layout, "list").startswith(f"{found.height} placements started since 1 September 2026")
    rows, foot = table_of(layout, "list")
    assert [row[0] for row in rows] == found["placement_id"].head(A_PAGE).to_list()
    assert pounds(foot[7]) == round(sums(found)["annual_cost"])
    assert rows[0][-1] == found["source"][0]


def test_what_todays_placements_will_cost_next_year(app, held):
    rows, foot = table_of(drawn(app), "full-year")
    of_year = SUTTON.with_(years=(YEAR,))
    for column, measure in (
        (2, "cost_in_year"),
        (3, "whole_year_cost"),
        (4, "full_year_effect"),
        (5, "next_year_cost"),
    ):
        assert pounds(foot[column]) == round(compute(measure, held, of_year)["value"][0])
        assert sum(pounds(row[column]) for row in rows) == pytest.approx(pounds(foot[column]), abs=len(rows))
    assert pounds(foot[3]) - pounds(foot[2]) == pytest.approx(pounds(foot[4]), abs=1)


def test_which_placements_ended_and_are_still_paid(invented):
    layout = drawn(invented)
    rows, _ = table_of(layout, "exceptions")
    ended = next(row for row in rows if row[0] == "Ended, and still costed")
    assert ended[1:3] == ["1", "£22,650"]  # 151 days of £150 after the register's date
    one_kind = drawn(invented, "exception=ended_still_costed", "/placements/exceptions")
    rows, foot = table_of(one_kind, "exception-rows")
    assert (rows[0][0], rows[0][1], rows[0][-1]) == ("P7", "Fir House", "register_2026-27.xlsx!Placements!12")
    assert pounds(foot[6]) == 22_650
    assert {"/placements/one?placement=P7", "/rows?source=register_2026-27.xlsx%21Placements%2112"} <= {
        link.href for link in elements(one_kind, "Link")
    }


def test_each_kind_that_was_found_leads_to_its_rows_and_no_other(app, held):
    table = elements(section(drawn(app, f"years={BEFORE}"), "exceptions"), "Table")[-1]
    links = {link.href for link in elements(table, "Link")}
    found = exceptions_by_kind(exception_list(held, SUTTON, BEFORE)).filter(polars.col("placements") > 0)
    assert links == {f"/placements/exceptions?years={BEFORE}&exception={kind}" for kind in found["exception"]}
    # Kinds of which nothing is in question in pounds lead to their rows like the others.
    free = found.filter(polars.col("cost") == 0)
    assert {"ended_before_year", "ended_still_costed", "nil_cost"} <= set(free["exception"])
    for kind, placements in free.select("exception", "placements").rows():
        layout = drawn(app, f"years={BEFORE}&exception={kind}", "/placements/exceptions")
        assert len(table_of(layout, "exception-rows")[0]) == placements


# -------------------------------------------------------------------------------- every table


def test_the_months_on_the_page_add_up_to_the_year(app, held):
    rows, _ = table_of(drawn(app, f"years={YEAR}"), "cost-by-month")
    assert [row[0] for row in rows][::11] == ["April 2026", "March 2027"]
    assert [row[1] for row in rows] == ["known"] * 7 + ["expected"] * 5
    cost = compute("spend", held, SUTTON.with_(years=(YEAR,)), ("part",)).filter(
        polars.col("part") == "placements"
    )["value"][0]
    assert sum(pounds(row[7]) for row in rows) == pytest.approx(cost, abs=12)


def test_the_flow_s_last_row_and_column_are_the_placements_counted(app, held):
    rows, foot = table_of(drawn(app, "between=setting"), "flow")
    found = flow(held, SUTTON, BEFORE, YEAR, "setting")
    assert int(foot[-1].replace(",", "")) == found.children()
    assert sum(int(row[-1].replace(",", "")) for row in rows) == found.children()
    assert rows[-1][0] == "Not placed before"


def test_a_provider_narrows_the_page(app):
    link = elements(elements(section(drawn(app, INDEPENDENT), "providers"), "Tbody")[0], "Link")[0]
    narrowed = drawn(app, link.href.partition("?")[2])
    assert heading(narrowed, "providers").startswith("One provider has all of £")


@pytest.mark.parametrize(
    ("name", "path", "panel"),
    [
        ("placement-months", PATH, "cost-by-month"),
        ("placement-months-by-setting", PATH, "by-month"),
        ("placement-moves", PATH, "moves"),
        ("placement-full-year", PATH, "full-year"),
        ("placement-providers", PATH, "providers"),
        ("placement-flow", PATH, "flow"),
        ("placement-exception-kinds", PATH, "exceptions"),
        ("placement-exceptions", "/placements/exceptions", "exception-rows"),
        ("placements", "/placements/list", "list"),
        ("placement-by-month", "/placements/one", "months"),
        ("placement-history", "/placements/one", "history"),
    ],
)  # fmt: skip
def test_the_file_is_the_table_of_the_screen(invented, name, path, panel):
    query = "placement=P5" if path.endswith("one") else ""
    rows, _ = table_of(drawn(invented, query, path), panel)
    records = as_records(get(invented.server.test_client(), f"/export/listing/{name}.csv?{query}"))
    assert len(records) >= len(rows) > 0
    with invented.server.test_request_context("/", base_url=HERE):
        from_data = listings()[name](query)
        kinds = [column.kind for column in from_data.columns]
        headings = [column.heading for column in from_data.columns]
    for shown, record in zip(rows, records, strict=False):
        for words, kind, title in zip(shown, kinds, headings, strict=True):
            taken = record[title]
            if kind in ("pounds", "change", "count"):
                wanted = (
                    int(Decimal(taken).quantize(Decimal(1), ROUND_HALF_UP))
                    if taken not in ("", "–")
                    else None
                )
                assert (None if words == "–" else pounds(words.replace(" stayed", ""))) == wanted, (
                    title,
                    words,
                    taken,
                )
            elif kind == "text":
                assert words == (taken.removeprefix("'") or "–"), title


def test_a_long_list_is_turned_page_by_page_and_its_file_has_all(app, held):
    found = placement_list(held, SUTTON, YEAR, Wanted(order="provider"))
    second = drawn(app, "order=provider&page=2", "/placements/list")
    rows, _ = table_of(second, "list")
    assert [row[0] for row in rows] == found["placement_id"].slice(A_PAGE, A_PAGE).to_list()
    links = {text(link): link.href for link in elements(second, "Link")}
    assert links["Those after"] == "/placements/list?order=provider&page=3"
    assert links["Those before"] == links["First"] == "/placements/list?order=provider"
    last = drawn(app, "page=999999", "/placements/list")
    assert len(table_of(last, "list")[0]) == found.height % A_PAGE or A_PAGE
    assert "Those after" not in text(last)
    records = as_records(get(app.server.test_client(), "/export/listing/placements.csv?order=provider"))
    assert [record["Placement"] for record in records] == found["placement_id"].to_list()


def test_a_page_of_records_is_made_of_its_rows_only():
    rows = FrameRows(polars.DataFrame({"a": range(1_000)}))
    assert (len(rows), rows[3], [row["a"] for row in rows[10:12]]) == (1_000, {"a": 3}, [10, 11])


def test_one_placement_shows_its_registers_its_row_and_its_child_s_other_placement(invented):
    layout = drawn(invented, "placement=P5", "/placements/one")
    assert text(elements(layout, "H1")[0]) == "Placement P5"
    rows, _ = table_of(layout, "history")
    assert [(row[0], row[2]) for row in rows] == [(YEAR, "Ended"), (BEFORE, "Open")]
    assert table_of(layout, "others")[0][0][0] == "P6"
    assert "register_2026-27.xlsx!Placements!10" in text(section(layout, "facts"))
    assert heading(layout, "months") == "£9,120 in 2026-27, £21,900 in 2025-26"


def test_a_number_that_no_register_has_is_said(invented):
    assert "No register has a placement P999" in text(drawn(invented, "placement=P999", "/placements/one"))


# -------------------------------------------------------------------------------- choices and states


def chosen(app: dash.Dash, control: str, search: str, values: dict[str, object]):
    """What the callback that a control begins answers, posted as the page posts it."""
    key = next(
        key
        for key, entry in app.callback_map.items()
        if any(given["id"] == control for given in entry["inputs"]) and "search" in key
    )
    entry = app.callback_map[key]
    body = {
        "output": key,
        "outputs": {"id": "_pages_location", "property": key.split(".")[1]},
        "inputs": [{**given, "value": values[given["id"]]} for given in entry["inputs"]],
        "changedPropIds": [f"{control}.value"],
        "state": [{**given, "value": search} for given in entry["state"]],
    }
    return post(app.server.test_client(), "/_dash-update-component", json=body)


LIST = {
    "placement-list-shown": "all", "placement-list-since": "any", "placement-list-order": "annual_cost", "placement-list-find": "",
}  # fmt: skip


def test_what_is_typed_and_chosen_goes_into_the_address_from_the_first_page(invented):
    found = chosen(invented, "placement-list-find", "?phases=secondary&page=3", {**LIST, "placement-list-find": " oak  school", "placement-list-shown": "open"})  # fmt: skip
    assert found.status_code == 200
    address = re.search(r'"search":"([^"]*)"', found.data.decode()).group(1)  # type: ignore[union-attr]
    assert "page=" not in address
    assert "find=oak+school" in address
    assert "phases=secondary" in address and "list=open" in address
    nothing_new = chosen(invented, "placement-list-find", "", LIST)
    assert b"search" not in nothing_new.data


@pytest.mark.parametrize(
    ("control", "values"),
    [
        ("placement-list-shown", {**LIST, "placement-list-shown": "nobody"}),
        ("placement-list-since", {**LIST, "placement-list-since": "2026-09-02"}),
        ("placement-list-find", {**LIST, "placement-list-find": "x" * 500}),
        ("placements-between", {"placements-between": "provider"}),
        ("placement-exceptions-kind", {"placement-exceptions-kind": "bad_number"}),
    ],
)  # fmt: skip
def test_a_value_that_no_control_offered_is_refused(invented, control, values):
    assert chosen(invented, control, "", values).status_code in (400, 403)


def test_choices_that_cannot_be_read_are_left_out_with_a_sentence(invented):
    layout = drawn(
        invented,
        "list=nobody&since=never&order=up&exception=rude&between=provider&page=-1",
        "/placements/list",
    )
    said = [text(part) for part in walk(layout) if getattr(part, "className", "") == "dropped"]
    assert len(said) == 6
    assert any("“never” is not a date" in sentence for sentence in said)
    assert len(table_of(layout, "list")[0]) == 11


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("make", [snapshots.one_row, snapshots.published_only, snapshots.empty])
def test_without_a_register_every_page_says_what_would_bring_it(path, make, tmp_path):
    make(tmp_path)
    layout = drawn(app_of(tmp_path), "", path)
    assert len(elements(layout, "H1")) == 1
    assert not elements(layout, "Graph")
    if path != "/placements/one":
        assert "the placement register" in text(layout)


@pytest.mark.parametrize("query", ["provider=Nobody", "years=2026-27&needs=MSI", "years=1999-00"])
@pytest.mark.parametrize("path", PATHS[:3])
def test_a_selection_without_placements_says_so(invented, path, query):
    layout = drawn(invented, query, path)
    assert "cannot be shown" not in text(layout)
    assert re.search(r"Nothing|No placement|none|no placement", text(layout))


def test_one_child_alone_is_shown_whole(invented):
    layout = drawn(invented, "provider=Holly+College")
    assert heading(layout, "by-month").startswith("1 placement on 15 October 2026")
    assert len(table_of(layout, "list")[0]) == 1
