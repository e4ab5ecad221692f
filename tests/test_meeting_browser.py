"""A meeting run from start to end in a real browser: by keyboard, on a big screen, tablets and a phone.

The sample is published twice, as it stood a month before and as it is, and served as a user would.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.serving import meeting_served
from tests.browser.watching import Scheme, Watched, watched

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LEAST = 24.0
"""Pixels of the smallest letter at 1920 × 1080: what can be read at five metres."""

_MEASURED = """() => {
  const small = [], outside = [];
  for (const element of document.querySelectorAll("main *")) {
    if (![...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim())) continue;
    const box = element.getBoundingClientRect();
    if (box.width < 2 || box.height < 2) continue;
    const drawing = element.closest("svg");
    const scale = drawing ? element.getScreenCTM().a : 1;
    const size = parseFloat(getComputedStyle(element).fontSize) * scale;
    const said = `${element.textContent.trim().slice(0, 40)}: ${size.toFixed(1)} px`;
    if (size < LEAST) small.push(said);
    if (!element.closest(".table-room") && (box.right > innerWidth + 1 || box.left < -1)) outside.push(said);
  }
  const page = document.documentElement, main = document.querySelector("main");
  return {small, outside, headings: document.querySelectorAll("h1").length,
          sideways: page.scrollWidth > innerWidth,
          down: page.scrollHeight > innerHeight || main.scrollHeight > main.clientHeight + 1,
          clipped: [...document.querySelectorAll(".table-room")].some(
            (room) => room.scrollWidth > room.clientWidth + 1 || room.scrollHeight > room.clientHeight + 1)};
}""".replace("LEAST", str(LEAST))


@pytest.fixture(scope="module")
def address(browser: Browser, published_twice: Path) -> Iterator[str]:
    with meeting_served(published_twice) as where:
        yield where


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Any]:
    looks: list[Watched] = []

    def open_one(**options: Any) -> Page:
        looks.append(watched(browser, address, **options))
        looks[-1].page.goto(f"{address}/meeting")
        return looks[-1].page

    open_one.looks = looks  # type: ignore[attr-defined]
    yield open_one
    for look in looks:
        look.page.context.close()
    assert [fault for look in looks for fault in look.faults] == []


def place(page: Page) -> tuple[int, int]:
    number, count = re.findall(r"\d+", page.locator(".place").inner_text())
    return int(number), int(count)


def walked(page: Page) -> Iterator[str]:
    """Every view in order, reached by the right arrow; the page is never loaded anew."""
    page.evaluate("window.mark = 'the same page'")
    _number, count = place(page)
    for wanted in range(1, count + 1):
        expect(page.locator(".place")).to_have_text(f"{wanted} of {count}")
        yield str(page.locator("main").get_attribute("data-view"))
        if wanted < count:
            page.keyboard.press("ArrowRight")
    assert page.evaluate("window.mark") == "the same page"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_big_screen_nothing_scrolls_nothing_is_small_and_each_view_has_one_headline(
    visit: Any, scheme: Scheme
):
    page = visit(width=1920, height=1080, scheme=scheme)
    seen = []
    for view in walked(page):
        measured = page.evaluate(_MEASURED)
        assert measured == {
            "small": [],
            "outside": [],
            "headings": 1,
            "sideways": False,
            "down": False,
            "clipped": False,
        }, view
        seen.append(view)
    assert seen[0] == "position" and seen[-1] == "questions" and len(seen) == 17


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (1280, 720), (1024, 768), (768, 1024)])
def test_on_laptops_and_tablets_nothing_scrolls(visit: Any, width: int, height: int):
    page = visit(width=width, height=height)
    for view in walked(page):
        measured = page.evaluate(_MEASURED)
        assert not (measured["sideways"] or measured["down"] or measured["outside"]), (view, measured)


def test_on_a_phone_only_tables_scroll_sideways(visit: Any):
    page = visit(width=320, height=640)
    for view in walked(page):
        measured = page.evaluate(_MEASURED)
        assert not (measured["sideways"] or measured["outside"]), (view, measured)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("width", "height"), [(1920, 1080), (320, 640)])
def test_every_view_meets_wcag(visit: Any, scheme: Scheme, width: int, height: int):
    page = visit(width=width, height=height, scheme=scheme)
    look = visit.looks[0]
    for view in walked(page):
        assert look.violations() == "", view
    for path in (
        "/meeting/table/setting-by-need",
        "/meeting/notes/recommendation-r1",
        "/meeting/story",
        "/meeting/questions/all",
    ):
        page.goto(f"{look.address}{path}")
        assert look.violations() == "", path


def test_keys_and_buttons_go_there_and_back(visit: Any):
    page = visit(width=1920, height=1080)
    for key, expected in (
        ("PageDown", 2),
        ("ArrowRight", 3),
        ("PageUp", 2),
        ("ArrowLeft", 1),
        ("ArrowLeft", 1),
        ("End", 17),
        ("Home", 1),
    ):
        page.keyboard.press(key)
        expect(page.locator(".place")).to_have_text(f"{expected} of 17")
    page.locator("#next").click()
    expect(page.locator(".place")).to_have_text("2 of 17")
    page.go_back()
    expect(page.locator(".place")).to_have_text("1 of 17")
    expect(page.locator("h1")).to_be_focused()
    page.keyboard.press("b")
    expect(page.locator("main")).to_be_hidden()
    page.keyboard.press("b")
    expect(page.locator("main")).to_be_visible()
    assert re.fullmatch(r"\d\d:\d\d · 0 min", page.locator("#clock").inner_text())


_SWIPED = """([from, to]) => {
  const at = (x) => [new Touch({identifier: 1, target: document.body, clientX: x, clientY: 400})];
  document.body.dispatchEvent(new TouchEvent("touchstart", {bubbles: true, touches: at(from), changedTouches: at(from)}));
  document.body.dispatchEvent(new TouchEvent("touchend", {bubbles: true, touches: [], changedTouches: at(to)}));
}"""


def test_a_swipe_leads_on_and_back_on_a_tablet(visit: Any):
    page = visit(width=1024, height=768, has_touch=True)
    for start, end, expected in ((800, 300, 2), (800, 780, 2), (800, 300, 3), (300, 800, 2)):
        page.evaluate(_SWIPED, [start, end])
        expect(page.locator(".place")).to_have_text(f"{expected} of 17")


def test_full_screen_lasts_from_view_to_view(visit: Any):
    page = visit(width=1920, height=1080)
    page.keyboard.press("f")
    page.keyboard.press("ArrowRight")
    expect(page.locator(".place")).to_have_text("2 of 17")
    assert page.evaluate("document.fullscreenElement !== null")


def test_the_table_is_one_key_away_and_back(visit: Any):
    page = visit(width=1920, height=1080)
    page.keyboard.press("ArrowRight")
    expect(page.locator(".place")).to_have_text("2 of 17")
    headline = page.locator("h1").inner_text()
    page.keyboard.press("t")
    expect(page.locator("table caption")).to_contain_text("Spend by kind of setting")
    page.keyboard.press("t")
    expect(page.locator("h1")).to_have_text(re.sub(r"\s+", " ", headline))


def test_light_and_dark_are_the_readers_choice_and_are_kept(visit: Any):
    page = visit(width=1280, height=720, scheme="light")
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.keyboard.press("d")
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert light != dark
    page.reload()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == dark


def test_notes_follow_along_in_a_second_window_and_lead(visit: Any):
    page = visit(width=1920, height=1080)
    notes = page.context.new_page()
    notes.goto(f"{visit.looks[0].address}/meeting/notes")
    page.keyboard.press("ArrowRight")
    expect(notes.locator("main")).to_have_attribute("data-view", "each-pound")
    expect(notes.locator(".coming")).to_contain_text("Forecast spend in 2026-27 is")
    notes.bring_to_front()
    notes.keyboard.press("ArrowRight")
    expect(page.locator("main")).to_have_attribute("data-view", "since-last-time")
    assert re.search(r"\d\d:\d\d · 0 min", notes.locator("#clock").inner_text())


def test_a_question_is_taken_away_at_a_view_shown_and_marked(visit: Any):
    page = visit(width=1920, height=1080)
    page.keyboard.press("ArrowRight")
    expect(page.locator(".place")).to_have_text("2 of 17")
    page.keyboard.press("q")
    expect(page.locator("#view_id")).to_have_value("each-pound")
    page.locator("#text").fill("How much of the 27p is transport?")
    page.locator("#asked_by").fill("head teacher")
    page.get_by_role("button", name="Keep it").click()
    expect(page.locator("h1")).to_have_text("1 question taken away is open")
    assert page.evaluate(_MEASURED)["down"] is False
    page.get_by_role("button", name="Answered: How much").click()
    expect(page.locator("h1")).to_have_text("1 question taken away, and it is answered")


def test_what_changed_since_last_time_is_told_and_can_be_copied(visit: Any):
    page = visit(width=1280, height=800)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{visit.looks[0].address}/meeting/since-last-time")
    expect(page.locator("h1")).to_contain_text("1 recommendation changed status")
    page.goto(f"{visit.looks[0].address}/meeting/story")
    page.get_by_role("button", name="Copy the text").click()
    expect(page.locator("#copied")).to_have_text("Copied.")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert "Resource bases went from “behind” to “on course”" in copied
    assert "is made of the number of placements" in copied


def test_every_view_works_without_script(visit: Any):
    page = visit(width=1280, height=720, java_script_enabled=False)
    number, count = place(page)
    while number < count:
        page.locator("#next").click()
        assert place(page) == (number + 1, count)
        number += 1


@pytest.mark.parametrize("view", ["position", "setting-by-need", "recommendation-r1", "recommendation-r5"])
def test_a_view_is_one_sheet_of_paper(visit: Any, view: str):
    page = visit(width=1280, height=720, scheme="dark")
    page.goto(f"{visit.looks[0].address}/meeting/{view}")
    sheet = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", sheet)) == 1
