"""Invented schools, colleges and other providers: who takes which child, and on which budget line.

The names are in `providers.toml`. A provider's number is invented too, and far from any real one.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from types import MappingProxyType
from typing import Any

import numpy

# Section 251: top-up is by who runs the provider; non-maintained counts with independent.
_LINES = {"maintained": "1.2.1", "academy": "1.2.2", "independent": "1.2.3", "direct_payment": "1.2.11"}
_FIRST_NUMBER = 990001


@dataclass(frozen=True)
class Provider:
    """One provider: its invented name and number, the ages that it takes, and the line that pays it."""

    name: str
    number: int
    line: str
    in_borough: bool
    first_age: int
    last_age: int
    weight: float


def _read() -> Mapping[str, tuple[Provider, ...]]:
    document = tomllib.loads((resources.files("etl.sample") / "providers.toml").read_text(encoding="utf-8"))
    providers: dict[str, tuple[Provider, ...]] = {}
    number = _FIRST_NUMBER
    for setting, entry in document.items():
        found = []
        # Each group under `also` says only what differs from the one above it.
        settled: dict[str, Any] = {"in_borough": True}
        for group in (entry, *entry.get("also", ())):
            settled = {**settled, **group}
            for name, weight in group["names"].items():
                found.append(
                    Provider(
                        name,
                        number,
                        _LINES[settled["kind"]],
                        settled["in_borough"],
                        settled["first"],
                        settled["last"],
                        weight,
                    )
                )
                number += 7
        providers[setting] = tuple(found)
    return MappingProxyType(providers)


PROVIDERS: Mapping[str, tuple[Provider, ...]] = _read()
"""The providers of each setting, and under `not_arranged` the row for those whom nobody is paid to educate."""


def provider_for(setting: str, age: int, generator: numpy.random.Generator) -> Provider:
    """A provider of that setting that takes a child of that age; the nearest in age where none does."""
    fitting = [provider for provider in PROVIDERS[setting] if provider.first_age <= age <= provider.last_age]
    if not fitting:
        fitting = [min(PROVIDERS[setting], key=lambda p: max(p.first_age - age, age - p.last_age))]
    weights = numpy.array([provider.weight for provider in fitting])
    return fitting[int(generator.choice(len(fitting), p=weights / weights.sum()))]
