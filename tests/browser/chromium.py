"""Finds a Chromium and opens it so that it talks to nobody but us."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from playwright.sync_api import Browser, BrowserContext, Error, Playwright, sync_playwright

Launched = TypeVar("Launched")

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
    """A browser that keeps nothing between its contexts, closed at the end. NoBrowserError when there is none."""
    with sync_playwright() as playwright:
        browser = _launched(playwright, lambda kind, **how: kind.launch(**how))
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def profile(**options: Any) -> Iterator[BrowserContext]:
    """A browser with a profile of its own on the disk, as a user's keeps files and what it compiled of them; gone at the end."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        context = _launched(
            playwright, lambda kind, **how: kind.launch_persistent_context(folder, **how, **options)
        )
        try:
            yield context
        finally:
            context.close()


def _launched(playwright: Playwright, launch: Callable[..., Launched]) -> Launched:
    path = executable(os.environ)
    try:
        return launch(playwright.chromium, executable_path=path, args=FLAGS, timeout=60_000)
    except Error as error:
        tried = path or "Playwright's own Chromium"
        raise NoBrowserError(
            f"{tried} could not be opened. Install chromium, or name one in TEST_CHROMIUM, or run "
            f"`python -m playwright install chromium`. ({str(error).splitlines()[0]})"
        ) from error
