"""Working comfort in a real browser: copying, the zip of charts, shortcuts, saved views, search, the way to the rows."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from hnb.metrics import Selection, compute
from hnb.store import Snapshot
from hnb.wording import pounds
from tests.browser.watching import Watched, watched

pytestmark = pytest.mark.browser


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Callable[..., Watched]]:
    looks: list[Watched] = []

    def open_one(**options: Any) -> Watched:
        looks.append(watched(browser, address, permissions=["clipboard-read", "clipboard-write"], **options))
        return looks[-1]

    yield open_one
    for look in looks:
        look.page.context.close()
    assert [fault for look in looks for fault in look.faults] == []


def pasted(page: Page) -> str:
    return str(page.evaluate("navigator.clipboard.readText()"))


def pasted_table(page: Page) -> str:
    return str(
        page.evaluate(
            """async () => { const [item] = await navigator.clipboard.read();
            return item.types.includes("text/html") ? (await item.getType("text/html")).text() : ""; }"""
        )
    )


def test_a_figure_is_copied_as_a_sentence_by_keyboard(visit: Callable[..., Watched]) -> None:
    page = visit().open("/")
    figure = page.locator(".tile .figure-copy").nth(1)
    shown = figure.inner_text()
    figure.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#said")).to_contain_text("Copied:")
    sentence = pasted(page)
    assert sentence == f"Forecast spend: {shown} in 2026-27, as at 31 October 2026 (snapshot 1)"


def test_a_finding_is_copied_with_what_was_measured_and_from_when(visit: Callable[..., Watched]) -> None:
    page = visit().open("/?settings=group:independent")
    panel = page.locator("#over-the-years")
    panel.get_by_role("button", name="Copy finding").click()
    expect(page.locator("#said")).to_contain_text("Copied:")
    sentence = pasted(page)
    assert sentence.startswith(panel.locator("h2").inner_text())
    assert "as at 31 October 2026" in sentence
    assert sentence.endswith("snapshot 1).")


def test_a_table_is_copied_as_text_and_as_a_table(visit: Callable[..., Watched]) -> None:
    page = visit().open("/")
    panel = page.locator("#of-each-pound")
    panel.get_by_role("button", name="Copy table").click()
    expect(page.locator("#said")).to_contain_text("Copied: the table")
    lines = pasted(page).splitlines()
    assert lines[0].startswith("Forecast spend 2026-27")
    assert lines[1].split("\t")[0] == "Kind of setting"
    rows = [line.split("\t") for line in lines[2:-1]]
    assert len(rows) == panel.locator("tbody tr").count() + panel.locator("tfoot tr").count()
    assert rows[-1][0] == "Total"
    assert all(re.fullmatch(r"-?£[\d,]+", row[1]) for row in rows)
    assert lines[-1] == "snapshot 1"
    table = pasted_table(page)
    assert "<caption>Forecast spend 2026-27" in table
    assert table.count("<tr>") == len(rows) + 1


def test_all_charts_come_in_one_zip_with_their_tables_and_what_they_are(
    visit: Callable[..., Watched],
) -> None:
    look = visit(accept_downloads=True)
    page = look.open("/?settings=group:independent")
    charts = page.locator("main .dash-graph").count()
    assert charts > 1
    with page.expect_download() as waiting:
        page.get_by_role("button", name="All charts (zip)").click()
    assert waiting.value.suggested_filename.endswith(".zip")
    archive = zipfile.ZipFile(io.BytesIO(Path(waiting.value.path()).read_bytes()))
    assert archive.testzip() is None
    names = archive.namelist()
    assert all(".." not in name and not name.startswith("/") for name in names)
    pictures = [archive.read(name) for name in names if name.startswith("png/")]
    assert len(pictures) == charts == len([name for name in names if name.startswith("svg/")])
    assert all(picture.startswith(b"\x89PNG") for picture in pictures)
    assert all(b"<svg" in archive.read(name)[:200] for name in names if name.startswith("svg/"))
    assert len([name for name in names if name.startswith("tables/")]) == charts
    about = archive.read("README.txt").decode()
    assert "Snapshot 000001" in about
    assert "as at 31 October 2026" in about
    assert "/?settings=group:independent" in about
    for heading in page.locator("main section:has(.dash-graph) h2").all_inner_texts():
        assert heading in about


def test_single_keys_work_never_while_typing_and_can_be_switched_off(visit: Callable[..., Watched]) -> None:
    look = visit()
    page = look.open("/")
    page.keyboard.press("t")
    expect(page.locator("main details[id$='-table']").first).to_have_attribute("open", "")
    page.keyboard.press("t")
    expect(page.locator("main details[id$='-table'][open]")).to_have_count(0)
    page.keyboard.press("[")
    page.wait_for_url(re.compile(r"/\?years=2025-26$"))
    look.drawn()
    page.keyboard.press("]")
    page.wait_for_url(re.compile(r"/\?years=2026-27$"))
    look.drawn()
    page.keyboard.press("g")
    page.keyboard.press("s")
    page.wait_for_url("**/spend?years=2026-27")
    look.drawn()
    page.keyboard.press("/")
    expect(page.locator("#site-search")).to_be_focused()
    page.keyboard.type("gst?")
    expect(page.locator("dialog[open]")).to_have_count(0)
    page.locator("#site-search").blur()
    page.keyboard.press("?")
    page.locator("#shortcuts-off").click()
    page.keyboard.press("Escape")
    page.keyboard.press("t")
    page.wait_for_timeout(200)
    expect(page.locator("main details[id$='-table'][open]")).to_have_count(0)
    look.open("/")
    page.keyboard.press("t")
    page.wait_for_timeout(200)
    expect(page.locator("main details[id$='-table'][open]")).to_have_count(0)


def test_the_help_sheet_is_a_dialog_that_keeps_the_focus_and_gives_it_back(
    visit: Callable[..., Watched],
) -> None:
    look = visit()
    page = look.open("/")
    opener = page.get_by_role("button", name="Shortcuts")
    opener.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Shortcuts")
    expect(dialog).to_be_visible()
    assert dialog.locator("dt").count() > 10
    expect(dialog).to_contain_text("Go to Spend")
    for _ in range(8):
        page.keyboard.press("Tab")
        inside = page.evaluate(
            "document.activeElement.closest('dialog') !== null || document.activeElement === document.body"
        )
        assert inside
    assert look.violations() == ""
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(opener).to_be_focused()


def test_a_view_is_saved_and_opened_again(visit: Callable[..., Watched]) -> None:
    look = visit()
    page = look.open("/spend?settings=group:independent&rows=need")
    page.get_by_role("button", name="Save this view").click()
    dialog = page.get_by_role("dialog", name="Save this view")
    expect(dialog.get_by_label("Its name")).to_be_focused()
    page.keyboard.type("Independent by need")
    page.keyboard.press("Enter")
    expect(dialog).to_contain_text("Saved as “Independent by need”.")
    assert look.violations() == ""
    page.keyboard.press("Escape")
    look.open("/views")
    page.get_by_role("link", name="Independent by need").click()
    page.wait_for_url("**/spend?settings=group:independent&rows=need")
    look.drawn()
    look.open("/views")
    page.get_by_label("View", exact=True).first.click()
    page.get_by_role("option", name="Independent by need").click()
    page.get_by_role("button", name="Delete").click()
    expect(page.locator("#views-list")).to_contain_text("No view has been saved yet")


TYPED_AND_PRESSED_AT_ONCE = """() => {
  const field = document.getElementById("save-view-name");
  const write = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set;
  write.call(field, "All in one moment");
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }));
}"""


def test_a_name_typed_and_entered_in_one_moment_is_kept_whole(visit: Callable[..., Watched]) -> None:
    look = visit()
    page = look.open("/spend")
    page.get_by_role("button", name="Save this view").click()
    page.evaluate(TYPED_AND_PRESSED_AT_ONCE)
    dialog = page.get_by_role("dialog", name="Save this view")
    expect(dialog).to_contain_text("Saved as “All in one moment”.")
    page.keyboard.press("Escape")
    look.open("/views")
    page.get_by_label("View", exact=True).first.click()
    page.get_by_role("option", name="All in one moment").click()
    page.get_by_role("button", name="Delete").click()
    expect(page.locator("#views-list")).not_to_contain_text("All in one moment")


def test_a_figure_is_followed_to_its_rows_and_to_one_row_of_a_file(
    visit: Callable[..., Watched], sample_build: Any
) -> None:
    look = visit()
    page = look.open("/?settings=group:independent&years=2025-26")
    page.locator("#of-each-pound summary", has_text="Source").click()
    page.locator("#of-each-pound").get_by_role("link", name=re.compile("rows behind")).click()
    page.wait_for_url("**/rows?*measure=spend*")
    selection = Selection(settings=("independent",), years=("2025-26",), authority="E09000029")
    figure = compute("spend", Snapshot.open(sample_build.processed), selection)["value"][0]
    expect(page.locator(".tile").first).to_contain_text(pounds(figure))
    expect(page.locator(".tile").nth(1)).to_contain_text(pounds(figure))
    page.locator("#rows tbody td.address a").first.click()
    page.wait_for_url("**/rows?source=*")
    address = page.locator("code.address").inner_text()
    assert re.fullmatch(r"placement_register_2025-26\.xlsx!Register!\d+", address)
    page.get_by_role("button", name="Copy the address of this row").click()
    expect(page.locator("#said")).to_contain_text("Copied")
    assert pasted(page) == address


def test_the_search_above_finds_a_page_by_keyboard_and_the_compare_button_keeps_the_selection(
    visit: Callable[..., Watched],
) -> None:
    look = visit()
    page = look.open("/?settings=group:independent&years=2025-26")
    page.get_by_role("button", name="Compare with…").click()
    page.wait_for_url("**/side-by-side?a=*")
    look.drawn()
    expect(page.get_by_role("status")).to_contain_text("A: Independent placements, 2025-26")
    page.keyboard.press("/")
    page.keyboard.type("resorced")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=resorced")
    look.drawn()
    page.get_by_role("link", name="Resource base or SEN unit").click()
    page.wait_for_url("**/spend?settings=resourced")
    look.drawn()
    expect(page.get_by_role("status")).to_contain_text("Resource base")


UNLISTED = (
    "/rows?measure=spend&years=2025-26&settings=group:independent", "/rows?source=a!b!1", "/views", "/search?q=independent",
    "/side-by-side?a=settings%3Dgroup:independent&b=years%3D2024-25",
)  # fmt: skip


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_outside_the_navigation_are_accessible_and_reflow(
    visit: Callable[..., Watched], scheme: str
) -> None:
    look = visit(scheme=scheme, width=320)
    for path in UNLISTED:
        page = look.open(path)
        assert look.violations() == "", path
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path
        expect(page.get_by_role("status")).to_have_count(1)
