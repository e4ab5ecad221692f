"""The layouts that come with the program as a page of documentation, written from the layouts themselves.

How a layout is written is `etl/layouts/README.md`; this page says which there are and what each reads. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable

from etl.layout import Layout, Spelling
from hnb.documents import markdown_table
from hnb.tables import TABLES


def layouts_page(layouts: Iterable[Layout]) -> str:
    """Every layout: who publishes such a sheet, what it feeds, which headings it is known by and reads."""
    listed = list(layouts)
    rows = [
        [f"[{one.name}](#{one.name})", one.title, one.publisher, ", ".join(f"[{table}](dictionary.md#{table})" if table in TABLES else table for table in one.tables)]
        for one in listed
    ]  # fmt: skip
    parts = [
        "# Layouts",
        "Written by `python -m docs` from `etl/layouts/`. A sheet is known by its headings and by nothing else. Their language is "
        "[etl/layouts/README.md](../etl/layouts/README.md); to add one: [how-to/add-a-layout.md](how-to/add-a-layout.md).",
        markdown_table(["layout", "what it is", "who publishes it", "feeds"], rows),
    ]
    return "\n\n".join([*parts, *(_layout(one) for one in listed)])


def _layout(layout: Layout) -> str:
    wanted = [" and ".join(f"“{text}”" for text in row.find) or row.wanted for row in layout.header]
    known = "; under it ".join(wanted)
    rows = [
        [f"`{column.name}`", _headings(column.spelling), "yes" if column.required else ""]
        for column in layout.columns.values()
        if not column.spelling.is_empty
    ]
    rows += [
        [f"`{wide.value}` of {wide.table}", _headings(wide.spelling), "" if wide.optional else "yes"]
        for wide in layout.wide
    ]
    parts = [
        f"## {layout.name}",
        f"{layout.title}, by {layout.publisher}. Known by a row of headings with {known}.",
        markdown_table(["column", "heading", "must be there"], rows),
    ]
    left = [f"{_headings(one.spelling)} ({one.reason})" for one in layout.ignored_headings]
    if left:
        parts.append(f"Left out by name: {'; '.join(left)}.")
    return "\n\n".join(parts)


def _headings(spelling: Spelling) -> str:
    return " or ".join(f"“{text}”" for text in spelling.headings) or spelling.words()
