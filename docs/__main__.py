"""Writes the pages of documentation that come from the registries: `python -m docs`.

The other pages in this folder are written by hand. A test compares each page with what its registry says now.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import dashboard.__main__
import etl.__main__
import hnb.__main__
from etl.layout_language import all_layouts
from etl.layout_page import layouts_page
from hnb import documents

FOLDER = Path(__file__).resolve().parent


def _commands() -> str:
    return documents.commands(program.__main__.parser() for program in (etl, dashboard, hnb))


PAGES: Mapping[str, Callable[[], str]] = {
    **{name: write for name, (_, write) in documents.PAGES.items()},
    "settings": documents.settings,
    "layouts": lambda: layouts_page(all_layouts()),
    "commands": _commands,
}
"""Every page that is written here, by its name."""


def main(folder: Path = FOLDER) -> int:
    """Write every page; says which changed."""
    for name, write in PAGES.items():
        path, text = folder / f"{name}.md", write() + "\n"
        if not path.is_file() or path.read_text("utf-8") != text:
            path.write_text(text, encoding="utf-8", newline="\n")
            print(f"{path.name} is written anew: {len(text.splitlines()):,} lines")
    return 0


if __name__ == "__main__":
    sys.exit(main())
