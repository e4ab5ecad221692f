"""Unit costs: the page's numbers are those of `hnb.unit_costs`, on screen and in the files, in every state."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import dash
import pandas
import pytest

from dashboard.app import create_app, pages
from dashboard.data import Source
from hnb import real_terms
from hnb.configuration import Configuration
from hnb.growth import growth
from hnb.metrics import Selection, compute
from hnb.movers import half_of, movers
from hnb.store import Snapshot
from hnb.unit_costs import distribution, outliers, placement_costs, providers
from tests.dashboard import snapshots
from tests.dashboard.conftest import get, layout_of
from tests.dashboard.reading import elements, text, walk
from tests.dashboard.unit_cost_records import PLACED, placement_rows, published

YEAR = "2026-27"


def app_of(folder: Path) -> dash.Dash:
    configuration = Configuration(processed_folder=folder)
    return create_app(Source(folder, configuration), configuration)


def drawn(app: dash.Dash, search: str = "", path: str = "/unit-costs") -> Any:
    return layout_of(app, next(found for found in pages() if found["path"] == path), search)


def section(layout: Any, name: str) -> Any:
    return next(part for part in walk(layout) if getattr(part, "id", None) == name)


def table_of(layout: Any, name: str) -> tuple[list[str], list[list[str]], list[str]]:
    """Headings, rows and the row of the total."""
    table = elements(section(layout, name), "Table")[0]
    headings = [text(cell) for cell in elements(elements(table, "Thead")[0], "Th")]
    rows = [[text(cell) for cell in row.children] for row in elements(elements(table, "Tbody")[0], "Tr")]
    foot = [
        text(cell)
        for part in elements(table, "Tfoot")
        for row in elements(part, "Tr")
        for cell in row.children
    ]
    return headings, rows, foot


def pounds(words: str) -> int:
    return int(words.replace("£", "").replace(",", "").replace("−", "-").replace("+", ""))


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("few")
    published(folder, pandas.concat([placement_rows("2024-25", dearer=0.9), placement_rows("2025-26")]))
    return folder


@pytest.fixture(scope="module")
def app(few: Path) -> dash.Dash:
    return app_of(few)


@pytest.fixture(scope="module")
def sample(sample_build: Any) -> dash.Dash:
    return app_of(sample_build.processed)


def test_the_page_s_figures_by_hand(app):
    # Independent: 40, 40, 42, 90 for a year and 120 for 90 of 365 days: 4.2466 placement-years; half is 2.123, which the 42 reaches.
    layout = drawn(app)
    headings, rows, foot = table_of(layout, "spread")
    independent = dict(
        zip(headings, next(row for row in rows if row[0] == "Independent special school"), strict=True)
    )
    assert independent["Placements"] == "5" and independent["Placement-years"] == "4.2"
    assert pounds(independent["Median (£)"]) == 42_000
    # (40 + 40 + 42 + 90 + 120 × 90 ÷ 365) ÷ 4.24658 = 241.589 ÷ 4.24658 thousand.
    assert pounds(independent["Mean (£)"]) == 56_890
    # Every cost was nine tenths of it the year before.
    assert pounds(independent["Median, change on the year (£)"]) == 4_200
    assert foot[0] == "All together" and foot[headings.index("Placements")] == "7"
    assert "Dearest is independent special school: half cost over £42,000 a year" in text(
        section(layout, "spread")
    )


def test_providers_stand_against_the_median_even_when_one_is_selected(app):
    for query in ("", "provider=Dear+School", "in_borough=no"):
        headings, rows, _ = table_of(drawn(app, query), "providers")
        dear = dict(zip(headings, next(row for row in rows if row[0] == "Dear School"), strict=True))
        assert pounds(dear["Median of the setting (£)"]) == 42_000
        # 90,000 + 120,000 × 90 ÷ 365 − 42,000 × (1 + 90 ÷ 365) = 119,589.04 − 52,356.16
        assert pounds(dear["Above the median, in the year (£)"]) == 67_233
    assert "Dear School charges most above its setting's median: £67k in the year" in text(drawn(app))


def test_an_outlier_leads_to_its_row(app):
    headings, rows, foot = table_of(drawn(app), "outliers")
    assert [row[0] for row in rows] == ["P-a1", "P-b1"]
    assert rows[0][headings.index("Row")] == "register 2025-26.xlsx!Register!5"
    # 90,000 − 42,000, and (120,000 − 42,000) × 90 ÷ 365
    assert [pounds(row[headings.index("Above the median, in the year (£)")]) for row in rows] == [
        48_000,
        19_233,
    ]
    assert foot[0] == "All 2"
    assert "2 of 7 placements cost far more than their setting usually does" in text(
        section(drawn(app), "outliers")
    )


def test_real_terms_change_the_year_before_and_leave_the_base_year(app):
    headings, cash, _ = table_of(drawn(app), "by-year")
    _, real, _ = table_of(drawn(app, "prices=2025-26"), "by-year")
    place = next(index for index, heading in enumerate(headings) if heading.startswith("Independent"))
    assert [row[0] for row in cash] == ["2024-25", "2025-26"]
    assert real[1][place] == cash[1][place]
    assert pounds(real[0][place]) == pytest.approx(pounds(cash[0][place]) / 0.966694, abs=2)
    words = text(drawn(app, "prices=2025-26"))
    assert "HM Treasury's GDP deflator of 30 June 2026" in words and "in 2025-26 prices" in words


def test_prices_that_cannot_be_had_are_said_and_cash_is_shown(app, tmp_path):
    assert "There is no deflator for prices of “1999-00”; the figures are in cash" in text(
        drawn(app, "prices=1999-00")
    )
    published(tmp_path, placement_rows("2009-10"))
    words = text(drawn(app_of(tmp_path), "prices=2025-26"))
    assert "There is no deflator for 2009-10" in words


@pytest.mark.parametrize(
    "rows", ["setting_group", "setting.phase", "setting.need", "phase", "need", "nonsense"]
)
def test_every_way_of_cutting_adds_up(app, rows):
    headings, lines, foot = table_of(drawn(app, f"rows={rows}"), "spread")
    for name in ("Placements", "Cost in the year (£)"):
        at = headings.index(name)
        first = len(headings) - headings.index("Placements")
        assert sum(pounds(line[at]) for line in lines) == pytest.approx(
            pounds(foot[len(foot) - first + (at - headings.index("Placements"))]), abs=len(lines)
        )


def test_one_placement_none_and_no_register(app, tmp_path):
    published(tmp_path, placement_rows("2025-26", PLACED[:1]))
    one = drawn(app_of(tmp_path))
    assert "Independent special school: half cost over £90,000 a year, the mean is £90,000" in text(one)
    assert "There are no two years of figures" in text(section(one, "by-year"))
    assert "No placement costs far more" in text(section(one, "outliers"))
    assert "Every provider is at or below the median" in text(section(one, "providers"))
    assert "No placement for" in text(drawn(app, "provider=Nobody+of+that+name"))


def test_without_a_register_the_page_says_what_brings_it(tmp_path):
    snapshots.published_only(tmp_path)
    app = app_of(tmp_path)
    assert "not yet loaded" in text(drawn(app))
    for name in ("unit-costs", "providers-against-median", "outliers"):
        assert get(app.server.test_client(), f"/export/listing/{name}.csv").status_code == 400


@pytest.mark.parametrize(
    ("name", "panel"),
    [
        ("unit-costs", "spread"),
        ("unit-costs-by-year", "by-year"),
        ("providers-against-median", "providers"),
        ("outliers", "outliers"),
    ],
)
def test_each_file_holds_what_the_screen_shows(sample, name, panel):
    query = "settings=group:independent&prices=2025-26"
    headings, rows, _ = table_of(drawn(sample, query), panel)
    answer = get(sample.server.test_client(), f"/export/listing/{name}.csv?{query}")
    filed = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))
    assert filed[0][: len(headings)] == headings
    for there, here in zip(filed[1:], rows, strict=False):
        assert there[0] == here[0]
        for heading, one, other in zip(headings, there, here, strict=False):
            if "£" in other:
                assert round(float(one)) == pytest.approx(pounds(other), abs=1), heading


def test_the_page_s_means_are_those_of_every_other_page(sample, sample_build):
    known = compute(
        "spend_per_placement_year",
        Snapshot.open(sample_build.processed),
        Selection(years=(YEAR,)),
        ("setting",),
    )
    headings, rows, _ = table_of(drawn(sample), "spread")
    assert [pounds(row[headings.index("Mean (£)")]) for row in rows] == pytest.approx(
        [round(value) for value in known["value"]], abs=1
    )


def test_the_journey_of_the_independent_overspend(sample, sample_build):
    """Why is independent spend over, how much is price, how much above inflation, which ten make half, who charges most?"""
    snapshot = Snapshot.open(sample_build.processed)
    independent = Selection(settings=("independent",))
    changed = drawn(sample, "settings=group:independent", "/changed")
    whole = growth(snapshot, independent, "2025-26", YEAR).row(0, named=True)
    told = {row[0]: pounds(row[2]) for row in table_of(changed, "effects")[1]}
    assert told["Price: general inflation"] + told["Price: beyond inflation"] == pytest.approx(
        whole["price"], abs=1
    )
    assert told["Price: beyond inflation"] == round(whole["above_inflation"])
    half = half_of(movers(snapshot, independent, "2025-26", YEAR))
    assert f"The {half.placements} largest rises make half of the" in text(section(changed, "movers"))

    costs = drawn(sample, "settings=group:independent")
    held = placement_costs(snapshot, independent, YEAR)
    dearest = providers(held, held).row(0, named=True)
    headings, rows, _ = table_of(costs, "providers")
    assert rows[0][0] == dearest["provider"]
    assert pounds(rows[0][headings.index("Above the median, in the year (£)")]) == round(
        dearest["above_median"]
    )
    assert f"{dearest['provider']} charges most above its setting's median" in text(
        section(costs, "providers")
    )
    assert f"{outliers(held, held).height} of {held.height} placements" in text(section(costs, "outliers"))


def test_the_charts_draw_what_the_tables_say(sample, sample_build):
    held = placement_costs(Snapshot.open(sample_build.processed), Selection(), YEAR)
    spread = distribution(held, ("setting",))
    chart = next(found for found in elements(drawn(sample), "Graph") if found.id == "spread-chart").figure
    eighths, half, *medians, means = chart.data
    assert list(half.base) == spread["lower_quartile"].to_list()
    assert [base + length for base, length in zip(half.base, half.x, strict=True)] == pytest.approx(
        spread["upper_quartile"].to_list()
    )
    assert [base + length for base, length in zip(eighths.base, eighths.x, strict=True)] == pytest.approx(
        spread["upper_decile"].to_list()
    )
    assert all(list(trace.x) == spread["median"].to_list() for trace in medians)
    assert list(means.x) == spread["mean"].to_list()
    above = providers(held, held).filter(providers(held, held)["above_median"] > 0).head(12)
    dots = next(found for found in elements(drawn(sample), "Graph") if found.id == "providers-chart").figure
    assert list(dots.data[0].x) == above["unit_cost"].to_list()


def test_the_offered_prices_are_cash_and_the_latest_known_year():
    assert real_terms.choices() == (("cash", "Cash"), ("2025-26", "2025-26 prices"))
