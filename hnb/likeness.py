"""How well a few words that somebody typed fit a name, misspellings forgiven. What can be found is not said here."""

from __future__ import annotations

from collections.abc import Iterable

from rapidfuzz import fuzz

from hnb.codelists import folded

FITS = 78.0
"""Out of 100: below this a name has nothing to do with what was typed. "sherwod" fits "Sherwood Park" by 92."""

_SHORTEST_MISSPELT = 4
"""Letters; a shorter word is near to too many others to be taken for a misspelling of one."""


def likeness(typed: str, names: Iterable[str]) -> float:
    """How well the words fit the best of some names of one thing: 100 the same, 0 not at all.

    The same name comes first, then one that begins so, then one that holds every word typed, then one of
    which every word is near to one typed.
    """
    wanted = folded(typed)
    return max((_fit(wanted, folded(name)) for name in names), default=0.0) if wanted else 0.0


def _fit(wanted: str, name: str) -> float:
    if not name:
        return 0.0
    if wanted == name:
        return 100.0
    if name.startswith(wanted):
        return 97.0
    words = name.split()
    if all(any(word.startswith(part) for word in words) for part in wanted.split()):
        return 95.0
    near = min(_nearest(part, words) for part in wanted.split())
    # Below every name that really holds the words, whatever the likeness.
    return min(near, 94.0)


def _nearest(part: str, words: list[str]) -> float:
    if len(part) < _SHORTEST_MISSPELT or part.isdigit():
        return 95.0 if any(word.startswith(part) for word in words) else 0.0
    return max(
        (float(fuzz.ratio(part, word)) for word in words if len(word) >= _SHORTEST_MISSPELT), default=0.0
    )
