"""Pictures of pages for us to look at; no test.

python -m tests.browser_screenshots ADDRESS OUT_FOLDER [PATH …] [--widths 1440,768,320] [--schemes light,dark]
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

from tests.browser.chromium import opened
from tests.browser.watching import watched


def main() -> int:
    """Take a full-page picture of each path, at each width, in each scheme."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("address", help="http://127.0.0.1:8050")
    parser.add_argument("folder", type=Path)
    parser.add_argument("paths", nargs="*", default=["/", "/spend"])
    parser.add_argument("--widths", default="1440,768,320")
    parser.add_argument("--schemes", default="light,dark")
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    with opened() as browser:
        for path in given.paths:
            for scheme in given.schemes.split(","):
                for width in map(int, given.widths.split(",")):
                    look = watched(browser, given.address.rstrip("/"), width=width, scheme=scheme)
                    look.open(path)
                    look.page.wait_for_timeout(300)
                    name = re.sub(r"[^A-Za-z0-9.-]+", "_", path).strip("_") or "home"
                    picture = given.folder / f"{name}-{width}-{scheme}.png"
                    look.page.screenshot(path=picture, full_page=True)
                    sys.stdout.write(f"{picture}  {'; '.join(look.faults)}\n")
                    look.page.context.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
