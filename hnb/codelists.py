"""Code lists: the codes of the trade with their labels, order and groups, and the spellings that mean the same.

The lists themselves are TOML in `hnb/codes/`, for an officer to correct; this module only reads them.
A list has three parts: good codes, fixable spellings (aliases), and known rubbish that means "not
recorded". Anything else is the caller's Problem.
"""

from __future__ import annotations

import difflib
import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from types import MappingProxyType
from typing import Any


def folded(text: str) -> str:
    """A spelling with case, accents, spaces, dashes, ampersands and punctuation folded away.

    Two spellings that fold to the same text mean the same: "SEN  &\\nSpecial" and "sen and special".
    """
    # A dash of another kind has no ASCII form: dropped, it would run two words into one.
    dashed = re.sub("[\u2010-\u2015\u2212]", "-", text)
    plain = unicodedata.normalize("NFKD", dashed).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", " ", plain.lower().replace("&", " and ")).strip()


@dataclass(frozen=True)
class Code:
    """One code: what it is called, what it means, where it belongs.

    `details` holds whatever else its TOML entry says (colour, Section 251 reference, …).
    """

    code: str
    label: str
    meaning: str
    group: str
    short: str
    aliases: tuple[str, ...]
    details: Mapping[str, Any]


@dataclass(frozen=True)
class CodeList:
    """An ordered list of codes with the spellings that stand for them."""

    name: str
    noun: str
    file: str
    entries: Mapping[str, Code]
    rubbish: frozenset[str]
    _spellings: Mapping[str, str]

    @property
    def codes(self) -> tuple[str, ...]:
        """All codes, in the order in which they are to be shown."""
        return tuple(self.entries)

    def entry(self, code: str) -> Code:
        """The whole entry of a code. KeyError if there is none."""
        return self.entries[code]

    def label(self, code: str) -> str:
        """What a person reads for the code."""
        return self.entries[code].label

    def short(self, code: str) -> str:
        """The label where room is short (axes, chips); the label itself if the list gives no shorter one."""
        return self.entries[code].short

    def meaning(self, code: str) -> str:
        """What the code means, in a sentence."""
        return self.entries[code].meaning

    def group(self, code: str) -> str:
        """The code of the group that it belongs to, or an empty text."""
        return self.entries[code].group

    def members(self, group: str) -> tuple[str, ...]:
        """The codes of a group, in order."""
        return tuple(code for code, entry in self.entries.items() if entry.group == group)

    def encode(self, text: str) -> str | None:
        """The code that a spelling stands for, or None when it is not known.

        A code stands for itself, so do its label and its aliases; case, spaces and punctuation do not
        count. Known rubbish gives `not_recorded` where the list has that code.
        """
        spelling = folded(text)
        if spelling in self._spellings:
            return self._spellings[spelling]
        if self.is_rubbish(text) and "not_recorded" in self.entries:
            return "not_recorded"
        return None

    def is_rubbish(self, text: str) -> bool:
        """Whether the spelling is known to say nothing ("n/a", "tbc", "-")."""
        return (folded(text) or text.strip()) in self.rubbish or not text.strip()

    def nearest(self, text: str) -> str | None:
        """The code whose spelling comes nearest to the text, or None when none comes near."""
        found = difflib.get_close_matches(folded(text), list(self._spellings), n=1, cutoff=0.6)
        return self._spellings[found[0]] if found else None

    def position(self, code: str) -> int:
        """The place of the code in the list, for sorting; unknown codes come last."""
        codes = self.codes
        return codes.index(code) if code in self.entries else len(codes)


def read_codelist(name: str, file: str, document: Mapping[str, Any]) -> CodeList:
    """A code list from its parsed TOML: `noun`, `rubbish`, and one table a code under `codes`.

    Raises ValueError when two codes share a spelling: the list would then depend on its order.
    """
    entries: dict[str, Code] = {}
    spellings: dict[str, str] = {}
    for code, given in document["codes"].items():
        rest = dict(given)
        label = rest.pop("label")
        entry = Code(
            code=code,
            label=label,
            meaning=rest.pop("meaning", ""),
            group=rest.pop("group", ""),
            short=rest.pop("short", label),
            aliases=tuple(rest.pop("aliases", ())),
            details=MappingProxyType(rest),
        )
        entries[code] = entry
        for spelling in {folded(text) for text in (code, label, entry.short, *entry.aliases)}:
            if spellings.setdefault(spelling, code) != code:
                raise ValueError(
                    f"{file}: {spelling!r} is a spelling of both {spellings[spelling]} and {code}"
                )
    rubbish = frozenset(folded(text) or text.strip() for text in document.get("rubbish", ()))
    return CodeList(
        name=name,
        noun=document.get("noun", name),
        file=file,
        entries=MappingProxyType(entries),
        rubbish=rubbish,
        _spellings=MappingProxyType(spellings),
    )


def _read_all() -> dict[str, CodeList]:
    lists: dict[str, CodeList] = {}
    folder = resources.files("hnb") / "codes"
    for path in sorted(folder.iterdir(), key=lambda item: item.name):
        if path.name.endswith(".toml"):
            document = tomllib.loads(path.read_text(encoding="utf-8"))
            for name, content in document.items():
                lists[name] = read_codelist(name, path.name, content)
    return lists


CODELISTS: Mapping[str, CodeList] = MappingProxyType(_read_all())
"""Every code list by name, read once from `hnb/codes/*.toml` when the package is imported."""
