"""The pages of documentation that are written from the registries: tables, measures, codes, rules, problems, settings, commands.

Each is Markdown. `python -m docs` writes them into `docs/`, and a test fails where a page is not what the registry says
now. What stands on the page Method comes from the same entries (`hnb.method`). Pure.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType

from hnb.codelists import CODELISTS
from hnb.configuration import CHOICES
from hnb.contract import Column, Table
from hnb.method import Entry, Fact, sections
from hnb.metrics import MEASURES
from hnb.tables import TABLES


def dictionary(tables: Iterable[Table] = TABLES.values()) -> str:
    """Every table and its columns."""
    parts = [
        "# Data dictionary",
        "Written by `python -m docs` from `hnb/tables/`. A code's list is in [codes.md](codes.md).",
    ]
    for table in tables:
        key = ", ".join(f"`{name}`" for name in table.key) or "none: each row of the source stands"
        parts.append(f"## {table.name}")
        derived = f" Derived from {', '.join(table.derived_from)}." if table.derived_from else ""
        parts.append(f"A row is {table.row}. Key: {key}.{derived}")
        parts.append(markdown_table(["column", "kind", "unit", "may be blank", "meaning"], map(_column_cells, table.columns)))  # fmt: skip
    return "\n\n".join(parts)


def measures() -> str:
    """Every measure that comes with the program, as the page Method tells of it."""
    (found,) = (section for section in sections() if section.name == "measures")
    entries = [entry for entry in found.entries if entry.name in MEASURES.shipped]
    rows = [[f"[{entry.title}](#{heading_anchor(entry.title)})", f"`{entry.name}`", MEASURES[entry.name].unit, entry.about] for entry in entries]  # fmt: skip
    parts = [
        "# Measures",
        f"Written by `python -m docs` from `hnb/metrics/`. {found.about} To add one: "
        "[how-to/add-a-measure.md](how-to/add-a-measure.md).",
        markdown_table(["measure", "name", "unit", "question"], rows),
    ]
    return "\n\n".join([*parts, *(_entry(entry, "dictionary.md") for entry in entries)])


def codes() -> str:
    """Every code list, with the spellings that mean the same."""
    parts = [
        "# Code lists",
        "Written by `python -m docs` from `hnb/codes/`. The order is that in which codes are shown.",
    ]
    (found,) = (section for section in sections() if section.name == "codes")
    for entry in found.entries:
        parts += [f"## {entry.name}", f"{entry.title}: {entry.about}.", *_facts(entry, "dictionary.md")]
        parts.append(markdown_table(entry.headings, ([f"`{row[0]}`", *row[1:]] for row in entry.rows)))
    return "\n\n".join(parts)


def rules() -> str:
    """The rules of the trade, the words and the breaks of series."""
    parts = ["# Rules, words and breaks of series", "Written by `python -m docs` from `hnb/codes/`."]
    for section in sections():
        if section.name in ("rules", "breaks"):
            parts += [f"## {section.title}", section.about]
            parts += [_entry(entry, "measures.md", level="###") for entry in section.entries]
        if section.name == "words":
            parts += [f"## {section.title}", section.about]
            parts.append(markdown_table(["word", "meaning"], ([entry.title, entry.about] for entry in section.entries)))  # fmt: skip
    return "\n\n".join(parts)


def problem_kinds() -> str:
    """Every kind of problem that a build can report, by what it is about."""
    kinds = CODELISTS["problem_kinds"]
    parts = [
        "# Problems that a build can report",
        "Written by `python -m docs` from `hnb/codes/problems.toml`. Each problem in a report also says where it is "
        "(`file!sheet!cell`), what was found and what was expected. A problem that refuses holds publication up; a note does not.",
    ]
    for group, about in CODELISTS["problem_groups"].entries.items():
        rows = [
            [f"`{code}`", kinds.label(code), kinds.meaning(code), str(kinds.entry(code).details["mend"])]
            for code in kinds.members(group)
        ]
        parts += [
            f"## {about.label}",
            markdown_table(["kind", "in words", "what it means", "what to do"], rows),
        ]
    return "\n\n".join(parts)


def settings() -> str:
    """Every setting of an installation, with its default."""
    rows = []
    for choice in CHOICES.values():
        default = ", ".join(choice.default) if isinstance(choice.default, tuple) else str(choice.default)
        rows.append([f"`{choice.name}`", choice.meaning, default.replace("\\", "/"), f"`{choice.variable}`"])
    return "\n\n".join(
        [
            "# Settings",
            "Written by `python -m docs` from `hnb/configuration.py`. They stand in `settings.toml`; the environment goes "
            "before the file. `python -m hnb settings` shows each with where its value came from.",
            markdown_table(["setting", "meaning", "default", "in the environment"], rows),
        ]
    )


def commands(parsers: Iterable[argparse.ArgumentParser]) -> str:
    """Every command of some programs, with what it takes."""
    parts = ["# Commands", "Written by `python -m docs` from the programs themselves. Exit codes: 0 well, 1 something was refused or is damaged, 2 something for you to mend first."]  # fmt: skip
    for parser in parsers:
        parts += [f"## {parser.prog}", str(parser.description)]
        parts += _options(parser)
        for group in parser._actions:
            if isinstance(group, argparse._SubParsersAction):
                words = {action.dest: action.help for action in group._choices_actions}
                for name, command in group.choices.items():
                    said = str(words.get(name) or "")
                    parts += [f"### {parser.prog} {name}", f"{said[:1].upper()}{said[1:]}."]
                    parts += _options(command)
    return "\n\n".join(parts)


PAGES: Mapping[str, tuple[str, Callable[[], str]]] = MappingProxyType(
    {
        "dictionary": ("every table and its columns", dictionary),
        "measures": ("every measure", measures),
        "codes": ("every code list", codes),
        "rules": ("the rules of the trade, words and breaks of series", rules),
        "problems": ("every kind of problem, what it means and what mends it", problem_kinds),
    }
)
"""The pages that the model has of itself by the command that prints them: what each is, and how it is written."""


def markdown_table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table in Markdown; a bar in a cell does not end it."""
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines)


def heading_anchor(heading: str) -> str:
    """The anchor that GitHub gives a heading: "Cost of a placement-year" → "cost-of-a-placement-year"."""
    kept = "".join(sign for sign in heading.lower() if sign.isalnum() or sign in "-_ ")
    return kept.replace(" ", "-")


def _entry(entry: Entry, linked: str, level: str = "##") -> str:
    name = f" (`{entry.name}`)" if entry.name else ""
    parts = [f"{level} {entry.title}", f"{entry.about}{name}", *_facts(entry, linked)]
    if entry.rows:
        parts.append(markdown_table(entry.headings, entry.rows))
    return "\n\n".join(parts)


def _facts(entry: Entry, linked: str) -> list[str]:
    lines = [f"- **{fact.heading}**: {_said(fact, linked)}" for fact in entry.facts]
    return ["\n".join(lines)] if lines else []


def _said(fact: Fact, linked: str) -> str:
    to = ", ".join(f"[{words}]({linked}#{heading_anchor(words)})" for _, words in fact.to)
    return " ".join(
        [*([fact.words] if fact.words else []), *(f"`{code}`" for code in fact.codes), to]
    ).strip()


def _column_cells(column: Column) -> list[str]:
    kind = f"code of [{column.codes}](codes.md#{column.codes})" if column.codes else column.kind
    unit = "£" if column.kind == "pounds" else column.unit
    return [f"`{column.name}`", kind, unit, "" if column.required else "yes", column.meaning]


def _options(parser: argparse.ArgumentParser) -> list[str]:
    rows = []
    for action in parser._actions:
        if isinstance(action, argparse._HelpAction | argparse._SubParsersAction):
            continue
        takes = f" {action.metavar or action.dest.upper()}" if action.nargs != 0 and action.option_strings else ""  # fmt: skip
        name = " ".join(action.option_strings) or str(action.metavar or action.dest)
        rows.append([f"`{name}{takes}`", str(action.help or "")])
    return [markdown_table(["takes", "what it is"], rows)] if rows else []
