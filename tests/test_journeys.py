"""The questions of a finance officer's afternoon, as journeys: from the overview by clicks to a number.

Each begins where a day begins and ends in a number that is worked out here anew, from the Parquet files alone
and without the model's measures, so that a wrong measure and a wrong link both fail. With
`JOURNEY_PICTURES=folder` each step leaves a picture to be looked at.
"""

from __future__ import annotations

import datetime
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.watching import Watched, watched

pytestmark = pytest.mark.browser

SUTTON = "E09000029"
NOW, BEFORE = "2026-27", "2025-26"
REPORT = datetime.date(2026, 10, 31)
INDEPENDENT = ("special_independent", "special_non_maintained", "independent_mainstream")


@dataclass
class Afternoon:
    """A browser on the dashboard, and the Parquet files that it serves."""

    look: Watched
    folder: Path
    name: str
    steps: int = 0

    @property
    def page(self) -> Page:
        return self.look.page

    def table(self, name: str) -> polars.DataFrame:
        return polars.read_parquet(self.folder / f"{name}.parquet")

    def begin(self, path: str = "/") -> None:
        self.look.open(path)
        self._picture()

    def follow(self, link: Locator) -> None:
        """Click, and wait until the page that it leads to stands."""
        before = self.page.url
        link.scroll_into_view_if_needed()
        self.page.locator("#provenance").evaluate("line => { line.dataset.before = 'yes'; }")
        link.click()
        self.page.wait_for_url(lambda address: address != before)
        # The page that is left stands until the next one comes.
        self.page.wait_for_selector("#provenance:not([data-before])")
        self.look.drawn()
        self._picture()

    def to(self, name: str) -> None:
        """Choose a page in the navigation; what is selected goes along."""
        self.follow(self.page.locator("#navigation").get_by_role("link", name=name, exact=True))

    def finding(self, section: str) -> str:
        """The sentence over a section."""
        heading = self.page.locator(f"#{section} :is(h2, h3)").first
        expect(heading).to_be_visible()
        return heading.inner_text().replace("\n", " ")

    def row(self, section: str, begins: str) -> list[str]:
        """The cells of a table's row, by the beginning of its first cell; the table is opened if it is folded."""
        place = self.page.locator(f"#{section}")
        folded = place.locator("details:not([open]) > summary", has_text=re.compile("^Table$"))
        if folded.count():
            folded.first.click()
        for row in place.locator("tr", has_text=begins).all():
            cells = [cell.strip() for cell in row.locator("th, td").all_inner_texts()]
            if cells[0].startswith(begins):
                return cells
        raise AssertionError(f"no row of {section} begins with {begins}")

    def _picture(self) -> None:
        if folder := os.environ.get("JOURNEY_PICTURES"):
            self.steps += 1
            self.page.screenshot(path=Path(folder) / f"{self.name}-{self.steps}.png", full_page=True)


@pytest.fixture
def afternoon(
    browser: Browser, address: str, sample_build: Any, request: pytest.FixtureRequest
) -> Iterator[Afternoon]:
    look = watched(browser, address, width=1440)
    (folder,) = (sample_build.processed / "snapshots").glob("*-*")
    yield Afternoon(look, folder, request.node.name.removeprefix("test_"))
    look.page.context.close()
    assert look.faults == []


def million(amount: float, signed: str = "") -> str:
    """As the screen writes it: £2.2m."""
    return f"{signed}£{abs(amount) / 1e6:.1f}m"


def thousand(amount: float) -> str:
    return f"£{abs(amount) / 1e3:.0f}k"


def pounds(amount: float, *, signed: bool = False) -> str:
    sign = "−" if round(amount) < 0 else "+" if signed and round(amount) > 0 else ""
    return f"{sign}£{abs(round(amount)):,}"


def money(budget: polars.DataFrame, kind: str, as_at: datetime.date = REPORT, line: str = "") -> float:
    rows = budget.filter(
        polars.col("money") == kind, polars.col("as_at") == as_at, polars.col("line") != "1.9.3"
    )
    return float(rows.filter(polars.col("line") == line if line else polars.lit(True))["amount"].sum())


# ---------------------------------------------------------------------------------------- journeys


def test_why_is_independent_spend_over_and_how_many_placements_make_half_of_it(afternoon: Afternoon) -> None:
    budget = afternoon.table("budget")
    over = money(budget, "forecast", line="1.2.3") - money(budget, "revised_budget", line="1.2.3")
    afternoon.begin()
    afternoon.follow(afternoon.page.locator("#variance").get_by_role("link", name="Open budget"))
    line = afternoon.row("tree", "1.2.3")
    assert pounds(over, signed=True) in line, "the line that is over"
    afternoon.follow(
        afternoon.page.locator("#tree").get_by_role(
            "link", name="Changed of 1.2.3 Top-up, non-maintained and independent"
        )
    )

    months = afternoon.table("placement_months").filter(polars.col("line") == "1.2.3")
    child = ["pupil_id", "provider", "setting"]
    cost = polars.col("cost").filter
    moved = months.group_by(child).agg(
        cost(polars.col("financial_year") == NOW).sum().alias("now"), cost(polars.col("financial_year") == BEFORE).sum().alias("before")
    ).with_columns((polars.col("now") - polars.col("before")).round(2).alias("change"))  # fmt: skip
    net = float(moved["change"].sum())
    largest = moved.filter(polars.col("change") > 0)["change"].sort(descending=True).cum_sum().to_list()
    half = 1 + next(place for place, so_far in enumerate(largest) if so_far >= net / 2)
    finding = afternoon.finding("movers")
    assert f"The {half} largest rises make half of the {million(net)} more" in finding
    assert f"the ten largest {largest[9] / net:.0%} of it" in finding
    effects = [afternoon.row("effects", name)[-1] for name in ("Volume", "Price", "The whole change")]
    whole = (
        afternoon.table("spend")
        .filter(polars.col("line") == "1.2.3")
        .group_by("financial_year")
        .agg(polars.col("amount").sum())
    )
    amounts = dict(whole.rows())
    assert effects[-1] == pounds(amounts[NOW] - amounts[BEFORE], signed=True)


def test_where_will_this_year_end_and_did_it_move_since_last_month(afternoon: Afternoon) -> None:
    budget = afternoon.table("budget").filter(polars.col("financial_year") == NOW)
    forecast, revised = money(budget, "forecast"), money(budget, "revised_budget")
    moved = forecast - money(budget, "forecast", datetime.date(2026, 9, 30))
    afternoon.begin()
    afternoon.to("Budget")
    assert (
        afternoon.finding("lines")
        == f"{NOW} is forecast to end at {million(forecast)}, {million(forecast - revised)} over its revised budget"
    )
    assert f"The forecast rose by {thousand(moved)} since 30 September 2026" in afternoon.finding("movement")
    total = afternoon.row("tree", "All high needs")
    assert [pounds(forecast), pounds(forecast - revised, signed=True)] == [total[-5], total[-4]]


def test_which_forecast_would_have_been_right_in_past_years(afternoon: Afternoon) -> None:
    #  The run-rate of period 7 is what seven months cost, twelve sevenths of it; the error is against the outturn.
    budget = afternoon.table("budget")
    outturns = dict(
        budget.filter(polars.col("money") == "outturn", polars.col("line") != "1.9.3")
        .group_by("financial_year")
        .agg(polars.col("amount").sum())
        .rows()
    )
    errors = []
    for year, october in (("2023-24", 2023), ("2024-25", 2024), ("2025-26", 2025)):
        to_date = money(budget, "actual_to_date", datetime.date(october, 10, 31))
        errors.append(to_date * 12 / 7 / outturns[year] - 1)
    afternoon.begin()
    afternoon.to("Budget")
    told = afternoon.row("past-forecasts", "2025-26")
    assert told[-1] == f"−{abs(errors[-1]):.1%}"
    mean = sum(map(abs, errors)) / len(errors)
    assert f"the run-rate was {mean:.1%} off" in afternoon.finding("forecasts")


def test_which_providers_make_half_of_independent_spend(afternoon: Afternoon) -> None:
    months = afternoon.table("placement_months").filter(
        polars.col("financial_year") == NOW, polars.col("setting").is_in(INDEPENDENT)
    )
    costs = months.group_by("provider").agg(polars.col("cost").sum())["cost"].sort(descending=True)
    half = 1 + next(
        place for place, so_far in enumerate(costs.cum_sum().to_list()) if so_far >= costs.sum() / 2
    )
    afternoon.begin()
    afternoon.to("Spend")
    afternoon.follow(
        afternoon.page.locator("table.heat")
        .first.get_by_role("link", name=re.compile("^Independent and non-maintained"))
        .first
    )
    afternoon.to("Placements")
    assert (
        afternoon.finding("providers")
        == f"{half} of {len(costs)} providers make half of {million(costs.sum())}"
    )
    assert pounds(costs[0]) in afternoon.row("providers", "Oakenquill School")


def test_what_will_todays_placements_cost_in_a_whole_year(afternoon: Afternoon) -> None:
    register = afternoon.table("placements").filter(
        polars.col("register_as_at") == REPORT, polars.col("setting").is_in(INDEPENDENT)
    )
    today = register.filter(
        polars.col("start_on") <= REPORT, polars.col("end_on").is_null() | (polars.col("end_on") > REPORT)
    )
    months = afternoon.table("placement_months").filter(
        polars.col("financial_year") == NOW, polars.col("setting").is_in(INDEPENDENT)
    )
    whole_year, this_year = float(today["annual_cost"].sum()), float(months["cost"].sum())
    afternoon.begin("/?settings=group:independent")
    afternoon.to("Placements")
    cells = afternoon.row("full-year", "All of the register")
    assert cells[2:5] == [pounds(this_year), pounds(whole_year), pounds(whole_year - this_year, signed=True)]
    afternoon.follow(afternoon.page.get_by_role("link", name="Who started"))
    assert "list=started" in afternoon.page.url


def test_which_placements_ended_and_still_cost(afternoon: Afternoon) -> None:
    ended = afternoon.table("placement_exceptions").filter(
        polars.col("financial_year") == BEFORE, polars.col("exception") == "ended_before_year"
    )
    assert ended.height
    source = ended["source"][0]
    afternoon.begin(f"/placements?years={BEFORE}")
    afternoon.follow(
        afternoon.page.locator("#exceptions").get_by_role("link", name="All of them, row by row")
    )
    row = afternoon.page.locator("tr", has_text=ended["placement_id"][0]).first
    expect(row).to_contain_text("Ended before the year")
    afternoon.follow(row.get_by_role("link", name=re.compile(re.escape(source.split("!")[0]))))
    expect(afternoon.page.locator("main")).to_contain_text(source)


def test_what_does_it_do_to_the_block_before_and_after_the_grant(afternoon: Afternoon) -> None:
    #  Government pays 90% of the deficit of 31 March 2026; what comes after it stays.
    balances = dict(afternoon.table("balances").select("financial_year", "balance").rows())
    after = balances[NOW] - 0.9 * balances[BEFORE]
    afternoon.begin()
    afternoon.follow(afternoon.page.locator(".tile").get_by_role("link", name=re.compile("^Balance")))
    cells = afternoon.row("piled-up", NOW)
    assert pounds(balances[NOW], signed=True) in cells
    assert pounds(after, signed=True) in cells
    assert "if the local plan is approved" in afternoon.finding("piled-up")


def test_are_we_at_the_top_of_our_neighbours_on_both_denominators(afternoon: Afternoon) -> None:
    plans = afternoon.table("plans").filter(polars.col("year") == 2025, polars.col("status") == "reported")
    afternoon.begin()
    afternoon.to("Compare")
    places = afternoon.row("rates", "Sutton")
    assert places[1] == "2,582", "plans in January 2025, as published"
    assert plans.filter(polars.col("authority") == SUTTON)["plans"].sum() > 0
    counted = {"": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9, "tenth": 10}  # fmt: skip
    for which, place in (("first", places[4]), ("second", places[7])):
        said = re.search(r"Sutton is (\w*) ?(highest|lowest) of (\d+)", afternoon.finding(which))
        assert said, afternoon.finding(which)
        position = counted[said[1]] if said[1] in counted else int(said[1][:-2])
        from_above = position if said[2] == "highest" else int(said[3]) + 1 - position
        assert str(from_above) == place, "the sentence and the table say the same place"


def test_does_the_register_tie_to_the_ledger_and_whom_to_ring(afternoon: Afternoon) -> None:
    until = datetime.date(2026, 10, 1)
    months = afternoon.table("placement_months").filter(
        polars.col("financial_year") == NOW, polars.col("line") == "1.2.3", polars.col("month") <= until
    )
    paid = afternoon.table("payments").filter(
        polars.col("financial_year") == NOW, polars.col("line") == "1.2.3"
    )
    register, ledger = float(months["cost"].sum()), float(paid["amount"].sum())
    afternoon.begin()
    afternoon.to("Reconcile")
    afternoon.follow(afternoon.page.locator("#agree").get_by_role("link", name=re.compile("^1.2.3")).first)
    assert afternoon.row("gap", "All exceptions")[-2] == pounds(ledger - register, signed=True)
    assert f"{million(ledger)} paid against {million(register)} in the register" in afternoon.finding("gap")
    names = re.findall(r"([A-Z]\w+ School) \(£", afternoon.finding("ring"))
    assert names, afternoon.finding("ring")
    odd = afternoon.page.locator("#ring tbody tr").all_inner_texts()
    assert all(any(line.startswith(name) and "Ring" in line for line in odd) for name in names)


def test_from_a_number_on_the_overview_to_the_row_of_the_workbook(afternoon: Afternoon) -> None:
    budget = afternoon.table("budget").filter(polars.col("financial_year") == NOW)
    afternoon.begin()
    panel = afternoon.page.locator("#of-each-pound")
    panel.locator("summary", has_text="Source").click()
    afternoon.follow(panel.get_by_role("link", name=re.compile("rows behind")))
    finding = afternoon.finding("account")
    assert pounds(money(budget, "forecast")) in finding
    assert "add up to it to the penny" in finding
    first = afternoon.page.locator('#rows a[href^="/rows?source="]').first
    where = first.inner_text().replace("\n", "")
    afternoon.follow(first)
    expect(afternoon.page.locator("main")).to_contain_text(where)
    assert re.search(r"\.xlsx!\w+!\d+", where)


def test_what_changed_in_what_is_loaded_and_how_a_number_is_made(afternoon: Afternoon) -> None:
    files = afternoon.table("files")
    afternoon.begin()
    afternoon.follow(afternoon.page.get_by_role("link", name="can it be trusted?"))
    loaded = int(files.filter(polars.col("layout").is_not_null())["rows_loaded"].sum())
    expect(afternoon.page.locator("main")).to_contain_text(f"{loaded:,}")
    afternoon.begin()
    panel = afternoon.page.locator("#over-the-years")
    panel.locator("summary", has_text="Source").click()
    afternoon.follow(panel.locator('a[href="/method#measure-spend"]'))
    expect(afternoon.page.locator("#measure-spend")).to_be_visible()
