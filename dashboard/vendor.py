"""Fetches the small plotly.js at set-up: `python -m dashboard.vendor`. Third-party code is never committed.

The basic bundle (scatter, bar, pie) draws all our charts and is a third of the full one: 395 kB against
1,468 kB compressed. It comes from npm where npm is there, by name, at the version that the installed plotly
package speaks, and is taken only if its bytes are those that we looked at. Where any of that fails the full
bundle inside the plotly package is served: the dashboard then works the same, and opens more slowly.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from plotly.offline import get_plotlyjs_version

from hnb.errors import HnbError

PACKAGE = "plotly.js-basic-dist-min"
SCRIPT = "plotly-basic.min.js"
SHA256 = {"4.1.1": "99784e3abfb07b142a15e521a439e6d9addceadb3f79553fd24c72774f0649ba"}
"""The bundle's sha256 by version. A new plotly needs a new line: install the package, look at it, run sha256sum."""

ROOT = Path(__file__).resolve().parent
VENDOR = ROOT / "assets" / "vendor"
"""Dash serves every script in here, before its own; it holds the bundle or nothing."""


def fetch(vendor: Path = VENDOR, install: Callable[[str, Path], None] | None = None) -> Path:
    """The bundle in its place; fetched if it is not there. Raises HnbError when it cannot be had."""
    version = get_plotlyjs_version()
    if version not in SHA256:
        raise HnbError(f"plotly.js {version} is not among the versions in dashboard/vendor.py.")
    wanted = vendor / f"plotly-basic-{version}.min.js"
    if wanted.is_file() and _sha256(wanted) == SHA256[version]:
        return wanted
    build = ROOT.parent / "build" / "npm"
    (install or _npm_install)(f"{PACKAGE}@{version}", build)
    package = build / "node_modules" / PACKAGE
    if not (package / SCRIPT).is_file() or _sha256(package / SCRIPT) != SHA256[version]:
        raise HnbError(
            f"What npm gave as {PACKAGE} {version} is not the file that was expected; it is not used."
        )
    shutil.rmtree(vendor, ignore_errors=True)
    vendor.mkdir(parents=True)
    shutil.copyfile(package / "LICENSE", vendor / "LICENSE.plotly.txt")
    arriving = vendor / "arriving"
    shutil.copyfile(package / SCRIPT, arriving)
    arriving.replace(wanted)
    return wanted


def _npm_install(package: str, folder: Path) -> None:
    npm = shutil.which("npm")
    if npm is None:
        raise HnbError("npm is not on this machine.")
    folder.mkdir(parents=True, exist_ok=True)
    command = [
        npm,
        "install",
        "--ignore-scripts",
        "--no-save",
        "--no-audit",
        "--no-fund",
        "--prefix",
        str(folder),
        package,
    ]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise HnbError(f"npm did not answer ({type(error).__name__}).") from error
    if done.returncode:
        raise HnbError(f"npm could not install {package} (exit code {done.returncode}).")


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def main() -> int:
    """Fetch, and say what happened. Never fails a set-up: without the bundle the full one is served."""
    try:
        bundle = fetch()
        sys.stdout.write(f"Charts are drawn by {bundle.name}, {bundle.stat().st_size / 1e6:.1f} MB.\n")
    except HnbError as error:
        sys.stdout.write(
            f"{error} The full plotly.js of the plotly package is served instead: slower to open.\n"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
