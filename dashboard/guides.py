"""The pages of documentation that the page Method shows: how-to pages and what is written from the programs.

They are the same Markdown files that stand in `docs/`, read when they are asked for. Where the folder is not beside the
program (an installation without it) there are none.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

DOCS = Path(__file__).resolve().parent.parent / "docs"

HOW_TO = (
    "monthly-routine", "prepare-for-a-meeting", "add-a-measure", "add-a-recommendation", "add-a-layout", "add-a-page",
    "another-council",
)  # fmt: skip
"""The how-to pages in the order in which they are listed; a test fails where the folder holds another."""

REFERENCE = ("layouts", "problems", "settings", "commands")
"""Pages that are written from the programs and are no section of Method by themselves."""


@dataclass(frozen=True)
class Guide:
    """One page: the name by which a link asks for it, its title, whom or what it is for, and its Markdown without the title."""

    name: str
    title: str
    about: str
    text: str

    @property
    def is_how_to(self) -> bool:
        """Whether it tells how something is done."""
        return self.name in HOW_TO


def guides(docs: Path = DOCS) -> tuple[Guide, ...]:
    """Every page that is there, the how-to pages first."""
    places = [*((docs / "how-to" / f"{name}.md") for name in HOW_TO), *((docs / f"{name}.md") for name in REFERENCE)]  # fmt: skip
    return tuple(_guide(path) for path in places if path.is_file())


def _guide(path: Path) -> Guide:
    title, _, text = path.read_text("utf-8").partition("\n\n")
    about, _, rest = text.partition("\n\n")
    return Guide(
        path.stem, title.removeprefix("# "), about.strip("*\n").replace("\n", " ").replace("`", ""), rest
    )
