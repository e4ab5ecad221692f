"""The published facts that the sample is calibrated to, and what is assumed beyond them: read from the TOML beside.

Facts have a source each (`facts.toml`); assumptions are the generator's own (`assumptions.toml`). The two
are kept apart, so that nobody takes one for the other.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from importlib import resources
from types import MappingProxyType
from typing import Any

from hnb.codelists import CODELISTS


def _read(name: str) -> Mapping[str, Any]:
    return MappingProxyType(tomllib.loads((resources.files("etl.sample") / name).read_text(encoding="utf-8")))


FACTS: Mapping[str, Any] = _read("facts.toml")
"""Published figures with their sources."""

ASSUMPTIONS: Mapping[str, Any] = _read("assumptions.toml")
"""What the generator assumes: invented, plausible, and never shown as a published fact."""

BANDS: tuple[str, ...] = tuple(
    code for code in CODELISTS["age_bands"].codes if code not in ("all_ages", "not_recorded")
)
"""DfE's age bands, youngest first."""


def setting_of(published_name: str) -> str:
    """Our code for a published name of a setting. KeyError if the code list does not know the name."""
    code = CODELISTS["settings"].encode(published_name)
    if code is None:
        raise KeyError(published_name)
    return code


def published_plans() -> dict[int, dict[str, int]]:
    """Plans each January, by our settings: {2019: {"mainstream": 351, …}, …}; the published columns added up."""
    plans: dict[int, dict[str, int]] = {}
    for position, january in enumerate(FACTS["plans"]["januaries"]):
        counts: dict[str, int] = {}
        for name, figures in FACTS["plans"]["by_setting"].items():
            setting = setting_of(name)
            counts[setting] = counts.get(setting, 0) + figures[position]
        plans[january] = counts
    return plans


def published_needs() -> dict[str, dict[str, int]]:
    """Plans of the one published January by setting and need: {"mainstream": {"ASD": 332, …}, …}."""
    needs = FACTS["plans"]["by_need"]["needs"]
    plans: dict[str, dict[str, int]] = {}
    for name, figures in FACTS["plans"]["by_need"]["by_setting"].items():
        counts = plans.setdefault(setting_of(name), dict.fromkeys(needs, 0))
        for need, figure in zip(needs, figures, strict=True):
            counts[need] += figure
    return plans
