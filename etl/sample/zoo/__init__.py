"""The zoo: spreadsheets as invented councils really keep them, one of each shape, with the truth beside it.

`write_zoo` writes them. Unlike the sample, nothing in them is meant to be added together: each is a file that nobody
has seen before, to try `python -m etl propose` and the layout language on. `README.md` lists them.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from etl.sample.zoo import income, monitors, monitors_across, payments, register_costs, registers
from etl.sample.zoo.animal import Animal, Yard

FAMILIES = (monitors, monitors_across, income, registers, register_costs, payments)
"""The modules that make the animals, a family each."""


def write_zoo(
    folder: Path, seed: int = 2019, *, slip: float = 0.0, progress: Callable[[str], None] | None = None
) -> tuple[Animal, ...]:
    """Write every animal into a folder of its own below `folder`, and say what each means.

    With a `slip` one figure of each file is typed that much too high and its printed total stays as it was.
    """
    yard = Yard(folder, seed, slip)
    animals = []
    for make in (make for family in FAMILIES for make in family.ANIMALS):
        animals.append(make(yard))
        if progress is not None:
            progress(animals[-1].name)
    return tuple(animals)


def write_truth(animals: tuple[Animal, ...], folder: Path) -> None:
    """The truth of each animal as a CSV of its name, for a person to hold a loaded table against."""
    folder.mkdir(parents=True, exist_ok=True)
    for animal in animals:
        animal.truth.to_csv(folder / f"{animal.name}.csv", index=False)


def listing(animals: tuple[Animal, ...]) -> str:
    """The table of `README.md`: what each animal shows, and how many questions a person may be asked about it."""
    rows = [
        f"| `{a.name}` | {a.council} | {a.shows} | `{a.table}` | {a.at_most_questions or 'none'} |"
        for a in animals
    ]
    return "\n".join(
        [
            "| animal | council (invented) | what it shows | table | questions at most |",
            "|---|---|---|---|---|",
            *rows,
        ]
    )
