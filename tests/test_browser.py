"""The dashboard as people use it: a real browser on a real server, with mouse, keyboard and links.

What is asked of one page is asked of every page; a page is named only where the test follows a story
through it. Every test ends by asking that nothing went wrong unseen: no other host, no broken content
security policy, no error in the console, no file that was not there.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from playwright.sync_api import Browser, Page, Response, expect

from dashboard.data import Data
from hnb.configuration import Configuration
from hnb.metrics import Selection, compute
from hnb.store import Snapshot
from tests.browser.serving import served
from tests.browser.watching import Watched, keep_referer, watched
from tests.dashboard import snapshots

pytestmark = pytest.mark.browser

NARROWED = "settings=group:independent&years=2024-25..2026-27"


@pytest.fixture(scope="module")
def processed(sample_build: Any) -> Path:
    """The folder that is served."""
    return Path(sample_build.processed)


@pytest.fixture(scope="module")
def data(processed: Path) -> Data:
    return Data(Snapshot.open(processed), Configuration(processed_folder=processed))


@pytest.fixture(scope="module")
def paths(browser: Browser, address: str) -> list[str]:
    """The addresses of all pages, as the navigation has them."""
    look = watched(browser, address)
    page = look.open("/")
    found = [str(link.get_attribute("href")) for link in page.locator("#navigation a").all()]
    page.context.close()
    assert found
    return found


@dataclass(frozen=True)
class Seen:
    """What one page was when it was opened alone: an opening costs seconds, so what is only looked at is looked at once."""

    path: str
    title: str
    one_of_each: dict[str, int]
    filters: int
    charts: int
    sharing: int
    layouts: list[bool]
    """For each layout that the browser asked for: whether the page's figures stood in it."""
    routed: list[bool]
    """For each answer of the router: whether it drew the page anew."""


@dataclass(frozen=True)
class Tour:
    """All pages, each opened once, and the first once more with a selection."""

    seen: list[Seen]
    requests: list[str]
    faults: list[str]


@pytest.fixture(scope="module")
def tour(browser: Browser, address: str, paths: list[str]) -> Tour:
    look = watched(browser, address)
    layouts: list[Response] = []
    routed: list[Response] = []

    def is_routed(one: Response) -> bool:
        return "_dash-update" in one.url and "_pages_store" in (one.request.post_data or "")

    def answered(one: Response) -> None:
        if "_dash-layout" in one.url:
            layouts.append(one)
        elif is_routed(one):
            routed.append(one)

    look.page.on("response", answered)
    seen = []
    for path in (*paths, f"{paths[0]}?{NARROWED}"):
        layouts.clear()
        routed.clear()
        with look.page.expect_response(is_routed):
            page = look.open(path)
        page.wait_for_load_state("networkidle")
        page.wait_for_function("document.title")
        seen.append(
            Seen(
                path,
                page.title(),
                {what: page.locator(what).count() for what in ("main", "[role=status]", "h1")},
                page.locator(".filters").count(),
                page.locator(".js-plotly-plot").count(),
                page.get_by_text("Share chart").count()
                + page.locator("[data-title*='Share'], .modebar-btn").count(),
                ["provenance" in answer.text() for answer in layouts],
                ["_pages_content" in answer.text() for answer in routed],
            )
        )
    look.page.context.close()
    return Tour(seen, look.requests, look.faults)


@pytest.fixture(scope="module")
def narrowing(tour: Tour) -> list[str]:
    """The pages that a selection narrows: those with the filter bar. The page about the load itself has none."""
    found = [one.path for one in tour.seen if one.filters and "?" not in one.path]
    assert len(found) > 2
    return found


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Callable[..., Watched]]:
    """Opens watched pages; asks at the end that none of them did anything wrong unseen."""
    looks: list[Watched] = []

    def open_one(**options: Any) -> Watched:
        looks.append(watched(browser, address, **options))
        return looks[-1]

    yield open_one
    for look in looks:
        look.page.context.close()
    assert [fault for look in looks for fault in look.faults] == []


def test_every_page_opens_and_talks_to_this_machine_only(tour: Tour, paths: list[str]) -> None:
    assert tour.faults == []
    for one in tour.seen:
        assert one.one_of_each == {"main": 1, "[role=status]": 1, "h1": 1}, one.path
    assert len({one.title for one in tour.seen}) == len(paths)


def test_the_figures_stand_in_the_first_layout_and_the_router_leaves_them(tour: Tour) -> None:
    for one in tour.seen:
        assert one.layouts == [True], one.path
        assert one.routed and not any(one.routed), one.path


def test_a_browser_that_keeps_the_referer_to_itself_sees_the_same_pages(
    visit: Callable[..., Watched], paths: list[str]
) -> None:
    look = visit()
    keep_referer(look.page)
    for path in paths:
        with look.page.expect_response("**/_dash-layout") as waiting:
            page = look.open(path)
        assert "provenance" not in waiting.value.text()
        expect(page.get_by_role("heading", level=1)).to_have_count(1)


def test_back_to_the_first_page_is_drawn_anew(visit: Callable[..., Watched], paths: list[str]) -> None:
    look = visit()
    page = look.open(paths[0])
    heading = page.get_by_role("heading", level=1)
    first = heading.text_content() or ""
    page.locator("#navigation a").nth(1).click()
    expect(heading).not_to_have_text(first)
    page.go_back()
    expect(heading).to_have_text(first)
    look.drawn()


def test_one_plotly_script_is_fetched_and_it_is_ours(tour: Tour) -> None:
    scripts = {url.partition("?")[0] for url in tour.requests if re.search(r"plotly[^/]*\.js", url)}
    assert len(scripts) == 1, scripts


def test_no_chart_can_be_shared(tour: Tour) -> None:
    assert sum(one.charts for one in tour.seen) > 5
    assert [one.path for one in tour.seen if one.sharing] == []


def test_a_chart_drawn_past_the_factory_cannot_be_shared_either(
    visit: Callable[..., Watched], tour: Tour
) -> None:
    page = visit().open(next(one.path for one in tour.seen if one.charts))
    page.evaluate(
        """() => {
          const place = document.createElement("div");
          place.id = "past-the-factory"; place.style.width = "400px";
          document.querySelector("main").append(place);
          return window.Plotly.newPlot(place, [{type: "bar", x: [1], y: [2]}], {},
            {displayModeBar: true, showSendToCloud: true, plotlyServerURL: "https://chart-studio.plotly.com"});
        }"""
    )
    page.locator("#past-the-factory .modebar-btn").first.wait_for(state="attached")
    titles = [
        button.get_attribute("data-title") for button in page.locator("#past-the-factory .modebar-btn").all()
    ]
    assert titles
    assert not [title for title in titles if title and "hare" in title]
    assert page.evaluate("document.getElementById('past-the-factory')._context.plotlyServerURL") == ""


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (320, "dark")])
def test_axe_finds_nothing_against_wcag_2_2_aa_and_nothing_scrolls_sideways(
    visit: Callable[..., Watched], paths: list[str], width: int, scheme: str
) -> None:
    look = visit(width=width, scheme=scheme)
    for path in paths:
        page = look.open(path)
        assert page.locator("html").get_attribute("data-mantine-color-scheme") == scheme
        _fits(page, path, width)
        # What stands folded is hidden, and what is not stands there unfolded too: one look at all of it.
        page.evaluate("document.querySelectorAll('main details').forEach((one) => { one.open = true; })")
        look.drawn()
        assert look.violations() == "", f"{path} with everything unfolded"
        _fits(page, path, width)


def test_nothing_scrolls_sideways_on_half_a_screen(visit: Callable[..., Watched], paths: list[str]) -> None:
    look = visit(width=640)
    for path in paths:
        _fits(look.open(path), path, 640)


def _fits(page: Page, path: str, width: int) -> None:
    inside = page.evaluate("document.documentElement.scrollWidth")
    assert inside <= width, f"{path} is {inside} wide at {width}: {_too_wide(page, width)}"


@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (1440, "light")])
def test_a_document_on_method_is_held_to_what_pages_are(
    visit: Callable[..., Watched], width: int, scheme: str
) -> None:
    look = visit(width=width, scheme=scheme)
    for name in ("add-a-measure", "layouts"):
        page = look.open(f"/method?guide={name}")
        assert look.violations() == "", name
        assert page.evaluate("document.documentElement.scrollWidth") <= width, _too_wide(page, width)


def _too_wide(page: Page, width: int) -> list[str]:
    """Which elements stand out to the right, for the message."""
    found: list[str] = page.evaluate(
        """(width) => [...document.querySelectorAll("body *")]
          .filter((element) => element.getBoundingClientRect().right > width + 1)
          .slice(0, 8).map((element) => `${element.tagName}#${element.id}.${element.className}`)""",
        width,
    )
    return found


def test_the_scheme_is_the_systems_until_the_reader_chooses_and_is_then_remembered(
    visit: Callable[..., Watched],
) -> None:
    look = visit(scheme="dark")
    page = look.open("/")
    page.locator("#colour-scheme").click()
    expect(page.locator("html")).to_have_attribute("data-mantine-color-scheme", "light")
    look.open("/")
    expect(page.locator("html")).to_have_attribute("data-mantine-color-scheme", "light")
    assert page.context.cookies() == [], "it is kept in the browser only"


def test_the_keyboard_alone_reaches_everything_that_can_be_used(
    visit: Callable[..., Watched], paths: list[str]
) -> None:
    look, there = visit(), 0
    for path in paths:
        page = look.open(path)
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip-link", path
        usable = page.evaluate(_USABLE)
        there += len(usable)
        page.evaluate(_NOTE_FOCUS)
        for _ in range(len(usable) + 60):
            page.keyboard.press("Tab")
        reached = set(page.evaluate("window.reached"))
        # Of radio buttons the Tab key takes one; the arrow keys take the others.
        assert [name for name in usable if name not in reached and "radio" not in name] == [], path
    assert there > 20 * len(paths)


_PATH = """
function path(element) {
  const parts = [];
  for (let at = element; at && at !== document.body; at = at.parentElement)
    parts.unshift(at.tagName + [...(at.parentElement ? at.parentElement.children : [])].indexOf(at) + (at.type || ""));
  return parts.join("/");
}
"""
_USABLE = f"""() => {{ {_PATH}
  return [...document.querySelectorAll("main a, main button, main input, main select, main summary")]
    .filter((item) => item.checkVisibility({{visibilityProperty: true}}) && item.getBoundingClientRect().width
      && !item.disabled && item.getAttribute("tabindex") !== "-1")
    .map(path);
}}"""
_NOTE_FOCUS = f"""() => {{ {_PATH}
  window.reached = [path(document.activeElement)];
  document.addEventListener("focusin", (event) => window.reached.push(path(event.target)), true);
}}"""


def test_the_skip_link_leads_past_the_navigation(visit: Callable[..., Watched]) -> None:
    page = visit().open("/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_the_view_is_the_link(visit: Callable[..., Watched], narrowing: list[str]) -> None:
    words = Selection.from_query(NARROWED).words()
    look = visit()
    for path in narrowing:
        page = look.open(f"{path}?{NARROWED}")
        expect(page.locator("#status")).to_contain_text(words)
        assert page.url.endswith(f"{path}?{NARROWED}"), "the page leaves the link as it is"


def test_the_navigation_carries_the_view_along_and_back_and_forward_work(
    visit: Callable[..., Watched], paths: list[str]
) -> None:
    words = Selection.from_query(NARROWED).words()
    look = visit()
    page = look.open(f"{paths[0]}?{NARROWED}")
    first_title = page.title()
    expect(page.locator("#navigation a[aria-current=page]")).to_have_count(1)
    page.locator("#navigation a").nth(1).click()
    page.wait_for_url(f"**{paths[1]}?{NARROWED}")
    expect(page.locator("#navigation a").nth(1)).to_have_attribute("aria-current", "page")
    expect(page).not_to_have_title(first_title)
    look.drawn()
    expect(page.locator("#status")).to_contain_text(words)
    page.go_back()
    expect(page).to_have_title(first_title)
    look.drawn()
    page.go_forward()
    page.wait_for_url(f"**{paths[1]}?{NARROWED}")


def test_a_choice_in_the_filter_bar_goes_into_the_link_and_back_takes_it_out(
    visit: Callable[..., Watched], narrowing: list[str]
) -> None:
    look = visit()
    for path in narrowing:
        page = look.open(path)
        everything = page.get_by_role("status").text_content() or ""
        page.get_by_label("Phases", exact=True).first.click()
        page.get_by_role("option", name="Secondary", exact=True).click()
        page.wait_for_url(f"**{path}?phases=secondary")
        expect(page.get_by_role("status")).to_contain_text("All settings, secondary, all years")
        look.drawn()
        page.go_back()
        expect(page.get_by_role("status")).to_have_text(everything)
        page.go_forward()
        expect(page.get_by_role("status")).to_contain_text("secondary")
        assert page.url.endswith(f"{path}?phases=secondary"), "drawing a page writes nothing into the history"


def test_several_choices_can_be_made_by_keyboard_without_losing_the_place(
    visit: Callable[..., Watched], paths: list[str]
) -> None:
    look = visit()
    page = look.open(paths[0])
    page.get_by_label("Phases", exact=True).first.focus()
    page.keyboard.press("Enter")
    for _ in range(2):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**phases=*")
    look.drawn()
    expect(page.get_by_label("Phases", exact=True).first).to_be_focused()
    expect(page.get_by_role("option", name="Secondary", exact=True)).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Needs", exact=True).first).to_be_focused()


def test_a_problem_is_followed_to_its_address_and_back(visit: Callable[..., Watched]) -> None:
    look = visit()
    page = look.open("/data")
    page.get_by_role("link", name="Need not recorded").click()
    page.wait_for_url("**/data?kind=need_not_recorded*")
    addresses = page.locator("#problems table").nth(1)
    expect(addresses).to_contain_text("placement_register_")
    expect(page.get_by_role("status")).to_contain_text("need not recorded")
    page.go_back()
    expect(page.locator("#files")).to_be_visible()


def test_a_table_stands_beside_each_chart_one_key_away(
    visit: Callable[..., Watched], paths: list[str]
) -> None:
    look = visit()
    for path in paths:
        page = look.open(path)
        for chart in page.locator("main section", has=page.locator("[role=img]")).all():
            summary = chart.locator("summary", has_text=re.compile("^Table$"))
            if summary.count():  # without one the table stands open
                summary.first.focus()
                page.keyboard.press("Enter")
            table = chart.get_by_role("table").first
            expect(table).to_be_visible()
            assert table.locator("caption").inner_text()
            assert table.locator("th[scope=row]").count() > 0
            assert table.locator("th[scope=col]").count() > 0


def test_the_files_of_a_page_hold_what_compute_gives(
    visit: Callable[..., Watched], paths: list[str], data: Data
) -> None:
    look = visit(accept_downloads=True)
    kinds = set()
    for path in paths:
        page = look.open(f"{path}?{NARROWED}")
        for summary in page.locator("main summary").all():
            if not summary.evaluate("element => element.parentElement.open"):
                summary.click()
        taken = 0
        for link in page.locator("main a[href^='/export/']").all():
            href = str(link.get_attribute("href"))
            # What is in records and listings is held by tests without a browser: one of a page shows that it comes.
            is_listing = re.match(r"/export/(record|listing)/", href) is not None
            taken += is_listing
            if is_listing and taken > 1:
                continue
            with page.expect_download() as waiting:
                link.click()
            content = Path(waiting.value.path()).read_bytes()
            if is_listing:
                assert len(content) > 100, href
                continue
            kind = re.match(r"/export/(\w+)\.(\w+)", href)
            assert kind
            kinds.add(kind[2])
            expected = _expected(data, kind[1], href)
            # A workbook has its total, a formula, under the rows of the answer.
            assert _figures(content, kind[2])[: len(expected)] == expected, href
    assert kinds == {"csv", "xlsx"}


def _figures(content: bytes, kind: str) -> list[float | None]:
    """The figures of a downloaded file: the first column after the dimensions, which its heading's unit shows."""
    if kind == "csv":
        rows: list[list[Any]] = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    else:
        rows = [
            [cell.value for cell in row]
            for row in openpyxl.load_workbook(io.BytesIO(content))["Data"].iter_rows()
        ]
    column = next(place for place, heading in enumerate(rows[0]) if str(heading).endswith(")"))
    figures: list[float | None] = []
    for row in rows[1:]:
        try:
            figures.append(round(float(row[column]), 6))
        except ValueError:
            figures.append(None)
    return figures


def _expected(data: Data, measure: str, href: str) -> list[float | None]:
    query = href.partition("?")[2]
    by = re.search(r"(?:^|&)by=([^&]*)", query)
    selection = Selection.from_query(query)
    selection = selection if selection.authority else selection.with_(authority=data.configuration.authority)
    result = compute(measure, data, selection, by[1].split(",") if by and by[1] else ())
    return [None if value is None else round(value, 6) for value in result["value"]]


def test_a_chart_can_be_had_as_a_picture(visit: Callable[..., Watched], paths: list[str]) -> None:
    look = visit(accept_downloads=True)
    found = 0
    for path in paths:
        page = look.open(path)
        for button in page.locator("[data-picture][data-format=svg]").all()[:1]:
            if not button.is_visible():
                page.locator("details", has=button).locator("summary").first.click()
            with page.expect_download() as waiting:
                button.click()
            assert Path(waiting.value.path()).read_text(encoding="utf-8").startswith("<svg")
            found += 1
    assert found


def test_a_new_snapshot_is_shown_without_a_restart(browser: Browser, tmp_path: Path) -> None:
    first = snapshots.full(tmp_path, keep_years=4)
    with served(tmp_path) as where:
        look = watched(browser, where)
        page = look.open("/")
        expect(page.locator("#provenance")).to_contain_text(first.id)
        second = snapshots.full(tmp_path)
        page.wait_for_timeout(1_200)  # the folder is looked at once a second
        look.open("/")
        expect(page.locator("#provenance")).to_contain_text(second.id)
        page.context.close()
        assert look.faults == []


@pytest.mark.parametrize("state", [snapshots.empty, snapshots.one_row], ids=["empty", "one row"])
def test_pages_stand_when_there_is_little_to_show(
    browser: Browser, tmp_path: Path, paths: list[str], state: Callable[[Path], Snapshot]
) -> None:
    state(tmp_path)
    with served(tmp_path) as where:
        look = watched(browser, where, width=320)
        for path in paths:
            page = look.open(path)
            assert look.violations() == "", path
            assert page.evaluate("document.documentElement.scrollWidth") <= 320, path
            assert "nan" not in page.locator("main").inner_text().lower().split(), path
        page.context.close()
        assert look.faults == []


def test_on_a_narrow_screen_the_pages_stand_behind_a_button(visit: Callable[..., Watched]) -> None:
    page = visit(width=768).open("/")
    button, navigation = page.locator("#menu"), page.locator("#navigation")
    expect(navigation).to_be_hidden()
    button.focus()
    page.keyboard.press("Enter")
    expect(button).to_have_attribute("aria-expanded", "true")
    expect(navigation).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(navigation).to_be_hidden()
    expect(button).to_be_focused()
    button.click()
    navigation.get_by_role("link", name="Method").click()
    page.wait_for_url("**/method")
    expect(navigation).to_be_hidden()
    expect(button).to_have_attribute("aria-expanded", "false")


def test_a_chart_s_source_leads_to_how_its_number_is_made(visit: Callable[..., Watched]) -> None:
    page = visit().open("/")
    panel = page.locator("#of-each-pound")
    panel.locator("summary", has_text="Source").click()
    panel.get_by_role("link", name="How this number is made").click()
    page.wait_for_url("**/method#measure-spend")
    entry = page.locator("#measure-spend")
    expect(entry).to_contain_text("Neither more nor less is better")
    expect(entry.locator("dl")).to_be_visible()


def test_paper_has_every_table_open_and_no_controls(visit: Callable[..., Watched]) -> None:
    page = visit().open("/spend")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 702, "height": 1000})
    expect(page.locator("#by-row table")).to_be_visible()
    for control in ("#navigation", ".site-search", ".filters .controls", ".chooser"):
        expect(page.locator(control)).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") <= 702
    expect(page.locator("#provenance")).to_contain_text("Figures as at")
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    expect(page.locator("#by-row table")).to_be_hidden()
