"""A page that notes everything no test should have to ask for: other hosts, broken policy, errors, lost files."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route, expect

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
"""Tags of axe-core's rules that together are WCAG 2.2, levels A and AA."""

Scheme = Literal["light", "dark"]

_REPORT_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) =>
  console.error(`content security policy: ${event.violatedDirective} ${event.blockedURI}`));
"""


def keep_referer(page: Page) -> None:
    """Have the browser ask for the layout as one does that keeps the Referer to itself. Anything that is posted goes
    out as it was: without a Referer its Origin would be kept as well."""

    def without(route: Route) -> None:
        headers = {name: value for name, value in route.request.headers.items() if name != "referer"}
        route.fulfill(response=route.fetch(headers=headers))

    page.route("**/_dash-layout", without)


@dataclass
class Watched:
    """A page and what it did wrong; `faults` is to be empty at the end."""

    page: Page
    address: str
    faults: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def open(self, path: str) -> Page:
        """The page at a path of the dashboard, drawn."""
        self.page.goto(f"{self.address}{path}")
        self.drawn()
        return self.page

    def drawn(self) -> None:
        """Wait until the page stands: its provenance line is its last, and every chart has its marks.

        The charts are looked for as they are at each moment: those counted before a page gave way to the next
        would be waited for in vain.
        """
        self.page.wait_for_selector("#provenance")
        bare = self.page.locator("main .dash-graph:not(:has(.main-svg))")
        expect(bare).to_have_count(0, timeout=15_000)

    def violations(self) -> str:
        """What axe finds against WCAG 2.2 A and AA, as words; empty when there is nothing."""
        results = Axe().run(
            self.page, options={"runOnly": {"type": "tag", "values": WCAG}, "resultTypes": ["violations"]}
        )
        return str(results.generate_report()) if results.violations_count else ""


def watched(
    browser: Browser,
    address: str,
    *,
    width: int = 1280,
    height: int = 900,
    scheme: Scheme = "light",
    **options: Any,
) -> Watched:
    """A fresh page, with nothing stored, that watches itself."""
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme=scheme,
        reduced_motion="reduce",
        locale="en-GB",
        **options,
    )
    context.set_default_timeout(15_000)
    context.add_init_script(_REPORT_VIOLATIONS)
    page = context.new_page()
    seen = Watched(page, address)

    def asked(request: Any) -> None:
        seen.requests.append(request.url)
        parts = urlsplit(request.url)
        if parts.scheme not in ("data", "blob") and f"{parts.scheme}://{parts.netloc}" != address:
            seen.faults.append(f"asked another host: {request.url}")

    page.on("request", asked)
    page.on(
        "response",
        lambda answer: answer.status >= 400 and seen.faults.append(f"{answer.status} for {answer.url}"),
    )
    page.on(
        "console",
        lambda said: said.type in ("error", "warning") and seen.faults.append(f"console: {said.text}"),
    )
    page.on("pageerror", lambda error: seen.faults.append(f"script error: {error}"))
    return seen
