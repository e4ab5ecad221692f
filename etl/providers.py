"""Providers that are spelled in several ways: groups are offered to a person, and made one only where confirmed. Pure.

A merge that is wrong moves a child's cost to another school, so names are offered only where nothing speaks against
it, and `etl/corrections/providers.toml` says who confirmed each. What is not confirmed there is never merged.
"""

from __future__ import annotations

import datetime
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy
import pandas
import tomlkit
from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from hnb.codelists import folded
from hnb.contract import Problem
from hnb.errors import HnbError

FILE = "providers.toml"
_SAID = f"etl/corrections/{FILE}"
_ALIKE = 75  # of 100 (rapidfuzz, token_set_ratio): only a first sieve; `_speaks_against` decides
_ALIKE_BY_NUMBER = 55  # where both have the same provider number
_SHORT = 5  # a word of fewer letters has no typing error that is not another word
_LONG = 10  # letters from which two typing errors are likelier than another word
_ABBREVIATIONS = {"sch": "school", "schl": "school", "acad": "academy", "coll": "college", "saint": "st", "prim": "primary",
                  "sec": "secondary", "spec": "special", "nurs": "nursery", "comm": "community", "ctr": "centre"}  # fmt: skip
_SAYS_NOTHING = frozenset({"the", "ltd", "limited", "plc", "llp", "uk", "school"})
_PART = frozenset({"base", "unit", "nest", "arp", "resource", "provision", "opportunity", "sixth", "form", "nursery",
                   "infant", "junior", "primary", "secondary", "upper", "lower", "pru", "outreach"})  # fmt: skip


@dataclass(frozen=True)
class Group:
    """Spellings that may be one provider, or are by a person's word. `who` and `on` say whose and when."""

    name: str
    spellings: tuple[str, ...]
    confirmed: bool = False
    who: str = ""
    on: datetime.date | None = None


Providers = tuple[Group, ...]


@cache
def confirmed_providers() -> Providers:
    """The confirmed groups of the package. Read once."""
    path = resources.files("etl") / "corrections" / FILE
    if not path.is_file():
        return ()
    groups = read_providers(path.read_text(encoding="utf-8"))
    return tuple(group for group in groups if group.confirmed)


def read_providers(text: str, said: str = _SAID) -> Providers:
    """The groups of a TOML text. HnbError where one lacks what it must have, or a spelling is in two confirmed ones."""
    try:
        entries = tomllib.loads(text).get("providers", [])
    except tomllib.TOMLDecodeError as error:
        raise HnbError(f"{said} is not TOML: {error}. Correct it there.") from error
    groups: list[Group] = []
    taken: dict[str, str] = {}
    for number, entry in enumerate(entries, 1):
        where = f"{said}, provider {number}"
        unknown = sorted(set(entry) - {"name", "spellings", "confirmed", "who", "on", "why"})
        if unknown or not entry.get("name") or not entry.get("spellings"):
            fault = f"it has no use for {', '.join(unknown)}" if unknown else "it lacks name or spellings"
            raise HnbError(f"{where}: {fault}.")
        who, on = str(entry.get("who", "")), entry.get("on")
        on = on if isinstance(on, datetime.date) else None
        if entry.get("confirmed") is True and not (who.strip() and on):
            raise HnbError(
                f"{where} ({entry['name']}) is confirmed, and does not say who confirmed it, or on which day; write who and on = 2026-11-24."
            )
        group = Group(entry["name"], tuple(entry["spellings"]), entry.get("confirmed") is True, who, on)
        for spelling in group.spellings if group.confirmed else ():
            if taken.setdefault(_plain(spelling), group.name) != group.name:
                raise HnbError(
                    f'{where}: "{spelling}" is a spelling of {taken[_plain(spelling)]} too; it can be one only.'
                )
        groups.append(group)
    return tuple(groups)


def provider_groups(placements: pandas.DataFrame) -> Providers:
    """Groups of names in a `placements` frame that may be one provider each, the most frequent spelling as the name.

    A group is offered only where no two of its names speak against each other: other provider numbers, other
    figures, other words or places, another part of a school. The same provider number speaks for it.
    """
    named = placements[placements["provider"].notna()]
    counts = named["provider"].astype(object).value_counts()
    names = sorted(counts.index)
    numbers = _numbers_of(named)
    words = {name: _words(name) for name in names}
    together = {name: {name} for name in names}
    for first, second in _pairs(names, numbers):
        one, other = together[first], together[second]
        if one is other or any(
            _speaks_against(words[a], words[b], numbers[a], numbers[b]) for a in one for b in other
        ):
            continue
        one |= other
        for name in other:
            together[name] = one
    groups = {id(group): group for group in together.values() if len(group) > 1}
    return tuple(
        Group(max(sorted(group), key=lambda name: int(counts[name])), tuple(sorted(group)))
        for group in sorted(groups.values(), key=min)
    )


def unified(
    placements: pandas.DataFrame, providers: Sequence[Group]
) -> tuple[pandas.DataFrame, list[Problem]]:
    """The frame with confirmed spellings read as their provider's name, and a note on each and on spellings gone."""
    if not providers:
        return placements, []
    plain = placements["provider"].astype(object).map(_plain, na_action="ignore")
    there, names, notes = plain.value_counts(), placements["provider"].astype(object), []
    for group in providers:
        others = [spelling for spelling in group.spellings if _plain(spelling) != _plain(group.name)]
        gone = [spelling for spelling in others if _plain(spelling) not in there]
        read = {spelling: int(there[_plain(spelling)]) for spelling in others if _plain(spelling) in there}
        mask = plain.isin([_plain(spelling) for spelling in group.spellings])
        names = names.mask(mask, group.name)
        if read:
            said = ", ".join(f'"{spelling}" ({rows:,})' for spelling, rows in read.items())
            on = f"{group.on:%d/%m/%Y}" if group.on else ""
            notes.append(Problem(_SAID, "provider_unified", f'{sum(read.values()):,} {"row was" if sum(read.values()) == 1 else "rows were"} read as "{group.name}": {said}', "",
                                 f"Nothing to do; {group.who} confirmed it on {on}", "note"))  # fmt: skip
        if gone:
            notes.append(Problem(_SAID, "provider_spelling_gone", f'no row of a register has {", ".join(f"“{spelling}”" for spelling in gone)} any more, which is confirmed to be "{group.name}"', "",
                                 "Take the spelling out of the list if the source was mended", "note"))  # fmt: skip
    return placements.assign(provider=names.astype("string")), notes


def provider_notes(placements: pandas.DataFrame) -> list[Problem]:
    """A note on each group of names that may be one provider: spellings, rows, pounds, and the first row of each."""
    notes = []
    for group in provider_groups(placements):
        rows = placements[placements["provider"].isin(group.spellings)]
        said = []
        for spelling in group.spellings:
            of_one = rows[rows["provider"] == spelling]
            said.append(
                f'"{spelling}" ({len(of_one):,} {"row" if len(of_one) == 1 else "rows"}, first {of_one["source"].iloc[0]})'
            )
        first = rows[rows["provider"] != group.name]["source"].iloc[0]
        notes.append(Problem(first, "provider_spellings", f"{len(group.spellings)} names may be one provider: {', '.join(said)}; together £{rows['annual_cost'].sum():,.2f} a year", "one name for each provider",
                             f"Correct the workbook, or run `python -m etl providers` and confirm the group in {_SAID}; until then each name stands by itself", "note"))  # fmt: skip
    return notes


def providers_toml(found: Sequence[Group], known: Sequence[Group] = ()) -> str:
    """The list of providers as TOML: what is known stays as it is, and what was found beside it waits for a person."""
    document = tomlkit.document()
    for line in (
        "Names of providers that may be one. A person sets `confirmed = true`, with who and on (a date: 2026-11-24);",
        "the build then reads every spelling as `name`. A group that is not one is left unconfirmed, or taken out.",
    ):
        document.add(tomlkit.comment(line))
    listed = {frozenset(group.spellings) for group in known}
    tables = tomlkit.aot()
    for group in [*known, *(group for group in found if frozenset(group.spellings) not in listed)]:
        table = tomlkit.table()
        table["name"] = group.name
        table["spellings"] = list(group.spellings)
        table["confirmed"] = group.confirmed
        table["who"] = group.who
        table["on"] = group.on or ""
        tables.append(table)
    if len(tables):
        document["providers"] = tables
    return tomlkit.dumps(document)


def _pairs(names: Sequence[str], numbers: Mapping[str, frozenset[str]]) -> Iterable[tuple[str, str]]:
    """Pairs of names that are alike enough to be looked at, and those with one provider number; the most alike first."""
    if len(names) < 2:
        return []
    texts = [" ".join(sorted(_words(name).all)) for name in names]
    least = min(_ALIKE, _ALIKE_BY_NUMBER)  # what is less alike counts as nothing, and is told sooner
    scores = process.cdist(texts, texts, scorer=fuzz.token_set_ratio, dtype=numpy.uint8, score_cutoff=least)
    found: dict[tuple[str, str], int] = {}
    for first, second in zip(*numpy.nonzero(numpy.triu(scores, 1) >= _ALIKE), strict=True):
        found[names[first], names[second]] = int(scores[first, second])
    place = {name: number for number, name in enumerate(names)}
    of_number: dict[str, list[int]] = {}
    for name in names:
        for number in numbers[name]:
            of_number.setdefault(number, []).append(place[name])
    share_number = numpy.zeros(scores.shape, dtype=bool)
    for places in of_number.values():
        share_number[numpy.ix_(places, places)] = True
    alike = numpy.triu(share_number & (scores >= _ALIKE_BY_NUMBER), 1)
    for first, second in zip(*numpy.nonzero(alike), strict=True):
        found[names[first], names[second]] = 100 + int(scores[first, second])
    return sorted(found, key=lambda pair: (-found[pair], pair))


@dataclass(frozen=True)
class _Words:
    """A name taken apart: its own words, those of the place or part behind it, its figures, and all of them."""

    own: tuple[str, ...]
    behind: tuple[str, ...]
    figures: tuple[str, ...]

    @property
    def all(self) -> tuple[str, ...]:
        return (*self.own, *self.behind, *self.figures)


@cache
def _words(name: str) -> _Words:
    # What is behind a bracket, a colon, a comma or a dash says a place or a part: St Mary's (Carshalton).
    head, *behind = re.split(r"[(:;,\[]|\s[-–—]\s", name.replace("’", "'").replace("'", ""), maxsplit=1)
    own, rest = _split(head), _split(" ".join(behind))
    figures = tuple(sorted(word for word in (*own, *rest) if any(letter.isdigit() for letter in word)))
    return _Words(tuple(w for w in own if w not in figures), tuple(w for w in rest if w not in figures), figures)  # fmt: skip


def _split(text: str) -> list[str]:
    return [_ABBREVIATIONS.get(word, word) for word in folded(text).split()]


def _speaks_against(a: _Words, b: _Words, numbers_a: frozenset[str], numbers_b: frozenset[str]) -> bool:
    """Whether two names cannot be offered as one provider."""
    if a.figures != b.figures or (numbers_a and numbers_b and not numbers_a & numbers_b):
        return True
    left_a, left_b = _left_over(a.own, b.own)
    behind_a, behind_b = _left_over(a.behind, b.behind)
    if (set(left_a) | set(left_b) | set(behind_a) | set(behind_b)) & _PART:
        return True
    if numbers_a & numbers_b:
        # One number: a school that became an academy, or a name cut short; but not two places of one trust.
        return bool(behind_a and behind_b)
    return bool((set(left_a) | set(left_b)) - _SAYS_NOTHING or behind_a or behind_b)


def _left_over(a: Sequence[str], b: Sequence[str]) -> tuple[list[str], list[str]]:
    """The words of each that the other has not, a typing error apart."""
    left_a, left_b = list(a), list(b)
    for same in (lambda x, y: x == y, _is_slip):
        for word in list(left_a):
            match = next((other for other in left_b if same(word, other)), None)
            if match is not None:
                left_a.remove(word)
                left_b.remove(match)
    return left_a, left_b


def _is_slip(a: str, b: str) -> bool:
    """Whether one word may be the other mistyped: the first letter is hardly ever wrong, and Eastfield is not Westfield."""
    shorter = min(len(a), len(b))
    if shorter < _SHORT or a[0] != b[0]:
        return False
    return bool(OSA.distance(a, b) <= (2 if shorter >= _LONG else 1))


def _numbers_of(named: pandas.DataFrame) -> dict[str, frozenset[str]]:
    """The provider numbers of each name."""
    pairs = named[["provider", "provider_id"]].drop_duplicates().astype(object)
    found: dict[str, set[str]] = {}
    for name, number in pairs.itertuples(index=False, name=None):
        found.setdefault(name, set())
        if not pandas.isna(number):
            found[name].add(str(number))
    return {name: frozenset(of) for name, of in found.items()}


def _plain(text: str) -> str:
    return " ".join(str(text).split())
