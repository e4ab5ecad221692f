"""Looks at a file before anything opens it: is it what its name says, and is it small enough to open?"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """How much a file may ask of us. A file that asks more is refused with a sentence, never opened.

    The defaults let through a workbook of a million rows by 26 columns and stop what only an attack
    or an accident makes.
    """

    file_bytes: int = 200_000_000
    parts: int = 5_000
    inflated_bytes: int = 1_500_000_000
    cells: int = 30_000_000
    memory_bytes: int = 4_000_000_000
    seconds: float = 120.0
