"""Finds a Chromium and opens it so that it talks to nobody but us."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Error, sync_playwright

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")


class NoBrowserError(Exception):
    """No Chromium could be opened; the sentence says what was tried and what to install."""


def executable(environment: Mapping[str, str]) -> str | None:
    """The browser to use: the one that TEST_CHROMIUM names, Debian's, one on the path; None for Playwright's own.

    The name does not begin with HNB_, since every name that does is a setting of the program.
    """
    named = environment.get("TEST_CHROMIUM", "")
    if named:
        return named
    if Path("/usr/bin/chromium").is_file():
        return "/usr/bin/chromium"
    return next((found for name in NAMES if (found := shutil.which(name))), None)


@contextmanager
def opened() -> Iterator[Browser]:
    """A browser with a fresh profile, closed at the end. NoBrowserError when there is none."""
    path = executable(os.environ)
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=path, args=FLAGS, timeout=60_000)
        except Error as error:
            tried = path or "Playwright's own Chromium"
            raise NoBrowserError(
                f"{tried} could not be opened. Install chromium, or name one in TEST_CHROMIUM, or run "
                f"`python -m playwright install chromium`. ({str(error).splitlines()[0]})"
            ) from error
        try:
            yield browser
        finally:
            browser.close()
