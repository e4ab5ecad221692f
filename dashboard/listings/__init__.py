"""The makers of listings, one module a page: from a page's query to the `Listing` that it shows and gives away.

A module has `LISTINGS`, a mapping of a name to a function that takes the query of an address ("" for none)
and gives a `dashboard.listing.Listing`, or raises HnbError with a sentence. Each says its least role, with
`dashboard.roles.each_for_role`. A new module is found by itself.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from functools import cache
from types import MappingProxyType

from dashboard.listing import Listing

Maker = Callable[[str], Listing]


@cache
def listings() -> Mapping[str, Maker]:
    """Every listing's maker by its name, which is unique."""
    found: dict[str, Maker] = {}
    for module in pkgutil.iter_modules(__path__):
        for name, maker in importlib.import_module(f"{__name__}.{module.name}").LISTINGS.items():
            if name in found:
                raise ValueError(f"two listings are called {name}")
            found[name] = maker
    return MappingProxyType(found)
