"""The browser of this machine, asked to print one page: found, started with nothing to remember, and ended.

It is given a file and no address, takes no script from it (the page has none and forbids any), finds no other
machine under any name, and keeps its profile in a folder that is gone afterwards.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from hnb.errors import HnbError

NAMES = (
    "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge",
    "microsoft-edge-stable", "msedge", "brave-browser",
)  # fmt: skip
"""What the browsers that print so are called on a path."""

SECONDS = 60
"""How long a page may take."""

_WINDOWS = (
    r"Google\Chrome\Application\chrome.exe",
    r"Microsoft\Edge\Application\msedge.exe",
    r"Chromium\Application\chrome.exe",
)
_WINDOWS_FOLDERS = ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA")
_MACOS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
_PLAYWRIGHT = (
    "chrome-linux/chrome", "chrome-linux64/chrome", "chrome-win/chrome.exe", "chrome-win64/chrome.exe",
    "chrome-mac/Chromium.app/Contents/MacOS/Chromium", "chrome-mac-arm64/Chromium.app/Contents/MacOS/Chromium",
)  # fmt: skip

_FLAGS = (
    "--headless",
    "--disable-gpu",
    "--disable-extensions",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--no-default-browser-check",
    "--no-pings",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--no-pdf-header-footer",
    "--export-tagged-pdf",
    "--generate-pdf-document-outline",
)


class NoBrowserError(HnbError):
    """There is none to print with; the other formats need none."""


def browser(environment: Mapping[str, str] | None = None) -> Path:
    """The browser to print with. NoBrowserError, a sentence that says what was looked for and what to do, if none is found.

    The variable PACK_BROWSER names one that stands elsewhere.
    """
    given = os.environ if environment is None else environment
    named = given.get("PACK_BROWSER", "")
    if named:
        if not Path(named).is_file():
            raise NoBrowserError(f"PACK_BROWSER names {named}, and there is no such file.")
        return Path(named)
    for path in _places(given):
        if path.is_file():
            return path
    raise NoBrowserError(
        "No PDF is made: none of Chromium, Chrome and Edge was found, and one of them prints it. Install one, or name it "
        "in the variable PACK_BROWSER. The other formats need none."
    )


def _places(given: Mapping[str, str]) -> Iterator[Path]:
    on_path = (shutil.which(name, path=given.get("PATH", "")) for name in NAMES)
    yield from (Path(found) for found in on_path if found)
    yield from (Path(place) for place in _MACOS)
    folders = [given[name] for name in _WINDOWS_FOLDERS if given.get(name)]
    yield from (Path(folder, *place.split("\\")) for place in _WINDOWS for folder in folders)
    yield from _of_playwright(given)


def _of_playwright(given: Mapping[str, str]) -> Iterable[Path]:
    home = given.get("HOME") or given.get("USERPROFILE") or ""
    folders = [given.get("PLAYWRIGHT_BROWSERS_PATH", "")]
    folders += [str(Path(home, *part)) for part in ((".cache", "ms-playwright"), ("Library", "Caches", "ms-playwright"), ("AppData", "Local", "ms-playwright"))] if home else []  # fmt: skip
    for folder in filter(None, folders):
        for build in sorted(Path(folder).glob("chromium-*"), reverse=True):
            yield from (build / place for place in _PLAYWRIGHT)


def printed(page: bytes) -> bytes:
    """The page as a tagged PDF with bookmarks, one for each heading. HnbError where the browser prints none."""
    path = browser()
    with tempfile.TemporaryDirectory(prefix="pack-", ignore_cleanup_errors=True) as folder:
        source, target = Path(folder, "pack.html"), Path(folder, "pack.pdf")
        source.write_bytes(page)
        # A browser refuses to shut itself in a sandbox for the superuser, as in a container.
        as_root = hasattr(os, "geteuid") and os.geteuid() == 0
        command = [
            str(path), *_FLAGS, *(["--no-sandbox"] if as_root else []), f"--user-data-dir={Path(folder, 'profile')}",
            f"--print-to-pdf={target}", source.as_uri(),
        ]  # fmt: skip
        try:
            ended = subprocess.run(
                command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                timeout=SECONDS, check=False, creationflags=_hidden_window(),
            )  # fmt: skip
        except subprocess.TimeoutExpired as error:
            raise HnbError(
                f"{path.name} did not print the PDF within {SECONDS} seconds, so none is made. Try again."
            ) from error
        except OSError as error:
            raise HnbError(
                f"{path} could not be started ({error.strerror}), so no PDF is made. Name another browser in PACK_BROWSER."
            ) from error
        if not target.is_file():
            said = ended.stderr.decode(errors="replace").strip().splitlines()
            raise HnbError(f"{path.name} printed no PDF (it ended with {ended.returncode}{': ' + said[-1][:200] if said else ''}). Name another browser in PACK_BROWSER.")  # fmt: skip
        return target.read_bytes()


def _hidden_window() -> int:
    """On Windows, no window of a terminal that opens and shuts."""
    return getattr(subprocess, "CREATE_NO_WINDOW", 0) if sys.platform == "win32" else 0
