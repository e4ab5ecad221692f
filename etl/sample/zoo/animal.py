"""One animal of the zoo: a file as some council's officer keeps it, what it means, and what that officer would answer."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import numpy
import pandas


class Question(Protocol):
    """What is asked of a person about a file: words, and the dotted paths of the layout that the answer fills."""

    @property
    def ask(self) -> str:
        """The question in words."""

    @property
    def sets(self) -> Sequence[str]:
        """Dotted paths in the layout, such as ``columns.amount.unit``."""


@dataclass(frozen=True)
class Animal:
    """A generated file with the truth beside it.

    `shows` says what is peculiar about it. `truth` has columns of `table` without `source` and `authority`;
    `pupil_id` in it is the file's own identifier (what is loaded is its keyed hash), and a placement number
    that the loader makes up is left out. `answers` are by the end of what a question sets (``unit``,
    ``annual_cost.times``), and `secrets` are words that no table and no problem may ever hold.
    """

    name: str
    council: str
    shows: str
    path: Path
    sheet: str
    table: str
    truth: pandas.DataFrame
    answers: Mapping[str, Any] = field(default_factory=dict)
    at_most_questions: int = 0
    secrets: tuple[str, ...] = ()

    def answer(self, question: Question) -> Any:
        """What the officer who keeps the file answers; None where the officer could not know either.

        The longest of the known ends counts, so that ``place_cost.times`` goes before ``times``.
        """
        known = [
            end for end in sorted(self.answers, key=len, reverse=True)
            for path in question.sets if path == end or path.endswith(f".{end}")
        ]  # fmt: skip
        return self.answers[known[0]] if known else None


@dataclass(frozen=True)
class Yard:
    """Where the animals are put, and the chance that each is made with.

    With a `slip`, one figure of each file is that much more than its truth, in the unit it is printed in, and
    the printed total stays as it was: the typing slip that a loader has to notice.
    """

    folder: Path
    seed: int = 2019
    slip: float = 0.0

    def generator(self, name: str) -> numpy.random.Generator:
        """Chance of its own for each animal: one that changes leaves the others as they were."""
        return numpy.random.default_rng([self.seed, zlib.crc32(f"zoo/{name}".encode())])

    def file(self, animal: str, name: str) -> Path:
        """The path of an animal's file, in a folder of its own."""
        (self.folder / animal).mkdir(parents=True, exist_ok=True)
        return self.folder / animal / name
