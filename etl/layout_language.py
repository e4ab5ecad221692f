"""Reads layouts from `etl/layouts/*.toml` and checks that they keep to the language of the README there.

It looks at no sheet (see `etl.recognise`). A layout that breaks the language is the user's to mend: HnbError
with the file and the key.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from pathlib import Path
from types import MappingProxyType
from typing import Any

from etl import layout_rows
from etl.layout import Layout, Mapped, Missing, Section
from etl.layout_columns import Columns, groups_given
from etl.layout_keys import Keys, nearest
from etl.layout_questions import filled, questions
from etl.staging import BROUGHT
from hnb.codelists import folded
from hnb.errors import HnbError

PACKAGE = "etl/layouts"


def all_layouts(*folders: Path) -> tuple[Layout, ...]:
    """Every layout of the package, by name, and those of further folders.

    HnbError where a folder is not there, where a layout breaks the language, and where two have one name.
    """
    found = [*_of_package(), *(layout for folder in folders for layout in _of_folder(folder))]
    by_name: dict[str, Layout] = {}
    for layout in found:
        if layout.name in by_name:
            raise HnbError(
                f'There are two layouts with the name "{layout.name}": {by_name[layout.name].said} and {layout.said}. '
                "Rename or delete one of them; the name inside must change with it."
            )
        by_name[layout.name] = layout
    return tuple(found)


@cache
def _of_package() -> tuple[Layout, ...]:
    """The package's own layouts. Read once."""
    folder = resources.files("etl") / "layouts"
    files = sorted(
        (path for path in folder.iterdir() if path.name.endswith(".toml")), key=lambda path: path.name
    )
    return tuple(read_layout(path.read_text(encoding="utf-8"), path.name) for path in files)


def _of_folder(folder: Path) -> tuple[Layout, ...]:
    if not folder.is_dir():
        raise HnbError(f"There is no folder of layouts {folder}. Make it, or give the right one.")
    paths = sorted(folder.glob("*.toml"), key=lambda path: path.name)
    try:
        texts = [path.read_text(encoding="utf-8") for path in paths]
    except (OSError, UnicodeDecodeError) as error:
        raise HnbError(f"A layout in {folder} cannot be read: {error}.") from error
    return tuple(
        read_layout(text, path.name, folder.as_posix()) for path, text in zip(paths, texts, strict=True)
    )


def read_layout(text: str, file: str, folder: str = PACKAGE) -> Layout:
    """A layout from its TOML. HnbError names the file and the key that breaks the language."""
    said = f"{folder}/{file}"
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise HnbError(f"{said} is not TOML: {error}. Correct it there.") from error
    try:
        return _layout(document, file, said)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise HnbError(
            f"{said} does not keep to the language of layouts: something stands where another kind of thing is wanted "
            f"({error}). Compare it with etl/layouts/README.md."
        ) from error


def _layout(given: Mapping[str, Any], file: str, said: str) -> Layout:
    first = Keys(said)
    first.only(given, "the file", "name title publisher version tables sheet header context constants columns wide "
               "remainders add_up missing ignored_headings ignored_rows totals checks across ignored_sheets run "
               "questions sections repeated_header side_by_side join_rows turn_sign")  # fmt: skip
    asked = questions(first, given.get("questions", {}))
    document = filled(first, given, asked)
    for key in ("name", "title", "tables", "header"):
        if not document.get(key):
            raise first.fault(key, "it is not there")
    if f"{document['name']}.toml" != file:
        raise first.fault("name", f'it must be the file\'s own name, "{file.removesuffix(".toml")}"')
    tables = tuple(document["tables"])
    for name in tables:
        if name not in BROUGHT:
            raise first.fault("tables", f'there is no table "{name}"{nearest(name, BROUGHT)}')
    to_answer = frozenset(path for one in asked if not one.is_answered for path in one.sets)
    keys = Keys(said, tables, to_answer)
    columns = Columns(keys, groups_given(document, keys))
    sheet, missing, add_up = document.get("sheet", {}), document.get("missing"), document.get("add_up", {})
    keys.only(sheet, "[sheet]", "name file example file_example")
    keys.only(add_up, "[add_up]", "columns")
    keys.only(document.get("run", {}), "[run]", "by")
    keys.only(missing or {}, "[missing]", "symbols column reported")
    sections = tuple(layout_rows.section(keys, one) for one in document.get("sections", ()))
    layout = Layout(
        name=document["name"],
        title=document["title"],
        publisher=document.get("publisher", ""),
        version=document.get("version", 1),
        tables=tables,
        sheet_pattern=keys.pattern(sheet.get("name"), "[sheet] name"),
        file_pattern=keys.pattern(sheet.get("file"), "[sheet] file"),
        header=tuple(layout_rows.header_row(keys, one) for one in document["header"]),
        context=tuple(columns.context(name, one) for name, one in document.get("context", {}).items()),
        constants=columns.constants(document.get("constants", {})),
        columns=MappingProxyType({name: columns.column(name, one) for name, one in _with_sections(document, sections).items()}),
        wide=tuple(columns.wide(one) for one in document.get("wide", ())),
        remainders=tuple(layout_rows.remainder(keys, one) for one in document.get("remainders", ())),
        add_up=tuple(add_up.get("columns", ())),
        missing=Missing(MappingProxyType({folded(k) or k.strip(): v for k, v in missing["symbols"].items()}),
                        missing.get("column", ""), missing.get("reported", "")) if missing else None,
        ignored_headings=tuple(layout_rows.ignored_heading(keys, one) for one in document.get("ignored_headings", ())),
        ignored_rows=tuple(layout_rows.ignored_rows(keys, one) for one in document.get("ignored_rows", ())),
        totals=tuple(layout_rows.totals(keys, one) for one in document.get("totals", ())),
        checks=tuple(layout_rows.check(keys, one) for one in document.get("checks", ())),
        across=tuple(layout_rows.across(keys, one) for one in document.get("across", ())),
        ignored_sheets=tuple(layout_rows.ignored_sheet(keys, one) for one in document.get("ignored_sheets", ())),
        run=document.get("run", {}).get("by", ""),
        questions=asked,
        sections=sections,
        repeated_header=layout_rows.repeated_header(keys, document.get("repeated_header", [])),
        side_by_side=columns.side_by_side(document["side_by_side"]) if "side_by_side" in document else None,
        join_rows=layout_rows.join_rows(keys, document["join_rows"]) if "join_rows" in document else None,
        turn_sign=tuple(layout_rows.turn_sign(keys, one) for one in document.get("turn_sign", ())),
        sheet_example=keys.example(sheet, "[sheet]", "name"),
        file_example=str(sheet.get("file_example", "")),
        said=said,
    )  # fmt: skip
    _hold_together(keys, layout)
    return layout


def _with_sections(document: Mapping[str, Any], sections: Sequence[Section]) -> dict[str, Any]:
    """The columns that a layout declares, and those that only a section gives, read as their kind says."""
    return {**{name: {} for section in sections for name in section.names}, **document.get("columns", {})}


def _hold_together(keys: Keys, layout: Layout) -> None:
    """Faults of parts that are each sound and do not go together."""
    if layout.side_by_side and layout.wide:
        raise keys.fault("[side_by_side]", "it cannot stand beside [[wide]]: a set of columns gives one row")
    if layout.join_rows and layout.wide:
        raise keys.fault("[join_rows]", "it cannot stand beside [[wide]]: rows of placements are joined")
    annualised = [name for name, column in layout.columns.items() if column.annualise]
    for name in annualised if layout.join_rows else ():
        if layout.join_rows and name not in layout.join_rows.add:
            raise keys.fault("[join_rows]", f"`add` must name {name}: a cost of the row's own days is added up before it is annualised")  # fmt: skip
    for column in layout.columns.values():
        for name in (*column.plus, *column.minus, *column.made_of):
            if name not in layout.columns:
                raise keys.fault(f"[columns.{column.name}]", f"it is made of {name}, which is no column of this layout{nearest(name, layout.columns)}")  # fmt: skip
            if layout.columns[name].annualise and not column.annualise and name not in column.made_of:
                raise keys.fault(f"[columns.{column.name}]", f"it is made of {name}, which is annualised: say `annualise` for it as well")  # fmt: skip
        _ends(keys, layout, column, ())


def _ends(keys: Keys, layout: Layout, column: Mapped, seen: tuple[str, ...]) -> None:
    """A column that is made of itself, by however many steps, could never be worked out."""
    if column.name in seen:
        raise keys.fault(
            f"[columns.{seen[0]}]", f"it is made of itself: {' from '.join((*seen, column.name))}"
        )
    for name in (column.source, *column.plus, *column.minus, *column.made_of):
        if name in layout.columns:
            _ends(keys, layout, layout.columns[name], (*seen, column.name))
