"""The model: what the high needs numbers mean. No Dash, Plotly or openpyxl in here.

For a notebook, `import hnb` gives `load`, `Selection`, `measures`, `catalogue`, `compute`, `about`, `declared`, and the
dashboard's own charts as `figures`. Each is fetched when it is first asked for: a program that needs one module of the
model waits for no other.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hnb.notebook import about, catalogue, compute, declared, load, measures
    from hnb.selection import Selection

__all__ = ["Selection", "about", "catalogue", "compute", "declared", "load", "measures"]

_HELD_IN = {"Selection": "hnb.selection", **dict.fromkeys(__all__[1:], "hnb.notebook")}

_FIGURES = "dashboard.figures.notebook"
"""A door for notebooks alone. The model never goes through it: nothing in here may know what draws it."""


def __getattr__(name: str) -> Any:
    if name == "figures":
        return importlib.import_module(_FIGURES)
    if name in _HELD_IN:
        return getattr(importlib.import_module(_HELD_IN[name]), name)
    raise AttributeError(f"module hnb has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__, "figures"])
