"""How each number is made, as sections of entries: measures, rules, code lists, words, tables, breaks, the deflator.

Written from the registries and from nothing else: what is registered is here, and a test fails where it is not.
How it is shown is the page Method's affair. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache

from hnb import real_terms, wording
from hnb.codelists import CODELISTS, Code, CodeList, folded
from hnb.contract import Column, Table
from hnb.metrics import MEASURES, Measure
from hnb.tables import TABLES

OWN_SECTIONS = frozenset({"rules", "glossary", "series_breaks", "deflators", "deflator_series"})
"""The code lists that are sections of their own and not among the code lists."""

_BETTER = {"higher": "Higher is better.", "lower": "Lower is better.", "neither": "Neither more nor less is better in itself."}  # fmt: skip


@dataclass(frozen=True)
class Fact:
    """One thing to know of an entry. `codes` are names of machines, shown as such; `to` are anchors of other entries."""

    heading: str
    words: str = ""
    codes: tuple[str, ...] = ()
    to: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Entry:
    """One entry of a section.

    anchor: by which a link leads to it ("measure-spend"). title: what it is called. about: one sentence.
    name: its machine's name, "" for none. facts: what is known of it. headings, rows: a table of its parts;
    the first column is a machine's name.
    """

    anchor: str
    title: str
    about: str
    name: str = ""
    facts: tuple[Fact, ...] = ()
    headings: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()

    def says(self, wanted: str) -> bool:
        """Whether every word that is looked for stands somewhere in the entry, whatever its case."""
        return _holds(wanted, self._head, *(" ".join(row) for row in self.rows))

    def narrowed(self, wanted: str) -> Entry:
        """The entry with those of its rows alone that say what is looked for; whole where its head says it."""
        if _holds(wanted, self._head):
            return self
        rows = tuple(row for row in self.rows if _holds(wanted, self._head, *row))
        return replace(self, rows=rows or self.rows)

    @property
    def _head(self) -> str:
        facts = [" ".join((fact.heading, fact.words, *fact.codes)) for fact in self.facts]
        return " ".join((self.title, self.about, self.name, *facts))


@dataclass(frozen=True)
class Section:
    """Entries of one kind, from one registry. `kept_in` is where an officer or a programmer corrects it."""

    name: str
    title: str
    about: str
    kept_in: str
    entries: tuple[Entry, ...]


def sections(wanted: str = "") -> tuple[Section, ...]:
    """Every section in order, or of each what says the words looked for; a section without such an entry stays out."""
    everything = (_measures(), *_of_the_program())
    if not folded(wanted):
        return everything
    found = (
        replace(section, entries=tuple(entry.narrowed(wanted) for entry in section.entries if entry.says(wanted)))
        for section in everything
    )  # fmt: skip
    return tuple(section for section in found if section.entries)


def anchor_of_measure(name: str) -> str:
    """The anchor of a measure's entry."""
    return f"measure-{_dashed(name)}"


def _measures() -> Section:
    """The measures that there are now: the installation's own may come after the program began."""
    about = "Each number that can be computed: a numerator, a denominator where it has one, and what one must know."
    return Section(
        "measures",
        "Measures",
        about,
        "hnb/metrics",
        tuple(_measure(measure) for measure in MEASURES.values()),
    )


@cache
def _of_the_program() -> tuple[Section, ...]:
    """Every other section: they are the same as long as the program runs."""
    rules, glossary, breaks = (CODELISTS[name] for name in ("rules", "glossary", "series_breaks"))
    lists = [codelist for name, codelist in CODELISTS.items() if name not in OWN_SECTIONS]
    return (
        Section("rules", "Rules of the trade", "What every figure keeps to, each rule with the function that carries it out and what proves it.",
                f"hnb/codes/{rules.file}", tuple(_rule(entry) for entry in rules.entries.values())),
        Section("words", "Words and initials", "What the words of the trade mean.",
                f"hnb/codes/{glossary.file}", tuple(_word(entry) for entry in glossary.entries.values())),
        Section("breaks", "Breaks of series", "Where a series changed its definition. Each is drawn on every chart that crosses it.",
                f"hnb/codes/{breaks.file}", tuple(_break(entry) for entry in breaks.entries.values())),
        Section("prices", "Real terms", "How pounds of one year become pounds of another.",
                f"hnb/codes/{CODELISTS['deflators'].file}", (_deflator(),)),
        Section("codes", "Code lists", "Every list of codes, in the order in which it is shown, with the spellings that mean the same.",
                "hnb/codes", tuple(_codelist(codelist) for codelist in lists)),
        Section("tables", "Tables", "What the snapshot holds: each table, what a row of it is, and its columns.",
                "hnb/tables", tuple(_table(table) for table in TABLES.values())),
    )  # fmt: skip


# ----------------------------------------------------------------------------------------- entries


def _measure(measure: Measure) -> Entry:
    where = [
        f"{column_words(measure.table, name)} is {wording.listed((wording.label(name, value) for value in values), last='or')}"
        for name, values in measure.where.items()
    ]
    only = f"Only rows whose {wording.listed(map(wording.lowered, where))}." if where else ""
    facts = [
        *([Fact("Declared by", "This installation, in its measures file.")] if measure in MEASURES.declared else []),
        Fact("Numerator", f"The sum of {_summed(measure, measure.numerator)}.", (measure.numerator,)),
        Fact("Denominator", _divisor(measure), (measure.denominator,) if measure.denominator else ()),
        *([Fact("Which rows", only)] if only else []),
        Fact("Unit", measure.unit),
        Fact("Direction", _BETTER[measure.better]),
        *([Fact("Sides", f"Positive is {measure.sides[0]}, negative {measure.sides[1]}.")] if measure.sides else []),
        *([Fact("Over years", "It stands at a date, so years are never added: the last one counts.")] if measure.is_stock else []),
        Fact("Caution", measure.caution),
        Fact("Source", measure.source),
        Fact("Tables", to=tuple((f"table-{_dashed(name)}", name) for name in measure.tables)),
        Fact("Can be split by", f"{wording.listed(wording.lowered(wording.dimension_title(name)) for name in measure.dimensions)}."),
        Fact("In a notebook", codes=(f'hnb.compute("{measure.name}", data, by=["{measure.dimensions[-1]}"])',)),
    ]  # fmt: skip
    return Entry(anchor_of_measure(measure.name), measure.title, measure.question, measure.name, tuple(facts))


def _divisor(measure: Measure) -> str:
    if not measure.denominator:
        return "None: nothing is divided."
    scope = (
        "over everything in the same year and authority, whatever else is selected"
        if measure.denominator_scope == "whole"
        else "over the very same rows"
    )
    return f"The sum of {_summed(measure, measure.denominator)}, {scope}."


def _summed(measure: Measure, column: str) -> str:
    declared = TABLES[measure.table]
    if column not in declared.names:
        return f"what is worked out from the table {_spaced(measure.table)}"
    meaning = declared.column(column).meaning.split(";")[0].rstrip(".")
    return f"{wording.lowered(meaning)}, from the table {_spaced(measure.table)}"


def column_words(table: str, column: str) -> str:
    """A column's name as a person reads it, without its unit: "return_detail" → "Return detail"."""
    declared = TABLES[table]
    return declared.column(column).heading.split(" (")[0] if column in declared.names else _spaced(column)


def _rule(entry: Code) -> Entry:
    return Entry(
        f"rule-{_dashed(entry.code)}",
        entry.label,
        entry.meaning,
        facts=(
            Fact("Source", entry.details["source"]),
            Fact("Carried out by", codes=tuple(entry.details["functions"])),
            Fact("Proved by", entry.details["checked"]),
        ),
    )


def _word(entry: Code) -> Entry:
    initials = entry.code if entry.code[:1].isupper() or entry.code[1:2].isupper() else ""
    title = f"{initials}: {wording.lowered(entry.label)}" if initials else entry.label
    return Entry(f"word-{_dashed(entry.code)}", title, entry.meaning)


def _break(entry: Code) -> Entry:
    touched = [MEASURES[name] for name in entry.details["measures"] if name in MEASURES]
    return Entry(
        f"break-{_dashed(entry.code)}",
        f"{entry.label[:1].upper()}{entry.label[1:]}",
        entry.meaning,
        facts=(
            Fact("First year of the new series", str(entry.details["first_year"])),
            Fact("Measures that cross it", to=tuple((anchor_of_measure(one.name), one.title) for one in touched)),
        ),
    )  # fmt: skip


def _deflator() -> Entry:
    series = CODELISTS["deflator_series"].entry("gdp_deflator")
    rows = tuple(
        (year, f"{index:.4f}", "Forecast" if year in real_terms.FORECAST else "Outturn")
        for year, index in real_terms.INDEX.items()
    )
    return Entry(
        "prices-deflator",
        series.label,
        series.meaning,
        facts=(
            Fact("Publication", str(series.details["publication"])),
            Fact("Published", wording.date(str(series.details["published_on"]))),
            Fact("Forecast years by", str(series.details["forecast_by"])),
        ),
        headings=("Financial year", "Index", "How it is known"),
        rows=rows,
    )


def _codelist(codelist: CodeList) -> Entry:
    has_groups = any(entry.group for entry in codelist.entries.values())
    has_spellings = any(entry.aliases for entry in codelist.entries.values())
    has_meanings = any(entry.meaning for entry in codelist.entries.values())
    rows = tuple(
        (
            entry.code,
            entry.label,
            *([_spaced(entry.group)] if has_groups else []),
            *([entry.meaning] if has_meanings else []),
            *([", ".join(entry.aliases)] if has_spellings else []),
        )
        for entry in codelist.entries.values()
    )
    headings = (
        "Code",
        "Label",
        *(["Group"] if has_groups else []),
        *(["Meaning"] if has_meanings else []),
        *(["Also spelt"] if has_spellings else []),
    )
    noun = codelist.noun
    blank = ", ".join(f"“{spelling}”" for spelling in sorted(codelist.rubbish - {""}))
    facts = (
        Fact("Kept in", codes=(f"hnb/codes/{codelist.file}",)),
        *([Fact("Means “not recorded”", blank)] if blank else []),
    )
    return Entry(
        f"codes-{_dashed(codelist.name)}",
        f"{noun[:1].upper()}{noun[1:]}",
        f"{wording.count(len(rows))} {'code' if len(rows) == 1 else 'codes'}",
        codelist.name,
        facts,
        headings,
        rows,
    )


def _table(table: Table) -> Entry:
    derived = (
        f"Worked out by the build from {wording.listed(map(_spaced, table.derived_from))}."
        if table.derived_from
        else f"Read from {table.comes_from}."
        if table.comes_from
        else "Written by the build."
    )
    facts = (
        Fact("Comes from", derived),
        Fact(
            "One row for each", codes=table.key, words="" if table.key else "Each row of the source stands."
        ),
    )
    return Entry(
        f"table-{_dashed(table.name)}",
        f"{_spaced(table.name)[:1].upper()}{_spaced(table.name)[1:]}",
        f"A row is {table.row}.",
        table.name,
        facts,
        ("Column", "Kind", "May be blank", "Meaning"),
        tuple(_column(column) for column in table.columns),
    )


def _column(column: Column) -> tuple[str, ...]:
    unit = "£" if column.kind == "pounds" else column.unit
    kind = f"code of {_spaced(column.codes)}" if column.codes else column.kind
    return (
        column.name,
        f"{kind} ({unit})" if unit and unit != kind else kind,
        "" if column.required else "yes",
        column.meaning,
    )


def _holds(wanted: str, *texts: str) -> bool:
    held = folded(" ".join(texts))
    return all(word in held for word in folded(wanted).split())


def _spaced(name: str) -> str:
    return name.replace("_", " ")


def _dashed(name: str) -> str:
    return name.lower().replace("_", "-").replace(".", "-")


def anchors(found: Sequence[Section] | None = None) -> Iterable[str]:
    """The anchor of every entry, in order."""
    return (entry.anchor for section in (sections() if found is None else found) for entry in section.entries)
