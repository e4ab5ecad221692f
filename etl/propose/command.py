"""`python -m etl propose FILE`: writes a layout for a sheet that none fits, and says what it found and asks."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import resources
from pathlib import Path

from rich.console import Console

from etl.layout import Layout
from etl.propose.proposal import Proposal, chosen_sheet, proposal_for
from hnb.errors import HnbError


def propose(
    file: Path, console: Console, layouts: Sequence[Layout], *,
    sheet_name: str | None = None, folder: Path | None = None, anyway: bool = False, table: str | None = None,
) -> int:  # fmt: skip
    """Writes NAME.toml into a folder (by default the package's own layouts) and says what it found.

    Where a layout fits already nothing is written, unless `anyway`. Exit code 0; 1 where questions are open. HnbError
    where the file cannot be read, nothing in it is a table, or a file of that name is there.
    """
    sheet, others = chosen_sheet(file, sheet_name)
    found = proposal_for(sheet, others, table=table, layouts=layouts)
    _say(
        console,
        f"{file.name}, sheet {found.sheet}: looks like a table of {found.table} (confidence {min(found.score, 1):.2f}).",
    )
    if found.known and not anyway:
        _say(
            console,
            f"The layout “{found.known}” fits it already, so nothing was written. Give --anyway to write one all the same.",
        )
        return 0
    if found.alias:
        _say(console, found.alias)
    target = (folder or Path(str(resources.files("etl") / "layouts"))) / f"{found.name}.toml"
    if target.exists():
        raise HnbError(f"{target} is there already. Move it away, or give another folder with --to.")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(found.toml, encoding="utf-8")
    _say(console, f"Wrote {target}. Read the reasons in it, and confirm what is left out.")
    return _questions(found, console)


def _questions(found: Proposal, console: Console) -> int:
    if not found.questions:
        _say(
            console, "It asks nothing: the next build reads the sheet with it, and refuses what does not fit."
        )
        return 0
    count = len(found.questions)
    _say(
        console,
        f"It asks {count} question{'s' if count > 1 else ''}; until each has an answer in the file, the build refuses the sheet:",
    )
    for question in found.questions:
        _say(console, f"  [questions.{question.name}] {question.ask}")
        _say(console, f"      because {question.because}")
        if question.choices:
            shown = question.choices[:12]
            _say(
                console,
                f"      one of: {', '.join(shown)}{' …' if len(question.choices) > len(shown) else ''}",
            )
    return 1


def _say(console: Console, text: str) -> None:
    console.print(text, highlight=False, markup=False, soft_wrap=True)
