"""A layout in the making: its entries with the reason and the confidence of each, and how they are written as TOML.

The one place that knows how a proposed layout looks as text; what goes into it is decided elsewhere.
"""

from __future__ import annotations

import datetime
import re
import textwrap
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import tomlkit
from tomlkit.items import Item

_WIDTH = 116
Entry = dict[str, Any]


def escaped(text: str) -> str:
    """A text as a pattern that means itself, spaces left as they are."""
    return re.sub(r"([.^$*+?{}\[\]\\|()])", r"\\\1", text)


def placed(path: str, text: str) -> str:
    """A dotted path with a text as its last part, in quotation marks where the text itself has a dot.

    >>> placed("columns.line.values", "1.9 Income")
    'columns.line.values."1.9 Income"'
    """
    if "." not in text and "'" not in text and '"' not in text:
        return f"{path}.{text}"
    return f"{path}.'{text}'" if '"' in text else f'{path}."{text}"'


def why(reason: str, confidence: float | None = None) -> str:
    """A reason as a comment, with how sure it is: "… (confidence 0.85)"."""
    return reason if confidence is None else f"{reason} (confidence {confidence:.2f})"


@dataclass
class Draft:
    """The parts of a layout, in the order in which they are written. Entries may have a "why": the comment above."""

    name: str
    title: str
    table: str
    publisher: str = "The council"
    intro: list[str] = field(default_factory=list)
    sheet: Entry = field(default_factory=dict)
    header: list[Entry] = field(default_factory=list)
    context: dict[str, Entry] = field(default_factory=dict)
    constants: dict[str, Any] = field(default_factory=dict)
    constants_why: dict[str, str] = field(default_factory=dict)
    columns: dict[str, Entry] = field(default_factory=dict)
    wide: list[Entry] = field(default_factory=list)
    side_by_side: Entry = field(default_factory=dict)
    join_rows: Entry = field(default_factory=dict)
    sections: list[Entry] = field(default_factory=list)
    repeated_header: list[Entry] = field(default_factory=list)
    ignored_headings: list[Entry] = field(default_factory=list)
    ignored_rows: list[Entry] = field(default_factory=list)
    totals: list[Entry] = field(default_factory=list)
    checks: list[Entry] = field(default_factory=list)
    turn_sign: list[Entry] = field(default_factory=list)
    missing: Entry = field(default_factory=dict)
    ignored_sheets: list[Entry] = field(default_factory=list)
    run: str = ""
    questions: dict[str, Entry] = field(default_factory=dict)
    last: list[str] = field(default_factory=list)

    def ask(
        self, name: str, ask: str, because: str, sets: Iterable[str], choices: Iterable[Any] = ()
    ) -> None:
        """A question for a person; the layout is refused until it is answered. `choices` may be words with their values."""
        entry: Entry = {"ask": ask, "because": because}
        if listed := dict(choices) if isinstance(choices, Mapping) else list(choices):
            entry["choices"] = listed
        self.questions[name] = {**entry, "sets": list(sets), "answer": ""}

    def ignore(self, heading: str, reason: str) -> None:
        """A heading left out by name; those with one reason are written together."""
        for entry in self.ignored_headings:
            if entry["reason"] == reason and "headings" in entry:
                if heading not in entry["headings"]:
                    entry["headings"].append(heading)
                return
        self.ignored_headings.append({"headings": [heading], "reason": reason})

    def toml(self) -> str:
        """The whole layout as text."""
        lines = [_comment(text) for text in self.intro]
        lines += [_pair("name", self.name), _pair("title", self.title), _pair("publisher", self.publisher),
                  _pair("version", 1), _pair("tables", [self.table])]  # fmt: skip
        blocks = ["\n".join(lines)]
        blocks += [_table(f"questions.{name}", entry) for name, entry in self.questions.items()]
        blocks += [_table("sheet", self.sheet)] if self.sheet else []
        blocks += [_table("header", entry, array=True) for entry in self.header]
        blocks += [_table(f"context.{name}", entry) for name, entry in self.context.items()]
        if self.constants:
            body = ["[constants]"]
            for name, value in self.constants.items():
                if name in self.constants_why:
                    body.append(_comment(self.constants_why[name]))
                body.append(_pair(name, value))
            blocks.append("\n".join(body))
        blocks += [_table(f"columns.{name}", entry) for name, entry in self.columns.items()]
        for name in ("side_by_side", "join_rows"):
            if entry := getattr(self, name):
                blocks.append(_table(name, entry))
        for name in ("wide", "sections", "repeated_header", "turn_sign"):
            blocks += [_table(name, entry, array=True) for entry in getattr(self, name)]
        blocks += [_table("missing", self.missing)] if self.missing else []
        for name in ("ignored_headings", "ignored_rows", "totals", "checks", "ignored_sheets"):
            blocks += [_table(name, entry, array=True) for entry in getattr(self, name)]
        blocks += [_table("run", {"by": self.run})] if self.run else []
        blocks += ["\n".join(_comment(text) for text in self.last)] if self.last else []
        return "\n\n".join(block for block in blocks if block) + "\n"


def _table(name: str, entry: Mapping[str, Any], *, array: bool = False) -> str:
    lines = [
        _comment(text)
        for text in ([entry["why"]] if isinstance(entry.get("why"), str) else entry.get("why", ()))
    ]
    lines.append(f"[[{name}]]" if array else f"[{_key(name)}]")
    lines += [_pair(key, value) for key, value in entry.items() if key != "why"]
    return "\n".join(lines)


def _key(name: str) -> str:
    return ".".join(
        part if re.fullmatch(r"[\w-]+", part, re.ASCII) else tomlkit.string(part).as_string()
        for part in name.split(".")
    )


def _comment(text: str) -> str:
    printable = "".join(letter if letter.isprintable() else " " for letter in text)
    return "\n".join(f"# {line}" for line in textwrap.wrap(printable, _WIDTH) or [""])


def _pair(key: str, value: Any) -> str:
    written = key if re.fullmatch(r"[\w-]+", key, re.ASCII) else tomlkit.string(key).as_string()
    return f"{written} = {_value(value)}"


def _value(value: Any) -> str:
    """A value as TOML: patterns and other texts with backslashes in plain quotes."""
    if isinstance(value, str):
        return _text(value).as_string()
    if isinstance(value, Mapping):
        inside = ", ".join(_pair(str(key), item) for key, item in value.items())
        return f"{{ {inside} }}" if inside else "{}"
    if isinstance(value, (list, tuple)):
        items = [_value(item) for item in value]
        short = f"[{', '.join(items)}]"
        return short if len(short) <= _WIDTH else "[\n" + "".join(f"  {item},\n" for item in items) + "]"
    if isinstance(value, datetime.datetime):
        return tomlkit.item(value.date()).as_string()
    return tomlkit.item(value).as_string()


def _text(text: str) -> Item:
    plain = "".join(letter if letter.isprintable() else " " for letter in text)
    literal = "\\" in plain and "'" not in plain
    return tomlkit.string(plain, literal=literal)
